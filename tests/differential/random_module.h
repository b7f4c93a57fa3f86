// Random typed modules and records, the same for the same seed.
#pragma once

#include "ir/ir.h"
#include "support/dice.h"
#include "support/ir_builder.h"
#include "value/record.h"

#include <cstdint>
#include <string>
#include <vector>

namespace keywright::test {

struct Shape {
    bool small = false;  // only bools, tiny ints, enums of two, sets of enum of two, instants among four
    std::size_t fields = 8;
    std::size_t rules = 4;
    unsigned depth = 3;
};

// A module with rules over a schema of its own.
[[nodiscard]] ir::Module random_module(Dice& dice, const Shape& shape);

// Instants that constants, records and evaluations use.
[[nodiscard]] const std::vector<Instant>& instants();

// A value that a field of this type may have.
[[nodiscard]] value::Value random_value(Dice& dice, const ir::Module& module, const ir::Type& type, bool small);

// A record in which every field is given, absent or unknown.
void random_record(Dice& dice, const ir::Module& module, bool small, value::Record& record);

// A record in which nothing is unknown, of secrets only facts that some text has.
void complete_record(Dice& dice, const ir::Module& module, bool small, value::Record& record);

[[nodiscard]] std::string describe(const ir::Module& module, const value::Record& record);

}  // namespace keywright::test
