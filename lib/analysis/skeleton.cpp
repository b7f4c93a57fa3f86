#include "analysis/skeleton.h"

#include "ir/operands.h"

#include <algorithm>
#include <map>
#include <set>

namespace keywright::analysis {

using eval::Truth;
using ir::Op;

namespace {

bool is_connective(const ir::Module& module, ir::NodeId id) {
    const ir::Node& node = module.node(id);
    switch (node.op) {
        case Op::kNot: {
            // `is not empty` is one word to its author: what is underlined is what is true or false.
            const ir::NodeId operand{node.a};
            const bool one_word = node.span.valid() && node.span == module.node(operand).span;
            return !one_word || is_connective(module, operand);
        }
        case Op::kDefine:
        case Op::kAnd:
        case Op::kOr:
        case Op::kImplies: return true;
        case Op::kEqual:
        case Op::kNotEqual: return module.type(ir::NodeId{node.a}).kind == ir::Kind::kBool;
        default: return false;  // NOLINT: every other boolean is a condition
    }
}

}  // namespace

Skeleton::Skeleton(const ir::Module& module, ir::NodeId root) {
    if (!root.valid()) return;
    // Conditions in the order in which they are written: what is met first stands first.
    std::vector<ir::NodeId> order, pending{root};
    std::set<ir::NodeId> seen;
    std::map<ir::NodeId, std::uint32_t> condition_of;
    while (!pending.empty()) {
        const ir::NodeId id = pending.back();
        pending.pop_back();
        if (!seen.insert(id).second) continue;
        order.push_back(id);
        if (is_connective(module, id)) {
            std::vector<ir::NodeId> operands;
            ir::for_each_operand(module, module.node(id), [&](ir::NodeId operand) { operands.push_back(operand); });
            pending.insert(pending.end(), operands.rbegin(), operands.rend());
        } else if (module.node(id).op != Op::kConst) {
            condition_of.emplace(id, static_cast<std::uint32_t>(conditions_.size()));
            conditions_.push_back(id);
        }
    }
    // Nodes refer to lower ones only.
    std::sort(order.begin(), order.end());
    std::map<ir::NodeId, std::uint32_t> part_of;
    const auto add = [&](Part part) {
        parts_.push_back(std::move(part));
        return static_cast<std::uint32_t>(parts_.size() - 1);
    };
    for (const ir::NodeId id : order) {
        const ir::Node& node = module.node(id);
        Part part;
        if (!is_connective(module, id)) {
            if (node.op == Op::kConst) {
                part.value = std::get<bool>(module.constant(node.a));
            } else {
                part.kind = Part::Kind::kCondition;
                part.condition = condition_of.at(id);
            }
            part_of.emplace(id, add(std::move(part)));
            continue;
        }
        ir::for_each_operand(module, node, [&](ir::NodeId operand) { part.operands.push_back(part_of.at(operand)); });
        switch (node.op) {
            case Op::kNot: part.kind = Part::Kind::kNot; break;
            case Op::kOr: part.kind = Part::Kind::kAny; break;
            case Op::kImplies:
                part.kind = Part::Kind::kAny;
                part.operands.front() = add({Part::Kind::kNot, false, 0, {part.operands.front()}});
                break;
            case Op::kEqual: part.kind = Part::Kind::kEqual; break;
            case Op::kNotEqual: {
                part.kind = Part::Kind::kEqual;
                const std::uint32_t equal = add(std::move(part));
                part = {Part::Kind::kNot, false, 0, {equal}};
                break;
            }
            default: part.kind = Part::Kind::kAll; break;  // NOLINT: `and`, and a define, which has one operand
        }
        part_of.emplace(id, add(std::move(part)));
    }
    find_polarity();
}

void Skeleton::find_polarity() {
    std::vector<Polarity> of(parts_.size());
    of.back() = {true, false};
    polarity_.resize(conditions_.size());
    for (std::size_t i = parts_.size(); i-- > 0;) {
        const Part& part = parts_[i];
        const Polarity here = of[i];
        const bool any = here.positive || here.negative;
        if (part.kind == Part::Kind::kCondition) polarity_[part.condition] = here;
        for (const std::uint32_t operand : part.operands) {
            Polarity& below = of[operand];
            switch (part.kind) {
                case Part::Kind::kNot:
                    below.positive = below.positive || here.negative;
                    below.negative = below.negative || here.positive;
                    break;
                case Part::Kind::kEqual:
                    below.positive = below.positive || any;
                    below.negative = below.negative || any;
                    break;
                case Part::Kind::kAll:
                case Part::Kind::kAny:
                    below.positive = below.positive || here.positive;
                    below.negative = below.negative || here.negative;
                    break;
                case Part::Kind::kConstant:
                case Part::Kind::kCondition: break;  // without operands
            }
        }
    }
}

Truth Skeleton::evaluate(std::span<const Truth> values) const {
    if (parts_.empty()) return Truth::kTrue;
    std::vector<Truth> truth(parts_.size());
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const Part& part = parts_[i];
        Truth t = Truth::kTrue;
        switch (part.kind) {
            case Part::Kind::kConstant: t = eval::truth_of(part.value); break;
            case Part::Kind::kCondition: t = values[part.condition]; break;
            case Part::Kind::kNot: t = !truth[part.operands.front()]; break;
            case Part::Kind::kAll:
                for (const std::uint32_t operand : part.operands) t = eval::both(t, truth[operand]);
                break;
            case Part::Kind::kAny:
                t = Truth::kFalse;
                for (const std::uint32_t operand : part.operands) t = eval::either(t, truth[operand]);
                break;
            case Part::Kind::kEqual: {
                const Truth a = truth[part.operands[0]], b = truth[part.operands[1]];
                t = a == Truth::kUnknown || b == Truth::kUnknown ? Truth::kUnknown : eval::truth_of(a == b);
                break;
            }
        }
        truth[i] = t;
    }
    return truth.back();
}

bool Skeleton::can_be(bool wanted, std::vector<Truth> values, std::span<const std::size_t> open) const {
    if (open.size() > kMostOpen) return false;
    for (std::uint32_t choice = 0; choice < (std::uint32_t{1} << open.size()); ++choice) {
        for (std::size_t i = 0; i < open.size(); ++i) values[open[i]] = eval::truth_of((choice >> i & 1U) != 0);
        if (evaluate(values) == eval::truth_of(wanted)) return true;
    }
    return false;
}

}  // namespace keywright::analysis
