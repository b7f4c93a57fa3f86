// The instants at which what a pack says of a record may change while nothing but time moves on.
//
// Every number of a rule that hangs on `now` is, over any stretch of time, a line: `now` itself, a constant, a sum of
// such, the end of an unknown instant's range. Outcomes hang on time through the order of two numbers alone, and that
// changes only where two lines cross. Which line a number follows at an instant isn't worked out: all that it may
// follow are taken together, so that the crossings found are a superset of those that matter, and evaluating decides.
#pragma once

#include "ir/ir.h"
#include "value/record.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace keywright::analysis {

using value::Nanos;

// The last instant there is: the end of the year 9999.
constexpr Nanos kEndOfTime = (Nanos{value::kLastSecond} + 1) * value::kNanosPerSecond - 1;

class Timeline {
public:
    // Finds the comparisons and terms of time in the rules of `module`, which must outlive this.
    explicit Timeline(const ir::Module& module);

    // Ascending instants after `after`, no later than `last`, between which every outcome, warning and truth of a
    // comparison stays as it is; nothing where there are too many to follow. Doesn't look at assumptions that break.
    [[nodiscard]] std::optional<std::vector<Nanos>> instants(const value::Record& record, Nanos after,
                                                             Nanos last = kEndOfTime) const;

    // The first instant at which the known members of a record that is readable at `now` contradict the schema, if that
    // ever comes (`assume now <= …`).
    [[nodiscard]] std::optional<Nanos> unreadable_from(const value::Record& record, Nanos now) const;

private:
    // What the schema's assumptions say of an unknown instant or duration, followed from member to member.
    struct Bound {
        ir::AssumeTerm term;
        bool is_upper = false;
        int step = 0;  // -1, 0 or 1 ns
    };
    struct Pair {
        ir::NodeId a, b;
    };
    friend class Crossings;

    void find_bounds(ir::FieldId field);

    const ir::Module& module_;
    std::vector<ir::NodeId> terms_;           // instants and durations that rules read, operands first
    std::vector<Pair> comparisons_;           // of two of them
    std::vector<std::vector<Bound>> bounds_;  // by field
};

}  // namespace keywright::analysis
