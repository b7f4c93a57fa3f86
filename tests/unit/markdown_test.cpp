// Checked records and audits of rule files as Markdown, and annotations within GitHub's limits.
#include "support/reports.h"

#include "keywright/render_reports.h"
#include "keywright/text.h"
#include "report/markdown_text.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace keywright;
using report::markdown_code;
using report::markdown_prose;
using test::finding;
using test::lint_report;
using test::sample_report;

namespace {

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t out = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) ++out;
    return out;
}

}  // namespace

TEST_CASE("Markdown of records: the verdict first, then numbers, then what is wrong, worst first") {
    const std::string text = to_markdown(sample_report());
    CHECK(
        text.starts_with("## ❌ 1 of 4 records violates the rules\n\nDecided at 2026-01-31T00:00:00Z by `desk` 1.2.0"));
    CHECK(holds(text,
                "| records | violation | undetermined | unreadable | compliant |\n|--:|--:|--:|--:|--:|\n"
                "| 4 | 1 | 1 | 1 | 1 |\n"));
    const std::size_t violation = text.find("| `transfer_needs_ip` | moving funds needs an IP restriction<br>");
    const std::size_t unreadable = text.find("🚫 unreadable | `KW6016` |");
    const std::size_t open = text.find("❓ undetermined | `transfer_needs_ip` | needs `/ip_allowlist`, `the record` |");
    REQUIRE(open != std::string::npos);
    CHECK(violation < unreadable);
    CHECK(unreadable < open);
    CHECK_FALSE(holds(text, "`fine`"));
    Report fine = sample_report();
    fine.results = {fine.results.back()};
    CHECK(to_markdown(fine).starts_with("## ✅ The record is compliant\n"));
    fine.results[0].undetermined = {{"idle", Severity::kInfo, {"/used_at"}}};
    CHECK(to_markdown(fine).starts_with("## ✅ The record is compliant; of 1 a rule can't be decided\n"));
    fine.results.clear();
    CHECK(to_markdown(fine).starts_with("## ❓ There was no record to decide\n"));
}

TEST_CASE("Markdown: names are code, and sentences are what they say") {
    CHECK(markdown_code("transfer_needs_ip") == "`transfer_needs_ip`");
    CHECK(markdown_code("a`b|c") == "<code>a&#96;b&#124;c</code>");
    CHECK(markdown_code("@octocat") == "`@octocat`");
    CHECK(markdown_code("") == "<code></code>");
    CHECK(markdown_prose("add `x`, not *y*") == "add &#96;x&#96;, not &#42;y&#42;");
    CHECK(markdown_prose("ask @octocat in #12") == "ask <span>&#64;</span>octocat in <span>&#35;</span>12");
    CHECK(markdown_prose("see https://x.test") == "see https<span>&#58;</span>//x.test");
    CHECK(markdown_prose("www.x.test") == "www&#46;x.test");
    CHECK(markdown_prose("a_b _c_") == "a_b &#95;c&#95;");
    CHECK(markdown_prose("<b>|\\") == "&#60;b&#62;&#124;&#92;");
    CHECK(markdown_prose("one\ntwo") == "one&#92;u&#123;a&#125;two");
}

TEST_CASE("Markdown: hostile texts stay inside their cells and say nothing to a terminal") {
    for (const std::string& text : {to_markdown(test::hostile_report()), to_markdown(test::hostile_audit())}) {
        CHECK_FALSE(holds(text, "<script"));
        CHECK_FALSE(holds(text, "<img"));
        CHECK_FALSE(holds(text, "]("));
        CHECK_FALSE(holds(text, "\x1b"));
        CHECK_FALSE(holds(text, "\xe2\x80\xae"));
        CHECK_FALSE(holds(text, "\n::"));
        // Only our own tables have rows, and all of a table's rows have as many cells as its head.
        std::string_view rest = text;
        std::size_t columns = 0;
        while (!rest.empty()) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            if (!line.starts_with('|')) {
                columns = 0;
                continue;
            }
            if (columns == 0) columns = count(line, "|");
            CHECK(count(line, "|") == columns);
        }
    }
}

TEST_CASE("Markdown: a comment never outgrows its limit, and says what is left out") {
    Report report = sample_report();
    const RecordReport bad = report.results.front();
    const RecordReport open = report.results.at(1);
    report.results.assign(10, open);
    for (int i = 0; i < 2000; ++i) report.results.push_back(bad);
    const std::string text = to_markdown(report);
    CHECK(text.size() < kMarkdownLimit);
    CHECK(text.size() > kMarkdownLimit / 2);
    CHECK(holds(text, "| 2010 | 2000 | 10 | 0 | 0 |"));
    CHECK(holds(text, " more findings are left out: a comment holds 65536 characters."));
    CHECK_FALSE(holds(text, "❓ undetermined"));  // the worst come first
    std::vector<LintReport> audits(400,
                                   lint_report({finding("KW7001", std::string(900, 'x'), "a.kw", "rule a", 0, 4)}));
    CHECK(to_markdown(audits).size() < kMarkdownLimit);
    CHECK(holds(to_markdown(audits), "left out"));
}

TEST_CASE("Markdown of audits: findings that count, then those that don't, with reasons") {
    LintFinding allowed = finding("KW7002", "no test", "a.kw", "rule a", 0, 4);
    allowed.allowed = Suppression{"seen by the desk", parse_instant("2027-01-01T00:00:00Z"), {}};
    const LintFinding error = finding("KW7003", "dead", "a.kw", "rule a", 0, 4, Severity::kError);
    const LintFinding warning = finding("KW7001", "uncited", "a.kw", "rule a", 0, 4);
    const std::string text = to_markdown({lint_report({warning, allowed, error}, {"is it?"})});
    CHECK(text.starts_with("## ❌ 2 findings in the rule files, 1 question undecided\n"));
    CHECK(text.find("`KW7003`") < text.find("`KW7001`"));
    CHECK(holds(text, "| `KW7002` | no test | `a.kw:1` | seen by the desk, until 2027-01-01T00:00:00Z |"));
    CHECK(to_markdown({lint_report({})}).starts_with("## ✅ No findings in the rule files\n"));
    CHECK(to_markdown({lint_report({}, {"is it?"})})
              .starts_with("## ❓ 0 findings in the rule files, 1 question undecided\n"));
}

TEST_CASE("annotations: ten of each level, the worst first, and a notice of the rest") {
    GithubAnnotations few;
    few.add("::notice title=a::n\n::error title=b::e\n");
    few.add("::warning title=c::w\n");
    CHECK(few.text() == "::error title=b::e\n::warning title=c::w\n::notice title=a::n\n");
    GithubAnnotations many;
    for (int i = 0; i < 12; ++i) many.add("::notice title=n::" + std::to_string(i) + "\n");
    for (int i = 0; i < 11; ++i) many.add("::error title=e::" + std::to_string(i) + "\n");
    const std::string text = many.text();
    CHECK(count(text, "::error ") == 10);
    CHECK(count(text, "::notice ") == 10);  // with the closing one
    CHECK(text.starts_with("::error title=e::0\n"));
    CHECK(
        text.ends_with("::notice title=keywright::left out here: 1 error, 3 notices; GitHub shows 10 of each a step, "
                       "other formats show all\n"));
    CHECK(GithubAnnotations{}.text().empty());
}

TEST_CASE("annotations: a message stays under 4 000 characters and is cut between characters and escapes") {
    for (std::size_t shift = 0; shift < 8; ++shift) {
        RecordReport record = sample_report().results.front();
        record.violations.resize(1);
        std::string longest(shift, 'x');
        while (longest.size() < 3'900) longest += "\xf0\x9f\x94\x91%";
        record.violations[0].message = record.violations[0].help = longest;
        const std::string text = to_github(record);
        const std::string message = text.substr(text.find("::", 2) + 2);
        CHECK(message.size() <= 4'000);  // with its line break
        CHECK(message.size() > 3'900);
        CHECK(message.ends_with("…\n"));
        CHECK(printable(message.substr(0, message.size() - 1), 10'000) == message.substr(0, message.size() - 1));
        for (std::size_t at = 0; (at = message.find('%', at)) != std::string::npos; ++at) {
            const std::string escape = message.substr(at, 3);
            CHECK((escape == "%25" || escape == "%0A"));
        }
    }
}
