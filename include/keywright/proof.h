// Exact questions about rule files: is what they claim true, is every configuration spoken of, does every rule matter?
//
//     for (const auto& proof : keywright::prove(rules)) if (proof.state != keywright::Proved::kHolds) …
//
// Questions are about complete configurations (every field given or absent) at any instant. They are answered exactly,
// by a finite abstraction of the pack and, where the library was built with it, by the solver Z3; what neither settles
// within its budget is `kUnknown`. Every example has been put through the ordinary evaluator before it is shown.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/rules.h"
#include "keywright/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keywright {

// How much may be spent on one question.
struct AnalysisBudget {
    std::uint64_t steps = 2'000'000;      // of a search through the abstraction
    std::uint32_t milliseconds = 10'000;  // of a solver
    std::uint32_t megabytes = 1'024;      // of a solver
};

// A configuration that shows something. Secrets are told by their facts.
struct Example {
    std::string json;  // in canonical form, on one line
    Instant at;        // the instant to look at it
    friend bool operator==(const Example&, const Example&) = default;
};

enum class Proved : std::uint8_t { kHolds, kFails, kUnknown };

// One `prove` statement.
struct ProofResult {
    std::string name;
    SourceRange range;
    Proved state = Proved::kUnknown;
    std::optional<Example> counterexample;  // where it fails
    std::string reason;                     // where it is unknown: what stood in the way
};
// In order of the statements. Time: that of the questions, usually under a millisecond each.
[[nodiscard]] std::vector<ProofResult> prove(const Rules& rules, const AnalysisBudget& budget = {});

// The question behind a `prove` statement for a solver that stands alone, in SMT-LIB 2.6: `unsat` means that it holds;
// comments at the head tell where it doesn't mean that. Empty where the library was built without a solver.
struct ProofScript {
    std::string name;
    SourceRange range;
    std::string smtlib;
};
[[nodiscard]] std::vector<ProofScript> proof_scripts(const Rules& rules);

// Configurations, as a condition in the rule language, with one of them.
struct RegionShown {
    std::string condition;
    std::optional<Example> example;
};
struct RegionSet {
    std::vector<RegionShown> regions;  // together all there are; they may overlap
    std::string cells;                 // abstract configurations in them, a decimal number
    std::string of;                    // of so many that the question tells apart
    std::string incomplete;            // why some may be missing; empty: none is
};

// What a rule with exemptions leaves unsaid: configurations that lie neither where it applies nor where it exempts.
struct Gap {
    std::string rule;
    SourceRange range;
    RegionSet open;                     // not accepted by the author
    RegionSet all;                      // whether or not it is accepted
    std::vector<std::string> accepted;  // the reasons the author gives
};
// Of every rule that has both a `when` and an `unless`; others claim nothing about the rest.
[[nodiscard]] std::vector<Gap> gaps(const Rules& rules, const AnalysisBudget& budget = {});

// Something in a rule file that says nothing, or too much.
struct Finding {
    enum class Kind : std::uint8_t {
        kUnreachable,     // the rule's `when` never holds
        kNeverViolated,   // nothing violates the rule
        kAlwaysViolated,  // nothing that the rule applies to complies with it
        kIdleExemption,   // an exemption that never decides
        kDeadExpression,  // a part of a condition that makes no difference
        kRedundant,       // whatever violates the rule violates others of its severity or above
        kContradiction,   // two rules apply together, and nothing complies with both
        kEquivalent,      // two rules are violated by the same configurations
    } kind = Kind::kUnreachable;
    std::string rule, other;  // names; `other` of kContradiction and kEquivalent
    std::string message;
    SourceRange range;
    std::optional<Example> example;  // of kContradiction
};
struct Findings {
    std::vector<Finding> findings;
    std::vector<std::string> undecided;  // questions that weren't settled, each with the reason
};
[[nodiscard]] Findings find_defects(const Rules& rules, const AnalysisBudget& budget = {});

[[nodiscard]] std::string_view to_string(Proved state);        // `holds`, `fails`, `unknown`
[[nodiscard]] std::string_view to_string(Finding::Kind kind);  // `never_violated`

}  // namespace keywright
