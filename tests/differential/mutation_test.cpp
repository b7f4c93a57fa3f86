// Mutants all at once against one at a time; what is proved of survivors against records; what mutants read as in the
// source against what they mean.
//
// KEYWRIGHT_DIFFERENTIAL_MODULES: how many random modules; KEYWRIGHT_DIFFERENTIAL_SEED: the first seed.
#include "analysis/mutation.h"
#include "analysis/explain.h"
#include "analysis/judge.h"
#include "differential/random_module.h"
#include "engine/state.h"
#include "eval/reference.h"
#include "ir/presence.h"
#include "logic/search.h"
#include "support/compiling.h"
#include "support/exact_tests.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

// The mutant as a module of its own.
ir::Module alone(const ir::Module& module, const analysis::Mutants& mutants, const analysis::Mutant& mutant) {
    ir::Module out = module;
    out.nodes = mutants.module.nodes;
    out.lists = mutants.module.lists;
    out.types = mutants.module.types;
    out.constants = mutants.module.constants;
    for (const analysis::MutatedRule& rule : mutant.rules)
        out.rules[rule.original.index()] = mutants.module.rules[rule.copy.index()];
    return out;
}

bool passes(const ir::Module& module, const analysis::Suite& suite, const analysis::Case& one,
            const analysis::Mutants* mutants, const analysis::Mutant* mutant) {
    const value::Record& record = suite.records[one.record];
    const Instant at = one.expected->at;
    value::Record looked = record;
    if (mutant != nullptr) mutants->look(*mutant, looked);
    const auto sees = [&](ir::RuleId rule) -> const value::Record& {
        return mutant != nullptr && mutant->field.valid() && mutant->rules.front().original == rule ? looked : record;
    };
    std::vector<eval::RuleDecision> decided;
    for (std::size_t i = 0; i < module.rules.size(); ++i)
        decided.push_back(eval::decide_reference(module, ir::RuleId{i}, sees(ir::RuleId{i}), at));
    const auto severities = analysis::severities_of(module);
    const eval::Program program{module};
    const analysis::Dependencies dependencies{module};
    const analysis::CaseDecision decision{module, one.errors, decided, severities, [&](ir::RuleId rule) {
                                              const analysis::Explainer explainer{module, program, dependencies};
                                              const auto fields = explainer.needed_fields(sees(rule), at, rule);
                                              return std::set<ir::FieldId>(fields.begin(), fields.end());
                                          }};
    return analysis::meets(decision, *one.expected);
}

// One mutant after the other, each test by the reference evaluator.
analysis::Kills one_at_a_time(const ir::Module& module, const analysis::Mutants& mutants,
                              const analysis::Suite& suite) {
    std::vector<bool> sound;
    for (const analysis::Case& one : suite.cases)
        sound.push_back(one.errors.empty() && passes(module, suite, one, nullptr, nullptr));
    analysis::Kills out;
    for (const analysis::Mutant& mutant : mutants.all) {
        const ir::Module own = alone(module, mutants, mutant);
        std::optional<std::uint32_t> killed;
        for (std::uint32_t i = 0; i < suite.cases.size() && !killed; ++i) {
            if (sound[i] && !passes(own, suite, suite.cases[i], &mutants, &mutant)) killed = i;
        }
        out.push_back(killed);
    }
    return out;
}

struct Counts {
    std::size_t mutants = 0, killed = 0, apart = 0, alike = 0, unknown = 0;
    std::map<std::string, std::size_t> operators;
};

void compare(const ir::Module& module, const analysis::Mutants& mutants, Counts& counts) {
    const analysis::Suite suite{module};
    const analysis::Kills fast = analysis::kills_of(module, mutants, suite);
    const analysis::Kills slow = one_at_a_time(module, mutants, suite);
    REQUIRE(fast.size() == slow.size());
    for (std::size_t i = 0; i < fast.size(); ++i) {
        CAPTURE(mutants.all[i].id);
        CAPTURE(mutants.all[i].what);
        CHECK(fast[i] == slow[i]);
        counts.killed += fast[i] ? 1U : 0U;
        ++counts.operators[std::string{analysis::to_string(mutants.all[i].op)}];
    }
    counts.mutants += fast.size();
}

// A random module without the rules that the checker would refuse.
ir::Module acceptable_module(Dice& dice, const Shape& shape) {
    ir::Module module = random_module(dice, shape);
    std::erase_if(module.rules, [&](const ir::Rule& rule) { return !ir::is_acceptable(module, rule); });
    return module;
}

// No reader takes one, so no configuration has one.
bool has_negative_duration(const ir::Module& module, const value::Record& record) {
    for (std::size_t i = 0; i < record.size(); ++i) {
        if (module.schema.fields[i].type.kind == ir::Kind::kDuration && record.state(i) == value::State::kGiven &&
            value::to_nanos(record.duration(i)) < 0)
            return true;
    }
    return false;
}

// `with` in the place of what is between the two.
std::string spliced(const std::string& text, const ir::Span& span, const std::string& with) {
    return text.substr(0, span.begin) + with + text.substr(span.end);
}

}  // namespace

TEST_CASE("all mutants at once are killed by the tests that kill them one at a time") {
    const std::uint64_t modules = setting("KEYWRIGHT_DIFFERENTIAL_MODULES", 120);
    const std::uint64_t first = setting("KEYWRIGHT_DIFFERENTIAL_SEED", 1);
    Counts counts;
    for (std::uint64_t seed = first; seed < first + modules; ++seed) {
        CAPTURE(seed);
        Dice dice{seed};
        Shape shape;
        shape.fields = 2 + dice.below(6);
        shape.rules = 1 + dice.below(4);
        shape.depth = static_cast<unsigned>(1 + dice.below(3));
        ir::Module module = acceptable_module(dice, shape);
        for (int i = 0; i < 12; ++i) {
            value::Record record;
            random_record(dice, module, shape.small, record);
            add_exact_test(module, dice, record, dice.pick(instants()), 70);
        }
        compare(module, analysis::make_mutants(module, nullptr), counts);
    }
    MESSAGE(counts.mutants, " mutants, ", counts.killed, " killed, ", counts.operators.size(), " operators");
    CHECK(counts.mutants > 10 * modules);
    CHECK(counts.killed * 6 > counts.mutants);
    CHECK(counts.killed < counts.mutants);
    CHECK(counts.operators.size() > 15);
}

TEST_CASE("a mutant that is proved equivalent is told apart by no record, and every example tells") {
    const std::uint64_t modules = setting("KEYWRIGHT_DIFFERENTIAL_MODULES", 120);
    const std::uint64_t first = setting("KEYWRIGHT_DIFFERENTIAL_SEED", 1);
    const logic::CellSolver cells;
    const logic::Solver* const solvers[] = {&cells};
    logic::Budget budget;
    budget.steps = 20'000;
    Counts counts;
    for (std::uint64_t seed = first; seed < first + modules; ++seed) {
        CAPTURE(seed);
        Dice dice{seed};
        Shape shape;
        shape.small = dice.chance(50);
        shape.fields = 2 + dice.below(3);
        shape.rules = 1 + dice.below(2);
        shape.depth = static_cast<unsigned>(1 + dice.below(2));
        const ir::Module module = acceptable_module(dice, shape);
        const analysis::Mutants mutants = analysis::make_mutants(module, nullptr);
        std::vector<std::pair<value::Record, Instant>> records;
        for (int i = 0; i < 150; ++i) {
            value::Record record;
            random_record(dice, module, shape.small, record);
            if (has_negative_duration(module, record)) continue;
            records.emplace_back(std::move(record), dice.pick(instants()));
        }
        for (const analysis::Mutant& mutant : mutants.all) {
            CAPTURE(mutant.id);
            CAPTURE(mutant.what);
            const analysis::Comparison compared = analysis::tell_apart(mutants, mutant, solvers, budget);
            ++counts.mutants;
            if (compared.told == analysis::Told::kApart) {
                ++counts.apart;
                REQUIRE(compared.telling);
                CHECK(analysis::tells_apart(mutants, mutant, compared.telling->record, compared.telling->at));
            } else if (compared.told == analysis::Told::kAlike) {
                ++counts.alike;
                for (const auto& [record, now] : records) {
                    if (!analysis::tells_apart(mutants, mutant, record, now)) continue;
                    const std::string all = ir::dump(module) + describe(module, record) + to_string(now);
                    FAIL_CHECK(all);
                    break;
                }
            } else {
                ++counts.unknown;
                CHECK(!compared.reason.empty());
            }
        }
    }
    MESSAGE(counts.mutants, " mutants, ", counts.apart, " told apart, ", counts.alike, " alike, ", counts.unknown,
            " unknown");
    CHECK(counts.apart > counts.mutants / 5);
    CHECK(counts.alike > modules / 4);
}

TEST_CASE("the mutants of the KuCoin pack mean what they read as") {
    const Rules& rules = kucoin();
    const ir::Module& module = rules.state().module;
    const base::SourceSet& sources = rules.state().sources;
    const analysis::Mutants mutants = analysis::make_mutants(module, &sources);
    Dice dice{7};
    std::vector<std::pair<value::Record, Instant>> records;
    for (int i = 0; i < 200; ++i) {
        value::Record record;
        const Instant now = random_now(dice);
        random_record(dice, module, now, {}, record);
        records.emplace_back(std::move(record), now);
    }
    std::size_t read = 0, told = 0;
    for (const analysis::Mutant& mutant : mutants.all) {
        if (!mutant.after) continue;
        CAPTURE(mutant.id);
        CAPTURE(mutant.what);
        REQUIRE(mutant.span.valid());
        std::map<std::string, std::string> texts;
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const base::Source& file = sources.file(base::FileId{i});
            texts[file.path()] = std::string{file.text()};
        }
        std::string& text = texts[sources.file(mutant.span.file).path()];
        CHECK(sources.text(mutant.span) == mutant.before);
        text = spliced(text, mutant.span, *mutant.after);
        struct Memory final : FileSource {
            const std::map<std::string, std::string>& all;
            explicit Memory(const std::map<std::string, std::string>& files) : all(files) {}
            Result read(const std::string& path, std::size_t) const override {
                const auto at = all.find(path);
                return at == all.end() ? Result{{}, "no such file"} : Result{at->second, {}};
            }
        } memory{texts};
        const Compiled compiled = compile(memory, sources.file(base::FileId{0U}).path());
        std::string problems;
        for (const Diagnostic& d : compiled.diagnostics) problems += d.code + " " + d.message + "\n";
        CAPTURE(problems);
        REQUIRE(compiled.rules);
        const ir::Module& own = compiled.rules->state().module;
        REQUIRE(own.rules.size() == module.rules.size());
        ++read;
        for (const auto& [record, now] : records) {
            for (std::size_t i = 0; i < module.rules.size(); ++i) {
                ir::RuleId rule{i};
                for (const analysis::MutatedRule& mutated : mutant.rules) {
                    if (mutated.original == rule) rule = mutated.copy;
                }
                const eval::RuleDecision expected = eval::decide_reference(mutants.module, rule, record, now);
                const eval::RuleDecision actual = eval::decide_reference(own, ir::RuleId{i}, record, now);
                CHECK(actual == expected);
                CHECK(own.rules[i].severity == mutants.module.rules[rule.index()].severity);
                told += actual == eval::decide_reference(module, ir::RuleId{i}, record, now) ? 0U : 1U;
            }
        }
    }
    MESSAGE(read, " mutants were compiled from their source; ", told, " decisions were other ones");
    CHECK(read > 90);
    CHECK(told > 1'000);
}

TEST_CASE("all mutants of the KuCoin pack at once, and one at a time") {
    Counts counts;
    for (const std::string file : {"expiry.kw", "verification.kw"}) {
        const Compiled compiled = compile_path(std::string{KEYWRIGHT_SOURCE_DIR} + "/rules/kucoin_tr/tests/" + file,
                                               {{}, std::string{KEYWRIGHT_SOURCE_DIR} + "/rules", {}});
        REQUIRE(compiled.rules);
        const Rules::State& state = compiled.rules->state();
        compare(state.module, analysis::make_mutants(state.module, &state.sources), counts);
    }
    CHECK(counts.mutants > 200);
    CHECK(counts.killed > 30);
}
