// What a rule reads: every expression below its conditions, and the fields and defines among them. What comes from
// waivers is left out: those are somebody's word about records, not part of what the rule says.
#pragma once

#include "ir/ir.h"

#include <set>
#include <vector>

namespace keywright::lint {

struct Reads {
    std::vector<ir::NodeId> nodes;  // each once, by number
    std::set<ir::FieldId> fields;   // with the records around those that are read
    std::set<ir::DefineId> defines;
};

// Linear in what it returns, up to a logarithm.
[[nodiscard]] Reads reads_of(const ir::Module& module, const ir::Rule& rule);
// The same of expressions; invalid ones are passed over.
[[nodiscard]] Reads reads_of(const ir::Module& module, std::vector<ir::NodeId> roots);

}  // namespace keywright::lint
