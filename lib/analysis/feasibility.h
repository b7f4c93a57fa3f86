// Whether any record could meet an obligation, and one that does: exact, by the questions of lib/logic.
#pragma once

#include "analysis/meter.h"
#include "analysis/obligations.h"
#include "analysis/questions.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keywright::analysis {

// kYes: with a witness that the evaluator has confirmed. kNo: proved that no record at any instant meets the goal, be
// it complete or not. kUnknown: with the reason.
using Feasible = logic::Result;

class Feasibility {
public:
    // All that is referred to must outlive this.
    Feasibility(const Obligations& obligations, Solvers solvers, const logic::Budget& budget);

    // Answers are remembered, and so is what a witness meets beside what it was looked for.
    [[nodiscard]] const Feasible& find(std::uint32_t goal);

    // What can be done about an obligation of which the goals in `met` (by goal) are met.
    struct Prospect {
        logic::Answer possible = logic::Answer::kUnknown;
        std::vector<std::uint32_t> missing;  // where kYes: goals that aren't met, the fewest there can be
        std::string reason;                  // where kUnknown
    };
    [[nodiscard]] Prospect prospect(const Obligation& obligation, const std::vector<bool>& met);

private:
    [[nodiscard]] Feasible solve(std::uint32_t goal);
    [[nodiscard]] Feasible undetermined(std::uint32_t goal);
    [[nodiscard]] std::optional<logic::Witness> with_one_unknown(std::uint32_t goal);
    // What was found, where the evaluator agrees; what the witness meets beside the goal is remembered.
    [[nodiscard]] Feasible confirmed(std::uint32_t goal, Feasible found);

    const Obligations& obligations_;
    Solvers solvers_;
    logic::Budget budget_;
    Meter meter_;
    std::vector<std::optional<Feasible>> known_;  // by goal
};

// A record and instant that meet goal number `goal`, or nothing where there is none or none was found.
[[nodiscard]] std::optional<logic::Witness> witness_for(const Obligations& obligations, std::uint32_t goal,
                                                        Solvers solvers, const logic::Budget& budget);

}  // namespace keywright::analysis
