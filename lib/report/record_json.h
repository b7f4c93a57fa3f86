// A record in the canonical form that readers take.
#pragma once

#include "ir/ir.h"
#include "value/record.h"

#include <string>

namespace keywright::report {

// JSON on one line: given fields with their values, absent ones as null unless that is what a missing member means,
// unknown ones in `$unknown` where a missing member means something else. Secrets are told by their facts. Reading it
// again gives the same record, but for a secret's characters outside ASCII, which have no place in that form.
[[nodiscard]] std::string to_json(const ir::Module& module, const value::Record& record);

}  // namespace keywright::report
