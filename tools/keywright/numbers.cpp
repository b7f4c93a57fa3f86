#include "numbers.h"

#include "messages.h"

#include "keywright/text.h"

#include <charconv>

namespace keywright::command {

std::uint64_t number_of(const std::string& name, const std::string& text, std::uint64_t most) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || at != end || value == 0 || value > most)
        fail(Status::kUsage, "`" + name + "` can't be `" + printable(text) + "`",
             "it is a number from 1 to " + std::to_string(most));
    return value;
}

AnalysisBudget budget_of(const Arguments& arguments) {
    AnalysisBudget budget;
    if (arguments.steps) budget.steps = number_of("--steps", *arguments.steps, 1'000'000'000'000);
    return budget;
}

}  // namespace keywright::command
