#include "report/schema_parts.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace keywright::report {

namespace {

struct Part {
    std::string_view name, text;
};

constexpr std::array kParts = {
    // RulesIdentity.
    Part{"rules", R"json("type": "object",
"required": ["pack", "version", "digest"],
"additionalProperties": false,
"properties": {
  "pack": { "type": "string" },
  "version": { "type": "string" },
  "digest": { "description": "of rules, schema and parameters in force", "type": "string" }
})json"},
    Part{"plain rules", R"json("type": "object",
"required": ["pack", "version", "digest"],
"additionalProperties": false,
"properties": {
  "pack": { "type": "string" },
  "version": { "type": "string" },
  "digest": { "type": "string" }
})json"},
    Part{"brief rules", R"json("type": "object",
"required": ["pack", "version", "digest"],
"additionalProperties": false,
"properties": { "pack": { "type": "string" }, "version": { "type": "string" }, "digest": { "type": "string" } })json"},
    // SourceRange.
    Part{"range", R"json("type": "object",
"required": ["file", "line", "column", "end_line", "end_column"],
"additionalProperties": false,
"properties": {
  "file": { "type": "string" },
  "line": { "type": "integer", "minimum": 1 },
  "column": { "type": "integer", "minimum": 1 },
  "end_line": { "type": "integer", "minimum": 1 },
  "end_column": { "type": "integer", "minimum": 1 }
})json"},
    // Example, behind its type: it may be null or not.
    Part{"example", R"json("required": ["record", "at"],
"additionalProperties": false,
"properties": {
  "record": { "description": "JSON text of the record in canonical form", "type": "string" },
  "at": { "type": "string", "format": "date-time" }
})json"},
    // RecordError.
    Part{"error", R"json("type": "object",
"required": ["code", "at", "message"],
"additionalProperties": false,
"properties": {
  "code": { "type": "string" },
  "at": { "$ref": "#/$defs/pointer" },
  "message": { "type": "string" }
})json"},
    // CitedClause.
    Part{"cited", R"json("type": "object",
"required": ["document", "clause"],
"additionalProperties": false,
"properties": { "document": { "type": "string" }, "clause": { "type": "string" } })json"},
    // WaiverUsed, WaiverGiven.
    Part{"waiver used", R"json("type": "object",
"required": ["owner", "reason", "ticket", "until"],
"additionalProperties": false,
"properties": {
  "owner": { "type": ["string", "null"] },
  "reason": { "type": "string" },
  "ticket": { "type": ["string", "null"] },
  "until": { "description": "from then on the waiver no longer exempts", "type": "string", "format": "date-time" }
})json"},
    Part{"waiver given", R"json("type": "object",
"required": ["name", "rule", "until", "digest"],
"additionalProperties": false,
"properties": {
  "name": { "type": "string" },
  "rule": { "type": "string" },
  "until": { "description": "from then on the waiver no longer exempts", "type": "string", "format": "date-time" },
  "digest": { "description": "of the file that the waiver stands in", "type": "string" }
})json"},
    // Which record it is.
    Part{"subject", R"json("subject": { "description": "the record's name or id, may be empty", "type": "string" },
"source": { "description": "the file it came from", "type": "string" },
"index": { "description": "0-based position in that file", "type": "integer", "minimum": 0 })json"},
    Part{"brief subject", R"json("subject": { "type": "string" },
"source": { "type": "string" },
"index": { "type": "integer", "minimum": 0 })json"},
    // The members of a diagnostic.
    Part{"diagnostic", R"json("code": { "type": "string" },
"severity": { "enum": ["error", "warning", "info"] },
"message": { "type": "string" },
"labels": {
  "description": "places, the one it is about first",
  "type": "array",
  "items": {
    "type": "object",
    "required": ["range", "text"],
    "additionalProperties": false,
    "properties": { "range": { "$ref": "#/$defs/range" }, "text": { "type": "string" } }
  }
},
"help": { "type": "string" },
"fix": {
  "anyOf": [
    { "type": "null" },
    {
      "type": "object",
      "required": ["range", "replacement"],
      "additionalProperties": false,
      "properties": { "range": { "$ref": "#/$defs/range" }, "replacement": { "type": "string" } }
    }
  ]
})json"},
    Part{"severity", R"json("enum": ["error", "warning", "info"])json"},
    Part{"verdict", R"json("enum": ["compliant", "violation", "undetermined", "invalid"])json"},
    Part{"instant", R"json("description": "RFC 3339, in UTC", "type": "string", "format": "date-time")json"},
    Part{"pointer", R"json("description": "JSON Pointer (RFC 6901)", "type": "string")json"},
};

std::string_view text_of(std::string_view name) {
    const auto* const part = std::find_if(kParts.begin(), kParts.end(), [&](const Part& p) { return p.name == name; });
    assert(part != kParts.end());
    return part == kParts.end() ? std::string_view{} : part->text;
}

}  // namespace

std::string with_parts(std::string_view text) {
    std::string out;
    while (true) {
        const std::size_t hole = text.find('<');
        out += text.substr(0, hole);
        if (hole == std::string_view::npos) return out;
        const std::size_t end = text.find('>', hole);
        assert(end != std::string_view::npos);
        const std::size_t line = out.rfind('\n') + 1;
        const std::string indentation(std::min(out.find_first_not_of(' ', line), out.size()) - line, ' ');
        for (const char c : text_of(text.substr(hole + 1, end - hole - 1))) {
            out += c;
            if (c == '\n') out += indentation;
        }
        text.remove_prefix(end + 1);
    }
}

}  // namespace keywright::report
