// Names and literals: what a name stands for, and constants of a type that is known.
#include "check/expression_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace keywright::check {

using ir::NodeId;
using ir::Op;
using ir::Type;
using syntax::Cursor;
using syntax::Kind;

namespace {

template <class T>
void sort_unique(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
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

}  // namespace keywright::check
