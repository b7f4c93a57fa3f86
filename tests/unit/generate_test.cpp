// Tests that are missing, written by machine: they compile, pass, and reach what they were made for.
#include "keywright/keywright.h"

#include "support/compiling.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keywright {
namespace {

const std::string kFields = R"(
    usage: one of { api, app } = api
    permissions: set of { read, trade, withdraw } = {}
    ips: set of network = {}
    label: text? = absent
    secret_key: secret? = absent
    orders: int 0..100
    made: instant
    limits: { daily: int 0..1000  nightly: int? = absent }? = absent
    assume made <= now
)";

const std::string kRules = R"(
param idle_days = 30 days
define restricted = ips is not empty and no n in ips: n is open

rule withdraw_needs_ip {
    severity error
    when     withdraw in permissions
    require  restricted
    message  "m"
}
rule idle {
    severity error
    when     trade in permissions
    unless   restricted
    unless   usage == app and "trade" == "trade"
    expire   idle_days after made  warn 7 days before
    message  "m"
}
rule few_orders {
    severity warning
    when     usage == api
    require  orders < 50
    message  "m"
}
rule long_secret {
    severity info
    when     secret_key is present
    require  length(secret_key) >= 12 and has_digit(secret_key)
    message  "m"
}
rule daily {
    severity error
    when     limits is present
    require  limits.daily <= 500
    message  "m"
}
rule labelled {
    severity error
    when     label is present
    require  label is not blank and not (label like "test*")
    message  "m"
}
)";

Compiled compiled(const std::string& items, const std::string& fields = kFields) {
    const test::Files files{{"rules.kw", test::pack_text(fields, items)}};
    Compiled out = compile(files, "rules.kw");
    INFO(test::describe(out.diagnostics));
    REQUIRE(out.rules.has_value());
    return out;
}

// The pack compiled with the generated file beside it, as a user would.
Compiled with_generated(const Compiled& pack, const GeneratedTests& generated) {
    const test::Files files{{pack.files.front().path, pack.files.front().text}, {"generated.kw", generated.text}};
    CompileOptions options;
    options.also = {"generated.kw"};
    Compiled out = compile(files, pack.files.front().path, options);
    INFO(generated.text);
    INFO(test::describe(out.diagnostics));
    REQUIRE(out.rules.has_value());
    return out;
}

std::size_t surviving(const Rules& rules) {
    const MutationReport report = mutate(rules);
    return report.count(Mutant::State::kSurvived) + report.count(Mutant::State::kUndecided);
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("from nothing, tests are made that cover and notice everything there is") {
    const Compiled pack = compiled(kRules);
    const GeneratedTests generated = generate_tests(pack);
    INFO(generated.text);
    CHECK(generated.fault == "");
    CHECK(generated.open.empty());
    REQUIRE(generated.tests > 5);
    CHECK(generated.covered.covered == generated.covered.possible);
    CHECK(generated.killed == generated.mutants);

    // What is said of them is so.
    const Compiled both = with_generated(pack, generated);
    const std::vector<TestResult> results = both.rules->run_tests();
    CHECK(results.size() == generated.tests);
    for (const TestResult& result : results) {
        CAPTURE(result.name);
        CHECK(result.passed);
    }
    const CoverageCount count = measure_coverage(*both.rules).count();
    CHECK(count.covered == generated.covered.covered);
    CHECK(count.covered == count.possible);
    CHECK(surviving(*both.rules) == 0);

    // In canonical layout, the same every time, and with nothing of a secret but what was made up.
    CHECK(format(generated.text).text == generated.text);
    CHECK(generate_tests(pack).text == generated.text);
    CHECK(holds(generated.text, "sample key_in_order = key {"));

    // With them nothing is missing any more.
    const GeneratedTests again = generate_tests(both, {"more.kw", {}});
    CHECK(again.text.empty());
    CHECK(again.tests == 0);
}

TEST_CASE("none of the generated tests could be left out") {
    const Compiled pack = compiled(kRules);
    const GeneratedTests generated = generate_tests(pack);
    REQUIRE(generated.tests > 5);
    const std::size_t all = generated.covered.covered + generated.killed;
    // Each block is dropped in turn.
    std::vector<std::size_t> begins;
    for (std::size_t at = generated.text.find("\ntest \""); at != std::string::npos;
         at = generated.text.find("\ntest \"", at + 1))
        begins.push_back(at + 1);
    REQUIRE(begins.size() == generated.tests);
    for (const std::size_t begin : begins) {
        const std::size_t end = generated.text.find("\n}", begin) + 2;
        GeneratedTests fewer = generated;
        fewer.text.erase(begin, end - begin);
        const Compiled both = with_generated(pack, fewer);
        const std::size_t reached =
            measure_coverage(*both.rules).count().covered + mutate(*both.rules).count(Mutant::State::kKilled);
        CAPTURE(generated.text.substr(begin, end - begin));
        CHECK(reached < all);
    }
}

TEST_CASE("beside tests that are there, only what they miss is made, from their samples") {
    const std::string rule = "rule few { severity error require orders < 50 message \"m\" }\n";
    const std::string sample = "sample plain = key { orders: 7, made: 2026-01-01T00:00:00Z }\n";
    const auto test_of = [](int orders, const char* expected) {
        return "test \"" + std::to_string(orders) + "\" { given plain with { orders: " + std::to_string(orders) +
               " } at 2026-02-01T00:00:00Z expect " + expected + " }\n";
    };
    // A weakened suite: both sides, and no border.
    const Compiled weak = compiled(rule + sample + test_of(7, "passes few") + test_of(90, "few as error"));
    const GeneratedTests generated = generate_tests(weak);
    INFO(generated.text);
    CHECK(generated.fault == "");
    CHECK(generated.open.empty());
    CHECK(holds(generated.text, "given plain with { orders: 49 }"));
    CHECK(holds(generated.text, "given plain with { orders: 50 }"));
    CHECK(holds(generated.text, "undetermined few needs orders"));
    CHECK(!holds(generated.text, "sample "));
    CHECK(surviving(*with_generated(weak, generated).rules) == 0);

    const Compiled whole =
        compiled(rule + sample + test_of(49, "passes few") + test_of(50, "few as error") + test_of(51, "few as error") +
                 "test \"open\" { given plain with { orders: unknown } at 2026-02-01T00:00:00Z expect undetermined few "
                 "needs orders }\n");
    CHECK(generate_tests(whole).text.empty());
}

TEST_CASE("names of generated tests don't clash with those that are there") {
    const std::string items =
        "rule few { severity error require orders < 50 message \"m\" }\n"
        "sample plain = key { orders: 7, made: 2026-01-01T00:00:00Z }\n"
        "test \"few: violated\" { given plain at 2026-02-01T00:00:00Z expect passes few }\n";
    const Compiled pack = compiled(items);
    const GeneratedTests generated = generate_tests(pack);
    CHECK(generated.fault == "");
    CHECK(holds(generated.text, "test \"few: violated (2)\""));
}

TEST_CASE("what can't be settled is told, and nothing is made up for it") {
    const Compiled pack = compiled(
        "rule same { severity error require label != owner or label != \"x\" or owner == \"x\" message \"m\" }",
        "label: text\nowner: text");
    const GeneratedTests generated = generate_tests(pack);
    CHECK(generated.fault == "");
    CHECK(generated.covered.covered < generated.covered.possible + generated.open.size());
    for (const std::string& open : generated.open) CHECK(holds(open, "same"));
    if (!generated.text.empty()) {
        for (const TestResult& result : with_generated(pack, generated).rules->run_tests()) CHECK(result.passed);
    }
}

TEST_CASE("parameters that the caller replaced are in force for generated tests too") {
    const test::Files files{{"rules.kw", test::pack_text(kFields, kRules)}};
    CompileOptions options;
    options.params["idle_days"] = "60 days";
    const Compiled pack = compile(files, "rules.kw", options);
    REQUIRE(pack.rules.has_value());
    const GeneratedTests generated = generate_tests(pack);
    INFO(generated.text);
    CHECK(generated.fault == "");
    CHECK(generated.covered.covered == generated.covered.possible);
}

TEST_CASE("the KuCoin pack: from nothing to everything, and nothing is missing from its own tests") {
    CompileOptions options;
    const std::string root = KEYWRIGHT_SOURCE_DIR "/rules/";
    options.root = root;
    const Compiled bare = compile_path(root + "kucoin_tr", options);
    REQUIRE(bare.rules.has_value());
    GenerateOptions beside;
    beside.path = "kucoin_tr/generated.kw";
    const GeneratedTests generated = generate_tests(bare, beside);
    CHECK(generated.fault == "");
    CHECK(generated.open.empty());
    CHECK(generated.covered.covered == generated.covered.possible);
    CHECK(generated.killed == generated.mutants);
    CHECK(generated.mutants > 100);

    for (const std::string& file : test::rule_files("rules/kucoin_tr/tests"))
        options.also.push_back(std::string{KEYWRIGHT_SOURCE_DIR "/"} + file);
    const Compiled whole = compile_path(root + "kucoin_tr", options);
    INFO(test::describe(whole.diagnostics));
    REQUIRE(whole.rules.has_value());
    const CoverageCount count = measure_coverage(*whole.rules).count();
    CHECK(count.covered == count.possible);
    CHECK(count.unknown == 0);
    CHECK(surviving(*whole.rules) == 0);
    CHECK(generate_tests(whole, beside).text.empty());
}

}  // namespace keywright
