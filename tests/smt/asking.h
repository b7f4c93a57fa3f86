// Short ways to put questions to the solver.
#pragma once

#include "logic/question.h"
#include "smt/solver.h"
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace keywright::test {

inline logic::Leaf holds(ir::NodeId node, std::uint32_t pack = 0) {
    logic::Leaf leaf;
    leaf.pack = pack;
    leaf.node = node;
    return leaf;
}

inline logic::Leaf outcome(std::size_t rule, ir::Outcome outcome, std::uint32_t pack = 0) {
    logic::Leaf leaf;
    leaf.pack = pack;
    leaf.claim = logic::Claim::kOutcome;
    leaf.rule = ir::RuleId{rule};
    leaf.outcome = outcome;
    return leaf;
}

inline logic::Leaf verdict(ir::Verdict verdict, std::uint32_t pack = 0) {
    logic::Leaf leaf;
    leaf.pack = pack;
    leaf.claim = logic::Claim::kVerdict;
    leaf.verdict = verdict;
    return leaf;
}

inline logic::Question question(std::vector<const ir::Module*> packs, const logic::Leaf& leaf, bool negated = false) {
    logic::Question q;
    q.packs = std::move(packs);
    const std::uint32_t term = q.leaf(leaf);
    if (negated) q.negation(term);
    return q;
}

// The answer, where every yes has its witness, every unknown its reason, and the two never disagree.
inline logic::Result solve(const logic::Question& question, const logic::Budget& budget = {}) {
    const logic::Result result = smt::make_solver()->solve(question, budget);
    CHECK(result.witness.has_value() == (result.answer == logic::Answer::kYes));
    if (result.witness) CHECK(logic::confirms(question, *result.witness));
    CHECK(result.reason.empty() == (result.answer != logic::Answer::kUnknown));
    CHECK(result.reason.find("disagreement") == std::string::npos);
    return result;
}

inline char letter(logic::Answer answer) {
    switch (answer) {
        case logic::Answer::kYes: return 'y';
        case logic::Answer::kNo: return 'n';
        case logic::Answer::kUnknown: break;
    }
    return '?';
}

// Whether `expression` can be true, and whether it can be false: `yn`, `y?`…
inline std::string both_ways(std::string_view fields, const std::string& expression, std::string* reason = nullptr) {
    const auto checked = check_text(pack_text(fields, "define asked = " + expression));
    CAPTURE(expression);
    // That its ranges alone decide a comparison is a mistake in a rule file, and the best of questions here.
    for (const Diagnostic& d : checked->diagnostics) {
        if (d.severity == Severity::kError && d.code != "KW3009") return describe(checked->diagnostics);
    }
    if (checked->module.defines.empty() || !checked->module.defines.back().root.valid()) return "no expression";
    const ir::NodeId root = checked->module.defines.back().root;
    std::string out;
    for (const bool negated : {false, true}) {
        const logic::Result result = solve(question({&checked->module}, holds(root), negated));
        out += letter(result.answer);
        if (reason != nullptr && !result.reason.empty()) *reason = result.reason;
    }
    return out;
}

}  // namespace keywright::test
