// Types and values in the language's words.
#include "ir/ir.h"

#include "base/text.h"
#include "keywright/time.h"
#include "value/network.h"

#include <cstdint>
#include <limits>
#include <string>
#include <variant>

namespace keywright::ir {
namespace {

// `text` between quotes. Escapes come first, so that `printable` finds only what has no visible form.
std::string quoted(std::string_view text) {
    std::string escaped = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            escaped += '\\';
            escaped += c;
        } else if (c == '\n') {
            escaped += "\\n";
        } else if (c == '\t') {
            escaped += "\\t";
        } else {
            escaped += c;
        }
    }
    escaped += '"';
    return base::printable(escaped, std::numeric_limits<std::size_t>::max());
}

std::string int_type(std::int64_t min, std::int64_t max) {
    std::string out = "int";
    if (min == INT64_MIN && max == INT64_MAX) return out;
    out += ' ';
    if (min != INT64_MIN) out += std::to_string(min);
    out += "..";
    if (max != INT64_MAX) out += std::to_string(max);
    return out;
}

std::string enum_values(const Module& module, EnumId id) {
    std::string out = "{ ";
    const char* separator = "";
    for (const std::string& name : module.enums[id.index()].values) {
        out += separator;
        out += name;
        separator = ", ";
    }
    return out + " }";
}

std::string enum_name(const Module& module, const Type& type, std::uint32_t index) {
    if (type.enumeration.valid() && type.enumeration.index() < module.enums.size()) {
        const auto& names = module.enums[type.enumeration.index()].values;
        if (index < names.size()) return names[index];
    }
    return '#' + std::to_string(index);
}

template <class Elements, class Write>
std::string braces(const Elements& elements, Write write) {
    std::string out = "{";
    const char* separator = "";
    for (const auto& element : elements) {
        out += separator;
        out += write(element);
        separator = ", ";
    }
    return out + "}";
}

struct Writer {
    const Module& module;
    const Type& type;

    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(const std::string& v) const { return quoted(v); }
    std::string operator()(value::EnumValue v) const { return enum_name(module, type, v.index); }
    std::string operator()(value::EnumSet v) const {
        std::string out = "{";
        const char* separator = "";
        for (std::uint32_t i = 0; i < 64; ++i) {
            if ((v.bits >> i & 1U) == 0) continue;
            out += separator;
            out += enum_name(module, type, i);
            separator = ", ";
        }
        return out + "}";
    }
    std::string operator()(const value::Network& v) const { return value::to_string(v); }
    std::string operator()(const value::NetworkSet& v) const {
        return braces(v, [](const value::Network& n) { return value::to_string(n); });
    }
    std::string operator()(const value::TextSet& v) const {
        return braces(v, [](const std::string& t) { return quoted(t); });
    }
    std::string operator()(const value::IntSet& v) const {
        return braces(v, [](std::int64_t n) { return std::to_string(n); });
    }
    std::string operator()(Instant v) const { return keywright::to_string(v); }
    std::string operator()(Duration v) const { return keywright::to_string(v); }
    // Nothing of a secret is ever shown, its length included.
    std::string operator()(const value::SecretFacts&) const { return "(secret)"; }
};

}  // namespace

std::string to_string(const Module& module, const Type& type) {
    std::string out;
    switch (type.kind) {
        case Kind::kInt: out = int_type(type.min, type.max); break;
        case Kind::kEnum: out = "one of " + enum_values(module, type.enumeration); break;
        case Kind::kSet:
            out = "set of ";
            if (type.element == Kind::kEnum) {
                out += enum_values(module, type.enumeration);
            } else if (type.element == Kind::kInt) {
                out += int_type(type.min, type.max);
            } else {
                out += word(type.element);
            }
            break;
        case Kind::kBool:
        case Kind::kText:
        case Kind::kNetwork:
        case Kind::kInstant:
        case Kind::kDuration:
        case Kind::kSecret:
        case Kind::kRecord: out = word(type.kind); break;
    }
    if (type.optional) out += '?';
    return out;
}

std::string to_string(const Module& module, const Type& type, const value::Value& value) {
    return std::visit(Writer{module, type}, value);
}

}  // namespace keywright::ir
