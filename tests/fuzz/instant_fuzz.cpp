// Text as an instant or a duration, numbers as epochs: what is accepted is written and read again unchanged.
#include "fuzz/law.h"
#include "keywright/time.h"
#include "value/time.h"

#include <cstring>
#include <string>
#include <variant>

using namespace keywright;
using fuzz::law;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    const auto read = value::read_instant(text);
    if (const auto* instant = std::get_if<Instant>(&read)) {
        law(value::is_rfc3339(text), "an instant has the syntax of one");
        law(instant->seconds >= 0 && instant->seconds <= value::kLastSecond + 1 && instant->nanoseconds < 1'000'000'000,
            "an instant lies in its range");
        law(value::to_instant(value::to_nanos(*instant)) == *instant, "an instant is its nanoseconds");
        law(parse_instant(text) == *instant, "both readers agree");
        if (instant->seconds <= value::kLastSecond) {
            const std::string shown = to_string(*instant);
            law(parse_instant(shown) == *instant, "what is written is read again");
            law(value::is_rfc3339(shown), "what is written is RFC 3339");
        }
    } else {
        law(!parse_instant(text), "both readers agree");
    }
    const auto span = value::read_duration(text);
    if (const auto* duration = std::get_if<Duration>(&span)) {
        law(value::is_iso_duration(text), "a duration has the syntax of one");
        law(duration->nanoseconds < 1'000'000'000, "a duration is normalised");
        law(value::to_duration(value::to_nanos(*duration)) == *duration, "a duration is its nanoseconds");
        law(!to_string(*duration).empty(), "a duration has words");
    }
    static_cast<void>(value::unit_nanos(text));
    if (size >= sizeof(std::int64_t)) {
        std::int64_t number = 0;
        std::memcpy(&number, data, sizeof number);
        for (const auto unit : {value::EpochUnit::kSeconds, value::EpochUnit::kMilliseconds}) {
            const auto epoch = value::read_epoch(number, unit);
            if (const auto* instant = std::get_if<Instant>(&epoch)) {
                law(number >= 0 && instant->seconds >= 0 && instant->seconds <= value::kLastSecond,
                    "an epoch lies in its range");
                law(parse_instant(to_string(*instant)) == *instant, "an epoch has a text");
            }
        }
        static_cast<void>(to_string(Duration{number, 0}));
        static_cast<void>(to_string(Duration{number, 999'999'999}));
    }
    return 0;
}
