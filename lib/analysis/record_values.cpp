#include "analysis/record_values.h"

#include "ir/given.h"

namespace keywright::analysis {

namespace {

value::Value set_of(const ir::Type& type, const value::Record& record, std::size_t field) {
    switch (type.element) {
        case ir::Kind::kEnum: return value::EnumSet{record.enum_set(field)};
        case ir::Kind::kNetwork: {
            const auto all = record.network_set(field);
            return value::NetworkSet(all.begin(), all.end());
        }
        case ir::Kind::kInt: {
            const auto all = record.int_set(field);
            return value::IntSet(all.begin(), all.end());
        }
        case ir::Kind::kText:
        case ir::Kind::kBool:
        case ir::Kind::kSet:
        case ir::Kind::kInstant:
        case ir::Kind::kDuration:
        case ir::Kind::kSecret:
        case ir::Kind::kRecord: break;
    }
    value::TextSet texts;
    for (std::size_t i = 0; i < record.count(field); ++i) texts.emplace_back(record.text_element(field, i));
    return texts;
}

struct OfRecord {
    const ir::Module& module;
    value::Record& record;

    [[nodiscard]] ir::Given given(std::size_t i) const {
        switch (record.state(i)) {
            case value::State::kUnknown: return ir::Given::kUnknown;
            case value::State::kAbsent: return ir::Given::kAbsent;
            case value::State::kGiven: break;
        }
        return module.schema.fields[i].type.kind == ir::Kind::kRecord ? ir::Given::kPresent : ir::Given::kValue;
    }
    void set(std::size_t i, const ir::FieldValue& value) {
        switch (value.given) {
            case ir::Given::kUnknown: record.set_unknown(i); break;
            case ir::Given::kAbsent: record.set_absent(i); break;
            case ir::Given::kPresent: record.set_present(i); break;
            case ir::Given::kValue: record.set(i, module.constants[value.value.index()]); break;
        }
    }
};

}  // namespace

std::optional<value::Value> value_of(const ir::Schema& schema, const value::Record& record, std::size_t field) {
    if (record.state(field) != value::State::kGiven) return {};
    const ir::Type& type = schema.fields[field].type;
    switch (type.kind) {
        case ir::Kind::kBool: return record.boolean(field);
        case ir::Kind::kInt: return record.integer(field);
        case ir::Kind::kText: return std::string{record.text(field)};
        case ir::Kind::kEnum: return value::EnumValue{record.enumerator(field)};
        case ir::Kind::kNetwork: return record.network(field);
        case ir::Kind::kInstant: return record.instant(field);
        case ir::Kind::kDuration: return record.duration(field);
        case ir::Kind::kSecret: return record.secret(field);
        case ir::Kind::kSet: return set_of(type, record, field);
        case ir::Kind::kRecord: break;
    }
    return {};
}

bool agree(const ir::Schema& schema, const value::Record& a, const value::Record& b, std::size_t field) {
    if (a.state(field) != b.state(field)) return false;
    const auto value = value_of(schema, a, field);
    if (!value) return true;
    if (const auto* one = std::get_if<value::Network>(&*value); one != nullptr && one->masked) return false;
    if (const auto* all = std::get_if<value::NetworkSet>(&*value)) {
        for (const value::Network& network : *all) {
            if (network.masked) return false;
        }
    }
    return value == value_of(schema, b, field);
}

void assign_all(const ir::Module& module, value::Record& record, std::span<const ir::Assignment> changes) {
    OfRecord fields{module, record};
    for (const ir::Assignment& change : changes) ir::assign(module.schema, fields, change);
}

}  // namespace keywright::analysis
