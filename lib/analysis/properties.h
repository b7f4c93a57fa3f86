// Records for property tests: complete configurations drawn at random, and the smallest one that still fails.
//
// They are drawn from the finite abstraction of the pack's rules, so that narrow conditions are met as easily as wide
// ones and every outcome of every rule is tried; within a class of numbers the borders are preferred. Everything hangs
// on the seed: the same seed gives the same records everywhere. Each record has been confirmed by the evaluator.
#pragma once

#include "ir/ir.h"
#include "value/record.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace keywright::analysis {

struct Drawn {
    std::vector<value::Record> records;  // as many as were asked for, or none; one may be there more than once
    std::string problem;                 // where there are none: why
};

// Configurations at `now` inside the schema's types, ranges and assumptions of which `where` holds (not valid: all).
[[nodiscard]] Drawn draw(const ir::Module& module, ir::NodeId where, Instant now, std::uint32_t count,
                         std::uint64_t seed);

// Whether `record` is such a configuration.
[[nodiscard]] bool is_drawable(const ir::Module& module, ir::NodeId where, const value::Record& record, Instant now);

// From a record that fails, one that fails and differs from the simplest record of the schema in as few members as
// could be found (surely as few as possible where they are few), with its numbers and sets as small as may be.
// Deterministic.
[[nodiscard]] value::Record smallest(const ir::Module& module, value::Record record, Instant now,
                                     const std::function<bool(const value::Record&)>& fails);

}  // namespace keywright::analysis
