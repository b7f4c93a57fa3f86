// Checked records and audits of rule files as pages; and hostile texts in every format of reports.
#include "support/reports.h"

#include "base/digest.h"
#include "keywright/render_audit.h"
#include "keywright/render_reports.h"
#include "keywright/render_trace.h"
#include "report/html_page.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace keywright;
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

// The names of all elements that a document opens; it must be well formed enough that `<` only begins elements.
std::set<std::string> elements_of(std::string_view text) {
    std::set<std::string> out;
    for (std::size_t at = 0; (at = text.find('<', at)) != std::string_view::npos; ++at) {
        const std::size_t end = text.find_first_of(" >/\n", at + 1);
        if (end > at + 1) out.insert(std::string{text.substr(at + 1, end - at - 1)});
    }
    return out;
}

// Between the end of the style and the beginning of the script: what data could be in.
std::string_view contents_of(std::string_view page) {
    const std::size_t begin = page.find("</style>") + 8;
    return page.substr(begin, page.rfind("<script>") - begin);
}

}  // namespace

TEST_CASE("a page of records: the verdict first, all of it counted, and an order of headings without gaps") {
    const std::string page = to_html(sample_report());
    CHECK(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    CHECK(holds(page, "<h1 class=\"bad\"><span aria-hidden=\"true\">✗</span> 1 of 4 records violates the rules</h1>"));
    CHECK(count(page, "<h1") == 1);
    CHECK(holds(page, "<li class=\"bad\" data-verdict=\"violation\" data-severity=\"error warning\">"));
    CHECK(holds(page, "<li class=\"good\" data-verdict=\"compliant\" data-severity=\"none\">"));
    CHECK(holds(page,
                "1 record expires at a known instant, 1 never does, and of <span class=\"said\">1</span> it hangs on "
                "something unknown"));
    CHECK(count(page, "<rect ") == 1);
    CHECK(holds(page, "<td>2026-02-01T00:00:00Z</td><td>2026-02-01T00:00:00Z</td><td class=\"note\">to come</td>"));
    CHECK(holds(page, "<dd>sha256:00ff</dd>"));
    int level = 1;
    for (std::size_t at = 0; (at = page.find("<h", at)) != std::string::npos; ++at) {
        const char digit = page[at + 2];
        if (digit < '1' || digit > '6') continue;
        CHECK(digit - '0' <= level + 1);
        level = digit - '0';
    }
    CHECK(count(page, "<table>") == count(page, "<caption>"));
    CHECK(count(page, "<th scope=") == count(page, "<th "));
}

TEST_CASE("a page loads nothing and runs nothing but its own script") {
    const std::string page = to_html(sample_report());
    CHECK(holds(page, "content=\"default-src 'none'; style-src 'sha256-"));
    CHECK(count(page, "<script>") == 1);
    CHECK(count(page, "<style>") == 1);
    for (const char* forbidden : {" src=", "url(", "@import", " style=", "<link", "<iframe", "http://", "https://",
                                  " onclick=", "innerHTML", "eval("})
        CHECK_MESSAGE(!holds(page, forbidden), forbidden);
    // What the digest in the policy is of: checked in a browser by tests/pages, and against a known one here.
    CHECK(base::sha256("").ends_with("b855"));
    CHECK(holds(page, report::html_script()));
    CHECK(holds(page, report::html_style()));
}

TEST_CASE("a page of a large inventory shows the worst records and says what it leaves out") {
    Report report = sample_report();
    const RecordReport bad = report.results.at(0);
    const RecordReport fine = report.results.at(3);
    report.results.assign(30, fine);
    report.results.push_back(bad);
    const std::string page = to_html(report, {.records = 3});
    CHECK(holds(page, "28 of 31 records are left out of this list, worst first; the numbers above are of all."));
    CHECK(count(page, "<li class=\"good\" data-verdict") == 2);
    CHECK(count(page, "<li class=\"bad\" data-verdict") == 1);
    CHECK(holds(page, "<b>30</b> <span aria-hidden=\"true\">✓</span> compliant"));
    CHECK_FALSE(holds(to_html(report), "left out"));
}

TEST_CASE("a timeline puts a key that expires now among the expired, and one a nanosecond later among those to come") {
    Report report = sample_report();
    const RecordReport base = report.results.at(0);
    report.results.clear();
    const auto expires = [&](Instant at) {
        RecordReport record = base;
        record.expires_at = {ExpiresAt::Kind::kAt, at, at};
        report.results.push_back(record);
    };
    const Instant now = report.evaluated_at;
    expires(now);
    expires({now.seconds, 1});
    expires({now.seconds + 86'400, 0});
    expires({now.seconds + 86'400, 1});
    expires({now.seconds - 1, 999'999'999});
    const std::string page = to_html(report);
    CHECK(count(page, "<rect class=\"past\"") == 1);
    CHECK(count(page, "<rect class=\"next\"") == 2);
    CHECK(holds(page, "<td class=\"bad\">expired</td><td class=\"n\">2</td>"));
    CHECK(count(page, "<td class=\"note\">to come</td><td class=\"n\">2</td>") == 1);
    CHECK(count(page, "<td class=\"note\">to come</td><td class=\"n\">1</td>") == 1);
    // The widest span of instants there is still makes a chart.
    expires({0, 0});
    expires({253'402'300'799, 0});
    const std::string wide = to_html(report);
    CHECK(count(wide, "<rect ") >= 2);
    CHECK(count(wide, "<rect ") < 40);
}

TEST_CASE("a page of an audit: findings with their lines, what is allowed and why, what is undecided") {
    const std::string text = "edition 1\nrule a {}\n";
    LintFinding one = finding("KW2001", "unknown name `x`", "a.kw", text, 10, 16, Severity::kError);
    one.diagnostic.fix = Fix{one.diagnostic.labels[0].range, "rule b"};
    LintFinding allowed = finding("KW7002", "no test", "a.kw", text, 10, 16);
    allowed.allowed = Suppression{"seen by the desk", std::nullopt, {}};
    const std::string page = to_html({lint_report({allowed, one}, {"is `a` ever violated?"})}, {{"a.kw", text}});
    CHECK(holds(page, " 1 finding, 1 question undecided</h1>"));
    CHECK(holds(page, "2   | rule a {}\n    | ^^^^^^ here"));
    CHECK(holds(page, "<dd>replace <code>rule a</code> with <code>rule b</code></dd>"));
    CHECK(holds(page, "<dt>allowed</dt><dd>seen by the desk</dd>"));
    CHECK(holds(page, "data-severity=\"error\" data-state=\"counts\""));
    CHECK(holds(page, "data-severity=\"warning\" data-state=\"allowed\""));
    CHECK(holds(page, "<li>is <code>a</code> ever violated?</li>"));
    // The boxes count what is listed, and the worst is listed first.
    const std::string one_of_two = to_html({lint_report({allowed, one})}, {}, {.findings = 1});
    CHECK(holds(one_of_two, "1 of 2 findings are left out of this list"));
    CHECK(holds(one_of_two, "value=\"counts\"> counts <small>1</small>"));
    CHECK_FALSE(holds(one_of_two, "value=\"allowed\""));
    CHECK(holds(to_html(std::vector<LintReport>{lint_report({})}, {}), "✓</span> No findings</h1>"));
    const std::vector<LintReport> open{lint_report({}, {"is it?"})};
    CHECK(holds(to_html(open, {}), "?</span> No findings, 1 question undecided</h1>"));
}

TEST_CASE("a page of traceability: each clause with its state, a matrix, each rule with what shows it") {
    const std::string page = to_html({test::sample_trace()});
    // A missing clause, a failed test, a changed document and a changed clause.
    CHECK(holds(page, "<h1 class=\"bad\"><span aria-hidden=\"true\">✗</span> 4 things to see to</h1>"));
    CHECK(holds(page, "<li class=\"bad\" data-state=\"missing\">"));
    CHECK(holds(page, "<li class=\"good\" data-state=\"enforced\">"));
    CHECK(holds(
        page,
        "<dt>define</dt><dd><span class=\"name\">ip_restricted</span>, for <span class=\"name\">transfer_needs_ip"));
    CHECK(holds(page, "moving funds <span class=\"bad\">✗ failed</span>"));
    CHECK(holds(page, "changed</span>: the excerpt reads otherwise, lines 3–4</dd>"));
    CHECK(holds(page, "guide 2.transfer</th><td>RD</td></tr>"));
    CHECK(holds(page, "guide 2.kind</th><td></td></tr>"));
    CHECK(holds(page, "<b>1</b> <span aria-hidden=\"true\">✗</span> missing"));
    CHECK(holds(page, "<span>cited</span>, <span>tested</span>, <span>fires</span>"));
    Trace fine = test::sample_trace();
    fine.documents[0].clauses.pop_back();
    fine.documents[0].drift = fine.documents[0].clauses[0].drift = Drift::kSame;
    fine.tests[0].passed = true;
    CHECK(holds(to_html({fine}), "✓</span> Every clause is accounted for</h1>"));
    fine.documents[0].clauses[0].drift = Drift::kUnknown;
    CHECK(holds(to_html({fine}), "?</span> Every clause is accounted for, 1 that can't be told</h1>"));
    // Two packs on one page keep their places apart.
    CHECK(count(to_html({fine, fine}), "id=\"rules-1\"") == 1);
    CHECK(count(to_html({fine, fine}), "id=\"rules-2\"") == 1);
    CHECK(holds(to_html(std::vector<Trace>{}), "?</span> No clause to account for</h1>"));
}

TEST_CASE("hostile texts are inert in every format of reports") {
    const Report report = test::hostile_report();
    const std::vector<LintReport> audit = test::hostile_audit();
    const std::vector<Compiled::File> sources = {{test::hostile(), "rule <script>window.hacked=1</script>\x1b[31m\n"}};
    const AuditReport inventory = test::hostile_inventory();
    const std::vector<std::string> pages = {to_html(report), to_html(audit, sources), to_html({test::hostile_trace()}),
                                            to_html(inventory)};
    const std::set<std::string> ours = elements_of(contents_of(to_html(sample_report())));
    for (const std::string& page : pages) {
        const std::string_view contents = contents_of(page);
        for (const std::string& element : elements_of(contents)) {
            const bool known = ours.contains(element) ||
                               std::set<std::string>{"pre", "ul", "code", "details", "summary"}.contains(element);
            CHECK_MESSAGE(known, element);
        }
        CHECK(count(page, "<script>") == 1);
        CHECK(count(page, "</script>") == 1);
        CHECK_FALSE(holds(contents, "<!--"));
    }
    std::vector<std::string> all = {
        to_sarif(report, sources), to_sarif(audit, sources),    to_junit(report),     to_junit(audit),
        to_markdown(report),       to_markdown(audit),          to_json(audit),       to_pretty(audit[0], sources),
        to_markdown(inventory),    to_json(inventory),          to_pretty(inventory), to_compact(audit[0]),
        to_github(audit[0]),       to_github(report.results[0])};
    all.insert(all.end(), pages.begin(), pages.end());
    for (const std::string& text : all) {
        CAPTURE(text);
        for (const char c : text) REQUIRE((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
        CHECK_FALSE(holds(text, "\x7f"));
        CHECK_FALSE(holds(text, "\xe2\x80\xae"));
        CHECK_FALSE(holds(text, "\xe2\x80\x8b"));
        if (!text.starts_with('{')) CHECK_FALSE(holds(text, "##[error]"));  // in JSON it is no line of a log
    }
    for (const std::string& text : {to_junit(report), to_junit(audit)}) {
        CHECK_FALSE(holds(text, "<script"));
        CHECK_FALSE(holds(text, "]]>"));
        CHECK_FALSE(holds(text, "\xef\xbf\xbe"));
        CHECK_FALSE(holds(text, "\n::"));
    }
    // Only the commands themselves begin a line that way.
    CHECK(count(to_github(audit[0]), "\n::") + 1 == count(to_github(audit[0]), "\n"));
    CHECK(nlohmann::json::accept(to_sarif(report, sources)));
    CHECK(nlohmann::json::accept(to_sarif(audit, sources)));
    CHECK(nlohmann::json::accept(to_json(audit)));
    CHECK(nlohmann::json::accept(to_json(inventory)));
}

TEST_CASE("an audit of an inventory says that it is incomplete, and of what its numbers are") {
    const AuditReport audit = test::audit_of(sample_report());
    for (const std::string& text : {to_html(audit), to_markdown(audit), to_pretty(audit, {false, 0})}) {
        CHECK(holds(text, "breaks off in the middle of its gzip data"));
        CHECK((holds(text, "Incomplete") || holds(text, "incomplete")));
    }
    CHECK(holds(to_html(audit), "records violates the rules, and not all was read</h1>"));
    CHECK(holds(to_json(audit), "\"complete\": false"));
    AuditReport whole = audit;
    whole.inputs[0].problem.reset();
    whole.inputs[0].complete = whole.complete = true;
    CHECK_FALSE(holds(to_html(whole), "Incomplete"));
    CHECK_FALSE(holds(to_pretty(whole), "incomplete"));
    CHECK(to_markdown(whole).size() < kMarkdownLimit);
}

TEST_CASE("JUnit of records and audits: what fails, what can't be told, what is skipped") {
    const std::string records = to_junit(sample_report());
    CHECK(holds(records, "<testsuites name=\"keywright\" tests=\"4\" failures=\"1\" errors=\"2\" time=\"0\">"));
    CHECK(holds(records,
                "<testsuite name=\"keys/all keys.ndjson\" package=\"desk\" tests=\"3\" failures=\"1\" errors=\"2\" "));
    CHECK(holds(records, "<testcase classname=\"desk\" name=\"#0 fine\" file=\"other.json\" line=\"1\" time=\"0\"/>"));
    CHECK(holds(records, "<failure message=\"moving funds needs an IP restriction\" type=\"transfer_needs_ip\">"));
    CHECK(count(records, "<error ") == 2);
    LintFinding known = finding("KW7002", "no test", "a.kw", "rule a", 0, 4);
    known.known = true;
    const std::string audit =
        to_junit({lint_report({finding("KW7001", "uncited", "a.kw", "rule a", 0, 4), known}, {"is it?"})});
    CHECK(holds(audit, "tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"1\""));
    CHECK(holds(audit, "<skipped message=\"in the baseline\"/>"));
    CHECK(holds(audit, "<testcase classname=\"undecided\" name=\"is it?\" time=\"0\">"));
    CHECK(holds(to_junit(std::vector<LintReport>{lint_report({})}),
                "tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\""));
}

TEST_CASE("audits as JSON: findings with what excuses them, and numbers that add up") {
    LintFinding allowed = finding("KW7002", "no test", "a.kw", "rule a", 0, 4);
    allowed.allowed = Suppression{"why", parse_instant("2027-01-01T00:00:00Z"), allowed.diagnostic.labels[0].range};
    allowed.known = true;
    const auto json = nlohmann::json::parse(
        to_json({lint_report({finding("KW7001", "uncited", "a.kw", "rule a", 0, 4), allowed}, {"is it?"})}));
    CHECK(json.at("schema") == "keywright.lint/1");
    CHECK(json.at("summary") == nlohmann::json{{"findings", 1},
                                               {"errors", 0},
                                               {"warnings", 1},
                                               {"infos", 0},
                                               {"allowed", 1},
                                               {"known", 0},
                                               {"undecided", 1}});
    const auto& second = json.at("packs").at(0).at("findings").at(1);
    CHECK(second.at("allowed").at("until") == "2027-01-01T00:00:00Z");
    CHECK(second.at("kind") == "rule");
    CHECK(json.at("packs").at(0).at("findings").at(0).at("allowed").is_null());
    CHECK(nlohmann::json::accept(lint_schema()));
    CHECK(nlohmann::json::parse(to_json_line(allowed)) == second);
    // As text, only what counts is shown.
    const LintReport report = lint_report({finding("KW7001", "uncited", "a.kw", "rule a", 0, 4), allowed}, {"is it?"});
    CHECK(to_compact(report) == "a.kw:1:1: warning[KW7001]: uncited\nundecided: is it?\n");
    CHECK(to_pretty(report, {})
              .ends_with("undecided  is it?\n\n1 warning, 1 undecided question, 1 allowed  desk 1.2.0\n"));
    CHECK(count(to_github(report), "\n") == 2);
}
