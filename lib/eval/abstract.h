// Abstract values: an expression's value described by what is still possible. Used by the reference evaluator alone.
//
// An `Abstract` says whether the value may be absent, and what it may be where it is present. Each kind of value has
// the description that its operators need: an interval for what is ordered, a mask for an enum, two masks for a set of
// enum (elements that are surely in, elements that may be), and for the rest the value itself or `Anything`.
#pragma once

#include "eval/decision.h"

#include <optional>
#include <string>
#include <variant>

namespace keywright::eval::reference {

// Bounds of an int, or of an instant or a duration in nanoseconds; both ends included.
struct Range {
    Nanos low = kMinusInfinity;
    Nanos high = kPlusInfinity;
    friend bool operator==(const Range&, const Range&) = default;
};

// Bit i: the enum may be value i.
struct Choice {
    std::uint64_t possible = 0;
    friend bool operator==(const Choice&, const Choice&) = default;
};

// Bit i of `must`: value i is in the set; of `may`: it may be. `must` is a subset of `may`.
struct Membership {
    std::uint64_t must = 0, may = 0;
    friend bool operator==(const Membership&, const Membership&) = default;
};

// Some text, network, set of text, int or network, or record, of which nothing is known.
struct Anything {
    ir::Kind kind = ir::Kind::kText;
    friend bool operator==(const Anything&, const Anything&) = default;
};

// A masked `Network` is one host of unknown address; in a `NetworkSet` it is an element of unknown value.
using Present = std::variant<Truth, Range, Choice, Membership, std::string, value::Network, value::NetworkSet,
                             value::TextSet, value::IntSet, value::SecretFacts, Anything>;

struct Abstract {
    bool may_be_absent = false;
    std::optional<Present> present;  // nothing: surely absent

    [[nodiscard]] bool surely_present() const { return !may_be_absent; }
    friend bool operator==(const Abstract&, const Abstract&) = default;
};

[[nodiscard]] inline Abstract surely(Present present) { return {false, std::move(present)}; }
[[nodiscard]] inline Abstract absent() { return {true, std::nullopt}; }

// Every present value of a type: of a declared int its range, of an enum all its values.
[[nodiscard]] Present everything(const ir::Module& module, const ir::Type& type);

// A constant, described exactly.
[[nodiscard]] Present exactly(const value::Value& value);

// What is possible when the value is one of the two.
[[nodiscard]] Abstract join(const Abstract& a, const Abstract& b);

// Exactly one value is possible. False of a network set that holds a masked entry and of a secret whose facts aren't
// all known.
[[nodiscard]] bool is_settled(const Abstract& a);

// x + y, where anything at or beyond an infinity stays there.
[[nodiscard]] Nanos saturating_add(Nanos x, Nanos y);

}  // namespace keywright::eval::reference
