// Runs the `test` blocks of a module.
#pragma once

#include "analysis/explain.h"
#include "keywright/rules.h"

#include <vector>

namespace keywright::analysis {

// One result a test, in order of declaration.
[[nodiscard]] std::vector<TestResult> run_tests(const Explainer& explainer, const base::SourceSet& sources);

}  // namespace keywright::analysis
