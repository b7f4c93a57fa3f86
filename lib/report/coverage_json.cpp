// What tests cover as JSON: the contract `keywright.coverage/1`, and its schema.
#include "keywright/render_coverage.h"
#include "report/json_parts.h"
#include "report/schema_parts.h"

namespace keywright {

namespace {

using report::JsonWriter;

void write(JsonWriter& json, const CoverageCount& count) {
    json.begin_object()
        .member("covered", count.covered)
        .member("possible", count.possible)
        .member("impossible", count.impossible)
        .member("unknown", count.unknown)
        .end_object();
}

void write(JsonWriter& json, const CoverageObligation& o) {
    json.begin_object()
        .member("kind", to_string(o.duty))
        .member("state", to_string(o.state))
        .member("rule", o.rule)
        .member("decision", o.decision)
        .member("subject", o.subject)
        .member("side", o.side)
        .key("at");
    write(json, o.range);
    json.key("covered_by").begin_array();
    for (const std::size_t one : o.covered_by) json.number(one);
    json.end_array().key("examples").begin_array();
    for (const Example& example : o.examples) write(json, example);
    json.end_array().member("reason", o.reason).end_object();
}

void write(JsonWriter& json, const Coverage& coverage) {
    json.begin_object().key("rules");
    write(json, coverage.rules);
    json.key("summary").begin_object().key("all");
    write(json, coverage.count());
    for (const Duty duty : {Duty::kRule, Duty::kOutcome, Duty::kCondition, Duty::kDecides, Duty::kBoundary}) {
        json.key(to_string(duty));
        write(json, coverage.count(duty));
    }
    json.end_object().key("cases").begin_array();
    for (const CoverageCase& one : coverage.cases) {
        json.begin_object().member("test", one.test).member("at", to_string(one.at)).member("file", one.range.file);
        json.member("line", one.range.line).end_object();
    }
    json.end_array().key("obligations").begin_array();
    for (const CoverageObligation& o : coverage.obligations) write(json, o);
    json.end_array().end_object();
}

}  // namespace

std::string to_json(const std::vector<Coverage>& packs) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.coverage/1").key("packs").begin_array();
    for (const Coverage& pack : packs) write(json, pack);
    json.end_array().end_object();
    return json.take() + "\n";
}

std::string coverage_schema() {
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.coverage/1",
  "description": "What the tests of rule packs cover. Every member is always there; none beside them is.",
  "type": "object",
  "required": ["schema", "packs"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.coverage/1" },
    "packs": { "type": "array", "items": { "$ref": "#/$defs/pack" } }
  },
  "$defs": {
    "pack": {
      "type": "object",
      "required": ["rules", "summary", "cases", "obligations"],
      "additionalProperties": false,
      "properties": {
        "rules": {
          <brief rules>
        },
        "summary": {
          "type": "object",
          "required": ["all", "rule", "outcome", "condition", "decides", "boundary"],
          "additionalProperties": false,
          "properties": {
            "all": { "$ref": "#/$defs/count" },
            "rule": { "$ref": "#/$defs/count" },
            "outcome": { "$ref": "#/$defs/count" },
            "condition": { "$ref": "#/$defs/count" },
            "decides": { "$ref": "#/$defs/count" },
            "boundary": { "$ref": "#/$defs/count" }
          }
        },
        "cases": {
          "description": "instants at which tests look at their records",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["test", "at", "file", "line"],
            "additionalProperties": false,
            "properties": {
              "test": { "type": "string" },
              "at": { "type": "string", "format": "date-time" },
              "file": { "type": "string" },
              "line": { "type": "integer", "minimum": 1 }
            }
          }
        },
        "obligations": { "type": "array", "items": { "$ref": "#/$defs/obligation" } }
      }
    },
    "count": {
      "type": "object",
      "required": ["covered", "possible", "impossible", "unknown"],
      "additionalProperties": false,
      "properties": {
        "covered": { "type": "integer", "minimum": 0 },
        "possible": { "description": "all but the impossible", "type": "integer", "minimum": 0 },
        "impossible": { "description": "proved that nothing can cover it", "type": "integer", "minimum": 0 },
        "unknown": { "description": "part of possible: it wasn't settled", "type": "integer", "minimum": 0 }
      }
    },
    "obligation": {
      "type": "object",
      "required": ["kind", "state", "rule", "decision", "subject", "side", "at", "covered_by", "examples", "reason"],
      "additionalProperties": false,
      "properties": {
        "kind": { "enum": ["rule", "outcome", "condition", "decides", "boundary"] },
        "state": { "enum": ["covered", "missing", "impossible", "unknown"] },
        "rule": { "type": "string" },
        "decision": { "description": "`when`, `unless …`, `require`, `expire`, or empty", "type": "string" },
        "subject": { "description": "an outcome, a condition or a comparison", "type": "string" },
        "side": { "enum": ["", "true", "false", "just below", "at", "just above"] },
        "at": {
          "type": "object",
          "required": ["file", "line", "column", "end_line", "end_column"],
          "additionalProperties": false,
          "properties": {
            "file": { "type": "string" },
            "line": { "type": "integer", "minimum": 1 },
            "column": { "description": "in bytes, from 1", "type": "integer", "minimum": 1 },
            "end_line": { "type": "integer", "minimum": 1 },
            "end_column": { "description": "exclusive", "type": "integer", "minimum": 1 }
          }
        },
        "covered_by": {
          "description": "indices of cases; of `decides` two, the condition true in the first",
          "type": "array",
          "items": { "type": "integer", "minimum": 0 }
        },
        "examples": {
          "description": "of missing: records that would cover it together, confirmed by the evaluator",
          "type": "array",
          "items": {
            "type": "object",
            <example>
          }
        },
        "reason": { "description": "of unknown: what stood in the way", "type": "string" }
      }
    }
  }
}
)json");
}

}  // namespace keywright
