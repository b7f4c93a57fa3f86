// Text helpers: what people see and what they probably meant.
#include "base/text.h"

#include "diag/diag.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace base = keywright::base;
namespace diag = keywright::diag;

namespace {

// Damerau-Levenshtein by its definition (optimal string alignment), without memory.
std::size_t plain_distance(const std::string& a, const std::string& b, std::size_t i, std::size_t j) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (i == 0) return j;
    if (j == 0) return i;
    std::size_t best = std::min(plain_distance(a, b, i - 1, j), plain_distance(a, b, i, j - 1)) + 1;
    const bool same = lower(a[i - 1]) == lower(b[j - 1]);
    best = std::min(best, plain_distance(a, b, i - 1, j - 1) + (same ? 0u : 1u));
    if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
        best = std::min(best, plain_distance(a, b, i - 2, j - 2) + 1);
    }
    return best;
}

// Glob by its definition.
bool plain_glob(std::string_view text, std::string_view pattern) {
    if (pattern.empty()) return text.empty();
    if (pattern[0] == '*') {
        return plain_glob(text, pattern.substr(1)) || (!text.empty() && plain_glob(text.substr(1), pattern));
    }
    if (text.empty()) return false;
    if (pattern[0] == '?') return plain_glob(text.substr(1), pattern.substr(1));
    if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
    return text[0] == pattern[0] && plain_glob(text.substr(1), pattern.substr(1));
}

std::string random_word(std::mt19937& random, std::string_view letters, std::size_t longest) {
    std::string out;
    const std::size_t size = random() % (longest + 1);
    for (std::size_t i = 0; i < size; ++i) out += letters[random() % letters.size()];
    return out;
}

}  // namespace

TEST_CASE("utf-8 is checked as RFC 3629 says") {
    CHECK_FALSE(base::find_invalid_utf8("").has_value());
    CHECK_FALSE(base::find_invalid_utf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80").has_value());
    CHECK_FALSE(base::find_invalid_utf8("\xf4\x8f\xbf\xbf").has_value());
    CHECK(base::find_invalid_utf8("ab\xff") == 2);
    CHECK(base::find_invalid_utf8("\x80") == 0);
    CHECK(base::find_invalid_utf8("a\xc0\xaf") == 1);         // overlong
    CHECK(base::find_invalid_utf8("a\xe0\x80\xaf") == 1);     // overlong
    CHECK(base::find_invalid_utf8("\xed\xa0\x80") == 0);      // surrogate
    CHECK(base::find_invalid_utf8("\xf4\x90\x80\x80") == 0);  // past U+10FFFF
    CHECK(base::find_invalid_utf8("x\xe2\x82") == 1);         // cut short
}

TEST_CASE("scalars are decoded and counted") {
    const std::string_view text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
    std::size_t offset = 0;
    CHECK(base::next_scalar(text, offset) == U'a');
    CHECK(base::next_scalar(text, offset) == U'\u00e9');
    CHECK(base::next_scalar(text, offset) == U'\u20ac');
    CHECK(base::next_scalar(text, offset) == U'\U0001F600');
    CHECK(offset == text.size());
    CHECK(base::count_scalars(text) == 4);
}

TEST_CASE("blank is empty or white space of any script") {
    CHECK(base::is_blank(""));
    CHECK(base::is_blank(" \t\n\u00a0\u3000\u2028"));
    CHECK_FALSE(base::is_blank(" x "));
    CHECK_FALSE(base::is_blank("\u200b"));  // not white space, though nobody sees it
}

TEST_CASE("printable text can't act on a terminal") {
    CHECK(base::printable("plain caf\u00e9") == "plain caf\u00e9");
    CHECK(base::printable("\x1b[31m") == "\\u{1b}[31m");
    CHECK(base::printable("a\nb\tc\r") == "a\\u{a}b\\u{9}c\\u{d}");
    CHECK(base::printable("\u202e\u200b\ufeff") == "\\u{202e}\\u{200b}\\u{feff}");
    CHECK(base::printable("x\xff\x80") == "x\\xff\\x80");
    CHECK(base::printable(std::string_view{"\0", 1}) == "\\u{0}");
    CHECK(base::printable("abcdef", 3) == "abc…");
    CHECK(base::printable("abc", 3) == "abc");
    CHECK(base::printable("ab\n", 3) == "ab…");  // an escape is never cut in two
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    for (const char c : base::printable(all, 5000)) CHECK(static_cast<unsigned char>(c) >= 0x20);
    CHECK_FALSE(base::find_invalid_utf8(base::printable(all, 5000)).has_value());
}

TEST_CASE("look-alike letters are known by script") {
    CHECK(base::look_alike_of(U'\u0440') == 'p');
    CHECK(base::look_alike_of(U'\u03bf') == 'o');
    CHECK(base::look_alike_of(U'\uff41') == 'a');
    CHECK(base::look_alike_of(U'\U0001D400') == 'A');
    CHECK(base::look_alike_of(U'\U0001D6A3') == 'z');
    CHECK(base::look_alike_of(U'a') == '\0');
    CHECK(base::look_alike_of(U'\u00e9') == '\0');
    CHECK(base::without_look_alikes("s\u0440ot") == "spot");
    CHECK_FALSE(base::without_look_alikes("spot").has_value());
}

TEST_CASE("edit distance equals the plain definition") {
    std::mt19937 random{7};
    for (int round = 0; round < 3000; ++round) {
        const std::string a = random_word(random, "abAB", 6);
        const std::string b = random_word(random, "abBc", 6);
        const std::size_t expected = plain_distance(a, b, a.size(), b.size());
        for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{9}}) {
            CAPTURE(a);
            CAPTURE(b);
            REQUIRE(base::edit_distance(a, b, limit) == std::min(expected, limit + 1));
        }
    }
}

TEST_CASE("closest finds what was meant and nothing else") {
    const std::vector<std::string> names{"general", "spot", "margin", "futures", "earn", "transfer", "withdrawal"};
    CHECK(base::closest("sopt", names) == "spot");
    CHECK(base::closest("Spot", names) == "spot");
    CHECK(base::closest("tranfser", names) == "transfer");
    CHECK(base::closest("withdraw", names) == "withdrawal");
    CHECK(base::closest("zzz", names).empty());
    CHECK(base::closest("", names).empty());
    CHECK(base::closest("x", std::vector<std::string>{"y"}).empty());
}

TEST_CASE("globs match the whole text") {
    CHECK(base::matches_glob("bot-7", "bot-?"));
    CHECK(base::matches_glob("bot-\u20ac", "bot-?"));  // one scalar, three bytes
    CHECK_FALSE(base::matches_glob("bot-\u20ac", "bot-??"));
    CHECK(base::matches_glob("a*b", "a\\*b"));
    CHECK_FALSE(base::matches_glob("axb", "a\\*b"));
    CHECK(base::matches_glob("", "***"));
    CHECK_FALSE(base::matches_glob("Bot", "bot"));
    std::mt19937 random{11};
    for (int round = 0; round < 20000; ++round) {
        const std::string text = random_word(random, "ab*", 7);
        const std::string pattern = random_word(random, "ab*?\\", 6);
        CAPTURE(text);
        CAPTURE(pattern);
        REQUIRE(base::matches_glob(text, pattern) == plain_glob(text, pattern));
    }
}

TEST_CASE("a glob of many stars takes no exponential time") {
    const std::string text(4000, 'a');
    std::string pattern;
    for (int i = 0; i < 200; ++i) pattern += "a*";
    CHECK_FALSE(base::matches_glob(text, pattern + "b"));
}

TEST_CASE("pointer tokens are escaped") { CHECK(base::escape_pointer("a/b~c") == "a~1b~0c"); }

TEST_CASE("diagnostic codes are unique, sorted and findable") {
    const auto codes = keywright::diagnostic_codes();
    CHECK(codes.size() == diag::all_codes().size());
    CHECK(std::adjacent_find(codes.begin(), codes.end(), [](auto& a, auto& b) { return a >= b; }) == codes.end());
    CHECK(diag::text(diag::Code::kSyntax) == "KW1001");
    CHECK(keywright::closest_code("KW6O33") == "KW6033");
    CHECK(keywright::closest_code("kw6033") == "KW6033");
    CHECK(keywright::closest_code("6033") == "KW6033");
    CHECK(keywright::closest_code("nonsense").empty());
}

TEST_CASE("the sink sorts by place and tells what it dropped") {
    base::SourceSet sources;
    const auto first = sources.add("a.kw", "one\ntwo\n");
    const auto second = sources.add("b.kw", "three\n");
    diag::Sink sink{3};
    sink.report(diag::Code::kSyntax, {second, 0, 5}, "in the second file");
    sink.report(diag::Code::kSyntax, {first, 4, 7}, "late", "here").help("mend it").fix({first, 4, 7}, "2");
    sink.report(diag::Code::kBadNumber, {first, 4, 5}, "at the same place");
    sink.report(diag::Code::kSyntax, {first, 0, 3}, "dropped").help("unseen").note({first, 0, 1}, "unseen");
    CHECK(sink.has_errors());
    CHECK(sink.error_count() == 4);
    const auto out = sink.finish(sources);
    REQUIRE(out.size() == 4);
    CHECK(out[0].message == "late");
    CHECK(out[0].help == "mend it");
    REQUIRE(out[0].labels.size() == 1);
    CHECK(out[0].labels[0].text == "here");
    CHECK(out[0].labels[0].range.line == 2);
    CHECK(out[0].labels[0].range.file == "a.kw");
    REQUIRE(out[0].fix.has_value());
    CHECK(out[0].fix->replacement == "2");
    CHECK(out[1].message == "at the same place");
    CHECK(out[2].message == "in the second file");
    CHECK(out[3].code == "KW1014");
    CHECK(out[3].message == "1 more diagnostic is not shown");
    CHECK(out[3].labels.empty());
    CHECK(keywright::to_string(out[3].severity) == "error");
}
