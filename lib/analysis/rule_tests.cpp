#include "analysis/rule_tests.h"

#include "eval/decision.h"
#include "eval/program.h"

#include <map>
#include <string>
#include <utility>

namespace keywright::analysis {

namespace {

[[nodiscard]] std::uint8_t comes(const eval::RuleDecision& decision) {
    std::uint8_t out = 0;
    switch (decision.outcome) {
        case ir::Outcome::kNotApplicable: out = kComesNotApplicable; break;
        case ir::Outcome::kExempt: out = kComesExempt; break;
        case ir::Outcome::kPass: out = kComesPass; break;
        case ir::Outcome::kViolated: out = kComesViolated; break;
        case ir::Outcome::kUndetermined: out = kComesUndetermined; break;
    }
    // A warning stands beside passing, or beside what isn't settled; it says more than that the rule passes.
    if (decision.outcome == ir::Outcome::kPass && decision.warning == eval::Truth::kTrue) out = kComesWarning;
    if (decision.outcome == ir::Outcome::kPass && decision.warning == eval::Truth::kUnknown) out |= kComesUndetermined;
    return out;
}

[[nodiscard]] std::uint8_t comes(ir::ExpectKind kind) {
    switch (kind) {
        case ir::ExpectKind::kViolated:
        case ir::ExpectKind::kIncludes: return kComesViolated;
        case ir::ExpectKind::kUndetermined: return kComesUndetermined;
        case ir::ExpectKind::kExempt: return kComesExempt;
        case ir::ExpectKind::kPasses: return kComesPass;
        case ir::ExpectKind::kNotApplicable: return kComesNotApplicable;
        case ir::ExpectKind::kNone:
        case ir::ExpectKind::kVerdict:
        case ir::ExpectKind::kExpires:
        case ir::ExpectKind::kInvalid:
        case ir::ExpectKind::kRepaired: return 0;  // about no rule
    }
    return 0;
}

class Reading {
public:
    Reading(const Explainer& explainer, const Suite& suite)
        : explainer_(explainer),
          module_(explainer.module),
          suite_(suite),
          scratch_(explainer.program.make_scratch()),
          out_(module_.rules.size()),
          current_(module_.rules.size()),
          from_drawn_(module_.rules.size()) {
        decided_.rules.resize(module_.rules.size());
        for (std::size_t i = 0; i < out_.size(); ++i) {
            out_[i].exempting.resize(module_.rules[i].exemptions.size());
            current_[i].exempting.resize(module_.rules[i].exemptions.size());
        }
        if (explainer.record_text == nullptr) return;
        for (std::size_t i = 0; i < module_.samples.size(); ++i)
            samples_.emplace(explainer.record_text(module_, to_record(module_, module_.samples[i].fields)), i);
    }

    [[nodiscard]] std::vector<TestsOfRule> take() {
        std::size_t next = 0;
        for (std::uint32_t test = 0; test < module_.tests.size(); ++test) {
            expect(module_.tests[test]);
            for (; next < suite_.cases.size() && suite_.cases[next].test == test; ++next) decide(suite_.cases[next]);
            keep(test);
        }
        return std::move(out_);
    }

private:
    // What is known of one rule in the test at hand.
    struct Current {
        std::uint8_t expected = 0, shown = 0;
        std::vector<bool> exempting;
    };

    void expect(const ir::Test& test) {
        for (const ir::TestCase& one : test.cases) {
            for (const ir::Expectation& expectation : one.expectations) {
                for (const ir::ExpectedRule& rule : expectation.rules) {
                    Current& current = current_[rule.rule.index()];
                    current.expected |= comes(expectation.kind);
                    if (expectation.kind != ir::ExpectKind::kExempt || expectation.by.empty()) continue;
                    const auto& exemptions = module_.rules[rule.rule.index()].exemptions;
                    for (std::size_t i = 0; i < exemptions.size(); ++i)
                        if (exemptions[i].label == expectation.by) current.exempting[i] = true;
                }
            }
        }
    }

    void decide(const Case& one) {
        if (!one.errors.empty()) return;
        const value::Record& record = suite_.records[one.record];
        explainer_.program.decide(record, one.expected->at, scratch_, decided_.rules);
        std::optional<std::size_t> sample;
        bool looked = false;
        for (std::size_t i = 0; i < decided_.rules.size(); ++i) {
            const eval::RuleDecision& decision = decided_.rules[i];
            current_[i].shown |= comes(decision);
            if (decision.outcome == ir::Outcome::kExempt) current_[i].exempting[decision.exempt_by] = true;
            if (decision.outcome != ir::Outcome::kViolated) continue;
            TestsOfRule& rule = out_[i];
            if (!rule.record || (from_drawn_[i] && !one.drawn)) {
                rule.record = ViolatedBy{one.record, one.expected->at};
                from_drawn_[i] = one.drawn;
            }
            if (rule.sample) continue;
            if (!std::exchange(looked, true)) sample = sample_of(record);
            if (sample) rule.sample = ViolatedSample{*sample, one.expected->at};
        }
    }

    [[nodiscard]] std::optional<std::size_t> sample_of(const value::Record& record) const {
        if (samples_.empty()) return std::nullopt;
        const auto found = samples_.find(explainer_.record_text(module_, record));
        return found == samples_.end() ? std::nullopt : std::optional{found->second};
    }

    void keep(std::uint32_t test) {
        for (std::size_t i = 0; i < current_.size(); ++i) {
            Current& current = current_[i];
            if (current.expected != 0 || (current.shown & kComesViolated) != 0)
                out_[i].tests.push_back({test, current.expected, current.shown});
            for (std::size_t k = 0; k < current.exempting.size(); ++k) {
                if (current.exempting[k]) out_[i].exempting[k].push_back(test);
                current.exempting[k] = false;
            }
            current.expected = current.shown = 0;
        }
    }

    const Explainer& explainer_;
    const ir::Module& module_;
    const Suite& suite_;
    eval::Program::Scratch scratch_;
    eval::Decision decided_;
    std::vector<TestsOfRule> out_;
    std::vector<Current> current_;
    std::vector<bool> from_drawn_;
    std::map<std::string, std::size_t> samples_;  // by record; of equal ones the first
};

}  // namespace

std::vector<TestsOfRule> tests_of_rules(const Explainer& explainer, const Suite& suite) {
    return Reading{explainer, suite}.take();
}

}  // namespace keywright::analysis
