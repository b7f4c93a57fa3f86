// `keywright forecast`: its exit status, its formats, and what it refuses.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kPack = R"(edition 1
pack desk { version "1" title "desk" }
schema key {
    name:     text? = absent
    used_at:  instant
    secret:   secret? = absent
}
rule idle {
    severity error
    expire   30 days after used_at warn 7 days before
    message  "idle"
}
)";

const std::string kRecord = R"({"name": "bot", "used_at": "2026-01-01T00:00:00Z"})";

// The rules and one record; the line goes on with options.
Result forecast(const std::string& options, const std::string& record = kRecord) {
    const Folder folder;
    folder.write("desk.kw", kPack);
    Run how;
    how.input = record;
    return folder("forecast --rules desk.kw " + options, how);
}

}  // namespace

TEST_CASE("the status is the worst that check would give from now to the end of --within") {
    // Without --within what is true now decides, whatever is to come.
    CHECK(forecast("--at 2026-01-10T00:00:00Z").status == 0);
    CHECK(forecast("--at 2026-01-30T00:00:00Z").status == 0);  // a warning
    CHECK(forecast("--at 2026-01-31T00:00:00Z").status == 1);
    CHECK(forecast("--at 2026-01-10T00:00:00Z --within 20d").status == 0);
    CHECK(forecast("--at 2026-01-10T00:00:00Z --within 21d").status == 1);
    CHECK(forecast("--at 2026-01-10T00:00:00Z --within P3W").status == 1);
    CHECK(forecast("--at 2026-01-31T00:00:00Z --within 1d").status == 1);
    CHECK(forecast("--at 2026-01-10T00:00:00Z --within 14d --fail-on warning").status == 1);
    CHECK(forecast("--at 2026-01-10T00:00:00Z --within 13d --fail-on warning").status == 0);
    CHECK(forecast("--at 2026-01-10T00:00:00Z --within 21d --fail-on never").status == 0);
    CHECK(forecast("--at 2026-01-10T00:00:00Z", R"({"$unknown": ["used_at"]})").status == 2);
    CHECK(forecast("--at 2026-01-10T00:00:00Z --fail-on never", R"({"used_at": 3})").status == 2);
    CHECK(forecast("--at 2026-01-10T00:00:00Z --within 21d", "[" + kRecord + ", 3]").status == 1);
}

TEST_CASE("--within leaves out what comes later, and is a duration") {
    const auto count = [](const std::string& options) {
        const Result result = forecast("--format json --at 2026-01-10T00:00:00Z " + options);
        return Json::parse(result.out).at("results").at(0).at("changes").size();
    };
    CHECK(count("") == 2);
    CHECK(count("--within 14d") == 1);
    CHECK(count("--within 13d") == 0);
    for (const std::string wrong : {"soon", "14", "P1M", "-1d"}) {
        const Result result = forecast("--within=" + wrong);
        CHECK(result.status == 64);
        CHECK(holds(result.err, "`" + wrong + "` in `--within` is not a duration"));
        CHECK(result.out.empty());
    }
}

TEST_CASE("every format") {
    const std::string at = "--at 2026-01-10T00:00:00Z --format ";
    const Json json = Json::parse(forecast(at + "json").out);
    CHECK(json.at("schema") == "keywright.forecast/1");
    CHECK(json.at("evaluated_at") == "2026-01-10T00:00:00Z");
    CHECK(json.at("until").is_null());
    CHECK(Json::parse(forecast(at + "ndjson").out) == json.at("results").at(0));
    CHECK(forecast(at + "compact").out ==
          "2026-01-24T00:00:00Z -#0 bot: idle: pass -> warning\n"
          "2026-01-31T00:00:00Z -#0 bot: idle: warning -> violated\n"
          "2026-01-31T00:00:00Z -#0 bot: verdict: compliant -> violation\n");
    CHECK(forecast(at + "pretty").out.starts_with("2026-01-24  in 14 days\n"));
    const std::string calendar = forecast(at + "ics").out;
    CHECK(calendar.starts_with("BEGIN:VCALENDAR\r\n"));
    CHECK(holds(calendar, "DTSTART:20260131T000000Z\r\n"));
    CHECK(std::count(calendar.begin(), calendar.end(), '\n') == std::count(calendar.begin(), calendar.end(), '\r'));
    const Result github = forecast(at + "github");
    CHECK(github.status == 64);
    CHECK(holds(github.err, "a forecast has no format `github`"));
    // The calendar is this verb's alone.
    CHECK(run("check --rules rules/kucoin_tr --format ics examples/kucoin/spot_key.json").status == 64);
}

TEST_CASE("a secret reaches no format of a forecast") {
    for (const std::string format : {"pretty", "compact", "json", "ndjson", "ics"}) {
        const Result result =
            forecast("--at 2026-01-10T00:00:00Z --format " + format,
                     "[{\"used_at\": \"2026-01-01T00:00:00Z\", \"secret\": \"canary-4711\"},"
                     " {\"used_at\": 3, \"secret\": \"canary-4711\"}, {\"secret\": [\"canary-4711\"]}]");
        CHECK_FALSE(holds(result.out + result.err, "canary-4711"));
    }
}
