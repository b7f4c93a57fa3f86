// The numbers of a block that was decided by columns, and which of its rows are worth showing.
#pragma once

#include "engine/audit_state.h"
#include "eval/batch.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace keywright::engine {

// Adds up all but the expiries and the number of records.
void count_rows(const Auditor::State& auditor, const eval::BlockDecision& decision, AuditCounts& counts);

struct FoundRow {
    std::size_t row = 0;
    std::size_t kind = 0;
};
// The first rows of each kind of which `missing` says that some are wanted, and takes them off there.
void find_rows(const eval::BlockDecision& decision, std::vector<std::uint32_t>& missing, std::vector<FoundRow>& out);

}  // namespace keywright::engine
