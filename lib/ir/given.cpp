#include "ir/given.h"

namespace keywright::ir {

namespace {

struct OfSample {
    std::vector<FieldValue>& fields;
    [[nodiscard]] Given given(std::size_t i) const { return fields[i].given; }
    void set(std::size_t i, const FieldValue& value) { fields[i] = value; }
};

std::string value_text(const Module& module, const Assignment& change) {
    const Field& field = module.schema.fields[change.field.index()];
    switch (change.value.given) {
        case Given::kUnknown: return "unknown";
        case Given::kAbsent: return "absent";
        case Given::kPresent: return "present";
        case Given::kValue: break;
    }
    if (field.type.kind == Kind::kSecret) return "present";
    return to_string(module, field.type, module.constants[change.value.value.index()]);
}

}  // namespace

FieldValue when_missing(const Field& field) {
    switch (field.missing) {
        case Missing::kUnknown: break;
        case Missing::kAbsent: return {Given::kAbsent, {}};
        case Missing::kValue: return {Given::kValue, field.missing_value};
    }
    return {};
}

std::vector<FieldValue> nothing_given(const Schema& schema) {
    std::vector<FieldValue> out;
    out.reserve(schema.fields.size());
    for (const Field& field : schema.fields) {
        const bool around = !field.parent.valid() || out[field.parent.index()].given == Given::kPresent;
        const bool absent = !around && out[field.parent.index()].given == Given::kAbsent;
        out.push_back(around ? when_missing(field) : FieldValue{absent ? Given::kAbsent : Given::kUnknown, {}});
    }
    return out;
}

void assign_all(const Schema& schema, std::vector<FieldValue>& fields, std::span<const Assignment> changes) {
    OfSample sample{fields};
    for (const Assignment& change : changes) assign(schema, sample, change);
}

std::string to_text(const Module& module, std::span<const Assignment> changes) {
    std::string out;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        // Its members tell that a record is there.
        const bool told = changes[i].value.given == Given::kPresent && i + 1 < changes.size() &&
                          is_inside(module.schema, changes[i + 1].field.index(), changes[i].field);
        if (told) continue;
        if (!out.empty()) out += ", ";
        out += module.schema.fields[changes[i].field.index()].name + ": " + value_text(module, changes[i]);
    }
    return out;
}

}  // namespace keywright::ir
