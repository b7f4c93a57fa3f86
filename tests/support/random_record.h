// Random records of any schema, from small pools of values so that comparisons come out both ways.
#pragma once

#include "ir/ir.h"
#include "support/dice.h"
#include "value/record.h"

namespace keywright::test {

struct RecordShape {
    unsigned unknown = 20;     // per cent of the fields
    unsigned absent = 25;      // per cent of the optional ones
    bool partly_known = true;  // masked addresses and undisclosed secrets
};

// The instant near which the pools lie.
[[nodiscard]] Instant random_now(Dice& dice);

// Gives `field` a random value, or makes it absent; its parent must be there.
void randomise(Dice& dice, const ir::Module& module, std::size_t field, const RecordShape& shape,
               value::Record& record);

// A record that keeps every assumption of the schema at `now`, and in which nothing stands inside a record that isn't
// there.
void random_record(Dice& dice, const ir::Module& module, Instant now, const RecordShape& shape, value::Record& record);

// Every unknown field of `record` gets a random value or becomes absent, the others stay; false where that breaks an
// assumption.
[[nodiscard]] bool complete(Dice& dice, const ir::Module& module, Instant now, value::Record& record);

[[nodiscard]] bool keeps_assumptions(const ir::Module& module, const value::Record& record, Instant now);

}  // namespace keywright::test
