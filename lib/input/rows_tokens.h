// What the files of the walk over rows share and inline: what stands at a token, and values on their way into columns.
#pragma once

#include "base/text.h"
#include "input/rows_walk.h"

#include <cstring>
#include <variant>

namespace keywright::input {

[[nodiscard]] constexpr bool is_json_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The string at `token`, between its quotes; `token + 1` must be there. False where no string begins.
inline bool RowWalk::string_at(Token token, std::string_view& raw) const {
    const std::size_t begin = *token;
    std::size_t end = token[1] - std::size_t{1};
    if (text_[begin] != '"') return false;
    if (text_[end] != '"') {
        while (end > begin && is_json_blank(text_[end])) --end;
        if (text_[end] != '"') return false;
    }
    if (end == begin) return false;
    raw = {text_ + begin + 1, end - begin - 1};
    return true;
}

// Between `end`, where a number or literal is over, and the token `next` stand only blanks.
inline bool RowWalk::ends_at(const char* end, Token next) const {
    // Behind a blank the next byte that isn't one begins a token.
    return end == text_ + *next || (end < text_ + *next && is_json_blank(*end));
}

inline bool RowWalk::literal_at(Token token, std::string_view word) const {
    const char* const begin = text_ + *token;
    const auto room = static_cast<std::size_t>(text_ + token[1] - begin);
    return room >= word.size() && std::memcmp(begin, word.data(), word.size()) == 0 &&
           ends_at(begin + word.size(), token + 1);
}

inline bool RowWalk::integer_at(Token token, std::int64_t& out) const {
    const char* end = nullptr;
    return read_plain_integer(text_ + *token, text_ + token[1], out, end) && ends_at(end, token + 1);
}

inline void RowWalk::set_text(std::uint32_t number, std::string_view text) {
    Column& column = store_.column(number);
    give(column);
    if (column.blank != nullptr) {
        // A visible first letter settles it.
        const unsigned first = text.empty() ? 0 : static_cast<unsigned char>(text[0]);
        mark(column.blank, !(first > 0x20 && first < 0x7f) && base::is_blank(text));
    }
    if (column.length_min != nullptr) {
        const auto length = static_cast<std::uint32_t>(base::count_scalars(text));
        column.length_min[row_] = column.length_max[row_] = length;
    }
    if (column.whole) record_->set_text(number, text);
}

inline void RowWalk::set_choice(std::uint32_t number, std::uint32_t index) {
    Column& column = store_.column(number);
    give(column);
    if (column.choice != nullptr) column.choice[row_] = static_cast<std::uint8_t>(index);
    if (column.whole) record_->set_enum(number, index);
}

inline void RowWalk::set_number(std::uint32_t number, std::int64_t seconds, std::uint32_t nanoseconds) {
    Column& column = store_.column(number);
    give(column);
    if (column.number != nullptr) column.number[row_] = seconds;
    if (column.nanosecond != nullptr) {
        column.nanosecond[row_] = nanoseconds;
        column.fractional = column.fractional || nanoseconds != 0;
    }
    if (!column.whole) return;
    const ir::Kind kind = plan_.fields[number].kind;
    if (kind == ir::Kind::kInt) {
        record_->set_int(number, seconds);
    } else if (kind == ir::Kind::kInstant) {
        record_->set_instant(number, {seconds, nanoseconds});
    } else {
        record_->set_duration(number, {seconds, nanoseconds});
    }
}

inline void RowWalk::set_members(std::uint32_t number, std::uint64_t bits) {
    Column& column = store_.column(number);
    give(column);
    if (column.members != nullptr) column.members[row_] = bits;
    if (column.whole) record_->set_enum_set(number, bits);
}

inline void RowWalk::set_networks(std::uint32_t number, std::span<const value::Network> networks) {
    Column& column = store_.column(number);
    give(column);
    mark(column.empty, networks.empty());
    if (column.open != nullptr) {
        bool open = false;
        for (const value::Network& network : networks) {
            // Of IPv4, what isn't open is mostly seen at once.
            const bool surely_not = network.family == 4 && network.prefix >= 8 && network.low != 0;
            open = open || (!surely_not && value::is_open(network));
        }
        mark(column.open, open);
    }
    if (column.whole) record_->set_network_set(number, networks);
}

inline bool RowWalk::network_of(std::string_view raw, value::Network& out) const {
    // Four bytes before an address there is always something of its record.
    if (roomy(raw.data(), 16) && read_plain_ipv4(raw, out)) [[likely]] {
        return true;
    }
    if (read_plain_ipv6(raw, out)) return true;
    const auto read = value::parse_network(raw, true);  // an escape is a mistake to it
    const auto* network = std::get_if<value::Network>(&read);
    if (network == nullptr) return false;
    out = *network;
    return true;
}

}  // namespace keywright::input
