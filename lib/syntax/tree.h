// The lossless syntax tree of one rule file: every byte of the text belongs to exactly one token, blanks and comments
// included, so that the text can be reproduced from it.
//
// The tree is one vector in preorder. Each element knows how many elements its subtree has, so children are walked by
// skipping; nothing is allocated per node and nothing recurses. Blanks and comments follow the token they stand behind.
#pragma once

#include "base/source.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::syntax {

enum class Kind : std::uint8_t {
#define KW_TOKEN(name) k##name,
#define KW_NODE(name) k##name,
#include "syntax/kinds.def"
#undef KW_TOKEN
#undef KW_NODE
};

[[nodiscard]] std::string_view word(Kind kind);
[[nodiscard]] constexpr bool is_token(Kind kind) { return kind < Kind::kFile; }
[[nodiscard]] constexpr bool is_trivia(Kind kind) { return kind <= Kind::kDocComment; }

struct Element {
    Kind kind = Kind::kFile;
    std::uint32_t size = 1;   // elements of the subtree, itself included
    std::uint32_t begin = 0;  // bytes; of a node: its first token that is not trivia
    std::uint32_t end = 0;    // exclusive; of a node: its last token that is not trivia
};

class Tree {
public:
    Tree(base::FileId file, std::string_view text, std::vector<Element> elements)
        : file_(file), text_(text), elements_(std::move(elements)) {}

    [[nodiscard]] const std::vector<Element>& elements() const { return elements_; }
    [[nodiscard]] std::string_view text() const { return text_; }  // the whole file; owned by the SourceSet
    [[nodiscard]] base::FileId file() const { return file_; }

private:
    base::FileId file_;
    std::string_view text_;
    std::vector<Element> elements_;
};

// One element of a tree, as a light handle (valid while the tree is).
class Cursor {
public:
    Cursor() = default;
    Cursor(const Tree& tree, std::size_t index) : tree_(&tree), index_(index) {}

    [[nodiscard]] bool valid() const { return tree_ != nullptr; }
    [[nodiscard]] explicit operator bool() const { return valid(); }
    [[nodiscard]] Kind kind() const { return element().kind; }
    [[nodiscard]] std::size_t index() const { return index_; }
    [[nodiscard]] base::Span span() const { return {tree_->file(), element().begin, element().end}; }
    [[nodiscard]] std::string_view text() const {
        return tree_->text().substr(element().begin, element().end - element().begin);
    }
    [[nodiscard]] const Tree& tree() const { return *tree_; }

    // Children that are not trivia, in order.
    class Iterator {
    public:
        Iterator(const Tree* tree, std::size_t index, std::size_t end) : tree_(tree), index_(index), end_(end) {
            skip();
        }
        [[nodiscard]] Cursor operator*() const { return {*tree_, index_}; }
        Iterator& operator++() {
            index_ += tree_->elements()[index_].size;
            skip();
            return *this;
        }
        [[nodiscard]] bool operator!=(const Iterator& other) const { return index_ != other.index_; }

    private:
        void skip() {
            while (index_ < end_ && is_trivia(tree_->elements()[index_].kind)) ++index_;
        }
        const Tree* tree_;
        std::size_t index_, end_;
    };
    [[nodiscard]] Iterator begin() const { return {tree_, index_ + 1, index_ + element().size}; }
    [[nodiscard]] Iterator end() const { return {tree_, index_ + element().size, index_ + element().size}; }

    [[nodiscard]] std::vector<Cursor> children() const;
    // The first child of that kind, or an invalid cursor.
    [[nodiscard]] Cursor child(Kind kind) const;
    // The n-th child of that kind (0-based), or an invalid cursor.
    [[nodiscard]] Cursor child(Kind kind, std::size_t n) const;
    // The text of the first child token of that kind, or empty.
    [[nodiscard]] std::string_view token(Kind kind) const;
    // Has a child token `Word` with that text.
    [[nodiscard]] bool has_word(std::string_view word) const;
    // Text that was passed over follows on the same line: this is likely the beginning of something that isn't right.
    [[nodiscard]] bool cut_short() const {
        const std::size_t next = index_ + element().size;
        if (next >= tree_->elements().size() || tree_->elements()[next].kind != Kind::kError) return false;
        const std::size_t end = element().end;
        return tree_->text().substr(end, tree_->elements()[next].begin - end).find('\n') == std::string_view::npos;
    }
    // The doc comment that stands right before this element, without its slashes; lines joined by line feeds.
    [[nodiscard]] std::string doc() const;

private:
    [[nodiscard]] const Element& element() const { return tree_->elements()[index_]; }
    const Tree* tree_ = nullptr;
    std::size_t index_ = 0;
};

// Kinds, nesting and token texts, one line an element, trivia left out: for tests.
[[nodiscard]] std::string dump(const Tree& tree);

// The text the tree was parsed from, put together from its tokens.
[[nodiscard]] std::string reproduce(const Tree& tree);

// The texts of all tokens that are not trivia: equal for two texts that differ in layout and comments alone.
[[nodiscard]] std::vector<std::string_view> significant_tokens(const Tree& tree);

}  // namespace keywright::syntax
