#include "input/rows_text.h"

#include <array>

namespace keywright::input {

namespace {

constexpr unsigned kNoUnit = 0xffff'ffff;

// The code unit of `\uXXXX`, of which `at` is the first digit.
[[nodiscard]] unsigned unit_at(std::string_view raw, std::size_t at) {
    if (raw.size() < at + 4) return kNoUnit;
    unsigned unit = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        const char c = raw[i];
        unit <<= 4;
        if (c >= '0' && c <= '9') {
            unit |= static_cast<unsigned>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            unit |= static_cast<unsigned>(c - 'a' + 10);
        } else if (c >= 'A' && c <= 'F') {
            unit |= static_cast<unsigned>(c - 'A' + 10);
        } else {
            return kNoUnit;
        }
    }
    return unit;
}

constexpr unsigned kNoDigit = 16;

// By byte: the value of a hexadecimal digit.
constexpr std::array<std::uint8_t, 256> kHexDigits = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(kNoDigit);
    for (unsigned i = 0; i < 10; ++i) table['0' + i] = static_cast<std::uint8_t>(i);
    for (unsigned i = 0; i < 6; ++i) {
        table['a' + i] = table['A' + i] = static_cast<std::uint8_t>(10 + i);
    }
    return table;
}();

[[nodiscard]] constexpr char byte(unsigned bits) { return static_cast<char>(static_cast<unsigned char>(bits)); }

void append_scalar(std::string& out, unsigned scalar) {
    if (scalar < 0x80) {
        out += byte(scalar);
    } else if (scalar < 0x800) {
        out += byte(0xc0 | scalar >> 6);
        out += byte(0x80 | (scalar & 0x3f));
    } else if (scalar < 0x10000) {
        out += byte(0xe0 | scalar >> 12);
        out += byte(0x80 | (scalar >> 6 & 0x3f));
        out += byte(0x80 | (scalar & 0x3f));
    } else {
        out += byte(0xf0 | scalar >> 18);
        out += byte(0x80 | (scalar >> 12 & 0x3f));
        out += byte(0x80 | (scalar >> 6 & 0x3f));
        out += byte(0x80 | (scalar & 0x3f));
    }
}

// Hands `put` every piece of plain text and `put_scalar` every escaped scalar.
template <class Put, class PutScalar>
[[nodiscard]] bool each_piece(std::string_view raw, Put put, PutScalar put_scalar) {
    constexpr std::string_view kEscapes = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
    std::size_t at = 0;
    while (true) {
        const std::size_t escape = raw.find('\\', at);
        if (escape == std::string_view::npos) break;
        put(raw.substr(at, escape - at));
        if (escape + 1 >= raw.size()) return false;
        const char kind = raw[escape + 1];
        at = escape + 2;
        if (kind != 'u') {
            const std::size_t known = kEscapes.find(kind);
            if (known == std::string_view::npos) return false;
            put_scalar(static_cast<unsigned char>(kMeant[known]));
            continue;
        }
        unsigned scalar = unit_at(raw, at);
        if (scalar == kNoUnit) return false;
        at += 4;
        if (scalar >= 0xd800 && scalar <= 0xdfff) {
            if (scalar > 0xdbff || raw.substr(at, 2) != "\\u") return false;
            const unsigned low = unit_at(raw, at + 2);
            if (low < 0xdc00 || low > 0xdfff) return false;
            scalar = 0x10000 + ((scalar - 0xd800) << 10) + (low - 0xdc00);
            at += 6;
        }
        put_scalar(scalar);
    }
    put(raw.substr(at));
    return true;
}

}  // namespace

bool unescape(std::string_view raw, std::string& out) {
    return each_piece(
        raw, [&](std::string_view piece) { out += piece; }, [&](unsigned scalar) { append_scalar(out, scalar); });
}

bool escapes_are_right(std::string_view raw) {
    return each_piece(raw, [](std::string_view) {}, [](unsigned) {});
}

void wipe(std::string& text) {
    // Through a volatile pointer, or the compiler may drop a write that nothing reads.
    volatile char* bytes = text.data();
    for (std::size_t i = 0; i < text.size(); ++i) bytes[i] = '\0';
    text.clear();
}

bool read_plain_ipv6(std::string_view text, value::Network& out) {
    constexpr std::size_t kGroups = 8, kNowhere = kGroups + 1, kMostDigits = 4;
    const char* at = text.data();
    const char* const end = at + text.size();
    std::array<std::uint16_t, kGroups> groups{};
    std::size_t count = 0, gap = kNowhere;
    const auto is_end = [&] { return at == end || *at == '/'; };
    const auto take_gap = [&] {
        if (end - at < 2 || at[0] != ':' || at[1] != ':') return false;
        gap = count;
        at += 2;
        return true;
    };
    if (take_gap() && is_end()) return false;
    while (true) {
        unsigned group = 0;
        std::size_t digits = 0;
        for (; at != end && digits <= kMostDigits; ++at, ++digits) {
            const unsigned digit = kHexDigits[static_cast<unsigned char>(*at)];
            if (digit == kNoDigit) break;
            group = group << 4 | digit;
        }
        if (digits == 0 || digits > kMostDigits || count == kGroups) return false;
        groups[count++] = static_cast<std::uint16_t>(group);
        if (is_end()) break;
        if (gap == kNowhere && take_gap()) {
            if (is_end()) break;
            continue;
        }
        if (*at++ != ':') return false;
    }
    // A gap stands for one group at least.
    if (gap == kNowhere ? count != kGroups : count == kGroups) return false;

    std::uint64_t half[2] = {};
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t place = i < gap ? i : i + kGroups - count;
        half[place / 4] |= std::uint64_t{groups[i]} << (48 - 16 * (place % 4));
    }
    unsigned prefix = 128;
    if (at != end) {
        const std::string_view digits{at + 1, static_cast<std::size_t>(end - at - 1)};
        if (digits.empty() || digits.size() > 3 || (digits[0] == '0' && digits.size() > 1)) return false;
        prefix = 0;
        for (const char digit : digits) {
            if (digit < '0' || digit > '9') return false;
            prefix = prefix * 10 + static_cast<unsigned>(digit - '0');
        }
        if (prefix > 128) return false;
    }
    const auto host = [](unsigned bits) {  // so many of the lowest bits
        return bits == 0 ? 0 : ~std::uint64_t{0} >> (64 - bits);
    };
    const unsigned host_bits = 128 - prefix;
    const std::uint64_t high_host = host(host_bits > 64 ? host_bits - 64 : 0);
    const std::uint64_t low_host = host(host_bits > 64 ? 64 : host_bits);
    if ((half[0] & high_host) != 0 || (half[1] & low_host) != 0) return false;
    // What might be IPv4 within IPv6, and the unspecified address, are for those who know more about them.
    if (half[0] == 0 && (half[1] >> 32 == 0 || half[1] >> 32 == 0xffff)) return false;
    out.high = half[0];
    out.low = half[1];
    out.prefix = static_cast<std::uint8_t>(prefix);
    out.family = 6;
    out.masked = false;
    return true;
}

}  // namespace keywright::input
