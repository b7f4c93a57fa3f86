// Explained outcomes as JSON: the contract `keywright.why/1`.
#include "keywright/why.h"
#include "report/json_parts.h"

namespace keywright {

namespace {

using report::JsonWriter;

void write(JsonWriter& json, const RuleWhy& rule) {
    json.begin_object()
        .member("rule", rule.rule)
        .member("severity", to_string(rule.severity))
        .member("outcome", to_string(rule.outcome));
    json.key("warns").boolean(rule.warns).member("exempt_by", rule.exempt_by);
    if (rule.waiver) {
        json.key("waiver");
        write(json, *rule.waiver);
    }
    json.key("cites");
    write(json, rule.cites);
    json.member("granularity", rule.granularity == Granularity::kFacts ? "facts" : "fields")
        .member("coarse_because", rule.coarse_because);
    json.key("reasons").begin_array();
    for (const ReasonSet& reasons : rule.reasons) {
        json.begin_array();
        for (const Reason& reason : reasons) {
            json.begin_object()
                .member("field", reason.field)
                .member("fact", reason.fact)
                .member("condition", reason.condition)
                .key("range");
            write(json, reason.range);
            json.end_object();
        }
        json.end_array();
    }
    json.end_array().key("reasons_cut").boolean(rule.reasons_cut);
    json.key("would_violate").begin_array();
    for (const std::vector<Change>& way : rule.would_violate) {
        json.begin_array();
        for (const Change& change : way) {
            json.begin_object()
                .member("field", change.field)
                .member("from", change.from)
                .member("to", change.to)
                .end_object();
        }
        json.end_array();
    }
    json.end_array().key("never_violated").boolean(rule.never_violated);
    json.key("needs").strings(rule.needs).key("settled_by").begin_array();
    for (const Knowledge& one : rule.settled_by) {
        json.begin_object()
            .key("fields")
            .strings(one.fields)
            .key("if_violated")
            .strings(one.if_violated)
            .key("if_fine")
            .strings(one.if_fine)
            .key("cut")
            .boolean(one.cut)
            .end_object();
    }
    json.end_array().key("settled_cut").boolean(rule.settled_cut).end_object();
}

void write(JsonWriter& json, const WhyReport& report) {
    begin_record(json, report).member("verdict", to_string(report.verdict));
    json.key("errors");
    write(json, report.errors);
    json.key("rules").begin_array();
    for (const RuleWhy& rule : report.rules) write(json, rule);
    json.end_array().end_object();
}

}  // namespace

std::string to_json(const std::vector<WhyReport>& reports, const RulesIdentity& rules, Instant now) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.why/1").key("rules");
    write(json, rules);
    json.member("evaluated_at", to_string(now)).key("results").begin_array();
    for (const WhyReport& report : reports) write(json, report);
    json.end_array().end_object();
    return json.take() + '\n';
}

std::string to_json_line(const WhyReport& report) {
    JsonWriter json{JsonWriter::Layout::kLine};
    write(json, report);
    return json.take();
}

}  // namespace keywright
