// Enumerations, the record, and the record of which nothing was said.
#include "emit/header.h"
#include "emit/literals.h"
#include "ir/given.h"

#include <fmt/format.h>

#include <variant>

namespace keywright::emit {

namespace {

std::string type_of(const Names& names, const ir::Type& type) {
    const auto one = [&](ir::Kind kind) -> std::string {
        switch (kind) {
            case ir::Kind::kBool: return "bool";
            case ir::Kind::kInt: return "std::int64_t";
            case ir::Kind::kText: return "std::string_view";
            case ir::Kind::kEnum: return names.enums[type.enumeration.index()];
            case ir::Kind::kNetwork: return "inlined::Network";
            case ir::Kind::kInstant: return "inlined::Instant";
            case ir::Kind::kDuration: return "inlined::Duration";
            case ir::Kind::kSecret: return "inlined::Secret";
            case ir::Kind::kRecord: return "inlined::Present";
            case ir::Kind::kSet: break;
        }
        return {};
    };
    if (type.kind != ir::Kind::kSet) return one(type.kind);
    return fmt::format("inlined::{}<{}>", type.element == ir::Kind::kEnum ? "EnumSet" : "Set", one(type.element));
}

// A value as an expression of the field's type. Sets are arrays in front of it, named after the member.
struct Expression {
    const ir::Module& module;
    const Names& names;
    const ir::Type& type;
    const std::string& member;
    std::string arrays;  // what has to stand in front

    template <class List, class Spell>
    std::string set(std::string_view element, const List& list, Spell spell) {
        if (list.empty()) return "inlined::empty";
        arrays += fmt::format("inline constexpr {} kMissing_{}[] = {{", element, member);
        for (const auto& one : list) arrays += fmt::format("{}, ", spell(one));
        arrays.resize(arrays.size() - 2);
        arrays += "};\n";
        return fmt::format("inlined::Set<{}>::assume_ordered(kMissing_{})", element, member);
    }

    std::string operator()(bool v) { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) { return literal(v); }
    std::string operator()(const std::string& v) { return view(v); }
    std::string operator()(value::EnumValue v) {
        const std::size_t id = type.enumeration.index();
        return names.enums[id] + "::" + names.enumerators[id][v.index];
    }
    std::string operator()(value::EnumSet v) {
        if (v.bits == 0) return "inlined::empty";
        return fmt::format("inlined::EnumSet<{}>::from_bits({})", names.enums[type.enumeration.index()],
                           literal(v.bits));
    }
    std::string operator()(const value::Network& v) { return network(v); }
    std::string operator()(const value::NetworkSet& v) { return set("inlined::Network", v, network); }
    std::string operator()(const value::TextSet& v) { return set("std::string_view", v, view); }
    std::string operator()(const value::IntSet& v) {
        return set("std::int64_t", v, [](std::int64_t n) { return literal(n); });
    }
    std::string operator()(Instant v) {
        return fmt::format("inlined::Instant{{{}, {}}}", literal(v.seconds), v.nanoseconds);
    }
    std::string operator()(Duration v) {
        return fmt::format("inlined::Duration{{{}, {}}}", literal(v.seconds), v.nanoseconds);
    }
    std::string operator()(const value::SecretFacts& v) {
        return fmt::format("inlined::Secret{{{}U, {}U, {}, {}}}", v.length_min, v.length_max, v.known, v.facts);
    }
};

}  // namespace

std::string record_text(const ir::Module& module, const Names& names) {
    std::string out;
    for (std::size_t e = 0; e < names.enums.size(); ++e) {
        if (names.enums[e].empty()) continue;
        out += fmt::format("enum class {} : std::uint8_t {{\n", names.enums[e]);
        for (std::size_t v = 0; v < names.enumerators[e].size(); ++v) {
            out += fmt::format("    {} = {},\n", names.enumerators[e][v], v);
        }
        out += "};\n\n";
    }
    out +=
        "// One key's configuration. Every field is unknown until it is set; views point to what the caller keeps.\n"
        "struct Record {\n";
    for (std::size_t f = 0; f < names.members.size(); ++f) {
        const ir::Field& field = module.schema.fields[f];
        const bool renamed = field.name != names.members[f];
        out += fmt::format("    inlined::{}<{}> {};{}\n", field.type.optional ? "OptionalField" : "Field",
                           type_of(names, field.type), names.members[f],
                           renamed ? "  // " + in_comment(field.name) : std::string{});
    }
    out += "};\n\n";

    std::string arrays, lines;
    const std::vector<ir::FieldValue> fields = ir::nothing_given(module.schema);
    for (std::size_t f = 0; f < fields.size(); ++f) {
        const ir::Type& type = module.schema.fields[f].type;
        switch (fields[f].given) {
            case ir::Given::kUnknown: break;
            case ir::Given::kAbsent:
                // What isn't optional itself is absent with the record around it.
                if (type.optional) lines += fmt::format("    record.{} = inlined::absent;\n", names.members[f]);
                break;
            case ir::Given::kPresent:
                lines += fmt::format("    record.{} = inlined::present;\n", names.members[f]);
                break;
            case ir::Given::kValue: {
                Expression expression{module, names, type, names.members[f], {}};
                const std::string text = std::visit(expression, module.constants[fields[f].value.index()]);
                arrays += expression.arrays;
                lines += fmt::format("    record.{} = {};\n", names.members[f], text);
                break;
            }
        }
    }
    if (!arrays.empty()) out += arrays + "\n";
    out +=
        "// The record of which nothing is said: missing members mean what the schema says of them.\n"
        "[[nodiscard]] constexpr Record nothing_given() {\n"
        "    Record record;\n" +
        lines + "    return record;\n}\n";
    return out;
}

}  // namespace keywright::emit
