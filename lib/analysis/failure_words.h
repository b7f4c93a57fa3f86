// What was expected of a case and what came out, in words, where the two differ.
#pragma once

#include "analysis/explain.h"
#include "analysis/judge.h"
#include "keywright/rules.h"

#include <vector>

namespace keywright::analysis {

struct CaseInWords {
    const Explainer& explainer;
    const base::SourceSet& sources;
    const value::Record& record;
    const ir::TestCase& expected;
    const CaseDecision& decision;
};

// One failure for each expectation that isn't met.
[[nodiscard]] std::vector<TestResult::Failure> failures_of(const CaseInWords& one);

}  // namespace keywright::analysis
