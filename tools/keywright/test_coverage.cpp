#include "test_coverage.h"

#include "messages.h"
#include "numbers.h"

#include "keywright/render_coverage.h"

#include <algorithm>
#include <utility>

namespace keywright::command {

namespace {

[[nodiscard]] bool is_viewers_format(const Arguments& arguments) {
    return arguments.format == "lcov" || arguments.format == "cobertura";
}

// Entry files of one pack, which are measured together.
struct Group {
    const Pack* pack = nullptr;  // any of them: they lie below one root
    RulesIdentity rules;
    std::vector<CoverageEntry> entries;
    std::vector<Compiled::File> files;
};

[[nodiscard]] std::vector<Group> groups_of(const std::vector<Entry>& entries, const std::vector<Pack>& packs) {
    std::vector<Group> out;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Pack& pack = packs[i];
        const RulesIdentity rules = pack.compiled.rules->identity();
        auto group = std::find_if(out.begin(), out.end(), [&](const Group& g) {
            return g.pack->root == pack.root && g.rules.pack == rules.pack && g.rules.version == rules.version;
        });
        if (group == out.end()) group = out.insert(out.end(), Group{&pack, rules, {}, {}});
        group->entries.push_back({*pack.compiled.rules, entries[i].own_only});
        for (const Compiled::File& file : pack.compiled.files) {
            const bool known = std::any_of(group->files.begin(), group->files.end(),
                                           [&](const Compiled::File& other) { return other.path == file.path; });
            if (!known) group->files.push_back(file);
        }
    }
    return out;
}

[[nodiscard]] Coverage measure(const Group& group, const Arguments& arguments) {
    CoverageOptions options;
    options.filter = arguments.filter;
    options.budget = budget_of(arguments);
    Coverage coverage = measure_coverage(group.entries, options);
    for (CoverageCase& one : coverage.cases) group.pack->relocate(one.range);
    for (CoverageObligation& o : coverage.obligations) group.pack->relocate(o.range);
    return coverage;
}

void write(Output& out, const Group& group, const Coverage& coverage, const Settings& settings) {
    const CoverageCount count = coverage.count();
    if (settings.quiet && count.covered == count.possible) return;
    switch (settings.format) {
        case Format::kPretty: out.write('\n' + to_pretty(coverage, group.files, settings.style)); break;
        case Format::kCompact: out.write(to_compact(coverage)); break;
        case Format::kGithub: out.write(to_github(coverage)); break;
        default: break;  // NOLINT: documents are written whole
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

bool wants_coverage(const Arguments& arguments) {
    return arguments.coverage || arguments.threshold.has_value() || is_viewers_format(arguments);
}

Arguments without_coverage_formats(const Arguments& arguments) {
    if (arguments.threshold) (void)number_of("--threshold", *arguments.threshold, 100);
    if (wants_coverage(arguments) && arguments.format == "ndjson")
        fail(Status::kUsage, "coverage has no format `ndjson`",
             "it may be `pretty`, `compact`, `json`, `github`, `lcov` or `cobertura`");
    Arguments out = arguments;
    if (is_viewers_format(arguments)) out.format = "json";
    return out;
}

bool is_coverage_alone(const Arguments& arguments, const Settings& settings) {
    return wants_coverage(arguments) && (settings.format == Format::kJson || settings.format == Format::kNdjson);
}

bool write_coverage(Output& out, const std::vector<Entry>& entries, const std::vector<Pack>& packs,
                    const Arguments& arguments, const Settings& settings) {
    std::vector<Coverage> all;
    for (const Group& group : groups_of(entries, packs)) {
        all.push_back(measure(group, arguments));
        write(out, group, all.back(), settings);
    }
    if (arguments.format == "lcov") {
        out.write(to_lcov(all));
    } else if (arguments.format == "cobertura") {
        out.write(to_cobertura(all));
    } else if (is_coverage_alone(arguments, settings)) {
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
