// Values computed from values: sums, `else`, functions, `match`, and the pieces of templates.
#include "check/expression_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace keywright::check {

using ir::NodeId;
using ir::Op;
using ir::Type;
using syntax::Cursor;
using syntax::Kind;

NodeId Expressions::sum(Cursor node) {
    const auto all = node.children();
    NodeId left = lower(all[0]);
    if (!guarded(left)) return {};
    for (std::size_t i = 1; i + 1 < all.size(); i += 2) {
        const bool add = all[i].text() == "+";
        const NodeId right = lower(all[i + 1]);
        if (!guarded(right)) return {};
        const Type ta = context_.type(left), tb = context_.type(right);
        const base::Span span = base::join(node.span(), all[i + 1].span());
        Type type;
        if (ta.kind == ir::Kind::kInt && tb.kind == ir::Kind::kInt) {
            std::int64_t low = 0, high = 0;
            const bool overflow =
                add ? __builtin_add_overflow(ta.min, tb.min, &low) || __builtin_add_overflow(ta.max, tb.max, &high)
                    : __builtin_sub_overflow(ta.min, tb.max, &low) || __builtin_sub_overflow(ta.max, tb.min, &high);
            if (overflow) {
                context_.sink.report(diag::Code::kOverflow, span, "the result may not fit in 64 bits", "here")
                    .help("give the fields ranges, as in `int 0..1000`");
                return {};
            }
            type = int_type(low, high);
        } else if (ta.kind == ir::Kind::kDuration && tb.kind == ir::Kind::kDuration) {
            type = kDurationType;
        } else if (ta.kind == ir::Kind::kInstant && tb.kind == ir::Kind::kDuration) {
            type = kInstantType;
        } else if (add && ta.kind == ir::Kind::kDuration && tb.kind == ir::Kind::kInstant) {
            type = kInstantType;
        } else if (!add && ta.kind == ir::Kind::kInstant && tb.kind == ir::Kind::kInstant) {
            type = kDurationType;
        } else {
            return mismatch(
                span, fmt::format("can't {} {} and {}", add ? "add" : "subtract", context_.show(ta), context_.show(tb)),
                "these do not fit");
        }
        left = context_.add_node(add ? Op::kAdd : Op::kSubtract, type, span, left.value, right.value);
        if (!left.valid()) return {};
    }
    return left;
}

NodeId Expressions::alternative(Cursor node, const Type* hint) {
    const auto operands = nodes_of(node);
    NodeId left = lower(operands[0], hint);
    for (std::size_t i = 1; i < operands.size(); ++i) {
        if (!left.valid() || !not_secret(left, "replaced by something else")) return {};
        const Type ta = context_.type(left);
        if (!ta.optional) {
            context_.sink
                .report(diag::Code::kNeverAbsent, operands[i - 1].span(),
                        fmt::format("`{}` is never absent here", one_line(operands[i - 1].text())),
                        fmt::format("of type `{}`", ir::to_string(context_.module, ta)))
                .help("remove `else` and what follows it");
            return {};
        }
        const NodeId right = lower(operands[i], &ta);
        if (!right.valid() || !not_secret(right, "put in for something else")) return {};
        const Type tb = context_.type(right);
        Type present_type = ta;
        present_type.optional = false;
        if (!same_kind(ta, tb) || ta.kind == ir::Kind::kRecord) {
            return mismatch(operands[i].span(),
                            fmt::format("expected a value of type {}, this is of type {}", context_.show(present_type),
                                        context_.show(tb)),
                            "does not fit");
        }
        Type type = ta;
        type.optional = tb.optional;
        type.min = std::min(ta.min, tb.min);
        type.max = std::max(ta.max, tb.max);
        left = context_.add_node(Op::kElse, type, base::join(node.span(), operands[i].span()), left.value, right.value);
    }
    return left;
}

NodeId Expressions::call(Cursor node) {
    const Cursor name = node.child(Kind::kName);
    const auto parts = nodes_of(node);
    if (parts.empty()) return {};
    static constexpr auto kFunctions =
        std::to_array<std::string_view>({"length", "count", "prefix_length", "family", "has_space", "has_digit",
                                         "has_upper", "has_lower", "has_symbol", "has_other"});
    if (std::find(kFunctions.begin(), kFunctions.end(), name.text()) == kFunctions.end()) {
        context_.unknown_name(name.span(), "function", name.text(), {kFunctions.begin(), kFunctions.end()});
        return {};
    }
    const NodeId a = lower(parts.front());
    if (!guarded(a)) return {};
    const Type type = context_.type(a);
    const auto wrong = [&](std::string_view what) {
        return mismatch(parts.front().span(),
                        fmt::format("`{}` is asked of {}, this is of type {}", name.text(), what, context_.show(type)),
                        "here");
    };
    const auto limit = static_cast<std::int64_t>(context_.limits.set_elements);
    if (name.text() == "length") {
        if (type.kind != ir::Kind::kText && type.kind != ir::Kind::kSecret) return wrong("a text or a secret");
        return context_.add_node(Op::kLength, int_type(0, UINT32_MAX), node.span(), a.value);
    }
    if (name.text() == "count") {
        if (type.kind != ir::Kind::kSet) return wrong("a set");
        const std::int64_t most =
            type.element == ir::Kind::kEnum
                ? static_cast<std::int64_t>(context_.module.enums[type.enumeration.index()].values.size())
                : limit;
        return context_.add_node(Op::kCount, int_type(0, most), node.span(), a.value);
    }
    if (name.text() == "prefix_length" || name.text() == "family") {
        if (type.kind != ir::Kind::kNetwork) return wrong("a network");
        if (name.text() == "family")
            return context_.add_node(Op::kFamily, {.kind = ir::Kind::kEnum, .enumeration = ir::EnumId{0}}, node.span(),
                                     a.value);
        return context_.add_node(Op::kPrefixLength, int_type(0, 128), node.span(), a.value);
    }
    if (type.kind != ir::Kind::kSecret) return wrong("a secret");
    const auto fact = name.text() == "has_space"    ? value::SecretFact::kHasSpace
                      : name.text() == "has_digit"  ? value::SecretFact::kHasDigit
                      : name.text() == "has_upper"  ? value::SecretFact::kHasUpper
                      : name.text() == "has_lower"  ? value::SecretFact::kHasLower
                      : name.text() == "has_symbol" ? value::SecretFact::kHasSymbol
                                                    : value::SecretFact::kHasOther;
    return context_.add_node(Op::kHasFact, kBoolType, node.span(), a.value, static_cast<std::uint32_t>(fact));
}

NodeId Expressions::match(Cursor node, const Type* hint) {
    const auto parts = nodes_of(node);
    const NodeId scrutinee = lower(parts.front());
    if (!guarded(scrutinee)) return {};
    const Type of = context_.type(scrutinee);
    if (of.kind != ir::Kind::kEnum)
        return mismatch(parts.front().span(),
                        fmt::format("`match` chooses by an enum, this is of type {}", context_.show(of)), "here");
    const std::vector<std::string> values = context_.module.enums[of.enumeration.index()].values;
    std::vector<NodeId> arms(values.size());
    std::vector<Cursor> seen(values.size());
    bool fine = true;
    std::optional<Type> type;
    Type known;
    for (const Cursor arm : parts) {
        if (arm.kind() != Kind::kArm) continue;
        const Cursor name = arm.child(Kind::kName);
        const auto index = enum_index(context_.module, of.enumeration, name.text());
        if (!index) {
            unknown_enum_value(context_, name, name.text(), of.enumeration);
            fine = false;
            continue;
        }
        if (seen[*index]) {
            context_.sink
                .report(diag::Code::kDuplicateArm, name.span(), fmt::format("`{}` is covered twice", name.text()),
                        "again here")
                .note(seen[*index].span(), "first covered here");
            fine = false;
            continue;
        }
        seen[*index] = name;
        const Cursor body = nodes_of(arm).front();
        if (type) known = *type;
        const NodeId value = lower(body, type ? &known : hint);
        if (!guarded(value) || !not_secret(value, "chosen")) {
            fine = false;
            continue;
        }
        const Type one = context_.type(value);
        if (one.kind == ir::Kind::kRecord || (type && !same_kind(*type, one))) {
            mismatch(body.span(),
                     fmt::format("the arms differ: {} and {}", type ? context_.show(*type) : std::string{"a record"},
                                 context_.show(one)),
                     "this one");
            fine = false;
            continue;
        }
        if (!type) type = one;
        type->min = std::min(type->min, one.min);
        type->max = std::max(type->max, one.max);
        arms[*index] = value;
    }
    std::vector<std::string> uncovered;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!seen[i]) uncovered.push_back(values[i]);
    }
    if (!uncovered.empty()) {
        context_.sink
            .report(
                diag::Code::kNotExhaustive, node.span(),
                fmt::format("`{}` {} not covered", fmt::join(uncovered, "`, `"), uncovered.size() == 1 ? "is" : "are"),
                "this match")
            .help("add an arm for each value");
        return {};
    }
    if (!fine) return {};
    arms.insert(arms.begin(), scrutinee);
    return context_.add_list_node(Op::kMatch, *type, node.span(), arms);
}

ir::Template Expressions::text_template(Cursor node) {
    ir::Template out;
    for (const Cursor piece : node) {
        if (piece.kind() == Kind::kTemplateText) {
            out.push_back({template_text(piece, context_.sink), {}});
        } else if (!syntax::is_token(piece.kind())) {
            const NodeId value = lower(piece);
            if (!value.valid() || !not_secret(value, "shown") || !guarded(value)) continue;
            if (context_.type(value).kind == ir::Kind::kRecord) {
                mismatch(piece.span(), "a nested record can't be shown as a whole", "here", "name one of its members");
                continue;
            }
            out.push_back({{}, value});
        }
    }
    return out;
}

}  // namespace keywright::check
