// Results of tests as JUnit XML. There is no standard of it; this is what Ant writes and Jenkins, GitLab and the rest
// read (tests/cli/junit.xsd).
#include "keywright/render.h"
#include "keywright/text.h"
#include "report/failure_lines.h"
#include "report/page.h"

#include <algorithm>
#include <string_view>

namespace keywright {

namespace {

// Text for content and for attributes in double quotes. `printable` has turned controls, line breaks and malformed
// UTF-8 into escapes; what is left that XML 1.0 forbids are U+FFFE and U+FFFF.
void append_escaped(std::string& out, std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view rest = text.substr(i);
        switch (text[i]) {
            case '&': out += "&amp;"; continue;
            case '<': out += "&lt;"; continue;
            case '>': out += "&gt;"; continue;
            case '"': out += "&quot;"; continue;
            default: break;
        }
        if (rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf")) {
            out += rest[2] == '\xbe' ? "\\u{fffe}" : "\\u{ffff}";
            i += 2;
            continue;
        }
        out += text[i];
    }
}

class Xml {
public:
    Xml& raw(std::string_view text) {
        out_ += text;
        return *this;
    }
    Xml& attribute(std::string_view name, std::string_view value, std::size_t limit = report::kProseLimit) {
        out_ += ' ';
        out_ += name;
        out_ += "=\"";
        append_escaped(out_, printable(value, limit));
        out_ += '"';
        return *this;
    }
    Xml& attribute(std::string_view name, std::size_t value) { return attribute(name, std::to_string(value)); }
    // A line of content. The document may end up in the log of a CI system, so it is harmless there too.
    Xml& line(std::string_view text) {
        append_escaped(out_, printable_line(text, report::kProseLimit));
        out_ += '\n';
        return *this;
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::string out_;
};

[[nodiscard]] std::size_t failures_in(const std::vector<TestResult>& tests) {
    return static_cast<std::size_t>(std::ranges::count_if(tests, [](const TestResult& test) { return !test.passed; }));
}

// A test fails once, whatever it consists of: most readers know one `failure` a test.
void write_failure(Xml& xml, const TestResult& test) {
    const bool told = !test.failures.empty();
    const std::string message = told ? "expected " + test.failures.front().expected : "failed";
    xml.raw("      <failure").attribute("message", message).attribute("type", "expectation").raw(">");
    for (const TestResult::Failure& failure : test.failures) {
        xml.line(failure.range.file + ':' + std::to_string(failure.range.line));
        for (const auto& [label, text] : report::lines_of(failure))
            xml.line(std::string{label} + std::string(label.size() < 9 ? 9 - label.size() : 1, ' ') + text);
        std::string_view rest = failure.difference;
        while (!rest.empty()) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            xml.line(line);
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        }
    }
    xml.raw("</failure>\n");
}

void write_test(Xml& xml, const TestedPack& pack, const TestResult& test) {
    xml.raw("    <testcase").attribute("classname", pack.rules.pack).attribute("name", test.name);
    xml.attribute("file", test.range.file).attribute("line", test.range.line).attribute("time", "0");
    if (test.passed) {
        xml.raw("/>\n");
        return;
    }
    xml.raw(">\n");
    write_failure(xml, test);
    xml.raw("    </testcase>\n");
}

}  // namespace

std::string to_junit(const std::vector<TestedPack>& run) {
    std::size_t tests = 0;
    std::size_t failures = 0;
    for (const TestedPack& pack : run) {
        tests += pack.tests.size();
        failures += failures_in(pack.tests);
    }
    Xml xml;
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites").attribute("name", "keywright");
    xml.attribute("tests", tests).attribute("failures", failures).attribute("errors", std::size_t{0});
    xml.attribute("time", "0").raw(">\n");
    for (const TestedPack& pack : run) {
        xml.raw("  <testsuite").attribute("name", pack.entry).attribute("package", pack.rules.pack);
        xml.attribute("tests", pack.tests.size()).attribute("failures", failures_in(pack.tests));
        xml.attribute("errors", std::size_t{0}).attribute("skipped", std::size_t{0}).attribute("time", "0").raw(">\n");
        for (const TestResult& test : pack.tests) write_test(xml, pack, test);
        xml.raw("  </testsuite>\n");
    }
    return xml.raw("</testsuites>\n").take();
}

}  // namespace keywright
