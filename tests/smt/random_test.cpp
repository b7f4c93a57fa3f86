// Random questions about random modules: a yes comes with a witness that the evaluator confirms (which the solver does
// by itself, and says so when it fails), and no random configuration contradicts a no.
#include "smt/asking.h"

#include "differential/random_module.h"
#include "smt/demand.h"
#include "smt/encode.h"
#include "support/random_record.h"

#include <algorithm>
#include <map>

using namespace keywright;

namespace {

// A complete configuration, or one that breaks an assumption: `confirms` tells them apart.
value::Record configuration(test::Dice& dice, test::Dice& random, const ir::Module& module) {
    value::Record record;
    record.reset(module.schema.fields.size());
    const auto& fields = module.schema.fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const ir::FieldId parent = fields[i].parent;
        const bool inside = !parent.valid() || record.state(parent.index()) == value::State::kGiven;
        const ir::Kind kind = fields[i].type.kind;
        if (!inside || (fields[i].type.optional && dice.chance(30))) {
            record.set_absent(i);
        } else if (kind == ir::Kind::kSecret || kind == ir::Kind::kRecord || kind == ir::Kind::kDuration ||
                   dice.chance(20)) {
            test::randomise(dice, module, i, {.unknown = 0, .absent = 0, .partly_known = false}, record);
        } else {
            record.set(i, test::random_value(random, module, fields[i].type, false));
        }
    }
    return record;
}

logic::Question random_question(test::Dice& random, const ir::Module& module) {
    logic::Question q;
    q.packs = {&module};
    const std::size_t rule = random.below(module.rules.size());
    static const std::vector<ir::Outcome> ways{ir::Outcome::kNotApplicable, ir::Outcome::kExempt, ir::Outcome::kPass,
                                               ir::Outcome::kViolated};
    std::vector<std::uint32_t> terms;
    for (std::size_t n = 1 + random.below(3); n > 0; --n) {
        std::uint32_t term = 0;
        switch (random.below(4)) {
            case 0:
                term = q.leaf(test::verdict(random.chance(50) ? ir::Verdict::kViolation : ir::Verdict::kCompliant));
                break;
            case 1: term = q.leaf(test::outcome(random.below(module.rules.size()), random.pick(ways))); break;
            case 2: {
                logic::Leaf warning;
                warning.claim = logic::Claim::kWarning;
                warning.rule = ir::RuleId{rule};
                if (module.rules[rule].expiry) {
                    term = q.leaf(warning);
                    break;
                }
                [[fallthrough]];
            }
            default:
                term = module.rules[rule].requirement.valid() ? q.leaf(test::holds(module.rules[rule].requirement))
                                                              : q.leaf(test::outcome(rule, ir::Outcome::kViolated));
        }
        terms.push_back(random.chance(40) ? q.negation(term) : term);
    }
    if (random.chance(70)) {
        q.conjunction(terms);
    } else {
        q.disjunction(terms);
    }
    return q;
}

// Whether sets with more slots than the question demands change a no.
bool more_slots_help(const logic::Question& q) {
    z3::context context;
    smt::Builder builder{context};
    smt::Demand demand = smt::demand_of(q);
    demand.networks += 2;
    demand.texts += 2;
    demand.ints += 2;
    smt::Variables variables{builder, q, demand};
    const smt::Encoding encoding = smt::encode(builder, variables, q);
    z3::solver solver{context};
    z3::params params{context};
    params.set("timeout", 2'000U);
    solver.set(params);
    for (const z3::expr& constraint : variables.constraints()) solver.add(constraint);
    solver.add(builder.negation(encoding.formula.no));
    return solver.check() == z3::sat;
}

void run(std::uint64_t seed, std::size_t modules, bool optionals, const test::Shape& shape) {
    test::Dice random{seed};
    test::Dice dice{seed};
    std::map<std::string, std::size_t> reasons;
    std::size_t yes = 0, no = 0, tried = 0;
    for (std::size_t i = 0; i < modules; ++i) {
        ir::Module module = test::random_module(random, shape);
        if (!optionals) {
            for (ir::Field& field : module.schema.fields) field.type.optional = false;
        }
        for (int k = 0; k < 4; ++k) {
            const logic::Question q = random_question(random, module);
            logic::Budget budget;
            budget.milliseconds = 1'500;
            const logic::Result result = test::solve(q, budget);
            CAPTURE(i);
            CAPTURE(k);
            switch (result.answer) {
                case logic::Answer::kYes: ++yes; break;
                case logic::Answer::kUnknown: ++reasons[result.reason]; break;
                case logic::Answer::kNo: {
                    ++no;
                    CHECK_FALSE(more_slots_help(q));
                    for (int n = 0; n < 300; ++n) {
                        logic::Witness witness;
                        witness.now = n % 2 == 0 ? random.pick(test::instants()) : test::random_now(dice);
                        witness.records.push_back(configuration(dice, random, module));
                        ++tried;
                        REQUIRE_MESSAGE(!logic::confirms(q, witness), test::describe(module, witness.records[0])
                                                                          << ir::dump(module));
                    }
                    break;
                }
            }
        }
    }
    std::string unknown;
    for (const auto& [reason, times] : reasons) unknown += "\n  " + std::to_string(times) + "  " + reason;
    MESSAGE("yes " << yes << ", no " << no << " (" << tried << " configurations tried), unknown:" << unknown);
    CHECK(yes > modules);
    CHECK(no > modules / 4);
}

}  // namespace

TEST_CASE("random modules without optional fields") { run(11, 60, false, {.fields = 7, .rules = 3, .depth = 2}); }

TEST_CASE("random modules that ask for what may be absent") {
    run(12, 60, true, {.fields = 7, .rules = 3, .depth = 2});
}

TEST_CASE("small random modules") { run(13, 80, true, {.small = true, .fields = 6, .rules = 3, .depth = 3}); }
