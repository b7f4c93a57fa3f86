// What reading costs a record: the structural index alone, rows with what rules typically ask for, rows with everything
// kept as it is, and the strict reader.
#include "check/check.h"
#include "check/load.h"
#include "engine/disk.h"
#include "input/reader.h"
#include "input/rows.h"
#include "input/structure.h"
#include "support/dice.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace {

using namespace keywright;
using value::Aspect;

constexpr std::size_t kRecords = 4'000;
const Instant kNow{1'771'113'600, 0};  // 2026-02-15

const ir::Module& kucoin() {
    static check::Loaded loaded;
    static const ir::Module module = [] {
        diag::Sink sink{100};
        const engine::DiskFiles files{KEYWRIGHT_SOURCE_DIR "/rules/kucoin_tr"};
        check::load(files, "pack.kw", {}, {}, {}, Limits{}, sink, loaded);
        return check::check(loaded, {}, Limits{}, sink);
    }();
    return module;
}

// Records of about 270 bytes in canonical form, no two alike.
const std::string& inventory() {
    static const std::string lines = [] {
        test::Dice dice{1};
        const auto number = [&](std::size_t from, std::size_t to) {
            return std::to_string(from + dice.below(to - from));
        };
        const auto two = [&](std::size_t from, std::size_t to) {
            const std::string text = number(from, to);
            return text.size() < 2 ? "0" + text : text;
        };
        const auto instant = [&](const std::string& year_month) {
            return year_month + "-" + two(1, 29) + "T" + two(0, 24) + ":" + two(0, 60) + ":" + two(0, 60) + "Z";
        };
        std::string out;
        for (std::size_t i = 0; i < kRecords; ++i) {
            out += R"({"id":"key-)" + number(100'000, 1'000'000) + R"(","name":"bot )" + number(1, 100'000) +
                   R"( maker","usage":"api_trading","app":null,"permissions":["general","spot")";
            if (dice.chance(30)) out += R"(,"futures")";
            if (dice.chance(20)) out += R"(,"margin")";
            out += R"(],"ip_allowlist":[)";
            const std::size_t addresses = 1 + dice.below(3);
            for (std::size_t a = 0; a < addresses; ++a) {
                out += (a == 0 ? "\"" : ",\"") + number(1, 224) + "." + number(0, 256) + "." + number(0, 256) + ".";
                out += dice.chance(30) ? "0/24\"" : number(0, 256) + "\"";
            }
            out += R"(],"passphrase":{"$secret":{}},"created_at":")" + instant("2025-" + two(1, 13)) +
                   R"(","last_used_at":")" + instant("2026-01") + "\"}\n";
        }
        return out;
    }();
    return lines;
}

void count(benchmark::State& state) {
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(kRecords));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(inventory().size()));
}

void structural_index(benchmark::State& state) {
    constexpr std::size_t kPiece = std::size_t{1} << 17;
    input::Structure structure;
    for (auto _ : state) {
        for (std::size_t at = 0; at < inventory().size();) {
            const std::size_t behind = inventory().rfind('\n', at + kPiece) + 1;
            benchmark::DoNotOptimize(structure.index(std::string_view{inventory()}.substr(at, behind - at)));
            at = behind;
        }
    }
    count(state);
}
BENCHMARK(structural_index)->Unit(benchmark::kMicrosecond);

void rows(benchmark::State& state, const std::vector<value::Aspects>& needs) {
    const input::RowPlan plan{kucoin(), needs, nullptr, Limits{}};
    input::RowReader reader{plan};
    value::Columns columns;
    std::vector<input::RowPlace> places;
    for (auto _ : state) {
        std::size_t read = 0;
        reader.open(inventory(), input::RowForm::kLines);
        while (reader.next(kNow, columns, places)) read += columns.rows;
        if (read != kRecords) state.SkipWithError("some records weren't read");
    }
    count(state);
}

void rows_as_rules_ask(benchmark::State& state) {
    std::vector<value::Aspects> needs(kucoin().schema.fields.size());
    for (std::size_t i = 0; i < needs.size(); ++i) {
        switch (kucoin().schema.fields[i].type.kind) {
            case ir::Kind::kBool: needs[i].add(Aspect::kTruth); break;
            case ir::Kind::kText: needs[i].add(Aspect::kBlank); break;
            case ir::Kind::kEnum: needs[i].add(Aspect::kChoice); break;
            case ir::Kind::kSet:
                needs[i].add(Aspect::kMembers);
                needs[i].add(Aspect::kEmpty);
                needs[i].add(Aspect::kOpen);
                break;
            case ir::Kind::kInt:
            case ir::Kind::kInstant:
            case ir::Kind::kDuration: needs[i].add(Aspect::kNumber); break;
            case ir::Kind::kSecret:
                needs[i].add(Aspect::kFacts);
                needs[i].add(Aspect::kLength);
                break;
            case ir::Kind::kNetwork:
            case ir::Kind::kRecord: break;
        }
    }
    rows(state, needs);
}
BENCHMARK(rows_as_rules_ask)->Unit(benchmark::kMicrosecond);

void rows_kept_whole(benchmark::State& state) {
    value::Aspects whole;
    whole.add(Aspect::kWhole);
    rows(state, std::vector<value::Aspects>(kucoin().schema.fields.size(), whole));
}
BENCHMARK(rows_kept_whole)->Unit(benchmark::kMicrosecond);

void strict_reader(benchmark::State& state) {
    input::ReadOptions options;
    options.now = kNow;
    for (auto _ : state) {
        std::size_t read = 0;
        input::read_records(kucoin(), inventory(), input::DocumentForm::kLines, options,
                            [&](const input::ReadRecord& record) { read += record.errors.empty() ? 1 : 0; });
        if (read != kRecords) state.SkipWithError("some records weren't read");
    }
    count(state);
}
BENCHMARK(strict_reader)->Unit(benchmark::kMicrosecond);

}  // namespace
