// What covers what, against a judge that really flips conditions; and what is said to be impossible, against trying.
#include "analysis/coverage.h"

#include "differential/random_module.h"
#include "eval/abstract.h"
#include "eval/evaluator.h"
#include "eval/reference.h"
#include "ir/operands.h"
#include "logic/search.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <variant>

namespace keywright {
namespace {

using analysis::DecisionPoint;
using analysis::Goal;
using eval::Truth;

std::size_t rounds(std::size_t otherwise) {
    const char* given = std::getenv("KEYWRIGHT_DIFFERENTIAL_PAIRS");
    return given == nullptr ? otherwise : std::max<std::size_t>(1, std::strtoul(given, nullptr, 10) / 100);
}

// The obvious judge: copies of the module in which conditions are constants, put to the reference evaluator.
class Judge {
public:
    // `open`: a condition that is unknown has no value, as nothing about the record is.
    Judge(const analysis::Obligations& obligations, const value::Record& record, Instant now, bool open)
        : o_(obligations), record_(record), now_(now), open_(open) {}

    [[nodiscard]] bool met(const Goal& goal) const {
        const ir::Rule& rule = o_.module.rules[goal.rule.index()];
        const eval::RuleDecision decided = eval::decide_reference(o_.module, goal.rule, record_, now_);
        switch (goal.kind) {
            case Goal::Kind::kDecided:
                return is_true(rule.when) &&
                       (decided.outcome == ir::Outcome::kPass || decided.outcome == ir::Outcome::kExempt ||
                        decided.outcome == ir::Outcome::kViolated);
            case Goal::Kind::kOutcome: {
                if (decided.outcome != goal.outcome) return false;
                if (goal.outcome == ir::Outcome::kPass)
                    return is_true(rule.when) && none_before(rule, rule.exemptions.size()) &&
                           decided.warning == Truth::kFalse;
                if (goal.outcome == ir::Outcome::kExempt)
                    return is_true(rule.when) && none_before(rule, goal.exemption) &&
                           is_true(rule.exemptions[goal.exemption].condition);
                return true;
            }
            case Goal::Kind::kWarning: return decided.outcome == ir::Outcome::kPass && decided.warning == Truth::kTrue;
            case Goal::Kind::kSide:
            case Goal::Kind::kDecides:
            case Goal::Kind::kHolds: break;
        }
        const DecisionPoint& point = o_.points[goal.point];
        if (point.part != DecisionPoint::Part::kWhen) {
            const bool exemption = point.part == DecisionPoint::Part::kUnless;
            if (!is_true(rule.when) || !none_before(rule, exemption ? point.exemption : rule.exemptions.size()))
                return false;
        }
        if (goal.kind == Goal::Kind::kHolds) return is_true(goal.node);
        const ir::NodeId condition = point.skeleton.conditions()[goal.condition];
        if (truth(o_.module, condition) != eval::truth_of(goal.value)) return false;
        if (goal.kind == Goal::Kind::kSide) return true;
        const Truth decision = truth(o_.module, point.root);
        if (decision != eval::truth_of(goal.value == goal.positive)) return false;
        // The condition is turned, and what has no value may be anything.
        ir::Module turned = o_.module;
        set(turned, condition, !goal.value);
        std::vector<ir::NodeId> open;
        for (const ir::NodeId other : point.skeleton.conditions()) {
            if (open_ && truth(o_.module, other) == Truth::kUnknown) open.push_back(other);
        }
        if (open.size() > analysis::Skeleton::kMostOpen) return false;
        for (std::uint32_t choice = 0; choice < (1U << open.size()); ++choice) {
            for (std::size_t i = 0; i < open.size(); ++i) set(turned, open[i], (choice >> i & 1U) != 0);
            if (truth(turned, point.root) == !decision) return true;
        }
        return false;
    }

private:
    [[nodiscard]] Truth truth(const ir::Module& module, ir::NodeId node) const {
        return eval::evaluate_reference(module, node, record_, now_);
    }
    [[nodiscard]] bool is_true(ir::NodeId node) const {
        return !node.valid() || truth(o_.module, node) == Truth::kTrue;
    }
    [[nodiscard]] bool none_before(const ir::Rule& rule, std::size_t exemption) const {
        for (std::size_t i = 0; i < exemption; ++i) {
            if (truth(o_.module, rule.exemptions[i].condition) != Truth::kFalse) return false;
        }
        return true;
    }
    static void set(ir::Module& module, ir::NodeId node, bool value) {
        module.constants.emplace_back(value);
        ir::Node& constant = module.nodes[node.index()];
        constant.op = ir::Op::kConst;
        constant.a = static_cast<std::uint32_t>(module.constants.size() - 1);
    }

    const analysis::Obligations& o_;
    const value::Record& record_;
    Instant now_;
    bool open_;
};

// The two sides of a comparison outside of quantifiers, where both are settled, from their values.
std::optional<value::Nanos> difference(const ir::Module& module, ir::NodeId comparison, const value::Record& record,
                                       Instant now) {
    eval::reference::Evaluator evaluator{module, record, now};
    const auto side = [&](ir::NodeId id) -> std::optional<value::Nanos> {
        evaluator.prepare(id);
        const eval::reference::Abstract v = evaluator.value(id);
        if (!v.surely_present()) return std::nullopt;
        const auto& range = std::get<eval::reference::Range>(*v.present);
        return range.low == range.high ? std::optional{range.low} : std::nullopt;
    };
    const auto a = side(module.operand_a(comparison)), b = side(module.operand_b(comparison));
    if (!a || !b) return std::nullopt;
    return *a - *b;
}

void without_optionals(ir::Module& module) {
    for (ir::Field& field : module.schema.fields) field.type.optional = false;
}

bool is_configuration(const ir::Module& module, const value::Record& record, Instant now) {
    logic::Question anything;
    anything.packs = {&module};
    anything.terms.push_back({});
    return logic::confirms(anything, {{record}, now});
}

// Of a record that could be read some members are forgotten.
void forget(test::Dice& dice, const ir::Module& module, value::Record& record) {
    for (std::size_t f = 0; f < module.schema.fields.size(); ++f) {
        const ir::FieldId parent = module.schema.fields[f].parent;
        const bool inside = parent.valid() && record.state(parent.index()) == value::State::kUnknown;
        if (inside || dice.below(4) == 0) record.set_unknown(f);
    }
}

bool has_variable(const ir::Module& module, ir::NodeId root) {
    std::vector<ir::NodeId> pending{root};
    while (!pending.empty()) {
        const ir::NodeId id = pending.back();
        pending.pop_back();
        if (module.node(id).op == ir::Op::kElement) return true;
        ir::for_each_operand(module, module.node(id), [&](ir::NodeId operand) { pending.push_back(operand); });
    }
    return false;
}

}  // namespace

TEST_CASE("what a record shows is what a judge finds who flips every condition") {
    test::Dice dice{20260704};
    std::size_t met = 0, decides = 0, opened = 0, boundaries = 0;
    for (std::size_t round = 0; round < rounds(250); ++round) {
        const bool small = round % 3 == 0, optional = round % 2 == 0;
        ir::Module module = test::random_module(
            dice, {small, 2 + dice.below(5), 1 + dice.below(3), 2 + static_cast<unsigned>(dice.below(2))});
        if (!optional) without_optionals(module);
        const analysis::Obligations obligations{module};
        analysis::Meter meter{obligations};
        for (int i = 0; i < 16; ++i) {
            value::Record record;
            // What is absent is told from what is unknown by looking at complete records, and at those without either.
            if (optional) {
                test::complete_record(dice, module, small, record);
            } else {
                test::random_record(dice, module, small, record);
            }
            const Instant now = dice.pick(test::instants());
            if (optional && !is_configuration(module, record, now)) continue;
            const std::vector<bool> found = meter.met(record, now);
            const Judge judge{obligations, record, now, optional};
            CAPTURE(ir::dump(module));
            CAPTURE(test::describe(module, record));
            CAPTURE(keywright::to_string(now));
            for (std::size_t g = 0; g < found.size(); ++g) {
                const Goal& goal = obligations.goals[g];
                CAPTURE(g);
                REQUIRE(found[g] == judge.met(goal));
                met += found[g] ? 1 : 0;
                decides += found[g] && goal.kind == Goal::Kind::kDecides ? 1 : 0;
            }
            // A decision is what its conditions make of it.
            for (const DecisionPoint& point : obligations.points) {
                if (!point.root.valid()) continue;
                std::vector<Truth> values;
                for (const ir::NodeId c : point.skeleton.conditions()) {
                    values.push_back(eval::evaluate_reference(module, c, record, now));
                    opened += optional && values.back() == Truth::kUnknown ? 1 : 0;
                }
                REQUIRE(point.skeleton.evaluate(values) == eval::evaluate_reference(module, point.root, record, now));
            }
            for (const analysis::Obligation& o : obligations.all) {
                if (o.duty != analysis::Duty::kBoundary || !o.subject.valid() || has_variable(module, o.subject))
                    continue;
                const auto d = difference(module, o.subject, record, now);
                const bool is_int = module.type(module.operand_a(o.subject)).kind == ir::Kind::kInt;
                const value::Nanos step = is_int ? 1 : value::kNanosPerSecond;
                const bool near = d && (o.side == analysis::Side::kAt      ? *d == 0
                                        : o.side == analysis::Side::kBelow ? *d < 0 && *d >= -step
                                                                           : *d > 0 && *d <= step);
                // What isn't asked isn't met, nor what stands in a quantifier that has no element.
                if (found[o.ways.front().front()]) {
                    ++boundaries;
                    REQUIRE(near);
                }
            }
        }
    }
    MESSAGE(met << " goals met, " << decides << " by deciding, " << boundaries << " at boundaries; " << opened
                << " conditions without a value");
    CHECK(decides > 100);
    CHECK(boundaries > 20);
    CHECK(opened > 100);
}

TEST_CASE("what is said to be impossible is met by no record, and what is possible by its witness") {
    test::Dice dice{20260705};
    const logic::CellSolver cells;
    const logic::Solver* const solvers[] = {&cells};
    std::size_t yes = 0, no = 0, unknown = 0, unconfirmed = 0, tried = 0;
    for (std::size_t round = 0; round < rounds(150); ++round) {
        const bool small = round % 2 == 0, optional = round % 3 == 0;
        ir::Module module = test::random_module(dice, {small, 2 + dice.below(4), 1 + dice.below(3), 2});
        if (!optional) without_optionals(module);
        const analysis::Obligations obligations{module};
        analysis::Meter meter{obligations};
        analysis::Feasibility feasibility{obligations, solvers, {}};
        CAPTURE(ir::dump(module));
        std::vector<bool> impossible(obligations.goals.size());
        for (std::uint32_t g = 0; g < obligations.goals.size(); ++g) {
            CAPTURE(g);
            const analysis::Feasible& found = feasibility.find(g);
            switch (found.answer) {
                case logic::Answer::kYes: {
                    ++yes;
                    const value::Record& record = found.witness->records.front();
                    REQUIRE(Judge{obligations, record, found.witness->now, optional}.met(obligations.goals[g]));
                    break;
                }
                case logic::Answer::kNo:
                    ++no;
                    impossible[g] = true;
                    break;
                case logic::Answer::kUnknown:
                    ++unknown;
                    unconfirmed += found.reason.find("doesn't confirm") == std::string::npos ? 0 : 1;
                    if (!optional) REQUIRE(found.reason.find("doesn't confirm") == std::string::npos);
                    break;
            }
        }
        for (int i = 0; i < 120; ++i) {
            value::Record record;
            test::complete_record(dice, module, small, record);
            const Instant now = dice.pick(test::instants());
            if (!is_configuration(module, record, now)) continue;
            if (i % 2 == 0) forget(dice, module, record);
            ++tried;
            const std::vector<bool> met = meter.met(record, now);
            for (std::size_t g = 0; g < met.size(); ++g) {
                CAPTURE(g);
                CAPTURE(test::describe(module, record));
                CAPTURE(keywright::to_string(now));
                REQUIRE_FALSE((met[g] && impossible[g]));
            }
        }
    }
    MESSAGE(yes << " possible, " << no << " impossible, " << unknown << " unknown (" << unconfirmed
                << " where optional members are read unguarded), " << tried << " records");
    CHECK(yes > unknown);
    CHECK(no > 100);
    CHECK(tried > 1000);
}

}  // namespace keywright
