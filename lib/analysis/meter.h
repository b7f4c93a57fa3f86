// Which obligations a record at an instant meets.
#pragma once

#include "analysis/obligations.h"
#include "eval/program.h"
#include "value/record.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace keywright::analysis {

class Meter {
public:
    // `obligations` must outlive this.
    explicit Meter(const Obligations& obligations);

    // By goal, whether the record meets it. Only what is definitely so counts: a condition, or a decision, that hangs
    // on something unknown shows nothing. Linear in the rules and the conditions of each decision squared.
    [[nodiscard]] std::vector<bool> met(const value::Record& record, Instant now);

    // The same of one rule's goals alone; of the others it says false.
    [[nodiscard]] std::vector<bool> met(const value::Record& record, Instant now, ir::RuleId rule);

private:
    [[nodiscard]] std::vector<bool> met(const value::Record& record, Instant now, std::optional<ir::RuleId> only);

    const Obligations& obligations_;
    eval::Program program_;
    eval::Program::Scratch scratch_;
    std::vector<eval::RuleDecision> decisions_;
    std::vector<std::vector<std::vector<ir::FieldId>>> reads_;  // by point, by condition
};

// Whether the record meets goal number `goal` of `obligations`.
[[nodiscard]] bool covers(const Obligations& obligations, std::uint32_t goal, const value::Record& record, Instant now);

}  // namespace keywright::analysis
