#include "eval/terms.h"

#include "ir/operands.h"

#include <algorithm>
#include <string>
#include <utility>

namespace keywright::eval::code {
namespace {

constexpr std::uint32_t kNone = 0xffffffff;

constexpr Literal negate(Literal l) { return l ^ 1U; }

// Literals of the terms that stand for true and unknown; the first terms of all.
Literal literal_of(bool value) { return value ? kTrueLiteral : kFalseLiteral; }

// Bytes that are equal for equal constants of one sort, so that a number written twice is one term.
struct Key {
    std::string bytes;

    void number(std::uint64_t n) { bytes.append(reinterpret_cast<const char*>(&n), sizeof n); }
    void number(std::int64_t n) { number(static_cast<std::uint64_t>(n)); }
    void network(const value::Network& n) {
        number(n.high);
        number(n.low);
        number(std::uint64_t{n.prefix} << 16U | std::uint64_t{n.family} << 8U | (n.masked ? 1U : 0U));
    }
    void text(const std::string& t) {
        number(std::uint64_t{t.size()});
        bytes += t;
    }

    void operator()(bool v) { number(std::uint64_t{v}); }
    void operator()(std::int64_t v) { number(v); }
    void operator()(const std::string& v) { text(v); }
    void operator()(value::EnumValue v) { number(std::uint64_t{v.index}); }
    void operator()(value::EnumSet v) { number(v.bits); }
    void operator()(const value::Network& v) { network(v); }
    void operator()(const value::NetworkSet& v) {
        for (const value::Network& n : v) network(n);
    }
    void operator()(const value::TextSet& v) {
        for (const std::string& t : v) text(t);
    }
    void operator()(const value::IntSet& v) {
        for (const std::int64_t n : v) number(n);
    }
    void operator()(Instant v) {
        number(v.seconds);
        number(std::uint64_t{v.nanoseconds});
    }
    void operator()(Duration v) {
        number(v.seconds);
        number(std::uint64_t{v.nanoseconds});
    }
    void operator()(const value::SecretFacts& v) {
        number(std::uint64_t{v.length_min} << 32U | v.length_max);
        number(std::uint64_t{v.known} << 8U | v.facts);
    }
};

bool reads_as_bool(const ir::Node& node) {
    // Booleans that may be absent, so that they are kept as cells.
    return node.op == ir::Op::kField || node.op == ir::Op::kElement || node.op == ir::Op::kElse ||
           node.op == ir::Op::kMatch;
}

}  // namespace

Shape shape_of(Code code) {
    switch (code) {
#define KW_CODE(name, result, a, b) \
    case Code::k##name: return {Part::k##result, Part::k##a, Part::k##b};
#include "eval/codes.def"
#undef KW_CODE
    }
    return {Part::kNone, Part::kNone, Part::kNone};
}

std::size_t TermHash::operator()(const Term& term) const {
    std::uint64_t h = static_cast<std::uint64_t>(term.code) + 1;
    const auto mix = [&h](std::uint64_t x) {
        h = (h ^ x) * 0x9e3779b97f4a7c15U;
        h ^= h >> 29U;
    };
    mix(static_cast<std::uint64_t>(term.otherwise));
    mix((std::uint64_t{term.a} << 32U) | term.b);
    mix(term.m);
    mix(term.v);
    for (const std::uint32_t arm : term.arms) mix(arm);
    return static_cast<std::size_t>(h);
}

Terms::Terms(const ir::Module& module)
    : module_(module),
      meant_(module.nodes.size()),
      truths_(module.nodes.size(), kNone),
      cells_(module.nodes.size(), kNone),
      assumed_(module.schema.fields.size(), false),
      prototype_numbers_(module.types.size(), kNone) {
    for (const ir::Assumption& a : module.schema.assumptions) {
        if (a.lesser.field.valid()) assumed_[a.lesser.field.index()] = true;
        if (a.greater.field.valid()) assumed_[a.greater.field.index()] = true;
    }
    // The terms of `true` and `unknown`; they have the numbers of their registers and no instruction.
    terms_.resize(kFirstTruth);
    prototypes_.emplace_back().sort = Sort::kRange;
    zero_ = constant_term(constant_cell(value::Value{std::int64_t{0}}));
    // Operands stand before what reads them, so one pass needs no recursion.
    for (std::size_t i = 0; i < module.nodes.size(); ++i) {
        const ir::NodeId id{i};
        const ir::Node& node = module.nodes[i];
        if (node.op == ir::Op::kDefine) {
            meant_[i] = meant(node.a);
            truths_[i] = truths_[node.a];
            cells_[i] = cells_[node.a];
            continue;
        }
        const bool boolean = module.type(id).kind == ir::Kind::kBool;
        if (!boolean || reads_as_bool(node)) cells_[i] = build_cell(id);
        if (boolean) truths_[i] = build_truth(id);
    }
}

Literal Terms::truth(ir::NodeId id) { return truths_[id.index()]; }

std::uint32_t Terms::cell(ir::NodeId id) {
    std::uint32_t& number = cells_[id.index()];
    if (number == kNone) number = add({Code::kTruthCell, Truth::kUnknown, truths_[id.index()], 0, 0, 0, {}, {}});
    return number;
}

// --- terms ----------------------------------------------------------------------------------------------------------

std::uint32_t Terms::add(Term term) {
    if (const auto found = numbers_.find(term); found != numbers_.end()) return found->second;
    const Term key = term;  // what it reads free follows from its operands
    const bool binds = term.code == Code::kAny;
    if (term.code == Code::kElement) term.free.push_back(static_cast<std::uint32_t>(term.m));
    for_each_operand(key, [&](std::uint32_t operand, bool is_literal) {
        for (const std::uint32_t variable : terms_[operand].free) {
            if (!(binds && is_literal && variable == term.m)) term.free.push_back(variable);
        }
    });
    std::sort(term.free.begin(), term.free.end());
    term.free.erase(std::unique(term.free.begin(), term.free.end()), term.free.end());
    const auto number = static_cast<std::uint32_t>(terms_.size());
    terms_.push_back(std::move(term));
    numbers_.emplace(key, number);
    return number;
}

Literal Terms::ask(Code code, std::uint32_t a, std::uint32_t b, std::uint64_t m) {
    return add({code, Truth::kUnknown, a, b, m, 0, {}, {}}) << 1U;
}

Literal Terms::ask_field(Code code, ir::NodeId field, Truth otherwise, std::uint64_t m, std::uint64_t v) {
    // `a` is the field, not an operand: the shape of these codes says so.
    return add({code, otherwise, module_.node(field).a, 0, m, v, {}, {}}) << 1U;
}

Literal Terms::conjunction(Literal a, Literal b) {
    if (a == kFalseLiteral || b == kFalseLiteral) return kFalseLiteral;
    if (a == kTrueLiteral || a == b) return b;
    if (b == kTrueLiteral) return a;
    return ask(Code::kAnd, std::min(a, b), std::max(a, b));
}

std::uint32_t Terms::constant_term(Cell cell) {
    constants_.push_back(std::move(cell));
    return add({Code::kConstant, Truth::kUnknown, 0, 0, constants_.size() - 1, 0, {}, {}});
}

// Number 0 is that of every int; each other type has its own.
std::uint32_t Terms::prototype(ir::TypeId id) {
    const ir::Type& type = module_.types[id.index()];
    if (type.kind == ir::Kind::kInt) return 0;
    std::uint32_t& number = prototype_numbers_[id.index()];
    if (number == kNone) {
        number = static_cast<std::uint32_t>(prototypes_.size());
        prototypes_.push_back(unknown_cell(module_, type));
    }
    return number;
}

// --- looking at nodes
// -------------------------------------------------------------------------------------------------

ir::NodeId Terms::meant(std::uint32_t index) const {
    return module_.nodes[index].op == ir::Op::kDefine ? meant_[index] : ir::NodeId{index};
}

bool Terms::is_plain_field(ir::NodeId id) const {
    const ir::Node& node = module_.node(id);
    return node.op == ir::Op::kField && !module_.schema.fields[node.a].parent.valid();
}

const value::Value* Terms::constant_of(ir::NodeId id) const {
    const ir::Node& node = module_.node(id);
    if (node.op == ir::Op::kConst) return &module_.constants[node.a];
    if (node.op == ir::Op::kParam) return &module_.constants[module_.params[node.a].value.index()];
    return nullptr;
}

// `a else b`. Where `a` is a time, its field is read in place; `(x else y) else z` is `x else (y else z)`, so that a
// chain of times needs no copies. The chain is turned round only as far as chains that people write are long.
std::uint32_t Terms::otherwise(std::uint32_t a, std::uint32_t b, unsigned depth) {
    constexpr unsigned kLongest = 8;
    const Code code = terms_[a].code;
    const std::uint32_t field = terms_[a].a, rest = terms_[a].b;
    if (code == Code::kLoadTime) return add({Code::kElseTime, Truth::kUnknown, field, b, 0, 0, {}, {}});
    if (code == Code::kElseTime && depth < kLongest) {
        return add({Code::kElseTime, Truth::kUnknown, field, otherwise(rest, b, depth + 1), 0, 0, {}, {}});
    }
    return add({Code::kElse, Truth::kUnknown, a, b, 0, 0, {}, {}});
}

// --- values
// -----------------------------------------------------------------------------------------------------------

std::uint32_t Terms::build_cell(ir::NodeId id) {
    const ir::Node& node = module_.node(id);
    const auto operand = [&](std::uint32_t index) { return cell(ir::NodeId{index}); };
    const auto constant = [&](std::uint32_t index) {
        const value::Value& value = module_.constants[index];
        Key key{std::string(1, static_cast<char>(value.index()))};
        std::visit(key, value);
        const auto [found, is_new] = constant_terms_.emplace(std::move(key.bytes), kNone);
        if (is_new) found->second = constant_term(constant_cell(value));
        return found->second;
    };
    const auto unary = [&](Code code) {
        return add({code, Truth::kUnknown, operand(node.a), 0, 0, prototype(node.type), {}, {}});
    };
    const auto arithmetic = [&](Code code) -> std::uint32_t {
        const std::uint32_t a = operand(node.a), b = operand(node.b);
        if (terms_[a].code == Code::kConstant && terms_[b].code == Code::kConstant) {
            const Cell& x = constants_[terms_[a].m];
            const Cell& y = constants_[terms_[b].m];
            const Range range = code == Code::kAdd ? code::add({x.low, x.high}, {y.low, y.high})
                                                   : subtract({x.low, x.high}, {y.low, y.high});
            Cell cell;
            cell.sort = Sort::kRange;
            cell.low = range.low;
            cell.high = range.high;
            return constant_term(cell);
        }
        return add({code, Truth::kUnknown, a, b, 0, 0, {}, {}});
    };
    switch (node.op) {
        case ir::Op::kConst: return constant(node.a);
        case ir::Op::kParam: return constant(module_.params[node.a].value.value);
        case ir::Op::kField: {
            const ir::Kind kind = module_.schema.fields[node.a].type.kind;
            const bool time = is_plain_field(id) && (kind == ir::Kind::kInstant || kind == ir::Kind::kDuration);
            return add({time ? Code::kLoadTime : Code::kLoad, Truth::kUnknown, node.a, 0, 0, 0, {}, {}});
        }
        case ir::Op::kNow: return add({Code::kNow, Truth::kUnknown, 0, 0, 0, 0, {}, {}});
        case ir::Op::kElement: return add({Code::kElement, Truth::kUnknown, 0, 0, node.a, 0, {}, {}});
        case ir::Op::kElse: return otherwise(operand(node.a), operand(node.b), 0);
        case ir::Op::kAdd: return arithmetic(Code::kAdd);
        case ir::Op::kSubtract: return arithmetic(Code::kSubtract);
        case ir::Op::kCount: return unary(Code::kCount);
        case ir::Op::kPrefixLength: return unary(Code::kPrefixLength);
        case ir::Op::kFamily: return unary(Code::kFamily);
        case ir::Op::kLength: return unary(Code::kLength);
        case ir::Op::kMatch: {
            const auto list = module_.list(node);
            Term term{Code::kMatch, Truth::kUnknown, cell(list[0]), 0, 0, prototype(node.type), {}, {}};
            for (std::size_t i = 1; i < list.size(); ++i) term.arms.push_back(cell(list[i]));
            return add(std::move(term));
        }
        case ir::Op::kDeadline:  // stands in messages only, which aren't compiled
        case ir::Op::kDefine:
        case ir::Op::kNot:
        case ir::Op::kAnd:
        case ir::Op::kOr:
        case ir::Op::kImplies:
        case ir::Op::kIsPresent:
        case ir::Op::kEqual:
        case ir::Op::kNotEqual:
        case ir::Op::kLess:
        case ir::Op::kLessEqual:
        case ir::Op::kGreater:
        case ir::Op::kGreaterEqual:
        case ir::Op::kIn:
        case ir::Op::kHasAny:
        case ir::Op::kHasAll:
        case ir::Op::kHasNone:
        case ir::Op::kHasOnly:
        case ir::Op::kIsEmpty:
        case ir::Op::kWithin:
        case ir::Op::kCovers:
        case ir::Op::kOverlaps:
        case ir::Op::kIsOpen:
        case ir::Op::kIsPrivate:
        case ir::Op::kIsBlank:
        case ir::Op::kStartsWith:
        case ir::Op::kEndsWith:
        case ir::Op::kLike:
        case ir::Op::kHasFact:
        case ir::Op::kAny:
        case ir::Op::kEvery:
        case ir::Op::kNo: break;
    }
    return add({Code::kNow, Truth::kUnknown, 0, 0, 0, 0, {}, {}});
}

// --- questions about one field
// ------------------------------------------------------------------------------------------

Literal Terms::one_of(ir::NodeId field, std::uint64_t mask) {
    const ir::Field& f = module_.schema.fields[module_.node(field).a];
    const std::uint64_t all = f.type.kind == ir::Kind::kBool ? 3 : unknown_cell(module_, f.type).may;
    Truth otherwise = Truth::kUnknown;
    if (!f.type.optional && (all & mask) == 0) otherwise = Truth::kFalse;
    if (!f.type.optional && (all & ~mask) == 0) otherwise = Truth::kTrue;
    return ask_field(Code::kFieldOneOf, field, otherwise, mask);
}

Literal Terms::bits(ir::NodeId field, std::uint64_t mask, std::uint64_t value) {
    const ir::Field& f = module_.schema.fields[module_.node(field).a];
    const std::uint64_t all = unknown_cell(module_, f.type).may;
    Truth otherwise = Truth::kUnknown;
    if (!f.type.optional && (value & ~(all & mask)) != 0) otherwise = Truth::kFalse;
    if (!f.type.optional && (all & mask) == 0) otherwise = truth_of(value == 0);
    return ask_field(Code::kFieldBits, field, otherwise, mask, value);
}

Literal Terms::between(ir::NodeId field, std::int64_t low, std::int64_t high) {
    const ir::Type& type = module_.schema.fields[module_.node(field).a].type;
    Truth otherwise = Truth::kUnknown;
    if (!type.optional && low <= type.min && type.max <= high) otherwise = Truth::kTrue;
    if (!type.optional && (type.max < low || high < type.min)) otherwise = Truth::kFalse;
    return ask_field(Code::kFieldBetween, field, otherwise, static_cast<std::uint64_t>(low),
                     static_cast<std::uint64_t>(high));
}

// Lengths are from 0 up; bounds beyond 64 bits are as good as none.
Literal Terms::length_between(ir::NodeId field, Nanos low, Nanos high) {
    const bool optional = module_.schema.fields[module_.node(field).a].type.optional;
    Truth otherwise = Truth::kUnknown;
    if (!optional && low <= 0 && high >= INT64_MAX) otherwise = Truth::kTrue;
    if (!optional && high < 0) otherwise = Truth::kFalse;
    return ask_field(Code::kFieldLength, field, otherwise, static_cast<std::uint64_t>(low),
                     static_cast<std::uint64_t>(high));
}

// `==` and the orders, between a field or its length and a constant.
Literal Terms::compare_field(ir::Op op, ir::NodeId left, ir::NodeId right, bool& built) {
    const value::Value* value = constant_of(right);
    bool field_first = true;
    if (value == nullptr) {
        value = constant_of(left);
        std::swap(left, right);
        field_first = false;
    }
    built = true;
    const ir::Node& other = module_.node(left);
    const auto* number = value != nullptr ? std::get_if<std::int64_t>(value) : nullptr;
    if (number != nullptr && other.op == ir::Op::kLength && is_plain_field(meant(other.a))) {
        const ir::NodeId measured = meant(other.a);
        if (op == ir::Op::kEqual) return length_between(measured, *number, *number);
        if (field_first && *number != INT64_MIN) return length_between(measured, INT64_MIN, *number - 1);
        if (!field_first && *number != INT64_MAX) return length_between(measured, *number + 1, INT64_MAX);
    }
    built = value != nullptr && is_plain_field(left);
    if (!built) return 0;
    if (op == ir::Op::kEqual) {
        if (const auto* v = std::get_if<value::EnumValue>(value)) return one_of(left, std::uint64_t{1} << v->index);
        if (const auto* v = std::get_if<bool>(value)) return one_of(left, *v ? 2 : 1);
        if (const auto* v = std::get_if<value::EnumSet>(value)) return bits(left, ~std::uint64_t{0}, v->bits);
    }
    if (number != nullptr && !assumed_[module_.node(left).a]) {
        if (op == ir::Op::kEqual) return between(left, *number, *number);
        if (field_first && *number != INT64_MIN) return between(left, INT64_MIN, *number - 1);
        if (!field_first && *number != INT64_MAX) return between(left, *number + 1, INT64_MAX);
    }
    built = false;
    return 0;
}

// `in` and the relations of sets of enum, where one side is constant.
Literal Terms::set_question(ir::Op op, ir::NodeId left, ir::NodeId right, bool& built) {
    built = true;
    if (op == ir::Op::kIn) {
        const auto* set = constant_of(right);
        const auto* element = constant_of(left);
        if (set != nullptr && is_plain_field(left) && std::holds_alternative<value::EnumSet>(*set)) {
            return one_of(left, std::get<value::EnumSet>(*set).bits);
        }
        if (element != nullptr && is_plain_field(right) && std::holds_alternative<value::EnumValue>(*element)) {
            return negate(bits(right, std::uint64_t{1} << std::get<value::EnumValue>(*element).index, 0));
        }
    } else if (is_plain_field(left)) {
        const auto* set = constant_of(right);
        if (set != nullptr && std::holds_alternative<value::EnumSet>(*set)) {
            const std::uint64_t mask = std::get<value::EnumSet>(*set).bits;
            if (op == ir::Op::kHasAny) return negate(bits(left, mask, 0));
            if (op == ir::Op::kHasAll) return bits(left, mask, mask);
            if (op == ir::Op::kHasOnly) return bits(left, ~mask, 0);
        }
    }
    built = false;
    return 0;
}

// --- booleans
// -----------------------------------------------------------------------------------------------------------

Literal Terms::quantifier(const ir::Node& node, bool negated_body) {
    const ir::NodeId set = meant(node.a), body = meant(node.b);
    const Literal condition = negated_body ? negate(truth(body)) : truth(body);
    const ir::Node& inner = module_.node(body);
    if (is_plain_field(set) && !negated_body && inner.op == ir::Op::kIsOpen) {
        const ir::Node& element = module_.node(ir::NodeId{inner.a});
        if (element.op == ir::Op::kElement && element.a == node.c)
            return ask_field(Code::kFieldAnyOpen, set, Truth::kUnknown);
    }
    return add({Code::kAny, Truth::kUnknown, cell(set), condition, node.c, 0, {}, {}}) << 1U;
}

Literal Terms::build_truth(ir::NodeId id) {
    const ir::Node& node = module_.node(id);
    const auto operand = [&](std::uint32_t index) { return cell(ir::NodeId{index}); };
    const auto unary = [&](Code code, std::uint64_t m = 0) { return ask(code, operand(node.a), 0, m); };
    const auto binary = [&](Code code) { return ask(code, operand(node.a), operand(node.b)); };
    const auto swapped = [&](Code code) { return ask(code, operand(node.b), operand(node.a)); };

    ir::NodeId a, b;
    ir::for_each_operand(module_, node, [&](ir::NodeId one) { (a.valid() ? b : a) = meant(one.value); });
    const auto compare = [&](ir::Op op, Code code, bool swap) {
        if (swap) std::swap(a, b);
        bool built = false;
        const Literal fast = compare_field(op, a, b, built);
        return built ? fast : ask(code, cell(a), cell(b));
    };
    const auto set_relation = [&](ir::Op op, Code code, bool swap) {
        bool built = false;
        const Literal fast = set_question(op, a, b, built);
        if (built) return fast;
        return swap ? ask(code, cell(b), cell(a)) : ask(code, cell(a), cell(b));
    };

    switch (node.op) {
        case ir::Op::kConst:
        case ir::Op::kParam: return literal_of(std::get<bool>(*constant_of(id)));
        case ir::Op::kField:
            if (is_plain_field(id)) return one_of(id, 2);
            return ask(Code::kCellTruth, cell(id));
        case ir::Op::kElement:
        case ir::Op::kElse:
        case ir::Op::kMatch: return ask(Code::kCellTruth, cell(id));
        case ir::Op::kDefine: return truth(a);

        case ir::Op::kNot: return negate(truth(a));
        case ir::Op::kAnd: {
            Literal all = kTrueLiteral;
            for (const ir::NodeId one : module_.list(node)) all = conjunction(all, truth(one));
            return all;
        }
        case ir::Op::kOr: {
            Literal none = kTrueLiteral;
            for (const ir::NodeId one : module_.list(node)) none = conjunction(none, negate(truth(one)));
            return negate(none);
        }
        case ir::Op::kImplies: return negate(conjunction(truth(a), negate(truth(b))));

        case ir::Op::kIsPresent:
            if (is_plain_field(a)) {
                const bool optional = module_.schema.fields[module_.node(a).a].type.optional;
                return ask_field(Code::kFieldPresent, a, optional ? Truth::kUnknown : Truth::kTrue);
            }
            return ask(Code::kPresent, cell(a));

        case ir::Op::kEqual: return compare(ir::Op::kEqual, Code::kEqual, false);
        case ir::Op::kNotEqual: return negate(compare(ir::Op::kEqual, Code::kEqual, false));
        case ir::Op::kLess: return compare(ir::Op::kLess, Code::kLess, false);
        case ir::Op::kGreater: return compare(ir::Op::kLess, Code::kLess, true);
        case ir::Op::kLessEqual: return negate(compare(ir::Op::kLess, Code::kLess, true));
        case ir::Op::kGreaterEqual: return negate(compare(ir::Op::kLess, Code::kLess, false));

        case ir::Op::kIn: return set_relation(ir::Op::kIn, Code::kIn, false);
        case ir::Op::kHasAny: return set_relation(ir::Op::kHasAny, Code::kShare, false);
        case ir::Op::kHasNone: return negate(set_relation(ir::Op::kHasAny, Code::kShare, false));
        case ir::Op::kHasAll: return set_relation(ir::Op::kHasAll, Code::kSubset, true);
        case ir::Op::kHasOnly: return set_relation(ir::Op::kHasOnly, Code::kSubset, false);
        case ir::Op::kIsEmpty: {
            if (is_plain_field(a)) {
                const bool of_enum = module_.type(a).element == ir::Kind::kEnum;
                return of_enum ? bits(a, ~std::uint64_t{0}, 0) : ask_field(Code::kFieldIsEmpty, a, Truth::kUnknown);
            }
            return ask(Code::kEqual, add({Code::kCount, Truth::kUnknown, cell(a), 0, 0, 0, {}, {}}), zero_);
        }

        case ir::Op::kWithin: return binary(Code::kWithin);
        case ir::Op::kCovers: return swapped(Code::kWithin);
        case ir::Op::kOverlaps: return binary(Code::kOverlaps);
        case ir::Op::kIsOpen: return unary(Code::kIsOpen);
        case ir::Op::kIsPrivate: return unary(Code::kIsPrivate);
        case ir::Op::kIsBlank:
            if (is_plain_field(a)) return ask_field(Code::kFieldIsBlank, a, Truth::kUnknown);
            return unary(Code::kIsBlank);
        case ir::Op::kStartsWith: return binary(Code::kStartsWith);
        case ir::Op::kEndsWith: return binary(Code::kEndsWith);
        case ir::Op::kLike: return binary(Code::kLike);
        case ir::Op::kHasFact:
            if (is_plain_field(a)) return ask_field(Code::kFieldFact, a, Truth::kUnknown, node.b);
            return unary(Code::kHasFact, node.b);

        case ir::Op::kAny: return quantifier(node, false);
        case ir::Op::kEvery: return negate(quantifier(node, true));
        case ir::Op::kNo: return negate(quantifier(node, false));

        case ir::Op::kNow:
        case ir::Op::kDeadline:
        case ir::Op::kAdd:
        case ir::Op::kSubtract:
        case ir::Op::kCount:
        case ir::Op::kPrefixLength:
        case ir::Op::kFamily:
        case ir::Op::kLength: break;  // not boolean
    }
    return kUnknownLiteral;
}

std::vector<RuleRoots> Terms::roots_of_rules() {
    std::vector<RuleRoots> all;
    all.reserve(module_.rules.size());
    for (const ir::Rule& rule : module_.rules) {
        RuleRoots roots;
        if (rule.when.valid()) roots.when = truth(rule.when);
        for (const ir::Exemption& e : rule.exemptions) roots.exemptions.push_back(truth(e.condition));
        if (rule.expiry) {
            roots.since = cell(rule.expiry->since);
            roots.after = cell(rule.expiry->after);
            if (rule.expiry->warn_before.valid()) roots.warn_before = cell(rule.expiry->warn_before);
        } else if (rule.requirement.valid()) {
            roots.satisfied = truth(rule.requirement);
        }
        all.push_back(std::move(roots));
    }
    return all;
}

}  // namespace keywright::eval::code
