// JSON Schema of our own documents. Every member is always there, but for those that only some options bring; none
// beside them is.
#include "keywright/forecast.h"
#include "keywright/render.h"
#include "report/schema_parts.h"

namespace keywright {

std::string report_schema() {
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.report/1",
  "description": "What checking key configurations against a rule pack yields.",
  "type": "object",
  "required": ["schema", "rules", "evaluated_at", "results", "summary"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.report/1" },
    "rules": { "$ref": "#/$defs/rules" },
    "waivers": {
      "description": "only where waivers were given: all of them, whether or not a record came under one",
      "type": "array",
      "items": {
        <waiver given>
      }
    },
    "evaluated_at": { "$ref": "#/$defs/instant" },
    "results": { "type": "array", "items": { "$ref": "#/$defs/record" } },
    "summary": {
      "type": "object",
      "required": ["records", "compliant", "violation", "undetermined", "invalid", "by_rule"],
      "additionalProperties": false,
      "properties": {
        "records": { "$ref": "#/$defs/count" },
        "compliant": { "$ref": "#/$defs/count" },
        "violation": { "$ref": "#/$defs/count" },
        "undetermined": { "$ref": "#/$defs/count" },
        "invalid": { "$ref": "#/$defs/count" },
        "waived": {
          "description": "only where waivers were given: records that one exempts from a rule, whatever their verdict",
          "$ref": "#/$defs/count"
        },
        "by_rule": {
          "description": "records in which the rule is violated, whatever its severity",
          "type": "object",
          "additionalProperties": { "$ref": "#/$defs/count" }
        }
      }
    },
    "evidence": { "$ref": "#/$defs/evidence" }
  },
  "$defs": {
    "count": { "type": "integer", "minimum": 0 },
    "digest": { "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" },
    "instant": { <instant> },
    "pointer": { <pointer> },
    "severity": { <severity> },
    "rules": {
      <rules>
    },
    "evidence": {
      "description": "what it takes to repeat the report (`keywright verify`); every report of `keywright check` has it",
      "type": "object",
      "required": ["tool", "rules", "schema", "parameters", "waivers", "inputs", "adapter", "options"],
      "additionalProperties": false,
      "properties": {
        "tool": { "description": "the version that wrote the report", "type": "string" },
        "rules": { "description": "every rule file", "type": "array", "items": { "$ref": "#/$defs/file" } },
        "schema": { "description": "digest of the JSON Schema of the record", "$ref": "#/$defs/digest" },
        "parameters": {
          "type": "object",
          "required": ["digest", "values"],
          "additionalProperties": false,
          "properties": {
            "digest": { "$ref": "#/$defs/digest" },
            "values": {
              "description": "in force, in the language's spelling",
              "type": "object",
              "additionalProperties": { "type": "string" }
            }
          }
        },
        "waivers": { "description": "files with waivers", "type": "array", "items": { "$ref": "#/$defs/file" } },
        "inputs": {
          "description": "the texts that were checked, in order",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["source", "form", "digest", "bytes"],
            "additionalProperties": false,
            "properties": {
              "source": { "description": "as in the results", "type": "string" },
              "form": { "enum": ["auto", "document", "lines"] },
              "digest": { "$ref": "#/$defs/digest" },
              "bytes": { "$ref": "#/$defs/count" }
            }
          }
        },
        "adapter": { "description": "empty: canonical form", "type": "string" },
        "options": {
          "type": "object",
          "required": ["suggest"],
          "additionalProperties": false,
          "properties": { "suggest": { "type": "boolean" } }
        }
      }
    },
    "file": {
      "type": "object",
      "required": ["file", "digest", "bytes"],
      "additionalProperties": false,
      "properties": {
        "file": { "description": "seen from the folder of the entry file", "type": "string" },
        "digest": { "$ref": "#/$defs/digest" },
        "bytes": { "$ref": "#/$defs/count" }
      }
    },
    "record": {
      "description": "One record; `--format ndjson` prints one of these a line.",
      "type": "object",
      "required": ["subject", "source", "index", "verdict", "violations", "undetermined", "exempt", "expires_at", "errors"],
      "additionalProperties": false,
      "properties": {
        <subject>,
        "verdict": { <verdict> },
        "violations": { "type": "array", "items": { "$ref": "#/$defs/violation" } },
        "undetermined": { "type": "array", "items": { "$ref": "#/$defs/undetermined" } },
        "exempt": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["rule", "by"],
            "additionalProperties": false,
            "properties": {
              "rule": { "type": "string" },
              "by": { "description": "the exemption's condition or define, or the waiver's name", "type": "string" },
              "waiver": {
                "description": "only where a waiver exempts",
                <waiver used>
              }
            }
          }
        },
        "expires_at": {
          "description": "deadline of the earliest expiry rule that applies; null where none does",
          "anyOf": [
            { "$ref": "#/$defs/instant" },
            { "type": "null" },
            {
              "description": "it hangs on something unknown; null where unbounded",
              "type": "object",
              "required": ["earliest", "latest"],
              "additionalProperties": false,
              "properties": {
                "earliest": { "anyOf": [{ "$ref": "#/$defs/instant" }, { "type": "null" }] },
                "latest": { "anyOf": [{ "$ref": "#/$defs/instant" }, { "type": "null" }] }
              }
            }
          ]
        },
        "repair": {
          "description": "only where asked for (`--suggest`), of a record that isn't compliant: its cheapest repair",
          "type": "object",
          "required": ["edits", "cost", "exact"],
          "additionalProperties": false,
          "properties": {
            "edits": { "description": "none: there is no repair, or none was found", "type": "array", "items": { "type": "string" } },
            "cost": { "type": "integer", "minimum": 0 },
            "exact": { "description": "surely none is cheaper", "type": "boolean" }
          }
        },
        "errors": {
          "description": "why the record can't be read; empty unless the verdict is `invalid`",
          "type": "array",
          "items": {
            <error>
          }
        }
      }
    },
    "violation": {
      "type": "object",
      "required": ["rule", "severity", "message", "help", "cites", "fields", "because"],
      "additionalProperties": false,
      "properties": {
        "rule": { "type": "string" },
        "severity": { "$ref": "#/$defs/severity" },
        "message": { "type": "string" },
        "help": { "type": "string" },
        "cites": {
          "type": "array",
          "items": {
            <cited>
          }
        },
        "fields": { "type": "array", "items": { "$ref": "#/$defs/pointer" } },
        "because": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["field", "fact"],
            "additionalProperties": false,
            "properties": { "field": { "$ref": "#/$defs/pointer" }, "fact": { "type": "string" } }
          }
        }
      }
    },
    "undetermined": {
      "type": "object",
      "required": ["rule", "severity", "needs"],
      "additionalProperties": false,
      "properties": {
        "rule": { "type": "string" },
        "severity": { "$ref": "#/$defs/severity" },
        "needs": { "type": "array", "items": { "$ref": "#/$defs/pointer" } }
      }
    }
  }
}
)json");
}

std::string tests_schema() {
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.tests/1",
  "description": "What running the tests of rule packs yields.",
  "type": "object",
  "required": ["schema", "packs", "summary"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.tests/1" },
    "packs": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["entry", "rules", "tests", "proofs"],
        "additionalProperties": false,
        "properties": {
          "entry": { "description": "the file that was compiled, or the folder of snapshots", "type": "string" },
          "rules": {
            <plain rules>
          },
          "tests": { "type": "array", "items": { "$ref": "#/$defs/test" } },
          "proofs": {
            "description": "statements to prove; they are checked for sense, not decided",
            "type": "array",
            "items": {
              "type": "object",
              "required": ["name", "outcome"],
              "additionalProperties": false,
              "properties": { "name": { "type": "string" }, "outcome": { "const": "not_decided" } }
            }
          }
        }
      }
    },
    "summary": {
      "type": "object",
      "required": ["tests", "passed", "failed", "proofs"],
      "additionalProperties": false,
      "properties": {
        "tests": { "type": "integer", "minimum": 0 },
        "passed": { "type": "integer", "minimum": 0 },
        "failed": { "type": "integer", "minimum": 0 },
        "proofs": { "type": "integer", "minimum": 0 }
      }
    }
  },
  "$defs": {
    "range": {
      "description": "lines and columns count from 1, columns in bytes; the end is exclusive",
      <range>
    },
    "test": {
      "description": "One test; `--format ndjson` prints one of these a line.",
      "type": "object",
      "required": ["name", "range", "passed", "failures"],
      "additionalProperties": false,
      "properties": {
        "name": { "type": "string" },
        "range": { "$ref": "#/$defs/range" },
        "passed": { "type": "boolean" },
        "failures": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["range", "expected", "actual", "where", "missing", "unexpected", "because", "record"],
            "additionalProperties": false,
            "properties": {
              "range": { "$ref": "#/$defs/range" },
              "expected": { "type": "string" },
              "actual": { "type": "string" },
              "where": {
                "description": "which of the test's records it is, where it has several",
                "type": ["string", "null"]
              },
              "missing": {
                "description": "where a set was expected: what is not there",
                "type": "array", "items": { "type": "string" }
              },
              "unexpected": {
                "description": "and what is there besides",
                "type": "array", "items": { "type": "string" }
              },
              "because": {
                "description": "a line for each rule concerned: its outcome, and the facts that force it",
                "type": "array", "items": { "type": "string" }
              },
              "record": {
                "description": "of `for any key`: the smallest record that fails, in canonical form",
                "type": ["object", "null"]
              },
              "difference": { "description": "lines as `diff -u` writes them", "type": "string" }
            }
          }
        }
      }
    }
  }
}
)json");
}

// The records are those of a report.
std::string snapshot_schema() {
    const std::string report = report_schema();
    return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.snapshot/1",
  "description": "What a report said of its records when it was recorded, without which rules said so.",
  "type": "object",
  "required": ["schema", "evaluated_at", "results"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.snapshot/1" },
    "evaluated_at": { "$ref": "#/$defs/instant" },
    "results": { "type": "array", "items": { "$ref": "#/$defs/record" } }
  },
)json" + report.substr(report.find("  \"$defs\": {"));
}

std::string diagnostics_schema() {
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.diagnostics/1",
  "description": "What compiling rule files yields beside the rules.",
  "type": "object",
  "required": ["schema", "diagnostics"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.diagnostics/1" },
    "diagnostics": { "type": "array", "items": { "$ref": "#/$defs/diagnostic" } }
  },
  "$defs": {
    "range": {
      "description": "lines and columns count from 1, columns in bytes; the end is exclusive",
      <range>
    },
    "diagnostic": {
      "description": "One diagnostic; `--format ndjson` prints one of these a line.",
      "type": "object",
      "required": ["code", "severity", "message", "labels", "help", "fix"],
      "additionalProperties": false,
      "properties": {
        <diagnostic>
      }
    }
  }
}
)json");
}

std::string forecast_schema() {
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.forecast/1",
  "description": "What becomes of key configurations as time goes on.",
  "type": "object",
  "required": ["schema", "rules", "evaluated_at", "until", "results"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.forecast/1" },
    "rules": {
      <rules>
    },
    "waivers": {
      "description": "only where waivers were given: all of them",
      "type": "array",
      "items": {
        <waiver given>
      }
    },
    "evaluated_at": { "$ref": "#/$defs/instant" },
    "until": {
      "description": "changes later than this are left out; null: the end of the year 9999",
      "$ref": "#/$defs/instant_or_null"
    },
    "results": { "type": "array", "items": { "$ref": "#/$defs/record" } }
  },
  "$defs": {
    "instant": { <instant> },
    "instant_or_null": { "anyOf": [{ "$ref": "#/$defs/instant" }, { "type": "null" }] },
    "pointer": { <pointer> },
    "severity": { <severity> },
    "verdict": { <verdict> },
    "standing": {
      "enum": ["not_applicable", "exempt", "pass", "warning", "perhaps_warning", "undetermined", "violated"]
    },
    "deadline": {
      "description": "null: there is none; an object where it hangs on something unknown, null where unbounded",
      "anyOf": [
        { "$ref": "#/$defs/instant" },
        { "type": "null" },
        {
          "type": "object",
          "required": ["earliest", "latest"],
          "additionalProperties": false,
          "properties": {
            "earliest": { "$ref": "#/$defs/instant_or_null" },
            "latest": { "$ref": "#/$defs/instant_or_null" }
          }
        }
      ]
    },
    "record": {
      "description": "One record; `--format ndjson` prints one of these a line.",
      "type": "object",
      "required": ["subject", "source", "index", "verdict", "now", "changes", "verdicts", "expiries", "expires_at",
                   "complete", "errors"],
      "additionalProperties": false,
      "properties": {
        <subject>,
        "verdict": { "$ref": "#/$defs/verdict" },
        "now": {
          "description": "every rule as it stands at `evaluated_at`; empty where the record is invalid",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["rule", "severity", "standing"],
            "additionalProperties": false,
            "properties": {
              "rule": { "type": "string" },
              "severity": { "$ref": "#/$defs/severity" },
              "standing": { "$ref": "#/$defs/standing" }
            }
          }
        },
        "changes": {
          "description": "of the rules' standing, by instant",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["at", "rule", "severity", "from", "to", "until", "needs"],
            "additionalProperties": false,
            "properties": {
              "at": { "description": "the first instant at which it is so", "$ref": "#/$defs/instant" },
              "rule": { "type": "string" },
              "severity": { "$ref": "#/$defs/severity" },
              "from": { "$ref": "#/$defs/standing" },
              "to": { "$ref": "#/$defs/standing" },
              "until": { "description": "the rule's next change", "$ref": "#/$defs/instant_or_null" },
              "needs": { "type": "array", "items": { "$ref": "#/$defs/pointer" } }
            }
          }
        },
        "verdicts": {
          "description": "changes of the verdict, by instant; `invalid`: the record contradicts its schema from then on",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["at", "from", "to", "until"],
            "additionalProperties": false,
            "properties": {
              "at": { "$ref": "#/$defs/instant" },
              "from": { "$ref": "#/$defs/verdict" },
              "to": { "$ref": "#/$defs/verdict" },
              "until": { "$ref": "#/$defs/instant_or_null" }
            }
          }
        },
        "expiries": {
          "description": "expiry rules that apply, or may",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["rule", "severity", "standing", "deadline", "renewals", "escapes"],
            "additionalProperties": false,
            "properties": {
              "rule": { "type": "string" },
              "severity": { "$ref": "#/$defs/severity" },
              "standing": { "$ref": "#/$defs/standing" },
              "deadline": { "$ref": "#/$defs/deadline" },
              "renewals": {
                "description": "instants that can come about anew, and the deadline if that were at `evaluated_at`",
                "type": "array",
                "items": {
                  "type": "object",
                  "required": ["field", "deadline"],
                  "additionalProperties": false,
                  "properties": { "field": { "$ref": "#/$defs/pointer" }, "deadline": { "$ref": "#/$defs/deadline" } }
                }
              },
              "escapes": {
                "description": "edits of one member after which the rule doesn't apply",
                "type": "array",
                "items": {
                  "type": "object",
                  "required": ["field", "value", "then"],
                  "additionalProperties": false,
                  "properties": {
                    "field": { "$ref": "#/$defs/pointer" },
                    "value": {
                      "description": "one that does it, in the language's words; null for a secret",
                      "anyOf": [{ "type": "string" }, { "type": "null" }]
                    },
                    "then": { "enum": ["exempt", "not_applicable"] }
                  }
                }
              }
            }
          }
        },
        "expires_at": {
          "description": "deadline of the earliest expiry rule that applies; null where none does",
          "$ref": "#/$defs/deadline"
        },
        "complete": { "description": "false: nothing could be forecast", "type": "boolean" },
        "errors": {
          "description": "why the record can't be read; empty unless the verdict is `invalid`",
          "type": "array",
          "items": {
            <error>
          }
        }
      }
    }
  }
}
)json");
}

}  // namespace keywright
