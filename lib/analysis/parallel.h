// Work in independent blocks, shared out among threads.
#pragma once

#include <cstddef>
#include <functional>

namespace keywright::analysis {

// Calls `work(block)` once for each block below `count`, lower ones first, from at most `threads` threads (0: one for
// each processor) of which the caller's is one. `tell(done)` is called by the caller's thread between its blocks.
// Nothing is known of the order in which blocks end, so each has to write to a place of its own. A thread that can't be
// started is done without; a block that fails in another thread, as memory runs out, is tried again by the caller's.
void for_each_block(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t)>& tell);

}  // namespace keywright::analysis
