#include "report/audit_parts.h"

#include "diag/diag.h"
#include "report/page.h"

#include <algorithm>
#include <tuple>

namespace keywright::report {

std::vector<const AuditedRule*> rules_found(const AuditReport& report) {
    std::vector<const AuditedRule*> out;
    for (const AuditedRule& rule : report.by_rule) {
        if (rule.violated + rule.warned + rule.undetermined + rule.perhaps_warned > 0) out.push_back(&rule);
    }
    std::ranges::sort(out, [](const AuditedRule* a, const AuditedRule* b) {
        if (a->severity != b->severity) return a->severity > b->severity;
        // Of rules that say as much, the one that is declared first.
        return std::tuple{b->violated + b->warned, b->undetermined + b->perhaps_warned, a} <
               std::tuple{a->violated + a->warned, a->undetermined + a->perhaps_warned, b};
    });
    return out;
}

std::string verdict_of(const AuditReport& report) {
    const std::string all = counted(static_cast<std::size_t>(report.records), "record", "records");
    const auto of_all = [&](std::uint64_t count, std::string_view one, std::string_view many) {
        return std::to_string(count) + " of " + all + ' ' + std::string{count == 1 ? one : many};
    };
    std::string out;
    if (report.records == 0) {
        out = "there was no record to decide";
    } else if (report.violation > 0) {
        out = of_all(report.violation, "violates the rules", "violate the rules");
    } else if (report.invalid > 0) {
        out = of_all(report.invalid, "can't be read", "can't be read");
    } else if (report.undetermined > 0) {
        out = of_all(report.undetermined, "can't be decided", "can't be decided");
    } else {
        out = report.records == 1 ? "the record is compliant" : "all " + all + " are compliant";
        if (report.open > 0) out += "; of " + std::to_string(report.open) + " a rule can't be decided";
    }
    return report.complete ? out : out + ", and not all was read";
}

std::vector<std::string> gaps_of(const AuditReport& report) {
    std::vector<std::string> out;
    for (const AuditedInput& input : report.inputs) {
        if (input.complete) continue;
        std::string line = input.source + ": read up to byte " + std::to_string(input.bytes) + ", line " +
                           std::to_string(input.lines + 1) + " only";
        if (input.problem) line += ": " + input.problem->message;
        out.push_back(std::move(line));
    }
    if (out.empty() && !report.complete) out.emplace_back("inputs were left out");
    return out;
}

std::string sample_of(const AuditSample& sample) {
    std::string out;
    const auto add = [&](const std::vector<std::string>& names, std::string_view behind) {
        for (const std::string& name : names) {
            if (!out.empty()) out += ", ";
            out += name;
            out += behind;
        }
    };
    add(sample.errors, "");
    add(sample.violates, "");
    add(sample.undetermined, " (undetermined)");
    return out;
}

Summary summary_of(const AuditReport& report) {
    Summary out;
    out.records = static_cast<std::size_t>(report.records);
    out.compliant = static_cast<std::size_t>(report.compliant);
    out.violation = static_cast<std::size_t>(report.violation);
    out.undetermined = static_cast<std::size_t>(report.undetermined);
    out.invalid = static_cast<std::size_t>(report.invalid);
    out.waived = static_cast<std::size_t>(report.waived);
    return out;
}

std::string_view title_of_error(std::string_view code) {
    const auto codes = diag::all_codes();
    const auto found = std::ranges::find(codes, code, &diag::CodeInfo::code);
    return found == codes.end() ? std::string_view{} : found->title;
}

}  // namespace keywright::report
