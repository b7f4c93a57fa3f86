// Proofs, gaps, defects and differences, as the public headers tell them.
#include "analysis/questions.h"
#include "analysis/difference.h"
#include "check/check.h"
#include "check/load.h"
#include "diag/diag.h"
#include "engine/records.h"
#include "engine/solvers.h"
#include "engine/state.h"
#include "keywright/diff.h"
#include "keywright/proof.h"
#include "report/record_json.h"
#include "smt/solver.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

namespace keywright {
namespace {

Example example(const ir::Module& module, const logic::Witness& witness, std::size_t pack) {
    return {report::to_json(module, witness.records[pack]), witness.now};
}

RegionSet to_regions(const ir::Module& module, const analysis::Described& described, std::size_t pack) {
    RegionSet out;
    for (const auto& part : described.parts) {
        out.regions.push_back({part.condition, {}});
        if (part.witness) out.regions.back().example = example(module, *part.witness, pack);
    }
    out.cells = described.cells;
    out.of = described.of;
    out.incomplete = described.incomplete;
    return out;
}

}  // namespace

namespace {

logic::Question counterexample(const Rules::State& state, const ir::Proof& proof) {
    const auto other = state.others.find(proof.other);
    return analysis::counterexample(state.module, other == state.others.end() ? nullptr : other->second.get(), proof);
}

}  // namespace

std::vector<ProofResult> prove(const Rules& rules, const AnalysisBudget& budget) {
    const Rules::State& state = rules.state();
    const engine::AllSolvers solvers;
    std::vector<ProofResult> out;
    for (const ir::Proof& proof : state.module.proofs) {
        ProofResult result;
        result.name = proof.name;
        result.range = state.sources.range(proof.span);
        logic::Result answer = analysis::ask(counterexample(state, proof), solvers.get(), engine::to_budget(budget));
        switch (answer.answer) {
            case logic::Answer::kNo: result.state = Proved::kHolds; break;
            case logic::Answer::kYes:
                result.state = Proved::kFails;
                result.counterexample = example(state.module, *answer.witness, 0);
                break;
            case logic::Answer::kUnknown: result.reason = std::move(answer.reason); break;
        }
        out.push_back(std::move(result));
    }
    return out;
}

std::vector<ProofScript> proof_scripts(const Rules& rules) {
    const Rules::State& state = rules.state();
    std::vector<ProofScript> out;
    for (const ir::Proof& proof : state.module.proofs)
        out.push_back({proof.name, state.sources.range(proof.span), smt::to_smtlib(counterexample(state, proof))});
    return out;
}

std::vector<Gap> gaps(const Rules& rules, const AnalysisBudget& budget) {
    const Rules::State& state = rules.state().of_rules();
    std::vector<Gap> out;
    for (std::size_t i = 0; i < state.module.rules.size(); ++i) {
        const ir::Rule& rule = state.module.rules[i];
        const auto all = analysis::gap(state.module, ir::RuleId{i}, false);
        const auto open = analysis::gap(state.module, ir::RuleId{i}, true);
        if (!all || !open) continue;
        Gap gap;
        gap.rule = rule.name;
        gap.range = state.sources.range(rule.span);
        gap.all = to_regions(state.module, analysis::describe(*all, engine::to_budget(budget)), 0);
        gap.open = rule.accepted_gaps.empty()
                       ? gap.all
                       : to_regions(state.module, analysis::describe(*open, engine::to_budget(budget)), 0);
        for (const ir::AcceptedGap& accepted : rule.accepted_gaps) gap.accepted.push_back(accepted.reason);
        out.push_back(std::move(gap));
    }
    return out;
}

namespace {

Finding to_finding(const Rules::State& state, const analysis::DefectFound& found) {
    Finding out;
    out.rule = state.module.rules[found.rule.index()].name;
    if (found.other.valid()) out.other = state.module.rules[found.other.index()].name;
    out.range = state.sources.range(found.span);
    switch (found.defect) {
        case analysis::Defect::kUnreachable:
            out.kind = Finding::Kind::kUnreachable;
            out.message = fmt::format("`{}` never applies: its `when` can't hold", out.rule);
            break;
        case analysis::Defect::kNeverViolated:
            out.kind = Finding::Kind::kNeverViolated;
            out.message = fmt::format("nothing can violate `{}`", out.rule);
            break;
        case analysis::Defect::kAlwaysViolated:
            out.kind = Finding::Kind::kAlwaysViolated;
            out.message = fmt::format("nothing that `{}` applies to can comply with it", out.rule);
            break;
        case analysis::Defect::kIdleExemption:
            out.kind = Finding::Kind::kIdleExemption;
            out.message = fmt::format(
                "the exemption `{}` of `{}` never decides: where it holds, the rule doesn't apply or "
                "another exemption holds too",
                found.part, out.rule);
            break;
        case analysis::Defect::kDeadExpression:
            out.kind = Finding::Kind::kDeadExpression;
            out.message = fmt::format("`{}` makes no difference to `{}`: it might as well be `{}`", found.part,
                                      out.rule, found.always ? "true" : "false");
            break;
        case analysis::Defect::kRedundant:
            out.kind = Finding::Kind::kRedundant;
            out.message = fmt::format("whatever violates `{}` violates another rule as well", out.rule);
            break;
        case analysis::Defect::kContradiction:
            out.kind = Finding::Kind::kContradiction;
            out.message =
                fmt::format("`{}` and `{}` apply together, and nothing can comply with both", out.rule, out.other);
            if (found.witness) out.example = example(state.module, *found.witness, 0);
            break;
        case analysis::Defect::kEquivalent:
            out.kind = Finding::Kind::kEquivalent;
            out.message =
                fmt::format("`{}` and `{}` are violated by exactly the same configurations", out.rule, out.other);
            break;
    }
    return out;
}

}  // namespace

Findings find_defects(const Rules& rules, const AnalysisBudget& budget) {
    const Rules::State& state = rules.state().of_rules();
    const engine::AllSolvers solvers;
    const analysis::Defects defects = analysis::find_defects(state.module, solvers.get(), engine::to_budget(budget));
    Findings out;
    for (const analysis::DefectFound& found : defects.found) out.findings.push_back(to_finding(state, found));
    for (const analysis::Undecided& u : defects.undecided)
        out.undecided.push_back(fmt::format("whether {}: {}", u.question, u.reason));
    return out;
}

// --- differences ----------------------------------------------------------------------------------------------------
namespace {

// The witness of what was gained is shown as the new pack reads it, of what was lost as the old one does.
OutcomeChange to_change(const Rules::State& before, const Rules::State& after,
                        const analysis::OutcomeDifference& change) {
    return {to_regions(after.module, change.gained, 1), to_regions(before.module, change.lost, 0)};
}

}  // namespace

Diff diff(const Rules& before, const Rules& after, const AnalysisBudget& budget) {
    const Rules::State& old = before.state();
    const Rules::State& now = after.state();
    analysis::Difference difference = analysis::difference(old.module, now.module, engine::to_budget(budget));
    Diff out;
    out.before = before.identity();
    out.after = after.identity();
    out.schema = std::move(difference.schema);
    out.declared = std::move(difference.declared);
    bool stricter = !difference.violation.gained.parts.empty();
    bool looser = !difference.violation.lost.parts.empty();
    out.complete = difference.violation.complete();
    for (const analysis::RuleDifference& rule : difference.rules) {
        RuleDiff one;
        one.rule = rule.name;
        one.is_new = !rule.before.valid();
        one.is_gone = !rule.after.valid();
        one.violated = to_change(old, now, rule.violated);
        one.warning = to_change(old, now, rule.warning);
        stricter = stricter || one.violated.gained.cells != "0";
        looser = looser || one.violated.lost.cells != "0";
        out.complete = out.complete && rule.violated.complete() && rule.warning.complete();
        out.rules.push_back(std::move(one));
    }
    out.violation = to_change(old, now, difference.violation);
    out.direction = stricter && looser ? Direction::kBoth
                    : stricter         ? Direction::kStricter
                    : looser           ? Direction::kLooser
                    : out.complete     ? Direction::kSame
                                       : Direction::kUnknown;
    return out;
}

namespace {

// The files of a compiled pack, as they were.
class SameFiles final : public FileSource {
public:
    explicit SameFiles(const base::SourceSet& sources) {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const base::Source& source = sources.file(base::FileId{i});
            texts_.emplace(source.path(), source.text());
        }
    }
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override {
        const auto found = texts_.find(path);
        if (found == texts_.end()) return {{}, "no such file"};
        return {std::string{found->second.substr(0, limit + 1)}, {}};
    }

private:
    std::map<std::string, std::string_view, std::less<>> texts_;
};

void add_loosening(const Loosening& where, const ir::Module& base, const std::string& rule,
                   const analysis::Described& lost, std::vector<Loosening>& out) {
    if (lost.parts.empty() && lost.incomplete.empty()) return;
    out.push_back(where);
    out.back().rule = rule;
    out.back().lost = to_regions(base, lost, 0);
}

}  // namespace

std::vector<Loosening> loosened(const Rules& rules, const AnalysisBudget& budget) {
    const Rules::State& state = rules.state().of_rules();
    const SameFiles files{state.sources};
    std::vector<Loosening> out;
    for (const ir::Extension& extension : state.module.extends) {
        const Loosening where{extension.path, state.sources.range(extension.span), {}, {}};
        const Limits limits;
        diag::Sink sink{limits.diagnostics};
        check::Loaded loaded;
        check::load(files, extension.path, {}, {}, {}, limits, sink, loaded);
        const ir::Module base = check::check(loaded, {}, limits, sink);
        if (sink.has_errors() || !loaded.unreadable.empty()) {
            // Its files are fine, as they are part of this pack; so it lacks what makes a pack of them.
            out.push_back(where);
            out.back().lost.incomplete = "it is not a pack on its own";
            continue;
        }
        const analysis::Difference difference = analysis::difference(base, state.module, engine::to_budget(budget));
        for (const analysis::RuleDifference& rule : difference.rules)
            add_loosening(where, base, rule.name, rule.violated.lost, out);
        add_loosening(where, base, {}, difference.violation.lost, out);
    }
    return out;
}

InventoryDiff compare_inventory(const Rules& before, const Rules& after, std::string_view json,
                                const CheckOptions& options) {
    InventoryDiff out;
    const Report was = before.check(json, options);
    const Report is = after.check(json, options);
    const std::size_t count = std::max(was.results.size(), is.results.size());
    const RecordReport nothing;
    for (std::size_t i = 0; i < count; ++i) {
        const RecordReport& a = i < was.results.size() ? was.results[i] : nothing;
        const RecordReport& b = i < is.results.size() ? is.results[i] : nothing;
        ++out.records;
        if (a.verdict == Verdict::kInvalid || b.verdict == Verdict::kInvalid) ++out.invalid;
        if (!a.undetermined.empty() || !b.undetermined.empty()) ++out.undetermined;
        const auto names = [](const RecordReport& r) {
            std::vector<std::string> rules;
            for (const Violation& v : r.violations) rules.push_back(v.rule);
            std::sort(rules.begin(), rules.end());
            return rules;
        };
        const auto old = names(a), now = names(b);
        AffectedKey key{b.subject.empty() ? a.subject : b.subject, options.source, i, a.verdict, b.verdict, {}, {}};
        std::set_difference(now.begin(), now.end(), old.begin(), old.end(), std::back_inserter(key.gained));
        std::set_difference(old.begin(), old.end(), now.begin(), now.end(), std::back_inserter(key.lost));
        if (key.before != key.after || !key.gained.empty() || !key.lost.empty()) out.affected.push_back(std::move(key));
    }
    return out;
}

std::string_view to_string(Proved state) {
    switch (state) {
        case Proved::kHolds: return "holds";
        case Proved::kFails: return "fails";
        case Proved::kUnknown: return "unknown";
    }
    return {};
}

std::string_view to_string(Finding::Kind kind) {
    switch (kind) {
        case Finding::Kind::kUnreachable: return "unreachable";
        case Finding::Kind::kNeverViolated: return "never_violated";
        case Finding::Kind::kAlwaysViolated: return "always_violated";
        case Finding::Kind::kIdleExemption: return "idle_exemption";
        case Finding::Kind::kDeadExpression: return "dead_expression";
        case Finding::Kind::kRedundant: return "redundant";
        case Finding::Kind::kContradiction: return "contradiction";
        case Finding::Kind::kEquivalent: return "equivalent";
    }
    return {};
}

std::string_view to_string(Direction direction) {
    switch (direction) {
        case Direction::kSame: return "same";
        case Direction::kStricter: return "stricter";
        case Direction::kLooser: return "looser";
        case Direction::kBoth: return "both";
        case Direction::kUnknown: return "unknown";
    }
    return {};
}

}  // namespace keywright
