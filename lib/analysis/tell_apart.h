// Whether any record tells a mutant from the original, and one that does.
//
// Two rules are told apart by a record and an instant at which their outcomes differ, or what exempts, or whether the
// warning period has begun, or the severity at which any of that counts, or, of a rule that expires and may apply, the
// deadline. A record is one in which every field is given, absent or unknown; of a secret it may also be known only
// that it is there, and in a set of networks there may be masked entries.
#pragma once

#include "analysis/mutants.h"
#include "analysis/questions.h"
#include "eval/program.h"

#include <memory>
#include <optional>
#include <string>

namespace keywright::analysis {

struct Telling {
    value::Record record;
    Instant at;
};

enum class Told : std::uint8_t {
    kApart,    // by a record that the evaluator has confirmed
    kAlike,    // proved: by none
    kUnknown,  // it couldn't be settled
};

struct Comparison {
    Told told = Told::kUnknown;
    std::optional<Telling> telling;  // where kApart
    std::string reason;              // where kUnknown
};

// What is visible of one rule, with severities; two that are equal are the same to everybody.
struct Visible {
    ir::Outcome outcome = ir::Outcome::kUndetermined;
    eval::Truth warning = eval::Truth::kFalse;
    std::uint16_t exempt_by = 0;                                              // of the original's exemptions
    Severity severity = Severity::kInfo, warning_severity = Severity::kInfo;  // kInfo where they count for nothing
    eval::Truth applies = eval::Truth::kFalse;                                // of a rule that expires
    eval::InstantBounds deadline;                                             // likewise

    friend bool operator==(const Visible&, const Visible&) = default;
};
// `decision` of the rule `mutated.copy`; for the original's own give it with every exemption as it is.
[[nodiscard]] Visible visible(const ir::Module& module, const MutatedRule& mutated, const eval::RuleDecision& decision);
[[nodiscard]] MutatedRule as_it_is(const ir::Module& module, ir::RuleId rule);

// Whether `record` at `now` tells the mutant from the original, by the reference evaluator. A record that contradicts
// the schema tells nothing.
[[nodiscard]] bool tells_apart(const Mutants& mutants, const Mutant& mutant, const value::Record& record, Instant now);

// Looks for a record that does. First among complete ones, by `solvers`; then through every combination of classes of
// the rule's own finite abstraction with every field unknown, as long as these are few enough for `budget.steps`. Alike
// only where all have been gone through.
[[nodiscard]] Comparison tell_apart(const Mutants& mutants, const Mutant& mutant, Solvers solvers,
                                    const logic::Budget& budget);

}  // namespace keywright::analysis
