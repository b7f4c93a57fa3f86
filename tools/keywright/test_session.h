// The tests of some paths, run once, or again and again as files change: what no change can affect keeps its result.
#pragma once

#include "arguments.h"
#include "entries.h"
#include "pack.h"
#include "settings.h"
#include "snapshot_folders.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace keywright::command {

class TestSession {
public:
    TestSession(const Arguments& arguments, const Settings& settings);
    ~TestSession();

    // Recordings that `--update` wrote.
    struct Recorded {
        std::string path;
        std::string difference;  // empty: there was none before
    };
    struct Round {
        std::vector<Entry> entries;
        std::vector<const Pack*> compiled;  // of each entry, then those of snapshots alone; good until the next round
        bool has_errors = false;            // one of them doesn't compile, so no test was run
        bool changed = false;               // something isn't as it was in the round before
        std::vector<TestedPack> run;        // entries in order of path, then folders of snapshots
        std::vector<Recorded> recorded;
        [[nodiscard]] std::size_t tests() const;
        [[nodiscard]] std::size_t kept() const;  // of them, results taken over from the round before
        [[nodiscard]] bool has_failed() const;
    };
    // What can't be read, and a run of nothing, is a `Failure`.
    [[nodiscard]] Round run();

    // What the results of the last round, even of one that failed, hang on.
    [[nodiscard]] std::set<std::string> files() const;
    [[nodiscard]] std::set<std::string> folders() const;

private:
    struct Unit;
    [[nodiscard]] std::vector<std::string> paths() const;
    [[nodiscard]] std::vector<std::string> find_snapshots(const std::vector<std::string>& paths);
    void find_units(const std::vector<Entry>& entries);
    void compile_units();
    void run_entries(const std::vector<Entry>& entries, Round& round);
    [[nodiscard]] TestedPack run_entry(const Entry& entry, Unit& unit, std::size_t threads,
                                       const std::function<void(std::size_t)>& progress) const;
    void run_snapshots(Round& round);
    [[nodiscard]] static std::string state_of(const SnapshotRecord& record);
    [[nodiscard]] TestResult run_record(const SnapshotRecord& record, const Unit& unit, Round& round) const;

    const Arguments& arguments_;
    const Settings& settings_;
    std::size_t jobs_;
    std::map<std::string, std::unique_ptr<Unit>> units_;  // by path of the pack
    std::vector<std::string> in_order_;                   // their paths, in order of the entries
    std::vector<SnapshotFolder> snapshots_;
    struct Settled {
        std::string state;  // what it was found out from
        TestResult result;
    };
    std::map<std::string, Settled> settled_;  // snapshots, by folder and name
    bool changed_ = false;
};

}  // namespace keywright::command
