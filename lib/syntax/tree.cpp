#include "syntax/tree.h"

#include <algorithm>

namespace keywright::syntax {

std::string_view word(Kind kind) {
    switch (kind) {
#define KW_TOKEN(name) \
    case Kind::k##name: return #name;
#define KW_NODE(name) \
    case Kind::k##name: return #name;
#include "syntax/kinds.def"
#undef KW_TOKEN
#undef KW_NODE
    }
    return {};
}

std::vector<Cursor> Cursor::children() const {
    std::vector<Cursor> out;
    for (const Cursor c : *this) out.push_back(c);
    return out;
}

Cursor Cursor::child(Kind kind) const { return child(kind, 0); }

Cursor Cursor::child(Kind kind, std::size_t n) const {
    for (const Cursor c : *this) {
        if (c.kind() == kind && n-- == 0) return c;
    }
    return {};
}

std::string_view Cursor::token(Kind kind) const {
    const Cursor found = child(kind);
    return found ? found.text() : std::string_view{};
}

bool Cursor::has_word(std::string_view word) const {
    for (const Cursor c : *this) {
        if (c.kind() == Kind::kWord && c.text() == word) return true;
    }
    return false;
}

std::string Cursor::doc() const {
    const auto& elements = tree_->elements();
    std::vector<std::string_view> lines;
    for (std::size_t i = index_; i-- > 0;) {
        const Element& e = elements[i];
        if (!is_token(e.kind)) continue;  // a parent that begins here, or the head of the previous element
        if (e.kind == Kind::kSpace) {
            const auto space = tree_->text().substr(e.begin, e.end - e.begin);
            if (std::count(space.begin(), space.end(), '\n') > 1) break;  // a blank line parts them
            continue;
        }
        if (e.kind != Kind::kDocComment) break;
        std::string_view line = tree_->text().substr(e.begin + 3, e.end - e.begin - 3);
        if (!line.empty() && line.front() == ' ') line.remove_prefix(1);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
        lines.push_back(line);
    }
    std::string out;
    for (auto it = lines.rbegin(); it != lines.rend(); ++it) {
        if (!out.empty()) out += '\n';
        out += *it;
    }
    return out;
}

std::string dump(const Tree& tree) {
    std::string out;
    std::vector<std::size_t> ends;
    const auto& elements = tree.elements();
    for (std::size_t i = 0; i < elements.size(); ++i) {
        while (!ends.empty() && ends.back() <= i) ends.pop_back();
        const Element& e = elements[i];
        if (is_trivia(e.kind)) continue;
        out.append(2 * ends.size(), ' ');
        out += word(e.kind);
        if (is_token(e.kind)) {
            out += ' ';
            out += tree.text().substr(e.begin, e.end - e.begin);
        } else {
            ends.push_back(i + e.size);
        }
        out += '\n';
    }
    return out;
}

std::string reproduce(const Tree& tree) {
    std::string out;
    for (const Element& e : tree.elements()) {
        if (is_token(e.kind)) out += tree.text().substr(e.begin, e.end - e.begin);
    }
    return out;
}

std::vector<std::string_view> significant_tokens(const Tree& tree) {
    std::vector<std::string_view> out;
    for (const Element& e : tree.elements()) {
        if (is_token(e.kind) && !is_trivia(e.kind)) out.push_back(tree.text().substr(e.begin, e.end - e.begin));
    }
    return out;
}

}  // namespace keywright::syntax
