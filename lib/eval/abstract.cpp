#include "eval/abstract.h"

#include <algorithm>
#include <bit>

namespace keywright::eval::reference {
namespace {

constexpr std::uint8_t kAllFacts = 127;

std::uint64_t all_values(const ir::Module& module, ir::EnumId id) {
    const std::size_t count = module.enums[id.index()].values.size();
    return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

// What stands beside the mark of a masked entry means nothing; without it two masked entries are equal.
value::Network normal(const value::Network& n) {
    if (!n.masked) return n;
    value::Network masked;
    masked.masked = true;
    return masked;
}

struct Describe {
    Present operator()(bool v) const { return truth_of(v); }
    Present operator()(std::int64_t v) const { return Range{v, v}; }
    Present operator()(const std::string& v) const { return v; }
    Present operator()(value::EnumValue v) const { return Choice{std::uint64_t{1} << v.index}; }
    Present operator()(value::EnumSet v) const { return Membership{v.bits, v.bits}; }
    Present operator()(const value::Network& v) const { return normal(v); }
    Present operator()(const value::NetworkSet& v) const {
        value::NetworkSet set;
        for (const value::Network& n : v) set.push_back(normal(n));
        return set;
    }
    Present operator()(const value::TextSet& v) const { return v; }
    Present operator()(const value::IntSet& v) const { return v; }
    Present operator()(Instant v) const { return Range{value::to_nanos(v), value::to_nanos(v)}; }
    Present operator()(Duration v) const { return Range{value::to_nanos(v), value::to_nanos(v)}; }
    Present operator()(const value::SecretFacts& v) const { return v; }
};

ir::Kind kind_of(const Present& p) {
    if (const auto* anything = std::get_if<Anything>(&p)) return anything->kind;
    if (std::holds_alternative<std::string>(p)) return ir::Kind::kText;
    if (std::holds_alternative<value::Network>(p)) return ir::Kind::kNetwork;
    return ir::Kind::kSet;
}

Present join_present(const Present& a, const Present& b) {
    if (a == b) return a;
    if (const auto* x = std::get_if<Truth>(&a)) {
        const auto y = std::get<Truth>(b);
        return *x == y ? *x : Truth::kUnknown;
    }
    if (const auto* x = std::get_if<Range>(&a)) {
        const auto& y = std::get<Range>(b);
        return Range{std::min(x->low, y.low), std::max(x->high, y.high)};
    }
    if (const auto* x = std::get_if<Choice>(&a)) return Choice{x->possible | std::get<Choice>(b).possible};
    if (const auto* x = std::get_if<Membership>(&a)) {
        const auto& y = std::get<Membership>(b);
        return Membership{x->must & y.must, x->may | y.may};
    }
    if (const auto* x = std::get_if<value::SecretFacts>(&a)) {
        const auto& y = std::get<value::SecretFacts>(b);
        const auto agreed =
            static_cast<std::uint8_t>(x->known & y.known & static_cast<std::uint8_t>(~(x->facts ^ y.facts)));
        return value::SecretFacts{std::min(x->length_min, y.length_min), std::max(x->length_max, y.length_max), agreed,
                                  static_cast<std::uint8_t>(x->facts & agreed)};
    }
    // Two different texts, networks or sets: nothing is kept but the kind.
    return Anything{kind_of(a)};
}

}  // namespace

Present everything(const ir::Module& module, const ir::Type& type) {
    switch (type.kind) {
        case ir::Kind::kBool: return Truth::kUnknown;
        case ir::Kind::kInt: return Range{type.min, type.max};
        case ir::Kind::kInstant:
        case ir::Kind::kDuration: return Range{};
        case ir::Kind::kEnum: return Choice{all_values(module, type.enumeration)};
        case ir::Kind::kSet:
            if (type.element == ir::Kind::kEnum) return Membership{0, all_values(module, type.enumeration)};
            return Anything{type.kind};
        case ir::Kind::kSecret: return value::SecretFacts{0, value::SecretFacts::kUnbounded, 0, 0};
        case ir::Kind::kText:
        case ir::Kind::kNetwork:
        case ir::Kind::kRecord: return Anything{type.kind};
    }
    return Anything{type.kind};
}

Present exactly(const value::Value& value) { return std::visit(Describe{}, value); }

Abstract join(const Abstract& a, const Abstract& b) {
    Abstract result;
    result.may_be_absent = a.may_be_absent || b.may_be_absent;
    if (a.present && b.present) {
        result.present = join_present(*a.present, *b.present);
    } else {
        result.present = a.present ? a.present : b.present;
    }
    return result;
}

bool is_settled(const Abstract& a) {
    if (!a.present) return true;
    if (a.may_be_absent) return false;
    const Present& p = *a.present;
    if (const auto* x = std::get_if<Truth>(&p)) return *x != Truth::kUnknown;
    if (const auto* x = std::get_if<Range>(&p)) return x->low == x->high;
    if (const auto* x = std::get_if<Choice>(&p)) return std::has_single_bit(x->possible);
    if (const auto* x = std::get_if<Membership>(&p)) return x->must == x->may;
    if (const auto* x = std::get_if<value::Network>(&p)) return !x->masked;
    if (const auto* x = std::get_if<value::NetworkSet>(&p)) {
        return std::none_of(x->begin(), x->end(), [](const value::Network& n) { return n.masked; });
    }
    if (const auto* x = std::get_if<value::SecretFacts>(&p)) {
        return x->length_min == x->length_max && x->known == kAllFacts;
    }
    if (const auto* x = std::get_if<Anything>(&p)) return x->kind == ir::Kind::kRecord;
    return true;
}

Nanos saturating_add(Nanos x, Nanos y) {
    if (x <= kMinusInfinity || y <= kMinusInfinity) return kMinusInfinity;
    if (x >= kPlusInfinity || y >= kPlusInfinity) return kPlusInfinity;
    return std::clamp(x + y, kMinusInfinity, kPlusInfinity);
}

}  // namespace keywright::eval::reference
