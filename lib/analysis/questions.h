// Exact questions about rule files: proofs, gaps, rules that say nothing or contradict each other, and what changed
// between two packs.
#pragma once

#include "ir/ir.h"
#include "logic/question.h"
#include "logic/regions.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keywright::analysis {

using Solvers = std::span<const logic::Solver* const>;

// The answer of the first solver that settles the question; the last one's reason where none does.
[[nodiscard]] logic::Result ask(const logic::Question& question, Solvers solvers, const logic::Budget& budget);

// What would disprove `proof` of `module`; `other` is the pack that it compares with, or null.
[[nodiscard]] logic::Question counterexample(const ir::Module& module, const ir::Module* other, const ir::Proof& proof);

// Cells of which something holds, for people.
struct Described {
    struct Part {
        std::string condition;
        std::optional<logic::Witness> witness;  // confirmed by the evaluator
    };
    std::vector<Part> parts;
    std::string cells = "0", of = "1";  // abstract configurations, and how many the question can tell apart
    std::string incomplete;             // why parts may be missing; empty: they are all there
};
[[nodiscard]] Described describe(const logic::Question& question, const logic::Budget& budget);

// Configurations that lie neither where `rule` applies nor where it exempts, without what its author has accepted.
// Nothing for a rule that has no `when` or no `unless`: it claims nothing about the rest.
[[nodiscard]] std::optional<logic::Question> gap(const ir::Module& module, ir::RuleId rule,
                                                 bool without_accepted = true);

enum class Defect : std::uint8_t {
    kUnreachable,     // `when` never holds
    kNeverViolated,   // the rule can't be violated
    kAlwaysViolated,  // it is violated by every configuration that it applies to
    kIdleExemption,   // an exemption never holds where the rule would be violated without it
    kDeadExpression,  // a part of a condition makes no difference
    kRedundant,       // wherever it is violated, rules of its severity or above that remain are too
    kContradiction,   // two rules apply together to some configuration, and none complies with both
    kEquivalent,      // two rules are violated by exactly the same configurations
};

struct DefectFound {
    Defect defect = Defect::kUnreachable;
    ir::RuleId rule, other;
    std::string part;     // of kIdleExemption its label, of kDeadExpression the expression
    bool always = false;  // of kDeadExpression: it may be replaced by `true` (else by `false`)
    ir::Span span;
    std::optional<logic::Witness> witness;  // of kContradiction: a configuration to which both apply
};

struct Undecided {
    std::string question, reason;
};

// Everything of the above that holds of a pack. What can't be settled is in `undecided`.
struct Defects {
    std::vector<DefectFound> found;
    std::vector<Undecided> undecided;
};
[[nodiscard]] Defects find_defects(const ir::Module& module, Solvers solvers, const logic::Budget& budget);

}  // namespace keywright::analysis
