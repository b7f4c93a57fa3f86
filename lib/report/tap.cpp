// Results of tests in the Test Anything Protocol, version 13 (testanything.org), which Perl's `prove` reads.
#include "keywright/render.h"
#include "keywright/text.h"
#include "report/failure_lines.h"
#include "report/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace keywright {

namespace {

// A `#` would begin a directive, such as one that excuses a failure.
[[nodiscard]] std::string description(std::string_view text) {
    std::string out;
    for (const char c : printable(text, report::kProseLimit)) {
        if (c == '#' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

// A text between double quotes in YAML; `printable` leaves nothing else to escape.
[[nodiscard]] std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : printable(text, report::kProseLimit)) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

// One list element a failure. Lines of a difference are a list too: every reader of YAML agrees on what that means.
void write_failures(std::string& out, const TestResult& test) {
    out += "  ---\n";
    out +=
        "  message: " + quoted(test.failures.empty() ? "failed" : "expected " + test.failures.front().expected) + '\n';
    out += "  severity: fail\n";
    out += "  file: " + quoted(test.range.file) + '\n';
    out += "  line: " + std::to_string(test.range.line) + '\n';
    if (!test.failures.empty()) out += "  failures:\n";
    for (const TestResult::Failure& failure : test.failures) {
        out += "    - file: " + quoted(failure.range.file) + '\n';
        out += "      line: " + std::to_string(failure.range.line) + '\n';
        std::string_view before;
        for (const auto& [label, text] : report::lines_of(failure)) {
            // Of some there may be several, so these are always a list.
            const bool is_list = label == "because";
            if (label != before) out += fmt::format("      {}:{}", label, is_list ? "\n" : " ");
            out += (is_list ? "        - " : "") + quoted(text) + '\n';
            before = label;
        }
        if (!failure.difference.empty()) out += "      difference:\n";
        std::string_view rest = failure.difference;
        while (!rest.empty()) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            out += "        - " + quoted(line) + '\n';
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        }
    }
    out += "  ...\n";
}

}  // namespace

std::string to_tap(const std::vector<TestedPack>& run) {
    std::size_t tests = 0;
    for (const TestedPack& pack : run) tests += pack.tests.size();
    std::string out = "TAP version 13\n1.." + std::to_string(tests) + '\n';
    std::size_t number = 0;
    for (const TestedPack& pack : run) {
        for (const TestResult& test : pack.tests) {
            out += (test.passed ? "ok " : "not ok ") + std::to_string(++number) + " - " + description(test.name) + '\n';
            if (!test.passed) write_failures(out, test);
        }
    }
    return out;
}

}  // namespace keywright
