// The difference of two texts in lines.
#include "keywright/text.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace keywright {

namespace {

constexpr std::size_t kContext = 3;
constexpr std::size_t kMostCells = std::size_t{1} << 22;
constexpr std::size_t kLongestLine = 4000;

using Lines = std::vector<std::string_view>;

[[nodiscard]] Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1);
        lines.push_back(text.substr(0, end + 1));
        text.remove_prefix(end + 1);
    }
    return lines;
}

struct Step {
    char kind;  // ' ', '-', '+'
    std::string_view line;
    std::size_t before, after;  // lines of either text that come ahead of this one
};

// The steps from one text to the other, by the table of longest common subsequences of what lies between the parts
// that are equal at the beginning and at the end.
class Comparison {
public:
    Comparison(const Lines& before, const Lines& after) : before_(before), after_(after) {
        const std::size_t shorter = std::min(before.size(), after.size());
        std::size_t head = 0;
        while (head < shorter && before[head] == after[head]) ++head;
        std::size_t tail = 0;
        while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
        for (std::size_t i = 0; i < head; ++i) keep();
        middle(before.size() - tail, after.size() - tail);
        for (std::size_t i = 0; i < tail; ++i) keep();
    }

    [[nodiscard]] std::vector<Step> take() { return std::move(steps_); }

private:
    void keep() {
        steps_.push_back({' ', before_[b_], b_, a_});
        ++b_, ++a_;
    }
    void drop() {
        steps_.push_back({'-', before_[b_], b_, a_});
        ++b_;
    }
    void add() {
        steps_.push_back({'+', after_[a_], b_, a_});
        ++a_;
    }

    void middle(std::size_t before_end, std::size_t after_end) {
        const std::size_t rows = before_end - b_;
        const std::size_t columns = after_end - a_;
        const std::size_t b0 = b_;
        const std::size_t a0 = a_;
        if (rows > 0 && columns > 0 && rows <= kMostCells / columns) {
            // common[r][c]: lines that what follows row r and column c has in common.
            std::vector<std::uint32_t> common((rows + 1) * (columns + 1));
            const auto at = [&](std::size_t r, std::size_t c) -> std::uint32_t& {
                return common[r * (columns + 1) + c];
            };
            for (std::size_t r = rows; r-- > 0;) {
                for (std::size_t c = columns; c-- > 0;) {
                    at(r, c) =
                        before_[b0 + r] == after_[a0 + c] ? at(r + 1, c + 1) + 1 : std::max(at(r + 1, c), at(r, c + 1));
                }
            }
            while (b_ < before_end && a_ < after_end) {
                if (before_[b_] == after_[a_]) {
                    keep();
                } else if (at(b_ - b0 + 1, a_ - a0) >= at(b_ - b0, a_ - a0 + 1)) {
                    drop();
                } else {
                    add();
                }
            }
        }
        while (b_ < before_end) drop();
        while (a_ < after_end) add();
    }

    const Lines& before_;
    const Lines& after_;
    std::size_t b_ = 0, a_ = 0;
    std::vector<Step> steps_;
};

[[nodiscard]] std::string span_of(std::size_t first, std::size_t count) {
    // A span without lines is named by the line ahead of it.
    std::string out = std::to_string(count == 0 ? first : first + 1);
    if (count != 1) out += ',' + std::to_string(count);
    return out;
}

void write_hunk(std::string& out, const std::vector<Step>& steps, std::size_t begin, std::size_t end) {
    std::size_t before = 0;
    std::size_t after = 0;
    for (std::size_t i = begin; i < end; ++i) {
        if (steps[i].kind != '+') ++before;
        if (steps[i].kind != '-') ++after;
    }
    out += "@@ -" + span_of(steps[begin].before, before) + " +" + span_of(steps[begin].after, after) + " @@\n";
    for (std::size_t i = begin; i < end; ++i) {
        std::string_view line = steps[i].line;
        const bool ended = line.ends_with('\n');
        if (ended) line.remove_suffix(1);
        out += steps[i].kind;
        // Tabs are harmless and part of the difference; the rest of a line could act on a terminal.
        for (std::size_t at = 0;; ++at) {
            const std::size_t tab = std::min(line.find('\t', at), line.size());
            out += printable(line.substr(at, tab - at), kLongestLine);
            if (tab == line.size()) break;
            out += '\t';
            at = tab;
        }
        out += '\n';
        if (!ended) out += "\\ No newline at end of file\n";
    }
}

}  // namespace

std::string unified_diff(const std::string& name, std::string_view before, std::string_view after) {
    const Lines old_lines = lines_of(before);
    const Lines new_lines = lines_of(after);
    const std::vector<Step> steps = Comparison{old_lines, new_lines}.take();
    std::string out;
    std::size_t i = 0;
    while (true) {
        while (i < steps.size() && steps[i].kind == ' ') ++i;
        if (i == steps.size()) break;
        if (out.empty()) out = "--- " + printable(name) + "\n+++ " + printable(name) + '\n';
        const std::size_t begin = i - std::min(i, kContext);
        // Changes with little between them share a hunk.
        std::size_t end = i;
        for (std::size_t quiet = 0; i < steps.size() && quiet <= 2 * kContext; ++i) {
            quiet = steps[i].kind == ' ' ? quiet + 1 : 0;
            if (steps[i].kind != ' ') end = i + 1;
        }
        i = end;
        write_hunk(out, steps, begin, std::min(end + kContext, steps.size()));
    }
    return out;
}

}  // namespace keywright
