// Single members of a record: read as a value, and set to what a test says of them.
#pragma once

#include "ir/ir.h"
#include "value/record.h"

#include <optional>
#include <span>

namespace keywright::analysis {

// The value of a field; nothing where it is absent, unknown, or a nested record.
[[nodiscard]] std::optional<value::Value> value_of(const ir::Schema& schema, const value::Record& record,
                                                   std::size_t field);

// Whether both records say the same of the field. Masked networks are never the same: nobody knows what they are.
[[nodiscard]] bool agree(const ir::Schema& schema, const value::Record& a, const value::Record& b, std::size_t field);

// Applies changes in order, as `ir::assign` does to samples.
void assign_all(const ir::Module& module, value::Record& record, std::span<const ir::Assignment> changes);

}  // namespace keywright::analysis
