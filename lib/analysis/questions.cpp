#include "analysis/questions.h"

#include <utility>

namespace keywright::analysis {

using ir::Outcome;
using logic::Answer;
using logic::Claim;
using logic::Leaf;
using logic::Question;

namespace {

Leaf outcome(ir::RuleId rule, Outcome outcome, std::uint32_t pack = 0) {
    Leaf leaf;
    leaf.pack = pack;
    leaf.claim = Claim::kOutcome;
    leaf.rule = rule;
    leaf.outcome = outcome;
    return leaf;
}

Leaf condition(ir::NodeId node) {
    Leaf leaf;
    leaf.node = node;
    return leaf;
}

Leaf exempts(ir::RuleId rule, std::size_t exemption) {
    Leaf leaf;
    leaf.claim = Claim::kExempt;
    leaf.rule = rule;
    leaf.exemption = static_cast<std::uint32_t>(exemption);
    return leaf;
}

Leaf violation(std::uint32_t pack) {
    Leaf leaf;
    leaf.pack = pack;
    leaf.claim = Claim::kVerdict;
    leaf.verdict = ir::Verdict::kViolation;
    return leaf;
}

const Instant kWish{1'767'225'600, 0};  // 2026-01-01: an instant that reads well

}  // namespace

logic::Result ask(const Question& question, Solvers solvers, const logic::Budget& budget) {
    logic::Result last;
    for (const logic::Solver* solver : solvers) {
        logic::Result result = solver->solve(question, budget);
        if (result.answer != Answer::kUnknown) return result;
        last = std::move(result);
    }
    return last;
}

Question counterexample(const ir::Module& module, const ir::Module* other, const ir::Proof& proof) {
    Question q;
    q.packs.push_back(&module);
    if (other != nullptr) q.packs.push_back(other);
    std::vector<std::uint32_t> all;
    if (proof.where.valid()) all.push_back(q.leaf(condition(proof.where)));
    const auto one_but_not = [&](std::uint32_t yes, std::uint32_t no) {
        const std::uint32_t a = q.leaf(violation(yes));
        const std::uint32_t b = q.negation(q.leaf(violation(no)));
        return q.conjunction({a, b});
    };
    switch (proof.kind) {
        case ir::ClaimKind::kNever: all.push_back(q.leaf(outcome(proof.rule, Outcome::kViolated))); break;
        case ir::ClaimKind::kAlways: all.push_back(q.negation(q.leaf(outcome(proof.rule, Outcome::kViolated)))); break;
        case ir::ClaimKind::kVerdict: {
            // A complete configuration is compliant or in violation.
            std::vector<std::uint32_t> allowed;
            for (const ir::Verdict v : proof.verdicts) {
                if (v == ir::Verdict::kViolation) allowed.push_back(q.leaf(violation(0)));
                if (v == ir::Verdict::kCompliant) allowed.push_back(q.negation(q.leaf(violation(0))));
            }
            all.push_back(q.negation(q.disjunction(std::move(allowed))));
            break;
        }
        case ir::ClaimKind::kHolds: all.push_back(q.negation(q.leaf(condition(proof.condition)))); break;
        case ir::ClaimKind::kNeverLooser: all.push_back(one_but_not(1, 0)); break;
        case ir::ClaimKind::kNeverStricter: all.push_back(one_but_not(0, 1)); break;
        case ir::ClaimKind::kSameVerdict: {
            const std::uint32_t looser = one_but_not(1, 0);
            const std::uint32_t stricter = one_but_not(0, 1);
            all.push_back(q.disjunction({looser, stricter}));
            break;
        }
    }
    (void)q.conjunction(std::move(all));
    return q;
}

Described describe(const Question& question, const logic::Budget& budget) {
    Described out;
    logic::Draft draft{question.packs};
    std::vector<logic::Ref> roots{draft.question(question)};
    roots.push_back(draft.constraint());
    auto built = logic::Space::build(std::move(draft), roots, {});
    if (auto* problem = std::get_if<std::string>(&built)) {
        out.incomplete = std::move(*problem);
        return out;
    }
    auto& space = std::get<logic::Space>(built);
    const logic::Cover covered = logic::cover(space, roots[0], budget.steps);
    out.cells = covered.cells.text();
    logic::Decimal of;
    logic::Search all{space, space.constraint(), space.everything(), budget.steps};
    for (logic::Region part; all.next(part) == logic::Search::Step::kFound;) of.add(space.count(part));
    out.of = of.text();
    if (!covered.complete) out.incomplete = "there are too many cases to list them all";
    if (!covered.understood) out.incomplete = "some cases hang on a comparison that cells can't express";
    const logic::Ref root = space.formulas().both(roots[0], space.constraint());
    for (const logic::Region& box : covered.boxes) {
        Described::Part part;
        part.condition = logic::to_text(logic::conditions(space, box));
        // A box may hold cells that are no configuration, so one that is has to be found in it.
        logic::Search search{space, root, box, budget.steps};
        logic::Region cell;
        if (search.next(cell) == logic::Search::Step::kFound) {
            part.witness = space.witness(logic::simplest(space, root, cell), kWish);
            if (part.witness && !logic::confirms(question, *part.witness)) part.witness.reset();
        }
        if (!part.witness) out.incomplete = "a case was found that the evaluator doesn't confirm";
        out.parts.push_back(std::move(part));
    }
    return out;
}

std::optional<Question> gap(const ir::Module& module, ir::RuleId id, bool without_accepted) {
    const ir::Rule& rule = module.rules[id.index()];
    if (!rule.when.valid() || rule.exemptions.empty()) return std::nullopt;
    Question q;
    q.packs.push_back(&module);
    std::vector<std::uint32_t> all{q.negation(q.leaf(condition(rule.when)))};
    for (std::size_t i = 0; i < rule.exemptions.size(); ++i) all.push_back(q.negation(q.leaf(exempts(id, i))));
    for (const ir::AcceptedGap& accepted : rule.accepted_gaps) {
        if (!without_accepted) break;
        all.push_back(accepted.where.valid() ? q.negation(q.leaf(condition(accepted.where))) : q.disjunction({}));
    }
    (void)q.conjunction(std::move(all));
    return q;
}

}  // namespace keywright::analysis
