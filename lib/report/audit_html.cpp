// An audit as a page.
#include "keywright/render_audit.h"
#include "report/audit_parts.h"
#include "report/html_page.h"
#include "report/html_record.h"
#include "report/record_parts.h"

#include <map>

namespace keywright {

namespace {

using report::HtmlPage;
using report::Markup;
using report::tone_of;

[[nodiscard]] std::size_t size(std::uint64_t value) { return static_cast<std::size_t>(value); }

void name_cell(Markup& body, const std::string& name) {
    body.raw("<tr><th scope=\"row\" class=\"name\">").text(name, report::kNameLimit).raw("</th>");
}
void count_cell(Markup& body, std::uint64_t count) { body.element("td class=\"n\"", size(count)); }

void write_gaps(HtmlPage& page, const AuditReport& report) {
    const std::vector<std::string> gaps = report::gaps_of(report);
    if (gaps.empty()) return;
    page.begin_section("incomplete", "Incomplete");
    page.body().raw("<p>What is told here isn't of everything.</p>\n<ul>\n");
    for (const std::string& gap : gaps) page.body().element("li", gap).raw("\n");
    page.body().raw("</ul>\n");
    page.end_section();
}

void write_rules(HtmlPage& page, const AuditReport& report) {
    const auto rules = report::rules_found(report);
    if (rules.empty()) return;
    page.begin_section("rules", "By rule");
    page.begin_table("Rules that some record violates, or that can't be decided for it",
                     {"rule", "severity", "#violated", "#warned", "#undetermined", "#exempt"});
    Markup& body = page.body();
    for (const AuditedRule* rule : rules) {
        name_cell(body, rule->rule);
        body.raw("<td>");
        page.mark(tone_of(rule->severity)).raw("</td>");
        count_cell(body, rule->violated);
        count_cell(body, rule->warned);
        count_cell(body, rule->undetermined + rule->perhaps_warned);
        count_cell(body, rule->exempt);
        body.raw("</tr>\n");
    }
    page.end_table();
    page.end_section();
}

void write_errors(HtmlPage& page, const AuditReport& report) {
    if (report.by_error.empty()) return;
    page.begin_section("unreadable", "Unreadable");
    page.begin_table("Why records can't be read", {"code", "what it is", "#records"});
    Markup& body = page.body();
    for (const auto& [code, count] : report.by_error) {
        name_cell(body, code);
        body.element("td", report::title_of_error(code));
        count_cell(body, count);
        body.raw("</tr>\n");
    }
    page.end_table();
    page.end_section();
}

// Every waiver that was given, also one that covered nothing: who reads the page must see what could have.
void write_waivers(HtmlPage& page, const AuditReport& report) {
    if (report.waivers.empty()) return;
    std::map<std::pair<std::string, std::string>, std::uint64_t> used;
    for (const AuditedExemption& one : report.by_exemption) {
        if (one.waiver) used[{one.by, one.rule}] += one.records;
    }
    page.begin_section("waivers", "Waivers");
    page.begin_table("Waivers that were given, and records that each exempts from its rule",
                     {"waiver", "rule", "until", "state", "#records"});
    Markup& body = page.body();
    for (const WaiverGiven& waiver : report.waivers) {
        name_cell(body, waiver.name);
        body.raw("<td class=\"name\">").text(waiver.rule, report::kNameLimit).raw("</td>");
        body.element("td", to_string(waiver.until));
        body.element("td", report.evaluated_at < waiver.until ? "in force" : "over");
        count_cell(body, used[{waiver.name, waiver.rule}]);
        body.raw("</tr>\n");
    }
    page.end_table();
    page.end_section();
}

void write_exemptions(HtmlPage& page, const AuditReport& report) {
    bool begun = false;
    Markup& body = page.body();
    for (const AuditedExemption& one : report.by_exemption) {
        if (one.waiver || one.records == 0) continue;
        if (!begun) {
            page.begin_section("exemptions", "Exemptions");
            page.begin_table("Records that a rule's own exemption excuses", {"rule", "by", "#records"});
        }
        begun = true;
        name_cell(body, one.rule);
        body.raw("<td class=\"name\">").text(one.by, report::kNameLimit).raw("</td>");
        count_cell(body, one.records);
        body.raw("</tr>\n");
    }
    if (!begun) return;
    page.end_table();
    page.end_section();
}

void write_expiries(HtmlPage& page, const AuditReport& report) {
    if (report.expired + report.will_expire + report.may_expire == 0) return;
    page.begin_section("expiries", "Expiries");
    page.facts({{"expired", std::to_string(report.expired)},
                {"will expire", std::to_string(report.will_expire)},
                {"may expire", std::to_string(report.may_expire)},
                {"never expire", std::to_string(report.never_expire)}});
    if (!report.soonest.empty()) {
        page.begin_table("The next to expire", {"record", "where", "expires", "in"});
        Markup& body = page.body();
        for (const AuditedExpiry& one : report.soonest) {
            name_cell(body, one.subject.empty() ? "record " + std::to_string(one.index) : one.subject);
            body.raw("<td class=\"name\">").text(one.source, report::kNameLimit);
            body.raw("#").raw(std::to_string(one.index)).raw("</td>");
            body.element("td", to_string(one.at));
            body.element("td", report::relative(one.at, report.evaluated_at)).raw("</tr>\n");
        }
        page.end_table();
    }
    page.end_section();
}

void write_inputs(HtmlPage& page, const AuditReport& report) {
    page.begin_section("inputs", "Inputs");
    page.begin_table("What was read", {"input", "form", "#records", "#bytes", "read to its end"});
    Markup& body = page.body();
    for (const AuditedInput& input : report.inputs) {
        name_cell(body, input.source);
        body.element("td", to_string(input.form));
        count_cell(body, input.records);
        count_cell(body, input.bytes);
        body.element("td", input.complete ? "yes" : "no").raw("</tr>\n");
    }
    page.end_table();
    page.end_section();
}

void write_samples(HtmlPage& page, const AuditReport& report) {
    if (report.samples.empty()) return;
    std::map<Verdict, std::size_t> verdicts;
    std::map<std::string_view, std::size_t> severities;
    for (const AuditSample& sample : report.samples) {
        ++verdicts[sample.record.verdict];
        const std::string words = report::severities_of(sample.record);
        for (const std::string_view word : {"error", "warning", "info", "none"})
            severities[word] += words.find(word) != std::string::npos ? 1 : 0;
    }
    page.begin_section("records", "Samples");
    page.body().raw("<p class=\"said\">The first records of each kind of finding; the numbers above are of all.</p>\n");
    page.filter("record-list", "records",
                {{"Verdict",
                  "verdict",
                  {{"violation", verdicts[Verdict::kViolation]},
                   {"unreadable", verdicts[Verdict::kInvalid]},
                   {"undetermined", verdicts[Verdict::kUndetermined]},
                   {"compliant", verdicts[Verdict::kCompliant]}}},
                 {"Findings",
                  "severity",
                  {{"error", severities["error"]},
                   {"warning", severities["warning"]},
                   {"info", severities["info"]},
                   {"none", severities["none"]}}}});
    page.body().raw("<ol class=\"items\" id=\"record-list\">\n");
    for (const AuditSample& sample : report.samples) report::write_record(page, sample.record, report.evaluated_at);
    page.body().raw("</ol>\n");
    page.end_section();
}

[[nodiscard]] report::Tone tone_of_all(const AuditReport& report) {
    if (report.violation > 0) return tone_of(Verdict::kViolation);
    if (report.invalid > 0) return tone_of(Verdict::kInvalid);
    if (report.undetermined > 0 || report.records == 0 || !report.complete) return tone_of(Verdict::kUndetermined);
    return tone_of(Verdict::kCompliant);
}

}  // namespace

std::string to_html(const AuditReport& report) {
    HtmlPage page{"Audit of key configurations",
                  report.rules.pack + ' ' + report.rules.version + " at " + to_string(report.evaluated_at),
                  tone_of_all(report), report::sentence_start(report::verdict_of(report))};
    page.begin_section("summary", "Summary");
    page.cards({{tone_of(Verdict::kViolation), size(report.violation)},
                {tone_of(Verdict::kInvalid), size(report.invalid)},
                {tone_of(Verdict::kUndetermined), size(report.undetermined)},
                {tone_of(Verdict::kCompliant), size(report.compliant)}});
    if (report.waived > 0) {
        page.body().raw("<p>").raw(report::counted(size(report.waived), "record is", "records are"));
        page.body().raw(" <a href=\"#waivers\">under a waiver</a>.</p>\n");
    }
    page.end_section();
    write_gaps(page, report);
    write_rules(page, report);
    write_errors(page, report);
    write_exemptions(page, report);
    write_waivers(page, report);
    write_expiries(page, report);
    write_samples(page, report);
    write_inputs(page, report);
    page.begin_section("evidence", "Evidence");
    const auto lines =
        report::evidence_lines(Report{report.rules, report.evaluated_at, {}, report.evidence, report.waivers});
    std::vector<std::pair<std::string_view, std::string>> facts(lines.begin(), lines.end());
    facts.emplace_back("records", std::to_string(report.records));
    page.facts(facts);
    page.end_section();
    return page.finish();
}

}  // namespace keywright
