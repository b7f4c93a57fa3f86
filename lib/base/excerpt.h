// A text without its layout, and places in it that are told by words or by lines: what a pack knows of its source.
//
// Every run of white space counts as one blank, and none stands at either end, so that a text may be folded anew, or
// saved with other line ends, and still say the same. All else counts: letters, their case, punctuation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::base {

// `text`, well-formed UTF-8, with each run of white space (the Unicode property) made one blank, and trimmed.
[[nodiscard]] std::string without_layout(std::string_view text);

// Bytes of `PlainText::text`.
struct TextRange {
    std::size_t begin = 0, end = 0;
    [[nodiscard]] bool empty() const { return begin == end; }
    friend bool operator==(const TextRange&, const TextRange&) = default;
};

// Eight bytes for each byte of the text, which needn't outlive it.
class PlainText {
public:
    explicit PlainText(std::string_view text);  // well-formed UTF-8, less than 4 GiB

    [[nodiscard]] std::string_view text() const { return plain_; }
    [[nodiscard]] std::string_view text(TextRange range) const {
        return std::string_view{plain_}.substr(range.begin, range.end - range.begin);
    }
    // Lines end with a line feed; behind the last one a line begins only where something stands on it.
    [[nodiscard]] std::size_t line_count() const { return line_count_; }
    // The 1-based line on which the byte at `offset`, which is inside the text, stood.
    [[nodiscard]] std::size_t line(std::size_t offset) const;
    // What stands in these lines, 1-based and the last one included; empty where nothing does.
    [[nodiscard]] TextRange lines(std::size_t first, std::size_t last) const;

private:
    std::string plain_;
    std::vector<std::uint32_t> offsets_;      // by byte of `plain_`: where it stood
    std::vector<std::uint32_t> line_starts_;  // where lines began
    std::size_t line_count_ = 0;
};

// The parts of a text that begin with some words and end at the nearest place behind with others. The two may overlap,
// as where both are the whole excerpt.
struct ExcerptSearch {
    std::vector<TextRange> found;  // none, the only one, or the first two
    bool has_first_words = false;  // the first words stand in the text, whether or not the last ones stand behind them
};
// Both texts of words are without layout and not empty. Linear in the text, whatever the words are.
[[nodiscard]] ExcerptSearch find_excerpt(std::string_view text, std::string_view first_words,
                                         std::string_view last_words);

}  // namespace keywright::base
