// Whether what may be absent is tested before it is used: what the checker proves of an author's rule, asked of a rule
// that was made in another way.
#pragma once

#include "ir/ir.h"

namespace keywright::ir {

// Whether the checker would take `rule`: every optional value that it uses has been tested or defaulted, none is tested
// twice, and no comparison of ints is decided by their ranges alone; in its texts too. Definitions are looked at on
// their own, as the checker does. Linear in the nodes below the rule, times the conditions around each.
[[nodiscard]] bool is_acceptable(const Module& module, const Rule& rule);

}  // namespace keywright::ir
