// Forecasts: which changes come, when exactly, what would keep them from coming, and how they are shown.
#include "keywright/forecast.h"

#include "support/compiling.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace keywright;
using test::at;
using test::kucoin;
using test::pack_text;
using test::project_file;

namespace {

ForecastOptions looking_from(const std::string& now, const std::optional<std::string>& within = {}) {
    ForecastOptions options;
    options.now = at(now);
    options.source = "keys.json";
    if (within) options.within = parse_duration(*within);
    return options;
}

Rules compiled(const std::string& fields, const std::string& items) {
    const Compiled out = compile_text(pack_text(fields, items));
    REQUIRE_MESSAGE(out.rules.has_value(), test::describe(out.diagnostics));
    return out.rules.value();
}

RecordForecast one(const Rules& rules, const std::string& json, const std::string& now,
                   const std::optional<std::string>& within = {}) {
    const Forecast all = forecast(rules, json, looking_from(now, within));
    REQUIRE(all.results.size() == 1);
    return all.results.front();
}

// One line a change, verdicts behind rules.
std::string changes(const RecordForecast& record) {
    std::string out;
    for (const RuleChange& c : record.changes) {
        out += to_string(c.at) + ' ' + c.rule + ' ' + std::string{to_string(c.from)} + ' ';
        out += to_string(c.to);
        if (c.until) out += " until " + to_string(*c.until);
        for (const std::string& need : c.needs) out += ' ' + need;
        out += '\n';
    }
    for (const VerdictChange& c : record.verdicts) {
        out += to_string(c.at) + " verdict " + std::string{to_string(c.from)} + ' ';
        out += to_string(c.to);
        out += '\n';
    }
    return out;
}

const std::string kExpiring =
    "rule idle { expire 30 days after used_at else created_at warn 7 days before message \"idle\" }";
const std::string kFields =
    "created_at: instant immutable\nused_at: instant? immutable\nassume created_at <= used_at <= now";

}  // namespace

TEST_CASE("an expiry warns and comes due at its very instants") {
    const Rules rules = compiled(kFields, kExpiring);
    const std::string json = R"({"created_at": "2026-01-01T00:00:00Z", "used_at": "2026-01-10T12:00:00.000000001Z"})";
    const RecordForecast record = one(rules, json, "2026-01-15T00:00:00Z");
    CHECK(changes(record) ==
          "2026-02-02T12:00:00.000000001Z idle pass warning until 2026-02-09T12:00:00.000000001Z\n"
          "2026-02-09T12:00:00.000000001Z idle warning violated\n"
          "2026-02-09T12:00:00.000000001Z verdict compliant violation\n");
    CHECK(record.changes[0].severity == Severity::kWarning);
    CHECK(record.changes[1].severity == Severity::kError);
    CHECK(record.expires_at.earliest == at("2026-02-09T12:00:00.000000001Z"));
    // What lies at `now` has happened, what lies at the end of the span is inside.
    CHECK(one(rules, json, "2026-02-02T12:00:00.000000001Z").changes.size() == 1);
    CHECK(one(rules, json, "2026-02-09T12:00:00.000000001Z").changes.empty());
    CHECK(one(rules, json, "2026-02-08T12:00:00.000000001Z", "1d").changes.size() == 1);
    CHECK(one(rules, json, "2026-02-08T12:00:00Z", "1d").changes.empty());
    // A change inside the span tells its end outside.
    CHECK(one(rules, json, "2026-02-01T00:00:00Z", "2d").changes.at(0).until == at("2026-02-09T12:00:00.000000001Z"));
}

TEST_CASE("what is unknown makes an interval, and says what it hangs on") {
    const Rules rules = compiled(kFields + " <= until\nuntil: instant", kExpiring);
    // Used at some time between creation and `until`, if ever: `now` bounds it only as long as it lies before `until`.
    const RecordForecast record = one(
        rules, R"({"created_at": "2026-01-01T00:00:00Z", "until": "2026-03-01T00:00:00Z", "$unknown": ["used_at"]})",
        "2026-01-02T00:00:00Z");
    CHECK(changes(record) ==
          "2026-01-24T00:00:00Z idle pass perhaps_warning until 2026-01-31T00:00:00Z /used_at\n"
          "2026-01-31T00:00:00Z idle perhaps_warning undetermined /used_at\n"
          "2026-01-31T00:00:00Z verdict compliant undetermined\n"
          "2026-03-01T00:00:00.000000001Z verdict undetermined invalid\n");
    REQUIRE(record.expiries.size() == 1);
    CHECK(record.expiries[0].deadline.kind == ExpiresAt::Kind::kBetween);
    CHECK(record.expiries[0].deadline.earliest == at("2026-01-31T00:00:00Z"));

    const Rules bounded = compiled("a: instant\nb: instant\nc: instant\nassume a <= b <= c",
                                   "rule due { require now < b + 10 days message \"due\" }");
    CHECK(changes(one(bounded, R"({"a": "2026-01-01T00:00:00Z", "c": "2026-01-05T00:00:00Z", "$unknown": ["b"]})",
                      "2026-01-02T00:00:00Z")) ==
          "2026-01-11T00:00:00Z due pass undetermined until 2026-01-15T00:00:00Z /b\n"
          "2026-01-15T00:00:00Z due undetermined violated\n"
          "2026-01-11T00:00:00Z verdict compliant undetermined\n"
          "2026-01-15T00:00:00Z verdict undetermined violation\n");
}

TEST_CASE("an outcome may come and go") {
    const Rules rules =
        compiled("t: instant", "rule r { require now != t and (now < t + 1 day or now > t + 2 days) message \"r\" }");
    CHECK(changes(one(rules, R"({"t": "2026-01-02T00:00:00Z"})", "2026-01-01T00:00:00Z")) ==
          "2026-01-02T00:00:00Z r pass violated until 2026-01-02T00:00:00.000000001Z\n"
          "2026-01-02T00:00:00.000000001Z r violated pass until 2026-01-03T00:00:00Z\n"
          "2026-01-03T00:00:00Z r pass violated until 2026-01-04T00:00:00.000000001Z\n"
          "2026-01-04T00:00:00.000000001Z r violated pass\n"
          "2026-01-02T00:00:00Z verdict compliant violation\n"
          "2026-01-02T00:00:00.000000001Z verdict violation compliant\n"
          "2026-01-03T00:00:00Z verdict compliant violation\n"
          "2026-01-04T00:00:00.000000001Z verdict violation compliant\n");
}

TEST_CASE("a deadline that moves along never comes") {
    const Rules rules = compiled("t: instant? = absent", "rule r { expire 1 day after t else now message \"r\" }");
    const RecordForecast record = one(rules, "{}", "2026-01-01T00:00:00Z");
    CHECK(changes(record) == "");
    CHECK(record.expires_at.earliest == at("2026-01-02T00:00:00Z"));
}

TEST_CASE("assumptions: a record that isn't readable yet is invalid, one that ceases to be becomes so") {
    const Rules rules = compiled("made: instant\nvalid_to: instant\nassume made <= now\nassume now <= valid_to",
                                 "rule r { require now < made + 60 days message \"r\" }");
    const RecordForecast early =
        one(rules, R"({"made": "2026-02-01T00:00:00Z", "valid_to": "2027-01-01T00:00:00Z"})", "2026-01-01T00:00:00Z");
    CHECK(early.verdict == Verdict::kInvalid);
    REQUIRE(early.errors.size() == 1);
    CHECK(early.errors[0].at == "/made");
    CHECK(early.now.empty());
    CHECK(early.changes.empty());
    // What rules would say of it then is nobody's business.
    CHECK(changes(one(rules, R"({"made": "2026-01-01T00:00:00Z", "valid_to": "2026-02-01T00:00:00Z"})",
                      "2026-01-02T00:00:00Z")) == "2026-02-01T00:00:00.000000001Z verdict compliant invalid\n");
}

TEST_CASE("KuCoin: what resets an expiry and what ends it") {
    const RecordForecast record = one(kucoin(), project_file("examples/kucoin/spot_key.json"), "2026-02-15T00:00:00Z");
    CHECK(changes(record) == "2026-02-19T08:30:00Z idle_spot_key_expires warning violated\n");
    REQUIRE(record.expiries.size() == 1);
    const Expiry& expiry = record.expiries[0];
    CHECK(expiry.standing == Standing::kWarning);
    // Not /created_at, though the deadline may count from it: it lies before every use.
    REQUIRE(expiry.renewals.size() == 1);
    CHECK(expiry.renewals[0].field == "/last_used_at");
    CHECK(expiry.renewals[0].deadline.earliest == at("2026-03-17T00:00:00Z"));
    std::vector<std::string> escapes;
    for (const Escape& escape : expiry.escapes)
        escapes.push_back(escape.field + ' ' + escape.value + ' ' + std::string{to_string(escape.then)});
    REQUIRE(escapes.size() == 3);
    CHECK(escapes[0] == "/usage third_party exempt");
    CHECK(escapes[1] == "/permissions {general, transfer} not_applicable");
    CHECK(escapes[2].starts_with("/ip_allowlist {"));
    // Nothing helps a key that is gone.
    const RecordForecast late = one(kucoin(), project_file("examples/kucoin/spot_key.json"), "2026-02-19T08:30:00Z");
    CHECK(late.expiries.at(0).standing == Standing::kViolated);
    CHECK(late.expiries[0].escapes.empty());
    CHECK(late.expiries[0].renewals.empty());
}

TEST_CASE("escapes leave out what can't be changed, and never make up a secret") {
    const Rules rules = compiled("t: instant\na: bool immutable\nb: bool\ns: secret? = absent",
                                 "rule r { when a or b\n unless s is present and length(s) > 3\n"
                                 "expire 1 day after t message \"r\" }");
    const RecordForecast both =
        one(rules, R"({"t": "2026-01-01T00:00:00Z", "a": true, "b": true})", "2026-01-01T00:00:00Z");
    REQUIRE(both.expiries.size() == 1);
    // `b` alone doesn't do it.
    REQUIRE(both.expiries[0].escapes.size() == 1);
    CHECK(both.expiries[0].escapes[0] == Escape{"/s", "", Standing::kExempt});
    const RecordForecast b =
        one(rules, R"({"t": "2026-01-01T00:00:00Z", "a": false, "b": true})", "2026-01-01T00:00:00Z");
    REQUIRE(b.expiries.at(0).escapes.size() == 2);
    CHECK(b.expiries[0].escapes[0] == Escape{"/b", "false", Standing::kNotApplicable});
}

TEST_CASE("a forecast that would take too many comparisons is given up, and says so") {
    std::string fields, sum = "d0", assumptions;
    for (int i = 0; i < 12; ++i) {
        const std::string d = "d" + std::to_string(i);
        fields += d + ": duration\nlow" + d + ": duration\nhigh" + d + ": duration\nmore" + d + ": duration\n";
        assumptions += "assume low" + d + " <= " + d + "\nassume more" + d + " <= " + d + "\n";
        if (i > 0) sum += " + " + d;
    }
    std::string json = R"({"t": "2026-01-01T00:00:00Z")";
    for (int i = 0; i < 12; ++i) {
        const std::string d = "d" + std::to_string(i);
        json += ", \"low" + d + "\": \"PT" + std::to_string(1 << i) + "S\", \"more" + d + "\": \"PT" +
                std::to_string(3 << (i + 12)) + "S\"";
    }
    const Rules rules =
        compiled("t: instant\n" + fields + assumptions, "rule r { require now < t + (" + sum + ") message \"r\" }");
    const RecordForecast record = one(rules, json + "}", "2026-01-02T00:00:00Z");
    CHECK_FALSE(record.complete);
    CHECK(record.changes.empty());
    CHECK(to_pretty(forecast(rules, json + "}", looking_from("2026-01-02T00:00:00Z"))).find("nothing is forecast") !=
          std::string::npos);
}

TEST_CASE("durations are read in three spellings") {
    const Duration fortnight{14 * 86'400, 0};
    for (const char* text : {"14d", "14 days", "P14D", "2w", "2 weeks", "13d 24h", "P2W", "PT336H", " 14 d "})
        CHECK_MESSAGE(parse_duration(text) == fortnight, text);
    CHECK(parse_duration("1500ms") == Duration{1, 500'000'000});
    CHECK(parse_duration("90min") == Duration{5'400, 0});
    CHECK(parse_duration("0d") == Duration{});
    for (const char* text : {"", " ", "14", "d", "-1d", "1.5d", "P1M", "1 month", "14D", "99999999999999999999d", "P"})
        CHECK_MESSAGE(!parse_duration(text), text);
}

TEST_CASE("as an iCalendar file") {
    Forecast all = forecast(kucoin(), project_file("examples/kucoin/inventory.ndjson"), [] {
        ForecastOptions options = looking_from("2026-02-15T00:00:00Z");
        options.form = CheckOptions::Form::kLines;
        return options;
    }());
    const std::string text = to_icalendar(all);
    CHECK(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
    CHECK(text.ends_with("END:VCALENDAR\r\n"));
    CHECK(text.find("DTSTAMP:20260215T000000Z\r\n") != std::string::npos);
    CHECK(text.find("DTSTART:20260312T060000Z\r\n") != std::string::npos);
    CHECK(text.find("SUMMARY:savings plan: idle_spot_key_expires is violated\r\n") != std::string::npos);
    CHECK(to_icalendar(all) == text);
    // The same events the day after under the same names, though they are stamped anew.
    const auto uids = [](const std::string& calendar) {
        std::vector<std::string> out;
        for (std::size_t i = calendar.find("\r\nUID:"); i != std::string::npos; i = calendar.find("\r\nUID:", i + 1))
            out.push_back(calendar.substr(i + 6, 75));
        std::sort(out.begin(), out.end());
        return out;
    };
    const std::vector<std::string> names = uids(text);
    CHECK(names.size() == 2);
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    all.evaluated_at = at("2026-02-16T00:00:00Z");
    CHECK(uids(to_icalendar(all)) == names);

    // Whatever a record is called, lines are short, end as they must, and mean what they say.
    RecordForecast& record = all.results.at(1);
    record.subject = "a;b,c\\d\r\nEND:VEVENT\r\n";
    for (int i = 0; i < 60; ++i) record.subject += "ü€";
    all.results.push_back(record);
    const std::string hostile = to_icalendar(all);
    std::string unfolded;
    std::size_t begin = 0;
    while (begin < hostile.size()) {
        const std::size_t end = hostile.find("\r\n", begin);
        REQUIRE(end != std::string::npos);
        CHECK(end - begin <= 75);
        const std::string line = hostile.substr(begin, end - begin);
        CHECK(line.find('\n') == std::string::npos);
        const auto lead = static_cast<unsigned char>(line.size() > 1 && line[0] == ' ' ? line[1] : line[0]);
        CHECK((lead & 0xc0U) != 0x80U);  // no character is cut
        unfolded += line.starts_with(' ') ? line.substr(1) : "\n" + line;
        begin = end + 2;
    }
    CHECK(unfolded.find("\nSUMMARY:a\\;b\\,c\\\\d") != std::string::npos);
    const std::vector<std::string> twice = uids(hostile);
    CHECK(std::adjacent_find(twice.begin(), twice.end()) == twice.end());
    std::size_t events = 0, ends = 0;
    for (std::size_t i = unfolded.find("\nBEGIN:VEVENT"); i != std::string::npos;
         i = unfolded.find("\nBEGIN:VEVENT", i + 1))
        ++events;
    for (std::size_t i = unfolded.find("\nEND:VEVENT"); i != std::string::npos;
         i = unfolded.find("\nEND:VEVENT", i + 1))
        ++ends;
    CHECK(events == ends);
    CHECK(events == twice.size());
}

TEST_CASE("as JSON, in lines and for people") {
    const Forecast all =
        forecast(kucoin(), project_file("examples/kucoin/spot_key.json"), looking_from("2026-02-15T00:00:00Z", "14d"));
    const auto json = nlohmann::json::parse(to_json(all));
    CHECK(json.at("schema") == "keywright.forecast/1");
    CHECK(json.at("until") == "2026-03-01T00:00:00Z");
    const auto& record = json.at("results").at(0);
    CHECK(record.at("changes").at(0).at("at") == "2026-02-19T08:30:00Z");
    CHECK(record.at("changes").at(0).at("until").is_null());
    CHECK(record.at("now").size() == kucoin().rule_names().size());
    CHECK(nlohmann::json::parse(to_json_line(all.results[0])) == record);
    // Every member that the schema demands is there, and no other.
    const auto schema = nlohmann::json::parse(forecast_schema());
    CHECK(schema.at("required").size() == json.size());
    CHECK(schema.at("$defs").at("record").at("required").size() == record.size());
    for (const auto& name : schema.at("$defs").at("record").at("required"))
        CHECK(record.contains(name.get<std::string>()));
    CHECK(to_compact(all) == "2026-02-19T08:30:00Z keys.json#0 spot bot: idle_spot_key_expires: warning -> violated\n");
    const std::string pretty = to_pretty(all);
    CHECK(pretty.starts_with(
        "2026-02-19  in 4 days\n  08:30:00  ✗ spot bot  idle_spot_key_expires: warning → violated\n"));
    CHECK(pretty.find("/last_used_at, were it now: 2026-03-17T00:00:00Z, in 30 days") != std::string::npos);
}
