// What a pack's tests cover, exactly: which outcomes, conditions and boundaries of its rules they show, and of what
// they don't show whether any record could.
//
//     const keywright::Coverage coverage = keywright::measure_coverage(rules);
//     for (const auto& o : coverage.obligations)
//         if (o.state == keywright::Covered::kMissing) …  // o.examples are records that would cover it
//
// Tests of other files have to be compiled along with the pack (CompileOptions::also).
// docs/coverage.md tells what each obligation asks. Whether a test passes doesn't matter here: what its records show is
// counted. Examples have been put through the ordinary evaluator.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/proof.h"
#include "keywright/rules.h"
#include "keywright/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

enum class Duty : std::uint8_t {
    kRule,       // a rule is decided, to something else than not applicable
    kOutcome,    // a rule comes out in this way
    kCondition,  // a condition of a decision is true, or is false
    kDecides,    // a condition alone decides: masking MC/DC
    kBoundary,   // a comparison is tried just below, at, or just above its boundary
};

enum class Covered : std::uint8_t {
    kCovered,
    kMissing,
    kImpossible,  // proved that nothing can cover it; it isn't counted
    kUnknown,     // not covered, and whether anything can wasn't settled; it counts as missing
};

// One instant at which a test looks at its record.
struct CoverageCase {
    std::string test;
    SourceRange range;  // of the test
    Instant at;
};

struct CoverageObligation {
    Duty duty = Duty::kRule;
    Covered state = Covered::kMissing;
    std::string rule;
    std::string decision;  // `when`, `unless ip_restricted`, `require`, `expire`; empty of kRule and kOutcome
    std::string subject;   // `violated`, `exempt by ip_restricted`; a condition; a comparison; `deadline`
    std::string side;      // `true`, `false`; `just below`, `at`, `just above`; empty of the other duties
    SourceRange range;     // of the rule's name, the condition or the comparison
    // Indices into Coverage::cases, ascending; of kDecides two, in the first of which the condition is true.
    std::vector<std::size_t> covered_by;
    std::vector<Example> examples;  // of kMissing: together they cover it; none where CoverageOptions::ask is false
    std::string reason;             // of kUnknown
};

// Exact: covered / possible, where possible is all but what is proved impossible.
struct CoverageCount {
    std::size_t covered = 0, possible = 0;
    std::size_t impossible = 0, unknown = 0;  // `unknown` is part of `possible`
    // Everything possible is covered, to at least `percent` (0 to 100) of it.
    [[nodiscard]] bool reaches(std::size_t percent) const { return covered * 100 >= possible * percent; }
};

struct Coverage {
    RulesIdentity rules;
    std::vector<CoverageCase> cases;
    std::vector<CoverageObligation> obligations;  // by rule, in order of declaration

    [[nodiscard]] CoverageCount count() const;           // linear
    [[nodiscard]] CoverageCount count(Duty duty) const;  // linear
};

struct CoverageOptions {
    AnalysisBudget budget;  // of one question
    std::string filter;     // only tests whose name contains this count
    bool ask = true;        // false: prove nothing and look for no examples; what isn't covered is missing
};

// Time: a few evaluations a test, and a question for what isn't covered, usually under a millisecond each.
[[nodiscard]] Coverage measure_coverage(const Rules& rules, const CoverageOptions& options = {});

[[nodiscard]] std::string_view to_string(Duty duty);      // `rule`, `outcome`, `condition`, `decides`, `boundary`
[[nodiscard]] std::string_view to_string(Covered state);  // `covered`, `missing`, `impossible`, `unknown`
// An outcome as one says it: `passing`, `not applicable`, `about to expire`, `exempt by ip_restricted`.
[[nodiscard]] std::string outcome_words(const CoverageObligation& obligation);
// In words: `require: linked is never false`.
[[nodiscard]] std::string to_words(const CoverageObligation& obligation);

}  // namespace keywright
