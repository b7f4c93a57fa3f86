// Reasons against the evaluators: facts that are said to force an outcome do, and without any one of them another
// configuration comes out otherwise; what is said to settle a rule does, whatever its value.
#include "analysis/changes.h"
#include "analysis/reasons.h"
#include "differential/random_module.h"
#include "eval/reference.h"
#include "logic/search.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace keywright {
namespace {

using analysis::Literal;
using analysis::RuleSpace;
using analysis::Target;

constexpr Instant kWish{1'767'225'600, 0};  // as the library tries witnesses

std::size_t pairs() {
    const char* given = std::getenv("KEYWRIGHT_DIFFERENTIAL_PAIRS");
    return given == nullptr ? 2'500 : std::max<std::size_t>(1, std::strtoul(given, nullptr, 10));
}

void give(test::Dice& dice, const ir::Module& module, bool small, value::Record& record, std::size_t f) {
    const ir::Field& field = module.schema.fields[f];
    if (field.parent.valid() && record.state(field.parent.index()) != value::State::kGiven) return record.set_absent(f);
    if (field.type.optional && dice.below(3) == 0) return record.set_absent(f);
    if (field.type.kind == ir::Kind::kRecord) return record.set_present(f);
    if (field.type.kind == ir::Kind::kSecret) {
        static const std::vector<std::string> kPieces{"a", "7", "Q", "-", " ", "\xc3\xa9", "*", "***"};
        std::string text;
        for (std::size_t n = dice.below(9); n > 0; --n) text += dice.pick(kPieces);
        return record.set_secret(f, value::facts_of(text));
    }
    record.set(f, test::random_value(dice, module, field.type, small));
}

bool is_configuration(const ir::Module& module, const value::Record& record, Instant now) {
    logic::Question anything;
    anything.packs = {&module};
    anything.terms.push_back({});
    return logic::confirms(anything, {{record}, now});
}

bool keeps(const RuleSpace& rule, const value::Record& record, Instant now, const std::vector<Literal>& facts) {
    const logic::Region region = rule.space.region_of(record, now);
    return std::ranges::all_of(
        facts, [&](const Literal& fact) { return rule.space.truth(region, fact.atom) == eval::truth_of(fact.truth); });
}

// Some fields unknown; members of a record that is unknown are.
void forget(test::Dice& dice, const ir::Module& module, std::size_t one_in, value::Record& record) {
    for (std::size_t f = 0; f < record.size(); ++f) {
        const ir::FieldId parent = module.schema.fields[f].parent;
        if (dice.below(one_in) == 0 || (parent.valid() && record.state(parent.index()) == value::State::kUnknown))
            record.set_unknown(f);
    }
}

struct Pack {
    explicit Pack(const ir::Module& m) : module(m), program(m), dependencies(m), reasons(m, program) {}
    const ir::Module& module;
    eval::Program program;
    analysis::Dependencies dependencies;
    analysis::Reasons reasons;
    [[nodiscard]] analysis::Explainer explainer() const { return {module, program, dependencies, &reasons}; }
    // By the slow judge.
    [[nodiscard]] eval::RuleDecision decide(const value::Record& record, Instant now, std::size_t r) const {
        return eval::decide_reference(module, record, now).rules[r];
    }
};

}  // namespace

TEST_CASE("facts force the outcome, and none of them can be dropped") {
    test::Dice dice{20261122};
    std::size_t pairs_done = 0, fine = 0, coarse = 0, completions = 0, dropped = 0, unknowns = 0, sets = 0;
    const std::size_t wanted = pairs();
    for (std::size_t round = 0; pairs_done < wanted; ++round) {
        const bool small = round % 3 == 0;
        ir::Module module = test::random_module(
            dice, {small, 2 + dice.below(6), 1 + dice.below(4), 2 + static_cast<unsigned>(dice.below(2))});
        // Random modules read optional members without asking whether they are there, which the checker would refuse.
        const bool safe = round % 2 == 0;
        if (safe) {
            for (ir::Field& field : module.schema.fields) field.type.optional = false;
        }
        const Pack pack{module};
        for (int i = 0; i < 8; ++i) {
            value::Record whole;
            whole.reset(module.schema.fields.size());
            for (std::size_t f = 0; f < whole.size(); ++f) give(dice, module, small, whole, f);
            const Instant now = dice.pick(test::instants());
            if (!is_configuration(module, whole, now)) continue;  // breaks an assumption
            value::Record record = whole;
            if (i % 2 == 1) forget(dice, module, 4, record);
            const eval::Decision decision = eval::decide_reference(module, record, now);
            for (std::size_t r = 0; r < module.rules.size(); ++r) {
                ++pairs_done;
                const ir::RuleId id{r};
                const auto target = analysis::target_of(decision.rules[r]);
                const auto facts = pack.reasons.minimal(record, now, id, decision.rules[r]);
                if (!target) {
                    REQUIRE_FALSE(facts.has_value());
                    continue;
                }
                if (!facts) {
                    ++coarse;
                    continue;
                }
                ++fine;
                unknowns += i % 2 == 1 ? 1 : 0;
                const RuleSpace& rule = *pack.reasons.space(id);
                CAPTURE(ir::dump(module));
                CAPTURE(r);
                CAPTURE(test::describe(module, record));
                CAPTURE(to_string(now));
                REQUIRE(keeps(rule, record, now, *facts));
                // Every fact has words, and no words are about what isn't known.
                for (const analysis::FactWords& words : pack.reasons.words(record, now, id, *facts)) {
                    REQUIRE_FALSE(words.text.empty());
                    REQUIRE(words.text.find("unknown") == std::string::npos);
                }
                const auto same = [&](const value::Record& other, Instant at) {
                    const ir::Rule& asked = module.rules[r];
                    // Reading what is absent means something else to the evaluator.
                    const auto is_open = [&](ir::NodeId node) {
                        return node.valid() &&
                               eval::evaluate_reference(module, node, other, at) == eval::Truth::kUnknown;
                    };
                    if (!safe &&
                        (is_open(asked.when) || is_open(asked.requirement) ||
                         std::ranges::any_of(asked.exemptions, [&](const auto& e) { return is_open(e.condition); })))
                        return true;
                    const auto t = analysis::target_of(pack.decide(other, at, r));
                    return t ? *t == *target : !safe;
                };
                // Other records with the same facts.
                for (int n = 0; n < 6; ++n) {
                    value::Record other = whole;
                    for (std::size_t f = 0; f < other.size(); ++f) {
                        if (dice.below(2) == 0) give(dice, module, small, other, f);
                    }
                    for (std::size_t f = 0; f < other.size(); ++f) {
                        const ir::FieldId parent = module.schema.fields[f].parent;
                        if (!parent.valid()) continue;
                        if (other.state(parent.index()) != value::State::kGiven)
                            other.set_absent(f);
                        else if (other.state(f) == value::State::kAbsent)
                            give(dice, module, small, other, f);
                    }
                    const Instant at = n % 2 == 0 ? now : dice.pick(test::instants());
                    if (!is_configuration(module, other, at) || !keeps(rule, other, at, *facts)) continue;
                    ++completions;
                    CAPTURE(test::describe(module, other));
                    REQUIRE(same(other, at));
                }
                // Cells with the same facts.
                logic::Evaluation inside{rule.space, rule.space.constraint()};
                logic::Region shared = rule.space.everything();
                for (const Literal& fact : *facts) rule.space.restrict(shared, fact.atom, fact.truth);
                for (int n = 0; n < 6; ++n) {
                    logic::Region cell(rule.space.words(), 0);
                    for (const logic::Dimension& d : rule.space.dimensions()) {
                        std::uint32_t c = 0;
                        do c = static_cast<std::uint32_t>(dice.below(d.classes));
                        while ((shared[d.first_word + c / 64] >> (c % 64) & 1U) == 0);
                        cell[d.first_word + c / 64] |= std::uint64_t{1} << (c % 64);
                    }
                    if (inside.of(cell) != eval::Truth::kTrue) continue;
                    const auto witness = rule.space.witness(cell, now);
                    REQUIRE(witness.has_value());
                    ++completions;
                    CAPTURE(test::describe(module, witness->records[0]));
                    REQUIRE(same(witness->records[0], witness->now));
                }
                // Without one fact, another outcome: shown by a configuration.
                const auto differs_without = [&](const std::vector<Literal>& all, const Literal& fact) {
                    logic::Region region = rule.space.everything();
                    for (const Literal& other : all) {
                        if (other != fact) rule.space.restrict(region, other.atom, other.truth);
                    }
                    logic::Search search{rule.space, rule.differs[static_cast<std::size_t>(*target)], region, 100'000};
                    for (logic::Region part;;) {
                        const auto step = search.next(part);
                        if (step == logic::Search::Step::kDone || step == logic::Search::Step::kExhausted) return false;
                        const auto witness = rule.space.witness(
                            step == logic::Search::Step::kFound
                                ? logic::simplest(rule.space, rule.differs[static_cast<std::size_t>(*target)], part)
                                : part,
                            kWish);
                        if (!witness) continue;
                        const auto t = analysis::target_of(pack.decide(witness->records[0], witness->now, r));
                        // Reading what is absent means something else to the evaluator.
                        if ((t && *t != *target) || (!safe && step == logic::Search::Step::kFound)) return true;
                    }
                };
                const auto is_about_now = [&](const Literal& fact) {
                    const logic::Atom& atom = rule.space.draft().atoms[fact.atom];
                    if (atom.kind != logic::Atom::Kind::kDifference) return false;
                    const auto& c = rule.space.draft().comparisons[atom.index];
                    return (c.x == logic::Draft::kNow || c.x == logic::kNone) &&
                           (c.y == logic::Draft::kNow || c.y == logic::kNone);
                };
                for (const Literal& fact : *facts) {
                    if (is_about_now(fact)) continue;  // given, not a fact
                    ++dropped;
                    CAPTURE(fact.atom);
                    REQUIRE(differs_without(*facts, fact));
                }
                // All reasons: each is sufficient and minimal, and no two hold one another.
                if (pairs_done % 4 != 0) continue;
                const auto all = pack.reasons.all(record, now, id, decision.rules[r], 16);
                if (!all) continue;
                for (const auto& set : all->sets) {
                    ++sets;
                    REQUIRE(pack.reasons.sufficient(id, set, *target) == std::optional{true});
                    for (const Literal& fact : set) {
                        if (!is_about_now(fact)) REQUIRE(differs_without(set, fact));
                    }
                    for (const auto& other : all->sets) {
                        if (&other != &set)
                            REQUIRE_FALSE(std::includes(set.begin(), set.end(), other.begin(), other.end()));
                    }
                }
            }
        }
    }
    MESSAGE(pairs_done << " pairs, " << fine << " with facts (" << unknowns << " with unknown fields), " << coarse
                       << " with fields, " << completions << " completions, " << dropped << " facts dropped, " << sets
                       << " sets of all");
    CHECK(fine > coarse);
    CHECK(completions > 0);
    CHECK(unknowns > 0);
}

TEST_CASE("all reasons of small rules are those that trying every subset finds") {
    test::Dice dice{5};
    std::size_t compared = 0;
    for (std::size_t round = 0; round < std::max<std::size_t>(60, pairs() / 25); ++round) {
        ir::Module module = test::random_module(dice, {true, 2 + dice.below(4), 2, 2});
        for (ir::Field& field : module.schema.fields) field.type.optional = false;
        const Pack pack{module};
        value::Record record;
        record.reset(module.schema.fields.size());
        for (std::size_t f = 0; f < record.size(); ++f) give(dice, module, true, record, f);
        const Instant now = dice.pick(test::instants());
        if (!is_configuration(module, record, now)) continue;
        for (std::size_t r = 0; r < module.rules.size(); ++r) {
            const ir::RuleId id{r};
            const RuleSpace* rule = pack.reasons.space(id);
            const eval::RuleDecision d = pack.decide(record, now, r);
            if (rule == nullptr) continue;
            const auto all = pack.reasons.all(record, now, id, d, 1'000);
            if (!all || all->cut) continue;
            const std::vector<Literal> known = pack.reasons.known(*rule, record, now);
            if (known.size() > 9) continue;
            // Which classes a set of facts leaves is what it means.
            const auto meaning = [&](const std::vector<Literal>& facts) {
                logic::Region region = rule->space.everything();
                for (const Literal& fact : facts) rule->space.restrict(region, fact.atom, fact.truth);
                return region;
            };
            std::vector<Literal> background;
            for (const Literal& fact : known) {
                const logic::Atom& atom = rule->space.draft().atoms[fact.atom];
                if (atom.kind != logic::Atom::Kind::kDifference) continue;
                const auto& c = rule->space.draft().comparisons[atom.index];
                if ((c.x == logic::Draft::kNow || c.x == logic::kNone) &&
                    (c.y == logic::Draft::kNow || c.y == logic::kNone))
                    background.push_back(fact);
            }
            const auto enough = [&](std::uint32_t bits) {
                std::vector<Literal> facts = background;
                for (std::size_t i = 0; i < known.size(); ++i) {
                    if ((bits >> i & 1U) != 0) facts.push_back(known[i]);
                }
                return pack.reasons.sufficient(id, facts, *analysis::target_of(d)) == std::optional{true};
            };
            std::vector<logic::Region> expected, actual;
            for (std::uint32_t bits = 0; bits < 1U << known.size(); ++bits) {
                if (!enough(bits)) continue;
                bool smallest = true;
                std::vector<Literal> facts = background;
                bool reads_now = false;
                for (std::size_t i = 0; i < known.size(); ++i) {
                    if ((bits >> i & 1U) == 0) continue;
                    smallest = smallest && !enough(bits & ~(1U << i));
                    reads_now = reads_now || std::ranges::find(background, known[i]) != background.end();
                    facts.push_back(known[i]);
                }
                if (smallest && !reads_now) expected.push_back(meaning(facts));
            }
            for (const auto& set : all->sets) {
                std::vector<Literal> facts = background;
                facts.insert(facts.end(), set.begin(), set.end());
                actual.push_back(meaning(facts));
            }
            for (auto* regions : {&expected, &actual}) {
                std::sort(regions->begin(), regions->end());
                regions->erase(std::unique(regions->begin(), regions->end()), regions->end());
            }
            CAPTURE(ir::dump(module));
            CAPTURE(r);
            CAPTURE(test::describe(module, record));
            REQUIRE(actual == expected);
            ++compared;
        }
    }
    MESSAGE(compared << " compared");
    CHECK(compared > 0);
}

TEST_CASE("what settles a rule does so whatever its value, and changes that would violate it do") {
    test::Dice dice{99};
    std::size_t settled = 0, values = 0, changed = 0;
    const std::size_t wanted = pairs() / 5 + 200;
    for (std::size_t round = 0, done = 0; done < wanted; ++round) {
        const bool small = round % 2 == 0;
        ir::Module module = test::random_module(dice, {small, 2 + dice.below(5), 1 + dice.below(3), 2});
        for (ir::Field& field : module.schema.fields) field.type.optional = false;
        const Pack pack{module};
        for (int i = 0; i < 4; ++i) {
            value::Record whole;
            whole.reset(module.schema.fields.size());
            for (std::size_t f = 0; f < whole.size(); ++f) give(dice, module, small, whole, f);
            const Instant now = dice.pick(test::instants());
            if (!is_configuration(module, whole, now)) continue;
            value::Record record = whole;
            forget(dice, module, 3, record);
            for (std::size_t r = 0; r < module.rules.size(); ++r, ++done) {
                const ir::RuleId id{r};
                CAPTURE(ir::dump(module));
                CAPTURE(r);
                CAPTURE(test::describe(module, record));
                CAPTURE(to_string(now));
                const eval::RuleDecision d = pack.decide(record, now, r);
                if (analysis::target_of(d)) {
                    const auto others = analysis::violating(pack.explainer(), record, now, id, 4);
                    if (d.outcome == ir::Outcome::kViolated) continue;
                    for (const auto& other : others.found) {
                        ++changed;
                        REQUIRE_FALSE(other.changed.empty());
                        CAPTURE(test::describe(module, other.record));
                        REQUIRE(pack.decide(other.record, now, r).outcome == ir::Outcome::kViolated);
                        for (std::size_t f = 0; f < record.size(); ++f) {
                            if (std::ranges::find(other.changed, ir::FieldId{f}) != other.changed.end()) continue;
                            REQUIRE(analysis::value_words(module, record, ir::FieldId{f}) ==
                                    analysis::value_words(module, other.record, ir::FieldId{f}));
                        }
                    }
                    if (others.never) {
                        for (int n = 0; n < 8; ++n) {
                            value::Record other = whole;
                            for (std::size_t f = 0; f < other.size(); ++f) give(dice, module, small, other, f);
                            if (is_configuration(module, other, now))
                                REQUIRE(pack.decide(other, now, r).outcome != ir::Outcome::kViolated);
                        }
                    }
                    continue;
                }
                const auto least = analysis::settling(pack.explainer(), record, now, id, 4);
                for (const auto& one : least.sets) {
                    ++settled;
                    for (int n = 0; n < 12; ++n) {
                        // A value that the others leave room for.
                        value::Record other = whole;
                        for (std::size_t f = 0; f < other.size(); ++f) {
                            if (record.state(f) == value::State::kUnknown && n > 0) give(dice, module, small, other, f);
                        }
                        if (!is_configuration(module, other, now)) continue;
                        for (std::size_t f = 0; f < other.size(); ++f) {
                            if (record.state(f) != value::State::kUnknown) continue;
                            // Who knows a member knows whether its record is there.
                            const bool named = std::ranges::any_of(one.fields, [&](ir::FieldId g) {
                                while (g.valid() && g != ir::FieldId{f}) g = module.schema.fields[g.index()].parent;
                                return g.valid();
                            });
                            if (!named) other.set_unknown(f);
                        }
                        ++values;
                        CAPTURE(test::describe(module, other));
                        REQUIRE(analysis::target_of(pack.decide(other, now, r)).has_value());
                    }
                }
            }
        }
    }
    MESSAGE(settled << " sets that settle, " << values << " values tried, " << changed << " changes");
    CHECK(settled > 0);
    CHECK(changed > 0);
}

}  // namespace keywright
