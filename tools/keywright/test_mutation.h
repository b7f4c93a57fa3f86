// `keywright test --mutants`.
#pragma once

#include "arguments.h"
#include "settings.h"
#include "status.h"

namespace keywright::command {

// Puts every mutant of the packs that are named to their tests. Status 1 where a test fails without a mistake, and
// where the score is below `--threshold`, or without it where a mutant is not killed.
[[nodiscard]] Status run_mutants(const Arguments& arguments, const Settings& settings);

}  // namespace keywright::command
