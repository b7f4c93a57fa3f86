#include "lint/removal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keywright::lint {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

base::Span whole_item(const Subject& subject, syntax::Cursor item) {
    const std::string_view text = subject.sources.file(item.span().file).text();
    const std::vector<syntax::Element>& all = item.tree().elements();
    std::size_t begin = item.span().begin;  // of its doc comment, where it has one
    for (std::size_t i = item.index(); i-- > 0 && is_trivia(all[i].kind);) {
        if (all[i].kind == syntax::Kind::kComment) break;
        if (all[i].kind == syntax::Kind::kDocComment) begin = all[i].begin;
    }
    const std::size_t own = begin;
    while (begin > 0 && is_blank(text[begin - 1])) --begin;
    std::size_t end = item.span().end;
    std::size_t after = end;
    while (after < text.size() && is_blank(text[after])) ++after;
    if (text.substr(after, 2) == "//") after = std::min(text.find('\n', after), text.size());
    const bool first_on_line = begin == 0 || text[begin - 1] == '\n';
    if (after == text.size()) {
        end = after;
    } else if (text[after] == '\n') {
        end = first_on_line ? after + 1 : after;
    }
    // Another item stands before it or behind it on the line: that one keeps its blanks.
    if (!first_on_line || end == item.span().end) begin = own;
    return {item.span().file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

base::Span removable(const Subject& subject, base::Span name) {
    const syntax::Cursor item = subject.item_at(name);
    if (!item) return {};
    using enum syntax::Kind;
    if (item.kind() != kParam && item.kind() != kDefine && item.kind() != kSample) return {};
    if (item.child(kName).span() != name) return {};
    return whole_item(subject, item);
}

}  // namespace keywright::lint
