#include "syntax/pieces.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace keywright::syntax {

namespace {

// The kind of every element's parent.
std::vector<Kind> parent_kinds(const Tree& tree) {
    const auto& elements = tree.elements();
    std::vector<Kind> out(elements.size(), Kind::kFile);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        while (!open.empty() && open.back() + elements[open.back()].size <= i) open.pop_back();
        if (!open.empty()) out[i] = elements[open.back()].kind;
        if (!is_token(elements[i].kind)) open.push_back(i);
    }
    return out;
}

std::string_view text_of(const Tree& tree, std::size_t index) { return Cursor{tree, index}.text(); }

// The next token that counts, or the number of elements.
std::size_t next_token(const Tree& tree, std::size_t index) {
    const auto& elements = tree.elements();
    for (++index; index < elements.size(); ++index) {
        if (is_token(elements[index].kind) && !is_trivia(elements[index].kind)) break;
    }
    return index;
}

// Behind a number or `instant` these would be read as part of the field before, were there no comma: `a: instant,
// epoch: int`.
bool continues_field(std::string_view word) {
    static constexpr auto kWords =
        std::to_array<std::string_view>({"epoch", "millisecond", "milliseconds", "second", "seconds", "minute",
                                         "minutes", "hour", "hours", "day", "days", "week", "weeks"});
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool is_one_of(std::string_view text, std::string_view characters) {
    return text.size() == 1 && characters.find(text.front()) != std::string_view::npos;
}

struct Neighbour {
    std::string_view text;
    bool punctuation = false;
    Kind parent = Kind::kFile;
};

// Whether a blank stands between two tokens on one line.
bool blank_between(const Neighbour& left, const Neighbour& right) {
    if (right.punctuation) {
        if (is_one_of(right.text, ",:?).") || right.text == "..") return false;
        if (right.text == "(" && right.parent == Kind::kCall) return false;
        if (right.text == "}" && ((left.punctuation && left.text == "{") || right.parent == Kind::kSetLiteral))
            return false;
    }
    if (left.punctuation) {
        if (is_one_of(left.text, "(.") || left.text == "..") return false;
        if (left.text == "{" && left.parent == Kind::kSetLiteral) return false;
        if (left.text == "-" && (left.parent == Kind::kLiteral || left.parent == Kind::kType)) return false;
    }
    return true;
}

// A template that holds line breaks: they stand between the tokens of a hole, so blanks before them mean nothing.
std::string trim_lines(std::string_view text) {
    std::string out;
    while (true) {
        const std::size_t stop = text.find('\n');
        if (stop == std::string_view::npos) break;
        out += without_trailing_blanks(text.substr(0, stop));
        out += '\n';
        text.remove_prefix(stop + 1);
    }
    out += text;
    return out;
}

}  // namespace

std::string_view without_trailing_blanks(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

std::vector<bool> optional_commas(const Tree& tree) {
    const auto& elements = tree.elements();
    const std::vector<Kind> parents = parent_kinds(tree);
    std::vector<bool> out(elements.size(), false);
    for (std::size_t i = 0; i < elements.size(); ++i) {
        if (elements[i].kind != Kind::kPunctuation || text_of(tree, i) != ",") continue;
        const std::size_t next = next_token(tree, i);
        out[i] = parents[i] == Kind::kField ||
                 (next < elements.size() && elements[next].kind == Kind::kPunctuation && text_of(tree, next) == "}");
    }
    return out;
}

Pieces::Pieces(const Tree& tree) {
    const auto& elements = tree.elements();
    const std::vector<Kind> parents = parent_kinds(tree);
    const std::vector<bool> optional = optional_commas(tree);
    first_piece_.assign(elements.size() + 1, 0);

    Neighbour previous;
    std::uint32_t comments_taken = 0;
    std::size_t line_breaks = 1;  // since the last token or comment; the file begins a line
    bool blank = false;
    const auto finish_gap = [&](Piece& piece) {
        piece.first_comment = comments_taken;
        piece.comment_count = static_cast<std::uint32_t>(comments_.size()) - comments_taken;
        piece.blank_before = blank;
        comments_taken = static_cast<std::uint32_t>(comments_.size());
    };
    const auto reset_gap = [&] {
        line_breaks = 0;
        blank = false;
    };

    for (std::size_t i = 0; i < elements.size(); ++i) {
        first_piece_[i] = static_cast<std::uint32_t>(pieces_.size());
        const Element& e = elements[i];
        const std::string_view text = text_of(tree, i);
        if (e.kind == Kind::kSpace) {
            line_breaks += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
            blank = line_breaks > 1;
            continue;
        }
        if (is_trivia(e.kind)) {
            comments_.push_back({without_trailing_blanks(text), e.kind == Kind::kDocComment, line_breaks > 0, blank});
            reset_gap();
            continue;
        }
        const bool is_template = e.kind == Kind::kTemplate;
        if (!is_token(e.kind) && !is_template) continue;
        // A comma goes before the comments that stand before it, unless that would make a doc comment belong to what
        // follows.
        const bool jumps =
            e.kind == Kind::kPunctuation && text == "," &&
            std::none_of(comments_.begin() + comments_taken, comments_.end(), [](const Comment& c) { return c.doc; });
        if (optional[i] && jumps) {
            const std::size_t next = next_token(tree, i);
            const bool needed =
                parents[i] == Kind::kField && next < elements.size() && continues_field(text_of(tree, next));
            if (!needed) {
                reset_gap();
                continue;
            }
        }
        const Neighbour here{text, e.kind == Kind::kPunctuation, parents[i]};
        std::string_view shown = text;
        if (is_template && text.find('\n') != std::string_view::npos) {
            rewritten_.push_back(trim_lines(text));
            shown = rewritten_.back();
        }
        add(shown, !pieces_.empty() && blank_between(previous, here));
        if (jumps) {
            pieces_.back().first_comment = comments_taken;
        } else {
            finish_gap(pieces_.back());
        }
        reset_gap();
        previous = here;
        if (is_template) {  // what is left of its elements is the white space behind it
            std::size_t last = i + e.size - 1;
            while (is_trivia(elements[last].kind)) --last;
            for (; i < last; ++i) first_piece_[i + 1] = static_cast<std::uint32_t>(pieces_.size());
        }
    }
    first_piece_[elements.size()] = static_cast<std::uint32_t>(pieces_.size());
    add({}, false);
    finish_gap(pieces_.back());

    width_before_.assign(pieces_.size() + 1, 0);
    breaks_before_.assign(pieces_.size() + 1, 0);
    std::uint32_t breaks = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        const Piece& piece = pieces_[i];
        width_before_[i + 1] = width_before_[i] + piece.width + (piece.space_before ? 1 : 0);
        breaks += piece.comment_count;
        breaks_before_[i] = breaks;
        if (piece.text.find('\n') != std::string_view::npos) ++breaks;
    }
    breaks_before_[pieces_.size()] = breaks;
}

void Pieces::add(std::string_view text, bool space_before) {
    Piece piece;
    piece.text = text;
    piece.width = base::count_scalars(text);
    piece.space_before = space_before;
    pieces_.push_back(piece);
}

PieceRange Pieces::range(Cursor element) const {
    const std::size_t size = element.tree().elements()[element.index()].size;
    return {first_piece_[element.index()], first_piece_[element.index() + size]};
}

std::size_t Pieces::width(PieceRange range) const {
    if (range.empty()) return 0;
    return width_before_[range.end] - width_before_[range.begin] - (pieces_[range.begin].space_before ? 1 : 0);
}

bool Pieces::flat(PieceRange range) const {
    if (range.empty()) return true;
    const bool last_breaks = pieces_[range.end - 1].text.find('\n') != std::string_view::npos;
    return breaks_before_[range.end - 1] == breaks_before_[range.begin] && !last_breaks;
}

bool Pieces::parted(std::size_t piece) const {
    const Piece& p = pieces_[piece];
    if (p.blank_before) return true;
    for (std::size_t i = 0; i < p.comment_count; ++i) {
        if (comments_[p.first_comment + i].blank_before) return true;
    }
    return false;
}

bool Pieces::commented(std::size_t piece) const {
    const Piece& p = pieces_[piece];
    return p.comment_count > 0 && (p.comment_count > 1 || comments_[p.first_comment].own_line);
}

}  // namespace keywright::syntax
