// `keywright test --coverage`: what the tests cover.
#pragma once

#include "files.h"
#include "settings.h"

#include <string>
#include <vector>

namespace keywright::command {

// Coverage was asked for, by --coverage or by what goes with it alone. Wrong usage is a `Failure`.
[[nodiscard]] bool wants_coverage(const Arguments& arguments, const Settings& settings);

// Coverage is the whole output, so that results of tests have to go elsewhere.
[[nodiscard]] bool is_coverage_alone(const Settings& settings);

// Measures and writes what the tests of each pack in `paths` cover together. False where that is below --threshold.
[[nodiscard]] bool write_coverage(Output& out, const std::vector<std::string>& paths, const Arguments& arguments,
                                  const Settings& settings);

}  // namespace keywright::command
