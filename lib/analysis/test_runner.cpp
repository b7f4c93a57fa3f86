#include "analysis/test_runner.h"

#include "analysis/expected_repair.h"
#include "analysis/failure_words.h"
#include "analysis/judge.h"
#include "analysis/parallel.h"
#include "analysis/properties.h"
#include "analysis/suite.h"
#include "eval/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace keywright::analysis {

namespace {

// Of one expectation about many records that many are told apart; the rest are counted.
constexpr std::size_t kMostShown = 5;

// Decides records one after another with the same room.
class Decider {
public:
    explicit Decider(const Explainer& explainer)
        : explainer_(explainer),
          severities_(severities_of(explainer.module)),
          scratch_(explainer.program.make_scratch()) {
        decided_.rules.resize(explainer.module.rules.size());
    }

    // Good until the next record.
    [[nodiscard]] CaseDecision decide(const value::Record& record, Instant at, const std::vector<RecordError>& errors) {
        if (errors.empty()) explainer_.program.decide(record, at, scratch_, decided_.rules);
        return {explainer_.module,
                errors,
                decided_.rules,
                severities_,
                [this, &record, at](ir::RuleId rule) {
                    const auto fields = explainer_.needed_fields(record, at, rule);
                    return std::set<ir::FieldId>(fields.begin(), fields.end());
                },
                [this, &record, at](const ir::Expectation& expectation) {
                    return objection(explainer_.module, repairer(), record, at, expectation.repair);
                }};
    }

private:
    // Made where the first expectation names a repair.
    [[nodiscard]] const Repairer& repairer() {
        if (!repairer_) repairer_.emplace(explainer_.module, explainer_.program, std::vector<ir::RuleId>{});
        return *repairer_;
    }

    const Explainer& explainer_;
    std::vector<Severity> severities_;
    eval::Program::Scratch scratch_;
    eval::Decision decided_;
    std::optional<Repairer> repairer_;
};

// Which cases don't meet what is expected of them; of those behind the first test that fails, where `fail_fast`, some
// may be left out. Outcomes alone are looked at here, so that the cases can be shared out among threads.
std::vector<char> judge_all(const Explainer& explainer, const Suite& suite, const std::vector<char>& wanted,
                            const TestOptions& options) {
    constexpr std::size_t kBlock = 64;  // cases; what a thread takes at once
    std::vector<char> fails(suite.cases.size());
    std::atomic<std::uint32_t> first_failed = UINT32_MAX;
    const auto judge_block = [&](std::size_t block) {
        Decider decider{explainer};
        const std::size_t end = std::min(suite.cases.size(), (block + 1) * kBlock);
        for (std::size_t i = block * kBlock; i < end; ++i) {
            const Case& one = suite.cases[i];
            if (wanted[one.test] == 0) continue;
            if (options.fail_fast && one.test > first_failed) return;
            const CaseDecision decision = decider.decide(suite.records[one.record], one.expected->at, one.errors);
            fails[i] = meets(decision, *one.expected) ? 0 : 1;
            if (fails[i] == 0) continue;
            std::uint32_t known = first_failed;
            while (one.test < known && !first_failed.compare_exchange_weak(known, one.test)) {
            }
        }
    };
    const auto tell = [&](std::size_t blocks) {
        if (!options.progress || blocks == 0) return;
        const std::size_t cases = std::min(suite.cases.size(), blocks * kBlock);
        options.progress(suite.cases[cases - 1].test + 1);
    };
    for_each_block((suite.cases.size() + kBlock - 1) / kBlock, options.threads, judge_block, tell);
    return fails;
}

// Says of cases that fail what was expected and what came out; of a test with many records not of each.
class Telling {
public:
    Telling(const Explainer& explainer, const base::SourceSet& sources, std::vector<TestResult>& out)
        : explainer_(explainer), module_(explainer.module), sources_(sources), decider_(explainer), out_(out) {}

    void put(const Case& one, const value::Record& record) {
        Tally& tally = tallies_[one.expected];
        tally.test = one.test;
        const bool property = module_.tests[one.test].property.has_value();
        if (tally.shown == (property ? 1 : kMostShown)) {
            ++tally.hidden;
            return;
        }
        ++tally.shown;
        if (property && one.errors.empty())
            tell(one, smallest_failing(one, record), true);
        else
            tell(one, record, false);
        tally.last = out_[one.test].failures.size() - 1;
    }

    void finish() {
        for (const auto& [expected, tally] : tallies_) {
            if (tally.hidden == 0) continue;
            out_[tally.test].failures[tally.last].where +=
                fmt::format("; {} more {}", tally.hidden, tally.hidden == 1 ? "record fails" : "records fail");
        }
    }

private:
    // Failures of one `expect`, or row.
    struct Tally {
        std::uint32_t test = 0;
        std::size_t shown = 0, hidden = 0;
        std::size_t last = 0;  // the failure shown last, by index into the test's
    };

    [[nodiscard]] value::Record smallest_failing(const Case& one, const value::Record& record) {
        const Instant at = one.expected->at;
        const ir::NodeId where = module_.tests[one.test].where;
        const std::vector<RecordError> no_errors;
        return smallest(module_, record, at, [&](const value::Record& trial) {
            return is_drawable(module_, where, trial, at) &&
                   !meets(decider_.decide(trial, at, no_errors), *one.expected);
        });
    }

    void tell(const Case& one, const value::Record& record, bool with_record) {
        const CaseDecision decision = decider_.decide(record, one.expected->at, one.errors);
        std::vector<TestResult::Failure> failures =
            failures_of({explainer_, sources_, record, *one.expected, decision});
        for (TestResult::Failure& failure : failures) {
            failure.where = one.where;
            if (with_record && explainer_.record_text != nullptr)
                failure.record = explainer_.record_text(module_, record);
            out_[one.test].failures.push_back(std::move(failure));
        }
    }

    const Explainer& explainer_;
    const ir::Module& module_;
    const base::SourceSet& sources_;
    Decider decider_;
    std::map<const ir::TestCase*, Tally> tallies_;
    std::vector<TestResult>& out_;
};

}  // namespace

std::vector<TestResult> run_tests(const Explainer& explainer, const base::SourceSet& sources,
                                  const TestOptions& options, const std::vector<bool>& kept) {
    const ir::Module& module = explainer.module;
    std::vector<TestResult> results(module.tests.size());
    std::vector<char> picked(module.tests.size());
    std::vector<char> wanted(module.tests.size());
    for (std::size_t i = 0; i < module.tests.size(); ++i) {
        const ir::Test& test = module.tests[i];
        results[i].name = test.name;
        results[i].range = sources.range(test.span);
        results[i].kept = kept[i];
        picked[i] = test.name.find(options.filter) != std::string::npos &&
                            (options.file.empty() || results[i].range.file == options.file)
                        ? 1
                        : 0;
        wanted[i] = kept[i] ? 0 : picked[i];
    }
    const Suite suite{module};
    const std::vector<char> fails = judge_all(explainer, suite, wanted, options);
    std::vector<char> failed(module.tests.size());
    for (std::size_t i = 0; i < fails.size(); ++i) {
        if (fails[i] != 0) failed[suite.cases[i].test] = 1;
    }
    std::size_t end = module.tests.size();
    if (options.fail_fast) {
        const auto first = std::ranges::find(failed, 1);
        if (first != failed.end()) end = static_cast<std::size_t>(first - failed.begin()) + 1;
    }
    Telling telling{explainer, sources, results};
    for (std::size_t i = 0; i < fails.size(); ++i) {
        const Case& one = suite.cases[i];
        if (fails[i] != 0 && one.test < end) telling.put(one, suite.records[one.record]);
    }
    telling.finish();
    std::vector<TestResult> out;
    for (std::size_t i = 0; i < end; ++i) {
        if (picked[i] == 0) continue;
        results[i].passed = failed[i] == 0;
        out.push_back(std::move(results[i]));
    }
    return out;
}

}  // namespace keywright::analysis
