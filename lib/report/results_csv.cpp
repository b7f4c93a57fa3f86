// Records as rows of a table: RFC 4180, harmless in a spreadsheet.
#include "keywright/text.h"
#include "report/record_parts.h"
#include "report/report_stream.h"

#include <algorithm>
#include <array>
#include <limits>

namespace keywright::report {

void append_csv_cell(std::string& out, std::string_view text) {
    // An apostrophe makes a spreadsheet take for text what it would compute; full-width signs count in some of them.
    static constexpr std::array<std::string_view, 10> kFormulas = {
        "=", "+", "-", "@", "\t", "\r", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
    const std::string_view bare = text.substr(std::min(text.find_first_not_of(' '), text.size()));
    const bool formula = std::ranges::any_of(kFormulas, [&](std::string_view sign) { return bare.starts_with(sign); });
    out += '"';
    if (formula) out += '\'';
    // Cut nowhere: what a file for auditors leaves out, nobody sees.
    for (const char c : printable_line(text, std::numeric_limits<std::size_t>::max())) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

std::string csv_heading() {
    return "\"source\",\"index\",\"line\",\"subject\",\"verdict\",\"violations\",\"warnings\",\"undetermined\","
           "\"exempt\""
           ",\"waived\",\"expires_at\",\"errors\"\r\n";
}

RecordPiece csv_piece(const RecordReport& record) {
    std::string errors_of_rules, others, open, exempt, waived, unreadable;
    const auto add = [](std::string& to, std::string_view what) {
        if (!to.empty()) to += ' ';
        to += what;
    };
    for (const Violation& violation : record.violations)
        add(violation.severity == Severity::kError ? errors_of_rules : others, violation.rule);
    for (const Undetermined& undetermined : record.undetermined) add(open, undetermined.rule);
    for (const Exempted& exempted : record.exempt) add(exempted.waiver ? waived : exempt, exempted.rule);
    for (const RecordError& error : record.errors) add(unreadable, error.code);

    RecordPiece out;
    const auto cell = [&](std::string_view text) {
        out.text += ',';
        append_csv_cell(out.text, text);
    };
    append_csv_cell(out.text, record.source);
    out.text += ',';
    out.index_at = out.text.size();
    out.text += ',';
    out.line_at = out.text.size();
    cell(record.subject);
    cell(to_string(record.verdict));
    cell(errors_of_rules);
    cell(others);
    cell(open);
    cell(exempt);
    cell(waived);
    cell(line_of(record.expires_at));
    cell(unreadable);
    out.text += "\r\n";
    return out;
}

}  // namespace keywright::report
