// Which tests a change of a pack can affect: what of an earlier run still holds.
#pragma once

#include "ir/ir.h"

#include <vector>

namespace keywright::analysis {

// For each test of `after` whether it surely comes out as the test of that name in `before` did: its record, instants
// and expectations are the same, and so is every rule that its expectations look at. Rules are compared as they were
// checked, with defines put in and parameters at their values; what they say to people makes no difference, nor does
// their order or layout. A schema that differs affects every test. Linear in both modules but for logarithms.
[[nodiscard]] std::vector<bool> unaffected_tests(const ir::Module& before, const ir::Module& after);

}  // namespace keywright::analysis
