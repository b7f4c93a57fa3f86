// Random typed modules and records, the same for the same seed.
#pragma once

#include "ir/ir.h"
#include "support/ir_builder.h"
#include "value/record.h"

#include <cstdint>
#include <string>
#include <vector>

namespace keywright::test {

// A small generator of numbers (SplitMix64), so that a seed means the same everywhere.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    // 0 … n - 1
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
    bool chance(unsigned percent) { return below(100) < percent; }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[below(from.size())];
    }

private:
    std::uint64_t state_;
};

struct Shape {
    bool small = false;  // only bools, tiny ints, enums of two, sets of enum of two, instants among four
    std::size_t fields = 8;
    std::size_t rules = 4;
    unsigned depth = 3;
};

// A module with rules over a schema of its own.
[[nodiscard]] ir::Module random_module(Random& random, const Shape& shape);

// Instants that constants, records and evaluations use.
[[nodiscard]] const std::vector<Instant>& instants();

// A value that a field of this type may have.
[[nodiscard]] value::Value random_value(Random& random, const ir::Module& module, const ir::Type& type, bool small);

// A record in which every field is given, absent or unknown.
void random_record(Random& random, const ir::Module& module, bool small, value::Record& record);

[[nodiscard]] std::string describe(const ir::Module& module, const value::Record& record);

}  // namespace keywright::test
