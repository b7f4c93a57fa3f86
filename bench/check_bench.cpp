// What one decision costs from JSON bytes, the report included: the KuCoin pack as it is on disk.
#include "keywright/keywright.h"

#include <benchmark/benchmark.h>

#include <string>

namespace {

constexpr const char* kComplies =
    R"({"id":"k1","name":"maker","usage":"api_trading","permissions":["general","spot"],"ip_allowlist":["203.0.113.7"],)"
    R"("passphrase":{"$secret":{}},"created_at":"2025-11-02T00:00:00Z","last_used_at":"2026-02-14T00:00:00Z"})";
constexpr const char* kViolates =
    R"({"id":"k2","name":"bot","usage":"api_trading","permissions":["general","spot","transfer"],"ip_allowlist":[],)"
    R"("passphrase":{"$secret":{}},"created_at":"2025-11-02T00:00:00Z","last_used_at":"2026-02-14T00:00:00Z"})";

void check_text(benchmark::State& state, const std::string& json, std::size_t records) {
    const keywright::Compiled compiled = keywright::compile_path(KEYWRIGHT_SOURCE_DIR "/rules/kucoin_tr");
    if (!compiled.rules) {
        state.SkipWithError("the pack can't be compiled");
        return;
    }
    keywright::CheckOptions options;
    options.now = *keywright::parse_instant("2026-02-15T00:00:00Z");
    for (auto _ : state) {
        std::size_t seen = 0;
        compiled.rules->check(json, options, [&](keywright::RecordReport&&) { ++seen; });
        benchmark::DoNotOptimize(seen);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(records));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(json.size()));
}

std::string lines(const std::string& record, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += record + "\n";
    return out;
}

void one_compliant_record(benchmark::State& state) { check_text(state, kComplies, 1); }
BENCHMARK(one_compliant_record)->Unit(benchmark::kMicrosecond);

void one_violating_record(benchmark::State& state) { check_text(state, kViolates, 1); }
BENCHMARK(one_violating_record)->Unit(benchmark::kMicrosecond);

void thousand_compliant_lines(benchmark::State& state) { check_text(state, lines(kComplies, 1000), 1000); }
BENCHMARK(thousand_compliant_lines)->Unit(benchmark::kMicrosecond);

}  // namespace
