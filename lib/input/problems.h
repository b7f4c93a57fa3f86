// Collects what is wrong with one record: bounded, and in the end ordered by place in the input.
#pragma once

#include "diag/diag.h"
#include "keywright/report.h"

#include <cstddef>
#include <string>
#include <vector>

namespace keywright::input {

class Problems {
public:
    // Forgets everything. At least one problem is kept whatever `limit` says, so that a bad record never looks good.
    void reset(std::size_t limit);

    // `offset` is a byte offset in the text, for the order; `at` a JSON Pointer. Texts that hold parts of the input
    // must have gone through base::printable; `at` goes through it here.
    void add(diag::Code code, std::size_t offset, std::string at, std::string message, std::string help = {});

    [[nodiscard]] bool empty() const { return entries_.empty(); }
    // Further problems are only counted, so an expensive message need not be composed.
    [[nodiscard]] bool full() const { return entries_.size() >= limit_; }

    // The problems; where some were only counted, a last one tells how many.
    [[nodiscard]] std::vector<RecordError> take();

private:
    struct Entry {
        std::size_t offset;
        std::size_t number;  // in the order of reports
        RecordError error;
    };
    std::vector<Entry> entries_;
    std::size_t limit_ = 1;
    std::size_t dropped_ = 0;
};

}  // namespace keywright::input
