// The document `keywright.verification/1`.
#include "keywright/render_verification.h"
#include "report/json_parts.h"
#include "report/schema_parts.h"

namespace keywright {

std::string to_json(const Verification& verification, const ReportClaim& claim, std::string_view name) {
    using report::write_or_null;
    report::JsonWriter json{report::JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.verification/1").member("report", name).key("rules");
    write(json, claim.rules);
    json.member("evaluated_at", to_string(claim.evaluated_at)).member("holds", to_string(verification.holds));
    json.key("changes").begin_array();
    for (const EvidenceChange& change : verification.changes) {
        json.begin_object().member("part", to_string(change.part)).key("name");
        write_or_null(json, change.name);
        json.key("was");
        write_or_null(json, change.was);
        json.key("is");
        write_or_null(json, change.is);
        json.end_object();
    }
    json.end_array().key("missing").strings(verification.missing).key("decided").boolean(verification.decided);
    json.key("differs");
    if (!verification.differs_at.empty()) {
        json.begin_object().member("at", verification.differs_at).key("was");
        write_or_null(json, verification.was);
        json.key("is");
        write_or_null(json, verification.is);
        json.end_object();
    } else {
        json.null();
    }
    json.key("verdicts").begin_array();
    for (const ChangedVerdict& change : verification.verdicts) {
        begin_record(json, change).key("was");
        write_or_null(json, change.was);
        json.key("is");
        write_or_null(json, change.is);
        json.end_object();
    }
    json.end_array().end_object();
    return json.take() + '\n';
}

std::string verification_schema() {
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.verification/1",
  "description": "Whether a report still holds, and what changed since.",
  "type": "object",
  "required": ["schema", "report", "rules", "evaluated_at", "holds", "changes", "missing", "decided", "differs", "verdicts"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.verification/1" },
    "report": { "description": "the report's file", "type": "string" },
    "rules": {
      <rules>
    },
    "evaluated_at": { <instant> },
    "holds": { "enum": ["holds", "fails", "unknown"] },
    "changes": {
      "description": "what isn't as the evidence says",
      "type": "array",
      "items": {
        "type": "object",
        "required": ["part", "name", "was", "is"],
        "additionalProperties": false,
        "properties": {
          "part": { "enum": ["tool", "pack", "rules", "schema", "parameter", "waiver", "input", "adapter"] },
          "name": { "description": "of the file, parameter or input", "type": ["string", "null"] },
          "was": { "description": "digest or value; null: the report has none", "type": ["string", "null"] },
          "is": { "description": "the same here; null: there is none here", "type": ["string", "null"] }
        }
      }
    },
    "missing": { "description": "inputs that weren't found", "type": "array", "items": { "type": "string" } },
    "decided": { "description": "whether all was decided again", "type": "boolean" },
    "differs": {
      "description": "the first member that came out otherwise; null: none, only the layout, or nothing was decided",
      "type": ["object", "null"],
      "required": ["at", "was", "is"],
      "additionalProperties": false,
      "properties": {
        "at": { "description": "JSON Pointer in the report", "type": "string" },
        "was": { "description": "JSON, shortened", "type": ["string", "null"] },
        "is": { "description": "JSON, shortened", "type": ["string", "null"] }
      }
    },
    "verdicts": {
      "description": "records whose verdict is another now",
      "type": "array",
      "items": {
        "type": "object",
        "required": ["subject", "source", "index", "was", "is"],
        "additionalProperties": false,
        "properties": {
          <subject>,
          "was": { "description": "null: a new record", "type": ["string", "null"] },
          "is": { "description": "null: it is gone", "type": ["string", "null"] }
        }
      }
    }
  }
}
)json");
}

}  // namespace keywright
