// Which obligations a record at an instant meets.
#pragma once

#include "analysis/obligations.h"
#include "eval/program.h"
#include "value/record.h"

#include <cstdint>
#include <map>
#include <vector>

namespace keywright::analysis {

class Meter {
public:
    // `obligations` must outlive this. Linear in their nodes.
    explicit Meter(const Obligations& obligations);
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;
    ~Meter() = default;

    // By goal, whether the record meets it. Only what is definitely so counts: a condition, or a decision, that hangs
    // on something unknown shows nothing. Time: one run of a compiled program, and for each condition of a decision
    // that is asked there one pass over its connectives.
    [[nodiscard]] std::vector<bool> met(const value::Record& record, Instant now);

    // The outcome of one rule, in less time.
    [[nodiscard]] ir::Outcome outcome(const value::Record& record, Instant now, ir::RuleId rule);

private:
    [[nodiscard]] eval::Truth truth(ir::NodeId node) const;

    const Obligations& obligations_;
    eval::Program rules_;
    eval::Program::Scratch rules_scratch_, outcome_scratch_;
    std::vector<eval::RuleDecision> decisions_;
    // Every expression that is asked about as the requirement of a rule of its own, so that all of them are evaluated
    // in one run.
    std::map<ir::NodeId, std::uint32_t> probe_of_;
    ir::Module probes_;
    eval::Program probing_;
    eval::Program::Scratch probing_scratch_;
    std::vector<eval::RuleDecision> answers_;
    std::vector<std::vector<std::vector<ir::FieldId>>> reads_;  // by point, by condition
};

// Whether the record meets goal number `goal` of `obligations`.
[[nodiscard]] bool covers(const Obligations& obligations, std::uint32_t goal, const value::Record& record, Instant now);

}  // namespace keywright::analysis
