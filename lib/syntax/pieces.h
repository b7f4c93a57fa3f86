// What the formatter lays out: the tokens of a tree that count, each with the comments that stand before it.
//
// A template is one piece, with what stands in its holes. A comma that may be left out is no piece: the layout writes
// such commas itself. Widths are in Unicode scalars. Ranges are asked for their width, and for comments inside, in
// constant time.
#pragma once

#include "syntax/tree.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::syntax {

struct Comment {
    std::string_view text;  // with its slashes, without blanks at the end
    bool doc = false;
    bool own_line = false;      // only blanks stand before it on its line
    bool blank_before = false;  // an empty line stands right before it
};

struct Piece {
    std::string_view text;
    std::size_t width = 0;
    bool space_before = false;        // where it follows the piece before it on one line
    bool blank_before = false;        // an empty line stands right before it, behind the comments if there are any
    std::uint32_t first_comment = 0;  // into `Pieces::comments`
    std::uint32_t comment_count = 0;
};

// Pieces from `begin` up to `end`, exclusive.
struct PieceRange {
    std::size_t begin = 0;
    std::size_t end = 0;
    [[nodiscard]] bool empty() const { return begin == end; }
};

class Pieces {
public:
    explicit Pieces(const Tree& tree);

    // The last piece is empty; it holds the comments at the end of the file.
    [[nodiscard]] const Piece& at(std::size_t index) const { return pieces_[index]; }
    [[nodiscard]] const Comment& comment(std::size_t index) const { return comments_[index]; }
    // The pieces of an element; empty where it is a comma that is no piece.
    [[nodiscard]] PieceRange range(Cursor element) const;
    // The width on one line, without the blank before the first.
    [[nodiscard]] std::size_t width(PieceRange range) const;
    // Can stand on one line: no comment between its pieces, no line break in one.
    [[nodiscard]] bool flat(PieceRange range) const;
    // An empty line stands somewhere between the piece and the one before it.
    [[nodiscard]] bool parted(std::size_t piece) const;
    // A comment on a line of its own stands before the piece.
    [[nodiscard]] bool commented(std::size_t piece) const;

private:
    void add(std::string_view text, bool space_before);

    std::vector<Piece> pieces_;
    std::vector<Comment> comments_;
    std::vector<std::uint32_t> first_piece_;  // by element: pieces before it
    std::vector<std::size_t> width_before_;   // by piece: width of all pieces before it
    std::vector<std::uint32_t>
        breaks_before_;                  // by piece: comments before all pieces up to it, and pieces with line breaks
    std::deque<std::string> rewritten_;  // texts that differ from the source
};

// A comment's text, or a line's, without the blanks at its end.
[[nodiscard]] std::string_view without_trailing_blanks(std::string_view text);

// By element: a comma that the language lets one leave out, before a closing brace or behind a field.
[[nodiscard]] std::vector<bool> optional_commas(const Tree& tree);

}  // namespace keywright::syntax
