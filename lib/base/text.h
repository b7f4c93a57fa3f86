// Text helpers: UTF-8, spelling distance, look-alike letters, glob patterns, quoting for people.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::base {

// Byte offset of the first byte that is not well-formed UTF-8 (RFC 3629), or nothing.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text);

// Decodes one scalar value at `offset` of well-formed UTF-8 and moves `offset` past it.
[[nodiscard]] char32_t next_scalar(std::string_view text, std::size_t& offset);

// Unicode scalar values in well-formed UTF-8.
[[nodiscard]] std::size_t count_scalars(std::string_view text);

// Has the Unicode property White_Space.
[[nodiscard]] bool is_white_space(char32_t scalar);

// Empty, or white space only.
[[nodiscard]] bool is_blank(std::string_view text);

// A bidirectional or zero-width control, or another character without a visible form (C0, DEL, C1, U+00AD, U+FEFF…);
// tab, line feed and carriage return are not among them.
[[nodiscard]] bool is_invisible(char32_t scalar);

// The ASCII letter that `scalar` (Cyrillic, Greek, full-width…) is easily mistaken for, or 0.
[[nodiscard]] char look_alike_of(char32_t scalar);

// `text` with look-alikes replaced by the ASCII letters they resemble; nothing where it has none.
[[nodiscard]] std::optional<std::string> without_look_alikes(std::string_view text);

// Damerau-Levenshtein distance (adjacent transpositions) in bytes, `limit + 1` where it is greater. Case counts as half
// an edit would: letters that differ only by case are equal. O(|a| x |b|).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// The candidate closest to `word` when it is close enough to be a typing mistake, else empty. Ties: first wins.
[[nodiscard]] std::string closest(std::string_view word, std::span<const std::string> candidates);

// Glob match: `*` any run, `?` one scalar, `\` escapes; the whole text, case-sensitive. O(|text| x |pattern|), no
// recursion.
[[nodiscard]] bool matches_glob(std::string_view text, std::string_view pattern);

// `text` with everything that could act on a terminal (controls, bidirectional marks, invalid UTF-8) written as `\u{…}`
// or
// `\x..`, cut to `limit` scalars with `…`. Safe to show.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 200);

// JSON Pointer token escaping (RFC 6901): `~` as `~0`, `/` as `~1`.
[[nodiscard]] std::string escape_pointer(std::string_view token);

}  // namespace keywright::base
