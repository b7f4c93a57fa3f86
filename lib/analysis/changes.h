// What would have to differ, or be known, for a rule to come out otherwise.
#pragma once

#include "analysis/explain.h"
#include "analysis/reasons.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace keywright::analysis {

// A record beside another in which some fields differ.
struct Alternative {
    value::Record record;
    std::vector<ir::FieldId> changed;  // in order of the schema
};

struct Alternatives {
    std::vector<Alternative> found;  // all with as few changes as can be
    bool never = false;              // no configuration is violated
};

// The fewest fields to change for `rule` to be violated at `now`, with values close to the record's; each confirmed by
// the evaluator. At most `most` of them.
[[nodiscard]] Alternatives violating(const Explainer& explainer, const value::Record& record, Instant now,
                                     ir::RuleId rule, std::size_t most);

struct Settling {
    std::vector<ir::FieldId> fields;
    std::vector<std::string> violated, fine;  // values in words, by example
    bool cut = false;
};
struct Settlings {
    std::vector<ir::FieldId> needed;
    std::vector<Settling> sets;
    bool cut = false;
};

// The least sets of unknown fields whose knowledge settles `rule`: with a value of every class that they may have in
// its place the evaluator decides it, and for no smaller set does it.
[[nodiscard]] Settlings settling(const Explainer& explainer, const value::Record& record, Instant now, ir::RuleId rule,
                                 std::size_t most);

}  // namespace keywright::analysis
