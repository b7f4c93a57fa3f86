#include "input/json_schema.h"

#include <nlohmann/json.hpp>

#include <bit>

namespace keywright::input {

namespace {

using Json = nlohmann::ordered_json;

Json scalar(const ir::Module& module, const ir::Type& type, ir::TimeUnit unit);

Json enumeration(const ir::Module& module, ir::EnumId id) {
    Json values = Json::array();
    for (const std::string& value : module.enums[id.index()].values) values.push_back(value);
    return {{"type", "string"}, {"enum", std::move(values)}};
}

std::string unit_word(ir::TimeUnit unit) {
    switch (unit) {
        case ir::TimeUnit::kNone: return {};
        case ir::TimeUnit::kMilliseconds: return "milliseconds";
        case ir::TimeUnit::kSeconds: return "seconds";
        case ir::TimeUnit::kMinutes: return "minutes";
        case ir::TimeUnit::kHours: return "hours";
        case ir::TimeUnit::kDays: return "days";
    }
    return {};
}

Json integer(std::int64_t min, std::int64_t max) {
    Json out{{"type", "integer"}};
    out["minimum"] = min;
    out["maximum"] = max;
    return out;
}

Json secret() {
    Json facts{{"type", "object"}, {"additionalProperties", false}};
    facts["properties"]["length"] = {{"type", "integer"}, {"minimum", 0}};
    for (const char* name :
         {"has_space", "has_digit", "has_upper", "has_lower", "has_symbol", "has_other", "is_masked"}) {
        facts["properties"][name] = {{"type", "boolean"}};
    }
    Json undisclosed{{"type", "object"},
                     {"required", {"$secret"}},
                     {"additionalProperties", false},
                     {"properties", {{"$secret", std::move(facts)}}}};
    return {{"oneOf", Json::array({Json{{"type", "string"}}, std::move(undisclosed)})},
            {"description",
             "the secret, of which only a few facts are kept, or {\"$secret\": {}}: it is set and stays undisclosed"}};
}

Json scalar(const ir::Module& module, const ir::Type& type, ir::TimeUnit unit) {
    switch (type.kind) {
        case ir::Kind::kBool: return {{"type", "boolean"}};
        case ir::Kind::kInt: return integer(type.min, type.max);
        case ir::Kind::kText: return {{"type", "string"}};
        case ir::Kind::kEnum: return enumeration(module, type.enumeration);
        case ir::Kind::kNetwork:
            return {{"type", "string"},
                    {"description",
                     "an IPv4 or IPv6 address or block without host bits; masked addresses like 203.**.154 are entries "
                     "of unknown value"}};
        case ir::Kind::kInstant:
            if (unit != ir::TimeUnit::kNone)
                return {{"type", "integer"},
                        {"minimum", 0},
                        {"description", unit_word(unit) + " since 1970-01-01T00:00:00Z"}};
            return {{"type", "string"}, {"format", "date-time"}};
        case ir::Kind::kDuration:
            if (unit != ir::TimeUnit::kNone) return {{"type", "integer"}, {"description", "in " + unit_word(unit)}};
            return {{"type", "string"}, {"format", "duration"}};
        case ir::Kind::kSecret: return secret();
        case ir::Kind::kSet: {
            ir::Type element{.kind = type.element, .enumeration = type.enumeration, .min = type.min, .max = type.max};
            return {{"type", "array"}, {"items", scalar(module, element, unit)}, {"uniqueItems", true}};
        }
        case ir::Kind::kRecord: return {{"type", "object"}};
    }
    return {};
}

std::string meaning_of_missing(const ir::Module& module, const ir::Field& field) {
    switch (field.missing) {
        case ir::Missing::kUnknown: return "missing: unknown";
        case ir::Missing::kAbsent: return "missing: absent";
        case ir::Missing::kValue:
            return "missing: " + ir::to_string(module, field.type, module.constants[field.missing_value.index()]);
    }
    return {};
}

void add_members(const ir::Module& module, ir::FieldId parent, Json& object) {
    object["properties"] = Json::object();
    for (std::size_t i = 0; i < module.schema.fields.size(); ++i) {
        const ir::Field& field = module.schema.fields[i];
        if (field.parent != parent) continue;
        Json one = scalar(module, field.type, field.unit);
        if (field.type.kind == ir::Kind::kRecord) {
            one["additionalProperties"] = false;
            add_members(module, ir::FieldId{i}, one);
        }
        std::string description = field.doc;
        if (one.contains("description"))
            description += (description.empty() ? "" : "; ") + one["description"].get<std::string>();
        description += (description.empty() ? "" : "; ") + meaning_of_missing(module, field);
        one.erase("description");
        if (field.type.optional) one = Json{{"oneOf", Json::array({std::move(one), Json{{"type", "null"}}})}};
        one["description"] = description;
        object["properties"][field.member] = std::move(one);
    }
}

}  // namespace

std::string json_schema(const ir::Module& module) {
    Json out;
    out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    out["title"] = module.pack.name + " " + module.pack.version + ": " + module.schema.name;
    out["type"] = "object";
    out["additionalProperties"] = false;
    add_members(module, {}, out);
    Json names = Json::array();
    for (const ir::Field& field : module.schema.fields) names.push_back(field.name);
    out["properties"]["$unknown"] = {{"type", "array"},
                                     {"items", {{"enum", std::move(names)}}},
                                     {"uniqueItems", true},
                                     {"description", "fields that are not known"}};
    return out.dump(2) + "\n";
}

}  // namespace keywright::input
