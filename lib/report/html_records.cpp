// An inventory that was checked, as a page.
#include "keywright/render_reports.h"
#include "report/html_page.h"
#include "report/html_record.h"
#include "report/html_timeline.h"
#include "report/record_parts.h"
#include "report/text_parts.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace keywright {

namespace {

using report::counted;
using report::FilterGroup;
using report::HtmlPage;
using report::Markup;
using report::tone_of;

// --- by rule and by clause -------------------------------------------------------------------------------------------

struct RuleLine {
    Severity severity = Severity::kInfo;
    std::size_t violated = 0, undetermined = 0, exempt = 0;
};

void write_rules(HtmlPage& page, const Report& report) {
    std::map<std::string, RuleLine> lines;
    for (const RecordReport& record : report.results) {
        for (const Violation& violation : record.violations) {
            RuleLine& line = lines[violation.rule];
            line.severity = violation.severity;
            ++line.violated;
        }
        for (const Undetermined& open : record.undetermined) {
            RuleLine& line = lines[open.rule];
            line.severity = open.severity;
            ++line.undetermined;
        }
    }
    for (const RecordReport& record : report.results) {
        for (const Exempted& exempted : record.exempt) {
            if (const auto found = lines.find(exempted.rule); found != lines.end()) ++found->second.exempt;
        }
    }
    if (lines.empty()) return;
    std::vector<std::pair<std::string, RuleLine>> sorted(lines.begin(), lines.end());
    std::ranges::sort(sorted, [](const auto& a, const auto& b) {
        if (a.second.severity != b.second.severity) return a.second.severity > b.second.severity;
        return std::tie(b.second.violated, a.first) < std::tie(a.second.violated, b.first);
    });
    page.begin_section("rules", "By rule");
    page.begin_table("Rules that some record violates, or that can't be decided for it",
                     {"rule", "severity", "#violated", "#undetermined", "#exempt"});
    Markup& body = page.body();
    for (const auto& [name, line] : sorted) {
        body.raw("<tr><th scope=\"row\" class=\"name\">").text(name, report::kNameLimit).raw("</th><td>");
        page.mark(tone_of(line.severity)).raw("</td>").element("td class=\"n\"", line.violated);
        body.element("td class=\"n\"", line.undetermined).element("td class=\"n\"", line.exempt).raw("</tr>\n");
    }
    page.end_table();
    page.end_section();
}

void write_clauses(HtmlPage& page, const Report& report) {
    struct Clause {
        std::string text;
        std::set<std::string> rules;
        std::size_t records = 0;
    };
    std::map<std::pair<std::string, std::string>, Clause> clauses;
    for (const RecordReport& record : report.results) {
        std::set<std::pair<std::string, std::string>> seen;
        for (const Violation& violation : record.violations) {
            for (const CitedClause& cited : violation.cites) {
                const std::pair key{cited.document, cited.clause};
                Clause& clause = clauses[key];
                clause.text = cited.text;
                clause.rules.insert(violation.rule);
                if (seen.insert(key).second) ++clause.records;
            }
        }
    }
    if (clauses.empty()) return;
    page.begin_section("clauses", "By clause");
    page.begin_table("Clauses of the source that a violated rule cites",
                     {"clause", "what it says", "rules", "#records"});
    Markup& body = page.body();
    for (const auto& [key, clause] : clauses) {
        body.raw("<tr><th scope=\"row\" class=\"name\">").text(key.first + ' ' + key.second, report::kNameLimit);
        body.raw("</th>").element("td", clause.text);
        body.raw("<td class=\"name\">").text(report::joined({clause.rules.begin(), clause.rules.end()})).raw("</td>");
        body.element("td class=\"n\"", clause.records).raw("</tr>\n");
    }
    page.end_table();
    page.end_section();
}

// Every waiver that was given, also one that covered nothing: who reads the page must see what could have.
void write_waivers(HtmlPage& page, const Report& report) {
    if (report.waivers.empty()) return;
    std::map<std::pair<std::string, std::string>, std::size_t> used;
    for (const RecordReport& record : report.results) {
        for (const Exempted& exempted : record.exempt) {
            if (exempted.waiver) ++used[{exempted.by, exempted.rule}];
        }
    }
    page.begin_section("waivers", "Waivers");
    page.begin_table("Waivers that were given, and records that each exempts from its rule",
                     {"waiver", "rule", "until", "state", "#records"});
    Markup& body = page.body();
    for (const WaiverGiven& waiver : report.waivers) {
        body.raw("<tr><th scope=\"row\" class=\"name\">").text(waiver.name, report::kNameLimit).raw("</th>");
        body.raw("<td class=\"name\">").text(waiver.rule, report::kNameLimit).raw("</td>");
        body.element("td", to_string(waiver.until));
        body.element("td", report.evaluated_at < waiver.until ? "in force" : "over");
        body.element("td class=\"n\"", used[{waiver.name, waiver.rule}]).raw("</tr>\n");
    }
    page.end_table();
    page.end_section();
}

// --- records ---------------------------------------------------------------------------------------------------------

void write_finding_head(HtmlPage& page, report::Tone tone, const std::string& name) {
    page.body().raw("<div class=\"finding\">\n<h4>");
    page.mark(tone).raw(" <span class=\"name\">").text(name, report::kNameLimit).raw("</span></h4>\n");
}

void write_violation(HtmlPage& page, const Violation& violation, Instant now) {
    write_finding_head(page, tone_of(violation.severity), violation.rule);
    Markup& body = page.body();
    body.raw("<p>").prose(violation.message).raw("</p>\n<dl>\n");
    bool first = true;
    for (const Fact& fact : violation.because) {
        if (first) body.raw("<dt>because</dt>");
        first = false;
        body.element("dd", report::line_of(fact)).raw("\n");
    }
    for (const CitedClause& cited : violation.cites) {
        body.raw("<dt>clause</dt><dd><span class=\"name\">").text(cited.document + ' ' + cited.clause).raw("</span>");
        if (!cited.text.empty()) body.raw(": “").text(cited.text).raw("”");
        body.raw("</dd>\n");
    }
    if (violation.deadline) {
        body.raw("<dt>deadline</dt>");
        body.element("dd", to_string(*violation.deadline) + ", " + report::relative(*violation.deadline, now))
            .raw("\n");
    }
    if (!violation.help.empty()) body.raw("<dt>help</dt><dd>").prose(violation.help).raw("</dd>\n");
    body.raw("</dl>\n</div>\n");
}

void write_rest(HtmlPage& page, const RecordReport& record) {
    Markup& body = page.body();
    const std::string expires = report::line_of(record.expires_at);
    if (record.exempt.empty() && expires.empty() && !record.repair) return;
    body.raw("<div class=\"finding\"><dl>\n");
    if (record.repair) {
        body.raw("<dt>repair</dt>");
        if (record.repair->edits.empty()) body.element("dd", record.repair->exact ? "there is none" : "none was found");
        for (const std::string& edit : record.repair->edits) body.raw("<dd>").prose(edit).raw("</dd>");
        body.raw("\n");
    }
    for (const Exempted& exempted : record.exempt) {
        body.raw(exempted.waiver ? "<dt>waived</dt>" : "<dt>exempt</dt>").raw("<dd><span class=\"name\">");
        body.text(exempted.rule).raw("</span>");
        if (exempted.waiver) body.raw(" ").text(report::words_of(*exempted.waiver)).raw(", waiver ");
        if (!exempted.waiver) body.raw(", by ");
        body.text(exempted.by).raw("</dd>\n");
    }
    if (!expires.empty()) body.raw("<dt>expires</dt>").element("dd", expires).raw("\n");
    body.raw("</dl></div>\n");
}

}  // namespace

namespace report {

std::string severities_of(const RecordReport& record) {
    std::set<std::string_view> words;
    if (!record.errors.empty()) words.insert("error");
    for (const Violation& violation : record.violations) words.insert(to_string(violation.severity));
    for (const Undetermined& open : record.undetermined) words.insert(to_string(open.severity));
    std::string out;
    for (const std::string_view word : words) out += (out.empty() ? "" : " ") + std::string{word};
    return out.empty() ? "none" : out;
}

void write_record(HtmlPage& page, const RecordReport& record, Instant now) {
    Markup& body = page.body();
    const Tone tone = tone_of(record.verdict);
    body.raw("<li class=\"").raw(tone.name).raw("\" data-verdict=\"").raw(tone.word).raw("\" data-severity=\"");
    body.raw(severities_of(record)).raw("\">\n<h3>");
    page.mark(tone).raw(" ").text(name_of(record), kNameLimit).raw("</h3>\n<p class=\"where\">");
    body.text(record.source, kNameLimit).raw("#").raw(std::to_string(record.index));
    if (record.line > 0) body.raw(", line ").raw(std::to_string(record.line));
    body.raw("</p>\n");
    for (const RecordError& error : record.errors) {
        write_finding_head(page, tone_of(Verdict::kInvalid), error.code);
        body.raw("<p>").prose((error.at.empty() ? "" : error.at + ": ") + error.message).raw("</p>\n");
        if (!error.help.empty()) body.raw("<dl><dt>help</dt><dd>").prose(error.help).raw("</dd></dl>\n");
        body.raw("</div>\n");
    }
    for (const Violation& violation : record.violations) write_violation(page, violation, now);
    for (const Undetermined& open : record.undetermined) {
        write_finding_head(page, tone_of(Verdict::kUndetermined), open.rule);
        body.raw("<dl><dt>severity</dt>").element("dd", to_string(open.severity)).raw("<dt>needs</dt>");
        body.element("dd", joined(open.needs)).raw("</dl>\n</div>\n");
    }
    write_rest(page, record);
    body.raw("</li>\n");
}

}  // namespace report

namespace {

void write_records(HtmlPage& page, const Report& report, const HtmlLimits& limits) {
    const std::vector<const RecordReport*> all = report::worst_first(report);
    if (all.empty()) return;
    const std::size_t shown = std::min(all.size(), limits.records);
    Summary summary;
    std::map<std::string_view, std::size_t> severities;
    for (std::size_t i = 0; i < shown; ++i) {
        switch (all[i]->verdict) {
            case Verdict::kCompliant: ++summary.compliant; break;
            case Verdict::kViolation: ++summary.violation; break;
            case Verdict::kUndetermined: ++summary.undetermined; break;
            case Verdict::kInvalid: ++summary.invalid; break;
        }
        const std::string words = report::severities_of(*all[i]);
        for (const std::string_view word : {"error", "warning", "info", "none"})
            severities[word] += words.find(word) != std::string::npos ? 1 : 0;
    }
    page.begin_section("records", "Records");
    Markup& body = page.body();
    if (shown < all.size()) {
        body.raw("<p class=\"said\">").raw(std::to_string(all.size() - shown)).raw(" of ");
        body.raw(counted(all.size(), "record", "records"));
        body.raw(" are left out of this list, worst first; the numbers above are of all. JSON holds them all.</p>\n");
    }
    page.filter("record-list", "records",
                {{"Verdict",
                  "verdict",
                  {{"violation", summary.violation},
                   {"unreadable", summary.invalid},
                   {"undetermined", summary.undetermined},
                   {"compliant", summary.compliant}}},
                 {"Findings",
                  "severity",
                  {{"error", severities["error"]},
                   {"warning", severities["warning"]},
                   {"info", severities["info"]},
                   {"none", severities["none"]}}}});
    body.raw("<ol class=\"items\" id=\"record-list\">\n");
    for (std::size_t i = 0; i < shown; ++i) report::write_record(page, *all[i], report.evaluated_at);
    body.raw("</ol>\n");
    page.end_section();
}

// What the headline is marked with: the worst of all verdicts.
[[nodiscard]] report::Tone tone_of_all(const Summary& summary) {
    if (summary.violation > 0) return tone_of(Verdict::kViolation);
    if (summary.invalid > 0) return tone_of(Verdict::kInvalid);
    if (summary.undetermined > 0 || summary.records == 0) return tone_of(Verdict::kUndetermined);
    return tone_of(Verdict::kCompliant);
}

}  // namespace

std::string to_html(const Report& report, const HtmlLimits& limits) {
    const Summary summary = report.summary();
    HtmlPage page{"Key configurations",
                  report.rules.pack + ' ' + report.rules.version + " at " + to_string(report.evaluated_at),
                  tone_of_all(summary), report::sentence_start(report::verdict_of(report))};
    page.begin_section("summary", "Summary");
    page.cards({{tone_of(Verdict::kViolation), summary.violation},
                {tone_of(Verdict::kInvalid), summary.invalid},
                {tone_of(Verdict::kUndetermined), summary.undetermined},
                {tone_of(Verdict::kCompliant), summary.compliant}});
    if (summary.waived > 0) {
        page.body().raw("<p>").raw(counted(summary.waived, "record is", "records are"));
        page.body().raw(" <a href=\"#waivers\">under a waiver</a>.</p>\n");
    }
    page.end_section();
    write_rules(page, report);
    write_clauses(page, report);
    write_waivers(page, report);
    report::write_timeline(page, report);
    write_records(page, report, limits);
    page.begin_section("evidence", "Evidence");
    const auto lines = report::evidence_lines(report);
    std::vector<std::pair<std::string_view, std::string>> facts(lines.begin(), lines.end());
    facts.emplace_back("records", std::to_string(summary.records));
    page.facts(facts);
    page.end_section();
    return page.finish();
}

}  // namespace keywright
