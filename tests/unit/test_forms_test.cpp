// The forms that make many cases of one test: tables, values that vary, properties. Each passes where it should, fails
// where it should, and says why. What is read from JSON: test_readings_test.cpp.
#include "analysis/properties.h"
#include "analysis/suite.h"
#include "keywright/render.h"
#include "value/time.h"

#include "support/compiling.h"
#include "support/without_places.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace keywright;

namespace {

constexpr const char* kFields = R"(
usage: one of { trading, reading, linked }
permissions: set of { general, trade, withdraw } = {}
addresses: set of network = {}
orders: int 0..1000 = 0
slots: int 1..3 = 1
verified: bool? = absent
name: text? = absent
api_secret: secret? = absent
made: instant
used: instant? = absent
rotation: duration = 0 days
limits: { daily: int 0..100, single: int 0..100 = 1 }? = absent
assume made <= now
assume made <= used <= now
)";

constexpr const char* kRules = R"kw(
define moves_funds = permissions has any of {withdraw}
rule withdrawal_needs_addresses {
    when moves_funds
    unless usage == linked
    require addresses is not empty
    message "no addresses"
}
rule few_orders { severity warning require orders <= 100 }
rule idle { when usage == trading expire 30 days after (used else made) warn 7 days before }
rule no_space { when api_secret is present forbid has_space(api_secret) }
rule daily { when limits is present require limits.daily <= 50 }
sample open_key = key { usage: trading, permissions: {general}, made: 2026-01-01T00:00:00Z }
)kw";

std::string pack_of(const std::string& tests) { return test::pack_text(kFields, kRules + tests); }

Compiled compiled_of(const std::string& tests, const Limits& limits = {}) {
    CompileOptions options;
    options.limits = limits;
    return compile_text(pack_of(tests), "rules.kw", options);
}

std::vector<TestResult> run(const std::string& tests) {
    const Compiled compiled = compiled_of(tests);
    INFO(test::describe(compiled.diagnostics));
    REQUIRE(compiled.rules.has_value());
    return compiled.rules->run_tests();
}

// The only test in a text.
TestResult run_one(const std::string& text) {
    auto results = run(text);
    REQUIRE(results.size() == 1);
    CHECK(results[0].passed == results[0].failures.empty());
    return std::move(results[0]);
}

std::string in_words(const TestResult& result) {
    std::string out = to_pretty(result, {.color = false, .width = 400});
    return out;
}

std::string refused(const std::string& tests, const Limits& limits = {}) {
    const Compiled compiled = compiled_of(tests, limits);
    CHECK_FALSE(compiled.rules.has_value());
    return test::without_places(test::describe(compiled.diagnostics));
}

bool says(const std::string& text, std::string_view part) {
    const bool found = text.find(part) != std::string::npos;
    if (!found) MESSAGE(text);
    return found;
}

constexpr const char* kTable = R"kw(test "who may withdraw" {
    given open_key
    at 2026-01-10T00:00:00Z
    table {
        | usage   | permissions         | addresses     | limits.daily -> expect
        | trading | {general, withdraw} | {}            | absent       -> withdrawal_needs_addresses
        | linked  | {general, withdraw} | {}            | 20           -> exempt withdrawal_needs_addresses, passes daily
        | reading | {withdraw}          | {203.0.113.7} | 60           -> daily, passes withdrawal_needs_addresses
        | unknown | {general}           | unknown       | unknown      -> undetermined daily needs limits.daily, verdict undetermined
    }
}
)kw";

}  // namespace

TEST_CASE("each row of a table is a case") {
    // `limits.daily` makes its record present, so only a nested record that is optional may be absent.
    std::string table = kTable;
    table.replace(table.find("absent"), 6, "3     ");
    CHECK(run_one(table).passed);
    const std::string wrong = in_words(run_one([&] {
        std::string text = table;
        text.replace(text.find("-> daily,"), 9, "-> none, ");
        return text;
    }()));
    CHECK(says(wrong, "where     row 3"));
    CHECK(says(wrong, "extra     `daily` (error)"));
    CHECK(says(wrong, "because   `daily` is violated: "));
}

TEST_CASE("a row may name its instant, and rows of several tables are counted together") {
    const TestResult result = run_one(R"kw(test "idle" {
        given open_key
        table {
            | at                   -> expect
            | 2026-01-23T23:59:59Z -> none
            | 2026-01-24T00:00:00Z -> idle as warning, verdict compliant
        }
        table {
            | used                 | at                   -> expect
            | 2026-01-20T00:00:00Z | 2026-02-19T00:00:00Z -> idle
            | 2026-01-20T00:00:00Z | 2026-02-18T23:59:59Z -> none
        }
    })kw");
    REQUIRE(result.failures.size() == 1);
    CHECK(result.failures[0].where == "row 4");
    CHECK(result.failures[0].unexpected == std::vector<std::string>{"`idle` (warning)"});
    CHECK(result.failures[0].range.line > result.range.line + 8);
}

TEST_CASE("an instant alone is that of what follows") {
    CHECK(
        run_one("test \"t\" { given open_key at 2026-01-10T00:00:00Z expect none at 2026-02-10T00:00:00Z expect idle\n"
                "expect verdict violation }")
            .passed);
    CHECK(run_one("test \"t\" { given open_key at 2026-02-10T00:00:00Z expect idle }").passed);
    CHECK(run_one("test \"t\" { at 2026-02-10T00:00:00Z given open_key expect idle }").passed);
}

TEST_CASE("what is wrong with a table is said where it is") {
    const auto table = [](const std::string& rows) {
        return "test \"t\" {\n given open_key\n at 2026-01-10T00:00:00Z\n table {\n" + rows + "\n }\n}\n";
    };
    CHECK(says(refused(table("| usage | orders -> expect\n| trading -> none")),
               "KW5009 the row has 1 cell, and the table 2 columns"));
    CHECK(says(refused(table("| usage -> expect\n| trading | 3 -> none")),
               "KW5009 the row has 2 cells, and the table 1 column"));
    CHECK(says(refused(table("| usag -> expect\n| trading -> none")), "KW2001"));
    CHECK(says(refused(table("| usage | usage -> expect\n| trading | trading -> none")),
               "KW5003 `usage` is a column twice"));
    CHECK(says(refused(table("| limits | limits.daily -> expect\n| absent | 3 -> none")),
               "KW5003 `limits.daily` is a column twice"));
    CHECK(says(refused(table("| at | at -> expect\n| 2026-01-10T00:00:00Z | 2026-01-10T00:00:00Z -> none")),
               "KW5003 `at` is a column twice"));
    CHECK(says(refused(table("| usage -> expect")), "KW5001 the table has no rows"));
    CHECK(says(refused(table("| orders -> expect\n| 1001 -> none")), "KW3008"));
    CHECK(says(refused(table("| orders -> expect\n| absent -> none")), "KW5006"));
    CHECK(says(refused(table("| at -> expect\n| 3 days -> none")), "KW1010 the column `at` holds instants"));
    CHECK(says(refused(table("| orders -> expect\n| 3 -> nosuch_rule")), "KW2001"));
    CHECK(says(refused("test \"t\" { given open_key table { | orders -> expect\n | 3 -> none } }"), "KW5002"));
    // One mistake doesn't hide the next row's.
    const std::string both = refused(table("| orders -> expect\n| 3 none\n| 1001 -> none"));
    CHECK(says(both, "KW1001"));
    CHECK(says(both, "KW3008"));
}

TEST_CASE("a test is tried with every value of a field") {
    CHECK(run_one(R"kw(test "t" {
        given open_key with { permissions: {withdraw} }
        for each usage where usage != linked
        for each orders in 0, 100
        at 2026-01-10T00:00:00Z expect withdrawal_needs_addresses
    })kw")
              .passed);
    const TestResult result = run_one(R"kw(test "t" {
        given open_key with { permissions: {withdraw} }
        for each usage
        for each verified
        at 2026-01-10T00:00:00Z expect withdrawal_needs_addresses
    })kw");
    REQUIRE(result.failures.size() == 3);
    CHECK(result.failures[0].where == "usage: linked, verified: false");
    CHECK(result.failures[1].where == "usage: linked, verified: true");
    CHECK(result.failures[2].where == "usage: linked, verified: absent");
    CHECK(result.failures[0].missing == std::vector<std::string>{"`withdrawal_needs_addresses` (error)"});
    REQUIRE(result.failures[0].because.size() == 1);
    CHECK(result.failures[0].because[0].starts_with("`withdrawal_needs_addresses` is exempt by `usage == linked`: "));
}

TEST_CASE("all subsets, all small ranges, and many failures in few lines") {
    const auto checked = test::check_text(pack_of(R"kw(test "t" {
        given open_key
        for each permissions
        for each slots
        at 2026-01-10T00:00:00Z expect none
        at 2026-01-11T00:00:00Z expect none
    })kw"));
    REQUIRE_FALSE(checked->refused);
    const analysis::Suite suite{checked->module};
    CHECK(suite.cases.size() == 8 * 3 * 2);
    std::set<std::string> places;
    for (const analysis::Case& one : suite.cases) places.insert(one.where);
    CHECK(places.size() == 24);
    CHECK(places.contains("permissions: {}, slots: 1"));
    CHECK(places.contains("permissions: {general, trade, withdraw}, slots: 3"));

    const TestResult result = run_one(
        "test \"t\" { given open_key for each permissions for each slots at 2026-01-10T00:00:00Z expect few_orders }");
    REQUIRE(result.failures.size() == 5);
    CHECK(result.failures[0].where == "permissions: {}, slots: 1");
    CHECK(result.failures[4].where.ends_with("; 19 more records fail"));
}

TEST_CASE("values that vary inside nested records, and tables within them") {
    CHECK(run_one(R"kw(test "t" {
        given open_key
        for each limits in absent, unknown, { daily: 3 }
        at 2026-01-10T00:00:00Z expect none, undetermined daily
    })kw")
              .failures.size() == 2);
    CHECK(run_one(R"kw(test "t" {
        given open_key
        for each limits.daily in 51, 100
        at 2026-01-10T00:00:00Z
        table {
            | usage   -> expect
            | reading -> daily
            | linked  -> exactly daily
        }
    })kw")
              .passed);
}

TEST_CASE("a condition that no combination meets, or that is unknown for one, is a failure") {
    const std::string none = in_words(
        run_one("test \"t\" { given open_key for each usage where orders > 5 at 2026-01-10T00:00:00Z expect none }"));
    CHECK(says(none, "got       no combination meets `orders > 5`"));
    const std::string open =
        in_words(run_one("test \"t\" { given open_key with { orders: unknown } for each usage "
                         "where orders > 5 at 2026-01-10T00:00:00Z expect verdict invalid }"));
    CHECK(says(open, "got       whether `orders > 5` holds is unknown"));
    CHECK(says(open, "where     usage: linked"));
}

TEST_CASE("what can't vary is refused") {
    const auto vary = [](const std::string& what) {
        return "test \"t\" { given open_key " + what + " at 2026-01-10T00:00:00Z expect none }";
    };
    CHECK(says(refused(vary("for each orders")), "KW5010 `orders` has more than 64 values"));
    CHECK(says(refused(vary("for each name")), "KW5010"));
    CHECK(says(refused(vary("for each limits")), "KW5010"));
    CHECK(says(refused(vary("for each usge")), "KW2001"));
    CHECK(says(refused(vary("for each usage for each usage")), "KW5003 `usage` varies twice"));
    CHECK(says(refused(vary("for each limits in absent for each limits.daily in 3")), "KW5003"));
    CHECK(says(refused(vary("for each usage in trading, trading")), "KW3013"));
    CHECK(says(refused(vary("for each orders in 1001")), "KW3008"));
    CHECK(says(refused(vary("for each orders in absent")), "KW5006"));
    CHECK(says(refused(vary("for each usage where orders")), "KW3001"));
    CHECK(says(refused("test \"t\" { given open_key for each usage at 2026-01-10T00:00:00Z\n"
                       "table { | usage -> expect\n | trading -> none } }"),
               "KW5003 `usage` is a column of the table and varies too"));
    Limits limits;
    limits.test_cases = 23;
    const std::string much = refused(vary("for each permissions for each slots"), limits);
    CHECK(says(much, "KW5012 the test makes more than 23 cases"));
    CHECK(says(much, "`test_cases`"));
    limits.test_cases = 24;
    CHECK(compiled_of(vary("for each permissions for each slots"), limits).rules.has_value());
    limits.test_cases = 7;
    CHECK(says(refused(vary("for each permissions"), limits), "KW5012"));
}

TEST_CASE("a property is tried with records drawn at random") {
    CHECK(run_one(R"kw(test "linked keys may withdraw from anywhere" {
        for any key where usage == linked and moves_funds
        at 2026-01-10T00:00:00Z expect exempt withdrawal_needs_addresses
    })kw")
              .passed);
    const TestResult result = run_one(R"kw(test "no key may withdraw" {
        for any key where orders >= 7 and limits is present tries 50 seed 42
        at 2026-01-10T00:00:00Z expect not_applicable withdrawal_needs_addresses
    })kw");
    REQUIRE(result.failures.size() == 1);
    const TestResult::Failure& failure = result.failures[0];
    CHECK(says(failure.where, "of 50, seed 42"));
    CHECK(says(failure.where, "fail"));
    // As little as it takes: the condition's own borders, and the one permission.
    CHECK(failure.record == R"({"usage":"trading","permissions":["withdraw"],"addresses":[],"orders":7,"slots":1,)"
                            R"("made":"2026-01-10T00:00:00Z","rotation":"PT0S","limits":{"daily":0,"single":1}})");
    CHECK(says(in_words(result), "record    {"));
    // The same again.
    CHECK(in_words(result) == in_words(run_one(R"kw(test "no key may withdraw" {
        for any key where orders >= 7 and limits is present tries 50 seed 42
        at 2026-01-10T00:00:00Z expect not_applicable withdrawal_needs_addresses
    })kw")));
}

TEST_CASE("numbers shrink to the border") {
    const auto record = [](const std::string& where, const std::string& expectation) {
        const TestResult result = run_one("test \"t\" { for any key where " + where +
                                          " at 2026-06-01T00:00:00Z expect " + expectation + " }");
        REQUIRE(result.failures.size() == 1);
        return result.failures[0].record;
    };
    CHECK(says(record("usage == reading", "passes few_orders"), "\"orders\":101"));
    CHECK(says(record("limits is present", "passes daily"), "\"daily\":51"));
    // Thirty days before, and no second more.
    CHECK(says(record("usage == trading", "passes idle"), "\"made\":\"2026-05-02T00:00:00Z\""));
}

TEST_CASE("as few members as possible differ, also where taking them back one by one ends with more") {
    const auto checked = test::check_text(
        test::pack_text("c: bool\na: bool\nb: bool\nn: int 0..9 = 3", "rule r { forbid c or (a and b) }"));
    REQUIRE_FALSE(checked->refused);
    value::Record record;
    record.reset(4);
    for (const std::size_t field : {0U, 1U, 2U}) record.set_bool(field, true);
    record.set_int(3, 7);
    const Instant now = test::at("2026-01-10T00:00:00Z");
    const value::Record least = analysis::smallest(checked->module, record, now, [](const value::Record& r) {
        return r.boolean(0) || (r.boolean(1) && r.boolean(2));
    });
    CHECK(least.boolean(0));
    CHECK_FALSE(least.boolean(1));
    CHECK_FALSE(least.boolean(2));
    CHECK(least.integer(3) == 3);  // the default
}

TEST_CASE("nested records and sets shrink") {
    const TestResult result = run_one(
        "test \"t\" { for any key where limits is present and limits.single > 7\n"
        " and count(addresses) >= 2 and trade in permissions\n"
        " at 2026-01-10T00:00:00Z expect daily }");
    REQUIRE(result.failures.size() == 1);
    CHECK(says(result.failures[0].record, "\"limits\":{\"daily\":0,\"single\":8}"));
    CHECK(says(result.failures[0].record, "\"permissions\":[\"trade\"]"));
    const std::string& record = result.failures[0].record;
    const std::size_t begin = record.find("\"addresses\":");
    CHECK(std::count(record.begin() + static_cast<std::ptrdiff_t>(begin),
                     record.begin() + static_cast<std::ptrdiff_t>(record.find(']', begin)), ',') == 1);
}

TEST_CASE("every outcome of every rule is among the records drawn") {
    const auto checked = test::check_text(pack_of(R"kw(test "t" {
        for any key tries 200
        at 2026-01-10T00:00:00Z expect verdict compliant or violation
    })kw"));
    REQUIRE_FALSE(checked->refused);
    const ir::Module& module = checked->module;
    const Instant now = test::at("2026-01-10T00:00:00Z");
    const analysis::Drawn drawn = analysis::draw(module, {}, now, 200, 1);
    REQUIRE(drawn.records.size() == 200);
    for (const value::Record& record : drawn.records) CHECK(analysis::is_drawable(module, {}, record, now));
    // Which fails for each outcome that a record might have: so one of them has it.
    for (const char* expectation : {"passes withdrawal_needs_addresses", "not_applicable withdrawal_needs_addresses",
                                    "exempt withdrawal_needs_addresses", "passes few_orders", "passes idle",
                                    "passes no_space", "not_applicable no_space", "passes daily"}) {
        CAPTURE(expectation);
        const auto results =
            run("test \"t\" { for any key at 2026-01-10T00:00:00Z expect " + std::string{expectation} + " }");
        CHECK_FALSE(results[0].passed);
    }
    // Another seed draws others, the same seed the same.
    const analysis::Drawn other = analysis::draw(module, {}, now, 200, 2);
    const analysis::Drawn same = analysis::draw(module, {}, now, 200, 1);
    const auto orders = [&](const analysis::Drawn& d) {
        std::vector<std::int64_t> out;
        for (const value::Record& record : d.records) out.push_back(record.integer(3));
        return out;
    };
    REQUIRE(module.schema.fields[3].name == "orders");
    CHECK(orders(drawn) == orders(same));
    CHECK(orders(drawn) != orders(other));
}

TEST_CASE("a property about no record is a failure") {
    const std::string none = in_words(
        run_one("test \"t\" { for any key where orders > 5 and orders < 3 at 2026-01-10T00:00:00Z expect none }"));
    CHECK(says(none, "got       no configuration meets the condition"));
    // Nothing was made before it can have been.
    const std::string early =
        in_words(run_one("test \"t\" { for any key where made > 2026-01-11T00:00:00Z\n"
                         "at 2026-01-10T00:00:00Z expect verdict violation }"));
    CHECK(says(early, "got       no configuration meets the condition"));
}

TEST_CASE("narrow conditions are met") {
    CHECK(run_one(R"kw(test "t" {
        for any key where orders == 777 and made == 2026-01-03T04:05:06Z and permissions == {trade}
                          and addresses has only {198.51.100.9} and limits is present and name is present
        at 2026-01-10T00:00:00Z expect includes few_orders
    })kw")
              .failures.empty());
}

TEST_CASE("parts of a property that make no sense are refused") {
    CHECK(says(refused("test \"t\" { for any key given open_key at 2026-01-10T00:00:00Z expect none }"), "KW5011"));
    CHECK(says(refused("test \"t\" { for any key for each usage at 2026-01-10T00:00:00Z expect none }"), "KW5011"));
    CHECK(says(
        refused("test \"t\" { for any key at 2026-01-10T00:00:00Z table { | usage -> expect\n | linked -> none } }"),
        "KW5011"));
    CHECK(says(refused("test \"t\" { for any key for any key at 2026-01-10T00:00:00Z expect none }"), "KW4003"));
    CHECK(says(refused("test \"t\" { for any key tries 0 at 2026-01-10T00:00:00Z expect none }"), "KW5001"));
    CHECK(says(refused("test \"t\" { for any key tries 99999999999 at 2026-01-10T00:00:00Z expect none }"), "KW1009"));
    CHECK(says(refused("test \"t\" { for any key tries 70_000 at 2026-01-10T00:00:00Z expect none }"), "KW5012"));
    CHECK(says(refused("test \"t\" { for any key where nosuch at 2026-01-10T00:00:00Z expect none }"), "KW2001"));
    CHECK(says(refused("test \"t\" { for any key }"), "KW5001"));
}

TEST_CASE("the dump shows how a test makes its cases") {
    const Compiled compiled = compiled_of(std::string{R"kw(test "drawn" {
        for any key where orders > 5 tries 7 seed 11
        at 2026-01-10T00:00:00Z expect verdict violation or compliant
    }
    test "varied" {
        given open_key
        for each usage
        table {
            | at                   | limits.daily -> expect
            | 2026-01-10T00:00:00Z | 3            -> none
        }
    }
    test "read" {
        given json """{ "name": "a text that stays out" }"""
        at 2026-01-10T00:00:00Z expect verdict undetermined
    })kw"});
    REQUIRE(compiled.rules.has_value());
    const std::string dump = compiled.rules->dump();
    CHECK(says(dump, "test \"drawn\" cases 1\n  for any key tries 7 seed 11\n  where %"));
    CHECK(says(dump,
               "test \"varied\" cases 1\n  for each usage choices 3\n"
               "  row 1 2026-01-10T00:00:00Z limits.daily: 3\n"));
    CHECK(says(dump, "test \"read\" cases 1\n  given json\n"));
    CHECK(dump.find("stays out") == std::string::npos);
}

TEST_CASE("words of the new forms are still names") {
    CHECK(compile_text(test::pack_text("table: bool\njson: bool\ntries: int\nseed: int\neach: bool\nthrough: bool\n"
                                       "repaired: bool\ninvalid: bool",
                                       "rule invalid { forbid table }\nrule repaired { forbid json }\n"
                                       "sample json = key { table: true, json: true, tries: 1, seed: 2, each: true,\n"
                                       " through: true, repaired: true, invalid: true }\n"
                                       "test \"t\" { given json at 2026-01-10T00:00:00Z expect invalid, repaired\n"
                                       " expect verdict violation }"))
              .rules->run_tests()
              .front()
              .passed);
}
