// The checks of what is written, and how: each finds what it is for, where it stands, and is silent about what only
// looks like it. Fixes never change what any record is told.
#include "keywright/diff.h"
#include "keywright/lint.h"

#include "support/compiling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace keywright;

namespace {

constexpr const char* kFields = R"(
id: text? = absent immutable
name: text? = absent
usage: one of { trading, reading, linked }
permissions: set of { read, trade, withdraw } = {}
addresses: set of network = {}
orders: int 0..1000 = 0
active: bool
rotation: duration
made: instant
used: instant
)";

using Texts = std::map<std::string, std::string>;

Compiled compiled_files(const Texts& texts, const std::vector<std::string>& also = {}) {
    CompileOptions options;
    options.also = also;
    return compile(test::Files{texts}, "pack.kw", options);
}

LintReport audit(const Compiled& compiled) {
    for (const Diagnostic& d : compiled.diagnostics) {
        if (d.severity == Severity::kError) FAIL_CHECK(std::string{d.code + " " + d.message});
    }
    REQUIRE(compiled.rules.has_value());
    return lint_rules(compiled, {.now = Instant{1'769'904'000, 0}});
}

// What is found with this code: `name: message`, one line a finding.
std::string found(const LintReport& report, const std::string& code) {
    std::string out;
    for (const LintFinding& finding : report.findings) {
        if (finding.diagnostic.code != code) continue;
        CHECK_FALSE(finding.diagnostic.labels.empty());
        out += finding.name + ": " + finding.diagnostic.message + "\n";
    }
    return out;
}
std::string found_in(const std::string& items, const std::string& code) {
    return found(audit(compile_text(test::pack_text(kFields, items))), code);
}
std::string found_in(const Texts& texts, const std::string& code, const std::vector<std::string>& also = {}) {
    return found(audit(compiled_files(texts, also)), code);
}

Texts after_fixes(const Texts& texts, std::size_t* applied = nullptr) {
    const Compiled compiled = compiled_files(texts);
    const FixedFiles fixed = apply_fixes(compiled, audit(compiled));
    if (applied != nullptr) *applied = fixed.applied;
    Texts out = texts;
    for (const Compiled::File& file : fixed.files) out[file.path] = file.text;
    return out;
}

void check_same_meaning(const Rules& before, const Rules& after) {
    const Diff change = diff(before, after);
    CHECK(change.complete);
    CHECK(change.rules.empty());
    CHECK_FALSE(change.violation.any());
    CHECK(change.direction == Direction::kSame);
    CHECK(before.rule_names() == after.rule_names());
}

}  // namespace

TEST_CASE("a pack that is looser than the one it extends is found, with a record that shows it") {
    const std::string code = "KW7019";
    const auto overlay = [](const std::string& set, const std::string& items = "") {
        return Texts{{"pack.kw", "edition 1\nextend \"base.kw\" { " + set + " }\npack ours {}\n" + items},
                     {"base.kw", test::pack_text(kFields,
                                                 "param most = 50\nparam least = 5\n"
                                                 "rule r { require orders < most }\n"
                                                 "rule s { severity warning when active require orders > least }")}};
    };
    const Compiled looser = compiled_files(overlay("set most = 60"));
    const LintReport report = audit(looser);
    CHECK(found(report, code) == "base.kw: this pack loosens `r` of `base.kw`, which it extends\n");
    for (const LintFinding& finding : report.findings) {
        if (finding.diagnostic.code != code) continue;
        CHECK(finding.diagnostic.help.find("orders >= 50 and orders <= 59") != std::string::npos);
        CHECK(finding.diagnostic.help.find("one of them is {") != std::string::npos);
        CHECK(finding.diagnostic.labels.front().range.file == "pack.kw");
    }
    CHECK(found_in(overlay("set least = 4"), code) ==
          "base.kw: this pack loosens `s` of `base.kw`, which it extends\n");
    CHECK(found_in(overlay("set most = 40"), code).empty());
    CHECK(found_in(overlay("set least = 6"), code).empty());
    CHECK(found_in(overlay("set most = 50"), code).empty());
    CHECK(found_in(overlay("", "rule own { forbid active }\n"), code).empty());
    CHECK(found_in("rule r { require active }", code).empty());
}

TEST_CASE("an ordering behind not is found, and written without it") {
    const std::string code = "KW7020";
    CHECK(found_in("rule r { require not (orders < 100) }", code) ==
          "r: an ordering is negated, and what is equal is easily overlooked\n");
    CHECK(found_in("define d = not orders >= 7\nrule r { require d }", code).starts_with("d: "));
    CHECK(found_in("rule r { require not (orders == 100) }", code).empty());
    CHECK(found_in("rule r { require not (orders < 100 and active) }", code).empty());
    CHECK(found_in("rule r { require not not orders < 100 }", code).empty());
    CHECK(found_in("rule r { forbid orders < 100 }", code).empty());
    const Texts texts{{"pack.kw", test::pack_text(kFields, "rule r { require active and not (orders < 100) }\n")}};
    const Texts fixed = after_fixes(texts);
    CHECK(fixed.at("pack.kw").find("active and orders >= 100 }") != std::string::npos);
    check_same_meaning(*compiled_files(texts).rules, *compiled_files(fixed).rules);
}

TEST_CASE("the time between two instants isn't compared for equality") {
    const std::string code = "KW7020";
    CHECK(found_in("rule r { require now - made == 30 days }", code) ==
          "r: the time between two instants is compared by `==`\n");
    CHECK(found_in("define age = used - made\nrule r { require age != 30 days }", code).starts_with("r: "));
    CHECK(found_in("rule r { require rotation == 30 days }", code).empty());  // configured so
    CHECK(found_in("rule r { require used == made }", code).empty());         // never used since
    CHECK(found_in("rule r { require now - made <= 30 days }", code).empty());
}

TEST_CASE("two rules that draw one boundary in two ways are found") {
    const std::string code = "KW7020";
    const auto both = [&](const std::string& a, const std::string& b) {
        return found_in("param most = 50\nrule first { when active require " + a +
                            " }\nrule second { when not active require " + b + " }",
                        code);
    };
    const std::string said =
        "second: `first` and `second` draw the same boundary, and disagree about what lies on it\n";
    CHECK(both("orders < 100", "orders <= 100") == said);
    CHECK(both("orders < 100", "100 < orders") == said);
    CHECK(both("orders < most", "orders > most") == said);
    CHECK(both("orders < 100", "orders >= 100").empty());
    CHECK(both("orders < 100", "100 <= orders").empty());
    CHECK(both("orders <= 100", "orders > 100").empty());
    CHECK(both("orders < 100", "orders <= 99").empty());
    CHECK(both("orders > 1", "orders >= 1").empty());                                   // at least one, more than one
    CHECK(both("orders < 100", "(orders < 100 or orders <= 100) and active").empty());  // told apart there
    CHECK(found_in("define few = orders < 100\nrule r { require few }\nrule s { require orders <= 100 }", code)
              .starts_with("few: `s` and `few`"));
}

TEST_CASE("an import of which nothing is used is found, and only such") {
    const std::string code = "KW7021";
    const std::string head = "edition 1\n\npack p {}\n\nschema key { orders: int 0..100 }\n";
    const std::string rule = "\nrule few { require orders <= 50 }\n";
    Texts texts{{"pack.kw", head + "import \"a.kw\"\n" + rule}, {"a.kw", "edition 1\n"}};
    CHECK(found_in(texts, code) == "a.kw: nothing of `a.kw` is used here\n");
    CHECK(after_fixes(texts).at("pack.kw") == head + rule);
    SUBCASE("a name of it stands here") {
        texts["a.kw"] = "edition 1\n\nparam most = 50\n";
        CHECK(found_in(texts, code) != "");
        texts["pack.kw"] = head + "import \"a.kw\"\nrule few { require orders <= most }\n";
        CHECK(found_in(texts, code).empty());
    }
    SUBCASE("through another file") {
        texts["a.kw"] = "edition 1\n\nimport \"b.kw\"\n";
        texts["b.kw"] = "edition 1\n\nparam most = 50\n";
        texts["pack.kw"] = head + "import \"a.kw\"\nrule few { require orders <= most }\n";
        CHECK(found_in(texts, code).empty());
    }
    SUBCASE("what it brings counts by being there") {
        for (const char* item : {"rule other { require orders != 7 }", "document d { clause 1.a fact \"a\" }",
                                 "adapter x { orders from \"/o\" }",
                                 "test \"t\" { given key { orders: 1 } at 2026-01-01T00:00:00Z expect none }",
                                 "prove \"p\" { for every key: orders >= 0 or orders < 7 }"}) {
            CAPTURE(item);
            texts["a.kw"] = std::string{"edition 1\n\n"} + item + "\n";
            const Compiled compiled = compiled_files(texts);
            if (!compiled.rules) continue;
            CHECK(found(audit(compiled), code).empty());
        }
    }
    SUBCASE("another file needs it") {
        texts["pack.kw"] = head + "import \"a.kw\"\nimport \"b.kw\"\n" + rule;
        texts["a.kw"] = "edition 1\n\nparam most = 50\n";
        texts["b.kw"] = "edition 1\n\nrule other { require orders < most }\n";
        CHECK(found_in(texts, code).empty());
    }
    SUBCASE("the file is reached otherwise") {
        texts["pack.kw"] = head + "import \"a.kw\"\nimport \"b.kw\"\n" + rule;
        texts["a.kw"] = "edition 1\n\nrule other { require orders < most }\nimport \"c.kw\"\n";
        texts["b.kw"] = "edition 1\n\nrule third { require orders != 7 }\nimport \"c.kw\"\n";
        texts["c.kw"] = "edition 1\n\nparam most = 60\n";
        CHECK(found_in(texts, code) == "c.kw: nothing of `c.kw` is used here\n");
        CHECK(after_fixes(texts).at("b.kw").find("import") == std::string::npos);
        CHECK(after_fixes(texts).at("a.kw") == texts.at("a.kw"));
    }
    SUBCASE("of two imports of one file, of which neither file uses it, one stays where a third file does") {
        texts["pack.kw"] = head + "import \"a.kw\"\nimport \"b.kw\"\nimport \"d.kw\"\n" + rule;
        texts["a.kw"] = "edition 1\n\nrule other { require orders < 60 }\nimport \"c.kw\"\n";
        texts["b.kw"] = "edition 1\n\nrule third { require orders != 7 }\nimport \"c.kw\"\n";
        texts["c.kw"] = "edition 1\n\nparam most = 70\nrule brought { require orders != 9 }\n";
        texts["d.kw"] = "edition 1\n\nrule fourth { require orders < most }\n";
        CHECK(found_in(texts, code) == "c.kw: nothing of `c.kw` is used here\n");
        const Texts fixed = after_fixes(texts);
        const Compiled after = compiled_files(fixed);
        REQUIRE(after.rules.has_value());
        CHECK(after.rules->rule_names().size() == compiled_files(texts).rules->rule_names().size());
        CHECK(found(audit(after), code).empty());
    }
    SUBCASE("an extended pack is used by being extended") {
        texts["pack.kw"] = "edition 1\n\nextend \"a.kw\"\n\npack ours {}\n";
        texts["a.kw"] = head + rule;
        CHECK(found_in(texts, code).empty());
    }
}

TEST_CASE("what is used only by what is unused is found, and goes with it") {
    const std::string code = "KW7022";
    CHECK(found_in("param p = 3\ndefine a = orders > p\ndefine b = a and active\nrule r { require active }", code) ==
          "p: parameter `p` is used only by what is never used itself\n"
          "a: define `a` is used only by what is never used itself\n");
    CHECK(found_in("param p = 3\ndefine a = orders > p\nrule r { require a }", code).empty());
    CHECK(found_in("define a = orders > 3\nrule r { require active }\nprove \"p\" { for every key where a: never r }",
                   code)
              .empty());
    const std::string items =
        "rule r { require active }\n"
        "sample a = key { active: true }\nsample b = a with { orders: 3 }\nsample c = b with { orders: 4 }\n";
    const std::string expect = " at 2026-01-01T00:00:00Z expect none }\n";
    CHECK(found_in(items + "test \"t\" { given c" + expect, code).empty());
    CHECK(found_in(items + "test \"t\" { given key { active: true }" + expect, code) ==
          "a: sample `a` is used only by what is never used itself\n"
          "b: sample `b` is used only by what is never used itself\n");
    const Texts texts{
        {"pack.kw", test::pack_text(kFields,
                                    "import \"s.kw\"\nrule r { require active }\n"
                                    "test \"t\" { given d" +
                                        expect)},
        {"s.kw",
         "edition 1\n\n/// One.\nsample d = key { active: true }\n\n/// Never.\nsample e = d with { orders: 1 }\n"}};
    CHECK(found_in(texts, code) == "e: no test uses the sample `e`\n");
    CHECK(after_fixes(texts).at("s.kw") == "edition 1\n\n/// One.\nsample d = key { active: true }\n");
    // Samples of another folder are there for other packs too.
    const std::string from = "import \"../s.kw\"\nrule r { require active }\ntest \"t\" { given d" + expect;
    CompileOptions wide;
    wide.root = "rules";
    const Texts shared{{"rules/desk/pack.kw", test::pack_text(kFields, from)}, {"rules/s.kw", texts.at("s.kw")}};
    CHECK(found(audit(compile(test::Files{shared}, "rules/desk/pack.kw", wide)), code).empty());
    CHECK(found_in("document d { clause 1.a must \"a\" }\nrule r { require active }", code) ==
          "d: nothing cites the document `d`\n");
    CHECK(found_in("document d { clause 1.a must \"a\" }\nrule r { cites d 1.a require active }", code).empty());
    CHECK(found_in("document d { clause 1.a must \"a\" not_checkable \"why\" }\nrule r { require active }", code)
              .empty());
}

TEST_CASE("values that no rule mentions are found where rules mention others") {
    const std::string code = "KW7023";
    const auto rule = [&](const std::string& condition, const std::string& items = "") {
        return found_in(items + "rule r { when active require " + condition + " }", code);
    };
    CHECK(rule("read in permissions") ==
          "permissions: no rule mentions `trade` of `permissions`\n"
          "permissions: no rule mentions `withdraw` of `permissions`\n");
    CHECK(rule("permissions has any of {trade, read}") ==
          "permissions: no rule mentions `withdraw` of `permissions`\n");
    CHECK(rule("any p in permissions: p == trade") ==
          "permissions: no rule mentions `read` of `permissions`\n"
          "permissions: no rule mentions `withdraw` of `permissions`\n");
    CHECK(rule("d and read in permissions", "define d = permissions has none of {trade, withdraw}\n").empty());
    CHECK(rule("permissions has any of wanted", "param wanted: set of { read, trade, withdraw } = {read, trade}\n") ==
          "permissions: no rule mentions `withdraw` of `permissions`\n");
    CHECK(rule("permissions has only {read}").empty());  // speaks of all others
    CHECK(rule("permissions != {read}").empty());
    CHECK(rule("permissions is not empty").empty());
    CHECK(rule("count(permissions) < 3").empty());
    CHECK(rule("usage == trading") ==
          "usage: no rule mentions `reading` of `usage`\nusage: no rule mentions `linked` of `usage`\n");
    CHECK(rule("usage == trading or usage == linked").empty());  // the one that is left is the rest
    CHECK(rule("match usage { trading: active, reading: true, linked: orders < 3 }").empty());
}

TEST_CASE("fields that no rule reads are found") {
    const auto unread = [](const std::string& fields, const std::string& items) {
        return found(audit(compile_text(test::pack_text(fields, items))), "KW7024");
    };
    const std::string rule = "rule r { require active }";
    CHECK(unread("active: bool\nteam: text", rule) == "team: no rule reads `team`\n");
    CHECK(unread("active: bool\nteam: text immutable\nname: text", rule).empty());
    CHECK(unread("active: bool\nname: text\nid: text", rule) == "id: no rule reads `id`\n");  // records have one name
    CHECK(unread("active: bool\nteam: text", "rule r { require active message \"of {team}\" }").empty());
    CHECK(
        unread("active: bool\nteam: text", "define d = team == \"x\"\nrule r { require active }\nrule s { require d }")
            .empty());
    CHECK(unread("active: bool\na: int\nb: int\nassume a <= b", rule).empty());
    CHECK(unread("active: bool\nl: { a: int, b: int }", rule) == "l: no rule reads `l`\n");
    CHECK(unread("active: bool\nl: { a: int, b: int }", "rule r { require active and l.a < 3 }") ==
          "l.b: no rule reads `l.b`\n");
    CHECK(unread("active: bool\nwho: text", rule + "\nadapter x { subject who\nwho from \"/w\"\nactive from \"/a\" }")
              .empty());
}

TEST_CASE("numbers that should have a name are found, and written by their parameter") {
    const std::string code = "KW7025";
    CHECK(found_in("rule r { require orders < 50 }\nrule s { when active require orders != 50 }", code) ==
          "r: `50` is written 2 times with the same meaning\n");
    CHECK(found_in("rule r { require orders < 50 }\nrule s { require count(addresses) < 50 }", code).empty());
    CHECK(found_in("rule r { require orders < 50 }\nrule s { require orders < 60 }", code).empty());
    CHECK(found_in("rule r { require orders < 1 }\nrule s { require orders < 1 or active }", code).empty());
    CHECK(found_in("rule r { require rotation < 30 days }\nrule s { require now - made < 720 hours }", code) ==
          "r: `30 days` is written 2 times with the same meaning\n");
    CHECK(found_in("rule r { require rotation < 30 days }", code).empty());
    CHECK(found_in("rule r { expire 30 days after made }", code) == "r: the term `30 days` is written into `r`\n");
    CHECK(found_in("param t = 30 days\nrule r { expire t after made }", code).empty());
    CHECK(found_in("param most = 50\nrule r { require orders < most }\nrule s { require orders != 50 }", code) ==
          "s: `50` is the value of the parameter `most`\n");
    CHECK(found_in("param most = 50\nrule r { require orders < most }\nrule s { require count(addresses) < 50 }", code)
              .empty());
    SUBCASE("the parameter takes the number's place, also where nothing used it before") {
        const Texts texts{
            {"pack.kw", test::pack_text(kFields, "param rest = 30 days\nrule r { expire 30 days after made }\n")}};
        const Texts fixed = after_fixes(texts);
        CHECK(fixed.at("pack.kw").find("param rest = 30 days\nrule r { expire rest after made }") != std::string::npos);
        check_same_meaning(*compiled_files(texts).rules, *compiled_files(fixed).rules);
    }
    SUBCASE("of two parameters with that value neither is chosen") {
        const Texts texts{{"pack.kw", test::pack_text(kFields,
                                                      "param a = 30 days\nparam b = 30 days\n"
                                                      "rule r { expire 30 days after made }\n"
                                                      "rule s { require rotation < a and now - made < b }")}};
        CHECK(found_in(texts, code) == "r: `30 days` is the value of the parameter `a`\n");
        CHECK(after_fixes(texts) == texts);
    }
    SUBCASE("a parameter that is set to something else isn't meant") {
        const Texts texts{{"pack.kw",
                           "edition 1\nextend \"base.kw\" { set most = 40 }\npack ours {}\n"
                           "rule s { require orders != 40 and orders != 50 }\n"},
                          {"base.kw", test::pack_text(kFields, "param most = 50\nrule r { require orders < most }\n")}};
        CHECK(found_in(texts, code).empty());
    }
}

TEST_CASE("names that are easily mistaken for each other are found") {
    const std::string code = "KW7026";
    const std::string rule = "rule r { require active }\n";
    CHECK(found_in(rule + "define is_busy = orders > 3\ndefine isbusy = orders > 4", code) ==
          "isbusy: `is_busy` and `isbusy` differ only in case or underscores\n");
    CHECK(found_in(rule + "param l1 = 3\nparam ll = 4", code) ==
          "ll: `l1` and `ll` differ only in signs that look alike\n");
    CHECK(found_in(rule + "param corner = 3\nparam comer = 4", code).starts_with("comer: "));
    CHECK(found_in(rule + "define order = orders + 1", code) ==
          "order: `orders` and `order` differ only in a plural's `s`\n");
    CHECK(found_in(rule + "define address = orders + 1", code).empty());  // the compiler tells a set from a number
    CHECK(found_in(rule + "rule R { require orders < 3 }", code).starts_with("R: "));
    CHECK(found_in(rule + "param step_1_10 = 3\nparam step_11_0 = 3", code).empty());
    CHECK(found_in(rule + "define r = active", code).empty());  // rules and defines never stand in one place
    CHECK(found_in(rule + "param limit_1 = 3\nparam limit_2 = 3\nparam limit_12 = 3", code).empty());
    CHECK(found(audit(compile_text(test::pack_text("active: bool\nmode: one of { spot, Spot, margin }", rule))),
                code) == "mode: `spot` and `Spot` differ only in case or underscores\n");
    const std::string given = "{ given key { active: true } at 2026-01-01T00:00:00Z expect none }\n";
    CHECK(found_in(rule + "test \"a key\" " + given + "test \"A  key\" " + given, code).starts_with("A  key: "));
    CHECK(found_in(rule + "test \"n < 3\" " + given + "test \"n > 3\" " + given, code).empty());
}

TEST_CASE("rules and clauses in comments are found, and sentences never") {
    const std::string code = "KW7027";
    const auto with = [&](const std::string& comment) {
        return found_in(comment + "\nrule r { require active }\n", code);
    };
    const auto inside = [&](const std::string& comment) {
        return found_in("rule r {\n    " + comment + "\n    require active\n}\n", code);
    };
    CHECK(with("// rule gone { require orders < 3 }") == "gone: `rule gone` is commented out\n");
    CHECK(with("// off for now, see T-17\n//rule gone {\n//    require orders < 3\n//}\n// until then") ==
          "gone: `rule gone` is commented out\n");
    CHECK(with("// param most = 3") != "");
    CHECK(with("// import \"other.kw\"") != "");
    CHECK(with("// test \"t\" { given key {} at 2026-01-01T00:00:00Z expect none }") != "");
    CHECK(inside("// require orders < 3") == "r: `require` with what follows it is commented out\n");
    CHECK(inside("// forbid withdraw in permissions") != "");
    CHECK(inside("// message \"too many\"") != "");
    CHECK(inside("// severity warning") != "");
    CHECK(with("// require orders < 3") != "");
    for (const char* sentence : {"// rule of thumb: few orders",
                                 "// rule out what is open",
                                 "// when active, all is well",
                                 "// when active",
                                 "// require active",
                                 "// forbid",
                                 "// unless it is trading",
                                 "// test what it does",
                                 "// help is at hand",
                                 "// when name is present",
                                 "// import and extend are two things",
                                 "// sample keys",
                                 "// expire after a month",
                                 "// define what is meant",
                                 "// message to the owner: none",
                                 "// a rule { like this } in a sentence",
                                 "// rule broken { require }",
                                 "// rule gone { require orders < 3 } is what it was",
                                 "// ---- rules ----",
                                 "// severity: see above",
                                 "// cites the guide",
                                 "// param = what can be set",
                                 "// accept gap or not",
                                 "// when withdraw in permissions the key is dangerous",
                                 "/// rule example { require orders < 3 }"}) {
        CAPTURE(sentence);
        CHECK(with(sentence) == "");
        CHECK(inside(sentence) == "");
    }
    CHECK(with("// forbid withdraw in permissions") == "");    // words alone, outside a rule
    CHECK(inside("// forbid children in playgrounds") == "");  // names of nothing
    CHECK(found_in("rule r { require active }  // rule gone { require active }\n", code).empty());  // behind something
}

TEST_CASE("adapters that drop something without a word are found") {
    const auto adapter = [](const std::string& clauses, const std::string& code, const std::string& more = "") {
        return found_in("rule r { require active }\nadapter x {\n" + clauses + "\n}\n" + more, code);
    };
    CHECK(adapter("    ignore \"/uid\", region", "KW7028") ==
          "x: `x` passes over `/uid`, `/region`, and doesn't say why\n");
    CHECK(adapter("    beside \"/msg\"", "KW7028") != "");
    CHECK(adapter("    // the account\n    ignore \"/uid\"", "KW7028").empty());
    CHECK(adapter("    ignore \"/uid\"  // the account", "KW7028").empty());
    CHECK(adapter("    ignore \"/uid\",  // the account\n        \"/region\"", "KW7028").empty());
    const std::string other =
        "adapter y { usage from \"/u\" map { \"T\" -> trading, \"L\" -> linked }\norders from \"/o\" }\n";
    CHECK(adapter("usage from \"/u\" map { \"T\" -> trading }", "KW7028", other) ==
          "x: the map of `usage` in `x` doesn't know `linked`, as other adapters do\n");
    CHECK(adapter("usage from \"/u\" map { \"t\" -> trading, \"l\" -> linked }", "KW7028", other).empty());
    CHECK(adapter("orders = 3", "KW7028", other) ==
          "x: `x` says the same of `orders` for every record, and `y` reads it\n");
    CHECK(adapter("orders = unknown", "KW7028", other).empty());
    CHECK(adapter("active = true", "KW7028", other).empty());

    CHECK(adapter("ignore \"/Orders\"", "KW7030") == "x: `x` ignores `/Orders`, and reads `orders` nowhere\n");
    CHECK(adapter("ignore \"/u\"", "KW7030", other) == "x: `x` ignores `/u`, and reads `usage` nowhere\n");
    CHECK(adapter("ignore \"/orders\"\norders from \"/open\"", "KW7030").empty());
    CHECK(adapter("ignore \"/uid\"", "KW7030").empty());  // no `id`
    CHECK(adapter("canonical\nignore \"/Orders\"", "KW7030").empty());

    const std::string test = "test \"t\" { given json \"\"\"{}\"\"\" through y at 2026-01-01T00:00:00Z expect none }\n";
    CHECK(adapter("", "KW7029", other + test) == "x: no test goes through the adapter `x`\n");
    CHECK(adapter("", "KW7029", other).empty());  // no tests at all
}

TEST_CASE("unused things are removed with their comments, and nothing else is") {
    const std::string head = "edition 1\n\npack p {}\n\nschema key {\n    active: bool\n}\n\n";
    const std::string rule = "rule r {\n    require active\n}\n";
    const Texts texts{{"pack.kw", head + "// about both\n\n/// Not used.\nparam a = 3  // three\n\n" + rule}};
    CHECK(after_fixes(texts).at("pack.kw") == head + "// about both\n\n" + rule);
    // A variable isn't an item: its rule stays.
    const Texts variable{{"pack.kw", test::pack_text(kFields, "rule r { require every n in addresses: active }\n")}};
    CHECK(found_in(variable, "KW2007") != "");
    CHECK(after_fixes(variable) == variable);
    // Two on one line.
    const Texts line{{"pack.kw", test::pack_text(kFields, "param a = 3 param b = 4\nrule r { require orders < b }\n")}};
    CHECK(after_fixes(line).at("pack.kw").find("param b = 4\n") != std::string::npos);
    CHECK(after_fixes(line).at("pack.kw").find("param a") == std::string::npos);
}

TEST_CASE("fixes never change what a record is told") {
    Texts texts{{"pack.kw",
                 "edition 1\n\npack p {\n    version \"1.0.0\"\n}\n\nimport \"schema.kw\"\nimport \"defs.kw\"\nimport "
                 "\"empty.kw\"\n\n"
                 "rule few {\n    require not (orders > 50)\n}\n\n"
                 "rule idle {\n    when   not (orders <= 10)\n    expire 30 days after made warn 7 days before\n}\n\n"
                 "rule young {\n    when    busy\n    require now - made <= 30 days\n}\n"},
                {"schema.kw", std::string{"edition 1\n\nimport \"empty.kw\"\n\nschema key {"} + kFields + "}\n"},
                {"defs.kw",
                 "edition 1\n\nparam rest = 30 days\nparam notice = 7 days\nparam most = 50\nparam gone = 3\n"
                 "define busy = orders >= most\ndefine a = orders > gone\ndefine b = a and active\n"},
                {"empty.kw", "edition 1\n"}};
    const Compiled original = compiled_files(texts);
    REQUIRE(original.rules.has_value());
    std::size_t applied = 1, total = 0;
    for (int round = 0; round < 10 && applied > 0; ++round) {
        texts = after_fixes(texts, &applied);
        total += applied;
        const Compiled now = compiled_files(texts);
        REQUIRE(now.rules.has_value());
        check_same_meaning(*original.rules, *now.rules);
    }
    CHECK(applied == 0);
    CHECK(total >= 10);
    for (const LintFinding& finding : audit(compiled_files(texts)).findings)
        CHECK_FALSE(finding.diagnostic.fix.has_value());
    CHECK(texts.at("pack.kw").find("not (") == std::string::npos);
    CHECK(texts.at("pack.kw").find("empty.kw") == std::string::npos);
    CHECK(texts.at("pack.kw").find("expire rest after made warn notice before") != std::string::npos);
    CHECK(texts.at("defs.kw").find("gone") == std::string::npos);
}

TEST_CASE("the packs of the project have no finding of these that counts for more than information") {
    const std::set<std::string> ours{"KW7019", "KW7020", "KW7021", "KW7022", "KW7023", "KW7024",
                                     "KW7025", "KW7026", "KW7027", "KW7028", "KW7029", "KW7030"};
    for (const std::string pack : {"rules/kucoin_tr", "rules/kucoin_global", "rules/desk_overlay"}) {
        CAPTURE(pack);
        CompileOptions options;
        options.root = std::string{KEYWRIGHT_SOURCE_DIR} + "/rules";
        const std::string folder = std::string{KEYWRIGHT_SOURCE_DIR} + "/" + pack;
        for (const std::string& path : test::rule_files(pack))
            options.also.push_back(std::string{KEYWRIGHT_SOURCE_DIR} + "/" + path);
        const Compiled compiled = compile_path(folder + "/pack.kw", options);
        for (const LintFinding& finding : audit(compiled).findings) {
            if (!ours.contains(finding.diagnostic.code) || !finding.counts()) continue;
            CHECK_MESSAGE(finding.diagnostic.severity == Severity::kInfo, finding.diagnostic.message);
        }
    }
}
