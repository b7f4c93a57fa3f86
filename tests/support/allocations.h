// Counts calls of operator new in this program, to show that something allocates nothing.
#pragma once

#include <cstddef>

namespace keywright::test {

[[nodiscard]] std::size_t allocations();

}  // namespace keywright::test
