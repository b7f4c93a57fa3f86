// What checking a record yields. Plain data: copy it, keep it, print it. It never holds the text of a secret.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/evidence.h"
#include "keywright/time.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

enum class Verdict : std::uint8_t {
    kCompliant,     // no error rule is violated, and every one is decided
    kViolation,     // an error rule is violated
    kUndetermined,  // none is violated, and at least one hangs on something unknown
    kInvalid,       // the record can't be read; no rule was asked
};

[[nodiscard]] std::string_view to_string(Verdict verdict);

struct CitedClause {
    std::string document;  // the name of the document in the pack
    std::string clause;    // `2.trading.transfer`
    std::string text;      // what the clause says, in the pack's words
    friend bool operator==(const CitedClause&, const CitedClause&) = default;
};

// One fact that the outcome rests on.
struct Fact {
    std::string field;  // JSON Pointer of the field in canonical form
    std::string fact;   // `contains transfer`, `is empty`
    friend bool operator==(const Fact&, const Fact&) = default;
};

struct Violation {
    std::string rule;
    Severity severity = Severity::kError;
    std::string message;
    std::string help;  // may be empty
    std::vector<CitedClause> cites;
    std::vector<std::string> fields;  // JSON Pointers of the fields the rule rests on here
    std::vector<Fact> because;        // a set of facts that forces the outcome and from which none can be dropped
    std::optional<Instant> deadline;  // of a rule that expires
    SourceRange rule_range;           // where the rule stands
    friend bool operator==(const Violation&, const Violation&);
};

struct Undetermined {
    std::string rule;
    Severity severity = Severity::kError;
    std::vector<std::string> needs;  // JSON Pointers of unknown fields whose knowledge would settle it
    friend bool operator==(const Undetermined&, const Undetermined&) = default;
};

// What stands in the waiver that exempted a record: who answers for it, why, and from when on it no longer does.
struct WaiverUsed {
    std::string owner;   // may be empty
    std::string reason;  // never empty
    std::string ticket;  // may be empty
    Instant until;       // the first instant at which the waiver has ended
    friend bool operator==(const WaiverUsed&, const WaiverUsed&) = default;
};

struct Exempted {
    std::string rule;
    std::string by;                         // the define it names, or the condition's text; of a waiver its name
    std::optional<WaiverUsed> waiver = {};  // nothing: the rule itself exempts the record
    friend bool operator==(const Exempted&, const Exempted&) = default;
};

struct RecordError {
    std::string code;  // `explain(code)` tells more
    std::string at;    // JSON Pointer in the input; "" is the whole record
    std::string message;
    std::string help;  // may be empty
    friend bool operator==(const RecordError&, const RecordError&) = default;
};

// When an expiry rule takes effect. `kNever`: no expiry rule applies. `kBetween`: it hangs on something unknown. A
// waiver changes nothing about it: that somebody answers for a key's end doesn't keep it from ending.
struct ExpiresAt {
    enum class Kind : std::uint8_t { kNever, kAt, kBetween } kind = Kind::kNever;
    std::optional<Instant> earliest, latest;  // equal where kAt; nothing where unbounded
    friend bool operator==(const ExpiresAt&, const ExpiresAt&) = default;
};

// The cheapest way to make a record compliant, in short; keywright/repair.h tells all of it.
struct SuggestedRepair {
    std::vector<std::string> edits;  // in plain words; none: there is no repair, or none was found
    std::uint64_t cost = 0;
    bool exact = true;  // surely none is cheaper; without edits: there surely is none
    friend bool operator==(const SuggestedRepair&, const SuggestedRepair&) = default;
};

struct RecordReport {
    std::string subject;    // the record's name or id, may be empty
    std::string source;     // the file it came from, as the caller named it
    std::size_t index = 0;  // 0-based position in that source
    std::size_t line = 0;   // 1-based line of that source on which it begins, or reading it failed; 0: it isn't there
    Verdict verdict = Verdict::kInvalid;
    std::vector<Violation> violations;       // all severities: errors first, then by order of the rules
    std::vector<Undetermined> undetermined;  // same order
    std::vector<Exempted> exempt;            // order of the rules
    ExpiresAt expires_at;
    std::vector<RecordError> errors;        // empty unless kInvalid; by place in the input
    std::optional<SuggestedRepair> repair;  // where asked for, and the record isn't compliant
    friend bool operator==(const RecordReport&, const RecordReport&) = default;
};

// Whether a waiver exempts the record from a rule.
[[nodiscard]] bool is_waived(const RecordReport& record);

struct RulesIdentity {
    std::string pack, version;
    std::string digest;  // `sha256:…` of rules, schema and parameters in force
    friend bool operator==(const RulesIdentity&, const RulesIdentity&) = default;
};

// A waiver that was given, whether or not a record came under it.
struct WaiverGiven {
    std::string name, rule;
    Instant until;
    std::string digest;  // `sha256:…` of the file it stands in
    friend bool operator==(const WaiverGiven&, const WaiverGiven&) = default;
};

struct Summary {
    std::size_t records = 0, compliant = 0, violation = 0, undetermined = 0, invalid = 0;
    std::size_t waived = 0;                      // records that a waiver exempts from a rule; whatever their verdict
    std::map<std::string, std::size_t> by_rule;  // records in which the rule is violated, whatever the severity
    friend bool operator==(const Summary&, const Summary&) = default;
};

struct Report {
    RulesIdentity rules;
    Instant evaluated_at;
    std::vector<RecordReport> results;
    std::optional<Evidence> evidence = {};  // what it takes to repeat it, where the caller gathered that
    std::vector<WaiverGiven> waivers = {};  // in order of the files given; none: the rules alone decided

    [[nodiscard]] Summary summary() const;  // linear in the results
};

}  // namespace keywright
