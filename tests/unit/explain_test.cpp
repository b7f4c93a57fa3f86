// Why an outcome came about, and what would settle an open one; and changes to records and packs that may not change
// reports.
#include "analysis/explain.h"

#include "eval/reference.h"
#include "support/compiling.h"
#include "support/dice.h"
#include "support/random_record.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace keywright;
using eval::RuleDecision;
using eval::Truth;
using test::Dice;
using test::RecordShape;

namespace {

// A pack of every type and operator, with records inside records.
std::string synthetic() {
    return test::pack_text(
        "active: bool\nflag: bool? = absent\nname: text? = absent\nusage: one of { x, y, z }\nkind: one of { x, y, z "
        "}?\n"
        "perms: set of { a, b, c, d } = {}\nips: set of network = {}\nhome: network?\ntags: set of text\nports: set of "
        "int 0..65535\n"
        "n: int 0..10\nm: int? = absent\nmade: instant?\nused: instant?\nttl: duration\nphrase: secret? = absent\n"
        "limits: { daily: int 0..1000, inner: { depth: int?, note: text? = absent }? }?\nplace: { city: text }\n"
        "assume made <= used <= now\nassume 0 <= n",
        R"kw(
define linked = usage == x or kind else usage == x
define open = ips is empty or any i in ips: i is open
rule connectives { when active or linked unless flag else false require not (perms has any of {a, b}) or n > 3 }
rule chain { require 1 <= n <= 5 implies perms has all of {c} }
rule names { require name is present and name is not blank and name like "a*" }
rule names_again { when name is present forbid name starts with "b" or length(name) > 2 message "{name} {usage}" }
rule networks { when not open require every i in ips: (i is private or i within 203.0.113.0/24) and prefix_length(i) >= 8 }
rule homes { when home is present require home overlaps ips or family(home) == ipv6 message "{home}" }
rule elements { require any t in tags: t == "a" or t == "bot" }
rule numbers { require no p in ports: p > 443 and (m else 3) > 2 }
rule counts { require count(ports) + count(perms) <= 3 }
rule choice { require match usage { x: n > 2, y: active, z: perms == {a, d} } }
rule choice_of_number { require match usage { x: n, y: 3, z: n + n } > 4 }
rule nested { when limits is present require limits.daily > 5 and (limits.inner is present implies (limits.inner.depth else 0) > 2) message "{limits.daily}" }
rule deeper { when limits is present and limits.inner is present require limits.inner.note is present }
rule towns { require place.city is not blank }
rule secrets { when phrase is present require length(phrase) > 5 and not has_space(phrase) }
rule masks { forbid phrase is present and phrase is masked }
rule ages { when made is present require now - made < ttl + 10 days }
rule expiry { when usage != z unless open and active expire 30 days after used else made else now warn 7 days before message "{deadline}" }
rule expiry_of_own { severity warning when made is present expire ttl after made warn 3 days before }
)kw");
}

struct Pack {
    explicit Pack(std::unique_ptr<test::Checked> from)
        : checked(std::move(from)), program(checked->module), dependencies(checked->module) {}

    std::unique_ptr<test::Checked> checked;
    eval::Program program;
    analysis::Dependencies dependencies;

    [[nodiscard]] const ir::Module& module() const { return checked->module; }
    [[nodiscard]] analysis::Explainer explainer() const { return {checked->module, program, dependencies}; }
    [[nodiscard]] std::vector<RuleDecision> decide(const value::Record& record, Instant now) const {
        auto scratch = program.make_scratch();
        std::vector<RuleDecision> out(module().rules.size());
        program.decide(record, now, scratch, out);
        return out;
    }
};

std::vector<std::unique_ptr<Pack>> packs() {
    std::vector<std::unique_ptr<Pack>> out;
    out.push_back(std::make_unique<Pack>(test::check_folder("rules/kucoin_tr")));
    out.push_back(std::make_unique<Pack>(test::check_text(synthetic())));
    for (const auto& pack : out) {
        INFO(test::describe(pack->checked->diagnostics));
        REQUIRE_FALSE(pack->checked->refused);
        REQUIRE(pack->module().rules.size() > 10);
    }
    return out;
}

bool same(const RuleDecision& a, const RuleDecision& b) { return a.outcome == b.outcome && a.warning == b.warning; }
bool settled(const RuleDecision& d) { return d.outcome != ir::Outcome::kUndetermined && d.warning != Truth::kUnknown; }

std::string show(const ir::Module& module, const std::vector<ir::FieldId>& fields) {
    std::string out;
    for (const ir::FieldId f : fields) out += module.schema.fields[f.index()].name + " ";
    return out;
}

}  // namespace

TEST_CASE("decisive fields force the outcome, and none of them can be dropped") {
    Dice dice{11};
    for (const auto& pack : packs()) {
        const ir::Module& module = pack->module();
        std::size_t explained = 0, warned = 0, smaller = 0;
        for (int i = 0; i < 1'500; ++i) {
            const Instant now = test::random_now(dice);
            value::Record record;
            test::random_record(dice, module, now,
                                {.unknown = i % 3 == 0 ? 25U : 5U, .absent = 25, .partly_known = true}, record);
            const auto decisions = pack->decide(record, now);
            for (std::size_t r = 0; r < decisions.size(); ++r) {
                const RuleDecision& d = decisions[r];
                if (d.outcome != ir::Outcome::kViolated && d.warning != Truth::kTrue) continue;
                const auto fields = pack->explainer().decisive_fields(record, now, ir::RuleId{r}, d);
                CAPTURE(module.rules[r].name);
                CAPTURE(show(module, fields));
                value::Record alone = record;
                for (std::size_t f = 0; f < record.size(); ++f) {
                    if (std::find(fields.begin(), fields.end(), ir::FieldId{f}) == fields.end()) alone.set_unknown(f);
                }
                CHECK(same(pack->decide(alone, now)[r], d));
                for (const ir::FieldId dropped : fields) {
                    CHECK(record.state(dropped.index()) != value::State::kUnknown);
                    value::Record fewer = alone;
                    fewer.set_unknown(dropped.index());
                    CHECK_FALSE(same(pack->decide(fewer, now)[r], d));
                }
                // Whatever the others are.
                value::Record full = alone;
                if (test::complete(dice, module, now, full))
                    CHECK(same(eval::decide_reference(module, full, now).rules[r], d));
                ++explained;
                if (d.warning == Truth::kTrue) ++warned;
                if (fields.size() + 2 < record.size()) ++smaller;
            }
        }
        CHECK(explained > 1'000);
        CHECK(warned > 5);
        CHECK(smaller > explained / 2);
    }
}

TEST_CASE("fields that are needed settle an open outcome") {
    Dice dice{12};
    for (const auto& pack : packs()) {
        const ir::Module& module = pack->module();
        std::size_t open = 0;
        for (int i = 0; i < 1'500; ++i) {
            const Instant now = test::random_now(dice);
            value::Record record;
            test::random_record(dice, module, now, {.unknown = 30, .absent = 25, .partly_known = i % 2 == 0}, record);
            const auto decisions = pack->decide(record, now);
            for (std::size_t r = 0; r < decisions.size(); ++r) {
                if (settled(decisions[r])) continue;
                const auto needs = pack->explainer().needed_fields(record, now, ir::RuleId{r});
                CAPTURE(module.rules[r].name);
                CAPTURE(show(module, needs));
                CHECK_FALSE(needs.empty());
                for (const ir::FieldId f : needs) {
                    const ir::Type& type = module.schema.fields[f.index()].type;
                    const bool partly = type.kind == ir::Kind::kSecret || type.kind == ir::Kind::kNetwork ||
                                        type.element == ir::Kind::kNetwork;
                    CHECK((record.state(f.index()) == value::State::kUnknown || partly));
                }
                // All values of a random completion that the needed fields have, and nothing else besides.
                value::Record full = record;
                for (const ir::FieldId f : needs) full.set_unknown(f.index());
                if (!test::complete(dice, module, now, full)) continue;
                value::Record told = full;
                for (std::size_t f = 0; f < record.size(); ++f) {
                    // Who knows a member knows that its record is there, or that it isn't.
                    const bool named = std::any_of(needs.begin(), needs.end(), [&](ir::FieldId need) {
                        for (ir::FieldId g = need; g.valid(); g = module.schema.fields[g.index()].parent) {
                            if (g.index() == f) return true;
                        }
                        return false;
                    });
                    if (!named && record.state(f) == value::State::kUnknown) told.set_unknown(f);
                }
                CHECK(settled(pack->decide(told, now)[r]));
                ++open;
            }
        }
        CHECK(open > 500);
    }
}

TEST_CASE("what is decided with unknown fields stays so whatever they turn out to be") {
    Dice dice{13};
    for (const auto& pack : packs()) {
        const ir::Module& module = pack->module();
        std::size_t compared = 0;
        for (int i = 0; i < 3'000; ++i) {
            const Instant now = test::random_now(dice);
            value::Record record;
            test::random_record(dice, module, now, {.unknown = 30, .absent = 25, .partly_known = false}, record);
            value::Record full = record;
            if (!test::complete(dice, module, now, full)) continue;
            const auto before = pack->decide(record, now);
            const auto after = pack->decide(full, now);
            for (std::size_t r = 0; r < before.size(); ++r) {
                if (!settled(before[r])) continue;
                CAPTURE(module.rules[r].name);
                // Only that it isn't violated is settled: the reason may still be one or the other.
                const bool violated = before[r].outcome == ir::Outcome::kViolated;
                CHECK((after[r].outcome == ir::Outcome::kViolated) == violated);
                CHECK(after[r].outcome != ir::Outcome::kUndetermined);
                CHECK(after[r].warning == before[r].warning);
                ++compared;
            }
        }
        CHECK(compared > 5'000);
    }
}

TEST_CASE("facts in words") {
    const auto pack = std::make_unique<Pack>(test::check_text(synthetic()));
    const ir::Module& module = pack->module();
    REQUIRE_FALSE(pack->checked->refused);
    value::Record record;
    record.reset(module.schema.fields.size());
    const auto field = [&](const std::string& name) {
        const auto& all = module.schema.fields;
        return static_cast<std::size_t>(
            std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.name == name; }) - all.begin());
    };
    const auto rule = [&](const std::string& name) {
        const auto& all = module.rules;
        return ir::RuleId{static_cast<std::size_t>(
            std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.name == name; }) - all.begin())};
    };
    const auto fact = [&](const std::string& of_rule, const std::string& of_field) {
        return pack->explainer().fact(record, rule(of_rule), ir::FieldId{field(of_field)});
    };
    CHECK(fact("names", "name") == "is unknown");
    record.set_absent(field("name"));
    CHECK(fact("names", "name") == "is absent");
    record.set_text(field("name"), " ");
    CHECK(fact("names", "name") == "is blank");
    record.set_text(field("name"), "a\x1B[31m\"");
    CHECK(fact("names", "name").find('\x1B') == std::string::npos);
    record.set_text(field("name"), std::string(500, 'a'));
    CHECK(fact("names", "name").size() < 100);
    record.set_bool(field("active"), true);
    CHECK(fact("connectives", "active") == "is true");
    record.set_int(field("n"), 7);
    CHECK(fact("chain", "n") == "is 7");
    record.set_enum(field("usage"), 1);
    CHECK(fact("choice", "usage") == "is y");
    record.set_enum_set(field("perms"), 0b0110);
    CHECK(fact("connectives", "perms") == "contains b");
    CHECK(fact("chain", "perms") == "contains c");
    CHECK(fact("choice", "perms") == "is {b, c}");
    CHECK(fact("counts", "perms") == "is {b, c}");
    record.set_enum_set(field("perms"), 0b1000);
    CHECK(fact("connectives", "perms") == "does not contain a, b");
    record.set_enum_set(field("perms"), 0);
    CHECK(fact("connectives", "perms") == "is empty");
    record.set_network_set(field("ips"), {});
    CHECK(fact("networks", "ips") == "is empty");
    record.set_present(field("limits"));
    CHECK(fact("nested", "limits") == "is present");
    record.set_secret(field("phrase"), value::facts_of("hunter2hunter2"));
    CHECK(fact("secrets", "phrase") == "is present");
    CHECK(fact("masks", "phrase") == "is not masked");
    record.set_secret(field("phrase"), value::facts_of("a***b"));
    CHECK(fact("masks", "phrase") == "is masked");
    record.set_secret(field("phrase"), value::facts_of(""));
    CHECK(fact("secrets", "phrase") == "is empty");
    record.set_instant(field("made"), test::at("2026-01-31T00:00:00Z"));
    CHECK(fact("ages", "made") == "is 2026-01-31T00:00:00Z");
    record.set_duration(field("ttl"), {86'400, 0});
    CHECK(fact("ages", "ttl") == "is 1 day");
    const std::vector<std::string_view> tags{"p", "q"};
    record.set_text_set(field("tags"), tags);
    CHECK(fact("elements", "tags") == "has 2 elements");
}

// --- reports of the KuCoin pack --------------------------------------------------------------------------------------

namespace {

using Members = std::map<std::string, std::string>;  // of a record, as JSON

std::string json_of(const Members& members, Dice* order = nullptr) {
    std::vector<std::pair<std::string, std::string>> all{members.begin(), members.end()};
    if (order != nullptr) order->shuffle(all);
    std::string out = "{";
    for (const auto& [name, value] : all) out += (out.size() > 1 ? ", \"" : "\"") + name + "\": " + value;
    return out + "}";
}

std::string list_of(const std::vector<std::string>& pool, Dice& dice) {
    std::string out = "[";
    for (const std::string& one : pool) {
        if (dice.chance(30)) out += (out.size() > 1 ? ", \"" : "\"") + one + "\"";
    }
    return out + "]";
}

Members random_members(Dice& dice) {
    const auto of = [&](std::initializer_list<const char*> pool) {
        return std::string{std::data(pool)[dice.below(pool.size())]};
    };
    Members out;
    out["id"] = of({"null", "\"key-1\""});
    out["name"] = of({"null", "\"\"", "\"bot\""});
    out["usage"] = of({"\"api_trading\"", "\"api_trading\"", "\"third_party\""});
    out["app"] = of({"null", "null", "\" \"", "\"Grid\""});
    out["permissions"] = list_of({"general", "spot", "margin", "futures", "earn", "transfer", "withdrawal"}, dice);
    out["ip_allowlist"] = list_of({"203.0.113.7", "0.0.0.0/0", "10.0.0.0/8", "203.**.154"}, dice);
    out["passphrase"] = of({"null", "\"\"", "\"secret1\"", "{\"$secret\": {}}"});
    out["passphrase_known"] = of({"null", "true", "false"});
    out["api_secret"] = of({"null", "null", "\"abcdef\"", "\"ab***ef\""});
    out["created_at"] = of({"null", "\"2025-12-20T00:00:00Z\"", "\"2026-01-02T00:00:00Z\""});
    out["last_used_at"] = of({"null", "\"2026-01-03T00:00:00Z\"", "\"2026-01-30T00:00:00Z\""});
    out["verification"] =
        dice.chance(40) ? "null" : list_of({"trading_password", "email_code", "totp", "sms_code"}, dice);
    return out;
}

RecordReport check_one(const Rules& rules, const std::string& json) {
    CheckOptions options;
    options.now = test::at("2026-01-31T12:00:00Z");
    Report report = rules.check(json, options);
    REQUIRE(report.results.size() == 1);
    INFO(json);
    for (const RecordError& e : report.results[0].errors) FAIL(e.code << " " << e.at << " " << e.message);
    return report.results[0];
}

std::set<std::string> violated(const RecordReport& report) {
    std::set<std::string> out;
    for (const Violation& v : report.violations) out.insert(v.rule + " " + std::string{to_string(v.severity)});
    return out;
}

std::set<std::string> undetermined(const RecordReport& report) {
    std::set<std::string> out;
    for (const Undetermined& u : report.undetermined) out.insert(u.rule);
    return out;
}

}  // namespace

TEST_CASE("the order of members and of elements changes nothing") {
    Dice dice{21};
    const Rules& rules = test::kucoin();
    for (int i = 0; i < 300; ++i) {
        Members members = random_members(dice);
        const RecordReport before = check_one(rules, json_of(members));
        CHECK(check_one(rules, json_of(members, &dice)) == before);
        for (const std::string name : {"permissions", "ip_allowlist", "verification"}) {
            std::vector<std::string> elements;
            const std::string& text = members[name];
            for (std::size_t at = text.find('"'); at != std::string::npos; at = text.find('"', at)) {
                const std::size_t end = text.find('"', at + 1);
                elements.push_back(text.substr(at, end - at + 1));
                at = end + 1;
            }
            if (text == "null") continue;
            dice.shuffle(elements);
            std::string again = "[";
            for (const std::string& e : elements) again += (again.size() > 1 ? "," : "") + e;
            members[name] = again + "]";
        }
        CHECK(check_one(rules, json_of(members, &dice)) == before);
    }
}

TEST_CASE("losing a fact never makes a violation compliant, nor anything decided that wasn't") {
    Dice dice{22};
    const Rules& rules = test::kucoin();
    const std::set<std::string> without_default{"usage", "created_at", "last_used_at"};
    std::size_t opened = 0, kept = 0;
    for (int i = 0; i < 400; ++i) {
        const Members members = random_members(dice);
        const RecordReport before = check_one(rules, json_of(members));
        for (const auto& [name, value] : members) {
            Members fewer = members;
            fewer.erase(name);
            Members unknown = fewer;
            unknown["$unknown"] = "[\"" + name + "\"]";
            const RecordReport after = check_one(rules, json_of(unknown));
            if (without_default.contains(name)) CHECK(check_one(rules, json_of(fewer)) == after);
            CAPTURE(json_of(members));
            CAPTURE(name);
            if (before.verdict == Verdict::kViolation) CHECK(after.verdict != Verdict::kCompliant);
            if (before.verdict == Verdict::kUndetermined) CHECK(after.verdict == Verdict::kUndetermined);
            if (before.verdict == Verdict::kCompliant) CHECK(after.verdict != Verdict::kViolation);
            // Rule by rule: what is violated now was before; what was is still, or open.
            const auto was = violated(before), is = violated(after), open = undetermined(after);
            CHECK(std::includes(was.begin(), was.end(), is.begin(), is.end()));
            for (const std::string& rule : was)
                CHECK((is.contains(rule) || open.contains(rule.substr(0, rule.find(' ')))));
            for (const std::string& rule : undetermined(before)) CHECK(open.contains(rule));
            after == before ? ++kept : ++opened;
        }
    }
    CHECK(opened > 200);
    CHECK(kept > 200);
}

TEST_CASE("a list is checked like its records alone") {
    Dice dice{23};
    const Rules& rules = test::kucoin();
    std::vector<std::string> records;
    for (int i = 0; i < 60; ++i) records.push_back(json_of(random_members(dice), &dice));
    records[7] = "7";
    records[11] = R"({"usage": "x", "zzz": 1})";
    records[12] = "{}";
    CheckOptions options;
    options.now = test::at("2026-01-31T12:00:00Z");
    std::string list, lines;
    for (const std::string& r : records) {
        list += (list.empty() ? "[" : ", ") + r;
        lines += r + "\n";
    }
    const Report together = rules.check(list + "]", options);
    const Report by_line = rules.check(lines, options);
    REQUIRE(together.results.size() == records.size());
    REQUIRE(by_line.results.size() == records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        RecordReport alone = rules.check(records[i], options).results.at(0);
        CHECK(alone.line == 1);
        alone.index = i;
        alone.line = i + 1;
        CHECK(by_line.results[i] == alone);
        alone.line = 1;
        for (RecordError& e : alone.errors) e.at = "/" + std::to_string(i) + e.at;
        CHECK(together.results[i] == alone);
    }
    const Summary summary = together.summary();
    CHECK(summary.records == records.size());
    CHECK(summary.compliant + summary.violation + summary.undetermined + summary.invalid == records.size());
    CHECK(summary.invalid == 2);
}

TEST_CASE("the order of the items of a pack, and rules about something else, change nothing") {
    Dice dice{24};
    std::vector<std::string> items;
    std::string head;
    for (const std::string file : {"document", "schema", "rules", "expiry", "adapters"}) {
        const std::string text = test::project_file("rules/kucoin_tr/" + file + ".kw");
        base::SourceSet sources;
        const auto id = sources.add(file, text);
        diag::Sink sink{10};
        const auto checked = test::check_text(text);
        const syntax::Tree& tree = checked->loaded.files.front().tree;
        for (const syntax::Cursor item : syntax::Cursor{tree, 0}) {
            if (item.kind() != syntax::Kind::kEdition) items.emplace_back(item.text());
        }
        static_cast<void>(id);
    }
    items.push_back("pack p { version \"1\" title \"t\" }");
    REQUIRE(items.size() > 30);
    const auto compiled = [&] {
        std::string text = "edition 1\n";
        for (const std::string& item : items) text += item + "\n\n";
        const Compiled out = compile_text(text);
        INFO(test::describe(out.diagnostics));
        REQUIRE(out.rules.has_value());
        return *out.rules;
    };
    // Without what names a place in the text, and in an order of its own.
    const auto essence = [](RecordReport report, const std::string& but_for = {}) {
        std::erase_if(report.violations, [&](const Violation& v) { return v.rule == but_for; });
        std::erase_if(report.undetermined, [&](const Undetermined& u) { return u.rule == but_for; });
        for (Violation& v : report.violations) v.rule_range = {};
        const auto by_rule = [](const auto& a, const auto& b) { return a.rule < b.rule; };
        std::sort(report.violations.begin(), report.violations.end(), by_rule);
        std::sort(report.undetermined.begin(), report.undetermined.end(), by_rule);
        std::sort(report.exempt.begin(), report.exempt.end(), by_rule);
        return report;
    };
    const Rules first = compiled();
    std::vector<Rules> others;
    for (int i = 0; i < 5; ++i) {
        dice.shuffle(items);
        others.push_back(compiled());
    }
    items.push_back("rule unrelated { severity warning require id is present }");
    const Rules more = compiled();
    std::size_t violations = 0;
    for (int i = 0; i < 200; ++i) {
        const std::string json = json_of(random_members(dice));
        const RecordReport expected = essence(check_one(first, json));
        violations += expected.violations.size();
        CHECK(expected == essence(check_one(test::kucoin(), json)));
        for (const Rules& rules : others) CHECK(essence(check_one(rules, json)) == expected);
        CHECK(essence(check_one(more, json), "unrelated") == expected);
    }
    CHECK(violations > 200);
}
