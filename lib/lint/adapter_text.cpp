#include "lint/adapter_text.h"

#include <algorithm>

namespace keywright::lint {

namespace {

using syntax::Cursor;
using syntax::Kind;

// The line above begins with a comment, or one stands on the clause's own lines.
bool is_explained(const Subject& subject, Cursor clause) {
    const std::string_view text = subject.sources.file(clause.span().file).text();
    const std::size_t line = text.rfind('\n', clause.span().begin);
    if (line != std::string_view::npos && line > 0) {
        const std::size_t before = text.rfind('\n', line - 1);
        std::string_view above = text.substr(before + 1, line - before - 1);
        const std::size_t first = above.find_first_not_of(" \t");
        if (first != std::string_view::npos && above.substr(first).starts_with("//")) return true;
    }
    const std::size_t end = std::min(text.find('\n', clause.span().end), text.size());
    const std::vector<syntax::Element>& all = clause.tree().elements();
    for (std::size_t i = clause.index(); i < all.size() && all[i].begin < end; ++i) {
        if (all[i].kind == Kind::kComment || all[i].kind == Kind::kDocComment) return true;
    }
    return false;
}

std::string pointer_of(Cursor pointer) {
    if (const Cursor name = pointer.child(Kind::kName)) return "/" + std::string{name.text()};
    std::string_view text = pointer.text();
    if (text.size() < 2) return {};
    return std::string{text.substr(1, text.size() - 2)};
}

}  // namespace

std::vector<PassedOver> passed_over(const Subject& subject, const ir::Adapter& adapter) {
    std::vector<PassedOver> out;
    const Cursor item = subject.item_at(adapter.span);
    if (!item || item.kind() != Kind::kAdapter) return out;
    for (const Cursor clause : item) {
        if (clause.kind() != Kind::kIgnore && clause.kind() != Kind::kBeside) continue;
        PassedOver& one = out.emplace_back();
        one.clause = clause;
        one.in_record = clause.kind() == Kind::kIgnore;
        one.explained = is_explained(subject, clause);
        for (const Cursor c : clause) {
            if (c.kind() == Kind::kPointer) one.pointers.emplace_back(pointer_of(c), c.span());
        }
    }
    return out;
}

std::string_view last_of(std::string_view pointer) { return pointer.substr(pointer.rfind('/') + 1); }

std::string without_style(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z') {
            out += static_cast<char>(c - 'A' + 'a');
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out += c;
        }
    }
    if (out.size() > 1 && out.back() == 's') out.pop_back();
    return out;
}

}  // namespace keywright::lint
