#include "analysis/record_source.h"

#include "analysis/record_values.h"
#include "ir/given.h"
#include "value/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace keywright::analysis {

using ir::Kind;
using value::State;

namespace {

// The language has durations of one unit: the largest that divides it.
[[nodiscard]] std::optional<std::string> duration_source(Duration duration) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kUnits = {{{"day", 86'400'000'000'000},
                                                                                  {"hour", 3'600'000'000'000},
                                                                                  {"minute", 60'000'000'000},
                                                                                  {"second", 1'000'000'000},
                                                                                  {"millisecond", 1'000'000}}};
    const value::Nanos nanos = value::to_nanos(duration);
    if (nanos < 0) return std::nullopt;
    if (nanos == 0) return "0 seconds";
    for (const auto& [unit, size] : kUnits) {
        if (nanos % size != 0) continue;
        const value::Nanos count = nanos / size;
        return fmt::format("{} {}{}", static_cast<std::int64_t>(count), unit, count == 1 ? "" : "s");
    }
    return std::nullopt;
}

// Whether `field` is a member of the nested record `record`, or of one inside it.
[[nodiscard]] bool lies_in(const ir::Schema& schema, std::size_t field, std::size_t record) {
    for (ir::FieldId at = schema.fields[field].parent; at.valid(); at = schema.fields[at.index()].parent) {
        if (at.index() == record) return true;
    }
    return false;
}

// A member that says nothing new: what surrounds it says it already.
[[nodiscard]] bool follows_from_record(const ir::Module& module, const value::Record& record, std::size_t field) {
    const ir::FieldId parent = module.schema.fields[field].parent;
    return parent.valid() && record.state(parent.index()) != State::kGiven;
}

// Of a masked address nothing is known but that it is there, so any masked text says it; no two of a set are the same.
[[nodiscard]] std::string with_masks(std::string text) {
    constexpr std::string_view kMasked = "(masked)";
    int number = 154;
    for (std::size_t at = text.find(kMasked); at != std::string::npos; at = text.find(kMasked, at))
        text.replace(at, kMasked.size(), fmt::format("203.**.{}", number++ % 256));
    return text;
}

// A member that isn't mentioned, of a record that has just been given.
void set_missing(const ir::Module& module, std::size_t field, value::Record& record) {
    const ir::Field& declared = module.schema.fields[field];
    const State around = record.state(declared.parent.index());
    if (around == State::kUnknown) return record.set_unknown(field);
    if (around == State::kAbsent) return record.set_absent(field);
    const ir::FieldValue missing = ir::when_missing(declared);
    switch (missing.given) {
        case ir::Given::kUnknown: record.set_unknown(field); break;
        case ir::Given::kAbsent: record.set_absent(field); break;
        case ir::Given::kPresent: record.set_present(field); break;
        case ir::Given::kValue: record.set(field, module.constants[missing.value.index()]); break;
    }
}

}  // namespace

bool is_same(const ir::Module& module, const value::Record& a, const value::Record& b, std::size_t field) {
    if (a.state(field) != b.state(field)) return false;
    return a.state(field) != State::kGiven || value_of(module.schema, a, field) == value_of(module.schema, b, field);
}

void copy_field(const ir::Module& module, const value::Record& from, std::size_t field, value::Record& to) {
    switch (from.state(field)) {
        case State::kUnknown: to.set_unknown(field); return;
        case State::kAbsent: to.set_absent(field); return;
        case State::kGiven: break;
    }
    if (const auto given = value_of(module.schema, from, field)) {
        to.set(field, *given);
    } else {
        to.set_present(field);
    }
}

std::optional<std::string> member_source(const ir::Module& module, const value::Record& record, std::size_t field) {
    switch (record.state(field)) {
        case State::kUnknown: return "unknown";
        case State::kAbsent: return "absent";
        case State::kGiven: break;
    }
    const ir::Type& type = module.schema.fields[field].type;
    switch (type.kind) {
        case Kind::kRecord: return std::nullopt;
        case Kind::kDuration: return duration_source(record.duration(field));
        case Kind::kSecret:
            if (record.secret(field) == value::undisclosed_secret()) return "present";
            if (const auto text = secret_with(record.secret(field)))
                return ir::to_string(module, ir::Type{Kind::kText, false, Kind::kBool, {}, INT64_MIN, INT64_MAX},
                                     value::Value{*text});
            return std::nullopt;
        case Kind::kBool:
        case Kind::kInt:
        case Kind::kText:
        case Kind::kEnum:
        case Kind::kSet:
        case Kind::kNetwork:
        case Kind::kInstant: break;
    }
    return with_masks(ir::to_string(module, type, *value_of(module.schema, record, field)));
}

std::optional<std::vector<std::string>> differences(const ir::Module& module, const value::Record& base,
                                                    const value::Record& record) {
    const ir::Schema& schema = module.schema;
    std::vector<std::string> out;
    value::Record so_far = base;
    std::vector<std::size_t> opened;  // nested records that become present, of which no member is set
    for (std::size_t i = 0; i < schema.fields.size(); ++i) {
        if (follows_from_record(module, record, i) || is_same(module, so_far, record, i)) continue;
        if (schema.fields[i].type.kind == Kind::kRecord && record.state(i) == State::kGiven) {
            so_far.set_present(i);
            opened.push_back(i);
            for (std::size_t m = i + 1; m < schema.fields.size() && ir::is_inside(schema, m, ir::FieldId{i}); ++m)
                set_missing(module, m, so_far);
            continue;
        }
        const auto source = member_source(module, record, i);
        if (!source) return std::nullopt;
        // A member that is set makes the records around it present.
        std::erase_if(opened, [&](std::size_t around) { return lies_in(schema, i, around); });
        out.push_back(fmt::format("{}: {}", schema.fields[i].name, *source));
    }
    for (const std::size_t record_field : opened) {
        const bool inside = std::ranges::any_of(
            opened, [&](std::size_t other) { return other != record_field && lies_in(schema, other, record_field); });
        if (!inside) out.push_back(fmt::format("{}: present", schema.fields[record_field].name));
    }
    return out;
}

std::optional<std::string> secret_with(const value::SecretFacts& facts) {
    using value::SecretFact;
    constexpr std::uint8_t kAll = 127;
    if (facts.known != kAll || facts.length_min != facts.length_max || facts.length_min > 4'096) return std::nullopt;
    const auto has = [&](SecretFact fact) { return (facts.facts & static_cast<std::uint8_t>(fact)) != 0; };
    // One character for each fact, the rest filled with one of them.
    std::vector<std::string> letters;
    if (has(SecretFact::kIsMasked)) letters = {"*", "*", "*"};
    if (has(SecretFact::kHasLower)) letters.insert(letters.begin(), "a");
    if (has(SecretFact::kHasUpper)) letters.insert(letters.begin(), "A");
    if (has(SecretFact::kHasDigit)) letters.emplace_back("7");
    if (has(SecretFact::kHasSymbol) && !has(SecretFact::kIsMasked)) letters.emplace_back("-");
    if (has(SecretFact::kHasSpace)) letters.emplace_back(has(SecretFact::kHasOther) ? "\xe3\x80\x80" : " ");
    if (has(SecretFact::kHasOther) && !has(SecretFact::kHasSpace)) letters.emplace_back("\xc3\xa9");
    if (letters.size() > facts.length_min && has(SecretFact::kIsMasked)) {
        // Nothing but asterisks is masked too, however few.
        letters.assign(facts.length_min, "*");
    }
    if (letters.empty() && facts.length_min > 0) return std::nullopt;
    while (letters.size() < facts.length_min) letters.push_back(letters.back());
    std::string text;
    for (const std::string& letter : letters) text += letter;
    if (value::facts_of(text) != facts) return std::nullopt;
    return text;
}

}  // namespace keywright::analysis
