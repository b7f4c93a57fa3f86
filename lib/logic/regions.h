// Regions for people: a formula's cells as few maximal boxes, and a box in the words of the language.
#pragma once

#include "logic/search.h"

#include <cstdint>
#include <string>
#include <vector>

namespace keywright::logic {

// Boxes that together are exactly the cells of which a formula holds. Each is as large as may be (no dimension of it
// could take another class) and none is covered by the others; they may overlap.
struct Cover {
    std::vector<Region> boxes;
    Decimal cells;           // of which the formula holds
    bool complete = true;    // false: the budget was used up, or there are too many boxes to list
    bool understood = true;  // false: some cells hang on what cells can't express
};
// Builds formulas in `space`.
[[nodiscard]] Cover cover(Space& space, Ref root, std::uint64_t steps);

// A box as a condition: `permissions has any of {transfer} and ip_allowlist is empty`. One text for each member, or
// group of instants, that the box says anything about; joined by `and`. Empty for the box of everything.
[[nodiscard]] std::vector<std::string> conditions(const Space& space, const Region& box);
[[nodiscard]] std::string to_text(const std::vector<std::string>& conditions);

}  // namespace keywright::logic
