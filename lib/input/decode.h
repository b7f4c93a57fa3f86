// One JSON value to one field of a record, by the field's type. Canonical and native records share this; what a source
// spells differently stands in `Spelling`.
#pragma once

#include "input/json.h"
#include "input/problems.h"
#include "ir/ir.h"
#include "keywright/limits.h"
#include "value/record.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::input {

// Everything that reading one record needs.
struct Context {
    const ir::Module& module;
    const Limits& limits;
    const JsonDocument& json;
    Problems& problems;
    value::Record& record;
    std::string base;                          // JSON Pointer of the record in the document
    std::vector<JsonDocument::Index> objects;  // by field: the object of a nested record that is given

    [[nodiscard]] const ir::Field& field(std::size_t number) const { return module.schema.fields[number]; }
};

// Where a value stands: `path` below the record.
[[nodiscard]] std::string pointer_to(const Context& context, std::string_view path);

// How a value is spelled, where that differs from the canonical form.
struct Spelling {
    ir::TimeUnit unit = ir::TimeUnit::kNone;
    bool unit_as_text = false;
    bool split = false;
    std::string_view separator;
    const std::vector<ir::ValueMapping>* map = nullptr;  // null: the canonical names
    std::span<const std::string> none;
};

[[nodiscard]] inline Spelling canonical_spelling(const ir::Field& field) {
    Spelling spelling;
    spelling.unit = field.unit;
    return spelling;
}

// Decodes `node`, which is not null, into a field that is not a nested record. Where it can't, the reasons go to the
// problems and the field stays unknown. `path` is where the value stands below the record.
void decode_value(Context& context, std::size_t field, JsonDocument::Index node, std::string_view path,
                  const Spelling& spelling);

// Reports that `node` is of the wrong kind for a field.
void wrong_type(Context& context, std::size_t field, JsonDocument::Index node, std::string_view path,
                std::string_view expected);

// `did you mean …`, or a word about look-alike letters, or nothing. `word` is text of the input.
[[nodiscard]] std::string suggest(std::string_view word, std::span<const std::string> candidates);

// The name of the first look-alike letter in `word`: "`р` (U+0440) looks like the letter `p`".
[[nodiscard]] std::string name_look_alike(std::string_view word);

// Text of the input in back-ticks, safe to show and not too long.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace keywright::input
