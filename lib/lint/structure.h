// Which expressions are the same, however they are laid out and whatever defines they are written through.
#pragma once

#include "ir/ir.h"

#include <cstdint>
#include <vector>

namespace keywright::lint {

// By node, a number that two nodes share if and only if they are built alike: the same operators of the same fields,
// parameters and constants. Defines stand for what they mean. Variables of two quantifiers are never the same.
// O(nodes · log nodes).
[[nodiscard]] std::vector<std::uint32_t> structure_of(const ir::Module& module);

}  // namespace keywright::lint
