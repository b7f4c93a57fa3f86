// How far an audit is, on standard error: `12345678 records, 41 %, 2.1 million a second, 8 s left`.
#pragma once

#include "streams.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keywright::command {

class AuditProgress {
public:
    // The share of all is told where all inputs are files.
    AuditProgress(bool shown, const std::vector<std::string>& names);

    // The next input is read, from `begin` to `end`. `records`: how many were decided before.
    void begin(const Stream& stream, std::uint64_t records);
    void end();
    void tell(std::uint64_t records);
    void clear();
    // The rate of all, where it took long enough to have one.
    void tell_rate(std::uint64_t records);

private:
    using Clock = std::chrono::steady_clock;
    [[nodiscard]] double seconds() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }

    bool shown_;
    std::optional<std::uint64_t> all_;  // bytes
    std::uint64_t before_ = 0;          // of the inputs before this one
    std::uint64_t passed_ = 0;          // bytes that an earlier run has read
    const Stream* stream_ = nullptr;
    std::optional<std::uint64_t> first_records_;  // that an earlier run has decided
    bool written_ = false;
    Clock::time_point begun_ = Clock::now();
    Clock::time_point next_ = begun_ + std::chrono::milliseconds{500};
};

}  // namespace keywright::command
