// Taking a whole item out of a file, so that nothing of it is left behind.
#pragma once

#include "base/source.h"
#include "lint/subject.h"
#include "syntax/tree.h"

namespace keywright::lint {

// The text of `item` with its doc comment, a comment behind it on its last line, and that line's end. Comments above it
// that aren't doc comments stay: they may be about more than this.
[[nodiscard]] base::Span whole_item(const Subject& subject, syntax::Cursor item);

// The whole item that declares the parameter, define or sample whose name stands at `name`; an invalid span where
// something else stands there, such as a variable.
[[nodiscard]] base::Span removable(const Subject& subject, base::Span name);

}  // namespace keywright::lint
