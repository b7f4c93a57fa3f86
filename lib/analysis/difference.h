// What changed in meaning between two packs.
#pragma once

#include "analysis/questions.h"

#include <string>
#include <vector>

namespace keywright::analysis {

// Where one outcome was gained and lost.
struct OutcomeDifference {
    Described gained, lost;
    [[nodiscard]] bool any() const { return !gained.parts.empty() || !lost.parts.empty(); }
    [[nodiscard]] bool complete() const { return gained.incomplete.empty() && lost.incomplete.empty(); }
};

struct RuleDifference {
    std::string name;
    ir::RuleId before, after;  // not valid where the pack has no rule of that name
    OutcomeDifference violated, warning;
};

struct Difference {
    std::vector<std::string> schema;    // in words; what isn't shared is free for the pack that has it
    std::vector<std::string> declared;  // severities, parameters, assumptions that differ
    std::vector<RuleDifference> rules;  // that differ in meaning, or in which some cases couldn't be compared
    OutcomeDifference violation;        // of the verdict
};

[[nodiscard]] Difference difference(const ir::Module& before, const ir::Module& after, const logic::Budget& budget);

}  // namespace keywright::analysis
