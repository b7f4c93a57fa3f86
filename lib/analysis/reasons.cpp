#include "analysis/reasons.h"

#include "ir/operands.h"
#include "logic/search.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

namespace keywright::analysis {

using eval::Truth;
using ir::NodeId;
using ir::Op;
using logic::Atom;
using logic::Draft;
using logic::Ref;

namespace {

// Larger spaces take longer than an explanation is worth.
constexpr logic::Space::Bounds kBounds{1u << 12, 1'024};
constexpr std::uint64_t kSteps = 100'000;
constexpr Instant kWish{1'767'225'600, 0};  // any, but always the same: what is remembered must not hang on `now`
constexpr int kTrials = 16;                 // witnesses that are tried where cells can't tell
constexpr std::size_t kRemembered = 512;    // cells of one rule
constexpr std::size_t kMostNodes = 512, kMostQuantifiers = 8;  // of a rule
constexpr std::size_t kNodes = 4'096;                          // of the tree in which all sets are looked for

// Conditions that are asked directly: what is below `and`, `or`, `not`, `implies` and names.
std::vector<NodeId> conditions_below(const ir::Module& module, const ir::Rule& rule) {
    std::vector<NodeId> pending{rule.requirement};
    for (const ir::Exemption& exemption : rule.exemptions) pending.push_back(exemption.condition);
    pending.push_back(rule.when);
    std::vector<NodeId> out;
    std::set<std::uint32_t> seen_before;
    while (!pending.empty()) {
        const NodeId id = pending.back();
        pending.pop_back();
        if (!id.valid() || !seen_before.insert(id.value).second) continue;
        const ir::Node& node = module.node(id);
        if (node.op == Op::kNot || node.op == Op::kAnd || node.op == Op::kOr || node.op == Op::kImplies ||
            node.op == Op::kDefine) {
            ir::for_each_operand(module, node, [&](NodeId operand) { pending.push_back(operand); });
        } else if (node.op != Op::kConst && node.op != Op::kParam) {
            out.push_back(id);
        }
    }
    return out;
}

// Rules that mean much more than they are written would take too long to take apart.
bool is_small(const ir::Module& module, const ir::Rule& rule) {
    std::vector<NodeId> pending{rule.when, rule.requirement};
    for (const ir::Exemption& exemption : rule.exemptions) pending.push_back(exemption.condition);
    if (rule.expiry) pending.insert(pending.end(), {rule.expiry->since, rule.expiry->after, rule.expiry->warn_before});
    std::set<std::uint32_t> seen_before;
    std::size_t quantifiers = 0;
    while (!pending.empty()) {
        const NodeId id = pending.back();
        pending.pop_back();
        if (!id.valid() || !seen_before.insert(id.value).second) continue;
        const ir::Node& node = module.node(id);
        if (node.op == Op::kAny || node.op == Op::kEvery || node.op == Op::kNo) ++quantifiers;
        if (seen_before.size() > kMostNodes || quantifiers > kMostQuantifiers) return false;
        ir::for_each_operand(module, node, [&](NodeId operand) { pending.push_back(operand); });
    }
    return true;
}

std::vector<std::uint32_t> atoms_below(const logic::Space& space, Ref root) {
    std::vector<std::uint32_t> out;
    for (const std::uint32_t index : space.formulas().below(root)) {
        const logic::FormulaNode& node = space.formulas().node(index);
        if (node.kind == logic::FormulaNode::Kind::kAtom) out.push_back(node.number);
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::unique_ptr<const RuleSpace> build(const ir::Module& module, ir::RuleId id) {
    const ir::Rule& rule = module.rules[id.index()];
    if (!is_small(module, rule)) return nullptr;
    Draft draft{{&module}};
    std::vector<Ref> roots;
    const auto outcome = [&](ir::Outcome o) {
        roots.push_back(draft.leaf({0, logic::Claim::kOutcome, {}, id, o, 0, {}}));
    };
    outcome(ir::Outcome::kNotApplicable);
    outcome(ir::Outcome::kExempt);
    outcome(ir::Outcome::kPass);
    outcome(ir::Outcome::kViolated);
    roots.push_back(draft.leaf({0, logic::Claim::kWarning, {}, id, {}, 0, {}}));
    const std::vector<NodeId> conditions = conditions_below(module, rule);
    for (const NodeId node : conditions) roots.push_back(draft.leaf({0, logic::Claim::kHolds, node, {}, {}, 0, {}}));
    roots.push_back(draft.constraint());
    auto built = logic::Space::build(std::move(draft), roots, kBounds);
    if (std::holds_alternative<std::string>(built)) return nullptr;

    auto out = std::make_unique<RuleSpace>(RuleSpace{std::get<logic::Space>(std::move(built)), {}, {}, {}, {}});
    logic::Formulas& f = out->space.formulas();
    const Ref warns = roots[4];
    const std::array<Ref, kTargets> targets{roots[0], roots[1], f.both(roots[2], logic::negated(warns)),
                                            f.both(roots[2], warns), roots[3]};
    std::set<std::uint32_t> atoms;
    for (std::size_t t = 0; t < kTargets; ++t) {
        out->holds[t] = f.both(targets[t], out->space.constraint());
        out->differs[t] = f.both(logic::negated(targets[t]), out->space.constraint());
        for (const std::uint32_t atom : atoms_below(out->space, targets[t])) atoms.insert(atom);
    }
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        const Ref formula = roots[5 + i];
        out->conditions.push_back({module.node(conditions[i]).span, formula, atoms_below(out->space, formula)});
    }
    std::sort(out->conditions.begin(), out->conditions.end(), [](const auto& a, const auto& b) {
        return std::tuple{a.span.file.value, a.span.begin, a.span.end} <
               std::tuple{b.span.file.value, b.span.begin, b.span.end};
    });
    if (rule.expiry) out->conditions.push_back({module.node(rule.expiry->since).span, logic::kTop, {}});
    for (const std::uint32_t atom : atoms) {
        if (out->space.dimension_of(atom) != logic::kNone) out->atoms.push_back(atom);
    }
    return out;
}

// The members that an atom asks about; neither `now` nor zero.
std::array<std::uint32_t, 2> variables_of(const Draft& draft, const Atom& atom) {
    if (atom.kind != Atom::Kind::kDifference) return {atom.variable, logic::kNone};
    const Draft::NumberComparison& c = draft.comparisons[atom.index];
    const auto member = [](std::uint32_t v) { return v == Draft::kNow ? logic::kNone : v; };
    return {member(c.x), member(c.y)};
}

bool is_about_now_alone(const Draft& draft, const Atom& atom) {
    return variables_of(draft, atom) == std::array{logic::kNone, logic::kNone};
}

}  // namespace

struct Reasons::Slot {
    std::once_flag once;
    std::unique_ptr<const RuleSpace> space;
    std::mutex mutex;
    std::map<std::pair<Target, std::vector<Literal>>, std::optional<std::vector<Literal>>> remembered;
};

Reasons::Reasons(const ir::Module& module, const eval::Program& program)
    : module_(module), program_(program), slots_(std::make_unique<Slot[]>(module.rules.size())) {}

Reasons::~Reasons() = default;

const RuleSpace* Reasons::space(ir::RuleId rule) const {
    Slot& slot = slots_[rule.index()];
    std::call_once(slot.once, [&] { slot.space = build(module_, rule); });
    return slot.space.get();
}

std::optional<Target> target_of(const eval::RuleDecision& decision) {
    switch (decision.outcome) {
        case ir::Outcome::kNotApplicable: return Target::kNotApplicable;
        case ir::Outcome::kExempt: return Target::kExempt;
        case ir::Outcome::kViolated: return Target::kViolated;
        case ir::Outcome::kUndetermined: return std::nullopt;
        case ir::Outcome::kPass: break;
    }
    if (decision.warning == Truth::kUnknown) return std::nullopt;
    return decision.warning == Truth::kTrue ? Target::kWarns : Target::kPass;
}

Seen seen(const ir::Module& module, const value::Record& record, ir::FieldId field) {
    Seen out{record.state(field.index()), field};
    for (ir::FieldId at = module.schema.fields[field.index()].parent; at.valid();
         at = module.schema.fields[at.index()].parent) {
        if (record.state(at.index()) != value::State::kGiven) out = {record.state(at.index()), at};
    }
    return out;
}

std::vector<Literal> Reasons::known(const RuleSpace& rule, const value::Record& record, Instant now) const {
    const logic::Space& space = rule.space;
    const Draft& draft = space.draft();
    const logic::Region region = space.region_of(record, now);
    if (space.is_empty(region)) return {};
    std::vector<Literal> out;
    for (const std::uint32_t atom : rule.atoms) {
        const Truth t = space.truth(region, atom);
        if (t == Truth::kUnknown) continue;
        // What follows from another field by an assumption is no fact about this one.
        bool is_known = true, is_absent = false;
        for (const std::uint32_t v : variables_of(draft, draft.atoms[atom])) {
            if (v == logic::kNone) continue;
            const value::State s = seen(module_, record, draft.variables[v].fields[0]).state;
            is_known = is_known && s != value::State::kUnknown;
            is_absent = is_absent || s == value::State::kAbsent;
        }
        if (is_known || (is_absent && t == Truth::kFalse)) out.push_back({atom, t == Truth::kTrue});
    }
    return out;
}

std::optional<bool> Reasons::sufficient(ir::RuleId id, const std::vector<Literal>& facts, Target target) const {
    const RuleSpace* rule = space(id);
    if (rule == nullptr) return std::nullopt;
    logic::Region region = rule->space.everything();
    for (const Literal& fact : facts) rule->space.restrict(region, fact.atom, fact.truth);
    logic::Search search{rule->space, rule->differs[static_cast<std::size_t>(target)], std::move(region), kSteps};
    bool open = false;
    int trials = 0;
    for (logic::Region part;;) {
        switch (search.next(part)) {
            case logic::Search::Step::kDone: return open ? std::nullopt : std::optional{true};
            case logic::Search::Step::kFound: return false;
            case logic::Search::Step::kExhausted: return std::nullopt;
            case logic::Search::Step::kOpaque: break;
        }
        // Cells can't tell; perhaps one configuration can.
        open = true;
        if (++trials > kTrials) return std::nullopt;
        const auto witness = rule->space.witness(part, kWish);
        if (!witness) continue;
        auto scratch = program_.make_scratch();
        const auto other = target_of(program_.decide_rule(witness->records[0], witness->now, scratch, id));
        if (other && *other != target) return false;
    }
}

std::optional<std::vector<Literal>> Reasons::shrink(ir::RuleId id, const std::vector<Literal>& facts,
                                                    Target target) const {
    if (sufficient(id, facts, target) != std::optional{true}) return std::nullopt;
    const Draft& draft = space(id)->space.draft();
    // What tells least is dropped first: what isn't so, then what is; of these the last fields first, and of counts the
    // weaker ones. Whether something is there goes first or last, whichever leaves facts about fewer fields.
    std::optional<std::vector<Literal>> best;
    std::tuple<std::size_t, std::size_t, std::size_t> least{};
    for (const int presence : {0, 3}) {
        std::vector<std::pair<std::tuple<int, std::uint32_t, std::int64_t, std::uint32_t>, Literal>> order;
        bool reads_presence = false;
        for (const Literal& fact : facts) {
            const Atom& atom = draft.atoms[fact.atom];
            if (is_about_now_alone(draft, atom)) continue;
            const bool is_presence = atom.kind == Atom::Kind::kPresent && fact.truth;
            reads_presence = reads_presence || is_presence;
            std::uint32_t field = 0;
            for (const std::uint32_t v : variables_of(draft, atom)) {
                if (v != logic::kNone) field = std::max(field, draft.variables[v].fields[0].value + 1);
            }
            const auto number = static_cast<std::int64_t>(atom.number);
            order.push_back({{is_presence  ? presence
                              : fact.truth ? 2
                                           : 1,
                              ~field, fact.truth ? number : -number, fact.atom},
                             fact});
        }
        if (best && !reads_presence) break;
        std::sort(order.begin(), order.end());
        std::vector<Literal> left = facts;
        for (const auto& [key, fact] : order) {
            std::vector<Literal> fewer;
            for (const Literal& other : left) {
                if (other != fact) fewer.push_back(other);
            }
            const std::optional<bool> enough = sufficient(id, fewer, target);
            if (!enough) return std::nullopt;
            if (*enough) left = std::move(fewer);
        }
        std::set<std::uint32_t> fields;
        std::size_t told = 0;  // presence goes without saying where something is told of the value
        for (const Literal& fact : left) {
            told += fact.truth && draft.atoms[fact.atom].kind == Atom::Kind::kPresent ? 0U : 1U;
            for (const std::uint32_t v : variables_of(draft, draft.atoms[fact.atom])) {
                if (v != logic::kNone) fields.insert(v);
            }
        }
        const std::tuple size{fields.size(), told, left.size()};
        if (best && size >= least) continue;
        least = size;
        best = std::move(left);
    }
    return best;
}

std::optional<std::vector<Literal>> Reasons::minimal(const value::Record& record, Instant now, ir::RuleId id,
                                                     const eval::RuleDecision& decision) const {
    const RuleSpace* rule = space(id);
    const std::optional<Target> target = target_of(decision);
    if (rule == nullptr || !target) return std::nullopt;
    std::pair key{*target, known(*rule, record, now)};
    Slot& slot = slots_[id.index()];
    {
        const std::lock_guard lock{slot.mutex};
        const auto found = slot.remembered.find(key);
        if (found != slot.remembered.end()) return found->second;
    }
    auto out = shrink(id, key.second, *target);
    const std::lock_guard lock{slot.mutex};
    if (slot.remembered.size() < kRemembered) slot.remembered.emplace(std::move(key), out);
    return out;
}

std::optional<Reasons::All> Reasons::all(const value::Record& record, Instant now, ir::RuleId id,
                                         const eval::RuleDecision& decision, std::size_t most) const {
    const RuleSpace* rule = space(id);
    const std::optional<Target> target = target_of(decision);
    if (rule == nullptr || !target) return std::nullopt;
    // Of literals that leave the same classes, one is enough: `is api_trading` and `is not third_party`.
    std::vector<Literal> facts = known(*rule, record, now);
    std::sort(facts.begin(), facts.end(), [](const Literal& a, const Literal& b) {
        return std::tuple{!a.truth, a.atom} < std::tuple{!b.truth, b.atom};
    });
    std::set<logic::Region> meanings;
    std::erase_if(facts, [&](const Literal& fact) {
        logic::Region region = rule->space.everything();
        rule->space.restrict(region, fact.atom, fact.truth);
        return !meanings.insert(std::move(region)).second;
    });

    // A tree of what is left out (Reiter, 1987): below a set that was found, each of its facts is left out in turn.
    // Every other minimal set lacks one of them, so it is found below.
    All out;
    std::set<std::vector<Literal>> left_out{{}}, found;
    std::vector<std::vector<Literal>> pending{{}};
    for (std::size_t next = 0; next < pending.size(); ++next) {
        if (next >= kNodes || found.size() >= most) {
            out.cut = true;
            break;
        }
        const std::vector<Literal> without = pending[next];
        const auto is_out = [&](const Literal& fact) {
            return std::binary_search(without.begin(), without.end(), fact);
        };
        std::vector<Literal> set;
        const auto again = std::find_if(found.begin(), found.end(), [&](const std::vector<Literal>& s) {
            return std::none_of(s.begin(), s.end(), is_out);
        });
        if (again != found.end()) {
            set = *again;
        } else {
            std::vector<Literal> rest;
            std::copy_if(facts.begin(), facts.end(), std::back_inserter(rest),
                         [&](const Literal& fact) { return !is_out(fact); });
            const std::optional<bool> enough = sufficient(id, rest, *target);
            if (!enough) return std::nullopt;
            if (!*enough) continue;
            auto smaller = shrink(id, rest, *target);
            if (!smaller) return std::nullopt;
            set = std::move(*smaller);
            std::sort(set.begin(), set.end());
            found.insert(set);
        }
        for (const Literal& fact : set) {
            if (is_about_now_alone(rule->space.draft(), rule->space.draft().atoms[fact.atom])) continue;
            std::vector<Literal> more = without;
            more.insert(std::upper_bound(more.begin(), more.end(), fact), fact);
            if (left_out.insert(more).second) pending.push_back(std::move(more));
        }
    }
    if (found.empty()) return std::nullopt;
    out.sets.assign(found.begin(), found.end());
    std::sort(out.sets.begin(), out.sets.end(), [](const auto& a, const auto& b) {
        return std::tuple{a.size(), std::cref(a).get()} < std::tuple{b.size(), std::cref(b).get()};
    });
    return out;
}

std::vector<FactWords> Reasons::words(const value::Record& record, Instant now, ir::RuleId id,
                                      const std::vector<Literal>& facts, bool conditions) const {
    const RuleSpace* rule = space(id);
    return rule == nullptr ? std::vector<FactWords>{} : fact_words(module_, *rule, record, now, facts, conditions);
}

}  // namespace keywright::analysis
