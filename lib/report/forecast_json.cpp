// A forecast as JSON: the contract `keywright.forecast/1`, whose schema stands in schemas.cpp.
#include "keywright/forecast.h"
#include "report/json_parts.h"

namespace keywright {

namespace {

using report::JsonWriter;

void write(JsonWriter& json, const RuleChange& change) {
    json.begin_object()
        .member("at", to_string(change.at))
        .member("rule", change.rule)
        .member("severity", to_string(change.severity))
        .member("from", to_string(change.from))
        .member("to", to_string(change.to))
        .key("until");
    write(json, change.until);
    json.key("needs").strings(change.needs).end_object();
}

void write(JsonWriter& json, const VerdictChange& change) {
    json.begin_object()
        .member("at", to_string(change.at))
        .member("from", to_string(change.from))
        .member("to", to_string(change.to))
        .key("until");
    write(json, change.until);
    json.end_object();
}

void write(JsonWriter& json, const Expiry& expiry) {
    json.begin_object()
        .member("rule", expiry.rule)
        .member("severity", to_string(expiry.severity))
        .member("standing", to_string(expiry.standing))
        .key("deadline");
    write(json, expiry.deadline);
    json.key("renewals").begin_array();
    for (const Renewal& renewal : expiry.renewals) {
        json.begin_object().member("field", renewal.field).key("deadline");
        write(json, renewal.deadline);
        json.end_object();
    }
    json.end_array().key("escapes").begin_array();
    for (const Escape& escape : expiry.escapes) {
        json.begin_object().member("field", escape.field).key("value");
        write_or_null(json, escape.value);
        json.member("then", to_string(escape.then)).end_object();
    }
    json.end_array().end_object();
}

void write(JsonWriter& json, const RecordForecast& record) {
    begin_record(json, record).member("verdict", to_string(record.verdict));
    json.key("now").begin_array();
    for (const RuleStanding& rule : record.now) {
        json.begin_object()
            .member("rule", rule.rule)
            .member("severity", to_string(rule.severity))
            .member("standing", to_string(rule.standing))
            .end_object();
    }
    json.end_array().key("changes").begin_array();
    for (const RuleChange& change : record.changes) write(json, change);
    json.end_array().key("verdicts").begin_array();
    for (const VerdictChange& change : record.verdicts) write(json, change);
    json.end_array().key("expiries").begin_array();
    for (const Expiry& expiry : record.expiries) write(json, expiry);
    json.end_array().key("expires_at");
    write(json, record.expires_at);
    json.key("complete").boolean(record.complete).key("errors");
    write(json, record.errors);
    json.end_object();
}

}  // namespace

std::string to_json(const Forecast& forecast) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.forecast/1").key("rules");
    write(json, forecast.rules);
    if (!forecast.waivers.empty()) {
        json.key("waivers");
        write(json, forecast.waivers);
    }
    json.member("evaluated_at", to_string(forecast.evaluated_at)).key("until");
    write(json, forecast.until);
    json.key("results").begin_array();
    for (const RecordForecast& record : forecast.results) write(json, record);
    json.end_array().end_object();
    return json.take() + '\n';
}

std::string to_json_line(const RecordForecast& forecast) {
    JsonWriter json{JsonWriter::Layout::kLine};
    write(json, forecast);
    return json.take();
}

}  // namespace keywright
