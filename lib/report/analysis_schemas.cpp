// JSON Schema of the documents about rule files. Every member is always there; none beside them is.
#include "keywright/render_analysis.h"
#include "report/schema_parts.h"

namespace keywright {

namespace {

// What both documents are made of.
constexpr const char* kShared = R"json(
    "rules": {
      <brief rules>
    },
    "example": {
      "description": "a configuration that shows it, confirmed by the evaluator",
      "type": ["object", "null"],
      <example>
    },
    "regions": {
      "type": "object",
      "required": ["cells", "of", "complete", "regions"],
      "additionalProperties": false,
      "properties": {
        "cells": { "description": "abstract configurations, a decimal number of any size", "type": "string" },
        "of": { "description": "how many the question tells apart", "type": "string" },
        "complete": { "description": "no region is missing", "type": "boolean" },
        "regions": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["condition", "example"],
            "additionalProperties": false,
            "properties": { "condition": { "type": "string" }, "example": { "$ref": "#/$defs/example" } }
          }
        }
      }
    }
)json";

}  // namespace

std::string proofs_schema() {
    return report::with_parts(std::string{R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.proofs/1",
  "description": "What was asked of rule files: proofs, gaps, findings.",
  "type": "object",
  "required": ["schema", "packs"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.proofs/1" },
    "packs": { "type": "array", "items": { "$ref": "#/$defs/pack" } }
  },
  "$defs": {
    "place": {
      "type": "object",
      "required": ["file", "line"],
      "additionalProperties": false,
      "properties": { "file": { "type": "string" }, "line": { "type": "integer", "minimum": 0 } }
    },
    "pack": {
      "type": "object",
      "required": ["entry", "rules", "proofs", "gaps", "findings", "undecided"],
      "additionalProperties": false,
      "properties": {
        "entry": { "type": "string" },
        "rules": { "$ref": "#/$defs/rules" },
        "proofs": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["name", "state", "at", "counterexample", "reason"],
            "additionalProperties": false,
            "properties": {
              "name": { "type": "string" },
              "state": { "enum": ["holds", "fails", "unknown"] },
              "at": { "$ref": "#/$defs/place" },
              "counterexample": { "$ref": "#/$defs/example" },
              "reason": { "description": "of unknown: what stood in the way", "type": "string" }
            }
          }
        },
        "gaps": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["rule", "at", "open", "all", "accepted"],
            "additionalProperties": false,
            "properties": {
              "rule": { "type": "string" },
              "at": { "$ref": "#/$defs/place" },
              "open": { "$ref": "#/$defs/regions" },
              "all": { "$ref": "#/$defs/regions" },
              "accepted": { "type": "array", "items": { "type": "string" } }
            }
          }
        },
        "findings": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["kind", "rule", "other", "message", "at", "example"],
            "additionalProperties": false,
            "properties": {
              "kind": {
                "enum": ["unreachable", "never_violated", "always_violated", "idle_exemption", "dead_expression",
                         "redundant", "contradiction", "equivalent"]
              },
              "rule": { "type": "string" },
              "other": { "type": "string" },
              "message": { "type": "string" },
              "at": { "$ref": "#/$defs/place" },
              "example": { "$ref": "#/$defs/example" }
            }
          }
        },
        "undecided": { "type": "array", "items": { "type": "string" } }
      }
    },)json"} + kShared + "  }\n}\n");
}

std::string diff_schema() {
    return report::with_parts(std::string{R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.diff/1",
  "description": "What changed in meaning between two rule packs.",
  "type": "object",
  "required": ["schema", "before", "after", "direction", "complete", "schema_differences", "declared", "rules",
               "violation"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.diff/1" },
    "before": { "$ref": "#/$defs/rules" },
    "after": { "$ref": "#/$defs/rules" },
    "direction": { "enum": ["same", "stricter", "looser", "both", "unknown"] },
    "complete": { "description": "every case was compared", "type": "boolean" },
    "schema_differences": { "type": "array", "items": { "type": "string" } },
    "declared": { "description": "severities, parameters, assumptions", "type": "array", "items": { "type": "string" } },
    "rules": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["rule", "is_new", "is_gone", "violated", "warning"],
        "additionalProperties": false,
        "properties": {
          "rule": { "type": "string" },
          "is_new": { "type": "boolean" },
          "is_gone": { "type": "boolean" },
          "violated": { "$ref": "#/$defs/change" },
          "warning": { "$ref": "#/$defs/change" }
        }
      }
    },
    "violation": { "$ref": "#/$defs/change" },
    "inventory": {
      "description": "only with --inventory",
      "type": "object",
      "required": ["records", "invalid", "undetermined", "affected"],
      "additionalProperties": false,
      "properties": {
        "records": { "type": "integer", "minimum": 0 },
        "invalid": { "type": "integer", "minimum": 0 },
        "undetermined": { "type": "integer", "minimum": 0 },
        "affected": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["subject", "source", "index", "before", "after", "gained", "lost"],
            "additionalProperties": false,
            "properties": {
              <brief subject>,
              "before": { "$ref": "#/$defs/verdict" },
              "after": { "$ref": "#/$defs/verdict" },
              "gained": { "type": "array", "items": { "type": "string" } },
              "lost": { "type": "array", "items": { "type": "string" } }
            }
          }
        }
      }
    }
  },
  "$defs": {
    "verdict": { <verdict> },
    "change": {
      "type": "object",
      "required": ["gained", "lost"],
      "additionalProperties": false,
      "properties": { "gained": { "$ref": "#/$defs/regions" }, "lost": { "$ref": "#/$defs/regions" } }
    },)json"} + kShared + "  }\n}\n");
}

}  // namespace keywright
