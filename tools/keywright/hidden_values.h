// Rule files as others may be shown them: without what samples and tests give as values, which may be secrets.
#pragma once

#include <string>

namespace keywright::command {

// The text with asterisks for what samples and tests give as values of members, and for texts between three quotes.
// Every byte stays where it is.
[[nodiscard]] std::string without_values(std::string text);

}  // namespace keywright::command
