// Reading instants and durations by strict rules, with the reason where they are refused; arithmetic that can't
// overflow.
#pragma once

#include "keywright/time.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace keywright::value {

// Nanoseconds in 128 bits: every sum of instants and durations that a rule file of 1 MiB can spell fits.
__extension__ typedef __int128 Nanos;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kLastSecond = 253'402'300'799;  // 9999-12-31T23:59:59Z

[[nodiscard]] constexpr Nanos to_nanos(Instant t) { return Nanos{t.seconds} * kNanosPerSecond + t.nanoseconds; }
[[nodiscard]] constexpr Nanos to_nanos(Duration d) { return Nanos{d.seconds} * kNanosPerSecond + d.nanoseconds; }
[[nodiscard]] Instant to_instant(Nanos nanos);  // exact; the years are not bounded here
[[nodiscard]] Duration to_duration(Nanos nanos);

enum class TimeError : std::uint8_t {
    kSyntax,          // not RFC 3339 / ISO 8601 / an integer
    kMissingOffset,   // `2026-01-31T00:00:00`
    kImpossibleDate,  // 30 February, month 13
    kImpossibleTime,  // 24:00, minute 60
    kLeapSecond,      // a second 60 where none was or can be inserted (not 23:59:60 UTC at the end of June or December)
    kRange,           // outside the years 1970 to 9999
    kPrecision,       // more than nine digits of a second
    kUnit,            // a number of milliseconds where seconds are declared, or the reverse
    kInexact,         // a duration of years or months, which has no exact length
};

// RFC 3339 date-time. A permitted leap second 23:59:60Z reads as the instant 1 s after 23:59:59Z (POSIX time).
[[nodiscard]] std::variant<Instant, TimeError> read_instant(std::string_view text);

// Syntax alone, as RFC 3339 section 5.6 defines it and without the bound on years.
[[nodiscard]] bool is_rfc3339(std::string_view text);

enum class EpochUnit : std::uint8_t { kSeconds, kMilliseconds };

// A number since the epoch. A number of seconds that would lie past 9999, or of milliseconds before 1973 other than 0
// (which is a number of seconds), is `kUnit`; negative numbers are `kRange`.
[[nodiscard]] std::variant<Instant, TimeError> read_epoch(std::int64_t number, EpochUnit unit);

// ISO 8601 duration (RFC 3339 appendix A): weeks, days, hours, minutes, seconds; `kInexact` for years and months.
[[nodiscard]] std::variant<Duration, TimeError> read_duration(std::string_view text);

// Syntax alone, RFC 3339 appendix A.
[[nodiscard]] bool is_iso_duration(std::string_view text);

// `30 days`, `1 hour`: the nanoseconds of a unit word (singular or plural): milliseconds, seconds, minutes, hours,
// days, weeks; nothing for another word.
[[nodiscard]] std::optional<std::int64_t> unit_nanos(std::string_view word);

}  // namespace keywright::value
