// Reports as documents for others: code scanning (SARIF), CI servers (JUnit), comments on a change (Markdown), and a
// page for an auditor (HTML); and audits of rule files in every format that render.h has for checked records.
//
//     std::cout << keywright::to_sarif(report);               // of an inventory of keys
//     std::cout << keywright::to_html(audits, sources);       // of rule files: lint.h
//
// Pure functions, with the promises of render.h: the same values give the same bytes (no clock, no random identifiers),
// and no text of a record, rule file or file name can become markup, a script, a command or a line of its own. Paths
// are written as they stand in the values; give those that others know, relative to the root of the repository.
// `sources` are rule files (`Compiled::files`) under the names that the values have for them; what needs the text of a
// file that isn't among them is left out: excerpts and fixes, and columns where lines have to do. Linear in what is
// shown.
#pragma once

#include "keywright/lint.h"
#include "keywright/render.h"
#include "keywright/report.h"
#include "keywright/rules.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

// --- audits of rule files, as render.h shows what checking yields ----------------------------------------------------

// Every finding that counts with its lines of source, questions that are undecided, and a closing line of numbers.
[[nodiscard]] std::string to_pretty(const LintReport& report, const std::vector<Compiled::File>& sources,
                                    const Style& style = {});
// One line a finding that counts, `file:line:column: warning[KW7001]: message`, and one an undecided question.
[[nodiscard]] std::string to_compact(const LintReport& report);
// One workflow command of GitHub a finding that counts, and a warning for each undecided question.
[[nodiscard]] std::string to_github(const LintReport& report);
[[nodiscard]] std::string to_json_line(const LintFinding& finding);         // one object of `findings`
[[nodiscard]] std::string to_json(const std::vector<LintReport>& reports);  // the document `keywright.lint/1`
[[nodiscard]] std::string lint_schema();                                    // its JSON Schema (2020-12)

// --- GitHub's limits -------------------------------------------------------------------------------------------------

// GitHub shows so many annotations of each level that one step writes, and drops the rest without a word.
constexpr std::size_t kGithubAnnotations = 10;

// Keeps workflow commands within that: the first ones of each level, errors first, and one closing notice of what is
// left out. What is added is what `to_github` gives. Takes the space of what is kept.
class GithubAnnotations {
public:
    void add(std::string_view commands);
    // The commands kept. Those left out are no annotations; other formats hold them all.
    [[nodiscard]] std::string text() const;

private:
    struct Level {
        std::vector<std::string> kept;
        std::size_t count = 0;
    };
    std::array<Level, 3> levels_;  // errors, warnings, notices
};

// --- documents -------------------------------------------------------------------------------------------------------

// SARIF 2.1.0. A result for each violation, undecided rule and unreadable record, or for each finding: with
// fingerprints that stay when lines move, fixes where they are safe, and suppressions for what is allowed or known.
[[nodiscard]] std::string to_sarif(const Report& report, const std::vector<Compiled::File>& sources = {});
[[nodiscard]] std::string to_sarif(const std::vector<LintReport>& reports, const std::vector<Compiled::File>& sources);

// JUnit XML. Of records: a case each; it fails where an error rule is violated, and is an error where the record can't
// be read or decided. Of rule files: a case for each finding that counts, one that is skipped for each other, and one
// that passes for a pack without findings.
[[nodiscard]] std::string to_junit(const Report& report);
[[nodiscard]] std::string to_junit(const std::vector<LintReport>& reports);

// What a comment on GitHub may hold, in characters; `to_markdown` stays below and says what it leaves out.
constexpr std::size_t kMarkdownLimit = 65'536;

// GitHub-flavoured Markdown for a comment: the verdict, numbers, and tables of what is wrong, worst first.
[[nodiscard]] std::string to_markdown(const Report& report);
[[nodiscard]] std::string to_markdown(const std::vector<LintReport>& reports);

struct HtmlLimits {
    std::size_t records = 1'000;  // shown one by one, worst first; numbers, rules, clauses and chart are of all
    std::size_t findings = 2'000;
};

// One self-contained page: no resource from elsewhere, a policy that lets nothing but its own script run, filters that
// a keyboard works, light and dark, narrow and printed. Without its script all is shown.
[[nodiscard]] std::string to_html(const Report& report, const HtmlLimits& limits = {});
[[nodiscard]] std::string to_html(const std::vector<LintReport>& reports, const std::vector<Compiled::File>& sources,
                                  const HtmlLimits& limits = {});

}  // namespace keywright
