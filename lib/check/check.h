// From trees to a checked module: names, types, presence, ranges, tests and adapters. The only way an `ir::Module`
// comes about.
#pragma once

#include "check/load.h"
#include "diag/diag.h"
#include "ir/ir.h"
#include "keywright/limits.h"

#include <map>
#include <string>

namespace keywright::check {

// Checks all files together. Mistakes go to `sink`; the module is meaningful only where it has no errors. `params`
// replaces values of parameters, in the language's spelling.
[[nodiscard]] ir::Module check(Loaded& loaded, const std::map<std::string, std::string>& params, const Limits& limits,
                               diag::Sink& sink);

}  // namespace keywright::check
