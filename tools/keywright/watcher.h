// Waits until files change.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace keywright::command {

// From inotify where there is one, else by looking every few milliseconds. While one exists, SIGINT and SIGTERM end the
// waiting instead of the program.
class Watcher {
public:
    explicit Watcher(bool by_polling);
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    ~Watcher();

    // What to watch from now on: files that exist or don't, and all in and below folders, hidden ones aside.
    void watch(const std::set<std::string>& files, const std::set<std::string>& folders);

    // Until something may have changed since the last call of `watch` that found anything new to watch: whoever asks
    // looks himself, and is told rather once too often. An editor that writes in several steps is waited for. False: a
    // signal came.
    [[nodiscard]] bool wait();

private:
    [[nodiscard]] bool wait_for_events();
    [[nodiscard]] bool wait_for_signatures();
    void watch_folders();
    [[nodiscard]] std::vector<std::string> signatures() const;

    std::set<std::string> files_, folders_;
    std::map<int, std::string> watches_;  // of inotify
    std::vector<std::string> seen_;       // by polling
    int events_ = -1;
    bool is_new_ = false;
};

}  // namespace keywright::command
