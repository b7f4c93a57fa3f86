// Text that comes from a record, a rule file or a command line, made safe to show; the nearest word to a misspelt one;
// and the difference of two texts.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace keywright {

// `text` with everything that could act on a terminal or on a CI system's log (controls, bidirectional and zero-width
// marks, malformed UTF-8, `##`) written as an escape, on one line, cut to `limit` characters with `…`. What still
// begins with `::` must not begin a line; `printable_line` sees to that too.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 200);
[[nodiscard]] std::string printable_line(std::string_view text, std::size_t limit = 200);

// The candidate closest in spelling to `word` where it is close enough to be a typing mistake, else empty.
[[nodiscard]] std::string closest_word(std::string_view word, std::span<const std::string> candidates);

// The difference of two texts in lines, as `diff -u` shows it, made harmless; empty where they are equal. Shortest
// where the part that differs is small (under some thousand lines); else that part is shown as replaced whole.
[[nodiscard]] std::string unified_diff(const std::string& name, std::string_view before, std::string_view after);

}  // namespace keywright
