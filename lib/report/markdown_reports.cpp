// Checked records, and audits of rule files, as Markdown for a comment on a change.
#include "keywright/render_reports.h"
#include "report/lint_numbers.h"
#include "report/markdown_record.h"
#include "report/markdown_text.h"
#include "report/page.h"
#include "report/record_parts.h"
#include "report/text_parts.h"

#include <algorithm>
#include <array>

namespace keywright {

namespace {

using report::counted;
using report::markdown_code;
using report::markdown_prose;
using report::markdown_row;
using report::MarkdownPage;

[[nodiscard]] std::string_view sign_of(Severity severity) {
    switch (severity) {
        case Severity::kError: return "❌ error";
        case Severity::kWarning: return "⚠️ warning";
        case Severity::kInfo: return "ℹ️ info";
    }
    return {};
}

[[nodiscard]] std::string identity(const RulesIdentity& rules) {
    return markdown_code(rules.pack) + ' ' + markdown_prose(rules.version) + ", rules " + markdown_code(rules.digest);
}

// --- records ---------------------------------------------------------------------------------------------------------

}  // namespace

namespace report {

std::string markdown_row(const std::vector<std::string>& cells) {
    std::string out = "|";
    for (const std::string& cell : cells) out += ' ' + cell + " |";
    return out + '\n';
}

std::string markdown_rows(const RecordReport& record) {
    const std::string key = markdown_code(name_of(record)) + " <sub>" +
                            markdown_code(record.source + '#' + std::to_string(record.index)) + "</sub>";
    std::string out;
    for (const RecordError& error : record.errors) {
        out += markdown_row({key, "🚫 unreadable", markdown_code(error.code),
                             (error.at.empty() ? "" : markdown_code(error.at) + ' ') + markdown_prose(error.message)});
    }
    for (const Violation& violation : record.violations) {
        std::string what = markdown_prose(violation.message);
        for (const CitedClause& cited : violation.cites)
            what += "<br>" + markdown_code(cited.document + ' ' + cited.clause);
        if (violation.deadline) what += "<br>deadline " + to_string(*violation.deadline);
        if (!violation.help.empty()) what += "<br>→ " + markdown_prose(violation.help);
        out += markdown_row({key, std::string{sign_of(violation.severity)}, markdown_code(violation.rule), what});
    }
    for (const Undetermined& open : record.undetermined) {
        std::string needs;
        for (const std::string& field : open.needs)
            needs += (needs.empty() ? "" : ", ") + markdown_code(field.empty() ? "the record" : field);
        out += markdown_row({key, "❓ undetermined", markdown_code(open.rule), "needs " + needs});
    }
    for (const Exempted& exempted : record.exempt) {
        if (!exempted.waiver) continue;
        out += markdown_row({key, "🕒 waived", markdown_code(exempted.rule),
                             markdown_prose(words_of(*exempted.waiver)) + "<br>waiver " + markdown_code(exempted.by)});
    }
    return out;
}

}  // namespace report

namespace {

// --- rule files ------------------------------------------------------------------------------------------------------

[[nodiscard]] std::string place_of(const LintFinding& finding) {
    if (finding.diagnostic.labels.empty()) return "";
    const SourceRange& range = finding.diagnostic.labels.front().range;
    return markdown_code(range.file + ':' + std::to_string(range.line));
}

[[nodiscard]] std::string subject_of(const LintFinding& finding) {
    std::string out = markdown_prose(finding.kind);
    if (!finding.name.empty()) out += (out.empty() ? "" : " ") + markdown_code(finding.name);
    return out;
}

void write_findings(MarkdownPage& page, const LintReport& report) {
    std::vector<const LintFinding*> counting, others;
    for (const LintFinding* finding : report::worst_first(std::span{&report, 1}))
        (finding->counts() ? counting : others).push_back(finding);
    if (!counting.empty()) {
        page.raw("\n| severity | code | about | what | where |\n|---|---|---|---|---|\n");
        for (const LintFinding* finding : counting) {
            const Diagnostic& diagnostic = finding->diagnostic;
            std::string what = markdown_prose(diagnostic.message);
            if (!diagnostic.help.empty()) what += "<br>→ " + markdown_prose(diagnostic.help);
            page.item(markdown_row({std::string{sign_of(diagnostic.severity)}, markdown_code(diagnostic.code),
                                    subject_of(*finding), what, place_of(*finding)}));
        }
    }
    if (!report.undecided.empty()) {
        page.raw("\nUndecided:\n\n");
        for (const std::string& question : report.undecided) page.item("- " + markdown_prose(question) + '\n');
    }
    if (others.empty()) return;
    page.raw("\n<details><summary>Allowed, or in the baseline: " + std::to_string(others.size()) +
             "</summary>\n\n| code | what | where | why |\n|---|---|---|---|\n");
    for (const LintFinding* finding : others) {
        std::string why = finding->allowed ? markdown_prose(finding->allowed->reason) : "in the baseline";
        if (finding->allowed && finding->allowed->until) why += ", until " + to_string(*finding->allowed->until);
        page.item(markdown_row({markdown_code(finding->diagnostic.code), markdown_prose(finding->diagnostic.message),
                                place_of(*finding), why}));
    }
    page.raw("\n</details>\n");
}

[[nodiscard]] std::string headline_of(const report::LintNumbers& numbers) {
    if (numbers.findings() == 0 && numbers.undecided == 0) return "✅ No findings in the rule files";
    std::string out = numbers.errors > 0 ? "❌ " : numbers.warnings > 0 ? "⚠️ " : numbers.undecided > 0 ? "❓ " : "ℹ️ ";
    out += counted(numbers.findings(), "finding", "findings") + " in the rule files";
    if (numbers.undecided > 0) out += ", " + counted(numbers.undecided, "question", "questions") + " undecided";
    return out;
}

}  // namespace

std::string to_markdown(const Report& report) {
    const Summary summary = report.summary();
    const bool fine = summary.records > 0 && summary.compliant == summary.records;
    const std::string_view sign = summary.violation > 0 ? "❌ " : fine ? "✅ " : "❓ ";
    MarkdownPage page{kMarkdownLimit};
    page.raw("## ").raw(sign).raw(report::sentence_start(report::verdict_of(report))).raw("\n\n");
    page.raw("Decided at " + to_string(report.evaluated_at) + " by " + identity(report.rules) + ".\n\n");
    const std::array<std::pair<std::string_view, std::size_t>, 5> numbers = {{{"records", summary.records},
                                                                              {"violation", summary.violation},
                                                                              {"undetermined", summary.undetermined},
                                                                              {"unreadable", summary.invalid},
                                                                              {"compliant", summary.compliant}}};
    std::string head = "|", rule = "|", values = "|";
    for (const auto& [name, count] : numbers) {
        head += ' ' + std::string{name} + " |";
        rule += "--:|";
        values += ' ' + std::to_string(count) + " |";
    }
    page.raw(head + '\n' + rule + '\n' + values + '\n');
    if (summary.waived > 0) {
        page.raw("\n" + counted(summary.waived, "record is", "records are") + " under a waiver.\n");
    }
    bool begun = false;
    for (const RecordReport* record : report::worst_first(report)) {
        const std::string rows = report::markdown_rows(*record);
        if (rows.empty()) continue;
        if (!begun) page.raw("\n| record | outcome | rule | what |\n|---|---|---|---|\n");
        begun = true;
        page.item(rows);
    }
    page.raw("\n<details><summary>What it takes to repeat this</summary>\n\n| what | value |\n|---|---|\n");
    for (const auto& [name, value] : report::evidence_lines(report))
        page.item(markdown_row({name, markdown_code(value)}));
    page.raw("\n</details>\n");
    return page.take();
}

std::string to_markdown(const std::vector<LintReport>& reports) {
    report::LintNumbers numbers;
    for (const LintReport& report : reports) numbers.add(report);
    MarkdownPage page{kMarkdownLimit};
    page.raw("## " + headline_of(numbers) + "\n\n");
    std::string line;
    const auto tell = [&](std::size_t count, std::string_view one, std::string_view many) {
        if (count > 0) line += (line.empty() ? "" : ", ") + counted(count, one, many);
    };
    tell(numbers.errors, "error", "errors");
    tell(numbers.warnings, "warning", "warnings");
    tell(numbers.infos, "info", "infos");
    tell(numbers.undecided, "undecided question", "undecided questions");
    tell(numbers.allowed, "allowed", "allowed");
    tell(numbers.known, "in the baseline", "in the baseline");
    if (numbers.fixable > 0) line += "; `keywright lint --fix` mends " + std::to_string(numbers.fixable);
    if (!line.empty()) page.raw(report::sentence_start(line) + ".\n");
    for (const LintReport& report : reports) {
        if (!page.item("\n### " + identity(report.rules) + "\n")) continue;
        write_findings(page, report);
    }
    return page.take();
}

}  // namespace keywright
