// `keywright test --coverage`: what the tests cover.
#pragma once

#include "entries.h"
#include "files.h"

#include <string>
#include <vector>

namespace keywright::command {

// Coverage was asked for, by --coverage or by what goes with it alone.
[[nodiscard]] bool wants_coverage(const Arguments& arguments);

// The arguments as `settle` understands them: formats that only coverage has are `json` there. Wrong usage is a
// `Failure`.
[[nodiscard]] Arguments without_coverage_formats(const Arguments& arguments);

// Coverage is the whole output, so that results of tests have to go elsewhere.
[[nodiscard]] bool is_coverage_alone(const Arguments& arguments, const Settings& settings);

// Measures and writes what the tests of all entries cover. False where that is below --threshold.
[[nodiscard]] bool write_coverage(Output& out, const std::vector<Entry>& entries, const std::vector<Pack>& packs,
                                  const Arguments& arguments, const Settings& settings);

}  // namespace keywright::command
