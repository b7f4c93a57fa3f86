// SHA-256 (FIPS 180-4) of text, as lower-case hexadecimal with the prefix `sha256:`.
#pragma once

#include <string>
#include <string_view>

namespace keywright::base {

[[nodiscard]] std::string sha256(std::string_view bytes);

}  // namespace keywright::base
