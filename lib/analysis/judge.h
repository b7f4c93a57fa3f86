// Whether a decision is what a test expects: from outcomes alone, without the texts of a report, so that many variants
// of a pack can be put to the same tests.
#pragma once

#include "analysis/suite.h"
#include "eval/decision.h"

#include <functional>
#include <set>
#include <span>
#include <string>

namespace keywright::analysis {

// How one case came out. What it refers to outlives it.
struct CaseDecision {
    const ir::Module& module;
    const std::vector<RecordError>& errors;     // not empty: the record is invalid, and `rules` means nothing
    std::span<const eval::RuleDecision> rules;  // one for each rule of the module
    std::span<const Severity> severities;       // likewise
    // The unknown fields on which an undetermined rule hangs; asked only where a test names them.
    std::function<std::set<ir::FieldId>(ir::RuleId)> needs;
    // Why the repair that an expectation names is not the cheapest one, in words; empty where it is. Without it nobody
    // looks for repairs, and such an expectation is not held against the decision.
    std::function<std::string(const ir::Expectation&)> objection = {};

    // The rule is violated, or about to expire: at this severity.
    [[nodiscard]] bool is_violated(std::size_t rule) const {
        return rules[rule].outcome == ir::Outcome::kViolated || rules[rule].warning == eval::Truth::kTrue;
    }
    [[nodiscard]] Severity violated_at(std::size_t rule) const {
        return rules[rule].outcome == ir::Outcome::kViolated ? severities[rule] : warning_of(rule);
    }
    // The rule, or whether it is about to expire, hangs on something unknown: at this severity.
    [[nodiscard]] bool is_undetermined(std::size_t rule) const {
        return rules[rule].outcome == ir::Outcome::kUndetermined ||
               (rules[rule].outcome != ir::Outcome::kViolated && rules[rule].warning == eval::Truth::kUnknown);
    }
    [[nodiscard]] Severity undetermined_at(std::size_t rule) const {
        return rules[rule].outcome == ir::Outcome::kUndetermined ? severities[rule] : warning_of(rule);
    }
    [[nodiscard]] ir::Verdict verdict() const;

private:
    // A warning is never more than a warning.
    [[nodiscard]] Severity warning_of(std::size_t rule) const {
        return severities[rule] < Severity::kWarning ? severities[rule] : Severity::kWarning;
    }
};

// Severities as the module declares them, for `CaseDecision::severities`.
[[nodiscard]] std::vector<Severity> severities_of(const ir::Module& module);

// Whether the decision meets `expectation`, one of `expected`: what the others name as undetermined is not held against
// it. A record that is invalid meets only the expectation that it is, and a case without a record (see Case::errors)
// none.
[[nodiscard]] bool meets(const CaseDecision& decision, const ir::TestCase& expected,
                         const ir::Expectation& expectation);

// Whether it meets all of them.
[[nodiscard]] bool meets(const CaseDecision& decision, const ir::TestCase& expected);

// The first rule that is undetermined although no expectation of `expected` says so: an error rule, or any rule where
// `all`; an invalid id where there is none.
[[nodiscard]] ir::RuleId unexpectedly_undetermined(const CaseDecision& decision, const ir::TestCase& expected,
                                                   bool all);

}  // namespace keywright::analysis
