// `keywright test`: runs the tests of rule files.
#include "entries.h"
#include "files.h"
#include "messages.h"
#include "pack.h"
#include "test_coverage.h"
#include "verbs.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace keywright::command {

namespace {

[[nodiscard]] TestedPack run_one(const Entry& entry, const Pack& pack, const Arguments& arguments) {
    const Rules& rules = *pack.compiled.rules;
    TestedPack tested;
    tested.entry = entry.path;
    tested.rules = rules.identity();
    tested.proofs = rules.proof_names();
    const std::string own = pack.compiled.files.empty() ? std::string{} : pack.compiled.files.front().path;
    for (TestResult& test : rules.run_tests()) {
        pack.relocate(test.range);
        for (TestResult::Failure& failure : test.failures) pack.relocate(failure.range);
        if (entry.own_only && test.range.file != own) continue;
        if (test.name.find(arguments.filter) == std::string::npos) continue;
        const bool last = arguments.fail_fast && !test.passed;
        tested.tests.push_back(std::move(test));
        if (last) break;
    }
    return tested;
}

[[nodiscard]] bool has_failed(const TestedPack& tested) {
    return std::any_of(tested.tests.begin(), tested.tests.end(), [](const TestResult& test) { return !test.passed; });
}

void write(Output& out, const std::vector<TestedPack>& run, const Settings& settings) {
    if (settings.format == Format::kJson) out.write(to_json(run));
    for (const TestedPack& tested : run) {
        for (const TestResult& test : tested.tests) {
            switch (settings.format) {
                case Format::kPretty:
                    if (!test.passed) out.write(to_pretty(test, settings.style) + '\n');
                    break;
                case Format::kCompact: out.write(to_compact(test)); break;
                case Format::kJson: break;
                case Format::kNdjson: out.write(to_json_line(test) + '\n'); break;
                case Format::kGithub: out.write(to_github(test)); break;
            }
        }
    }
    if (settings.quiet) return;
    if (settings.format == Format::kPretty) {
        out.write(to_pretty(run, settings.style));
    } else if (settings.format == Format::kCompact || settings.format == Format::kGithub) {
        write_error(to_pretty(run, settings.messages));
    }
}

}  // namespace

Status run_test(const Arguments& arguments) {
    const Settings settings = settle(without_coverage_formats(arguments));
    const std::vector<std::string> paths = paths_of(arguments, settings);
    const std::vector<Entry> entries = find_entries(paths);
    const std::vector<Pack> packs = compile_all(entries, settings, "no test was run");
    std::vector<TestedPack> run;
    std::size_t tests = 0;
    bool failed = false;
    for (std::size_t i = 0; i < entries.size() && !(failed && arguments.fail_fast); ++i) {
        run.push_back(run_one(entries[i], packs[i], arguments));
        tests += run.back().tests.size();
        failed = failed || has_failed(run.back());
    }
    if (tests == 0) {
        // A run of nothing must not look like success.
        if (!arguments.filter.empty()) fail(Status::kUsage, "no test has `" + arguments.filter + "` in its name");
        std::string where;
        for (const std::string& path : paths) where += (where.empty() ? "`" : ", `") + path + '`';
        fail(Status::kUsage, "there is no test in " + where,
             "a test begins with the word `test` at the start of a line");
    }
    Output out{settings.output};
    if (is_coverage_alone(arguments, settings)) {
        for (const TestedPack& tested : run) {
            for (const TestResult& test : tested.tests) write_error(to_compact(test));
        }
    } else {
        write(out, run, settings);
    }
    const bool covered = !wants_coverage(arguments) || write_coverage(out, entries, packs, arguments, settings);
    out.finish();
    return (failed || !covered) && settings.fail_on ? Status::kFindings : Status::kClean;
}

}  // namespace keywright::command
