// Mutants as JSON: the contract `keywright.mutation/1`, and its JSON Schema.
#include "keywright/render_mutation.h"
#include "report/json_parts.h"
#include "report/schema_parts.h"

#include <fmt/format.h>

#include <cmath>

namespace keywright {

namespace {

using report::JsonWriter;

void write(JsonWriter& json, const Mutant& mutant) {
    json.begin_object().member("id", mutant.id).member("operator", mutant.op);
    json.key("rules").strings(mutant.rules);
    json.key("at");
    write(json, mutant.range);
    json.member("before", mutant.before).key("after");
    if (mutant.after)
        json.string(*mutant.after);
    else
        json.null();
    json.member("what", mutant.what).member("state", to_string(mutant.state));
    json.member("killed_by", mutant.killed_by).key("example");
    write(json, mutant.example);
    json.key("outcomes").begin_array();
    for (const OutcomeShown& one : mutant.outcomes) {
        json.begin_object().member("rule", one.rule).member("original", one.original);
        json.member("mutant", one.mutant).end_object();
    }
    json.end_array().member("reason", mutant.reason).end_object();
}

void write(JsonWriter& json, const MutatedEntry& pack) {
    const MutationReport& all = pack.report;
    json.begin_object().member("entry", pack.entry).key("rules");
    write(json, all.rules);
    json.member("tests", all.tests).key("failing_tests").strings(all.failing_tests);
    json.key("counts").begin_object();
    for (const Mutant::State state :
         {Mutant::State::kKilled, Mutant::State::kSurvived, Mutant::State::kEquivalent, Mutant::State::kUndecided})
        json.member(to_string(state), all.count(state));
    // Cut off, not rounded: only a score of 100 is written so.
    json.end_object().key("score").json(fmt::format("{:.2f}", std::floor(all.score() * 100.0) / 100.0));
    json.key("mutants").begin_array();
    for (const Mutant& mutant : all.mutants) write(json, mutant);
    json.end_array().end_object();
}

}  // namespace

std::string to_json(const std::vector<MutatedEntry>& packs) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", "keywright.mutation/1").key("packs").begin_array();
    for (const MutatedEntry& pack : packs) write(json, pack);
    json.end_array().end_object();
    return json.take() + "\n";
}

std::string mutation_schema() {
    return report::with_parts(R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.mutation/1",
  "description": "Mutants of rule packs, and whether their tests notice them. Every member is always there.",
  "type": "object",
  "required": ["schema", "packs"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.mutation/1" },
    "packs": { "type": "array", "items": { "$ref": "#/$defs/pack" } }
  },
  "$defs": {
    "pack": {
      "type": "object",
      "required": ["entry", "rules", "tests", "failing_tests", "counts", "score", "mutants"],
      "additionalProperties": false,
      "properties": {
        "entry": { "type": "string" },
        "rules": {
          <brief rules>
        },
        "tests": { "type": "integer", "minimum": 0 },
        "failing_tests": {
          "description": "tests that fail without any mistake; they notice nothing",
          "type": "array",
          "items": { "type": "string" }
        },
        "counts": {
          "type": "object",
          "required": ["killed", "survived", "equivalent", "undecided"],
          "additionalProperties": false,
          "properties": {
            "killed": { "type": "integer", "minimum": 0 },
            "survived": { "type": "integer", "minimum": 0 },
            "equivalent": { "type": "integer", "minimum": 0 },
            "undecided": { "type": "integer", "minimum": 0 }
          }
        },
        "score": {
          "description": "killed mutants of those that are not equivalent, in per cent, cut off after two digits",
          "type": "number",
          "minimum": 0,
          "maximum": 100
        },
        "mutants": { "type": "array", "items": { "$ref": "#/$defs/mutant" } }
      }
    },
    "mutant": {
      "type": "object",
      "required": ["id", "operator", "rules", "at", "before", "after", "what", "state", "killed_by", "example",
                   "outcomes", "reason"],
      "additionalProperties": false,
      "properties": {
        "id": { "type": "string" },
        "operator": {
          "enum": ["drop_when", "drop_exemption", "drop_requirement", "drop_warning", "severity", "drop_operand",
                   "drop_alternative", "negate", "connective", "implication", "comparison", "arithmetic", "constant",
                   "enum_value", "drop_element", "prefix", "set_relation", "quantifier", "network_relation",
                   "text_relation", "absent_as_unknown", "unknown_as_absent", "unknown_as_empty"]
        },
        "rules": { "description": "that decide otherwise", "type": "array", "items": { "type": "string" } },
        "at": {
          "description": "what is replaced; lines and columns count from 1, columns in bytes",
          <range>
        },
        "before": { "description": "the text there", "type": "string" },
        "after": {
          "description": "what would stand there; null where no edit of the files says it",
          "type": ["string", "null"]
        },
        "what": { "description": "the mistake in words", "type": "string" },
        "state": { "enum": ["killed", "survived", "equivalent", "undecided"] },
        "killed_by": { "description": "the first test that notices it, or empty", "type": "string" },
        "example": {
          "description": "a record that would kill it, confirmed by the evaluator; of survivors",
          "type": ["object", "null"],
          <example>
        },
        "outcomes": {
          "description": "what becomes of the example, rule by rule where it differs",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["rule", "original", "mutant"],
            "additionalProperties": false,
            "properties": {
              "rule": { "type": "string" },
              "original": { "type": "string" },
              "mutant": { "type": "string" }
            }
          }
        },
        "reason": { "description": "of undecided: what stood in the way", "type": "string" }
      }
    }
  }
}
)json");
}

}  // namespace keywright
