// What the parts of `Expressions` share: the tree of an expression as they read it, and words of enumerations.
//
// `Expressions` is one class in several files, because every expression may hold every other:
//     expressions.cpp   which part an expression belongs to, and what any operand may be asked
//     names.cpp         names, literals, constants
//     logic.cpp         connectives and quantifiers, and what they tell of presence
//     relations.cpp     comparisons, membership, properties
//     computed.cpp      sums, `else`, functions, `match`, templates
#pragma once

#include "check/expressions.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::check {

// The children that are expressions, or parts of one, rather than tokens.
[[nodiscard]] std::vector<syntax::Cursor> nodes_of(syntax::Cursor parent);
// The one name of a Reference without dots, or empty.
[[nodiscard]] std::string_view bare_name(syntax::Cursor node);
[[nodiscard]] std::string dotted_name(syntax::Cursor node);
[[nodiscard]] std::optional<std::uint32_t> enum_index(const ir::Module& module, ir::EnumId enumeration,
                                                      std::string_view name);
void unknown_enum_value(Context& context, syntax::Cursor at, std::string_view name, ir::EnumId enumeration);

}  // namespace keywright::check
