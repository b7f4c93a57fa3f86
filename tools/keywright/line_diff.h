// The difference of two texts in lines, as `diff -u` shows it.
#pragma once

#include <string>
#include <string_view>

namespace keywright::command {

// Empty where the texts are equal. Shortest where the part that differs is small (under some thousand lines); else that
// part is shown as replaced whole.
[[nodiscard]] std::string unified_diff(const std::string& name, std::string_view before, std::string_view after);

}  // namespace keywright::command
