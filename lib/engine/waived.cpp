#include "engine/waived.h"

#include "eval/reference.h"
#include "ir/waivers.h"

#include <algorithm>
#include <utility>

namespace keywright::engine {

struct Repairers::One {
    One(ir::Module own, const std::vector<ir::RuleId>& rules)
        : module(std::move(own)), program(module), repairer(module, program, rules) {}
    const ir::Module module;
    const eval::Program program;
    const analysis::Repairer repairer;
};

Repairers::Repairers(const Rules::State& state, std::vector<ir::RuleId> rules)
    : state_(state), rules_(std::move(rules)) {}

Repairers::~Repairers() = default;

Repairers::Chosen Repairers::for_record(const value::Record& record, Instant now) {
    const ir::Module& module = state_.module;
    std::vector<bool> holds(module.waivers.size());
    for (const ir::Rule& rule : module.rules) {
        for (const ir::Exemption& e : rule.exemptions) {
            if (e.waiver == ir::Exemption::kNoWaiver) continue;
            holds[e.waiver] = eval::evaluate_reference(module, e.condition, record, now) == eval::Truth::kTrue;
        }
    }
    std::unique_ptr<One>& one = known_[holds];
    if (!one) one = std::make_unique<One>(ir::with_waivers(module, holds), rules_);
    Chosen out{one->module, one->repairer, {}};
    for (const ir::Waiver& waiver : module.waivers) {
        const ir::RuleId id = waiver.rule;
        const bool is_asked = rules_.empty() || std::find(rules_.begin(), rules_.end(), id) != rules_.end();
        if (!is_asked) continue;
        const ir::Rule& rule = module.rules[id.index()];
        const eval::RuleDecision decision = eval::decide_reference(module, id, record, now);
        if (decision.outcome != ir::Outcome::kExempt) continue;
        // Of several waivers of a rule one exempts.
        const ir::Exemption& by = rule.exemptions[decision.exempt_by];
        if (by.waiver != ir::Exemption::kNoWaiver && module.waivers[by.waiver].name == waiver.name)
            out.waived.push_back({rule.name, by.label, analysis::waiver_used(module, by)});
    }
    return out;
}

}  // namespace keywright::engine
