#include "eval/decision.h"

#include <algorithm>

namespace keywright::eval {

namespace {

template <class SeverityOf>
ir::Verdict verdict_of(std::span<const RuleDecision> rules, SeverityOf severity_of) {
    bool undetermined = false;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (severity_of(i) != Severity::kError) continue;
        if (rules[i].outcome == ir::Outcome::kViolated) return ir::Verdict::kViolation;
        if (rules[i].outcome == ir::Outcome::kUndetermined) undetermined = true;
    }
    return undetermined ? ir::Verdict::kUndetermined : ir::Verdict::kCompliant;
}

}  // namespace

ir::Verdict verdict(const ir::Module& module, const Decision& decision) {
    return verdict_of(decision.rules, [&](std::size_t rule) { return module.rules[rule].severity; });
}

ir::Verdict verdict(std::span<const Severity> severities, std::span<const RuleDecision> rules) {
    return verdict_of(rules, [&](std::size_t rule) { return severities[rule]; });
}

Expiration expiration(const ir::Module& module, std::span<const RuleDecision> rules) {
    Expiration result;
    result.at = {kPlusInfinity, kPlusInfinity};
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const RuleDecision& rule = rules[i];
        if (!module.rules[i].expiry || rule.applies == Truth::kFalse) continue;
        result.none = false;
        result.at.earliest = std::min(result.at.earliest, rule.deadline.earliest);
        // A rule that only perhaps applies may never come due, so it can't pull the latest possible instant nearer.
        if (rule.applies == Truth::kTrue) result.at.latest = std::min(result.at.latest, rule.deadline.latest);
    }
    if (result.none) result.at = {};
    return result;
}

}  // namespace keywright::eval
