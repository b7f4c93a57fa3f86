#include "syntax/layout.h"

#include "syntax/page.h"
#include "syntax/pieces.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace keywright::syntax {

namespace {

constexpr std::size_t kIndent = 4;
// Deeper nesting isn't indented further, and wider names, types and conditions stand outside the columns of their
// neighbours: both bound the size of the result.
constexpr std::size_t kDeepestIndent = 80;
constexpr std::size_t kWidestName = 40;
constexpr std::size_t kWidestType = 24;
constexpr std::size_t kWidestCondition = 72;
constexpr std::size_t kWidestCell = 60;

std::size_t deeper(std::size_t indent) { return std::min(indent + kIndent, kDeepestIndent); }
std::size_t shallower(std::size_t indent) { return indent < kIndent ? 0 : indent - kIndent; }

bool is(Cursor element, std::string_view text) { return is_token(element.kind()) && element.text() == text; }
bool is_comma(Cursor element) { return element.kind() == Kind::kPunctuation && element.text() == ","; }

// What stands before the first thing of a line.
enum class Blank : std::uint8_t {
    kNone,
    kKept,  // an empty line where the source has one
    kForced,
};

// What stands before the next piece.
struct Request {
    enum class Kind : std::uint8_t { kNothing, kSpace, kColumn, kLine } kind = Kind::kNothing;
    std::size_t column = 0;          // of kColumn and kLine
    std::size_t comment_indent = 0;  // of comments before a new line
    Blank blank = Blank::kNone;
    bool closes = false;  // a closing brace, or the end of the file
};

enum class Spread : std::uint8_t { kFilled, kOneALine };

// The part of an entry that is padded, so that what follows stands in a column with that of neighbours of the same
// group. The heads of group 0 share nothing.
struct Head {
    int group = 0;
    std::size_t width = 0;
};

using Children = std::vector<Cursor>;

class Layout {
public:
    explicit Layout(const Tree& tree) : tree_(&tree), pieces_(tree) {}
    std::string run();

private:
    // --- pieces: `hang` is the indent of what goes on after a line break in the middle of something ---
    void flush(std::size_t hang);
    void put(std::size_t hang);
    void put_until(std::size_t end, std::size_t hang);
    void line(std::size_t indent, Blank blank) { request_ = {Request::Kind::kLine, indent, indent, blank, false}; }
    void closing_line(std::size_t indent, Blank blank) {
        request_ = {Request::Kind::kLine, indent, deeper(indent), blank, true};
    }
    void column(std::size_t at) { request_ = {Request::Kind::kColumn, at, 0, Blank::kKept, false}; }

    // --- measures ---
    [[nodiscard]] PieceRange range(Cursor element) const { return pieces_.range(element); }
    [[nodiscard]] std::size_t width(Cursor element) const { return pieces_.width(range(element)); }
    [[nodiscard]] bool fits(PieceRange r, std::size_t at, std::size_t tail) const {
        return pieces_.flat(r) && at + pieces_.width(r) + tail <= kPageWidth;
    }
    // The pieces from the next one up to the end of `element`, behind a blank.
    [[nodiscard]] bool fits_behind(Cursor element, std::size_t tail) const {
        return pieces_.at(next_).comment_count == 0 && fits({next_, range(element).end}, page_.column() + 1, tail);
    }
    [[nodiscard]] Children children(Cursor element) const;

    // --- constructs: `tail` is the width of what must follow on the same line ---
    void node(Cursor element, std::size_t hang, std::size_t tail);
    void sequence(const Children& parts, std::size_t from, std::size_t hang, std::size_t tail);
    void chain(const Children& parts, std::size_t hang, std::size_t tail);
    void relation(const Children& parts, std::size_t hang, std::size_t tail);
    void quantified(const Children& parts, std::size_t hang, std::size_t tail);
    void braced(const Children& parts, std::size_t from, std::size_t hang, std::size_t tail, Spread spread);
    void list(const Children& parts, std::size_t from, std::size_t hang, std::size_t tail);
    void type(Cursor element, std::size_t hang, std::size_t tail);

    // --- clauses ---
    void clause(Cursor element, std::size_t indent, std::size_t keyword_width, std::size_t condition_width);
    void conditional(const Children& parts, std::size_t from, std::size_t hang, std::size_t condition_width);
    void reasoned(const Children& parts, std::size_t hang);
    void document_clause(Cursor element, std::size_t indent, std::size_t id_width, std::size_t kind_width);
    void field(Cursor element, std::size_t indent, std::size_t name_width, std::size_t type_width);
    void source(Cursor element, std::size_t indent, std::size_t path_width);
    void assignment(Cursor element, std::size_t shared_head);
    void for_clause(const Children& parts, std::size_t hang);
    void row(const Children& parts, std::size_t indent, const std::vector<std::size_t>& widths);
    void table(Cursor element, std::size_t indent);

    // --- bodies and items ---
    // Columns shared by neighbours: for each element the width that its head, as `measure` tells it, is padded to.
    template <class Measure>
    [[nodiscard]] std::vector<std::size_t> shared_widths(const Children& elements, std::size_t widest,
                                                         bool comments_part, Measure measure) const;
    void entries(const Children& parts, std::size_t indent, Kind owner);
    void body(const Children& parts, std::size_t from, std::size_t indent, Kind owner);
    void prove(const Children& parts);
    [[nodiscard]] std::size_t head_width(Cursor element) const;
    void item(Cursor element, std::size_t shared_head);

    const Tree* tree_;
    Pieces pieces_;
    Page page_;
    std::size_t next_ = 0;
    bool flushed_ = false;
    Request request_{Request::Kind::kLine, 0, 0, Blank::kNone, false};
};

// --- pieces ---------------------------------------------------------------------------------------------------------

// Writes what stands before the next piece: its comments, and the blank or line break that was asked for.
void Layout::flush(std::size_t hang) {
    if (flushed_) return;
    flushed_ = true;
    const Piece& piece = pieces_.at(next_);
    const bool new_line = request_.kind == Request::Kind::kLine;
    if (piece.comment_count == 0 && !new_line) {
        if (request_.kind == Request::Kind::kSpace) page_.pad(page_.column() + 1);
        if (request_.kind == Request::Kind::kColumn) page_.pad(request_.column);
        return;
    }
    const std::size_t indent = new_line ? request_.column : hang;
    const std::size_t comment_indent = new_line ? request_.comment_indent : hang;
    const Blank policy = new_line ? request_.blank : Blank::kKept;
    const bool forces = policy == Blank::kForced && !pieces_.parted(next_);

    bool first = true;  // of the lines
    for (std::size_t i = 0; i < piece.comment_count; ++i) {
        const Comment& comment = pieces_.comment(piece.first_comment + i);
        if (i == 0 && !comment.own_line && !page_.empty()) {
            page_.add_comment(comment.text);
            // An empty line behind a doc comment parts it from what follows, so none is added and none taken away.
            if (comment.doc) first = false;
            continue;
        }
        bool blank = comment.blank_before;
        if (first) blank = forces || (blank && policy != Blank::kNone);
        page_.begin_line(comment_indent, blank);
        page_.add(comment.text, 0);
        first = false;
    }
    if (piece.text.empty()) return;  // the end of the file
    bool blank = piece.blank_before;
    if (first) blank = forces || (blank && policy != Blank::kNone && (new_line || piece.comment_count > 0));
    page_.begin_line(indent, blank && !request_.closes);
}

void Layout::put(std::size_t hang) {
    flush(hang);
    const Piece& piece = pieces_.at(next_);
    page_.add(piece.text, piece.width);
    ++next_;
    flushed_ = false;
    request_ = {};
    if (pieces_.at(next_).space_before) request_.kind = Request::Kind::kSpace;
}

void Layout::put_until(std::size_t end, std::size_t hang) {
    while (next_ < end) put(hang);
}

Children Layout::children(Cursor element) const {
    Children out;
    for (const Cursor child : element) {
        if (!range(child).empty()) out.push_back(child);
    }
    return out;
}

// --- constructs -----------------------------------------------------------------------------------------------------

void Layout::node(Cursor element, std::size_t hang, std::size_t tail) {
    flush(hang);
    const PieceRange r = range(element);
    const Kind kind = element.kind();
    const bool whole = is_token(kind) || kind == Kind::kTemplate;
    if (whole || fits(r, page_.column(), tail)) return put_until(r.end, hang);
    const Children parts = children(element);
    if (kind == Kind::kImplies || kind == Kind::kOr || kind == Kind::kAnd || kind == Kind::kSum ||
        kind == Kind::kElse) {
        return chain(parts, hang, tail);
    }
    if (kind == Kind::kRelation || kind == Kind::kAssume) return relation(parts, hang, tail);
    if (kind == Kind::kQuantified) return quantified(parts, hang, tail);
    if (kind == Kind::kSetLiteral) return braced(parts, 0, hang, tail, Spread::kFilled);
    if (kind == Kind::kRecord) return braced(parts, 0, hang, tail, Spread::kOneALine);
    if (kind == Kind::kMap || kind == Kind::kMatch) {
        const auto brace = std::find_if(parts.begin(), parts.end(), [](Cursor c) { return is(c, "{"); });
        const auto from = static_cast<std::size_t>(brace - parts.begin());
        for (std::size_t i = 0; i < from; ++i) node(parts[i], hang, 2);
        return braced(parts, from, hang, tail, kind == Kind::kMap ? Spread::kFilled : Spread::kOneALine);
    }
    if (kind == Kind::kType) return type(element, hang, tail);
    if (kind == Kind::kCites || kind == Kind::kNone) {
        put_until(range(parts.front()).end, hang);
        return list(parts, 1, hang, tail);
    }
    sequence(parts, 0, hang, tail);
}

// Parts one behind the other.
void Layout::sequence(const Children& parts, std::size_t from, std::size_t hang, std::size_t tail) {
    for (std::size_t i = from; i < parts.size(); ++i) {
        std::size_t behind = tail;
        if (i + 1 < parts.size()) {
            const Piece& next = pieces_.at(range(parts[i + 1]).begin);
            behind = next.space_before ? 0 : next.width;
            if (i + 2 == parts.size() && behind > 0) behind += tail;
        }
        node(parts[i], hang, behind);
    }
}

// Operands with a line break before each operator.
void Layout::chain(const Children& parts, std::size_t hang, std::size_t tail) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (is_token(parts[i].kind())) line(hang, Blank::kNone);
        node(parts[i], deeper(hang), i + 1 == parts.size() ? tail : 0);
    }
}

// `a < b`, `a in {…}`, `a is present`: breaks before an operator whose right side doesn't fit.
void Layout::relation(const Children& parts, std::size_t hang, std::size_t tail) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::size_t right = i;
        while (right + 1 < parts.size() && is_token(parts[right].kind())) ++right;
        const std::size_t behind = right + 1 == parts.size() ? tail : 0;
        std::size_t operand_hang = i == 0 ? deeper(hang) : hang;
        if (i > 0 && !fits_behind(parts[right], behind)) {
            const Kind kind = parts[right].kind();
            const bool has_braces = kind == Kind::kSetLiteral || kind == Kind::kMatch || kind == Kind::kParen;
            if (!has_braces || fits({next_, range(parts[right]).end}, hang, behind)) {
                line(hang, Blank::kNone);
                operand_hang = deeper(hang);
            }
        }
        for (; i < right; ++i) node(parts[i], hang, 0);
        node(parts[i], operand_hang, behind);
    }
}

// `any n in s: …`: breaks behind the colon.
void Layout::quantified(const Children& parts, std::size_t hang, std::size_t tail) {
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) node(parts[i], hang, 1);
    if (!fits_behind(parts.back(), tail)) line(hang, Blank::kNone);
    node(parts.back(), deeper(hang), tail);
}

// `{ a, b }` from the brace `parts[from]` on, and what stands behind it.
void Layout::braced(const Children& parts, std::size_t from, std::size_t hang, std::size_t tail, Spread spread) {
    std::size_t close = parts.size();
    while (!is(parts[close - 1], "}")) --close;
    --close;
    put_until(range(parts[from]).end, hang);
    for (std::size_t i = from + 1; i < close; ++i) {
        if (is_comma(parts[i])) {
            put_until(range(parts[i]).end, hang);
            continue;
        }
        const std::size_t comma = i + 1 == close ? 0 : 1;
        if (i == from + 1) {
            line(hang, Blank::kNone);
        } else if (spread == Spread::kOneALine) {
            line(hang, Blank::kKept);
        } else if (!fits_behind(parts[i], comma)) {
            line(hang, Blank::kNone);
        }
        node(parts[i], deeper(hang), 1);
    }
    if (spread == Spread::kOneALine && close > from + 1 && !is_comma(parts[close - 1])) page_.add(",", 1);
    closing_line(shallower(hang), close > from + 1 ? Blank::kKept : Blank::kNone);
    put_until(range(parts[close]).end, hang);
    sequence(parts, close + 1, hang, tail);
}

// Elements with commas between, as many on a line as fit.
void Layout::list(const Children& parts, std::size_t from, std::size_t hang, std::size_t tail) {
    for (std::size_t i = from; i < parts.size(); ++i) {
        const std::size_t behind = i + 1 == parts.size() ? tail : 1;
        if (i > from && !is_comma(parts[i]) && !fits_behind(parts[i], behind)) line(hang, Blank::kNone);
        node(parts[i], deeper(hang), behind);
    }
}

void Layout::type(Cursor element, std::size_t hang, std::size_t tail) {
    flush(hang);
    const PieceRange r = range(element);
    const bool nested = element.child(Kind::kField).valid();
    if (!nested && fits(r, page_.column(), tail)) return put_until(r.end, hang);
    const Children parts = children(element);
    std::size_t from = 0;
    while (from < parts.size() && !is(parts[from], "{")) ++from;
    if (from == parts.size()) return sequence(parts, 0, hang, tail);
    sequence({parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(from)}, 0, hang, 0);
    if (nested) return body(parts, from, shallower(hang), Kind::kType);
    braced(parts, from, hang, tail, Spread::kFilled);
}

// --- clauses --------------------------------------------------------------------------------------------------------

// A keyword, padded, and its value.
void Layout::clause(Cursor element, std::size_t indent, std::size_t keyword_width, std::size_t condition_width) {
    const std::size_t hang = deeper(indent);
    const Kind kind = element.kind();
    const Children parts = children(element);
    put_until(range(parts.front()).end, hang);
    if (parts.size() == 1) return;
    column(indent + keyword_width + 1);
    if (kind == Kind::kCites || kind == Kind::kBeside || kind == Kind::kIgnore) return list(parts, 1, hang, 0);
    if (kind == Kind::kUnless) return conditional(parts, 1, hang, condition_width);
    if (kind == Kind::kAccept) return reasoned(parts, hang);
    if (kind != Kind::kExpire) return sequence(parts, 1, hang, 0);
    flush(hang);
    const bool flat = fits({next_, range(element).end}, page_.column(), 0);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (!flat && (is(parts[i], "after") || is(parts[i], "warn"))) line(hang, Blank::kNone);
        node(parts[i], deeper(hang), 0);
    }
}

// A condition from `parts[from]` on, and what it cites: behind it where both fit, else on a line of its own.
void Layout::conditional(const Children& parts, std::size_t from, std::size_t hang, std::size_t condition_width) {
    flush(hang);
    const std::size_t start = page_.column();
    const bool cites = from + 1 < parts.size();
    const bool flat = fits({next_, range(parts.back()).end}, start, 0);
    node(parts[from], hang, 0);
    if (!cites) return;
    if (!flat) {
        line(hang, Blank::kNone);
    } else if (fits(range(parts[from + 1]), start + condition_width + 1, 0)) {
        column(start + condition_width + 1);
    }
    node(parts[from + 1], flat ? hang : deeper(hang), 0);
}

// `accept gap where condition "reason"`, `allow CODE in NAME "reason"`: a reason that doesn't fit behind what it is
// about stands on a line of its own.
void Layout::reasoned(const Children& parts, std::size_t hang) {
    for (std::size_t i = next_ == range(parts.front()).begin ? 0 : 1; i + 1 < parts.size(); ++i)
        node(parts[i], deeper(hang), 0);
    if (!fits_behind(parts.back(), 0)) line(hang, Blank::kNone);
    node(parts.back(), hang, 0);
}

// `clause 2.kind must "…"` and below it what else is said of the clause.
void Layout::document_clause(Cursor element, std::size_t indent, std::size_t id_width, std::size_t kind_width) {
    const std::size_t hang = deeper(indent);
    const Children parts = children(element);
    std::size_t at = indent;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i == 2) column(at += id_width + 1);
        if (i == 3) column(at += kind_width + 1);
        if (i > 3) line(hang, Blank::kNone);
        node(parts[i], hang, 0);
        if (i == 0) at += width(parts[i]) + 1;
    }
}

void Layout::field(Cursor element, std::size_t indent, std::size_t name_width, std::size_t type_width) {
    const std::size_t hang = deeper(indent);
    const Children parts = children(element);
    put_until(range(parts[1]).end, hang);  // the name and its colon
    column(indent + name_width + 1);
    flush(hang);
    const std::size_t start = page_.column();
    const Cursor field_type = parts[2];
    const bool flat = !field_type.child(Kind::kField) && fits(range(field_type), start, 0);
    type(field_type, hang, 0);
    for (std::size_t i = 3; i < parts.size(); ++i) {
        if (i == 3 && flat && !is_comma(parts[i]) && fits({next_, range(element).end}, start + type_width + 1, 0)) {
            column(start + type_width + 1);
        }
        const Kind kind = parts[i].kind();
        const bool cites = kind == Kind::kCites;
        const bool may_break = cites || kind == Kind::kImmutable || kind == Kind::kCost;
        if (may_break && !fits_behind(parts[i], 0)) line(hang, Blank::kNone);
        node(parts[i], cites ? deeper(hang) : hang, 0);
    }
}

// `field from "/member" …` or `field = value` of an adapter.
void Layout::source(Cursor element, std::size_t indent, std::size_t path_width) {
    const std::size_t hang = deeper(indent);
    const Children parts = children(element);
    node(parts.front(), hang, 0);
    column(indent + path_width + 1);
    flush(hang);
    const PieceRange rest{next_, range(element).end};
    if (fits(rest, page_.column(), 0)) return put_until(rest.end, hang);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const Kind kind = parts[i].kind();
        const bool may_break = kind == Kind::kSplit || kind == Kind::kUnit || kind == Kind::kNone ||
                               kind == Kind::kMissing || kind == Kind::kReplaced;
        if (may_break && !fits_behind(parts[i], 0)) line(hang, Blank::kNone);
        node(parts[i], hang, 0);
    }
}

// `define NAME = condition`, `param NAME: type = value` or `set NAME = value`, with the sign in a column.
void Layout::assignment(Cursor element, std::size_t shared_head) {
    const Children parts = children(element);
    std::size_t sign = 0;
    while (!is(parts[sign], "=")) ++sign;
    flush(0);
    const std::size_t start = page_.column();
    const std::size_t hang = deeper(start);
    const PieceRange rest{range(parts[sign]).begin, range(element).end};
    for (std::size_t i = 0; i < sign; ++i) node(parts[i], hang, 0);
    // A line that would only be too long for the sake of its neighbours stands outside their column.
    if (fits(rest, start + shared_head + 1, 0) || !fits(rest, page_.column() + 1, 0)) column(start + shared_head + 1);
    node(parts[sign], hang, 0);
    conditional(parts, sign + 1, hang, 0);
}

// `for each FIELD in VALUE, … where CONDITION` or `for any key where CONDITION tries N seed N`.
void Layout::for_clause(const Children& parts, std::size_t hang) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool word = is_token(parts[i].kind()) && !is_comma(parts[i]);
        const bool with_next = word && i + 1 < parts.size();
        if (i > 2 && !is_comma(parts[i]) && !fits_behind(with_next ? parts[i + 1] : parts[i], 1))
            line(hang, Blank::kNone);
        node(parts[i], deeper(hang), 1);
    }
}

// `| a | b -> …`, each cell as wide as its column.
void Layout::row(const Children& parts, std::size_t indent, const std::vector<std::size_t>& widths) {
    const std::size_t hang = deeper(indent);
    std::size_t arrow = 0;
    while (!is(parts[arrow], "->")) ++arrow;
    std::size_t at = indent;
    for (std::size_t i = 0; i <= arrow; ++i) {
        const bool separates = i % 2 == 0;
        if (i > 0) column(at);
        node(parts[i], hang, 0);
        at += separates ? 2 : 1 + (i / 2 < widths.size() ? widths[i / 2] : 0);
    }
    list(parts, arrow + 1, hang, 0);
}

void Layout::table(Cursor element, std::size_t indent) {
    const Children parts = children(element);
    std::vector<std::size_t> widths;
    for (const Cursor one : parts) {
        if (is_token(one.kind())) continue;
        std::size_t i = 0;
        for (const Cursor cell : one) {
            if (cell.kind() != Kind::kPath && cell.kind() != Kind::kCell) continue;
            if (i == widths.size()) widths.push_back(0);
            if (pieces_.flat(range(cell)) && width(cell) <= kWidestCell) widths[i] = std::max(widths[i], width(cell));
            ++i;
        }
    }
    put_until(range(parts[1]).end, deeper(indent));
    for (std::size_t i = 2; i + 1 < parts.size(); ++i) {
        line(deeper(indent), i == 2 ? Blank::kNone : Blank::kKept);
        row(children(parts[i]), deeper(indent), widths);
    }
    closing_line(indent, Blank::kKept);
    put_until(range(parts.back()).end, deeper(indent));
}

// --- bodies and items -----------------------------------------------------------------------------------------------

template <class Measure>
std::vector<std::size_t> Layout::shared_widths(const Children& elements, std::size_t widest, bool comments_part,
                                               Measure measure) const {
    std::vector<Head> heads;
    heads.reserve(elements.size());
    for (const Cursor element : elements) heads.push_back(measure(element));
    std::vector<std::size_t> out(elements.size(), 0);
    for (std::size_t begin = 0; begin < elements.size();) {
        std::size_t end = begin;
        std::size_t shared = 0;
        do {
            if (heads[end].width <= widest) shared = std::max(shared, heads[end].width);
            ++end;
            if (end == elements.size()) break;
            const std::size_t piece = range(elements[end]).begin;
            if (pieces_.parted(piece) || (comments_part && pieces_.commented(piece))) break;
        } while (heads[end].group == heads[begin].group && heads[begin].group != 0);
        for (; begin < end; ++begin)
            out[begin] = std::max(shared, heads[begin].width <= widest ? 0 : heads[begin].width);
    }
    return out;
}

// The entries of a body, each on lines of its own, those of one kind in columns.
void Layout::entries(const Children& parts, std::size_t indent, Kind owner) {
    const auto apart = [](Kind kind) { return kind == Kind::kInterpretation || kind == Kind::kAccept; };
    const auto is_of_test = [](Kind kind) {
        return kind == Kind::kGiven || kind == Kind::kExpect || kind == Kind::kAt || kind == Kind::kForEach ||
               kind == Kind::kForAny || kind == Kind::kTable;
    };
    std::size_t rule_width = 0;  // all clauses of a rule share one column, but for those that are notes on it
    if (owner == Kind::kRule) {
        for (const Cursor part : parts) {
            if (!apart(part.kind())) rule_width = std::max(rule_width, width(*part.begin()));
        }
    }
    const auto names =
        shared_widths(parts, kWidestName, owner == Kind::kSchema || owner == Kind::kType, [&](Cursor part) -> Head {
            const Cursor first = *part.begin();
            const Kind kind = part.kind();
            if (kind == Kind::kField) return {1, width(first) + 1};
            if (kind == Kind::kSource) return {2, width(first)};
            if (kind == Kind::kClause) return {3, width(part.child(Kind::kClauseId))};
            if (kind == Kind::kSet) return {4, head_width(part)};
            if (kind == Kind::kCanonical) return {5, 0};
            if (kind == Kind::kAssume || is_of_test(kind)) return {};
            return {5, width(first)};
        });
    const auto types = shared_widths(parts, kWidestType, true, [&](Cursor part) -> Head {
        if (part.kind() != Kind::kField) return {};
        const Cursor field_type = part.child(Kind::kType);
        return {1, field_type.child(Kind::kField) ? 0 : width(field_type)};
    });
    const auto kinds = shared_widths(parts, kWidestName, false, [&](Cursor part) -> Head {
        return part.kind() == Kind::kClause ? Head{1, width(part.child(Kind::kWord, 1))} : Head{};
    });
    const auto conditions = shared_widths(parts, kWidestCondition, true, [&](Cursor part) -> Head {
        const bool cites = part.kind() == Kind::kUnless && part.child(Kind::kCites);
        return cites ? Head{1, width(children(part)[1])} : Head{};
    });
    for (std::size_t i = 0; i < parts.size(); ++i) {
        line(indent, i == 0 ? Blank::kNone : Blank::kKept);
        const Kind kind = parts[i].kind();
        if (kind == Kind::kField) {
            field(parts[i], indent, names[i], types[i]);
        } else if (kind == Kind::kSource) {
            source(parts[i], indent, names[i]);
        } else if (kind == Kind::kClause) {
            document_clause(parts[i], indent, names[i], kinds[i]);
        } else if (kind == Kind::kSet) {
            assignment(parts[i], names[i]);
        } else if (kind == Kind::kAssume) {
            relation(children(parts[i]), deeper(indent), 0);
        } else if (kind == Kind::kForEach || kind == Kind::kForAny) {
            for_clause(children(parts[i]), deeper(indent));
        } else if (kind == Kind::kTable) {
            table(parts[i], indent);
        } else if (kind == Kind::kGiven || kind == Kind::kAt) {
            sequence(children(parts[i]), 0, deeper(indent), 0);
        } else if (kind == Kind::kExpect) {
            const Children expect = children(parts[i]);
            std::size_t from = 0;
            while (is_token(expect[from].kind())) node(expect[from++], deeper(indent), 0);
            list(expect, from, deeper(indent), 0);
        } else if (owner == Kind::kRule) {
            clause(parts[i], indent, apart(kind) ? 0 : rule_width, conditions[i]);
        } else {
            clause(parts[i], indent, names[i], 0);
        }
    }
}

// The body whose brace is `parts[from]`, and what stands behind it.
void Layout::body(const Children& parts, std::size_t from, std::size_t indent, Kind owner) {
    put_until(range(parts[from]).end, deeper(indent));
    std::size_t close = parts.size();
    while (!is(parts[close - 1], "}")) --close;
    --close;
    const Children inside(parts.begin() + static_cast<std::ptrdiff_t>(from + 1),
                          parts.begin() + static_cast<std::ptrdiff_t>(close));
    entries(inside, deeper(indent), owner);
    if (!inside.empty() || pieces_.at(next_).comment_count > 0) {
        closing_line(indent, inside.empty() ? Blank::kNone : Blank::kKept);
    }
    put_until(range(parts[close]).end, deeper(indent));
    sequence(parts, close + 1, deeper(indent), 0);
}

// `prove "…" {`, the statement on a line, `}`; a long one breaks behind its colon.
void Layout::prove(const Children& parts) {
    put_until(range(parts[2]).end, kIndent);
    line(kIndent, Blank::kNone);
    const std::size_t claim = parts.size() - 2;
    for (std::size_t i = 3; i < claim; ++i) node(parts[i], 3 * kIndent, i + 2 == claim ? 1 : 0);
    if (!fits_behind(parts[claim], 0)) line(2 * kIndent, Blank::kNone);
    node(parts[claim], 3 * kIndent, 0);
    closing_line(0, Blank::kKept);
    put(kIndent);
}

// The width of what stands before the `=` of an assignment.
std::size_t Layout::head_width(Cursor element) const {
    std::size_t end = range(element).begin;
    for (const Cursor part : element) {
        if (is(part, "=")) break;
        end = range(part).end;
    }
    return pieces_.width({range(element).begin, end});
}

void Layout::item(Cursor element, std::size_t shared_head) {
    const Kind kind = element.kind();
    const Children parts = children(element);
    if (kind == Kind::kDefine || kind == Kind::kParam) return assignment(element, shared_head);
    if (kind == Kind::kProve) return prove(parts);
    if (kind == Kind::kSample) return sequence(parts, 0, kIndent, 0);
    if (kind == Kind::kAllow) return reasoned(parts, kIndent);
    const auto brace = std::find_if(parts.begin(), parts.end(), [](Cursor c) { return is(c, "{"); });
    if (brace == parts.end()) return put_until(range(element).end, kIndent);
    body(parts, static_cast<std::size_t>(brace - parts.begin()), 0, kind);
}

std::string Layout::run() {
    const Children items = children(Cursor{*tree_, 0});
    const auto heads = shared_widths(items, kWidestName, true, [&](Cursor c) -> Head {
        if (c.kind() == Kind::kDefine) return {1, head_width(c)};
        if (c.kind() == Kind::kParam) return {2, head_width(c)};
        return {};
    });
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Kind kind = items[i].kind();
        const bool may_touch =
            kind == Kind::kImport || kind == Kind::kParam || kind == Kind::kDefine || kind == Kind::kAllow;
        const bool first = i == 0;
        line(0, first ? Blank::kKept : may_touch && items[i - 1].kind() == kind ? Blank::kKept : Blank::kForced);
        item(items[i], heads[i]);
    }
    request_ = {Request::Kind::kLine, 0, 0, Blank::kKept, true};
    flush(0);
    return page_.finish();
}

}  // namespace

std::string lay_out(const Tree& tree) { return Layout{tree}.run(); }

}  // namespace keywright::syntax
