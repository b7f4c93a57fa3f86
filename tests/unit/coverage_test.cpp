// What tests cover: small packs, and for each obligation the answer that one finds by hand.
#include "keywright/coverage.h"

#include "analysis/coverage.h"
#include "keywright/render_coverage.h"
#include "smt/solver.h"
#include "support/compiling.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace keywright;

namespace {

Rules compiled(const std::string& fields, const std::string& items) {
    Compiled c = compile_text(test::pack_text(fields, items));
    CAPTURE(test::describe(c.diagnostics));
    REQUIRE(c.rules.has_value());
    return *c.rules;
}

std::string rule(const std::string& body) { return "rule r {\n severity error\n" + body + "\n message \"no\"\n}\n"; }

// A test of one record at one instant which expects nothing in particular; what is covered doesn't hang on it.
std::string looks_at(const std::string& name, const std::string& record,
                     const std::string& at = "2026-01-01T00:00:00Z") {
    return "test \"" + name + "\" {\n given key { " + record + " }\n at " + at +
           " expect verdict compliant or violation or undetermined\n}\n";
}

// `condition require/a == 1/true: covered`, one for each obligation of the duty.
std::vector<std::string> lines(const Coverage& coverage, Duty duty) {
    std::vector<std::string> out;
    for (const CoverageObligation& o : coverage.obligations) {
        if (o.duty != duty) continue;
        std::string line = o.decision.empty() ? o.subject : o.decision + ": " + o.subject;
        if (!o.side.empty()) line += ": " + o.side;
        out.push_back(line + " = " + std::string{to_string(o.state)});
    }
    return out;
}

const CoverageObligation& find(const Coverage& coverage, Duty duty, const std::string& subject,
                               const std::string& side = {}, const std::string& decision = {}) {
    const auto at = std::ranges::find_if(coverage.obligations, [&](const CoverageObligation& o) {
        return o.duty == duty && o.subject == subject && o.side == side && (decision.empty() || o.decision == decision);
    });
    REQUIRE_MESSAGE(at != coverage.obligations.end(), subject << " " << side);
    return *at;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("coverage: every outcome of a rule is owed, and what can't come about is proved impossible") {
    const std::string fields = "usage: one of { bot, app }\nips: bool\nmade: instant";
    const Rules rules = compiled(fields, rule(" when usage == bot\n unless ips\n unless usage == app\n"
                                              " expire 30 days after made warn 7 days before") +
                                             looks_at("idle", "usage: bot, ips: false, made: 2025-01-01T00:00:00Z") +
                                             looks_at("spared", "usage: bot, ips: true, made: 2025-01-01T00:00:00Z"));
    const Coverage coverage = measure_coverage(rules);
    CHECK(lines(coverage, Duty::kRule) == Lines{"decided = covered"});
    CHECK(lines(coverage, Duty::kOutcome) == Lines{"pass = missing", "violated = covered", "warning = missing",
                                                   "exempt by ips = covered", "exempt by usage == app = impossible",
                                                   "not_applicable = missing", "undetermined = missing"});
    const CoverageCount count = coverage.count(Duty::kOutcome);
    CHECK(count.covered == 2);
    CHECK(count.possible == 6);
    CHECK(count.impossible == 1);
    CHECK(count.unknown == 0);
    CHECK(coverage.cases.size() == 2);
    CHECK(find(coverage, Duty::kOutcome, "violated").covered_by == std::vector<std::size_t>{0});
}

TEST_CASE("coverage: an outcome is shown only where it is sure that the rule applies") {
    const std::string fields = "a: bool\nb: bool\nc: bool";
    const std::string text = rule(" when a\n unless b\n require c");
    const auto outcomes = [&](const std::string& record) {
        Lines out;
        for (const std::string& line :
             lines(measure_coverage(compiled(fields, text + looks_at("t", record))), Duty::kOutcome))
            if (line.ends_with("covered")) out.push_back(line);
        return out;
    };
    CHECK(outcomes("a: true, b: false, c: true") == Lines{"pass = covered"});
    CHECK(outcomes("b: false, c: true") == Lines{});  // reported as a pass, but it may not apply
    CHECK(outcomes("a: true, b: true") == Lines{"exempt by b = covered"});
    CHECK(outcomes("b: true") == Lines{});
    CHECK(outcomes("a: false") == Lines{"not_applicable = covered"});
    CHECK(outcomes("a: true, b: false") == Lines{"undetermined = covered"});
    CHECK(outcomes("a: true, b: false, c: false") == Lines{"violated = covered"});
}

TEST_CASE("coverage: a rule that reads nothing can't be undetermined, nor can one that time settles") {
    const auto undetermined = [](const std::string& fields, const std::string& body) {
        const Coverage coverage = measure_coverage(compiled(fields, rule(body)));
        return find(coverage, Duty::kOutcome, "undetermined").state;
    };
    CHECK(undetermined("a: bool", " require now > 2026-01-01T00:00:00Z or now < 2025-01-01T00:00:00Z") ==
          Covered::kImpossible);
    CHECK(undetermined("a: bool", " require now > 2026-01-01T00:00:00Z") == Covered::kImpossible);
    CHECK(undetermined("a: bool", " require a") == Covered::kMissing);
    // Only before 2030, and only one of the two comparisons is open then.
    CHECK(undetermined("a: bool", " require now > 2030-01-01T00:00:00Z or a") == Covered::kMissing);
    // Whatever `a` is: its type, or an assumption, settles it.
    CHECK(undetermined("a: int 0..9\nassume a <= 5", " require a < 6") == Covered::kImpossible);
    CHECK(undetermined("a: instant\nassume a <= now", " require a <= now") == Covered::kImpossible);
}

TEST_CASE("coverage: conditions count where their decision is asked") {
    const std::string fields = "a: bool\nb: bool\nc: bool";
    const std::string text = rule(" when a\n unless b\n require c");
    // The rule doesn't apply, so nothing is seen of the exemption and the requirement.
    CHECK(lines(measure_coverage(compiled(fields, text + looks_at("t", "a: false, b: true, c: true"))),
                Duty::kCondition) == Lines{"when: a: true = missing", "when: a: false = covered",
                                           "unless b: b: true = missing", "unless b: b: false = missing",
                                           "require: c: true = missing", "require: c: false = missing"});
    // It is exempt, so nothing is seen of the requirement.
    CHECK(lines(measure_coverage(compiled(fields, text + looks_at("t", "a: true, b: true, c: true"))),
                Duty::kCondition) == Lines{"when: a: true = covered", "when: a: false = missing",
                                           "unless b: b: true = covered", "unless b: b: false = missing",
                                           "require: c: true = missing", "require: c: false = missing"});
    // What is unknown is neither true nor false.
    CHECK(lines(measure_coverage(compiled(fields, text + looks_at("t", "a: true, b: false"))), Duty::kCondition) ==
          Lines{"when: a: true = covered", "when: a: false = missing", "unless b: b: true = missing",
                "unless b: b: false = covered", "require: c: true = missing", "require: c: false = missing"});
}

TEST_CASE("coverage: a condition decides alone where nothing masks it") {
    const std::string fields = "a: bool\nb: bool\nc: bool";
    const auto decide = [&](const std::string& condition, const std::vector<std::string>& records) {
        std::string tests;
        for (const std::string& record : records) tests += looks_at("t" + std::to_string(tests.size()), record);
        return lines(measure_coverage(compiled(fields, rule(" require " + condition) + tests)), Duty::kDecides);
    };
    // The textbook: n + 1 records for n conditions.
    CHECK(decide("a and b and c", {"a: true, b: true, c: true", "a: false, b: true, c: true",
                                   "a: true, b: false, c: true", "a: true, b: true, c: false"}) ==
          Lines{"require: a = covered", "require: b = covered", "require: c = covered"});
    // Two that are false mask each other.
    CHECK(decide("a and b and c", {"a: true, b: true, c: true", "a: false, b: false, c: true"}) ==
          Lines{"require: a = missing", "require: b = missing", "require: c = missing"});
    // Masking: the pair may differ in others that don't matter in either record.
    CHECK(decide("(a and b) or c", {"a: true, b: true, c: false", "a: false, b: true, c: false",
                                    "a: true, b: false, c: false", "a: false, b: true, c: true"}) ==
          Lines{"require: a = covered", "require: b = covered", "require: c = covered"});
    // Both sides of every condition, and yet `c` never decides.
    CHECK(decide("(a or b) and c",
                 {"a: true, b: false, c: true", "a: false, b: false, c: false", "a: false, b: true, c: true"}) ==
          Lines{"require: a = missing", "require: b = missing", "require: c = missing"});
    // A difference of truths: each decides wherever the other is known, in the one direction or in the other.
    CHECK(decide("a != b", {"a: true, b: false", "a: false, b: false"}) ==
          Lines{"require: a = covered", "require: b = missing"});
    CHECK(decide("a != b", {"a: true, b: false", "a: false, b: true"}) ==
          Lines{"require: a = missing", "require: b = missing"});
    CHECK(decide("a == b", {"a: true, b: true", "a: false, b: true", "a: true, b: false"}) ==
          Lines{"require: a = covered", "require: b = covered"});
    // What is unknown may mask, so it shows nothing.
    CHECK(decide("a and b", {"a: true, b: true", "a: false"}) == Lines{"require: a = missing", "require: b = missing"});
    CHECK(decide("a implies b", {"a: true, b: true", "a: true, b: false", "a: false, b: false"}) ==
          Lines{"require: a = covered", "require: b = covered"});
}

TEST_CASE("coverage: the pair that shows a decision stands in one test where there is such a pair") {
    const Rules rules =
        compiled("a: bool", rule(" require a or now < 2026-06-01T00:00:00Z") +
                                looks_at("early", "a: false", "2026-01-01T00:00:00Z") +
                                "test \"both\" {\n given key { a: false }\n"
                                " at 2026-05-31T00:00:00Z expect none\n at 2026-06-01T00:00:00Z expect r\n}\n");
    const Coverage coverage = measure_coverage(rules);
    const CoverageObligation& o = find(coverage, Duty::kDecides, "now < 2026-06-01T00:00:00Z");
    REQUIRE(o.covered_by.size() == 2);
    CHECK(coverage.cases[o.covered_by[0]].test == "both");
    CHECK(coverage.cases[o.covered_by[1]].test == "both");
    CHECK(coverage.cases[o.covered_by[0]].at < coverage.cases[o.covered_by[1]].at);
}

TEST_CASE("coverage: whether something is there guards what is asked of it, and decides nevertheless") {
    const std::string fields = "name: text?\nn: int 0..9?";
    const auto decide = [&](const std::string& condition, const std::vector<std::string>& records) {
        std::string tests;
        for (const std::string& record : records) tests += looks_at("t" + std::to_string(tests.size()), record);
        return lines(measure_coverage(compiled(fields, rule(" require " + condition) + tests)), Duty::kDecides);
    };
    for (const std::string asked :
         {"name is present and name is not blank", "name is present and name starts with \"x\""}) {
        CAPTURE(asked);
        const std::string inner =
            asked.find("blank") != std::string::npos ? "name is not blank" : "name starts with \"x\"";
        CHECK(decide(asked, {"name: \"xy\"", "name: absent"}) ==
              Lines{"require: name is present = covered", "require: " + inner + " = missing"});
        CHECK(decide(asked, {"name: \"xy\"", "name: \"\""}) ==
              Lines{"require: name is present = missing", "require: " + inner + " = covered"});
        // Unknown isn't absent.
        CHECK(decide(asked, {"name: \"xy\"", "name: unknown"}) ==
              Lines{"require: name is present = missing", "require: " + inner + " = missing"});
    }
    CHECK(decide("n is present implies n != 3", {"n: 3", "n: absent", "n: 4"}) ==
          Lines{"require: n is present = covered", "require: n != 3 = covered"});
}

TEST_CASE("coverage: defines are looked through, and count in each decision that uses them") {
    const Rules rules =
        compiled("a: bool\nb: bool", "define either = a or b\n" + rule(" when either\n require not either") +
                                         looks_at("t", "a: true, b: false"));
    const Coverage coverage = measure_coverage(rules);
    CHECK(lines(coverage, Duty::kCondition) == Lines{"when: a: true = covered", "when: a: false = missing",
                                                     "when: b: true = missing", "when: b: false = covered",
                                                     "require: a: true = covered", "require: a: false = missing",
                                                     "require: b: true = missing", "require: b: false = covered"});
}

TEST_CASE("coverage: a quantifier is one condition, and so is a match") {
    const Rules rules =
        compiled("ips: set of network\nkind: one of { a, b }\nx: bool",
                 rule(" require (any n in ips: n is open or n is private) or match kind { a: x, b: not x }") +
                     looks_at("t", "ips: {10.0.0.1}, kind: a, x: true"));
    const Coverage coverage = measure_coverage(rules);
    const Lines conditions = lines(coverage, Duty::kCondition);
    REQUIRE(conditions.size() == 4);
    CHECK(conditions[0].ends_with("true = covered"));
    CHECK(conditions[1].ends_with("false = missing"));
    CHECK(conditions[2].ends_with("true = covered"));
    CHECK(conditions[3].ends_with("false = missing"));
}

TEST_CASE("coverage: boundaries are tried just below, at and just above, of the left side to the right") {
    const std::string fields = "n: int 0..100\nm: instant\nips: set of network\nlabel: text";
    const auto bounds = [&](const std::string& condition, const std::vector<std::string>& records) {
        std::string tests;
        for (const std::string& record : records) tests += looks_at("t" + std::to_string(tests.size()), record);
        return lines(measure_coverage(compiled(fields, rule(" require " + condition) + tests)), Duty::kBoundary);
    };
    const std::string n = "require: n < 10: ";
    CHECK(bounds("n < 10", {"n: 9", "n: 10", "n: 11"}) ==
          Lines{n + "just below = covered", n + "at = covered", n + "just above = covered"});
    CHECK(bounds("n < 10", {"n: 8", "n: 12"}) ==
          Lines{n + "just below = missing", n + "at = missing", n + "just above = missing"});
    // The ends of what an int may be.
    CHECK(bounds("n > 0", {}) == Lines{"require: n > 0: just below = impossible", "require: n > 0: at = missing",
                                       "require: n > 0: just above = missing"});
    CHECK(bounds("n < 100", {}) == Lines{"require: n < 100: just below = missing", "require: n < 100: at = missing",
                                         "require: n < 100: just above = impossible"});
    // Of time: a second at most, and no less than nothing.
    const std::string m = "require: m < 2026-01-01T00:00:00Z: ";
    CHECK(bounds("m < 2026-01-01T00:00:00Z",
                 {"m: 2025-12-31T23:59:59Z", "m: 2026-01-01T00:00:00Z", "m: 2026-01-01T00:00:00.000000001Z"}) ==
          Lines{m + "just below = covered", m + "at = covered", m + "just above = covered"});
    CHECK(bounds("m < 2026-01-01T00:00:00Z", {"m: 2025-12-31T23:59:58Z", "m: 2026-01-01T00:00:01.5Z"}) ==
          Lines{m + "just below = missing", m + "at = missing", m + "just above = missing"});
    CHECK(bounds("count(ips) > 1", {"ips: {}", "ips: {10.0.0.1}"}) ==
          Lines{"require: count(ips) > 1: just below = covered", "require: count(ips) > 1: at = covered",
                "require: count(ips) > 1: just above = missing"});
    CHECK(bounds("length(label) >= 3", {"label: \"abc\""}) ==
          Lines{"require: length(label) >= 3: just below = missing", "require: length(label) >= 3: at = covered",
                "require: length(label) >= 3: just above = missing"});
    // Under a quantifier: of some element.
    const Lines inner = bounds("every x in ips: prefix_length(x) >= 24", {"ips: {10.0.0.0/23, 10.1.0.0/24}"});
    REQUIRE(inner.size() == 3);
    CHECK(inner[0].ends_with("just below = covered"));
    CHECK(inner[1].ends_with("at = covered"));
    CHECK(inner[2].ends_with("just above = missing"));
}

TEST_CASE("coverage: deadlines have boundaries in time") {
    const std::string items = rule(" expire 30 days after made warn 7 days before");
    const auto bounds = [&](const std::string& at) {
        Lines out;
        const Coverage coverage =
            measure_coverage(compiled("made: instant", items + looks_at("t", "made: 2026-01-01T00:00:00Z", at)));
        for (const std::string& line : lines(coverage, Duty::kBoundary)) {
            if (line.ends_with("covered")) out.push_back(line.substr(0, line.find(" = ")));
        }
        return out;
    };
    CHECK(bounds("2026-01-23T23:59:59Z") == Lines{"expire: start of the warning: just below"});
    CHECK(bounds("2026-01-24T00:00:00Z") == Lines{"expire: start of the warning: at"});
    CHECK(bounds("2026-01-24T00:00:01Z") == Lines{"expire: start of the warning: just above"});
    CHECK(bounds("2026-01-30T23:59:59Z") == Lines{"expire: deadline: just below"});
    CHECK(bounds("2026-01-31T00:00:00Z") == Lines{"expire: deadline: at"});
    CHECK(bounds("2026-01-31T00:00:00.5Z") == Lines{"expire: deadline: just above"});
    CHECK(bounds("2026-01-31T00:00:02Z") == Lines{});
}

TEST_CASE("coverage: what a schema assumes makes boundaries impossible") {
    const Coverage coverage =
        measure_coverage(compiled("made: instant\nused: instant\nassume made <= used", rule(" require used >= made")));
    CHECK(find(coverage, Duty::kBoundary, "used >= made", "just below").state == Covered::kImpossible);
    CHECK(find(coverage, Duty::kBoundary, "used >= made", "at").state == Covered::kMissing);
    CHECK(find(coverage, Duty::kCondition, "used >= made", "false").state == Covered::kImpossible);
    CHECK(find(coverage, Duty::kOutcome, "violated").state == Covered::kImpossible);
}

TEST_CASE("coverage: what can't be settled is unknown, counts as missing, and says why") {
    const Coverage coverage = measure_coverage(
        compiled("label: text\nowner: text", rule(" require label != owner or label != \"x\" or owner == \"x\"")));
    const CoverageObligation& o = find(coverage, Duty::kOutcome, "violated");
    if (smt::available()) {  // a solver settles what cells can't express
        CHECK(o.state == Covered::kImpossible);
        return;
    }
    CHECK(o.state == Covered::kUnknown);
    CHECK(!o.reason.empty());
    CHECK(o.examples.empty());
    const CoverageCount count = coverage.count(Duty::kOutcome);
    CHECK(count.unknown == 1);
    CHECK(count.possible == 3);
}

TEST_CASE("coverage: every example, given as a test, covers what it was an example of") {
    const std::string fields =
        "usage: one of { bot, app }\nips: set of network\nmade: instant\nused: instant?\nname: text?\nn: int 0..50\n"
        "assume made <= used <= now";
    const std::string items =
        "define active = used else made\n" +
        rule(
            " when usage == bot or n > 40\n unless no x in ips: x is open\n unless name is present and name is not "
            "blank\n expire 30 days after active warn 7 days before") +
        "rule s {\n severity warning\n require (n < 10 implies name is present) and (count(ips) < 2 or n >= 20)\n"
        " message \"no\"\n}\n";
    const Rules rules = compiled(fields, items);
    const Coverage coverage = measure_coverage(rules);
    CHECK(coverage.count().covered == 0);
    const auto checked = test::check_text(test::pack_text(fields, items));
    REQUIRE_FALSE(checked->refused);
    const analysis::Obligations obligations{checked->module};
    const logic::CellSolver cells;
    const logic::Solver* const solvers[] = {&cells};
    std::size_t found = 0, impossible = 0;
    analysis::Feasibility feasibility{obligations, solvers, {}};
    for (std::uint32_t goal = 0; goal < obligations.goals.size(); ++goal) {
        const analysis::Feasible& f = feasibility.find(goal);
        REQUIRE(f.answer != logic::Answer::kUnknown);
        const auto alone = analysis::witness_for(obligations, goal, solvers, {});
        REQUIRE(alone.has_value() == (f.answer == logic::Answer::kYes));
        if (f.answer == logic::Answer::kNo) ++impossible;
        if (f.answer != logic::Answer::kYes) continue;
        CHECK(analysis::covers(obligations, goal, f.witness->records.front(), f.witness->now));
        CHECK(analysis::covers(obligations, goal, alone->records.front(), alone->now));
        ++found;
    }
    CHECK(found > 60);
    CHECK(impossible < found);
}

TEST_CASE("coverage: a question negated in its own words is one condition, as it is underlined") {
    const Rules rules = compiled("ips: set of network\nok: bool",
                                 rule(" require ips is not empty and not ok") + looks_at("t", "ips: {}, ok: false"));
    CHECK(lines(measure_coverage(rules), Duty::kCondition) ==
          Lines{"require: ips is not empty: true = missing", "require: ips is not empty: false = covered",
                "require: ok: true = missing", "require: ok: false = covered"});
}

TEST_CASE("coverage: tests of several files are measured together") {
    const test::Files files{
        {"pack.kw", test::pack_text("a: bool", rule(" require a"))},
        {"yes.kw", "edition 1\nimport \"pack.kw\"\n" + looks_at("yes", "a: true")},
        {"all.kw", "edition 1\nimport \"pack.kw\"\nimport \"yes.kw\"\n" + looks_at("no", "a: false")}};
    const auto measured = [&](std::vector<std::string> also) {
        CompileOptions options;
        options.also = std::move(also);
        const Compiled c = compile(files, "pack.kw", options);
        CAPTURE(test::describe(c.diagnostics));
        REQUIRE(c.rules.has_value());
        return measure_coverage(*c.rules);
    };
    CHECK(measured({"yes.kw"}).count(Duty::kDecides).covered == 0);
    const Coverage both = measured({"yes.kw", "all.kw"});
    CHECK(both.cases.size() == 2);
    CHECK(both.count(Duty::kCondition).covered == 2);
    CHECK(both.count(Duty::kDecides).covered == 1);
    CHECK(find(both, Duty::kDecides, "a").covered_by == std::vector<std::size_t>{0, 1});
    CHECK(measured({"all.kw"}).cases.size() == 2);  // with what it imports
}

TEST_CASE("coverage: without asking, what isn't covered is missing; a filter leaves out tests") {
    const Rules rules =
        compiled("a: instant\nassume a <= now", rule(" require a <= now") + looks_at("t", "a: 2025-01-01T00:00:00Z"));
    CoverageOptions options;
    options.ask = false;
    const Coverage coverage = measure_coverage(rules, options);
    CHECK(coverage.count().impossible == 0);
    CHECK(coverage.count().covered == measure_coverage(rules).count().covered);
    CHECK(measure_coverage(rules).count().impossible > 0);
    for (const CoverageObligation& o : coverage.obligations) CHECK(o.examples.empty());
    options.filter = "u";
    CHECK(measure_coverage(rules, options).cases.empty());
    CHECK(measure_coverage(rules, options).count().covered == 0);
}

TEST_CASE("coverage: percentages are rounded down, and thresholds compared exactly") {
    CHECK(percent({181, 183, 6, 0}) == "98.9");
    CHECK(percent({99'999, 100'000, 0, 0}) == "99.9");
    CHECK(percent({0, 0, 3, 0}) == "100.0");
    CHECK(percent({1, 3, 0, 0}) == "33.3");
    CHECK(CoverageCount{1, 3, 0, 0}.reaches(33));
    CHECK_FALSE(CoverageCount{1, 3, 0, 0}.reaches(34));
    CHECK(CoverageCount{0, 0, 0, 0}.reaches(100));
}

TEST_CASE("coverage: what comes from outside can't break out of any format") {
    Coverage coverage;
    coverage.rules = {"p\"><&'", "1\n", "sha256:0"};
    CoverageObligation o;
    o.rule = "r<\"&>'";
    o.range.file = "a\nend_of_record\nSF:x\x1b[31m<&\">.kw";
    o.duty = Duty::kRule;
    o.subject = "decided";
    coverage.obligations.push_back(o);
    o.duty = Duty::kCondition;
    o.decision = "when";
    o.subject = "x\n::error::y \x1b[0m";
    o.side = "true";
    coverage.obligations.push_back(o);
    for (const std::string& text : {to_lcov({coverage}), to_cobertura({coverage}), to_compact(coverage),
                                    to_github(coverage), to_pretty(coverage, {}), to_json({coverage})}) {
        CAPTURE(text);
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.find("\nSF:x") == std::string::npos);
        CHECK(text.find("\n::error") == std::string::npos);
    }
    const std::string lcov = to_lcov({coverage});
    CHECK(lcov.find("end_of_record\n") == lcov.rfind("end_of_record\n"));
    const std::string xml = to_cobertura({coverage});
    CHECK(xml.find("r&lt;&quot;&amp;&gt;&apos;") != std::string::npos);
    CHECK(xml.find("p&quot;&gt;&lt;&amp;&apos;") != std::string::npos);
}

TEST_CASE("coverage: secrets reach no output") {
    const Rules rules =
        compiled("key: secret?", rule(" require key is present implies length(key) > 8") +
                                     looks_at("t", "key: \"hunter2-hunter2\"") + looks_at("u", "key: absent"));
    const Coverage coverage = measure_coverage(rules);
    CHECK(coverage.count(Duty::kDecides).covered == 0);
    for (const std::string& text : {to_json({coverage}), to_pretty(coverage, {}), to_compact(coverage)})
        CHECK(text.find("hunter") == std::string::npos);
}
