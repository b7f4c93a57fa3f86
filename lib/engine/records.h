// Reading the records of a JSON text for whatever is asked of them.
#pragma once

#include "engine/state.h"
#include "input/reader.h"
#include "keywright/report.h"

#include <functional>
#include <string_view>

namespace keywright::engine {

// Hands over every record of `json` in order: as it was read, and a report that names its subject, source and index and
// holds the errors of one that can't be read. An adapter that the pack doesn't have makes one such report.
void each_record(const Rules::State& state, std::string_view json, const CheckOptions& options,
                 const std::function<void(input::ReadRecord&, RecordReport&)>& sink);

}  // namespace keywright::engine
