// Reports, test runs and diagnostics as JSON: the contracts `keywright.report/1`, `keywright.tests/1` and
// `keywright.diagnostics/1`, whose schemas stand in schemas.cpp.
#include "keywright/render.h"
#include "report/evidence_json.h"
#include "report/json_parts.h"
#include "report/report_stream.h"

namespace keywright {

namespace {

using report::JsonWriter;

void write(JsonWriter& json, const Violation& violation) {
    json.begin_object()
        .member("rule", violation.rule)
        .member("severity", to_string(violation.severity))
        .member("message", violation.message)
        .member("help", violation.help);
    json.key("cites");
    write(json, violation.cites);
    json.key("fields").strings(violation.fields);
    json.key("because").begin_array();
    for (const Fact& fact : violation.because) {
        json.begin_object().member("field", fact.field).member("fact", fact.fact).end_object();
    }
    json.end_array().end_object();
}

void write(JsonWriter& json, const RecordReport& record) {
    begin_record(json, record).member("verdict", to_string(record.verdict));
    json.key("violations").begin_array();
    for (const Violation& violation : record.violations) write(json, violation);
    json.end_array().key("undetermined").begin_array();
    for (const Undetermined& undetermined : record.undetermined) {
        json.begin_object()
            .member("rule", undetermined.rule)
            .member("severity", to_string(undetermined.severity))
            .key("needs")
            .strings(undetermined.needs)
            .end_object();
    }
    json.end_array().key("exempt").begin_array();
    for (const Exempted& exempted : record.exempt) {
        json.begin_object().member("rule", exempted.rule).member("by", exempted.by);
        if (exempted.waiver) {
            json.key("waiver");
            write(json, *exempted.waiver);
        }
        json.end_object();
    }
    json.end_array().key("expires_at");
    write(json, record.expires_at);
    json.key("errors");
    write(json, record.errors);
    if (record.repair) {
        json.key("repair").begin_object().key("edits").strings(record.repair->edits);
        json.member("cost", static_cast<std::size_t>(record.repair->cost)).key("exact").boolean(record.repair->exact);
        json.end_object();
    }
    json.end_object();
}

// `waived` is told where it can be other than 0.
void write(JsonWriter& json, const Summary& summary, bool has_waivers) {
    json.begin_object()
        .member("records", summary.records)
        .member("compliant", summary.compliant)
        .member("violation", summary.violation)
        .member("undetermined", summary.undetermined)
        .member("invalid", summary.invalid);
    if (has_waivers) json.member("waived", summary.waived);
    json.key("by_rule").begin_object();
    for (const auto& [rule, count] : summary.by_rule) json.member(rule, count);
    json.end_object().end_object();
}

void write(JsonWriter& json, const Diagnostic& diagnostic) { begin_diagnostic(json, diagnostic).end_object(); }

void write(JsonWriter& json, const TestResult& test) {
    json.begin_object().member("name", test.name).key("range");
    write(json, test.range);
    json.key("passed").boolean(test.passed).key("failures").begin_array();
    for (const TestResult::Failure& failure : test.failures) {
        json.begin_object().key("range");
        write(json, failure.range);
        json.member("expected", failure.expected).member("actual", failure.actual);
        json.key("where");
        write_or_null(json, failure.where);
        json.key("missing").strings(failure.missing).key("unexpected").strings(failure.unexpected);
        json.key("because").strings(failure.because).key("record");
        if (failure.record.empty())
            json.null();
        else
            json.json(failure.record);
        if (!failure.difference.empty()) json.member("difference", failure.difference);
        json.end_object();
    }
    json.end_array().end_object();
}

template <class T>
std::string line_of(const T& value) {
    JsonWriter json{JsonWriter::Layout::kLine};
    write(json, value);
    return json.take();
}

}  // namespace

namespace {

void write_head(JsonWriter& json, const RulesIdentity& rules, const std::vector<WaiverGiven>& waivers, Instant now) {
    json.begin_object().member("schema", "keywright.report/1").key("rules");
    write(json, rules);
    if (!waivers.empty()) {
        json.key("waivers");
        write(json, waivers);
    }
    json.member("evaluated_at", to_string(now)).key("results").begin_array();
}

void write_tail(JsonWriter& json, const Summary& summary, const std::optional<Evidence>& evidence, bool has_waivers) {
    json.end_array().key("summary");
    write(json, summary, has_waivers);
    if (evidence) {
        json.key("evidence");
        report::write(json, *evidence);
    }
    json.end_object();
}

// Takes the index out of a record that has one digit there; nothing a record says can look like that member, for
// inside a string its quotes are escaped.
report::RecordPiece without_index(std::string text, std::string_view member) {
    const std::size_t at = text.find(member) + member.size();
    text.erase(at, 1);
    return {std::move(text), at, 0};
}

}  // namespace

namespace report {

RecordPiece ndjson_piece(const RecordReport& record) {
    RecordReport first = record;
    first.index = 0;
    return without_index(to_json_line(first) + '\n', ",\"index\":");
}

ReportPieces::ReportPieces() : json_(JsonWriter::Layout::kIndented) {
    json_.begin_object().key("results").begin_array().null();  // an element, so that each has a comma before it
    (void)json_.take();
}

RecordPiece ReportPieces::piece(const RecordReport& record) {
    RecordReport first = record;
    first.index = 0;
    keywright::write(json_, first);
    return without_index(json_.take(), "\n      \"index\": ");
}

std::string report_head(const RulesIdentity& rules, const std::vector<WaiverGiven>& waivers, Instant now) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    write_head(json, rules, waivers, now);
    return json.take();
}

std::string report_tail(const Summary& summary, const Evidence& evidence, bool has_waivers, bool any) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("rules", "").key("results").begin_array();
    if (any) json.null();
    (void)json.take();
    write_tail(json, summary, evidence, has_waivers);
    return json.take() + '\n';
}

}  // namespace report

std::string to_json(const Report& report) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    write_head(json, report.rules, report.waivers, report.evaluated_at);
    for (const RecordReport& record : report.results) write(json, record);
    write_tail(json, report.summary(), report.evidence, !report.waivers.empty());
    return json.take() + '\n';
}

std::string to_snapshot(const Report& report) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.snapshot/1");
    json.member("evaluated_at", to_string(report.evaluated_at)).key("results").begin_array();
    for (const RecordReport& record : report.results) write(json, record);
    json.end_array().end_object();
    return json.take() + '\n';
}

std::string to_json_line(const RecordReport& record) { return line_of(record); }

std::string to_json_line(const Diagnostic& diagnostic) { return line_of(diagnostic); }

std::string to_json(const std::vector<Diagnostic>& diagnostics) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.diagnostics/1").key("diagnostics").begin_array();
    for (const Diagnostic& diagnostic : diagnostics) write(json, diagnostic);
    json.end_array().end_object();
    return json.take() + '\n';
}

std::string to_json_line(const TestResult& test) { return line_of(test); }

std::string to_json(const std::vector<TestedPack>& run) {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t proofs = 0;
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.tests/1").key("packs").begin_array();
    for (const TestedPack& pack : run) {
        json.begin_object().member("entry", pack.entry).key("rules");
        write(json, pack.rules);
        json.key("tests").begin_array();
        for (const TestResult& test : pack.tests) {
            write(json, test);
            ++(test.passed ? passed : failed);
        }
        json.end_array().key("proofs").begin_array();
        for (const std::string& proof : pack.proofs) {
            json.begin_object().member("name", proof).member("outcome", "not_decided").end_object();
        }
        proofs += pack.proofs.size();
        json.end_array().end_object();
    }
    json.end_array().key("summary").begin_object();
    json.member("tests", passed + failed).member("passed", passed).member("failed", failed).member("proofs", proofs);
    json.end_object().end_object();
    return json.take() + '\n';
}

}  // namespace keywright
