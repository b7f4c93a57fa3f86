// What tests cover, as the public header tells it.
#include "keywright/coverage.h"

#include "analysis/coverage.h"
#include "engine/solvers.h"
#include "engine/state.h"
#include "report/record_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace keywright {

namespace {

std::string_view words_of(analysis::Side side) {
    switch (side) {
        case analysis::Side::kNone: return "";
        case analysis::Side::kTrue: return "true";
        case analysis::Side::kFalse: return "false";
        case analysis::Side::kBelow: return "just below";
        case analysis::Side::kAt: return "at";
        case analysis::Side::kAbove: return "just above";
    }
    return {};
}

Duty to_duty(analysis::Duty duty) {
    switch (duty) {
        case analysis::Duty::kRule: return Duty::kRule;
        case analysis::Duty::kOutcome: return Duty::kOutcome;
        case analysis::Duty::kCondition: return Duty::kCondition;
        case analysis::Duty::kDecides: return Duty::kDecides;
        case analysis::Duty::kBoundary: return Duty::kBoundary;
    }
    return Duty::kRule;
}

Covered to_covered(analysis::Judged::State state) {
    switch (state) {
        case analysis::Judged::State::kCovered: return Covered::kCovered;
        case analysis::Judged::State::kMissing: return Covered::kMissing;
        case analysis::Judged::State::kImpossible: return Covered::kImpossible;
        case analysis::Judged::State::kUnknown: return Covered::kUnknown;
    }
    return Covered::kUnknown;
}

CoverageCount count_of(const Coverage& coverage, const std::optional<Duty>& duty) {
    CoverageCount out;
    for (const CoverageObligation& o : coverage.obligations) {
        if (duty && o.duty != *duty) continue;
        out.covered += o.state == Covered::kCovered ? 1 : 0;
        out.impossible += o.state == Covered::kImpossible ? 1 : 0;
        out.unknown += o.state == Covered::kUnknown ? 1 : 0;
        out.possible += o.state != Covered::kImpossible ? 1 : 0;
    }
    return out;
}

}  // namespace

CoverageCount Coverage::count() const { return count_of(*this, std::nullopt); }
CoverageCount Coverage::count(Duty duty) const { return count_of(*this, duty); }

Coverage measure_coverage(const Rules& rules, const CoverageOptions& options) {
    const Rules::State& state = rules.state().of_rules();
    const analysis::Obligations obligations{state.module};
    const analysis::Suite suite{state.module};
    Coverage out;
    out.rules = rules.identity();
    std::vector<std::uint32_t> numbers(suite.cases.size());  // in `out.cases`
    std::vector<std::uint32_t> tests;                        // by case of `out`
    const auto counts = [&](const analysis::Case& one) {
        return state.module.tests[one.test].name.find(options.filter) != std::string::npos;
    };
    for (std::size_t i = 0; i < suite.cases.size(); ++i) {
        const analysis::Case& one = suite.cases[i];
        if (!one.errors.empty() || one.drawn || !counts(one)) continue;
        const ir::Test& test = state.module.tests[one.test];
        numbers[i] = static_cast<std::uint32_t>(out.cases.size());
        out.cases.push_back({test.name, state.sources.range(test.span), one.expected->at});
        tests.push_back(one.test);
    }
    analysis::Sightings seen = analysis::sightings(obligations, suite, counts);
    for (auto& cases : seen) {
        for (std::uint32_t& one : cases) one = numbers[one];
    }
    const engine::AllSolvers solvers;
    analysis::Feasibility feasibility{obligations, solvers.get(), engine::to_budget(options.budget)};
    for (const analysis::Obligation& o : obligations.all) {
        analysis::Judged judged = analysis::judge(o, seen, options.ask ? &feasibility : nullptr,
                                                  [&](std::uint32_t one) { return tests[one]; });
        CoverageObligation shown;
        shown.duty = to_duty(o.duty);
        shown.state = to_covered(judged.state);
        shown.rule = state.module.rules[o.rule.index()].name;
        shown.decision = analysis::place_of(obligations, o);
        shown.subject = analysis::subject_of(obligations, o);
        shown.side = words_of(o.side);
        shown.range = state.sources.range(o.span);
        shown.covered_by.assign(judged.cases.begin(), judged.cases.end());
        for (const std::uint32_t goal : judged.missing) {
            const logic::Witness& witness = *feasibility.find(goal).witness;
            shown.examples.push_back({report::to_json(state.module, witness.records.front()), witness.now});
        }
        shown.reason = std::move(judged.reason);
        out.obligations.push_back(std::move(shown));
    }
    return out;
}

std::string_view to_string(Duty duty) {
    switch (duty) {
        case Duty::kRule: return "rule";
        case Duty::kOutcome: return "outcome";
        case Duty::kCondition: return "condition";
        case Duty::kDecides: return "decides";
        case Duty::kBoundary: return "boundary";
    }
    return {};
}

std::string_view to_string(Covered state) {
    switch (state) {
        case Covered::kCovered: return "covered";
        case Covered::kMissing: return "missing";
        case Covered::kImpossible: return "impossible";
        case Covered::kUnknown: return "unknown";
    }
    return {};
}

std::string outcome_words(const CoverageObligation& o) {
    if (o.subject == "pass") return "passing";
    if (o.subject == "warning") return "about to expire";
    if (o.subject == "not_applicable") return "not applicable";
    return o.subject;
}

std::string to_words(const CoverageObligation& o) {
    const bool is = o.state == Covered::kCovered;
    const bool cannot = o.state == Covered::kImpossible;
    const char* const verb = is ? "is" : cannot ? "can't be" : "is never";
    switch (o.duty) {
        case Duty::kRule: return fmt::format("the rule {} decided", verb);
        case Duty::kOutcome: return fmt::format("the rule {} {}", verb, outcome_words(o));
        case Duty::kCondition: return fmt::format("{}: `{}` {} {}", o.decision, o.subject, verb, o.side);
        case Duty::kDecides:
            return fmt::format("{}: `{}` {}", o.decision, o.subject,
                               is       ? "decides alone"
                               : cannot ? "can't decide alone"
                                        : "never decides alone");
        case Duty::kBoundary:
            return fmt::format("{}: `{}` {} tried {}", o.decision, o.subject, verb,
                               o.side == "at" ? "at the boundary" : o.side);
    }
    return {};
}

}  // namespace keywright
