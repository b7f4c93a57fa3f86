// Mutation testing: which of a module's mutants its tests notice, and of the others whether anything could.
#pragma once

#include "analysis/mutants.h"
#include "analysis/suite.h"
#include "analysis/tell_apart.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keywright::analysis {

// By mutant: the first case of the suite that notices it; nothing where none does.
using Kills = std::vector<std::optional<std::uint32_t>>;

// Puts every mutant to the suite's tests at once: each record is decided once for the original and all mutants
// together. A case that the original doesn't meet notices nothing. Linear in cases times the rules of all mutants.
[[nodiscard]] Kills kills_of(const ir::Module& module, const Mutants& mutants, const Suite& suite);

enum class MutantState : std::uint8_t {
    kKilled,      // a test fails
    kSurvived,    // every test passes, and a record is known that would tell
    kEquivalent,  // proved: no record could tell
    kUndecided,   // every test passes, and it isn't known whether a record could tell
};

struct MutantResult {
    MutantState state = MutantState::kUndecided;
    std::optional<std::uint32_t> killed_by;  // a case of the suite
    std::optional<Telling> telling;          // where kSurvived
    std::string reason;                      // where kUndecided
};

// What is to be said of a mutant that no test notices.
[[nodiscard]] MutantResult survivor(const Mutants& mutants, const Mutant& mutant, Solvers solvers,
                                    const logic::Budget& budget);

// The whole of it; one result for each mutant.
[[nodiscard]] std::vector<MutantResult> test_mutants(const ir::Module& module, const Mutants& mutants,
                                                     const Suite& suite, Solvers solvers, const logic::Budget& budget);

}  // namespace keywright::analysis
