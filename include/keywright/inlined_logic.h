// How rules reason, for headers made by `keywright embed --inline`: generated code calls this, people rarely do.
//
// A truth is what is still possible: `yes`, `no`, or both where it is unknown. A cell is what is possible of a value.
// The meaning of every operator is that of the library's evaluators, to which tests hold it. Nothing allocates; sets
// are ordered (see `Set`), so two of them are compared by one walk along both.
#pragma once

#include "keywright/inlined.h"

#include <bit>

namespace keywright::inlined::logic {

// --- truths ----------------------------------------------------------------------------------------------------------

// Whole words, so that nothing has to be made a bool again between two operations.
struct Kleene {
    std::uint32_t no = 1, yes = 1;

    friend constexpr Kleene operator!(Kleene t) { return {t.yes, t.no}; }
};
[[nodiscard]] constexpr Kleene both(Kleene a, Kleene b) { return {a.no | b.no, a.yes & b.yes}; }
[[nodiscard]] constexpr Kleene either(Kleene a, Kleene b) { return {a.no & b.no, a.yes | b.yes}; }
inline constexpr Kleene kTrue{0, 1}, kFalse{1, 0}, kUnknown{1, 1};

[[nodiscard]] constexpr Kleene possibly(bool yes, bool no) { return {no ? 1U : 0U, yes ? 1U : 0U}; }
[[nodiscard]] constexpr Kleene truth_of(bool t) { return possibly(t, !t); }
[[nodiscard]] constexpr bool is_true(Kleene t) { return t.no == 0; }
[[nodiscard]] constexpr bool may_be_true(Kleene t) { return t.yes != 0; }
[[nodiscard]] constexpr Truth to_truth(Kleene t) { return static_cast<Truth>(t.no | t.yes << 1U); }

// --- text: well-formed UTF-8 is what is expected, and nothing is read beyond the end of anything else ----------------

[[nodiscard]] constexpr char32_t next_scalar(std::string_view text, std::size_t& offset) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(offset++);
    if (first < 0x80) return first;
    const std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    char32_t scalar = first & (0x3fU >> more);
    for (std::size_t i = 0; i < more; ++i) {
        if (offset == text.size() || (byte(offset) & 0xc0U) != 0x80) return 0xfffd;
        scalar = scalar << 6U | (byte(offset++) & 0x3fU);
    }
    return more == 0 ? char32_t{0xfffd} : scalar;
}

[[nodiscard]] constexpr std::int64_t count_scalars(std::string_view text) {
    std::int64_t n = 0;
    for (const char c : text) n += (static_cast<unsigned char>(c) & 0xc0U) != 0x80 ? 1 : 0;
    return n;
}

[[nodiscard]] constexpr bool is_white_space(char32_t c) {
    return (c >= 0x9 && c <= 0xd) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

[[nodiscard]] constexpr bool is_blank(std::string_view text) {
    std::size_t offset = 0;
    while (offset < text.size()) {
        if (!is_white_space(next_scalar(text, offset))) return false;
    }
    return true;
}

// `*` any run, `?` one scalar, `\` takes what follows as it is.
[[nodiscard]] constexpr bool matches_glob(std::string_view text, std::string_view pattern) {
    constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
    std::size_t t = 0, p = 0;
    std::size_t behind_star = kNowhere, star_reach = 0;  // the last `*`, and up to where it swallows the text
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            behind_star = ++p;
            star_reach = t;
            continue;
        }
        if (p < pattern.size()) {
            const bool one = pattern[p] == '?';
            const std::size_t begin = pattern[p] == '\\' && p + 1 < pattern.size() ? p + 1 : p;
            std::size_t p_end = begin, t_end = t;
            (void)next_scalar(pattern, p_end);
            (void)next_scalar(text, t_end);
            if (one || pattern.substr(begin, p_end - begin) == text.substr(t, t_end - t)) {
                p = p_end;
                t = t_end;
                continue;
            }
        }
        if (behind_star == kNowhere) return false;
        (void)next_scalar(text, star_reach);
        t = star_reach;
        p = behind_star;
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

// --- networks --------------------------------------------------------------------------------------------------------

__extension__ typedef unsigned __int128 Address;

[[nodiscard]] constexpr Address first_address(const Network& n) { return (Address{n.high()} << 64) | n.low(); }
[[nodiscard]] constexpr Address last_address(const Network& n) {
    const unsigned bits = (n.family() == 4 ? 32U : 128U) - n.prefix();
    return first_address(n) | (bits >= 128 ? ~Address{0} : (Address{1} << bits) - 1);
}
[[nodiscard]] constexpr bool is_open(const Network& n) {
    if (n.is_hidden()) return false;
    const bool v4 = n.family() == 4;
    return n.prefix() < (v4 ? 8U : 16U) || (n.prefix() == (v4 ? 32U : 128U) && (n.high() | n.low()) == 0);
}
[[nodiscard]] constexpr bool is_private(const Network& n) {
    if (n.family() == 6) return n.prefix() >= 7 && n.high() >> 57U == 0xfcU >> 1U;
    return (n.prefix() >= 8 && n.low() >> 24U == 0x0a) || (n.prefix() >= 12 && n.low() >> 20U == 0xac1) ||
           (n.prefix() >= 16 && n.low() >> 16U == 0xc0a8);
}

using Networks = std::span<const Network>;

// How many addresses of one family are in `a` and not in `b`, or `limit` if that is less. Blocks are nested or apart,
// in the order of their first addresses, wider ones first.
[[nodiscard]] constexpr std::size_t uncovered(Networks a, Networks b, unsigned family, std::size_t limit) {
    std::size_t total = 0, start = 0;
    Address done = 0;  // up to here `a` is counted
    bool any_done = false;
    for (const Network& block : a) {
        if (block.family() != family) continue;
        const Address last = last_address(block);
        Address at = first_address(block);
        if (any_done && last <= done) continue;
        any_done = true;
        done = last;
        while (start < b.size() && (b[start].family() != family || last_address(b[start]) < at)) ++start;
        bool open_end = true;
        const auto gap = [&](Address size_minus_one) {
            if (size_minus_one >= limit - total) return false;
            total += static_cast<std::size_t>(size_minus_one) + 1;
            return total < limit;
        };
        for (std::size_t k = start; k < b.size() && open_end && first_address(b[k]) <= last; ++k) {
            if (b[k].family() != family || last_address(b[k]) < at) continue;
            if (first_address(b[k]) > at && !gap(first_address(b[k]) - at - 1)) return limit;
            open_end = last_address(b[k]) < last;
            if (open_end) at = last_address(b[k]) + 1;
        }
        if (open_end && !gap(last - at)) return limit;
    }
    return total;
}
[[nodiscard]] constexpr std::size_t uncovered(Networks a, Networks b, std::size_t limit) {
    const std::size_t v4 = uncovered(a, b, 4, limit);
    return v4 >= limit ? limit : v4 + uncovered(a, b, 6, limit - v4);
}
[[nodiscard]] constexpr bool covers_everything(Networks blocks) {
    constexpr Network kEverything[] = {Network::ipv4(0, 0), Network::ipv6(0, 0, 0)};
    return uncovered(kEverything, blocks, 1) == 0;
}
[[nodiscard]] constexpr bool overlap(Networks a, Networks b, unsigned family) {
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (a[i].family() != family || (b[j].family() == family && last_address(a[i]) < first_address(b[j]))) {
            ++i;
        } else if (b[j].family() != family || last_address(b[j]) < first_address(a[i])) {
            ++j;
        } else {
            return true;
        }
    }
    return false;
}

// --- cells -----------------------------------------------------------------------------------------------------------

struct Cell {
    bool may_be_absent = false, may_be_present = true;
    [[nodiscard]] constexpr bool there() const { return !may_be_absent; }
};
struct TruthCell : Cell {
    Kleene truth;
};
struct RangeCell : Cell {  // an int, an instant or a duration
    Nanos low = kMinusInfinity, high = kPlusInfinity;
};
struct ChoiceCell : Cell {  // possible values of an enumeration
    std::uint64_t may = 0;
};
struct MembersCell : Cell {  // a set of an enumeration
    std::uint64_t must = 0, may = 0;
};
struct TextCell : Cell {
    bool known = false;
    std::string_view text;
};
struct NetworkCell : Cell {
    bool known = false;
    Network network;
};
template <class T>
struct SetCell : Cell {
    bool known = false;
    std::span<const T> elements;
};
struct SecretCell : Cell {
    Secret secret;
};
struct RecordCell : Cell {};

[[nodiscard]] constexpr RangeCell range(Nanos low, Nanos high) { return {{}, low, high}; }
[[nodiscard]] constexpr RangeCell cell_of(Nanos value) { return {{}, value, value}; }
[[nodiscard]] constexpr RangeCell cell_of(std::int64_t value) { return range(value, value); }
[[nodiscard]] constexpr RangeCell cell_of(Instant value) { return cell_of(to_nanos(value)); }
[[nodiscard]] constexpr RangeCell cell_of(Duration value) { return cell_of(to_nanos(value)); }
template <std::same_as<bool> T>
[[nodiscard]] constexpr TruthCell cell_of(T value) {
    return {{}, truth_of(value)};
}
[[nodiscard]] constexpr TruthCell cell_of(Kleene value) { return {{}, value}; }
[[nodiscard]] constexpr ChoiceCell choice(std::uint64_t may) { return {{}, may}; }
template <class E>
    requires std::is_enum_v<E>
[[nodiscard]] constexpr ChoiceCell cell_of(E value) {
    return choice(std::uint64_t{1} << (static_cast<unsigned>(value) & 63U));
}
[[nodiscard]] constexpr MembersCell members(std::uint64_t must, std::uint64_t may) { return {{}, must, may}; }
template <class E>
[[nodiscard]] constexpr MembersCell cell_of(const EnumSet<E>& value) {
    return members(value.bits(), value.bits());
}
[[nodiscard]] constexpr TextCell cell_of(std::string_view value) { return {{}, true, value}; }
[[nodiscard]] constexpr NetworkCell cell_of(const Network& value) { return {{}, true, value}; }
template <class T>
[[nodiscard]] constexpr SetCell<T> cell_of(const Set<T>& value) {
    return {{}, true, value.elements()};
}
[[nodiscard]] constexpr SecretCell cell_of(const Secret& value) { return {{}, value}; }
[[nodiscard]] constexpr RecordCell cell_of(Present) { return {}; }

// 128 bits, of which C++ has no literals.
[[nodiscard]] constexpr Nanos wide(std::int64_t high, std::uint64_t low) {
    return static_cast<Nanos>(Address{static_cast<std::uint64_t>(high)} << 64 | low);
}

// --- fields ----------------------------------------------------------------------------------------------------------

// A field in a nested record: where that isn't given, its state decides.
[[nodiscard]] constexpr State inside(State outer, State own) { return outer == State::kGiven ? own : outer; }

// `otherwise`: the answer where the field is unknown. An absent field has no answer.
[[nodiscard]] constexpr Kleene answer(State state, bool yes) {
    const unsigned unsure = state == State::kGiven ? 0 : 1;
    return {(yes ? 0U : 1U) | unsure, (yes ? 1U : 0U) | unsure};
}
[[nodiscard]] constexpr Kleene answer(State state, bool yes, Kleene otherwise) {
    return state == State::kUnknown ? otherwise : answer(state, yes);
}
[[nodiscard]] constexpr Kleene is_present(State state, Kleene otherwise) {
    return state == State::kUnknown ? otherwise : truth_of(state == State::kGiven);
}
template <class T>
[[nodiscard]] constexpr Kleene one_of(const Field<T>& field, std::uint64_t mask, Kleene otherwise = kUnknown) {
    return answer(field.state(), (mask >> (static_cast<unsigned>(field.value()) & 63U) & 1U) != 0, otherwise);
}
template <class E>
[[nodiscard]] constexpr Kleene bits(const Field<EnumSet<E>>& field, std::uint64_t mask, std::uint64_t value,
                                    Kleene otherwise = kUnknown) {
    return answer(field.state(), (field.value().bits() & mask) == value, otherwise);
}
[[nodiscard]] constexpr Kleene between(const Field<std::int64_t>& field, std::int64_t low, std::int64_t high,
                                       Kleene otherwise = kUnknown) {
    return answer(field.state(), low <= field.value() && field.value() <= high, otherwise);
}
[[nodiscard]] constexpr Kleene length_between(std::int64_t shortest, std::int64_t longest, std::int64_t low,
                                              std::int64_t high) {
    return possibly(low <= longest && shortest <= high, shortest < low || high < longest);
}
[[nodiscard]] constexpr Kleene length_between(const Field<std::string_view>& field, std::int64_t low, std::int64_t high,
                                              Kleene otherwise = kUnknown) {
    if (field.state() != State::kGiven) return answer(field.state(), false, otherwise);
    const std::int64_t length = count_scalars(field.value());
    return length_between(length, length, low, high);
}
[[nodiscard]] constexpr Kleene length_between(const Field<Secret>& field, std::int64_t low, std::int64_t high,
                                              Kleene otherwise = kUnknown) {
    if (field.state() != State::kGiven) return answer(field.state(), false, otherwise);
    const Secret& s = field.value();
    return length_between(s.length_min, s.length_max != Secret::kUnbounded ? s.length_max : INT64_MAX, low, high);
}
[[nodiscard]] constexpr Kleene has_fact(const Secret& secret, unsigned fact) {
    return (secret.known & fact) != 0 ? truth_of((secret.facts & fact) != 0) : kUnknown;
}
[[nodiscard]] constexpr Kleene has_fact(const Field<Secret>& field, unsigned fact) {
    return field.state() == State::kGiven ? has_fact(field.value(), fact) : kUnknown;
}
template <class T>
[[nodiscard]] constexpr Kleene is_empty(const Field<Set<T>>& field) {
    return answer(field.state(), field.value().elements().empty());
}
[[nodiscard]] constexpr Kleene is_blank(const Field<std::string_view>& field) {
    if (field.state() != State::kGiven) return kUnknown;
    const std::string_view text = field.value();
    const bool starts_visibly = !text.empty() && text[0] > ' ' && text[0] < '\x7f';
    return truth_of(!starts_visibly && is_blank(text));
}
[[nodiscard]] constexpr Kleene any_open(const Field<Set<Network>>& field) {
    if (field.state() != State::kGiven) return kUnknown;
    for (const Network& n : field.value().elements()) {
        if (is_open(n)) return kTrue;
    }
    return kFalse;
}

// What is possible of a field: its value, or everything its type leaves.
template <class T, class C>
[[nodiscard]] constexpr C load(const Field<T>& field, State state, C everything, bool may_be_absent) {
    if (state == State::kGiven) return cell_of(field.value());
    everything.may_be_absent = state == State::kAbsent || may_be_absent;
    everything.may_be_present = state != State::kAbsent;
    return everything;
}

// What the schema assumes of a number that is unknown. A record that breaks an assumption has none it relies on.
struct Limits {
    Nanos low, high;

    constexpr explicit Limits(const RangeCell& cell) : low(cell.low), high(cell.high) {}
    constexpr void at_most(Nanos limit) { high = std::min(high, limit); }
    constexpr void at_least(Nanos limit) { low = std::max(low, limit); }
    constexpr void narrow(RangeCell& cell) const {
        if (low > high) return;
        cell.low = low;
        cell.high = high;
    }
};

}  // namespace keywright::inlined::logic

#include "keywright/inlined_operators.h"
