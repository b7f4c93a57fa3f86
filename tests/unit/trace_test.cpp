// Traceability: small packs whose matrix is counted by hand.
#include "keywright/trace.h"

#include "engine/state.h"
#include "keywright/render_trace.h"
#include "support/compiling.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace keywright;

namespace {

using Lines = std::vector<std::string>;

Rules compiled(const std::string& text) {
    Compiled c = compile_text(text);
    CAPTURE(test::describe(c.diagnostics));
    REQUIRE(c.rules.has_value());
    return *c.rules;
}

Trace traced(const Rules& rules) { return trace(rules, {.now = test::at("2026-01-01T00:00:00Z")}); }

// Every state of a clause but `waived`, and a rule in each way of being incomplete.
const char* const kEverything = R"(edition 1
pack desk { version "2" }
document guide {
    title "How to"
    clause 1.name   must      "a key has a name"
    clause 1.order  must      "a key that moves funds has addresses"
    clause 2.spared exemption "a linked key is spared"
    clause 3.linked fact      "an app's keys are linked"
    clause 3.app    fact      "an app is named"
    clause 3.idle   fact      "nobody asks about this"
    clause 4.press  note      "press the button" not_checkable "a step on the web page"
    clause 5.lost   must_not  "nothing is said about this"
}
schema key {
    name: text? = absent
    app: text? = absent cites guide 3.app
    note: text? = absent cites guide 3.idle
    usage: one of { bot, app }
    permissions: set of { read, move } = {}
    ips: set of network = {}
}
define linked = usage == app and app is present cites guide 3.linked
define named = name is present
rule name_required {
    cites guide 1.name
    require named
    interpretation "a blank name is a name"
}
rule addresses_required {
    cites guide 1.order, guide 1.name
    severity warning
    when move in permissions
    unless linked cites guide 2.spared
    require ips is not empty
    message "no addresses for {note else "nothing"}"
}
rule bots_read {
    severity info
    when usage == bot and usage == app
    forbid move in permissions
    message "never"
}
sample mover = key { name: "m", usage: bot, permissions: {move} }
test "a nameless key" {
    given key { usage: bot }
    at 2026-01-01T00:00:00Z expect name_required
}
test "a mover" {
    given mover
    at 2026-01-01T00:00:00Z expect none error, includes addresses_required
}
test "a linked mover" {
    given mover with { usage: app, app: "x" }
    at 2026-01-01T00:00:00Z expect none
}
test "reading only" {
    given mover with { permissions: {read} }
    at 2026-01-01T00:00:00Z expect not_applicable addresses_required, passes name_required
}
)";

// `1.name must: enforced by rule name_required, rule addresses_required`
Lines clauses(const Trace& trace) {
    Lines out;
    for (const TracedDocument& document : trace.documents) {
        for (const TracedClause& clause : document.clauses) {
            std::string line = clause.id + " " + clause.kind + ": " + std::string{to_string(clause.state)};
            for (const TracedCitation& c : clause.citations) {
                line += ", " + std::string{to_string(c.by)} + " " + c.name + " [";
                for (const std::size_t rule : c.rules) line += " " + trace.rules[rule].name;
                line += " | " + std::to_string(c.tests.size()) + " ]";
            }
            out.push_back(line);
        }
    }
    return out;
}

std::string words(const std::vector<Role>& roles) {
    std::string out;
    for (const Role role : roles) out += (out.empty() ? "" : "+") + std::string{to_string(role)};
    return out;
}

Lines tests_of(const Trace& trace, const std::string& name) {
    Lines out;
    for (const TracedRule& rule : trace.rules) {
        if (rule.name != name) continue;
        for (const TracedUse& use : rule.tests)
            out.push_back(trace.tests[use.test].name + ": " + words(use.expected) + " / " + words(use.shown));
    }
    return out;
}

Lines found(const Trace& trace) {
    Lines out;
    for (const TraceFinding& f : findings(trace)) out.push_back(std::string{to_string(f.kind)} + " " + f.subject);
    return out;
}

// The same pack with a waiver in it, put there by hand: what it means here doesn't hang on how it is written.
Rules with_waivers(const Rules& rules, std::vector<ir::Waiver> waivers) {
    ir::Module module = rules.state().module;
    module.waivers = std::move(waivers);
    auto state = std::make_shared<Rules::State>(rules.state().sources, std::move(module));
    return Rules{std::shared_ptr<const Rules::State>{std::move(state)}};
}

ir::Waiver waiver(const std::string& name, std::size_t rule, const char* until, const Rules& rules) {
    ir::Waiver out;
    out.name = name;
    out.rule = ir::RuleId{rule};
    out.owner = "desk";
    out.reason = "moving";
    out.until = test::at(until);
    out.span = rules.state().module.rules[rule].span;
    return out;
}

}  // namespace

TEST_CASE("trace: each clause has the state that its citations give it, and what they rest on") {
    const Trace trace = traced(compiled(kEverything));
    CHECK(clauses(trace) == Lines{"1.name must: enforced, rule name_required [ name_required | 2 ], "
                                  "rule addresses_required [ addresses_required | 2 ]",
                                  "1.order must: enforced, rule addresses_required [ addresses_required | 2 ]",
                                  // The test that shows it names no rule.
                                  "2.spared exemption: exempted, exemption linked [ addresses_required | 1 ]",
                                  "3.linked fact: used, define linked [ addresses_required | 2 ]",
                                  // Read by a define that the rule reads.
                                  "3.app fact: used, field app [ addresses_required | 2 ]",
                                  // Only a message shows it, so nothing hangs on it.
                                  "3.idle fact: missing, field note [ | 0 ]", "4.press note: not_checkable",
                                  "5.lost must_not: missing"});
    const TracedClause& name = trace.documents[0].clauses[0];
    CHECK(name.rules == std::vector<std::size_t>{0, 1});
    CHECK(name.tests == std::vector<std::size_t>{0, 1, 3});
    CHECK(name.drift == Drift::kNotCompared);
    CHECK(name.range.line == 5);
    CHECK(trace.documents[0].clauses[6].not_checkable == "a step on the web page");
    CHECK(trace.documents[0].title == "How to");
    CHECK(trace.identity.pack == "desk");
}

TEST_CASE("trace: what a rule reads through defines, in nested records and in its deadline, it rests on") {
    const std::string fields =
        "limits: { daily: int 0..9, single: int 0..9 cites g 2 }? = absent cites g 1\n"
        "made: instant cites g 3\nother: bool cites g 4\nseen: bool cites g 5";
    const std::string items =
        "document g {\nclause 1 fact \"a\"\nclause 2 fact \"b\"\nclause 3 fact \"c\"\nclause 4 fact \"d\"\n"
        "clause 5 fact \"e\"\nclause 6 fact \"f\"\nclause 7 fact \"g\"\n}\n"
        "param days = 30 days\ndefine low = limits is present and limits.daily < 3 cites g 6\n"
        "define spared = seen and low\ndefine idle = other cites g 7\n"
        "rule daily { require not low message \"m\" }\n"
        "rule old { unless spared expire days after made message \"m\" }\n";
    const Trace trace = traced(compiled(test::pack_text(fields, items)));
    CHECK(clauses(trace) == Lines{
                                // A member is read, and so is the record that it lies in; the other member isn't.
                                "1 fact: used, field limits [ daily old | 0 ]",
                                "2 fact: missing, field limits.single [ | 0 ]", "3 fact: used, field made [ old | 0 ]",
                                // A define that no rule reads rests on it, so nothing does.
                                "4 fact: missing, field other [ | 0 ]", "5 fact: used, field seen [ old | 0 ]",
                                "6 fact: used, define low [ daily old | 0 ]", "7 fact: missing, define idle [ | 0 ]"});
    // Of a record's member alone the record is read too.
    const Trace member = traced(compiled(test::pack_text("limits: { daily: int 0..9 } cites g 1",
                                                         "document g { clause 1 fact \"a\" }\n"
                                                         "rule r { require limits.daily < 3 message \"m\" }\n")));
    CHECK(clauses(member) == Lines{"1 fact: used, field limits [ r | 0 ]"});
}

TEST_CASE("trace: each rule has the tests that name it or violate it, and says what is missing") {
    const Trace trace = traced(compiled(kEverything));
    CHECK(tests_of(trace, "name_required") ==
          Lines{"a nameless key: violated / violated", "reading only: passes / passes"});
    CHECK(tests_of(trace, "addresses_required") ==
          Lines{"a mover: violated / violated", "reading only: not_applicable / not_applicable"});
    CHECK(tests_of(trace, "bots_read") == Lines{});
    const auto states = [&](std::size_t rule) {
        Lines out;
        for (const std::string_view state : states_of(trace.rules[rule])) out.emplace_back(state);
        return out;
    };
    CHECK(states(0) == Lines{"cited", "tested", "fires"});
    CHECK(states(1) == Lines{"cited", "tested", "fires"});
    CHECK(states(2) == Lines{"uncited", "untested", "never_fires"});
    CHECK(trace.rules[0].interpretations == Lines{"a blank name is a name"});
    CHECK(trace.rules[1].severity == Severity::kWarning);
    REQUIRE(trace.rules[1].exemptions.size() == 1);
    CHECK(trace.rules[1].exemptions[0].label == "linked");
    REQUIRE(trace.rules[1].exemptions[0].cites.size() == 1);
    CHECK(trace.rules[1].exemptions[0].cites[0].clause == 2);
    const TraceSummary s = trace.summary();
    CHECK(s.clauses == 8);
    CHECK(s.enforced == 2);
    CHECK(s.exempted == 1);
    CHECK(s.used == 2);
    CHECK(s.not_checkable == 1);
    CHECK(s.missing == 2);
    CHECK(s.waived == 0);
    CHECK(s.rules == 3);
    CHECK(s.uncited == 1);
    CHECK(s.untested == 1);
    CHECK(s.never_fires == 1);
    CHECK(s.tests == 4);
    CHECK(s.failed == 0);
    CHECK(s.compared == 0);
    CHECK(found(trace) == Lines{"missing guide 3.idle", "missing guide 5.lost", "uncited bots_read",
                                "untested bots_read", "never_fires bots_read"});
    CHECK(findings(trace)[0].message == "clause `guide 3.idle` is cited, but no rule depends on what cites it");
    CHECK(findings(trace)[4].message == "nothing can violate rule `bots_read`");
}

TEST_CASE("trace: the example of a rule is a sample that a test tries, else found, else there is none") {
    const Rules rules = compiled(kEverything);
    const Trace trace = traced(rules);
    CHECK(trace.rules[1].example.kind == RuleExample::Kind::kSample);
    CHECK(trace.rules[1].example.sample == "mover");
    CHECK(trace.rules[0].example.kind == RuleExample::Kind::kRecord);
    CHECK(trace.rules[2].example.kind == RuleExample::Kind::kNothing);
    CHECK_FALSE(trace.rules[2].example.example.has_value());
    // Each does what it is shown for.
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
        REQUIRE(trace.rules[i].example.example.has_value());
        CheckOptions options;
        options.now = trace.rules[i].example.example->at;
        const Report report = rules.check(trace.rules[i].example.example->json, options);
        REQUIRE(report.results.size() == 1);
        CHECK(std::ranges::count(report.results[0].violations, trace.rules[i].name, &Violation::rule) == 1);
    }
    // Without anything to spend it isn't settled what can't be found; a test's record still shows what it shows.
    TraceOptions options;
    options.budget.steps = 0;
    options.budget.milliseconds = 0;
    const Trace poor = keywright::trace(rules, options);
    CHECK(poor.rules[0].example.kind == RuleExample::Kind::kRecord);
    CHECK(poor.rules[1].example.kind == RuleExample::Kind::kSample);
    CHECK(poor.rules[2].example.kind != RuleExample::Kind::kRecord);
}

TEST_CASE("trace: an example that is looked for violates no other rule, where one can do without") {
    const Rules rules = compiled(test::pack_text(
        "a: bool\nb: bool\nc: int 0..9",
        "document g { clause 1 must \"c\" }\nrule ra { cites g 1 require a message \"a\" }\n"
        "rule rb { cites g 1 require b message \"b\" }\nrule rc { cites g 1 require c > 3 message \"c\" }\n"
        "rule rd { cites g 1 require c > 5 and b message \"d\" }\n"));
    const Trace trace = traced(rules);
    const auto violated = [&](std::size_t rule) {
        CheckOptions options;
        options.now = trace.rules[rule].example.example->at;
        Lines out;
        const Report report = rules.check(trace.rules[rule].example.example->json, options);
        for (const Violation& v : report.results.at(0).violations) out.push_back(v.rule);
        return out;
    };
    CHECK(violated(0) == Lines{"ra"});
    CHECK(violated(1) == Lines{"rb", "rd"});  // the one implies the other
    CHECK(violated(2) == Lines{"rc", "rd"});
    CHECK(violated(3) == Lines{"rd"});
}

TEST_CASE("trace: a sample counts only as it stands, and a secret is told by its facts") {
    const Rules rules = compiled(test::pack_text("name: text\npass: secret? = absent",
                                                 "document g { clause 1 must \"c\" }\n"
                                                 "rule r { cites g 1 require name == \"good\" }\n"
                                                 "sample base = key { name: \"good\", pass: \"correct horse\" }\n"
                                                 "test \"changed\" { given base with { name: \"bad\" }\n"
                                                 " at 2026-01-01T00:00:00Z expect r }"));
    const Trace trace = traced(rules);
    CHECK(trace.rules[0].fires);
    CHECK(trace.rules[0].example.kind == RuleExample::Kind::kRecord);
    const Rules bad = compiled(test::pack_text("name: text\npass: secret? = absent",
                                               "document g { clause 1 must \"c\" }\n"
                                               "rule r { cites g 1 require name == \"good\" }\n"
                                               "sample bad = key { name: \"bad\", pass: \"correct horse\" }\n"
                                               "test \"as it is\" { given bad at 2026-01-01T00:00:00Z expect r }"));
    const Trace shown = traced(bad);
    CHECK(shown.rules[0].example.sample == "bad");
    for (const std::string& text : {to_pretty(shown), to_json({shown}), to_csv({shown}), to_markdown({shown})})
        CHECK(text.find("horse") == std::string::npos);
    CHECK(to_json({shown}).find("$secret") != std::string::npos);
    // Of a record that came as JSON, where nothing else shows the rule violated, too.
    const Rules read = compiled(test::pack_text("name: text\npass: secret? = absent",
                                                "document g { clause 1 must \"c\" }\n"
                                                "rule r { cites g 1 require name == \"good\" }\n"
                                                "test \"as it came\" { given json \"\"\"{\"name\": \"bad\", "
                                                "\"pass\": \"correct horse\"}\"\"\"\n"
                                                " at 2026-01-01T00:00:00Z expect r }"));
    TraceOptions poor;
    poor.budget.steps = 0;
    poor.budget.milliseconds = 0;
    const Trace came = keywright::trace(read, poor);
    for (const std::string& text : {to_pretty(came), to_json({came}), to_csv({came}), to_markdown({came})})
        CHECK(text.find("horse") == std::string::npos);
    CHECK(to_json({came}).find("$secret") != std::string::npos);
    CHECK(to_json({came}).find("bad") != std::string::npos);
}

TEST_CASE("trace: being about to expire isn't firing, and what a test shows is told beside what it expects") {
    const std::string items =
        "document g { clause 1 fact \"c\" }\n"
        "rule r { cites g 1 severity error expire 30 days after made warn 7 days before message \"m\" }\n"
        "test \"soon\" { given key { made: 2026-01-01T00:00:00Z }\n"
        " at 2026-01-25T00:00:00Z expect r as warning, none error }\n"
        "test \"unknown\" { given key {} at 2026-01-25T00:00:00Z expect undetermined r }\n";
    const Trace trace = traced(compiled(test::pack_text("made: instant", items)));
    CHECK(tests_of(trace, "r") == Lines{"soon: violated / warning", "unknown: undetermined / undetermined"});
    CHECK(trace.rules[0].tested);
    CHECK_FALSE(trace.rules[0].fires);
    CHECK(found(trace) == Lines{"never_fires r"});
    CHECK(findings(trace)[0].message == "no test's record violates rule `r`");
}

TEST_CASE("trace: a test that fails is a finding, and shows what it shows") {
    const std::string items =
        "document g { clause 1 must \"c\" }\n"
        "rule r { cites g 1 forbid open }\n"
        "test \"wrong\" { given key { open: true } at 2026-01-25T00:00:00Z expect passes r }\n"
        "test \"unreadable\" { given json \"\"\"{\"open\": 7}\"\"\" at 2026-01-25T00:00:00Z expect r }\n";
    const Trace trace = traced(compiled(test::pack_text("open: bool", items)));
    CHECK(tests_of(trace, "r") == Lines{"wrong: passes / violated", "unreadable: violated / "});
    CHECK(trace.rules[0].fires);
    CHECK(trace.summary().failed == 2);
    CHECK(found(trace) == Lines{"failed_test wrong", "failed_test unreadable"});
}

TEST_CASE("trace: a clause is waived where every rule of it is, as long as that lasts") {
    const Rules plain = compiled(kEverything);
    const char* const now = "2026-01-01T00:00:00Z";
    const auto state = [&](const Rules& rules, std::size_t clause, const char* at) {
        const Trace trace = keywright::trace(rules, {.now = test::at(at)});
        const TracedClause& one = trace.documents[0].clauses[clause];
        return std::string{to_string(one.state)} + (one.waived_until ? " " + to_string(*one.waived_until) : "");
    };
    // 1.name has two rules, 1.order one.
    const Rules one = with_waivers(plain, {waiver("w", 1, "2026-03-01T00:00:00Z", plain)});
    CHECK(state(one, 0, now) == "enforced");
    CHECK(state(one, 1, now) == "waived 2026-03-01T00:00:00Z");
    // The end isn't in it.
    CHECK(state(one, 1, "2026-02-28T23:59:59.999Z") == "waived 2026-03-01T00:00:00Z");
    CHECK(state(one, 1, "2026-03-01T00:00:00Z") == "enforced");
    // Of a rule the last waiver counts, of a clause the first rule that is free again.
    const Rules all = with_waivers(
        plain, {waiver("w", 1, "2026-03-01T00:00:00Z", plain), waiver("x", 0, "2026-02-01T00:00:00Z", plain),
                waiver("y", 0, "2026-02-10T00:00:00Z", plain)});
    CHECK(state(all, 0, now) == "waived 2026-02-10T00:00:00Z");
    CHECK(state(all, 0, "2026-02-10T00:00:00Z") == "enforced");
    const Trace trace = keywright::trace(all, {.now = test::at("2026-02-05T00:00:00Z")});
    REQUIRE(trace.rules[0].waivers.size() == 2);
    CHECK(trace.rules[0].is_waived());
    CHECK_FALSE(trace.rules[0].waivers[0].in_force);
    CHECK(trace.rules[0].waivers[1].in_force);
    CHECK(trace.rules[0].waivers[1].owner == "desk");
    CHECK(trace.summary().waived == 2);
    CHECK(trace.summary().enforced == 0);
}

TEST_CASE("trace: a pack without documents, rules or tests has a trace too") {
    const Trace none = traced(compiled(test::pack_text("a: bool", "")));
    CHECK(none.documents.empty());
    CHECK(found(none).empty());
    CHECK(to_pretty(none).find("0 clauses") != std::string::npos);
    CHECK(to_csv({none}).find('\n') == to_csv({none}).size() - 1);
}

TEST_CASE("trace: what threads and order of asking don't change") {
    const Rules rules = compiled(kEverything);
    TraceOptions options;
    options.now = test::at("2026-01-01T00:00:00Z");
    const std::string once = to_json({keywright::trace(rules, options)});
    options.threads = 4;
    CHECK(to_json({keywright::trace(rules, options)}) == once);
    CHECK(to_json({keywright::trace(rules, options)}) == once);
}

// --- formats ---------------------------------------------------------------------------------------------------------

namespace {

// The cells of a CSV text, read as RFC 4180 says.
std::vector<Lines> cells(const std::string& text) {
    std::vector<Lines> rows(1, Lines(1));
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c != '"') {
                rows.back().back() += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                rows.back().back() += '"';
                ++i;
            } else {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            rows.back().emplace_back();
        } else if (c == '\r') {
            REQUIRE(text[++i] == '\n');
            rows.emplace_back(1);
        } else {
            FAIL("a cell without quotes");
        }
    }
    REQUIRE_FALSE(quoted);
    rows.pop_back();
    return rows;
}

}  // namespace

TEST_CASE("trace: CSV has a row for each clause, rule and test, and for what has none") {
    const std::vector<Lines> rows = cells(to_csv({traced(compiled(kEverything))}));
    REQUIRE(rows.size() > 1);
    for (const Lines& row : rows) CHECK(row.size() == rows[0].size());
    const auto column = [&](const std::string& name) {
        return static_cast<std::size_t>(std::ranges::find(rows[0], name) - rows[0].begin());
    };
    Lines shown;
    for (std::size_t i = 1; i < rows.size(); ++i)
        shown.push_back(rows[i][column("clause")] + "|" + rows[i][column("state")] + "|" + rows[i][column("cited_by")] +
                        "|" + rows[i][column("rule")] + "|" + rows[i][column("test")] + "|" +
                        rows[i][column("expected")] + "|" + rows[i][column("result")]);
    CHECK(shown == Lines{
                       "1.name|enforced|rule|name_required|a nameless key|violated|passed",
                       "1.name|enforced|rule|name_required|reading only|passes|passed",
                       "1.name|enforced|rule|addresses_required|a mover|violated|passed",
                       "1.name|enforced|rule|addresses_required|reading only|not_applicable|passed",
                       "1.order|enforced|rule|addresses_required|a mover|violated|passed",
                       "1.order|enforced|rule|addresses_required|reading only|not_applicable|passed",
                       "2.spared|exempted|exemption|addresses_required|a linked mover||passed",
                       "3.linked|used|define|addresses_required|a mover|violated|passed",
                       "3.linked|used|define|addresses_required|reading only|not_applicable|passed",
                       "3.app|used|field|addresses_required|a mover|violated|passed",
                       "3.app|used|field|addresses_required|reading only|not_applicable|passed",
                       "3.idle|missing|field||||",
                       "4.press|not_checkable|||||",
                       "5.lost|missing|||||",
                       "|||bots_read|||",
                   });
}

TEST_CASE("trace: no cell is a formula, and no text of a rule file is anything but text") {
    const std::string hostile[] = {"=1+1",
                                   "+1",
                                   "-1",
                                   "@SUM(1)",
                                   "\\t=1",
                                   "  =1+1",
                                   "\"=1\"",
                                   "a,\"b\"",
                                   "::error::x",
                                   "##vso[x]",
                                   "\\u{1b}[31m",
                                   "| x |",
                                   "<script>x</script>",
                                   "[x](http://y)",
                                   "`x`",
                                   "＝1",
                                   "@somebody #1",
                                   "x;=1"};
    std::string clauses, tests;
    int n = 0;
    for (const std::string& text : hostile) {
        std::string escaped;
        for (const char c : text) escaped += c == '"' ? std::string{"\\\""} : std::string{c};
        clauses += "clause " + std::to_string(++n) + " must \"" + escaped + "\"\n";
        tests += "test \"" + escaped + "\" { given key { a: true } at 2026-01-01T00:00:00Z expect passes r }\n";
    }
    Trace trace = traced(compiled(test::pack_text(
        "a: bool", "document g {\n" + clauses + "}\nrule r { cites g 1 require a message \"m\" }\n" + tests)));
    trace.documents[0].clauses[0].range.file = "=x\n::error::y.kw";
    trace.documents[0].clauses[1].text = "\r=1";
    trace.documents[0].clauses[1].not_checkable = "\t=1";
    const std::string csv = to_csv({trace});
    bool any = false;
    for (const Lines& row : cells(csv)) {
        for (const std::string& cell : row) {
            if (cell.empty()) continue;
            const std::string_view bare = std::string_view{cell}.substr(cell.find_first_not_of(' ') % cell.size());
            CHECK_MESSAGE(std::string_view{"=+-@\t\r\n"}.find(bare.front()) == std::string_view::npos, cell);
            CHECK_FALSE(cell.starts_with("＝"));
            any = any || cell == "'=1+1";
        }
    }
    CHECK(any);
    for (const std::string& text :
         {csv, to_pretty(trace), to_compact(trace), to_github(trace), to_markdown({trace}), to_json({trace})}) {
        CHECK(text.find('\x1b') == std::string::npos);
        if (!text.starts_with("{")) CHECK(text.find("##vso") == std::string::npos);
        CHECK(text.find("\n::error::") == std::string::npos);
    }
    const std::string markdown = to_markdown({trace});
    CHECK(markdown.find("<script") == std::string::npos);
    CHECK(markdown.find("](http") == std::string::npos);
    CHECK(markdown.find("@somebody") == std::string::npos);
    CHECK(markdown.find("#1") == std::string::npos);
    CHECK(markdown.find("| x |") == std::string::npos);
}

TEST_CASE("trace: a finding is one line, or one annotation") {
    const Trace trace = traced(compiled(kEverything));
    CHECK(to_compact(trace) ==
          "rules.kw:10: missing: clause `guide 3.idle` is cited, but no rule depends on what cites it\n"
          "rules.kw:12: missing: no rule cites clause `guide 5.lost`, and nothing says why it can't be checked\n"
          "rules.kw:37: uncited: rule `bots_read` cites no clause\n"
          "rules.kw:37: untested: no test names rule `bots_read` in what it expects\n"
          "rules.kw:37: never_fires: nothing can violate rule `bots_read`\n");
    CHECK(to_github(trace).starts_with("::error file=rules.kw,line=10::clause `guide 3.idle` is cited"));
}

TEST_CASE("trace: JSON tells everything, by one contract") {
    const nlohmann::json json = nlohmann::json::parse(to_json({traced(compiled(kEverything))}));
    CHECK(json["schema"] == "keywright.trace/1");
    const auto& pack = json["packs"][0];
    CHECK(pack["pack"]["pack"] == "desk");
    CHECK(pack["summary"]["missing"] == 2);
    CHECK(pack["documents"][0]["clauses"][2]["citations"][0]["tests"] == nlohmann::json::array({2}));
    CHECK(pack["rules"][1]["example"]["sample"] == "mover");
    CHECK(pack["rules"][2]["example"]["example"].is_null());
    CHECK(pack["documents"][0]["clauses"][0]["drift_reason"].is_null());
    // What the schema asks for is there, and nothing else: its objects are all closed.
    const nlohmann::json schema = nlohmann::json::parse(trace_schema());
    const auto same_members = [](const nlohmann::json& object, const nlohmann::json& described) {
        Lines is, asked = described["required"].get<Lines>();
        for (const auto& [key, value] : object.items()) is.push_back(key);
        std::ranges::sort(asked);
        CHECK(is == asked);
        CHECK(described["properties"].size() == asked.size());
    };
    const auto& defs = schema["$defs"];
    same_members(json, schema);
    same_members(pack, defs["pack"]);
    same_members(pack["summary"], defs["summary"]);
    same_members(pack["findings"][0], defs["finding"]);
    same_members(pack["documents"][0], defs["document"]);
    same_members(pack["documents"][0]["clauses"][0], defs["clause"]);
    same_members(pack["rules"][1], defs["rule"]);
    same_members(pack["tests"][0], defs["test"]);
}
