#include "audit_progress.h"

#include "messages.h"

#include <sys/stat.h>
#include <algorithm>
#include <array>
#include <cstdio>

namespace keywright::command {

namespace {

// `2.1 million`, `31 thousand`, `512`.
[[nodiscard]] std::string in_words(double number) {
    std::array<char, 64> text{};
    if (number >= 1e6) {
        (void)std::snprintf(text.data(), text.size(), "%.1f million", number / 1e6);
    } else if (number >= 1e4) {
        (void)std::snprintf(text.data(), text.size(), "%.0f thousand", number / 1e3);
    } else {
        (void)std::snprintf(text.data(), text.size(), "%.0f", number);
    }
    return text.data();
}

[[nodiscard]] std::string span_of(double seconds) {
    const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

}  // namespace

AuditProgress::AuditProgress(bool shown, const std::vector<std::string>& names) : shown_(shown) {
    std::uint64_t sum = 0;
    for (const std::string& name : names) {
        struct stat about{};
        if (name == "-" || ::stat(name.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return;
        sum += static_cast<std::uint64_t>(about.st_size);
    }
    all_ = sum;
}

void AuditProgress::begin(const Stream& stream, std::uint64_t records) {
    stream_ = &stream;
    if (first_records_) return;
    first_records_ = records;
    passed_ = stream.taken();
}

void AuditProgress::end() {
    if (stream_ != nullptr) before_ += stream_->size().value_or(0);
    stream_ = nullptr;
}

void AuditProgress::tell(std::uint64_t records) {
    if (!shown_ || stream_ == nullptr) return;
    const Clock::time_point now = Clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds{200};
    const double elapsed = std::max(seconds(), 1e-3);
    std::string line = std::to_string(records) + " records";
    const std::uint64_t done = before_ + stream_->taken();
    if (all_ && *all_ > 0) line += ", " + std::to_string(std::min<std::uint64_t>(100, done * 100 / *all_)) + " %";
    line += ", " + in_words(static_cast<double>(records - first_records_.value_or(0)) / elapsed) + " a second";
    if (all_ && done > passed_ && *all_ > done) {
        line +=
            ", " + span_of(elapsed * static_cast<double>(*all_ - done) / static_cast<double>(done - passed_)) + " left";
    }
    write_error("\r" + line + "\x1b[K");
    written_ = true;
}

void AuditProgress::clear() {
    if (written_) write_error("\r\x1b[K");
    written_ = false;
}

void AuditProgress::tell_rate(std::uint64_t records) {
    const double elapsed = seconds();
    if (elapsed < 0.5) return;
    const std::uint64_t decided = records - first_records_.value_or(0);
    write_error(std::to_string(decided) + " records in " + span_of(elapsed) + ", " +
                in_words(static_cast<double>(decided) / elapsed) + " a second\n");
}

}  // namespace keywright::command
