#include "hidden_values.h"

#include <algorithm>
#include <string_view>

namespace keywright::command {

std::string without_values(std::string text) {
    const auto blot = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < std::min(end, text.size()); ++i) {
            if (text[i] != '\n') text[i] = '*';
        }
    };
    char before = '\n';  // the last byte that is no blank
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = std::string_view{text}.substr(at);
        if (rest.starts_with("\"\"\"")) {
            const std::size_t end = text.find("\"\"\"", at + 3);
            blot(at + 3, end);
            at = end == std::string::npos ? text.size() : end + 3;
            before = '"';
        } else if (rest.starts_with("//")) {
            at = std::min(text.find('\n', at), text.size());
        } else if (rest.front() == '"') {
            std::size_t end = at + 1;
            while (end < text.size() && text[end] != '"' && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
            // In a table a value stands behind a bar.
            if (before == ':' || before == '|') blot(at + 1, end);
            at = end + 1;
            before = '"';
        } else {
            if (rest.front() != ' ' && rest.front() != '\n' && rest.front() != '\t') before = rest.front();
            ++at;
        }
    }
    return text;
}

}  // namespace keywright::command
