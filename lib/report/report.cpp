// The small functions of the result structs.
#include "keywright/report.h"

#include <algorithm>
#include <tuple>

namespace keywright {

namespace {

[[nodiscard]] auto parts(const SourceRange& range) {
    return std::tie(range.file, range.begin, range.end, range.line, range.column, range.end_line, range.end_column);
}

}  // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::kCompliant: return "compliant";
        case Verdict::kViolation: return "violation";
        case Verdict::kUndetermined: return "undetermined";
        case Verdict::kInvalid: return "invalid";
    }
    return {};
}

bool operator==(const Violation& a, const Violation& b) {
    return std::tie(a.rule, a.severity, a.message, a.help, a.cites, a.fields, a.because, a.deadline) ==
               std::tie(b.rule, b.severity, b.message, b.help, b.cites, b.fields, b.because, b.deadline) &&
           parts(a.rule_range) == parts(b.rule_range);
}

bool is_waived(const RecordReport& record) {
    return std::any_of(record.exempt.begin(), record.exempt.end(),
                       [](const Exempted& exempted) { return exempted.waiver.has_value(); });
}

Summary Report::summary() const {
    Summary out;
    out.records = results.size();
    for (const RecordReport& record : results) {
        switch (record.verdict) {
            case Verdict::kCompliant: ++out.compliant; break;
            case Verdict::kViolation: ++out.violation; break;
            case Verdict::kUndetermined: ++out.undetermined; break;
            case Verdict::kInvalid: ++out.invalid; break;
        }
        if (is_waived(record)) ++out.waived;
        for (const Violation& violation : record.violations) ++out.by_rule[violation.rule];
    }
    return out;
}

}  // namespace keywright
