// A counter on standard error for work that takes longer than half a second.
#pragma once

#include <chrono>
#include <cstddef>

namespace keywright::command {

class Progress {
public:
    // `what` is counted.
    explicit Progress(bool shown, const char* what = "records")
        : shown_(shown), what_(what), next_(Clock::now() + std::chrono::milliseconds{500}) {}
    void tell(std::size_t count);
    void clear();  // leaves the line empty

private:
    using Clock = std::chrono::steady_clock;
    bool shown_;
    const char* what_;
    std::size_t told_ = 0;
    bool written_ = false;
    Clock::time_point next_;
};

}  // namespace keywright::command
