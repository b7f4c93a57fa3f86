// Results of mutation testing as text, for people and for programs. Pure functions, with the promises of render.h.
#pragma once

#include "keywright/mutation.h"
#include "keywright/render.h"

#include <string>
#include <vector>

namespace keywright {

// One pack, and the path by which it was named.
struct MutatedEntry {
    std::string entry;
    MutationReport report;
};

[[nodiscard]] std::string to_json(const std::vector<MutatedEntry>& packs);  // the document `keywright.mutation/1`
// A mutant that survived or is undecided: where, what, `diff` as it stands (the source before and after, from whoever
// has the files; it may be empty), and a record that would kill it. Empty for the others.
[[nodiscard]] std::string to_pretty(const Mutant& mutant, const std::string& diff, const Style& style = {});
// The closing lines: failing tests, counts, the score.
[[nodiscard]] std::string to_pretty(const MutationReport& report, const Style& style = {});
// One line for each that survived or is undecided.
[[nodiscard]] std::string to_compact(const MutationReport& report);
[[nodiscard]] std::string to_github(const MutationReport& report);

// JSON Schema (2020-12) of `keywright.mutation/1`.
[[nodiscard]] std::string mutation_schema();

}  // namespace keywright
