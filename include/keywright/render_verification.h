// Verifications of reports as text: for people and programs. As render.h has it, these are pure functions, and nothing
// that a report holds can forge a part of the output.
#pragma once

#include "keywright/render.h"
#include "keywright/verify.h"

#include <string>
#include <string_view>

namespace keywright {

// `name` is the report's. Whether it holds, what changed, what came out otherwise.
[[nodiscard]] std::string to_pretty(const Verification& verification, const ReportClaim& claim, std::string_view name,
                                    const Style& style = {});
// One line: `name: holds`, or one for each thing that changed or came out otherwise.
[[nodiscard]] std::string to_compact(const Verification& verification, std::string_view name);

// The document `keywright.verification/1`, and its JSON Schema.
[[nodiscard]] std::string to_json(const Verification& verification, const ReportClaim& claim, std::string_view name);
[[nodiscard]] std::string verification_schema();

}  // namespace keywright
