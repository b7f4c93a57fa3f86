#include "logic/draft.h"

#include "base/text.h"
#include "ir/operands.h"

#include <algorithm>
#include <memory>
#include <set>
#include <tuple>

namespace keywright::logic {

using ir::Kind;
using ir::NodeId;
using ir::Op;

namespace {

constexpr std::size_t kMostCases = 64;  // ways in which one value may come about through `else` and `match`

// A value that is not a number: a constant, a member, or the element that a quantifier is at.
struct Operand {
    enum class Kind : std::uint8_t { kConstant, kVariable, kElement } kind = Kind::kConstant;
    const value::Value* constant = nullptr;
    std::uint32_t index = 0;  // variable, or quantifier
};

struct Case {
    Ref guard = kTop;
    Operand operand;
};

// What a number is made of, beside constants.
struct Part {
    enum class Kind : std::uint8_t { kVariable, kNow, kLength, kPrefix, kCount, kElement } kind = Kind::kVariable;
    Operand operand;  // of kLength, kPrefix, kCount, kElement
    std::uint32_t variable = kNone;

    [[nodiscard]] auto key() const { return std::tuple{kind, operand.kind, operand.index, variable}; }
};

struct Linear {
    Nanos constant = 0;
    std::vector<std::pair<Part, Nanos>> parts;
};

struct NumberCase {
    Ref guard = kTop;
    Linear value;
};

Nanos number_of(const value::Value& v) {
    if (const auto* i = std::get_if<std::int64_t>(&v)) return *i;
    if (const auto* t = std::get_if<Instant>(&v)) return value::to_nanos(*t);
    return value::to_nanos(std::get<Duration>(v));
}

Nanos floor_div(Nanos a, Nanos b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

}  // namespace

// One pass over expressions of one pack. Operands are looked at from left to right, whatever the compiler: braces say
// so, parentheses don't. Atoms are numbered in that order, and what people are shown follows it.
class Lowering {
public:
    Lowering(Draft& draft, std::uint32_t pack)
        : d_(draft), f_(draft.formulas), pack_(pack), module_(*draft.packs[pack]) {
        bound_.resize(module_.variables.size());
    }

    // From now on `node` counts as a constant, and what reads it is lowered apart from what is known of the pack.
    void replace(NodeId node, bool value) {
        apart_.emplace(node.value, value ? kTop : kBottom);
        touched_.insert(node);
    }

    // Operands first, so that neither long chains nor shared definitions cost more than their length.
    Ref run(NodeId root) {
        std::vector<NodeId> pending{root};
        std::set<NodeId> seen;
        while (!pending.empty()) {
            const NodeId id = pending.back();
            pending.pop_back();
            if (!seen.insert(id).second) continue;
            ir::for_each_operand(module_, module_.node(id), [&](NodeId operand) { pending.push_back(operand); });
        }
        std::map<NodeId, std::set<std::uint32_t>> free;  // quantifiers' variables that a node reads
        for (const NodeId id : seen) {
            const ir::Node& node = module_.node(id);
            if (!touched_.empty()) {
                ir::for_each_operand(module_, node, [&](NodeId operand) {
                    if (touched_.contains(operand)) touched_.insert(id);
                });
            }
            std::set<std::uint32_t> reads;
            if (node.op == Op::kElement) reads.insert(node.a);
            ir::for_each_operand(module_, node, [&](NodeId operand) {
                if (const auto at = free.find(operand); at != free.end())
                    reads.insert(at->second.begin(), at->second.end());
            });
            if (node.op == Op::kAny || node.op == Op::kEvery || node.op == Op::kNo) reads.erase(node.c);
            if (!reads.empty()) {
                free.emplace(id, std::move(reads));
            } else if (module_.type(id).kind == Kind::kBool && !module_.type(id).optional) {
                (void)boolean(id);
            }
        }
        return boolean(root);
    }

    // `now >= since + after - before`, of an expiry.
    Ref has_come(const ir::Expiry& expiry, bool warns) {
        const std::uint64_t unclear_before = unclear_;
        const Ref r = compare_deadline(expiry, warns);
        if (unclear_ != unclear_before) {
            for (const NodeId id : {expiry.since, expiry.after, expiry.warn_before}) note_unclear(id);
        }
        return r;
    }

private:
    using Cases = std::optional<std::vector<Case>>;
    using Numbers = std::optional<std::vector<NumberCase>>;

    Ref compare_deadline(const ir::Expiry& expiry, bool warns) {
        const Numbers since = numbers(expiry.since);
        Numbers deadline = sum(since, numbers(expiry.after), 1);
        if (warns) deadline = sum(deadline, numbers(expiry.warn_before), -1);
        return compare(just(Part{Part::Kind::kNow, {}, kNone}), deadline,
                       [&](const Linear& difference) { return at_least_zero(difference); });
    }

    // Each is an atom of its own: two that look alike may be about different elements.
    [[nodiscard]] Ref opaque() {
        ++unclear_;
        return d_.atom({Atom::Kind::kOpaque, kNone, 0, ++d_.opaque});
    }

    // What `root` reads is not, or only in part, what its formula says of it.
    void note_unclear(NodeId root) {
        if (!root.valid()) return;
        std::vector<NodeId> pending{root};
        std::set<NodeId> seen;
        while (!pending.empty()) {
            const NodeId id = pending.back();
            pending.pop_back();
            if (!seen.insert(id).second) continue;
            const ir::Node& node = module_.node(id);
            if (node.op == Op::kField) d_.unclear.insert(variable(node.a));
            ir::for_each_operand(module_, node, [&](NodeId operand) { pending.push_back(operand); });
        }
    }

    // Of these only what their operands say counts.
    static bool is_connective(Op op) {
        return op == Op::kNot || op == Op::kAnd || op == Op::kOr || op == Op::kImplies || op == Op::kDefine;
    }

    // --- truth
    Ref boolean(NodeId id) {
        auto& closed = touched_.contains(id) ? apart_ : d_.lowered_[pack_];
        if (const auto known = closed.find(id.value); known != closed.end()) return known->second;
        if (open_.empty()) return closed.emplace(id.value, compute(id)).first->second;
        if (const auto known = inner_.find({id.value, open_}); known != inner_.end()) return known->second;
        const Ref r = compute(id);
        inner_.emplace(std::pair{id.value, open_}, r);
        return r;
    }

    Ref compute(NodeId id) {
        const std::uint64_t unclear_before = unclear_;
        const Ref r = meaning(id);
        if (unclear_ != unclear_before && !is_connective(module_.node(id).op)) note_unclear(id);
        return r;
    }

    Ref meaning(NodeId id) {
        const ir::Node& node = module_.node(id);
        const NodeId a{node.a}, b{node.b};
        switch (node.op) {
            case Op::kConst: return std::get<bool>(module_.constant(node.a)) ? kTop : kBottom;
            case Op::kParam:
                return std::get<bool>(module_.constants[module_.params[node.a].value.index()]) ? kTop : kBottom;
            case Op::kField: return ask({Operand::Kind::kVariable, nullptr, variable(node.a)}, {Ask::kIs, true, 0});
            case Op::kDefine: return boolean(a);
            case Op::kNot: return negated(boolean(a));
            case Op::kAnd:
            case Op::kOr: {
                std::vector<Ref> operands;
                for (const NodeId operand : module_.list(node)) operands.push_back(boolean(operand));
                return node.op == Op::kAnd ? f_.all(std::move(operands)) : f_.any(std::move(operands));
            }
            case Op::kImplies: return f_.any({negated(boolean(a)), boolean(b)});
            case Op::kIsPresent: return present(a);
            case Op::kElse: {
                const Ref there = present(a);
                return f_.any({f_.both(there, boolean(a)), f_.both(negated(there), boolean(b))});
            }
            case Op::kEqual: return equal(a, b);
            case Op::kNotEqual: return negated(equal(a, b));
            case Op::kLess: return negated(order(a, b));
            case Op::kLessEqual: return order(b, a);
            case Op::kGreater: return negated(order(b, a));
            case Op::kGreaterEqual: return order(a, b);
            case Op::kIn: return in(a, b);
            case Op::kHasAny: return pairs(a, b, &Lowering::share);
            case Op::kHasAll: return pairs(b, a, &Lowering::subset);
            case Op::kHasNone: return negated(pairs(a, b, &Lowering::share));
            case Op::kHasOnly: return pairs(a, b, &Lowering::subset);
            case Op::kIsEmpty: {
                const Cases sets = cases(a);
                if (!sets) return opaque();
                std::vector<Ref> ways;
                for (const Case& c : *sets)
                    ways.push_back(f_.both(c.guard, negated(some(c.operand, [](const Operand&) { return kTop; }))));
                return f_.any(std::move(ways));
            }
            case Op::kWithin: return pairs(a, b, &Lowering::within);
            case Op::kCovers: return pairs(b, a, &Lowering::within);
            case Op::kOverlaps: return pairs(a, b, &Lowering::overlap);
            case Op::kIsOpen: return asks(a, {Ask::kIsOpen, false, 0});
            case Op::kIsPrivate: return asks(a, {Ask::kIsPrivate, false, 0});
            case Op::kIsBlank: return asks(a, {Ask::kIsBlank, false, 0});
            case Op::kHasFact: return asks(a, {Ask::kFact, false, static_cast<std::int64_t>(node.b)});
            case Op::kStartsWith: return pairs(a, b, &Lowering::starts_with);
            case Op::kEndsWith: return pairs(a, b, &Lowering::ends_with);
            case Op::kLike: return pairs(a, b, &Lowering::like);
            case Op::kMatch: {
                const auto operands = module_.list(node);
                std::vector<Ref> ways;
                for (std::size_t v = 1; v < operands.size(); ++v)
                    ways.push_back(
                        f_.all({enum_is(operands[0], static_cast<std::uint32_t>(v - 1)), boolean(operands[v])}));
                return f_.any(std::move(ways));
            }
            case Op::kAny: return quantified(node, false);
            case Op::kEvery: return negated(quantified(node, true));
            case Op::kNo: return negated(quantified(node, false));
            case Op::kElement:  // there are no sets of bool
            case Op::kNow:
            case Op::kDeadline:
            case Op::kAdd:
            case Op::kSubtract:
            case Op::kCount:
            case Op::kPrefixLength:
            case Op::kFamily:
            case Op::kLength: return opaque();  // not boolean
        }
        return opaque();
    }

    Ref present(NodeId id) {
        const ir::Node& node = module_.node(id);
        switch (node.op) {
            case Op::kField: {
                const std::uint32_t v = variable(node.a);
                return d_.variables[v].optional ? d_.atom({Atom::Kind::kPresent, v, 0, 0}) : kTop;
            }
            case Op::kDefine: return present(NodeId{node.a});
            case Op::kElse: return f_.any({present(NodeId{node.a}), present(NodeId{node.b})});
            case Op::kMatch: {
                const auto operands = module_.list(node);
                std::vector<Ref> ways;
                for (std::size_t v = 1; v < operands.size(); ++v)
                    ways.push_back(
                        f_.all({enum_is(operands[0], static_cast<std::uint32_t>(v - 1)), present(operands[v])}));
                return f_.any(std::move(ways));
            }
            default: return kTop;  // NOLINT: every other value is always there
        }
    }

    // --- values that are no numbers
    // Every way in which the value may come about; nothing where there are too many or it isn't understood.
    Cases cases(NodeId id) {
        const ir::Node& node = module_.node(id);
        switch (node.op) {
            case Op::kConst: return {{{kTop, constant(module_.constant(node.a))}}};
            case Op::kParam: return {{{kTop, constant(module_.constants[module_.params[node.a].value.index()])}}};
            case Op::kField: return {{{kTop, {Operand::Kind::kVariable, nullptr, variable(node.a)}}}};
            case Op::kElement: return {{{kTop, bound_[node.a]}}};
            case Op::kDefine: return cases(NodeId{node.a});
            case Op::kElse: {
                const Ref there = present(NodeId{node.a});
                Cases out = cases(NodeId{node.a});
                const Cases other = cases(NodeId{node.b});
                if (!out || !other || out->size() + other->size() > kMostCases) return std::nullopt;
                for (Case& c : *out) c.guard = f_.both(c.guard, there);
                for (Case c : *other) {
                    c.guard = f_.both(c.guard, negated(there));
                    out->push_back(c);
                }
                return out;
            }
            case Op::kMatch: {
                const auto operands = module_.list(node);
                std::vector<Case> out;
                for (std::size_t v = 1; v < operands.size(); ++v) {
                    const Ref chosen = enum_is(operands[0], static_cast<std::uint32_t>(v - 1));
                    const Cases arm = cases(operands[v]);
                    if (!arm || out.size() + arm->size() > kMostCases) return std::nullopt;
                    for (Case c : *arm) {
                        c.guard = f_.both(c.guard, chosen);
                        out.push_back(c);
                    }
                }
                return out;
            }
            default: return std::nullopt;  // NOLINT: numbers, truth and families, which are asked about elsewhere
        }
    }

    static Operand constant(const value::Value& v) { return {Operand::Kind::kConstant, &v, 0}; }
    [[nodiscard]] std::uint32_t variable(std::uint32_t field) const { return d_.by_field[pack_][field]; }

    // The member or set that an operand's questions are kept with.
    [[nodiscard]] std::uint32_t home(const Operand& o) const {
        return o.kind == Operand::Kind::kVariable ? o.index : d_.quantified[o.index];
    }

    // Whether `predicate` holds of the operand.
    Ref ask(const Operand& o, const Predicate& predicate) {
        if (o.kind == Operand::Kind::kConstant) return holds(predicate, *o.constant) ? kTop : kBottom;
        auto& known = d_.predicates[home(o)];
        auto at = std::ranges::find(known, predicate);
        if (at == known.end()) at = known.insert(known.end(), predicate);
        const auto index = static_cast<std::uint32_t>(at - known.begin());
        return d_.atom(
            {o.kind == Operand::Kind::kVariable ? Atom::Kind::kPredicate : Atom::Kind::kElement, o.index, index, 0});
    }

    Ref asks(NodeId operand, const Predicate& predicate) {
        const Cases all = cases(operand);
        if (!all) return opaque();
        std::vector<Ref> ways;
        for (const Case& c : *all) ways.push_back(f_.both(c.guard, ask(c.operand, predicate)));
        return f_.any(std::move(ways));
    }

    // `relation` of every way in which both may come about. A relation that isn't understood gives nothing.
    Ref pairs(NodeId a, NodeId b, std::optional<Ref> (Lowering::*relation)(const Operand&, const Operand&)) {
        const Cases x = cases(a), y = cases(b);
        if (!x || !y || x->size() * y->size() > kMostCases) return opaque();
        enumeration_ = module_.type(a).enumeration;
        std::vector<Ref> ways;
        for (const Case& c : *x) {
            for (const Case& e : *y) {
                const Ref guard = f_.both(c.guard, e.guard);
                if (guard == kBottom) continue;
                const std::optional<Ref> r = (this->*relation)(c.operand, e.operand);
                ways.push_back(f_.both(guard, r ? *r : opaque()));
            }
        }
        return f_.any(std::move(ways));
    }

    // --- enumerations, whose values are numbered by the pack that declares them; two packs agree by name
    // The number that the operand's home gives to value `v` of this pack, or nothing where it has none of that name.
    [[nodiscard]] std::optional<std::uint32_t> number_in(const Variable& home, ir::EnumId enumeration,
                                                         std::uint32_t v) const {
        if (home.owner == pack_) return v;
        const auto& names = d_.packs[home.owner]->enums[home.type.enumeration.index()].values;
        const std::string& name = module_.enums[enumeration.index()].values[v];
        const auto at = std::ranges::find(names, name);
        if (at == names.end()) return std::nullopt;
        return static_cast<std::uint32_t>(at - names.begin());
    }

    Ref is_enum(const Operand& o, ir::EnumId enumeration, std::uint32_t v) {
        if (o.kind == Operand::Kind::kConstant)
            return std::get<value::EnumValue>(*o.constant).index == v ? kTop : kBottom;
        const auto number = number_in(d_.variables[home(o)], enumeration, v);
        return number ? ask(o, {Ask::kIs, value::EnumValue{*number}, 0}) : kBottom;
    }

    Ref enum_is(NodeId node, std::uint32_t v) {
        const NodeId family = through_defines(node);
        if (module_.node(family).op == Op::kFamily) {
            const Ref six = asks(NodeId{module_.node(family).a}, {Ask::kIsIpv6, false, 0});
            return v == 0 ? negated(six) : six;
        }
        const Cases all = cases(node);
        if (!all) return opaque();
        std::vector<Ref> ways;
        for (const Case& c : *all)
            ways.push_back(f_.both(c.guard, is_enum(c.operand, module_.type(node).enumeration, v)));
        return f_.any(std::move(ways));
    }

    [[nodiscard]] NodeId through_defines(NodeId id) const {
        while (module_.node(id).op == Op::kDefine) id = NodeId{module_.node(id).a};
        return id;
    }

    // --- sets
    // Some element of the set has what `body` says of it.
    template <class Body>
    Ref some(const Operand& set, Body body) {
        if (set.kind == Operand::Kind::kVariable) {
            const auto number = static_cast<std::uint32_t>(d_.quantified.size());
            d_.quantified.push_back(set.index);
            return f_.some(number, body(Operand{Operand::Kind::kElement, nullptr, number}));
        }
        std::vector<Ref> ways;
        for (const value::Value& v : elements(*set.constant)) {
            kept_.push_back(std::make_unique<value::Value>(v));
            ways.push_back(body(constant(*kept_.back())));
        }
        return f_.any(std::move(ways));
    }

    static std::vector<value::Value> elements(const value::Value& set) {
        std::vector<value::Value> out;
        if (const auto* members = std::get_if<value::EnumSet>(&set)) {
            for (std::uint32_t i = 0; i < 64; ++i) {
                if ((members->bits >> i & 1U) != 0) out.emplace_back(value::EnumValue{i});
            }
        } else if (const auto* networks = std::get_if<value::NetworkSet>(&set)) {
            out.assign(networks->begin(), networks->end());
        } else if (const auto* texts = std::get_if<value::TextSet>(&set)) {
            out.assign(texts->begin(), texts->end());
        } else if (const auto* ints = std::get_if<value::IntSet>(&set)) {
            out.assign(ints->begin(), ints->end());
        } else {
            out.push_back(set);  // a network where a set of them is asked for
        }
        return out;
    }

    // The operand, an element or a member, is the constant `v` of this pack.
    Ref is(const Operand& o, const value::Value& v) {
        if (const auto* e = std::get_if<value::EnumValue>(&v)) return is_enum(o, enumeration_, e->index);
        if (const auto* n = std::get_if<std::int64_t>(&v)) {
            if (o.kind == Operand::Kind::kConstant) return *o.constant == v ? kTop : kBottom;
            const Ref less = *n == INT64_MAX ? kTop : negated(ask(o, {Ask::kAtLeast, false, *n + 1}));
            return f_.both(ask(o, {Ask::kAtLeast, false, *n}), less);
        }
        return ask(o, {Ask::kIs, v, 0});
    }

    Ref contains(const Operand& set, const value::Value& v) {
        return some(set, [&](const Operand& element) { return is(element, v); });
    }

    [[nodiscard]] std::vector<value::Value> all_values() const {
        std::vector<value::Value> out;
        const std::size_t n = enumeration_.valid() ? module_.enums[enumeration_.index()].values.size() : 0;
        for (std::uint32_t i = 0; i < n; ++i) out.emplace_back(value::EnumValue{i});
        return out;
    }

    std::optional<Ref> subset(const Operand& a, const Operand& b) {
        std::vector<Ref> each;
        if (a.kind == Operand::Kind::kConstant) {
            for (const value::Value& v : elements(*a.constant)) each.push_back(contains(b, v));
            return f_.all(std::move(each));
        }
        if (b.kind == Operand::Kind::kConstant) {
            const auto allowed = elements(*b.constant);
            return negated(some(a, [&](const Operand& element) {
                std::vector<Ref> ways;
                for (const value::Value& v : allowed) ways.push_back(is(element, v));
                return negated(f_.any(std::move(ways)));
            }));
        }
        if (a.index == b.index) return kTop;
        if (!enumeration_.valid()) return std::nullopt;
        for (const value::Value& v : all_values()) each.push_back(f_.any({negated(contains(a, v)), contains(b, v)}));
        return f_.all(std::move(each));
    }

    std::optional<Ref> share(const Operand& a, const Operand& b) {
        if (a.kind != Operand::Kind::kConstant && b.kind == Operand::Kind::kConstant) return share(b, a);
        std::vector<Ref> ways;
        if (a.kind == Operand::Kind::kConstant) {
            for (const value::Value& v : elements(*a.constant)) ways.push_back(contains(b, v));
            return f_.any(std::move(ways));
        }
        if (a.index == b.index) return some(a, [](const Operand&) { return kTop; });
        if (!enumeration_.valid()) return std::nullopt;
        for (const value::Value& v : all_values()) ways.push_back(f_.all({contains(a, v), contains(b, v)}));
        return f_.any(std::move(ways));
    }

    std::optional<Ref> same_set(const Operand& a, const Operand& b) {
        const auto one = subset(a, b), other = subset(b, a);
        if (!one || !other) return std::nullopt;
        return f_.both(*one, *other);
    }

    Ref in(NodeId element, NodeId set) {
        const ir::Type& type = module_.type(set);
        const Cases sets = cases(set);
        if (!sets) return opaque();
        enumeration_ = type.enumeration;
        std::vector<Ref> ways;
        for (const Case& s : *sets) {
            std::optional<Ref> r;
            if (type.element == Kind::kEnum) {
                std::vector<Ref> values;
                for (const value::Value& v : all_values())
                    values.push_back(
                        f_.all({enum_is(element, std::get<value::EnumValue>(v).index), contains(s.operand, v)}));
                r = f_.any(std::move(values));
            } else if (type.element == Kind::kInt) {
                r = int_in(element, s.operand);
            } else {
                r = value_in(element, s.operand);
            }
            ways.push_back(f_.both(s.guard, r ? *r : opaque()));
        }
        return f_.any(std::move(ways));
    }

    std::optional<Ref> int_in(NodeId element, const Operand& set) {
        std::vector<Ref> ways;
        const Numbers n = numbers(element);
        if (!n) return std::nullopt;
        for (const NumberCase& c : *n) {
            if (set.kind == Operand::Kind::kConstant) {
                for (const value::Value& v : elements(*set.constant)) {
                    Linear value;
                    value.constant = std::get<std::int64_t>(v);
                    const Ref equals = compare(Numbers{{c}}, just(value), [&](const Linear& l) { return is_zero(l); });
                    ways.push_back(equals);
                }
            } else if (c.value.parts.empty()) {
                ways.push_back(
                    f_.both(c.guard, contains(set, value::Value{static_cast<std::int64_t>(c.value.constant)})));
            } else {
                return std::nullopt;
            }
        }
        return f_.any(std::move(ways));
    }

    std::optional<Ref> value_in(NodeId element, const Operand& set) {
        const Cases all = cases(element);
        if (!all) return std::nullopt;
        std::vector<Ref> ways;
        for (const Case& c : *all) {
            if (c.operand.kind == Operand::Kind::kConstant) {
                ways.push_back(f_.both(c.guard, contains(set, *c.operand.constant)));
            } else if (set.kind == Operand::Kind::kConstant) {
                std::vector<Ref> values;
                for (const value::Value& v : elements(*set.constant)) values.push_back(is(c.operand, v));
                ways.push_back(f_.both(c.guard, f_.any(std::move(values))));
            } else if (c.operand.kind == Operand::Kind::kElement && d_.quantified[c.operand.index] == set.index) {
                ways.push_back(c.guard);  // an element of that very set
            } else {
                return std::nullopt;
            }
        }
        return f_.any(std::move(ways));
    }

    Ref quantified(const ir::Node& node, bool negated_body) {
        const Cases sets = cases(NodeId{node.a});
        if (!sets) return opaque();
        std::vector<Ref> ways;
        for (const Case& c : *sets) {
            const Operand outer = bound_[node.c];
            const std::uint64_t opaque_before = d_.opaque;
            Ref r = some(c.operand, [&](const Operand& element) {
                bound_[node.c] = element;
                open_.push_back({node.c, ++bindings_});
                const Ref body = boolean(NodeId{node.b});
                open_.pop_back();
                return negated_body ? negated(body) : body;
            });
            bound_[node.c] = outer;
            // What isn't understood of one element may be otherwise for the next, so it can't be one atom for all.
            if (d_.opaque != opaque_before) r = opaque();
            ways.push_back(f_.both(c.guard, r));
        }
        return f_.any(std::move(ways));
    }

    // --- networks; a set stands for all its blocks together
    [[nodiscard]] bool is_set(const Operand& o) const {
        if (o.kind == Operand::Kind::kConstant) return std::holds_alternative<value::NetworkSet>(*o.constant);
        return o.kind == Operand::Kind::kVariable && d_.variables[o.index].type.kind == Kind::kSet;
    }

    static value::Value blocks(const Operand& o) {
        if (const auto* one = std::get_if<value::Network>(o.constant)) return value::NetworkSet{*one};
        return *o.constant;
    }

    std::optional<Ref> within(const Operand& a, const Operand& b) {
        if (b.kind == Operand::Kind::kConstant) {
            const Predicate inside{Ask::kWithin, blocks(b), 0};
            if (!is_set(a)) return ask(a, inside);
            return negated(some(a, [&](const Operand& element) { return negated(ask(element, inside)); }));
        }
        if (a.kind == Operand::Kind::kConstant) {
            if (!is_set(b)) return ask(b, {Ask::kCovers, blocks(a), 0});
            // Several blocks of a set may cover one block together, but a single address is covered by one of them.
            std::vector<Ref> each;
            for (const value::Value& v : elements(*a.constant)) {
                const auto& n = std::get<value::Network>(v);
                if (n.prefix != (n.family == 4 ? 32 : 128)) return std::nullopt;
                each.push_back(some(
                    b, [&](const Operand& element) { return ask(element, {Ask::kCovers, value::NetworkSet{n}, 0}); }));
            }
            return f_.all(std::move(each));
        }
        if (a.kind == b.kind && a.index == b.index) return kTop;
        if (a.kind == Operand::Kind::kElement && b.kind == Operand::Kind::kVariable &&
            d_.quantified[a.index] == b.index)
            return kTop;
        return std::nullopt;
    }

    std::optional<Ref> overlap(const Operand& a, const Operand& b) {
        if (a.kind == Operand::Kind::kConstant && b.kind != Operand::Kind::kConstant) return overlap(b, a);
        if (b.kind == Operand::Kind::kConstant) {
            const Predicate common{Ask::kOverlaps, blocks(b), 0};
            if (!is_set(a)) return ask(a, common);
            return some(a, [&](const Operand& element) { return ask(element, common); });
        }
        if (a.kind == b.kind && a.index == b.index)
            return is_set(a) ? some(a, [](const Operand&) { return kTop; }) : kTop;
        return std::nullopt;
    }

    // --- text
    std::optional<Ref> starts_with(const Operand& a, const Operand& b) { return text_part(a, b, Ask::kStartsWith); }
    std::optional<Ref> ends_with(const Operand& a, const Operand& b) { return text_part(a, b, Ask::kEndsWith); }

    std::optional<Ref> text_part(const Operand& a, const Operand& b, Ask question) {
        if (b.kind == Operand::Kind::kConstant) return ask(a, {question, *b.constant, 0});
        if (a.kind == b.kind && a.index == b.index) return kTop;
        if (a.kind != Operand::Kind::kConstant) return std::nullopt;
        // A text that a constant starts with is one of its beginnings.
        const auto& whole = std::get<std::string>(*a.constant);
        std::vector<Ref> ways{ask(b, {Ask::kIs, std::string{}, 0})};
        for (std::size_t at = 0; at < whole.size();) {
            const std::size_t begin = at;
            (void)base::next_scalar(whole, at);
            ways.push_back(
                ask(b, {Ask::kIs, question == Ask::kStartsWith ? whole.substr(0, at) : whole.substr(begin), 0}));
        }
        return f_.any(std::move(ways));
    }

    std::optional<Ref> like(const Operand& a, const Operand& b) {
        if (b.kind != Operand::Kind::kConstant) return std::nullopt;
        return ask(a, {Ask::kLike, *b.constant, 0});
    }

    std::optional<Ref> same_value(const Operand& a, const Operand& b) {
        if (b.kind == Operand::Kind::kConstant) return is(a, *b.constant);
        if (a.kind == Operand::Kind::kConstant) return is(b, *a.constant);
        if (a.kind == b.kind && a.index == b.index) return kTop;
        return std::nullopt;
    }

    // --- comparison
    Ref equal(NodeId a, NodeId b) {
        const ir::Type& type = module_.type(a);
        switch (type.kind) {
            case Kind::kBool: {
                const Ref x = boolean(a);
                return f_.equal(x, boolean(b));
            }
            case Kind::kInt:
            case Kind::kInstant:
            case Kind::kDuration: {
                const Numbers x = numbers(a);
                return compare(x, numbers(b), [&](const Linear& l) { return is_zero(l); });
            }
            case Kind::kEnum: {
                std::vector<Ref> ways;
                const std::size_t n = module_.enums[type.enumeration.index()].values.size();
                for (std::uint32_t v = 0; v < n; ++v) ways.push_back(f_.all({enum_is(a, v), enum_is(b, v)}));
                return f_.any(std::move(ways));
            }
            case Kind::kSet: return pairs(a, b, &Lowering::same_set);
            case Kind::kText:
            case Kind::kNetwork: return pairs(a, b, &Lowering::same_value);
            case Kind::kSecret:
            case Kind::kRecord: return opaque();  // not compared
        }
        return opaque();
    }

    Ref order(NodeId greater, NodeId less) {
        const Numbers x = numbers(greater);
        return compare(x, numbers(less), [&](const Linear& l) { return at_least_zero(l); });
    }

    template <class Test>
    Ref compare(const Numbers& a, const Numbers& b, Test test) {
        if (!a || !b || a->size() * b->size() > kMostCases) return opaque();
        std::vector<Ref> ways;
        for (const NumberCase& x : *a) {
            for (const NumberCase& y : *b) {
                const Ref guard = f_.both(x.guard, y.guard);
                if (guard == kBottom) continue;
                const std::optional<Ref> r = test(add(x.value, y.value, -1));
                ways.push_back(f_.both(guard, r ? *r : opaque()));
            }
        }
        return f_.any(std::move(ways));
    }

    std::optional<Ref> is_zero(const Linear& l) {
        Linear opposite;
        opposite = add(opposite, l, -1);
        const auto one = at_least_zero(l), other = at_least_zero(opposite);
        if (!one || !other) return std::nullopt;
        return f_.both(*one, *other);
    }

    // `l >= 0`
    std::optional<Ref> at_least_zero(const Linear& l) {
        if (l.parts.empty()) return l.constant >= 0 ? kTop : kBottom;
        if (l.parts.size() == 1) {
            const auto& [part, factor] = l.parts.front();
            // factor * part >= -constant
            if (factor > 0) return part_at_least(part, -floor_div(l.constant, factor));
            return negated(part_at_least(part, floor_div(l.constant, -factor) + 1));
        }
        if (l.parts.size() != 2) return std::nullopt;
        auto [x, fx] = l.parts[0];
        auto [y, fy] = l.parts[1];
        if (fx != -fy || !is_plain(x) || !is_plain(y)) return std::nullopt;
        if (fx < 0) std::swap(x, y);
        const Nanos factor = fx < 0 ? -fx : fx;
        return difference(plain(x), plain(y), -floor_div(l.constant, factor));
    }

    static bool is_plain(const Part& p) { return p.kind == Part::Kind::kVariable || p.kind == Part::Kind::kNow; }
    static std::uint32_t plain(const Part& p) { return p.kind == Part::Kind::kNow ? Draft::kNow : p.variable; }

    Ref part_at_least(const Part& part, Nanos least) {
        switch (part.kind) {
            case Part::Kind::kVariable:
            case Part::Kind::kNow: return difference(plain(part), kNone, least);
            case Part::Kind::kLength: return measured(part.operand, Ask::kLength, least, 0);
            case Part::Kind::kPrefix: return measured(part.operand, Ask::kPrefix, least, 0);
            case Part::Kind::kElement: return measured(part.operand, Ask::kAtLeast, least, INT64_MIN);
            case Part::Kind::kCount: {
                if (least <= 0) return kTop;
                if (least > 1'000'000) return kBottom;  // more than any set may hold
                const auto n = static_cast<std::uint64_t>(least);
                if (n == 1) return some(part.operand, [](const Operand&) { return kTop; });
                auto& most = d_.most_counted[part.operand.index];
                most = std::max(most, n);
                return d_.atom({Atom::Kind::kCount, part.operand.index, 0, n});
            }
        }
        return kBottom;
    }

    Ref measured(const Operand& o, Ask question, Nanos least, Nanos smallest) {
        if (least <= smallest) return kTop;
        if (least > INT64_MAX) return kBottom;
        return ask(o, {question, false, static_cast<std::int64_t>(least)});
    }

    Ref difference(std::uint32_t x, std::uint32_t y, Nanos least) {
        bool negate = false;
        if (x > y) {  // one form of `x - y >= c` and `not (y - x >= 1 - c)`
            std::swap(x, y);
            least = 1 - least;
            negate = true;
        }
        const Draft::NumberComparison c{x, y, least};
        const auto [at, is_new] =
            d_.known_comparisons_.try_emplace(c, static_cast<std::uint32_t>(d_.comparisons.size()));
        if (is_new) d_.comparisons.push_back(c);
        const Ref r = d_.atom({Atom::Kind::kDifference, kNone, at->second, 0});
        return negate ? negated(r) : r;
    }

    // --- numbers
    Linear add(const Linear& a, const Linear& b, Nanos sign) {
        Linear out = a;
        out.constant += sign * b.constant;
        for (const auto& [part, factor] : b.parts) {
            const auto same =
                std::ranges::find_if(out.parts, [&](const auto& p) { return p.first.key() == part.key(); });
            if (same == out.parts.end()) {
                out.parts.emplace_back(part, sign * factor);
            } else if ((same->second += sign * factor) == 0) {
                out.parts.erase(same);
                ++unclear_;  // evaluators don't see that it makes no difference
            }
        }
        return out;
    }

    Numbers sum(const Numbers& a, const Numbers& b, Nanos sign) {
        if (!a || !b || a->size() * b->size() > kMostCases) return std::nullopt;
        std::vector<NumberCase> out;
        for (const NumberCase& x : *a) {
            for (const NumberCase& y : *b) {
                const Ref guard = f_.both(x.guard, y.guard);
                if (guard != kBottom) out.push_back({guard, add(x.value, y.value, sign)});
            }
        }
        return out;
    }

    static Numbers just(Linear value) { return {{{kTop, std::move(value)}}}; }
    static Numbers just(Nanos n) {
        Linear value;
        value.constant = n;
        return just(std::move(value));
    }
    static Numbers just(const Part& part) {
        Linear value;
        value.parts.emplace_back(part, 1);
        return just(std::move(value));
    }

    Numbers numbers(NodeId id) {
        const ir::Node& node = module_.node(id);
        const NodeId a{node.a}, b{node.b};
        switch (node.op) {
            case Op::kConst: return just(number_of(module_.constant(node.a)));
            case Op::kParam: return just(number_of(module_.constants[module_.params[node.a].value.index()]));
            case Op::kField: return just(Part{Part::Kind::kVariable, {}, variable(node.a)});
            case Op::kNow: return just(Part{Part::Kind::kNow, {}, kNone});
            case Op::kElement: {
                const Operand& o = bound_[node.a];
                if (o.kind == Operand::Kind::kConstant) return just(number_of(*o.constant));
                return just(Part{Part::Kind::kElement, o, kNone});
            }
            case Op::kDefine: return numbers(a);
            case Op::kAdd:
            case Op::kSubtract: {
                const Numbers x = numbers(a);
                return sum(x, numbers(b), node.op == Op::kAdd ? 1 : -1);
            }
            case Op::kElse: {
                const Ref there = present(a);
                Numbers out = numbers(a);
                const Numbers other = numbers(b);
                if (!out || !other || out->size() + other->size() > kMostCases) return std::nullopt;
                for (NumberCase& c : *out) c.guard = f_.both(c.guard, there);
                for (NumberCase c : *other) {
                    c.guard = f_.both(c.guard, negated(there));
                    out->push_back(std::move(c));
                }
                return out;
            }
            case Op::kMatch: {
                const auto operands = module_.list(node);
                std::vector<NumberCase> out;
                for (std::size_t v = 1; v < operands.size(); ++v) {
                    const Ref chosen = enum_is(operands[0], static_cast<std::uint32_t>(v - 1));
                    const Numbers arm = numbers(operands[v]);
                    if (!arm || out.size() + arm->size() > kMostCases) return std::nullopt;
                    for (NumberCase c : *arm) {
                        c.guard = f_.both(c.guard, chosen);
                        if (c.guard != kBottom) out.push_back(std::move(c));
                    }
                }
                return out;
            }
            case Op::kLength: return measure(a, Part::Kind::kLength);
            case Op::kPrefixLength: return measure(a, Part::Kind::kPrefix);
            case Op::kCount: return measure(a, Part::Kind::kCount);
            default: return std::nullopt;  // NOLINT: not a number
        }
    }

    Numbers measure(NodeId operand, Part::Kind kind) {
        const Cases all = cases(operand);
        if (!all) return std::nullopt;
        std::vector<NumberCase> out;
        for (const Case& c : *all) {
            Linear value;
            if (c.operand.kind == Operand::Kind::kConstant) {
                const value::Value& v = *c.operand.constant;
                if (kind == Part::Kind::kCount)
                    value.constant = static_cast<Nanos>(elements(v).size());
                else if (kind == Part::Kind::kPrefix)
                    value.constant = std::get<value::Network>(v).prefix;
                else
                    value.constant = static_cast<Nanos>(base::count_scalars(std::get<std::string>(v)));
            } else {
                value.parts.emplace_back(Part{kind, c.operand, kNone}, 1);
            }
            out.push_back({c.guard, std::move(value)});
        }
        return out;
    }

    Draft& d_;
    Formulas& f_;
    std::set<NodeId> touched_;            // the node that counts as a constant, and what reads it
    std::map<std::uint64_t, Ref> apart_;  // of these, what is closed
    std::uint32_t pack_;
    const ir::Module& module_;
    ir::EnumId enumeration_;                                     // of the sets or enums at hand
    std::vector<Operand> bound_;                                 // by quantifier variable
    std::vector<std::pair<std::uint32_t, std::uint32_t>> open_;  // variables bound here, each binding a number
    std::uint32_t bindings_ = 0;
    std::uint64_t unclear_ = 0;  // grows where something isn't understood, or is only in part
    std::map<std::pair<std::uint32_t, std::vector<std::pair<std::uint32_t, std::uint32_t>>>, Ref> inner_;
    std::vector<std::unique_ptr<value::Value>> kept_;  // elements of constant sets
};

// --- Draft ----------------------------------------------------------------------------------------------------------

Draft::Draft(std::vector<const ir::Module*> all) : packs(std::move(all)) {
    lowered_.resize(packs.size());
    come_.resize(packs.size());
    by_field.resize(packs.size());
    for (std::uint32_t pack = 0; pack < packs.size(); ++pack) add_variables(pack);
    predicates.resize(variables.size());
    most_counted.resize(variables.size(), 0);
    for (std::uint32_t pack = 0; pack < packs.size(); ++pack) add_assumptions(pack);
}

void Draft::add_variables(std::uint32_t pack) {
    const ir::Module& module = *packs[pack];
    for (std::size_t i = 0; i < module.schema.fields.size(); ++i) {
        const ir::Field& field = module.schema.fields[i];
        Variable v;
        v.name = field.name;
        v.type = field.type;
        v.owner = pack;
        v.fields[pack] = ir::FieldId{i};
        v.is_free = field.type.optional;
        v.type.optional = false;
        if (field.parent.valid()) v.parent = by_field[pack][field.parent.index()];
        v.optional = v.is_free || (v.parent != kNone && variables[v.parent].optional);
        v.values.kind = v.type.kind == Kind::kSet ? v.type.element : v.type.kind;
        v.values.min = v.type.min;
        v.values.max = v.type.max;
        if (v.type.enumeration.valid()) {
            const std::size_t n = module.enums[v.type.enumeration.index()].values.size();
            v.values.enumerators = n >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
        }
        // A field of the same name and kind is one member for both packs, with the values that both know.
        const auto same = std::ranges::find_if(variables, [&](const Variable& other) {
            return pack > 0 && other.owner != pack && other.name == v.name && other.type.kind == v.type.kind &&
                   other.type.element == v.type.element;
        });
        if (same == variables.end()) {
            by_field[pack].push_back(static_cast<std::uint32_t>(variables.size()));
            variables.push_back(std::move(v));
            continue;
        }
        by_field[pack].push_back(static_cast<std::uint32_t>(same - variables.begin()));
        same->fields[pack] = ir::FieldId{i};
        same->is_free = same->is_free && v.is_free;
        same->optional = same->optional && v.optional;
        same->values.min = std::max(same->values.min, v.values.min);
        same->values.max = std::min(same->values.max, v.values.max);
        if (v.type.enumeration.valid()) {
            const auto& ours = packs[same->owner]->enums[same->type.enumeration.index()].values;
            const auto& theirs = module.enums[v.type.enumeration.index()].values;
            for (std::size_t e = 0; e < ours.size(); ++e) {
                if (std::ranges::find(theirs, ours[e]) == theirs.end())
                    same->values.enumerators &= ~(std::uint64_t{1} << e);
            }
        }
    }
}

void Draft::add_assumptions(std::uint32_t pack) {
    const ir::Module& module = *packs[pack];
    for (const ir::Assumption& assumption : module.schema.assumptions) {
        const auto side = [&](const ir::AssumeTerm& term) -> std::pair<std::uint32_t, Nanos> {
            if (term.is_now) return {kNow, 0};
            if (term.field.valid()) return {by_field[pack][term.field.index()], 0};
            return {kNone, number_of(module.constants[term.constant.index()])};
        };
        const auto [x, cx] = side(assumption.greater);
        const auto [y, cy] = side(assumption.lesser);
        facts.push_back({x, y, cy - cx + (assumption.strict ? 1 : 0)});
    }
}

Ref Draft::atom(const Atom& a) {
    const auto [known, is_new] = known_atoms_.try_emplace(a, static_cast<std::uint32_t>(atoms.size()));
    if (is_new) atoms.push_back(a);
    return formulas.atom(known->second);
}

Ref Draft::leaf(const Leaf& leaf) {
    Lowering lowering{*this, leaf.pack};
    return lower(leaf, lowering);
}

Ref Draft::leaf_without(const Leaf& leaf, ir::NodeId node, bool value) {
    Lowering lowering{*this, leaf.pack};
    lowering.replace(node, value);
    return lower(leaf, lowering);
}

Ref Draft::lower(const Leaf& leaf, Lowering& lowering) {
    const ir::Module& module = *packs[leaf.pack];
    // Made once: a deadline that isn't understood is the same condition wherever it is asked about. It hangs on no
    // boolean expression, so none that is replaced changes it.
    const auto has_come = [&](ir::RuleId id, bool warns) {
        const auto [at, is_new] = come_[leaf.pack].try_emplace({id, warns}, kTop);
        if (is_new) at->second = lowering.has_come(*module.rules[id.index()].expiry, warns);
        return at->second;
    };
    const auto rule_part = [&](ir::RuleId id, ir::Outcome outcome) {
        const ir::Rule& rule = module.rules[id.index()];
        const Ref when = rule.when.valid() ? lowering.run(rule.when) : kTop;
        std::vector<Ref> exemptions;
        for (const ir::Exemption& e : rule.exemptions) exemptions.push_back(lowering.run(e.condition));
        const Ref exempt = formulas.any(std::move(exemptions));
        if (outcome == ir::Outcome::kNotApplicable) return negated(when);
        if (outcome == ir::Outcome::kExempt) return formulas.both(when, exempt);
        const Ref satisfied = rule.expiry                ? negated(has_come(id, false))
                              : rule.requirement.valid() ? lowering.run(rule.requirement)
                                                         : kTop;
        const Ref applies = formulas.both(when, negated(exempt));
        switch (outcome) {
            case ir::Outcome::kPass: return formulas.both(applies, satisfied);
            case ir::Outcome::kViolated: return formulas.both(applies, negated(satisfied));
            case ir::Outcome::kNotApplicable:
            case ir::Outcome::kExempt:
            case ir::Outcome::kUndetermined: break;
        }
        return kBottom;
    };
    switch (leaf.claim) {
        case Claim::kHolds: return lowering.run(leaf.node);
        case Claim::kOutcome: return rule_part(leaf.rule, leaf.outcome);
        case Claim::kExempt: return lowering.run(module.rules[leaf.rule.index()].exemptions[leaf.exemption].condition);
        case Claim::kWarning: {
            const ir::Rule& rule = module.rules[leaf.rule.index()];
            if (!rule.expiry || !rule.expiry->warn_before.valid()) return kBottom;
            const Ref passes = rule_part(leaf.rule, ir::Outcome::kPass);
            return formulas.both(passes, has_come(leaf.rule, true));
        }
        case Claim::kVerdict: {
            std::vector<Ref> violated;
            for (std::size_t i = 0; i < module.rules.size(); ++i) {
                if (module.rules[i].severity == Severity::kError)
                    violated.push_back(rule_part(ir::RuleId{i}, ir::Outcome::kViolated));
            }
            const Ref violation = formulas.any(std::move(violated));
            if (leaf.verdict == ir::Verdict::kViolation) return violation;
            return leaf.verdict == ir::Verdict::kCompliant ? negated(violation) : kBottom;
        }
    }
    return kBottom;
}

Ref Draft::question(const Question& question) {
    std::vector<Ref> refs;
    for (const Term& term : question.terms) {
        std::vector<Ref> operands;
        for (const std::uint32_t operand : term.operands) operands.push_back(refs[operand]);
        switch (term.op) {
            case Term::Op::kTrue: refs.push_back(kTop); break;
            case Term::Op::kLeaf: refs.push_back(leaf(term.leaf)); break;
            case Term::Op::kNot: refs.push_back(negated(operands.front())); break;
            case Term::Op::kAnd: refs.push_back(formulas.all(std::move(operands))); break;
            case Term::Op::kOr: refs.push_back(formulas.any(std::move(operands))); break;
        }
    }
    return refs.empty() ? kBottom : refs.back();
}

Draft::Apart Draft::tell_apart(std::uint32_t v) {
    constexpr std::int64_t kMostValues = 32;
    const Variable& member = variables[v];
    Apart out;
    const auto ask = [&](value::Value value) {
        const Predicate is{Ask::kIs, std::move(value), 0};
        if (std::ranges::find(predicates[v], is) == predicates[v].end()) predicates[v].push_back(is);
    };
    const auto each_enumerator = [&] {
        for (std::uint32_t i = 0; i < 64; ++i) {
            if ((member.values.enumerators >> i & 1U) != 0) ask(value::EnumValue{i});
        }
    };
    switch (member.type.kind) {
        case Kind::kBool:
            ask(true);
            out.all = true;
            break;
        case Kind::kEnum:
            each_enumerator();
            out.all = true;
            break;
        case Kind::kInt: {
            if (Nanos{member.values.max} - member.values.min >= kMostValues) break;
            for (std::int64_t n = member.values.min + 1; n <= member.values.max; ++n) {
                const NumberComparison c{v, kNone, n};
                if (known_comparisons_.try_emplace(c, static_cast<std::uint32_t>(comparisons.size())).second)
                    comparisons.push_back(c);
            }
            out.all = true;
            break;
        }
        case Kind::kSet: {
            if (member.type.element == Kind::kEnum && unclear.contains(v)) {
                each_enumerator();
                out.all = true;
            }
            const auto number = static_cast<std::uint32_t>(quantified.size());
            quantified.push_back(v);
            out.root = formulas.some(number, kTop);
            break;
        }
        case Kind::kRecord: out.all = true; break;
        case Kind::kText:
        case Kind::kNetwork:
        case Kind::kInstant:
        case Kind::kDuration:
        case Kind::kSecret: break;
    }
    if (member.optional) out.root = formulas.both(out.root, atom({Atom::Kind::kPresent, v, 0, 0}));
    return out;
}

Ref Draft::constraint() {
    std::set<std::uint32_t> asked(quantified.begin(), quantified.end());
    for (const NumberComparison& c : comparisons) asked.insert({c.x, c.y});
    for (const Atom& a : atoms) asked.insert(a.kind == Atom::Kind::kElement ? kNone : a.variable);
    // A member that is asked about asks about the record around it, and that about all that it can't do without.
    // Records stand before what is in them.
    const auto may_vanish = [&](const Variable& v) { return v.parent != kNone && variables[v.parent].optional; };
    for (auto v = static_cast<std::uint32_t>(variables.size()); v-- > 0;) {
        if (asked.contains(v) && may_vanish(variables[v])) asked.insert(variables[v].parent);
    }
    for (std::uint32_t v = 0; v < variables.size(); ++v) {
        if (may_vanish(variables[v]) && !variables[v].is_free && asked.contains(variables[v].parent)) asked.insert(v);
    }
    std::vector<Ref> all;
    for (std::uint32_t v = 0; v < variables.size(); ++v) {
        const Variable& member = variables[v];
        if (!asked.contains(v) || !may_vanish(member)) continue;
        const Ref inner = atom({Atom::Kind::kPresent, v, 0, 0});
        const Ref outer = atom({Atom::Kind::kPresent, member.parent, 0, 0});
        all.push_back(member.is_free ? formulas.implies(inner, outer) : formulas.equal(inner, outer));
    }
    return formulas.all(std::move(all));
}

}  // namespace keywright::logic
