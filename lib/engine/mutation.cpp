// Mutation testing, as the public header tells it.
#include "keywright/mutation.h"

#include "analysis/mutation.h"
#include "engine/solvers.h"
#include "engine/state.h"
#include "eval/reference.h"
#include "report/record_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
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

namespace {

// One pack with all the suites that are about it.
class Tested {
public:
    explicit Tested(const Rules& rules, std::size_t number)
        : rules_(rules), number_(number), mutants_(analysis::make_mutants(module(), &rules.state().sources)) {
        for (std::size_t i = 0; i < mutants_.all.size(); ++i) by_id_.emplace(mutants_.all[i].id, i);
        killed_by_.resize(mutants_.all.size());
        take(rules, mutants_);
    }

    // Puts the mutants to the tests of another compilation, if it has the same.
    [[nodiscard]] bool add(const Rules& rules) {
        const analysis::Mutants theirs = analysis::make_mutants(rules.state().module, &rules.state().sources);
        if (theirs.all.size() != mutants_.all.size()) return false;
        for (const analysis::Mutant& mutant : theirs.all) {
            const auto at = by_id_.find(mutant.id);
            if (at == by_id_.end() || mutants_.all[at->second].what != mutant.what) return false;
        }
        take(rules, theirs);
        return true;
    }

    [[nodiscard]] MutatedPack finish(const MutationOptions& options) && {
        const engine::AllSolvers solvers;
        for (std::size_t i = 0; i < mutants_.all.size(); ++i) {
            analysis::MutantResult result;
            if (killed_by_[i].empty())
                result =
                    analysis::survivor(mutants_, mutants_.all[i], solvers.get(), engine::to_budget(options.budget));
            else
                result.state = analysis::MutantState::kKilled;
            show(mutants_.all[i], result, std::move(killed_by_[i]));
        }
        return {std::move(out_), number_};
    }

private:
    [[nodiscard]] const ir::Module& module() const { return rules_.state().module; }

    void take(const Rules& rules, const analysis::Mutants& mutants) {
        const ir::Module& theirs = rules.state().module;
        const analysis::Suite suite{theirs};
        const analysis::Kills kills = analysis::kills_of(theirs, mutants, suite);
        for (std::size_t i = 0; i < kills.size(); ++i) {
            std::string& name = killed_by_[by_id_.at(mutants.all[i].id)];
            if (kills[i] && name.empty()) name = theirs.tests[suite.cases[*kills[i]].test].name;
        }
        // A file that two others import counts once.
        for (const TestResult& test : rules.run_tests()) {
            if (!tests_.emplace(test.range.file, test.range.begin).second) continue;
            ++out_.tests;
            if (!test.passed) out_.failing_tests.push_back(test.name);
        }
    }

    void show(const analysis::Mutant& mutant, const analysis::MutantResult& result, std::string killed_by) {
        Mutant one;
        one.id = mutant.id;
        one.op = std::string{analysis::to_string(mutant.op)};
        for (const analysis::MutatedRule& rule : mutant.rules)
            one.rules.push_back(module().rules[rule.original.index()].name);
        const ir::Span place =
            mutant.span.valid() ? mutant.span : module().rules[mutant.rules.front().original.index()].span;
        one.range = rules_.state().sources.range(place);
        one.before = mutant.before;
        if (mutant.span.valid()) one.after = mutant.after;
        one.what = mutant.what;
        one.state = to_state(result.state);
        one.killed_by = std::move(killed_by);
        if (result.telling) {
            one.example = Example{report::to_json(module(), result.telling->record), result.telling->at};
            one.outcomes = outcomes(mutants_, mutant, *result.telling);
        }
        one.reason = result.reason;
        out_.mutants.push_back(std::move(one));
    }

    Rules rules_;
    std::size_t number_;
    analysis::Mutants mutants_;
    std::map<std::string, std::size_t> by_id_;
    std::vector<std::string> killed_by_;  // by mutant: the name of a test
    std::set<std::pair<std::string, std::size_t>> tests_;
    MutationReport out_;
};

}  // namespace

std::vector<MutatedPack> mutate(const std::vector<Rules>& compilations, const MutationOptions& options) {
    std::vector<Tested> packs;
    for (std::size_t i = 0; i < compilations.size(); ++i) {
        const bool is_known = std::ranges::any_of(packs, [&](Tested& pack) { return pack.add(compilations[i]); });
        if (!is_known) packs.emplace_back(compilations[i], i);
    }
    std::vector<MutatedPack> out;
    for (Tested& pack : packs) {
        out.push_back(std::move(pack).finish(options));
        out.back().report.rules = compilations[out.back().first].identity();
    }
    return out;
}

MutationReport mutate(const Rules& rules, const MutationOptions& options) {
    return std::move(mutate(std::vector{rules}, options).front().report);
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
