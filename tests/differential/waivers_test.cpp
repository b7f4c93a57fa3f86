// Waivers on random modules against what they mean, said in another way: from how the rule comes out without them, and
// from the truth of their conditions.
//
// KEYWRIGHT_DIFFERENTIAL_PAIRS: how many pairs of module and record; KEYWRIGHT_DIFFERENTIAL_SEED: the first seed.
#include "ir/waivers.h"
#include "differential/random_module.h"
#include "eval/program.h"
#include "eval/reference.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

using namespace keywright;
using namespace keywright::test;
using eval::RuleDecision;
using eval::Truth;
using ir::NodeId;

namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

// Conditions that a waiver may have: those of the module's rules, which are about the same fields.
std::vector<NodeId> conditions_of(const ir::Module& module) {
    std::vector<NodeId> out;
    for (const ir::Rule& rule : module.rules) {
        for (const NodeId node : {rule.when, rule.requirement}) {
            if (node.valid()) out.push_back(node);
        }
        for (const ir::Exemption& e : rule.exemptions) out.push_back(e.condition);
    }
    return out;
}

NodeId add_node(ir::Module& module, ir::Op op, ir::Kind kind, std::uint32_t a = 0, std::uint32_t b = 0) {
    ir::Type type;
    type.kind = kind;
    std::size_t i = 0;
    while (i < module.types.size() && module.types[i] != type) ++i;
    if (i == module.types.size()) module.types.push_back(type);
    module.nodes.push_back({op, ir::TypeId{i}, a, b, 0, {}});
    return NodeId{module.nodes.size() - 1};
}

// As the checker builds it.
void add_waiver(ir::Module& module, ir::RuleId rule, NodeId condition, Instant until) {
    ir::Waiver waiver;
    waiver.name = "w" + std::to_string(module.waivers.size());
    waiver.rule = rule;
    waiver.condition = condition;
    waiver.until = until;
    module.constants.emplace_back(until);
    const NodeId now = add_node(module, ir::Op::kNow, ir::Kind::kInstant);
    const NodeId end =
        add_node(module, ir::Op::kConst, ir::Kind::kInstant, static_cast<std::uint32_t>(module.constants.size() - 1));
    const NodeId in_time = add_node(module, ir::Op::kLess, ir::Kind::kBool, now.value, end.value);
    const auto first = static_cast<std::uint32_t>(module.lists.size());
    module.lists.insert(module.lists.end(), {condition, in_time});
    ir::Exemption exemption;
    exemption.condition = add_node(module, ir::Op::kAnd, ir::Kind::kBool, first, 2);
    exemption.label = waiver.name;
    exemption.waiver = static_cast<std::uint32_t>(module.waivers.size());
    module.rules[rule.index()].exemptions.push_back(std::move(exemption));
    module.waivers.push_back(std::move(waiver));
}

// How the rule comes out under waivers that hold as `waived` says, the first of those that surely do being its
// exemption number `by`: told from how it comes out without them.
RuleDecision expected(RuleDecision d, Truth waived, std::optional<std::uint16_t> by) {
    const bool spared = d.outcome == ir::Outcome::kNotApplicable || d.outcome == ir::Outcome::kExempt;
    if (waived == Truth::kFalse || spared) return d;
    if (waived == Truth::kTrue) {
        d.outcome = ir::Outcome::kExempt;
        d.exempt_by = *by;
        d.warning = Truth::kFalse;
        return d;
    }
    if (d.outcome == ir::Outcome::kViolated) d.outcome = ir::Outcome::kUndetermined;
    if (d.warning == Truth::kTrue) d.warning = Truth::kUnknown;
    return d;
}

}  // namespace

TEST_CASE("a waiver changes the outcome of its rule where its condition holds before its end, and nothing else") {
    const std::uint64_t pairs = setting("KEYWRIGHT_DIFFERENTIAL_PAIRS", 50'000);
    const std::uint64_t first = setting("KEYWRIGHT_DIFFERENTIAL_SEED", 1);
    constexpr std::uint64_t kRecords = 40;
    std::uint64_t done = 0, excused = 0, opened = 0, ended = 0, kept_deadlines = 0;
    value::Record record;
    for (std::uint64_t seed = first; done < pairs; ++seed) {
        Dice dice{seed};
        Shape shape;
        shape.fields = 2 + dice.below(9);
        shape.rules = 1 + dice.below(4);
        shape.depth = 1 + static_cast<unsigned>(dice.below(3));
        const ir::Module plain = random_module(dice, shape);
        const std::vector<NodeId> conditions = conditions_of(plain);
        if (conditions.empty()) continue;
        ir::Module module = plain;
        for (std::size_t n = 1 + dice.below(3); n > 0; --n)
            add_waiver(module, ir::RuleId{dice.below(plain.rules.size())}, dice.pick(conditions),
                       dice.pick(instants()));
        const eval::Program program{module};
        auto scratch = program.make_scratch();
        std::vector<RuleDecision> compiled(module.rules.size());
        const ir::Module without = ir::without_waivers(module);
        CHECK(without.waivers.empty());
        for (std::uint64_t k = 0; k < kRecords; ++k, ++done) {
            random_record(dice, plain, shape.small, record);
            const Instant now = dice.pick(instants());
            const eval::Decision before = eval::decide_reference(plain, record, now);
            const eval::Decision after = eval::decide_reference(module, record, now);
            program.decide(record, now, scratch, compiled);
            REQUIRE(eval::decide_reference(without, record, now).rules == before.rules);
            for (std::size_t r = 0; r < module.rules.size(); ++r) {
                const ir::Rule& rule = module.rules[r];
                Truth waived = Truth::kFalse;
                std::optional<std::uint16_t> by;
                bool is_over = false;
                for (std::size_t e = 0; e < rule.exemptions.size(); ++e) {
                    if (rule.exemptions[e].waiver == ir::Exemption::kNoWaiver) continue;
                    const ir::Waiver& waiver = module.waivers[rule.exemptions[e].waiver];
                    const Truth holds = eval::evaluate_reference(plain, waiver.condition, record, now);
                    is_over = is_over || (holds == Truth::kTrue && !(now < waiver.until));
                    if (!(now < waiver.until)) continue;
                    if (holds == Truth::kTrue && !by) by = static_cast<std::uint16_t>(e);
                    if (holds == Truth::kTrue || waived == Truth::kFalse) waived = holds;
                }
                const RuleDecision& was = before.rules[r];
                const RuleDecision should = expected(was, waived, by);
                if (after.rules[r] != should || compiled[r] != should) {
                    FAIL("seed " << seed << " rule " << r << " now " << to_string(now) << "\n"
                                 << ir::dump(module) << describe(module, record) << program.dump());
                }
                if (should.outcome == ir::Outcome::kExempt && was.outcome == ir::Outcome::kViolated) ++excused;
                if (should.outcome == ir::Outcome::kUndetermined && was.outcome == ir::Outcome::kViolated) ++opened;
                if (is_over && should == was) ++ended;
            }
            // What is waived comes to its end all the same.
            const auto was = eval::expiration(plain, before), is = eval::expiration(module, after);
            REQUIRE(was.none == is.none);
            REQUIRE(was.at == is.at);
            kept_deadlines += is.none ? 0 : 1;
        }
    }
    CHECK(excused > pairs / 200);
    CHECK(opened > pairs / 500);
    CHECK(ended > pairs / 100);
    CHECK(kept_deadlines > pairs / 100);
    MESSAGE(done << " pairs: " << excused << " violations excused, " << opened << " left open, " << ended
                 << " waivers over, " << kept_deadlines << " deadlines");
}
