// Full results record by record: what stands between the records of one document, and each record as it stands in it.
//
// A record's place isn't known yet where it is written, so its index is left out, and told where it goes.
#pragma once

#include "keywright/report.h"
#include "report/json_writer.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace keywright::report {

// A record as text, without its index (and in CSV its line), which is to be put in at these places.
struct RecordPiece {
    std::string text;
    std::size_t index_at = 0;
    std::size_t line_at = 0;  // of CSV alone
};

// The lines of `to_json_line`, with a line break.
[[nodiscard]] RecordPiece ndjson_piece(const RecordReport& record);

// The elements of `results` in `to_json(Report)`, each with the comma that would stand before it.
class ReportPieces {
public:
    ReportPieces();
    [[nodiscard]] RecordPiece piece(const RecordReport& record);

private:
    JsonWriter json_;
};
// What stands before the first of them, and behind the last; `any`: there is one.
[[nodiscard]] std::string report_head(const RulesIdentity& rules, const std::vector<WaiverGiven>& waivers, Instant now);
[[nodiscard]] std::string report_tail(const Summary& summary, const Evidence& evidence, bool has_waivers, bool any);

// Rows of a table (RFC 4180) in which no cell is a formula to a spreadsheet; the heading is one, too.
[[nodiscard]] std::string csv_heading();
[[nodiscard]] RecordPiece csv_piece(const RecordReport& record);

// A cell in quotes. One that a spreadsheet would take for a formula has an apostrophe before it.
void append_csv_cell(std::string& out, std::string_view text);

}  // namespace keywright::report
