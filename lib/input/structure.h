// Where the tokens of a JSON text begin, found for a whole block of text at once (simdjson's first stage).
//
// A token is a bracket, a colon, a comma, the opening quote of a string, or the first byte of anything else. What the
// index promises of a text that it accepts, and what the walk over it (rows_walk.h) rests on:
//
// * the text is UTF-8, every string is closed, and no string holds a control character, so no string holds a line feed;
// * between a bracket, colon, comma or closing quote and the token behind it stand only blanks (space, tab, line feed,
//   carriage return); so the closing quote of a string is the last byte before the next token that isn't a blank;
// * behind any other token comes either the next one, or its own bytes up to a blank or the next one: whoever reads it
//   checks every byte of it.
//
// Nothing more is checked: neither numbers, nor escapes, nor what may follow what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace keywright::input {

class Structure {
public:
    Structure();
    ~Structure();
    Structure(Structure&&) noexcept;
    Structure& operator=(Structure&&) noexcept;

    // Indexes `text`, less than 4 GiB. False where it breaks one of the promises above, or there is no memory. Linear;
    // keeps 4 bytes for each byte of the longest text so far.
    [[nodiscard]] bool index(std::string_view text);

    // Offsets of the tokens in ascending order; behind the last one, at `tokens()[count()]`, stands the text's size.
    [[nodiscard]] const std::uint32_t* tokens() const { return tokens_; }
    [[nodiscard]] std::size_t count() const { return count_; }

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
    const std::uint32_t* tokens_;
    std::size_t count_ = 0;
};

}  // namespace keywright::input
