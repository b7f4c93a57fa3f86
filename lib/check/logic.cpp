// Connectives and quantifiers: conditions of conditions, and what each of them tells the next about presence.
#include "check/expression_parts.h"

#include <fmt/format.h>

#include <algorithm>

namespace keywright::check {

using ir::NodeId;
using ir::Op;
using ir::Type;
using syntax::Cursor;
using syntax::Kind;

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
    context_.module.variable_names.emplace_back(name.text());
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

}  // namespace keywright::check
