// What a fuzzer says when a law is broken: the law, and an end that libFuzzer notices.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace keywright::fuzz {

inline void law(bool holds, const char* text) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", text);
    std::abort();
}

// Nothing in it could act on a terminal or forge a line.
inline bool is_one_plain_line(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
    }
    return true;
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace keywright::fuzz
