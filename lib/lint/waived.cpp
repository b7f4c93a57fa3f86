#include "lint/waived.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace keywright::lint {

namespace {

ir::NodeId add(ir::Module& module, ir::Op op, ir::Kind kind, std::uint32_t a, std::uint32_t b = 0) {
    ir::Type type;
    type.kind = kind;
    const auto known = std::find(module.types.begin(), module.types.end(), type);
    ir::Node node;
    node.op = op;
    node.type = ir::TypeId{static_cast<std::size_t>(known - module.types.begin())};
    node.a = a;
    node.b = b;
    if (known == module.types.end()) module.types.push_back(type);
    module.nodes.push_back(node);
    return ir::NodeId{module.nodes.size() - 1};
}

}  // namespace

Waived ask_about(const Subject& subject, std::uint32_t index) {
    const ir::Waiver& waiver = subject.waived.waivers[index];
    // The pack were nothing waived for that rule. Two waivers of the same records are not each other's excuse.
    ir::Module module = subject.waived;
    std::erase_if(module.rules[waiver.rule.index()].exemptions,
                  [](const ir::Exemption& one) { return one.waiver != ir::Exemption::kNoWaiver; });
    module.constants.emplace_back(waiver.until);
    const ir::NodeId end =
        add(module, ir::Op::kConst, ir::Kind::kInstant, static_cast<std::uint32_t>(module.constants.size() - 1));
    const ir::NodeId now = add(module, ir::Op::kNow, ir::Kind::kInstant, 0);
    const ir::NodeId before = add(module, ir::Op::kLess, ir::Kind::kBool, now.value, end.value);

    const auto ask = [&](bool covered) {
        logic::Question q;
        q.packs.push_back(&module);
        const auto holds = [&](ir::NodeId node) {
            logic::Leaf leaf;
            leaf.node = node;
            return q.leaf(leaf);
        };
        logic::Leaf violated;
        violated.claim = logic::Claim::kOutcome;
        violated.rule = waiver.rule;
        violated.outcome = ir::Outcome::kViolated;
        std::vector<std::uint32_t> all{q.leaf(violated), holds(before)};
        // A waiver without a condition is one for all.
        if (waiver.condition.valid()) {
            const std::uint32_t condition = holds(waiver.condition);
            all.push_back(covered ? condition : q.negation(condition));
        } else if (!covered) {
            all.push_back(q.disjunction({}));
        }
        (void)q.conjunction(std::move(all));
        return analysis::ask(q, subject.solvers, subject.budget);
    };
    Waived out;
    out.some = ask(true);
    if (out.some.answer == logic::Answer::kYes) out.left = ask(false);
    return out;
}

}  // namespace keywright::lint
