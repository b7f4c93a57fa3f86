#include "support/markdown.h"

#include <utility>

namespace keywright::test {

namespace {

constexpr std::string_view kBackTicks = "```";

// The lines of a text, each with its number and whether it stands inside a fence (the back-ticks themselves do).
struct Line {
    std::string_view text;
    std::size_t number = 0;
    bool fenced = false;
    bool opens = false;
    bool closes = false;
};

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> out;
    bool inside = false;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        Line line{text.substr(0, end), out.size() + 1, inside, false, false};
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.text.starts_with(kBackTicks)) {
            line.fenced = true;
            line.opens = !inside;
            line.closes = inside;
            inside = !inside;
        }
        out.push_back(line);
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// The next word of `text`, which loses it.
std::string_view next_word(std::string_view& text) {
    text = trimmed(text);
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
}

std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> out;
    line = trimmed(line);
    line.remove_prefix(1);  // the first `|`
    while (!line.empty()) {
        const std::size_t end = line.find('|');
        std::string_view cell = trimmed(line.substr(0, end));
        const bool quoted =
            cell.size() > 1 && cell.front() == '`' && cell.back() == '`' && cell.find('`', 1) == cell.size() - 1;
        if (quoted) cell = cell.substr(1, cell.size() - 2);
        out.emplace_back(cell);
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    }
    return out;
}

bool is_rule_of_table(std::string_view line) {
    return line.find_first_not_of("|-: ") == std::string_view::npos && line.find('-') != std::string_view::npos;
}

}  // namespace

std::string Fence::option(const std::string& name, const std::string& otherwise) const {
    const auto found = options.find(name);
    return found == options.end() ? otherwise : found->second;
}

std::vector<Fence> fences(std::string_view markdown) {
    std::vector<Fence> out;
    for (const Line& line : lines_of(markdown)) {
        if (line.opens) {
            std::string_view rest = line.text.substr(kBackTicks.size());
            Fence fence;
            fence.line = line.number;
            fence.kind = next_word(rest);
            while (!trimmed(rest).empty()) {
                const std::string_view word = next_word(rest);
                const std::size_t equal = word.find('=');
                const std::string_view value = equal == std::string_view::npos ? "" : word.substr(equal + 1);
                fence.options.emplace(word.substr(0, equal), value);
            }
            out.push_back(std::move(fence));
        } else if (line.fenced && !line.closes) {
            out.back().text += std::string{line.text} + "\n";
        }
    }
    return out;
}

std::vector<Table> tables(std::string_view markdown) {
    std::vector<Table> out;
    bool inside = false;
    for (const Line& line : lines_of(markdown)) {
        if (line.fenced || !line.text.starts_with('|')) {
            inside = false;
        } else if (!inside) {
            inside = true;
            out.push_back({cells_of(line.text), {}, line.number});
        } else if (!is_rule_of_table(line.text)) {
            out.back().rows.push_back(cells_of(line.text));
        }
    }
    return out;
}

std::vector<Section> sections(std::string_view markdown) {
    std::vector<Section> out;
    for (const Line& line : lines_of(markdown)) {
        const std::size_t level = line.text.find_first_not_of('#');
        const bool heading = !line.fenced && level != std::string_view::npos && level > 0 && line.text[level] == ' ';
        if (heading) {
            out.push_back({level, std::string{line.text.substr(level + 1)}, {}, line.number});
        } else if (!out.empty()) {
            out.back().text += std::string{line.text} + "\n";
        }
    }
    return out;
}

bool is_closed(std::string_view markdown) {
    bool inside = false;
    for (const Line& line : lines_of(markdown)) inside = line.opens || (inside && !line.closes);
    return !inside;
}

}  // namespace keywright::test
