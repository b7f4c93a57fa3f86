// Audits the rule files of a pack: is every clause of the source enforced, every rule cited and tested, and does every
// part of every condition matter?
//
//     auto compiled = keywright::compile_path("rules/kucoin_tr", {.also = tests});
//     const auto report = keywright::lint_rules(compiled, {.now = instant});
//     for (const auto& finding : report.findings) if (finding.counts()) …
//
// A finding is a diagnostic of the codes KW7xxx, each with a page (`explain`). What hangs on meaning is decided
// exactly, over all configurations, not guessed from the text. It doesn't decide what it can't settle in its budget,
// and says so. What isn't compiled along (`CompileOptions::also`) isn't there: give the tests of the pack.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/proof.h"
#include "keywright/rules.h"
#include "keywright/time.h"

#include <optional>
#include <string>
#include <vector>

namespace keywright {

struct LintOptions {
    // For what has an end: waivers, `allow … until`. Nothing: such questions aren't asked.
    std::optional<Instant> now = {};
    AnalysisBudget budget = {};
};

// `allow CODE … "reason"` in a rule file, in force.
struct Suppression {
    std::string reason;
    std::optional<Instant> until;
    SourceRange range;
};

struct LintFinding {
    Diagnostic diagnostic;
    std::string kind,
        name;  // what it is about: `rule` and `transfer_needs_ip`, `clause` and `guide 2.kind`; may be empty
    // 32 hexadecimal digits that stay while the mistake does: whatever its line, and whatever stands around it.
    std::string fingerprint;
    std::optional<Suppression> allowed;
    bool known = false;  // it stands in the baseline
    // Neither allowed nor known.
    [[nodiscard]] bool counts() const { return !allowed && !known; }
};

struct LintReport {
    RulesIdentity rules;
    std::vector<LintFinding> findings;   // by file and place, then by code
    std::vector<std::string> undecided;  // questions that weren't settled, each with the reason
};

// Audits the pack behind `compiled`, which has no errors (else the report is empty). Warnings of compiling are findings
// too. Time: that of the exact questions, and linear in the files for the rest.
[[nodiscard]] LintReport lint_rules(const Compiled& compiled, const LintOptions& options = {});

// --- baselines: an old code base starts clean, and only what is new counts
// --------------------------------------------

// The document `keywright.baseline/1`: fingerprints of the findings that aren't allowed.
[[nodiscard]] std::string to_baseline(const std::vector<LintReport>& reports);
// Marks findings that stand in `baseline`. Returns why the text isn't a baseline, or the fingerprints in it that no
// finding has any more.
struct BaselineUse {
    std::string error;              // empty: it was read
    std::vector<std::string> gone;  // mistakes that are mended: the baseline can be written anew
};
[[nodiscard]] BaselineUse apply_baseline(std::vector<LintReport>& reports, std::string_view baseline);

// --- fixes -----------------------------------------------------------------------------------------------------------

// The files that the safe fixes of findings change, with their new text, named as `SourceRange::file` names them.
// Overlapping fixes are left for the next run, and so is one after which the pack wouldn't compile.
struct FixedFiles {
    std::vector<Compiled::File> files;
    std::size_t applied = 0, left = 0;  // fixes
};
[[nodiscard]] FixedFiles apply_fixes(const Compiled& compiled, const LintReport& report);

}  // namespace keywright
