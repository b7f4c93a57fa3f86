// Reports, test runs and diagnostics as text: for people, for programs, and for the log of a CI system.
//
//     std::cout << keywright::to_json(report);                                // keywright.report/1
//     for (const auto& r : report.results)
//         std::cout << keywright::to_pretty(r, report.rules, report.evaluated_at, {.color = true});
//
// Pure functions: the same values give the same bytes. JSON documents and everything else made of several lines end
// with a line break; what is named a line has none. Texts of records and rule files are data: whatever stands in them,
// they can't forge a terminal sequence, a workflow command or another line of the output. Linear in what is shown.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/evidence.h"
#include "keywright/report.h"
#include "keywright/rules.h"
#include "keywright/time.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

struct Style {
    bool color = false;       // ANSI colours
    std::size_t width = 100;  // columns at which prose is folded; 0: never
};

// --- what checking yields --------------------------------------------------------------------------------------------

[[nodiscard]] std::string to_json(const Report& report);             // the document `keywright.report/1`, indented by 2
[[nodiscard]] std::string to_json_line(const RecordReport& record);  // one object of its `results`

// One record: verdict, what is violated and why, what is unknown, when it expires (in words, seen from `now`).
[[nodiscard]] std::string to_pretty(const RecordReport& record, const RulesIdentity& rules, Instant now,
                                    const Style& style = {});
// The closing lines over all records.
[[nodiscard]] std::string to_pretty(const Summary& summary, const RulesIdentity& rules, Instant now,
                                    const Style& style = {});
// The digests of rules and inputs in short, on one line.
[[nodiscard]] std::string to_pretty(const Evidence& evidence, const RulesIdentity& rules, const Style& style = {});
// The first twelve digits of a digest.
[[nodiscard]] std::string short_digest(std::string_view digest);
// One line a finding, `source#index subject: severity: rule: message`, and one for each rule that a waiver exempts
// from; empty where there is neither.
[[nodiscard]] std::string to_compact(const RecordReport& record);
// One workflow command of GitHub a finding.
[[nodiscard]] std::string to_github(const RecordReport& record);

// --- what compiling yields -------------------------------------------------------------------------------------------

// The message, the lines it is about with the place underlined, help and fix. `files` holds the sources; a file that is
// not among them is shown by name alone.
[[nodiscard]] std::string to_pretty(const Diagnostic& diagnostic, const std::vector<Compiled::File>& files,
                                    const Style& style = {});
[[nodiscard]] std::string to_compact(const Diagnostic& diagnostic);  // `file:line:column: error[KW2001]: message`
[[nodiscard]] std::string to_github(const Diagnostic& diagnostic);
[[nodiscard]] std::string to_json_line(const Diagnostic& diagnostic);
[[nodiscard]] std::string to_json(const std::vector<Diagnostic>& diagnostics);  // `keywright.diagnostics/1`

// --- what testing yields ---------------------------------------------------------------------------------------------

// The tests of one pack as they were run from one entry file, or from a folder of snapshots.
struct TestedPack {
    std::string entry;
    RulesIdentity rules;
    std::vector<TestResult> tests;
    std::vector<std::string> proofs;  // statements that `prove` decides (proof.h)
};

[[nodiscard]] std::string to_json(const std::vector<TestedPack>& run);  // `keywright.tests/1`
[[nodiscard]] std::string to_json_line(const TestResult& test);
// A failed test with what was expected and what came; empty where it passed.
[[nodiscard]] std::string to_pretty(const TestResult& test, const Style& style = {});
[[nodiscard]] std::string to_compact(const TestResult& test);
[[nodiscard]] std::string to_github(const TestResult& test);
// `143 passed, 0 failed`, and how many statements to prove were met.
[[nodiscard]] std::string to_pretty(const std::vector<TestedPack>& run, const Style& style = {});
// JUnit XML as Jenkins, GitLab and others read it: a `testsuite` for each entry, a `testcase` for each test. Times are
// left at 0, so that the same run gives the same bytes; what XML can't hold is written as an escape.
[[nodiscard]] std::string to_junit(const std::vector<TestedPack>& run);
// The Test Anything Protocol, version 13: a line a test, failures in YAML below it; `prove` of Perl reads it.
[[nodiscard]] std::string to_tap(const std::vector<TestedPack>& run);

// What a report says of its records, without which rules said so: what snapshots record (testing.h). Indented by 2.
[[nodiscard]] std::string to_snapshot(const Report& report);  // `keywright.snapshot/1`

// --- JSON Schema (2020-12) of the documents above --------------------------------------------------------------------

[[nodiscard]] std::string report_schema();
[[nodiscard]] std::string tests_schema();
[[nodiscard]] std::string snapshot_schema();
[[nodiscard]] std::string diagnostics_schema();

}  // namespace keywright
