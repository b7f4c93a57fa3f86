// What samples, tests and proofs share.
#pragma once

#include "check/context.h"

#include <optional>
#include <vector>

namespace keywright::check {

// Makes room for the records of one more sample or test; reports where there is none.
[[nodiscard]] bool has_room(Context& context, syntax::Cursor at, std::size_t records = 1);

// What `value`, a value, `absent`, `unknown`, `present` or a record, makes of a field. Mistakes are reported, and add
// nothing.
void add_value(Context& context, syntax::Cursor value, ir::FieldId field, std::vector<ir::Assignment>& out);
// The same of all members of a `Record` node.
void add_changes(Context& context, syntax::Cursor record, std::vector<ir::Assignment>& out);
// The fields of a `Configuration` node; samples have been lowered. False where something is wrong.
[[nodiscard]] bool configuration(Context& context, syntax::Cursor node, std::vector<ir::FieldValue>& out);

// The expectation of an `Expectation` node, joined with those before it that it belongs to.
void add_expectation(Context& context, syntax::Cursor node, std::vector<ir::Expectation>& out);

// Reports an unknown one.
[[nodiscard]] std::optional<std::uint32_t> rule_named(Context& context, syntax::Cursor name);
[[nodiscard]] ir::Verdict verdict_named(std::string_view word);
// The instant of an `Instant` token; reports what is none.
[[nodiscard]] std::optional<Instant> instant_of(Context& context, syntax::Cursor token);

// `for each FIELD …`: its values. False where something is wrong.
[[nodiscard]] bool add_axis(Context& context, syntax::Cursor node, std::vector<ir::Axis>& out);
// The rows of a `Table` node; `at` is the instant of those that name none.
[[nodiscard]] bool add_table(Context& context, syntax::Cursor node, const std::optional<Instant>& at, ir::Test& out);
// Reports that nothing says at which instant something is expected.
void no_instant(Context& context, base::Span span);

}  // namespace keywright::check
