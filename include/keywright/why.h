// Why a rule came out as it did on a record, and what would have to differ.
//
//     for (const keywright::WhyReport& w : keywright::explain_outcomes(rules, json, {.check = {.now = instant}}))
//         std::cout << keywright::to_pretty(w, instant);
//
// A reason is a set of facts that forces the outcome: every configuration that shares them, inside the schema's types
// and assumptions and at that instant, has the same outcome, and of the facts none can be dropped. That is decided
// exactly. Where it can't be (`Granularity::kFields` says so, and why) a reason is made of whole fields instead.
// A record that can't be read has no outcomes: its errors are told. The text of a secret is never part of a fact.
// Deterministic; const use of `rules` from several threads at once is safe.
#pragma once

#include "keywright/render.h"
#include "keywright/report.h"
#include "keywright/rules.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

enum class Outcome : std::uint8_t {
    kNotApplicable,  // `when` is false
    kExempt,         // an `unless` holds
    kPass,
    kViolated,
    kUndetermined,  // it hangs on something unknown
};

[[nodiscard]] std::string_view to_string(Outcome outcome);

// One fact that an outcome rests on, and the condition of the rule that it decides.
struct Reason {
    std::string field;      // JSON Pointer in canonical form
    std::string fact;       // `contains transfer`, `is absent`
    std::string condition;  // as the rule file spells it, on one line; empty where it is not known
    SourceRange range;      // of that condition; of the rule's name where it is not known
    friend bool operator==(const Reason&, const Reason&);
};

// A set of facts that forces the outcome; in order of the schema. Empty where nothing about the record matters.
using ReasonSet = std::vector<Reason>;

enum class Granularity : std::uint8_t {
    kFacts,   // single facts
    kFields,  // whole fields: what can be shown to be decisive where facts can't
};

// A field as it is, and as it would have to be.
struct Change {
    std::string field;     // JSON Pointer
    std::string from, to;  // `is {spot}`, `is {spot, transfer}`
    friend bool operator==(const Change&, const Change&) = default;
};

// Unknown fields whose knowledge settles a rule whatever their values are, and none of which can be spared.
struct Knowledge {
    std::vector<std::string> fields;       // JSON Pointers, in order of the schema
    std::vector<std::string> if_violated;  // values with which the rule is violated, by example
    std::vector<std::string> if_fine;      // and with which it is not
    bool cut = false;                      // there are more values than are listed
    friend bool operator==(const Knowledge&, const Knowledge&) = default;
};

struct RuleWhy {
    std::string rule;
    Severity severity = Severity::kError;
    Outcome outcome = Outcome::kUndetermined;
    bool warns = false;                // an expiry rule that passes and is in its warning period
    std::string exempt_by;             // where kExempt: the exemption's label
    std::optional<WaiverUsed> waiver;  // where a waiver exempts
    SourceRange rule_range;            // where the rule stands
    std::vector<CitedClause> cites;    // of the rule, then of the exemption that applies

    Granularity granularity = Granularity::kFacts;
    std::string coarse_because;      // where kFields: why, in words
    std::vector<ReasonSet> reasons;  // one, or all where they were asked for, smallest first; none where undetermined
    bool reasons_cut = false;        // there may be more than `WhyOptions::most`

    // Of a rule that is decided and not violated: the fewest fields that would have to differ for it to be, with the
    // closest such values. Each was confirmed by deciding the changed record.
    std::vector<std::vector<Change>> would_violate;
    bool never_violated = false;  // shown: no configuration violates it at all

    // Of a rule that is undetermined: the least that would have to be known.
    std::vector<std::string> needs;  // JSON Pointers: all unknown fields on which it hangs
    std::vector<Knowledge> settled_by;
    bool settled_cut = false;  // there may be more or smaller ones
    friend bool operator==(const RuleWhy&, const RuleWhy&);
};

struct WhyReport {
    std::string subject, source;
    std::size_t index = 0;
    Verdict verdict = Verdict::kInvalid;
    std::vector<RecordError> errors;  // empty unless kInvalid
    // The rule that was asked for; else those that the verdict rests on: violated ones; where compliant, all error
    // rules; where undetermined, the error rules that are.
    std::vector<RuleWhy> rules;
    friend bool operator==(const WhyReport&, const WhyReport&);
};

struct WhyOptions {
    CheckOptions check;
    std::string rule;       // name; empty: what the verdict rests on. A name that the pack hasn't yields no rules.
    bool all = false;       // every reason, not one
    std::size_t most = 32;  // reasons, where all are asked for
};

// Explains every record of a JSON text, as `Rules::check` reads it.
[[nodiscard]] std::vector<WhyReport> explain_outcomes(const Rules& rules, std::string_view json,
                                                      const WhyOptions& options);

// The document `keywright.why/1`, indented by 2.
[[nodiscard]] std::string to_json(const std::vector<WhyReport>& reports, const RulesIdentity& rules, Instant now);
[[nodiscard]] std::string to_json_line(const WhyReport& report);  // one object of its `results`
[[nodiscard]] std::string to_pretty(const WhyReport& report, Instant now, const Style& style = {});
// One line a rule, `source#index subject: rule: outcome: facts`.
[[nodiscard]] std::string to_compact(const WhyReport& report);
[[nodiscard]] std::string why_schema();  // JSON Schema (2020-12) of `keywright.why/1`

}  // namespace keywright
