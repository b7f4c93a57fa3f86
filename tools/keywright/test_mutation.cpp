#include "test_mutation.h"

#include "entries.h"
#include "files.h"
#include "hidden_values.h"
#include "messages.h"
#include "numbers.h"
#include "pack.h"

#include "keywright/render_mutation.h"
#include "keywright/text.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keywright::command {

namespace {

[[nodiscard]] bool is_blank(std::string_view text) { return text.find_first_not_of(" \t") == std::string_view::npos; }

// `text` with the mutant's mistake in it; a line of which nothing is left goes.
[[nodiscard]] std::string with_mistake(const std::string& text, const Mutant& mutant) {
    std::size_t begin = mutant.range.begin, end = mutant.range.end;
    if (mutant.after->empty()) {
        const std::size_t start = begin == 0 ? 0 : text.rfind('\n', begin - 1) + 1;
        const std::size_t stop = std::min(text.find('\n', end), text.size());
        const std::string_view whole = text;
        if (is_blank(whole.substr(start, begin - start)) && is_blank(whole.substr(end, stop - end))) {
            begin = start;
            end = std::min(stop + 1, text.size());
        }
    }
    return text.substr(0, begin) + *mutant.after + text.substr(end);
}

[[nodiscard]] std::string diff_of(const Mutant& mutant, const Pack& pack) {
    if (!mutant.after) return {};
    for (const Compiled::File& file : pack.compiled.files) {
        if (file.path != mutant.range.file || mutant.range.end > file.text.size()) continue;
        const std::string text = without_values(file.text);
        return unified_diff(mutant.range.file, text, with_mistake(text, mutant));
    }
    return {};
}

void write(Output& out, const MutatedEntry& mutated, const Pack& pack, const Settings& settings) {
    switch (settings.format) {
        case Format::kPretty:
            for (const Mutant& mutant : mutated.report.mutants) {
                if (mutant.state != Mutant::State::kSurvived && mutant.state != Mutant::State::kUndecided) continue;
                out.write(to_pretty(mutant, diff_of(mutant, pack), settings.style) + '\n');
            }
            if (!settings.quiet) out.write(to_pretty(mutated.report, settings.style));
            return;
        case Format::kCompact: out.write(to_compact(mutated.report)); break;
        case Format::kGithub: out.write(to_github(mutated.report)); break;
        case Format::kJson:
        case Format::kNdjson: return;
    }
    if (!settings.quiet) write_error(to_pretty(mutated.report, settings.messages));
}

[[nodiscard]] bool is_enough(const MutationReport& report, const std::optional<std::uint64_t>& threshold) {
    if (!report.failing_tests.empty()) return false;
    if (threshold) return report.score() >= static_cast<double>(*threshold);
    return report.count(Mutant::State::kSurvived) + report.count(Mutant::State::kUndecided) == 0;
}

}  // namespace

Status run_mutants(const Arguments& arguments, const Settings& settings) {
    if (!arguments.filter.empty())
        fail(Status::kUsage, "`--mutants` puts mutants to all tests, so it goes without `--filter`");
    std::optional<std::uint64_t> threshold;
    if (arguments.threshold) threshold = number_of("--threshold", *arguments.threshold, 100);
    MutationOptions options;
    options.budget = budget_of(arguments);

    const std::vector<Suite> suites = find_suites(paths_of(arguments, settings));
    const std::vector<Pack> packs = compile_all(suites, settings, "no mutant was made");
    std::vector<MutatedEntry> run;
    std::vector<const Pack*> places;
    for (std::size_t i = 0; i < packs.size(); ++i) {
        MutationReport report = mutate(*packs[i].compiled.rules, options);
        // Mutants without a test would all survive, and say nothing of any test.
        if (report.tests == 0) continue;
        for (Mutant& mutant : report.mutants) packs[i].relocate(mutant.range);
        run.push_back({suites[i].entry, std::move(report)});
        places.push_back(&packs[i]);
    }
    if (run.empty())
        fail(Status::kUsage, "there is no test here", "a test begins with the word `test` at the start of a line");

    Output out{settings.output};
    if (settings.format == Format::kJson || settings.format == Format::kNdjson) out.write(to_json(run));
    for (std::size_t i = 0; i < run.size(); ++i) write(out, run[i], *places[i], settings);
    out.finish();
    const bool enough =
        std::ranges::all_of(run, [&](const MutatedEntry& one) { return is_enough(one.report, threshold); });
    return enough || !settings.fail_on ? Status::kClean : Status::kFindings;
}

}  // namespace keywright::command
