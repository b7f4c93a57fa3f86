#include "check/expressions.h"

#include "base/text.h"
#include "check/expression_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace keywright::check {

using ir::NodeId;
using ir::Op;
using ir::Type;
using syntax::Cursor;
using syntax::Kind;

std::vector<Cursor> nodes_of(Cursor parent) {
    std::vector<Cursor> out;
    for (const Cursor c : parent) {
        if (!syntax::is_token(c.kind())) out.push_back(c);
    }
    return out;
}

std::string_view bare_name(Cursor node) {
    if (node.kind() != Kind::kReference) return {};
    std::string_view name;
    std::size_t parts = 0;
    for (const Cursor token : node) {
        if (token.kind() == Kind::kName) {
            name = token.text();
            ++parts;
        }
    }
    return parts == 1 ? name : std::string_view{};
}

std::string dotted_name(Cursor node) {
    std::string out;
    for (const Cursor token : node) out += token.text();
    return out;
}

std::optional<std::uint32_t> enum_index(const ir::Module& module, ir::EnumId enumeration, std::string_view name) {
    const auto& values = module.enums[enumeration.index()].values;
    const auto found = std::find(values.begin(), values.end(), name);
    if (found == values.end()) return {};
    return static_cast<std::uint32_t>(found - values.begin());
}

void unknown_enum_value(Context& context, Cursor at, std::string_view name, ir::EnumId enumeration) {
    if (context.junk_words.contains(name)) return;
    const auto& values = context.module.enums[enumeration.index()].values;
    auto diagnostic = context.sink.report(diag::Code::kUnknownEnumValue, at.span(),
                                          fmt::format("`{}` is not one of the values", name), "no such value");
    if (const std::string near = base::closest(name, values); !near.empty()) {
        diagnostic.help(fmt::format("did you mean `{}`?", near)).fix(at.span(), near);
    } else {
        diagnostic.help(fmt::format("the values are `{}`", fmt::join(values, "`, `")));
    }
}

NodeId Expressions::mismatch(base::Span span, std::string message, std::string label, std::string help) {
    auto diagnostic = context_.sink.report(diag::Code::kTypeMismatch, span, std::move(message), std::move(label));
    if (!help.empty()) diagnostic.help(std::move(help));
    return {};
}

bool Expressions::guarded(NodeId node) {
    if (!node.valid()) return false;
    if (!context_.type(node).optional) return true;
    if (facts_are_lost) return false;
    const base::Span span = context_.module.node(node).span;
    const std::string text = one_line(context_.loaded.sources.text(span));
    const bool replaceable =
        context_.type(node).kind != ir::Kind::kSecret && context_.type(node).kind != ir::Kind::kRecord;
    context_.sink
        .report(diag::Code::kOptionalUnguarded, span, fmt::format("`{}` may be absent here", text), "may be absent")
        .help(replaceable
                  ? fmt::format("test it first (`{0} is present and …`), or say what stands in for it (`{0} else …`)",
                                text)
                  : fmt::format("test it first: `{} is present and …`", text));
    return false;
}

bool Expressions::not_secret(NodeId node, std::string_view doing) {
    if (!node.valid()) return false;
    if (context_.type(node).kind != ir::Kind::kSecret) return true;
    context_.sink
        .report(diag::Code::kSecretLeak, context_.module.node(node).span, fmt::format("a secret can't be {}", doing),
                "this is a secret")
        .help(
            "a secret may be asked for `is present`, `is masked`, `length(…)` and `has_space(…)`, `has_digit(…)` and "
            "the like");
    return false;
}

NodeId Expressions::negate(NodeId node, base::Span span) {
    return node.valid() ? context_.add_node(Op::kNot, kBoolType, span, node.value) : node;
}

NodeId Expressions::condition(Cursor expr) { return of_kind(expr, ir::Kind::kBool, "a condition"); }

NodeId Expressions::of_kind(Cursor expr, ir::Kind kind, std::string_view what) {
    const NodeId node = lower(expr);
    if (!guarded(node)) return {};
    if (context_.type(node).kind != kind) {
        return mismatch(expr.span(),
                        fmt::format("expected {}, this is of type {}", what, context_.show(context_.type(node))),
                        "here");
    }
    return node;
}

NodeId Expressions::lower(Cursor expr, const Type* hint) {
    switch (expr.kind()) {
        case Kind::kReference: return reference(expr, hint);
        case Kind::kLiteral: return literal(expr);
        case Kind::kSetLiteral: return set_literal(expr, hint);
        case Kind::kParen: {
            const auto inner = nodes_of(expr);
            return inner.empty() ? NodeId{} : lower(inner.front(), hint);
        }
        case Kind::kOr: return connective(expr, Op::kOr);
        case Kind::kAnd: return connective(expr, Op::kAnd);
        case Kind::kImplies: return implication(expr);
        case Kind::kNot: return negation(expr);
        case Kind::kQuantified: return quantified(expr);
        case Kind::kRelation: return relation(expr);
        case Kind::kSum: return sum(expr);
        case Kind::kElse: return alternative(expr, hint);
        case Kind::kCall: return call(expr);
        case Kind::kMatch: return match(expr, hint);
        default: return {};  // Error nodes: reported by the parser
    }
}

}  // namespace keywright::check
