// The state of a tally: numbers, what is shown, and where in the input it stands.
#pragma once

#include "engine/audit_records.h"
#include "engine/audit_state.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace keywright {

struct AuditTally::State {
    explicit State(std::shared_ptr<const Auditor::State> of);

    std::shared_ptr<const Auditor::State> auditor;
    std::shared_ptr<engine::AuditWanted> wanted;
    engine::AuditRecords records;  // for what is shown

    engine::AuditCounts counts;
    std::vector<AuditedInput> inputs;
    std::vector<std::string> digests;  // of each input that is complete, where they are wanted
    std::vector<bool> forced_lines;    // of each input
    std::vector<std::uint32_t> taken;  // samples by kind
    std::map<std::string, std::uint32_t> errors_taken;
    std::vector<AuditSample> samples;
    std::vector<AuditedExpiry> soonest;
    std::string results;
    bool any_results = false;

    // Of the input that is begun.
    bool in_input = false;
    bool broken = false;  // it can't be read from `position` on
    AuditPosition position;

    void tell_workers();

    void add(AuditBlock::State& block);
    void add_results(const engine::AuditPart& part, std::uint64_t index, std::uint64_t line);
    void add_samples(const AuditBlock::State& block, std::uint64_t index, std::uint64_t line);
    void add_expiring(const AuditBlock::State& block, std::uint64_t index, std::uint64_t line);
    [[nodiscard]] AuditSample show(const AuditBlock::State& block, const engine::AuditFound& found, std::uint64_t line);
    [[nodiscard]] Evidence evidence() const;
    [[nodiscard]] Summary summary() const;
};

}  // namespace keywright
