// The formatter: what its results look like (tests/cases/format), and what it must never do.
#include "syntax/format.h"
#include "base/source.h"
#include "diag/diag.h"
#include "syntax/parse.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace keywright;
using syntax::Kind;

// A text with its tree.
struct Parsed {
    explicit Parsed(std::string text)
        : sink(100), id(sources.add("test.kw", std::move(text))), tree(syntax::parse(sources, id, {}, sink)) {}
    base::SourceSet sources;
    diag::Sink sink;
    base::FileId id;
    syntax::Tree tree;
    [[nodiscard]] bool broken() const {
        const auto& all = tree.elements();
        return std::any_of(all.begin(), all.end(), [](const syntax::Element& e) { return e.kind == Kind::kJunk; });
    }
};

std::optional<std::string> formatted(const std::string& text) { return syntax::format(Parsed{text}.tree).text; }

fs::path root() {
#ifdef KEYWRIGHT_SOURCE_DIR
    return KEYWRIGHT_SOURCE_DIR;
#else
    return fs::current_path();
#endif
}

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> rule_files(const fs::path& folder) {
    std::vector<fs::path> out;
    if (!fs::exists(folder)) return out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".kw") out.push_back(entry.path());
    }
    std::sort(out.begin(), out.end());
    return out;
}

// The texts of all rule files of the project that have no syntax error.
std::vector<std::string> corpus() {
    std::vector<std::string> out;
    for (const char* folder : {"rules", "examples", "tests"}) {
        for (const auto& path : rule_files(root() / folder)) {
            std::string text = read(path);
            if (!Parsed{text}.broken()) out.push_back(std::move(text));
        }
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    const auto last = text.find_last_not_of(" \t\r");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// What a text says, found without the formatter's own code: its tokens but for commas before `}` and between fields,
// and its comments. Commas between fields are told by the parent.
struct Said {
    std::vector<std::string> tokens, comments;
};

Said said(const syntax::Tree& tree) {
    Said out;
    std::vector<std::size_t> open;
    const auto& elements = tree.elements();
    for (std::size_t i = 0; i < elements.size(); ++i) {
        while (!open.empty() && open.back() + elements[open.back()].size <= i) open.pop_back();
        const std::string text{syntax::Cursor{tree, i}.text()};
        const Kind kind = elements[i].kind;
        if (!syntax::is_token(kind)) {
            open.push_back(i);
        } else if (kind == Kind::kComment || kind == Kind::kDocComment) {
            out.comments.emplace_back(trimmed(text));
        } else if (kind != Kind::kSpace) {
            if (text == "," && elements[open.back()].kind == Kind::kField) continue;
            if (text == "}" && !out.tokens.empty() && out.tokens.back() == ",") out.tokens.pop_back();
            out.tokens.push_back(text);
        }
    }
    return out;
}

// Everything that holds of every result.
void check_invariants(const std::string& source) {
    CAPTURE(source);
    const Parsed before{source};
    const auto result = syntax::format(before.tree).text;
    REQUIRE(result);
    CAPTURE(*result);
    const Parsed after{*result};
    REQUIRE_FALSE(after.broken());
    REQUIRE(said(before.tree).tokens == said(after.tree).tokens);
    REQUIRE(said(before.tree).comments == said(after.tree).comments);
    REQUIRE(syntax::same_meaning(before.tree, after.tree));
    REQUIRE(result->find(" \n") == std::string::npos);
    REQUIRE(result->find("\n\n\n") == std::string::npos);
    REQUIRE(result->find('\r') == std::string::npos);
    REQUIRE(result->find('\t') == std::string::npos);
    REQUIRE((result->empty() || (result->back() == '\n' && !result->ends_with("\n\n") && result->front() != '\n')));
    const auto again = syntax::format(after.tree).text;
    REQUIRE(again);
    REQUIRE(*again == *result);
}

// The text with blanks and comments strewn between its tokens, and with optional commas.
std::string damaged(const syntax::Tree& tree, std::mt19937& random) {
    static const std::vector<std::string> kGaps = {" ", "  ", "\n ", "\n\n\n  ", "\r\n ", "\t"};
    const auto pick = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random); };
    const std::size_t comment_every = 2 + pick(60);
    const std::size_t blank_every = 1 + pick(8);
    const auto& elements = tree.elements();
    std::string out;
    std::vector<std::size_t> open;
    std::string_view last;
    int number = 0;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        while (!open.empty() && open.back() + elements[open.back()].size <= i) open.pop_back();
        const std::string_view text = syntax::Cursor{tree, i}.text();
        const Kind kind = elements[i].kind;
        if (!syntax::is_token(kind)) {
            if (kind != Kind::kTemplate) {
                open.push_back(i);
                continue;
            }
            // Strings stay as they are; the white space behind goes on below.
            out += tree.text().substr(elements[i].begin, elements[i].end - elements[i].begin);
            std::size_t end = i + elements[i].size - 1;
            while (syntax::is_trivia(elements[end].kind)) --end;
            i = end;
            last = "\"";
            continue;
        }
        const Kind parent = elements[open.back()].kind;
        const bool list =
            parent == Kind::kSetLiteral || parent == Kind::kRecord || parent == Kind::kMatch || parent == Kind::kMap;
        if (text == "}" && list && last != "{" && last != "," && pick(3) == 0)
            out += pick(2) == 0 ? "," : " , // comma\n ";
        if (text == "," && list && pick(20) == 0) out += " // before a comma\n ";
        if (text == "," && list && pick(40) == 0) out += " /// before a comma\n ";
        const bool glued = text == "(" && !last.empty();  // a call's parenthesis bears no comment before it
        if (kind != Kind::kSpace && !glued && last != "-" && pick(comment_every) == 0) {
            static const std::vector<std::string> kBefore = {" ", "\n ", "\n\n  ", ""};
            static const std::vector<std::string> kAfter = {"\n ", "\n\n\n ", "\r\n\t", " \t\n "};
            out += kBefore[pick(kBefore.size())] + (pick(3) == 0 ? "/// d" : "// c") + std::to_string(number++) +
                   kAfter[pick(kAfter.size())];
        }
        const bool ends_comment = i > 0 && syntax::is_trivia(elements[i - 1].kind);  // its line break has to stay
        out += kind == Kind::kSpace && !ends_comment && pick(blank_every) == 0 ? kGaps[pick(kGaps.size())]
                                                                               : std::string{text};
        if (!syntax::is_trivia(kind)) last = text;
    }
    return out;
}

}  // namespace

TEST_CASE("format: the golden files") {
    const bool update = std::getenv("KEYWRIGHT_UPDATE") != nullptr;
    const auto files = rule_files(root() / "tests/cases/format");
    REQUIRE(files.size() >= 5);
    for (fs::path path : files) {
        CAPTURE(path.filename().string());
        const auto result = formatted(read(path));
        REQUIRE(result);
        path.replace_extension(".expected");
        if (update) std::ofstream(path, std::ios::binary) << *result;
        CHECK(*result == read(path));
    }
}

TEST_CASE("format: no line is longer than the page where it could be broken") {
    for (const auto& path : rule_files(root() / "rules")) {
        const auto result = formatted(read(path));
        REQUIRE(result);
        std::size_t begin = 0;
        while (begin < result->size()) {
            const std::size_t end = result->find('\n', begin);
            const std::string line = result->substr(begin, end - begin);
            CAPTURE(line);
            CHECK((line.size() <= 120 || line.find('"') != std::string::npos || line.find("//") != std::string::npos));
            begin = end + 1;
        }
    }
}

TEST_CASE("format: every rule file of the project keeps its meaning") {
    const auto texts = corpus();
    REQUIRE(texts.size() >= 20);
    for (const std::string& text : texts) check_invariants(text);
}

TEST_CASE("format: comments and blanks at any place keep the meaning") {
    std::mt19937 random{20260131};
    const auto texts = corpus();
    std::size_t broken = 0;
    std::size_t tried = 0;
    for (int round = 0; round < 150; ++round) {
        for (const std::string& text : texts) {
            const std::string mutant = damaged(Parsed{text}.tree, random);
            ++tried;
            if (Parsed{mutant}.broken()) {
                ++broken;
                continue;
            }
            check_invariants(mutant);
        }
    }
    CHECK(tried >= 3000);
    CHECK(broken * 10 < tried);  // else the damage tests little
}

TEST_CASE("format: the result doesn't depend on blanks and line breaks alone") {
    // Without comments and blank lines nothing of the source's layout is left.
    for (std::string text : corpus()) {
        const Parsed source{text};
        std::string spread;
        std::string packed;
        const auto& elements = source.tree.elements();
        for (std::size_t i = 0; i < elements.size(); ++i) {
            if (elements[i].kind == Kind::kTemplate) {  // holes stay as they are
                const std::string whole{text.substr(elements[i].begin, elements[i].end - elements[i].begin)};
                spread += whole + "\n  ";
                packed += whole + " ";
                i += elements[i].size - 1;
                continue;
            }
            if (!syntax::is_token(elements[i].kind) || syntax::is_trivia(elements[i].kind)) continue;
            const std::string token{syntax::Cursor{source.tree, i}.text()};
            const bool negative = token == "-" && i + 1 < elements.size() && elements[i + 1].kind == Kind::kInteger;
            spread += token + (negative ? "" : "\n  ");
            packed += token + (negative ? "" : " ");
        }
        const auto a = formatted(spread);
        const auto b = formatted(packed);
        CAPTURE(text);
        REQUIRE(a);
        REQUIRE(b);
        CHECK(*a == *b);
    }
}

TEST_CASE("format: line breaks of all kinds become line feeds") {
    CHECK(formatted("edition 1\r\n\r\nparam a = 1\r\n") == "edition 1\n\nparam a = 1\n");
    CHECK(formatted("edition 1 // c \t\r\nparam a = 1") == "edition 1  // c\n\nparam a = 1\n");
    CHECK(formatted("edition 1") == "edition 1\n");
    CHECK(formatted("// only a comment") == "// only a comment\n");
    CHECK(formatted("") == "");
}

TEST_CASE("format: strings and numbers stay as they are") {
    CHECK(formatted("edition 1 rule r{message \"a  {x+1}  \\{b\" help \"\\u{41}\"}") ==
          "edition 1\n\nrule r {\n    message \"a  {x+1}  \\{b\"\n    help    \"\\u{41}\"\n}\n");
    CHECK(formatted("edition 1 param a=1_000 milliseconds param b=-07") ==
          "edition 1\n\nparam a = 1_000 milliseconds\nparam b = -07\n");
}

TEST_CASE("format: a file with a syntax error has no result") {
    CHECK_FALSE(formatted("edition 1 rule {"));
    CHECK_FALSE(formatted("edition 1 param a = "));
    CHECK_FALSE(formatted("edition 1 rule r { severity loud }"));
    CHECK_FALSE(formatted("edition 1 \xff"));
}

TEST_CASE("format: a comma that keeps two fields apart stays") {
    const auto result =
        formatted("edition 1 schema k { a: instant, epoch: int, b: duration = 3, days: int, c: int, d: int }");
    REQUIRE(result);
    CHECK(*result ==
          "edition 1\n\nschema k {\n    a:     instant,\n    epoch: int\n    b:     duration = 3,\n    days:  int\n    "
          "c:     int\n"
          "    d:     int\n}\n");
}

TEST_CASE("format: width is counted in characters") {
    // Umlauts are two bytes and one column.
    const std::string text =
        "edition 1 sample s = k { a: \"" + std::string(40, 'x') + "\", b: \"" + std::string(20, 'x');
    std::string umlauts;
    for (int i = 0; i < 20; ++i) umlauts += "\xc3\xbc";
    const auto result = formatted(text + umlauts + "\" }");
    REQUIRE(result);
    CHECK(std::count(result->begin(), result->end(), '\n') == 3);
    const auto longer = formatted(text + umlauts + std::string(20, 'x') + "\" }");
    REQUIRE(longer);
    CHECK(std::count(longer->begin(), longer->end(), '\n') == 6);
}

TEST_CASE("format: the comparison sees every difference that counts") {
    const auto same = [](const char* a, const char* b) { return syntax::same_meaning(Parsed{a}.tree, Parsed{b}.tree); };
    CHECK(same("edition 1 param a = {b,}", "edition 1\nparam a = {b}"));
    CHECK(same("edition 1 // c\nparam a = 1", "edition 1\n// c\n\nparam a = 1"));
    CHECK_FALSE(same("edition 1 param a = {b}", "edition 1 param a = {c}"));
    CHECK_FALSE(same("edition 1 param a = {b, c}", "edition 1 param a = {c, b}"));
    CHECK_FALSE(same("edition 1 param a = 1", "edition 1 param a = 1 param b = 1"));
    CHECK_FALSE(same("edition 1 // c\nparam a = 1", "edition 1 param a = 1"));
    CHECK_FALSE(same("edition 1 // c\n// d\nparam a = 1", "edition 1 // d\n// c\nparam a = 1"));
    CHECK_FALSE(same("edition 1 /// c\nparam a = 1", "edition 1 /// c\n\nparam a = 1"));  // no longer its documentation
    CHECK_FALSE(same("edition 1 param a = 1\n/// c\nparam b = 1", "edition 1 /// c\nparam a = 1\nparam b = 1"));
    CHECK_FALSE(same("edition 1 define a = b or c and d", "edition 1 define a = (b or c) and d"));
}

TEST_CASE("format: deep nesting and long chains") {
    std::string deep = "edition 1\ndefine a = ";
    for (int i = 0; i < 60; ++i) deep += "(not b or ";
    deep += "c";
    for (int i = 0; i < 60; ++i) deep += ")";
    check_invariants(deep + "\n");

    std::string chain = "edition 1\ndefine a = b";
    for (int i = 0; i < 20000; ++i) chain += " and b";
    std::string set = "edition 1\nparam a = {";
    for (int i = 0; i < 20000; ++i) set += "b, ";
    for (const std::string& text : {chain + "\n", set + "}\n"}) {
        const auto result = formatted(text);
        REQUIRE(result);
        CHECK(result->size() < 4 * text.size());
        CHECK(formatted(*result) == result);
    }
}

TEST_CASE("format: the result of hostile text stays in proportion") {
    // One very long name among many short ones, and one very long line among many comments.
    std::string names = "edition 1\ndefine " + std::string(20000, 'x') + " = b\n";
    std::string comments = "edition 1\nparam p = \"" + std::string(20000, 'x') + "\" // c\n";
    for (int i = 0; i < 5000; ++i) {
        names += "define x" + std::to_string(i) + " = b\n";
        comments += "param x" + std::to_string(i) + " = b // c\n";
    }
    for (const std::string& text : {names, comments}) {
        const auto result = formatted(text);
        REQUIRE(result);
        CHECK(result->size() < 4 * text.size());
    }
}
