// Proofs, gaps, defects and differences: small packs with answers that can be seen, and the KuCoin pack.
#include "keywright/keywright.h"

#include "smt/solver.h"
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace keywright {
namespace {

Rules rules_of(const std::string& fields, const std::string& body, const CompileOptions& options = {}) {
    Compiled compiled = compile_text(
        "edition 1\npack p { version \"1\" }\nschema key {\n" + fields + "\n}\n" + body + "\n", "rules.kw", options);
    INFO(test::describe(compiled.diagnostics));
    REQUIRE(compiled.rules.has_value());
    return *compiled.rules;
}

const std::string kFields = R"(
    permissions: set of { read, trade, withdraw }
    ips: set of network = {}
    name: text? = absent
    limit: int 0..100
    flag: bool
    used: instant?
    made: instant
    assume made <= used <= now
)";

std::vector<std::string> kinds(const Findings& findings) {
    std::vector<std::string> out;
    for (const Finding& f : findings.findings)
        out.push_back(std::string{to_string(f.kind)} + " " + f.rule + (f.other.empty() ? "" : " " + f.other));
    return out;
}

std::vector<std::string> conditions(const RegionSet& set) {
    std::vector<std::string> out;
    for (const RegionShown& r : set.regions) out.push_back(r.condition);
    return out;
}

Rules kucoin(const CompileOptions& options = {}) {
    Compiled compiled = compile_path(std::string{KEYWRIGHT_SOURCE_DIR} + "/rules/kucoin_tr", options);
    REQUIRE(compiled.rules.has_value());
    return *compiled.rules;
}

}  // namespace

TEST_CASE("statements hold, or fail with a configuration that the pack itself judges so") {
    const Rules rules = rules_of(kFields, R"(
rule needs_ip { severity error  when withdraw in permissions  require ips is not empty  message "m" }
rule idle { severity error  when trade in permissions  expire 30 days after used else made  message "m" }
prove "holds" { for every key where withdraw not in permissions: never needs_ip }
prove "fails" { for every key where withdraw in permissions: never needs_ip }
prove "always" { for every key where withdraw in permissions and ips is empty: always needs_ip }
prove "verdict" { for every key where withdraw in permissions and ips is empty: verdict is violation }
prove "time" { for every key where trade in permissions: never idle }
prove "condition" { for every key: limit < 100 or limit == 100 }
prove "not every" { for every key: limit < 100 }
)");
    const auto results = prove(rules);
    REQUIRE(results.size() == 7);
    const Proved expected[] = {Proved::kHolds, Proved::kFails, Proved::kHolds, Proved::kHolds,
                               Proved::kFails, Proved::kHolds, Proved::kFails};
    for (std::size_t i = 0; i < results.size(); ++i) {
        CAPTURE(results[i].name);
        CHECK(results[i].state == expected[i]);
        CHECK(results[i].counterexample.has_value() == (expected[i] == Proved::kFails));
    }
    // The examples are records that the pack reads, and judges as they say.
    const Report report = rules.check(results[1].counterexample->json, {results[1].counterexample->at, {}, {}, {}, {}});
    REQUIRE(report.results.size() == 1);
    REQUIRE(report.results[0].errors.empty());
    CHECK(report.results[0].violations.at(0).rule == "needs_ip");
    const Report late = rules.check(results[4].counterexample->json, {results[4].counterexample->at, {}, {}, {}, {}});
    CHECK(late.results.at(0).violations.at(0).rule == "idle");
    CHECK(results[6].counterexample->json.find("\"limit\":100") != std::string::npos);
}

TEST_CASE("a budget that is used up makes an answer unknown, not a guess") {
    const Rules rules = rules_of(kFields, R"(
rule needs_ip { severity error  when withdraw in permissions  require ips is not empty  message "m" }
prove "p" { for every key: verdict is compliant }
)");
    AnalysisBudget nothing;
    nothing.steps = 0;
    nothing.milliseconds = 1;
    const auto results = prove(rules, nothing);
    REQUIRE(results.size() == 1);
    CHECK(results[0].state != Proved::kHolds);
    if (results[0].state == Proved::kUnknown) CHECK_FALSE(results[0].reason.empty());
}

TEST_CASE("what is compared with another member is not guessed") {
    const Rules rules = rules_of("a: text\nb: text", R"(
rule same { severity error  require a == b  message "m" }
prove "sometimes" { for every key: always same }
prove "trivially" { for every key where a == b and a == "x": b == "x" }
)");
    const auto results = prove(rules);
    // Whether two texts are equal is beyond the cells; a configuration that shows it may still be met.
    CHECK(results[0].state != Proved::kHolds);
    CHECK(results[1].state != Proved::kFails);
}

TEST_CASE("gaps are what neither applies nor exempts, less what is accepted") {
    const std::string rule = R"(
rule idle {
    severity error
    when     trade in permissions
    unless   ips is not empty
    unless   permissions == {read}
    expire   30 days after used else made
    message  "m"
    %
}
rule other { severity error  when flag  require limit > 3  message "m" }
)";
    const auto with = [&](const std::string& clause) {
        std::string text = rule;
        text.replace(text.find('%'), 1, clause);
        return gaps(rules_of(kFields, text));
    };
    auto found = with("");
    REQUIRE(found.size() == 1);  // the other rule claims nothing about the rest
    CHECK(found[0].rule == "idle");
    CHECK(conditions(found[0].open) ==
          std::vector<std::string>{"trade not in permissions and permissions != {read} and ips is empty"});
    REQUIRE(found[0].open.regions[0].example.has_value());

    found = with("accept gap where withdraw in permissions \"the exchange says so\"");
    CHECK(conditions(found[0].open) == std::vector<std::string>{"permissions is empty and ips is empty"});
    CHECK(found[0].accepted == std::vector<std::string>{"the exchange says so"});
    CHECK(found[0].all.regions.size() == 1);

    found = with("accept gap \"looked at\"");
    CHECK(found[0].open.regions.empty());
    CHECK(found[0].open.cells == "0");
    CHECK(found[0].all.cells != "0");
}

TEST_CASE("rules that say nothing, or too much, are found") {
    const Rules rules = rules_of(kFields, R"(
rule unreachable { severity error  when limit > 50 and limit < 40  require flag  message "m" }
rule never { severity error  when limit > 50  require limit > 40  message "m" }
rule always { severity error  when limit > 50  require limit < 40  message "m" }
rule idle_exemption { severity error  when flag  unless not flag  require limit > 3  message "m" }
rule dead { severity error  when flag or (flag and limit > 7)  require trade in permissions  message "m" }
rule wide { severity error  when withdraw in permissions  require ips is not empty  message "m" }
rule narrow { severity error  when withdraw in permissions and trade in permissions  require ips is not empty  message "m" }
rule low { severity error  when read in permissions  require limit < 10  message "m" }
rule high { severity error  when read in permissions  require limit > 20  message "m" }
rule twin_a { severity error  when name is present  require name is not blank  message "m" }
rule twin_b { severity error  forbid name is present and name is blank  message "m" }
)");
    const Findings found = find_defects(rules);
    CHECK(found.undecided.empty());
    const auto all = kinds(found);
    const auto has = [&](const char* what) { return std::ranges::find(all, what) != all.end(); };
    for (const char* what : {"unreachable unreachable", "never_violated never", "always_violated always",
                             "idle_exemption idle_exemption", "dead_expression dead", "redundant narrow",
                             "contradiction low high", "equivalent twin_a twin_b", "redundant twin_b"}) {
        CAPTURE(what);
        CHECK(has(what));
    }
    CHECK_FALSE(has("redundant wide"));
    CHECK_FALSE(has("redundant twin_a"));
    for (const Finding& f : found.findings) {
        if (f.kind == Finding::Kind::kContradiction) CHECK(f.example.has_value());
    }
}

TEST_CASE("whether a part of a condition matters is noted where it isn't known") {
    const Rules rules = rules_of("a: text\nb: text\nflag: bool", R"(
rule same { severity error  require a == b or flag  message "m" }
)");
    const auto undecided = find_defects(rules).undecided;
    const auto asks = [&](const std::string& what) {
        return std::ranges::any_of(undecided, [&](const std::string& u) { return u.find(what) != std::string::npos; });
    };
    // Cells don't compare two texts; Z3 does.
    CHECK(asks("`a == b` matters to same") == !smt::available());
    CHECK(asks("`flag` matters to same") == !smt::available());
}

TEST_CASE("a pack is no different from itself, and a changed limit shows where") {
    const std::string body =
        "param limit_days = 30 days\n"
        "rule idle { severity error  when trade in permissions  expire limit_days after made  message \"m\" }\n"
        "rule other { severity error  when flag  require limit > 3  message \"m\" }";
    const Rules before = rules_of(kFields, body);
    const Diff same = diff(before, rules_of(kFields, body));
    CHECK(same.is_empty());
    CHECK(same.direction == Direction::kSame);

    CompileOptions longer;
    longer.params["limit_days"] = "60 days";
    const Diff looser = diff(before, rules_of(kFields, body, longer));
    CHECK(looser.direction == Direction::kLooser);
    REQUIRE(looser.rules.size() == 1);
    CHECK(looser.rules[0].rule == "idle");
    CHECK(looser.rules[0].violated.gained.cells == "0");
    CHECK(conditions(looser.rules[0].violated.lost) ==
          std::vector<std::string>{"trade in permissions and now - made >= 30 days and now - made < 60 days"});
    CHECK(looser.declared == std::vector<std::string>{"parameter `limit_days` was 30 days, is 60 days"});
    CHECK(diff(rules_of(kFields, body, longer), before).direction == Direction::kStricter);
    // The example is judged otherwise by the two.
    const Example shown = *looser.rules[0].violated.lost.regions[0].example;
    const InventoryDiff keys =
        compare_inventory(before, rules_of(kFields, body, longer), shown.json, {shown.at, {}, {}, {}, {}});
    REQUIRE(keys.affected.size() == 1);
    CHECK(keys.affected[0].lost == std::vector<std::string>{"idle"});
}

TEST_CASE("rules that come and go, and schemas that differ") {
    const Rules before = rules_of("flag: bool\nkind: one of { a, b }\nold: bool",
                                  "rule gone { severity error  require flag  message \"m\" }\n"
                                  "rule stays { severity error  require kind == a  message \"m\" }");
    const Rules after = rules_of("flag: bool\nkind: one of { b, c, a }\nfresh: bool",
                                 "rule stays { severity warning  require kind == a  message \"m\" }\n"
                                 "rule added { severity error  require fresh  message \"m\" }");
    const Diff d = diff(before, after);
    CHECK(d.schema.size() == 3);
    CHECK(d.direction == Direction::kBoth);
    std::vector<std::string> names;
    for (const RuleDiff& r : d.rules) names.push_back(r.rule);
    CHECK(names == std::vector<std::string>{"gone", "added"});
    CHECK(d.rules[0].is_gone);
    CHECK(d.rules[1].is_new);
    CHECK(conditions(d.rules[1].violated.gained) == std::vector<std::string>{"not fresh"});
}

TEST_CASE("the KuCoin pack: every statement holds, the known gap is the only one") {
    Compiled compiled = compile_path(std::string{KEYWRIGHT_SOURCE_DIR} + "/rules/kucoin_tr/proofs.kw");
    REQUIRE(compiled.rules.has_value());
    for (const ProofResult& proof : prove(*compiled.rules)) {
        CAPTURE(proof.name);
        CHECK(proof.state == Proved::kHolds);
    }
    const Rules rules = kucoin();
    const auto found = gaps(rules);
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "idle_spot_key_expires");
    CHECK(conditions(found[0].open) ==
          std::vector<std::string>{"usage == api_trading and spot not in permissions and permissions != {general} and "
                                   "(ip_allowlist is empty or any n in ip_allowlist: n is open)"});
    const auto defects = find_defects(rules);
    CHECK(kinds(defects) == std::vector<std::string>{"idle_exemption idle_spot_key_expires"});
    CHECK(defects.undecided.empty());

    CompileOptions longer;
    longer.params["inactivity_limit"] = "60 days";
    const Diff d = diff(rules, kucoin(longer));
    CHECK(d.direction == Direction::kLooser);
    CHECK(d.complete);
    REQUIRE(d.rules.size() == 1);
    CHECK(d.rules[0].violated.lost.cells == "768");
    CHECK(d.violation.lost.cells == "6144");
}

// The page of KuCoin Türkiye speaks of keys for spot trading; the exchange's global page of spot, margin or futures.
TEST_CASE("the KuCoin pack: the wide reading of who expires is stricter, and only for keys without spot") {
    class Wide final : public FileSource {
    public:
        [[nodiscard]] Result read(const std::string& path, std::size_t) const override {
            std::string text = test::project_file("rules/kucoin_tr/" + path);
            if (text.empty()) return {std::nullopt, "no such file"};
            const std::string narrow = "when     spot in permissions\n";
            if (const std::size_t at = text.find(narrow); at != std::string::npos)
                text.replace(at, narrow.size(), "when     permissions has any of {spot, margin, futures}\n");
            return {std::move(text), {}};
        }
    };
    const Compiled wide = compile(Wide{}, "pack.kw");
    INFO(test::describe(wide.diagnostics));
    REQUIRE(wide.rules.has_value());
    const Diff d = diff(kucoin(), *wide.rules);
    CHECK(d.complete);
    CHECK(d.direction == Direction::kStricter);
    REQUIRE(d.rules.size() == 1);
    CHECK(d.rules[0].rule == "idle_spot_key_expires");
    CHECK(d.rules[0].violated.lost.cells == "0");
    CHECK(d.violation.lost.cells == "0");
    REQUIRE(d.rules[0].violated.gained.regions.size() == 1);
    const RegionShown& region = d.rules[0].violated.gained.regions[0];
    CHECK(
        region.condition ==
        "usage == api_trading and ((futures in permissions and spot not in permissions) or (margin in permissions and "
        "spot not in permissions)) and (ip_allowlist is empty or any n in ip_allowlist: n is open) and ((created_at "
        "is present and last_used_at is absent and now - created_at >= 30 days) or (last_used_at is present and now "
        "- last_used_at >= 30 days))");
    const InventoryDiff keys =
        compare_inventory(kucoin(), *wide.rules, region.example.value().json, {region.example->at, {}, {}, {}, {}});
    REQUIRE(keys.affected.size() == 1);
    CHECK(keys.affected[0].gained == std::vector<std::string>{"idle_spot_key_expires"});
    // Of earn, transfer and withdrawal neither page says anything.
    const std::vector<Gap> found = gaps(*wide.rules);
    REQUIRE(found.size() == 1);
    CHECK(found[0].open.cells == "9");
    CHECK(found[0].open.incomplete.empty());
}

TEST_CASE("conditions that are shown mean what they stand for") {
    // Conditions of a gap and of a difference, put into the pack as conditions, are exactly what they describe.
    const std::string gap = conditions(gaps(kucoin())[0].open).at(0);
    CompileOptions longer;
    longer.params["inactivity_limit"] = "60 days";
    const Diff d = diff(kucoin(), kucoin(longer));
    const std::string lost = conditions(d.rules.at(0).violated.lost).at(0);
    const std::string verdict = conditions(d.violation.lost).at(0);
    const std::string text =
        "edition 1\nimport \"kucoin_tr/pack.kw\"\nprove \"all of it\" { for every key where " + gap +
        ": spot not in permissions and not ip_restricted and not general_only }\n"
        "prove \"nothing else\" { for every key where spot not in permissions and not ip_restricted "
        "and not general_only: " +
        gap +
        " }\n"
        "prove \"violated by the old pack\" { for every key where " +
        lost +
        ": always idle_spot_key_expires }\n"
        "prove \"a violation of the old pack\" { for every key where " +
        verdict + ": verdict is violation }\n";
    class Files final : public FileSource {
    public:
        explicit Files(std::string text) : text_(std::move(text)) {}
        [[nodiscard]] Result read(const std::string& path, std::size_t) const override {
            if (path == "main.kw") return {text_, {}};
            return {test::project_file("rules/" + path), {}};
        }

    private:
        std::string text_;
    };
    const Compiled compiled = compile(Files{text}, "main.kw");
    INFO(test::describe(compiled.diagnostics));
    REQUIRE(compiled.rules.has_value());
    for (const ProofResult& proof : prove(*compiled.rules)) {
        CAPTURE(proof.name);
        CHECK(proof.state == Proved::kHolds);
    }
}

}  // namespace keywright
