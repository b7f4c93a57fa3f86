// The `test` blocks of a pack: each kind of expectation when it holds, and what is said when it doesn't.
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace keywright;

namespace {

const std::string kRules = R"kw(
define named = name is present
rule wants_name { require named }
rule wants_more { severity warning when named require length(name) > 3 }
rule hint { severity info forbid flag else false }
rule ranged { when active unless n == 3 unless n > 7 require n > 1 }
rule expiry { when made is present expire 30 days after made warn 7 days before }
sample good = key { active: true, n: 5, name: "robot", made: 2026-01-01T00:00:00Z }
)kw";

std::string pack_of(const std::string& tests) {
    return test::pack_text(
        "active: bool\nflag: bool? = absent\nname: text? = absent\nn: int 0..9\nmade: instant? = absent\n"
        "used: instant? = absent\nassume made <= now",
        kRules + tests);
}

std::vector<TestResult> run(const std::string& tests) {
    const Compiled compiled = compile_text(pack_of(tests));
    INFO(test::describe(compiled.diagnostics));
    REQUIRE(compiled.rules.has_value());
    return compiled.rules->run_tests();
}

// `expected > actual`, and `| reason` for each reason, of every failure of one expectation on `record` at the tenth of
// January.
std::string failures(const std::string& record, const std::string& expectation,
                     const std::string& at = "2026-01-10T00:00:00Z") {
    const auto results = run("test \"t\" { given " + record + " at " + at + " expect " + expectation + " }");
    REQUIRE(results.size() == 1);
    CHECK(results[0].passed == results[0].failures.empty());
    CHECK(results[0].name == "t");
    std::string out;
    for (const auto& f : results[0].failures) {
        out += (out.empty() ? "" : "; ") + f.expected + " > " + f.actual;
        for (const std::string& reason : f.because) out += " | " + reason;
    }
    return out;
}

bool passes(const std::string& record, const std::string& expectation, const std::string& at = "2026-01-10T00:00:00Z") {
    return failures(record, expectation, at).empty();
}

}  // namespace

TEST_CASE("expectations that hold") {
    CHECK(passes("good", "none"));
    CHECK(passes("good", "none, verdict compliant, passes wants_name, passes ranged, passes hint"));
    CHECK(passes("good with { name: absent }", "wants_name"));
    CHECK(passes("good with { name: absent }", "wants_name as error, verdict violation, not_applicable wants_more"));
    CHECK(passes("good with { name: \"x\" }", "wants_more as warning, none error, verdict compliant"));
    CHECK(passes("good with { name: \"x\" }", "exactly wants_more"));
    CHECK(passes("good with { name: \"x\", flag: true }", "wants_more, hint"));
    CHECK(passes("good with { name: \"x\", flag: true }", "exactly wants_more, hint"));
    CHECK(passes("good with { name: absent, flag: true }", "includes hint as info, includes wants_name"));
    CHECK(passes("good with { n: 3 }", "exempt ranged by \"n == 3\", exempt ranged"));
    CHECK(passes("good with { n: 3 }", "exempt ranged by \"n==3\""));
    CHECK(passes("good with { n: 8 }", "exempt ranged by \"n > 7\""));
    CHECK(passes("good with { active: unknown, n: 1 }", "undetermined ranged needs active, verdict undetermined"));
    CHECK(passes("good with { active: unknown, n: unknown }", "undetermined ranged needs active and n"));
    CHECK(passes("good with { active: unknown, n: unknown, name: absent }",
                 "undetermined ranged, wants_name, verdict violation"));
    CHECK(passes("good", "expires 2026-01-31T00:00:00Z"));
    CHECK(passes("good with { made: absent }", "expires never, not_applicable expiry"));
    CHECK(passes("good", "expiry as warning, verdict compliant", "2026-01-24T00:00:00Z"));
    CHECK(passes("good", "none", "2026-01-23T23:59:59Z"));
    CHECK(passes("good", "expiry, verdict violation", "2026-01-31T00:00:00Z"));
    CHECK(passes("good", "verdict violation or compliant"));
    // The record contradicts the schema at that instant, and that can be expected.
    CHECK(passes("good", "verdict invalid", "2025-12-31T23:59:59Z"));
}

TEST_CASE("what is said of expectations that don't hold") {
    CHECK(failures("good", "wants_name") ==
          "violated: `wants_name` (error) and no other error > nothing is violated | `wants_name` passes: /name is "
          "present");
    CHECK(failures("good with { name: \"x\" }", "none") ==
          "no violation > violated: `wants_more` (warning) | `wants_more` is violated: /name has 1 character");
    CHECK(failures("good with { name: absent }", "none error") ==
          "no error violation > violated: `wants_name` (error) | `wants_name` is violated: /name is absent");
    CHECK(failures("good with { name: absent, n: 1 }", "wants_name") ==
          "violated: `wants_name` (error) and no other error > violated: `wants_name` (error), `ranged` (error) | "
          "`ranged` is violated: /active is true, /n is 1");
    CHECK(failures("good with { name: \"x\", flag: true }", "exactly wants_more") ==
          "violated: `wants_more` (warning) and nothing else > violated: `wants_more` (warning), `hint` (info) | "
          "`hint` is violated: /flag is true");
    CHECK(failures("good with { name: \"x\" }", "wants_more as error") ==
          "violated: `wants_more` (error) and no other error > violated: `wants_more` (warning) | `wants_more` is "
          "violated: /name has 1 character");
    CHECK(failures("good", "includes hint") ==
          "`hint` is violated (info) > nothing is violated | `hint` passes: /flag is absent");
    CHECK(failures("good", "verdict violation or undetermined") ==
          "verdict violation or undetermined > verdict compliant; nothing is violated");
    CHECK(failures("good", "exempt ranged") ==
          "`ranged`: exempt > `ranged`: pass | `ranged` passes: /active is true, /n is 5");
    CHECK(failures("good with { n: 3 }", "exempt ranged by \"n > 7\"") ==
          "`ranged`: exempt by `n > 7` > `ranged`: exempt by `n == 3` | `ranged` is exempt by `n == 3`: /active is "
          "true, /n is 3");
    CHECK(failures("good with { n: 3 }", "passes ranged") ==
          "`ranged`: pass > `ranged`: exempt by `n == 3` | `ranged` is exempt by `n == 3`: /active is true, /n is 3");
    CHECK(failures("good with { n: 1 }", "not_applicable ranged")
              .starts_with("`ranged`: not_applicable > `ranged`: violated"));
    CHECK(failures("good", "undetermined ranged") ==
          "`ranged`: undetermined > `ranged`: pass | `ranged` passes: /active is true, /n is 5");
    CHECK(failures("good with { active: unknown, n: 1 }", "undetermined ranged needs n") ==
          "`ranged` is undetermined and needs /n > it needs /active");
    CHECK(failures("good", "expires never") ==
          "never expires > expires 2026-01-31T00:00:00Z | `expiry` passes: /made is 2026-01-01T00:00:00Z, 9 days "
          "before the evaluation");
    CHECK(failures("good with { made: absent }", "expires 2026-01-31T00:00:00Z") ==
          "expires 2026-01-31T00:00:00Z > never expires | `expiry` is not applicable: /made is absent");
    CHECK(failures("good with { made: unknown }", "expires never").find("expires between") != std::string::npos);
    CHECK(failures("good", "none", "2025-12-31T23:59:59Z") ==
          "a record that can be decided > the record is invalid: `made` lies in the future | KW6024 at \"/made\": "
          "`made` lies in the future");
}

TEST_CASE("the difference of what was expected and what came") {
    const auto difference = [](const std::string& record, const std::string& expectation) {
        const auto results =
            run("test \"t\" { given " + record + " at 2026-01-10T00:00:00Z expect " + expectation + " }");
        REQUIRE(results[0].failures.size() == 1);
        std::string out;
        for (const std::string& m : results[0].failures[0].missing) out += "-" + m;
        for (const std::string& u : results[0].failures[0].unexpected) out += "+" + u;
        return out;
    };
    CHECK(difference("good", "wants_name, ranged") == "-`wants_name` (error)-`ranged` (error)");
    CHECK(difference("good with { name: absent, n: 1 }", "ranged") == "+`wants_name` (error)");
    CHECK(difference("good with { name: absent }", "ranged") == "-`ranged` (error)+`wants_name` (error)");
    CHECK(difference("good with { name: \"x\" }", "wants_more as error") ==
          "-`wants_more` (error)+`wants_more` (warning)");
    CHECK(difference("good with { active: unknown, n: 1, name: absent }", "wants_name") == "+`ranged` (undetermined)");
    CHECK(difference("good with { name: \"x\", flag: true }", "none") == "+`wants_more` (warning)+`hint` (info)");
    CHECK(difference("good with { active: unknown, n: 1 }", "none") == "+`ranged` (undetermined)");
    CHECK(difference("good", "includes hint") == "-`hint` (info)");
    CHECK(difference("good with { active: unknown, n: 1 }", "undetermined ranged needs n") == "-/n+/active");
    CHECK(difference("good", "passes ranged, exempt ranged").empty());
}

TEST_CASE("what is undetermined must be said") {
    const std::string open = "good with { active: unknown, n: 1 }";
    CHECK(failures(open, "none") ==
          "no violation > `ranged` is undetermined (needs /active); say `undetermined ranged` if that is meant");
    CHECK(failures(open, "none error").find("say `undetermined ranged`") != std::string::npos);
    CHECK(passes(open, "none warning, undetermined ranged"));
    CHECK(passes(open, "none, undetermined ranged"));
    CHECK(
        failures("good with { active: unknown, n: 1, name: absent }", "wants_name").find("say `undetermined ranged`") !=
        std::string::npos);
    CHECK(passes("good with { active: unknown, n: 1, name: absent }", "wants_name, undetermined ranged"));
    // A warning that hangs on something unknown matters where everything is named.
    CHECK(failures("good with { name: unknown }", "exactly ranged").find("needs /name") != std::string::npos);
}

TEST_CASE("several cases of one test keep the instant and are judged apart") {
    const auto results =
        run("test \"one\" {\n given good\n at 2026-01-10T00:00:00Z expect none\n expect wants_name\n at "
            "2026-01-25T00:00:00Z expect none\n}\n"
            "test \"two\" { given good at 2026-01-10T00:00:00Z expect none }\n");
    REQUIRE(results.size() == 2);
    CHECK_FALSE(results[0].passed);
    REQUIRE(results[0].failures.size() == 2);
    CHECK(results[0].failures[0].range.line + 1 == results[0].failures[1].range.line);
    CHECK(results[0].failures[0].expected.find("wants_name") != std::string::npos);
    CHECK(results[0].failures[1].actual.find("expiry") != std::string::npos);
    CHECK(results[1].passed);
    CHECK(results[1].range.file == "rules.kw");
}

TEST_CASE("the tests of the KuCoin pack pass") {
    std::size_t tests = 0;
    for (const std::string& path : test::rule_files("rules/kucoin_tr/tests")) {
        if (path.ends_with("samples.kw")) continue;  // what the others import
        CompileOptions options;
        options.root = std::string{KEYWRIGHT_SOURCE_DIR} + "/rules";
        const Compiled compiled = compile_path(std::string{KEYWRIGHT_SOURCE_DIR} + "/" + path, options);
        CAPTURE(path);
        REQUIRE(compiled.rules.has_value());
        CHECK(test::codes(compiled.diagnostics) == "fine");
        for (const TestResult& result : compiled.rules->run_tests()) {
            CAPTURE(result.name);
            CHECK(result.passed);
            ++tests;
        }
    }
    CHECK(tests > 40);
}
