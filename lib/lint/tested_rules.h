// What the tests of a pack say of its rules.
#pragma once

#include "lint/subject.h"

#include <vector>

namespace keywright::lint {

// By rule, whether some test names it in an expectation.
[[nodiscard]] inline std::vector<bool> named_by_tests(const ir::Module& module) {
    std::vector<bool> out(module.rules.size());
    for (const ir::Test& test : module.tests) {
        for (const ir::TestCase& one : test.cases) {
            for (const ir::Expectation& expectation : one.expectations) {
                for (const ir::ExpectedRule& rule : expectation.rules) out[rule.rule.index()] = true;
            }
        }
    }
    return out;
}

// By rule, whether it is violated by a record of some test, whatever that test expects. A warning before a deadline
// isn't a violation.
[[nodiscard]] inline std::vector<bool> violated_in_tests(const Subject& subject) {
    std::vector<bool> out(subject.module.rules.size());
    for (const auto& decisions : subject.decisions()) {
        for (std::size_t i = 0; i < decisions.size(); ++i)
            out[i] = out[i] || decisions[i].outcome == ir::Outcome::kViolated;
    }
    return out;
}

}  // namespace keywright::lint
