// Numbers that are compared with one another: instants, durations and ints, through their differences.
//
// Every comparison says that one number is at least so much greater than another; a set of such statements is a matrix
// of bounds, and it can be met exactly if no circle of them asks a number to be greater than itself (Bellman, 1958). So
// the combinations of answers that can occur are found exactly, without trying values.
#pragma once

#include "value/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace keywright::logic {

using value::Nanos;

// Bounds on differences of the numbers 0 to n; number 0 is the constant zero. Integers: an int, or nanoseconds.
class Differences {
public:
    explicit Differences(std::size_t numbers);

    // `x - y >= least`; false where that contradicts what is known (and what is known is then spoilt). O(n^2).
    [[nodiscard]] bool require(std::size_t x, std::size_t y, Nanos least);
    // The least and greatest value that `x - y` may have.
    [[nodiscard]] Nanos least(std::size_t x, std::size_t y) const { return -bound(y, x); }
    [[nodiscard]] Nanos most(std::size_t x, std::size_t y) const { return bound(x, y); }
    [[nodiscard]] bool is_bounded_below(std::size_t x, std::size_t y) const { return bound(y, x) < kUnbounded; }
    [[nodiscard]] bool is_bounded_above(std::size_t x, std::size_t y) const { return bound(x, y) < kUnbounded; }

private:
    static constexpr Nanos kUnbounded = Nanos{1} << 120;
    [[nodiscard]] const Nanos& bound(std::size_t x, std::size_t y) const { return bounds_[x * numbers_ + y]; }
    std::size_t numbers_;
    std::vector<Nanos> bounds_;  // of x - y, from above
};

// `x - y >= least`.
struct Comparison {
    std::size_t x = 0, y = 0;
    Nanos least = 0;
    friend auto operator<=>(const Comparison&, const Comparison&) = default;
};

// One way in which a group of numbers may answer all its comparisons.
struct NumberClass {
    std::vector<bool> present;  // by number; 0 is always there
    std::vector<bool> truth;    // by comparison; false where a number of it is absent
};

struct NumberGroup {
    std::vector<bool> optional;           // by number
    std::vector<Nanos> min, max;          // by number
    std::vector<bool> shows_presence;     // whether anyone asks if it is there
    std::vector<Comparison> comparisons;  // that are asked
    std::vector<Comparison> facts;        // that hold wherever both are present

    // Every class, simplest first (fewest present); nothing where there are more than `most`.
    [[nodiscard]] std::optional<std::vector<NumberClass>> classes(std::size_t most) const;
    // What is known of the numbers of a class.
    [[nodiscard]] std::optional<Differences> bounds_of(const NumberClass& c) const;
};

// A number inside `low … high`, as close to `wish` as may be, and where there is room a round one: at whole multiples
// of the largest of `steps` (descending) away from `origin`.
[[nodiscard]] Nanos pleasant(Nanos low, Nanos high, Nanos wish, Nanos origin, std::span<const Nanos> steps);

}  // namespace keywright::logic
