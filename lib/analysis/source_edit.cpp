#include "analysis/source_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace keywright::analysis {

using ir::NodeId;
using ir::Op;

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool contains(const ir::Span& outer, const ir::Span& inner) {
    return outer.file == inner.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

// Links of a chain `a < b < c` overlap; alone, one of them has no text of its own.
bool is_chain(const ir::Module& module, const ir::Node& node) {
    if (node.op != Op::kAnd) return false;
    const auto operands = module.list(node);
    for (std::size_t i = 1; i < operands.size(); ++i) {
        if (module.node(operands[i]).span.begin < module.node(operands[i - 1]).span.end) return true;
    }
    return false;
}

// Past blanks and comments.
std::uint32_t skip(std::string_view text, std::uint32_t at) {
    while (at < text.size()) {
        if (is_space(text[at])) {
            ++at;
        } else if (text.substr(at, 2) == "//") {
            at = static_cast<std::uint32_t>(std::min(text.find('\n', at), text.size()));
        } else {
            break;
        }
    }
    return at;
}

// Past a string that begins here.
std::uint32_t skip_string(std::string_view text, std::uint32_t at) {
    for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at) {
        if (text[at] == '\\') ++at;
    }
    return at < text.size() ? at + 1 : at;
}

}  // namespace

std::string_view SourceEdits::text_of(base::FileId file) const {
    if (sources_ == nullptr || !file.valid() || file.index() >= sources_->size()) return {};
    return sources_->file(file).text();
}

std::string SourceEdits::text(const ir::Module& module, NodeId node) const { return ir::to_source(module, node); }

// The word in front of a place, past blanks, comments on lines of their own, and parentheses that are opened.
SourceEdits::Word SourceEdits::word_before(base::FileId file, std::uint32_t offset) const {
    const std::string_view text = text_of(file);
    Word out;
    std::size_t at = offset;
    while (at > 0) {
        const char c = text[at - 1];
        if (c == '(') {
            ++out.parentheses;
            --at;
        } else if (c == '\n') {
            // The line that ends here may end in a comment.
            --at;
            const std::size_t start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
            const std::string_view line = text.substr(start, at - start);
            const std::size_t comment = line.find("//");
            if (comment != std::string_view::npos && line.substr(0, comment).find('"') == std::string_view::npos)
                at = start + comment;
        } else if (is_space(c)) {
            --at;
        } else {
            break;
        }
    }
    std::size_t begin = at;
    while (begin > 0 && is_name(text[begin - 1])) --begin;
    out.text = text.substr(begin, at - begin);
    out.begin = static_cast<std::uint32_t>(begin);
    return out;
}

bool SourceEdits::is_forbidden(NodeId root, const ir::Module& module) const {
    const ir::Span span = module.node(root).span;
    return span.valid() && sources_ != nullptr && word_before(span.file, span.begin).text == "forbid";
}

SourceEdit SourceEdits::replaced(const ir::Module& module, NodeId root, NodeId node,
                                 const std::function<NodeId(NodeId)>& around,
                                 const std::function<NodeId(NodeId)>& now) const {
    NodeId at = node;
    while (at != root) {
        const NodeId outer = around(at);
        if (!outer.valid()) break;
        const ir::Span &inner_span = module.node(at).span, &outer_span = module.node(outer).span;
        const bool has_text = inner_span.valid() && contains(outer_span, inner_span) && inner_span != outer_span;
        if (has_text && !is_chain(module, module.node(outer))) break;
        at = outer;
    }
    const NodeId after = now(at);
    SourceEdit out;
    out.span = module.node(at).span;
    if (!out.span.valid() || sources_ == nullptr) return {{}, text(module, at), text(module, after)};
    out.before = std::string{sources_->text(out.span)};
    if (at == root && is_forbidden(root, module)) {
        // What is forbidden is written without the `not` that the IR has.
        const ir::Node& changed = module.node(after);
        if (changed.op == Op::kNot) {
            out.after = text(module, NodeId{changed.a});
        } else {
            const bool binds = ir::binding(module, after) >= ir::binding_of_condition();
            out.after = fmt::format(fmt::runtime(binds ? "not {}" : "not ({})"), text(module, after));
        }
        return out;
    }
    out.after = text(module, after);
    const NodeId outer = at == root ? NodeId{} : around(at);
    const bool is_operand = outer.valid() && (module.node(outer).op == Op::kAnd || module.node(outer).op == Op::kOr);
    const bool stands_free = !outer.valid() || (is_operand && ir::binding(module, after) >= ir::binding_of_condition());
    const std::string_view source = text_of(out.span.file);
    const bool is_wrapped = out.span.begin > 0 && source[out.span.begin - 1] == '(' && out.span.end < source.size() &&
                            source[out.span.end] == ')';
    if (!stands_free && !is_wrapped && ir::binding(module, after) < ir::binding(module, at))
        out.after = '(' + out.after + ')';
    return out;
}

SourceEdit SourceEdits::without_clause(const ir::Module& module, std::string_view word, NodeId root,
                                       const std::vector<ir::Citation>& cites) const {
    const ir::Span span = module.node(root).span;
    SourceEdit out{{}, fmt::format("{} {}", word, text(module, root)), {}};
    if (sources_ == nullptr || !span.valid()) return out;
    const std::string_view source = text_of(span.file);
    const Word keyword = word_before(span.file, span.begin);
    if (keyword.text != word && !(word == "require" && keyword.text == "forbid")) return out;
    std::uint32_t end = span.end;
    for (std::uint32_t open = keyword.parentheses; open > 0; --open) {
        const std::uint32_t next = skip(source, end);
        if (next < source.size() && source[next] == ')') end = next + 1;
    }
    for (const ir::Citation& citation : cites) end = std::max(end, citation.span.end);
    out.span = {span.file, keyword.begin, end};
    out.before = std::string{source.substr(keyword.begin, end - keyword.begin)};
    return out;
}

SourceEdit SourceEdits::without_warning(const ir::Module& module, const ir::Expiry& expiry) const {
    SourceEdit out{{}, fmt::format("warn {} before", text(module, expiry.warn_before)), {}};
    const ir::Span span = module.node(expiry.warn_before).span;
    if (sources_ == nullptr || !span.valid()) return out;
    const Word keyword = word_before(span.file, span.begin);
    if (keyword.text != "warn") return out;
    const std::string_view source = text_of(span.file);
    std::uint32_t begin = keyword.begin;
    while (begin > 0 && (source[begin - 1] == ' ' || source[begin - 1] == '\t')) --begin;
    out.span = {span.file, begin, expiry.span.end};
    out.before = std::string{source.substr(begin, expiry.span.end - begin)};
    return out;
}

SourceEdit SourceEdits::severity(const ir::Rule& rule, Severity severity) const {
    SourceEdit out{{},
                   fmt::format("severity {}", keywright::to_string(rule.severity)),
                   fmt::format("severity {}", keywright::to_string(severity))};
    if (sources_ == nullptr || !rule.span.valid()) return out;
    const std::string_view source = text_of(rule.span.file);
    std::uint32_t open = 0;
    std::uint32_t depth = 0;
    for (std::uint32_t at = skip(source, rule.span.end); at < source.size(); at = skip(source, at)) {
        if (source[at] == '"') {
            at = skip_string(source, at);
        } else if (source[at] == '{') {
            if (depth++ == 0) open = at;
            ++at;
        } else if (source[at] == '}') {
            if (--depth == 0) break;
            ++at;
        } else if (is_name(source[at])) {
            std::uint32_t end = at;
            while (end < source.size() && is_name(source[end])) ++end;
            if (depth == 1 && source.substr(at, end - at) == "severity") {
                const std::uint32_t level = skip(source, end);
                std::uint32_t stop = level;
                while (stop < source.size() && is_name(source[stop])) ++stop;
                // The word may also be a field; a severity is followed by the level that the rule has.
                if (source.substr(level, stop - level) == keywright::to_string(rule.severity)) {
                    out.span = {rule.span.file, level, stop};
                    out.before = std::string{source.substr(level, stop - level)};
                    out.after = std::string{keywright::to_string(severity)};
                    return out;
                }
            }
            at = end;
        } else {
            ++at;
        }
    }
    // It isn't written down, so it would be added.
    out.span = {rule.span.file, open, open + 1};
    out.before = "{";
    out.after = fmt::format("{{ severity {}", keywright::to_string(severity));
    return out;
}

SourceEdit SourceEdits::param(const ir::Param& param, const std::string& before, const std::string& after) const {
    SourceEdit out{{}, before, after};
    // A value that was set elsewhere isn't changed by an edit of the declaration.
    if (sources_ == nullptr || !param.span.valid() || param.value != param.declared_value) return out;
    const std::string_view source = text_of(param.span.file);
    std::uint32_t at = skip(source, param.span.end);
    for (std::uint32_t depth = 0; at < source.size() && (source[at] != '=' || depth > 0); at = skip(source, at + 1)) {
        if (source[at] == '{') ++depth;  // of a type
        if (source[at] == '}') --depth;
    }
    if (at >= source.size()) return out;
    at = skip(source, at + 1);
    std::uint32_t end = at;
    if (end < source.size() && source[end] == '{') {
        while (end < source.size() && source[end] != '}') end = source[end] == '"' ? skip_string(source, end) : end + 1;
        end = std::min(end + 1, static_cast<std::uint32_t>(source.size()));
    } else if (end < source.size() && source[end] == '"') {
        end = skip_string(source, end);
    } else {
        while (end < source.size() && source[end] != '\n' && source.substr(end, 2) != "//") ++end;
        while (end > at && is_space(source[end - 1])) --end;
    }
    out.span = {param.span.file, at, end};
    out.before = std::string{source.substr(at, end - at)};
    return out;
}

}  // namespace keywright::analysis
