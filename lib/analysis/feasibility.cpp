#include "analysis/feasibility.h"

#include "analysis/timeline.h"

#include <algorithm>
#include <utility>

namespace keywright::analysis {

using logic::Answer;
using logic::Claim;
using logic::Leaf;
using logic::Question;

namespace {

const Instant kWish{1'767'225'600, 0};  // 2026-01-01: an instant that reads well

// The question whether a complete record meets a goal.
class Asking {
public:
    // `sure`: only records in which the goal's condition has a value for certain. Otherwise all of them, and perhaps
    // some in which it has none.
    Asking(const Obligations& obligations, const Goal& goal, bool sure) : o_(obligations), goal_(goal), sure_(sure) {
        q_.packs.push_back(&o_.module);
    }

    Question question() {
        std::vector<std::uint32_t> all;
        switch (goal_.kind) {
            case Goal::Kind::kDecided: all.push_back(q_.negation(outcome(ir::Outcome::kNotApplicable))); break;
            case Goal::Kind::kOutcome:
                all.push_back(outcome(goal_.outcome));
                if (goal_.outcome == ir::Outcome::kPass) all.push_back(q_.negation(warning()));
                if (goal_.outcome == ir::Outcome::kExempt) {
                    all.push_back(exempts(goal_.exemption));
                    none_before(goal_.exemption, all);
                }
                break;
            case Goal::Kind::kWarning: all.push_back(warning()); break;
            case Goal::Kind::kSide:
                reached(all);
                all.push_back(literal(goal_.condition, goal_.value));
                if (sure_) has_value(all);
                break;
            case Goal::Kind::kDecides:
                reached(all);
                all.push_back(literal(goal_.condition, goal_.value));
                if (sure_) has_value(all);
                decides(all);
                break;
            case Goal::Kind::kHolds:
                reached(all);
                all.push_back(holds(goal_.node));
                break;
        }
        (void)q_.conjunction(std::move(all));
        return std::move(q_);
    }

private:
    [[nodiscard]] const DecisionPoint& point() const { return o_.points[goal_.point]; }

    std::uint32_t holds(ir::NodeId node) {
        Leaf leaf;
        leaf.node = node;
        return q_.leaf(leaf);
    }
    std::uint32_t claim(Claim claim, ir::Outcome outcome = {}, std::uint32_t exemption = 0) {
        Leaf leaf;
        leaf.claim = claim;
        leaf.rule = goal_.rule;
        leaf.outcome = outcome;
        leaf.exemption = exemption;
        return q_.leaf(leaf);
    }
    std::uint32_t outcome(ir::Outcome outcome) { return claim(Claim::kOutcome, outcome); }
    std::uint32_t warning() { return claim(Claim::kWarning); }
    std::uint32_t exempts(std::uint32_t i) { return claim(Claim::kExempt, {}, i); }
    void none_before(std::size_t exemption, std::vector<std::uint32_t>& all) {
        for (std::uint32_t i = 0; i < exemption; ++i) all.push_back(q_.negation(exempts(i)));
    }

    // The decision is asked: see Meter.
    void reached(std::vector<std::uint32_t>& all) {
        const ir::Rule& rule = o_.module.rules[goal_.rule.index()];
        if (point().part == DecisionPoint::Part::kWhen) return;
        if (rule.when.valid()) all.push_back(holds(rule.when));
        none_before(point().part == DecisionPoint::Part::kUnless ? point().exemption : rule.exemptions.size(), all);
    }

    std::uint32_t literal(std::uint32_t condition, bool value) {
        const std::uint32_t leaf = holds(point().skeleton.conditions()[condition]);
        return value ? leaf : q_.negation(leaf);
    }
    void has_value(std::vector<std::uint32_t>& all) {
        for (const ir::NodeId given : o_.presence[goal_.point][goal_.condition].given) all.push_back(holds(given));
    }

    // The decision is what it is, and could be the opposite were the condition.
    void decides(std::vector<std::uint32_t>& all) {
        const bool decision = goal_.value == goal_.positive;
        const std::uint32_t whole = holds(point().root);
        all.push_back(decision ? whole : q_.negation(whole));
        all.push_back(otherwise(!decision));
    }

    // The decision can be `wanted` where the condition is the opposite of what it is; a condition without a value may
    // be either way.
    std::uint32_t otherwise(bool wanted) {
        const auto& presence = o_.presence[goal_.point];
        std::vector<Can> can;
        for (const Skeleton::Part& part : point().skeleton.parts()) {
            const auto collect = [&](std::uint32_t Can::* which) {
                std::vector<std::uint32_t> out;
                for (const std::uint32_t operand : part.operands) out.push_back(can[operand].*which);
                return out;
            };
            Can here{};
            switch (part.kind) {
                case Skeleton::Part::Kind::kConstant: here = constant(part.value); break;
                case Skeleton::Part::Kind::kCondition: {
                    if (part.condition == goal_.condition) {
                        here = constant(!goal_.value);
                        break;
                    }
                    std::vector<std::uint32_t> gone;
                    for (const ir::NodeId given : presence[part.condition].given)
                        gone.push_back(q_.negation(holds(given)));
                    std::vector<std::uint32_t> yes = gone, no = std::move(gone);
                    yes.push_back(literal(part.condition, true));
                    no.push_back(literal(part.condition, false));
                    here.be_true = q_.disjunction(std::move(yes));
                    here.be_false = q_.disjunction(std::move(no));
                    break;
                }
                case Skeleton::Part::Kind::kNot:
                    here = {can[part.operands.front()].be_false, can[part.operands.front()].be_true};
                    break;
                case Skeleton::Part::Kind::kAll:
                    here.be_true = q_.conjunction(collect(&Can::be_true));
                    here.be_false = q_.disjunction(collect(&Can::be_false));
                    break;
                case Skeleton::Part::Kind::kAny:
                    here.be_true = q_.disjunction(collect(&Can::be_true));
                    here.be_false = q_.conjunction(collect(&Can::be_false));
                    break;
                case Skeleton::Part::Kind::kEqual: {
                    const Can a = can[part.operands[0]], b = can[part.operands[1]];
                    const auto either = [&](std::uint32_t w, std::uint32_t x, std::uint32_t y, std::uint32_t z) {
                        const std::uint32_t one = q_.conjunction({w, x});
                        const std::uint32_t other = q_.conjunction({y, z});
                        return q_.disjunction({one, other});
                    };
                    here.be_true = either(a.be_true, b.be_true, a.be_false, b.be_false);
                    here.be_false = either(a.be_true, b.be_false, a.be_false, b.be_true);
                    break;
                }
            }
            can.push_back(here);
        }
        return wanted ? can.back().be_true : can.back().be_false;
    }

    // Terms that hold where something can be true, and where it can be false.
    struct Can {
        std::uint32_t be_true, be_false;
    };
    Can constant(bool value) {
        const std::uint32_t top = q_.conjunction({});
        const std::uint32_t bottom = q_.disjunction({});
        return value ? Can{top, bottom} : Can{bottom, top};
    }

    const Obligations& o_;
    const Goal& goal_;
    bool sure_;
    Question q_;
};

}  // namespace

Feasibility::Feasibility(const Obligations& obligations, Solvers solvers, const logic::Budget& budget)
    : obligations_(obligations),
      solvers_(solvers),
      budget_(budget),
      meter_(obligations),
      known_(obligations.goals.size()) {}

const Feasible& Feasibility::find(std::uint32_t goal) {
    if (!known_[goal]) {
        Feasible found = solve(goal);
        known_[goal] = std::move(found);
    }
    return *known_[goal];
}

Feasible Feasibility::confirmed(std::uint32_t goal, Feasible found) {
    if (found.answer != Answer::kYes) return found;
    const std::vector<bool> met = meter_.met(found.witness->records.front(), found.witness->now);
    for (std::size_t g = 0; g < met.size(); ++g) {
        if (met[g] && !known_[g]) known_[g] = Feasible{Answer::kYes, found.witness, {}};
    }
    if (met[goal]) return found;
    return {Answer::kUnknown, {}, "a configuration was found that the evaluator doesn't confirm"};
}

Feasible Feasibility::solve(std::uint32_t number) {
    const Goal& goal = obligations_.goals[number];
    if (goal.kind == Goal::Kind::kOutcome && goal.outcome == ir::Outcome::kUndetermined) return undetermined(number);
    bool exact = true;
    if (goal.kind == Goal::Kind::kSide || goal.kind == Goal::Kind::kDecides) {
        const Presence& presence = obligations_.presence[goal.point][goal.condition];
        exact = presence.exact || presence.given.empty();
    }
    // What an incomplete record meets, a complete one meets too: what is definite stays so when more is known.
    Feasible found = confirmed(number, ask(Asking{obligations_, goal, true}.question(), solvers_, budget_));
    if (exact || found.answer == Answer::kYes) return found;
    return confirmed(number, ask(Asking{obligations_, goal, false}.question(), solvers_, budget_));
}

Feasible Feasibility::undetermined(std::uint32_t number) {
    const ir::RuleId rule = obligations_.goals[number].rule;
    const ir::Module& module = obligations_.module;
    if (fields_below(module, roots_of(module.rules[rule.index()])).empty()) return {Answer::kNo, {}, {}};
    if (auto witness = with_one_unknown(number)) return confirmed(number, {Answer::kYes, std::move(witness), {}});
    // The record of which nothing is known leaves open all that any record does: what is definite on it is so on all.
    value::Record record;
    record.reset(module.schema.fields.size());
    const auto is_open = [&](Instant now) { return meter_.outcome(record, now, rule) == ir::Outcome::kUndetermined; };
    const auto instants = Timeline{module}.instants(record, 0);
    std::vector<Instant> all{kWish, Instant{}};
    if (instants) {
        for (const value::Nanos t : *instants) all.push_back(value::to_instant(t));
    }
    for (const Instant now : all) {
        if (is_open(now)) return confirmed(number, {Answer::kYes, logic::Witness{{record}, now}, {}});
    }
    if (!instants) return {Answer::kUnknown, {}, "there are too many instants at which it may change"};
    return {Answer::kNo, {}, {}};
}

// Of records that settle the rule, one in which a single member, were it unknown, leaves it open.
std::optional<logic::Witness> Feasibility::with_one_unknown(std::uint32_t number) {
    const ir::RuleId rule = obligations_.goals[number].rule;
    const ir::Module& module = obligations_.module;
    const auto fields = fields_below(module, roots_of(module.rules[rule.index()]));
    for (std::uint32_t g = 0; g < obligations_.goals.size(); ++g) {
        const Goal& other = obligations_.goals[g];
        if (other.rule != rule || g == number || other.kind > Goal::Kind::kWarning) continue;
        const Feasible& settled = find(g);
        if (settled.answer != Answer::kYes) continue;
        for (const ir::FieldId field : fields) {
            logic::Witness witness = *settled.witness;
            value::Record& record = witness.records.front();
            record.set_unknown(field.index());
            // What is in a record that is unknown is so too; members follow their record.
            for (std::size_t i = field.index() + 1; i < module.schema.fields.size(); ++i) {
                const ir::FieldId parent = module.schema.fields[i].parent;
                if (parent.valid() && parent >= field && record.state(parent.index()) == value::State::kUnknown)
                    record.set_unknown(i);
            }
            if (meter_.outcome(record, witness.now, rule) == ir::Outcome::kUndetermined) return witness;
        }
    }
    return std::nullopt;
}

Feasibility::Prospect Feasibility::prospect(const Obligation& obligation, const std::vector<bool>& met) {
    Prospect out;
    out.possible = Answer::kNo;
    for (const std::vector<std::uint32_t>& way : obligation.ways) {
        Answer possible = Answer::kYes;
        std::vector<std::uint32_t> missing;
        std::string reason;
        for (const std::uint32_t goal : way) {
            if (met[goal]) continue;
            const Feasible& found = find(goal);
            if (found.answer == Answer::kYes) {
                missing.push_back(goal);
            } else if (found.answer == Answer::kNo) {
                possible = Answer::kNo;
                break;
            } else {
                possible = Answer::kUnknown;
                reason = found.reason;
            }
        }
        if (possible == Answer::kNo) continue;
        if (possible == Answer::kUnknown) {
            if (out.possible == Answer::kNo) {
                out.possible = Answer::kUnknown;
                out.reason = std::move(reason);
            }
            continue;
        }
        if (out.possible == Answer::kYes && out.missing.size() <= missing.size()) continue;
        out.possible = Answer::kYes;
        out.missing = std::move(missing);
        out.reason.clear();
    }
    return out;
}

std::optional<logic::Witness> witness_for(const Obligations& obligations, std::uint32_t goal, Solvers solvers,
                                          const logic::Budget& budget) {
    return Feasibility{obligations, solvers, budget}.find(goal).witness;
}

}  // namespace keywright::analysis
