#include "value/time.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string>

namespace keywright::value {

namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kNanosPerMilli = 1'000'000;

struct Unit {
    std::string_view singular, plural;
    std::int64_t nanos;
};

constexpr auto kUnits = std::to_array<Unit>({
    {"millisecond", "milliseconds", kNanosPerMilli},
    {"second", "seconds", kNanosPerSecond},
    {"minute", "minutes", 60 * kNanosPerSecond},
    {"hour", "hours", 3'600 * kNanosPerSecond},
    {"day", "days", kSecondsPerDay* kNanosPerSecond},
    {"week", "weeks", 7 * kSecondsPerDay* kNanosPerSecond},
});

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_leap_year(std::int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

[[nodiscard]] constexpr std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
    if (month == 2) return is_leap_year(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Days from 1970-01-01 to a date of the proleptic Gregorian calendar. Counting the year from March puts the leap day
// last, so that the lengths of the months before it follow a straight line (153 days in five months).
[[nodiscard]] constexpr std::int64_t days_before(std::int64_t year, std::int64_t month, std::int64_t day) {
    const std::int64_t march_year = month <= 2 ? year - 1 : year;
    const std::int64_t era = (march_year >= 0 ? march_year : march_year - 399) / 400;
    const std::int64_t year_of_era = march_year - era * 400;
    const std::int64_t month_from_march = (month + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

struct Date {
    std::int64_t year, month, day;
};

[[nodiscard]] constexpr Date date_of(std::int64_t days) {
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
    const std::int64_t day_of_era = shifted - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return {era * 400 + year_of_era + (month <= 2 ? 1 : 0), month, day};
}

// Walks over text whose parts have a fixed form.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    [[nodiscard]] bool at_end() const { return offset_ == text_.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[offset_]; }

    [[nodiscard]] bool take(char wanted) {
        if (at_end() || text_[offset_] != wanted) return false;
        ++offset_;
        return true;
    }

    // Exactly `count` digits.
    [[nodiscard]] bool digits(std::size_t count, std::int64_t& out) {
        if (text_.size() - offset_ < count) return false;
        out = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (!is_digit(text_[offset_ + i])) return false;
            out = out * 10 + (text_[offset_ + i] - '0');
        }
        offset_ += count;
        return true;
    }

    // As many digits as there are.
    [[nodiscard]] std::string_view digit_run() {
        const std::size_t start = offset_;
        while (!at_end() && is_digit(text_[offset_])) ++offset_;
        return text_.substr(start, offset_ - start);
    }

private:
    std::string_view text_;
    std::size_t offset_ = 0;
};

// A date-time as it is written, before any bound on years or digits.
struct Written {
    std::int64_t seconds = 0;   // UTC
    std::string_view fraction;  // digits
};

[[nodiscard]] std::variant<Written, TimeError> scan_date_time(std::string_view text) {
    Scanner in{text};
    std::int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (!in.digits(4, year) || !in.take('-') || !in.digits(2, month) || !in.take('-') || !in.digits(2, day)) {
        return TimeError::kSyntax;
    }
    if (!in.take('T') && !in.take('t')) return TimeError::kSyntax;
    if (!in.digits(2, hour) || !in.take(':') || !in.digits(2, minute) || !in.take(':') || !in.digits(2, second)) {
        return TimeError::kSyntax;
    }
    Written out;
    if (in.take('.')) {
        out.fraction = in.digit_run();
        if (out.fraction.empty()) return TimeError::kSyntax;
    }
    if (in.at_end()) return TimeError::kMissingOffset;
    std::int64_t offset = 0;
    if (!in.take('Z') && !in.take('z')) {
        const bool west = in.peek() == '-';
        if (!in.take('-') && !in.take('+')) return TimeError::kSyntax;
        std::int64_t hours = 0, minutes = 0;
        if (!in.digits(2, hours) || !in.take(':') || !in.digits(2, minutes)) return TimeError::kSyntax;
        if (hours > 23 || minutes > 59) return TimeError::kImpossibleTime;
        offset = (hours * 60 + minutes) * 60;
        if (west) offset = -offset;
    }
    if (!in.at_end()) return TimeError::kSyntax;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return TimeError::kImpossibleDate;
    if (hour > 23 || minute > 59 || second > 60) return TimeError::kImpossibleTime;
    out.seconds = days_before(year, month, day) * kSecondsPerDay + (hour * 60 + minute) * 60 + second - offset;
    if (second == 60) {
        // Counting it as the second after makes it midnight in UTC, of the day after the half-year's last.
        const bool midnight = out.seconds % kSecondsPerDay == 0;
        if (!midnight) return TimeError::kLeapSecond;
        const Date next = date_of(out.seconds / kSecondsPerDay);
        if (next.day != 1 || (next.month != 1 && next.month != 7)) return TimeError::kLeapSecond;
    }
    return out;
}

// Reads `digits` and `unit` pairs of RFC 3339 appendix A. Nothing where the syntax is wrong.
struct WrittenDuration {
    Nanos seconds = 0;
    bool has_years_or_months = false;
    bool too_long = false;
};

// Seconds of a Duration are 64 bits; a sum of a few components below this bound can't overflow 128 bits.
constexpr Nanos kMostSeconds = std::numeric_limits<std::int64_t>::max();

void add_component(WrittenDuration& out, std::string_view digits, std::int64_t unit_seconds) {
    Nanos number = 0;
    for (const char c : digits) {
        number = number * 10 + (c - '0');
        if (number > kMostSeconds) {
            out.too_long = true;
            return;
        }
    }
    out.seconds += number * unit_seconds;
    if (out.seconds > kMostSeconds) out.too_long = true;
}

[[nodiscard]] std::optional<WrittenDuration> scan_duration(std::string_view text) {
    // Units in the order in which they may follow each other; a component may be left out only before the first or
    // after the last one written.
    struct Part {
        char letter;
        std::int64_t seconds;  // 0: years and months
    };
    static constexpr auto kDate = std::to_array<Part>({{'Y', 0}, {'M', 0}, {'D', kSecondsPerDay}});
    static constexpr auto kTime = std::to_array<Part>({{'H', 3'600}, {'M', 60}, {'S', 1}});

    WrittenDuration out;
    Scanner in{text};
    if (!in.take('P')) return std::nullopt;

    const auto read_parts = [&](std::span<const Part> parts, std::string_view digits) -> bool {
        std::size_t next = 0;
        bool first = true;
        while (true) {
            const char letter = in.peek();
            std::size_t found = next;
            while (found < parts.size() && parts[found].letter != letter) ++found;
            if (digits.empty() || found == parts.size() || (!first && found != next)) return false;
            (void)in.take(letter);
            if (parts[found].seconds == 0) {
                out.has_years_or_months = true;
            } else {
                add_component(out, digits, parts[found].seconds);
            }
            first = false;
            next = found + 1;
            if (in.at_end() || in.peek() == 'T') return true;
            digits = in.digit_run();
        }
    };

    if (in.peek() != 'T') {
        const std::string_view digits = in.digit_run();
        if (!digits.empty() && in.take('W')) {
            add_component(out, digits, 7 * kSecondsPerDay);
            return in.at_end() ? std::optional{out} : std::nullopt;
        }
        if (!read_parts(kDate, digits)) return std::nullopt;
    }
    if (in.take('T')) {
        const std::string_view digits = in.digit_run();
        if (!read_parts(kTime, digits)) return std::nullopt;
    }
    if (!in.at_end()) return std::nullopt;
    return out;
}

[[nodiscard]] std::int64_t clamp_seconds(Nanos seconds) {
    constexpr Nanos kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr Nanos kMost = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::clamp(seconds, kLeast, kMost));
}

// Whole seconds, rounded down, and the nanoseconds above them.
struct Split {
    std::int64_t seconds;
    std::uint32_t nanoseconds;
};

[[nodiscard]] Split split(Nanos nanos) {
    Nanos seconds = nanos / kNanosPerSecond;
    Nanos rest = nanos % kNanosPerSecond;
    if (rest < 0) {
        rest += kNanosPerSecond;
        seconds -= 1;
    }
    return {clamp_seconds(seconds), static_cast<std::uint32_t>(rest)};
}

void append_padded(std::string& out, std::int64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
}

// The digits of a fraction of a second without useless zeros.
[[nodiscard]] std::string fraction_digits(std::uint32_t nanoseconds) {
    std::string digits;
    append_padded(digits, nanoseconds, 9);
    while (digits.back() == '0') digits.pop_back();
    return digits;
}

}  // namespace

Instant to_instant(Nanos nanos) {
    const Split parts = split(nanos);
    return {parts.seconds, parts.nanoseconds};
}

Duration to_duration(Nanos nanos) {
    const Split parts = split(nanos);
    return {parts.seconds, parts.nanoseconds};
}

std::variant<Instant, TimeError> read_instant(std::string_view text) {
    const auto scanned = scan_date_time(text);
    if (const auto* error = std::get_if<TimeError>(&scanned)) return *error;
    const auto& written = std::get<Written>(scanned);
    if (written.fraction.size() > 9) return TimeError::kPrecision;
    if (written.seconds < 0 || written.seconds > kLastSecond) return TimeError::kRange;
    std::uint32_t nanoseconds = 0;
    for (std::size_t i = 0; i < 9; ++i) {
        nanoseconds *= 10;
        if (i < written.fraction.size()) nanoseconds += static_cast<std::uint32_t>(written.fraction[i] - '0');
    }
    return Instant{written.seconds, nanoseconds};
}

bool is_rfc3339(std::string_view text) { return std::holds_alternative<Written>(scan_date_time(text)); }

std::variant<Instant, TimeError> read_epoch(std::int64_t number, EpochUnit unit) {
    constexpr std::int64_t kLeastMillis = 94'694'400'000;  // 1973-01-01: fewer milliseconds are really seconds
    if (number < 0) return TimeError::kRange;
    switch (unit) {
        case EpochUnit::kSeconds:
            if (number > kLastSecond) return TimeError::kUnit;
            return Instant{number, 0};
        case EpochUnit::kMilliseconds:
            if (number != 0 && number < kLeastMillis) return TimeError::kUnit;
            if (number / 1'000 > kLastSecond) return TimeError::kRange;
            return Instant{number / 1'000, static_cast<std::uint32_t>(number % 1'000 * kNanosPerMilli)};
    }
    return TimeError::kSyntax;
}

std::variant<Duration, TimeError> read_duration(std::string_view text) {
    const auto written = scan_duration(text);
    if (!written) return TimeError::kSyntax;
    if (written->has_years_or_months) return TimeError::kInexact;
    if (written->too_long) return TimeError::kRange;
    return Duration{static_cast<std::int64_t>(written->seconds), 0};
}

bool is_iso_duration(std::string_view text) { return scan_duration(text).has_value(); }

std::optional<std::int64_t> unit_nanos(std::string_view word) {
    for (const Unit& unit : kUnits) {
        if (word == unit.singular || word == unit.plural) return unit.nanos;
    }
    return std::nullopt;
}

}  // namespace keywright::value

namespace keywright {

std::optional<Instant> parse_instant(std::string_view text) {
    const auto read = value::read_instant(text);
    if (const auto* instant = std::get_if<Instant>(&read)) return *instant;
    return std::nullopt;
}

std::optional<Duration> parse_duration(std::string_view text) {
    if (text.starts_with('P')) {
        const auto read = value::read_duration(text);
        if (const auto* duration = std::get_if<Duration>(&read)) return *duration;
        return std::nullopt;
    }
    constexpr value::Nanos kLongest = value::Nanos{value::kLastSecond} * value::kNanosPerSecond;
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto skip_blanks = [&] {
        while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    };
    value::Nanos sum = 0;
    bool any = false;
    for (skip_blanks(); !text.empty(); skip_blanks()) {
        value::Nanos count = 0;
        std::size_t digits = 0;
        for (; digits < text.size() && is_digit(text[digits]); ++digits) {
            count = count * 10 + (text[digits] - '0');
            if (count > kLongest) return std::nullopt;
        }
        if (digits == 0) return std::nullopt;
        text.remove_prefix(digits);
        skip_blanks();
        std::size_t letters = 0;
        while (letters < text.size() && !is_blank(text[letters]) && !is_digit(text[letters])) ++letters;
        const std::string_view word = text.substr(0, letters);
        text.remove_prefix(letters);
        struct Short {
            std::string_view sign, word;
        };
        static constexpr Short kShort[] = {{"w", "week"},     {"d", "day"},    {"h", "hour"},
                                           {"min", "minute"}, {"s", "second"}, {"ms", "millisecond"}};
        std::optional<std::int64_t> unit = value::unit_nanos(word);
        for (const Short& one : kShort) {
            if (word == one.sign) unit = value::unit_nanos(one.word);
        }
        if (!unit) return std::nullopt;
        sum += count * *unit;  // at most 2^68 times 2^50
        if (sum > kLongest) return std::nullopt;
        any = true;
    }
    if (!any) return std::nullopt;
    return value::to_duration(sum);
}

std::string to_string(Instant instant) {
    std::int64_t days = instant.seconds / value::kSecondsPerDay;
    std::int64_t second = instant.seconds % value::kSecondsPerDay;
    if (second < 0) {
        second += value::kSecondsPerDay;
        days -= 1;
    }
    const value::Date date = value::date_of(days);
    std::string out;
    // A deadline may lie outside the years that can be read; ISO 8601 writes such years with a sign.
    if (date.year > 9'999) out += '+';
    if (date.year < 0) out += '-';
    value::append_padded(out, date.year < 0 ? -date.year : date.year, 4);
    out += '-';
    value::append_padded(out, date.month, 2);
    out += '-';
    value::append_padded(out, date.day, 2);
    out += 'T';
    value::append_padded(out, second / 3'600, 2);
    out += ':';
    value::append_padded(out, second / 60 % 60, 2);
    out += ':';
    value::append_padded(out, second % 60, 2);
    if (instant.nanoseconds != 0) {
        std::string digits = value::fraction_digits(instant.nanoseconds);
        while (digits.size() % 3 != 0) digits += '0';
        out += '.';
        out += digits;
    }
    out += 'Z';
    return out;
}

std::string to_string(Duration duration) {
    value::Nanos nanos = value::to_nanos(duration);
    std::string out;
    if (nanos == 0) return "0 seconds";
    if (nanos < 0) {
        out += '-';
        nanos = -nanos;
    }
    const auto seconds = static_cast<std::uint64_t>(nanos / value::kNanosPerSecond);
    const auto rest = static_cast<std::uint32_t>(nanos % value::kNanosPerSecond);
    bool first = true;
    const auto add = [&](const std::string& number, std::string_view unit, bool one) {
        if (!first) out += ' ';
        first = false;
        out += number;
        out += ' ';
        out += unit;
        if (!one) out += 's';
    };
    const auto add_whole = [&](std::uint64_t number, std::string_view unit) {
        if (number != 0) add(std::to_string(number), unit, number == 1);
    };
    add_whole(seconds / 86'400, "day");
    add_whole(seconds / 3'600 % 24, "hour");
    add_whole(seconds / 60 % 60, "minute");
    const bool whole_millis = rest % value::kNanosPerMilli == 0;
    if (whole_millis) {
        add_whole(seconds % 60, "second");
        add_whole(static_cast<std::uint64_t>(rest / value::kNanosPerMilli), "millisecond");
    } else {
        add(std::to_string(seconds % 60) + "." + value::fraction_digits(rest), "second", false);
    }
    return out;
}

}  // namespace keywright
