// What tests cover as text: for people, for programs, and in the formats that coverage viewers read. Pure functions,
// with the promises of render.h.
#pragma once

#include "keywright/coverage.h"
#include "keywright/render.h"

#include <string>
#include <vector>

namespace keywright {

// A summary, and the lines of source on which something is missing, with records that would show it. `files` are the
// sources (Compiled::files), with paths as in the coverage.
[[nodiscard]] std::string to_pretty(const Coverage& coverage, const std::vector<Compiled::File>& files,
                                    const Style& style = {});
// One line for what is missing.
[[nodiscard]] std::string to_compact(const Coverage& coverage);
[[nodiscard]] std::string to_github(const Coverage& coverage);

[[nodiscard]] std::string to_json(const std::vector<Coverage>& packs);  // the document `keywright.coverage/1`
[[nodiscard]] std::string coverage_schema();                            // its JSON Schema (2020-12)

// LCOV's tracefile: lines of rules and conditions, outcomes and sides of conditions as branches. What is impossible is
// left out. MC/DC and boundaries have no place in this format.
[[nodiscard]] std::string to_lcov(const std::vector<Coverage>& packs);
// Cobertura's XML (version 04, without a DOCTYPE, which readers would fetch), of the same. Its timestamp is 0, so that
// the same tests give the same text.
[[nodiscard]] std::string to_cobertura(const std::vector<Coverage>& packs);

// `91.2`: rounded down to a tenth, so that only what is complete is called `100.0`.
[[nodiscard]] std::string percent(const CoverageCount& count);

}  // namespace keywright
