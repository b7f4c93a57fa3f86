// What mutation testing costs: the KuCoin pack with its own tests, and generated packs with tests written by machine.
//
//     keywright_mutation_bench [rules of the largest pack, 200 without] [tests for each rule, 3 without]
#include "analysis/mutation.h"
#include "engine/solvers.h"
#include "engine/state.h"
#include "generated_pack.h"
#include "keywright/keywright.h"
#include "support/exact_tests.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace keywright;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

void measure(const char* name, const ir::Module& module, const base::SourceSet& sources) {
    auto begin = Clock::now();
    const analysis::Mutants mutants = analysis::make_mutants(module, &sources);
    const double made = milliseconds_since(begin);
    const analysis::Suite suite{module};
    begin = Clock::now();
    const analysis::Kills kills = analysis::kills_of(module, mutants, suite);
    const double tested = milliseconds_since(begin);
    std::size_t killed = 0, survived = 0, equivalent = 0, undecided = 0;
    const engine::AllSolvers solvers;
    double slowest = 0;
    std::string which;
    begin = Clock::now();
    for (std::size_t i = 0; i < kills.size(); ++i) {
        if (kills[i]) {
            ++killed;
            continue;
        }
        const auto one = Clock::now();
        const auto result = analysis::survivor(mutants, mutants.all[i], solvers.get(), engine::to_budget({}));
        if (const double took = milliseconds_since(one); took > slowest) {
            slowest = took;
            which = mutants.all[i].id;
        }
        survived += result.state == analysis::MutantState::kSurvived ? 1U : 0U;
        equivalent += result.state == analysis::MutantState::kEquivalent ? 1U : 0U;
        undecided += result.state == analysis::MutantState::kUndecided ? 1U : 0U;
    }
    std::printf(
        "%-22s %4zu rules %5zu tests %6zu mutants: made %8.1f ms, tested %8.1f ms, survivors %8.1f ms (slowest %.1f "
        "ms, %s); %zu killed, %zu survived, %zu equivalent, %zu undecided\n",
        name, module.rules.size(), module.tests.size(), mutants.all.size(), made, tested, milliseconds_since(begin),
        slowest, which.c_str(), killed, survived, equivalent, undecided);
    std::fflush(stdout);
}

void measure_generated(std::size_t rules, std::size_t tests) {
    const Compiled compiled = compile_text(bench::generated_pack(rules));
    if (!compiled.rules) return;
    ir::Module module = compiled.rules->state().module;
    test::Dice dice{rules};
    for (std::size_t i = 0; i < rules * tests; ++i) {
        value::Record record;
        const Instant now = test::random_now(dice);
        test::random_record(dice, module, now, {}, record);
        test::add_exact_test(module, dice, record, now, 100);
    }
    measure("generated", module, compiled.rules->state().sources);
}

// Tests made from nothing, with the time that proving them takes.
void measure_making(const char* name, const Compiled& compiled) {
    if (!compiled.rules) return;
    const auto begin = Clock::now();
    const GeneratedTests generated = generate_tests(compiled);
    std::printf(
        "%-22s %4zu rules: %zu tests made from nothing in %.1f ms; %zu of %zu covered, %zu of %zu mutants killed, "
        "%zu open%s\n",
        name, compiled.rules->rule_names().size(), generated.tests, milliseconds_since(begin),
        generated.covered.covered, generated.covered.possible, generated.killed, generated.mutants,
        generated.open.size(), generated.fault.empty() ? "" : (", AND A FAULT: " + generated.fault).c_str());
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** words) {
    const std::size_t most = count > 1 ? std::strtoul(words[1], nullptr, 10) : 200;
    const std::size_t tests = count > 2 ? std::strtoul(words[2], nullptr, 10) : 3;
    const std::string root = std::string{KEYWRIGHT_SOURCE_DIR} + "/rules";
    for (const char* file : {"expiry.kw", "trading.kw", "verification.kw"}) {
        const Compiled compiled = compile_path(root + "/kucoin_tr/tests/" + file, {{}, root, {}});
        if (compiled.rules) measure(file, compiled.rules->state().module, compiled.rules->state().sources);
    }
    {
        CompileOptions options;
        options.root = root;
        const Compiled bare = compile_path(root + "/kucoin_tr", options);
        measure_making("kucoin_tr", bare);
        for (const auto& file : std::filesystem::directory_iterator{root + "/kucoin_tr/tests"})
            options.also.push_back(file.path().string());
        const Compiled whole = compile_path(root + "/kucoin_tr", options);
        if (whole.rules) measure("kucoin_tr, all tests", whole.rules->state().module, whole.rules->state().sources);
    }
    for (std::size_t rules = 20; rules < most; rules *= 3) {
        measure_making("generated", compile_text(bench::generated_pack(rules)));
        measure_generated(rules, tests);
    }
    measure_making("generated", compile_text(bench::generated_pack(most)));
    measure_generated(most, tests);
    return 0;
}
