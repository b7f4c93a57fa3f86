// Findings one a line: `compact` for tools that read logs, and GitHub's workflow commands.
#include "keywright/text.h"
#include "report/failure_lines.h"
#include "report/page.h"
#include "report/text_parts.h"

#include <algorithm>

namespace keywright {

namespace {

using report::github_data;
using report::github_level;
using report::github_property;
using report::kProseLimit;

[[nodiscard]] std::string prose(std::string_view text) { return printable(text, kProseLimit); }

[[nodiscard]] std::string place_of(const SourceRange& range) {
    return range.file + ':' + std::to_string(range.line) + ':' + std::to_string(range.column + 1);
}

[[nodiscard]] std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) {
        if (!out.empty()) out += ", ";
        out += text;
    }
    return out;
}

// `keys.json#0 my bot: `
[[nodiscard]] std::string head_of(const RecordReport& record) {
    std::string out = printable_line(record.source) + '#' + std::to_string(record.index);
    if (!record.subject.empty()) out += ' ' + printable(record.subject);
    return out + ": ";
}

// The data of a command in several parts, each on a line of its own in the annotation, within what GitHub takes.
[[nodiscard]] std::string github_lines(const std::vector<std::string>& parts) {
    constexpr std::size_t kRoom = 4'000 - 1;  // bytes; what is cut ends with `…`
    constexpr std::string_view kCut = "…";
    std::string out;
    for (const std::string& part : parts) {
        if (part.empty()) continue;
        const std::string line = (out.empty() ? "" : "%0A") + github_data(part);
        if (out.size() + line.size() <= kRoom) {
            out += line;
            continue;
        }
        std::size_t size = kRoom - std::min(kRoom, out.size() + kCut.size());
        // Neither a character nor an escape of three is cut in two.
        while (size > 0 && (static_cast<unsigned char>(line[size]) & 0xc0) == 0x80) --size;
        const std::size_t escape = line.rfind('%', size);
        if (escape != std::string::npos && escape < size && size - escape < 3) size = escape;
        out.append(line, 0, size).append(kCut);
        break;
    }
    return out;
}

[[nodiscard]] std::string github_command(std::string_view level, const std::string& properties,
                                         const std::string& data) {
    return "::" + std::string{level} + ' ' + properties + "::" + data + '\n';
}

[[nodiscard]] std::string github_place(const SourceRange& range) {
    return "file=" + github_property(range.file) + ",line=" + std::to_string(range.line) +
           ",endLine=" + std::to_string(range.end_line) + ",col=" + std::to_string(range.column + 1) +
           ",endColumn=" + std::to_string(range.end_column + 1);
}

[[nodiscard]] std::string label_of(const Diagnostic& diagnostic) {
    return std::string{to_string(diagnostic.severity)} + '[' + printable(diagnostic.code) + ']';
}

[[nodiscard]] std::string help_of(std::string_view help) { return help.empty() ? "" : "help: " + std::string{help}; }

}  // namespace

std::string to_compact(const RecordReport& record) {
    const std::string head = head_of(record);
    std::string out;
    for (const RecordError& error : record.errors) {
        out += head + "invalid: " + printable(error.code) + ": " +
               (error.at.empty() ? "" : printable(error.at) + ": ") + prose(error.message) + '\n';
    }
    for (const Violation& violation : record.violations) {
        out += head + std::string{to_string(violation.severity)} + ": " + printable(violation.rule) + ": " +
               prose(violation.message) + '\n';
    }
    for (const Undetermined& undetermined : record.undetermined) {
        out += head + "undetermined: " + printable(undetermined.rule) + ": needs " + prose(joined(undetermined.needs)) +
               '\n';
    }
    for (const Exempted& exempted : record.exempt) {
        if (exempted.waiver)
            out +=
                head + "waived: " + printable(exempted.rule) + ": " + prose(report::words_of(*exempted.waiver)) + '\n';
    }
    return out;
}

std::string to_github(const RecordReport& record) {
    const std::string file = "file=" + github_property(record.source);
    const std::string head = record.source + '#' + std::to_string(record.index) +
                             (record.subject.empty() ? "" : ' ' + record.subject) + ": ";
    std::string out;
    for (const RecordError& error : record.errors) {
        const std::string at = error.at.empty() ? "" : error.at + ": ";
        out += github_command("error", file + ",title=" + github_property(error.code),
                              github_lines({head + at + error.message, help_of(error.help)}));
    }
    for (const Violation& violation : record.violations) {
        out += github_command(github_level(violation.severity), file + ",title=" + github_property(violation.rule),
                              github_lines({head + violation.message, help_of(violation.help)}));
    }
    for (const Undetermined& undetermined : record.undetermined) {
        out += github_command("warning", file + ",title=" + github_property(undetermined.rule),
                              github_lines({head + "undetermined, needs " + joined(undetermined.needs)}));
    }
    for (const Exempted& exempted : record.exempt) {
        if (exempted.waiver)
            out += github_command("notice", file + ",title=" + github_property(exempted.rule),
                                  github_lines({head + "waived " + report::words_of(*exempted.waiver)}));
    }
    return out;
}

std::string to_compact(const Diagnostic& diagnostic) {
    const std::string message = label_of(diagnostic) + ": " + prose(diagnostic.message) + '\n';
    if (diagnostic.labels.empty()) return message;
    return printable_line(place_of(diagnostic.labels.front().range)) + ": " + message;
}

std::string to_github(const Diagnostic& diagnostic) {
    const std::string title = "title=" + github_property(diagnostic.code);
    const std::string place = diagnostic.labels.empty() ? "" : github_place(diagnostic.labels.front().range) + ',';
    return github_command(github_level(diagnostic.severity), place + title,
                          github_lines({diagnostic.message, help_of(diagnostic.help)}));
}

std::string to_compact(const TestResult& test) {
    std::string out;
    for (const TestResult::Failure& failure : test.failures) {
        out += printable_line(place_of(failure.range)) + ": failed: " + printable(test.name) + ": expected " +
               prose(failure.expected) + ", got " + prose(failure.actual);
        if (!failure.where.empty()) out += ", where " + prose(failure.where);
        for (const std::string& line : failure.because) out += "; " + prose(line);
        if (!failure.record.empty()) out += "; record " + prose(failure.record);
        out += '\n';
    }
    if (!test.passed && test.failures.empty()) {
        out += printable_line(place_of(test.range)) + ": failed: " + printable(test.name) + '\n';
    }
    return out;
}

std::string to_github(const TestResult& test) {
    const std::string title = ",title=" + github_property(test.name);
    std::string out;
    for (const TestResult::Failure& failure : test.failures) {
        std::vector<std::string> lines;
        for (const auto& [label, text] : report::lines_of(failure)) lines.push_back(std::string{label} + ' ' + text);
        out += github_command("error", github_place(failure.range) + title, github_lines(lines));
    }
    if (!test.passed && test.failures.empty()) {
        out += github_command("error", github_place(test.range) + title, "failed");
    }
    return out;
}

}  // namespace keywright
