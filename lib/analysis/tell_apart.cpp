#include "analysis/tell_apart.h"

#include "analysis/partial_space.h"
#include "eval/program.h"
#include "eval/reference.h"
#include "input/reader.h"
#include "ir/edit.h"

#include <algorithm>
#include <array>
#include <utility>

namespace keywright::analysis {

using ir::RuleId;
using logic::Leaf;

namespace {

// The original's rule and the mutant's, alone.
struct Pair {
    ir::Module module;
    MutatedRule original, copy;
    bool same_deadline = true;  // by construction: wherever both expire, they do at the same instant
};

bool reads(const ir::Module& module, const ir::Expiry& expiry, ir::FieldId field) {
    return std::ranges::any_of(ir::nodes_below(module, {expiry.since, expiry.after}), [&](ir::NodeId id) {
        return module.node(id).op == ir::Op::kField && module.node(id).a == field.value;
    });
}

Pair pair_of(const Mutants& mutants, const Mutant& mutant, const MutatedRule& mutated) {
    Pair out;
    const ir::Module& all = mutants.module;
    const ir::Rule &a = all.rules[mutated.original.index()], &b = all.rules[mutated.copy.index()];
    if (a.expiry && b.expiry) {
        out.same_deadline = a.expiry->since == b.expiry->since && a.expiry->after == b.expiry->after &&
                            !(mutant.field.valid() && reads(all, *a.expiry, mutant.field));
    }
    const std::array<RuleId, 2> rules{mutated.original, mutated.copy};
    out.module = ir::excerpt(all, rules);
    out.original = as_it_is(out.module, RuleId{0U});
    out.copy = {RuleId{0U}, RuleId{1U}, mutated.exemptions};
    return out;
}

bool differ(const ir::Module& module, const MutatedRule& original, const MutatedRule& copy, const eval::RuleDecision& a,
            const eval::RuleDecision& b) {
    return visible(module, original, a) != visible(module, copy, b);
}

bool is_valid(const ir::Module& module, const value::Record& record, Instant now) {
    std::vector<RecordError> errors;
    input::check_assumptions(module, record, now, errors);
    return errors.empty();
}

// Complete configurations that the two rules decide otherwise.
logic::Question question(const Pair& pair) {
    logic::Question q;
    q.packs.push_back(&pair.module);
    const auto leaf = [&](unsigned rule, logic::Claim claim, ir::Outcome outcome, std::size_t exemption) {
        Leaf out;
        out.claim = claim;
        out.rule = RuleId{std::size_t{rule}};
        out.outcome = outcome;
        out.exemption = static_cast<std::uint32_t>(exemption);
        return q.leaf(out);
    };
    const auto outcome = [&](unsigned rule, ir::Outcome o) { return leaf(rule, logic::Claim::kOutcome, o, 0); };
    const auto either = [&](std::uint32_t a, std::uint32_t b, bool differs) {
        const std::uint32_t only_a = q.conjunction({a, q.negation(b)});
        const std::uint32_t only_b = q.conjunction({b, q.negation(a)});
        return differs ? q.disjunction({only_a, only_b}) : q.disjunction({a, b});
    };
    const ir::Rule &a = pair.module.rules[0], &b = pair.module.rules[1];
    std::vector<std::uint32_t> ways;
    for (const ir::Outcome o : {ir::Outcome::kViolated, ir::Outcome::kExempt, ir::Outcome::kNotApplicable}) {
        const bool always = o == ir::Outcome::kViolated && a.severity != b.severity;
        ways.push_back(either(outcome(0, o), outcome(1, o), !always));
    }
    const bool warns_otherwise = std::min(a.severity, Severity::kWarning) != std::min(b.severity, Severity::kWarning);
    ways.push_back(
        either(leaf(0, logic::Claim::kWarning, {}, 0), leaf(1, logic::Claim::kWarning, {}, 0), !warns_otherwise));
    // What exempts: the first exemption that holds.
    const auto first = [&](unsigned rule, std::size_t exemption) {
        std::vector<std::uint32_t> all{outcome(rule, ir::Outcome::kExempt),
                                       leaf(rule, logic::Claim::kExempt, {}, exemption)};
        for (std::size_t i = 0; i < exemption; ++i) all.push_back(q.negation(leaf(rule, logic::Claim::kExempt, {}, i)));
        return q.conjunction(std::move(all));
    };
    for (std::size_t i = 0; i < b.exemptions.size(); ++i) {
        const std::uint32_t theirs = first(1, i);
        ways.push_back(
            q.conjunction({theirs, outcome(0, ir::Outcome::kExempt), q.negation(first(0, pair.copy.exemptions[i]))}));
    }
    (void)q.disjunction(std::move(ways));
    return q;
}

bool is_about_records(const Mutant& mutant) { return mutant.field.valid(); }

// Through all classes of incomplete records.
Comparison go_through(const Mutants& mutants, const Mutant& mutant, const Pair& pair, std::uint64_t steps) {
    Comparison out;
    const auto space = PartialSpace::build(pair.module, out.reason);
    if (!space) return out;
    if (space->size() > steps) {
        out.reason = "there are too many records with unknown fields to go through";
        return out;
    }
    const eval::Program program{pair.module};
    auto scratch = program.make_scratch();
    std::array<eval::RuleDecision, 2> decided;
    value::Record looked;
    const bool all = space->each([&](const value::Record& record, Instant now) {
        program.decide(record, now, scratch, decided);
        const eval::RuleDecision original = decided[0];
        if (is_about_records(mutant)) {
            if (!mutants.sees_otherwise(mutant, record)) return true;
            looked = record;
            mutants.look(mutant, looked);
            program.decide(looked, now, scratch, decided);
        }
        if (!differ(pair.module, pair.original, pair.copy, original, decided[1])) return true;
        if (!tells_apart(mutants, mutant, record, now)) return true;
        out.telling = {record, now};
        return false;
    });
    if (!all) {
        out.told = Told::kApart;
    } else if (!space->is_exact()) {
        out.reason = "it hangs on a comparison that cells can't express";
    } else if (!pair.same_deadline) {
        out.reason = "outcomes don't differ, but the deadline may";
    } else {
        out.told = Told::kAlike;
    }
    return out;
}

}  // namespace

MutatedRule as_it_is(const ir::Module& module, RuleId rule) {
    MutatedRule out{rule, rule, {}};
    for (std::size_t i = 0; i < module.rules[rule.index()].exemptions.size(); ++i)
        out.exemptions.push_back(static_cast<std::uint16_t>(i));
    return out;
}

Visible visible(const ir::Module& module, const MutatedRule& mutated, const eval::RuleDecision& decision) {
    Visible out;
    const ir::Rule& rule = module.rules[mutated.copy.index()];
    out.outcome = decision.outcome;
    out.warning = decision.warning;
    if (decision.outcome == ir::Outcome::kExempt) out.exempt_by = mutated.exemptions[decision.exempt_by];
    if (decision.outcome == ir::Outcome::kViolated || decision.outcome == ir::Outcome::kUndetermined)
        out.severity = rule.severity;
    if (decision.warning != eval::Truth::kFalse) out.warning_severity = std::min(rule.severity, Severity::kWarning);
    if (rule.expiry) {
        out.applies = decision.applies;
        if (decision.applies != eval::Truth::kFalse) out.deadline = decision.deadline;
    }
    return out;
}

bool tells_apart(const Mutants& mutants, const Mutant& mutant, const value::Record& record, Instant now) {
    if (!is_valid(mutants.module, record, now)) return false;
    value::Record looked = record;
    mutants.look(mutant, looked);
    return std::ranges::any_of(mutant.rules, [&](const MutatedRule& rule) {
        return differ(mutants.module, as_it_is(mutants.module, rule.original), rule,
                      eval::decide_reference(mutants.module, rule.original, record, now),
                      eval::decide_reference(mutants.module, rule.copy, looked, now));
    });
}

Comparison tell_apart(const Mutants& mutants, const Mutant& mutant, Solvers solvers, const logic::Budget& budget) {
    Comparison out;
    out.told = Told::kAlike;
    std::vector<Pair> pairs;
    for (const MutatedRule& rule : mutant.rules) pairs.push_back(pair_of(mutants, mutant, rule));
    // A complete record is easier to read than one with unknown fields, so all rules are asked for one first.
    if (!is_about_records(mutant)) {
        for (const Pair& pair : pairs) {
            logic::Result result = ask(question(pair), solvers, budget);
            if (result.answer != logic::Answer::kYes) continue;
            const value::Record& record = result.witness->records.front();
            if (!tells_apart(mutants, mutant, record, result.witness->now)) continue;
            return {Told::kApart, Telling{record, result.witness->now}, {}};
        }
    }
    for (const Pair& pair : pairs) {
        Comparison one = go_through(mutants, mutant, pair, budget.steps);
        if (one.told == Told::kApart) return one;
        if (one.told == Told::kUnknown) out = std::move(one);
    }
    return out;
}

}  // namespace keywright::analysis
