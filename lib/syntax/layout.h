// Where the formatter breaks, indents and aligns.
//
// Every construct first tries to stand on the rest of the line; where it doesn't fit, or holds a comment, it is laid
// out over several lines: lists in braces with their elements on lines of their own, expressions broken before their
// operators. A comment always ends its line, so one in the middle of something breaks it there.
#pragma once

#include "syntax/tree.h"

#include <string>

namespace keywright::syntax {

// The text of a tree without errors in canonical layout.
[[nodiscard]] std::string lay_out(const Tree& tree);

}  // namespace keywright::syntax
