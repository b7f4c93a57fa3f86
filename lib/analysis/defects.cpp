// Finding what is wrong with a pack's rules. A large pack has far more questions about its rules, and pairs of them,
// than can each be asked from nothing, so a question goes through these in turn, each of them exact:
//
//   * configurations that came up before, and what the evaluator says of them;
//   * for two rules, whether the parts of the space that each can reach are apart;
//   * a search in the one space that all rules share (rule_cells.h);
//   * the solvers, each in a space or an encoding of the question's own, where that leaves it unknown.
#include "analysis/questions.h"
#include "analysis/rule_cells.h"
#include "eval/program.h"
#include "ir/operands.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace keywright::analysis {

using ir::Outcome;
using logic::Answer;
using logic::Claim;
using logic::Leaf;
using logic::Question;
using logic::Ref;
using logic::Witness;

namespace {

// Configurations that came up as witnesses, and what every rule says of them. Most questions about several rules are
// settled by one of these, so that only the few that look odd are asked.
class Examples {
public:
    explicit Examples(const ir::Module& module)
        : program_(module),
          scratch_(program_.make_scratch()),
          decisions_(module.rules.size()),
          rules_(module.rules.size()) {}

    // What every rule says of it; until the next one is decided.
    const std::vector<eval::RuleDecision>& decide(const Witness& witness) {
        program_.decide(witness.records.front(), witness.now, scratch_, decisions_);
        return decisions_;
    }

    void add(const Witness& witness) {
        if (count_ == kMost) return;
        decide(witness);
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
    // Some configuration violates `x` and none of `others`.
    [[nodiscard]] bool alone(ir::RuleId x, const std::vector<ir::RuleId>& others) const {
        const Bits& violated = rules_[x.index()].violated;
        for (std::size_t w = 0; w < violated.size(); ++w) {
            std::uint64_t left = violated[w];
            for (std::size_t k = 0; k < others.size() && left != 0; ++k) left &= rules_[others[k].index()].clear[w];
            if (left != 0) return true;
        }
        return false;
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

// A pack beside itself with one boolean expression replaced by a constant.
class Replaced {
public:
    explicit Replaced(const ir::Module& module) : module_(module), copy_(module) {
        for (const bool value : {false, true}) {
            constants_[value ? 1 : 0] = static_cast<std::uint32_t>(copy_.constants.size());
            copy_.constants.emplace_back(value);
        }
    }

    // Is there a configuration by which `rule` is violated in one of the two alone?
    const Question& question(ir::RuleId rule, ir::NodeId node, bool value) {
        if (last_.valid()) copy_.nodes[last_.index()] = module_.node(last_);
        last_ = node;
        ir::Node& replaced = copy_.nodes[node.index()];
        replaced.op = ir::Op::kConst;
        replaced.a = constants_[value ? 1 : 0];
        question_ = {{&module_, &copy_}, {}};
        std::vector<std::uint32_t> terms[2];
        for (const std::uint32_t pack : {0U, 1U}) {
            Leaf leaf;
            leaf.pack = pack;
            leaf.claim = Claim::kOutcome;
            leaf.rule = rule;
            leaf.outcome = Outcome::kViolated;
            const std::uint32_t term = question_.leaf(leaf);
            terms[pack].push_back(term);
            terms[1 - pack].push_back(question_.negation(term));
        }
        const std::uint32_t before = question_.conjunction(std::move(terms[0]));
        const std::uint32_t after = question_.conjunction(std::move(terms[1]));
        (void)question_.disjunction({before, after});
        return question_;
    }

private:
    const ir::Module& module_;
    ir::Module copy_;
    std::uint32_t constants_[2] = {};
    ir::NodeId last_;
    Question question_;
};

class DefectSearch {
public:
    DefectSearch(const ir::Module& module, Solvers solvers, const logic::Budget& budget)
        : module_(module), solvers_(solvers), budget_(budget), examples_(module), replaced_(module) {
        for (std::size_t i = 0; i < module_.rules.size(); ++i) parts_.push_back(parts_of(ir::RuleId{i}));
        cells_ = RuleCells::build(module_, parts_);
        link_fields();
    }

    Defects run() {
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            const ir::RuleId id{i};
            const ir::Rule& rule = module_.rules[i];
            if (rule.when.valid() && never({applies(id)}, rule.name + " can apply")) {
                add(Defect::kUnreachable, id, module_.node(rule.when).span);
                silent_.insert(id);
                continue;
            }
            if (never({violated(id)}, rule.name + " can be violated")) {
                add(Defect::kNeverViolated, id, rule.span);
                silent_.insert(id);
                continue;
            }
            if (never({{Literal::Says::kPasses, id}}, rule.name + " can be complied with"))
                add(Defect::kAlwaysViolated, id, rule.span);
            exemptions(id);
            dead_expressions(id);
        }
        pairs();
        redundant();
        return std::move(out_);
    }

private:
    // What is stated of a rule, in a conjunction.
    struct Literal {
        enum class Says : std::uint8_t { kApplies, kViolated, kPasses, kExempts } says = Says::kViolated;
        ir::RuleId rule;
        std::size_t exemption = 0;  // of kExempts
        bool negated = false;
    };
    using Literals = std::vector<Literal>;
    static Literal applies(ir::RuleId id) { return {Literal::Says::kApplies, id}; }
    static Literal violated(ir::RuleId id) { return {Literal::Says::kViolated, id}; }
    static Literal spared(ir::RuleId id) { return {Literal::Says::kViolated, id, 0, true}; }
    static Literal exempts(ir::RuleId id, std::size_t exemption, bool negated = false) {
        return {Literal::Says::kExempts, id, exemption, negated};
    }

    [[nodiscard]] Question question(const Literals& literals) const {
        Question q;
        q.packs.push_back(&module_);
        std::vector<std::uint32_t> all;
        for (const Literal& l : literals) {
            Leaf leaf;
            leaf.rule = l.rule;
            switch (l.says) {
                case Literal::Says::kApplies:
                    leaf.node = module_.rules[l.rule.index()].when;
                    if (!leaf.node.valid()) continue;  // it always applies
                    break;
                case Literal::Says::kViolated:
                case Literal::Says::kPasses:
                    leaf.claim = Claim::kOutcome;
                    leaf.outcome = l.says == Literal::Says::kPasses ? Outcome::kPass : Outcome::kViolated;
                    break;
                case Literal::Says::kExempts:
                    leaf.claim = Claim::kExempt;
                    leaf.exemption = static_cast<std::uint32_t>(l.exemption);
                    break;
            }
            const std::uint32_t term = q.leaf(leaf);
            all.push_back(l.negated ? q.negation(term) : term);
        }
        (void)q.conjunction(std::move(all));
        return q;
    }

    [[nodiscard]] bool covers(ir::RuleId id) const { return cells_ && cells_->covers(id); }

    // The same as formulas of the shared space; nothing where that doesn't know a rule.
    [[nodiscard]] std::optional<std::vector<Ref>> formulas(const Literals& literals) const {
        std::vector<Ref> out;
        for (const Literal& l : literals) {
            if (!covers(l.rule)) return std::nullopt;
            Ref r = logic::kTop;
            switch (l.says) {
                case Literal::Says::kApplies: r = cells_->applies(l.rule); break;
                case Literal::Says::kViolated: r = cells_->violated(l.rule); break;
                case Literal::Says::kPasses: r = cells_->passes(l.rule); break;
                case Literal::Says::kExempts: r = cells_->exempts(l.rule, l.exemption); break;
            }
            out.push_back(l.negated ? logic::negated(r) : r);
        }
        return out;
    }

    // By the shared space, and by the solvers what that leaves unknown.
    logic::Result settle(const Literals& literals) {
        const Question q = question(literals);
        logic::Result r;
        if (auto all = formulas(literals))
            r = cells_->ask(std::move(*all), budget_.steps, [&](const Witness& w) { return confirms(q, w); });
        if (r.answer == Answer::kUnknown) r = ask(q, solvers_, budget_);
        if (r.witness) examples_.add(*r.witness);
        return r;
    }

    // No configuration meets all; what can't be settled is noted as `what`.
    bool never(const Literals& literals, const std::string& what) {
        const logic::Result r = settle(literals);
        if (r.answer == Answer::kUnknown) out_.undecided.push_back({what, r.reason});
        return r.answer == Answer::kNo;
    }

    DefectFound& add(Defect defect, ir::RuleId rule, ir::Span span) {
        out_.found.push_back({});
        out_.found.back().defect = defect;
        out_.found.back().rule = rule;
        out_.found.back().span = span;
        return out_.found.back();
    }

    // An exemption decides where `when` holds, none but it does, and the rule would be violated.
    void exemptions(ir::RuleId id) {
        const ir::Rule& rule = module_.rules[id.index()];
        for (std::size_t i = 0; i < rule.exemptions.size(); ++i) {
            Literals literals{exempts(id, i), applies(id)};
            for (std::size_t k = 0; k < rule.exemptions.size(); ++k) {
                if (k != i) literals.push_back(exempts(id, k, true));
            }
            if (!never(literals, fmt::format("exemption `{}` of {} ever decides", rule.exemptions[i].label, rule.name)))
                continue;
            add(Defect::kIdleExemption, id, rule.exemptions[i].span).part = rule.exemptions[i].label;
        }
    }

    // Parts of conditions that may be replaced by a constant without changing when the rule is violated.
    [[nodiscard]] std::vector<ir::NodeId> parts_of(ir::RuleId id) const {
        const ir::Rule& rule = module_.rules[id.index()];
        std::vector<ir::NodeId> pending;
        if (rule.when.valid()) pending.push_back(rule.when);
        if (rule.requirement.valid()) pending.push_back(rule.requirement);
        for (const ir::Exemption& e : rule.exemptions) pending.push_back(e.condition);
        std::set<ir::NodeId> parts;
        while (!pending.empty()) {
            const ir::Node& node = module_.node(pending.back());
            pending.pop_back();
            // Connectives are looked into; what they connect are the parts. Defines are the business of their own.
            if (node.op != ir::Op::kAnd && node.op != ir::Op::kOr && node.op != ir::Op::kImplies) continue;
            ir::for_each_operand(module_, node, [&](ir::NodeId operand) {
                // `x is present` permits to read `x` further on, so it is needed even where it decides nothing.
                if (!asks_presence(operand) && parts.insert(operand).second) pending.push_back(operand);
            });
        }
        return {parts.begin(), parts.end()};
    }

    [[nodiscard]] bool asks_presence(ir::NodeId node) const {
        while (module_.node(node).op == ir::Op::kNot || module_.node(node).op == ir::Op::kDefine)
            node = ir::NodeId{module_.node(node).a};
        return module_.node(node).op == ir::Op::kIsPresent || module_.node(node).op == ir::Op::kConst;
    }

    void dead_expressions(ir::RuleId id) {
        const auto& parts = parts_[id.index()];
        for (std::size_t i = 0; i < parts.size(); ++i) {
            std::string open;  // why it isn't known whether the part matters
            bool dead = false;
            for (const bool value : {true, false}) {
                const logic::Result r = matters(id, i, value);
                if (r.answer == Answer::kUnknown) open = r.reason;
                if (r.answer != Answer::kNo) continue;
                DefectFound& found = add(Defect::kDeadExpression, id, module_.node(parts[i]).span);
                found.part = ir::to_text(module_, parts[i]);
                found.always = value;
                dead = true;
                break;
            }
            if (dead || open.empty()) continue;
            out_.undecided.push_back(
                {fmt::format("`{}` matters to {}", ir::to_text(module_, parts[i]), module_.rules[id.index()].name),
                 std::move(open)});
        }
    }

    // Whether some configuration tells the rule from what it would be with the part replaced.
    logic::Result matters(ir::RuleId id, std::size_t part, bool value) {
        const Question& q = replaced_.question(id, parts_[id.index()][part], value);
        logic::Result r;
        if (covers(id)) {
            r = cells_->ask({cells_->differs(id, part, value)}, budget_.steps, [&](Witness w) {
                w.records.push_back(w.records.front());
                return confirms(q, w);
            });
        }
        if (r.answer == Answer::kUnknown) r = ask(q, solvers_, budget_);
        if (r.witness) examples_.add(*r.witness);
        return r;
    }

    void pairs() {
        const std::size_t n = module_.rules.size();
        std::vector<logic::Region> reach(n);  // where the conditions hold; of rules that are asked about
        for (std::size_t i = 0; i < n; ++i) {
            if (covers(ir::RuleId{i}) && !silent_.contains(ir::RuleId{i}))
                reach[i] = cells_->reach(cells_->applies(ir::RuleId{i}));
        }
        for (std::size_t a = 0; a < n; ++a) {
            if (silent_.contains(ir::RuleId{a})) continue;
            for (std::size_t b = a + 1; b < n; ++b) {
                const ir::RuleId x{a}, y{b};
                const bool meet = examples_.meet(x, y), differ = examples_.only(x, y) || examples_.only(y, x);
                if (meet && differ) continue;
                if (silent_.contains(y)) continue;
                // Where they never apply together they can't contradict each other.
                const bool apart = !reach[a].empty() && !reach[b].empty() && cells_->are_apart(reach[a], reach[b]);
                const std::string names = module_.rules[a].name + " and " + module_.rules[b].name;
                if (!meet && !apart) contradiction(x, y, names);
                if (!differ) equivalence(x, y, names);
            }
        }
    }

    void equivalence(ir::RuleId x, ir::RuleId y, const std::string& names) {
        if (never({violated(x), spared(y)}, names + " differ") && never({violated(y), spared(x)}, names + " differ"))
            add(Defect::kEquivalent, x, module_.rules[y.index()].span).other = y;
    }

    // Where the conditions of both hold, each alone can be met (or escaped through an exemption), and both together
    // can't.
    void contradiction(ir::RuleId x, ir::RuleId y, const std::string& names) {
        if (!are_linked(x, y)) return;
        const Literals both{applies(x), applies(y)};
        const auto with = [&](const std::vector<ir::RuleId>& met) {
            Literals out = both;
            for (const ir::RuleId id : met) out.push_back(spared(id));
            return out;
        };
        const std::string what = names + " can be met together";
        if (!never(with({x, y}), what) || never(with({x}), what) || never(with({y}), what)) return;
        logic::Result r = ask(question(both), solvers_, budget_);
        if (!r.witness) r = settle(both);
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
            std::vector<ir::RuleId> others;
            for (std::size_t k = 0; k < module_.rules.size(); ++k) {
                const ir::RuleId other{k};
                if (k != i && !gone.contains(other) && module_.rules[k].severity >= module_.rules[i].severity)
                    others.push_back(other);
            }
            if (!is_redundant(id, others)) continue;
            add(Defect::kRedundant, id, module_.rules[i].span);
            gone.insert(id);
        }
    }

    // Whether whatever violates the rule violates one of `others`. Few of them have to do with that: those that are
    // violated by a configuration that came up are asked for next, until there is none that violates the rule and
    // spares these, or one that spares all.
    bool is_redundant(ir::RuleId id, const std::vector<ir::RuleId>& others) {
        if (examples_.alone(id, others)) return false;
        Literals literals{violated(id)};
        std::vector<bool> is_other(module_.rules.size(), false);
        for (const ir::RuleId other : others) is_other[other.index()] = true;
        while (auto all = formulas(literals)) {
            const Question q = question({violated(id)});
            const logic::Result r =
                cells_->ask(std::move(*all), budget_.steps, [&](const Witness& w) { return confirms(q, w); });
            if (r.answer == Answer::kNo) return true;
            if (r.answer == Answer::kUnknown) break;
            examples_.add(*r.witness);
            const auto& decisions = examples_.decide(*r.witness);
            bool is_alone = true, has_more = false;
            for (const ir::RuleId other : others) {
                const Outcome way = decisions[other.index()].outcome;
                if (way != Outcome::kViolated && way != Outcome::kUndetermined) continue;
                is_alone = false;
                if (!is_other[other.index()]) continue;
                is_other[other.index()] = false;
                literals.push_back(spared(other));
                has_more = true;
            }
            if (is_alone) return false;
            if (!has_more) break;
        }
        literals.assign(1, violated(id));
        for (const ir::RuleId other : others) literals.push_back(spared(other));
        const logic::Result r = ask(question(literals), solvers_, budget_);
        if (r.witness) examples_.add(*r.witness);
        if (r.answer == Answer::kUnknown)
            out_.undecided.push_back({module_.rules[id.index()].name + " says something of its own", r.reason});
        return r.answer == Answer::kNo;
    }

    // --- fields
    // Rules can only contradict each other if they read a common field, or fields that hang together: through the
    // record around them, or what is assumed of them. `now` counts as a field.
    void link_fields() {
        leaders_.resize(module_.schema.fields.size() + 1);
        std::iota(leaders_.begin(), leaders_.end(), 0U);
        const auto join = [&](std::size_t a, std::size_t b) { leaders_[leader(a)] = leader(b); };
        for (std::size_t f = 0; f < module_.schema.fields.size(); ++f) {
            if (const ir::FieldId parent = module_.schema.fields[f].parent; parent.valid()) join(f, parent.index());
        }
        for (const ir::Assumption& assumption : module_.schema.assumptions) {
            const auto side = [&](const ir::AssumeTerm& term) -> std::optional<std::size_t> {
                if (term.is_now) return module_.schema.fields.size();
                if (term.field.valid()) return term.field.index();
                return std::nullopt;
            };
            const auto lesser = side(assumption.lesser), greater = side(assumption.greater);
            if (lesser && greater) join(*lesser, *greater);
        }
    }

    [[nodiscard]] std::size_t leader(std::size_t f) const {
        while (leaders_[f] != f) f = leaders_[f];
        return f;
    }

    [[nodiscard]] bool are_linked(ir::RuleId x, ir::RuleId y) {
        const auto& a = fields(x);
        const auto& b = fields(y);
        return std::ranges::any_of(a, [&](std::size_t f) { return b.contains(f); });
    }

    // What the rule reads, by the leaders of fields that hang together.
    const std::set<std::size_t>& fields(ir::RuleId id) {
        const auto [at, is_new] = fields_.try_emplace(id);
        if (!is_new) return at->second;
        const ir::Rule& rule = module_.rules[id.index()];
        std::vector<ir::NodeId> pending{rule.when, rule.requirement};
        for (const ir::Exemption& e : rule.exemptions) pending.push_back(e.condition);
        if (rule.expiry) {
            pending.insert(pending.end(), {rule.expiry->since, rule.expiry->after});
            at->second.insert(leader(module_.schema.fields.size()));
        }
        std::set<ir::NodeId> seen;
        while (!pending.empty()) {
            const ir::NodeId node = pending.back();
            pending.pop_back();
            if (!node.valid() || !seen.insert(node).second) continue;
            if (module_.node(node).op == ir::Op::kField) at->second.insert(leader(module_.node(node).a));
            if (module_.node(node).op == ir::Op::kNow) at->second.insert(leader(module_.schema.fields.size()));
            ir::for_each_operand(module_, module_.node(node), [&](ir::NodeId operand) { pending.push_back(operand); });
        }
        return at->second;
    }

    const ir::Module& module_;
    Solvers solvers_;
    const logic::Budget& budget_;
    std::vector<std::vector<ir::NodeId>> parts_;  // by rule
    std::optional<RuleCells> cells_;
    Examples examples_;
    Replaced replaced_;
    Defects out_;
    std::set<ir::RuleId> silent_;  // never violated, so nothing more is said of them
    std::vector<std::size_t> leaders_;
    std::map<ir::RuleId, std::set<std::size_t>> fields_;
};

}  // namespace

Defects find_defects(const ir::Module& module, Solvers solvers, const logic::Budget& budget) {
    return DefectSearch{module, solvers, budget}.run();
}

}  // namespace keywright::analysis
