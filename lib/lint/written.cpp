#include "lint/written.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace keywright::lint {

using ir::Module;
using ir::NodeId;

namespace {

class Walk {
public:
    Walk(const Module& module, const std::function<void(const Written&)>& visit) : module_(module), visit_(visit) {}

    void walk(const Owner& owner, NodeId root, bool of_term = false) {
        if (!root.valid()) return;
        open_.assign(1, {root, NodeId{}});
        while (!open_.empty()) {
            const auto [node, parent] = open_.back();
            open_.pop_back();
            visit_({owner, node, parent, of_term});
            const ir::Node& it = module_.node(node);
            if (it.op == ir::Op::kDefine) continue;
            const std::size_t first = open_.size();
            ir::for_each_operand(module_, it, [&](NodeId operand) { open_.emplace_back(operand, node); });
            std::reverse(open_.begin() + static_cast<std::ptrdiff_t>(first), open_.end());
        }
    }

private:
    const Module& module_;
    const std::function<void(const Written&)>& visit_;
    std::vector<std::pair<NodeId, NodeId>> open_;
};

class Marks {
public:
    explicit Marks(const Module& module) : module_(module), marked_(module.nodes.size()) {}

    void add(NodeId root) {
        if (root.valid()) marked_[root.index()] = true;
    }
    void add(const ir::Rule& rule, bool with_texts) {
        add(rule.when);
        for (const ir::Exemption& exemption : rule.exemptions) add(exemption.condition);
        add(rule.requirement);
        if (rule.expiry) {
            add(rule.expiry->after);
            add(rule.expiry->since);
            add(rule.expiry->warn_before);
        }
        for (const ir::AcceptedGap& gap : rule.accepted_gaps) add(gap.where);
        if (!with_texts) return;
        for (const ir::Template* text : {&rule.message, &rule.help}) {
            for (const ir::TemplatePiece& piece : *text) add(piece.node);
        }
    }
    // Operands come before operators, so one sweep from the end reaches everything.
    std::vector<bool> finish() {
        for (std::size_t i = marked_.size(); i-- > 0;) {
            if (!marked_[i]) continue;
            ir::for_each_operand(module_, module_.nodes[i], [&](NodeId operand) { marked_[operand.index()] = true; });
        }
        return std::move(marked_);
    }

private:
    const Module& module_;
    std::vector<bool> marked_;
};

}  // namespace

void for_each_written(const Module& module, const std::function<void(const Written&)>& visit) {
    Walk walk{module, visit};
    for (const ir::Rule& rule : module.rules) {
        const Owner owner{"rule", &rule.name, rule.span};
        walk.walk(owner, rule.when);
        for (const ir::Exemption& exemption : rule.exemptions) {
            if (exemption.waiver == ir::Exemption::kNoWaiver) walk.walk(owner, exemption.condition);
        }
        walk.walk(owner, rule.requirement);
        if (rule.expiry) {
            walk.walk(owner, rule.expiry->after, true);
            walk.walk(owner, rule.expiry->since);
            walk.walk(owner, rule.expiry->warn_before, true);
        }
        for (const ir::AcceptedGap& gap : rule.accepted_gaps) walk.walk(owner, gap.where);
    }
    for (const ir::Define& define : module.defines) walk.walk({"define", &define.name, define.span}, define.root);
}

std::vector<bool> reached_by_rules(const Module& module, bool with_texts) {
    Marks marks{module};
    for (const ir::Rule& rule : module.rules) marks.add(rule, with_texts);
    return marks.finish();
}

std::vector<bool> reached_by_all(const Module& module) {
    Marks marks{module};
    for (const ir::Rule& rule : module.rules) marks.add(rule, true);
    for (const ir::Waiver& waiver : module.waivers) marks.add(waiver.condition);
    for (const ir::Proof& proof : module.proofs) {
        marks.add(proof.where);
        marks.add(proof.condition);
    }
    for (const ir::Test& test : module.tests) marks.add(test.where);
    return marks.finish();
}

}  // namespace keywright::lint
