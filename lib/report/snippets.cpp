#include "report/snippets.h"

#include "base/text.h"
#include "keywright/text.h"

#include <algorithm>
#include <utility>

namespace keywright::report {

namespace {

constexpr std::size_t kTab = 4;            // columns a tab is shown as
constexpr std::size_t kLongestLine = 160;  // columns of a source line that are shown
constexpr std::size_t kLeadIn = 40;        // columns kept before the place where a line is cut

// A line of source as it is shown, and where the underlined part of it begins and ends.
struct Excerpt {
    std::string text;
    std::size_t begin = 0, end = 0;  // columns; `end` is exclusive and after `begin`
    bool goes_on = false;            // the underlined part goes on below
};

// The line that holds byte `at`, without its line break.
[[nodiscard]] std::string_view line_at(std::string_view text, std::size_t at, std::size_t& line_begin) {
    at = std::min(at, text.size());
    const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    line_begin = before == std::string_view::npos ? 0 : before + 1;
    std::string_view line = text.substr(line_begin, text.find('\n', line_begin) - line_begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// Bytes of `line` from `at` back, or on, that take about `columns` columns, at a border between characters.
[[nodiscard]] std::size_t back_by(std::string_view line, std::size_t at, std::size_t columns) {
    while (at > 0 && columns > 0) {
        --at;
        if ((static_cast<unsigned char>(line[at]) & 0xc0) != 0x80) --columns;
    }
    while (at > 0 && (static_cast<unsigned char>(line[at]) & 0xc0) == 0x80) --at;
    return at;
}

// Where texts in three quotes that reach into the bytes from `begin` up to `end` begin and end, quotes left out: they
// are other programs' records, which may hold secrets. Linear in the text before `end`.
[[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> raw_texts(std::string_view text, std::size_t begin,
                                                                         std::size_t end) {
    constexpr std::string_view kQuotes = "\"\"\"";
    std::vector<std::pair<std::size_t, std::size_t>> out;
    if (text.find(kQuotes) >= end) return out;
    for (std::size_t at = 0; at < std::min(end, text.size());) {
        const std::string_view rest = text.substr(at);
        if (rest.starts_with(kQuotes)) {
            const std::size_t first = at + kQuotes.size();
            const std::size_t close = std::min(text.find(kQuotes, first), text.size());
            if (close > begin) out.emplace_back(first, close);
            at = close + kQuotes.size();
        } else if (rest.starts_with("//")) {
            at = std::min(text.find('\n', at), text.size());
        } else if (rest.front() == '"') {
            for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at) {
                if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] != '\n') ++at;
            }
            ++at;
        } else {
            ++at;
        }
    }
    return out;
}

[[nodiscard]] Excerpt excerpt_of(std::string_view text, const SourceRange& range) {
    std::size_t line_begin = 0;
    const std::string_view line = line_at(text, range.begin, line_begin);
    const std::size_t begin = std::min(range.begin - std::min(range.begin, line_begin), line.size());
    const std::size_t end = std::clamp(range.end - std::min(range.end, line_begin), begin, line.size());
    Excerpt out;
    out.goes_on = range.end_line > range.line;
    std::size_t offset = begin > kLongestLine - kLeadIn ? back_by(line, begin, kLeadIn) : 0;
    std::size_t column = 0;
    const auto show = [&](std::string_view piece) {
        out.text += piece;
        column += columns_of(piece);
    };
    if (offset > 0) show("…");
    const auto hidden = raw_texts(text, line_begin, line_begin + line.size());
    const auto is_hidden = [&](std::size_t place) {
        return std::ranges::any_of(hidden, [&](const auto& raw) { return raw.first <= place && place < raw.second; });
    };
    bool begun = false;
    bool ended = false;
    while (offset < line.size()) {
        if (!begun && offset >= begin) out.begin = column, begun = true;
        if (!ended && offset >= end) out.end = column, ended = true;
        if (column >= kLongestLine) {
            show("…");
            break;
        }
        const std::size_t start = offset;
        (void)base::next_scalar(line, offset);
        const std::string_view piece = line.substr(start, offset - start);
        if (is_hidden(line_begin + start)) {
            show("·");
        } else if (piece == "\t") {
            show(std::string(kTab - column % kTab, ' '));
        } else {
            show(base::printable(piece));
        }
    }
    if (!begun) out.begin = column;
    if (!ended) out.end = column;
    out.end = std::max(out.end, out.begin + 1);  // a place without width still shows
    return out;
}

}  // namespace

const std::string* text_of(const std::vector<Compiled::File>& files, const std::string& path) {
    const auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == path; });
    return found == files.end() ? nullptr : &found->text;
}

std::string words_of(const Fix& fix, const std::vector<Compiled::File>& files) {
    const std::string* text = text_of(files, fix.range.file);
    const bool known = text != nullptr && fix.range.begin <= fix.range.end && fix.range.end <= text->size();
    const std::string old = known ? text->substr(fix.range.begin, fix.range.end - fix.range.begin) : std::string{};
    if (fix.replacement.empty()) return old.empty() ? "remove it" : "remove `" + old + "`";
    if (fix.range.begin == fix.range.end) return "insert `" + fix.replacement + "`";
    return old.empty() ? "write `" + fix.replacement + "`" : "replace `" + old + "` with `" + fix.replacement + "`";
}

void Snippets::show(const Label& label, bool primary, Ink ink) {
    const bool same_file = shown_ != nullptr && shown_->file == label.range.file;
    if (!same_file) {
        page_.spaces(gutter_).ink(Ink::kBlue, shown_ == nullptr ? "--> " : "~~> ").name(label.range.file);
        page_.plain(":" + std::to_string(label.range.line) + ":" + std::to_string(label.range.column + 1)).line();
    }
    const std::string* text = text_of(files_, label.range.file);
    if (text != nullptr) {
        const Excerpt excerpt = excerpt_of(*text, label.range);
        if (!same_file || shown_->line != label.range.line) {
            bar(same_file ? "..." : "").line();
            bar(std::to_string(label.range.line)).plain(" ").plain(excerpt.text).line();
        }
        const std::string under(excerpt.end - excerpt.begin, primary ? '^' : '-');
        bar("").spaces(1 + excerpt.begin).ink(primary ? ink : Ink::kBlue, under);
        if (excerpt.goes_on) page_.ink(primary ? ink : Ink::kBlue, "…");
        words(label, primary ? ink : Ink::kBlue);
        if (excerpt.goes_on) page_.ink(Ink::kDim, " (to line " + std::to_string(label.range.end_line) + ")");
        page_.line();
    } else if (!label.text.empty()) {
        bar("");
        words(label, ink);
        page_.line();
    }
    shown_ = &label.range;
}

Page& Snippets::bar(std::string_view number) {
    page_.ink(Ink::kBlue, number).spaces(gutter_ > number.size() ? gutter_ - number.size() : 0);
    return page_.ink(Ink::kBlue, " |");
}

void Snippets::words(const Label& label, Ink ink) {
    if (!label.text.empty()) page_.plain(" ").ink(ink, printable(label.text, kProseLimit));
}

}  // namespace keywright::report
