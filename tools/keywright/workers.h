// Work shared out among threads.
#pragma once

#include "arguments.h"

#include <cstddef>
#include <functional>

namespace keywright::command {

// What `--jobs` says, else the number of processors.
[[nodiscard]] std::size_t jobs_of(const Arguments& arguments);

// Calls `work(i)` once for each i below `count`, from at most `jobs` threads of which the caller's is one, and
// `tell(done)` from the caller's between its own. Each call has to write to a place of its own. Where calls fail, the
// failure of the lowest i is thrown when all are done, so that the message doesn't hang on which thread was faster.
void for_each_of(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& work,
                 const std::function<void(std::size_t)>& tell = {});

}  // namespace keywright::command
