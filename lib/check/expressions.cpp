#include "check/expressions.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace keywright::check {

using ir::NodeId;
using ir::Op;
using ir::Type;
using syntax::Cursor;
using syntax::Kind;

namespace {

bool is_set(const Type& type, ir::Kind element) { return type.kind == ir::Kind::kSet && type.element == element; }

std::vector<Cursor> nodes_of(Cursor parent) {
    std::vector<Cursor> out;
    for (const Cursor c : parent) {
        if (!syntax::is_token(c.kind())) out.push_back(c);
    }
    return out;
}

// The one name of a Reference without dots, or empty.
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

template <class T>
void sort_unique(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
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

std::string where(const Type& type) {
    return type.min == type.max ? fmt::format("is {}", type.min) : fmt::format("lies in {}..{}", type.min, type.max);
}

bool in_range(Context& context, Cursor at, std::int64_t number, const Type& type) {
    if (number >= type.min && number <= type.max) return true;
    context.sink
        .report(diag::Code::kOutsideRange, at.span(), fmt::format("{} lies outside {}..{}", number, type.min, type.max),
                "here")
        .help("the range is part of the type");
    return false;
}

}  // namespace

std::optional<value::Value> constant_of(Context& context, Cursor node, const Type& type, bool allow_masked) {
    const auto wrong = [&]() -> std::optional<value::Value> {
        context.sink.report(diag::Code::kTypeMismatch, node.span(),
                            fmt::format("expected a value of type {}", context.show(type)), "this value does not fit");
        return {};
    };
    if (node.kind() == Kind::kReference) {
        const std::string name = dotted_name(node);
        if (type.kind != ir::Kind::kEnum) {
            context.sink.report(diag::Code::kNotConstant, node.span(),
                                fmt::format("`{}` is not a constant of type {}", name, context.show(type)),
                                "a constant is required here");
            return {};
        }
        const auto index = enum_index(context.module, type.enumeration, name);
        if (!index) {
            unknown_enum_value(context, node, name, type.enumeration);
            return {};
        }
        return value::EnumValue{*index};
    }
    if (node.kind() == Kind::kSetLiteral) {
        if (type.kind != ir::Kind::kSet) return wrong();
        value::EnumSet bits;
        value::NetworkSet networks;
        value::TextSet texts;
        value::IntSet ints;
        std::set<value::Network> seen_networks;
        std::set<std::string> seen_texts;
        std::set<std::int64_t> seen_ints;
        const Type element = element_of(type);
        bool fine = true;
        for (const Cursor one : nodes_of(node)) {
            const auto value = constant_of(context, one, element, allow_masked);
            if (!value) {
                fine = false;
                continue;
            }
            bool fresh = true;
            if (const auto* e = std::get_if<value::EnumValue>(&*value)) {
                fresh = (bits.bits >> e->index & 1U) == 0;
                bits.bits |= std::uint64_t{1} << e->index;
            } else if (const auto* n = std::get_if<value::Network>(&*value)) {
                fresh = n->masked || seen_networks.insert(*n).second;
                networks.push_back(*n);
            } else if (const auto* t = std::get_if<std::string>(&*value)) {
                fresh = seen_texts.insert(*t).second;
                texts.push_back(*t);
            } else if (const auto* i = std::get_if<std::int64_t>(&*value)) {
                fresh = seen_ints.insert(*i).second;
                ints.push_back(*i);
            }
            if (!fresh) {
                context.sink.report(diag::Code::kDuplicateValue, one.span(),
                                    fmt::format("`{}` stands twice in the set", one_line(one.text())), "again here");
                fine = false;
            }
        }
        if (!fine) return {};
        switch (type.element) {
            case ir::Kind::kEnum: return bits;
            case ir::Kind::kNetwork:
                std::sort(networks.begin(), networks.end(),
                          [](const auto& a, const auto& b) { return a.masked != b.masked ? b.masked : a < b; });
                return networks;
            case ir::Kind::kText: sort_unique(texts); return texts;
            case ir::Kind::kInt: sort_unique(ints); return ints;
            case ir::Kind::kBool:
            case ir::Kind::kSet:
            case ir::Kind::kInstant:
            case ir::Kind::kDuration:
            case ir::Kind::kSecret:
            case ir::Kind::kRecord: return wrong();
        }
        return wrong();
    }
    if (node.kind() != Kind::kLiteral) return wrong();
    auto literal = literal_value(node, allow_masked, context.sink);
    if (!literal) return {};
    if (type.kind == ir::Kind::kSecret && literal->type.kind == ir::Kind::kText)
        return value::facts_of(std::get<std::string>(literal->value));
    if (literal->type.kind != type.kind) {
        if (type.kind == ir::Kind::kDuration && literal->type.kind == ir::Kind::kInt) {
            context.sink
                .report(diag::Code::kTypeMismatch, node.span(), "a duration needs a unit", "this is a bare number")
                .help(fmt::format("write `{} days`, for example", one_line(node.text())));
            return {};
        }
        return wrong();
    }
    if (type.kind == ir::Kind::kInt && !in_range(context, node, std::get<std::int64_t>(literal->value), type))
        return {};
    return literal->value;
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

void Expressions::assume(NodeId node, bool truth) {
    if (!node.valid()) return;
    const auto found = context_.node_facts.find(node.value);
    if (found == context_.node_facts.end()) return;
    const Facts& more = truth ? found->second.if_true : found->second.if_false;
    for (const std::uint32_t field : more) {
        if (facts.insert(field).second) gained_.push_back(field);
    }
}

void Expressions::forget(std::size_t mark) {
    for (; gained_.size() > mark; gained_.pop_back()) facts.erase(gained_.back());
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

NodeId Expressions::reference(Cursor node, const Type* hint) {
    const std::string_view name = bare_name(node);
    if (!name.empty()) {
        for (auto variable = variables_.rbegin(); variable != variables_.rend(); ++variable) {
            if (variable->name != name) continue;
            variable->used = true;
            return context_.add_node(Op::kElement, context_.module.variables[variable->index], node.span(),
                                     variable->index);
        }
        if (hint != nullptr && hint->kind == ir::Kind::kEnum) {
            if (const auto index = enum_index(context_.module, hint->enumeration, name)) {
                Type type{.kind = ir::Kind::kEnum, .enumeration = hint->enumeration};
                return context_.add_const_node(type, value::EnumValue{*index}, node.span());
            }
        }
        if (const auto value = context_.values.find(name); value != context_.values.end()) {
            value->second.used = true;
            switch (value->second.kind) {
                case NameKind::kField: return field_reference(node, ir::FieldId{value->second.index});
                case NameKind::kParam:
                    return context_.add_node(Op::kParam, context_.module.params[value->second.index].type, node.span(),
                                             value->second.index);
                case NameKind::kDefine: return define_reference(node, value->second.index);
            }
        }
        if (name == "now") return context_.add_node(Op::kNow, kInstantType, node.span());
        if (deadline && name == "deadline") return context_.add_node(Op::kDeadline, kInstantType, node.span());
        if (hint != nullptr && hint->kind == ir::Kind::kEnum) {
            unknown_enum_value(context_, node, name, hint->enumeration);
            return {};
        }
        auto names = context_.value_names();
        for (const Variable& v : variables_) names.emplace_back(v.name);
        context_.unknown_name(node.span(), "name", name, names);
        return {};
    }
    const std::string dotted = dotted_name(node);
    const ir::FieldId field = context_.find_field(dotted);
    if (!field.valid()) {
        context_.unknown_name(node.span(), "field", dotted, context_.field_names());
        return {};
    }
    for (ir::FieldId f = field; f.valid(); f = context_.module.schema.fields[f.index()].parent) {
        if (const auto value = context_.values.find(context_.module.schema.fields[f.index()].name);
            value != context_.values.end())
            value->second.used = true;
    }
    return field_reference(node, field);
}

NodeId Expressions::field_reference(Cursor node, ir::FieldId id) {
    const ir::Field& field = context_.module.schema.fields[id.index()];
    for (ir::FieldId p = field.parent; p.valid(); p = context_.module.schema.fields[p.index()].parent) {
        const ir::Field& parent = context_.module.schema.fields[p.index()];
        if (!parent.type.optional || facts.contains(p.value)) continue;
        if (facts_are_lost) return {};
        context_.sink
            .report(diag::Code::kOptionalUnguarded, node.span(),
                    fmt::format("`{}` may be absent here, and `{}` with it", parent.name, field.name), "may be absent")
            .help(fmt::format("test it first: `{} is present and …`", parent.name));
        return {};
    }
    Type type = field.type;
    if (facts.contains(id.value)) type.optional = false;
    return context_.add_node(Op::kField, type, node.span(), id.value);
}

NodeId Expressions::define_reference(Cursor node, std::uint32_t define) {
    if (context_.define_progress[define] == Context::Progress::kBusy) {
        context_.sink
            .report(diag::Code::kCycle, node.span(), fmt::format("`{}` depends on itself", bare_name(node)),
                    "used here")
            .note(context_.module.defines[define].span, "while it is being defined here");
        return {};
    }
    if (context_.define_progress[define] == Context::Progress::kNew) {
        std::size_t busy = 0;
        for (const auto progress : context_.define_progress) busy += progress == Context::Progress::kBusy ? 1U : 0U;
        if (busy > context_.limits.rule_depth) {
            context_.sink
                .report(diag::Code::kTooComplex, node.span(),
                        fmt::format("more than {} defines hang on one another before they are declared",
                                    context_.limits.rule_depth),
                        "here")
                .help("declare a define before the ones that use it; the limit is `rule_depth`");
            return {};
        }
        lower_define(context_, define);
    }
    const NodeId root = context_.module.defines[define].root;
    if (!root.valid()) return {};
    Type type = context_.type(root);
    NodeId under = root;  // another name of a field is present where the field is
    while (context_.module.node(under).op == Op::kDefine) under = context_.module.operand_a(under);
    if (context_.module.node(under).op == Op::kField && facts.contains(context_.module.node(under).a))
        type.optional = false;
    return context_.add_node(Op::kDefine, type, node.span(), root.value, define);
}

void lower_define(Context& context, std::uint32_t define) {
    context.define_progress[define] = Context::Progress::kBusy;
    const Cursor item = context.define_items[define];
    Expressions expressions{context};
    for (const Cursor c : item) {
        if (syntax::is_token(c.kind()) || c.kind() == Kind::kCites) continue;
        const NodeId root = expressions.lower(c);
        if (expressions.may_define(root)) context.module.defines[define].root = root;
        break;
    }
    context.define_progress[define] = Context::Progress::kDone;
}

bool Expressions::may_define(NodeId root) { return root.valid() && not_secret(root, "given another name"); }

NodeId Expressions::literal(Cursor node) {
    const auto value = literal_value(node, false, context_.sink);
    if (!value) return {};
    return context_.add_const_node(value->type, value->value, node.span());
}

NodeId Expressions::set_literal(Cursor node, const Type* hint) {
    Type type;
    if (hint != nullptr && hint->kind == ir::Kind::kSet) {
        type = *hint;
        type.optional = false;
        if (type.element == ir::Kind::kInt) type.min = INT64_MIN, type.max = INT64_MAX;
    } else {
        const auto elements = nodes_of(node);
        if (elements.empty() || elements.front().kind() != Kind::kLiteral) {
            context_.sink
                .report(diag::Code::kUnclearType, node.span(), "nothing tells what these values are", "a set of what?")
                .help("compare it with a field, as in `permissions has any of {…}`");
            return {};
        }
        diag::Sink probe{1};  // what is wrong with it is reported with the other elements, below
        const auto first = literal_value(elements.front(), false, probe);
        if (!first) return literal(elements.front());
        type = set_of(first->type);
        if (type.element == ir::Kind::kInt) type.min = INT64_MIN, type.max = INT64_MAX;
        if (type.element != ir::Kind::kInt && type.element != ir::Kind::kText && type.element != ir::Kind::kNetwork) {
            return mismatch(elements.front().span(),
                            fmt::format("a set can't hold values of type {}", context_.show(first->type)), "here",
                            "sets hold values of an enum, networks, texts or ints");
        }
    }
    auto value = constant_of(context_, node, type, false);
    if (!value) return {};
    return context_.add_const_node(type, std::move(*value), node.span());
}

NodeId Expressions::connective(Cursor node, Op op) {
    const std::size_t before = gained_.size();
    std::vector<NodeId> operands;
    bool fine = true;
    for (const Cursor c : nodes_of(node)) {
        const NodeId operand = condition(c);
        fine = fine && operand.valid();
        operands.push_back(operand);
        assume(operand, op == Op::kAnd);
    }
    forget(before);
    if (!fine) return {};
    return context_.add_list_node(op, kBoolType, node.span(), operands);
}

NodeId Expressions::implication(Cursor node) {
    // `a implies b implies c` is `a implies (b implies c)`: what holds on the left holds further right.
    const std::size_t before = gained_.size();
    std::vector<NodeId> operands;
    bool fine = true;
    for (const Cursor c : nodes_of(node)) {
        const NodeId operand = condition(c);
        fine = fine && operand.valid();
        operands.push_back(operand);
        assume(operand, true);
    }
    forget(before);
    if (!fine) return {};
    NodeId right = operands.back();
    for (std::size_t i = operands.size() - 1; i-- > 0 && right.valid();) {
        right =
            context_.add_node(Op::kImplies, kBoolType, base::join(context_.module.node(operands[i]).span, node.span()),
                              operands[i].value, right.value);
    }
    return right;
}

NodeId Expressions::negation(Cursor node) {
    std::size_t times = 0;
    Cursor operand;
    for (const Cursor c : node) {
        if (c.kind() == Kind::kWord)
            ++times;
        else
            operand = c;
    }
    const NodeId inner = condition(operand);
    return times % 2 == 0 ? inner : negate(inner, node.span());
}

NodeId Expressions::quantified(Cursor node) {
    const Cursor word = node.child(Kind::kWord);
    const Cursor name = node.child(Kind::kName);
    const auto parts = nodes_of(node);
    if (parts.size() != 2) return {};
    const NodeId set = lower(parts[0]);
    if (!guarded(set)) return {};
    const Type set_type = context_.type(set);
    if (set_type.kind != ir::Kind::kSet) {
        return mismatch(parts[0].span(),
                        fmt::format("`{}` ranges over a set, this is of type {}", word.text(), context_.show(set_type)),
                        "not a set");
    }
    const bool hides_variable =
        std::any_of(variables_.begin(), variables_.end(), [&](const Variable& v) { return v.name == name.text(); });
    const auto hidden = context_.values.find(name.text());
    if (hides_variable || hidden != context_.values.end()) {
        auto diagnostic =
            context_.sink.report(diag::Code::kShadowed, name.span(),
                                 fmt::format("`{}` hides another `{}`", name.text(), name.text()), "this name");
        if (!hides_variable) diagnostic.note(hidden->second.span, "the other is declared here");
        diagnostic.help("choose another name for the element");
    }
    const auto variable = static_cast<std::uint32_t>(context_.module.variables.size());
    context_.module.variables.push_back(element_of(set_type));
    variables_.push_back({name.text(), variable, name.span(), false});
    const NodeId body = condition(parts[1]);
    const bool used = variables_.back().used;
    variables_.pop_back();
    if (!body.valid()) return {};
    if (!used) {
        context_.sink
            .report(diag::Code::kUnused, name.span(), fmt::format("`{}` is never used", name.text()), "this name")
            .help("the condition is the same for every element; say something of the element, or use `is empty`");
    }
    const Op op = word.text() == "any" ? Op::kAny : word.text() == "every" ? Op::kEvery : Op::kNo;
    return context_.add_node(op, kBoolType, node.span(), set.value, body.value, variable);
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
