// JSON Schema of `keywright.why/1`. Every member is always there; none beside them is.
#include "keywright/why.h"
#include "report/schema_parts.h"

namespace keywright {

std::string why_schema() {
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.why/1",
  "description": "Why rules came out as they did, and what would have to differ.",
  "type": "object",
  "required": ["schema", "rules", "evaluated_at", "results"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.why/1" },
    "rules": {
      <rules>
    },
    "evaluated_at": { <instant> },
    "results": { "type": "array", "items": { "$ref": "#/$defs/record" } }
  },
  "$defs": {
    "pointer": { <pointer> },
    "pointers": { "type": "array", "items": { "$ref": "#/$defs/pointer" } },
    "texts": { "type": "array", "items": { "type": "string" } },
    "range": {
      "description": "a place in a rule file; lines and columns count from 1, columns in bytes, the end is exclusive",
      <range>
    },
    "record": {
      "description": "One record; `--format ndjson` prints one of these a line.",
      "type": "object",
      "required": ["subject", "source", "index", "verdict", "errors", "rules"],
      "additionalProperties": false,
      "properties": {
        <subject>,
        "verdict": { <verdict> },
        "errors": {
          "description": "why it can't be read; empty unless invalid",
          "type": "array",
          "items": {
            <error>
          }
        },
        "rules": { "type": "array", "items": { "$ref": "#/$defs/rule" } }
      }
    },
    "rule": {
      "type": "object",
      "required": [
        "rule", "severity", "outcome", "warns", "exempt_by", "cites", "granularity", "coarse_because", "reasons",
        "reasons_cut", "would_violate", "never_violated", "needs", "settled_by", "settled_cut"
      ],
      "additionalProperties": false,
      "properties": {
        "rule": { "type": "string" },
        "severity": { <severity> },
        "outcome": { "enum": ["not_applicable", "exempt", "pass", "violated", "undetermined"] },
        "warns": { "description": "an expiry rule that passes and is in its warning period", "type": "boolean" },
        "exempt_by": { "description": "the exemption that applies, else empty", "type": "string" },
        "waiver": {
          "description": "only where a waiver exempts",
          <waiver used>
        },
        "cites": {
          "description": "clauses of the rule, then of the exemption that applies",
          "type": "array",
          "items": {
            <cited>
          }
        },
        "granularity": {
          "description": "whether reasons are made of single facts or, where those can't be shown to suffice, of fields",
          "enum": ["facts", "fields"]
        },
        "coarse_because": { "description": "why they are fields, else empty", "type": "string" },
        "reasons": {
          "description": "sets of facts that force the outcome, from none of which a fact can be dropped",
          "type": "array",
          "items": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["field", "fact", "condition", "range"],
              "additionalProperties": false,
              "properties": {
                "field": { "$ref": "#/$defs/pointer" },
                "fact": { "type": "string" },
                "condition": { "description": "that the fact decides; empty where not known", "type": "string" },
                "range": { "$ref": "#/$defs/range" }
              }
            }
          }
        },
        "reasons_cut": { "description": "there may be more reasons", "type": "boolean" },
        "would_violate": {
          "description": "ways to violate the rule by changing as few fields as can be",
          "type": "array",
          "items": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["field", "from", "to"],
              "additionalProperties": false,
              "properties": {
                "field": { "$ref": "#/$defs/pointer" },
                "from": { "type": "string" },
                "to": { "type": "string" }
              }
            }
          }
        },
        "never_violated": { "description": "no configuration violates the rule", "type": "boolean" },
        "needs": { "$ref": "#/$defs/pointers" },
        "settled_by": {
          "description": "least sets of unknown fields that settle the rule whatever their values are",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["fields", "if_violated", "if_fine", "cut"],
            "additionalProperties": false,
            "properties": {
              "fields": { "$ref": "#/$defs/pointers" },
              "if_violated": { "$ref": "#/$defs/texts" },
              "if_fine": { "$ref": "#/$defs/texts" },
              "cut": { "description": "there are more values than are listed", "type": "boolean" }
            }
          }
        },
        "settled_cut": { "description": "there may be more or smaller sets", "type": "boolean" }
      }
    }
  }
}
)json");
}

}  // namespace keywright
