#include "syntax/format.h"

#include "base/source.h"
#include "diag/diag.h"
#include "syntax/layout.h"
#include "syntax/parse.h"
#include "syntax/pieces.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace keywright::syntax {

namespace {

bool has_errors(const Tree& tree) {
    return std::any_of(tree.elements().begin(), tree.elements().end(),
                       [](const Element& e) { return e.kind == Kind::kError || e.kind == Kind::kJunk; });
}

// One element as far as it means something.
struct Mark {
    Kind kind = Kind::kFile;
    std::size_t size = 0;   // marks of its subtree
    std::string_view text;  // of a token
    std::string doc;        // the doc comment right before a token that isn't punctuation
    friend bool operator==(const Mark&, const Mark&) = default;
};

struct Meaning {
    std::vector<Mark> marks;
    std::vector<std::string_view> comments;
};

Meaning meaning_of(const Tree& tree) {
    const auto& elements = tree.elements();
    const std::vector<bool> optional = optional_commas(tree);
    std::vector<std::size_t> before(elements.size() + 1, 0);  // marks before each element
    for (std::size_t i = 0; i < elements.size(); ++i) {
        before[i + 1] = before[i] + (is_trivia(elements[i].kind) || optional[i] ? 0 : 1);
    }
    Meaning out;
    out.marks.reserve(before.back());
    std::string doc;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const Kind kind = elements[i].kind;
        const std::string_view text = Cursor{tree, i}.text();
        if (kind == Kind::kSpace) {  // an empty line parts a doc comment from what follows
            if (std::count(text.begin(), text.end(), '\n') > 1) doc.clear();
            continue;
        }
        if (is_trivia(kind)) {
            out.comments.push_back(without_trailing_blanks(text));
            if (kind == Kind::kComment) doc.clear();
            if (kind == Kind::kDocComment) doc.append(out.comments.back()) += '\n';
            continue;
        }
        Mark mark;
        mark.kind = kind;
        mark.size = before[i + elements[i].size] - before[i];
        if (is_token(kind)) {
            mark.text = text;
            if (kind != Kind::kPunctuation) mark.doc = std::move(doc);
            doc.clear();
        }
        if (!optional[i]) out.marks.push_back(std::move(mark));
    }
    return out;
}

}  // namespace

bool same_meaning(const Tree& left, const Tree& right) {
    const Meaning a = meaning_of(left);
    const Meaning b = meaning_of(right);
    return a.marks == b.marks && a.comments == b.comments;
}

FormatResult format(const Tree& tree, const Limits& limits) {
    if (has_errors(tree)) return {};
    std::string text = lay_out(tree);
    if (text.size() >= std::numeric_limits<std::uint32_t>::max()) return {};  // offsets in a tree have 32 bits

    Limits again = limits;
    again.rule_file_bytes = text.size();  // the result may be longer than its source
    base::SourceSet sources;
    const base::FileId id = sources.add({}, std::move(text));
    diag::Sink sink(1);
    const Tree result = parse(sources, id, again, sink);
    if (has_errors(result) || !same_meaning(tree, result)) return {};
    return {std::string{result.text()}};
}

}  // namespace keywright::syntax
