#include "syntax/page.h"

#include "base/text.h"

#include <algorithm>

namespace keywright::syntax {

namespace {

constexpr std::size_t kBeforeComment = 2;  // blanks

}  // namespace

void Page::begin_line(std::size_t indent, bool blank_before) {
    lines_.push_back({std::string(indent, ' '), {}, indent, 0, blank_before && !lines_.empty()});
    column_ = indent;
}

void Page::add(std::string_view text, std::size_t width) {
    Line& line = lines_.back();
    line.code += text;
    const std::size_t last_break = text.rfind('\n');
    column_ = last_break == std::string_view::npos ? column_ + width : base::count_scalars(text.substr(last_break + 1));
    line.width = column_;
}

void Page::pad(std::size_t column) {
    const std::size_t blanks = column > column_ ? column - column_ : 1;
    lines_.back().code.append(blanks, ' ');
    column_ += blanks;
}

void Page::add_comment(std::string_view text) { lines_.back().comment = text; }

std::size_t Page::comment_column(std::size_t begin, std::size_t end) const {
    std::size_t column = 0;
    for (std::size_t i = begin; i < end; ++i) column = std::max(column, lines_[i].width + kBeforeComment);
    for (std::size_t i = begin; i < end; ++i) {
        if (column + base::count_scalars(lines_[i].comment) > kPageWidth) return 0;
    }
    return column;
}

std::string Page::finish() const {
    std::string out;
    for (std::size_t begin = 0; begin < lines_.size();) {
        std::size_t end = begin + 1;
        if (!lines_[begin].comment.empty()) {
            while (end < lines_.size() && !lines_[end].comment.empty() && !lines_[end].blank_before &&
                   lines_[end].indent == lines_[begin].indent) {
                ++end;
            }
        }
        const std::size_t column = lines_[begin].comment.empty() ? 0 : comment_column(begin, end);
        for (; begin < end; ++begin) {
            const Line& line = lines_[begin];
            if (line.blank_before) out += '\n';
            out += line.code;
            if (!line.comment.empty()) {
                out.append(column > line.width ? column - line.width : kBeforeComment, ' ');
                out += line.comment;
            }
            out += '\n';
        }
    }
    return out;
}

}  // namespace keywright::syntax
