// Small questions about text, asked in words of eight bytes. All of them may read a few bytes beyond what they ask
// about.
#pragma once

#include "values.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <string_view>

namespace validators {

inline std::uint64_t load(const char* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}
inline std::uint64_t load_ordered(const char* from) { return __builtin_bswap64(load(from)); }

// In words of eight bytes that may overlap; gcc calls memcmp for more than sixteen.
template <std::size_t kSize>
[[gnu::always_inline]] inline bool starts_with(const char* text, const char (&literal)[kSize]) {
    constexpr std::size_t kLength = kSize - 1;
    if constexpr (kLength < 8) {
        constexpr std::uint64_t kMask = (std::uint64_t{1} << (8 * kLength)) - 1;
        std::uint64_t word = 0;
        std::memcpy(&word, literal, kLength);
        return (load(text) & kMask) == word;
    } else {
        std::uint64_t different = load(text + kLength - 8) ^ load(literal + kLength - 8);
        for (std::size_t i = 0; i + 8 < kLength; i += 8) different |= load(text + i) ^ load(literal + i);
        return different == 0;
    }
}

// `2026-02-15T00:00:00Z`, twenty characters.
inline bool not_after(const char* a, const char* b) {
    if (load(a) != load(b)) return load_ordered(a) < load_ordered(b);
    if (load(a + 8) != load(b + 8)) return load_ordered(a + 8) < load_ordered(b + 8);
    return load_ordered(a + 12) <= load_ordered(b + 12);
}

// Digits and marks where they belong, and a date and time of day that exist, without a leap second.
inline bool is_plain_instant(const char* text) {
    // Digits become 0 to 9 and marks 0; what is neither carries into the high bit of its byte.
    constexpr auto wrong = [](std::uint64_t word, std::uint64_t form, std::uint64_t room) {
        const std::uint64_t bare = word ^ form;
        return ((bare + room) | bare) & 0x8080808080808080U;
    };
    const auto form = [](const char* s) { return load(s); };
    const std::uint64_t a = load(text), b = load(text + 8), c = load(text + 12);
    const char* const model = "0000-00-00T00:00:00Z";
    constexpr std::uint64_t kDigit = 0x76, kMark = 0x7f;
    constexpr auto room = [](std::string_view kinds) {
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < 8; ++i) out |= (kinds[i] == '0' ? kDigit : kMark) << (8 * i);
        return out;
    };
    if ((wrong(a, form(model), room("0000-00-")) | wrong(b, form(model + 8), room("00T00:00")) |
         wrong(c, form(model + 12), room("0:00:00Z"))) != 0)
        return false;
    const auto two = [&](std::size_t at) {
        return static_cast<unsigned>((text[at] - '0') * 10 + (text[at + 1] - '0'));
    };
    const unsigned month = two(5), day = two(8);
    if (month - 1 > 11 || day - 1 > 30 || two(11) > 23 || two(14) > 59 || two(17) > 59) return false;
    const std::int64_t year = two(0) * 100 + two(2);
    return year >= 1970 && (day <= 28 || static_cast<std::int64_t>(day) <= days_in(year, month));
}

// Four digits, or more than 16 bits can hold.
inline unsigned hex(const char* text) {
    unsigned out = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const char c = text[i];
        const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                               : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10
                               : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A') + 10
                                                      : 0x10000U;
        if (digit > 15) return 0x10000;
        out = out << 4U | digit;
    }
    return out;
}

// The twenty characters, for years of four digits.
inline void write_instant(std::int64_t seconds, std::array<char, 32>& out) {
    const std::time_t time = seconds;
    std::tm parts{};
    (void)gmtime_r(&time, &parts);
    (void)std::strftime(out.data(), out.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
}

}  // namespace validators
