// Texts and numbers as C++ spells them, so that nothing a rule file says can be anything but a text or a number.
#pragma once

#include "value/network.h"
#include "value/time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace keywright::emit {

// A string literal in plain ASCII.
[[nodiscard]] std::string quoted(std::string_view text);
// A `std::string_view` of exactly these bytes.
[[nodiscard]] std::string view(std::string_view text);
// What may stand in a comment: printable ASCII on one line, without `\` and `?`; all else is `.`.
[[nodiscard]] std::string in_comment(std::string_view text);

[[nodiscard]] std::string literal(std::int64_t number);
[[nodiscard]] std::string literal(std::uint64_t number);  // in hexadecimal: a set of bits
[[nodiscard]] std::string nanos(value::Nanos number);     // kMinusInfinity and kPlusInfinity by name
[[nodiscard]] std::string network(const value::Network& network);

}  // namespace keywright::emit
