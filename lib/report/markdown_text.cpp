#include "report/markdown_text.h"

#include "keywright/text.h"

#include <algorithm>

namespace keywright::report {

namespace {

// Bytes kept for our own headings and closing lines.
constexpr std::size_t kReserve = 2'000;

[[nodiscard]] bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

[[nodiscard]] std::string entity(char c) { return "&#" + std::to_string(static_cast<int>(c)) + ';'; }

// ASCII punctuation that begins or ends nothing where we put texts: in cells, and behind the mark of a list.
[[nodiscard]] bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || is_word(c) ||
           std::string_view{" ,.;()-/+=%'?"}.find(c) != std::string_view::npos;
}

}  // namespace

std::string markdown_code(std::string_view theirs, std::size_t limit) {
    const std::string text = printable(theirs, limit);
    const bool fits_in_backticks =
        !text.empty() && text.front() != ' ' && text.back() != ' ' && text.find_first_of("`|\\") == std::string::npos;
    if (fits_in_backticks) return '`' + text + '`';
    std::string out = "<code>";
    for (const char c : text)
        out += static_cast<unsigned char>(c) >= 0x80 || is_word(c) || c == ' ' ? std::string(1, c) : entity(c);
    return out + "</code>";
}

std::string markdown_prose(std::string_view theirs, std::size_t limit) {
    const std::string text = printable(theirs, limit);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool inside = i > 0 && i + 1 < text.size() && is_word(text[i - 1]) && is_word(text[i + 1]);
        if (c == '@' || c == '#' || (c == ':' && i + 1 < text.size() && text[i + 1] != ' ')) {
            // GitHub looks for mentions, issues and emoji in what the Markdown has become, text by text.
            out += "<span>" + entity(c) + "</span>";
        } else if (c == '.' && i >= 3 && text.compare(i - 3, 3, "www") == 0) {
            out += entity(c);
        } else {
            out += is_plain(c) || (c == '_' && inside) ? std::string(1, c) : entity(c);
        }
    }
    return out;
}

bool MarkdownPage::item(std::string_view markdown) {
    if (left_out_ > 0 || out_.size() + markdown.size() + kReserve > limit_) {
        ++left_out_;
        return false;
    }
    out_ += markdown;
    return true;
}

std::string MarkdownPage::take() {
    if (left_out_ > 0) {
        out_ += "\n_" + std::to_string(left_out_) + (left_out_ == 1 ? " more finding is" : " more findings are") +
                " left out: a comment holds " + std::to_string(limit_) + " characters. Other formats show all._\n";
    }
    return std::move(out_);
}

}  // namespace keywright::report
