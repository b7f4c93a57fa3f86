// `keywright test --generate`: the tests that a pack lacks.
#pragma once

#include "arguments.h"
#include "settings.h"
#include "status.h"

namespace keywright::command {

[[nodiscard]] Status run_generate(const Arguments& arguments, const Settings& settings);

}  // namespace keywright::command
