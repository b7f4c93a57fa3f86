// Writes XML and HTML: what comes from outside is made harmless twice, for the format and for terminals and CI logs, in
// which documents end up too.
#pragma once

#include "report/page.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace keywright::report {

class Markup {
public:
    // Our own words: as they are.
    Markup& raw(std::string_view ours) {
        out_ += ours;
        return *this;
    }
    // A text on one line, as content or as the value of an attribute in double quotes.
    Markup& text(std::string_view theirs, std::size_t limit = kProseLimit);
    // The same for HTML, where what stands in back-ticks becomes `code`.
    Markup& prose(std::string_view theirs);
    // The same as a line of content, which ends there.
    Markup& line(std::string_view theirs);
    // ` name="value"`
    Markup& attribute(std::string_view name, std::string_view value, std::size_t limit = kProseLimit);
    Markup& attribute(std::string_view name, std::size_t value);
    // `<tag>text</tag>`, where `tag` may have attributes of ours.
    Markup& element(std::string_view tag, std::string_view theirs, std::size_t limit = kProseLimit);
    Markup& element(std::string_view tag, std::size_t number);

    [[nodiscard]] std::size_t size() const { return out_.size(); }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::string out_;
};

// A text as it may stand in content and in attributes in double quotes. `text` has no controls (`printable`).
[[nodiscard]] std::string markup_escaped(std::string_view text);

}  // namespace keywright::report
