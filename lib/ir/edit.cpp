#include "ir/edit.h"

#include "ir/operands.h"

#include <algorithm>
#include <limits>

namespace keywright::ir {

namespace {

// The range of an int that is computed from others, whose ranges a replacement may have changed.
Type with_range(const Module& module, const Node& node, Type type) {
    if (type.kind != Kind::kInt) return type;
    const auto clamped = [](__int128_t n) {
        const __int128_t low = std::numeric_limits<std::int64_t>::min(),
                         high = std::numeric_limits<std::int64_t>::max();
        return static_cast<std::int64_t>(std::clamp(n, low, high));
    };
    if (node.op == Op::kAdd || node.op == Op::kSubtract) {
        const Type &a = module.type(NodeId{node.a}), &b = module.type(NodeId{node.b});
        const bool adds = node.op == Op::kAdd;
        type.min = clamped(adds ? __int128_t{a.min} + b.min : __int128_t{a.min} - b.max);
        type.max = clamped(adds ? __int128_t{a.max} + b.max : __int128_t{a.max} - b.min);
    } else if (node.op == Op::kElse) {
        const Type &a = module.type(NodeId{node.a}), &b = module.type(NodeId{node.b});
        type.min = std::min(a.min, b.min);
        type.max = std::max(a.max, b.max);
    } else if (node.op == Op::kDefine) {
        type.min = module.type(NodeId{node.a}).min;
        type.max = module.type(NodeId{node.a}).max;
    } else if (node.op == Op::kMatch) {
        const auto operands = module.list(node);
        type.min = std::numeric_limits<std::int64_t>::max();
        type.max = std::numeric_limits<std::int64_t>::min();
        for (const NodeId arm : operands.subspan(1)) {
            type.min = std::min(type.min, module.type(arm).min);
            type.max = std::max(type.max, module.type(arm).max);
        }
    }
    return type;
}

bool is_list(Op op) { return op == Op::kAnd || op == Op::kOr || op == Op::kMatch; }

// Nodes whose `b` is a node.
bool is_binary(const Module& module, const Node& node) {
    std::size_t operands = 0;
    if (!is_list(node.op)) for_each_operand(module, node, [&](NodeId) { ++operands; });
    return operands == 2;
}

}  // namespace

NodeId Editor::add(const Node& node) {
    module_.nodes.push_back(node);
    return NodeId{module_.nodes.size() - 1};
}

NodeId Editor::add_list(Op op, TypeId type, Span span, const std::vector<NodeId>& operands) {
    Node node;
    node.op = op;
    node.type = type;
    node.span = span;
    node.a = static_cast<std::uint32_t>(module_.lists.size());
    node.b = static_cast<std::uint32_t>(operands.size());
    module_.lists.insert(module_.lists.end(), operands.begin(), operands.end());
    return add(node);
}

NodeId Editor::add_constant(value::Value value, const Type& like, Span span) {
    Type type = like;
    type.optional = false;
    if (const auto* number = std::get_if<std::int64_t>(&value)) type.min = type.max = *number;
    Node node;
    node.op = Op::kConst;
    node.type = intern(type);
    node.span = span;
    node.a = static_cast<std::uint32_t>(module_.constants.size());
    module_.constants.push_back(std::move(value));
    return add(node);
}

TypeId Editor::intern(const Type& type) {
    const auto at = std::ranges::find(module_.types, type);
    if (at != module_.types.end()) return TypeId{static_cast<std::size_t>(at - module_.types.begin())};
    module_.types.push_back(type);
    return TypeId{module_.types.size() - 1};
}

Replacement::Replacement(Module& module, const std::vector<std::pair<NodeId, NodeId>>& nodes) : module_(module) {
    for (const auto& [from, to] : nodes) now_.emplace(from.value, to);
}

NodeId Replacement::operator()(NodeId root) {
    if (!root.valid()) return root;
    // Down to what is known already; then up again, operands first.
    std::vector<std::pair<NodeId, bool>> pending{{root, false}};
    while (!pending.empty()) {
        const auto [id, is_ready] = pending.back();
        pending.pop_back();
        if (now_.contains(id.value)) continue;
        if (!is_ready) {
            pending.emplace_back(id, true);
            for_each_operand(module_, module_.node(id), [&](NodeId operand) {
                if (!now_.contains(operand.value)) pending.emplace_back(operand, false);
            });
            continue;
        }
        const Node node = module_.node(id);
        bool changed = false;
        for_each_operand(module_, node,
                         [&](NodeId operand) { changed = changed || now_.at(operand.value) != operand; });
        if (!changed) {
            now_.emplace(id.value, id);
            continue;
        }
        Node copy = node;
        if (is_list(node.op)) {
            const auto old = module_.list(node);
            std::vector<NodeId> operands{old.begin(), old.end()};
            for (NodeId& operand : operands) operand = now_.at(operand.value);
            copy.a = static_cast<std::uint32_t>(module_.lists.size());
            module_.lists.insert(module_.lists.end(), operands.begin(), operands.end());
        } else {
            copy.a = now_.at(node.a).value;
            if (is_binary(module_, node)) copy.b = now_.at(node.b).value;
        }
        Editor editor{module_};
        copy.type = editor.intern(with_range(module_, copy, module_.types[node.type.index()]));
        now_.emplace(id.value, editor.add(copy));
    }
    return now_.at(root.value);
}

Rule Replacement::operator()(const Rule& rule) {
    Rule out = rule;
    out.when = (*this)(rule.when);
    for (Exemption& exemption : out.exemptions) exemption.condition = (*this)(exemption.condition);
    out.requirement = (*this)(rule.requirement);
    if (out.expiry) {
        out.expiry->after = (*this)(rule.expiry->after);
        out.expiry->since = (*this)(rule.expiry->since);
        out.expiry->warn_before = (*this)(rule.expiry->warn_before);
    }
    return out;
}

std::vector<NodeId> roots_of(const Rule& rule) {
    std::vector<NodeId> out;
    const auto add = [&](NodeId id) {
        if (id.valid()) out.push_back(id);
    };
    add(rule.when);
    for (const Exemption& exemption : rule.exemptions) add(exemption.condition);
    add(rule.requirement);
    if (rule.expiry) {
        add(rule.expiry->after);
        add(rule.expiry->since);
        add(rule.expiry->warn_before);
    }
    return out;
}

std::vector<NodeId> nodes_below(const Module& module, const std::vector<NodeId>& roots) {
    std::vector<NodeId> out, pending = roots;
    std::unordered_map<std::uint32_t, bool> seen;
    while (!pending.empty()) {
        const NodeId id = pending.back();
        pending.pop_back();
        if (!id.valid() || !seen.emplace(id.value, true).second) continue;
        out.push_back(id);
        for_each_operand(module, module.node(id), [&](NodeId operand) { pending.push_back(operand); });
    }
    std::sort(out.begin(), out.end());
    return out;
}

Module excerpt(const Module& module, std::span<const RuleId> rules) {
    Module out;
    out.pack = module.pack;
    out.enums = module.enums;
    out.schema = module.schema;
    out.types = module.types;
    out.variables = module.variables;
    out.variable_names = module.variable_names;
    // The schema's own constants keep their numbers by keeping all of the old ones that it may name.
    out.constants = module.constants;
    out.params = module.params;
    for (const Define& define : module.defines) {
        Define named;
        named.name = define.name;
        out.defines.push_back(std::move(named));  // roots stay behind: only rules are asked about
    }
    std::vector<NodeId> roots;
    for (const RuleId rule : rules) {
        const auto own = roots_of(module.rules[rule.index()]);
        roots.insert(roots.end(), own.begin(), own.end());
    }
    std::unordered_map<std::uint32_t, std::uint32_t> moved;
    for (const NodeId id : nodes_below(module, roots)) {
        const Node& node = module.node(id);
        Node copy = node;
        if (is_list(node.op)) {
            copy.a = static_cast<std::uint32_t>(out.lists.size());
            for (const NodeId operand : module.list(node)) out.lists.push_back(NodeId{moved.at(operand.value)});
        } else {
            std::size_t operands = 0;
            for_each_operand(module, node, [&](NodeId) { ++operands; });
            if (operands >= 1) copy.a = moved.at(node.a);
            if (operands == 2) copy.b = moved.at(node.b);
        }
        moved.emplace(id.value, static_cast<std::uint32_t>(out.nodes.size()));
        out.nodes.push_back(copy);
    }
    const auto place = [&](NodeId& id) {
        if (id.valid()) id = NodeId{moved.at(id.value)};
    };
    for (const RuleId id : rules) {
        Rule rule = module.rules[id.index()];
        place(rule.when);
        for (Exemption& exemption : rule.exemptions) place(exemption.condition);
        place(rule.requirement);
        if (rule.expiry) {
            place(rule.expiry->after);
            place(rule.expiry->since);
            place(rule.expiry->warn_before);
        }
        rule.message.clear();
        rule.help.clear();
        rule.cites.clear();
        rule.accepted_gaps.clear();
        out.rules.push_back(std::move(rule));
    }
    return out;
}

}  // namespace keywright::ir
