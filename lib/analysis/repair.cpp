#include "analysis/repair.h"

#include "analysis/repair_options.h"
#include "input/reader.h"
#include "ir/operands.h"

#include <algorithm>
#include <bit>
#include <queue>
#include <set>
#include <utility>

namespace keywright::analysis {

using eval::Truth;
using ir::FieldId;
using ir::Kind;
using ir::NodeId;
using logic::Dimension;
using logic::Draft;
using logic::kNone;
using logic::Region;

bool is_fixed(const ir::Module& module, FieldId field) {
    const auto& fields = module.schema.fields;
    if (fields[field.index()].type.kind == Kind::kInstant) return true;
    for (FieldId at = field; at.valid(); at = fields[at.index()].parent) {
        if (fields[at.index()].immutable) return true;
    }
    return false;
}

namespace {

constexpr std::uint64_t kImpossible = ~std::uint64_t{0};

// Whether every edit of `less` is among those of `more`. A list that takes the place of another counts by what it
// holds; an empty one is part of an empty one alone.
bool includes(const Plan& more, const Plan& less) {
    const auto words_of = [](const NewValue& v) { return std::pair{v.value, v.wants}; };
    return std::ranges::all_of(less.changes, [&](const Change& part) {
        const auto at = std::ranges::find_if(more.changes, [&](const Change& c) { return c.field == part.field; });
        if (at == more.changes.end() || at->kind != part.kind) return false;
        if (part.kind != Change::Kind::kWhole) {
            std::multiset<std::string> words(at->words.begin(), at->words.end());
            return std::ranges::all_of(part.words, [&](const std::string& word) {
                const auto found = words.find(word);
                if (found == words.end()) return false;
                words.erase(found);
                return true;
            });
        }
        if (part.added.empty()) return at->added.empty();
        return std::ranges::all_of(part.added, [&](const NewValue& v) {
            return std::ranges::any_of(at->added, [&](const NewValue& w) { return words_of(v) == words_of(w); });
        });
    });
}

// Whether `more` changes every field that `less` does.
bool touches(const Plan& more, const Plan& less) {
    return std::ranges::all_of(less.changes, [&](const Change& part) {
        return std::ranges::any_of(more.changes, [&](const Change& c) { return c.field == part.field; });
    });
}

constexpr std::size_t kMostParts = 10;  // changes of a plan of which every part is tried

struct Node {
    std::uint64_t cost = 0;
    std::uint64_t number = 0;  // of its making: the older goes first
    std::size_t excluded = 0;  // plans found whose repetitions are cut out
    Region options;
    std::optional<Plan> plan;  // nothing left to choose
};
struct Later {
    bool operator()(const Node& a, const Node& b) const {
        return std::pair{a.cost, a.number} > std::pair{b.cost, b.number};
    }
};

}  // namespace

Repairer::Repairer(const ir::Module& module, const eval::Program& program, std::vector<ir::RuleId> rules)
    : module_(module), program_(program), rules_(std::move(rules)) {
    reads_ = fields_read();
    plain_ = build(false);
    if (plain_.space && !plain_.faithful) apart_ = build(true);
}

std::vector<bool> Repairer::fields_read() const {
    std::vector<NodeId> pending;
    const auto add = [&](NodeId id) {
        if (id.valid()) pending.push_back(id);
    };
    for (std::size_t i = 0; i < module_.rules.size(); ++i) {
        const ir::Rule& rule = module_.rules[i];
        const bool concerned = rules_.empty() ? rule.severity == Severity::kError
                                              : std::ranges::find(rules_, ir::RuleId{i}) != rules_.end();
        if (!concerned) continue;
        add(rule.when);
        add(rule.requirement);
        for (const ir::Exemption& e : rule.exemptions) add(e.condition);
        if (!rule.expiry) continue;
        for (const NodeId id : {rule.expiry->since, rule.expiry->after, rule.expiry->warn_before}) add(id);
    }
    std::vector<bool> out(module_.schema.fields.size(), false);
    std::set<NodeId> seen;
    while (!pending.empty()) {
        const NodeId id = pending.back();
        pending.pop_back();
        if (!seen.insert(id).second) continue;
        const ir::Node& node = module_.node(id);
        if (node.op == ir::Op::kField) out[node.a] = true;
        ir::for_each_operand(module_, node, [&](NodeId operand) { pending.push_back(operand); });
    }
    return out;
}

// With `apart`, the values of members are told apart further than the formula asks for, where the evaluator may go by
// them: what isn't understood, and elements that the formula shows to make no difference.
Repairer::Cells Repairer::build(bool apart) const {
    Cells out;
    Draft draft{{&module_}};
    std::vector<logic::Ref> violated;
    if (rules_.empty()) {
        logic::Leaf leaf;
        leaf.claim = logic::Claim::kVerdict;
        leaf.verdict = ir::Verdict::kViolation;
        violated.push_back(draft.leaf(leaf));
    }
    for (const ir::RuleId rule : rules_) {
        logic::Leaf leaf;
        leaf.claim = logic::Claim::kOutcome;
        leaf.rule = rule;
        leaf.outcome = ir::Outcome::kViolated;
        violated.push_back(draft.leaf(leaf));
    }
    std::vector<logic::Ref> roots{draft.formulas.any(std::move(violated))};
    out.faithful = true;
    for (std::size_t f = 0; f < reads_.size(); ++f) {
        if (!reads_[f] || is_fixed(module_, FieldId{f})) continue;
        const std::uint32_t variable = draft.by_field[0][f];
        const bool is_set = module_.schema.fields[f].type.kind == Kind::kSet;
        const bool unclear = draft.unclear.contains(variable);
        // The checker asks whether a member is there before it may be read, so this is a rare thing.
        const bool hidden =
            draft.variables[variable].optional && !draft.knows({logic::Atom::Kind::kPresent, variable, 0, 0});
        if (!is_set && !unclear && !hidden) continue;
        bool all = !unclear && !hidden;
        if (apart) {
            const Draft::Apart told = draft.tell_apart(variable);
            roots.push_back(told.root);
            all = !unclear || told.all;
        }
        out.faithful = out.faithful && all;
    }
    roots.push_back(draft.constraint());
    auto built = logic::Space::build(std::move(draft), roots, {});
    if (auto* problem = std::get_if<std::string>(&built)) {
        out.problem = std::move(*problem);
        return out;
    }
    out.space.emplace(std::move(std::get<logic::Space>(built)));
    const logic::Space& space = *out.space;
    // Elements that nothing asks about aren't counted.
    for (std::size_t f = 0; f < reads_.size(); ++f) {
        if (!reads_[f] || is_fixed(module_, FieldId{f}) || module_.schema.fields[f].type.kind != Kind::kSet) continue;
        const std::uint32_t variable = space.draft().by_field[0][f];
        std::size_t counted = 0;
        for (const Dimension& d : space.dimensions()) {
            if (d.kind != Dimension::Kind::kElements || d.variables.front() != variable) continue;
            counted += static_cast<std::size_t>(std::ranges::count_if(d.elements, [](auto e) { return e != kNone; }));
        }
        out.faithful = out.faithful && counted == space.element_classes(variable).size();
    }
    out.goal = out.space->formulas().both(logic::negated(roots.front()), out.space->constraint());
    out.miss = out.space->formulas().both(roots.front(), out.space->constraint());
    return out;
}

bool Repairer::accepts(const value::Record& record, Instant now) const {
    eval::Program::Scratch scratch = program_.make_scratch();
    eval::Decision decision;
    decision.rules.resize(module_.rules.size());
    program_.decide(record, now, scratch, decision.rules);
    if (rules_.empty()) return eval::verdict(module_, decision) == ir::Verdict::kCompliant;
    return std::ranges::all_of(rules_, [&](ir::RuleId id) {
        const ir::Outcome outcome = decision.rules[id.index()].outcome;
        return outcome != ir::Outcome::kViolated && outcome != ir::Outcome::kUndetermined;
    });
}

Plans Repairer::plans(const value::Record& record, Instant now, std::size_t most, std::uint64_t steps) const {
    Plans out;
    if (accepts(record, now)) {
        out.status = Plans::Status::kFine;
        return out;
    }
    const auto unknown = [&](std::string reason) {
        out.exact = false;
        out.reason = std::move(reason);
        return out;
    };
    if (!plain_.space) return unknown(plain_.problem);
    {
        // Of a record that contradicts the schema's assumptions, whatever is unknown in it, nothing is sure: every
        // repair would be fine for all of no configurations.
        const logic::Space& space = *plain_.space;
        logic::Search possible{space, space.constraint(), space.region_of(record, now), steps};
        Region cell;
        if (possible.next(cell) == logic::Search::Step::kDone)
            return unknown("no configuration is as the record says and keeps what the schema assumes");
    }
    Found found = search(plain_, record, now, most, steps);
    if (!found.unfaithful || !apart_.space) return std::move(found.plans);
    // Words are best with as little told apart as may be, so that comes second.
    Found other = search(apart_, record, now, most, steps);
    const bool better = other.plans.exact || found.plans.status == Plans::Status::kUnknown;
    return std::move(better ? other.plans : found.plans);
}

Repairer::Found Repairer::search(const Cells& cells_of, const value::Record& record, Instant now, std::size_t most,
                                 std::uint64_t steps) const {
    Found result;
    Plans& out = result.plans;
    const auto doubt = [&](std::string reason) {
        out.exact = false;
        if (out.reason.empty()) out.reason = std::move(reason);
    };
    const logic::Space& space = *cells_of.space;
    const Situation situation{module_, space, reads_, record, now};
    logic::Evaluation goal{space, cells_of.goal};
    std::priority_queue<Node, std::vector<Node>, Later> queue;
    std::uint64_t made = 0;
    const auto bound = [&](const Region& options) {
        std::uint64_t cost = 0;
        for (std::size_t i = 0; i < situation.choices().size(); ++i) {
            const std::uint32_t o = situation.cheapest(options, i);
            if (o == kNone) return kImpossible;
            cost += situation.choices()[i].options[o].cost;
        }
        return cost;
    };
    const auto push = [&](Region options, std::size_t excluded) {
        const std::uint64_t cost = bound(options);
        if (cost == kImpossible) return;
        queue.push({cost, made++, excluded, std::move(options), {}});
    };
    // What an alternative chose, where it changed something: what repeats all of it is no alternative.
    std::vector<std::vector<std::pair<std::size_t, std::uint32_t>>> taken;
    const auto chosen_of = [&](const Region& options) {
        std::vector<std::uint32_t> chosen;
        for (std::size_t i = 0; i < situation.choices().size(); ++i) chosen.push_back(situation.cheapest(options, i));
        return chosen;
    };
    const auto only = [&](Region& options, std::size_t i, std::uint32_t o) {
        const auto& c = situation.choices()[i];
        for (std::uint32_t w = 0; w < c.words; ++w) options[c.first_word + w] = 0;
        put(options, c.first_word, o);
    };
    // Everything in `options` but the choices that take all of `same`.
    const auto split = [&](Region options, const std::vector<std::pair<std::size_t, std::uint32_t>>& same,
                           std::size_t excluded) {
        for (const auto& [i, o] : same) {
            const auto& c = situation.choices()[i];
            if (!has(options, c.first_word, o)) {
                push(std::move(options), excluded);
                return;
            }
            Region other = options;
            drop(other, c.first_word, o);
            push(std::move(other), excluded);
            only(options, i, o);
        }
    };

    const auto is_repair = [&](const value::Record& edited) {
        std::vector<RecordError> errors;
        input::check_assumptions(module_, edited, now, errors);
        return errors.empty() && accepts(edited, now);
    };
    // Numbers that change together may get values of which some alone would do.
    const auto part_of = [&](const Plan& plan) -> std::optional<Plan> {
        std::optional<Plan> best;
        if (plan.changes.size() > kMostParts) return best;
        for (std::uint64_t some = 1; some + 1 < std::uint64_t{1} << plan.changes.size(); ++some) {
            Plan part = situation.part(plan, some);
            if (part.changes.empty() || (best && best->cost <= part.cost) || !is_repair(part.record)) continue;
            logic::Search possible{space, space.constraint(), space.region_of(part.record, now), 20'000};
            Region cell;
            if (possible.next(cell) == logic::Search::Step::kFound) best = std::move(part);
        }
        return best;
    };
    const auto list = [&](Plan plan) {
        if (std::optional<Plan> part = part_of(plan)) {
            if (std::ranges::any_of(out.plans, [&](const Plan& p) { return touches(*part, p); })) return;
            plan = std::move(*part);
        }
        if (std::ranges::any_of(out.plans, [&](const Plan& p) { return includes(plan, p); })) return;
        // A part is cheaper than what was looked at, so others may have gone before it.
        std::erase_if(out.plans, [&](const Plan& p) { return p.cost > plan.cost && includes(p, plan); });
        const auto at = std::ranges::upper_bound(out.plans, plan.cost, {}, &Plan::cost);
        out.plans.insert(at, std::move(plan));
    };

    push(situation.all_options(), 0);
    while (!queue.empty() && out.plans.size() < most) {
        if (steps-- == 0) {
            doubt("the budget of steps is used up");
            break;
        }
        Node node = queue.top();
        queue.pop();
        if (node.plan) {
            list(std::move(*node.plan));
            continue;
        }
        if (node.excluded < taken.size()) {
            split(std::move(node.options), taken[node.excluded], node.excluded + 1);
            continue;
        }
        const Region cells = situation.cells(node.options);
        const Truth truth = goal.of(cells);
        if (truth == Truth::kFalse) continue;
        if (truth == Truth::kUnknown) {
            std::vector<bool> open(situation.choices().size());
            for (std::size_t i = 0; i < open.size(); ++i) {
                const auto& c = situation.choices()[i];
                int options = 0;
                for (std::uint32_t w = 0; w < c.words; ++w) options += std::popcount(node.options[c.first_word + w]);
                open[i] = options > 1;
            }
            const std::uint32_t atom = goal.undecided_atom(&open);
            if (atom != kNone) {
                const std::uint32_t at = space.dimension_of(atom);
                const auto& c = situation.choices()[at];
                const Dimension& d = space.dimensions()[at];
                Region yes = node.options, no = node.options;
                std::vector<std::uint32_t> rest;
                for (std::uint32_t o = 0; o < c.options.size(); ++o) {
                    if (!has(node.options, c.first_word, o)) continue;
                    Region one(space.words(), 0);
                    std::ranges::copy(c.options[o].cells, one.begin() + d.first_word);
                    const Truth t = space.truth(one, atom);
                    if (t != Truth::kTrue) drop(yes, c.first_word, o);
                    if (t != Truth::kFalse) drop(no, c.first_word, o);
                    if (t == Truth::kUnknown) rest.push_back(o);
                }
                push(std::move(yes), node.excluded);
                push(std::move(no), node.excluded);
                // What is neither surely so nor surely not is chosen by itself: what stays unknown, or hangs on it.
                for (const std::uint32_t o : rest) {
                    Region alone = node.options;
                    only(alone, at, o);
                    push(std::move(alone), node.excluded);
                }
                continue;
            }
        }
        // Nothing that can be chosen makes a difference any more.
        const std::vector<std::uint32_t> chosen = chosen_of(node.options);
        bool wild = false;
        std::vector<std::pair<std::size_t, std::uint32_t>> all, edits;
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            wild = wild || situation.choices()[i].options[chosen[i]].kind == EditOption::Kind::kWild;
            all.emplace_back(i, chosen[i]);
            if (chosen[i] != EditOptions::kKept) edits.emplace_back(i, chosen[i]);
        }
        // Where something unknown that is left alone has a class with which nothing goes well, whatever else is chosen,
        // that settles it. (Members of records hang on those; they aren't tried.)
        const auto is_refuted = [&] {
            for (std::size_t i = 0; i < chosen.size(); ++i) {
                const Dimension& d = space.dimensions()[i];
                if (d.kind != Dimension::Kind::kMember || chosen[i] != EditOptions::kKept) continue;
                if (space.draft().variables[d.variables.front()].parent != kNone) continue;
                for (std::uint32_t k = 0; k < d.classes; ++k) {
                    if (!has(cells, d.first_word, k)) continue;
                    Region part = cells;
                    for (std::uint32_t w = 0; w < d.words; ++w) part[d.first_word + w] = 0;
                    put(part, d.first_word, k);
                    if (goal.of(part) == Truth::kFalse) return true;
                }
            }
            return false;
        };
        if (wild && is_refuted()) continue;
        if (wild) {
            doubt("a change of something that is compared with what is unknown can't be weighed");
            if (truth == Truth::kTrue) split(node.options, all, node.excluded);
            continue;
        }
        bool exhausted = false;
        if (truth != Truth::kTrue) {
            // What stays unknown must be fine whatever it is. What isn't understood is left to the evaluator.
            Region one = node.options;
            for (std::size_t i = 0; i < chosen.size(); ++i) only(one, i, chosen[i]);
            logic::Search search{space, cells_of.miss, situation.cells(one), 20'000};
            Region part;
            auto step = search.next(part);
            while (step == logic::Search::Step::kOpaque) step = search.next(part);
            if (step == logic::Search::Step::kFound) continue;  // it isn't
            exhausted = step == logic::Search::Step::kExhausted;
        }
        std::optional<Plan> plan = situation.plan(chosen);
        if (!plan) {  // no edit is all of it at once
            split(std::move(node.options), all, node.excluded);
            continue;
        }
        if (!is_repair(plan->record)) {
            // The evaluator sees less than cells do where something stays unknown, and more where they don't
            // understand. Where it goes by nothing but what was chosen, its word is as good for all that this stands
            // for; what else may be chosen is looked at one by one.
            if (exhausted) {
                doubt("the budget of steps is used up");
            } else if (!cells_of.faithful) {
                doubt("it hangs on a comparison that cells can't express");
                result.unfaithful = true;
            }
            split(std::move(node.options), all, node.excluded);
            continue;
        }
        if (plan->cost > node.cost) {
            // It costs more than was thought; others of the same lot may still be cheaper.
            split(std::move(node.options), all, node.excluded);
            const std::uint64_t cost = plan->cost;
            queue.push({cost, made++, node.excluded, {}, std::move(plan)});
            continue;
        }
        list(std::move(*plan));
        taken.push_back(edits);
        split(std::move(node.options), edits, taken.size());
    }
    out.status = !out.plans.empty() ? Plans::Status::kFound
                 : out.exact        ? Plans::Status::kNone
                                    : Plans::Status::kUnknown;
    return result;
}

}  // namespace keywright::analysis
