// Numbers on the command line.
#pragma once

#include "arguments.h"

#include "keywright/proof.h"

#include <cstdint>
#include <string>

namespace keywright::command {

// `text` as a number from 1 to `most`, of the option `name`; anything else is wrong usage.
[[nodiscard]] std::uint64_t number_of(const std::string& name, const std::string& text, std::uint64_t most);

// What `--steps` leaves a question.
[[nodiscard]] AnalysisBudget budget_of(const Arguments& arguments);

}  // namespace keywright::command
