#include "logic/formula.h"

#include <algorithm>

namespace keywright::logic {

Ref Formulas::add(FormulaNode node, std::vector<Ref> operands) {
    const auto [known, is_new] = known_.try_emplace({{node.kind, node.number}, operands}, 0);
    if (is_new) {
        node.first = static_cast<std::uint32_t>(operands_.size());
        node.count = static_cast<std::uint32_t>(operands.size());
        operands_.insert(operands_.end(), operands.begin(), operands.end());
        known->second = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back(node);
    }
    return known->second << 1U;
}

Ref Formulas::atom(std::uint32_t number) { return add({FormulaNode::Kind::kAtom, number, 0, 0}, {}); }

Ref Formulas::all(std::vector<Ref> operands) {
    // Conjunctions inside are taken apart, so that a contradiction between their operands shows.
    std::vector<Ref> flat;
    for (const Ref r : operands) {
        const FormulaNode& inner = nodes_[node_of(r)];
        if (!is_negated(r) && inner.kind == FormulaNode::Kind::kAll) {
            flat.insert(flat.end(), operands_.begin() + inner.first, operands_.begin() + inner.first + inner.count);
        } else {
            flat.push_back(r);
        }
    }
    std::sort(flat.begin(), flat.end());
    flat.erase(std::unique(flat.begin(), flat.end()), flat.end());
    std::erase(flat, kTop);
    for (std::size_t i = 0; i < flat.size(); ++i) {
        if (flat[i] == kBottom) return kBottom;
        if (i > 0 && flat[i] == negated(flat[i - 1])) return kBottom;  // neighbours, as they differ in the lowest bit
    }
    if (flat.empty()) return kTop;
    if (flat.size() == 1) return flat.front();
    return add({FormulaNode::Kind::kAll, 0, 0, 0}, std::move(flat));
}

Ref Formulas::any(std::vector<Ref> operands) {
    for (Ref& r : operands) r = negated(r);
    return negated(all(std::move(operands)));
}

Ref Formulas::at_least(std::uint32_t number, std::vector<Ref> operands) {
    std::erase(operands, kBottom);
    const auto certain = static_cast<std::uint32_t>(std::erase(operands, kTop));
    if (certain >= number) return kTop;
    number -= certain;
    if (operands.size() < number) return kBottom;
    if (number == operands.size()) return all(std::move(operands));
    if (number == 1) return any(std::move(operands));
    std::sort(operands.begin(), operands.end());
    return add({FormulaNode::Kind::kAtLeast, number, 0, 0}, std::move(operands));
}

Ref Formulas::some(std::uint32_t quantifier, Ref body) {
    if (body == kBottom) return kBottom;
    return add({FormulaNode::Kind::kSome, quantifier, 0, 0}, {body});
}

std::vector<std::uint32_t> Formulas::below(Ref root) const {
    // Operands have lower numbers than what reads them, so sorting is enough.
    std::vector<bool> seen(node_of(root) + 1, false);
    std::vector<std::uint32_t> out;
    std::vector<std::uint32_t> pending{node_of(root)};
    while (!pending.empty()) {
        const std::uint32_t index = pending.back();
        pending.pop_back();
        if (seen[index]) continue;
        seen[index] = true;
        out.push_back(index);
        for (const Ref r : operands(nodes_[index])) pending.push_back(node_of(r));
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace keywright::logic
