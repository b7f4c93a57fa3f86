// Repairs and guidance as text and as JSON: `keywright.repair/1` and `keywright.guide/1`.
#include "keywright/repair.h"
#include "report/json_parts.h"
#include "report/schema_parts.h"
#include "report/text_parts.h"

#include "keywright/text.h"

namespace keywright {

namespace {

using report::Ink;
using report::JsonWriter;
using report::named;
using report::Page;

// Values are JSON themselves, so they go in as they are.
void write(JsonWriter& json, const std::vector<PatchOperation>& patch) {
    json.begin_array();
    for (const PatchOperation& operation : patch) {
        json.begin_object().member("op", operation.op).member("path", operation.path);
        if (!operation.value.empty()) json.key("value").json(operation.value);
        json.end_object();
    }
    json.end_array();
}

// Told where a waiver exempts from a rule.
void write_waived(JsonWriter& json, const std::vector<Exempted>& waived) {
    if (waived.empty()) return;
    json.key("waived").begin_array();
    for (const Exempted& exempted : waived) {
        json.begin_object().member("rule", exempted.rule).member("by", exempted.by);
        if (exempted.waiver) {
            json.key("waiver");
            write(json, *exempted.waiver);
        }
        json.end_object();
    }
    json.end_array();
}

void write(JsonWriter& json, const RepairReport& report) {
    begin_record(json, report)
        .member("status", to_string(report.status))
        .key("exact")
        .boolean(report.exact)
        .member("reason", report.reason);
    json.key("repairs").begin_array();
    for (const Repair& repair : report.repairs) {
        json.begin_object().member("cost", static_cast<std::size_t>(repair.cost)).key("edits").strings(repair.edits);
        json.key("patch");
        write(json, repair.patch);
        json.key("holes").begin_array();
        for (const Hole& hole : repair.holes) {
            json.begin_object()
                .member("pointer", hole.pointer)
                .member("wants", hole.wants)
                .member("example", hole.example)
                .end_object();
        }
        json.end_array().key("native");
        if (repair.native) {
            write(json, *repair.native);
        } else {
            json.null();
        }
        json.key("notes").strings(repair.notes).end_object();
    }
    json.end_array();
    write_waived(json, report.waived);
    json.key("errors");
    write(json, report.errors);
    json.end_object();
}

void write(JsonWriter& json, const GuideReport& report) {
    begin_record(json, report).member("status", to_string(report.status)).member("reason", report.reason);
    json.key("fields").begin_array();
    for (const FieldGuide& field : report.fields) {
        json.begin_object().member("field", field.field);
        json.key("fixed").boolean(field.fixed).key("sure").boolean(field.sure).key("any").boolean(field.any);
        json.key("must_be_given").boolean(field.must_be_given).key("may_be_absent").boolean(field.may_be_absent);
        json.key("values").strings(field.values).key("refused").strings(field.refused);
        json.key("must").strings(field.must).key("may").strings(field.may).key("must_not").strings(field.must_not);
        json.end_object();
    }
    json.end_array();
    write_waived(json, report.waived);
    json.key("errors");
    write(json, report.errors);
    json.end_object();
}

template <class Run>
std::string document(const Run& run, std::string_view schema) {
    JsonWriter json{JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", schema).key("rules");
    write(json, run.rules);
    json.member("evaluated_at", to_string(run.evaluated_at)).key("results").begin_array();
    for (const auto& result : run.results) write(json, result);
    json.end_array().end_object();
    return json.take() + '\n';
}

template <class Report>
std::string line_of(const Report& report) {
    JsonWriter json{JsonWriter::Layout::kLine};
    write(json, report);
    return json.take();
}

template <class Report>
void headline(Page& page, const Report& report, Ink ink) {
    page.ink(ink, to_string(report.status)).plain("  ");
    page.name(report.subject.empty() ? std::string_view{"(no name)"} : std::string_view{report.subject}, Ink::kBold);
    page.plain("  ");
    write_source(page, report.source, report.index);
    for (const RecordError& error : report.errors) {
        page.spaces(2).name(named(error.at));
        page.plain(": ").prose(error.message, 4).line();
    }
}

void write_waived(Page& page, const std::vector<Exempted>& waived) {
    for (const Exempted& exempted : waived) {
        if (!exempted.waiver) continue;
        page.label("waived", 2, 14).name(exempted.rule).plain(" ");
        page.prose(report::words_of(*exempted.waiver) + ", waiver " + exempted.by, 16).line();
    }
}

std::string waived_lines(const std::string& at, const std::vector<Exempted>& waived) {
    std::string out;
    for (const Exempted& exempted : waived) {
        if (exempted.waiver)
            out += at + ": waived: " + printable(exempted.rule) + ": " +
                   printable(report::words_of(*exempted.waiver), report::kProseLimit) + '\n';
    }
    return out;
}

void write_patch(Page& page, std::string_view label, const std::vector<PatchOperation>& patch) {
    bool first = true;
    for (const PatchOperation& operation : patch) {
        page.label(first ? label : "", 4, 14).plain(operation.op).plain(" ").name(operation.path);
        if (!operation.value.empty()) page.plain(" ").name(operation.value);
        page.line();
        first = false;
    }
}

std::string place(const std::string& subject, const std::string& source, std::size_t index) {
    return printable_line(source + "#" + std::to_string(index) + (subject.empty() ? "" : " " + subject));
}

}  // namespace

std::string_view to_string(RepairStatus status) {
    switch (status) {
        case RepairStatus::kCompliant: return "compliant";
        case RepairStatus::kFound: return "found";
        case RepairStatus::kNone: return "none";
        case RepairStatus::kUnknown: return "unknown";
        case RepairStatus::kInvalid: return "invalid";
    }
    return {};
}

std::string_view to_string(GuideStatus status) {
    switch (status) {
        case GuideStatus::kOpen: return "open";
        case GuideStatus::kNone: return "none";
        case GuideStatus::kUnknown: return "unknown";
        case GuideStatus::kInvalid: return "invalid";
    }
    return {};
}

std::string to_json(const RepairRun& run) { return document(run, "keywright.repair/1"); }
std::string to_json(const GuideRun& run) { return document(run, "keywright.guide/1"); }
std::string to_json_line(const RepairReport& report) { return line_of(report); }
std::string to_json_line(const GuideReport& report) { return line_of(report); }

std::string to_pretty(const RepairReport& report) {
    Page page{Style{}};
    headline(page, report, Ink::kBold);
    switch (report.status) {
        case RepairStatus::kCompliant: page.spaces(2).plain("nothing needs to change").line(); break;
        case RepairStatus::kNone:
            page.spaces(2).plain("no edit of what may be edited makes it compliant").line();
            break;
        case RepairStatus::kUnknown:
            page.spaces(2)
                .plain("no repair was found, and it isn't sure that there is none: ")
                .prose(report.reason, 4)
                .line();
            break;
        case RepairStatus::kFound:
        case RepairStatus::kInvalid: break;
    }
    std::size_t number = 0;
    for (const Repair& repair : report.repairs) {
        page.line().spaces(2).ink(Ink::kBold, "repair " + std::to_string(++number));
        page.plain(", cost " + std::to_string(repair.cost)).line();
        for (const std::string& edit : repair.edits) page.spaces(4).prose(edit, 6).line();
        write_patch(page, "patch", repair.patch);
        if (repair.native) write_patch(page, "native", *repair.native);
        for (const Hole& hole : repair.holes) {
            page.label("fill", 4, 14).name(hole.pointer);
            if (!hole.wants.empty()) page.plain(": ").prose(hole.wants, 16);
            if (!hole.example.empty()) page.plain(", for example ").name(hole.example);
            page.line();
        }
        for (const std::string& note : repair.notes) page.label("note", 4, 14).prose(note, 16).line();
    }
    if (report.status == RepairStatus::kFound && !report.exact)
        page.line().spaces(2).plain("there may be cheaper repairs: ").prose(report.reason, 4).line();
    if (!report.waived.empty() && !report.repairs.empty()) page.line();
    write_waived(page, report.waived);
    return page.take();
}

std::string to_compact(const RepairReport& report) {
    const std::string at = place(report.subject, report.source, report.index);
    std::string out;
    for (const Repair& repair : report.repairs) {
        out += at + ": cost " + std::to_string(repair.cost) + ": ";
        for (std::size_t i = 0; i < repair.edits.size(); ++i) out += (i == 0 ? "" : "; ") + printable(repair.edits[i]);
        out += '\n';
    }
    if (report.repairs.empty()) out = at + ": " + std::string{to_string(report.status)} + '\n';
    return out + waived_lines(at, report.waived);
}

namespace {

void list(Page& page, std::string_view label, const std::vector<std::string>& words) {
    if (words.empty()) return;
    page.label(label, 4, 14);
    bool first = true;
    for (const std::string& word : words) {
        if (!first) page.plain("; ");
        first = false;
        page.name(word);
    }
    page.line();
}

}  // namespace

std::string to_pretty(const GuideReport& report) {
    Page page{Style{}};
    headline(page, report, Ink::kBold);
    if (report.status == GuideStatus::kNone) {
        page.spaces(2).plain("whatever is chosen, it isn't compliant: `keywright repair` tells what to change").line();
    } else if (report.status == GuideStatus::kUnknown) {
        page.spaces(2).plain("it isn't known whether it can be compliant: ").prose(report.reason, 4).line();
    } else if (report.status == GuideStatus::kOpen && report.fields.empty()) {
        page.spaces(2).plain("nothing is left to choose").line();
    }
    for (const FieldGuide& field : report.fields) {
        page.spaces(2).name(field.field, Ink::kBold).plain(field.fixed ? "  to be found out" : "").plain("  ");
        page.plain(field.must_be_given ? "must be given" : field.may_be_absent ? "may be left out" : "");
        if (field.any) page.plain(", may be anything");
        if (!field.sure) page.plain(", as far as can be told");
        page.line();
        if (field.any) continue;
        list(page, "may be", field.values);
        list(page, "not", field.refused);
        list(page, "with", field.must);
        list(page, "perhaps", field.may);
        list(page, "without", field.must_not);
    }
    write_waived(page, report.waived);
    return page.take();
}

std::string to_compact(const GuideReport& report) {
    const std::string at = place(report.subject, report.source, report.index);
    const std::string waived = waived_lines(at, report.waived);
    if (report.fields.empty()) return at + ": " + std::string{to_string(report.status)} + '\n' + waived;
    std::string out;
    for (const FieldGuide& field : report.fields) {
        out += at + ": " + field.field + ": ";
        out += field.must_be_given ? "must be given" : "may be left out";
        const auto add = [&](std::string_view label, const std::vector<std::string>& words) {
            for (std::size_t i = 0; i < words.size(); ++i)
                out += (i == 0 ? "; " + std::string{label} + " " : std::string{", "}) + printable(words[i]);
        };
        if (field.any) {
            out += "; anything";
        } else {
            add("may be", field.values);
            add("not", field.refused);
            add("with", field.must);
            add("perhaps", field.may);
            add("without", field.must_not);
        }
        out += '\n';
    }
    return out + waived;
}

namespace {

constexpr std::string_view kHead = R"json(  "type": "object",
  "required": ["schema", "rules", "evaluated_at", "results"],
  "additionalProperties": false,
)json";

// What follows the name of the schema: the other members, and what both define.
constexpr std::string_view kResults = R"json(    "rules": { "$ref": "#/$defs/rules" },
    "evaluated_at": { "type": "string", "format": "date-time" },
    "results": { "type": "array", "items": { "$ref": "#/$defs/record" } }
  },
  "$defs": {
    "rules": {
      <plain rules>
    },
    "errors": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["code", "at", "message"],
        "additionalProperties": false,
        "properties": {
          "code": { "type": "string" },
          "at": { "description": "JSON Pointer in the input", "type": "string" },
          "message": { "type": "string" }
        }
      }
    },
    "texts": { "type": "array", "items": { "type": "string" } },
)json";

}  // namespace

std::string repair_schema() {
    return report::with_parts(std::string{R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.repair/1",
  "description": "The cheapest edits after which each record is compliant.",
)json"} + std::string{kHead} +
                              R"json(  "properties": {
    "schema": { "const": "keywright.repair/1" },
)json" + std::string{kResults} +
                              R"json(    "patch": {
      "description": "RFC 6902; a value may hold {\"$hole\": POINTER, \"example\": VALUE} where only the user has it, and {\"$join\": SEPARATOR, \"of\": [...]} for a text that is put together once they are filled",
      "type": "array",
      "items": {
        "type": "object",
        "required": ["op", "path"],
        "additionalProperties": false,
        "properties": { "op": { "enum": ["add", "replace", "remove"] }, "path": { "type": "string" }, "value": {} }
      }
    },
    "record": {
      "type": "object",
      "required": ["subject", "source", "index", "status", "exact", "reason", "repairs", "errors"],
      "additionalProperties": false,
      "properties": {
        <brief subject>,
        "status": { "enum": ["compliant", "found", "none", "unknown", "invalid"] },
        "exact": { "description": "surely no repair is cheaper than the first", "type": "boolean" },
        "reason": { "description": "where not exact: why", "type": "string" },
        "repairs": {
          "description": "cheapest first",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["cost", "edits", "patch", "holes", "native", "notes"],
            "additionalProperties": false,
            "properties": {
              "cost": { "type": "integer", "minimum": 1 },
              "edits": { "$ref": "#/$defs/texts" },
              "patch": { "$ref": "#/$defs/patch" },
              "holes": {
                "type": "array",
                "items": {
                  "type": "object",
                  "required": ["pointer", "wants", "example"],
                  "additionalProperties": false,
                  "properties": {
                    "pointer": { "type": "string" },
                    "wants": { "type": "string" },
                    "example": { "type": "string" }
                  }
                }
              },
              "native": { "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/patch" }] },
              "notes": { "$ref": "#/$defs/texts" }
            }
          }
        },
        "waived": {
          "description": "only where a waiver exempts the record from a rule",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["rule", "by", "waiver"],
            "additionalProperties": false,
            "properties": {
              "rule": { "type": "string" },
              "by": { "description": "the waiver's name", "type": "string" },
              "waiver": {
                <waiver used>
              }
            }
          }
        },
        "errors": { "$ref": "#/$defs/errors" }
      }
    }
  }
}
)json");
}

std::string guide_schema() {
    return report::with_parts(std::string{R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.guide/1",
  "description": "What may still be chosen in records that are only partly filled in.",
)json"} + std::string{kHead} +
                              R"json(  "properties": {
    "schema": { "const": "keywright.guide/1" },
)json" + std::string{kResults} +
                              R"json(    "record": {
      "type": "object",
      "required": ["subject", "source", "index", "status", "reason", "fields", "errors"],
      "additionalProperties": false,
      "properties": {
        <brief subject>,
        "status": { "enum": ["open", "none", "unknown", "invalid"] },
        "reason": { "type": "string" },
        "fields": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["field", "fixed", "sure", "any", "must_be_given", "may_be_absent", "values", "refused", "must", "may", "must_not"],
            "additionalProperties": false,
            "properties": {
              "field": { "description": "JSON Pointer", "type": "string" },
              "fixed": { "description": "it is found out, not chosen", "type": "boolean" },
              "sure": { "type": "boolean" },
              "any": { "description": "whatever it is, the rest can be chosen to suit it", "type": "boolean" },
              "must_be_given": { "type": "boolean" },
              "may_be_absent": { "type": "boolean" },
              "values": { "$ref": "#/$defs/texts" },
              "refused": { "$ref": "#/$defs/texts" },
              "must": { "$ref": "#/$defs/texts" },
              "may": { "$ref": "#/$defs/texts" },
              "must_not": { "$ref": "#/$defs/texts" }
            }
          }
        },
        "waived": {
          "description": "only where a waiver exempts the record from a rule",
          "type": "array",
          "items": {
            "type": "object",
            "required": ["rule", "by", "waiver"],
            "additionalProperties": false,
            "properties": {
              "rule": { "type": "string" },
              "by": { "description": "the waiver's name", "type": "string" },
              "waiver": {
                <waiver used>
              }
            }
          }
        },
        "errors": { "$ref": "#/$defs/errors" }
      }
    }
  }
}
)json");
}

}  // namespace keywright
