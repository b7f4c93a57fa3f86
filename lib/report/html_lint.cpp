// An audit of rule files, as a page.
#include "keywright/render_reports.h"
#include "report/html_page.h"
#include "report/lint_numbers.h"
#include "report/record_parts.h"
#include "report/snippets.h"

#include <algorithm>
#include <array>
#include <map>

namespace keywright {

namespace {

using report::counted;
using report::FilterGroup;
using report::HtmlPage;
using report::LintNumbers;
using report::Markup;
using report::tone_of;

constexpr report::Tone kAllowed{"dim", "–", "allowed"};
constexpr report::Tone kKnown{"dim", "–", "known"};
constexpr report::Tone kOpen{"warn", "?", "undecided"};

[[nodiscard]] std::string title_of(const std::string& code) {
    const auto page = explain(code);
    if (!page || !page->starts_with("# ")) return {};
    const std::string heading = page->substr(2, page->find('\n') - 2);
    return heading.size() > code.size() + 1 ? heading.substr(code.size() + 1) : std::string{};
}

// --- tables ----------------------------------------------------------------------------------------------------------

// Findings that share something, by how much they weigh.
using Groups = std::map<std::string, LintNumbers>;

void write_groups(HtmlPage& page, std::string_view id, std::string_view heading, std::string_view caption,
                  std::string_view column, const Groups& groups) {
    if (groups.empty()) return;
    page.begin_section(id, heading);
    page.begin_table(caption, {column, "#errors", "#warnings", "#infos", "#allowed", "#known"});
    Markup& body = page.body();
    for (const auto& [name, numbers] : groups) {
        body.raw("<tr>").element("th scope=\"row\"", name, report::kNameLimit);
        for (const std::size_t number :
             {numbers.errors, numbers.warnings, numbers.infos, numbers.allowed, numbers.known})
            body.element("td class=\"n\"", number);
        body.raw("</tr>\n");
    }
    page.end_table();
    page.end_section();
}

void write_tables(HtmlPage& page, const std::vector<LintReport>& reports) {
    Groups codes, rules, clauses, others;
    for (const LintReport& report : reports) {
        for (const LintFinding& finding : report.findings) {
            const std::string title = title_of(finding.diagnostic.code);
            codes[finding.diagnostic.code + (title.empty() ? "" : " " + title)].add(finding);
            if (finding.name.empty()) continue;
            if (finding.kind == "rule") {
                rules[finding.name].add(finding);
            } else if (finding.kind == "clause") {
                clauses[finding.name].add(finding);
            } else {
                others[finding.kind + ' ' + finding.name].add(finding);
            }
        }
    }
    write_groups(page, "codes", "By kind of finding", "Findings by their code", "finding", codes);
    write_groups(page, "rules", "By rule", "Findings about rules", "rule", rules);
    write_groups(page, "clauses", "By clause", "Findings about clauses of the source", "clause", clauses);
    write_groups(page, "others", "By other subject", "Findings about what is neither a rule nor a clause", "subject",
                 others);
}

// --- findings --------------------------------------------------------------------------------------------------------

// The lines of source, as people are shown them on a terminal.
void write_excerpt(Markup& body, const Diagnostic& diagnostic, const std::vector<Compiled::File>& sources) {
    std::size_t last = 0;
    for (const Label& label : diagnostic.labels) last = std::max(last, label.range.line);
    report::Page lines{{.color = false, .width = 0}};
    report::Snippets snippets{lines, sources, std::max<std::size_t>(std::to_string(last).size(), 3)};
    bool primary = true;
    for (const Label& label : diagnostic.labels) {
        snippets.show(label, primary, report::Ink::kPlain);
        primary = false;
    }
    body.raw("<pre role=\"group\" tabindex=\"0\" aria-label=\"Source\">");
    body.raw(report::markup_escaped(lines.take())).raw("</pre>\n");
}

void write_finding(HtmlPage& page, const LintFinding& finding, const std::vector<Compiled::File>& sources) {
    const Diagnostic& diagnostic = finding.diagnostic;
    const report::Tone tone = tone_of(diagnostic.severity);
    const report::Tone state = finding.allowed ? kAllowed : finding.known ? kKnown : tone;
    Markup& body = page.body();
    body.raw("<li class=\"").raw(state.name).raw("\" data-severity=\"").raw(tone.word).raw("\" data-state=\"");
    body.raw(finding.counts() ? "counts" : state.word).raw("\">\n<h3>");
    page.mark(tone).raw(" <span class=\"name\">").text(diagnostic.code, report::kNameLimit).raw("</span> ");
    body.prose(diagnostic.message);
    if (!finding.counts()) {
        body.raw(" ");
        page.mark(state);
    }
    body.raw("</h3>\n");
    if (!diagnostic.labels.empty()) write_excerpt(body, diagnostic, sources);
    body.raw("<dl>\n");
    if (!finding.name.empty()) body.raw("<dt>about</dt>").element("dd", finding.kind + ' ' + finding.name);
    if (!diagnostic.help.empty()) body.raw("<dt>help</dt><dd>").prose(diagnostic.help).raw("</dd>");
    if (diagnostic.fix) body.raw("<dt>fix</dt><dd>").prose(report::words_of(*diagnostic.fix, sources)).raw("</dd>");
    if (finding.allowed) {
        body.raw("<dt>allowed</dt>").element("dd", finding.allowed->reason);
        if (finding.allowed->until) body.raw("<dt>until</dt>").element("dd", to_string(*finding.allowed->until));
    }
    if (finding.known) body.raw("<dt>known</dt><dd>it stands in the baseline</dd>");
    body.raw("<dt>fingerprint</dt>").element("dd class=\"name\"", finding.fingerprint);
    body.raw("</dl>\n</li>\n");
}

void write_findings(HtmlPage& page, const std::vector<LintReport>& reports, const std::vector<Compiled::File>& sources,
                    const HtmlLimits& limits) {
    const std::vector<const LintFinding*> all = report::worst_first(reports);
    if (all.empty()) return;
    const std::size_t shown = std::min(all.size(), limits.findings);
    std::array<std::size_t, 3> severities{};
    LintNumbers listed;
    for (std::size_t i = 0; i < shown; ++i) {
        ++severities[static_cast<std::size_t>(all[i]->diagnostic.severity)];
        listed.add(*all[i]);
    }
    page.begin_section("findings", "Findings");
    Markup& body = page.body();
    if (shown < all.size()) {
        body.raw("<p class=\"said\">").raw(std::to_string(all.size() - shown)).raw(" of ");
        body.raw(counted(all.size(), "finding", "findings"));
        body.raw(" are left out of this list, worst first; the numbers above are of all. JSON holds them all.</p>\n");
    }
    page.filter(
        "finding-list", "findings",
        {{"Severity", "severity", {{"error", severities[2]}, {"warning", severities[1]}, {"info", severities[0]}}},
         {"State", "state", {{"counts", listed.findings()}, {"allowed", listed.allowed}, {"known", listed.known}}}});
    body.raw("<ol class=\"items\" id=\"finding-list\">\n");
    for (std::size_t i = 0; i < shown; ++i) write_finding(page, *all[i], sources);
    body.raw("</ol>\n");
    page.end_section();
}

void write_undecided(HtmlPage& page, const std::vector<LintReport>& reports) {
    Markup& body = page.body();
    page.begin_section("undecided", "Undecided questions");
    body.raw(
        "<p>These weren't settled, so nothing is said about them: neither that there is a finding, nor that there "
        "is none.</p>\n<ul>\n");
    for (const LintReport& report : reports) {
        for (const std::string& question : report.undecided) body.raw("<li>").prose(question).raw("</li>\n");
    }
    body.raw("</ul>\n");
    page.end_section();
}

[[nodiscard]] report::Tone tone_of_all(const LintNumbers& numbers) {
    if (numbers.errors > 0) return tone_of(Severity::kError);
    if (numbers.warnings > 0) return tone_of(Severity::kWarning);
    if (numbers.undecided > 0) return kOpen;
    if (numbers.infos > 0) return tone_of(Severity::kInfo);
    return {"good", "✓", "clean"};
}

[[nodiscard]] std::string headline_of(const LintNumbers& numbers) {
    std::string out = numbers.findings() == 0 ? "No findings" : counted(numbers.findings(), "finding", "findings");
    if (numbers.undecided > 0) out += ", " + counted(numbers.undecided, "question", "questions") + " undecided";
    return out;
}

}  // namespace

std::string to_html(const std::vector<LintReport>& reports, const std::vector<Compiled::File>& sources,
                    const HtmlLimits& limits) {
    LintNumbers numbers;
    std::string packs;
    for (const LintReport& report : reports) {
        numbers.add(report);
        packs += (packs.empty() ? "" : ", ") + report.rules.pack + ' ' + report.rules.version;
    }
    HtmlPage page{"Audit of rule files", packs, tone_of_all(numbers), headline_of(numbers)};
    page.begin_section("summary", "Summary");
    page.cards({{tone_of(Severity::kError), numbers.errors},
                {tone_of(Severity::kWarning), numbers.warnings},
                {tone_of(Severity::kInfo), numbers.infos},
                {kOpen, numbers.undecided},
                {kAllowed, numbers.allowed},
                {kKnown, numbers.known}});
    page.end_section();
    write_tables(page, reports);
    if (numbers.undecided > 0) write_undecided(page, reports);
    write_findings(page, reports, sources, limits);
    page.begin_section("evidence", "Evidence");
    std::vector<std::pair<std::string_view, std::string>> facts;
    for (const LintReport& report : reports) {
        facts.emplace_back("pack", report.rules.pack + ' ' + report.rules.version);
        facts.emplace_back("rules", report.rules.digest);
    }
    page.facts(facts);
    page.end_section();
    return page.finish();
}

}  // namespace keywright
