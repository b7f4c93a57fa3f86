// Does a report still hold? Repeats it from its evidence and compares byte for byte.
//
//     auto read = keywright::read_report(text);
//     if (!read.report) return show(read.error);
//     // find the inputs that `read.report->evidence.inputs` names, and compile the rules
//     auto verification = keywright::verify(text, *read.report, rules, inputs);
//
// A report is only a claim: rules and inputs come from the caller, who alone knows which are to be trusted. The answer
// says what changed since, and what comes out otherwise. Nothing here throws, whatever the report holds: it is read as
// strictly as records are.
#pragma once

#include "keywright/evidence.h"
#include "keywright/limits.h"
#include "keywright/report.h"
#include "keywright/rules.h"
#include "keywright/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

// What a `keywright.report/1` says of itself.
struct ReportClaim {
    RulesIdentity rules;
    Instant evaluated_at;
    Evidence evidence;
};

struct ReadReport {
    std::optional<ReportClaim> report;
    std::string error;  // why there is none: in our words, without text of the report
};

// Reads the head and the evidence of a report. Linear in the text.
[[nodiscard]] ReadReport read_report(std::string_view json, const Limits& limits = {});

enum class Holds : std::uint8_t {
    kYes,      // the same bytes came out, but for the tool's version where that changed
    kNo,       // something changed, or something else came out
    kUnknown,  // nothing is known to have changed, but an input is missing, so nothing was decided
};

[[nodiscard]] std::string_view to_string(Holds holds);

// Something that isn't as the evidence says. Texts are those of the report and are not made harmless here.
struct EvidenceChange {
    enum class Part : std::uint8_t { kTool, kPack, kRules, kSchema, kParameter, kWaiver, kInput, kAdapter };
    Part part = Part::kRules;
    std::string name;  // of the file, parameter, input; empty where there is only one such thing
    std::string was;   // digest or value; empty: the report has none
    std::string is;    // the same here; empty: there is none here
};

[[nodiscard]] std::string_view to_string(EvidenceChange::Part part);

struct ChangedVerdict {
    std::string subject, source;
    std::size_t index = 0;
    std::string was, is;  // empty: no such record
};

struct Verification {
    Holds holds = Holds::kUnknown;
    std::vector<EvidenceChange> changes;  // in the order of the evidence
    std::vector<std::string> missing;     // sources that weren't found, in the order of the evidence
    bool decided = false;                 // whether all was decided again; what follows is empty where not
    // JSON Pointer of the first member that came out otherwise: of `results` and `summary`, and where nothing changed
    // of the whole report. Empty where none does: only what `changes` tells differs, or else the layout.
    std::string differs_at;
    std::string was, is;                   // JSON of that member, shortened; empty: there is no such member
    std::vector<ChangedVerdict> verdicts;  // records whose verdict is another now, in the order of the report
};

// `inputs` are the texts of `claim.evidence.inputs`, in that order; nothing where one wasn't found. Checks the digests
// first, and decides again where every input is there. Takes what checking takes, and is linear in both reports.
[[nodiscard]] Verification verify(std::string_view report, const ReportClaim& claim, const Rules& rules,
                                  const std::vector<std::optional<std::string_view>>& inputs,
                                  const Limits& limits = {});

}  // namespace keywright
