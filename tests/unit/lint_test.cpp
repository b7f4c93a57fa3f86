// The audit of rule files: what each check finds and leaves alone, what stays the same when a file is edited, and what
// an author or a baseline may pass over.
#include "keywright/keywright.h"

#include "support/compiling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace keywright;

namespace {

constexpr Instant kNow{1'769'904'000, 0};  // 2026-02-01T00:00:00Z

const std::string kHead = R"(edition 1

pack desk { version "1" }

document guide {
    title "Guide"
    dated "2026"
    clause 1.active must "a key is active"
    clause 2.name   should "a key has a name"
}

schema key {
    active:      bool
    name:        text? = absent
    permissions: set of { read, trade } = {}
    ips:         set of network = {}
}
)";

const std::string kActive = R"(
rule active_only {
    cites    guide 1.active
    severity error
    require  active
    message  "the key isn't active"
    help     "activate it"
}
)";

const std::string kNamed = R"(
rule named {
    cites    guide 2.name
    severity warning
    require  name is present
    message  "the key has no name"
    help     "enter a name"
}
)";

const std::string kTests = R"(
test "neither" {
    given key { active: false, name: absent }
    at 2026-01-15T00:00:00Z expect exactly active_only, named
}
)";

const std::string kPack = kHead + kActive + kNamed + kTests;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, std::string{from});
    text.replace(at, from.size(), to);
    return text;
}

Compiled compiled(const std::string& text) {
    Compiled out = compile_text(text);
    for (const Diagnostic& d : out.diagnostics) INFO(d.code, " ", d.message);
    REQUIRE(out.rules.has_value());
    return out;
}

// The findings of what stands in the files (KW702x, KW703x) are the business of lint_text_test.cpp, and these packs are
// small enough to have some.
LintReport without_text(LintReport report) {
    std::erase_if(report.findings, [](const LintFinding& finding) {
        return finding.diagnostic.code.starts_with("KW702") || finding.diagnostic.code.starts_with("KW703");
    });
    return report;
}

LintReport lint(const std::string& text, std::optional<Instant> now = kNow) {
    return without_text(lint_rules(compiled(text), {.now = now}));
}

// `KW7001 named; …`: code and name of what counts.
std::string found(const LintReport& report) {
    std::string out;
    for (const LintFinding& finding : report.findings) {
        if (!finding.counts()) continue;
        out += (out.empty() ? "" : "; ") + finding.diagnostic.code + " " + finding.name;
    }
    return out;
}
std::string found(const std::string& text) { return found(lint(text)); }

std::string with(std::string_view from, std::string_view to) { return found(replaced(kPack, from, to)); }

const LintFinding& the_only(const LintReport& report) {
    REQUIRE(report.findings.size() == 1);
    return report.findings.front();
}

}  // namespace

TEST_CASE("a pack in order has no findings") { CHECK(found(kPack).empty()); }

TEST_CASE("packs that don't compile aren't audited") {
    const LintReport report = lint_rules(compile_text("edition 1\npack p {}\n"));
    CHECK(report.findings.empty());
}

TEST_CASE("a rule that cites nothing is found, and its clause with it") {
    CHECK(with("    cites    guide 2.name\n", "") == "KW7002 guide 2.name; KW7001 named");
}

TEST_CASE("a pack without a document is told so once") {
    std::string text = kPack;
    const std::size_t begin = text.find("document guide"), end = text.find("schema key");
    text.erase(begin, end - begin);
    text = replaced(replaced(text, "    cites    guide 1.active\n", ""), "    cites    guide 2.name\n", "");
    CHECK(found(text) == "KW7001 desk");
}

TEST_CASE("a clause is answered to by rules, exemptions, and what rules read") {
    const std::string clause = "    clause 3.read  exemption \"readers need no name\"\n}\n\nschema";
    const std::string text = replaced(kPack, "}\n\nschema", clause);
    CHECK(found(text) == "KW7002 guide 3.read");
    CHECK(found(replaced(text, "readers need no name\"", "readers need no name\"\n        not_checkable \"why\""))
              .empty());
    // An exemption.
    const std::string require = "    require  name is present";
    CHECK(found(replaced(text, require, "    unless   permissions == {read} cites guide 3.read\n" + require)).empty());
    // A define: only where a rule uses it.
    const std::string define = "\ndefine reader = permissions == {read} cites guide 3.read\n\nrule active_only";
    const std::string defined = replaced(text, "\nrule active_only", define);
    CHECK(found(defined) == "KW7002 guide 3.read; KW2007 reader");
    CHECK(found(replaced(defined, require, "    unless   reader\n" + require)).empty());
    // A field: only where a rule reads it.
    const std::string field =
        replaced(text, "set of { read, trade } = {}", "set of { read, trade } = {} cites guide 3.read");
    CHECK(found(field) == "KW7002 guide 3.read");
    CHECK(found(replaced(field, require, "    unless   permissions == {read}\n" + require)).empty());
}

TEST_CASE("the kind of a clause without a rule is told") {
    const LintReport report = lint(replaced(kPack, "}\n\nschema", "    clause 9.last must_not \"never\"\n}\n\nschema"));
    CHECK(the_only(report).diagnostic.message == "no rule answers to the clause `guide 9.last` (must_not)");
    CHECK(the_only(report).kind == "clause");
}

TEST_CASE("a rule that no test names, and one that none violates, are told apart") {
    CHECK(with("exactly active_only, named", "includes active_only") == "KW7003 named");
    // It is violated in that test all the same.
    const LintReport fires = lint(replaced(kPack, "exactly active_only, named", "includes active_only"));
    CHECK(the_only(fires).diagnostic.message == "no test expects anything of `named`");
    CHECK(with("name: absent }\n    at 2026-01-15T00:00:00Z expect exactly active_only, named",
               "name: \"x\" }\n    at 2026-01-15T00:00:00Z expect active_only, passes named") == "KW7004 named");
    const LintReport neither =
        lint(replaced(kPack, "name: absent }\n    at 2026-01-15T00:00:00Z expect exactly active_only, named",
                      "name: \"x\" }\n    at 2026-01-15T00:00:00Z expect active_only"));
    CHECK(found(neither) == "KW7003 named");
    CHECK(the_only(neither).diagnostic.message ==
          "no test expects anything of `named`, and none has a record that violates it");
}

TEST_CASE("a pack without any test is told so once") { CHECK(found(kHead + kActive + kNamed) == "KW7003 desk"); }

TEST_CASE("a warning before a deadline is no violation") {
    const std::string rule = R"(
rule lapses {
    cites    guide 1.active
    severity error
    expire   10 days after made warn 5 days before
    message  "it expires at {deadline}"
    help     "use it"
}

test "soon" {
    given key { active: true, name: "x", made: 2026-01-01T00:00:00Z }
    at 2026-01-07T00:00:00Z expect lapses as warning
}
)";
    const std::string text = replaced(kPack, "    active:      bool\n", "    active:      bool\n    made: instant\n");
    const std::string given =
        replaced(text, "active: false, name: absent", "active: false, name: absent, made: 2026-01-14T00:00:00Z");
    CHECK(found(given + rule) == "KW7004 lapses");
    CHECK(found(given + replaced(rule, "2026-01-07T00:00:00Z expect lapses as warning",
                                 "2026-01-11T00:00:00Z expect lapses as error"))
              .empty());
}

TEST_CASE("a rule that nothing can violate isn't called untried as well") {
    const std::string text = replaced(kPack, "require  active\n", "require  active or not active\n");
    const std::string codes = found(replaced(text, "exactly active_only, named", "named, passes active_only"));
    CHECK(codes.find("KW7011 active_only") != std::string::npos);
    CHECK(codes.find("KW7004") == std::string::npos);
}

TEST_CASE("a rule says what to do") { CHECK(with("    help     \"enter a name\"\n", "") == "KW7005 named"); }

TEST_CASE("a message names something of the record, in any form that a reader knows") {
    const auto says = [](const std::string& message) { return with("\"the key has no name\"", "\"" + message + "\""); };
    CHECK(says("policy 17") == "KW7006 named");
    CHECK(says("this is not as it should be") == "KW7006 named");
    CHECK(says("Names are missing").empty());
    CHECK(says("it is unnamed") == "KW7006 named");
    // Of a define, of a value, of an address, by being shown.
    const std::string rule = R"(
define reachable = ips is not empty

rule bound {
    cites    guide 1.active
    severity error
    when     trade in permissions
    require  reachable
    message  "MESSAGE"
    help     "bind it"
}

test "unbound" {
    given key { active: true, name: "x", permissions: {trade}, ips: {} }
    at 2026-01-15T00:00:00Z expect bound
}
)";
    for (const char* fair : {"it trades from anywhere", "it isn't reachable", "add an IP restriction", "no address"}) {
        CAPTURE(fair);
        CHECK(found(kPack + replaced(rule, "MESSAGE", fair)).empty());
    }
    CHECK(found(kPack + replaced(rule, "MESSAGE", "it says {permissions}")).empty());
    CHECK(found(kPack + replaced(rule, "MESSAGE", "rule 4 of the house is broken")) == "KW7006 bound");
}

TEST_CASE("severities are held against the strongest clause that a rule cites") {
    CHECK(with("severity error", "severity warning") == "KW7007 active_only");
    CHECK(with("severity error", "severity info") == "KW7007 active_only");
    CHECK(with("severity warning", "severity error") == "KW7007 named");
    CHECK(with("severity warning", "severity info").empty());
    CHECK(with("cites    guide 2.name", "cites    guide 2.name, guide 1.active") == "KW7007 named");
    const std::string may = replaced(kPack, "2.name   should", "2.name   may");
    CHECK(found(may) == "KW7007 named");
    CHECK(found(replaced(may, "severity warning", "severity info")).empty());
    CHECK(found(replaced(kPack, "2.name   should", "2.name   fact")).empty());
    CHECK(
        found(replaced(replaced(kPack, "2.name   should", "2.name   exemption"), "severity warning", "severity error"))
            .empty());
}

TEST_CASE("documents have a date") { CHECK(with("    dated \"2026\"\n", "") == "KW7008 guide"); }

TEST_CASE("a rule that draws a line of its own says so") {
    const std::string blank =
        replaced(kPack, "require  name is present", "require  name is present and name is not blank");
    CHECK(found(blank) == "KW7009 named");
    CHECK(found(replaced(blank, "    help     \"enter a name\"",
                         "    help     \"enter a name\"\n    interpretation \"a blank one is none\""))
              .empty());
    // The source says it itself.
    CHECK(found(replaced(blank, "a key has a name", "a key has a name that isn't blank")).empty());
    // Through a define.
    const std::string open = replaced(kPack, "require  active\n", "require  active and not wide\n");
    CHECK(found(replaced(open, "\nrule active_only", "\ndefine wide = any n in ips: n is open\n\nrule active_only")) ==
          "KW7009 active_only");
}

TEST_CASE("warnings of compiling are findings") {
    CHECK(found(kPack + "\nparam unused = 3 days\n") == "KW2007 unused");
}

TEST_CASE("a fingerprint stays while the mistake does") {
    const std::string faulty = replaced(kPack, "    help     \"enter a name\"\n", "");
    const std::string before = the_only(lint(faulty)).fingerprint;
    CHECK(before.size() == 32);
    // Moved down, formatted otherwise, with other rules round it, with its own text changed elsewhere.
    CHECK(the_only(lint(replaced(faulty, "\nschema", "\n// a comment\n\n\n\nschema"))).fingerprint == before);
    CHECK(the_only(lint(replaced(faulty, "rule named {", "rule   named\n{"))).fingerprint == before);
    CHECK(the_only(lint(replaced(faulty, "\"the key has no name\"", "\"there is no name\""))).fingerprint == before);
    const LintReport two = lint(replaced(faulty, "    help     \"activate it\"\n", ""));
    REQUIRE(two.findings.size() == 2);
    CHECK(two.findings[1].fingerprint == before);
    CHECK(two.findings[0].fingerprint != before);
    // Another rule is another mistake.
    const std::string renamed = replaced(replaced(faulty, "rule named", "rule titled"), "exactly active_only, named",
                                         "exactly active_only, titled");
    CHECK(the_only(lint(renamed)).fingerprint != before);
}

TEST_CASE("allow: with a subject, for a file, until an instant") {
    const std::string faulty = replaced(kPack, "    help     \"enter a name\"\n", "");
    const LintReport named = lint(faulty + "\nallow KW7005 in named \"house style\"\n");
    CHECK(found(named).empty());
    REQUIRE(the_only(named).allowed.has_value());
    CHECK(the_only(named).allowed->reason == "house style");
    CHECK_FALSE(the_only(named).allowed->until.has_value());
    CHECK(found(faulty + "\nallow KW7005 \"house style\"\n").empty());
    // Of another rule, of another code.
    CHECK(found(faulty + "\nallow KW7005 in active_only \"x\"\n") == "KW7005 named; KW7050 KW7005 in active_only");
    CHECK(found(faulty + "\nallow KW7006 in named \"x\"\n") == "KW7005 named; KW7050 KW7006 in named");
    // Its end, and that very instant.
    const std::string until = faulty + "\nallow KW7005 in named until 2026-02-01T00:00:00Z \"x\"\n";
    CHECK(found(lint(until, Instant{kNow.seconds - 1, 0})).empty());
    CHECK(found(lint(until)) == "KW7005 named; KW7051 KW7005 in named");
    CHECK(found(lint(until, std::nullopt)).empty());
}

TEST_CASE("a clause may be named with its document or without") {
    const std::string faulty = replaced(kPack, "}\n\nschema", "    clause 9.last must \"more\"\n}\n\nschema");
    CHECK(found(faulty + "\nallow KW7002 in 9.last \"x\"\n").empty());
    CHECK(found(faulty + "\nallow KW7002 in \"guide 9.last\" \"x\"\n").empty());
}

TEST_CASE("an allow that allows nothing is removed by its fix") {
    const std::string text = kPack + "\nallow KW7001 \"x\"\n";
    const Compiled pack = compiled(text);
    const LintReport report = without_text(lint_rules(pack, {.now = kNow}));
    CHECK(found(report) == "KW7050 KW7001");
    const FixedFiles fixed = apply_fixes(pack, report);
    CHECK(fixed.applied == 1);
    CHECK(fixed.left == 0);
    REQUIRE(fixed.files.size() == 1);
    CHECK(fixed.files.front().text.find("allow") == std::string::npos);
    CHECK(found(fixed.files.front().text).empty());
}

TEST_CASE("baselines: what stands in them doesn't count, what is gone is told") {
    const std::string faulty = replaced(kPack, "    help     \"enter a name\"\n", "");
    const std::string baseline = to_baseline({lint(faulty)});
    CHECK(baseline == to_baseline({lint(faulty)}));
    std::vector<LintReport> again{lint(replaced(faulty, "\nschema", "\n\n\nschema"))};
    const BaselineUse use = apply_baseline(again, baseline);
    CHECK(use.error.empty());
    CHECK(use.gone.empty());
    CHECK(the_only(again.front()).known);
    CHECK(found(again.front()).empty());
    // Something new counts.
    std::vector<LintReport> worse{lint(replaced(faulty, "    help     \"activate it\"\n", ""))};
    CHECK(apply_baseline(worse, baseline).gone.empty());
    CHECK(found(worse.front()) == "KW7005 active_only");
    // What is mended is gone.
    std::vector<LintReport> better{lint(kPack)};
    CHECK(apply_baseline(better, baseline).gone == std::vector{the_only(again.front()).fingerprint});
    // What is allowed needs no baseline.
    CHECK(to_baseline({lint(faulty + "\nallow KW7005 in named \"x\"\n")}).find("fingerprint") == std::string::npos);
}

TEST_CASE("a text that is no baseline is refused, with the reason, and marks nothing") {
    const std::string good = to_baseline({lint(replaced(kPack, "    help     \"enter a name\"\n", ""))});
    const std::string deep = std::string(100'000, '[');
    const std::map<std::string, std::string> hostile{
        {"", "isn't JSON"},
        {"nonsense", "isn't JSON"},
        {deep, "isn't JSON"},
        {"[]", "no JSON object"},
        {"{}", "`schema`"},
        {R"({"schema":"keywright.baseline/2","findings":[]})", "`schema`"},
        {R"({"schema":1,"findings":[]})", "`schema`"},
        {R"({"schema":"keywright.baseline/1"})", "no list"},
        {R"({"schema":"keywright.baseline/1","findings":{}})", "no list"},
        {R"({"schema":"keywright.baseline/1","findings":[1]})", "`findings/0`"},
        {R"({"schema":"keywright.baseline/1","findings":[{"fingerprint":"../../x"}]})", "`findings/0`"},
        {R"({"schema":"keywright.baseline/1","findings":[{"fingerprint":"0123456789ABCDEF0123456789ABCDEF"}]})",
         "`findings/0`"},
        {good.substr(0, good.size() / 2), "isn't JSON"},
    };
    for (const auto& [text, reason] : hostile) {
        CAPTURE(text.substr(0, 80));
        std::vector<LintReport> reports{lint(replaced(kPack, "    help     \"enter a name\"\n", ""))};
        const BaselineUse use = apply_baseline(reports, text);
        CHECK_MESSAGE(use.error.find(reason) != std::string::npos, use.error);
        CHECK(found(reports.front()) == "KW7005 named");
    }
}

TEST_CASE("findings of waivers: exactly what they cover") {
    const auto of = [](const std::string& waives, const std::string& when, const std::string& until) {
        test::Files files{{"pack.kw", kPack},
                          {"waivers.kw", "edition 1\n\nwaiver w {\n    waives " + waives + "\n    when   " + when +
                                             "\n    owner  \"o\"\n    reason \"r\"\n    ticket \"t\"\n    until  " +
                                             until + "\n}\n"}};
        CompileOptions options;
        options.waivers = {"waivers.kw"};
        const Compiled pack = compile(files, "pack.kw", options);
        for (const Diagnostic& d : pack.diagnostics) FAIL_CHECK(std::string{d.code + " " + d.message});
        REQUIRE(pack.rules.has_value());
        return found(without_text(lint_rules(pack, {.now = kNow})));
    };
    const std::string soon = "2026-06-01T00:00:00Z";
    CHECK(of("active_only", "name is present and name == \"vault\"", soon).empty());
    CHECK(of("active_only", "active", soon) == "KW7041 w");
    CHECK(of("active_only", "not active", soon) == "KW7042 w");
    CHECK(of("active_only", "not active or name is present", soon) == "KW7042 w");
    CHECK(of("active_only", "name is absent or name is not blank", soon).empty());
    CHECK(of("named", "name is absent and permissions == {read}", soon).empty());
    CHECK(of("named", "name is present", soon) == "KW7041 w");
    CHECK(of("active_only", "name is absent", "2026-02-01T00:00:00Z") == "KW7040 w");
    CHECK(of("active_only", "active", "2026-02-01T00:00:00Z") == "KW7040 w");
    CHECK(of("active_only", "name is absent", "2027-02-02T00:00:00Z").empty());
    CHECK(of("active_only", "name is absent", "2027-02-02T00:00:01Z") == "KW7045 w");
}
