// What the texts of an audit have in common.
#pragma once

#include "keywright/audit.h"

#include <string>
#include <string_view>
#include <vector>

namespace keywright::report {

// Rules that some record violates, or that can't be decided for it: the heaviest first, then the most violated.
[[nodiscard]] std::vector<const AuditedRule*> rules_found(const AuditReport& report);

// `3 of 10 records violate the rules`: the worst that is said of any.
[[nodiscard]] std::string verdict_of(const AuditReport& report);

// Why what is told isn't of all that was to be read: a sentence for each input, and one where some were left out.
[[nodiscard]] std::vector<std::string> gaps_of(const AuditReport& report);

// What a record is a sample of: `transfer_needs_ip`, `KW6001`, joined with commas.
[[nodiscard]] std::string sample_of(const AuditSample& sample);

[[nodiscard]] Summary summary_of(const AuditReport& report);

// The title of a diagnostic, empty where there is none of that code.
[[nodiscard]] std::string_view title_of_error(std::string_view code);

}  // namespace keywright::report
