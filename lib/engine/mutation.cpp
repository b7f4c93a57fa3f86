// Mutation testing, as the public header tells it.
#include "keywright/mutation.h"

#include "analysis/mutation.h"
#include "engine/solvers.h"
#include "engine/state.h"
#include "eval/reference.h"
#include "report/record_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace keywright {
namespace {

std::string shown(const ir::Module& module, const analysis::MutatedRule& rule, ir::RuleId as,
                  const eval::RuleDecision& decision) {
    const analysis::Visible v = analysis::visible(module, rule, decision);
    std::string out{ir::word(v.outcome)};
    if (v.outcome == ir::Outcome::kExempt)
        out += fmt::format(" by {}", module.rules[as.index()].exemptions[v.exempt_by].label);
    if (v.outcome == ir::Outcome::kViolated || v.outcome == ir::Outcome::kUndetermined)
        out += fmt::format(" ({})", to_string(v.severity));
    if (v.warning == eval::Truth::kTrue) out += fmt::format(", about to expire ({})", to_string(v.warning_severity));
    if (v.warning == eval::Truth::kUnknown)
        out += fmt::format(", perhaps about to expire ({})", to_string(v.warning_severity));
    return out;
}

std::string expiry_shown(const eval::RuleDecision& decision) {
    if (decision.applies == eval::Truth::kFalse) return "never expires";
    const auto end = [](bool known, eval::Nanos at) {
        return known ? to_string(value::to_instant(at)) : std::string{"an unknown instant"};
    };
    const eval::InstantBounds& d = decision.deadline;
    const std::string_view surely = decision.applies == eval::Truth::kTrue ? "" : "perhaps ";
    if (d.is_point()) return fmt::format("{}expires {}", surely, end(true, d.earliest));
    return fmt::format("{}expires between {} and {}", surely, end(d.has_earliest(), d.earliest),
                       end(d.has_latest(), d.latest));
}

// What the original and the mutant say of the record, where they differ.
std::vector<OutcomeShown> outcomes(const analysis::Mutants& mutants, const analysis::Mutant& mutant,
                                   const analysis::Telling& telling) {
    std::vector<OutcomeShown> out;
    const ir::Module& module = mutants.module;
    value::Record looked = telling.record;
    mutants.look(mutant, looked);
    for (const analysis::MutatedRule& rule : mutant.rules) {
        const auto original = eval::decide_reference(module, rule.original, telling.record, telling.at);
        const auto changed = eval::decide_reference(module, rule.copy, looked, telling.at);
        const analysis::MutatedRule plain = analysis::as_it_is(module, rule.original);
        if (analysis::visible(module, plain, original) == analysis::visible(module, rule, changed)) continue;
        OutcomeShown one{module.rules[rule.original.index()].name, shown(module, plain, rule.original, original),
                         shown(module, rule, rule.original, changed)};
        if (one.original == one.mutant) {
            one.original += fmt::format(", {}", expiry_shown(original));
            one.mutant += fmt::format(", {}", expiry_shown(changed));
        }
        out.push_back(std::move(one));
    }
    return out;
}

Mutant::State to_state(analysis::MutantState state) {
    switch (state) {
        case analysis::MutantState::kKilled: return Mutant::State::kKilled;
        case analysis::MutantState::kSurvived: return Mutant::State::kSurvived;
        case analysis::MutantState::kEquivalent: return Mutant::State::kEquivalent;
        case analysis::MutantState::kUndecided: return Mutant::State::kUndecided;
    }
    return Mutant::State::kUndecided;
}

}  // namespace

MutationReport mutate(const Rules& rules, const MutationOptions& options) {
    const Rules::State& state = rules.state().of_rules();
    const ir::Module& module = state.module;
    MutationReport out;
    out.rules = rules.identity();
    for (const TestResult& test : rules.run_tests()) {
        ++out.tests;
        if (!test.passed) out.failing_tests.push_back(test.name);
    }
    const analysis::Mutants mutants = analysis::make_mutants(module, &state.sources);
    const analysis::Suite suite{module};
    const engine::AllSolvers solvers;
    const std::vector<analysis::MutantResult> results =
        analysis::test_mutants(module, mutants, suite, solvers.get(), engine::to_budget(options.budget));
    for (std::size_t i = 0; i < mutants.all.size(); ++i) {
        const analysis::Mutant& mutant = mutants.all[i];
        const analysis::MutantResult& result = results[i];
        Mutant one;
        one.id = mutant.id;
        one.op = std::string{analysis::to_string(mutant.op)};
        for (const analysis::MutatedRule& rule : mutant.rules)
            one.rules.push_back(module.rules[rule.original.index()].name);
        const ir::Span place =
            mutant.span.valid() ? mutant.span : module.rules[mutant.rules.front().original.index()].span;
        one.range = state.sources.range(place);
        one.before = mutant.before;
        if (mutant.span.valid()) one.after = mutant.after;
        one.what = mutant.what;
        one.state = to_state(result.state);
        if (result.killed_by) one.killed_by = module.tests[suite.cases[*result.killed_by].test].name;
        if (result.telling) {
            one.example = Example{report::to_json(module, result.telling->record), result.telling->at};
            one.outcomes = outcomes(mutants, mutant, *result.telling);
        }
        one.reason = result.reason;
        out.mutants.push_back(std::move(one));
    }
    return out;
}

std::size_t MutationReport::count(Mutant::State state) const {
    return static_cast<std::size_t>(std::ranges::count(mutants, state, &Mutant::state));
}

double MutationReport::score() const {
    const std::size_t counted = mutants.size() - count(Mutant::State::kEquivalent);
    return counted == 0 ? 100.0
                        : 100.0 * static_cast<double>(count(Mutant::State::kKilled)) / static_cast<double>(counted);
}

std::string_view to_string(Mutant::State state) {
    switch (state) {
        case Mutant::State::kKilled: return "killed";
        case Mutant::State::kSurvived: return "survived";
        case Mutant::State::kEquivalent: return "equivalent";
        case Mutant::State::kUndecided: return "undecided";
    }
    return {};
}

}  // namespace keywright
