// What deciding costs where records lie in columns: blocks of 1024 through the batch evaluator, beside the same records
// one by one through the compiled one. `items_per_second` counts records.
#include "engine/state.h"
#include "eval/batch.h"
#include "eval/program.h"
#include "generated_pack.h"
#include "support/columns_of.h"
#include "support/random_record.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <map>
#include <vector>

using namespace keywright;

namespace {

constexpr std::size_t kRows = value::kBlockRows;

const Rules& pack_at(const std::string& folder) {
    static std::map<std::string, Rules> packs;
    const auto found = packs.find(folder);
    if (found != packs.end()) return found->second;
    const Compiled compiled = compile_path(std::string{KEYWRIGHT_SOURCE_DIR} + "/rules/" + folder);
    if (!compiled.rules) std::abort();
    return packs.emplace(folder, *compiled.rules).first->second;
}

const Rules& generated(std::size_t rules) {
    static std::map<std::size_t, Rules> packs;
    const auto found = packs.find(rules);
    if (found != packs.end()) return found->second;
    CompileOptions options;
    options.limits.rule_file_bytes = std::size_t{1} << 24U;
    const Compiled compiled = compile_text(bench::generated_pack(rules), "rules.kw", options);
    if (!compiled.rules) std::abort();
    return packs.emplace(rules, *compiled.rules).first->second;
}

std::vector<value::Record> inventory(const ir::Module& module, Instant now, unsigned unknown) {
    test::Dice dice{7};
    std::vector<value::Record> records(kRows);
    for (value::Record& record : records) {
        test::random_record(dice, module, now, {.unknown = unknown, .absent = 25, .partly_known = unknown != 0},
                            record);
    }
    return records;
}

Instant some_now() {
    test::Dice dice{3};
    return test::random_now(dice);
}

void in_blocks(benchmark::State& state, const Rules& rules, unsigned unknown) {
    const ir::Module& module = rules.state().module;
    const Instant now = some_now();
    const std::vector<value::Record> records = inventory(module, now, unknown);
    const eval::Batch batch{module};
    auto scratch = batch.make_scratch();
    eval::BlockDecision out;
    const test::ColumnsOf columns{module, batch.needs(), records};
    for (auto _ : state) {
        batch.decide(columns.columns(), now, scratch, out);
        benchmark::DoNotOptimize(out);
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
    state.counters["rules"] = static_cast<double>(module.rules.size());
}

void one_by_one(benchmark::State& state, const Rules& rules, unsigned unknown) {
    const ir::Module& module = rules.state().module;
    const Instant now = some_now();
    const std::vector<value::Record> records = inventory(module, now, unknown);
    auto scratch = rules.state().program.make_scratch();
    std::vector<eval::RuleDecision> out(module.rules.size());
    for (auto _ : state) {
        for (const value::Record& record : records) {
            rules.state().program.decide(record, now, scratch, out);
            benchmark::DoNotOptimize(out.data());
            benchmark::ClobberMemory();
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
    state.counters["rules"] = static_cast<double>(module.rules.size());
}

void kucoin_known(benchmark::State& state) { in_blocks(state, pack_at("kucoin_tr"), 0); }
void kucoin_known_scalar(benchmark::State& state) { one_by_one(state, pack_at("kucoin_tr"), 0); }
void kucoin_unknowns(benchmark::State& state) { in_blocks(state, pack_at("kucoin_tr"), 15); }
void kucoin_unknowns_scalar(benchmark::State& state) { one_by_one(state, pack_at("kucoin_tr"), 15); }
BENCHMARK(kucoin_known);
BENCHMARK(kucoin_known_scalar);
BENCHMARK(kucoin_unknowns);
BENCHMARK(kucoin_unknowns_scalar);

void generated_rules(benchmark::State& state) {
    in_blocks(state, generated(static_cast<std::size_t>(state.range(0))), 5);
}
void generated_rules_scalar(benchmark::State& state) {
    one_by_one(state, generated(static_cast<std::size_t>(state.range(0))), 5);
}
BENCHMARK(generated_rules)->RangeMultiplier(10)->Range(10, 10'000);
BENCHMARK(generated_rules_scalar)->RangeMultiplier(10)->Range(10, 10'000);

}  // namespace
