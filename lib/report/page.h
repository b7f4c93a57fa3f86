// What all texts for people share: harmless text, colours, folded prose, and the width of characters on a terminal.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/render.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace keywright::report {

// Characters of one message or name that are shown before it is cut.
constexpr std::size_t kNameLimit = 200;
constexpr std::size_t kProseLimit = 4000;

// Columns that a character takes on a terminal: 0 for combining marks, 2 for wide East Asian forms and emoji.
[[nodiscard]] std::size_t columns_of(char32_t scalar);
[[nodiscard]] std::size_t columns_of(std::string_view text);

enum class Ink : std::uint8_t { kPlain, kBold, kDim, kRed, kGreen, kYellow, kBlue, kMagenta, kCyan };

[[nodiscard]] Ink ink_of(Severity severity);

// Builds a text of several lines. Everything that comes from outside goes through `name` or `prose`.
class Page {
public:
    explicit Page(const Style& style) : style_(style) {}

    Page& plain(std::string_view ours);                        // our own words, as they are
    Page& ink(Ink ink, std::string_view ours);                 // our own words, coloured
    Page& name(std::string_view text, Ink ink = Ink::kPlain);  // a name or path, made harmless, on this line
    // A text made harmless, folded at the width; further lines begin at column `indent`.
    Page& prose(std::string_view text, std::size_t indent, Ink ink = Ink::kPlain);
    Page& line();  // ends the line
    Page& spaces(std::size_t count);
    // `label` at column `at`, padded so that what follows begins at column `to`.
    Page& label(std::string_view label, std::size_t at, std::size_t to);

    [[nodiscard]] const Style& style() const { return style_; }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void append(std::string_view text, Ink ink);

    Style style_;
    std::string out_;
    std::size_t column_ = 0;
    bool nothing_yet_ = true;  // but spaces on this line
};

// `in 4 days 8 hours`, `3 minutes 20 seconds ago`, `now`: the two largest units.
[[nodiscard]] std::string relative(Instant instant, Instant now);

// `1 record`, `2 records`.
[[nodiscard]] std::string counted(std::size_t count, std::string_view one, std::string_view many);

// Text in a workflow command of GitHub: `%`, line breaks, and in properties `:` and `,` are escaped; the text is made
// harmless first.
[[nodiscard]] std::string github_data(std::string_view text);
[[nodiscard]] std::string github_property(std::string_view text);
// `error`, `warning`, `notice`.
[[nodiscard]] std::string_view github_level(Severity severity);

}  // namespace keywright::report
