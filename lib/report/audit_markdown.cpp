// An audit as Markdown for a comment on a change, or for a job's summary.
#include "keywright/render_audit.h"
#include "keywright/render_reports.h"
#include "report/audit_parts.h"
#include "report/markdown_record.h"
#include "report/markdown_text.h"
#include "report/page.h"
#include "report/record_parts.h"

#include <array>

namespace keywright {

namespace {

using report::markdown_code;
using report::markdown_prose;
using report::markdown_row;
using report::MarkdownPage;

[[nodiscard]] std::string text_of(std::uint64_t number) { return std::to_string(number); }

void write_numbers(MarkdownPage& page, const AuditReport& report) {
    page.raw("| records | violation | undetermined | unreadable | compliant |\n|--:|--:|--:|--:|--:|\n");
    page.raw(markdown_row({text_of(report.records), text_of(report.violation), text_of(report.undetermined),
                           text_of(report.invalid), text_of(report.compliant)}));
    if (report.waived > 0) {
        page.raw("\n" + report::counted(static_cast<std::size_t>(report.waived), "record is", "records are") +
                 " under a waiver.\n");
    }
}

void write_tables(MarkdownPage& page, const AuditReport& report) {
    if (const auto rules = report::rules_found(report); !rules.empty()) {
        page.raw("\n| rule | severity | violated | warned | undetermined | exempt |\n|---|---|--:|--:|--:|--:|\n");
        for (const AuditedRule* rule : rules) {
            page.item(markdown_row({markdown_code(rule->rule), std::string{to_string(rule->severity)},
                                    text_of(rule->violated), text_of(rule->warned),
                                    text_of(rule->undetermined + rule->perhaps_warned), text_of(rule->exempt)}));
        }
    }
    if (!report.by_error.empty()) {
        page.raw("\n| code | why records can't be read | records |\n|---|---|--:|\n");
        for (const auto& [code, count] : report.by_error) {
            page.item(
                markdown_row({markdown_code(code), markdown_prose(report::title_of_error(code)), text_of(count)}));
        }
    }
    bool begun = false;
    for (const AuditedExemption& one : report.by_exemption) {
        if (one.records == 0) continue;
        if (!begun) page.raw("\n| rule | exempt by | records |\n|---|---|--:|\n");
        begun = true;
        page.item(markdown_row(
            {markdown_code(one.rule), (one.waiver ? "waiver " : "") + markdown_code(one.by), text_of(one.records)}));
    }
    if (report.expired + report.will_expire + report.may_expire == 0) return;
    page.raw("\n" + text_of(report.expired) + " expired, " + text_of(report.will_expire) + " will expire, " +
             text_of(report.may_expire) + " may expire.\n");
    if (report.soonest.empty()) return;
    page.raw("\n| expires | record |\n|---|---|\n");
    for (const AuditedExpiry& one : report.soonest) {
        const std::string name = one.subject.empty() ? "record " + text_of(one.index) : one.subject;
        page.item(
            markdown_row({to_string(one.at), markdown_code(name) + " <sub>" +
                                                 markdown_code(one.source + '#' + text_of(one.index)) + "</sub>"}));
    }
}

}  // namespace

std::string to_markdown(const AuditReport& report) {
    const bool fine = report.complete && report.records > 0 && report.compliant == report.records && !report.is_open();
    MarkdownPage page{kMarkdownLimit};
    page.raw("## ").raw(report.violation > 0 ? "❌ " : fine ? "✅ " : "❓ ");
    page.raw(report::sentence_start(report::verdict_of(report))).raw("\n\n");
    page.raw("Decided at " + to_string(report.evaluated_at) + " by " + markdown_code(report.rules.pack) + ' ' +
             markdown_prose(report.rules.version) + ", rules " + markdown_code(report.rules.digest) + ".\n\n");
    for (const std::string& gap : report::gaps_of(report)) page.item("**Incomplete**: " + markdown_prose(gap) + "\n\n");
    write_numbers(page, report);
    write_tables(page, report);
    bool begun = false;
    for (const AuditSample& sample : report.samples) {
        if (!begun)
            page.raw(
                "\n<details><summary>First records of each kind</summary>\n\n"
                "| record | outcome | rule | what |\n|---|---|---|---|\n");
        begun = true;
        page.item(report::markdown_rows(sample.record));
    }
    if (begun) page.raw("\n</details>\n");
    page.raw("\n<details><summary>What it takes to repeat this</summary>\n\n| what | value |\n|---|---|\n");
    const Report means{report.rules, report.evaluated_at, {}, report.evidence, report.waivers};
    for (const auto& [name, value] : report::evidence_lines(means))
        page.item(markdown_row({name, markdown_code(value)}));
    page.raw("\n</details>\n");
    return page.take();
}

}  // namespace keywright
