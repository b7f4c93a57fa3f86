// What is known about rule files as text: proofs, gaps, findings and differences, for people and for programs.
// Pure functions, with the promises of render.h.
#pragma once

#include "keywright/diff.h"
#include "keywright/proof.h"
#include "keywright/render.h"

#include <string>
#include <vector>

namespace keywright {

// Everything that was asked of one pack.
struct ProvedPack {
    std::string entry;  // the path that was named
    RulesIdentity rules;
    std::vector<ProofResult> proofs;
    std::vector<Gap> gaps;  // where they were asked for
    Findings findings;      // where they were asked for
};

[[nodiscard]] std::string to_pretty(const ProvedPack& pack, const Style& style = {});
[[nodiscard]] std::string to_json(const std::vector<ProvedPack>& packs);  // the document `keywright.proofs/1`
// One line for what fails, is unknown, is a gap that isn't accepted, or a finding.
[[nodiscard]] std::string to_compact(const ProvedPack& pack);
[[nodiscard]] std::string to_github(const ProvedPack& pack);

[[nodiscard]] std::string to_pretty(const Diff& diff, const Style& style = {});
[[nodiscard]] std::string to_pretty(const InventoryDiff& inventory, const Style& style = {});
// The document `keywright.diff/1`; `inventory` may be null.
[[nodiscard]] std::string to_json(const Diff& diff, const InventoryDiff* inventory);
[[nodiscard]] std::string to_compact(const Diff& diff);
[[nodiscard]] std::string to_compact(const InventoryDiff& inventory);

// JSON Schema (2020-12) of `keywright.proofs/1` and `keywright.diff/1`.
[[nodiscard]] std::string proofs_schema();
[[nodiscard]] std::string diff_schema();

}  // namespace keywright
