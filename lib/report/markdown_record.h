// One checked record as rows of a table.
#pragma once

#include "keywright/report.h"

#include <string>
#include <vector>

namespace keywright::report {

// `| cell | cell |` with its line break; the cells are Markdown.
[[nodiscard]] std::string markdown_row(const std::vector<std::string>& cells);

// Record, outcome, rule, what: a row for each thing found in it; empty where there is none.
[[nodiscard]] std::string markdown_rows(const RecordReport& record);

}  // namespace keywright::report
