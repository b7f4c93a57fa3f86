#include "report/record_parts.h"

#include "report/page.h"
#include "report/text_parts.h"

#include <algorithm>

namespace keywright::report {

namespace {

constexpr int kRanks = 5;

[[nodiscard]] int rank_of(const RecordReport& record) {
    switch (record.verdict) {
        case Verdict::kViolation: return 0;
        case Verdict::kInvalid: return 1;
        case Verdict::kUndetermined: return 2;
        case Verdict::kCompliant: break;
    }
    return record.violations.empty() && record.undetermined.empty() ? 4 : 3;
}

[[nodiscard]] std::string_view pointer_or_record(const std::string& pointer) {
    return pointer.empty() ? std::string_view{"the record"} : std::string_view{pointer};
}

}  // namespace

std::string name_of(const RecordReport& record) {
    return record.subject.empty() ? "record " + std::to_string(record.index) : record.subject;
}

std::string line_of(const RecordError& error) {
    return error.code + ": " + (error.at.empty() ? "" : error.at + ": ") + error.message;
}

std::string line_of(const Violation& violation) {
    return std::string{to_string(violation.severity)} + ": " + violation.rule + ": " + violation.message;
}

std::string line_of(const Undetermined& open) {
    return "undetermined: " + open.rule + ": needs " + joined(open.needs) + " (" +
           std::string{to_string(open.severity)} + ")";
}

std::string line_of(const Exempted& waived) {
    return "waived: " + waived.rule + (waived.waiver ? ' ' + words_of(*waived.waiver) : std::string{}) + ", waiver " +
           waived.by;
}

std::vector<std::pair<std::string, std::string>> evidence_lines(const Report& report) {
    std::vector<std::pair<std::string, std::string>> out = {{"pack", report.rules.pack},
                                                            {"version", report.rules.version},
                                                            {"rules", report.rules.digest},
                                                            {"decided at", to_string(report.evaluated_at)}};
    if (!report.evidence) return out;
    const Evidence& evidence = *report.evidence;
    out.emplace_back("schema", evidence.schema);
    out.emplace_back("parameters", evidence.parameters_digest);
    for (const ParameterEvidence& one : evidence.parameters)
        out.emplace_back("parameter", one.name + " = " + one.value);
    for (const FileEvidence& one : evidence.waivers) out.emplace_back("waivers", one.file + ' ' + one.digest);
    for (const InputEvidence& one : evidence.inputs) out.emplace_back("input", one.source + ' ' + one.digest);
    if (!evidence.adapter.empty()) out.emplace_back("adapter", evidence.adapter);
    out.emplace_back("made by", evidence.tool);
    return out;
}

std::string line_of(const Fact& fact) { return std::string{pointer_or_record(fact.field)} + ' ' + fact.fact; }

std::string line_of(const ExpiresAt& expires) {
    switch (expires.kind) {
        case ExpiresAt::Kind::kNever: return {};
        case ExpiresAt::Kind::kAt: return expires.earliest ? to_string(*expires.earliest) : std::string{};
        case ExpiresAt::Kind::kBetween: break;
    }
    if (expires.earliest && expires.latest)
        return "between " + to_string(*expires.earliest) + " and " + to_string(*expires.latest);
    if (expires.earliest) return "not before " + to_string(*expires.earliest) + ", if ever";
    if (expires.latest) return "at the latest " + to_string(*expires.latest);
    return "perhaps: it hangs on something unknown";
}

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) {
        if (!out.empty()) out += ", ";
        out += pointer_or_record(text);
    }
    return out;
}

std::string sentence_start(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

std::string verdict_of(const Report& report) {
    const Summary summary = report.summary();
    const std::string all = counted(summary.records, "record", "records");
    const auto of_all = [&](std::size_t count, std::string_view one, std::string_view many) {
        if (summary.records == 1) return "the record " + std::string{one};
        return std::to_string(count) + " of " + all + ' ' + std::string{count == 1 ? one : many};
    };
    if (summary.records == 0) return "there was no record to decide";
    if (summary.violation > 0) return of_all(summary.violation, "violates the rules", "violate the rules");
    if (summary.invalid > 0) return of_all(summary.invalid, "can't be read", "can't be read");
    if (summary.undetermined > 0) return of_all(summary.undetermined, "can't be decided", "can't be decided");
    // Rules that aren't of severity error don't make a verdict; that one of them is open isn't kept back.
    const auto open = static_cast<std::size_t>(
        std::ranges::count_if(report.results, [](const RecordReport& record) { return !record.undetermined.empty(); }));
    const std::string fine = summary.records == 1 ? "the record is compliant" : "all " + all + " are compliant";
    return open == 0 ? fine : fine + "; of " + std::to_string(open) + " a rule can't be decided";
}

std::vector<const RecordReport*> worst_first(const Report& report) {
    std::vector<const RecordReport*> out;
    for (int rank = 0; rank < kRanks; ++rank) {
        for (const RecordReport& record : report.results) {
            if (rank_of(record) == rank) out.push_back(&record);
        }
    }
    return out;
}

}  // namespace keywright::report
