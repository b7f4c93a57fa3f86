#include "analysis/judge.h"

#include <algorithm>

namespace keywright::analysis {

namespace {

[[nodiscard]] bool is_named_undetermined(const ir::TestCase& expected, std::size_t rule) {
    return std::ranges::any_of(expected.expectations, [&](const ir::Expectation& e) {
        return e.kind == ir::ExpectKind::kUndetermined && e.rules.front().rule.index() == rule;
    });
}

[[nodiscard]] bool is_as_named(const CaseDecision& decision, const ir::ExpectedRule& wanted) {
    const std::size_t rule = wanted.rule.index();
    return decision.is_violated(rule) &&
           decision.violated_at(rule) == wanted.severity.value_or(decision.severities[rule]);
}

[[nodiscard]] bool violates_as_expected(const CaseDecision& decision, const ir::TestCase& expected,
                                        const ir::Expectation& expectation) {
    if (!std::ranges::all_of(expectation.rules, [&](const auto& rule) { return is_as_named(decision, rule); }))
        return false;
    for (std::size_t i = 0; i < decision.rules.size(); ++i) {
        if (!decision.is_violated(i)) continue;
        if (decision.violated_at(i) != Severity::kError && !expectation.exactly) continue;
        if (std::ranges::none_of(expectation.rules, [&](const auto& rule) { return rule.rule.index() == i; }))
            return false;
    }
    return !unexpectedly_undetermined(decision, expected, expectation.exactly).valid();
}

[[nodiscard]] bool nothing_violated(const CaseDecision& decision, const ir::TestCase& expected,
                                    const ir::Expectation& expectation) {
    for (std::size_t i = 0; i < decision.rules.size(); ++i) {
        if (decision.is_violated(i) &&
            expectation.severity.value_or(decision.violated_at(i)) == decision.violated_at(i))
            return false;
        if (decision.is_undetermined(i) && !is_named_undetermined(expected, i) &&
            expectation.severity.value_or(decision.undetermined_at(i)) == decision.undetermined_at(i))
            return false;
    }
    return true;
}

[[nodiscard]] bool exempt_as_expected(const CaseDecision& decision, const ir::Expectation& expectation) {
    const ir::RuleId rule = expectation.rules.front().rule;
    const eval::RuleDecision& decided = decision.rules[rule.index()];
    if (decided.outcome != ir::Outcome::kExempt) return false;
    return expectation.by.empty() ||
           decision.module.rules[rule.index()].exemptions[decided.exempt_by].label == expectation.by;
}

[[nodiscard]] bool undetermined_as_expected(const CaseDecision& decision, const ir::Expectation& expectation) {
    const ir::RuleId rule = expectation.rules.front().rule;
    if (!decision.is_undetermined(rule.index())) return false;
    if (!expectation.needs_given) return true;
    return decision.needs(rule) == std::set<ir::FieldId>(expectation.needs.begin(), expectation.needs.end());
}

[[nodiscard]] bool expires_as_expected(const CaseDecision& decision, const ir::Expectation& expectation) {
    const eval::Expiration actual = eval::expiration(decision.module, decision.rules);
    if (!expectation.instant) return actual.none;
    return !actual.none && actual.at.is_point() && actual.at.earliest == value::to_nanos(*expectation.instant);
}

// Every error named is there, and where codes are named no other is.
[[nodiscard]] bool is_invalid_as_expected(const CaseDecision& decision, const ir::Expectation& expectation) {
    if (decision.errors.empty()) return false;
    if (expectation.errors.empty()) return true;
    const auto fits = [](const ir::ExpectedError& expected, const RecordError& error) {
        return expected.code == error.code && expected.at.value_or(error.at) == error.at;
    };
    return std::ranges::all_of(expectation.errors,
                               [&](const auto& e) {
                                   return std::ranges::any_of(decision.errors,
                                                              [&](const auto& error) { return fits(e, error); });
                               }) &&
           std::ranges::all_of(decision.errors, [&](const auto& error) {
               return std::ranges::any_of(expectation.errors, [&](const auto& e) { return fits(e, error); });
           });
}

}  // namespace

ir::Verdict CaseDecision::verdict() const {
    if (!errors.empty()) return ir::Verdict::kInvalid;
    return eval::verdict(severities, rules);
}

std::vector<Severity> severities_of(const ir::Module& module) {
    std::vector<Severity> out;
    for (const ir::Rule& rule : module.rules) out.push_back(rule.severity);
    return out;
}

ir::RuleId unexpectedly_undetermined(const CaseDecision& decision, const ir::TestCase& expected, bool all) {
    for (std::size_t i = 0; i < decision.rules.size(); ++i) {
        if (decision.is_undetermined(i) && (all || decision.undetermined_at(i) == Severity::kError) &&
            !is_named_undetermined(expected, i))
            return ir::RuleId{i};
    }
    return {};
}

bool meets(const CaseDecision& decision, const ir::TestCase& expected, const ir::Expectation& expectation) {
    const auto outcome_is = [&](ir::Outcome wanted) {
        return decision.rules[expectation.rules.front().rule.index()].outcome == wanted;
    };
    if (is_void(decision.errors)) return false;
    if (expectation.kind == ir::ExpectKind::kInvalid) return is_invalid_as_expected(decision, expectation);
    if (expectation.kind == ir::ExpectKind::kVerdict)
        return std::ranges::find(expectation.verdicts, decision.verdict()) != expectation.verdicts.end();
    if (!decision.errors.empty()) return false;
    switch (expectation.kind) {
        case ir::ExpectKind::kViolated: return violates_as_expected(decision, expected, expectation);
        case ir::ExpectKind::kIncludes: return is_as_named(decision, expectation.rules.front());
        case ir::ExpectKind::kNone: return nothing_violated(decision, expected, expectation);
        case ir::ExpectKind::kVerdict:
        case ir::ExpectKind::kInvalid: return false;  // answered above
        case ir::ExpectKind::kRepaired: return !decision.objection || decision.objection(expectation).empty();
        case ir::ExpectKind::kUndetermined: return undetermined_as_expected(decision, expectation);
        case ir::ExpectKind::kExempt: return exempt_as_expected(decision, expectation);
        case ir::ExpectKind::kPasses: return outcome_is(ir::Outcome::kPass);
        case ir::ExpectKind::kNotApplicable: return outcome_is(ir::Outcome::kNotApplicable);
        case ir::ExpectKind::kExpires: return expires_as_expected(decision, expectation);
    }
    return false;
}

bool meets(const CaseDecision& decision, const ir::TestCase& expected) {
    return std::ranges::all_of(expected.expectations,
                               [&](const ir::Expectation& e) { return meets(decision, expected, e); });
}

}  // namespace keywright::analysis
