#include "analysis/test_runner.h"

#include "analysis/expected_repair.h"
#include "analysis/failure_words.h"
#include "analysis/properties.h"
#include "analysis/suite.h"
#include "eval/program.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace keywright::analysis {

namespace {

// Of one expectation about many records that many are told apart; the rest are counted.
constexpr std::size_t kMostShown = 5;

class Run {
public:
    Run(const Explainer& explainer, const base::SourceSet& sources)
        : explainer_(explainer),
          module_(explainer.module),
          sources_(sources),
          severities_(severities_of(explainer.module)),
          scratch_(explainer.program.make_scratch()) {
        decided_.rules.resize(module_.rules.size());
    }

    std::vector<TestResult> run() {
        for (const ir::Test& test : module_.tests) {
            TestResult result;
            result.name = test.name;
            result.range = sources_.range(test.span);
            out_.push_back(std::move(result));
        }
        const Suite suite{module_};
        for (const Case& one : suite.cases) put(one, suite.records[one.record]);
        for (const auto& [expected, tally] : tallies_) say_how_many(tally);
        for (TestResult& result : out_) result.passed = result.failures.empty();
        return std::move(out_);
    }

private:
    // Failures of one `expect`, or row.
    struct Tally {
        std::uint32_t test = 0;
        std::size_t shown = 0, hidden = 0;
        std::size_t last = 0;  // the failure shown last, by index into the test's
    };

    // The decision on a record; valid until the next.
    [[nodiscard]] CaseDecision decide(const value::Record& record, Instant at, const std::vector<RecordError>& errors) {
        if (errors.empty()) explainer_.program.decide(record, at, scratch_, decided_.rules);
        return {module_,
                errors,
                decided_.rules,
                severities_,
                [this, &record, at](ir::RuleId rule) {
                    const auto fields = explainer_.needed_fields(record, at, rule);
                    return std::set<ir::FieldId>(fields.begin(), fields.end());
                },
                [this, &record, at](const ir::Expectation& expectation) {
                    return objection(module_, repairer(), record, at, expectation.repair).empty();
                }};
    }

    [[nodiscard]] const Repairer& repairer() {
        if (!repairer_) repairer_.emplace(module_, explainer_.program, std::vector<ir::RuleId>{});
        return *repairer_;
    }

    void put(const Case& one, const value::Record& record) {
        const ir::TestCase& expected = *one.expected;
        if (meets(decide(record, expected.at, one.errors), expected)) return;
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

    [[nodiscard]] value::Record smallest_failing(const Case& one, const value::Record& record) {
        const Instant at = one.expected->at;
        const ir::NodeId where = module_.tests[one.test].where;
        const std::vector<RecordError> no_errors;
        return smallest(module_, record, at, [&](const value::Record& trial) {
            return is_drawable(module_, where, trial, at) && !meets(decide(trial, at, no_errors), *one.expected);
        });
    }

    void tell(const Case& one, const value::Record& record, bool with_record) {
        const CaseDecision decision = decide(record, one.expected->at, one.errors);
        std::vector<TestResult::Failure> failures =
            failures_of({explainer_, sources_, record, *one.expected, decision, repairer_ ? &*repairer_ : nullptr});
        for (TestResult::Failure& failure : failures) {
            failure.where = one.where;
            if (with_record && explainer_.record_text != nullptr)
                failure.record = explainer_.record_text(module_, record);
            out_[one.test].failures.push_back(std::move(failure));
        }
    }

    void say_how_many(const Tally& tally) {
        if (tally.hidden == 0) return;
        out_[tally.test].failures[tally.last].where +=
            fmt::format("; {} more {}", tally.hidden, tally.hidden == 1 ? "record fails" : "records fail");
    }

    const Explainer& explainer_;
    const ir::Module& module_;
    const base::SourceSet& sources_;
    std::vector<Severity> severities_;
    eval::Program::Scratch scratch_;
    eval::Decision decided_;
    std::optional<Repairer> repairer_;
    std::map<const ir::TestCase*, Tally> tallies_;
    std::vector<TestResult> out_;
};

}  // namespace

std::vector<TestResult> run_tests(const Explainer& explainer, const base::SourceSet& sources) {
    return Run{explainer, sources}.run();
}

}  // namespace keywright::analysis
