#include "input/problems.h"

#include "base/text.h"

#include <algorithm>
#include <utility>

namespace keywright::input {

void Problems::reset(std::size_t limit) {
    entries_.clear();
    limit_ = std::max<std::size_t>(limit, 1);
    dropped_ = 0;
}

void Problems::add(diag::Code code, std::size_t offset, std::string at, std::string message, std::string help) {
    if (full()) {
        ++dropped_;
        return;
    }
    constexpr std::size_t kLongestPointer = 500;
    entries_.push_back({offset,
                        entries_.size(),
                        {diag::text(code), base::printable(at, kLongestPointer), std::move(message), std::move(help)}});
}

std::vector<RecordError> Problems::take() {
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
        return a.offset != b.offset ? a.offset < b.offset : a.number < b.number;
    });
    std::vector<RecordError> out;
    out.reserve(entries_.size() + 1);
    for (Entry& entry : entries_) out.push_back(std::move(entry.error));
    if (dropped_ > 0) {
        out.push_back({diag::text(diag::Code::kTooManyProblems), "",
                       dropped_ == 1 ? "1 more problem of this record is not shown"
                                     : std::to_string(dropped_) + " more problems of this record are not shown",
                       "mend those above first; the limit is `errors_per_record`, now " + std::to_string(limit_)});
    }
    entries_.clear();
    dropped_ = 0;
    return out;
}

}  // namespace keywright::input
