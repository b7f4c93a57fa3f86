// Overlays: is a pack that extends another looser than it somewhere?
#include "keywright/keywright.h"

#include "support/compiling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace keywright {
namespace {

using test::Files;

const std::string kExchange = R"(edition 1

pack exchange { version "1" }

schema key {
    trade: bool
    made:  instant
    size:  int 0..100
    assume made <= now
}

param limit = 30 days
param most: int 0..100 = 10

rule idle { severity error  when trade  expire limit after made }
rule small { severity warning  require size <= most }
)";

Rules overlay(const std::string& text, const CompileOptions& options = {}) {
    const Compiled compiled =
        compile(Files{{"exchange.kw", kExchange},
                      {"middle.kw", "edition 1\nextend \"exchange.kw\" { set limit = 7 days }\npack middle {}\n"},
                      {"part.kw", "edition 1\nparam other = 3\n"},
                      {"desk.kw", "edition 1\n" + text}},
                "desk.kw", options);
    INFO(test::describe(compiled.diagnostics));
    REQUIRE(compiled.rules.has_value());
    return *compiled.rules;
}

std::vector<std::string> names(const std::vector<Loosening>& found) {
    std::vector<std::string> out;
    for (const Loosening& one : found) out.push_back(one.base + " " + (one.rule.empty() ? "verdict" : one.rule));
    return out;
}

using Names = std::vector<std::string>;

// The example overlay with another limit in it.
Rules desk(const std::string& limit) {
    const std::string own = test::project_file("rules/desk_overlay/pack.kw");
    const std::string from = "set inactivity_limit = 14 days";
    const std::size_t at = own.find(from);
    REQUIRE(at != std::string::npos);
    std::string changed = own;
    changed.replace(at, from.size(), "set inactivity_limit = " + limit);
    Files files{{"desk_overlay/pack.kw", changed},
                {"desk_overlay/document.kw", test::project_file("rules/desk_overlay/document.kw")},
                {"desk_overlay/rules.kw", test::project_file("rules/desk_overlay/rules.kw")},
                {"desk_overlay/proofs.kw", test::project_file("rules/desk_overlay/proofs.kw")},
                {"kucoin_tr/pack.kw", test::project_file("rules/kucoin_tr/pack.kw")},
                {"kucoin_tr/base.kw", test::project_file("rules/kucoin_tr/base.kw")},
                {"kucoin_tr/expiry.kw", test::project_file("rules/kucoin_tr/expiry.kw")},
                {"kucoin_tr/document.kw", test::project_file("rules/kucoin_tr/document.kw")},
                {"kucoin_tr/schema.kw", test::project_file("rules/kucoin_tr/schema.kw")},
                {"kucoin_tr/rules.kw", test::project_file("rules/kucoin_tr/rules.kw")},
                {"kucoin_tr/adapters.kw", test::project_file("rules/kucoin_tr/adapters.kw")}};
    const Compiled compiled = compile(files, "desk_overlay/proofs.kw");
    INFO(test::describe(compiled.diagnostics));
    REQUIRE(compiled.rules.has_value());
    return *compiled.rules;
}

}  // namespace

TEST_CASE("an overlay that tightens, or changes nothing, loosens nothing") {
    CHECK(loosened(overlay("extend \"exchange.kw\"\npack desk {}")).empty());
    CHECK(loosened(overlay("extend \"exchange.kw\" { set limit = 14 days set most = 3 }\npack desk {}\n"
                           "rule more { forbid trade }"))
              .empty());
    // What isn't extended isn't compared with.
    CHECK(loosened(overlay("import \"exchange.kw\"\nparam unused = 3\nrule more { require size <= unused }")).empty());
}

TEST_CASE("a parameter that loosens is told with the rule, the verdict, and a key that the evaluator confirms") {
    const Rules rules = overlay("extend \"exchange.kw\" { set limit = 60 days }\npack desk {}");
    const std::vector<Loosening> found = loosened(rules);
    REQUIRE(names(found) == Names{"exchange.kw idle", "exchange.kw verdict"});
    for (const Loosening& one : found) {
        CHECK(one.range.file == "desk.kw");
        CHECK(one.range.line == 2);
        CHECK(one.lost.incomplete.empty());
        REQUIRE_FALSE(one.lost.regions.empty());
        const auto& example = one.lost.regions.front().example;
        REQUIRE(example.has_value());
        CheckOptions options;
        options.now = example->at;
        const Compiled exchange = compile(Files{{"exchange.kw", kExchange}}, "exchange.kw");
        CHECK(exchange.rules->check(example->json, options).results[0].verdict == Verdict::kViolation);
        CHECK(rules.check(example->json, options).results[0].verdict == Verdict::kCompliant);
    }
    CHECK(found[0].lost.regions[0].condition == "trade and now - made >= 30 days and now - made < 60 days");
}

TEST_CASE("a warning that is loosened is told for the rule alone") {
    CHECK(names(loosened(overlay("extend \"exchange.kw\" { set most = 50 }\npack desk {}"))) ==
          Names{"exchange.kw small"});
}

TEST_CASE("loosening by half and tightening by half is loosening") {
    CHECK(names(loosened(overlay("extend \"exchange.kw\" { set limit = 14 days set most = 50 }\npack desk {}"))) ==
          Names{"exchange.kw small"});
}

TEST_CASE("an overlay of an overlay answers for what it extends itself") {
    // It is looser than `middle`, and still stricter than the exchange, which is the business of `middle`.
    CHECK(names(loosened(overlay("extend \"middle.kw\" { set limit = 14 days }\npack desk {}"))) ==
          Names{"middle.kw idle", "middle.kw verdict"});
    CHECK(loosened(overlay("extend \"middle.kw\" { set limit = 3 days }\npack desk {}")).empty());
}

TEST_CASE("a value that the caller sets counts, a waiver doesn't") {
    const std::string text = "extend \"exchange.kw\"\npack desk {}";
    CompileOptions options;
    options.params["limit"] = "90 days";
    CHECK(names(loosened(overlay(text, options))) == Names{"exchange.kw idle", "exchange.kw verdict"});
    CompileOptions waived;
    waived.waivers = {"w.kw"};
    const Compiled compiled = compile(
        Files{{"exchange.kw", kExchange},
              {"desk.kw", "edition 1\n" + text},
              {"w.kw", "edition 1\nwaiver w { waives idle when trade reason \"r\" until 2030-01-01T00:00:00Z }"}},
        "desk.kw", waived);
    REQUIRE(compiled.rules.has_value());
    CHECK(loosened(*compiled.rules).empty());
}

TEST_CASE("what can't be compared is told, not passed over") {
    const std::vector<Loosening> found = loosened(
        overlay("import \"exchange.kw\"\nextend \"part.kw\" { set other = 4 }\nrule more { require size <= other }"));
    REQUIRE(names(found) == Names{"part.kw verdict"});
    CHECK(found[0].lost.regions.empty());
    CHECK(found[0].lost.incomplete == "it is not a pack on its own");
    // A budget of nothing settles nothing.
    AnalysisBudget none;
    none.steps = 1;
    none.milliseconds = 1;
    for (const Loosening& one : loosened(overlay("extend \"exchange.kw\" { set limit = 60 days }\npack desk {}"), none))
        CHECK_FALSE((one.lost.regions.empty() && one.lost.incomplete.empty()));
}

TEST_CASE("the desk's overlay only tightens; with sixty days instead of fourteen it is refused with a counterexample") {
    const Rules strict = desk("14 days");
    CHECK(loosened(strict).empty());
    for (const ProofResult& proof : prove(strict)) CHECK(proof.state == Proved::kHolds);

    const Rules loose = desk("60 days");
    const std::vector<ProofResult> proofs = prove(loose);
    REQUIRE_FALSE(proofs.empty());
    CHECK(proofs[0].name == "nothing that the exchange refuses is let through");
    CHECK(proofs[0].state == Proved::kFails);
    REQUIRE(proofs[0].counterexample.has_value());
    CheckOptions options;
    options.now = proofs[0].counterexample->at;
    CHECK(test::kucoin().check(proofs[0].counterexample->json, options).results[0].verdict == Verdict::kViolation);
    CHECK(loose.check(proofs[0].counterexample->json, options).results[0].verdict != Verdict::kViolation);
    CHECK(names(loosened(loose)) == Names{"kucoin_tr/pack.kw idle_spot_key_expires", "kucoin_tr/pack.kw verdict"});
}

TEST_CASE("what parts the global pack from the Turkish one are unrestricted margin and futures keys that rest") {
    const Compiled global =
        compile_path(std::string{KEYWRIGHT_SOURCE_DIR} + "/rules/kucoin_global",
                     {.params = {}, .root = std::string{KEYWRIGHT_SOURCE_DIR} + "/rules", .limits = {}});
    INFO(test::describe(global.diagnostics));
    REQUIRE(global.rules.has_value());
    const Diff difference = diff(test::kucoin(), *global.rules);
    CHECK(difference.complete);
    CHECK(difference.schema.empty());
    CHECK(difference.violation.lost.regions.empty());
    REQUIRE(difference.violation.gained.regions.size() == 1);
    const RegionShown& gained = difference.violation.gained.regions.front();
    CHECK(gained.condition.find("spot not in permissions") != std::string::npos);
    CHECK(gained.condition.find("not (permissions has none of {margin, futures})") != std::string::npos);
    CHECK(difference.rules.size() == 2);  // the one rule under its two names
    CHECK(std::ranges::any_of(difference.rules,
                              [](const RuleDiff& r) { return r.rule == "idle_trading_key_expires" && r.is_new; }));
    CHECK(std::ranges::any_of(difference.rules,
                              [](const RuleDiff& r) { return r.rule == "idle_spot_key_expires" && r.is_gone; }));
}

}  // namespace keywright
