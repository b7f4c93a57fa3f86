// What changed in meaning between two packs: which configurations, and which of the keys that exist, are judged
// otherwise.
#pragma once

#include "keywright/proof.h"
#include "keywright/report.h"
#include "keywright/rules.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

// Where something holds now that didn't, and the reverse.
struct OutcomeChange {
    RegionSet gained, lost;
    [[nodiscard]] bool any() const { return !gained.regions.empty() || !lost.regions.empty(); }
};

enum class Direction : std::uint8_t { kSame, kStricter, kLooser, kBoth, kUnknown };

struct RuleDiff {
    std::string rule;
    bool is_new = false, is_gone = false;
    OutcomeChange violated;  // configurations that violate it
    OutcomeChange warning;   // configurations that are about to expire
};

struct Diff {
    RulesIdentity before, after;
    std::vector<std::string> schema;    // differences of the schemas, in words; the comparable part is compared
    std::vector<std::string> declared;  // of severities, parameters and assumptions
    std::vector<RuleDiff> rules;        // only those that differ, or that couldn't be compared wholly
    OutcomeChange violation;            // configurations whose verdict is a violation
    // Stricter: something is violated that wasn't; looser: the reverse. Over rules of all severities and the verdict;
    // when a warning begins doesn't count. kUnknown where some cases couldn't be compared and no other one tells.
    Direction direction = Direction::kSame;
    bool complete = true;  // every case was compared

    [[nodiscard]] bool is_empty() const {
        return complete && rules.empty() && !violation.any() && schema.empty() && declared.empty();
    }
};
[[nodiscard]] Diff diff(const Rules& before, const Rules& after, const AnalysisBudget& budget = {});

// Where a pack is looser than one that it extends: configurations that violate the other pack and not this one. As
// rules can't be taken back, only parameters that an `extend` or the caller sets can bring that about.
struct Loosening {
    std::string base;   // the extended file, named as in `SourceRange::file`
    SourceRange range;  // of its path in `extend`
    std::string rule;   // whose violations are lost; empty: those of the verdict
    RegionSet lost;     // as the extended pack reads them. Without regions: `incomplete` tells why that isn't settled
};
// Of every pack that the files of this one extend, by rule and then by verdict; waivers are left aside. Nothing: it
// only tightens them, or extends none. Time: that of compiling the packs, and of `diff` with each.
[[nodiscard]] std::vector<Loosening> loosened(const Rules& rules, const AnalysisBudget& budget = {});

// A live key that the two packs judge otherwise.
struct AffectedKey {
    std::string subject, source;
    std::size_t index = 0;
    Verdict before = Verdict::kInvalid, after = Verdict::kInvalid;
    std::vector<std::string> gained, lost;  // rules violated only after, only before
};
// Both packs decide every record of `json`; those that differ, in order.
struct InventoryDiff {
    std::vector<AffectedKey> affected;
    std::size_t records = 0, undetermined = 0, invalid = 0;  // the latter two by either pack
};
[[nodiscard]] InventoryDiff compare_inventory(const Rules& before, const Rules& after, std::string_view json,
                                              const CheckOptions& options);

[[nodiscard]] std::string_view to_string(Direction direction);  // `same`, `stricter`, `looser`, `both`, `unknown`

}  // namespace keywright
