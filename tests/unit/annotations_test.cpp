// What a rule file says for those who repair records and look for gaps: `immutable` and `cost` of fields, `replaced
// whole` of sources, `accept gap` of rules. What is refused: tests/cases/check/annotations.kw.
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <string>

using namespace keywright;
using test::codes;
using test::codes_of;
using test::pack_text;

namespace {

const ir::Field& field_named(const ir::Module& module, const std::string& name) {
    for (const ir::Field& field : module.schema.fields) {
        if (field.name == name) return field;
    }
    FAIL("no such field");
    return module.schema.fields.front();
}

const ir::Rule& rule_named(const ir::Module& module, const std::string& name) {
    for (const ir::Rule& rule : module.rules) {
        if (rule.name == name) return rule;
    }
    FAIL("no such rule");
    return module.rules.front();
}

}  // namespace

TEST_CASE("a field may be immutable or have a cost, else it may be changed for 1") {
    const auto checked = test::check_text(
        pack_text("plain: bool\nid: text? = absent immutable\nusage: one of { a, b } cost 100 cites g 1\n"
                  "quick: bool = true cost 1\ndear: set of network = {} cost 1_000,\n"
                  "limits: { daily: int 0..9 cost 5, single: int 0..9 }? = absent cost 20\n"
                  "owner: { name: text, home: { city: text? = absent } }? immutable",
                  "document g { clause 1 fact \"f\" }"));
    REQUIRE(codes(checked->diagnostics) == "fine");
    const auto is = [&](const char* name, bool immutable, std::uint32_t cost) {
        CAPTURE(name);
        const ir::Field& field = field_named(checked->module, name);
        CHECK(field.immutable == immutable);
        CHECK(field.cost == cost);
    };
    is("plain", false, 1);
    is("id", true, 1);
    is("usage", false, 100);
    is("quick", false, 1);
    is("dear", false, 1000);
    is("limits", false, 20);
    is("limits.daily", false, 5);
    is("limits.single", false, 1);
    is("owner", true, 1);
    is("owner.name", true, 1);
    is("owner.home", true, 1);
    is("owner.home.city", true, 1);
    CHECK(field_named(checked->module, "usage").cites.size() == 1);
    CHECK(field_named(checked->module, "id").missing == ir::Missing::kAbsent);
    const std::string dump = ir::dump(checked->module);
    CHECK(dump.find("  field id: text? = absent immutable\n") != std::string::npos);
    CHECK(dump.find("  field usage: one of { a, b } cost 100\n") != std::string::npos);
    CHECK(dump.find("  field plain: bool\n") != std::string::npos);
}

TEST_CASE("fields, rules and sources may be called like the new words") {
    const auto checked = test::check_text(
        pack_text("immutable: bool immutable cost: int 0..9 cost 3 days: int 0..9\naccept: bool gap: bool immutable\n"
                  "same: bool verdict: int 0..9\nreplaced: set of text whole: bool split: bool none: bool map: bool\n"
                  "missing: bool",
                  "rule looser { require immutable and cost > 3 }\nrule accept { require accept and gap and same }\n"
                  "prove \"looser\" { for every key: never looser }\nprove \"same\" { for every key: same }\n"
                  "prove \"same too\" { for every key where same: same and verdict > 3 }\n"
                  "adapter replaced {\n"
                  "    immutable from \"/a\" replaced from \"/b\" replaced whole split from \"/s\" none from \"/n\"\n"
                  "    cost from \"/c\" map = true missing = false\n    whole from \"/w\" missing absence\n}"));
    // The last line isn't one: `missing` takes a value, and there is none called so.
    REQUIRE(checked->diagnostics.size() == 1);
    CHECK(checked->diagnostics[0].message.find("absence") != std::string::npos);
    CHECK(field_named(checked->module, "immutable").immutable);
    CHECK(field_named(checked->module, "cost").cost == 3);
    CHECK(field_named(checked->module, "days").cost == 1);
    CHECK(field_named(checked->module, "gap").immutable);
    CHECK_FALSE(field_named(checked->module, "accept").immutable);
    REQUIRE(checked->module.proofs.size() == 3);
    CHECK(checked->module.proofs[0].kind == ir::ClaimKind::kNever);
    CHECK(checked->module.proofs[1].kind == ir::ClaimKind::kHolds);
    CHECK(checked->module.proofs[2].kind == ir::ClaimKind::kHolds);
    REQUIRE(checked->module.adapters.size() == 1);
    const auto& sources = checked->module.adapters[0].sources;
    REQUIRE(sources.size() == 8);
    CHECK_FALSE(sources[0].replaced_whole);
    CHECK(sources[1].replaced_whole);
}

TEST_CASE("an adapter says which lists are replaced whole") {
    const auto checked =
        test::check_text(pack_text("ips: set of network = {}\nuses: set of { a, b } = {}\nname: text",
                                   "adapter x { ips from \"/i\" split \",\" replaced whole missing {}\n"
                                   "uses from \"/u\" map { \"A\" -> a, \"B\" -> b }\nname from \"/n\" }"));
    REQUIRE(codes(checked->diagnostics) == "fine");
    const auto& sources = checked->module.adapters.at(0).sources;
    REQUIRE(sources.size() == 3);
    CHECK(sources[0].replaced_whole);
    CHECK(sources[0].split);
    CHECK(sources[0].on_missing == ir::FieldSource::OnMissing::kValue);
    CHECK_FALSE(sources[1].replaced_whole);
    CHECK_FALSE(sources[2].replaced_whole);
    CHECK(ir::dump(checked->module).find("adapter x sources 3\n  replaced whole ips\n") != std::string::npos);
}

TEST_CASE("a rule accepts its gap, or parts of it") {
    const std::string rule = "when trade unless linked unless reader forbid open ";
    const auto checked = test::check_text(pack_text(
        "trade: bool linked: bool reader: bool open: bool name: text?",
        "rule whole { " + rule + "accept gap \"looked at\" }\n" + "rule parts { accept gap where open \"a\" " + rule +
            "accept gap where name is present and name like \"b*\" \"\\u{e9} or \\\"b\\\"\" }\n" + "rule bare { " +
            rule + " }"));
    REQUIRE(codes(checked->diagnostics) == "fine");
    const ir::Rule& whole = rule_named(checked->module, "whole");
    REQUIRE(whole.accepted_gaps.size() == 1);
    CHECK_FALSE(whole.accepted_gaps[0].where.valid());
    CHECK(whole.accepted_gaps[0].reason == "looked at");
    CHECK(checked->loaded.sources.text(whole.accepted_gaps[0].span) == "accept gap \"looked at\"");
    const ir::Rule& parts = rule_named(checked->module, "parts");
    REQUIRE(parts.accepted_gaps.size() == 2);
    CHECK(ir::to_text(checked->module, parts.accepted_gaps[0].where) == "open");
    CHECK(parts.accepted_gaps[0].reason == "a");
    CHECK(ir::to_text(checked->module, parts.accepted_gaps[1].where) == "name is present and name like \"b*\"");
    CHECK(parts.accepted_gaps[1].reason == "\xC3\xA9 or \"b\"");
    CHECK(rule_named(checked->module, "bare").accepted_gaps.empty());
    const std::string dump = ir::dump(checked->module);
    CHECK(dump.find("  accept gap \"looked at\"\n") != std::string::npos);
    CHECK(dump.find("  open \"a\"\n") != std::string::npos);
}

TEST_CASE("the condition of an accepted gap knows nothing from the other clauses") {
    const auto gap = [](const std::string& condition) {
        return codes_of(pack_text(
            "trade: bool linked: bool name: text?",
            "rule r { when name is absent unless linked forbid trade accept gap where " + condition + " \"r\" }"));
    };
    CHECK(gap("length(name) > 3") == "KW3002");
    CHECK(gap("name is present and length(name) > 3") == "fine");
    CHECK(gap("name is present") == "fine");
}

TEST_CASE("an accepted gap changes no outcome, and attributes no verdict") {
    const auto report = [](const std::string& attribute, const std::string& clause) {
        const Compiled compiled =
            compile_text(pack_text("trade: bool" + attribute + " linked: bool open: bool",
                                   "rule r { when trade unless linked forbid open " + clause + " }"));
        REQUIRE(compiled.rules.has_value());
        CheckOptions options;
        options.now = test::at("2026-01-31T00:00:00Z");
        std::string out;
        for (const char* record :
             {R"({"trade": true, "linked": false, "open": true})", R"({"trade": false, "linked": false, "open": true})",
              R"({"trade": true, "open": true})", R"({"linked": true, "open": true})"}) {
            for (const RecordReport& one : compiled.rules->check(record, options).results) {
                out += std::string{to_string(one.verdict)} + "\n" + test::all_texts(one);
            }
        }
        return out;
    };
    const std::string plain = report("", "");
    CHECK(plain.find("violation") != std::string::npos);
    CHECK(report(" cost 9", "accept gap \"looked at\"") == plain);
    CHECK(report(" immutable", "accept gap where open \"looked at\"") == plain);
}

TEST_CASE("the dump tells what is to be proved") {
    const auto checked =
        test::check_text(pack_text("a: bool b: bool",
                                   "rule r { require a }\nprove \"1\" { for every key where b: never r }\n"
                                   "prove \"2\" { for every key: always r }\n"
                                   "prove \"3\" { for every key: verdict is violation or compliant }\n"
                                   "prove \"4\" { for every key: a implies b }"));
    REQUIRE(codes(checked->diagnostics) == "fine");
    const std::string dump = ir::dump(checked->module);
    CHECK(dump.find("prove \"1\"\n  where %") != std::string::npos);
    CHECK(dump.find("  b\n  never r\nprove \"2\"\n  always r\n") != std::string::npos);
    CHECK(dump.find("prove \"3\"\n  verdict is violation or compliant\n") != std::string::npos);
    CHECK(dump.find("  a implies b\n") != std::string::npos);
    CHECK(ir::word(ir::ClaimKind::kHolds).empty());
}

TEST_CASE("the KuCoin pack says what a repair may change") {
    const auto checked = test::check_folder("rules/kucoin_tr");
    REQUIRE(codes(checked->diagnostics) == "fine");
    const ir::Module& module = checked->module;
    for (const char* name : {"id", "created_at", "last_used_at", "passphrase_known"}) {
        CAPTURE(name);
        CHECK(field_named(module, name).immutable);
    }
    for (const char* name : {"name", "permissions", "ip_allowlist", "api_secret"}) {
        CAPTURE(name);
        CHECK_FALSE(field_named(module, name).immutable);
        CHECK(field_named(module, name).cost == 1);
    }
    CHECK_FALSE(field_named(module, "usage").immutable);
    CHECK(field_named(module, "usage").cost == 100);
    for (const ir::Adapter& adapter : module.adapters) {
        CAPTURE(adapter.name);
        // A request for a new key replaces nothing.
        const bool changes =
            adapter.name != "request" && adapter.name != "sub_account_create" && adapter.name != "broker_create";
        for (const ir::FieldSource& source : adapter.sources) {
            const std::string& name = module.schema.fields[source.field.index()].name;
            CAPTURE(name);
            CHECK(source.replaced_whole == (changes && (name == "permissions" || name == "ip_allowlist")));
        }
    }
}
