// What one decision costs on a record that is already decoded: the rules of the KuCoin pack, on records of several
// shapes.
#include "differential/random_module.h"
#include "eval/program.h"
#include "eval/reference.h"
#include "support/kucoin_module.h"

#include <benchmark/benchmark.h>

#include <array>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

constexpr Instant kNow{1'769'000'000, 0};

value::Network address(std::uint32_t bits, std::uint8_t prefix) {
    value::Network n;
    n.low = bits;
    n.prefix = prefix;
    return n;
}

// A typical inventory: mostly trading keys, some linked, some restricted, some with what they don't know.
std::vector<value::Record> inventory() {
    Dice dice{7};
    std::vector<value::Record> records;
    for (int i = 0; i < 1024; ++i) {
        value::Record record = kucoin_record();
        record.set_enum_set(kPermissions, kGeneral | (dice.next() & 0x7eU));
        if (dice.chance(20)) {
            record.set_enum(kUsage, 1);
            record.set_text(kApp, "app");
        }
        if (dice.chance(50)) {
            const std::array<value::Network, 2> list{address(0xcb007105, 32), address(0xcb007200, 24)};
            record.set_network_set(kIpAllowlist, list);
        }
        if (dice.chance(25)) record.set_unknown(kLastUsedAt);
        if (dice.chance(10)) record.set_unknown(kUsage);
        if (dice.chance(10)) record.set_enum_set(kVerification, dice.next() & 15U);
        records.push_back(std::move(record));
    }
    return records;
}

void run(benchmark::State& state, const std::vector<value::Record>& records) {
    const ir::Module module = kucoin_module();
    const eval::Program program{module};
    auto scratch = program.make_scratch();
    std::vector<eval::RuleDecision> out(module.rules.size());
    std::size_t i = 0;
    for (auto _ : state) {
        program.decide(records[i], kNow, scratch, out);
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
        if (++i == records.size()) i = 0;
    }
    state.counters["instructions"] = static_cast<double>(program.instruction_count());
    state.SetItemsProcessed(state.iterations());
}

void one_record(benchmark::State& state) { run(state, {kucoin_record()}); }
BENCHMARK(one_record);

void mixed_records(benchmark::State& state) { run(state, inventory()); }
BENCHMARK(mixed_records);

void nothing_known(benchmark::State& state) {
    value::Record record;
    record.reset(12);
    run(state, {record});
}
BENCHMARK(nothing_known);

void reference(benchmark::State& state) {
    const ir::Module module = kucoin_module();
    const value::Record record = kucoin_record();
    for (auto _ : state) benchmark::DoNotOptimize(eval::decide_reference(module, record, kNow));
}
BENCHMARK(reference);

void compile(benchmark::State& state) {
    Dice dice{1};
    Shape shape;
    shape.fields = 20;
    shape.rules = static_cast<std::size_t>(state.range(0));
    const ir::Module module = random_module(dice, shape);
    for (auto _ : state) benchmark::DoNotOptimize(eval::Program{module});
    state.counters["nodes"] = static_cast<double>(module.nodes.size());
}
BENCHMARK(compile)->Arg(250)->Arg(1000)->Arg(4000)->Unit(benchmark::kMillisecond);

}  // namespace
