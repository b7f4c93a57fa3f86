#include "test_session.h"

#include "files.h"
#include "inputs.h"
#include "messages.h"
#include "progress.h"
#include "workers.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <utility>

namespace keywright::command {

// One pack as it is compiled, with what came of its tests. Of a pack with errors the last good one is kept, so that
// what it settled needn't be settled again once the errors are gone.
struct TestSession::Unit {
    std::string path;
    std::optional<Pack> pack;    // nothing: it couldn't be read
    std::string diagnostics;     // of the pack, to see whether they changed
    bool is_fresh = false;       // compiled in this round
    std::optional<Rules> rules;  // that `results` are of
    std::optional<TestedPack> results;
    bool is_settled = false;  // `results` are those of `pack`; it may have been compiled since without being run

    // Whether a file isn't any more what was compiled. One that has errors may wait for a file that isn't there yet.
    [[nodiscard]] bool is_stale() const {
        if (!pack || !pack->compiled.rules) return true;
        return std::ranges::any_of(pack->compiled.files, [](const Compiled::File& file) {
            if (file.path.starts_with("--set ")) return false;
            try {
                return read_file(file.path, Limits{}.rule_file_bytes) != file.text;
            } catch (const Failure&) {
                return true;  // compiling says what is wrong
            }
        });
    }

    void compile(const Settings& settings) {
        Pack now = compile_pack(path, settings);
        std::string said;
        for (const Diagnostic& diagnostic : now.compiled.diagnostics) said += to_json_line(diagnostic) + '\n';
        const bool failed_before = pack && !pack->compiled.rules;
        const auto same = [](const Compiled::File& a, const Compiled::File& b) {
            return a.path == b.path && a.text == b.text;
        };
        const bool fails_again = failed_before && !now.compiled.rules && said == diagnostics &&
                                 std::ranges::equal(pack->compiled.files, now.compiled.files, same);
        is_fresh = !fails_again;
        diagnostics = std::move(said);
        pack = std::move(now);
        is_settled = false;
    }
};

namespace {

// A file may be named beside the folder that it lies in; then all counts that it imports.
[[nodiscard]] std::vector<Entry> without_repetitions(const std::vector<Entry>& entries) {
    std::vector<Entry> out;
    for (const Entry& entry : entries) {
        const auto known = std::ranges::find(out, entry.path, &Entry::path);
        if (known == out.end()) {
            out.push_back(entry);
        } else {
            known->own_only = known->own_only && entry.own_only;
        }
    }
    return out;
}

}  // namespace

TestSession::TestSession(const Arguments& arguments, const Settings& settings)
    : arguments_(arguments), settings_(settings), jobs_(jobs_of(arguments)) {}

TestSession::~TestSession() = default;

std::size_t TestSession::Round::tests() const {
    std::size_t count = 0;
    for (const TestedPack& pack : run) count += pack.tests.size();
    return count;
}

std::size_t TestSession::Round::kept() const {
    std::ptrdiff_t count = 0;
    for (const TestedPack& pack : run) count += std::ranges::count_if(pack.tests, &TestResult::kept);
    return static_cast<std::size_t>(count);
}

bool TestSession::Round::has_failed() const {
    return std::ranges::any_of(
        run, [](const TestedPack& pack) { return !std::ranges::all_of(pack.tests, &TestResult::passed); });
}

// Who names a folder of snapshots and nothing else wants those alone.
std::vector<std::string> TestSession::paths() const {
    if (arguments_.snapshots && arguments_.words.empty()) return {};
    return paths_of(arguments_, settings_);
}

TestSession::Round TestSession::run() {
    changed_ = false;
    const std::vector<std::string> paths = this->paths();
    const std::vector<Entry> entries = without_repetitions(find_entries(paths));
    const std::vector<std::string> folders = find_snapshots(paths);
    find_units(entries);
    compile_units();
    Round round;
    round.entries = entries;
    for (const std::string& path : in_order_) {
        const Unit& unit = *units_.at(path);
        round.compiled.push_back(&*unit.pack);
        round.has_errors = round.has_errors || !unit.pack->compiled.rules;
    }
    if (!round.has_errors) {
        run_entries(entries, round);
        if (!(arguments_.fail_fast && round.has_failed())) run_snapshots(round);
    }
    round.changed = changed_;
    if (round.has_errors || round.tests() > 0) return round;
    // A run of nothing must not look like success.
    if (!arguments_.filter.empty()) fail(Status::kUsage, "no test has `" + arguments_.filter + "` in its name");
    std::string where;
    for (const std::string& path : paths.empty() ? folders : paths) where += (where.empty() ? "`" : ", `") + path + '`';
    fail(Status::kUsage, "there is no test in " + where,
         paths.empty() ? "put records beside its snapshots.toml, or name them there"
                       : "a test begins with the word `test` at the start of a line");
}

// Those in the paths belong to the packs that they lie in; `--rules` is about the one that is named.
std::vector<std::string> TestSession::find_snapshots(const std::vector<std::string>& paths) {
    std::vector<std::string> named;
    if (arguments_.snapshots) {
        named = find_snapshot_folders({*arguments_.snapshots});
        if (named.empty()) named.push_back(*arguments_.snapshots);  // reading it tells what is missing
    }
    std::vector<std::string> folders = named;
    for (std::string& folder : find_snapshot_folders(paths)) {
        if (std::ranges::find(named, folder) == named.end()) folders.push_back(std::move(folder));
    }
    std::ranges::sort(folders);
    snapshots_.clear();
    for (const std::string& folder : folders) {
        const bool is_named = std::ranges::find(named, folder) != named.end();
        snapshots_.push_back(read_snapshot_folder(folder, is_named ? arguments_.rules : std::nullopt));
    }
    if (arguments_.update && snapshots_.empty())
        fail(Status::kUsage, "there are no snapshots to update",
             "a folder of snapshots has a snapshots.toml and lies in a folder that is tested, or is named with "
             "`--snapshots`");
    return folders;
}

void TestSession::find_units(const std::vector<Entry>& entries) {
    std::vector<std::string> order;
    for (const Entry& entry : entries) order.push_back(entry.path);
    for (const SnapshotFolder& folder : snapshots_) {
        if (std::ranges::find(order, folder.rules) == order.end()) order.push_back(folder.rules);
    }
    changed_ = changed_ || order != in_order_;
    in_order_ = std::move(order);
    std::map<std::string, std::unique_ptr<Unit>> units;
    for (const std::string& path : in_order_) {
        std::unique_ptr<Unit>& unit = units[path];
        if (unit) continue;  // named twice
        if (const auto known = units_.find(path); known != units_.end()) unit = std::move(known->second);
        if (!unit) unit = std::make_unique<Unit>();
        unit->path = path;
        unit->is_fresh = false;
    }
    units_ = std::move(units);
}

void TestSession::compile_units() {
    std::vector<Unit*> units;
    for (const auto& [path, unit] : units_) units.push_back(unit.get());
    for_each_of(units.size(), jobs_, [&](std::size_t i) {
        if (units[i]->is_stale()) units[i]->compile(settings_);
    });
    for (const Unit* unit : units) changed_ = changed_ || unit->is_fresh;
}

// Entries are many and small, so each is one thread's work; where there is but one, its tests are shared out.
void TestSession::run_entries(const std::vector<Entry>& entries, Round& round) {
    Progress progress{settings_.progress, "tests"};
    std::vector<TestedPack> run(entries.size());
    std::atomic<std::size_t> done = 0;
    const auto run_one = [&](std::size_t i, std::size_t threads) {
        const auto tell = [&](std::size_t tests) { progress.tell(done + tests); };
        run[i] = run_entry(entries[i], *units_.at(entries[i].path), threads,
                           threads > 1 ? std::function<void(std::size_t)>{tell} : nullptr);
        done += run[i].tests.size();
    };
    if (arguments_.fail_fast || entries.size() == 1) {
        for (std::size_t i = 0; i < entries.size() && !(arguments_.fail_fast && round.has_failed()); ++i) {
            run_one(i, jobs_);
            round.run.push_back(std::move(run[i]));
        }
    } else {
        for_each_of(
            entries.size(), jobs_, [&](std::size_t i) { run_one(i, 1); }, [&](std::size_t) { progress.tell(done); });
        round.run = std::move(run);
    }
    progress.clear();
}

TestedPack TestSession::run_entry(const Entry& entry, Unit& unit, std::size_t threads,
                                  const std::function<void(std::size_t)>& progress) const {
    if (unit.is_settled) {
        TestedPack tested = *unit.results;
        for (TestResult& test : tested.tests) test.kept = true;
        return tested;
    }
    const Pack& pack = *unit.pack;
    const Rules& rules = *pack.compiled.rules;
    TestOptions options;
    options.filter = arguments_.filter;
    if (entry.own_only) options.file = pack.entry;
    options.fail_fast = arguments_.fail_fast;
    options.threads = threads;
    options.progress = progress;
    if (unit.rules && unit.results) options.earlier = {&*unit.rules, &unit.results->tests};
    TestedPack tested;
    tested.entry = entry.path;
    tested.rules = rules.identity();
    tested.proofs = rules.proof_names();
    for (TestResult& test : rules.run_tests(options)) {
        pack.relocate(test.range);
        for (TestResult::Failure& failure : test.failures) pack.relocate(failure.range);
        tested.tests.push_back(std::move(test));
    }
    unit.rules = rules;
    unit.results = tested;
    unit.is_settled = true;
    return tested;
}

void TestSession::run_snapshots(Round& round) {
    std::map<std::string, Settled> before = std::exchange(settled_, {});
    std::size_t taken = 0;
    for (const SnapshotFolder& folder : snapshots_) {
        const Unit& unit = *units_.at(folder.rules);
        TestedPack tested;
        tested.entry = folder.path;
        tested.rules = unit.pack->compiled.rules->identity();
        const auto add = [&](const std::string& name, const std::string& state, const auto& find_out) {
            if (name.find(arguments_.filter) == std::string::npos) return true;
            const std::string key = folder.path + '\n' + name;
            const auto known = before.find(key);
            const bool holds = known != before.end() && known->second.state == state;
            TestResult result = holds ? std::move(known->second.result) : find_out();
            result.kept = holds;
            taken += holds ? 1 : 0;
            settled_[key] = {state, result};
            tested.tests.push_back(std::move(result));
            return !arguments_.fail_fast || tested.tests.back().passed;
        };
        bool goes_on = true;
        for (std::size_t i = 0; goes_on && i < folder.records.size(); ++i) {
            const SnapshotRecord& record = folder.records[i];
            goes_on = add("snapshot " + record.name, tested.rules.digest + state_of(record),
                          [&] { return run_record(record, unit, round); });
        }
        for (std::size_t i = 0; goes_on && i < folder.orphans.size(); ++i) {
            const std::string& name = folder.orphans[i];
            goes_on = add("snapshot " + name.substr(0, name.find(".report.json")), {}, [&] {
                return orphaned_recording("snapshot " + name.substr(0, name.find(".report.json")),
                                          folder.path + '/' + name);
            });
        }
        if (!tested.tests.empty()) round.run.push_back(std::move(tested));
        if (!goes_on) break;
    }
    changed_ = changed_ || taken != settled_.size() || settled_.size() != before.size();
}

// Everything but the pack that the result of a record hangs on.
std::string TestSession::state_of(const SnapshotRecord& record) {
    std::string out;
    for (const std::string& part :
         {record.source, record.input, to_string(record.at), signature_of(record.file), signature_of(record.recording)})
        out += part + '\n';
    return out;
}

TestResult TestSession::run_record(const SnapshotRecord& record, const Unit& unit, Round& round) const {
    const Rules& rules = *unit.pack->compiled.rules;
    refuse_unknown_adapter(rules, record.input);
    const std::vector<Input> inputs = read_inputs({record.file});
    Snapshot snapshot;
    snapshot.name = "snapshot " + record.name;
    snapshot.json = inputs.front().text();
    snapshot.file = record.file;
    snapshot.check.now = record.at;
    snapshot.check.adapter = record.input;
    snapshot.check.source = record.source;
    snapshot.check.form = holds_lines(record.file) ? CheckOptions::Form::kLines : CheckOptions::Form::kAuto;
    snapshot.recording = record.recording;
    if (is_file(record.recording)) snapshot.recorded = read_file(record.recording, SIZE_MAX - 1);
    SnapshotResult result = run_snapshot(rules, snapshot);
    if (arguments_.update && !result.test.passed) {
        write_file(record.recording, result.text);
        round.recorded.push_back({record.recording, result.test.failures.front().difference});
        result.test.failures.clear();
        result.test.passed = true;
    }
    return std::move(result.test);
}

std::set<std::string> TestSession::files() const {
    std::set<std::string> out;
    for (const auto& [path, unit] : units_) {
        out.insert(is_folder(path) ? path + "/pack.kw" : path);
        if (!unit->pack) continue;
        for (const Compiled::File& file : unit->pack->compiled.files) {
            if (!file.path.starts_with("--set ")) out.insert(file.path);
        }
    }
    for (const SnapshotFolder& folder : snapshots_) {
        for (const SnapshotRecord& record : folder.records) out.insert(record.file);
    }
    return out;
}

std::set<std::string> TestSession::folders() const {
    std::set<std::string> out;
    for (const std::string& path : arguments_.words.empty() && !arguments_.snapshots
                                       ? std::vector<std::string>{rules_folder(settings_)}
                                       : arguments_.words) {
        // Not yet a folder, or not at this moment, counts as one.
        if (!is_file(path)) out.insert(path);
    }
    for (const SnapshotFolder& folder : snapshots_) out.insert(folder.path);
    if (arguments_.snapshots) out.insert(*arguments_.snapshots);
    return out;
}

}  // namespace keywright::command
