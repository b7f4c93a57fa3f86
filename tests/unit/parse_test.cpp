// The parser: trees, recovery after mistakes, and that no text makes it slow.
#include "syntax/parse.h"
#include "base/source.h"
#include "diag/diag.h"
#include "support/compiling.h"
#include "support/dice.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace keywright;
using syntax::Kind;
using test::Dice;

namespace {

struct Parsed {
    explicit Parsed(std::string text, const Limits& limits = {}) {
        const base::FileId id = sources.add("rules.kw", std::move(text));
        diag::Sink sink{limits.diagnostics};
        tree.emplace(syntax::parse(sources, id, limits, sink, &statistics));
        diagnostics = sink.finish(sources);
    }
    base::SourceSet sources;
    std::optional<syntax::Tree> tree;
    std::vector<Diagnostic> diagnostics;
    syntax::ParseStatistics statistics;
};

std::size_t count(const syntax::Tree& tree, Kind kind) {
    const auto& all = tree.elements();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& e) { return e.kind == kind; }));
}

// Sizes nest, spans cover their tokens in order, and the tokens are the text.
bool well_formed(const syntax::Tree& tree) {
    const auto& all = tree.elements();
    if (all.empty() || all.front().kind != Kind::kFile || all.front().size != all.size()) return false;
    std::vector<std::size_t> ends;
    std::uint32_t at = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        while (!ends.empty() && ends.back() <= i) ends.pop_back();
        const syntax::Element& e = all[i];
        if (e.size == 0 || e.begin > e.end || e.end > tree.text().size()) return false;
        if (i + e.size > (ends.empty() ? all.size() : ends.back())) return false;
        if (syntax::is_token(e.kind)) {
            if (e.size != 1 || e.begin != at) return false;
            at = e.end;
        } else {
            ends.push_back(i + e.size);
        }
    }
    return at == tree.text().size() && syntax::reproduce(tree) == tree.text();
}

std::string repeat(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

std::string define(const std::string& expression) { return "edition 1\ndefine d = " + expression + "\n"; }

std::vector<std::string> project_rules() {
    auto files = test::rule_files("rules");
    for (const std::string folder : {"tests/cases", "tests/install"}) {
        const auto more = test::rule_files(folder);
        files.insert(files.end(), more.begin(), more.end());
    }
    return files;
}

}  // namespace

TEST_CASE("the grammar has no left recursion and no loop without progress") {
    CHECK(syntax::count_grammar_problems() == 0);
}

TEST_CASE("every rule file is reproduced from its tree") {
    std::size_t files = 0;
    for (const std::string& path : project_rules()) {
        CAPTURE(path);
        const Parsed parsed{test::project_file(path)};
        CHECK(well_formed(*parsed.tree));
        if (path.starts_with("rules/")) CHECK(test::codes(parsed.diagnostics) == "fine");
        ++files;
    }
    CHECK(files > 10);
}

TEST_CASE("damaged rule files are reproduced from their trees") {
    Dice dice{1};
    std::size_t damaged = 0;
    for (const std::string& path : project_rules()) {
        const std::string text = test::project_file(path);
        for (int i = 0; i < 150; ++i) {
            const Parsed parsed{test::mutate(text, dice)};
            if (!well_formed(*parsed.tree)) {
                CAPTURE(std::string{parsed.tree->text()});
                CHECK(well_formed(*parsed.tree));
                return;
            }
            const bool junk = count(*parsed.tree, Kind::kJunk) > 0;
            if (junk) ++damaged;
            if (junk && parsed.diagnostics.empty()) {
                CAPTURE(std::string{parsed.tree->text()});
                FAIL("text was passed over without a word");
            }
        }
    }
    CHECK(damaged > 500);
}

TEST_CASE("every prefix of a rule file is reproduced from its tree") {
    const std::string text = test::project_file("rules/kucoin_tr/rules.kw").substr(0, 3000);
    std::size_t wrong = 0;
    for (std::size_t size = 0; size < text.size(); ++size) {
        const Parsed parsed{text.substr(0, size)};
        if (!well_formed(*parsed.tree)) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("trees of a few constructs") {
    const auto tree_of = [](const std::string& text) {
        const Parsed parsed{text};
        CHECK(test::codes(parsed.diagnostics) == "fine");
        return syntax::dump(*parsed.tree);
    };
    CHECK(tree_of("edition 1 // c\ndefine a = not (b or c.d) implies 1 < 2 <= 3") ==
          "File\n"
          "  Edition\n"
          "    Word edition\n"
          "    Integer 1\n"
          "  Define\n"
          "    Word define\n"
          "    Name a\n"
          "    Punctuation =\n"
          "    Implies\n"
          "      Not\n"
          "        Word not\n"
          "        Paren\n"
          "          Punctuation (\n"
          "          Or\n"
          "            Reference\n"
          "              Name b\n"
          "            Word or\n"
          "            Reference\n"
          "              Name c\n"
          "              Punctuation .\n"
          "              Name d\n"
          "          Punctuation )\n"
          "      Word implies\n"
          "      Relation\n"
          "        Literal\n"
          "          Integer 1\n"
          "        Punctuation <\n"
          "        Literal\n"
          "          Integer 2\n"
          "        Punctuation <=\n"
          "        Literal\n"
          "          Integer 3\n");
    // A template holds expressions; `\{` is no hole.
    CHECK(tree_of("edition 1\nrule r { message \"a\\{ {x else 3 days}!\" }") ==
          "File\n"
          "  Edition\n"
          "    Word edition\n"
          "    Integer 1\n"
          "  Rule\n"
          "    Word rule\n"
          "    Name r\n"
          "    Punctuation {\n"
          "    Message\n"
          "      Word message\n"
          "      Template\n"
          "        Punctuation \"\n"
          "        TemplateText a\\{ \n"
          "        Punctuation {\n"
          "        Else\n"
          "          Reference\n"
          "            Name x\n"
          "          Word else\n"
          "          Literal\n"
          "            Integer 3\n"
          "            Word days\n"
          "        Punctuation }\n"
          "        TemplateText !\n"
          "        Punctuation \"\n"
          "    Punctuation }\n");
    // Braces that are empty read as a record, others by what stands in them.
    CHECK(tree_of("edition 1\nsample s = key { a: {}, b.c: {x, 1.2.3.4}, d: { e: absent } }") ==
          "File\n"
          "  Edition\n"
          "    Word edition\n"
          "    Integer 1\n"
          "  Sample\n"
          "    Word sample\n"
          "    Name s\n"
          "    Punctuation =\n"
          "    Configuration\n"
          "      Name key\n"
          "      Record\n"
          "        Punctuation {\n"
          "        Member\n"
          "          Path\n"
          "            Name a\n"
          "          Punctuation :\n"
          "          Record\n"
          "            Punctuation {\n"
          "            Punctuation }\n"
          "        Punctuation ,\n"
          "        Member\n"
          "          Path\n"
          "            Name b\n"
          "            Punctuation .\n"
          "            Name c\n"
          "          Punctuation :\n"
          "          SetLiteral\n"
          "            Punctuation {\n"
          "            Reference\n"
          "              Name x\n"
          "            Punctuation ,\n"
          "            Literal\n"
          "              Network 1.2.3.4\n"
          "            Punctuation }\n"
          "        Punctuation ,\n"
          "        Member\n"
          "          Path\n"
          "            Name d\n"
          "          Punctuation :\n"
          "          Record\n"
          "            Punctuation {\n"
          "            Member\n"
          "              Path\n"
          "                Name e\n"
          "              Punctuation :\n"
          "              Word absent\n"
          "            Punctuation }\n"
          "        Punctuation }\n");
}

TEST_CASE("doc comments belong to what follows them") {
    const Parsed parsed{"edition 1\n/// far\n\n/// one\n///  two \nparam a = 1 /// behind\nparam b = 2\n"};
    const syntax::Cursor root{*parsed.tree, 0};
    CHECK(root.child(Kind::kParam, 0).doc() == "one\n two");
    CHECK(root.child(Kind::kParam, 1).doc() == "behind");
}

TEST_CASE("a mistake costs its clause and nothing else") {
    const std::string text = R"(edition 1
pack p {
    version 1
    title "fine"
}
document guide {
    title "fine"
    clause 1.a mut "damaged"
    clause 1.b may "fine"
}
schema key {
    a: boool
    b: int
    assume b = 3
    c: text?
}
rule r1 {
    when a = true
    require b > 1
    message "unclosed
    help "fine"
}
rule r2 {
    severity fatal
    forbid b >
    message "{b"
    help "fine"
}
sample s = key { a: , b: 3 }
test "t" {
    given s
    at yesterday expect none
    expect none
}
define d = b &&  a
adapter x {
    title "fine"
    a form "/a"
    b from "/b"
}
prove "p" { for every key: never r1 }
)";
    const Parsed parsed{text};
    std::string lines;
    for (const Diagnostic& d : parsed.diagnostics) {
        CHECK(d.code == "KW1001");
        lines += std::to_string(d.labels.at(0).range.line) + " ";
    }
    CHECK(lines == "3 8 12 14 18 20 24 26 29 32 35 38 ");
    CHECK(well_formed(*parsed.tree));
    // What was right is there.
    CHECK(count(*parsed.tree, Kind::kClause) == 1);
    CHECK(count(*parsed.tree, Kind::kField) == 2);
    CHECK(count(*parsed.tree, Kind::kRule) == 2);
    CHECK(count(*parsed.tree, Kind::kRequire) == 1);
    CHECK(count(*parsed.tree, Kind::kHelp) == 2);
    CHECK(count(*parsed.tree, Kind::kGiven) == 1);
    CHECK(count(*parsed.tree, Kind::kExpect) == 1);
    CHECK(count(*parsed.tree, Kind::kSource) == 1);
    CHECK(count(*parsed.tree, Kind::kProve) == 1);
}

TEST_CASE("an item without its closing brace ends where the next one begins") {
    const Parsed parsed{"edition 1\nrule a {\n    require x\nrule b {\n    require y\n}\nrule c { require z }\n"};
    CHECK(test::codes(parsed.diagnostics) == "KW1001");
    CHECK(count(*parsed.tree, Kind::kRule) == 2);
}

TEST_CASE("what people write out of habit is answered with what we write") {
    const auto help = [](const std::string& expression) {
        const Parsed parsed{define(expression)};
        CHECK(parsed.diagnostics.size() == 1);
        return parsed.diagnostics.empty() ? std::string{} : parsed.diagnostics[0].help;
    };
    CHECK(help("a = b") == "equality is written `==`");
    CHECK(help("a && b") == "write `and`");
    CHECK(help("a || b") == "write `or`");
    CHECK(help("!a") == "write `not`");
    CHECK(help("'a'") == "strings stand in double quotes");
    CHECK(help("a in [b]") == "sets are written `{a, b}`");
    CHECK(help("a ;") == "nothing stands between clauses; remove `;`");
    CHECK(help("a has sum of b") == "");
    CHECK(help("a is emptty") == "did you mean `empty`?");
}

TEST_CASE("look-alike letters are named") {
    const Parsed parsed{define("us\xD0\xB0ge == x")};  // a Cyrillic letter in the middle
    REQUIRE(parsed.diagnostics.size() == 1);
    CHECK(parsed.diagnostics[0].code == "KW1008");
    REQUIRE(parsed.diagnostics[0].fix.has_value());
    CHECK(parsed.diagnostics[0].fix->replacement == "a");
}

TEST_CASE("text that no rule file may hold is refused whole") {
    const auto refused = [](const std::string& text, const Limits& limits = {}) {
        const Parsed parsed{text, limits};
        CHECK(well_formed(*parsed.tree));
        CHECK(count(*parsed.tree, Kind::kRule) == 0);
        return test::codes(parsed.diagnostics);
    };
    const std::string rest = "edition 1\nrule r { require true }\n";
    CHECK(refused("\xFF" + rest) == "KW1004");
    CHECK(refused(rest + "\xE2\x80\xAE") == "KW1005");  // right-to-left override
    CHECK(refused(rest + "// \xE2\x80\x8B zero width") == "KW1005");
    CHECK(refused(std::string{"\0", 1} + rest) == "KW1005");
    CHECK(refused("\xEF\xBB\xBF" + rest) == "KW1005");
    Limits small;
    small.rule_file_bytes = 20;
    CHECK(refused(rest, small) == "KW1006");
    CHECK(refused("edition one\n") == "KW1001");
    CHECK(refused("edition 1one\n") == "KW1001");
}

TEST_CASE("the edition comes first") {
    CHECK(test::codes(Parsed{""}.diagnostics) == "KW1002");
    CHECK(test::codes(Parsed{"// nothing\n"}.diagnostics) == "KW1002");
    CHECK(test::codes(Parsed{"param a = 1"}.diagnostics) == "KW1002");
    CHECK(test::codes(Parsed{"edition 2"}.diagnostics) == "KW1003");
    CHECK(test::codes(Parsed{"edition 01"}.diagnostics) == "KW1003");
    CHECK(test::codes(Parsed{" \t\r\n// c\n edition 1"}.diagnostics) == "fine");
}

TEST_CASE("the list of reserved words is the grammar's") {
    const auto reserved = syntax::reserved_words();
    const std::set<std::string_view> words{reserved.begin(), reserved.end()};
    CHECK(words.size() == reserved.size());
    // Every word of the language, out of the grammar's own text.
    const std::string grammar = test::project_file("lib/syntax/grammar.h");
    std::set<std::string> all;
    constexpr std::string_view kHead = "KW_WORD(";
    for (std::size_t at = grammar.find(kHead); at != std::string::npos; at = grammar.find(kHead, at + 1)) {
        const std::size_t open = grammar.find('"', at);
        all.insert(grammar.substr(open + 1, grammar.find('"', open + 1) - open - 1));
    }
    all.erase(" text_ ");
    CHECK(all.size() > 120);
    for (const std::string_view word : words) CHECK(all.contains(std::string{word}));
    for (const std::string& word : all) {
        if (word.find('`') != std::string::npos) continue;  // the macro itself
        CAPTURE(word);
        const std::string codes = test::codes(Parsed{"edition 1\nparam " + word + " = 1\n"}.diagnostics);
        CHECK(codes == (words.contains(word) ? "KW1001" : "fine"));
    }
    for (const std::string name : {"android", "inner", "nothing", "of_", "unknowns", "is2"}) {
        CHECK(test::codes(Parsed{"edition 1\nparam " + name + " = 1\n"}.diagnostics) == "fine");
    }
}

TEST_CASE("fields may be called like words that aren't reserved") {
    const Parsed parsed{
        "edition 1\nschema key {\n assume: bool\n title: text\n set: int,\n assume set <= 3\n}\n"
        "adapter a {\n title \"x\"\n title from \"/t\"\n records = absent\n expect from \"/e\"\n subject subject\n}\n"};
    CHECK(test::codes(parsed.diagnostics) == "fine");
    CHECK(count(*parsed.tree, Kind::kField) == 3);
    CHECK(count(*parsed.tree, Kind::kAssume) == 1);
    CHECK(count(*parsed.tree, Kind::kSource) == 3);
}

namespace {

struct Family {
    std::string name;
    std::function<std::string(std::size_t)> text;
    bool nests = false;
};

std::vector<Family> hostile_families() {
    return {
        {"parentheses", [](std::size_t n) { return define(repeat("(", n) + "a" + repeat(")", n)); }, true},
        {"open parentheses", [](std::size_t n) { return define(repeat("(", n)); }, true},
        {"parentheses with operators",
         [](std::size_t n) { return define(repeat("(a + (b else ", n / 2) + "c" + repeat("))", n / 2)); }, true},
        {"not", [](std::size_t n) { return define(repeat("not ", n) + "a"); }},
        {"and", [](std::size_t n) { return define("a" + repeat(" and a", n)); }},
        {"or not", [](std::size_t n) { return define("a" + repeat(" or not a", n)); }},
        {"else", [](std::size_t n) { return define("a" + repeat(" else a", n)); }},
        {"comparisons", [](std::size_t n) { return define("a" + repeat(" <= a", n)); }},
        {"sums", [](std::size_t n) { return define("a" + repeat(" - a", n)); }},
        {"implies", [](std::size_t n) { return define("a" + repeat(" implies a", n)); }},
        {"paths", [](std::size_t n) { return define("a" + repeat(".a", n)); }},
        {"a long set", [](std::size_t n) { return define("a in {b" + repeat(", 1.2.3.4", n) + "}"); }},
        {"a set that is not closed", [](std::size_t n) { return define("a in {" + repeat("b, ", n)); }},
        {"nested sets", [](std::size_t n) { return define("a in " + repeat("{", n) + repeat("}", n)); }, true},
        {"a long string", [](std::size_t n) { return define("\"" + repeat("a\\\"", n) + "\""); }},
        {"a string that is not closed", [](std::size_t n) { return define("\"" + repeat("a", n)); }},
        {"many strings that are not closed",
         [](std::size_t n) { return "edition 1\nrule r {\n" + repeat(" message \"a {b\n", n) + "}\n"; }},
        {"braces that are not closed", [](std::size_t n) { return "edition 1\n" + repeat("rule r {\n", n); }},
        {"braces that are not opened", [](std::size_t n) { return "edition 1\n" + repeat("}\n", n); }},
        {"braces inside clauses",
         [](std::size_t n) { return "edition 1\nrule r {\n" + repeat(" when { {\n", n) + "}\n"; }},
        {"comments", [](std::size_t n) { return "edition 1\n" + repeat("// c\n/// d\n", n) + "param a = 1\n"; }},
        {"comments inside an expression", [](std::size_t n) { return define("a and" + repeat(" // c\n", n) + "b"); }},
        {"blanks before a parenthesis", [](std::size_t n) { return define("f" + repeat(" ", n) + "(a)"); }},
        {"nested records",
         [](std::size_t n) { return "edition 1\nsample s = key " + repeat("{ a: ", n) + "1" + repeat("}", n) + "\n"; },
         true},
        {"nested fields",
         [](std::size_t n) { return "edition 1\nschema key " + repeat("{ a: ", n) + "int" + repeat("}", n) + "\n"; },
         true},
        {"broken items", [](std::size_t n) { return "edition 1\n" + repeat("rule { ? }\n", n); }},
        {"broken clauses", [](std::size_t n) { return "edition 1\nrule r {\n" + repeat(" when ?\n", n) + "}\n"; }},
        {"broken words", [](std::size_t n) { return "edition 1\n" + repeat("? ", n); }},
        {"any", [](std::size_t n) { return define(repeat("any x in a: ", n) + "b"); }, true},
        {"match", [](std::size_t n) { return define(repeat("match a { b: ", n) + "c" + repeat("}", n)); }, true},
        {"calls", [](std::size_t n) { return define(repeat("f(", n) + "a" + repeat(")", n)); }, true},
        {"holes", [](std::size_t n) { return "edition 1\nrule r { message \"" + repeat("{a}b", n) + "\" }\n"; }},
        {"digits", [](std::size_t n) { return define(repeat("1", n)); }},
        {"digits and dots", [](std::size_t n) { return define(repeat("1.", n)); }},
        {"colons", [](std::size_t n) { return define(repeat(":", n)); }},
        {"words", [](std::size_t n) { return define(repeat("a", n)); }},
    };
}

}  // namespace

TEST_CASE("the work grows no faster than the text") {
    Limits limits;
    limits.rule_depth = Limits::max_rule_depth;
    for (const Family& family : hostile_families()) {
        CAPTURE(family.name);
        const std::size_t n = 110;
        const Parsed small{family.text(n), limits};
        const Parsed large{family.text(2 * n), limits};
        CHECK(well_formed(*large.tree));
        CHECK(small.statistics.invocations > 100);
        const double allowed = 2.2 * static_cast<double>(small.statistics.invocations) + 500;
        CHECK(static_cast<double>(large.statistics.invocations) <= allowed);
        // No byte of the text may cost many steps either.
        CHECK(large.statistics.invocations <= 150 * large.tree->text().size() + 5000);
    }
}

TEST_CASE("what is nested too deeply is one clean diagnostic") {
    for (const Family& family : hostile_families()) {
        if (!family.nests) continue;
        CAPTURE(family.name);
        const Parsed deep{family.text(20'000)};
        CHECK(well_formed(*deep.tree));
        REQUIRE(test::codes(deep.diagnostics) == "KW1007");
        CHECK(deep.diagnostics[0].message == "nesting is deeper than 64");
        CHECK(deep.diagnostics[0].help.find("rule_depth") != std::string::npos);
        // As deep as permitted is fine for the same families, but for those that are broken anyway.
        const Parsed fits{family.text(30)};
        CHECK(test::codes(fits.diagnostics).find("KW1007") == std::string::npos);
    }
}

TEST_CASE("no limit makes the parser use more stack than there is") {
    Limits limits;
    limits.rule_depth = 1'000'000;
    for (const Family& family : hostile_families()) {
        if (!family.nests) continue;
        CAPTURE(family.name);
        const Parsed deep{family.text(20'000), limits};
        CHECK(well_formed(*deep.tree));
        REQUIRE(test::codes(deep.diagnostics) == "KW1007");
        CHECK(deep.diagnostics[0].message == "nesting is deeper than 256");
    }
}

TEST_CASE("diagnostics are kept up to a limit, and the rest are counted") {
    Limits limits;
    limits.diagnostics = 10;
    const Parsed parsed{"edition 1\n" + repeat("rule { ? }\n", 5'000), limits};
    REQUIRE(parsed.diagnostics.size() == 11);
    CHECK(parsed.diagnostics.back().code == "KW1014");
    CHECK(parsed.diagnostics.back().message == "4990 more diagnostics are not shown");
}
