#include "analysis/meter.h"

#include <algorithm>
#include <utility>

namespace keywright::analysis {

using eval::Truth;

namespace {

constexpr std::uint8_t kAllFacts = 0x7f;  // everything about a secret is known

// Nothing about the member is left open.
bool is_known(const ir::Module& module, const value::Record& record, ir::FieldId id) {
    const std::size_t field = id.index();
    if (record.state(field) == value::State::kUnknown) return false;
    if (record.state(field) == value::State::kAbsent) return true;
    const ir::Type& type = module.schema.fields[field].type;
    if (type.kind == ir::Kind::kNetwork) return !record.network(field).masked;
    if (type.kind == ir::Kind::kSecret) {
        const value::SecretFacts& secret = record.secret(field);
        return secret.length_min == secret.length_max && secret.known == kAllFacts;
    }
    if (type.kind == ir::Kind::kSet && type.element == ir::Kind::kNetwork)
        return std::ranges::none_of(record.network_set(field), [](const value::Network& n) { return n.masked; });
    return true;
}

// What one case says at one point.
struct Seen {
    bool reached = false;  // the decision is asked there
    Truth decision = Truth::kUnknown;
    std::vector<Truth> values;      // by condition
    std::vector<std::size_t> open;  // conditions that have no value, as what they ask about is absent
};

// Whether the condition is `goal.value` there, and the opposite of it would turn the decision.
bool decides(const Skeleton& skeleton, const Seen& seen, const Goal& goal) {
    if (seen.values[goal.condition] != eval::truth_of(goal.value)) return false;
    const bool decision = goal.value == goal.positive;
    if (seen.decision != eval::truth_of(decision)) return false;
    std::vector<Truth> values = seen.values;
    values[goal.condition] = eval::truth_of(!goal.value);
    return skeleton.can_be(!decision, std::move(values), seen.open);
}

// The module with a rule for each expression that is asked about.
ir::Module probes_for(const Obligations& obligations, std::map<ir::NodeId, std::uint32_t>& probe_of) {
    ir::Module module = obligations.module;
    std::vector<ir::Rule> probes;
    const auto ask = [&](ir::NodeId node) {
        if (!node.valid() || !probe_of.try_emplace(node, static_cast<std::uint32_t>(probes.size())).second) return;
        probes.emplace_back().requirement = node;
    };
    for (const ir::Rule& rule : module.rules) ask(rule.when);
    for (const DecisionPoint& point : obligations.points) {
        ask(point.root);
        for (const ir::NodeId condition : point.skeleton.conditions()) ask(condition);
    }
    for (const Goal& goal : obligations.goals) ask(goal.node);
    module.rules = std::move(probes);
    return module;
}

}  // namespace

Meter::Meter(const Obligations& obligations)
    : obligations_(obligations),
      rules_(obligations.module),
      rules_scratch_(rules_.make_scratch()),
      outcome_scratch_(rules_.make_scratch()),
      decisions_(obligations.module.rules.size()),
      probes_(probes_for(obligations, probe_of_)),
      probing_(probes_),
      probing_scratch_(probing_.make_scratch()),
      answers_(probes_.rules.size()) {
    for (const DecisionPoint& point : obligations.points) {
        auto& reads = reads_.emplace_back();
        for (const ir::NodeId condition : point.skeleton.conditions())
            reads.push_back(fields_below(obligations.module, {condition}));
    }
}

Truth Meter::truth(ir::NodeId node) const {
    if (!node.valid()) return Truth::kTrue;
    switch (answers_[probe_of_.at(node)].outcome) {
        case ir::Outcome::kPass: return Truth::kTrue;
        case ir::Outcome::kViolated: return Truth::kFalse;
        case ir::Outcome::kUndetermined:
        case ir::Outcome::kExempt:
        case ir::Outcome::kNotApplicable: break;  // the last two: never, as there are no conditions
    }
    return Truth::kUnknown;
}

ir::Outcome Meter::outcome(const value::Record& record, Instant now, ir::RuleId rule) {
    return rules_.decide_rule(record, now, outcome_scratch_, rule).outcome;
}

std::vector<bool> Meter::met(const value::Record& record, Instant now) {
    const ir::Module& module = obligations_.module;
    rules_.decide(record, now, rules_scratch_, decisions_);
    probing_.decide(record, now, probing_scratch_, answers_);
    // A rule that perhaps doesn't apply is said to pass, or to be exempt, where it surely isn't violated; the next one
    // to look may find that it doesn't apply.
    const auto is_sure = [&](const Goal& goal, const ir::Rule& rule, const eval::RuleDecision& decided) {
        if (goal.outcome == ir::Outcome::kPass)
            return decided.applies == Truth::kTrue && decided.warning == Truth::kFalse;
        if (goal.outcome != ir::Outcome::kExempt) return true;
        bool sure = decided.exempt_by == goal.exemption && truth(rule.when) == Truth::kTrue;
        for (std::uint32_t i = 0; sure && i < goal.exemption; ++i)
            sure = truth(rule.exemptions[i].condition) == Truth::kFalse;
        return sure;
    };
    std::vector<Seen> seen(obligations_.points.size());
    for (std::size_t p = 0; p < seen.size(); ++p) {
        const DecisionPoint& point = obligations_.points[p];
        const ir::Rule& rule = module.rules[point.rule.index()];
        Seen& here = seen[p];
        switch (point.part) {
            case DecisionPoint::Part::kWhen: here.reached = true; break;
            case DecisionPoint::Part::kUnless:
                // Exemptions are asked in their order, where the rule applies.
                here.reached = truth(rule.when) == Truth::kTrue;
                for (std::uint32_t i = 0; here.reached && i < point.exemption; ++i)
                    here.reached = truth(rule.exemptions[i].condition) == Truth::kFalse;
                break;
            case DecisionPoint::Part::kRequire:
            case DecisionPoint::Part::kDeadline:
            case DecisionPoint::Part::kWarning:
                here.reached = decisions_[point.rule.index()].applies == Truth::kTrue;
                break;
        }
        if (!here.reached || !point.root.valid()) continue;
        here.decision = truth(point.root);
        const auto& conditions = point.skeleton.conditions();
        for (std::size_t c = 0; c < conditions.size(); ++c) {
            here.values.push_back(truth(conditions[c]));
            // Where all it reads is known, only something absent leaves it without a value.
            if (here.values.back() == Truth::kUnknown &&
                std::ranges::all_of(reads_[p][c], [&](ir::FieldId f) { return is_known(module, record, f); }))
                here.open.push_back(c);
        }
    }
    std::vector<bool> out(obligations_.goals.size());
    for (std::size_t g = 0; g < out.size(); ++g) {
        const Goal& goal = obligations_.goals[g];
        const ir::Rule& rule = module.rules[goal.rule.index()];
        const eval::RuleDecision& decided = decisions_[goal.rule.index()];
        const auto at_point = [&]() -> const Seen* {
            const Seen& here = seen[goal.point];
            return here.reached ? &here : nullptr;
        };
        switch (goal.kind) {
            case Goal::Kind::kDecided:
                out[g] = decided.outcome != ir::Outcome::kNotApplicable &&
                         decided.outcome != ir::Outcome::kUndetermined && truth(rule.when) == Truth::kTrue;
                break;
            case Goal::Kind::kOutcome: out[g] = decided.outcome == goal.outcome && is_sure(goal, rule, decided); break;
            case Goal::Kind::kWarning:
                out[g] = decided.outcome == ir::Outcome::kPass && decided.warning == Truth::kTrue;
                break;
            case Goal::Kind::kSide:
                if (const Seen* here = at_point()) out[g] = here->values[goal.condition] == eval::truth_of(goal.value);
                break;
            case Goal::Kind::kDecides:
                if (const Seen* here = at_point())
                    out[g] = decides(obligations_.points[goal.point].skeleton, *here, goal);
                break;
            case Goal::Kind::kHolds:
                if (at_point() != nullptr) out[g] = truth(goal.node) == Truth::kTrue;
                break;
        }
    }
    return out;
}

bool covers(const Obligations& obligations, std::uint32_t goal, const value::Record& record, Instant now) {
    return Meter{obligations}.met(record, now)[goal];
}

}  // namespace keywright::analysis
