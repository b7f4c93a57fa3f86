// A counter on standard error for work that takes longer than half a second.
#pragma once

#include <chrono>
#include <cstddef>

namespace keywright::command {

class Progress {
public:
    explicit Progress(bool shown) : shown_(shown), next_(Clock::now() + std::chrono::milliseconds{500}) {}
    void tell(std::size_t records);
    void clear();  // leaves the line empty

private:
    using Clock = std::chrono::steady_clock;
    bool shown_;
    bool written_ = false;
    Clock::time_point next_;
};

}  // namespace keywright::command
