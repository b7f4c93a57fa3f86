// What a trace finds, one line each, and as annotations.
#include "keywright/render_trace.h"
#include "keywright/text.h"
#include "report/page.h"

namespace keywright {

std::string to_compact(const Trace& trace) {
    std::string out;
    for (const TraceFinding& finding : findings(trace)) {
        // What is wrong with a text that was given has no place in a rule file.
        if (!finding.range.file.empty())
            out += printable_line(finding.range.file) + ":" + std::to_string(finding.range.line) + ": ";
        out += std::string{to_string(finding.kind)} + ": " + printable(finding.message, report::kProseLimit) + "\n";
    }
    return out;
}

std::string to_github(const Trace& trace) {
    std::string out;
    for (const TraceFinding& finding : findings(trace)) {
        out += finding.kind == TraceFinding::Kind::kUndecided ? "::warning" : "::error";
        if (!finding.range.file.empty())
            out +=
                " file=" + report::github_property(finding.range.file) + ",line=" + std::to_string(finding.range.line);
        out += "::" + report::github_data(finding.message) + "\n";
    }
    return out;
}

}  // namespace keywright
