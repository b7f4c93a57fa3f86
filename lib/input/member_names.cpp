#include "input/member_names.h"

#include "base/text.h"
#include "input/decode.h"

#include <algorithm>
#include <array>

namespace keywright::input {

namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_lower(c) || is_upper(c); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_separator(char c) { return c == '_' || c == '-' || c == '.'; }

bool is_vowel(char c) { return std::string_view{"aeiouyAEIOUY"}.find(c) != std::string_view::npos; }

bool is_hexadecimal(std::string_view text) {
    return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// The letters that follow each letter, from `a` on, in words that API descriptions and this project's texts are made
// of. About six of ten pairs; of random texts of twelve letters one in a hundred has no other.
constexpr std::array<std::string_view, 26> kFollowers = {
    "abcdfghiklmnoprstuvwxy",      // a
    "acefhijlmorstuy",             // b
    "acdefhiklmoprstuwy",          // c
    "acdefgijklmnoprstuvy",        // d
    "abcdefghijklmnopqrstuvwxyz",  // e
    "abcdefilmorstuy",             // f
    "aefghilmnorstu",              // g
    "abdeilmorstuy",               // h
    "abcdefghiklmnopqrstuvxyz",    // i
    "aeosu",                       // j
    "aefilnsuy",                   // k
    "abdefgiklnoprstuvwy",         // l
    "abeilmnopstu",                // m
    "abcdefgijklmnoprstuvy",       // n
    "abcdefghijklmnoprstuvwz",     // o
    "acdeghiloprstuvy",            // p
    "u",                           // q
    "abcdefghiklmnoprstuvwy",      // r
    "acdefghijklmnopqrstuwy",      // s
    "acdefhilnoprstuwxy",          // t
    "abcdefgilmnoprst",            // u
    "aeio",                        // v
    "aehilnors",                   // w
    "abcdefhiptx",                 // x
    "abceilmnoprstwz",             // y
    "aeos",                        // z
};

char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// Letters that a word may hold: pairs that words have, and vowels here and there.
bool reads_like_word(std::string_view word) {
    constexpr std::size_t kLongest = 16;
    constexpr std::size_t kMostConsonants = 5;
    if (word.size() > kLongest) return false;
    std::size_t vowels = 0, run = 0, most = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const char c = to_lower(word[i]);
        if (i > 0) {
            const auto before = static_cast<std::size_t>(to_lower(word[i - 1]) - 'a');
            if (kFollowers[before].find(c) == std::string_view::npos) return false;
        }
        run = is_vowel(c) ? 0 : run + 1;
        vowels += run == 0 ? 1U : 0U;
        most = std::max(most, run);
    }
    return most <= kMostConsonants && vowels * 5 >= word.size();
}

// `ip`, `sms`, `URL`.
bool is_short(std::string_view word) {
    constexpr std::size_t kLongestAcronym = 4;
    return word.size() <= 2 || (word.size() <= kLongestAcronym && std::all_of(word.begin(), word.end(), is_upper));
}

bool reads_like_name(std::string_view name) {
    constexpr std::size_t kMostDigits = 2;
    constexpr std::size_t kLeastHexadecimal = 8;
    if (name.size() >= kLeastHexadecimal && is_hexadecimal(name)) return false;
    if (!name.empty() && (name.front() == '$' || name.front() == '_')) name.remove_prefix(1);
    std::size_t digits = 0;
    for (; !name.empty() && is_digit(name.back()); name.remove_suffix(1)) ++digits;
    if (name.empty() || digits > kMostDigits) return false;
    std::size_t words = 0, short_words = 0, letters = 0;
    for (std::size_t begin = 0; begin < name.size();) {
        std::size_t end = begin;
        while (end < name.size() && is_upper(name[end])) ++end;
        if (end - begin > 1 && end < name.size() && is_lower(name[end])) {
            --end;  // the last capital of `IPAddress` begins the next word
        } else {
            while (end < name.size() && is_lower(name[end])) ++end;
        }
        if (end == begin) return false;
        const std::string_view word = name.substr(begin, end - begin);
        ++words;
        letters += word.size();
        if (is_short(word) || (words == 1 && word.size() == name.size() && word.size() <= 3)) {
            ++short_words;
        } else if (!reads_like_word(word)) {
            return false;
        }
        if (end < name.size() && is_separator(name[end])) {
            ++end;
            // Nothing behind it, or a second separator.
            if (end < name.size() ? !is_letter(name[end]) : digits == 0) return false;
        }
        begin = end;
    }
    // Capitals at random part a text into many short pieces.
    return short_words <= 2 && (words <= 2 || letters >= words * 3);
}

}  // namespace

bool may_be_shown(std::string_view name, std::span<const std::string> known) {
    constexpr std::size_t kLongest = 40;
    if (name.size() > kLongest) return false;
    return reads_like_name(name) || !suggest(name, known).empty();
}

std::string shown_name(std::string_view name, std::span<const std::string> known) {
    if (may_be_shown(name, known)) return quoted(name);
    return "(name withheld: " + std::to_string(name.size()) + (name.size() == 1 ? " byte)" : " bytes)");
}

std::string pointer_step(std::string_view name, std::span<const std::string> known) {
    return may_be_shown(name, known) ? base::escape_pointer(name) : "(name withheld)";
}

}  // namespace keywright::input
