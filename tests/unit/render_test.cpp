// Texts for people and for logs: layout, places in source, and that nothing in them can act on a terminal or a CI
// system.
#include "keywright/render.h"
#include "keywright/text.h"
#include "report/page.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using keywright::Compiled;
using keywright::Diagnostic;
using keywright::ExpiresAt;
using keywright::Instant;
using keywright::RecordReport;
using keywright::Severity;
using keywright::SourceRange;
using keywright::Style;
using keywright::Verdict;
using keywright::Violation;

namespace {

Instant at(const char* text) { return keywright::parse_instant(text).value(); }

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

RecordReport spot_bot() {
    RecordReport record;
    record.subject = "spot bot";
    record.source = "keys.json";
    record.verdict = Verdict::kViolation;
    Violation violation;
    violation.rule = "idle_spot_key_expires";
    violation.severity = Severity::kWarning;
    violation.message = "the key is about to be deleted";
    violation.help = "use the key";
    violation.cites = {{"guide", "2.trading.expiry", "idle keys are deleted"}};
    violation.because = {{"/permissions", "contains spot"}, {"/ip_allowlist", "is empty"}};
    violation.deadline = at("2026-02-19T08:30:00Z");
    violation.rule_range = {"rules.kw", 0, 1, 12, 0, 12, 1};
    record.violations = {violation};
    record.undetermined = {{"other_rule", Severity::kError, {"/last_used_at", "/name"}}};
    record.exempt = {{"third_rule", "general_only"}};
    record.expires_at = {ExpiresAt::Kind::kAt, at("2026-02-19T08:30:00Z"), at("2026-02-19T08:30:00Z")};
    return record;
}

// The diagnostic about bytes [begin, end) of `text`, the only file.
struct OneFile {
    std::string text;
    SourceRange range(std::size_t begin, std::size_t end) const {
        const auto place = [&](std::size_t offset, std::size_t& line, std::size_t& column) {
            line = 1, column = 0;
            for (std::size_t i = 0; i < offset; ++i) {
                ++column;
                if (text[i] == '\n') ++line, column = 0;
            }
        };
        SourceRange out{"a.kw", begin, end, 1, 0, 1, 0};
        place(begin, out.line, out.column);
        place(end, out.end_line, out.end_column);
        return out;
    }
    SourceRange range_of(std::string_view part) const { return range(text.find(part), text.find(part) + part.size()); }
    std::vector<Compiled::File> files() const { return {{"a.kw", text}}; }
};

Diagnostic unknown_name(const SourceRange& range) {
    Diagnostic out;
    out.code = "KW2001";
    out.message = "unknown name `ip_alowlist`";
    out.labels = {{range, "not declared"}};
    return out;
}

// What hostile text must not leave in any output.
void check_harmless(const std::string& output) {
    for (const char c : output) {
        const auto byte = static_cast<unsigned char>(c);
        CHECK_MESSAGE((byte >= 0x20 || c == '\n'), output);
        CHECK(byte != 0x7f);
    }
    for (const char* hidden : {"\u009b", "\u0085", "\u202e", "\u2066", "\u200b", "\u2028"})
        CHECK_FALSE(holds(output, hidden));
    CHECK_FALSE(holds(output, "##"));
    for (std::size_t line = 0; line < output.size();) {
        const std::size_t first = output.find_first_not_of(' ', line);
        CHECK_FALSE(
            std::string_view{output}.substr(first == std::string::npos ? output.size() : first).starts_with("::"));
        const std::size_t end = output.find('\n', line);
        if (end == std::string::npos) break;
        line = end + 1;
    }
}

const std::string kHostile =
    "::error::x\x1b[31m\n::set-output "
    "name=a::b\r##[command]##vso[task]\u202e\u2066\u009b2J\u0085\u200b\u2028\t\x7f\xff%0A::warning::y";

}  // namespace

TEST_CASE("a record says verdict, rule, reason, clause, deadline and help") {
    const std::string text = keywright::to_pretty(spot_bot(), {}, at("2026-02-15T00:00:00Z"), {});
    CHECK(text ==
          "✗ violation  spot bot  keys.json#0\n"
          "\n"
          "  warning  idle_spot_key_expires  rules.kw:12\n"
          "    the key is about to be deleted\n"
          "    because   /permissions contains spot\n"
          "              /ip_allowlist is empty\n"
          "    clause    guide 2.trading.expiry: “idle keys are deleted”\n"
          "    deadline  2026-02-19T08:30:00Z, in 4 days 8 hours\n"
          "    help      use the key\n"
          "\n"
          "  undetermined  other_rule  (error)\n"
          "    needs     /last_used_at, /name\n"
          "\n"
          "  exempt      third_rule, by general_only\n"
          "  expires     2026-02-19T08:30:00Z, in 4 days 8 hours\n");
}

TEST_CASE("a record that can't be read says where and why") {
    RecordReport record;
    record.source = "keys.json";
    record.index = 7;
    record.errors = {{"KW6019", "/ip_allowlist/0", "`1.2.3` is not a network", "write an address"},
                     {"KW6001", "", "not JSON", ""}};
    CHECK(keywright::to_pretty(record, {}, {}, {}) ==
          "! invalid  (no name)  keys.json#7\n"
          "\n"
          "  error[KW6019]  /ip_allowlist/0\n"
          "    `1.2.3` is not a network\n"
          "    help      write an address\n"
          "\n"
          "  error[KW6001]  the record\n"
          "    not JSON\n");
}

TEST_CASE("an expiry that hangs on something unknown is told as an interval") {
    RecordReport record;
    record.verdict = Verdict::kUndetermined;
    const Instant now = at("2026-02-15T00:00:00Z");
    const auto line = [&](std::optional<Instant> earliest, std::optional<Instant> latest) {
        record.expires_at = {ExpiresAt::Kind::kBetween, earliest, latest};
        const std::string text = keywright::to_pretty(record, {}, now, {});
        return text.substr(text.find('\n') + 1);
    };
    const Instant before = at("2026-02-14T00:00:00Z");
    const Instant after = at("2026-02-16T01:00:00Z");
    CHECK(line(before, after) ==
          "  expires     between 2026-02-14T00:00:00Z, 1 day ago, and 2026-02-16T01:00:00Z, in 1 day 1 hour\n");
    CHECK(line(after, {}) == "  expires     not before 2026-02-16T01:00:00Z, in 1 day 1 hour, if ever\n");
    CHECK(line({}, after) == "  expires     at the latest 2026-02-16T01:00:00Z, in 1 day 1 hour\n");
    CHECK(line({}, {}) == "  expires     perhaps: it hangs on something unknown\n");
    record.expires_at = {ExpiresAt::Kind::kAt, now, now};
    CHECK(holds(keywright::to_pretty(record, {}, now, {}), "  expired     2026-02-15T00:00:00Z, now\n"));
}

TEST_CASE("the distance of instants is told in its two largest units") {
    const Instant now = at("2026-02-15T00:00:00Z");
    CHECK(keywright::report::relative(at("2026-02-19T08:30:00Z"), now) == "in 4 days 8 hours");
    CHECK(keywright::report::relative(at("2026-02-19T00:30:00Z"), now) == "in 4 days");
    CHECK(keywright::report::relative(at("2026-02-14T23:58:59Z"), now) == "1 minute 1 second ago");
    CHECK(keywright::report::relative(at("2026-02-15T00:00:00.5Z"), now) == "in less than a second");
    CHECK(keywright::report::relative(at("2026-02-14T23:59:58.5Z"), now) == "1 second ago");
    CHECK(keywright::report::relative(now, now) == "now");
}

TEST_CASE("the summary leaves out what is not there") {
    keywright::Summary summary;
    summary.records = 3;
    summary.compliant = 1;
    summary.violation = 2;
    summary.by_rule = {{"a", 2}};
    CHECK(keywright::to_pretty(summary, {"p", "1.0.0", ""}, at("2026-02-15T00:00:00Z"), {}) ==
          "violated rules\n"
          "  2   a\n"
          "\n"
          "3 records: 2 violations, 1 compliant  p 1.0.0, at 2026-02-15T00:00:00Z\n");
    CHECK(holds(keywright::to_pretty(keywright::Summary{}, {}, {}, {}), "0 records: nothing to decide"));
}

TEST_CASE("compact is one line a finding") {
    CHECK(keywright::to_compact(spot_bot()) ==
          "keys.json#0 spot bot: warning: idle_spot_key_expires: the key is about to be deleted\n"
          "keys.json#0 spot bot: undetermined: other_rule: needs /last_used_at, /name\n");
    RecordReport good;
    good.verdict = Verdict::kCompliant;
    CHECK(keywright::to_compact(good).empty());
}

TEST_CASE("commands for GitHub escape what would end them early") {
    RecordReport record;
    record.source = "a,b:c%.json";
    record.errors = {{"KW6001", "/x", "100 % broken: a, b", ""}};
    CHECK(keywright::to_github(record) ==
          "::error file=a%2Cb%3Ac%25.json,title=KW6001::a,b:c%25.json#0: /x: 100 %25 broken: a, b\n");
    const std::string text = keywright::to_github(spot_bot());
    CHECK(
        text.starts_with("::warning file=keys.json,title=idle_spot_key_expires::keys.json#0 spot bot: the key is about "
                         "to be deleted%0Ahelp: use the key\n"));
}

TEST_CASE("colour goes round our words and is closed again") {
    const std::string plain = keywright::to_pretty(spot_bot(), {}, {}, {});
    std::string colored = keywright::to_pretty(spot_bot(), {}, {}, {.color = true});
    CHECK(holds(colored, "\x1b[1;31m✗\x1b[0m"));
    // Without its colours it is the plain text.
    for (std::size_t begin = 0; (begin = colored.find('\x1b', begin)) != std::string::npos;) {
        colored.erase(begin, colored.find('m', begin) - begin + 1);
    }
    CHECK(colored == plain);
}

TEST_CASE("prose is folded at the width, words stay whole") {
    RecordReport record = spot_bot();
    record.violations[0].message = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
    const std::string text = keywright::to_pretty(record, {}, {}, {.color = false, .width = 40});
    CHECK(holds(text,
                "    one two three four five six seven\n    eight nine ten eleven twelve\n    thirteen fourteen\n"));
    CHECK(
        holds(keywright::to_pretty(record, {}, {}, {.color = false, .width = 0}), record.violations[0].message + "\n"));
}

TEST_CASE("a diagnostic shows the line with the place underlined") {
    const OneFile file{"edition 1\n\trequire ip_alowlist is empty\n"};
    Diagnostic diagnostic = unknown_name(file.range_of("ip_alowlist"));
    diagnostic.help = "did you mean `ip_allowlist`?";
    diagnostic.fix = keywright::Fix{file.range_of("ip_alowlist"), "ip_allowlist"};
    CHECK(keywright::to_pretty(diagnostic, file.files(), {}) ==
          "error[KW2001]: unknown name `ip_alowlist`\n"
          " --> a.kw:2:10\n"
          "  |\n"
          "2 |     require ip_alowlist is empty\n"
          "  |             ^^^^^^^^^^^ not declared\n"
          "  |\n"
          "  = help: did you mean `ip_allowlist`?\n"
          "  = fix: replace `ip_alowlist` with `ip_allowlist`\n");
    CHECK(keywright::to_compact(diagnostic) == "a.kw:2:10: error[KW2001]: unknown name `ip_alowlist`\n");
    CHECK(keywright::to_github(diagnostic) ==
          "::error file=a.kw,line=2,endLine=2,col=10,endColumn=21,title=KW2001::unknown name `ip_alowlist`%0Ahelp: did "
          "you mean `ip_allowlist`?\n");
}

TEST_CASE("carets stand under wide, combined and escaped characters") {
    const auto underlined = [](const std::string& line, std::string_view part) {
        const OneFile file{line + "\n"};
        const std::string text = keywright::to_pretty(unknown_name(file.range_of(part)), file.files(), {});
        const std::size_t row = text.find("  | ", text.find("1 | "));
        return text.substr(row + 4, text.find(" not declared") - row - 4);
    };
    CHECK(underlined("é here", "here") == "  ^^^^");
    CHECK(underlined("漢字 here", "here") == "     ^^^^");
    CHECK(underlined("e\u0301 here", "here") == "  ^^^^");
    CHECK(underlined("\x1b here", "here") == "       ^^^^");  // shown as \u{1b}
    CHECK(underlined("\t\there", "here") == "        ^^^^");
    CHECK(underlined("a 漢字", "漢字") == "  ^^^^");
}

TEST_CASE("a place over several lines is underlined to the end of its first") {
    const OneFile file{"rule a {\n  when b\n}\n"};
    CHECK(holds(keywright::to_pretty(unknown_name(file.range(5, file.text.size() - 1)), file.files(), {}),
                "1 | rule a {\n  |      ^^^… not declared (to line 3)\n"));
}

TEST_CASE("places without width, at the end of a file and past it still show") {
    const OneFile file{"abc\n"};
    CHECK(holds(keywright::to_pretty(unknown_name(file.range(3, 3)), file.files(), {}),
                "1 | abc\n  |    ^ not declared\n"));
    CHECK(holds(keywright::to_pretty(unknown_name(file.range(4, 4)), file.files(), {}), "2 | \n  | ^ not declared\n"));
    const SourceRange past{"a.kw", 900, 1000, 9, 0, 9, 100};
    CHECK(holds(keywright::to_pretty(unknown_name(past), file.files(), {}), "^ not declared\n"));
    const SourceRange elsewhere{"b.kw", 0, 3, 1, 0, 1, 3};
    CHECK(holds(keywright::to_pretty(unknown_name(elsewhere), file.files(), {}), "--> b.kw:1:1\n"));
}

TEST_CASE("of a long line only the part about the place is shown") {
    const OneFile file{std::string(100000, 'x') + " here " + std::string(100000, 'y') + "\n"};
    const std::string text = keywright::to_pretty(unknown_name(file.range_of("here")), file.files(), {});
    CHECK(text.size() < 1000);
    CHECK(holds(text, "xxx here yyy"));
    const std::size_t line = text.find("1 | ") + 4;
    const std::size_t caret_line = text.find("  | ", line) + 4;
    // `…` takes three bytes and one column.
    CHECK(text.find("here", line) - line - 2 == text.find('^') - caret_line);
}

TEST_CASE("second places are underlined with dashes, in their own line or file") {
    const OneFile file{"param a = 1\nparam b = 2\nparam a = 3\n"};
    Diagnostic diagnostic = unknown_name(file.range(30, 31));
    diagnostic.labels.push_back({file.range(6, 7), "first declared here"});
    CHECK(keywright::to_pretty(diagnostic, file.files(), {}) ==
          "error[KW2001]: unknown name `ip_alowlist`\n"
          "   --> a.kw:3:7\n"
          "    |\n"
          "3   | param a = 3\n"
          "    |       ^ not declared\n"
          "... |\n"
          "1   | param a = 1\n"
          "    |       - first declared here\n");
}

TEST_CASE("failed tests tell what was expected and what came") {
    keywright::TestResult test;
    test.name = "deleted at thirty days";
    test.range = {"t.kw", 0, 1, 3, 0, 3, 1};
    test.failures = {{{"t.kw", 0, 1, 5, 4, 5, 9}, "idle_spot_key_expires", "no violation"}};
    CHECK(keywright::to_pretty(test, {}) ==
          "✗ failed  deleted at thirty days  t.kw:3\n"
          "    expected  idle_spot_key_expires  t.kw:5\n"
          "    got       no violation\n");
    CHECK(keywright::to_compact(test) ==
          "t.kw:5:5: failed: deleted at thirty days: expected idle_spot_key_expires, got no violation\n");
    test.failures[0].where = "row 2";
    test.failures[0].missing = {"`a` (error)", "`b` (error)"};
    test.failures[0].unexpected = {"`c` (error)"};
    test.failures[0].because = {"`a` passes: /x is 1", "`c` is violated"};
    test.failures[0].record = R"({"x":1})";
    CHECK(keywright::to_pretty(test, {}) ==
          "✗ failed  deleted at thirty days  t.kw:3\n"
          "    expected  idle_spot_key_expires  t.kw:5\n"
          "    got       no violation\n"
          "    where     row 2\n"
          "    missing   `a` (error), `b` (error)\n"
          "    extra     `c` (error)\n"
          "    because   `a` passes: /x is 1\n"
          "              `c` is violated\n"
          "    record    {\"x\":1}\n");
    CHECK(
        keywright::to_compact(test) ==
        "t.kw:5:5: failed: deleted at thirty days: expected idle_spot_key_expires, got no violation, where row 2; `a` "
        "passes: /x is 1; `c` is violated; record {\"x\":1}\n");
    keywright::TestResult passed;
    passed.passed = true;
    CHECK(keywright::to_pretty(passed, {}).empty());
    CHECK(keywright::to_compact(passed).empty());
    CHECK(keywright::to_github(passed).empty());
    CHECK(keywright::to_pretty({{"t.kw", {}, {test, passed}, {"p"}}}, {}) ==
          "1 passed, 1 failed; 1 statement that `keywright prove` decides\n");
}

TEST_CASE("hostile text does nothing in any output") {
    RecordReport record;
    record.subject = kHostile;
    record.source = kHostile;
    record.verdict = Verdict::kViolation;
    Violation violation;
    violation.rule = violation.message = violation.help = kHostile;
    violation.cites = {{kHostile, kHostile, kHostile}};
    violation.because = {{kHostile, kHostile}};
    violation.rule_range.file = kHostile;
    record.violations = {violation};
    record.undetermined = {{kHostile, Severity::kError, {kHostile}}};
    record.exempt = {{kHostile, kHostile}};
    record.errors = {{kHostile, kHostile, kHostile, kHostile}};
    for (const std::size_t width : {0u, 1u, 20u, 100u}) {
        check_harmless(keywright::to_pretty(record, {kHostile, kHostile, ""}, {}, {.color = false, .width = width}));
    }
    check_harmless(keywright::to_compact(record));
    keywright::Summary summary;
    summary.records = 2;
    summary.by_rule = {{kHostile, 1}};
    check_harmless(keywright::to_pretty(summary, {kHostile, kHostile, ""}, {}, {}));

    Diagnostic diagnostic;
    diagnostic.code = diagnostic.message = diagnostic.help = kHostile;
    const SourceRange range{kHostile, 0, 5, 1, 0, 1, 5};
    diagnostic.labels = {{range, kHostile}, {{"other", 0, 5, 1, 0, 1, 5}, kHostile}};
    diagnostic.fix = keywright::Fix{range, kHostile};
    check_harmless(keywright::to_pretty(diagnostic, {{kHostile, kHostile}, {"other", kHostile}}, {}));
    check_harmless(keywright::to_compact(diagnostic));

    keywright::TestResult test;
    test.name = kHostile;
    test.range = range;
    test.failures = {{range, kHostile, kHostile, kHostile, {kHostile}, {kHostile}, {kHostile}, kHostile}};
    check_harmless(keywright::to_pretty(test, {}));
    check_harmless(keywright::to_compact(test));

    // A command of GitHub begins with `::` on purpose; there has to be exactly one a line, and as many as findings.
    for (const std::string& output :
         {keywright::to_github(record), keywright::to_github(diagnostic), keywright::to_github(test)}) {
        for (std::size_t line = 0; line < output.size();) {
            const std::size_t end = output.find('\n', line);
            const std::string one = output.substr(line, end - line);
            CHECK((one.starts_with("::error ") || one.starts_with("::warning ")));
            const std::size_t properties = one.find(' ');
            const std::size_t data = one.find("::", 2);
            CHECK(std::count(one.begin() + static_cast<std::ptrdiff_t>(properties),
                             one.begin() + static_cast<std::ptrdiff_t>(data), ':') == 0);
            for (const char c : one) CHECK(static_cast<unsigned char>(c) >= 0x20);
            line = end + 1;
        }
    }
    const std::string commands = keywright::to_github(record);
    CHECK(std::count(commands.begin(), commands.end(), '\n') == 3);
}

TEST_CASE("what begins a line never begins with two colons") {
    CHECK(keywright::printable_line("::error::x") == "\\u{3a}:error::x");
    CHECK(keywright::printable_line("  ::error::x") == "  \\u{3a}:error::x");
    CHECK(keywright::printable_line("2001:db8::/32") == "2001:db8::/32");
    CHECK(keywright::printable("a##[group]b") == "a#\\u{23}[group]b");
    CHECK(keywright::printable("####") == "#\\u{23}#\\u{23}");
}
