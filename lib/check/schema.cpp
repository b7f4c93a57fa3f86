// Schema: fields, their types and defaults, assumptions.
#include "check/declarations.h"
#include "check/expressions.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <set>

namespace keywright::check {

using ir::Type;
using syntax::Cursor;
using syntax::Kind;

namespace {

constexpr std::size_t kMostEnumValues = 64;  // a set of them is one machine word
constexpr std::uint32_t kHighestCost = 1000;

ir::EnumId add_enum(Context& context, const std::vector<Cursor>& names, Cursor whole) {
    ir::Enumeration enumeration;
    std::set<std::string_view> seen;
    for (const Cursor name : names) {
        if (!seen.insert(name.text()).second) {
            context.sink.report(diag::Code::kDuplicateValue, name.span(),
                                fmt::format("`{}` stands twice among the values", name.text()), "again here");
            continue;
        }
        enumeration.values.emplace_back(name.text());
    }
    if (enumeration.values.size() > kMostEnumValues) {
        context.sink
            .report(diag::Code::kTooManyValues, whole.span(),
                    fmt::format("{} values are more than {}", enumeration.values.size(), kMostEnumValues), "here")
            .help("use `text` and name the permitted values in a rule");
        enumeration.values.resize(kMostEnumValues);
    }
    // Two fields with the same values have the same type.
    const auto [at, fresh] =
        context.enum_numbers.try_emplace(enumeration.values, static_cast<std::uint32_t>(context.module.enums.size()));
    if (fresh) context.module.enums.push_back(std::move(enumeration));
    return ir::EnumId{at->second};
}

std::optional<std::int64_t> signed_integer(Context& context, const std::vector<Cursor>& tokens, std::size_t& at) {
    const bool negative = at < tokens.size() && tokens[at].text() == "-";
    if (negative) ++at;
    if (at >= tokens.size()) return {};
    const Cursor digits = tokens[at++];
    std::string text = negative ? "-" : "";
    for (const char c : digits.text()) {
        if (c != '_') text += c;
    }
    errno = 0;
    const long long value = std::strtoll(text.c_str(), nullptr, 10);
    if (errno == ERANGE) {
        context.sink.report(diag::Code::kBadNumber, digits.span(), "the number does not fit in 64 bits", "here");
        return {};
    }
    return value;
}

bool read_range(Context& context, const std::vector<Cursor>& tokens, std::size_t at, Type& type) {
    const Cursor first = tokens[at];
    const auto low = signed_integer(context, tokens, at);
    if (at < tokens.size() && tokens[at].text() == "..") ++at;
    const auto high = signed_integer(context, tokens, at);
    if (!low || !high) return false;
    if (*low > *high) {
        context.sink
            .report(diag::Code::kEmptyRange, base::join(first.span(), tokens[at - 1].span()),
                    fmt::format("no number lies in {}..{}", *low, *high), "this range")
            .help("the smaller bound stands first");
        return false;
    }
    type.min = *low;
    type.max = *high;
    return true;
}

ir::TimeUnit unit_of(std::string_view word) {
    if (word == "ms" || word.starts_with("millisecond")) return ir::TimeUnit::kMilliseconds;
    if (word == "s" || word.starts_with("second")) return ir::TimeUnit::kSeconds;
    if (word.starts_with("minute")) return ir::TimeUnit::kMinutes;
    if (word.starts_with("hour")) return ir::TimeUnit::kHours;
    return ir::TimeUnit::kDays;
}

// `immutable` and `cost N`; a nested record hands the first down to its members.
void add_attributes(Context& context, Cursor node, ir::Field& field) {
    const ir::Field* outer = field.parent.valid() ? &context.module.schema.fields[field.parent.index()] : nullptr;
    field.immutable = outer != nullptr && outer->immutable;
    Cursor immutable, cost;
    for (const Cursor c : node) {
        if (c.kind() != Kind::kImmutable && c.kind() != Kind::kCost) continue;
        Cursor& first = c.kind() == Kind::kImmutable ? immutable : cost;
        if (first) {
            context.sink
                .report(diag::Code::kDuplicateClause, c.span(), fmt::format("`{}` stands twice", c.token(Kind::kWord)),
                        "again here")
                .note(first.span(), "first here");
            continue;
        }
        first = c;
    }
    if (immutable) field.immutable = true;
    if (!cost) return;
    if (field.immutable) {
        auto diagnostic =
            context.sink.report(diag::Code::kBadCost, cost.span(),
                                fmt::format("`{}` never changes, so it has no cost", field.name), "this cost");
        if (immutable) {
            diagnostic.note(immutable.span(), "it is immutable").help("keep one of the two");
        } else {
            diagnostic.note(outer->span, "all members of this record are immutable")
                .help("remove the cost, or mark the members one by one");
        }
        return;
    }
    const Cursor number = cost.child(Kind::kInteger);
    std::uint64_t value = 0;
    for (const char c : number.text()) {
        if (c != '_')
            value = std::min<std::uint64_t>(value * 10 + static_cast<std::uint64_t>(c - '0'), kHighestCost + 1);
    }
    if (value < 1 || value > kHighestCost) {
        context.sink
            .report(diag::Code::kBadCost, number.span(),
                    fmt::format("`{}` can't cost {}", field.name, base::printable(number.text())),
                    fmt::format("not in 1..{}", kHighestCost))
            .help(value < 1
                      ? std::string{"a change costs at least 1, and without `cost` just that"}
                      : fmt::format("write at most {}, or `immutable` for what no repair may change", kHighestCost));
        return;
    }
    field.cost = static_cast<std::uint32_t>(value);
}

void add_fields(Context& context, Cursor parent, ir::FieldId parent_id, const std::string& prefix,
                const std::string& pointer);

void add_field(Context& context, Cursor node, ir::FieldId parent, const std::string& prefix,
               const std::string& pointer) {
    const Cursor name = node.child(Kind::kName);
    const Cursor type_node = node.child(Kind::kType);
    ir::Field field;
    field.member = name.text();
    field.name = prefix + field.member;
    field.pointer = pointer + "/" + base::escape_pointer(field.member);
    field.parent = parent;
    field.doc = node.doc();
    field.span = name.span();
    const auto type = type_of(context, type_node, field.unit);
    if (!type) return context.hide(field.name);
    field.type = *type;
    const auto index = static_cast<std::uint32_t>(context.module.schema.fields.size());
    if (const ir::FieldId known = context.find_field(field.name); known.valid()) {
        context.duplicate(name.span(), context.module.schema.fields[known.index()].span, "field", field.name);
        return;
    }
    // The default: `= absent` or a value.
    bool assigned = false;
    for (const Cursor c : node) {
        if (c.kind() == Kind::kPunctuation && c.text() == "=") {
            assigned = true;
            continue;
        }
        if (!assigned) continue;
        if (c.kind() == Kind::kWord && c.text() == "absent") {
            if (!field.type.optional) {
                context.sink
                    .report(diag::Code::kBadDefault, c.span(), fmt::format("`{}` can't be absent", field.name),
                            "of a type without `?`")
                    .note(type_node.span(), "its type")
                    .help(fmt::format("write `{}?`, or another default, or none: then a missing member is unknown",
                                      type_node.text()));
            }
            field.missing = ir::Missing::kAbsent;
        } else if (c.kind() == Kind::kLiteral || c.kind() == Kind::kReference || c.kind() == Kind::kSetLiteral) {
            if (field.type.kind == ir::Kind::kSecret || field.type.kind == ir::Kind::kRecord) {
                context.sink.report(diag::Code::kBadDefault, c.span(),
                                    fmt::format("a missing {} can only be `absent`", ir::word(field.type.kind)),
                                    "here");
            } else if (auto value = constant_of(context, c, field.type, false)) {
                field.missing = ir::Missing::kValue;
                field.missing_value = context.add_constant(std::move(*value));
            }
        }
        break;
    }
    add_attributes(context, node, field);
    const bool nested = field.type.kind == ir::Kind::kRecord;
    const std::string full = field.name;
    const std::string at = field.pointer;
    if (field.type.enumeration.valid()) {
        for (const std::string& word : context.module.enums[field.type.enumeration.index()].values)
            context.enum_words.try_emplace(word, index);
    }
    if (!parent.valid()) context.declare_value(field.name, NameKind::kField, index, name.span());
    context.fields.emplace(field.name, index);
    context.module.schema.fields.push_back(std::move(field));
    if (nested) add_fields(context, type_node, ir::FieldId{static_cast<std::size_t>(index)}, full + ".", at);
}

void add_fields(Context& context, Cursor parent, ir::FieldId parent_id, const std::string& prefix,
                const std::string& pointer) {
    for (const Cursor c : parent) {
        if (c.kind() == Kind::kField) add_field(context, c, parent_id, prefix, pointer);
    }
}

std::optional<ir::AssumeTerm> assume_term(Context& context, Cursor node, Type& type) {
    if (node.kind() == Kind::kReference) {
        const std::string name{node.text()};
        if (name == "now") {
            type = kInstantType;
            return ir::AssumeTerm{{}, true, {}};
        }
        const ir::FieldId field = context.find_field(name);
        if (!field.valid()) {
            auto names = context.field_names();
            names.emplace_back("now");
            context.unknown_name(node.span(), "field", name, names);
            return {};
        }
        type = context.module.schema.fields[field.index()].type;
        type.optional = false;
        return ir::AssumeTerm{field, false, {}};
    }
    if (node.kind() == Kind::kLiteral) {
        const auto value = literal_value(node, false, context.sink);
        if (!value) return {};
        type = value->type;
        return ir::AssumeTerm{{}, false, context.add_constant(value->value)};
    }
    context.sink
        .report(diag::Code::kAssumeTerm, node.span(), "an assumption compares fields, `now` and constants",
                "this is neither")
        .help("state the relation between the fields themselves");
    return {};
}

template <class T>
bool in_order(const value::Value& lesser, const value::Value& greater, bool strict) {
    const T& a = std::get<T>(lesser);
    const T& b = std::get<T>(greater);
    return strict ? a < b : a <= b;
}

// Both sides are constants, and not in this order.
bool never_holds(const Context& context, const ir::Assumption& assumption, ir::Kind kind) {
    if (!assumption.lesser.constant.valid() || !assumption.greater.constant.valid()) return false;
    const value::Value& lesser = context.module.constants[assumption.lesser.constant.index()];
    const value::Value& greater = context.module.constants[assumption.greater.constant.index()];
    if (kind == ir::Kind::kInt) return !in_order<std::int64_t>(lesser, greater, assumption.strict);
    if (kind == ir::Kind::kInstant) return !in_order<Instant>(lesser, greater, assumption.strict);
    return !in_order<Duration>(lesser, greater, assumption.strict);
}

void add_assumption(Context& context, Cursor item) {
    std::vector<ir::AssumeTerm> terms;
    std::vector<Type> types;
    std::vector<Cursor> nodes;
    std::vector<bool> strict;
    int direction = 0;
    for (const Cursor c : item) {
        if (c.kind() == Kind::kPunctuation) {
            const int way = c.text()[0] == '<' ? 1 : 2;
            if (direction != 0 && way != direction) {
                context.sink
                    .report(diag::Code::kMixedChain, c.span(), "a chain of comparisons must run in one direction",
                            "this one turns round")
                    .help("write two assumptions");
                return;
            }
            direction = way;
            strict.push_back(c.text().size() == 1);
        } else if (!syntax::is_token(c.kind())) {
            Type type;
            const auto term = assume_term(context, c, type);
            if (!term) return;
            const bool ordered =
                type.kind == ir::Kind::kInstant || type.kind == ir::Kind::kInt || type.kind == ir::Kind::kDuration;
            if (ordered && !types.empty() && types.front().kind != type.kind) {
                context.sink.report(
                    diag::Code::kAssumeTerm, c.span(),
                    fmt::format("an assumption can't order {} and {}", context.show(types.front()), context.show(type)),
                    "does not fit");
                return;
            }
            if (!ordered) {
                context.sink.report(diag::Code::kAssumeTerm, c.span(),
                                    fmt::format("an assumption orders instants, ints or durations; this is of type {}",
                                                context.show(type)),
                                    "here");
                return;
            }
            terms.push_back(*term);
            types.push_back(type);
            nodes.push_back(c);
        }
    }
    // `a <= b <= c` states a <= c too, also where b is absent.
    for (std::size_t i = 0; i < terms.size(); ++i) {
        bool any_strict = false;
        for (std::size_t j = i + 1; j < terms.size(); ++j) {
            any_strict = any_strict || strict[j - 1];
            ir::Assumption one{terms[i], terms[j], any_strict, item.span()};
            if (direction == 2) std::swap(one.lesser, one.greater);
            if (never_holds(context, one, types[i].kind)) {
                context.sink.report(diag::Code::kAssumeTerm, base::join(nodes[i].span(), nodes[j].span()),
                                    "no record can keep this assumption", "the constants contradict it");
                return;
            }
            context.module.schema.assumptions.push_back(one);
        }
    }
}

void cite_fields(Context& context, Cursor parent, const std::string& prefix) {
    for (const Cursor c : parent) {
        if (c.kind() != Kind::kField) continue;
        const std::string name = prefix + std::string{c.token(Kind::kName)};
        const ir::FieldId field = context.find_field(name);
        if (!field.valid()) continue;
        context.citations(c.child(Kind::kCites), context.module.schema.fields[field.index()].cites);
        if (const Cursor type = c.child(Kind::kType)) cite_fields(context, type, name + ".");
    }
}

}  // namespace

std::optional<Type> type_of(Context& context, Cursor node, ir::TimeUnit& unit) {
    if (!node) return {};
    Type type;
    auto tokens = node.children();
    if (!tokens.empty() && tokens.back().text() == "?") {
        type.optional = true;
        tokens.pop_back();
    }
    if (tokens.empty()) return {};
    const std::string_view word = tokens.front().text();
    std::vector<Cursor> names;
    for (const Cursor c : tokens) {
        if (c.kind() == Kind::kName) names.push_back(c);
    }
    if (word == "bool") {
        type.kind = ir::Kind::kBool;
    } else if (word == "text") {
        type.kind = ir::Kind::kText;
    } else if (word == "network") {
        type.kind = ir::Kind::kNetwork;
    } else if (word == "secret") {
        type.kind = ir::Kind::kSecret;
    } else if (word == "int") {
        type.kind = ir::Kind::kInt;
        if (tokens.size() > 1 && !read_range(context, tokens, 1, type)) return {};
    } else if (word == "instant") {
        type.kind = ir::Kind::kInstant;
        if (tokens.size() > 1) unit = unit_of(tokens.back().text());
    } else if (word == "duration") {
        type.kind = ir::Kind::kDuration;
        if (tokens.size() > 1) {
            unit = unit_of(tokens.back().text());
            if (tokens.back().text().starts_with("week")) {
                context.sink
                    .report(diag::Code::kBadDuration, tokens.back().span(), "a number in JSON can't count weeks here",
                            "this unit")
                    .help("use `days`, `hours`, `minutes`, `seconds` or `milliseconds`");
                return {};
            }
        }
    } else if (word == "one") {
        type.kind = ir::Kind::kEnum;
        type.enumeration = add_enum(context, names, node);
    } else if (word == "set") {
        type.kind = ir::Kind::kSet;
        const std::string_view of = tokens[2].text();
        if (of == "{") {
            type.element = ir::Kind::kEnum;
            type.enumeration = add_enum(context, names, node);
        } else if (of == "network") {
            type.element = ir::Kind::kNetwork;
        } else if (of == "text") {
            type.element = ir::Kind::kText;
        } else {
            type.element = ir::Kind::kInt;
            if (tokens.size() > 3 && !read_range(context, tokens, 3, type)) return {};
        }
    } else {
        type.kind = ir::Kind::kRecord;
    }
    return type;
}

void declare_schema(Context& context, Cursor item) {
    const Cursor name = item.child(Kind::kName);
    if (context.module.schema.span.valid()) {
        context.sink
            .report(diag::Code::kSeveralSchemas, name.span(), fmt::format("a second schema `{}`", name.text()),
                    "declared here")
            .note(context.module.schema.span, "the first one")
            .help("a pack has one schema; an overlay uses the one it extends");
        return;
    }
    context.module.schema.name = name.text();
    context.module.schema.span = name.span();
    add_fields(context, item, {}, {}, {});
}

void finish_schema(Context& context, Cursor item) {
    cite_fields(context, item, {});
    for (const Cursor c : item) {
        if (c.kind() == Kind::kAssume) add_assumption(context, c);
    }
}

}  // namespace keywright::check
