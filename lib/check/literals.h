// Literals of the language as values.
#pragma once

#include "diag/diag.h"
#include "ir/ir.h"
#include "syntax/tree.h"
#include "value/value.h"

#include <optional>
#include <string>
#include <string_view>

namespace keywright::check {

// The text that a string token stands for. Unknown escapes are reported; what is left is still useful.
[[nodiscard]] std::string string_literal(syntax::Cursor token, diag::Sink& sink);

// The text that a run of template characters stands for (as above, and `\{`).
[[nodiscard]] std::string template_text(syntax::Cursor token, diag::Sink& sink);

// A value together with the type it has on its own account.
struct TypedValue {
    value::Value value;
    ir::Type type;
};

// The value of a `Literal` node: bool, int (range: just it), text, instant, duration, network. Mistakes are reported
// and give nothing. Masked addresses only where `allow_masked`.
[[nodiscard]] std::optional<TypedValue> literal_value(syntax::Cursor literal, bool allow_masked, diag::Sink& sink);

}  // namespace keywright::check
