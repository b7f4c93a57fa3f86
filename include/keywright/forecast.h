// What becomes of records as time goes on and nothing else happens to them: every future change of an outcome and of
// the verdict, exact to the nanosecond, and what would keep an expiry from coming.
//
//     keywright::ForecastOptions options;
//     options.now = instant;
//     options.within = keywright::parse_duration("14 days");
//     for (const auto& record : keywright::forecast(rules, json, options).results)
//         for (const auto& change : record.changes) …;
//
// Between two changes nothing changes: the lists say what checking would say at any instant from `now` to the end of
// the year 9999, beyond which there are no instants.
#pragma once

#include "keywright/render.h"
#include "keywright/report.h"
#include "keywright/rules.h"
#include "keywright/time.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

// How one rule stands at one instant.
enum class Standing : std::uint8_t {
    kNotApplicable,   // its `when` doesn't hold
    kExempt,          // an `unless` holds
    kPass,            // it is met
    kWarning,         // it expires, and its `warn … before` has begun
    kPerhapsWarning,  // it is met; whether its `warn … before` has begun hangs on something unknown
    kUndetermined,    // whether it is violated hangs on something unknown
    kViolated,
};

[[nodiscard]] std::string_view to_string(Standing standing);  // `not_applicable`, `perhaps_warning`

// One rule as it stands at the instant of the forecast.
struct RuleStanding {
    std::string rule;
    Severity severity = Severity::kError;  // of what it reports: of a warning before an expiry, `warning` at most
    Standing standing = Standing::kPass;
    friend bool operator==(const RuleStanding&, const RuleStanding&) = default;
};

// From `at` on, `rule` stands at `to`. Where that is undetermined, `at` and `until` are the bounds of an interval in
// which the change to what comes then lies.
struct RuleChange {
    Instant at;
    std::string rule;
    Severity severity = Severity::kError;  // of `to`, as in RuleStanding
    Standing from = Standing::kPass, to = Standing::kPass;
    std::optional<Instant> until;    // the rule's next change; nothing: it stays so
    std::vector<std::string> needs;  // where `to` is undetermined or perhaps a warning: as `Undetermined::needs`
    friend bool operator==(const RuleChange&, const RuleChange&) = default;
};

// The same of the verdict. `kInvalid`: from then on the record contradicts its schema (`assume now <= …`) and can't be
// read any more; it is the last change, and the rules' changes end there.
struct VerdictChange {
    Instant at;
    Verdict from = Verdict::kCompliant, to = Verdict::kCompliant;
    std::optional<Instant> until;
    friend bool operator==(const VerdictChange&, const VerdictChange&) = default;
};

// An instant from which the deadline counts and which can come about anew, such as that of the last use.
struct Renewal {
    std::string field;   // JSON Pointer
    ExpiresAt deadline;  // what the deadline would be if that happened at `now`; kNever: the rule would not apply
    friend bool operator==(const Renewal&, const Renewal&) = default;
};

// An edit of one member after which the rule no longer expires. The evaluator has confirmed it.
struct Escape {
    std::string field;  // JSON Pointer
    std::string
        value;  // one that does it, in the language's words; `absent`; empty for a secret, whose text isn't made up
    Standing then = Standing::kExempt;  // or kNotApplicable
    friend bool operator==(const Escape&, const Escape&) = default;
};

// An expiry rule that applies to the record, or may apply.
struct Expiry {
    std::string rule;
    Severity severity = Severity::kError;
    Standing standing = Standing::kPass;
    ExpiresAt deadline;             // never kNever
    std::vector<Renewal> renewals;  // in order of the schema; none where the deadline has surely passed
    std::vector<Escape> escapes;    // in order of the schema, one a member; none where the deadline has surely passed
    friend bool operator==(const Expiry&, const Expiry&) = default;
};

struct RecordForecast {
    std::string subject, source;  // as in RecordReport
    std::size_t index = 0;
    Verdict verdict = Verdict::kInvalid;  // at `now`
    std::vector<RuleStanding> now;        // every rule, in their order; empty where the record is invalid
    std::vector<RuleChange> changes;      // by instant, then by order of the rules
    std::vector<VerdictChange> verdicts;  // by instant
    std::vector<Expiry> expiries;         // by order of the rules
    ExpiresAt expires_at;                 // as in RecordReport
    // False where the rules compare so many sums of unknown instants that the forecast was given up: then there are no
    // changes here, and nothing is known of any.
    bool complete = true;
    std::vector<RecordError> errors;  // why the record can't be read; empty unless kInvalid
    friend bool operator==(const RecordForecast&, const RecordForecast&) = default;
};

struct Forecast {
    RulesIdentity rules;
    Instant evaluated_at;
    std::optional<Instant> until;  // the end of `within`; nothing: the end of the year 9999
    std::vector<RecordForecast> results;
    std::vector<WaiverGiven> waivers = {};  // in order of the files given; none: the rules alone decided
};

struct ForecastOptions : CheckOptions {
    std::optional<Duration> within;  // leave out changes later than `now + within`; not negative
};

// Forecasts every record of a JSON text, read as `Rules::check` reads it at `options.now`. Never fails: a record that
// can't be read then (an instant of it may lie in the future, against the schema's `assume`) has its errors and nothing
// else.
[[nodiscard]] Forecast forecast(const Rules& rules, std::string_view json, const ForecastOptions& options);
// The same, handing each result over as soon as it is there. What is returned has no results: they are the caller's.
Forecast forecast(const Rules& rules, std::string_view json, const ForecastOptions& options,
                  const std::function<void(RecordForecast&&)>& sink);

// --- as text (see render.h) ------------------------------------------------------------------------------------------

[[nodiscard]] std::string to_json(const Forecast& forecast);             // the document `keywright.forecast/1`
[[nodiscard]] std::string to_json_line(const RecordForecast& forecast);  // one object of its `results`
// A calendar of all records, by day, and what would keep each expiry from coming.
[[nodiscard]] std::string to_pretty(const Forecast& forecast, const Style& style = {});
// One line a change, by instant: `2026-02-19T08:30:00Z source#index subject: rule: warning -> violated`.
[[nodiscard]] std::string to_compact(const Forecast& forecast);
// An iCalendar file (RFC 5545): an event for each change for the worse of a rule, under the same UID every time.
// Instants are cut to seconds, which is all that the format has.
[[nodiscard]] std::string to_icalendar(const Forecast& forecast);
[[nodiscard]] std::string forecast_schema();  // JSON Schema (2020-12) of `keywright.forecast/1`

}  // namespace keywright
