#include "analysis/variants.h"

#include "value/time.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace keywright::analysis {

using ir::Kind;
using ir::NodeId;
using ir::Op;
using value::Nanos;
using Values = std::vector<std::pair<MutantOperator, value::Value>>;

namespace {

// Other operators that may be written by mistake in the place of one, with the same operands.
struct Confused {
    Op op, with;
    MutantOperator as;
};
constexpr Confused kConfused[] = {
    {Op::kAnd, Op::kOr, MutantOperator::kConnective},
    {Op::kOr, Op::kAnd, MutantOperator::kConnective},
    {Op::kEqual, Op::kNotEqual, MutantOperator::kComparison},
    {Op::kNotEqual, Op::kEqual, MutantOperator::kComparison},
    {Op::kLess, Op::kLessEqual, MutantOperator::kComparison},
    {Op::kLess, Op::kGreater, MutantOperator::kComparison},
    {Op::kLessEqual, Op::kLess, MutantOperator::kComparison},
    {Op::kLessEqual, Op::kGreaterEqual, MutantOperator::kComparison},
    {Op::kGreater, Op::kGreaterEqual, MutantOperator::kComparison},
    {Op::kGreater, Op::kLess, MutantOperator::kComparison},
    {Op::kGreaterEqual, Op::kGreater, MutantOperator::kComparison},
    {Op::kGreaterEqual, Op::kLessEqual, MutantOperator::kComparison},
    {Op::kHasAny, Op::kHasAll, MutantOperator::kSetRelation},
    {Op::kHasAny, Op::kHasOnly, MutantOperator::kSetRelation},
    {Op::kHasAll, Op::kHasAny, MutantOperator::kSetRelation},
    {Op::kHasAll, Op::kHasOnly, MutantOperator::kSetRelation},
    {Op::kHasOnly, Op::kHasAny, MutantOperator::kSetRelation},
    {Op::kHasOnly, Op::kHasAll, MutantOperator::kSetRelation},
    {Op::kHasNone, Op::kHasAny, MutantOperator::kSetRelation},
    {Op::kAny, Op::kEvery, MutantOperator::kQuantifier},
    {Op::kAny, Op::kNo, MutantOperator::kQuantifier},
    {Op::kEvery, Op::kAny, MutantOperator::kQuantifier},
    {Op::kEvery, Op::kNo, MutantOperator::kQuantifier},
    {Op::kNo, Op::kAny, MutantOperator::kQuantifier},
    {Op::kNo, Op::kEvery, MutantOperator::kQuantifier},
    {Op::kWithin, Op::kCovers, MutantOperator::kNetworkRelation},
    {Op::kWithin, Op::kOverlaps, MutantOperator::kNetworkRelation},
    {Op::kCovers, Op::kWithin, MutantOperator::kNetworkRelation},
    {Op::kCovers, Op::kOverlaps, MutantOperator::kNetworkRelation},
    {Op::kOverlaps, Op::kWithin, MutantOperator::kNetworkRelation},
    {Op::kOverlaps, Op::kCovers, MutantOperator::kNetworkRelation},
    {Op::kStartsWith, Op::kEndsWith, MutantOperator::kTextRelation},
    {Op::kEndsWith, Op::kStartsWith, MutantOperator::kTextRelation},
};

// The smallest step of a time: a second, or the finest decimal unit that it is written to.
Nanos step_of(Nanos time) {
    for (const Nanos step : {Nanos{value::kNanosPerSecond}, Nanos{1'000'000}, Nanos{1'000}}) {
        if (time % step == 0) return step;
    }
    return 1;
}

value::Network masked_to(value::Network n, unsigned prefix) {
    n.prefix = static_cast<std::uint8_t>(prefix);
    const unsigned bits = n.family == 4 ? 32 : 128;
    const unsigned host = bits - prefix;
    if (host >= 128) {
        n.high = n.low = 0;
    } else if (host >= 64) {
        n.low = 0;
        if (host > 64) n.high &= ~((std::uint64_t{1} << (host - 64)) - 1);
    } else if (host > 0) {
        n.low &= ~((std::uint64_t{1} << host) - 1);
    }
    return n;
}

std::vector<value::Network> resized(const value::Network& n) {
    std::vector<value::Network> out;
    if (n.masked) return out;
    if (n.prefix > 0) out.push_back(masked_to(n, n.prefix - 1U));
    if (n.prefix < (n.family == 4 ? 32 : 128)) out.push_back(masked_to(n, n.prefix + 1U));
    return out;
}

template <class Set>
void without_each(const Set& set, Values& out) {
    for (std::size_t i = 0; i < set.size(); ++i) {
        Set fewer = set;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        out.emplace_back(MutantOperator::kDropElement, std::move(fewer));
    }
}

}  // namespace

Values variants_of(const ir::Module& module, const ir::Type& type, const value::Value& value) {
    Values out;
    if (const auto* truth = std::get_if<bool>(&value)) {
        out.emplace_back(MutantOperator::kConstant, !*truth);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        if (*number > std::numeric_limits<std::int64_t>::min())
            out.emplace_back(MutantOperator::kConstant, *number - 1);
        if (*number < std::numeric_limits<std::int64_t>::max())
            out.emplace_back(MutantOperator::kConstant, *number + 1);
    } else if (const auto* duration = std::get_if<Duration>(&value)) {
        const Nanos n = value::to_nanos(*duration), step = step_of(n);
        if (n < 0 || n >= step) out.emplace_back(MutantOperator::kConstant, value::to_duration(n - step));
        out.emplace_back(MutantOperator::kConstant, value::to_duration(n + step));
    } else if (const auto* instant = std::get_if<Instant>(&value)) {
        const Nanos n = value::to_nanos(*instant), step = step_of(n);
        if (n >= step) out.emplace_back(MutantOperator::kConstant, value::to_instant(n - step));
        if (n + step <= Nanos{value::kLastSecond} * value::kNanosPerSecond)
            out.emplace_back(MutantOperator::kConstant, value::to_instant(n + step));
    } else if (const auto* one = std::get_if<value::EnumValue>(&value)) {
        const std::size_t values = module.enums[type.enumeration.index()].values.size();
        if (values > 1)
            out.emplace_back(MutantOperator::kEnumValue,
                             value::EnumValue{static_cast<std::uint32_t>((one->index + 1) % values)});
    } else if (const auto* members = std::get_if<value::EnumSet>(&value)) {
        for (unsigned i = 0; i < 64; ++i) {
            if ((members->bits >> i & 1U) != 0)
                out.emplace_back(MutantOperator::kDropElement,
                                 value::EnumSet{members->bits & ~(std::uint64_t{1} << i)});
        }
    } else if (const auto* network = std::get_if<value::Network>(&value)) {
        for (const value::Network& n : resized(*network)) out.emplace_back(MutantOperator::kPrefix, n);
    } else if (const auto* networks = std::get_if<value::NetworkSet>(&value)) {
        without_each(*networks, out);
        for (std::size_t i = 0; i < networks->size(); ++i) {
            for (const value::Network& n : resized((*networks)[i])) {
                value::NetworkSet other = *networks;
                other[i] = n;
                std::sort(other.begin(), other.end());
                other.erase(std::unique(other.begin(), other.end()), other.end());
                out.emplace_back(MutantOperator::kPrefix, std::move(other));
            }
        }
    } else if (const auto* texts = std::get_if<value::TextSet>(&value)) {
        without_each(*texts, out);
    } else if (const auto* numbers = std::get_if<value::IntSet>(&value)) {
        without_each(*numbers, out);
    }
    return out;
}

std::vector<Variant> variants_of(ir::Module& module, NodeId id, bool negatable) {
    std::vector<Variant> out;
    ir::Editor editor{module};
    const ir::Node node = module.node(id);
    const ir::Type type = module.type(id);
    const bool is_condition = type.kind == Kind::kBool && !type.optional;

    for (const Confused& confused : kConfused) {
        if (confused.op != node.op) continue;
        ir::Node other = node;
        other.op = confused.with;
        out.push_back({confused.as, editor.add(other)});
    }
    if (node.op == Op::kAnd || node.op == Op::kOr) {
        const auto list = module.list(node);
        const std::vector<NodeId> operands{list.begin(), list.end()};
        for (std::size_t i = 0; i < operands.size(); ++i) {
            std::vector<NodeId> kept = operands;
            kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
            out.push_back({MutantOperator::kDropOperand,
                           kept.size() == 1 ? kept.front() : editor.add_list(node.op, node.type, node.span, kept)});
        }
    }
    if (node.op == Op::kImplies) {
        ir::Node reversed = node;
        std::swap(reversed.a, reversed.b);
        out.push_back({MutantOperator::kImplication, editor.add(reversed)});
        out.push_back({MutantOperator::kImplication,
                       editor.add_list(Op::kAnd, node.type, node.span, {NodeId{node.a}, NodeId{node.b}})});
    }
    if (node.op == Op::kElse) {
        out.push_back({MutantOperator::kDropAlternative, NodeId{node.b}});
        // The other side may be left alone only where nothing relies on a value.
        if (type.optional) out.push_back({MutantOperator::kDropAlternative, NodeId{node.a}});
    }
    if (node.op == Op::kAdd || node.op == Op::kSubtract) {
        // Sums of ints have ranges of their own, and `duration + instant` has no opposite.
        const Kind left = module.type(NodeId{node.a}).kind, right = module.type(NodeId{node.b}).kind;
        if ((left == Kind::kInstant || left == Kind::kDuration) && right == Kind::kDuration) {
            ir::Node other = node;
            other.op = node.op == Op::kAdd ? Op::kSubtract : Op::kAdd;
            out.push_back({MutantOperator::kArithmetic, editor.add(other)});
        }
    }
    if (node.op == Op::kConst) {
        for (auto& [op, value] : variants_of(module, type, module.constant(node.a)))
            out.push_back({op, editor.add_constant(std::move(value), type, node.span)});
    }
    if (node.op == Op::kNot) {
        out.push_back({MutantOperator::kNegate, NodeId{node.a}});
    } else if (is_condition && negatable && node.op != Op::kConst) {
        ir::Node opposite;
        opposite.op = Op::kNot;
        opposite.type = node.type;
        opposite.span = node.span;
        opposite.a = id.value;
        out.push_back({MutantOperator::kNegate, editor.add(opposite)});
    }
    return out;
}

}  // namespace keywright::analysis
