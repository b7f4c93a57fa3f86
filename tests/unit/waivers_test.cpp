// Waivers: what one means, what a file of them may hold, and where reports show that one was used.
#include "keywright/keywright.h"

#include "support/compiling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace keywright {
namespace {

using test::at;
using test::Files;

const std::string kPack = R"(edition 1

pack desk { version "1" }

schema key {
    name:        text? = absent
    permissions: set of { read, trade, withdraw } = {}
    ips:         set of network = {}
    phrase:      secret? = absent
    made:        instant
    assume made <= now
}

define restricted = ips is not empty

rule needs_ip {
    severity error
    when     withdraw in permissions
    require  restricted
    message  "withdrawing needs an address"
}

rule idle {
    severity error
    when     trade in permissions
    unless   restricted
    expire   30 days after made warn 7 days before
    message  "idle"
}

rule named { severity error  require name is present }

sample open_key = key { name: "treasury", permissions: {withdraw}, made: 2026-01-01T00:00:00Z }

test "withdrawing from anywhere" {
    given open_key
    at 2026-01-15T00:00:00Z expect exactly needs_ip
}
)";

// A file of one waiver.
std::string waiver(const std::string& parts, const std::string& name = "cold_wallet") {
    return "edition 1\nwaiver " + name + " {\n" + parts + "\n}\n";
}

const std::string kWaiver = waiver(
    R"(waives needs_ip when name is present and name == "treasury" owner "desk" reason "cold wallet" ticket "OPS-1" until 2026-06-01T00:00:00Z)");

Compiled compile_with(const std::string& text) {
    CompileOptions options;
    options.waivers = {"waivers/desk.kw"};
    return compile(Files{{"pack.kw", kPack}, {"waivers/desk.kw", text}}, "pack.kw", options);
}

Rules rules_with(const std::string& text = kWaiver) {
    Compiled compiled = compile_with(text);
    INFO(test::describe(compiled.diagnostics));
    REQUIRE(compiled.rules.has_value());
    return *compiled.rules;
}

Rules plain_rules() {
    const Compiled compiled = compile(Files{{"pack.kw", kPack}}, "pack.kw");
    REQUIRE(compiled.rules.has_value());
    return *compiled.rules;
}

std::string refused(const std::string& text) {
    const Compiled compiled = compile_with(text);
    CHECK_FALSE(compiled.rules.has_value());
    return test::codes(compiled.diagnostics);
}

CheckOptions options_at(const std::string& instant) {
    CheckOptions options;
    options.now = at(instant);
    return options;
}

RecordReport checked(const Rules& rules, const std::string& json, const std::string& instant = "2026-02-01T00:00:00Z") {
    const Report report = rules.check(json, options_at(instant));
    REQUIRE(report.results.size() == 1);
    return report.results.front();
}

const std::string kTreasury = R"({"name":"treasury","permissions":["withdraw"],"made":"2026-01-20T00:00:00Z"})";

}  // namespace

// --- what it means ---------------------------------------------------------------------------------------------------

TEST_CASE("a waiver exempts the records that its condition surely holds for, up to its end and no further") {
    const Rules rules = rules_with();
    const RecordReport waived = checked(rules, kTreasury, "2026-05-31T23:59:59.999999999Z");
    CHECK(waived.verdict == Verdict::kCompliant);
    REQUIRE(waived.exempt.size() == 1);
    CHECK(waived.exempt[0].rule == "needs_ip");
    CHECK(waived.exempt[0].by == "cold_wallet");
    REQUIRE(waived.exempt[0].waiver.has_value());
    CHECK(*waived.exempt[0].waiver == WaiverUsed{"desk", "cold wallet", "OPS-1", at("2026-06-01T00:00:00Z")});
    CHECK(is_waived(waived));

    const RecordReport over = checked(rules, kTreasury, "2026-06-01T00:00:00Z");
    CHECK(over == checked(plain_rules(), kTreasury, "2026-06-01T00:00:00Z"));
    CHECK(over.verdict == Verdict::kViolation);

    const std::string other = R"({"name":"bot","permissions":["withdraw"],"made":"2026-01-20T00:00:00Z"})";
    const RecordReport bound = checked(rules, other), alone = checked(plain_rules(), other);
    CHECK(bound.verdict == Verdict::kViolation);
    REQUIRE(bound.violations.size() == 1);
    CHECK(bound.violations[0].rule == alone.violations.at(0).rule);
    CHECK(bound.violations[0].message == alone.violations.at(0).message);
    CHECK_FALSE(is_waived(bound));
    // That it isn't the key that the waiver is about is one of the facts that force the violation.
    CHECK(std::ranges::any_of(bound.violations[0].because, [](const Fact& f) { return f.field == "/name"; }));

    // Another rule is another matter.
    const std::string nameless = R"({"permissions":["withdraw"],"made":"2026-01-20T00:00:00Z"})";
    const Rules of_nameless =
        rules_with(waiver("waives named when name is absent reason \"r\" until 2027-01-01T00:00:00Z"));
    const RecordReport report = checked(of_nameless, nameless);
    REQUIRE(report.violations.size() == 1);
    CHECK(report.violations[0].rule == "needs_ip");
}

TEST_CASE("an unknown condition of a waiver never exempts, and says what would have to be known") {
    const std::string unknown = R"({"permissions":["withdraw"],"made":"2026-01-20T00:00:00Z","$unknown":["name"]})";
    const RecordReport report = checked(rules_with(), unknown);
    CHECK(report.verdict == Verdict::kUndetermined);
    CHECK(report.exempt.empty());
    CHECK(std::ranges::any_of(report.undetermined, [](const Undetermined& u) {
        return u.rule == "needs_ip" && u.needs == std::vector<std::string>{"/name"};
    }));
    // Once the waiver is over, nothing hangs on it any more.
    CHECK(checked(rules_with(), unknown, "2026-06-01T00:00:00Z").violations.size() == 1);
}

TEST_CASE("a waiver leaves the identity of the rules, and what is said without it, alone") {
    const Rules rules = rules_with(), plain = plain_rules();
    CHECK(rules.identity() == plain.identity());
    CHECK(rules.without_waivers().identity() == plain.identity());
    CHECK(rules.without_waivers().waivers().empty());
    CHECK(to_json(rules.without_waivers().check(kTreasury, options_at("2026-02-01T00:00:00Z"))) ==
          to_json(plain.check(kTreasury, options_at("2026-02-01T00:00:00Z"))));
    CHECK(plain.without_waivers().identity() == plain.identity());
    REQUIRE(rules.waivers().size() == 1);
    const WaiverGiven given = rules.waivers().front();
    CHECK(given.name == "cold_wallet");
    CHECK(given.rule == "needs_ip");
    CHECK(given.digest.starts_with("sha256:"));
    CHECK(given.digest != rules_with(kWaiver + "// changed\n").waivers().front().digest);
}

TEST_CASE("tests, coverage, mutants, gaps and defects are about the rules, whatever is waived") {
    const Rules rules = rules_with(), plain = plain_rules();
    for (const TestResult& result : rules.run_tests()) CHECK(result.passed);
    CHECK(to_json(std::vector<Coverage>{measure_coverage(rules)}) ==
          to_json(std::vector<Coverage>{measure_coverage(plain)}));
    CHECK(mutate(rules).mutants.size() == mutate(plain).mutants.size());
    CHECK(gaps(rules).size() == gaps(plain).size());
    const Compiled with = compile_with(kWaiver), without = compile(Files{{"pack.kw", kPack}}, "pack.kw");
    const GeneratedTests generated = generate_tests(with);
    CHECK(generated.fault.empty());
    CHECK(generated.text == generate_tests(without).text);
    CHECK_FALSE(generated.text.empty());
    CHECK(find_defects(rules).findings.size() == find_defects(plain).findings.size());
}

TEST_CASE("a forecast tells when a waiver ends") {
    std::vector<RecordForecast> out;
    ForecastOptions options;
    options.now = at("2026-02-01T00:00:00Z");
    const Forecast head = forecast(rules_with(), kTreasury, options);
    REQUIRE(head.results.size() == 1);
    const std::vector<RuleChange>& changes = head.results[0].changes;
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].at == at("2026-06-01T00:00:00Z"));
    CHECK(changes[0].from == Standing::kExempt);
    CHECK(changes[0].to == Standing::kViolated);
    CHECK(head.waivers == rules_with().waivers());
}

TEST_CASE("a key whose expiry is waived expires all the same") {
    const Rules rules = rules_with(waiver(
        "waives idle when name is present and name == \"old\" reason \"to be given up\" until 2026-12-01T00:00:00Z"));
    const std::string key = R"({"name":"old","permissions":["trade"],"made":"2026-01-01T00:00:00Z"})";
    const RecordReport before = checked(rules, key, "2026-01-20T00:00:00Z");
    CHECK(before.verdict == Verdict::kCompliant);
    CHECK(is_waived(before));
    CHECK(before.expires_at == checked(plain_rules(), key, "2026-01-20T00:00:00Z").expires_at);
    CHECK(before.expires_at.earliest == at("2026-01-31T00:00:00Z"));
    // Neither warned of nor violated, and still known to be over.
    CHECK(checked(rules, key, "2026-01-25T00:00:00Z").violations.empty());
    const RecordReport after = checked(rules, key, "2026-02-20T00:00:00Z");
    CHECK(after.verdict == Verdict::kCompliant);
    CHECK(after.expires_at.earliest == at("2026-01-31T00:00:00Z"));

    // What would keep the expiry from coming is not to be called `old`.
    ForecastOptions options;
    options.now = at("2026-01-20T00:00:00Z");
    const std::string unwaived = R"({"name":"new","permissions":["trade"],"made":"2026-01-01T00:00:00Z"})";
    for (const std::string& json : {key, unwaived}) {
        const Forecast forecasted = forecast(rules, json, options);
        REQUIRE(forecasted.results[0].expiries.size() == 1);
        for (const Escape& escape : forecasted.results[0].expiries[0].escapes) CHECK(escape.field != "/name");
        CHECK_FALSE(forecasted.results[0].expiries[0].escapes.empty());
    }
}

TEST_CASE("no repair and no guidance brings a record under a waiver, and none takes one out from under it") {
    const Rules rules = rules_with();
    RepairOptions options;
    options.reading.now = at("2026-02-01T00:00:00Z");
    options.most = 20;
    const auto repairs_of = [&](const Rules& by, const std::string& json) {
        RepairReport out;
        repair(by, json, options, [&](RepairReport&& report) { out = std::move(report); });
        return out;
    };
    const std::string bot = R"({"name":"bot","permissions":["withdraw"],"made":"2026-01-20T00:00:00Z"})";
    CHECK(repairs_of(rules, bot) == repairs_of(plain_rules(), bot));
    CHECK(repairs_of(rules, bot).repairs.size() >= 2);
    const RepairReport waived = repairs_of(rules, kTreasury);
    CHECK(waived.status == RepairStatus::kCompliant);
    REQUIRE(waived.waived.size() == 1);
    CHECK(waived.waived[0].rule == "needs_ip");
    CHECK(to_compact(waived) ==
          "#0 treasury: compliant\n#0 treasury: waived: needs_ip: until 2026-06-01T00:00:00Z by desk: "
          "cold wallet (OPS-1)\n");
    CHECK(to_pretty(waived).find("waived      needs_ip until 2026-06-01T00:00:00Z by desk") != std::string::npos);
    CHECK(to_json_line(waived).find("\"waived\":[{\"rule\":\"needs_ip\",\"by\":\"cold_wallet\"") != std::string::npos);
    CHECK(to_json_line(repairs_of(rules, bot)).find("waived") == std::string::npos);
    CHECK(repairs_of(plain_rules(), kTreasury).status == RepairStatus::kFound);

    const auto guide_of = [&](const Rules& by, const std::string& json) {
        GuideReport out;
        guide(by, json, options.reading, [&](GuideReport&& report) { out = std::move(report); });
        return out;
    };
    const std::string half = R"({"permissions":["withdraw"],"made":"2026-01-20T00:00:00Z","$unknown":["name","ips"]})";
    CHECK(guide_of(rules, half) == guide_of(plain_rules(), half));
    const GuideReport guided = guide_of(rules, kTreasury);
    CHECK(guided.waived.size() == 1);
    CHECK(to_compact(guided).find("waived: needs_ip") != std::string::npos);
    CHECK(to_pretty(guided).find("waived      needs_ip") != std::string::npos);
    CHECK(to_json_line(guided).find("\"ticket\":\"OPS-1\"") != std::string::npos);

    CheckOptions suggesting = options.reading;
    suggesting.suggest = true;
    CHECK(rules.check(bot, suggesting).results[0].repair == plain_rules().check(bot, suggesting).results[0].repair);
}

TEST_CASE("why: the waiver is told with what it rests on; prove and diff see what waivers let through") {
    WhyOptions options;
    options.check = options_at("2026-02-01T00:00:00Z");
    options.rule = "needs_ip";
    const std::vector<WhyReport> reports = explain_outcomes(rules_with(), kTreasury, options);
    REQUIRE(reports.size() == 1);
    REQUIRE(reports[0].rules.size() == 1);
    CHECK(reports[0].rules[0].exempt_by == "cold_wallet");
    REQUIRE(reports[0].rules[0].waiver.has_value());
    CHECK(reports[0].rules[0].waiver->owner == "desk");
    CHECK(std::ranges::any_of(reports[0].rules[0].reasons.front(), [](const Reason& r) { return r.field == "/name"; }));

    const Diff difference = diff(plain_rules(), rules_with());
    CHECK(difference.direction == Direction::kLooser);
    REQUIRE(difference.rules.size() == 1);
    CHECK(difference.rules[0].rule == "needs_ip");
    REQUIRE_FALSE(difference.violation.lost.regions.empty());
    CHECK(difference.violation.gained.regions.empty());
    for (const RegionShown& lost : difference.violation.lost.regions)
        CHECK(lost.condition.find("name == \"treasury\"") != std::string::npos);
}

// --- what a file of waivers may hold ---------------------------------------------------------------------------------

TEST_CASE("a waiver says what it waives, for which records, why and until when; who answers may be missing") {
    const std::string parts[] = {"waives needs_ip", "when name is absent", "reason \"r\"",
                                 "until 2026-06-01T00:00:00Z"};
    for (const std::string& left_out : parts) {
        CAPTURE(left_out);
        std::string rest;
        for (const std::string& part : parts) rest += part == left_out ? "" : part + "\n";
        CHECK(refused(waiver(rest)) == "KW4009");
        CHECK(refused(waiver(rest + left_out + "\n" + left_out)) == "KW4003");
        CHECK(compile_with(waiver(rest + left_out)).rules.has_value());
    }
    CHECK(refused(waiver("")) == "KW4009 KW4009 KW4009 KW4009");
    CHECK(refused(waiver(
              "waives needs_ip when name is absent reason \"r\" until 2026-06-01T00:00:00Z owner \"a\" owner \"b\"")) ==
          "KW4003");
    CHECK(refused(waiver("waives needs_ip when name is absent reason \"  \" until 2026-06-01T00:00:00Z")) == "KW4009");
}

TEST_CASE("mistakes in waivers are found where they stand") {
    const auto with = [](const std::string& rule, const std::string& condition,
                         const std::string& until = "2026-06-01T00:00:00Z") {
        return waiver("waives " + rule + " when " + condition + " reason \"r\" until " + until);
    };
    CHECK(refused(with("need_ip", "name is absent")) == "KW2001");
    CHECK(refused(with("needs_ip", "nam is absent")) == "KW2001");
    CHECK(refused(with("needs_ip", "restricted and made > 5")) == "KW3001");
    CHECK(refused(with("needs_ip", "length(name) > 3")) == "KW3002");
    CHECK(refused(with("needs_ip", "permissions == {withdrew}")) == "KW3004");
    CHECK(refused(with("needs_ip", "phrase is present and phrase == \"hunter2\"")) == "KW3003");
    CHECK(refused(with("needs_ip", "name is absent", "2026-13-01T00:00:00Z")) == "KW1010");
    CHECK(refused(kWaiver + kWaiver.substr(kWaiver.find("waiver"))) == "KW2002");
    CHECK(refused(kWaiver.substr(kWaiver.find("waiver"))) == "KW1002");
    CHECK(compile_with(with("needs_ip", "permissions == {withdraw} and not restricted")).rules.has_value());

    const Compiled compiled = compile_with(with("need_ip", "name is absent"));
    REQUIRE(compiled.diagnostics.size() == 1);
    CHECK(compiled.diagnostics[0].labels.front().range.file == "waivers/desk.kw");
    CHECK(compiled.diagnostics[0].help.find("needs_ip") != std::string::npos);
    // What a mistake of the pack hides isn't unknown to the waiver as well.
    CompileOptions options;
    options.waivers = {"w.kw"};
    const Compiled broken =
        compile(Files{{"pack.kw", kPack + "rule later { requires }"}, {"w.kw", with("later", "name is absent")}},
                "pack.kw", options);
    CHECK(test::codes(broken.diagnostics) == "KW1001");
}

TEST_CASE("the message about a secret's condition doesn't repeat what it was compared with") {
    const Compiled compiled = compile_with(waiver(
        "waives needs_ip when phrase is present and phrase == \"hunter2\" reason \"r\" until 2026-06-01T00:00:00Z"));
    for (const Diagnostic& d : compiled.diagnostics) {
        CHECK(d.message.find("hunter2") == std::string::npos);
        CHECK(d.help.find("hunter2") == std::string::npos);
    }
}

TEST_CASE("waivers stand in files of their own, and nothing else stands there") {
    // A pack must not carry its own unseen.
    const Compiled stray = compile(Files{{"pack.kw", kPack + "import \"w.kw\"\n"}, {"w.kw", kWaiver}}, "pack.kw");
    CHECK(test::codes(stray.diagnostics) == "KW4007");
    CHECK_FALSE(stray.rules.has_value());
    CompileOptions along;
    along.also = {"w.kw"};
    CHECK(test::codes(compile(Files{{"pack.kw", kPack}, {"w.kw", kWaiver}}, "pack.kw", along).diagnostics) == "KW4007");
    CHECK(test::codes(compile_text(kPack + kWaiver.substr(kWaiver.find("waiver"))).diagnostics) == "KW4007");

    for (const std::string item : {"rule lax { forbid restricted }", "define d = restricted", "import \"pack.kw\"",
                                   "extend \"pack.kw\" {}", "param n = 3", "pack other {}", "sample s = key {}",
                                   "test \"t\" { given open_key }", "prove \"p\" { for every key: never needs_ip }",
                                   "schema other { a: bool }", "document d {}", "adapter a { canonical }"}) {
        CAPTURE(item);
        CHECK(refused(kWaiver + item) == "KW4008");
    }
    // A pack named as a file of waivers is told what it is not.
    CompileOptions options;
    options.waivers = {"pack.kw"};
    const Compiled self = compile(Files{{"pack.kw", kPack}}, "pack.kw", options);
    CHECK_FALSE(self.rules.has_value());
    CHECK(std::ranges::all_of(self.diagnostics, [](const Diagnostic& d) { return d.code == "KW4008"; }));

    options.waivers = {"w.kw", "w.kw"};
    CHECK(compile(Files{{"pack.kw", kPack}, {"w.kw", kWaiver}}, "pack.kw", options).rules->waivers().size() == 1);
    options.waivers = {"none.kw"};
    CHECK(compile(Files{{"pack.kw", kPack}}, "pack.kw", options).unreadable ==
          std::vector<std::string>{"none.kw: no such file"});
    options.waivers = {"w.kw"};
    options.limits.rule_files = 1;
    CHECK(test::codes(compile(Files{{"pack.kw", kPack}, {"w.kw", kWaiver}}, "pack.kw", options).diagnostics) ==
          "KW2014");
}

TEST_CASE("the tests of a pack can't name a waiver as an exemption") {
    CompileOptions options;
    options.waivers = {"w.kw"};
    const std::string test =
        "test \"t\" { given open_key at 2026-01-15T00:00:00Z expect exempt needs_ip by cold_wallet }";
    CHECK(test::codes(compile(Files{{"pack.kw", kPack + test}, {"w.kw", kWaiver}}, "pack.kw", options).diagnostics) ==
          "KW5005");
}

// --- reports ---------------------------------------------------------------------------------------------------------

TEST_CASE("every format tells that a waiver was used, by whom, why and until when") {
    const Rules rules = rules_with();
    const Report report = rules.check(kTreasury, options_at("2026-02-01T00:00:00Z"));
    const RecordReport& record = report.results.front();
    const std::string words = "until 2026-06-01T00:00:00Z by desk: cold wallet (OPS-1)";
    CHECK(to_pretty(record, report.rules, report.evaluated_at).find("waived      needs_ip " + words) !=
          std::string::npos);
    CHECK(to_compact(record) == "#0 treasury: waived: needs_ip: " + words + "\n");
    CHECK(to_github(record) == "::notice file=,title=needs_ip::#0 treasury: waived " + words + "\n");
    CHECK(to_pretty(report.summary(), report.rules, report.evaluated_at).find("1 compliant; 1 under a waiver") !=
          std::string::npos);
    const std::string json = to_json(report);
    CHECK(json.find("\"waived\": 1") != std::string::npos);
    CHECK(json.find("\"name\": \"cold_wallet\"") != std::string::npos);
    CHECK(json.find("\"ticket\": \"OPS-1\"") != std::string::npos);

    const Rules bare =
        rules_with(waiver("waives needs_ip when name is present reason \"r\" until 2026-06-01T00:00:00Z"));
    CHECK(to_compact(checked(bare, kTreasury)) == "#0 treasury: waived: needs_ip: until 2026-06-01T00:00:00Z: r\n");
    // Waivers that none came under are told too: they were there.
    const Report unused =
        rules.check(R"({"name":"x","made":"2026-01-01T00:00:00Z"})", options_at("2026-02-01T00:00:00Z"));
    CHECK(to_json(unused).find("\"waived\": 0") != std::string::npos);
    CHECK(to_pretty(unused.summary(), unused.rules, unused.evaluated_at).find("waiver") == std::string::npos);
}

TEST_CASE("texts of a waiver can't forge a line, a terminal sequence or a workflow command") {
    const std::string evil = R"(\u{1b}[31m\n::error::pwned\u{d}\n\u{202e}%0A##[error]x)";
    const Rules rules = rules_with(waiver("waives needs_ip when name is present owner \"" + evil + "\" reason \"" +
                                          evil + "\" ticket \"" + evil + "\" until 2026-06-01T00:00:00Z"));
    const Report report = rules.check(kTreasury, options_at("2026-02-01T00:00:00Z"));
    const RecordReport& record = report.results.front();
    REQUIRE(is_waived(record));
    WhyOptions why;
    why.check = options_at("2026-02-01T00:00:00Z");
    why.rule = "needs_ip";
    const std::vector<WhyReport> reasons = explain_outcomes(rules, kTreasury, why);
    const std::string outputs[] = {to_pretty(record, report.rules, report.evaluated_at, {.color = false}),
                                   to_compact(record),
                                   to_github(record),
                                   to_json(report),
                                   to_pretty(reasons.front(), report.evaluated_at),
                                   to_json(reasons, report.rules, report.evaluated_at)};
    for (const std::string& out : outputs) {
        CAPTURE(out);
        CHECK(out.find('\x1B') == std::string::npos);
        CHECK(out.find('\r') == std::string::npos);
        CHECK(out.find("\xE2\x80\xAE") == std::string::npos);
        CHECK(out.find("\n::error") == std::string::npos);
        // A string of JSON keeps its letters, whatever a CI system makes of them.
        if (!out.starts_with("{")) CHECK(out.find("##[") == std::string::npos);
    }
    CHECK(std::ranges::count(to_compact(record), '\n') == 1);
    CHECK(std::ranges::count(to_github(record), '\n') == 1);
    CHECK(to_github(record).find("%0A") == std::string::npos);
}

}  // namespace keywright
