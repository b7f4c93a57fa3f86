// The audit of rule files, as the public header tells it.
#include "keywright/lint.h"

#include "keywright/diff.h"

#include "engine/solvers.h"
#include "engine/state.h"
#include "lint/lint.h"
#include "report/record_json.h"

#include <utility>

namespace keywright {

LintReport lint_rules(const Compiled& compiled, const LintOptions& options) {
    LintReport out;
    if (!compiled.rules) return out;
    const Rules::State& state = compiled.rules->state();
    out.rules = compiled.rules->identity();
    const engine::AllSolvers solvers;
    const logic::Budget budget = engine::to_budget(options.budget);
    // Waivers exempt records from rules; what the rules themselves say is asked without them.
    const Rules::State& rules = state.of_rules();
    lint::Subject subject{state.sources, rules.module,  rules.program, rules.dependencies, state.extended,
                          options.now,   solvers.get(), budget,        &report::to_json,   state.module};
    subject.loosenings = loosened(*compiled.rules, options.budget);
    lint::Linted linted = lint::run(subject, state.warnings);
    out.findings = std::move(linted.findings);
    out.undecided = std::move(linted.undecided);
    return out;
}

}  // namespace keywright
