// Which rules rest on a define or a field: what their decisions read, directly or through other defines. What only a
// message shows is not among it.
#pragma once

#include "ir/ir.h"

#include <vector>

namespace keywright::analysis {

struct Usage {
    std::vector<std::vector<ir::RuleId>> of_define, of_field;  // by number; rules ascending
};

// A rule that reads a member of a nested record rests on the record too. Linear in the sum of the rules' conditions,
// with their defines put in.
[[nodiscard]] Usage usage_of(const ir::Module& module);

}  // namespace keywright::analysis
