// What it costs to compile a pack, against its size: rules made for the purpose, each with its own clause.
#include "keywright/keywright.h"

#include <benchmark/benchmark.h>

#include <string>

namespace {

std::string generated_pack(std::int64_t rules) {
    std::string out =
        "edition 1\n"
        "pack generated { version \"1.0.0\" title \"generated\" }\n"
        "document guide {\n    title \"guide\"\n";
    for (std::int64_t i = 0; i < rules; ++i) {
        out +=
            "    clause " + std::to_string(i) + ".a must \"clause number " + std::to_string(i) + " of the document\"\n";
    }
    out +=
        "}\n"
        "schema key {\n"
        "    usage: one of { trading, third_party }\n"
        "    permissions: set of { general, spot, margin, futures, earn, transfer, withdrawal } = {}\n"
        "    ip_allowlist: set of network = {}\n"
        "}\n"
        "define linked = usage == third_party\n";
    for (std::int64_t i = 0; i < rules; ++i) {
        const std::string n = std::to_string(i);
        out += "/// Rule number " + n + ".\nrule rule_" + n +
               " {\n"
               "    cites    guide " +
               n +
               ".a\n"
               "    severity error\n"
               "    when     permissions has any of {transfer, withdrawal} and count(ip_allowlist) > " +
               n +
               "\n"
               "    unless   linked\n"
               "    require  no n in ip_allowlist: n is open or prefix_length(n) < " +
               std::to_string(i % 30 + 1) +
               "\n"
               "    message  \"rule " +
               n +
               " is violated for {count(permissions)} permissions\"\n"
               "    help     \"mend it\"\n"
               "}\n";
    }
    return out;
}

void compile_pack(benchmark::State& state) {
    const std::string text = generated_pack(state.range(0));
    for (auto _ : state) {
        const keywright::Compiled compiled = keywright::compile_text(text);
        if (!compiled.rules) {
            state.SkipWithError("the generated pack has an error");
            return;
        }
        benchmark::DoNotOptimize(compiled.rules);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(text.size()));
    state.SetComplexityN(state.range(0));
}
BENCHMARK(compile_pack)->Arg(125)->Arg(250)->Arg(500)->Arg(1000)->Unit(benchmark::kMillisecond)->Complexity();

}  // namespace
