// A small schema, built by hand, and short ways to read records by it, for the tests of lib/input.
#pragma once

#include "input/reader.h"
#include "ir/ir.h"

#include <string>
#include <string_view>
#include <vector>

namespace records {

using namespace keywright;

inline ir::Type type(ir::Kind kind, bool optional = false) {
    ir::Type out;
    out.kind = kind;
    out.optional = optional;
    return out;
}

inline ir::Type set_of(ir::Kind element) {
    ir::Type out = type(ir::Kind::kSet);
    out.element = element;
    return out;
}

// key { id, name, usage, permissions, ip_allowlist, passphrase, created_at, last_used_at, ttl, retries, tags, ports,
// active, home,
//       limits { daily, seen_at (epoch s) }, updated (epoch ms), quota (hours) }
inline ir::Module module() {
    using ir::Kind;
    ir::Module out;
    out.enums.push_back({{"ipv4", "ipv6"}});
    out.enums.push_back({{"api_trading", "third_party"}});
    out.enums.push_back({{"general", "spot", "margin", "transfer", "withdrawal"}});
    out.constants.push_back(value::EnumSet{});           // 0
    out.constants.push_back(value::NetworkSet{});        // 1
    out.constants.push_back(value::EnumValue{1});        // 2
    out.constants.push_back(std::int64_t{4});            // 3
    out.constants.push_back(Instant{1'000'000'000, 0});  // 4
    const auto add = [&](std::string name, ir::Type declared, ir::Missing missing = ir::Missing::kUnknown,
                         std::size_t constant = 0, ir::TimeUnit unit = ir::TimeUnit::kNone) {
        ir::Field field;
        field.name = name;
        field.member = name.substr(name.rfind('.') + 1);
        field.pointer = "/" + name;
        for (char& c : field.pointer) c = c == '.' ? '/' : c;
        field.type = declared;
        field.missing = missing;
        if (missing == ir::Missing::kValue) field.missing_value = ir::ConstId{constant};
        field.unit = unit;
        if (const std::size_t dot = name.rfind('.'); dot != std::string::npos) {
            for (std::size_t i = 0; i < out.schema.fields.size(); ++i) {
                if (out.schema.fields[i].name == name.substr(0, dot)) field.parent = ir::FieldId{i};
            }
        }
        out.schema.fields.push_back(std::move(field));
    };
    using ir::Missing;
    add("id", type(Kind::kText, true), Missing::kAbsent);
    add("name", type(Kind::kText, true), Missing::kAbsent);
    ir::Type usage = type(Kind::kEnum);
    usage.enumeration = ir::EnumId{std::size_t{1}};
    add("usage", usage);
    ir::Type permissions = set_of(Kind::kEnum);
    permissions.enumeration = ir::EnumId{std::size_t{2}};
    add("permissions", permissions, Missing::kValue, 0);
    add("ip_allowlist", set_of(Kind::kNetwork), Missing::kValue, 1);
    add("passphrase", type(Kind::kSecret, true), Missing::kAbsent);
    add("created_at", type(Kind::kInstant, true));
    add("last_used_at", type(Kind::kInstant, true));
    add("ttl", type(Kind::kDuration));
    ir::Type retries = type(Kind::kInt);
    retries.min = 1;
    retries.max = 20;
    add("retries", retries, Missing::kValue, 3);
    add("tags", set_of(Kind::kText));
    ir::Type ports = set_of(Kind::kInt);
    ports.min = 0;
    ports.max = 65535;
    add("ports", ports);
    add("active", type(Kind::kBool));
    add("home", type(Kind::kNetwork));
    add("limits", type(Kind::kRecord, true), Missing::kUnknown);
    add("limits.daily", type(Kind::kInt));
    add("limits.seen_at", type(Kind::kInstant), Missing::kUnknown, 0, ir::TimeUnit::kSeconds);
    add("updated", type(Kind::kInstant), Missing::kUnknown, 0, ir::TimeUnit::kMilliseconds);
    add("quota", type(Kind::kDuration), Missing::kUnknown, 0, ir::TimeUnit::kHours);
    return out;
}

inline std::size_t field(const ir::Module& module, std::string_view name) {
    for (std::size_t i = 0; i < module.schema.fields.size(); ++i) {
        if (module.schema.fields[i].name == name) return i;
    }
    return static_cast<std::size_t>(-1);
}

// What was handed over, copied.
inline std::vector<input::ReadRecord> read(const ir::Module& module, std::string_view text,
                                           input::DocumentForm form = input::DocumentForm::kAuto,
                                           const ir::Adapter* adapter = nullptr, const Limits& limits = {}) {
    input::ReadOptions options;
    options.adapter = adapter;
    options.now = Instant{1'800'000'000, 0};
    options.limits = limits;
    std::vector<input::ReadRecord> out;
    input::read_records(module, text, form, options, [&](input::ReadRecord& record) { out.push_back(record); });
    return out;
}

// `code@pointer code@pointer` of the errors of the only record.
inline std::string problems(const std::vector<input::ReadRecord>& records) {
    if (records.size() != 1) return std::to_string(records.size()) + " records";
    std::string out;
    for (const RecordError& error : records[0].errors) {
        if (!out.empty()) out += ' ';
        out += error.code + "@" + error.at;
    }
    return out;
}

}  // namespace records
