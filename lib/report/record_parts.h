// What documents say of a checked record, written in one way: lines, and the order from the worst on.
#pragma once

#include "keywright/report.h"

#include <string>
#include <utility>
#include <vector>

namespace keywright::report {

// What a report tells of the means by which it came about: digests, parameters and instant, as names and values.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> evidence_lines(const Report& report);

// What people call the record: its name, else `record 4` by its place.
[[nodiscard]] std::string name_of(const RecordReport& record);

[[nodiscard]] std::string line_of(const RecordError& error);    // `KW6016: /permissions/1: …`
[[nodiscard]] std::string line_of(const Violation& violation);  // `error: transfer_needs_ip: …`
[[nodiscard]] std::string line_of(const Undetermined& open);    // `undetermined: idle: needs /last_used_at (error)`
[[nodiscard]] std::string line_of(const Exempted& waived);      // `waived: transfer_needs_ip until … by …: reason`
[[nodiscard]] std::string line_of(const Fact& fact);            // `/permissions contains transfer`
[[nodiscard]] std::string line_of(const ExpiresAt& expires);    // the instant, or what is known of it; empty: never
[[nodiscard]] std::string joined(const std::vector<std::string>& texts);  // with commas

// With a capital at its beginning.
[[nodiscard]] std::string sentence_start(std::string text);

// `3 of 10 records violate the rules`: the worst that is said of any.
[[nodiscard]] std::string verdict_of(const Report& report);

// Violations, unreadable and undetermined records, then those compliant with something open or violated, then the
// others; within each in the order of the report.
[[nodiscard]] std::vector<const RecordReport*> worst_first(const Report& report);

}  // namespace keywright::report
