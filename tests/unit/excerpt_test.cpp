// Texts without their layout, and places in them that are told by words or by lines.
#include "base/excerpt.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>

using namespace keywright::base;

namespace {

// Every excerpt that begins and ends so, found the slow way: the judge of `find_excerpt`.
std::vector<TextRange> slowly(std::string_view text, std::string_view first, std::string_view last) {
    std::vector<TextRange> out;
    for (std::size_t begin = 0; begin + first.size() <= text.size(); ++begin) {
        if (text.substr(begin, first.size()) != first) continue;
        for (std::size_t end = begin + std::max(first.size(), last.size()); end <= text.size(); ++end) {
            if (!text.substr(begin, end - begin).ends_with(last)) continue;
            out.push_back({begin, end});
            break;
        }
        if (out.size() == 2) break;
    }
    return out;
}

std::string excerpt(std::string_view text, std::string_view first, std::string_view last) {
    const ExcerptSearch search = find_excerpt(text, first, last);
    if (search.found.empty()) return search.has_first_words ? "no end" : "none";
    if (search.found.size() == 2) return "twice";
    return std::string{text.substr(search.found[0].begin, search.found[0].end - search.found[0].begin)};
}

}  // namespace

TEST_CASE("excerpts: each run of white space is one blank, and none is left at the ends") {
    CHECK(without_layout("") == "");
    CHECK(without_layout(" \r\n\t ") == "");
    CHECK(without_layout("a") == "a");
    CHECK(without_layout("\n\n a \r\n\tb  c\n") == "a b c");
    // White space as Unicode has it: a no-break space, an ideographic one, a line separator.
    CHECK(without_layout("a\u00a0\u3000b\u2028c") == "a b c");
    // What has no width but isn't white space stays: it is another text.
    CHECK(without_layout("a\u200bb") == "a\u200bb");
    CHECK(without_layout("Ä\n“ö”") == "Ä “ö”");
}

TEST_CASE("excerpts: the text knows on which line each word stood") {
    const PlainText text{"\none two\n\n  three\r\nfour"};
    REQUIRE(text.text() == "one two three four");
    CHECK(text.line_count() == 5);
    CHECK(text.line(0) == 2);
    CHECK(text.line(text.text().find("two")) == 2);
    CHECK(text.line(text.text().find("three")) == 4);
    CHECK(text.line(text.text().find("four")) == 5);
    CHECK(text.text(text.lines(2, 2)) == "one two");
    CHECK(text.text(text.lines(1, 4)) == "one two three");
    CHECK(text.text(text.lines(4, 5)) == "three four");
    CHECK(text.text(text.lines(2, 99)) == "one two three four");
    CHECK(text.lines(3, 3).empty());
    CHECK(text.lines(6, 6).empty());
    CHECK(text.lines(0, 2).empty());
    CHECK(PlainText{""}.line_count() == 0);
    CHECK(PlainText{"a\n"}.line_count() == 1);
    CHECK(PlainText{"a\nb"}.line_count() == 2);
}

TEST_CASE("excerpts: found by first and last words, the nearest ones") {
    const std::string text = "a key has a name. a key without addresses can't withdraw. a name is not blank.";
    CHECK(excerpt(text, "a key without", "can't withdraw.") == "a key without addresses can't withdraw.");
    CHECK(excerpt(text, "a key has", "name.") == "a key has a name.");
    CHECK(excerpt(text, "a key", "withdraw.") == "twice");
    CHECK(excerpt(text, "a key without", "a name.") == "no end");  // it stands before
    CHECK(excerpt(text, "A key", "name.") == "none");              // case counts
    CHECK(excerpt(text, "withdraw", "withdraw") == "withdraw");
    // The words may overlap, be the whole, or one hold the other.
    CHECK(excerpt("one two three", "one two", "two three") == "one two three");
    CHECK(excerpt("one two three", "one two three", "three") == "one two three");
    CHECK(excerpt("one two three", "one", "one two three") == "one two three");
    CHECK(excerpt("one one", "one", "one") == "twice");
    CHECK(excerpt("aaa", "aa", "aa") == "twice");
}

TEST_CASE("excerpts: whatever the words are, the search finds what trying every place finds") {
    // All texts of up to nine letters out of two, and all words of up to three.
    std::vector<std::string> words;
    for (std::size_t length = 1; length <= 3; ++length) {
        for (unsigned bits = 0; bits < (1u << length); ++bits) {
            std::string word;
            for (std::size_t i = 0; i < length; ++i) word += (bits >> i & 1u) != 0 ? 'b' : 'a';
            words.push_back(word);
        }
    }
    std::size_t tried = 0;
    for (std::size_t length = 0; length <= 9; ++length) {
        for (unsigned bits = 0; bits < (1u << length); ++bits) {
            std::string text;
            for (std::size_t i = 0; i < length; ++i) text += (bits >> i & 1u) != 0 ? 'b' : 'a';
            for (const std::string& first : words) {
                for (const std::string& last : words) {
                    ++tried;
                    if (find_excerpt(text, first, last).found == slowly(text, first, last)) continue;
                    FAIL_CHECK(text << " " << first << " " << last);
                }
            }
        }
    }
    CHECK(tried == 1023 * 14 * 14);
}

TEST_CASE("excerpts: a text of one letter over and over costs no more than another") {
    const std::string text(4'000'000, 'a');
    const std::string words = std::string(500'000, 'a') + "b";
    const auto begin = std::chrono::steady_clock::now();
    CHECK(find_excerpt(text, words, "a").found.empty());
    CHECK(find_excerpt(text, "a", words).found.empty());
    // Trying every place would take some 10^12 steps.
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{20});
}
