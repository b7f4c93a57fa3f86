// Instants and durations: exact, UTC, no clock.
//
// An `Instant` counts nanoseconds since 1970-01-01T00:00:00Z without leap seconds (as POSIX time does), in
// two numbers so that the years 1970 to 9999 fit. A `Duration` is an exact span; `30 days` is 2 592 000 s.
// Nothing here reads the clock: the caller supplies every instant.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace keywright {

// A point in time. Invariant: `nanoseconds` is below 1 000 000 000.
struct Instant {
    std::int64_t seconds = 0;       // whole seconds since 1970-01-01T00:00:00Z
    std::uint32_t nanoseconds = 0;  // 0 .. 999 999 999, added to `seconds`

    friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
};

// A span of time, possibly negative. Invariant: `nanoseconds` is below 1 000 000 000 and is added to `seconds`
// (so -0.5 s is {-1, 500 000 000}).
struct Duration {
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;

    friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
};

// Reads an RFC 3339 date-time with an offset (`2026-01-31T00:00:00Z`, `…+02:00`), years 1970 to 9999, at most nine
// digits of a second. Returns nothing for anything else. Linear in the text.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);

// Reads a duration as ISO 8601 writes it (`P14D`, `PT36H`; weeks to seconds, as months and years have no exact length),
// in the language's words (`14 days`, `1 day 12 hours`), or in short (`14d`, `1d 12h`; w, d, h, min, s, ms). Returns
// nothing for anything else, and for what is longer than all years there are.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

// Writes RFC 3339 in UTC with as many fractional digits as needed (0, 3, 6 or 9).
[[nodiscard]] std::string to_string(Instant instant);

// Writes a duration in the language's words: `30 days`, `1 day 12 hours`, `0 seconds`.
[[nodiscard]] std::string to_string(Duration duration);

}  // namespace keywright
