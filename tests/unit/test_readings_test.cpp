// Tests about records that are read from JSON, about what is wrong with them, and about what would mend them.
#include "keywright/render.h"
#include "keywright/rules.h"

#include "support/compiling.h"
#include "support/without_places.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace keywright;

namespace {

// What a failed test says, and what diagnostics say, without where.
std::string in_words(const TestResult& result) { return to_pretty(result, {.color = false, .width = 400}); }

bool says(const std::string& text, std::string_view part) {
    const bool found = text.find(part) != std::string::npos;
    if (!found) MESSAGE(text);
    return found;
}

constexpr const char* kReadFields = R"(
usage: one of { trading, reading } cost 10
permissions: set of { general, withdraw } = {}
addresses: set of network = {}
name: text? = absent
passphrase: secret? = absent
created: instant
owner: text? = absent immutable
assume created <= now
)";

constexpr const char* kReadRules = R"kw(
rule withdrawal_needs_addresses {
    when withdraw in permissions and usage == trading
    require addresses is not empty
}
rule strong { when passphrase is present require length(passphrase) >= 8 }
rule owned { when owner is present require name is present }
adapter exchange {
    records at "/data" else root
    expect "/code" == "0"
    usage from kind map { "T" -> trading, "R" -> reading }
    permissions from scopes split "," map { "Read" -> general, "Withdraw" -> withdraw }
    addresses from ips split ","
    name = absent
    passphrase from secret missing absent
    created from at as epoch ms
    owner = absent
}
sample plain = key { usage: trading, permissions: {general}, created: 2026-01-01T00:00:00Z }
)kw";

std::string read_pack(const std::string& tests) { return test::pack_text(kReadFields, kReadRules + tests); }

TestResult read_one(const std::string& given, const std::string& expectation,
                    const std::string& at = "2026-01-10T00:00:00Z") {
    const Compiled compiled =
        compile_text(read_pack("test \"t\" { given " + given + " at " + at + " expect " + expectation + " }"));
    INFO(test::describe(compiled.diagnostics));
    REQUIRE(compiled.rules.has_value());
    auto results = compiled.rules->run_tests();
    REQUIRE(results.size() == 1);
    return std::move(results[0]);
}

std::string read_refused(const std::string& tests) {
    const Compiled compiled = compile_text(read_pack(tests));
    CHECK_FALSE(compiled.rules.has_value());
    return test::without_places(test::describe(compiled.diagnostics));
}

const std::string kCanonical =
    R"(json """{ "usage": "trading", "permissions": ["withdraw"], "created": "2026-01-01T00:00:00Z" }""")";
const std::string kNative = R"(json """
{ "code": "0",
  "data": { "kind": "T", "scopes": "Read,Withdraw", "ips": "203.0.113.7", "secret": "hunter2", "at": 1767225600000 } }
""" through exchange)";

}  // namespace

TEST_CASE("a record may be given as JSON, as its reader reads it") {
    CHECK(read_one(kCanonical, "withdrawal_needs_addresses").passed);
    CHECK(read_one(kNative, "strong, passes withdrawal_needs_addresses").passed);
    CHECK(read_one(kCanonical, "invalid KW6024 at \"/created\"", "2025-12-31T00:00:00Z").passed);
    const TestResult result = read_one(kNative, "none");
    REQUIRE(result.failures.size() == 1);
    CHECK(result.failures[0].unexpected == std::vector<std::string>{"`strong` (error)"});
}

TEST_CASE("errors of a field can be expected, all of them or any") {
    const std::string bad =
        R"(json """{ "code": "0", "data": { "kind": "X", "scopes": "Read,Trade", "ips": "203.0.113.7", "at": 1767225600000 } }"""
           through exchange)";
    CHECK(read_one(bad, "invalid").passed);
    CHECK(read_one(bad, "invalid, verdict invalid").passed);
    CHECK(read_one(bad, "invalid KW6016").passed);
    CHECK(read_one(bad, "invalid KW6016 at \"/data/kind\", invalid KW6016 at \"/data/scopes\"").passed);
    CHECK_FALSE(read_one(bad, "invalid KW6016 at \"/data/kind\", invalid KW6016 at \"/data/ips\"").passed);
    const TestResult one = read_one(bad, "invalid KW6016 at \"/data/kind\"");
    REQUIRE(one.failures.size() == 1);
    CHECK(one.failures[0].missing.empty());
    CHECK(one.failures[0].unexpected == std::vector<std::string>{"KW6016 at \"/data/scopes\""});
    CHECK(one.failures[0].because ==
          std::vector<std::string>{"KW6016 at \"/data/scopes\": `Trade` is not a value of `permissions`"});
    const TestResult other = read_one(bad, "invalid KW6016, invalid KW6012");
    REQUIRE(other.failures.size() == 1);
    CHECK(other.failures[0].missing == std::vector<std::string>{"KW6012"});
    CHECK(other.failures[0].unexpected.empty());
    // A record that can be decided is none of that.
    const TestResult fine = read_one(kCanonical, "invalid");
    REQUIRE(fine.failures.size() == 1);
    CHECK(fine.failures[0].actual.starts_with("the record can be decided; violated: "));
    CHECK(read_one("json \"\"\"{\"\"\"", "invalid KW6001").passed);
    CHECK(read_one("json \"\"\"\"\"\"", "invalid KW6033").passed);
    CHECK(read_one("plain", "invalid KW6024 at \"/created\"", "2025-12-31T00:00:00Z").passed);
}

TEST_CASE("a text that isn't one record fails whatever is expected") {
    for (const char* text : {"[]", R"([{"usage":"trading"},{"usage":"reading"}])"}) {
        for (const char* expectation : {"invalid", "verdict invalid", "none", "verdict undetermined"}) {
            const TestResult result = read_one("json \"\"\"" + std::string{text} + "\"\"\"", expectation);
            REQUIRE(result.failures.size() == 1);
            CHECK(result.failures[0].actual.ends_with("and a test is about one"));
        }
    }
}

TEST_CASE("a secret in a text stays there") {
    const TestResult result =
        read_one(kNative, "invalid KW6016, strong, expires never, verdict compliant, passes strong");
    CHECK_FALSE(result.passed);
    CHECK(in_words(result).find("hunter2") == std::string::npos);
    CHECK(to_json_line(result).find("hunter2") == std::string::npos);
    const Compiled fine =
        compile_text(read_pack("test \"t\" { given " + kNative + " at 2026-01-10T00:00:00Z expect strong }"));
    REQUIRE(fine.rules.has_value());
    CHECK(fine.rules->dump().find("hunter2") == std::string::npos);
    // Nor do diagnostics show the lines that it stands on.
    const std::string text = R"(given json """{"secret":"hunter2"})";
    for (const char* rest : {R"(""" through exchanges at 2026-01-10T00:00:00Z expect strong })",
                             R"(""" through exchange expect strong } // a " quote)", ""}) {
        std::string pack = read_pack("test \"t\" { " + text + rest);
        while (pack.ends_with('\n')) pack.pop_back();
        const Compiled broken = compile_text(pack);
        REQUIRE_FALSE(broken.rules.has_value());
        REQUIRE_FALSE(broken.diagnostics.empty());
        for (const Diagnostic& d : broken.diagnostics) {
            const std::string shown = to_pretty(d, broken.files, {.color = false, .width = 400});
            CHECK(says(shown, "given json"));  // the line is shown, and not what is in the quotes
            CHECK(shown.find("hunter2") == std::string::npos);
            CHECK(to_compact(d).find("hunter2") == std::string::npos);
        }
    }
}

TEST_CASE("what is wrong with JSON that is given") {
    const std::string end = " at 2026-01-10T00:00:00Z expect none }";
    CHECK(
        says(read_refused("test \"t\" { given json \"\"\"{}\"\"\" through exchang" + end), "did you mean `exchange`"));
    CHECK(says(read_refused("test \"t\" { given json \"{}\"" + end), "expected text in three quotes"));
    CHECK(says(read_refused("test \"t\" { given json \"\"\"{}\"" + end), "expected the closing `\"\"\"`"));
    CHECK(says(read_refused("test \"t\" { given " + kCanonical + " for each usage" + end), "KW5011"));
    CHECK(says(read_refused("test \"t\" { given " + kCanonical +
                            " at 2026-01-10T00:00:00Z table { | usage -> expect\n | reading -> none } }"),
               "KW5011"));
    CHECK(says(read_refused("test \"t\" { given plain at 2026-01-10T00:00:00Z expect invalid KW6999 }"), "KW2001"));
    CHECK(says(read_refused("test \"t\" { given plain at 2026-01-10T00:00:00Z expect invalid KW2001 }"), "KW2001"));
}

TEST_CASE("a repair that is the cheapest, and all that it might be instead") {
    const std::string risky = "plain with { permissions: {general, withdraw} }";
    CHECK(read_one(risky, "repaired by { permissions: {general} }, withdrawal_needs_addresses").passed);
    CHECK(read_one(risky, "repaired by { addresses: {203.0.113.7} }").passed);
    const auto got = [&](const std::string& given, const std::string& expectation) {
        const TestResult result = read_one(given, expectation);
        REQUIRE(result.failures.size() == 1);
        return result.failures[0].actual;
    };
    CHECK(got("plain", "repaired by { permissions: {} }") == "the record is compliant");
    CHECK(got(risky, "repaired by { name: \"x\" }") == "with these changes the record isn't compliant either");
    CHECK(got(risky, "repaired by { permissions: {general}, name: \"x\" }") == "`name: \"x\"` can be left out");
    CHECK(got(risky, "repaired by { usage: reading }").starts_with("a repair that costs 1 instead of 10: "));
    CHECK(got(risky, "repaired by { permissions: {} }").starts_with("a repair that costs 1 instead of 2: "));
    CHECK(got(risky, "repaired by { addresses: {203.0.113.7, 203.0.113.8} }").starts_with("a repair that costs 1"));
    CHECK(got("plain with { owner: \"me\" }", "repaired by { owner: absent }") == "no repair may change `owner`");
    CHECK(read_one("plain with { owner: \"me\" }", "repaired by { name: \"x\" }").passed);
    CHECK(got(risky, "repaired by { created: 2026-01-02T00:00:00Z }") == "no repair may change `created`");
    // Where something before it fails too, both are told.
    const TestResult both = read_one(risky, "none, repaired by { name: \"x\" }");
    REQUIRE(both.failures.size() == 2);
    CHECK(both.failures[1].actual == "with these changes the record isn't compliant either");
    // What is unknown is repaired by being known.
    CHECK(read_one("plain with { permissions: {general, withdraw}, addresses: unknown }",
                   "repaired by { permissions: {general} }")
              .passed);
    CHECK(says(read_refused("test \"t\" { given plain at 2026-01-10T00:00:00Z expect repaired by { nmae: \"x\" } }"),
               "KW2001"));
    CHECK(says(read_refused("test \"t\" { given plain at 2026-01-10T00:00:00Z expect repaired by { } }"), "KW5001"));
}
