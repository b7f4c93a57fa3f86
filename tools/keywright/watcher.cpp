#include "watcher.h"

#include "files.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#ifdef __linux__
#include <sys/inotify.h>
#endif

namespace keywright::command {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Editors take a few steps to write a file; a step that is this late comes as a change of its own.
constexpr milliseconds kQuiet{5};
constexpr milliseconds kPatience{40};
constexpr milliseconds kPolling{30};

// A handler may do little more than write to a pipe; whoever waits for anything waits for that, too.
int signal_pipe[2] = {-1, -1};
volatile std::sig_atomic_t was_signalled = 0;

void on_signal(int) {
    was_signalled = 1;
    const int saved = errno;
    (void)!::write(signal_pipe[1], "", 1);
    errno = saved;
}

struct sigaction interrupt_before, terminate_before;

void take_over(int signal, struct sigaction& before) {
    struct sigaction action{};
    action.sa_handler = on_signal;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(signal, nullptr, &before);
    // In the background of a shell an interrupt is meant for somebody else.
    if (before.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr);
}

[[nodiscard]] std::string folder_of(const std::string& path) {
    const std::string folder = fs::path{path}.parent_path().string();
    return folder.empty() ? "." : folder;
}

// The folder, or where it would come into being.
[[nodiscard]] std::string nearest_folder(std::string path) {
    std::error_code error;
    while (!fs::is_directory(path, error)) {
        const std::string above = folder_of(path);
        if (above == path) return "/";
        path = above;
    }
    return path;
}

[[nodiscard]] std::set<std::string> with_folders_below(const std::set<std::string>& folders) {
    std::set<std::string> out;
    for (const std::string& folder : folders) {
        out.insert(nearest_folder(folder));
        std::error_code error;
        for (fs::recursive_directory_iterator walk{folder, error}, end; !error && walk != end; walk.increment(error)) {
            std::error_code ignored;
            if (!fs::is_directory(walk->symlink_status(ignored))) continue;
            if (walk->path().filename().string().starts_with('.')) {
                walk.disable_recursion_pending();
            } else {
                out.insert(walk->path().string());
            }
        }
    }
    return out;
}

}  // namespace

Watcher::Watcher(bool by_polling) {
    (void)!::pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK);
    take_over(SIGINT, interrupt_before);
    take_over(SIGTERM, terminate_before);
#ifdef __linux__
    if (!by_polling) events_ = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
#else
    (void)by_polling;
#endif
}

// Once a signal came the program is about to end, and the same signal may come again: `timeout` sends it to the process
// and to its group.
Watcher::~Watcher() {
    if (was_signalled == 0) {
        ::sigaction(SIGINT, &interrupt_before, nullptr);
        ::sigaction(SIGTERM, &terminate_before, nullptr);
    }
    if (events_ >= 0) ::close(events_);
    for (int& end : signal_pipe) {
        if (end >= 0) ::close(end);
        end = -1;
    }
}

void Watcher::watch(const std::set<std::string>& files, const std::set<std::string>& folders) {
    is_new_ = is_new_ || files != files_ || folders != folders_;
    files_ = files;
    folders_ = folders;
    if (events_ >= 0) {
        watch_folders();
    } else if (is_new_) {
        seen_ = signatures();
    }
}

// Folders rather than files, because an editor may put a new file in the place of the old one. A file behind a link
// changes where the link leads to.
void Watcher::watch_folders() {
#ifdef __linux__
    std::set<std::string> wanted = with_folders_below(folders_);
    for (const std::string& file : files_) {
        wanted.insert(nearest_folder(folder_of(file)));
        std::error_code error;
        const fs::path target = fs::canonical(file, error);
        if (!error) wanted.insert(folder_of(target.string()));
    }
    std::map<int, std::string> watches;
    constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |
                                      IN_DELETE_SELF | IN_MOVE_SELF;
    for (const std::string& folder : wanted) {
        const int watch = ::inotify_add_watch(events_, folder.c_str(), kEvents);
        if (watch < 0) {
            if (errno == ENOENT || errno == ENOTDIR) continue;  // gone by now; the folder above it tells
            // More than the system allows: looking at them all is slower, and forgets none.
            ::close(events_);
            events_ = -1;
            watches_.clear();
            is_new_ = true;
            seen_ = signatures();
            return;
        }
        if (!watches_.contains(watch)) is_new_ = true;
        watches.emplace(watch, folder);
    }
    for (const auto& [watch, folder] : watches_) {
        if (!watches.contains(watch)) (void)::inotify_rm_watch(events_, watch);
    }
    watches_ = std::move(watches);
#endif
}

bool Watcher::wait() {
    // What was only now begun to be watched may have changed before.
    if (std::exchange(is_new_, false)) {
        pollfd signal{signal_pipe[0], POLLIN, 0};
        return ::poll(&signal, 1, 0) <= 0;
    }
    return events_ >= 0 ? wait_for_events() : wait_for_signatures();
}

bool Watcher::wait_for_events() {
#ifdef __linux__
    Clock::time_point first{};
    while (true) {
        const bool is_quiet_awaited = first != Clock::time_point{};
        std::array<pollfd, 2> ends = {{{signal_pipe[0], POLLIN, 0}, {events_, POLLIN, 0}}};
        const int ready = ::poll(ends.data(), ends.size(), is_quiet_awaited ? static_cast<int>(kQuiet.count()) : -1);
        if (ready < 0 && errno != EINTR) return false;
        if (ready < 0) continue;
        if (ends[0].revents != 0) return false;
        if (ready == 0) return true;
        alignas(inotify_event) std::array<char, 16'384> buffer{};
        while (::read(events_, buffer.data(), buffer.size()) > 0) {
        }
        if (!is_quiet_awaited) first = Clock::now();
        if (Clock::now() - first > kPatience) return true;
    }
#else
    return false;
#endif
}

bool Watcher::wait_for_signatures() {
    while (true) {
        pollfd signal{signal_pipe[0], POLLIN, 0};
        const int ready = ::poll(&signal, 1, static_cast<int>(kPolling.count()));
        if (ready > 0 || (ready < 0 && errno != EINTR)) return false;
        if (std::vector<std::string> now = signatures(); now != seen_) {
            seen_ = std::move(now);
            return true;
        }
    }
}

std::vector<std::string> Watcher::signatures() const {
    std::vector<std::string> out;
    for (const std::string& file : files_) out.push_back(signature_of(file));
    for (const std::string& folder : with_folders_below(folders_)) {
        std::set<std::string> names;
        std::error_code error;
        for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error))
            names.insert(entry->path().string());
        for (const std::string& name : names) out.push_back(signature_of(name));
    }
    return out;
}

}  // namespace keywright::command
