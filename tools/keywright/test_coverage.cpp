#include "test_coverage.h"

#include "entries.h"
#include "messages.h"
#include "numbers.h"
#include "pack.h"

#include "keywright/render_coverage.h"

#include <algorithm>
#include <utility>

namespace keywright::command {

namespace {

[[nodiscard]] bool is_viewers_format(const Settings& settings) {
    return settings.own_format == "lcov" || settings.own_format == "cobertura";
}

[[nodiscard]] Coverage measure(const Pack& pack, const Arguments& arguments) {
    CoverageOptions options;
    options.filter = arguments.filter;
    options.budget = budget_of(arguments);
    Coverage coverage = measure_coverage(*pack.compiled.rules, options);
    for (CoverageCase& one : coverage.cases) pack.relocate(one.range);
    for (CoverageObligation& o : coverage.obligations) pack.relocate(o.range);
    return coverage;
}

void write(Output& out, const Pack& pack, const Coverage& coverage, const Settings& settings) {
    const CoverageCount count = coverage.count();
    if (settings.quiet && count.covered == count.possible) return;
    switch (settings.format) {
        case Format::kPretty: out.write('\n' + to_pretty(coverage, pack.compiled.files, settings.style)); break;
        case Format::kCompact: out.write(to_compact(coverage)); break;
        case Format::kGithub: out.write(to_github(coverage)); break;
        case Format::kJson:
        case Format::kNdjson: break;  // documents are written whole
    }
}

// Of all packs together.
[[nodiscard]] CoverageCount count_of(const std::vector<Coverage>& all) {
    CoverageCount out;
    for (const Coverage& coverage : all) {
        const CoverageCount count = coverage.count();
        out.covered += count.covered;
        out.possible += count.possible;
        out.impossible += count.impossible;
        out.unknown += count.unknown;
    }
    return out;
}

}  // namespace

bool wants_coverage(const Arguments& arguments, const Settings& settings) {
    if (arguments.threshold) (void)number_of("--threshold", *arguments.threshold, 100);
    const bool wanted = arguments.coverage || arguments.threshold.has_value() || is_viewers_format(settings);
    const bool has_format =
        settings.own_format.empty() ? settings.format != Format::kNdjson : is_viewers_format(settings);
    if (wanted && !has_format)
        fail(Status::kUsage, "coverage has no such format",
             "it may be `pretty`, `compact`, `json`, `github`, `lcov` or `cobertura`");
    if (wanted && (arguments.watch || arguments.update))
        fail(Status::kUsage, "coverage is measured once, so it goes without `--watch` and `--update`");
    return wanted;
}

bool is_coverage_alone(const Settings& settings) {
    return is_viewers_format(settings) || settings.format == Format::kJson;
}

bool write_coverage(Output& out, const std::vector<std::string>& paths, const Arguments& arguments,
                    const Settings& settings) {
    std::vector<Coverage> all;
    for (const Pack& pack : compile_all(find_suites(paths), settings, "nothing was measured")) {
        Coverage coverage = measure(pack, arguments);
        if (coverage.cases.empty()) continue;  // a pack without tests, beside others
        all.push_back(std::move(coverage));
        if (!is_coverage_alone(settings)) write(out, pack, all.back(), settings);
    }
    if (settings.own_format == "lcov") {
        out.write(to_lcov(all));
    } else if (settings.own_format == "cobertura") {
        out.write(to_cobertura(all));
    } else if (is_coverage_alone(settings)) {
        out.write(to_json(all));
    }
    const CoverageCount count = count_of(all);
    if (!settings.quiet && (settings.format == Format::kCompact || settings.format == Format::kGithub)) {
        write_error("coverage is " + percent(count) + " %, " + std::to_string(count.covered) + " of " +
                    std::to_string(count.possible) + "\n");
    }
    if (!arguments.threshold) return true;
    const std::size_t wanted = number_of("--threshold", *arguments.threshold, 100);
    if (count.reaches(wanted)) return true;
    write_error("coverage is " + percent(count) + " %, below the threshold of " + std::to_string(wanted) + " %\n");
    return false;
}

}  // namespace keywright::command
