#include "report/page.h"

#include "base/text.h"
#include "keywright/text.h"

#include <algorithm>
#include <array>

namespace keywright {

namespace {

// CI systems look for `##[…]`, `##vso[…]` and `##teamcity[…]` anywhere in a line of a log.
std::string without_markers(std::string text) {
    std::size_t at = 0;
    while ((at = text.find("##", at)) != std::string::npos) {
        text.replace(at + 1, 1, "\\u{23}");
        ++at;
    }
    return text;
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
    return without_markers(base::printable(text, limit));
}

std::string printable_line(std::string_view text, std::size_t limit) {
    std::string out = printable(text, limit);
    // Leading white space doesn't keep a CI system from seeing a command.
    const std::size_t first = out.find_first_not_of(' ');
    if (first != std::string::npos && out.compare(first, 2, "::") == 0) out.replace(first, 1, "\\u{3a}");
    return out;
}

std::string closest_word(std::string_view word, std::span<const std::string> candidates) {
    return base::closest(word, candidates);
}

}  // namespace keywright

namespace keywright::report {

namespace {

struct Range {
    char32_t first, last;
};

[[nodiscard]] bool in_ranges(char32_t scalar, std::span<const Range> ranges) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [scalar](Range range) { return scalar >= range.first && scalar <= range.last; });
}

[[nodiscard]] std::string_view code_of(Ink ink) {
    switch (ink) {
        case Ink::kPlain: return {};
        case Ink::kBold: return "\x1b[1m";
        case Ink::kDim: return "\x1b[2m";
        case Ink::kRed: return "\x1b[1;31m";
        case Ink::kGreen: return "\x1b[1;32m";
        case Ink::kYellow: return "\x1b[1;33m";
        case Ink::kBlue: return "\x1b[1;34m";
        case Ink::kMagenta: return "\x1b[1;35m";
        case Ink::kCyan: return "\x1b[36m";
    }
    return {};
}

[[nodiscard]] std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
        text.replace(at, from.size(), to);
    }
    return text;
}

}  // namespace

std::size_t columns_of(char32_t scalar) {
    // The blocks that matter in rule files and names, not the whole of Unicode's tables.
    static constexpr auto kCombining = std::to_array<Range>({
        {0x0300, 0x036f},
        {0x0483, 0x0489},
        {0x0591, 0x05bd},
        {0x0610, 0x061a},
        {0x064b, 0x065f},
        {0x0e31, 0x0e31},
        {0x0e34, 0x0e3a},
        {0x0e47, 0x0e4e},
        {0x1ab0, 0x1aff},
        {0x1dc0, 0x1dff},
        {0x20d0, 0x20ff},
        {0xfe0f, 0xfe0f},
        {0xfe20, 0xfe2f},
    });
    static constexpr auto kWide = std::to_array<Range>({
        {0x1100, 0x115f},
        {0x231a, 0x231b},
        {0x2e80, 0x303e},
        {0x3041, 0x33ff},
        {0x3400, 0x4dbf},
        {0x4e00, 0x9fff},
        {0xa000, 0xa4cf},
        {0xac00, 0xd7a3},
        {0xf900, 0xfaff},
        {0xfe30, 0xfe6f},
        {0xff00, 0xff60},
        {0xffe0, 0xffe6},
        {0x1f300, 0x1f64f},
        {0x1f680, 0x1f6ff},
        {0x1f900, 0x1f9ff},
        {0x1fa70, 0x1faff},
        {0x20000, 0x3fffd},
    });
    if (scalar < 0x300) return 1;
    if (in_ranges(scalar, kCombining)) return 0;
    return in_ranges(scalar, kWide) ? 2 : 1;
}

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    std::size_t offset = 0;
    while (offset < text.size()) columns += columns_of(base::next_scalar(text, offset));
    return columns;
}

Ink ink_of(Severity severity) {
    switch (severity) {
        case Severity::kError: return Ink::kRed;
        case Severity::kWarning: return Ink::kYellow;
        case Severity::kInfo: return Ink::kBlue;
    }
    return Ink::kPlain;
}

void Page::append(std::string_view text, Ink ink) {
    if (text.empty()) return;
    const bool colored = style_.color && ink != Ink::kPlain;
    if (colored) out_ += code_of(ink);
    out_ += text;
    if (colored) out_ += "\x1b[0m";
    column_ += columns_of(text);
    if (text.find_first_not_of(' ') != std::string_view::npos) nothing_yet_ = false;
}

Page& Page::plain(std::string_view ours) {
    append(ours, Ink::kPlain);
    return *this;
}

Page& Page::ink(Ink ink, std::string_view ours) {
    append(ours, ink);
    return *this;
}

Page& Page::name(std::string_view text, Ink ink) {
    append(nothing_yet_ ? printable_line(text, kNameLimit) : printable(text, kNameLimit), ink);
    return *this;
}

Page& Page::prose(std::string_view text, std::size_t indent, Ink ink) {
    const std::string shown = nothing_yet_ ? printable_line(text, kProseLimit) : printable(text, kProseLimit);
    std::string_view rest = shown;
    std::string row;
    std::size_t row_columns = 0;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' ', 1), rest.size());  // a word with the space before it
        const std::string_view word = rest.substr(0, end);
        rest.remove_prefix(end);
        const std::size_t columns = columns_of(word);
        const std::string_view bare = word.starts_with(' ') ? word.substr(1) : word;
        // A row that began with `::` would be a command to some CI systems.
        const bool fold = style_.width > 0 && row_columns > 0 && column_ + row_columns + columns > style_.width &&
                          !bare.empty() && !bare.starts_with("::");
        if (fold) {
            append(row, ink);
            line().spaces(indent);
            row = bare;
            row_columns = columns_of(bare);
        } else {
            row += word;
            row_columns += columns;
        }
    }
    append(row, ink);
    return *this;
}

Page& Page::line() {
    out_ += '\n';
    column_ = 0;
    nothing_yet_ = true;
    return *this;
}

Page& Page::spaces(std::size_t count) {
    out_.append(count, ' ');
    column_ += count;
    return *this;
}

Page& Page::label(std::string_view label, std::size_t at, std::size_t to) {
    if (column_ < at) spaces(at - column_);
    append(label, Ink::kCyan);
    if (column_ < to) spaces(to - column_);
    return *this;
}

std::string relative(Instant instant, Instant now) {
    if (instant == now) return "now";
    const bool future = instant > now;
    const Instant& late = future ? instant : now;
    const Instant& early = future ? now : instant;
    std::int64_t seconds = late.seconds - early.seconds;
    if (late.nanoseconds < early.nanoseconds) --seconds;
    struct Unit {
        std::int64_t seconds;
        std::string_view one, many;
    };
    static constexpr auto kUnits = std::to_array<Unit>(
        {{86400, "day", "days"}, {3600, "hour", "hours"}, {60, "minute", "minutes"}, {1, "second", "seconds"}});
    std::string words;
    int shown = 0;
    for (const Unit& unit : kUnits) {
        const std::int64_t count = seconds / unit.seconds;
        seconds %= unit.seconds;
        if (shown > 0) ++shown;  // only the unit right below the largest, be it nothing
        if (count > 0) {
            if (shown == 0) shown = 1;
            if (!words.empty()) words += ' ';
            words += counted(static_cast<std::size_t>(count), unit.one, unit.many);
        }
        if (shown == 2) break;
    }
    if (words.empty()) words = "less than a second";
    return future ? "in " + words : words + " ago";
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    return std::to_string(count) + ' ' + std::string{count == 1 ? one : many};
}

std::string github_data(std::string_view text) {
    std::string out = replace_all(printable(text, kProseLimit), "%", "%25");
    out = replace_all(std::move(out), "\r", "%0D");
    return replace_all(std::move(out), "\n", "%0A");
}

std::string github_property(std::string_view text) {
    std::string out = replace_all(github_data(text), ":", "%3A");
    return replace_all(std::move(out), ",", "%2C");
}

std::string_view github_level(Severity severity) {
    switch (severity) {
        case Severity::kError: return "error";
        case Severity::kWarning: return "warning";
        case Severity::kInfo: return "notice";
    }
    return "error";
}

}  // namespace keywright::report
