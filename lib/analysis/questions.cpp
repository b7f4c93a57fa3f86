#include "analysis/questions.h"

#include "eval/program.h"
#include "ir/operands.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
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

namespace {

// Configurations that came up as witnesses, and what every rule says of them. Most pairs of rules are settled by one of
// these, so that only the few that look odd are asked about.
class Examples {
public:
    explicit Examples(const ir::Module& module)
        : program_(module),
          scratch_(program_.make_scratch()),
          decisions_(module.rules.size()),
          rules_(module.rules.size()) {}

    void add(const logic::Witness& witness) {
        if (count_ == kMost) return;
        program_.decide(witness.records.front(), witness.now, scratch_, decisions_);
        if (count_ % 64 == 0) {
            for (Said& rule : rules_) {
                rule.met.push_back(0);
                rule.violated.push_back(0);
                rule.clear.push_back(0);
            }
        }
        const std::uint64_t bit = std::uint64_t{1} << (count_ % 64);
        for (std::size_t i = 0; i < rules_.size(); ++i) {
            const Outcome way = decisions_[i].outcome;
            if (way == Outcome::kExempt || way == Outcome::kPass) rules_[i].met.back() |= bit;
            if (way == Outcome::kViolated) rules_[i].violated.back() |= bit;
            if (way != Outcome::kViolated && way != Outcome::kUndetermined) rules_[i].clear.back() |= bit;
        }
        ++count_;
    }

    // Some configuration meets both, where the conditions of both hold.
    [[nodiscard]] bool meet(ir::RuleId x, ir::RuleId y) const {
        return common(rules_[x.index()].met, rules_[y.index()].met);
    }
    // Some configuration violates `x` and not `y`.
    [[nodiscard]] bool only(ir::RuleId x, ir::RuleId y) const {
        return common(rules_[x.index()].violated, rules_[y.index()].clear);
    }

private:
    using Bits = std::vector<std::uint64_t>;
    struct Said {
        Bits met, violated, clear;  // by configuration
    };
    static bool common(const Bits& a, const Bits& b) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            if ((a[i] & b[i]) != 0) return true;
        }
        return false;
    }

    static constexpr std::size_t kMost = 8'192;
    eval::Program program_;
    eval::Program::Scratch scratch_;
    std::vector<eval::RuleDecision> decisions_;
    std::vector<Said> rules_;
    std::size_t count_ = 0;
};

class DefectSearch {
public:
    DefectSearch(const ir::Module& module, Solvers solvers, const logic::Budget& budget)
        : module_(module), solvers_(solvers), budget_(budget), examples_(module) {}

    Defects run() {
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            const ir::RuleId id{i};
            const ir::Rule& rule = module_.rules[i];
            if (rule.when.valid() && never({q_leaf(condition(rule.when))}, rule.name + " can apply")) {
                add(Defect::kUnreachable, id, module_.node(rule.when).span);
                silent_.insert(id);
                continue;
            }
            if (never({q_leaf(outcome(id, Outcome::kViolated))}, rule.name + " can be violated")) {
                add(Defect::kNeverViolated, id, rule.span);
                silent_.insert(id);
                continue;
            }
            if (never({q_leaf(outcome(id, Outcome::kPass))}, rule.name + " can be complied with"))
                add(Defect::kAlwaysViolated, id, rule.span);
            exemptions(id);
            dead_expressions(id);
        }
        pairs();
        redundant();
        return std::move(out_);
    }

private:
    // A conjunction of leaves, some negated.
    struct Literal {
        Leaf leaf;
        bool negated = false;
    };
    static Literal q_leaf(const Leaf& leaf) { return {leaf, false}; }

    Question question(const std::vector<Literal>& literals) const {
        Question q;
        q.packs.push_back(&module_);
        std::vector<std::uint32_t> all;
        for (const Literal& l : literals) {
            const std::uint32_t leaf = q.leaf(l.leaf);
            all.push_back(l.negated ? q.negation(leaf) : leaf);
        }
        (void)q.conjunction(std::move(all));
        return q;
    }

    // No configuration meets all; what can't be settled is noted as `what`.
    bool never(const std::vector<Literal>& literals, const std::string& what) {
        const logic::Result r = ask(question(literals), solvers_, budget_);
        if (r.answer == Answer::kUnknown) out_.undecided.push_back({what, r.reason});
        if (r.witness) examples_.add(*r.witness);
        return r.answer == Answer::kNo;
    }

    DefectFound& add(Defect defect, ir::RuleId rule, ir::Span span) {
        out_.found.push_back({});
        out_.found.back().defect = defect;
        out_.found.back().rule = rule;
        out_.found.back().span = span;
        return out_.found.back();
    }

    // An exemption decides where `when` holds, none before it does, and the rule would be violated.
    void exemptions(ir::RuleId id) {
        const ir::Rule& rule = module_.rules[id.index()];
        for (std::size_t i = 0; i < rule.exemptions.size(); ++i) {
            std::vector<Literal> literals{q_leaf(exempts(id, i))};
            if (rule.when.valid()) literals.push_back(q_leaf(condition(rule.when)));
            for (std::size_t k = 0; k < rule.exemptions.size(); ++k) {
                if (k != i) literals.push_back({exempts(id, k), true});
            }
            if (!never(literals, fmt::format("exemption `{}` of {} ever decides", rule.exemptions[i].label, rule.name)))
                continue;
            add(Defect::kIdleExemption, id, rule.exemptions[i].span).part = rule.exemptions[i].label;
        }
    }

    // Parts of conditions that may be replaced by a constant without changing when the rule is violated: the same rule
    // is lowered twice, once with the constant in place, and both must never differ.
    void dead_expressions(ir::RuleId id) {
        const ir::Rule& rule = module_.rules[id.index()];
        std::vector<ir::NodeId> roots;
        if (rule.when.valid()) roots.push_back(rule.when);
        if (rule.requirement.valid()) roots.push_back(rule.requirement);
        for (const ir::Exemption& e : rule.exemptions) roots.push_back(e.condition);
        std::set<ir::NodeId> candidates;
        std::vector<ir::NodeId> pending = roots;
        while (!pending.empty()) {
            const ir::NodeId at = pending.back();
            pending.pop_back();
            const ir::Node& node = module_.node(at);
            // Connectives are looked into; what they connect are the parts. Defines are the business of their own.
            if (node.op != ir::Op::kAnd && node.op != ir::Op::kOr && node.op != ir::Op::kImplies) continue;
            ir::for_each_operand(module_, node, [&](ir::NodeId operand) {
                // `x is present` permits to read `x` further on, so it is needed even where it decides nothing.
                if (!asks_presence(operand) && candidates.insert(operand).second) pending.push_back(operand);
            });
        }
        for (const ir::NodeId part : candidates) {
            for (const bool value : {true, false}) {
                if (!is_replaceable(id, part, value)) continue;
                DefectFound& found = add(Defect::kDeadExpression, id, module_.node(part).span);
                found.part = ir::to_text(module_, part);
                found.always = value;
                break;
            }
        }
    }

    [[nodiscard]] bool asks_presence(ir::NodeId node) const {
        while (module_.node(node).op == ir::Op::kNot || module_.node(node).op == ir::Op::kDefine)
            node = ir::NodeId{module_.node(node).a};
        return module_.node(node).op == ir::Op::kIsPresent || module_.node(node).op == ir::Op::kConst;
    }

    bool is_replaceable(ir::RuleId id, ir::NodeId part, bool value) {
        logic::Draft draft{{&module_, &module_}};
        draft.replace(1, part, value);
        const logic::Ref as_is = draft.leaf(outcome(id, Outcome::kViolated, 0));
        const logic::Ref replaced = draft.leaf(outcome(id, Outcome::kViolated, 1));
        std::vector<logic::Ref> roots{logic::negated(draft.formulas.equal(as_is, replaced))};
        roots.push_back(draft.constraint());
        auto built = logic::Space::build(std::move(draft), roots, {});
        if (std::holds_alternative<std::string>(built)) return false;
        auto& space = std::get<logic::Space>(built);
        logic::Search search{space, space.formulas().both(roots[0], space.constraint()), space.everything(),
                             budget_.steps};
        logic::Region region;
        return search.next(region) == logic::Search::Step::kDone;
    }

    // Only rules that read a common field can have to do with each other.
    void pairs() {
        for (std::size_t a = 0; a < module_.rules.size(); ++a) {
            for (std::size_t b = a + 1; b < module_.rules.size(); ++b) {
                const ir::RuleId x{a}, y{b};
                const bool meet = examples_.meet(x, y), differ = examples_.only(x, y) || examples_.only(y, x);
                if (meet && differ) continue;
                if (silent_.contains(x) || silent_.contains(y) || !share_field(x, y)) continue;
                const std::string names = module_.rules[a].name + " and " + module_.rules[b].name;
                if (!meet) contradiction(x, y, names);
                if (differ) continue;
                const Literal vx = q_leaf(outcome(x, Outcome::kViolated)), vy = q_leaf(outcome(y, Outcome::kViolated));
                if (never({vx, {vy.leaf, true}}, names + " differ") && never({vy, {vx.leaf, true}}, names + " differ"))
                    add(Defect::kEquivalent, x, module_.rules[b].span).other = y;
            }
        }
    }

    // Where the conditions of both hold, each alone can be met (or escaped through an exemption), and both together
    // can't.
    void contradiction(ir::RuleId x, ir::RuleId y, const std::string& names) {
        std::vector<Literal> both;
        for (const ir::RuleId id : {x, y}) {
            const ir::NodeId when = module_.rules[id.index()].when;
            if (when.valid()) both.push_back(q_leaf(condition(when)));
        }
        const auto with = [&](std::vector<ir::RuleId> met) {
            std::vector<Literal> out = both;
            for (const ir::RuleId id : met) out.push_back({outcome(id, Outcome::kViolated), true});
            return out;
        };
        const std::string what = names + " can be met together";
        if (!never(with({x, y}), what) || never(with({x}), what) || never(with({y}), what)) return;
        logic::Result r = ask(question(both), solvers_, budget_);
        DefectFound& found = add(Defect::kContradiction, x, module_.rules[y.index()].span);
        found.other = y;
        found.witness = std::move(r.witness);
    }

    // Rules are taken away one by one, so that of two equal ones only one is called redundant.
    void redundant() {
        std::set<ir::RuleId> gone = silent_;
        for (std::size_t i = module_.rules.size(); i-- > 0;) {
            const ir::RuleId id{i};
            if (gone.contains(id)) continue;
            std::vector<Literal> literals{q_leaf(outcome(id, Outcome::kViolated))};
            for (std::size_t k = 0; k < module_.rules.size(); ++k) {
                const ir::RuleId other{k};
                if (k == i || gone.contains(other) || module_.rules[k].severity < module_.rules[i].severity) continue;
                literals.push_back({outcome(other, Outcome::kViolated), true});
            }
            if (!never(literals, module_.rules[i].name + " says something of its own")) continue;
            add(Defect::kRedundant, id, module_.rules[i].span);
            gone.insert(id);
        }
    }

    [[nodiscard]] bool share_field(ir::RuleId x, ir::RuleId y) {
        const auto& a = fields(x);
        const auto& b = fields(y);
        return std::ranges::any_of(a, [&](std::uint32_t f) { return b.contains(f); });
    }

    const std::set<std::uint32_t>& fields(ir::RuleId id) {
        const auto [at, is_new] = fields_.try_emplace(id);
        if (!is_new) return at->second;
        const ir::Rule& rule = module_.rules[id.index()];
        std::vector<ir::NodeId> pending{rule.when, rule.requirement};
        for (const ir::Exemption& e : rule.exemptions) pending.push_back(e.condition);
        if (rule.expiry) pending.insert(pending.end(), {rule.expiry->since, rule.expiry->after});
        std::set<ir::NodeId> seen;
        while (!pending.empty()) {
            const ir::NodeId node = pending.back();
            pending.pop_back();
            if (!node.valid() || !seen.insert(node).second) continue;
            if (module_.node(node).op == ir::Op::kField) at->second.insert(module_.node(node).a);
            ir::for_each_operand(module_, module_.node(node), [&](ir::NodeId operand) { pending.push_back(operand); });
        }
        return at->second;
    }

    const ir::Module& module_;
    Solvers solvers_;
    const logic::Budget& budget_;
    Examples examples_;
    Defects out_;
    std::set<ir::RuleId> silent_;  // never violated, so nothing more is said of them
    std::map<ir::RuleId, std::set<std::uint32_t>> fields_;
};

}  // namespace

Defects find_defects(const ir::Module& module, Solvers solvers, const logic::Budget& budget) {
    return DefectSearch{module, solvers, budget}.run();
}

}  // namespace keywright::analysis
