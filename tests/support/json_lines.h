// Random JSON of records of a schema, in canonical form or as an adapter reads it: mostly good, in all spellings.
#pragma once

#include "ir/ir.h"
#include "support/dice.h"

#include <string>

namespace keywright::test {

struct JsonStyle {
    unsigned missing = 15, null = 10;  // per cent of the members
    unsigned wrong = 0;                // per cent of the values that are of no use, or nearly so
    unsigned blanks = 0;               // per cent of the places between tokens
    unsigned escapes = 0;              // per cent of the characters of strings that may hold any
    unsigned unusual = 0;              // per cent of what can be spelled in an unusual way
    bool shuffled = false;
    bool unknown_list = false;
};

// One object on one line.
[[nodiscard]] std::string random_json(Dice& dice, const ir::Module& module, const ir::Adapter* adapter,
                                      const JsonStyle& style);

// `text` with a few things changed that matter to JSON.
[[nodiscard]] std::string mutate_json(std::string text, Dice& dice);

}  // namespace keywright::test
