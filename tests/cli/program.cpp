#include "program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace keywright::cli {

namespace fs = std::filesystem;

namespace {

std::string read_whole(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_whole(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) throw std::runtime_error("can't write " + path);
}

std::vector<std::string> variables_of(const Run& how) {
    std::vector<std::string> variables = {"PATH=/usr/bin:/bin"};
    for (const char* kept : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "GCOV_PREFIX", "GCOV_PREFIX_STRIP"}) {
        if (const char* value = std::getenv(kept)) variables.push_back(std::string(kept) + "=" + value);
    }
    for (const auto& [name, value] : how.environment) variables.push_back(name + "=" + value);
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (std::string& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

}  // namespace

Result run_program(const std::string& program, const std::vector<std::string>& arguments, const Run& how) {
    // Files rather than pipes: nothing can block, however much is written.
    const Folder streams;
    const std::string in = streams.write("in", how.input);
    const std::string out = how.output_to.value_or(streams.path() + "/out");
    const std::string err = streams.path() + "/err";

    std::vector<std::string> words = {program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = variables_of(how);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const std::string folder = how.folder.empty() ? KEYWRIGHT_SOURCE_DIR : how.folder;
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    posix_spawn_file_actions_addopen(&actions, 0, in.c_str(), O_RDONLY, 0);
    int ends[2] = {-1, -1};
    if (how.output_closed) {
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        ::close(ends[0]);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    } else {
        posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
    }
    posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);

    pid_t child = 0;
    const int error =
        ::posix_spawn(&child, program.c_str(), &actions, nullptr, pointers(words).data(), pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (ends[1] >= 0) ::close(ends[1]);
    if (error != 0) throw std::runtime_error("can't run " + program);
    int state = 0;
    if (::waitpid(child, &state, 0) != child) throw std::runtime_error("lost the program");

    Result result;
    if (WIFEXITED(state)) result.status = WEXITSTATUS(state);
    if (WIFSIGNALED(state)) result.signal = WTERMSIG(state);
    if (!how.output_to && !how.output_closed) result.out = read_whole(out);
    result.err = read_whole(err);
    return result;
}

Result run(const std::vector<std::string>& arguments, const Run& how) {
    return run_program(KEYWRIGHT_COMMAND, arguments, how);
}

Result run(const std::string& line, const Run& how) {
    std::istringstream words(line);
    return run(std::vector<std::string>{std::istream_iterator<std::string>(words), {}}, how);
}

Running::Running(const std::string& line, const Run& how) {
    std::istringstream text(line);
    std::vector<std::string> words = {KEYWRIGHT_COMMAND};
    words.insert(words.end(), std::istream_iterator<std::string>(text), {});
    std::vector<std::string> variables = variables_of(how);
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, how.folder.c_str());
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    const int error =
        ::posix_spawn(&pid_, KEYWRIGHT_COMMAND, &actions, nullptr, pointers(words).data(), pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    out_ = ends[0];
    if (error != 0) throw std::runtime_error("can't run " KEYWRIGHT_COMMAND);
}

Running::~Running() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ::close(out_);
}

std::string Running::until(const std::string& text) {
    std::string seen;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (seen.find(text) == std::string::npos && std::chrono::steady_clock::now() < end) {
        pollfd ready{out_, POLLIN, 0};
        if (::poll(&ready, 1, 100) <= 0) continue;
        char block[4096];
        const ssize_t count = ::read(out_, block, sizeof block);
        if (count <= 0) break;
        seen.append(block, static_cast<std::size_t>(count));
    }
    return seen;
}

int Running::interrupt(int times) {
    for (; times > 0; --times) {
        ::kill(pid_, SIGINT);
        if (times > 1) std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    int state = 0;
    if (::waitpid(pid_, &state, 0) != pid_) throw std::runtime_error("lost the program");
    pid_ = -1;
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

Folder::Folder() {
    std::string name = (fs::temp_directory_path() / "keywright-cli-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = fs::canonical(name).string();
}

Folder::~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& text) const {
    const fs::path path = fs::path(path_) / name;
    fs::create_directories(path.parent_path());
    write_whole(path.string(), text);
    return path.string();
}

std::string Folder::read(const std::string& name) const { return read_whole((fs::path(path_) / name).string()); }

std::vector<std::string> Folder::names() const {
    std::vector<std::string> out;
    for (const fs::directory_entry& entry : fs::directory_iterator(path_))
        out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
}

Result Folder::operator()(const std::string& line, Run how) const {
    how.folder = path_;
    return run(line, how);
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("no `" + std::string{from} + "` to replace");
    return text.replace(at, from.size(), to);
}

}  // namespace keywright::cli
