// Results of tests as JUnit XML. There is no standard of it; this is what Ant writes and Jenkins, GitLab and the rest
// read (tests/cli/junit.xsd).
#include "keywright/render.h"
#include "report/failure_lines.h"
#include "report/markup.h"

#include <algorithm>
#include <string_view>

namespace keywright {

namespace {

using Xml = report::Markup;

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
