// The canonical layout of a rule file: tree in, text out.
//
// Blanks, line breaks and commas before a closing brace are the formatter's; everything else is the author's. Comments
// keep their order and their place: a comment on a line of its own goes on having one, a comment at the end of a line
// stays there. The result is parsed and compared with the tree before it is handed out, so formatting can't change what
// a file means. Formatting the result again changes nothing. Time is linear in the text.
#pragma once

#include "keywright/limits.h"
#include "syntax/tree.h"

#include <optional>
#include <string>

namespace keywright::syntax {

struct FormatResult {
    std::optional<std::string>
        text;  // nothing where the file has a syntax error or, never expected, the comparison failed
};

// `limits` are those the tree was parsed with.
[[nodiscard]] FormatResult format(const Tree& tree, const Limits& limits = {});

// Whether two trees say the same with the same comments in the same order: what may differ is blanks, line breaks, and
// commas that can be left out.
[[nodiscard]] bool same_meaning(const Tree& left, const Tree& right);

}  // namespace keywright::syntax
