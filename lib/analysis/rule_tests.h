// What the tests of a module say of each rule, and what their records show of it.
#pragma once

#include "analysis/explain.h"
#include "analysis/suite.h"
#include "ir/ir.h"
#include "value/record.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace keywright::analysis {

// Ways in which a rule comes out, as a set.
enum Comes : std::uint8_t {
    kComesViolated = 1u << 0,
    kComesWarning = 1u << 1,  // it passes, and is about to expire
    kComesPass = 1u << 2,
    kComesExempt = 1u << 3,
    kComesNotApplicable = 1u << 4,
    kComesUndetermined = 1u << 5,
};

// A test that names the rule, or one of whose records violates it.
struct RuleTest {
    std::uint32_t test = 0;
    std::uint8_t expected = 0;  // what its expectations say of the rule
    std::uint8_t shown = 0;     // how the rule came out on its records; those that can't be read show nothing
};

// A record of a test that violates a rule at an instant.
struct ViolatedBy {
    std::uint32_t record = 0;  // index into Suite::records
    Instant at;
};
// The same where the record is a sample as it stands.
struct ViolatedSample {
    std::size_t sample = 0;
    Instant at;
};

struct TestsOfRule {
    std::vector<RuleTest> tests;                        // ascending
    std::vector<std::vector<std::uint32_t>> exempting;  // by exemption: tests in which it decides or is named
    std::optional<ViolatedSample> sample;               // the first one
    std::optional<ViolatedBy> record;                   // the first one, rather not one drawn at random
};

// One for each rule. As long as deciding all records takes; of a rule only what it has to do with is kept, so that the
// result doesn't grow with the product of rules and tests.
[[nodiscard]] std::vector<TestsOfRule> tests_of_rules(const Explainer& explainer, const Suite& suite);

}  // namespace keywright::analysis
