// Mutation testing of rules: would the tests have noticed a mistake?
//
//     const keywright::MutationReport report = keywright::mutate(rules);
//     for (const auto& m : report.mutants) if (m.state == keywright::Mutant::State::kSurvived) …  // m.diff, m.example
//
// A mutant is the pack with one small mistake in a rule, a define or a parameter. It is killed by a test that fails on
// it. For one that no test notices the library looks for a record that would tell it from the pack, through the exact
// questions of proof.h: what it shows has been confirmed by the evaluator, and `kEquivalent` is proved.
// Tests of other files have to be compiled along with the pack (CompileOptions::also).
// docs/mutation.md lists the operators and says exactly what is proved.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/proof.h"
#include "keywright/rules.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

struct MutationOptions {
    AnalysisBudget budget;  // for each mutant that no test notices
};

// What a rule makes of a record.
struct OutcomeShown {
    std::string rule;
    std::string original, mutant;  // `violated (error)`, `exempt by general_only`
    friend bool operator==(const OutcomeShown&, const OutcomeShown&) = default;
};

struct Mutant {
    enum class State {
        kKilled,      // a test fails on it
        kSurvived,    // all tests pass, and `example` would tell it from the pack
        kEquivalent,  // proved: no record would; it doesn't count
        kUndecided,   // all tests pass, and it isn't known whether a record would; counts as not killed
    };
    std::string id;                    // `transfer_needs_ip/negate/1`; the same in every run on the same files
    std::string op;                    // the operator: `drop_operand`, `negate`, …
    std::vector<std::string> rules;    // that decide otherwise, in order of declaration
    SourceRange range;                 // what is replaced
    std::string before;                // the text there
    std::optional<std::string> after;  // what would stand there; nothing where no edit of the files says it
    std::string what;                  // the mistake in words
    State state = State::kUndecided;
    std::string killed_by;               // name of the first test that notices it, where killed
    std::optional<Example> example;      // a record that would tell, where it survived
    std::vector<OutcomeShown> outcomes;  // what becomes of the example, rule by rule where it differs
    std::string reason;                  // what stood in the way, where undecided
};

struct MutationReport {
    RulesIdentity rules;
    std::vector<Mutant> mutants;             // by place in the files
    std::size_t tests = 0;                   // tests of the pack
    std::vector<std::string> failing_tests;  // that fail without any mistake; they notice nothing

    [[nodiscard]] std::size_t count(Mutant::State state) const;
    // Killed mutants of those that aren't equivalent, in per cent; 100 where there are none.
    [[nodiscard]] double score() const;
};

// Makes every mutant and puts it to the pack's tests. Never fails. Linear in tests times mutants; a mutant that no test
// notices costs a question of its own.
[[nodiscard]] MutationReport mutate(const Rules& rules, const MutationOptions& options = {});

[[nodiscard]] std::string_view to_string(Mutant::State state);  // `survived`

}  // namespace keywright
