#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace keywright::base {

namespace {

constexpr char32_t kMalformed = 0xffffffff;

[[nodiscard]] unsigned byte_at(std::string_view text, std::size_t offset) {
    return static_cast<unsigned char>(text[offset]);
}

// Decodes by table 3-7 of the Unicode standard, which leaves out overlong forms, surrogates and what lies past
// U+10FFFF. `kMalformed` moves past one byte.
[[nodiscard]] char32_t decode(std::string_view text, std::size_t& offset) {
    const unsigned lead = byte_at(text, offset);
    const std::size_t start = offset++;
    if (lead < 0x80) return lead;
    std::size_t more = 0;
    unsigned low = 0x80;
    unsigned high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
        more = 1;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        more = 2;
        if (lead == 0xe0) low = 0xa0;
        if (lead == 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        more = 3;
        if (lead == 0xf0) low = 0x90;
        if (lead == 0xf4) high = 0x8f;
    } else {
        return kMalformed;
    }
    if (text.size() - start <= more) return kMalformed;
    char32_t scalar = lead & (0x3fu >> more);
    for (std::size_t i = 1; i <= more; ++i) {
        const unsigned next = byte_at(text, start + i);
        if (next < low || next > high) return kMalformed;
        low = 0x80;
        high = 0xbf;
        scalar = (scalar << 6) | (next & 0x3f);
    }
    offset = start + more + 1;
    return scalar;
}

struct Range {
    char32_t first, last;
};

[[nodiscard]] bool in_ranges(char32_t scalar, const Range* begin, const Range* end) {
    return std::any_of(begin, end, [scalar](Range range) { return scalar >= range.first && scalar <= range.last; });
}

struct LookAlike {
    char32_t scalar;
    char letter;
};

// Ordered by scalar. Only letters that people really mistake in running text.
constexpr auto kLookAlikes = std::to_array<LookAlike>({
    {0x0131, 'i'},
    {0x017f, 's'},
    {0x0251, 'a'},
    {0x0261, 'g'},
    {0x0269, 'i'},
    // Greek
    {0x0391, 'A'},
    {0x0392, 'B'},
    {0x0395, 'E'},
    {0x0396, 'Z'},
    {0x0397, 'H'},
    {0x0399, 'I'},
    {0x039a, 'K'},
    {0x039c, 'M'},
    {0x039d, 'N'},
    {0x039f, 'O'},
    {0x03a1, 'P'},
    {0x03a4, 'T'},
    {0x03a5, 'Y'},
    {0x03a7, 'X'},
    {0x03b1, 'a'},
    {0x03b3, 'y'},
    {0x03b7, 'n'},
    {0x03b9, 'i'},
    {0x03ba, 'k'},
    {0x03bd, 'v'},
    {0x03bf, 'o'},
    {0x03c1, 'p'},
    {0x03c4, 't'},
    {0x03c5, 'u'},
    {0x03c7, 'x'},
    {0x03c9, 'w'},
    {0x03f2, 'c'},
    {0x03f3, 'j'},
    // Cyrillic
    {0x0405, 'S'},
    {0x0406, 'I'},
    {0x0408, 'J'},
    {0x0410, 'A'},
    {0x0412, 'B'},
    {0x0415, 'E'},
    {0x041a, 'K'},
    {0x041c, 'M'},
    {0x041d, 'H'},
    {0x041e, 'O'},
    {0x0420, 'P'},
    {0x0421, 'C'},
    {0x0422, 'T'},
    {0x0423, 'Y'},
    {0x0425, 'X'},
    {0x0430, 'a'},
    {0x0433, 'r'},
    {0x0435, 'e'},
    {0x043a, 'k'},
    {0x043c, 'm'},
    {0x043e, 'o'},
    {0x043f, 'n'},
    {0x0440, 'p'},
    {0x0441, 'c'},
    {0x0442, 't'},
    {0x0443, 'y'},
    {0x0445, 'x'},
    {0x044c, 'b'},
    {0x0455, 's'},
    {0x0456, 'i'},
    {0x0458, 'j'},
    {0x0475, 'v'},
    {0x04ae, 'Y'},
    {0x04af, 'y'},
    {0x04bb, 'h'},
    {0x04c0, 'I'},
    {0x04cf, 'l'},
    {0x0501, 'd'},
    {0x050c, 'G'},
    {0x051a, 'Q'},
    {0x051b, 'q'},
    {0x051c, 'W'},
    {0x051d, 'w'},
    // Armenian
    {0x0566, 'q'},
    {0x0570, 'h'},
    {0x0578, 'n'},
    {0x057d, 'u'},
    {0x0581, 'g'},
    {0x0585, 'o'},
    // letter-like symbols and Roman numerals
    {0x2113, 'l'},
    {0x212a, 'K'},
    {0x2160, 'I'},
    {0x2164, 'V'},
    {0x2169, 'X'},
    {0x216c, 'L'},
    {0x216d, 'C'},
    {0x216e, 'D'},
    {0x216f, 'M'},
    {0x2170, 'i'},
    {0x2174, 'v'},
    {0x2179, 'x'},
    {0x217c, 'l'},
    {0x217d, 'c'},
    {0x217e, 'd'},
    {0x217f, 'm'},
});

[[nodiscard]] constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void append_hex(std::string& out, std::uint32_t value, int least_digits) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    int digits = 1;
    while (digits < 8 && (value >> (4 * digits)) != 0) ++digits;
    for (int i = std::max(digits, least_digits) - 1; i >= 0; --i) out += kDigits[(value >> (4 * i)) & 0xf];
}

// How many bytes `text` begins with that are ASCII, rounded down to a multiple of eight where more text follows.
std::size_t ascii_prefix(std::string_view text) {
    std::size_t bytes = 0;
    for (std::uint64_t eight = 0; text.size() - bytes >= sizeof eight; bytes += sizeof eight) {
        std::memcpy(&eight, text.data() + bytes, sizeof eight);
        if ((eight & 0x8080808080808080U) != 0) return bytes;
    }
    return bytes;
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
    std::size_t offset = 0;
    while (offset < text.size()) {
        offset += ascii_prefix(text.substr(offset));
        if (offset == text.size()) break;
        const std::size_t start = offset;
        if (decode(text, offset) == kMalformed) return start;
    }
    return std::nullopt;
}

char32_t next_scalar(std::string_view text, std::size_t& offset) {
    const char32_t scalar = decode(text, offset);
    return scalar == kMalformed ? char32_t{0xfffd} : scalar;
}

std::size_t count_scalars(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_white_space(char32_t scalar) {
    return (scalar >= 0x9 && scalar <= 0xd) || scalar == 0x20 || scalar == 0x85 || scalar == 0xa0 || scalar == 0x1680 ||
           (scalar >= 0x2000 && scalar <= 0x200a) || scalar == 0x2028 || scalar == 0x2029 || scalar == 0x202f ||
           scalar == 0x205f || scalar == 0x3000;
}

bool is_blank(std::string_view text) {
    std::size_t offset = 0;
    while (offset < text.size()) {
        if (!is_white_space(next_scalar(text, offset))) return false;
    }
    return true;
}

bool is_invisible(char32_t scalar) {
    if (scalar == '\t' || scalar == '\n' || scalar == '\r') return false;
    // U+FE0F stays visible: it only asks for the coloured form of a sign.
    static constexpr auto kInvisible = std::to_array<Range>({
        {0x0000, 0x001f}, {0x007f, 0x009f}, {0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x061c, 0x061c},
        {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfe00, 0xfe0e},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
        {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    });
    return in_ranges(scalar, kInvisible.data(), kInvisible.data() + kInvisible.size());
}

char look_alike_of(char32_t scalar) {
    if (scalar >= 0xff21 && scalar <= 0xff3a) return static_cast<char>('A' + (scalar - 0xff21));
    if (scalar >= 0xff41 && scalar <= 0xff5a) return static_cast<char>('a' + (scalar - 0xff41));
    // Thirteen mathematical alphabets of 52 letters.
    if (scalar >= 0x1d400 && scalar <= 0x1d6a3) {
        const char32_t letter = (scalar - 0x1d400) % 52;
        return static_cast<char>(letter < 26 ? 'A' + letter : 'a' + (letter - 26));
    }
    const auto found = std::lower_bound(kLookAlikes.begin(), kLookAlikes.end(), scalar,
                                        [](const LookAlike& entry, char32_t wanted) { return entry.scalar < wanted; });
    return found != kLookAlikes.end() && found->scalar == scalar ? found->letter : '\0';
}

std::optional<std::string> without_look_alikes(std::string_view text) {
    std::string out;
    bool found = false;
    std::size_t offset = 0;
    while (offset < text.size()) {
        const std::size_t start = offset;
        const char letter = look_alike_of(next_scalar(text, offset));
        if (letter != '\0') {
            out += letter;
            found = true;
        } else {
            out += text.substr(start, offset - start);
        }
    }
    if (!found) return std::nullopt;
    return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (difference > limit) return limit + 1;
    // Three rows of the table: the one being filled, the one before, and the one before that for transpositions.
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(before, above);
        std::swap(above, row);
        row[0] = i;
        std::size_t least = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const char x = to_lower(a[i - 1]);
            const char y = to_lower(b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (x == y ? 0u : 1u)});
            if (i > 1 && j > 1 && x == to_lower(b[j - 2]) && to_lower(a[i - 2]) == y) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
            least = std::min(least, row[j]);
        }
        // A transposition reaches back two rows, so one row beyond the limit is not yet the end.
        if (least > limit + 1) return limit + 1;
    }
    return std::min(row[b.size()], limit + 1);
}

std::string closest(std::string_view word, std::span<const std::string> candidates) {
    // A third of the letters may be wrong, but never all of them.
    const std::size_t limit = std::min<std::size_t>(word.size() < 3 ? 1 : word.size() / 3, 3);
    std::string best;
    std::size_t best_distance = limit + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(word, candidate, limit);
        if (distance < best_distance && distance < std::max(word.size(), candidate.size())) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

bool matches_glob(std::string_view text, std::string_view pattern) {
    constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t after_star = kNowhere;  // where the pattern goes on behind the last `*`
    std::size_t star_text = 0;          // how far that `*` reaches at present
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            after_star = ++p;
            star_text = t;
            continue;
        }
        if (p < pattern.size()) {
            std::size_t next_p = p;
            std::size_t next_t = t;
            const bool any = pattern[p] == '?';
            if (pattern[p] == '\\' && p + 1 < pattern.size()) ++next_p;
            const std::size_t literal = next_p;
            (void)next_scalar(pattern, next_p);
            (void)next_scalar(text, next_t);
            if (any || pattern.substr(literal, next_p - literal) == text.substr(t, next_t - t)) {
                p = next_p;
                t = next_t;
                continue;
            }
        }
        if (after_star == kNowhere) return false;
        (void)next_scalar(text, star_text);
        t = star_text;
        p = after_star;
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

std::string printable(std::string_view text, std::size_t limit) {
    // Most texts are plain.
    const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7f; };
    if (text.size() <= limit && std::all_of(text.begin(), text.end(), is_plain)) return std::string{text};
    std::string out;
    std::size_t shown = 0;
    std::size_t offset = 0;
    while (offset < text.size()) {
        const std::size_t start = offset;
        const char32_t scalar = decode(text, offset);
        std::string piece;
        if (scalar == kMalformed) {
            piece = "\\x";
            append_hex(piece, byte_at(text, start), 2);
        } else if (is_invisible(scalar) || scalar == '\t' || scalar == '\n' || scalar == '\r') {
            piece = "\\u{";
            append_hex(piece, static_cast<std::uint32_t>(scalar), 1);
            piece += '}';
        } else {
            piece = text.substr(start, offset - start);
        }
        shown += count_scalars(piece);
        if (shown > limit) return out + "…";
        out += piece;
    }
    return out;
}

std::string escape_pointer(std::string_view token) {
    std::string out;
    out.reserve(token.size());
    for (const char c : token) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace keywright::base
