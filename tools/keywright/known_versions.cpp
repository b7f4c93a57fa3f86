#include "known_versions.h"

#include "files.h"
#include "status.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace keywright::command {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLimit = std::size_t{1} << 20;

// $XDG_STATE_HOME, or what stands for it. As the specification has it, a relative one doesn't count.
[[nodiscard]] std::string default_path() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return value == nullptr || *value != '/' ? std::string{} : std::string{value};
    };
    if (const std::string state = variable("XDG_STATE_HOME"); !state.empty())
        return state + "/keywright/known-versions.json";
    if (const std::string home = variable("HOME"); !home.empty())
        return home + "/.local/state/keywright/known-versions.json";
    fail(Status::kUsage, "there is no place to remember versions of signed packs: HOME is not set",
         "name a file with `--known-versions`, or say `--known-versions none` and `--at-least VERSION`");
}

[[noreturn]] void fail_to(const char* verb, const std::string& path, int error) {
    fail(Status::kFile,
         "the versions seen before can't be " + std::string{verb} + ": `" + path +
             "`: " + std::generic_category().message(error),
         "name another file with `--known-versions`, or say `--known-versions none` and `--at-least VERSION`");
}

}  // namespace

KnownVersions::KnownVersions(const Settings& settings) {
    if (settings.known_versions == "none") return;
    path_ = settings.known_versions ? *settings.known_versions : default_path();
    if (!settings.known_versions) {
        // A folder of the user's own, which nobody else has to see.
        const mode_t mask = ::umask(077);
        std::error_code error;
        fs::create_directories(fs::path{path_}.parent_path(), error);
        ::umask(mask);
        if (error) fail_to("written", path_, error.value());
    }
    // The file itself is replaced when it is written, so the lock is one beside it.
    const std::string lock = path_ + ".lock";
    lock_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock_ < 0) fail_to("locked", lock, errno);
    while (::flock(lock_, LOCK_EX) != 0) {
        if (errno != EINTR) fail_to("locked", lock, errno);
    }
    struct stat about{};
    if (::lstat(path_.c_str(), &about) != 0) {
        if (errno == ENOENT) return;  // nothing was seen yet
        fail_to("read", path_, errno);
    }
    const auto text = read_regular_file(path_, kLimit);
    if (!text) fail(Status::kFile, "the versions seen before can't be read: `" + path_ + "` is no regular file");
    ReadKnownVersions read =
        text->size() > kLimit ? ReadKnownVersions{{}, "it is larger than 1 MiB"} : read_known_versions(*text);
    if (!read.error.empty()) {
        fail(Status::kFile, "the versions seen before can't be read: `" + path_ + "`: " + read.error,
             "find out what happened to the file; removing it forgets every version that was seen");
    }
    versions_ = std::move(read.versions);
}

KnownVersions::~KnownVersions() {
    if (lock_ >= 0) ::close(lock_);
}

void KnownVersions::remember(const KnownVersion& seen) {
    if (path_.empty() || !keywright::remember(versions_, seen)) return;
    write_file(path_, to_json(versions_));
}

}  // namespace keywright::command
