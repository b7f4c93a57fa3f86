#include "revision.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <vector>

extern char** environ;  // NOLINT: as POSIX says

namespace keywright::command {

namespace {

// What git prints, or nothing where it fails. No shell is involved, so names are only names.
[[nodiscard]] std::optional<std::string> git(const std::vector<std::string>& words, std::size_t limit) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    std::vector<std::string> kept{"git"};
    kept.insert(kept.end(), words.begin(), words.end());
    std::vector<char*> arguments;
    for (std::string& word : kept) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int failed = ::posix_spawnp(&child, "git", &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed != 0) {
        ::close(ends[0]);
        return std::nullopt;
    }
    std::string out;
    char buffer[65'536];
    while (out.size() <= limit) {
        const ssize_t n = ::read(ends[0], buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        out.append(buffer, static_cast<std::size_t>(n));
    }
    ::close(ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    // Closing early ends git by a signal; what was read by then is more than is wanted anyway.
    if (out.size() > limit) return out.substr(0, limit + 1);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
    return out;
}

}  // namespace

FileSource::Result RevisionFiles::read(const std::string& path, std::size_t limit) const {
    auto text = git({"show", "--end-of-options", revision_ + ":./" + root_ + "/" + path}, limit);
    if (!text) return {{}, "no such file in revision " + revision_};
    return {std::move(text), {}};
}

bool is_revision(const std::string& name) {
    return git({"rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"}, 4'096).has_value();
}

}  // namespace keywright::command
