// A pack as C++ of its own, for programs that decide in a hot path.
//
//     std::string text = keywright::to_inlined_header(rules, "desk::rules");
//
// The header has a struct for the record, the tables of the rules, and `decide` with every rule inlined; it includes
// inlined.h and needs nothing of this library else. `keywright embed --inline` writes it, `keywright_inline_rules` of
// the CMake package does so in a build, and docs/embedding.md tells how it is used.
#pragma once

#include "keywright/rules.h"

#include <string>
#include <string_view>

namespace keywright {

// Whether a header may stand in this namespace: identifiers with `::` between them, none of which is a keyword or
// reserved; not `std`, `posix` or `keywright`.
[[nodiscard]] bool is_namespace_for_rules(std::string_view name);

// The rules as a header, with parameters and waivers as they are in force in `rules`. Empty where `name_space` isn't
// one. The same for the same rules; no text of them can be anything but a text there. Linear in the rules.
[[nodiscard]] std::string to_inlined_header(const Rules& rules, std::string_view name_space);

}  // namespace keywright
