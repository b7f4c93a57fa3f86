#include "eval/decision.h"

#include <algorithm>

namespace keywright::eval {

ir::Verdict verdict(const ir::Module& module, const Decision& decision) {
    bool undetermined = false;
    for (std::size_t i = 0; i < decision.rules.size(); ++i) {
        if (module.rules[i].severity != Severity::kError) continue;
        if (decision.rules[i].outcome == ir::Outcome::kViolated) return ir::Verdict::kViolation;
        if (decision.rules[i].outcome == ir::Outcome::kUndetermined) undetermined = true;
    }
    return undetermined ? ir::Verdict::kUndetermined : ir::Verdict::kCompliant;
}

Expiration expiration(const ir::Module& module, const Decision& decision) {
    Expiration result;
    result.at = {kPlusInfinity, kPlusInfinity};
    for (std::size_t i = 0; i < decision.rules.size(); ++i) {
        const RuleDecision& rule = decision.rules[i];
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
