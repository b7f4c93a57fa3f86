// What becomes of a record as time goes on, and what would keep an expiry rule from coming due.
#pragma once

#include "analysis/explain.h"
#include "analysis/timeline.h"
#include "eval/decision.h"
#include "eval/program.h"
#include "ir/ir.h"
#include "keywright/forecast.h"
#include "logic/space.h"
#include "value/record.h"

#include <optional>
#include <vector>

namespace keywright::analysis {

[[nodiscard]] Standing standing_of(const eval::RuleDecision& decision);

// Prepared once for a pack, used for record after record; one for each thread. The pack must outlive it.
class Forecaster {
public:
    explicit Forecaster(const Explainer& explainer);

    // Fills all but subject, source, index and errors for a record that is readable at `now`. Changes later than
    // `until` are left out.
    void fill(const value::Record& record, Instant now, std::optional<Instant> until, RecordForecast& out);

private:
    // One rule's own finite abstraction, and the formula "it doesn't apply".
    struct Exits {
        std::optional<logic::Space> space;  // nothing where it is too large
        logic::Ref root = logic::kTop;
    };
    const Exits& exits(ir::RuleId rule);

    void find_changes(const value::Record& record, Instant now, std::optional<Instant> until, RecordForecast& out);
    [[nodiscard]] Expiry expiry(const value::Record& record, Instant now, ir::RuleId rule,
                                const eval::RuleDecision& decision);
    [[nodiscard]] std::vector<ir::FieldId> renewable(ir::RuleId rule) const;
    [[nodiscard]] std::optional<Escape> escape(const value::Record& record, Instant now, ir::RuleId rule,
                                               const eval::InstantBounds& deadline, ir::FieldId field);
    // Records that differ from `record` in `field` alone, nearest first, in which the rule may not apply.
    [[nodiscard]] std::vector<value::Record> trials(const value::Record& record, Instant now, ir::RuleId rule,
                                                    ir::FieldId field);
    [[nodiscard]] eval::RuleDecision decide(const value::Record& record, Instant now, ir::RuleId rule) {
        return explainer_.program.decide_rule(record, now, one_, rule);
    }

    Explainer explainer_;
    const ir::Module& module_;
    Timeline timeline_;
    eval::Program::Scratch all_, one_;
    eval::Decision decision_;
    std::vector<std::optional<Exits>> exits_;  // by rule
};

}  // namespace keywright::analysis
