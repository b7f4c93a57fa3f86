#include "input/rows_text.h"

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

}  // namespace keywright::input
