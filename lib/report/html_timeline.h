// When the keys of an inventory expire, as a chart and as a table that says the same.
#pragma once

#include "keywright/report.h"
#include "report/html_page.h"

namespace keywright::report {

// The section `expiries`. Spans are counted from the instant of evaluation, so that what has expired and what hasn't
// never share a bar. Linear in the records, and log-linear in those that expire.
void write_timeline(HtmlPage& page, const Report& report);

}  // namespace keywright::report
