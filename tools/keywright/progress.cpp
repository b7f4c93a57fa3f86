#include "progress.h"

#include "messages.h"

#include <string>

namespace keywright::command {

void Progress::tell(std::size_t count) {
    if (!shown_ || count / 64 == told_ / 64) return;  // looking at the clock costs more than counting
    told_ = count;
    const Clock::time_point now = Clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds{200};
    write_error("\r" + std::to_string(count) + ' ' + what_ + "\x1b[K");
    written_ = true;
}

void Progress::clear() {
    if (written_) write_error("\r\x1b[K");
    written_ = false;
}

}  // namespace keywright::command
