// Whether changes that a test names are the cheapest repair of its record.
#pragma once

#include "analysis/repair.h"

#include <span>
#include <string>

namespace keywright::analysis {

// Why `repair` is not the cheapest way to make `record` compliant, in words; empty where it surely is: the record isn't
// compliant, with all of the changes it is, without any one of them it isn't, and no other repair costs less.
// `repairer` is for all error rules of the module. Costs one search for repairs.
[[nodiscard]] std::string objection(const ir::Module& module, const Repairer& repairer, const value::Record& record,
                                    Instant now, std::span<const ir::Assignment> repair);

}  // namespace keywright::analysis
