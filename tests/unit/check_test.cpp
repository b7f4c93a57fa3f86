// The checker: names, types, presence, and that one mistake refuses the whole pack.
//
// Each file in tests/cases/check is compiled; what is said of it stands beside it in NAME.expected. KEYWRIGHT_UPDATE=1
// writes those files anew. Packs of several files: load_test.cpp.
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

using namespace keywright;
using test::codes;
using test::pack_text;
namespace fs = std::filesystem;

namespace {

std::string verdict_on(const Compiled& compiled) {
    return test::describe(compiled.diagnostics) + (compiled.rules ? "compiled\n" : "refused\n");
}

bool has_errors(const Compiled& compiled) {
    for (const Diagnostic& d : compiled.diagnostics) {
        if (d.severity == Severity::kError) return true;
    }
    return false;
}

constexpr const char* kSchema = "a: bool\nb: bool?\nname: text? = absent\nn: int 0..9\nips: set of network = {}";

}  // namespace

TEST_CASE("rule files and what is said of them") {
    const bool update = std::getenv("KEYWRIGHT_UPDATE") != nullptr;
    std::size_t cases = 0;
    for (const std::string& path : test::rule_files("tests/cases/check")) {
        CAPTURE(path);
        const std::string name = fs::path{path}.filename().string();
        const Compiled compiled = compile_text(test::project_file(path), name);
        // Law 2: a file with an error gives no rules at all.
        CHECK(compiled.rules.has_value() == !has_errors(compiled));
        const std::string actual = verdict_on(compiled);
        const std::string beside = path.substr(0, path.size() - 3) + ".expected";
        if (update) std::ofstream{fs::path{KEYWRIGHT_SOURCE_DIR} / beside, std::ios::binary} << actual;
        CHECK(actual == test::project_file(beside));
        for (const Diagnostic& d : compiled.diagnostics) {
            CHECK(d.message.find_first_of("\n\r\t\x1B") == std::string::npos);
            CHECK(d.help.find_first_of("\n\r\t\x1B") == std::string::npos);
            CHECK_FALSE(d.message.ends_with('.'));
        }
        ++cases;
    }
    CHECK(cases >= 20);
}

TEST_CASE("a rule that is marked as refused is, and no other") {
    // In these files each line with a mistake says so in a comment.
    for (const std::string name : {"presence", "defines"}) {
        CAPTURE(name);
        const std::string text = test::project_file("tests/cases/check/" + name + ".kw");
        std::set<std::size_t> expected, actual;
        std::size_t line = 1;
        for (std::size_t at = 0; at < text.size(); ++line) {
            const std::size_t end = text.find('\n', at);
            if (text.substr(at, end - at).find("// refused") != std::string::npos) expected.insert(line);
            at = end + 1;
        }
        for (const Diagnostic& d : compile_text(text).diagnostics) actual.insert(d.labels.at(0).range.line);
        CHECK(actual == expected);
        CHECK(expected.size() > 3);
    }
}

TEST_CASE("every kind of mistake in rule text is produced by some test") {
    std::set<std::string> seen;
    for (const std::string& path : test::rule_files("tests/cases/check")) {
        for (const Diagnostic& d : compile_text(test::project_file(path)).diagnostics) seen.insert(d.code);
    }
    // Those of bytes and limits are tested with the parser, those of several files below, and those
    // of waivers in waivers_test.cpp.
    for (const std::string code : {"KW1002", "KW1003", "KW1004", "KW1005", "KW1006", "KW1007", "KW1008", "KW1014",
                                   "KW2004", "KW2014", "KW2015", "KW3016", "KW4008", "KW4009"}) {
        CHECK(seen.insert(code).second);
    }
    for (const std::string& code : diagnostic_codes()) {
        if (code >= "KW6") continue;
        CAPTURE(code);
        CHECK(seen.contains(code));
    }
}

// --- parameters from outside -----------------------------------------------------------------------------------------

TEST_CASE("parameters set by the caller") {
    const std::string text =
        pack_text("u: one of { x, y }\nn: int 0..9\nt: instant",
                  "param limit: int 0..9 = 3\nparam rest = 30 days\nparam kind: one of { x, y } = x\n"
                  "param words: set of text = {\"a\"}\n"
                  "rule r { require n > limit message \"{limit} {kind} {words}\" }\n"
                  "rule s { expire rest after t }\nrule k { require u == kind }\n"
                  "rule w { require words has any of {\"a\"} }");
    const auto with = [&](const std::string& name, const std::string& value) {
        CompileOptions options;
        options.params[name] = value;
        return compile_text(text, "rules.kw", options);
    };
    const Compiled plain = compile_text(text);
    REQUIRE(plain.rules.has_value());
    const auto set = with("limit", "5");
    REQUIRE(set.rules.has_value());
    CHECK(set.rules->dump().find("param limit: int 0..9 = 5") != std::string::npos);
    CHECK(set.rules->identity().digest != plain.rules->identity().digest);
    CHECK(with("limit", "3").rules->identity().digest == plain.rules->identity().digest);
    CHECK(codes(with("limit", "10").diagnostics) == "KW3008");
    CHECK(codes(with("limit", "\"5\"").diagnostics) == "KW3001");
    CHECK(codes(with("limit", "5 days").diagnostics) == "KW3001");
    CHECK(codes(with("rest", "5 days").diagnostics) == "fine");
    CHECK(codes(with("rest", "5").diagnostics) == "KW3001");
    CHECK(codes(with("rest", "-5 days").diagnostics) == "KW4004");
    CHECK(codes(with("kind", "y").diagnostics) == "fine");
    CHECK(codes(with("kind", "z").diagnostics) == "KW3004");
    CHECK(codes(with("words", "{}").diagnostics) == "fine");
    CHECK(codes(with("words", "{\"a\", \"a\"}").diagnostics) == "KW3013");
    CHECK(codes(with("limt", "5").diagnostics) == "KW2001");
    CHECK(codes(with("n", "5").diagnostics) == "KW2001");  // a field
    for (const std::string value : {"", "=", "5 rule x { require true }", "5\nparam y = 3", "limit else 3", "{", "\"",
                                    "now", "\x1B[31m", "\xFF", "5 // \xE2\x80\xAE"}) {
        CAPTURE(value);
        const Compiled refused = with("limit", value);
        CHECK_FALSE(refused.rules.has_value());
        for (const Diagnostic& d : refused.diagnostics) CHECK(d.message.find('\x1B') == std::string::npos);
    }
    for (const std::string name : {"", "limit = 3 // ", "limit: int", "a b", "limit\n"}) {
        CAPTURE(name);
        CHECK_FALSE(with(name, "5").rules.has_value());
    }
}

// --- what an expression becomes --------------------------------------------------------------------------------------

namespace {

// The lines of the nodes of one define, without what the rest of the module needs.
std::string nodes_of(const std::string& expression) {
    const auto checked = test::check_text(pack_text(kSchema, "define d = " + expression + "\nrule r { require d }"));
    CHECK(codes(checked->diagnostics) == "fine");
    const std::string all = ir::dump(checked->module);
    std::string out;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t end = all.find('\n', at);
        const std::string line = all.substr(at, end - at);
        if (line.starts_with("%") && line.find("= define d") == std::string::npos) out += line + "\n";
        at = end + 1;
    }
    return out;
}

}  // namespace

TEST_CASE("the intermediate representation of a few expressions") {
    CHECK(nodes_of("a and not (b else false)") ==
          "%0 = field a: bool\n"
          "%1 = field b: bool?\n"
          "%2 = const false: bool\n"
          "%3 = else %1 %2: bool\n"
          "%4 = not %3: bool\n"
          "%5 = and %0 %4: bool\n");
    CHECK(nodes_of("not not not a") ==
          "%0 = field a: bool\n"
          "%1 = not %0: bool\n");
    // What is known to be there is no longer optional.
    CHECK(nodes_of("name is present and length(name) > 2") ==
          "%0 = field name: text?\n"
          "%1 = is present %0: bool\n"
          "%2 = field name: text\n"
          "%3 = length %2: int 0..4294967295\n"
          "%4 = const 2: int 2..2\n"
          "%5 = > %3 %4: bool\n"
          "%6 = and %1 %5: bool\n");
    // A chain asks for its middle once.
    CHECK(nodes_of("0 < n - 1 < 8") ==
          "%0 = const 0: int 0..0\n"
          "%1 = field n: int 0..9\n"
          "%2 = const 1: int 1..1\n"
          "%3 = - %1 %2: int -1..8\n"
          "%4 = < %0 %3: bool\n"
          "%5 = const 8: int 8..8\n"
          "%6 = < %3 %5: bool\n"
          "%7 = and %4 %6: bool\n");
    CHECK(nodes_of("a implies a implies b is absent") ==
          "%0 = field a: bool\n"
          "%1 = field a: bool\n"
          "%2 = field b: bool?\n"
          "%3 = is present %2: bool\n"
          "%4 = not %3: bool\n"
          "%5 = implies %1 %4: bool\n"
          "%6 = implies %0 %5: bool\n");
    CHECK(nodes_of("no x in ips: x is open or x within {10.0.0.0/8}") ==
          "%0 = field ips: set of network\n"
          "%1 = element v0: network\n"
          "%2 = is open %1: bool\n"
          "%3 = element v0: network\n"
          "%4 = const {10.0.0.0/8}: set of network\n"
          "%5 = within %3 %4: bool\n"
          "%6 = or %2 %5: bool\n"
          "%7 = no v0 in %0 body %6: bool\n");
}

TEST_CASE("nothing of a rule that is fine by itself survives an error elsewhere") {
    const std::string good = "rule good { require a }\n";
    for (const std::string bad :
         {"rule bad { require zzz }", "param p = 99999999999999999999", "sample s = key { zzz: 3 }", "test \"t\" { }",
          "adapter x { zzz from \"/a\" }", "prove \"p\" { for every key: zzz }", "rule { }",
          "document d { clause 1 mus \"x\" }", "import \"../x.kw\"", "\xFF"}) {
        CAPTURE(bad);
        const Compiled compiled = compile_text(pack_text(kSchema, good + bad));
        CHECK_FALSE(compiled.rules.has_value());
        CHECK_FALSE(compiled.diagnostics.empty());
    }
    CHECK(compile_text(pack_text(kSchema, good)).rules.has_value());
}
