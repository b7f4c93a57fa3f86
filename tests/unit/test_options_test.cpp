// Running tests: filters, threads, what is taken over from an earlier run.
#include "support/compiling.h"

#include "analysis/affected.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace keywright;

namespace {

const std::string kFields = "active: bool\nn: int 0..9\nname: text? = absent\nmade: instant? = absent";

const std::string kRules = R"kw(
param least = 3
define big = n >= least
rule wants_name { require name is present }
rule wants_big { severity warning when active unless n == 9 require big }
rule elements { severity info forbid any x in {1, 2}: x == n }
rule expiry { when made is present expire 30 days after made }
)kw";

const std::string kTests = R"kw(
sample good = key { active: true, n: 5, name: "robot", made: absent }
test "none" { given good at 2026-01-10T00:00:00Z expect none }
test "name" { given good with { name: absent } at 2026-01-10T00:00:00Z expect includes wants_name }
test "big" { given good with { n: 1 } at 2026-01-10T00:00:00Z expect includes wants_big }
test "exempt" { given good with { n: 9 } at 2026-01-10T00:00:00Z expect exempt wants_big }
test "expires" { given good at 2026-01-10T00:00:00Z expect expires never }
test "elements" { given good at 2026-01-10T00:00:00Z expect passes elements }
)kw";

Rules rules_of(const std::string& items, const std::string& fields = kFields) {
    Compiled compiled = compile_text(test::pack_text(fields, items));
    INFO(test::describe(compiled.diagnostics));
    REQUIRE(compiled.rules.has_value());
    return *compiled.rules;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

// The tests that are run again after a change of the text, in order.
std::string run_again(const std::string& from, const std::string& to) {
    const Rules before = rules_of(kRules + kTests);
    const std::vector<TestResult> results = before.run_tests();
    CHECK(std::all_of(results.begin(), results.end(), [](const TestResult& t) { return t.passed && !t.kept; }));
    const Rules after = rules_of(replaced(kRules + kTests, from, to));
    TestOptions options;
    options.earlier = {&before, &results};
    const std::vector<TestResult> again = after.run_tests(options);
    const std::vector<TestResult> afresh = after.run_tests();
    REQUIRE(again.size() == afresh.size());
    std::string out;
    for (std::size_t i = 0; i < again.size(); ++i) {
        // Whatever is taken over is what would have come out.
        CHECK(again[i].passed == afresh[i].passed);
        CHECK(again[i].name == afresh[i].name);
        CHECK(again[i].range.begin == afresh[i].range.begin);
        CHECK(again[i].failures.size() == afresh[i].failures.size());
        if (!again[i].kept) out += (out.empty() ? "" : " ") + again[i].name;
    }
    return out;
}

// Many tests, each seventh of which fails.
std::string many_tests(std::size_t count) {
    std::string out = kRules + "sample good = key { active: true, n: 5, name: \"robot\", made: absent }\n";
    for (std::size_t i = 0; i < count; ++i) {
        out += "test \"t" + std::to_string(i) + "\" { given good at 2026-01-10T00:00:00Z expect " +
               (i % 7 == 6 ? "wants_name" : "none") + " }\n";
    }
    return out;
}

// The project's rule files, one of them with another text.
class Edited final : public FileSource {
public:
    std::string path, text;
    [[nodiscard]] Result read(const std::string& wanted, std::size_t limit) const override {
        std::string out = wanted == path ? text : test::project_file("rules/" + wanted);
        if (out.empty()) return {{}, "no such file"};
        return {out.substr(0, limit + 1), {}};
    }
};

std::string text_of(const std::vector<TestResult>& results) {
    std::string out;
    for (const TestResult& result : results) {
        out += result.name + (result.passed ? " passed" : " failed");
        for (const auto& failure : result.failures) out += "; " + failure.expected + " > " + failure.actual;
        out += '\n';
    }
    return out;
}

}  // namespace

TEST_CASE("a change runs those tests again that it can affect, and no others") {
    // Layout, comments, order and what rules say make no difference.
    CHECK(run_again("param least = 3", "// a comment\nparam   least = 3") == "");
    CHECK(run_again("rule wants_name { require", "rule wants_name { message \"no name\" require") == "");
    CHECK(run_again("rule expiry", "rule more_or_less { severity info require n < 9 }\nrule expiry") == "none");
    // A rule reaches the tests that name it, and those that say nothing else is violated.
    CHECK(run_again("require name is present", "require name is present and n != 8") == "none name");
    CHECK(run_again("rule wants_name {", "rule wants_name { severity warning") == "none name");
    CHECK(run_again("unless n == 9", "unless n > 8") == "none big exempt");
    CHECK(run_again("x == n", "x >= n") == "none elements");
    CHECK(run_again("30 days", "31 days") == "none expires");
    // Defines and parameters reach the rules that use them, and what those reach.
    CHECK(run_again("define big = n >= least", "define big = n > least") == "none big exempt");
    CHECK(run_again("param least = 3", "param least = 4") == "none big exempt");
    CHECK(run_again("define big = n >= least", "define other = n >= least\ndefine big = other") == "none big exempt");
    // The names of variables, and how many there are elsewhere, mean nothing.
    CHECK(run_again("any x in {1, 2}: x == n", "any y in {1, 2}: y == n") == "");
    CHECK(run_again("rule elements", "define unused = any z in {7}: z == n\nrule elements") == "");
    // A test is its record, instants and expectations.
    CHECK(run_again("with { name: absent }", "with { name: absent, n: 4 }") == "name");
    CHECK(run_again("with { n: 1 } at 2026-01-10", "with { n: 1 } at 2026-01-11") == "big");
    CHECK(run_again("exempt wants_big", "exempt wants_big by \"n == 9\"") == "exempt");
    CHECK(run_again("test \"none\"", "test \"nothing\"") == "nothing");
    CHECK(run_again("sample good = key { active: true", "sample good = key { active: false") ==
          "none name big exempt expires elements");
}

TEST_CASE("a schema that differs affects every test") {
    const std::string all = kRules + kTests;
    const Rules before = rules_of(all);
    const std::vector<TestResult> results = before.run_tests();
    TestOptions options;
    options.earlier = {&before, &results};
    for (const std::string& fields :
         {kFields + "\nmore: bool? = absent", kFields + "\nassume made <= now", replaced(kFields, "0..9", "0..10")}) {
        const Rules after = rules_of(all, fields);
        for (const TestResult& result : after.run_tests(options)) CHECK_FALSE(result.kept);
    }
    for (const TestResult& result : rules_of(all).run_tests(options)) CHECK(result.kept);
}

// The judge is a run of everything: over many edits of a real pack, nothing that is taken over may differ from it.
TEST_CASE("what is taken over after an edit of the KuCoin pack is what comes out afresh") {
    const std::vector<std::pair<std::string, std::string>> edits = {{"severity error", "severity warning"},
                                                                    {"severity warning", "severity info"},
                                                                    {"require ", "forbid "},
                                                                    {"forbid ", "require "},
                                                                    {" and ", " or "},
                                                                    {" or ", " and "},
                                                                    {"is not empty", "is empty"},
                                                                    {"is present", "is absent"},
                                                                    {" == ", " != "},
                                                                    {"30 days", "29 days"},
                                                                    {"7 days", "8 days"},
                                                                    {"unless ", "// unless "},
                                                                    {"has any of", "has all of"},
                                                                    {"no n in", "any n in"},
                                                                    {"when ", "// when "},
                                                                    {"spot", "futures"},
                                                                    {"expect none", "expect none error"},
                                                                    {"2026-01-15T", "2026-03-15T"}};
    std::vector<std::string> entries;
    for (const std::string& path : test::rule_files("rules/kucoin_tr/tests")) {
        if (!path.ends_with("samples.kw")) entries.push_back(path.substr(std::string{"rules/"}.size()));
    }
    std::vector<Rules> before;
    std::vector<std::vector<TestResult>> results;
    for (const std::string& entry : entries) {
        before.push_back(*compile(Edited{}, entry).rules);
        results.push_back(before.back().run_tests());
    }
    std::size_t compared = 0, kept = 0, failed = 0;
    for (const std::string file :
         {"kucoin_tr/rules.kw", "kucoin_tr/schema.kw", "kucoin_tr/tests/samples.kw", "kucoin_tr/tests/expiry.kw"}) {
        const std::string text = test::project_file("rules/" + file);
        for (const auto& [from, to] : edits) {
            Edited files;
            files.path = file;
            for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
                files.text = std::string{text}.replace(at, from.size(), to);
                for (std::size_t i = 0; i < entries.size(); ++i) {
                    const Compiled after = compile(files, entries[i]);
                    if (!after.rules) break;  // most mistakes of this kind are refused, for every entry
                    TestOptions options;
                    options.earlier = {&before[i], &results[i]};
                    const std::vector<TestResult> again = after.rules->run_tests(options);
                    CHECK(text_of(again) == text_of(after.rules->run_tests()));
                    for (const TestResult& result : again) {
                        ++compared;
                        kept += result.kept ? 1 : 0;
                        failed += result.passed ? 0 : 1;
                    }
                }
            }
        }
    }
    MESSAGE(compared << " results, " << kept << " taken over, " << failed << " failed");
    CHECK(compared > 5000);
    CHECK(kept > compared / 4);
    CHECK(failed > 500);
}

TEST_CASE("a test that failed is always run again, so that it tells why and where") {
    const Rules before =
        rules_of(kRules + kTests + "test \"wish\" { given good at 2026-01-10T00:00:00Z expect expiry }");
    const std::vector<TestResult> results = before.run_tests();
    TestOptions options;
    options.earlier = {&before, &results};
    const std::vector<TestResult> again = before.run_tests(options);
    REQUIRE(again.size() == 7);
    CHECK(again[0].kept);
    CHECK_FALSE(again[6].kept);
    CHECK_FALSE(again[6].passed);
    CHECK(text_of(again) == text_of(results));
}

TEST_CASE("with any number of threads the same comes out, in the same order") {
    const Rules rules = rules_of(many_tests(1500));
    const std::vector<TestResult> alone = rules.run_tests();
    REQUIRE(alone.size() == 1500);
    CHECK(std::count_if(alone.begin(), alone.end(), [](const TestResult& t) { return !t.passed; }) == 214);
    for (const std::size_t threads : {std::size_t{0}, std::size_t{2}, std::size_t{3}, std::size_t{16}, SIZE_MAX}) {
        std::size_t told = 0;
        TestOptions options;
        options.threads = threads;
        options.progress = [&](std::size_t done) { told = done; };
        CHECK(text_of(rules.run_tests(options)) == text_of(alone));
        CHECK(told <= 1500);
    }
    for (const std::size_t threads : {std::size_t{1}, std::size_t{4}}) {
        TestOptions options;
        options.threads = threads;
        options.fail_fast = true;
        const std::vector<TestResult> some = rules.run_tests(options);
        REQUIRE(some.size() == 7);
        CHECK(some[5].passed);
        CHECK_FALSE(some[6].passed);
    }
}

TEST_CASE("tests are picked by a part of their name, and by file") {
    const Rules rules = rules_of(kRules + kTests);
    TestOptions options;
    options.filter = "e";
    std::string names;
    for (const TestResult& result : rules.run_tests(options)) names += result.name + ' ';
    CHECK(names == "none name exempt expires elements ");
    options.file = "rules.kw";
    CHECK(rules.run_tests(options).size() == 5);
    options.file = "others.kw";
    CHECK(rules.run_tests(options).empty());
    CHECK(rules.run_tests({.filter = "nothing like it"}).empty());
}
