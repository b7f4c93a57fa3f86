// What the schema states for every record, checked on what is known of one.
#pragma once

#include "ir/ir.h"
#include "value/record.h"

#include <functional>
#include <string>

namespace keywright::input {

// Calls `sink` for each assumption that the known fields break, with the field concerned (not valid where none is).
void find_broken_assumptions(const ir::Module& module, const value::Record& record, Instant now,
                             const std::function<void(ir::FieldId field, std::string message)>& sink);

}  // namespace keywright::input
