// Text that grows line by line, with comments at the ends of lines: two blanks behind the longest of neighbouring
// lines, so that they stand under each other.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::syntax {

inline constexpr std::size_t kPageWidth = 120;  // scalars of a line

class Page {
public:
    [[nodiscard]] bool empty() const { return lines_.empty(); }
    [[nodiscard]] std::size_t column() const { return column_; }  // of what is added next, 0-based

    void begin_line(std::size_t indent, bool blank_before);
    void add(std::string_view text, std::size_t width);
    // Blanks up to `column`; one where that is already passed.
    void pad(std::size_t column);
    // Ends the line with a comment.
    void add_comment(std::string_view text);

    // The text, every line ended by a line feed.
    [[nodiscard]] std::string finish() const;

private:
    struct Line {
        std::string code;
        std::string_view comment;
        std::size_t indent = 0;
        std::size_t width = 0;  // of the code
        bool blank_before = false;
    };
    // The column of the comments of the lines from `begin` up to `end`, or 0 where each stands behind its own code.
    [[nodiscard]] std::size_t comment_column(std::size_t begin, std::size_t end) const;

    std::vector<Line> lines_;
    std::size_t column_ = 0;
};

}  // namespace keywright::syntax
