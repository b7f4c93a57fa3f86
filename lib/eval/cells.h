// Questions about cells, answered without allocation: the compiled evaluator's half of what an operator means.
//
// Sets are sorted and free of doubles, masked entries last, so two sets are compared by one walk along both.
#pragma once

#include "eval/code.h"

namespace keywright::eval::code {

// Both operands are surely present and of sorts that the operator takes.
[[nodiscard]] Truth equal(const Cell& a, const Cell& b);
[[nodiscard]] Truth less(const Cell& a, const Cell& b);
[[nodiscard]] Truth in(const Cell& a, const Cell& b);
[[nodiscard]] Truth share(const Cell& a, const Cell& b);
[[nodiscard]] Truth subset(const Cell& a, const Cell& b);
[[nodiscard]] Truth within(const Cell& a, const Cell& b);
[[nodiscard]] Truth overlaps(const Cell& a, const Cell& b);

void count(const Cell& a, Cell& result);
void length(const Cell& a, Cell& result);

// `a` becomes what is possible when the value is either that of `a` or that of `b`; absence is not looked at.
void widen(Cell& a, const Cell& b);

}  // namespace keywright::eval::code
