// Instants and durations: strict reading, exact writing.
#include "value/time.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

using keywright::Duration;
using keywright::Instant;
using keywright::parse_instant;
using keywright::to_string;
using namespace keywright::value;

namespace {

TimeError instant_error(std::string_view text) {
    const auto read = read_instant(text);
    REQUIRE(std::holds_alternative<TimeError>(read));
    return std::get<TimeError>(read);
}

TimeError duration_error(std::string_view text) {
    const auto read = read_duration(text);
    REQUIRE(std::holds_alternative<TimeError>(read));
    return std::get<TimeError>(read);
}

}  // namespace

TEST_CASE("instants are read in UTC") {
    CHECK(parse_instant("1970-01-01T00:00:00Z") == Instant{0, 0});
    CHECK(parse_instant("2026-01-31T00:00:00Z") == Instant{1769817600, 0});
    CHECK(parse_instant("2026-01-31t02:00:00.5+02:00") == Instant{1769817600, 500'000'000});
    CHECK(parse_instant("2000-02-29T00:00:00-00:00") == Instant{951782400, 0});
    CHECK(parse_instant("9999-12-31T23:59:59.999999999Z") == Instant{kLastSecond, 999'999'999});
    CHECK(parse_instant("2016-12-31T23:59:60Z") == Instant{1483228800, 0});  // a leap second is the second after
    CHECK(parse_instant("2017-01-01T00:59:60+01:00") == Instant{1483228800, 0});
    CHECK(parse_instant("2015-06-30T23:59:60Z") == Instant{1435708800, 0});
}

TEST_CASE("instants are refused with their reason") {
    CHECK(instant_error("") == TimeError::kSyntax);
    CHECK(instant_error("2026-01-31") == TimeError::kSyntax);
    CHECK(instant_error("2026-01-31 00:00:00Z") == TimeError::kSyntax);
    CHECK(instant_error("2026-01-31T00:00:00") == TimeError::kMissingOffset);
    CHECK(instant_error("2026-01-31T00:00:00.25") == TimeError::kMissingOffset);
    CHECK(instant_error("2026-02-29T00:00:00Z") == TimeError::kImpossibleDate);
    CHECK(instant_error("1900-02-29T00:00:00Z") == TimeError::kImpossibleDate);
    CHECK(instant_error("2026-13-01T00:00:00Z") == TimeError::kImpossibleDate);
    CHECK(instant_error("2026-01-00T00:00:00Z") == TimeError::kImpossibleDate);
    CHECK(instant_error("2026-01-31T24:00:00Z") == TimeError::kImpossibleTime);
    CHECK(instant_error("2026-01-31T23:60:00Z") == TimeError::kImpossibleTime);
    CHECK(instant_error("2026-01-31T00:00:00+24:00") == TimeError::kImpossibleTime);
    CHECK(instant_error("2026-01-31T23:59:60Z") == TimeError::kLeapSecond);
    CHECK(instant_error("2016-12-31T12:00:60Z") == TimeError::kLeapSecond);
    CHECK(instant_error("1969-12-31T23:59:59Z") == TimeError::kRange);
    CHECK(instant_error("1970-01-01T00:00:00+00:01") == TimeError::kRange);
    CHECK(instant_error("9999-12-31T23:59:59-00:01") == TimeError::kRange);
    CHECK(instant_error("9999-12-31T23:59:60Z") == TimeError::kRange);
    CHECK(instant_error("2026-01-31T00:00:00.0000000001Z") == TimeError::kPrecision);
    CHECK(instant_error("2026-01-31T00:00:00.Z") == TimeError::kSyntax);
    CHECK(instant_error(std::string_view{"2026-01-31T00:00:00Z\0", 21}) == TimeError::kSyntax);
}

TEST_CASE("every instant is written so that it reads the same") {
    std::mt19937_64 random{3};
    for (int round = 0; round < 20000; ++round) {
        Instant instant;
        instant.seconds = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(kLastSecond + 1));
        constexpr std::uint32_t kSteps[] = {1'000'000'000, 1'000'000, 1'000, 1};
        const std::uint32_t step = kSteps[random() % 4];
        instant.nanoseconds = static_cast<std::uint32_t>(random() % 1'000'000'000) / step * step;
        const std::string text = to_string(instant);
        CAPTURE(text);
        REQUIRE(parse_instant(text) == instant);
        REQUIRE(to_instant(to_nanos(instant)) == instant);
    }
}

TEST_CASE("every day from 1970 to 2400 follows the one before") {
    // The calendar counted by hand.
    int year = 1970, month = 1, day = 1;
    for (std::int64_t days = 0; year < 2401; ++days) {
        char expected[40];
        (void)std::snprintf(expected, sizeof expected, "%04d-%02d-%02dT00:00:00Z", year, month, day);
        REQUIRE(to_string(Instant{days * 86'400, 0}) == expected);
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        if (++day > lengths[month - 1]) {
            day = 1;
            if (++month > 12) {
                month = 1;
                ++year;
            }
        }
    }
}

TEST_CASE("instants are written with three, six or nine digits") {
    CHECK(to_string(Instant{0, 0}) == "1970-01-01T00:00:00Z");
    CHECK(to_string(Instant{0, 500'000'000}) == "1970-01-01T00:00:00.500Z");
    CHECK(to_string(Instant{0, 1'000}) == "1970-01-01T00:00:00.000001Z");
    CHECK(to_string(Instant{0, 1}) == "1970-01-01T00:00:00.000000001Z");
    CHECK(to_string(Instant{-1, 0}) == "1969-12-31T23:59:59Z");
    CHECK(to_string(Instant{kLastSecond + 1, 0}) == "+10000-01-01T00:00:00Z");
}

TEST_CASE("epoch numbers show a wrong unit") {
    using Read = std::variant<Instant, TimeError>;
    CHECK(read_epoch(1'700'000'000, EpochUnit::kSeconds) == Read{Instant{1'700'000'000, 0}});
    CHECK(read_epoch(1'700'000'000'123, EpochUnit::kMilliseconds) == Read{Instant{1'700'000'000, 123'000'000}});
    CHECK(read_epoch(1'700'000'000'000, EpochUnit::kSeconds) == Read{TimeError::kUnit});
    CHECK(read_epoch(1'700'000'000, EpochUnit::kMilliseconds) == Read{TimeError::kUnit});
    CHECK(read_epoch(0, EpochUnit::kMilliseconds) == Read{Instant{}});
    CHECK(read_epoch(0, EpochUnit::kSeconds) == Read{Instant{}});
    CHECK(read_epoch(-1, EpochUnit::kSeconds) == Read{TimeError::kRange});
    CHECK(read_epoch(94'694'399'999, EpochUnit::kMilliseconds) == Read{TimeError::kUnit});
    CHECK(read_epoch(94'694'400'000, EpochUnit::kMilliseconds) == Read{*parse_instant("1973-01-01T00:00:00Z")});
    CHECK(read_epoch(kLastSecond, EpochUnit::kSeconds) == Read{Instant{kLastSecond, 0}});
    CHECK(read_epoch(kLastSecond + 1, EpochUnit::kSeconds) == Read{TimeError::kUnit});
    CHECK(read_epoch(INT64_MAX, EpochUnit::kMilliseconds) == Read{TimeError::kRange});
}

TEST_CASE("durations are read exactly or not at all") {
    using Read = std::variant<Duration, TimeError>;
    CHECK(read_duration("P30D") == Read{Duration{2'592'000, 0}});
    CHECK(read_duration("P2W") == Read{Duration{1'209'600, 0}});
    CHECK(read_duration("P1DT12H30M5S") == Read{Duration{86'400 + 12 * 3'600 + 30 * 60 + 5, 0}});
    CHECK(read_duration("PT0S") == Read{Duration{}});
    CHECK(duration_error("P1M") == TimeError::kInexact);
    CHECK(duration_error("P0Y") == TimeError::kInexact);
    CHECK(duration_error("P1Y2M3DT4H") == TimeError::kInexact);
    CHECK(duration_error("30 days") == TimeError::kSyntax);
    CHECK(duration_error("PT1.5S") == TimeError::kSyntax);
    CHECK(duration_error("P99999999999999999999999D") == TimeError::kRange);
    CHECK(duration_error("PT9223372036854775808S") == TimeError::kRange);
    CHECK(read_duration("PT9223372036854775807S") == Read{Duration{INT64_MAX, 0}});
    CHECK(duration_error("P1DT9223372036854775807S") == TimeError::kRange);
}

TEST_CASE("durations are written in words") {
    CHECK(to_string(Duration{2'592'000, 0}) == "30 days");
    CHECK(to_string(Duration{129'600, 0}) == "1 day 12 hours");
    CHECK(to_string(Duration{1, 0}) == "1 second");
    CHECK(to_string(Duration{0, 0}) == "0 seconds");
    CHECK(to_string(Duration{0, 500'000'000}) == "500 milliseconds");
    CHECK(to_string(Duration{61, 1'000'000}) == "1 minute 1 second 1 millisecond");
    CHECK(to_string(Duration{0, 1}) == "0.000000001 seconds");
    CHECK(to_string(Duration{-1, 500'000'000}) == "-500 milliseconds");
    CHECK(to_string(Duration{-86'400, 0}) == "-1 day");
    CHECK(to_string(Duration{INT64_MIN, 0}) == "-106751991167300 days 15 hours 30 minutes 8 seconds");
}

TEST_CASE("units have a length in both numbers") {
    CHECK(unit_nanos("day") == 86'400'000'000'000);
    CHECK(unit_nanos("days") == unit_nanos("day"));
    CHECK(unit_nanos("weeks") == 7 * *unit_nanos("day"));
    CHECK(unit_nanos("millisecond") == 1'000'000);
    CHECK_FALSE(unit_nanos("month").has_value());
    CHECK_FALSE(unit_nanos("").has_value());
}

TEST_CASE("negative nanoseconds round down to whole seconds") {
    CHECK(to_duration(-1) == Duration{-1, 999'999'999});
    CHECK(to_duration(-kNanosPerSecond) == Duration{-1, 0});
    CHECK(to_nanos(to_duration(-1'234'567'891)) == -1'234'567'891);
}
