// JSON Schema of `keywright.trace/1`.
#include "keywright/render_trace.h"
#include "report/schema_parts.h"

namespace keywright {

std::string trace_schema() {
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.trace/1",
  "description": "Which clause of a source is enforced by which rule, shown by which test. Every member is always there; none beside them is.",
  "type": "object",
  "required": ["schema", "packs"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.trace/1" },
    "packs": { "type": "array", "items": { "$ref": "#/$defs/pack" } }
  },
  "$defs": {
    "count": { "type": "integer", "minimum": 0 },
    "indices": { "type": "array", "items": { "type": "integer", "minimum": 0 } },
    "text_or_null": { "type": ["string", "null"] },
    "instant": { <instant> },
    "instant_or_null": { "anyOf": [{ "$ref": "#/$defs/instant" }, { "type": "null" }] },
    "range": {
      <range>
    },
    "cites": {
      "type": "array",
      "items": {
        <cited>
      }
    },
    "drift": { "enum": ["not_compared", "same", "changed", "gone", "ambiguous", "unknown"] },
    "roles": {
      "type": "array",
      "items": { "enum": ["violated", "warning", "passes", "exempt", "not_applicable", "undetermined"] }
    },
    "lines": {
      "description": "lines of the source, from 1, the last one included",
      "type": "array",
      "items": {
        "type": "object",
        "required": ["first", "last"],
        "additionalProperties": false,
        "properties": {
          "first": { "type": "integer", "minimum": 1 },
          "last": { "type": "integer", "minimum": 1 }
        }
      }
    },
    "pack": {
      "type": "object",
      "required": ["pack", "now", "summary", "findings", "documents", "rules", "tests"],
      "additionalProperties": false,
      "properties": {
        "pack": {
          <rules>
        },
        "now": { "description": "the instant at which waivers are looked at", "$ref": "#/$defs/instant" },
        "summary": { "$ref": "#/$defs/summary" },
        "findings": { "type": "array", "items": { "$ref": "#/$defs/finding" } },
        "documents": { "type": "array", "items": { "$ref": "#/$defs/document" } },
        "rules": { "type": "array", "items": { "$ref": "#/$defs/rule" } },
        "tests": { "type": "array", "items": { "$ref": "#/$defs/test" } }
      }
    },
    "summary": {
      "type": "object",
      "required": [
        "clauses", "enforced", "waived", "exempted", "used", "not_checkable", "missing", "rules", "uncited", "untested",
        "never_fires", "tests", "failed", "compared", "same", "drifted", "drift_unknown"
      ],
      "additionalProperties": false,
      "properties": {
        "clauses": { "$ref": "#/$defs/count" },
        "enforced": { "$ref": "#/$defs/count" },
        "waived": { "$ref": "#/$defs/count" },
        "exempted": { "$ref": "#/$defs/count" },
        "used": { "$ref": "#/$defs/count" },
        "not_checkable": { "$ref": "#/$defs/count" },
        "missing": { "$ref": "#/$defs/count" },
        "rules": { "$ref": "#/$defs/count" },
        "uncited": { "$ref": "#/$defs/count" },
        "untested": { "$ref": "#/$defs/count" },
        "never_fires": { "$ref": "#/$defs/count" },
        "tests": { "$ref": "#/$defs/count" },
        "failed": { "$ref": "#/$defs/count" },
        "compared": { "description": "clauses of documents whose text was given", "$ref": "#/$defs/count" },
        "same": { "$ref": "#/$defs/count" },
        "drifted": { "description": "changed, gone or ambiguous", "$ref": "#/$defs/count" },
        "drift_unknown": { "$ref": "#/$defs/count" }
      }
    },
    "finding": {
      "type": "object",
      "required": ["kind", "subject", "message", "at"],
      "additionalProperties": false,
      "properties": {
        "kind": {
          "enum": [
            "missing", "uncited", "untested", "never_fires", "failed_test", "document_changed", "clause_changed",
            "undecided"
          ]
        },
        "subject": { "type": "string" },
        "message": { "type": "string" },
        "at": { "$ref": "#/$defs/range" }
      }
    },
    "document": {
      "type": "object",
      "required": ["name", "title", "dated", "url", "digest", "at", "drift", "actual_digest", "outside", "clauses"],
      "additionalProperties": false,
      "properties": {
        "name": { "type": "string" },
        "title": { "$ref": "#/$defs/text_or_null" },
        "dated": { "$ref": "#/$defs/text_or_null" },
        "url": { "$ref": "#/$defs/text_or_null" },
        "digest": { "description": "of the source, as the pack holds it", "$ref": "#/$defs/text_or_null" },
        "at": { "$ref": "#/$defs/range" },
        "drift": { "enum": ["not_compared", "same", "changed", "unknown"] },
        "actual_digest": { "description": "of the text that was given", "$ref": "#/$defs/text_or_null" },
        "outside": { "description": "words that lie in no clause's excerpt", "$ref": "#/$defs/lines" },
        "clauses": { "type": "array", "items": { "$ref": "#/$defs/clause" } }
      }
    },
    "clause": {
      "type": "object",
      "required": [
        "id", "kind", "text", "state", "not_checkable", "waived_until", "at", "citations", "rules", "tests", "excerpt",
        "digest", "drift", "drift_reason", "found"
      ],
      "additionalProperties": false,
      "properties": {
        "id": { "type": "string" },
        "kind": { "enum": ["must", "must_not", "should", "should_not", "may", "fact", "exemption", "note"] },
        "text": { "type": "string" },
        "state": { "enum": ["waived", "enforced", "exempted", "used", "not_checkable", "missing"] },
        "not_checkable": { "description": "why", "$ref": "#/$defs/text_or_null" },
        "waived_until": { "$ref": "#/$defs/instant_or_null" },
        "at": { "$ref": "#/$defs/range" },
        "citations": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["by", "name", "rules", "tests", "at"],
            "additionalProperties": false,
            "properties": {
              "by": { "enum": ["rule", "exemption", "define", "field"] },
              "name": { "type": "string" },
              "rules": { "description": "indices of rules that rest on it", "$ref": "#/$defs/indices" },
              "tests": { "description": "indices of tests", "$ref": "#/$defs/indices" },
              "at": { "$ref": "#/$defs/range" }
            }
          }
        },
        "rules": { "description": "indices of rules, of all citations", "$ref": "#/$defs/indices" },
        "tests": { "description": "indices of tests, of all citations", "$ref": "#/$defs/indices" },
        "excerpt": { "description": "where it stands in the source", "$ref": "#/$defs/text_or_null" },
        "digest": { "description": "of the excerpt", "$ref": "#/$defs/text_or_null" },
        "drift": { "$ref": "#/$defs/drift" },
        "drift_reason": { "$ref": "#/$defs/text_or_null" },
        "found": { "description": "where the excerpt stands; of ambiguous, the first two", "$ref": "#/$defs/lines" }
      }
    },
    "rule": {
      "type": "object",
      "required": [
        "name", "severity", "cited", "tested", "fires", "waived", "at", "cites", "exemptions", "waivers",
        "interpretations", "tests", "example"
      ],
      "additionalProperties": false,
      "properties": {
        "name": { "type": "string" },
        "severity": { <severity> },
        "cited": { "type": "boolean" },
        "tested": { "description": "a test names it in what it expects", "type": "boolean" },
        "fires": { "description": "a test's record violates it", "type": "boolean" },
        "waived": { "type": "boolean" },
        "at": { "$ref": "#/$defs/range" },
        "cites": { "$ref": "#/$defs/cites" },
        "exemptions": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["label", "cites", "at"],
            "additionalProperties": false,
            "properties": {
              "label": { "type": "string" },
              "cites": { "$ref": "#/$defs/cites" },
              "at": { "$ref": "#/$defs/range" }
            }
          }
        },
        "waivers": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["name", "condition", "owner", "reason", "ticket", "until", "in_force", "at"],
            "additionalProperties": false,
            "properties": {
              "name": { "type": "string" },
              "condition": { "description": "in the rule language", "type": "string" },
              "owner": { "$ref": "#/$defs/text_or_null" },
              "reason": { "type": "string" },
              "ticket": { "$ref": "#/$defs/text_or_null" },
              "until": { "$ref": "#/$defs/instant" },
              "in_force": { "type": "boolean" },
              "at": { "$ref": "#/$defs/range" }
            }
          }
        },
        "interpretations": { "type": "array", "items": { "type": "string" } },
        "tests": {
          "description": "tests that name the rule, or violate it",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["test", "expected", "shown"],
            "additionalProperties": false,
            "properties": {
              "test": { "description": "index of the test", "type": "integer", "minimum": 0 },
              "expected": { "description": "what the test says of the rule", "$ref": "#/$defs/roles" },
              "shown": { "description": "how the rule came out", "$ref": "#/$defs/roles" }
            }
          }
        },
        "example": {
          "type": "object",
          "required": ["kind", "sample", "example", "reason"],
          "additionalProperties": false,
          "properties": {
            "kind": { "description": "nothing: proved that nothing violates it", "enum": ["sample", "record", "nothing", "unknown"] },
            "sample": { "description": "its name", "$ref": "#/$defs/text_or_null" },
            "example": {
              "type": ["object", "null"],
              <example>
            },
            "reason": { "description": "of unknown: what stood in the way", "$ref": "#/$defs/text_or_null" }
          }
        }
      }
    },
    "test": {
      "type": "object",
      "required": ["name", "passed", "at"],
      "additionalProperties": false,
      "properties": {
        "name": { "type": "string" },
        "passed": { "type": "boolean" },
        "at": { "$ref": "#/$defs/range" }
      }
    }
  }
}
)json");
}

}  // namespace keywright
