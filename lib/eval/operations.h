// What each operator yields on abstract values that are surely present. Used by the reference evaluator alone.
//
// A result is definite only if every way of filling in what is unknown gives it, and unknown only if two ways differ,
// as far as each operand on its own can tell (that two operands may be one and the same field is not looked at).
#pragma once

#include "eval/abstract.h"

namespace keywright::eval::reference {

[[nodiscard]] Truth equal(const Present& a, const Present& b);
[[nodiscard]] Truth less(const Present& a, const Present& b);
[[nodiscard]] Truth less_equal(const Present& a, const Present& b);
[[nodiscard]] Range add(const Present& a, const Present& b);
[[nodiscard]] Range subtract(const Present& a, const Present& b);

[[nodiscard]] Truth in(const Present& element, const Present& set);
[[nodiscard]] Truth share_element(const Present& a, const Present& b);
[[nodiscard]] Truth subset(const Present& a, const Present& b);  // every element of a is in b
[[nodiscard]] Truth is_empty(const Present& a);
[[nodiscard]] Range count(const Present& a);

// Of networks and sets of networks, a set standing for the union of its blocks.
[[nodiscard]] Truth within(const Present& a, const Present& b);
[[nodiscard]] Truth overlaps(const Present& a, const Present& b);
[[nodiscard]] Truth is_open(const Present& a);
[[nodiscard]] Truth is_private(const Present& a);
[[nodiscard]] Range prefix_length(const Present& a);
[[nodiscard]] Choice family(const Present& a);

[[nodiscard]] Range length(const Present& a);
[[nodiscard]] Truth is_blank(const Present& a);
[[nodiscard]] Truth starts_with(const Present& a, const Present& b);
[[nodiscard]] Truth ends_with(const Present& a, const Present& b);
[[nodiscard]] Truth like(const Present& a, const Present& b);
[[nodiscard]] Truth has_fact(const Present& a, value::SecretFact fact);

}  // namespace keywright::eval::reference
