// A module with fewer waivers than it was checked with.
#pragma once

#include "ir/ir.h"

#include <vector>

namespace keywright::ir {

// The module as if only the waivers in `kept` (one flag a waiver) had been given. They keep their numbers; where none
// is kept, none is left. What only the others needed stays among the nodes, where nothing refers to it.
[[nodiscard]] Module with_waivers(const Module& module, const std::vector<bool>& kept);

[[nodiscard]] inline Module without_waivers(const Module& module) {
    return with_waivers(module, std::vector<bool>(module.waivers.size()));
}

}  // namespace keywright::ir
