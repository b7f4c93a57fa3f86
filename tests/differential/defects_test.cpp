// What is found wrong with a pack against the obvious way: every question asked by itself, nothing remembered.
#include "analysis/questions.h"
#include "differential/random_module.h"
#include "ir/operands.h"
#include "logic/search.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace keywright {
namespace {

using analysis::Defect;
using logic::Answer;
using logic::Claim;
using logic::Leaf;
using logic::Question;

std::size_t rounds(std::size_t otherwise) {
    const char* given = std::getenv("KEYWRIGHT_DIFFERENTIAL_PAIRS");
    return given == nullptr ? otherwise : std::max<std::size_t>(1, std::strtoul(given, nullptr, 10) / 400);
}

// A defect as text, so that lists can be compared and shown.
std::string shown(Defect defect, ir::RuleId rule, ir::RuleId other, const std::string& part) {
    return std::to_string(static_cast<int>(defect)) + " " + std::to_string(rule.value) +
           (other.valid() ? " " + std::to_string(other.value) : "") + " " + part;
}

// Answers whatever budget it is given.
class Patient final : public logic::Solver {
public:
    [[nodiscard]] logic::Result solve(const Question& question, const logic::Budget&) const override {
        return cells_.solve(question, {});
    }

private:
    logic::CellSolver cells_;
};

class Plain {
public:
    explicit Plain(const ir::Module& module) : module_(module) {}

    std::set<std::string> found;
    bool open = false;  // some question stayed unknown

    void run() {
        const std::size_t n = module_.rules.size();
        std::set<std::size_t> silent;
        for (std::size_t r = 0; r < n; ++r) {
            const ir::Rule& rule = module_.rules[r];
            if (rule.when.valid() && never({{when(r), true}})) {
                add(Defect::kUnreachable, r);
                silent.insert(r);
                continue;
            }
            if (never({{violated(r), true}})) {
                add(Defect::kNeverViolated, r);
                silent.insert(r);
                continue;
            }
            if (never({{outcome(r, ir::Outcome::kPass), true}})) add(Defect::kAlwaysViolated, r);
            for (std::uint32_t e = 0; e < rule.exemptions.size(); ++e) {
                std::vector<std::pair<Leaf, bool>> all;
                if (rule.when.valid()) all.emplace_back(when(r), true);
                for (std::uint32_t k = 0; k < rule.exemptions.size(); ++k)
                    all.push_back({{0, Claim::kExempt, {}, ir::RuleId{r}, {}, k, {}}, k == e});
                if (never(all)) add(Defect::kIdleExemption, r, n, rule.exemptions[e].label);
            }
            for (const ir::NodeId part : parts(rule)) {
                for (const bool value : {true, false}) {
                    if (!is_same_without(r, part, value)) continue;
                    add(Defect::kDeadExpression, r, n, std::to_string(part.value) + (value ? " true" : " false"));
                    break;
                }
            }
        }
        for (std::size_t a = 0; a < n; ++a) {
            for (std::size_t b = a + 1; b < n; ++b) {
                if (silent.contains(a) || silent.contains(b)) continue;
                if (never(met(a, b, {a, b})) && !never(met(a, b, {a})) && !never(met(a, b, {b})))
                    add(Defect::kContradiction, a, b);
                if (never({{violated(a), true}, {violated(b), false}}) &&
                    never({{violated(b), true}, {violated(a), false}}))
                    add(Defect::kEquivalent, a, b);
            }
        }
        std::set<std::size_t> gone = silent;
        for (std::size_t r = n; r-- > 0;) {
            if (gone.contains(r)) continue;
            std::vector<std::pair<Leaf, bool>> all{{violated(r), true}};
            for (std::size_t k = 0; k < n; ++k) {
                if (k != r && !gone.contains(k) && module_.rules[k].severity >= module_.rules[r].severity)
                    all.emplace_back(violated(k), false);
            }
            if (!never(all)) continue;
            add(Defect::kRedundant, r);
            gone.insert(r);
        }
    }

private:
    static Leaf outcome(std::size_t rule, ir::Outcome outcome, std::uint32_t pack = 0) {
        return {pack, Claim::kOutcome, {}, ir::RuleId{rule}, outcome, 0, {}};
    }
    static Leaf violated(std::size_t rule, std::uint32_t pack = 0) {
        return outcome(rule, ir::Outcome::kViolated, pack);
    }
    Leaf when(std::size_t rule) const { return {0, Claim::kHolds, module_.rules[rule].when, {}, {}, 0, {}}; }

    std::vector<std::pair<Leaf, bool>> met(std::size_t a, std::size_t b, const std::vector<std::size_t>& rules) const {
        std::vector<std::pair<Leaf, bool>> out;
        for (const std::size_t r : {a, b}) {
            if (module_.rules[r].when.valid()) out.emplace_back(when(r), true);
        }
        for (const std::size_t r : rules) out.emplace_back(violated(r), false);
        return out;
    }

    bool no(const Question& q) {
        const logic::Result r = solver_.solve(q, {});
        open = open || r.answer == Answer::kUnknown;
        return r.answer == Answer::kNo;
    }

    bool never(const std::vector<std::pair<Leaf, bool>>& leaves) {
        Question q;
        q.packs = {&module_};
        std::vector<std::uint32_t> all;
        for (const auto& [leaf, holds] : leaves) {
            const std::uint32_t term = q.leaf(leaf);
            all.push_back(holds ? term : q.negation(term));
        }
        (void)q.conjunction(std::move(all));
        return no(q);
    }

    bool is_same_without(std::size_t rule, ir::NodeId part, bool value) {
        ir::Module other = module_;
        other.nodes[part.index()].op = ir::Op::kConst;
        other.nodes[part.index()].a = static_cast<std::uint32_t>(other.constants.size());
        other.constants.emplace_back(value);
        for (const std::uint32_t pack : {0U, 1U}) {
            Question q;
            q.packs = {&module_, &other};
            const std::uint32_t yes = q.leaf(violated(rule, pack));
            const std::uint32_t but_not = q.negation(q.leaf(violated(rule, 1 - pack)));
            (void)q.conjunction({yes, but_not});
            if (!no(q)) return false;
        }
        return true;
    }

    std::set<ir::NodeId> parts(const ir::Rule& rule) const {
        std::vector<ir::NodeId> pending{rule.when, rule.requirement};
        for (const ir::Exemption& e : rule.exemptions) pending.push_back(e.condition);
        std::set<ir::NodeId> out;
        while (!pending.empty()) {
            const ir::NodeId at = pending.back();
            pending.pop_back();
            if (!at.valid()) continue;
            const ir::Node& node = module_.node(at);
            if (node.op != ir::Op::kAnd && node.op != ir::Op::kOr && node.op != ir::Op::kImplies) continue;
            ir::for_each_operand(module_, node, [&](ir::NodeId operand) {
                ir::NodeId inner = operand;
                while (module_.node(inner).op == ir::Op::kNot || module_.node(inner).op == ir::Op::kDefine)
                    inner = ir::NodeId{module_.node(inner).a};
                if (module_.node(inner).op == ir::Op::kIsPresent || module_.node(inner).op == ir::Op::kConst) return;
                out.insert(operand);
                pending.push_back(operand);
            });
        }
        return out;
    }

    void add(Defect defect, std::size_t rule, std::size_t other, const std::string& part = {}) {
        found.insert(
            shown(defect, ir::RuleId{rule}, other < module_.rules.size() ? ir::RuleId{other} : ir::RuleId{}, part));
    }
    void add(Defect defect, std::size_t rule) { add(defect, rule, module_.rules.size()); }

    const ir::Module& module_;
    logic::CellSolver solver_;
};

}  // namespace

TEST_CASE("what is found wrong is what asking every question by itself finds") {
    test::Dice dice{20260711};
    const Patient patient;
    const logic::Solver* const solvers[] = {&patient};
    std::size_t compared = 0, open = 0, found = 0;
    std::set<Defect> kinds;
    for (std::size_t round = 0; round < rounds(1'000); ++round) {
        ir::Module module = test::random_module(dice, {round % 3 != 0, 2 + dice.below(4), 2 + dice.below(4), 2});
        // Random modules read optional members without asking whether they are there.
        for (ir::Field& field : module.schema.fields) field.type.optional = false;
        // So that parts can be told from one another.
        for (std::size_t i = 0; i < module.nodes.size(); ++i)
            module.nodes[i].span.begin = static_cast<std::uint32_t>(i);
        CAPTURE(ir::dump(module));
        Plain plain{module};
        plain.run();
        // Without steps for the space that all rules share, every question goes to the solvers.
        logic::Budget budget;
        if (round % 4 == 0) budget.steps = 0;
        const analysis::Defects defects = analysis::find_defects(module, solvers, budget);
        std::set<std::string> ours;
        for (const analysis::DefectFound& f : defects.found) {
            std::string part = f.part;
            if (f.defect == Defect::kDeadExpression)
                part = std::to_string(f.span.begin) + (f.always ? " true" : " false");
            ours.insert(shown(f.defect, f.rule, f.other, part));
            kinds.insert(f.defect);
            if (f.defect != Defect::kContradiction) continue;
            REQUIRE(f.witness.has_value());
        }
        if (plain.open || !defects.undecided.empty()) {
            // What one leaves unknown the other may settle; but nothing is passed over in silence.
            ++open;
            if (!plain.open) REQUIRE(defects.undecided.empty());
            continue;
        }
        ++compared;
        found += ours.size();
        REQUIRE(ours == plain.found);
    }
    MESSAGE(compared << " modules compared, " << open << " with open questions, " << found << " defects");
    CHECK(compared > open);
    CHECK(kinds.size() == 8);
}

}  // namespace keywright
