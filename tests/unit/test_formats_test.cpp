// Results of tests as JUnit XML and TAP, and snapshot tests through the library.
#include "support/compiling.h"

#include "keywright/render.h"
#include "keywright/testing.h"
#include "keywright/text.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

using namespace keywright;

namespace {

TestedPack pack_of(std::vector<TestResult> tests) {
    TestedPack pack;
    pack.entry = "rules/desk";
    pack.rules.pack = "desk";
    pack.tests = std::move(tests);
    return pack;
}

TestResult passed(const std::string& name) {
    TestResult test;
    test.name = name;
    test.range.file = "a.kw";
    test.passed = true;
    return test;
}

TestResult failed(const std::string& name, const std::string& actual, const std::string& difference = {}) {
    TestResult test = passed(name);
    test.passed = false;
    TestResult::Failure failure;
    failure.range.file = "a.kw";
    failure.range.line = 7;
    failure.expected = "none";
    failure.actual = actual;
    failure.difference = difference;
    test.failures.push_back(failure);
    return test;
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// What no XML 1.0 document may hold, and what would act on a terminal.
bool is_harmless(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return false;
    }
    return !holds(text, "\xef\xbf\xbe") && !holds(text, "\xef\xbf\xbf") && !holds(text, "\xff");
}

const std::string kHostile = "a\x1b[2J\"<&>'\n::error::x \xef\xbf\xbe\xef\xbf\xbf \xff ]]> # TODO \\";

}  // namespace

TEST_CASE("JUnit: a suite for each entry, a case for each test, and the numbers add up") {
    const std::string text =
        to_junit({pack_of({passed("one"), failed("two", "`x` (error)")}), pack_of({passed("three")})});
    CHECK(
        text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<testsuites name=\"keywright\" tests=\"3\" failures=\"1\" errors=\"0\" time=\"0\">\n"));
    CHECK(holds(text,
                "  <testsuite name=\"rules/desk\" package=\"desk\" tests=\"2\" failures=\"1\" errors=\"0\" "
                "skipped=\"0\" time=\"0\">\n"));
    CHECK(holds(text, "    <testcase classname=\"desk\" name=\"one\" file=\"a.kw\" line=\"1\" time=\"0\"/>\n"));
    CHECK(holds(text,
                "<failure message=\"expected none\" type=\"expectation\">a.kw:7\nexpected none\n"
                "got      `x` (error)\n</failure>"));
}

TEST_CASE("JUnit: what XML can't hold is written as an escape") {
    const std::string text = to_junit({pack_of({failed(kHostile, kHostile, "-" + kHostile + "\n+b\n")})});
    CHECK(is_harmless(text));
    CHECK(holds(text, "\\u{1b}[2J&quot;&lt;&amp;&gt;"));
    CHECK(holds(text, "\\u{fffe}\\u{ffff}"));
    CHECK(holds(text, "\n+b\n"));
    CHECK_FALSE(holds(text, "]]>"));
    CHECK_FALSE(holds(text, "\n::"));
}

TEST_CASE("TAP: a plan, a line a test, and failures below it") {
    const std::string text =
        to_tap({pack_of({passed("one"), failed("two", "so \"and\" so", "-a\n+b\n")}), pack_of({passed("three")})});
    CHECK(text ==
          "TAP version 13\n1..3\nok 1 - one\nnot ok 2 - two\n  ---\n  message: \"expected none\"\n  severity: fail\n"
          "  file: \"a.kw\"\n  line: 1\n  failures:\n    - file: \"a.kw\"\n      line: 7\n      expected: \"none\"\n"
          "      got: \"so \\\"and\\\" so\"\n      difference:\n        - \"-a\"\n        - \"+b\"\n  ...\n"
          "ok 3 - three\n");
}

TEST_CASE("TAP: a name can't excuse its failure, nor begin a line of its own") {
    const std::string text = to_tap({pack_of({failed("fails # TODO later", "x"), failed(kHostile, kHostile)})});
    CHECK(holds(text, "not ok 1 - fails \\# TODO later\n"));
    CHECK(is_harmless(text));
    CHECK(holds(text, "not ok 2 - a\\\\u{1b}[2J\"<&>'\\\\u{a}::error::x "));
    CHECK(holds(text, "]]> \\# TODO \\\\\n  ---\n"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 26);
}

TEST_CASE("a difference is part of the JSON where there is one") {
    const auto plain = nlohmann::json::parse(to_json_line(failed("t", "x")));
    CHECK_FALSE(plain.at("failures").at(0).contains("difference"));
    const auto with = nlohmann::json::parse(to_json_line(failed("t", "x", "-a\n+b\n")));
    CHECK(with.at("failures").at(0).at("difference") == "-a\n+b\n");
}

TEST_CASE("pretty shows the lines of a difference, and none of them acts on anything") {
    const std::string text = to_pretty(failed("t", "x", "--- f\n+++ f\n@@ -1 +1 @@\n-a\x1b[2J\n+b\n :: c\n"));
    CHECK(holds(text, "\n    -a\\u{1b}[2J\n    +b\n"));
    CHECK(is_harmless(text));
}

TEST_CASE("a snapshot passes where the same comes out, whatever the pack is called") {
    const Rules rules = *compile_text(test::pack_text("n: int 0..9", "rule small { require n < 5 }")).rules;
    Snapshot snapshot{.name = "seven", .json = R"({"n": 7})", .file = "seven.json"};
    snapshot.check.now = test::at("2026-01-01T00:00:00Z");
    snapshot.check.source = "seven.json";
    snapshot.recording = "seven.report.json";
    SnapshotResult result = run_snapshot(rules, snapshot);
    CHECK_FALSE(result.test.passed);
    REQUIRE(result.test.failures.size() == 1);
    CHECK(result.test.failures[0].expected == "a recording");
    CHECK(result.test.failures[0].difference == "");
    const auto recorded = nlohmann::json::parse(result.text);
    CHECK(recorded.at("schema") == "keywright.snapshot/1");
    CHECK(recorded.at("evaluated_at") == "2026-01-01T00:00:00Z");
    CHECK(recorded.at("results").at(0).at("verdict") == "violation");
    CHECK_FALSE(recorded.contains("rules"));

    snapshot.recorded = result.text;
    CHECK(run_snapshot(rules, snapshot).test.passed);
    // Another text of the same meaning has another digest.
    const Rules same = *compile_text(test::pack_text("n: int 0..9", "// \nrule small { require n < 5 }")).rules;
    CHECK(same.identity().digest != rules.identity().digest);
    CHECK(run_snapshot(same, snapshot).test.passed);

    const Rules other = *compile_text(test::pack_text("n: int 0..9", "rule small { require n < 8 }")).rules;
    result = run_snapshot(other, snapshot);
    CHECK_FALSE(result.test.passed);
    REQUIRE(result.test.failures.size() == 1);
    CHECK(holds(result.test.failures[0].difference, "\n-      \"verdict\": \"violation\",\n"));
    CHECK(holds(result.test.failures[0].difference, "\n+      \"verdict\": \"compliant\",\n"));
    // What can't be read is a result, too.
    snapshot.json = "{";
    CHECK(holds(run_snapshot(rules, snapshot).text, "\"invalid\""));
}
