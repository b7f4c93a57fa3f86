#include "report/markup.h"

#include "keywright/text.h"

namespace keywright::report {

std::string markup_escaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (text[i]) {
            case '&': out += "&amp;"; continue;
            case '<': out += "&lt;"; continue;
            case '>': out += "&gt;"; continue;
            case '"': out += "&quot;"; continue;
            default: break;
        }
        // Of what has a visible form, XML 1.0 forbids only these two.
        const std::string_view rest = text.substr(i);
        if (rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf")) {
            out += rest[2] == '\xbe' ? "\\u{fffe}" : "\\u{ffff}";
            i += 2;
            continue;
        }
        out += text[i];
    }
    return out;
}

Markup& Markup::text(std::string_view theirs, std::size_t limit) {
    return raw(markup_escaped(printable(theirs, limit)));
}

Markup& Markup::prose(std::string_view theirs) {
    const std::string shown = printable(theirs, kProseLimit);
    std::string_view rest = shown;
    while (true) {
        const std::size_t open = rest.find('`');
        const std::size_t close = open == std::string_view::npos ? open : rest.find('`', open + 1);
        if (close == std::string_view::npos) return raw(markup_escaped(rest));
        raw(markup_escaped(rest.substr(0, open))).raw("<code>");
        raw(markup_escaped(rest.substr(open + 1, close - open - 1))).raw("</code>");
        rest.remove_prefix(close + 1);
    }
}

Markup& Markup::line(std::string_view theirs) {
    return raw(markup_escaped(printable_line(theirs, kProseLimit))).raw("\n");
}

Markup& Markup::attribute(std::string_view name, std::string_view value, std::size_t limit) {
    return raw(" ").raw(name).raw("=\"").text(value, limit).raw("\"");
}

Markup& Markup::attribute(std::string_view name, std::size_t value) { return attribute(name, std::to_string(value)); }

Markup& Markup::element(std::string_view tag, std::string_view theirs, std::size_t limit) {
    raw("<").raw(tag).raw(">").text(theirs, limit);
    return raw("</").raw(tag.substr(0, tag.find(' '))).raw(">");
}

Markup& Markup::element(std::string_view tag, std::size_t number) { return element(tag, std::to_string(number)); }

}  // namespace keywright::report
