// What records of samples and tests hold: the meaning of members that aren't mentioned, and of those that are set.
//
// A member stands in its nested record: setting it makes the records around it present, and a record that becomes
// present gives its members the meaning of missing ones. One that is absent or unknown makes all inside it so.
#pragma once

#include "ir/ir.h"

#include <span>
#include <string>
#include <vector>

namespace keywright::ir {

// The fields of a record that has no members at all.
[[nodiscard]] std::vector<FieldValue> nothing_given(const Schema& schema);

// Whether `field` is a member of `record`, or of a record inside it. They follow their record without a gap.
[[nodiscard]] inline bool is_inside(const Schema& schema, std::size_t field, FieldId record) {
    const FieldId parent = schema.fields[field].parent;
    return parent.valid() && parent.index() >= record.index();
}

// What the schema says of a missing member.
[[nodiscard]] FieldValue when_missing(const Field& field);

// A nested record becomes present. `Fields` tells `given(i)` and takes `set(i, FieldValue)`.
template <class Fields>
void make_present(const Schema& schema, Fields& fields, FieldId record) {
    if (fields.given(record.index()) == Given::kPresent) return;
    fields.set(record.index(), {Given::kPresent, {}});
    for (std::size_t i = record.index() + 1; i < schema.fields.size() && is_inside(schema, i, record); ++i) {
        const Field& field = schema.fields[i];
        const Given around = fields.given(field.parent.index());
        fields.set(i, around == Given::kPresent ? when_missing(field) : FieldValue{around, {}});
    }
}

template <class Fields>
void assign(const Schema& schema, Fields& fields, const Assignment& change) {
    std::vector<FieldId> around;
    for (FieldId p = schema.fields[change.field.index()].parent; p.valid(); p = schema.fields[p.index()].parent)
        around.push_back(p);
    for (; !around.empty(); around.pop_back()) make_present(schema, fields, around.back());
    switch (change.value.given) {
        case Given::kPresent: make_present(schema, fields, change.field); return;
        case Given::kValue: fields.set(change.field.index(), change.value); return;
        case Given::kUnknown:
        case Given::kAbsent: break;
    }
    fields.set(change.field.index(), change.value);
    for (std::size_t i = change.field.index() + 1; i < schema.fields.size() && is_inside(schema, i, change.field); ++i)
        fields.set(i, change.value);
}

// Applies changes in order to the fields of a sample.
void assign_all(const Schema& schema, std::vector<FieldValue>& fields, std::span<const Assignment> changes);

// Changes in the language's words: `usage: api_trading, limits.daily: 5`. Nothing of a secret but that it is given.
[[nodiscard]] std::string to_text(const Module& module, std::span<const Assignment> changes);

}  // namespace keywright::ir
