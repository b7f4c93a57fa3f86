// What a failed expectation says, as labels and texts, for every format that people read.
#pragma once

#include "keywright/rules.h"

#include <string>
#include <string_view>
#include <vector>

namespace keywright::report {

struct FailureLine {
    std::string_view label;  // `expected`, `got`, `where`, `missing`, `extra`, `because`, `record`
    std::string text;        // as it came: not yet made harmless for an output
};

// `expected` and `got` always, in this order and first; further lines where there is something to say. Several lines
// may have one label.
[[nodiscard]] std::vector<FailureLine> lines_of(const TestResult::Failure& failure);

}  // namespace keywright::report
