// Audits of rule files as JSON: the contract `keywright.lint/1`, and its schema.
#include "keywright/render_reports.h"
#include "report/json_parts.h"
#include "report/lint_numbers.h"
#include "report/schema_parts.h"

namespace keywright {

namespace {

using report::JsonWriter;
using report::LintNumbers;

void write(JsonWriter& json, const LintFinding& finding) {
    begin_diagnostic(json, finding.diagnostic);
    json.key("kind");
    write_or_null(json, finding.kind);
    json.key("name");
    write_or_null(json, finding.name);
    json.member("fingerprint", finding.fingerprint).key("allowed");
    if (finding.allowed) {
        json.begin_object().member("reason", finding.allowed->reason).key("until");
        write(json, finding.allowed->until);
        json.key("range");
        write(json, finding.allowed->range);
        json.end_object();
    } else {
        json.null();
    }
    json.key("known").boolean(finding.known).end_object();
}

void write(JsonWriter& json, const LintNumbers& numbers) {
    json.begin_object()
        .member("findings", numbers.findings())
        .member("errors", numbers.errors)
        .member("warnings", numbers.warnings)
        .member("infos", numbers.infos)
        .member("allowed", numbers.allowed)
        .member("known", numbers.known)
        .member("undecided", numbers.undecided)
        .end_object();
}

}  // namespace

std::string to_json_line(const LintFinding& finding) {
    JsonWriter json{JsonWriter::Layout::kLine};
    write(json, finding);
    return json.take();
}

std::string to_json(const std::vector<LintReport>& reports) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    LintNumbers numbers;
    json.begin_object().member("schema", "keywright.lint/1").key("packs").begin_array();
    for (const LintReport& report : reports) {
        json.begin_object().key("rules");
        write(json, report.rules);
        json.key("findings").begin_array();
        for (const LintFinding& finding : report.findings) write(json, finding);
        json.end_array().key("undecided").strings(report.undecided).end_object();
        numbers.add(report);
    }
    json.end_array().key("summary");
    write(json, numbers);
    json.end_object();
    return json.take() + '\n';
}

std::string lint_schema() {
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.lint/1",
  "description": "What an audit of rule packs yields.",
  "type": "object",
  "required": ["schema", "packs", "summary"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.lint/1" },
    "packs": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["rules", "findings", "undecided"],
        "additionalProperties": false,
        "properties": {
          "rules": {
            <rules>
          },
          "findings": { "type": "array", "items": { "$ref": "#/$defs/finding" } },
          "undecided": {
            "description": "questions that weren't settled, each with the reason",
            "type": "array",
            "items": { "type": "string" }
          }
        }
      }
    },
    "summary": {
      "description": "over all packs; errors, warnings and infos are those that count: neither allowed nor known",
      "type": "object",
      "required": ["findings", "errors", "warnings", "infos", "allowed", "known", "undecided"],
      "additionalProperties": false,
      "properties": {
        "findings": { "$ref": "#/$defs/count" },
        "errors": { "$ref": "#/$defs/count" },
        "warnings": { "$ref": "#/$defs/count" },
        "infos": { "$ref": "#/$defs/count" },
        "allowed": { "$ref": "#/$defs/count" },
        "known": { "description": "not allowed, but in the baseline", "$ref": "#/$defs/count" },
        "undecided": { "$ref": "#/$defs/count" }
      }
    }
  },
  "$defs": {
    "count": { "type": "integer", "minimum": 0 },
    "range": {
      "description": "lines and columns count from 1, columns in bytes; the end is exclusive",
      <range>
    },
    "finding": {
      "description": "A diagnostic and what it is about; `--format ndjson` prints one of these a line.",
      "type": "object",
      "required": ["code", "severity", "message", "labels", "help", "fix", "kind", "name", "fingerprint", "allowed", "known"],
      "additionalProperties": false,
      "properties": {
        <diagnostic>,
        "kind": { "description": "what it is about: `rule`, `clause`, …", "type": ["string", "null"] },
        "name": { "type": ["string", "null"] },
        "fingerprint": { "description": "stays while the mistake does", "type": "string" },
        "allowed": {
          "description": "the `allow` of a rule file that excuses it",
          "anyOf": [
            { "type": "null" },
            {
              "type": "object",
              "required": ["reason", "until", "range"],
              "additionalProperties": false,
              "properties": {
                "reason": { "type": "string" },
                "until": { "anyOf": [{ <instant> }, { "type": "null" }] },
                "range": { "$ref": "#/$defs/range" }
              }
            }
          ]
        },
        "known": { "description": "it stands in the baseline", "type": "boolean" }
      }
    }
  }
}
)json");
}

}  // namespace keywright
