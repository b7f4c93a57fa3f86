#include "report/failure_lines.h"

namespace keywright::report {

namespace {

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
    return out;
}

}  // namespace

std::vector<FailureLine> lines_of(const TestResult::Failure& failure) {
    std::vector<FailureLine> out{{"expected", failure.expected}, {"got", failure.actual}};
    const auto add = [&](std::string_view label, const std::string& text) {
        if (!text.empty()) out.push_back({label, text});
    };
    add("where", failure.where);
    add("missing", joined(failure.missing));
    add("extra", joined(failure.unexpected));
    for (const std::string& line : failure.because) add("because", line);
    add("record", failure.record);
    return out;
}

}  // namespace keywright::report
