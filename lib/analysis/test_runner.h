// Runs the `test` blocks of a module.
#pragma once

#include "analysis/explain.h"
#include "keywright/rules.h"

#include <vector>

namespace keywright::analysis {

// One result a test that `options` picks, in order of declaration. `kept` tells of every test of the module whether it
// is known to pass already; `options.earlier`, from which that was found out, isn't looked at here.
[[nodiscard]] std::vector<TestResult> run_tests(const Explainer& explainer, const base::SourceSet& sources,
                                                const TestOptions& options, const std::vector<bool>& kept);

}  // namespace keywright::analysis
