// JSON Schema of `keywright.audit/1`.
#include "keywright/render_audit.h"
#include "report/schema_parts.h"

namespace keywright {

std::string audit_schema() {
    // A sample's result is a result of `check`, so what is defined for reports is defined here in the same words.
    const std::string of_reports = report_schema();
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.audit/1",
  "description": "What an audit of an inventory of key configurations against a rule pack yields.",
  "type": "object",
  "required": ["schema", "rules", "evaluated_at", "complete", "inputs", "summary", "by_rule", "by_exemption", "by_error", "expiries", "samples", "evidence"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.audit/1" },
    "rules": { "$ref": "#/$defs/rules" },
    "waivers": {
      "description": "only where waivers were given: all of them, whether or not a record came under one",
      "type": "array",
      "items": {
        <waiver given>
      }
    },
    "evaluated_at": { "$ref": "#/$defs/instant" },
    "complete": { "description": "all inputs were read to their ends; else the numbers are of what was read", "type": "boolean" },
    "inputs": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["source", "form", "records", "bytes", "lines", "complete", "problem"],
        "additionalProperties": false,
        "properties": {
          "source": { "type": "string" },
          "form": { "enum": ["lines", "array", "document"] },
          "records": { "$ref": "#/$defs/count" },
          "bytes": { "description": "of text, without compression", "$ref": "#/$defs/count" },
          "lines": { "description": "line feeds in it", "$ref": "#/$defs/count" },
          "complete": { "type": "boolean" },
          "problem": {
            "description": "why it wasn't read to its end",
            "anyOf": [
              { "type": "null" },
              {
                "type": "object",
                "required": ["code", "message", "help"],
                "additionalProperties": false,
                "properties": {
                  "code": { "type": ["string", "null"] },
                  "message": { "type": "string" },
                  "help": { "type": "string" }
                }
              }
            ]
          }
        }
      }
    },
    "summary": {
      "type": "object",
      "required": ["records", "compliant", "violation", "undetermined", "invalid", "open"],
      "additionalProperties": false,
      "properties": {
        "records": { "$ref": "#/$defs/count" },
        "compliant": { "$ref": "#/$defs/count" },
        "violation": { "$ref": "#/$defs/count" },
        "undetermined": { "$ref": "#/$defs/count" },
        "invalid": { "$ref": "#/$defs/count" },
        "open": { "description": "records of which a rule of any severity is undetermined", "$ref": "#/$defs/count" },
        "waived": {
          "description": "only where waivers were given: records that one exempts from a rule, whatever their verdict",
          "$ref": "#/$defs/count"
        }
      }
    },
    "by_rule": {
      "description": "every rule, in the order of the pack; numbers of records",
      "type": "array",
      "items": {
        "type": "object",
        "required": ["rule", "severity", "violated", "warned", "undetermined", "perhaps_warned", "exempt"],
        "additionalProperties": false,
        "properties": {
          "rule": { "type": "string" },
          "severity": { "$ref": "#/$defs/severity" },
          "violated": { "$ref": "#/$defs/count" },
          "warned": { "description": "it warns of an expiry, at severity warning at most", "$ref": "#/$defs/count" },
          "undetermined": { "$ref": "#/$defs/count" },
          "perhaps_warned": { "description": "whether it warns of an expiry is undetermined", "$ref": "#/$defs/count" },
          "exempt": { "$ref": "#/$defs/count" }
        }
      }
    },
    "by_exemption": {
      "description": "every exemption and waiver, in the order of rules",
      "type": "array",
      "items": {
        "type": "object",
        "required": ["rule", "by", "waiver", "records"],
        "additionalProperties": false,
        "properties": {
          "rule": { "type": "string" },
          "by": { "description": "the exemption's condition or define, or the waiver's name", "type": "string" },
          "waiver": { "type": "boolean" },
          "records": { "$ref": "#/$defs/count" }
        }
      }
    },
    "by_error": {
      "description": "code to records with at least one error of it",
      "type": "object",
      "additionalProperties": { "$ref": "#/$defs/count" }
    },
    "expiries": {
      "description": "records by the earliest expiry rule that applies, seen from `evaluated_at`",
      "type": "object",
      "required": ["never", "expired", "will_expire", "may_expire", "soonest"],
      "additionalProperties": false,
      "properties": {
        "never": { "$ref": "#/$defs/count" },
        "expired": { "$ref": "#/$defs/count" },
        "will_expire": { "$ref": "#/$defs/count" },
        "may_expire": { "description": "it hangs on something unknown", "$ref": "#/$defs/count" },
        "soonest": {
          "description": "the next of those that will expire",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["at", "subject", "source", "index", "line"],
            "additionalProperties": false,
            "properties": {
              "at": { "$ref": "#/$defs/instant" },
              <subject>,
              "line": { "description": "1-based", "$ref": "#/$defs/count" }
            }
          }
        }
      }
    },
    "samples": {
      "description": "the first records of each kind of finding",
      "type": "array",
      "items": {
        "type": "object",
        "required": ["violates", "undetermined", "errors", "line", "offset", "result"],
        "additionalProperties": false,
        "properties": {
          "violates": { "description": "rules of which it is one of the first", "type": "array", "items": { "type": "string" } },
          "undetermined": { "type": "array", "items": { "type": "string" } },
          "errors": { "type": "array", "items": { "type": "string" } },
          "line": { "description": "1-based", "$ref": "#/$defs/count" },
          "offset": { "description": "bytes of text before it", "$ref": "#/$defs/count" },
          "result": { "description": "as `check` says it", "$ref": "#/$defs/record" }
        }
      }
    },
    "evidence": { "$ref": "#/$defs/evidence" }
  },
)json") + of_reports.substr(of_reports.find("  \"$defs\": {"));
}

}  // namespace keywright
