// Small readers of text for the walk over rows: each takes the plain spelling of a value, a few machine operations for
// all of it, and says false to everything else, which somebody slower then judges. What they take, value/time.h and
// value/network.h take to the same value.
#pragma once

#include "keywright/time.h"
#include "value/network.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace keywright::input {

// Below, the first of several bytes is the lowest of the number; machines that see it otherwise take the slower ways.
inline constexpr bool kLowFirst = std::endian::native == std::endian::little;

[[nodiscard]] inline std::uint64_t load8(const char* at) {
    std::uint64_t out;
    std::memcpy(&out, at, sizeof out);
    return out;
}

[[nodiscard]] inline std::uint32_t load4(const char* at) {
    std::uint32_t out;
    std::memcpy(&out, at, sizeof out);
    return out;
}

inline constexpr std::uint64_t kEachByte = 0x0101'0101'0101'0101;

// The highest bit of each byte that equals `wanted`, and no other bit.
[[nodiscard]] constexpr std::uint64_t equal_bytes(std::uint64_t bytes, unsigned char wanted) {
    constexpr std::uint64_t kLow7 = 0x7f * kEachByte;
    const std::uint64_t difference = bytes ^ (wanted * kEachByte);
    return ~(((difference & kLow7) + kLow7) | difference | kLow7);
}

// Is there a backslash?
[[nodiscard]] inline bool has_escape(std::string_view text) {
    const char* at = text.data();
    std::size_t left = text.size();
    if (left >= 8) {
        std::uint64_t found = 0;
        for (; left > 8; at += 8, left -= 8) found |= equal_bytes(load8(at), '\\');
        found |= equal_bytes(load8(at + left - 8), '\\');  // overlaps the one before
        return found != 0;
    }
    bool found = false;
    for (std::size_t i = 0; i < left; ++i) found |= at[i] == '\\';
    return found;
}

// The same, where sixteen bytes may be read at the text's beginning if `roomy`.
[[nodiscard]] inline bool has_escape(std::string_view text, bool roomy) {
#if defined(__SSE2__)
    if (roomy && text.size() <= 16) [[likely]] {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data()));
        const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
        return (found & ((1U << text.size()) - 1)) != 0;
    }
#endif
    static_cast<void>(roomy);
    return has_escape(text);
}

// --- names ----------------------------------------------------------------------------------------------------------
// What tells most names apart beside their size: their first eight bytes and their last eight (a shorter one is filled
// up with zeros, and both are the same). Kept in two numbers rather than in a struct, which compilers like to write to
// memory in halves and to read as a whole, and machines don't.
[[nodiscard]] inline std::uint64_t head_of(const char* text, std::size_t size, bool roomy) {
    if (size >= 8) return load8(text);
    std::uint64_t out = 0;
    if (roomy && kLowFirst && size != 0) return load8(text) & (~std::uint64_t{0} >> (64 - 8 * size));
    for (std::size_t i = 0; i < size; ++i) out |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
    return out;
}
[[nodiscard]] inline std::uint64_t tail_of(const char* text, std::size_t size, std::uint64_t head) {
    return size >= 8 ? load8(text + size - 8) : head;
}

// --- numbers -------------------------------------------------------------------------------------------------------
// An integer of JSON at `at`, of 64 bits and not `-0`. On success `end` is the byte behind it; nothing is known of what
// stands there. `limit`: the end of the text.
[[nodiscard]] inline bool read_plain_integer(const char* at, const char* limit, std::int64_t& out, const char*& end) {
    constexpr std::ptrdiff_t kSafeDigits = 18;
    const char* const begin = at;
    const bool negative = at != limit && *at == '-';
    at += negative ? 1 : 0;
    const char* const first = at;
    std::int64_t number = 0;
    while (at != limit && static_cast<unsigned char>(*at - '0') <= 9 && at - first < kSafeDigits) {
        number = number * 10 + (*at++ - '0');
    }
    if (at == first || (*first == '0' && (at - first > 1 || negative))) return false;
    if (at != limit && static_cast<unsigned char>(*at - '0') <= 9) [[unlikely]] {
        const auto [behind, error] = std::from_chars(begin, limit, out);
        end = behind;
        return error == std::errc{};
    }
    end = at;
    out = negative ? -number : number;
    return true;
}

// --- times ---------------------------------------------------------------------------------------------------------
namespace detail {

// Pairs of digits as numbers, each in the byte of its first digit; other bytes mean nothing.
[[nodiscard]] constexpr std::uint64_t pairs(std::uint64_t digits) { return digits * 10 + (digits >> 8); }
[[nodiscard]] constexpr unsigned byte_of(std::uint64_t bytes, unsigned number) {
    return static_cast<unsigned>(bytes >> (8 * number)) & 0xff;
}

// `bytes` minus `pattern` (an 8-byte word of digits '0' and separators) is a digit in every byte of `digits` (0x01 in
// it) and zero elsewhere. Returns a number that isn't 0 where that isn't so.
[[nodiscard]] constexpr std::uint64_t misfit(std::uint64_t difference, std::uint64_t digits) {
    const std::uint64_t mask = digits * 0xf0 | (kEachByte - digits) * 0xff;
    return (difference | (difference + digits * 6)) & mask;
}

[[nodiscard]] constexpr std::uint64_t pattern(std::string_view eight) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < eight.size(); ++i) {
        out |= std::uint64_t{static_cast<unsigned char>(eight[i])} << (8 * i);
    }
    return out;
}
[[nodiscard]] constexpr std::uint64_t digits_in(std::string_view eight) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < eight.size(); ++i) out |= std::uint64_t{eight[i] == '0' ? 1U : 0U} << (8 * i);
    return out;
}

// Days before each month of a year that begins in March, counted from 1970-01-01 with the years' own days left out.
inline constexpr auto kDaysBeforeMonth =
    std::to_array<std::int32_t>({0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 0, 0, 0});
inline constexpr auto kDaysInMonth =
    std::to_array<std::uint8_t>({0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0});

}  // namespace detail

// `2026-01-31T23:59:59Z`, with up to nine digits of a second. Leap seconds, offsets and small letters are left to
// value::read_instant.
[[nodiscard]] inline bool read_plain_instant(std::string_view text, Instant& out) {
    using namespace detail;
    constexpr std::size_t kShortest = 20;
    constexpr std::string_view kFirst = "0000-00-", kSecond = "00T00:00", kThird = ":00";
    if (!kLowFirst || text.size() < kShortest) return false;
    const std::uint64_t a = load8(text.data()) ^ pattern(kFirst);
    const std::uint64_t b = load8(text.data() + 8) ^ pattern(kSecond);
    const std::uint64_t c = (load4(text.data() + 16) & 0xffffff) ^ pattern(kThird);
    if ((misfit(a, digits_in(kFirst)) | misfit(b, digits_in(kSecond)) | misfit(c, digits_in(kThird))) != 0)
        return false;
    const std::uint64_t pa = pairs(a), pb = pairs(b), pc = pairs(c);
    const unsigned year = byte_of(pa, 0) * 100 + byte_of(pa, 2);
    const unsigned month = byte_of(pa, 5), day = byte_of(pb, 0);
    const unsigned hour = byte_of(pb, 3), minute = byte_of(pb, 6), second = byte_of(pc, 1);
    if (year < 1970 || month - 1 > 11 || hour > 23 || minute > 59 || second > 59 || day == 0) return false;
    if (day > kDaysInMonth[month]) {
        const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        if (month != 2 || day != 29 || !leap) return false;
    }
    std::uint32_t nanoseconds = 0;
    if (text[19] != 'Z' || text.size() != kShortest) {
        constexpr std::size_t kMostDigits = 9;
        const std::size_t digits = text.size() - kShortest - 1;  // between the point and `Z`
        if (text[19] != '.' || text.back() != 'Z' || text.size() < kShortest + 2 || digits > kMostDigits) return false;
        for (std::size_t i = 0; i < kMostDigits; ++i) {
            const unsigned digit = i < digits ? static_cast<unsigned char>(text[20 + i] - '0') : 0;
            if (digit > 9) return false;
            nanoseconds = nanoseconds * 10 + digit;
        }
    }
    const unsigned march_year = year - (month <= 2 ? 1 : 0);
    const std::int64_t days = std::int64_t{march_year * 365 + march_year / 4 - march_year / 100 + march_year / 400} +
                              kDaysBeforeMonth[month] + day - 719'469;
    out = {days * 86'400 + (hour * 60 + minute) * 60 + second, nanoseconds};
    return true;
}

// --- addresses ------------------------------------------------------------------------------------------------------
namespace detail {

// One bit for each of sixteen bytes, the first one lowest.
struct ByteMasks {
    unsigned points = 0, digits = 0, zeros = 0;
};

#if defined(__SSE2__)
[[nodiscard]] inline ByteMasks masks_of(const char* at) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto bits = [](__m128i equal) { return static_cast<unsigned>(_mm_movemask_epi8(equal)); };
    const __m128i digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    return {bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'))),
            bits(_mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits)),
            bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('0')))};
}
#else
[[nodiscard]] inline ByteMasks masks_of(const char* at) {
    ByteMasks out;
    for (unsigned i = 0; i < 16; ++i) {
        out.points |= (at[i] == '.' ? 1U : 0U) << i;
        out.digits |= (static_cast<unsigned char>(at[i] - '0') <= 9 ? 1U : 0U) << i;
        out.zeros |= (at[i] == '0' ? 1U : 0U) << i;
    }
    return out;
}
#endif

}  // namespace detail

// `203.0.113.7` or `203.0.113.0/24`, without leading zeros and host bits. Sixteen bytes from the beginning of `text`,
// and four before it, must be readable.
[[nodiscard]] [[gnu::always_inline]] inline bool read_plain_ipv4(std::string_view text, value::Network& out) {
    constexpr std::size_t kShortest = 7, kLongest = 15;
    if (!kLowFirst || text.size() < kShortest) return false;
    const char* const at = text.data();
    std::size_t size = text.size();
    unsigned prefix = 32;
    if (at[size - 2] == '/') {
        prefix = static_cast<unsigned char>(at[size - 1] - '0');
        if (prefix > 9) return false;
        size -= 2;
    } else if (at[size - 3] == '/') {
        const unsigned tens = static_cast<unsigned char>(at[size - 2] - '0');
        const unsigned ones = static_cast<unsigned char>(at[size - 1] - '0');
        prefix = tens * 10 + ones;
        if (tens - 1 > 2 || ones > 9 || prefix > 32) return false;
        size -= 3;
    }
    if (size < kShortest || size > kLongest) return false;
    const detail::ByteMasks masks = detail::masks_of(at);
    const unsigned all = (1U << size) - 1;
    const unsigned points = masks.points & all, digits = masks.digits & all;
    // Digits and points alone; one to three digits before, between and behind three points; no zero before a digit.
    const unsigned second = points & (points - 1), third = second & (second - 1);
    const unsigned begins = (points << 1 | 1) & all, ends = points >> 1 | 1U << (size - 1);
    const unsigned wrong = ((points | digits) ^ all) | (begins & points) | (ends & points) |
                           (digits & digits >> 1 & digits >> 2 & digits >> 3) | (masks.zeros & begins & digits >> 1);
    if (wrong != 0 || third == 0 || (third & (third - 1)) != 0) return false;
    const auto end_of = [](unsigned point) { return static_cast<unsigned>(std::countr_zero(point)); };
    const unsigned end[] = {end_of(points), end_of(second), end_of(third), static_cast<unsigned>(size)};
    // The digits of an octet are moved to the upper bytes, the last one highest, and zeros come in below them.
    unsigned large = 0;
    const auto octet = [&](unsigned from, unsigned to) -> std::uint64_t {
        const unsigned other = 32 - 8 * (to - from);
        const std::uint32_t bytes = ((load4(at + to - 4) & 0x0f0f'0f0fU) >> other) << other;
        const unsigned number = (bytes >> 8 & 0xff) * 100 + ((bytes * 10 + (bytes >> 8)) >> 16 & 0xff);
        large |= number;
        return number;
    };
    const std::uint64_t address = octet(0, end[0]) << 24 | octet(end[0] + 1, end[1]) << 16 |
                                  octet(end[1] + 1, end[2]) << 8 | octet(end[2] + 1, end[3]);
    const std::uint64_t host = (std::uint64_t{1} << (32 - prefix)) - 1;
    if (large > 255 || (address & host) != 0) return false;
    out.high = 0;
    out.low = address;
    out.prefix = static_cast<std::uint8_t>(prefix);
    out.family = 4;
    out.masked = false;
    return true;
}

// `2001:db8::7` or `2001:db8::/32`, without host bits; of IPv4 within IPv6, and of `::`, nothing is read.
[[nodiscard]] bool read_plain_ipv6(std::string_view text, value::Network& out);

// --- escapes -------------------------------------------------------------------------------------------------------
// The text of a JSON string between its quotes, without escapes, appended to `out`, which must have the capacity for
// `raw.size()` bytes more: so it never moves, and leaves no copies of secrets behind. False where an escape is wrong or
// a surrogate stands alone.
[[nodiscard]] bool unescape(std::string_view raw, std::string& out);

// Are the escapes of a JSON string right?
[[nodiscard]] bool escapes_are_right(std::string_view raw);

// Overwrites `text`, which may have held a secret, and empties it.
void wipe(std::string& text);

}  // namespace keywright::input
