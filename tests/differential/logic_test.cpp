// The finite abstraction against the evaluators: what holds of a cell holds of every configuration in it.
#include "differential/random_module.h"
#include "eval/reference.h"
#include "logic/search.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace keywright {
namespace {

using logic::Claim;
using logic::Leaf;

std::size_t rounds(std::size_t otherwise) {
    const char* given = std::getenv("KEYWRIGHT_DIFFERENTIAL_PAIRS");
    return given == nullptr ? otherwise : std::max<std::size_t>(1, std::strtoul(given, nullptr, 10) / 100);
}

// Everything that can be stated about the rules of a module.
std::vector<Leaf> statements(const ir::Module& module) {
    std::vector<Leaf> out;
    for (std::size_t r = 0; r < module.rules.size(); ++r) {
        for (const ir::Outcome outcome :
             {ir::Outcome::kNotApplicable, ir::Outcome::kExempt, ir::Outcome::kPass, ir::Outcome::kViolated})
            out.push_back({0, Claim::kOutcome, {}, ir::RuleId{r}, outcome, 0, {}});
        for (std::uint32_t e = 0; e < module.rules[r].exemptions.size(); ++e)
            out.push_back({0, Claim::kExempt, {}, ir::RuleId{r}, {}, e, {}});
        out.push_back({0, Claim::kWarning, {}, ir::RuleId{r}, {}, 0, {}});
    }
    out.push_back({0, Claim::kVerdict, {}, {}, {}, 0, ir::Verdict::kViolation});
    return out;
}

// Random modules read optional members without asking whether they are there, which the checker would refuse. So half
// of them are made without; of the rest, what the evaluator leaves open on a complete record is passed over.
void without_optionals(ir::Module& module) {
    for (ir::Field& field : module.schema.fields) field.type.optional = false;
}

// A `match` on what is absent gives what all its arms agree on, so nothing shows that it was read.
bool matches_optional(const ir::Module& module) {
    return std::ranges::any_of(module.nodes, [&](const ir::Node& node) {
        return node.op == ir::Op::kMatch && module.type(module.list(node).front()).optional;
    });
}

bool is_open(const ir::Module& module, const Leaf& leaf, const value::Record& record, Instant now) {
    const eval::Decision decision = eval::decide_reference(module, record, now);
    const auto open = [](const eval::RuleDecision& d) {
        return d.outcome == ir::Outcome::kUndetermined || d.warning == eval::Truth::kUnknown ||
               d.applies == eval::Truth::kUnknown;
    };
    if (leaf.claim == Claim::kVerdict) return std::ranges::any_of(decision.rules, open);
    const ir::Rule& rule = module.rules[leaf.rule.index()];
    return open(decision.rules[leaf.rule.index()]) ||
           std::ranges::any_of(rule.exemptions,
                               [&](const ir::Exemption& e) {
                                   return eval::evaluate_reference(module, e.condition, record, now) ==
                                          eval::Truth::kUnknown;
                               }) ||
           (rule.when.valid() && eval::evaluate_reference(module, rule.when, record, now) == eval::Truth::kUnknown);
}

logic::Question only(const ir::Module& module, const Leaf& leaf, bool negated = false) {
    logic::Question q;
    q.packs = {&module};
    const std::uint32_t term = q.leaf(leaf);
    if (negated) (void)q.negation(term);
    return q;
}

}  // namespace

TEST_CASE("every record is in a cell that says of it what the evaluator says, and every cell has a record") {
    test::Dice dice{20261122};
    std::size_t modules = 0, placed = 0, shown = 0, opaque = 0;
    const std::size_t all = rounds(400);
    for (std::size_t round = 0; round < all; ++round) {
        const test::Shape shape{round % 3 == 0, 2 + dice.below(6), 1 + dice.below(4),
                                2 + static_cast<unsigned>(dice.below(2))};
        ir::Module module = test::random_module(dice, shape);
        if (round % 2 == 0 || matches_optional(module)) without_optionals(module);
        const std::vector<Leaf> leaves = statements(module);
        logic::Draft draft{{&module}};
        std::vector<logic::Ref> roots;
        for (const Leaf& leaf : leaves) roots.push_back(draft.leaf(leaf));
        roots.push_back(draft.constraint());
        const std::size_t not_understood = draft.opaque;
        auto built = logic::Space::build(std::move(draft), roots, {});
        if (std::holds_alternative<std::string>(built)) continue;
        const auto& space = std::get<logic::Space>(built);
        if (space.is_empty(space.everything())) continue;  // assumptions that nothing meets
        ++modules;
        opaque += not_understood > 0 ? 1 : 0;

        std::vector<logic::Evaluation> evaluations;
        for (const logic::Ref root : roots) evaluations.emplace_back(space, root);

        // Records into cells.
        for (int i = 0; i < 20; ++i) {
            value::Record record;
            test::complete_record(dice, module, shape.small, record);
            const Instant now = dice.pick(test::instants());
            logic::Question anything;
            anything.packs = {&module};
            anything.terms.push_back({});
            if (!logic::confirms(anything, {{record}, now})) continue;  // breaks an assumption
            const logic::Region region = space.region_of(record, now);
            CAPTURE(test::describe(module, record));
            CAPTURE(keywright::to_string(now));
            CAPTURE(ir::dump(module));
            for (const logic::Dimension& d : space.dimensions()) {
                std::uint64_t any = 0;
                for (std::uint32_t w = 0; w < d.words; ++w) any |= region[d.first_word + w];
                const std::uint32_t v = d.variables.front();
                INFO((v < space.draft().variables.size() ? space.draft().variables[v].name : "now"));
                REQUIRE(any != 0);
            }
            REQUIRE(space.count(region).text() == "1");
            ++placed;
            for (std::size_t l = 0; l < leaves.size(); ++l) {
                CAPTURE(l);
                if (is_open(module, leaves[l], record, now)) continue;
                const eval::Truth t = evaluations[l].of(region);
                const bool actual = logic::confirms(only(module, leaves[l]), {{record}, now});
                if (not_understood == 0) REQUIRE(t != eval::Truth::kUnknown);
                if (t != eval::Truth::kUnknown) REQUIRE((t == eval::Truth::kTrue) == actual);
            }
            REQUIRE(evaluations.back().of(region) == eval::Truth::kTrue);
        }
        // Cells into records.
        for (int i = 0; i < 20; ++i) {
            logic::Region cell(space.words(), 0);
            for (const logic::Dimension& d : space.dimensions()) {
                const auto c = static_cast<std::uint32_t>(dice.below(d.classes));
                cell[d.first_word + c / 64] |= std::uint64_t{1} << (c % 64);
            }
            if (evaluations.back().of(cell) != eval::Truth::kTrue) continue;  // no configuration
            const auto witness = space.witness(cell, Instant{1'767'225'600, 0});
            CAPTURE(ir::dump(module));
            REQUIRE(witness.has_value());
            CAPTURE(test::describe(module, witness->records[0]));
            CAPTURE(keywright::to_string(witness->now));
            logic::Question anything;
            anything.packs = {&module};
            anything.terms.push_back({});
            REQUIRE(logic::confirms(anything, *witness));
            REQUIRE(space.region_of(witness->records[0], witness->now) == cell);
            ++shown;
            for (std::size_t l = 0; l < leaves.size(); ++l) {
                CAPTURE(l);
                if (is_open(module, leaves[l], witness->records[0], witness->now)) continue;
                const eval::Truth t = evaluations[l].of(cell);
                if (t != eval::Truth::kUnknown)
                    REQUIRE((t == eval::Truth::kTrue) == logic::confirms(only(module, leaves[l]), *witness));
            }
        }
    }
    MESSAGE(modules << " modules, " << opaque << " with comparisons that cells can't express, " << placed
                    << " records, " << shown << " cells");
    CHECK(modules > all / 2);
    CHECK(placed > 0);
    CHECK(shown > 0);
}

TEST_CASE("questions are answered as trying says") {
    test::Dice dice{7};
    std::size_t yes = 0, no = 0, unknown = 0;
    const logic::CellSolver solver;
    for (std::size_t round = 0; round < rounds(300); ++round) {
        const bool small = round % 3 == 0;
        ir::Module module = test::random_module(dice, {small, 2 + dice.below(5), 1 + dice.below(3), 2});
        without_optionals(module);
        for (const Leaf& leaf : statements(module)) {
            for (const bool negated : {false, true}) {
                const logic::Question q = only(module, leaf, negated);
                const logic::Result r = solver.solve(q, {});
                CAPTURE(ir::dump(module));
                switch (r.answer) {
                    case logic::Answer::kYes:
                        ++yes;
                        REQUIRE(logic::confirms(q, *r.witness));
                        break;
                    case logic::Answer::kUnknown:
                        ++unknown;
                        REQUIRE(r.reason.find("doesn't confirm") == std::string::npos);
                        break;
                    case logic::Answer::kNo:
                        ++no;
                        for (int i = 0; i < 30; ++i) {
                            value::Record record;
                            test::complete_record(dice, module, small, record);
                            REQUIRE_FALSE(logic::confirms(q, {{record}, dice.pick(test::instants())}));
                        }
                        break;
                }
            }
        }
    }
    MESSAGE(yes << " yes, " << no << " no, " << unknown << " unknown");
    CHECK(yes > unknown);
    CHECK(no > 0);
}

}  // namespace keywright
