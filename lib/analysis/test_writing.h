// What a generated test says: in words for people, and as expectations in the language.
#pragma once

#include "analysis/explain.h"
#include "analysis/obligations.h"

#include <set>
#include <string>
#include <vector>

namespace keywright::analysis {

// `transfer_needs_ip: violated`, ``idle, when: `spot in permissions` decides by holding``; of an obligation that takes
// two goals with the side that `goal` is.
[[nodiscard]] std::string words_of(const Obligations& obligations, const Obligation& obligation, const Goal& goal);

// Rules that a case is there for.
struct About {
    std::set<ir::RuleId> rules;
    std::set<ir::RuleId> severities;  // likewise, and for their severity
};

// Everything that the record at that instant violates and leaves undetermined, and how the rules came out that it is
// about: `exactly transfer_needs_ip as error`, `exempt idle by ip_restricted`, `expires never`. Where that would be
// more than anybody reads, only the latter.
[[nodiscard]] std::vector<std::string> expectations_of(const Explainer& explainer, const value::Record& record,
                                                       Instant at, const About& about);

}  // namespace keywright::analysis
