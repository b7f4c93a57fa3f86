// What `describe` (compiling.h) says of errors, without where they stand. By hand: under the sanitizers gcc 12 takes
// parts of std::regex for uninitialised (gcc bug 105616), and that warning is an error.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keywright::test {

// ` error 12:3 ` becomes a space, wherever it stands.
[[nodiscard]] inline std::string without_places(std::string_view text) {
    constexpr std::string_view kWord = " error ";
    std::string out;
    while (!text.empty()) {
        const std::size_t word = text.find(kWord);
        if (word == std::string_view::npos) break;
        std::size_t end = word + kWord.size();
        const auto number = [&] {
            const std::size_t first = end;
            while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
            return end > first;
        };
        const auto sign = [&](char c) { return end < text.size() && text[end] == c && ++end > 0; };
        if (number() && sign(':') && number() && sign(' ')) {
            out += text.substr(0, word);
            out += ' ';
        } else {
            // Its last blank may begin the next.
            end = word + kWord.size() - 1;
            out += text.substr(0, end);
        }
        text.remove_prefix(end);
    }
    return out.append(text);
}

}  // namespace keywright::test
