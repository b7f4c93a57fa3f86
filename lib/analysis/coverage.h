// What the tests of a module cover: every obligation with the cases that meet it.
//
// Seeing and judging are two steps, so that what all tests of a pack see has been put together
// before anything is called missing.
#pragma once

#include "analysis/feasibility.h"
#include "analysis/obligations.h"
#include "analysis/suite.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace keywright::analysis {

// By goal, the cases (by number in `suite`) that meet it, ascending. Of invalid records, of those drawn at random,
// which show things by chance, and of cases that `counts` refuses, nothing is said.
using Sightings = std::vector<std::vector<std::uint32_t>>;
[[nodiscard]] Sightings sightings(const Obligations& obligations, const Suite& suite,
                                  const std::function<bool(const Case&)>& counts);

struct Judged {
    enum class State : std::uint8_t {
        kCovered,
        kMissing,
        kImpossible,  // proved that no record at any instant can meet it
        kUnknown,     // not covered, and it couldn't be settled whether it can be
    } state = State::kMissing;
    std::vector<std::uint32_t> cases;    // that cover it; of kDecides two, the condition true in the first
    std::vector<std::uint32_t> missing;  // of kMissing, where it was asked: goals that nothing meets yet
    std::string reason;                  // of kUnknown
};

// `feasibility` null: what isn't covered is kMissing, without anything being asked. `test_of` tells the test of a
// case, so that a pair may be found in one test.
[[nodiscard]] Judged judge(const Obligation& obligation, const Sightings& seen, Feasibility* feasibility,
                           const std::function<std::uint32_t(std::uint32_t)>& test_of);

// --- in words --------------------------------------------------------------------------------------------------------
// Where a decision stands: `when`, `unless ip_restricted`, `require`, `expire`; empty for obligations of the whole
// rule.
[[nodiscard]] std::string place_of(const Obligations& obligations, const Obligation& obligation);
// What it is about: `violated`, `exempt by ip_restricted`, a condition or comparison, `deadline`, `warning`.
[[nodiscard]] std::string subject_of(const Obligations& obligations, const Obligation& obligation);

}  // namespace keywright::analysis
