// What deciding costs where records lie in columns: blocks of 1024 through the batch evaluator, beside the same records
// one by one through the compiled one. `items_per_second` counts records.
#include "engine/state.h"
#include "eval/batch.h"
#include "eval/program.h"
#include "generated_pack.h"
#include "keywright/columns.h"
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
    const test::ColumnsOf columns{module, batch.needs(), records, false};
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

// Through the public face, on what a user would have: the checks of the columns are part of it.
void columns_from_elsewhere(benchmark::State& state) {
    const Rules& rules = pack_at("kucoin_tr");
    const ir::Module& module = rules.state().module;
    const Instant now = some_now();
    const std::vector<value::Record> records = inventory(module, now, 15);
    const ColumnDecider decider{rules};
    std::vector<value::Aspects> needs(module.schema.fields.size());
    for (value::Aspects& aspects : needs) {
        for (std::size_t a = 0; a < value::kAspects; ++a) aspects.add(static_cast<value::Aspect>(a));
    }
    const test::ColumnsOf all{module, needs, records, false};
    std::vector<Column> columns;
    for (std::size_t f = 0; f < module.schema.fields.size(); ++f) {
        const value::ColumnView& view = all.columns().fields[f];
        Column column{.field = module.schema.fields[f].name, .given = view.given, .unknown = view.unknown};
        const ir::Kind kind = module.schema.fields[f].type.kind;
        column.truth = view.truth;
        column.blank = view.blank;
        column.empty = view.empty;
        column.open = view.open;
        if (kind == ir::Kind::kEnum) column.choice = view.choice;
        if (kind == ir::Kind::kSet) column.members = view.members;
        column.numbers = view.number;
        column.nanoseconds = view.nanosecond;
        column.lengths = view.length_min;
        column.longest = view.length_max;
        column.known_facts = view.known_facts;
        column.facts = view.facts;
        columns.push_back(column);
    }
    ColumnDecisions decisions;
    for (auto _ : state) {
        if (decider.decide(kRows, columns, now, decisions)) std::abort();
        benchmark::DoNotOptimize(decisions);
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}
BENCHMARK(columns_from_elsewhere);

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
