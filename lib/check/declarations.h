// One function for each kind of item; `check` calls them in an order in which what is used is there.
#pragma once

#include "check/context.h"

namespace keywright::check {

void declare_document(Context& context, syntax::Cursor item);
void declare_schema(Context& context, syntax::Cursor item);
// Fields' citations and assumptions, once documents and fields are known.
void finish_schema(Context& context, syntax::Cursor item);
void declare_param(Context& context, syntax::Cursor item);
// Replaces a parameter's value; `name` and `value` stand in an `extend` or come from the caller.
void set_param(Context& context, syntax::Cursor name, syntax::Cursor value);
void declare_define(Context& context, syntax::Cursor item);
void declare_rule(Context& context, syntax::Cursor item);
void lower_rule(Context& context, syntax::Cursor item);
void declare_sample(Context& context, syntax::Cursor item, std::vector<syntax::Cursor>& items);
void lower_samples(Context& context, const std::vector<syntax::Cursor>& items);
void lower_test(Context& context, syntax::Cursor item);
void lower_proof(Context& context, syntax::Cursor item);
void lower_allowed(Context& context, syntax::Cursor item);
void declare_adapter(Context& context, syntax::Cursor item);
// Reports waivers in a file of the pack, and what else stands in a file of waivers.
void refuse_strays(Context& context, const LoadedFile& file);
// The waivers of such a file. They come last, so that no test or proof of the pack can name one.
void lower_waivers(Context& context, const LoadedFile& file);

// The type that a `Type` node spells (nested records: kRecord, their fields are the caller's business).
[[nodiscard]] std::optional<ir::Type> type_of(Context& context, syntax::Cursor node, ir::TimeUnit& unit);

}  // namespace keywright::check
