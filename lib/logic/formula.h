// Boolean formulas as a shared graph: what rules become once their conditions are taken apart into atoms.
//
// A `Ref` is a node with a sign in its lowest bit, so that negation costs nothing and `x` and `not x` share one node.
// Equal nodes are one node, and what is decided by its operands alone is not built.
#pragma once

#include "eval/decision.h"

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace keywright::logic {

using Ref = std::uint32_t;
constexpr Ref kTop = 0;
constexpr Ref kBottom = 1;
[[nodiscard]] constexpr Ref negated(Ref r) { return r ^ 1U; }
[[nodiscard]] constexpr std::uint32_t node_of(Ref r) { return r >> 1U; }
[[nodiscard]] constexpr bool is_negated(Ref r) { return (r & 1U) != 0; }

struct FormulaNode {
    enum class Kind : std::uint8_t {
        kTrue,
        kAtom,     // `number`: the atom
        kAll,      // every operand holds
        kAtLeast,  // at least `number` of the operands hold
        kSome,     // some element of a set has it: `number` names the quantifier, the one operand is the body
    } kind = Kind::kTrue;
    std::uint32_t number = 0;
    std::uint32_t first = 0, count = 0;  // operands in Formulas::operands
};

class Formulas {
public:
    Formulas() { nodes_.push_back({}); }

    [[nodiscard]] Ref atom(std::uint32_t number);
    [[nodiscard]] Ref all(std::vector<Ref> operands);
    [[nodiscard]] Ref any(std::vector<Ref> operands);
    [[nodiscard]] Ref both(Ref a, Ref b) { return all({a, b}); }
    [[nodiscard]] Ref either(Ref a, Ref b) { return any({a, b}); }
    [[nodiscard]] Ref implies(Ref a, Ref b) { return either(negated(a), b); }
    [[nodiscard]] Ref equal(Ref a, Ref b) {
        const Ref there = implies(a, b);
        return both(there, implies(b, a));
    }
    [[nodiscard]] Ref at_least(std::uint32_t number, std::vector<Ref> operands);
    [[nodiscard]] Ref some(std::uint32_t quantifier, Ref body);

    [[nodiscard]] const FormulaNode& node(std::uint32_t index) const { return nodes_[index]; }
    [[nodiscard]] std::span<const Ref> operands(const FormulaNode& n) const {
        return {operands_.data() + n.first, n.count};
    }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

    // Nodes below `root`, operands before what reads them. Linear.
    [[nodiscard]] std::vector<std::uint32_t> below(Ref root) const;

private:
    [[nodiscard]] Ref add(FormulaNode node, std::vector<Ref> operands);

    std::vector<FormulaNode> nodes_;
    std::vector<Ref> operands_;
    std::map<std::pair<std::pair<FormulaNode::Kind, std::uint32_t>, std::vector<Ref>>, std::uint32_t> known_;
};

}  // namespace keywright::logic
