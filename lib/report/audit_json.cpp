// An audit as JSON: the contract `keywright.audit/1`, whose schema stands in audit_schema.cpp.
#include "keywright/render_audit.h"
#include "report/evidence_json.h"
#include "report/json_parts.h"

namespace keywright {

namespace {

using report::JsonWriter;

[[nodiscard]] std::size_t size(std::uint64_t value) { return static_cast<std::size_t>(value); }

void write(JsonWriter& json, const AuditedInput& input) {
    json.begin_object().member("source", input.source).member("form", to_string(input.form));
    json.member("records", size(input.records)).member("bytes", size(input.bytes)).member("lines", size(input.lines));
    json.key("complete").boolean(input.complete).key("problem");
    if (!input.problem) {
        json.null();
    } else {
        json.begin_object().key("code");
        report::write_or_null(json, input.problem->code);
        json.member("message", input.problem->message).member("help", input.problem->help).end_object();
    }
    json.end_object();
}

void write(JsonWriter& json, const AuditedRule& rule) {
    json.begin_object().member("rule", rule.rule).member("severity", to_string(rule.severity));
    json.member("violated", size(rule.violated)).member("warned", size(rule.warned));
    json.member("undetermined", size(rule.undetermined)).member("perhaps_warned", size(rule.perhaps_warned));
    json.member("exempt", size(rule.exempt)).end_object();
}

void write_expiries(JsonWriter& json, const AuditReport& report) {
    json.begin_object().member("never", size(report.never_expire)).member("expired", size(report.expired));
    json.member("will_expire", size(report.will_expire)).member("may_expire", size(report.may_expire));
    json.key("soonest").begin_array();
    for (const AuditedExpiry& one : report.soonest) {
        json.begin_object().member("at", to_string(one.at)).member("subject", one.subject).member("source", one.source);
        json.member("index", size(one.index)).member("line", size(one.line)).end_object();
    }
    json.end_array().end_object();
}

}  // namespace

std::string to_json(const AuditReport& report) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.audit/1").key("rules");
    report::write(json, report.rules);
    if (!report.waivers.empty()) {
        json.key("waivers");
        report::write(json, report.waivers);
    }
    json.member("evaluated_at", to_string(report.evaluated_at)).key("complete").boolean(report.complete);
    json.key("inputs").begin_array();
    for (const AuditedInput& input : report.inputs) write(json, input);
    json.end_array().key("summary").begin_object();
    json.member("records", size(report.records)).member("compliant", size(report.compliant));
    json.member("violation", size(report.violation)).member("undetermined", size(report.undetermined));
    json.member("invalid", size(report.invalid)).member("open", size(report.open));
    if (!report.waivers.empty()) json.member("waived", size(report.waived));
    json.end_object().key("by_rule").begin_array();
    for (const AuditedRule& rule : report.by_rule) write(json, rule);
    json.end_array().key("by_exemption").begin_array();
    for (const AuditedExemption& one : report.by_exemption) {
        json.begin_object().member("rule", one.rule).member("by", one.by).key("waiver").boolean(one.waiver);
        json.member("records", size(one.records)).end_object();
    }
    json.end_array().key("by_error").begin_object();
    for (const auto& [code, count] : report.by_error) json.member(code, size(count));
    json.end_object().key("expiries");
    write_expiries(json, report);
    json.key("samples").begin_array();
    for (const AuditSample& sample : report.samples) {
        json.begin_object().key("violates").strings(sample.violates).key("undetermined").strings(sample.undetermined);
        json.key("errors").strings(sample.errors).member("line", sample.record.line);
        json.member("offset", size(sample.offset)).key("result").json(to_json_line(sample.record)).end_object();
    }
    json.end_array().key("evidence");
    report::write(json, report.evidence);
    json.end_object();
    return json.take() + '\n';
}

}  // namespace keywright
