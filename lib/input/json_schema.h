// The canonical form of a record as JSON Schema, for people and tools that fill records in.
#pragma once

#include "ir/ir.h"

#include <string>

namespace keywright::input {

// JSON Schema, draft 2020-12. What JSON Schema can't say (strict networks, uniqueness of member names, assumptions)
// stands in descriptions.
[[nodiscard]] std::string json_schema(const ir::Module& module);

}  // namespace keywright::input
