// Repairs: the cheapest edits after which a record is compliant; and guidance: what may still be chosen in a record
// that is only partly filled in.
//
//     keywright::repair(rules, json, {.reading = {.now = instant}}, [](keywright::RepairReport&& r) { … });
//     keywright::guide(rules, json, {.now = instant}, [](keywright::GuideReport&& r) { … });
//
// An edit costs what the schema says of the field (`cost`), for a set once for each element that comes or goes. What is
// `immutable`, and every instant, is left alone. What stays unknown must be fine whatever it is; giving a value to an
// unknown field is an edit too. Each repair has been put to the evaluator before it is handed out.
#pragma once

#include "keywright/report.h"
#include "keywright/rules.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace keywright {

// A value that only the user has. In a patch it is `{"$hole": POINTER, "example": …}`; a secret has no example.
struct Hole {
    std::string pointer;  // the `path` of its operation; further holes of one list end in `/-#2`, `/-#3`…
    std::string wants;    // what it has to be, in words: `not blank`; may be empty
    std::string example;  // the text of one that would do; empty for a secret
    friend bool operator==(const Hole&, const Hole&) = default;
};

// One operation of RFC 6902.
struct PatchOperation {
    std::string op;     // `add`, `replace` or `remove`
    std::string path;   // JSON Pointer
    std::string value;  // JSON text; empty for `remove`
    friend bool operator==(const PatchOperation&, const PatchOperation&) = default;
};

struct Repair {
    std::vector<std::string> edits;  // in plain words: `remove `withdrawal` from `permissions``
    std::uint64_t cost = 0;          // sum over the edits
    // Against the record's canonical JSON (`canonical_json` of the report), every list of it an array.
    std::vector<PatchOperation> patch;
    std::vector<Hole> holes;  // of `patch`
    // Against the record as its source has it, where an adapter read it and its mapping can be inverted. Members are
    // sent whole, lists too.
    std::optional<std::vector<PatchOperation>> native;
    std::vector<std::string>
        notes;  // about the native form: what was picked of several spellings, or why there is none
    friend bool operator==(const Repair&, const Repair&) = default;
};

enum class RepairStatus : std::uint8_t {
    kCompliant,  // nothing to do
    kFound,
    kNone,     // no edit of what may be edited helps; exact
    kUnknown,  // no repair was found, and it isn't sure that there is none
    kInvalid,  // the record can't be read
};
[[nodiscard]] std::string_view to_string(RepairStatus status);

struct RepairReport {
    std::string subject, source;
    std::size_t index = 0;
    RepairStatus status = RepairStatus::kInvalid;
    std::vector<Repair> repairs;  // cheapest first, none asks for all that an earlier one asks for
    bool exact = true;            // surely none is cheaper than the first, and none between them is missing
    std::string reason;           // where not exact: what stood in the way
    std::string canonical_json;   // the record, every known field spelled out, secrets undisclosed; one line
    // Of `RepairOptions::apply`: the record after the first repair, or why it can't be had.
    std::string applied, not_applied;
    std::vector<RecordError> errors;  // of kInvalid
    // Rules that waivers exempt the record from as it is, so that no repair sees to them.
    std::vector<Exempted> waived = {};
    friend bool operator==(const RepairReport&, const RepairReport&) = default;
};

struct RepairOptions {
    CheckOptions reading;
    std::vector<std::string> rules;  // these alone must not be violated; none: no error rule. Unknown names: kUnknown
    std::size_t most = 3;            // repairs of one record
    bool apply = false;
    std::map<std::string, std::string> fill;  // by pointer of a hole: the text that goes there
};

// Hands over a report for every record of `json`, in order.
void repair(const Rules& rules, std::string_view json, const RepairOptions& options,
            const std::function<void(RepairReport&&)>& sink);

// What may still become of one unknown field, all other unknown ones being chosen to suit it.
struct FieldGuide {
    std::string field;   // JSON Pointer, canonical
    bool fixed = false;  // nobody chooses it (immutable, or an instant): it is found out
    bool sure = true;    // false: some of what is listed may turn out impossible
    bool any = false;    // whatever it is, the rest can be chosen to suit it
    bool must_be_given = false, may_be_absent = false;
    std::vector<std::string> values, refused;      // values, ranges and classes of values in words
    std::vector<std::string> must, may, must_not;  // of a set: its elements
    friend bool operator==(const FieldGuide&, const FieldGuide&) = default;
};

enum class GuideStatus : std::uint8_t {
    kOpen,     // it can still be, or is, compliant
    kNone,     // whatever is chosen, it isn't
    kUnknown,  // that couldn't be found out
    kInvalid,  // the record can't be read
};
[[nodiscard]] std::string_view to_string(GuideStatus status);

struct GuideReport {
    std::string subject, source;
    std::size_t index = 0;
    GuideStatus status = GuideStatus::kInvalid;
    std::string reason;              // of kUnknown
    std::vector<FieldGuide> fields;  // the unknown ones, in order of the schema
    std::vector<RecordError> errors;
    std::vector<Exempted> waived = {};  // rules that waivers exempt the record from already
    friend bool operator==(const GuideReport&, const GuideReport&) = default;
};

// Hands over a report for every record of `json`, in order.
void guide(const Rules& rules, std::string_view json, const CheckOptions& options,
           const std::function<void(GuideReport&&)>& sink);

struct RepairRun {
    RulesIdentity rules;
    Instant evaluated_at;
    std::vector<RepairReport> results;
};
struct GuideRun {
    RulesIdentity rules;
    Instant evaluated_at;
    std::vector<GuideReport> results;
};
[[nodiscard]] std::string to_json(const RepairRun& run);             // `keywright.repair/1`
[[nodiscard]] std::string to_json_line(const RepairReport& report);  // one of its `results`
[[nodiscard]] std::string to_pretty(const RepairReport& report);
[[nodiscard]] std::string to_compact(const RepairReport& report);  // one line a repair
[[nodiscard]] std::string to_json(const GuideRun& run);            // `keywright.guide/1`
[[nodiscard]] std::string to_json_line(const GuideReport& report);
[[nodiscard]] std::string to_pretty(const GuideReport& report);
[[nodiscard]] std::string to_compact(const GuideReport& report);  // one line a field
[[nodiscard]] std::string repair_schema();
[[nodiscard]] std::string guide_schema();

}  // namespace keywright
