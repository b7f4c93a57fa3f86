// Repairs of records under waivers. A waiver excuses the records that somebody has answered for, so a record must not
// be brought under one by an edit: "rename the key and nobody minds" is no repair. A record that is under one already
// may stay there. So each record is repaired by a pack with just the waivers that it is surely under now.
#pragma once

#include "analysis/repair.h"
#include "engine/state.h"

#include <map>
#include <memory>
#include <vector>

namespace keywright::engine {

class Repairers {
public:
    // `rules` as for `analysis::Repairer`; `state` outlives this.
    Repairers(const Rules::State& state, std::vector<ir::RuleId> rules);
    ~Repairers();
    Repairers(const Repairers&) = delete;
    Repairers& operator=(const Repairers&) = delete;

    struct One;
    // For a record without errors, and the module that it goes by. Both live as long as this. The first record with a
    // set of waivers costs another compilation of the pack.
    struct Chosen {
        const ir::Module& module;
        const analysis::Repairer& repairer;
        std::vector<Exempted> waived;  // the rules that these waivers exempt the record from
    };
    [[nodiscard]] Chosen for_record(const value::Record& record, Instant now);

private:
    const Rules::State& state_;
    std::vector<ir::RuleId> rules_;
    std::map<std::vector<bool>, std::unique_ptr<One>> known_;  // by the waivers that hold
};

}  // namespace keywright::engine
