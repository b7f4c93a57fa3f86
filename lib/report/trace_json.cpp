// Traceability as JSON: the contract `keywright.trace/1`; its schema stands in trace_schema.cpp.
#include "keywright/render_trace.h"
#include "report/json_parts.h"

namespace keywright {

namespace {

using report::JsonWriter;
using report::write_or_null;

void write(JsonWriter& json, const std::vector<std::size_t>& indices) {
    json.begin_array();
    for (const std::size_t index : indices) json.number(index);
    json.end_array();
}

void write(JsonWriter& json, const std::vector<Role>& roles) {
    json.begin_array();
    for (const Role role : roles) json.string(to_string(role));
    json.end_array();
}

void write(JsonWriter& json, const std::vector<SourceLines>& places) {
    json.begin_array();
    for (const SourceLines& lines : places)
        json.begin_object().member("first", lines.first).member("last", lines.last).end_object();
    json.end_array();
}

void write(JsonWriter& json, const TracedCitation& citation) {
    json.begin_object().member("by", to_string(citation.by)).member("name", citation.name).key("rules");
    write(json, citation.rules);
    json.key("tests");
    write(json, citation.tests);
    json.key("at");
    write(json, citation.range);
    json.end_object();
}

void write(JsonWriter& json, const TracedClause& clause) {
    json.begin_object()
        .member("id", clause.id)
        .member("kind", clause.kind)
        .member("text", clause.text)
        .member("state", to_string(clause.state))
        .key("not_checkable");
    write_or_null(json, clause.not_checkable);
    json.key("waived_until");
    write(json, clause.waived_until);
    json.key("at");
    write(json, clause.range);
    json.key("citations").begin_array();
    for (const TracedCitation& citation : clause.citations) write(json, citation);
    json.end_array().key("rules");
    write(json, clause.rules);
    json.key("tests");
    write(json, clause.tests);
    json.key("excerpt");
    write_or_null(json, clause.excerpt);
    json.key("digest");
    write_or_null(json, clause.digest);
    json.member("drift", to_string(clause.drift)).key("drift_reason");
    write_or_null(json, clause.drift_reason);
    json.key("found");
    write(json, clause.found);
    json.end_object();
}

void write(JsonWriter& json, const TracedDocument& document) {
    json.begin_object().member("name", document.name).key("title");
    write_or_null(json, document.title);
    json.key("dated");
    write_or_null(json, document.dated);
    json.key("url");
    write_or_null(json, document.url);
    json.key("digest");
    write_or_null(json, document.digest);
    json.key("at");
    write(json, document.range);
    json.member("drift", to_string(document.drift)).key("actual_digest");
    write_or_null(json, document.actual_digest);
    json.key("outside");
    write(json, document.outside);
    json.key("clauses").begin_array();
    for (const TracedClause& clause : document.clauses) write(json, clause);
    json.end_array().end_object();
}

void write(JsonWriter& json, const std::vector<TracedClauseRef>& cites, const Trace& trace) {
    json.begin_array();
    for (const TracedClauseRef& cite : cites) {
        const TracedDocument& document = trace.documents[cite.document];
        json.begin_object()
            .member("document", document.name)
            .member("clause", document.clauses[cite.clause].id)
            .end_object();
    }
    json.end_array();
}

void write(JsonWriter& json, const RuleExample& example) {
    json.begin_object().member("kind", to_string(example.kind)).key("sample");
    write_or_null(json, example.sample);
    json.key("example");
    report::write(json, example.example);
    json.key("reason");
    write_or_null(json, example.reason);
    json.end_object();
}

void write(JsonWriter& json, const TracedWaiver& waiver) {
    json.begin_object().member("name", waiver.name).member("condition", waiver.condition).key("owner");
    write_or_null(json, waiver.owner);
    json.member("reason", waiver.reason).key("ticket");
    write_or_null(json, waiver.ticket);
    json.member("until", to_string(waiver.until)).key("in_force").boolean(waiver.in_force).key("at");
    write(json, waiver.range);
    json.end_object();
}

void write(JsonWriter& json, const TracedRule& rule, const Trace& trace) {
    json.begin_object()
        .member("name", rule.name)
        .member("severity", to_string(rule.severity))
        .key("cited")
        .boolean(rule.cited())
        .key("tested")
        .boolean(rule.tested)
        .key("fires")
        .boolean(rule.fires)
        .key("waived")
        .boolean(rule.is_waived())
        .key("at");
    write(json, rule.range);
    json.key("cites");
    write(json, rule.cites, trace);
    json.key("exemptions").begin_array();
    for (const TracedExemption& exemption : rule.exemptions) {
        json.begin_object().member("label", exemption.label).key("cites");
        write(json, exemption.cites, trace);
        json.key("at");
        write(json, exemption.range);
        json.end_object();
    }
    json.end_array().key("waivers").begin_array();
    for (const TracedWaiver& waiver : rule.waivers) write(json, waiver);
    json.end_array().key("interpretations").strings(rule.interpretations).key("tests").begin_array();
    for (const TracedUse& use : rule.tests) {
        json.begin_object().member("test", use.test).key("expected");
        write(json, use.expected);
        json.key("shown");
        write(json, use.shown);
        json.end_object();
    }
    json.end_array().key("example");
    write(json, rule.example);
    json.end_object();
}

void write(JsonWriter& json, const TraceSummary& summary) {
    json.begin_object()
        .member("clauses", summary.clauses)
        .member("enforced", summary.enforced)
        .member("waived", summary.waived)
        .member("exempted", summary.exempted)
        .member("used", summary.used)
        .member("not_checkable", summary.not_checkable)
        .member("missing", summary.missing)
        .member("rules", summary.rules)
        .member("uncited", summary.uncited)
        .member("untested", summary.untested)
        .member("never_fires", summary.never_fires)
        .member("tests", summary.tests)
        .member("failed", summary.failed)
        .member("compared", summary.compared)
        .member("same", summary.same)
        .member("drifted", summary.drifted)
        .member("drift_unknown", summary.drift_unknown)
        .end_object();
}

void write(JsonWriter& json, const Trace& trace) {
    json.begin_object().key("pack");
    write(json, trace.identity);
    json.member("now", to_string(trace.now)).key("summary");
    write(json, trace.summary());
    json.key("findings").begin_array();
    for (const TraceFinding& finding : findings(trace)) {
        json.begin_object()
            .member("kind", to_string(finding.kind))
            .member("subject", finding.subject)
            .member("message", finding.message)
            .key("at");
        write(json, finding.range);
        json.end_object();
    }
    json.end_array().key("documents").begin_array();
    for (const TracedDocument& document : trace.documents) write(json, document);
    json.end_array().key("rules").begin_array();
    for (const TracedRule& rule : trace.rules) write(json, rule, trace);
    json.end_array().key("tests").begin_array();
    for (const TracedTest& test : trace.tests) {
        json.begin_object().member("name", test.name).key("passed").boolean(test.passed).key("at");
        write(json, test.range);
        json.end_object();
    }
    json.end_array().end_object();
}

}  // namespace

std::string to_json(const std::vector<Trace>& packs) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.trace/1").key("packs").begin_array();
    for (const Trace& pack : packs) write(json, pack);
    json.end_array().end_object();
    return json.take() + "\n";
}

}  // namespace keywright
