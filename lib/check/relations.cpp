// Relations: comparisons, membership, properties. Either side may tell what the other means.
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

namespace {

bool is_set(const Type& type, ir::Kind element) { return type.kind == ir::Kind::kSet && type.element == element; }

std::string where(const Type& type) {
    return type.min == type.max ? fmt::format("is {}", type.min) : fmt::format("lies in {}..{}", type.min, type.max);
}

}  // namespace

bool Expressions::needs_hint(Cursor node) const {
    if (node.kind() == Kind::kParen) {
        const auto inner = nodes_of(node);
        return !inner.empty() && needs_hint(inner.front());
    }
    if (node.kind() == Kind::kSetLiteral) {
        const auto elements = nodes_of(node);
        return elements.empty() ||
               std::any_of(elements.begin(), elements.end(), [&](Cursor c) { return c.kind() == Kind::kReference; });
    }
    const std::string_view name = bare_name(node);
    if (name.empty()) return false;
    if (name == "now" || (deadline && name == "deadline")) return false;
    const bool variable =
        std::any_of(variables_.begin(), variables_.end(), [&](const Variable& v) { return v.name == name; });
    return !variable && (!context_.values.contains(name) || context_.enum_words.contains(name));
}

bool Expressions::looks_like_value(Cursor node) const {
    if (node.kind() == Kind::kSetLiteral) return true;
    return context_.enum_words.contains(bare_name(node));
}

bool Expressions::pair(Cursor left, Cursor right, NodeId& a, NodeId& b, bool right_is_set_of_left) {
    const auto hint_for_left = [&](NodeId other) -> std::optional<Type> {
        const Type& type = context_.type(other);
        if (!right_is_set_of_left) return type;
        return type.kind == ir::Kind::kSet ? std::optional{element_of(type)} : std::nullopt;
    };
    const auto hint_for_right = [&](NodeId other) -> std::optional<Type> {
        const Type& type = context_.type(other);
        if (!right_is_set_of_left) return type;
        const bool element = type.kind == ir::Kind::kEnum || type.kind == ir::Kind::kNetwork ||
                             type.kind == ir::Kind::kText || type.kind == ir::Kind::kInt;
        return element ? std::optional{set_of(type)} : std::nullopt;
    };
    // Where both sides mean nothing by themselves, the one that isn't a value of any enumeration is the misspelt one.
    const bool right_first = !needs_hint(right) || (looks_like_value(left) && !looks_like_value(right));
    if (!a.valid() && needs_hint(left) && right_first) {
        b = lower(right);
        if (!b.valid()) return false;
        const auto hint = hint_for_left(b);
        a = lower(left, hint ? &*hint : nullptr);
    } else {
        if (!a.valid()) a = lower(left);
        if (!a.valid()) {
            if (!needs_hint(right)) b = lower(right);
            return false;
        }
        const auto hint = hint_for_right(a);
        b = lower(right, hint ? &*hint : nullptr);
    }
    return guarded(a) && guarded(b);
}

NodeId Expressions::relation(Cursor node) {
    const auto all = node.children();
    const Cursor left = all[0];
    std::size_t at = 1;
    bool negated = false;
    const auto is_word = [&](std::string_view text) {
        return at < all.size() && all[at].kind() == Kind::kWord && all[at].text() == text;
    };
    if (all[1].kind() == Kind::kPunctuation) {
        std::vector<NodeId> links;
        int direction = 0;
        bool fine = true;
        NodeId operand;
        const bool chain = all.size() > 3;
        for (std::size_t i = 1; i + 1 < all.size() && fine; i += 2) {
            const std::string_view op = all[i].text();
            const int way = op[0] == '<' ? 1 : op[0] == '>' ? 2 : 3;
            if (all.size() > 3 && ((direction != 0 && direction != way && way != 3 && direction != 3) || op == "!=")) {
                context_.sink
                    .report(diag::Code::kMixedChain, all[i].span(), "a chain of comparisons must run in one direction",
                            "this one turns round")
                    .help("join two comparisons with `and`");
                fine = false;
            }
            if (way != 3) direction = way;
            const NodeId link = comparison(chain ? base::join(all[i - 1].span(), all[i + 1].span()) : node.span(),
                                           chain, all[i - 1], all[i], all[i + 1], operand);
            fine = fine && link.valid();
            links.push_back(link);
        }
        if (!fine) return {};
        return links.size() == 1 ? links.front() : context_.add_list_node(Op::kAnd, kBoolType, node.span(), links);
    }
    if (is_word("is")) {
        ++at;
        if (is_word("not")) negated = true, ++at;
        return property(node, left, negated, all[at]);
    }
    if (is_word("has")) return set_relation(node, left, all[2].text(), all.back());
    if (is_word("not")) negated = true, ++at;
    const std::string_view word = all[at].text();
    const Cursor right = all.back();
    NodeId out;
    if (word == "in") {
        NodeId a, b;
        if (!pair(left, right, a, b, true)) return {};
        if (!not_secret(a, "compared")) return {};
        const Type &ta = context_.type(a), &tb = context_.type(b);
        if (tb.kind != ir::Kind::kSet)
            return mismatch(right.span(),
                            fmt::format("`in` needs a set on its right, this is of type {}", context_.show(tb)),
                            "not a set");
        if (!same_kind(ta, element_of(tb))) {
            return mismatch(node.span(),
                            fmt::format("a value of type {} can't be in a {}", context_.show(ta), context_.show(tb)),
                            "these do not fit");
        }
        out = context_.add_node(Op::kIn, kBoolType, node.span(), a.value, b.value);
    } else if (word == "within" || word == "covers" || word == "overlaps") {
        out = network_relation(node, left, word, right);
    } else {
        out = text_relation(node, left, word, right);
    }
    return negated ? negate(out, node.span()) : out;
}

NodeId Expressions::comparison(base::Span span, bool chain, Cursor left, Cursor op_token, Cursor right,
                               NodeId& operand) {
    NodeId a = operand, b;
    if (!pair(left, right, a, b)) return {};
    operand = b;
    if (!not_secret(a, "compared") || !not_secret(b, "compared")) return {};
    const Type ta = context_.type(a), tb = context_.type(b);
    const std::string_view text = op_token.text();
    const Op op = text == "=="   ? Op::kEqual
                  : text == "!=" ? Op::kNotEqual
                  : text == "<"  ? Op::kLess
                  : text == "<=" ? Op::kLessEqual
                  : text == ">"  ? Op::kGreater
                                 : Op::kGreaterEqual;
    if (chain && ta.kind == ir::Kind::kBool) {
        // Conditions alone can hold chains again, and in each of them the middle one stands in two comparisons.
        return mismatch(span, "a chain of comparisons can't compare conditions", "these are conditions",
                        "join two comparisons with `and`");
    }
    if (!same_kind(ta, tb) || ta.kind == ir::Kind::kRecord) {
        std::string help;
        if (ta.kind == ir::Kind::kDuration && tb.kind == ir::Kind::kInt)
            help = "give the number a unit, as in `30 days`";
        if (ta.kind == ir::Kind::kSet && same_kind(element_of(ta), tb))
            help = "ask `… in …` whether a value is in a set";
        return mismatch(span, fmt::format("can't compare {} with {}", context_.show(ta), context_.show(tb)),
                        "these do not fit", help);
    }
    const bool ordered = ta.kind == ir::Kind::kInt || ta.kind == ir::Kind::kInstant || ta.kind == ir::Kind::kDuration;
    if (op != Op::kEqual && op != Op::kNotEqual && !ordered) {
        return mismatch(op_token.span(), fmt::format("values of type {} have no order", context_.show(ta)), "here",
                        "ints, instants and durations do");
    }
    if (ta.kind == ir::Kind::kInt) {
        int same = 0;  // 1: always true, 2: always false
        const bool apart = ta.max < tb.min || tb.max < ta.min;
        const bool one = ta.min == ta.max && tb.min == tb.max && ta.min == tb.min;
        if (op == Op::kEqual) same = one ? 1 : apart ? 2 : 0;
        if (op == Op::kNotEqual) same = apart ? 1 : one ? 2 : 0;
        if (op == Op::kLess) same = ta.max < tb.min ? 1 : ta.min >= tb.max ? 2 : 0;
        if (op == Op::kLessEqual) same = ta.max <= tb.min ? 1 : ta.min > tb.max ? 2 : 0;
        if (op == Op::kGreater) same = ta.min > tb.max ? 1 : ta.max <= tb.min ? 2 : 0;
        if (op == Op::kGreaterEqual) same = ta.min >= tb.max ? 1 : ta.max < tb.min ? 2 : 0;
        if (same != 0) {
            context_.sink
                .report(diag::Code::kAlwaysSame, span,
                        fmt::format("this comparison is always {}", same == 1 ? "true" : "false"),
                        "decided by the ranges alone")
                .help(fmt::format("the left side {}, the right side {}", where(ta), where(tb)));
            return {};
        }
    }
    return context_.add_node(op, kBoolType, span, a.value, b.value);
}

NodeId Expressions::property(Cursor node, Cursor operand, bool negated, Cursor word) {
    const NodeId a = lower(operand);
    if (!a.valid()) return {};
    const std::string_view what = word.text();
    const Type type = context_.type(a);
    if (what == "present" || what == "absent") {
        if (!type.optional) {
            context_.sink
                .report(diag::Code::kNeverAbsent, operand.span(),
                        fmt::format("`{}` is never absent here", one_line(operand.text())),
                        fmt::format("of type `{}`", ir::to_string(context_.module, type)))
                .help("only fields declared with `?` may be absent, and this one may already have been tested");
            return {};
        }
        const NodeId out = context_.add_node(Op::kIsPresent, kBoolType, node.span(), a.value);
        return negated == (what == "present") ? negate(out, node.span()) : out;
    }
    if (!guarded(a)) return {};
    const auto needs = [&](bool fits, std::string_view kind, std::string_view help = {}) {
        if (!fits)
            mismatch(operand.span(),
                     fmt::format("`is {}` is asked of {}, this is of type {}", what, kind, context_.show(type)), "here",
                     std::string{help});
        return fits;
    };
    NodeId out;
    if (what == "empty") {
        if (!needs(type.kind == ir::Kind::kSet, "a set",
                   type.kind == ir::Kind::kText ? "ask a text whether it `is blank`" : ""))
            return {};
        out = context_.add_node(Op::kIsEmpty, kBoolType, node.span(), a.value);
    } else if (what == "blank") {
        if (!needs(type.kind == ir::Kind::kText, "a text")) return {};
        out = context_.add_node(Op::kIsBlank, kBoolType, node.span(), a.value);
    } else if (what == "masked") {
        if (!needs(type.kind == ir::Kind::kSecret, "a secret")) return {};
        out = context_.add_node(Op::kHasFact, kBoolType, node.span(), a.value,
                                static_cast<std::uint32_t>(value::SecretFact::kIsMasked));
    } else {
        if (!needs(type.kind == ir::Kind::kNetwork, "a network",
                   is_set(type, ir::Kind::kNetwork) ? "say of which element: `any n in … : n is …`" : ""))
            return {};
        out = context_.add_node(what == "open" ? Op::kIsOpen : Op::kIsPrivate, kBoolType, node.span(), a.value);
    }
    return negated ? negate(out, node.span()) : out;
}

NodeId Expressions::set_relation(Cursor node, Cursor left, std::string_view word, Cursor right) {
    NodeId a, b;
    if (!pair(left, right, a, b)) return {};
    const Type &ta = context_.type(a), &tb = context_.type(b);
    for (const auto& [type, side] : {std::pair{ta, left}, std::pair{tb, right}}) {
        if (type.kind != ir::Kind::kSet) {
            return mismatch(side.span(),
                            fmt::format("`has` compares two sets, this is of type {}", context_.show(type)),
                            "not a set", "write a set in braces: `{a, b}`");
        }
    }
    if (!same_kind(ta, tb))
        return mismatch(node.span(), fmt::format("can't compare {} with {}", context_.show(ta), context_.show(tb)),
                        "these do not fit");
    const Op op = word == "any"    ? Op::kHasAny
                  : word == "all"  ? Op::kHasAll
                  : word == "none" ? Op::kHasNone
                                   : Op::kHasOnly;
    return context_.add_node(op, kBoolType, node.span(), a.value, b.value);
}

NodeId Expressions::network_relation(Cursor node, Cursor left, std::string_view word, Cursor right) {
    const Type set{.kind = ir::Kind::kSet, .element = ir::Kind::kNetwork};
    const auto side = [&](Cursor c) -> NodeId {
        const NodeId n = lower(c, &set);
        if (!guarded(n)) return {};
        const Type& type = context_.type(n);
        if (type.kind == ir::Kind::kNetwork || is_set(type, ir::Kind::kNetwork)) return n;
        return mismatch(c.span(), fmt::format("`{}` compares networks, this is of type {}", word, context_.show(type)),
                        "here");
    };
    const NodeId a = side(left);
    const NodeId b = side(right);
    if (!a.valid() || !b.valid()) return {};
    const Op op = word == "within" ? Op::kWithin : word == "covers" ? Op::kCovers : Op::kOverlaps;
    return context_.add_node(op, kBoolType, node.span(), a.value, b.value);
}

NodeId Expressions::text_relation(Cursor node, Cursor left, std::string_view word, Cursor right) {
    const auto side = [&](Cursor c) -> NodeId {
        const NodeId n = lower(c);
        if (!guarded(n) || !not_secret(n, "compared")) return {};
        if (context_.type(n).kind == ir::Kind::kText) return n;
        return mismatch(
            c.span(),
            fmt::format("`{}` compares texts, this is of type {}",
                        word == "like" ? "like" : fmt::format("{} with", word), context_.show(context_.type(n))),
            "here");
    };
    const NodeId a = side(left);
    const NodeId b = side(right);
    if (!a.valid() || !b.valid()) return {};
    if (word == "like" && context_.module.node(b).op != Op::kConst) {
        context_.sink.report(diag::Code::kNotConstant, right.span(), "the pattern of `like` must be a string",
                             "a constant is required here");
        return {};
    }
    const Op op = word == "like" ? Op::kLike : word == "starts" ? Op::kStartsWith : Op::kEndsWith;
    return context_.add_node(op, kBoolType, node.span(), a.value, b.value);
}

}  // namespace keywright::check
