#include "input/rows.h"

#include "input/rows_tokens.h"
#include "input/rows_walk.h"
#include "input/structure.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace keywright::input {

namespace {

// So much of a text of lines is indexed at a time: with its index it stays in the second-level cache.
constexpr std::size_t kPieceBytes = std::size_t{1} << 17;
// A record larger than this doesn't leave its buffers to others.
constexpr std::size_t kLargeRecord = 4096;
constexpr std::size_t kMostPlaces = 4 * value::kBlockRows;

}  // namespace

struct RowReader::State {
    explicit State(const RowPlan::Plan& of) : plan(of), walk(of) {}

    const RowPlan::Plan& plan;
    Structure structure;
    RowWalk walk;
    std::string_view text;
    RowForm form = RowForm::kLines;
    std::size_t at = 0;       // what comes next in the text
    std::size_t stopped = 0;  // of elements
    std::uint32_t line = 0;   // how many line feeds stand before `counted`
    std::size_t counted = 0;
    std::size_t rows = 0;
    // What is indexed: a piece of the text, the next token there, and whether all of the piece reads.
    std::size_t piece = 0, piece_end = 0;
    std::size_t token = 0;
    bool indexed = false;

    [[nodiscard]] bool full(const std::vector<RowPlace>& places) {
        return rows == walk.store().capacity() || places.size() >= kMostPlaces;
    }

    [[nodiscard]] bool index(std::size_t begin, std::size_t end) {
        token = 0;
        const bool good = structure.index(text.substr(begin, end - begin));
        walk.take(text.substr(begin, end - begin), text, structure.tokens(), structure.count(),
                  form == RowForm::kElements ? 1 : 0);
        return good;
    }

    void add(std::vector<RowPlace>& places, std::size_t begin, std::size_t end, bool read) {
        RowPlace place;
        place.begin = static_cast<std::uint32_t>(begin);
        place.end = static_cast<std::uint32_t>(end);
        place.line = line;
        place.read = read;
        places.push_back(place);
        if (!read) return;
        if (plan.whole && end - begin > kLargeRecord) walk.store().release_later(rows);
        ++rows;
    }

    // Reads the record at token `first` of what begins at `base`, up to `limit` bytes from there; the token behind it,
    // or 0.
    [[nodiscard]] std::size_t read(std::size_t first, std::size_t limit) {
        const std::size_t behind = walk.record(first, limit, rows);
        if (behind == 0) walk.store().give_up(rows);
        return behind;
    }

    void next_line(std::vector<RowPlace>& places);
    [[nodiscard]] bool next_element(std::vector<RowPlace>& places);
    [[nodiscard]] std::size_t element_end(std::size_t begin) const;
    [[nodiscard]] std::size_t indexed_element_end();
};

// --- lines ----------------------------------------------------------------------------------------------------------

void RowReader::State::next_line(std::vector<RowPlace>& places) {
    if (at >= piece_end) {
        piece = at;
        piece_end = text.size();
        if (piece_end - at > kPieceBytes) {
            std::size_t feed = text.rfind('\n', at + kPieceBytes - 1);
            if (feed == std::string_view::npos || feed < at) feed = text.find('\n', at + kPieceBytes);
            if (feed != std::string_view::npos) piece_end = feed + 1;
        }
        // One line that is too long alone isn't worth its index.
        indexed = piece_end - at <= std::max(kPieceBytes, plan.record_bytes) + 2 && index(piece, piece_end);
    }
    const char* const begin = text.data() + at;
    const auto* feed = static_cast<const char*>(std::memchr(begin, '\n', piece_end - at));
    const std::size_t behind = feed == nullptr ? piece_end : static_cast<std::size_t>(feed - text.data());
    const std::size_t start = at;
    at = behind + (feed == nullptr ? 0 : 1);
    std::size_t end = behind;
    if (end > start && text[end - 1] == '\r') --end;
    const std::size_t size = end - start;

    // A piece with something wrong in it is gone through line by line, so that what is wrong is found in its line.
    std::size_t base = piece;
    bool good = indexed;
    if (!indexed) {
        base = start;
        good = size <= plan.record_bytes && index(start, behind);
    }
    const std::uint32_t* const tokens = structure.tokens();
    const std::size_t limit = behind - base;
    if (good && (token >= structure.count() || tokens[token] >= limit)) {
        line += feed == nullptr ? 0 : 1;  // blanks alone
        return;
    }
    bool is_read = false;
    if (good && size <= plan.record_bytes && text[base + tokens[token]] == '{') {
        const std::size_t next = read(token, limit);
        // Behind the last token the index holds the end of the text, which is no less than that of the line.
        is_read = next != 0 && tokens[next] >= limit;
        if (is_read) {
            token = next;
        } else if (next != 0) {
            walk.store().give_up(rows);
        }
    }
    const bool is_blank = !good && std::all_of(begin, text.data() + behind, is_json_blank);
    if (!is_blank) add(places, start, end, is_read);
    line += feed == nullptr ? 0 : 1;
    if (!is_read && indexed) {
        while (token < structure.count() && tokens[token] < limit) ++token;
    }
}

// --- elements -------------------------------------------------------------------------------------------------------

// Behind the element that begins at `begin`, found byte by byte: the text may be anything.
std::size_t RowReader::State::element_end(std::size_t begin) const {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = begin; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                in_string = false;
                if (depth == 0) return i + 1;
            }
            continue;
        }
        switch (c) {
            case '"':
                if (depth == 0 && i != begin) return i;
                in_string = true;
                break;
            case '{':
            case '[':
                if (depth == 0 && i != begin) return i;
                ++depth;
                break;
            case '}':
            case ']':
                if (depth == 0) return i;
                if (--depth == 0) return i + 1;
                break;
            case ',':
            case ':':
                if (depth == 0) return i;
                break;
            default:
                if (depth == 0 && is_json_blank(c)) return i;
                break;
        }
    }
    return text.size();
}

// The same for the element at `token` by the index of the whole text; moves `token` behind it.
std::size_t RowReader::State::indexed_element_end() {
    const std::uint32_t* const tokens = structure.tokens();
    const std::size_t count = structure.count();
    std::size_t depth = 0;
    do {
        const std::size_t begin = tokens[token++];
        const char c = text[begin];
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        if (depth != 0) continue;
        if (c == '}' || c == ']') return begin + 1;
        // A scalar, and blanks behind it.
        std::size_t end = tokens[token];
        while (end > begin + 1 && is_json_blank(text[end - 1])) --end;
        return end;
    } while (token < count);
    return text.size();
}

bool RowReader::State::next_element(std::vector<RowPlace>& places) {
    const std::uint32_t* tokens = structure.tokens();
    const auto stop_at = [&](std::size_t where) {
        stopped = where;
        at = text.size();
        return false;
    };
    std::size_t begin = at;
    if (indexed) {
        if (token >= structure.count()) return stop_at(text.size());
        begin = tokens[token];
    } else {
        while (begin < text.size() && is_json_blank(text[begin])) ++begin;
        if (begin == text.size()) return stop_at(begin);
    }
    const char first = text[begin];
    if (first == ',' || first == ']' || first == '}' || first == ':') return stop_at(begin);
    // Elements mostly stand on a line each, or all on one.
    while (const void* const feed = std::memchr(text.data() + counted, '\n', begin - counted)) {
        counted = static_cast<std::size_t>(static_cast<const char*>(feed) - text.data()) + 1;
        ++line;
    }
    counted = begin;

    std::size_t end = 0;
    bool is_read = false;
    if (indexed) {
        if (first == '{') {
            const std::size_t next = read(token, text.size());
            is_read = next != 0 && tokens[next - 1] + std::size_t{1} - begin <= plan.record_bytes;
            if (is_read) {
                token = next;
                end = tokens[next - 1] + std::size_t{1};
            } else if (next != 0) {
                walk.store().give_up(rows);
            }
        }
        if (!is_read) end = indexed_element_end();
    } else {
        end = element_end(begin);
        if (first == '{' && end - begin <= plan.record_bytes && index(begin, end)) {
            const std::size_t next = read(0, end - begin);
            is_read = next != 0 && next == structure.count();
            if (next != 0 && !is_read) walk.store().give_up(rows);
        }
    }
    add(places, begin, end, is_read);

    // A comma, and then the next one.
    if (indexed) {
        if (token >= structure.count()) return stop_at(text.size()), true;
        if (text[tokens[token]] != ',') return stop_at(tokens[token]), true;
        ++token;
        return true;
    }
    while (end < text.size() && is_json_blank(text[end])) ++end;
    if (end < text.size() && text[end] != ',') return stop_at(end), true;
    at = end + (end < text.size() ? 1 : 0);
    return true;
}

// --- the reader -----------------------------------------------------------------------------------------------------

RowReader::RowReader(const RowPlan& plan) : state_(std::make_unique<State>(*plan.plan_)) {}
RowReader::~RowReader() = default;
RowReader::RowReader(RowReader&&) noexcept = default;
RowReader& RowReader::operator=(RowReader&&) noexcept = default;

void RowReader::open(std::string_view text, RowForm form) {
    State& state = *state_;
    state.text = text;
    state.form = form;
    state.at = state.counted = state.piece = state.piece_end = state.token = 0;
    state.line = 0;
    state.stopped = text.size();
    state.indexed = form == RowForm::kElements && state.index(0, text.size());
}

bool RowReader::next(Instant now, value::Columns& columns, std::vector<RowPlace>& places) {
    State& state = *state_;
    places.clear();
    state.rows = 0;
    state.walk.set_now(now);
    state.walk.store().begin();
    while (state.at < state.text.size() && !state.full(places)) {
        if (state.form == RowForm::kLines) {
            state.next_line(places);
        } else if (!state.next_element(places)) {
            break;
        }
    }
    columns = state.walk.store().view(state.rows);
    return !places.empty();
}

void RowReader::exchange(std::size_t row, value::Record& record) {
    std::swap(state_->walk.store().record(row), record);
}

std::size_t RowReader::stopped_at() const { return state_->stopped; }

}  // namespace keywright::input
