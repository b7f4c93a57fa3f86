// Text as GitHub-flavoured Markdown shows it: as it is. What comes from outside can't become markup, a link, an emoji,
// a mention of somebody or of an issue, nor end a cell of a table.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keywright::report {

// A name, a pointer, a value: as code.
[[nodiscard]] std::string markdown_code(std::string_view theirs, std::size_t limit = 200);
// A sentence.
[[nodiscard]] std::string markdown_prose(std::string_view theirs, std::size_t limit = 1000);

// A document that never outgrows a limit: what doesn't fit any more is counted, and the end says so.
class MarkdownPage {
public:
    explicit MarkdownPage(std::size_t limit) : limit_(limit) {}

    // Our own words, which always fit.
    MarkdownPage& raw(std::string_view ours) {
        out_ += ours;
        return *this;
    }
    // One row or item; false: it didn't fit, so nothing of it and of what follows is shown.
    bool item(std::string_view markdown);
    // The document, with a line that says how many items are left out.
    [[nodiscard]] std::string take();

private:
    std::size_t limit_;
    std::size_t left_out_ = 0;
    std::string out_;
};

}  // namespace keywright::report
