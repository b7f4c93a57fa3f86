#include "progress.h"

#include "messages.h"

#include <string>

namespace keywright::command {

void Progress::tell(std::size_t records) {
    if (!shown_ || records % 64 != 0) return;  // looking at the clock costs more than counting
    const Clock::time_point now = Clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds{200};
    write_error("\r" + std::to_string(records) + " records\x1b[K");
    written_ = true;
}

void Progress::clear() {
    if (written_) write_error("\r\x1b[K");
    written_ = false;
}

}  // namespace keywright::command
