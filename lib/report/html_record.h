// One checked record as an item of a list.
#pragma once

#include "keywright/report.h"
#include "report/html_page.h"

#include <string>

namespace keywright::report {

// Severities of what is found in a record, as words; `none`.
[[nodiscard]] std::string severities_of(const RecordReport& record);

void write_record(HtmlPage& page, const RecordReport& record, Instant now);

}  // namespace keywright::report
