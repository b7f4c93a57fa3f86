// The pages of the diagnostics, put into the library when it is built.
#pragma once

#include <string_view>

namespace keywright::diag {

// The text of docs/diagnostics.md: a section `## CODE title` for each code.
[[nodiscard]] std::string_view pages();

}  // namespace keywright::diag
