#include "lint/reads.h"

#include "ir/operands.h"

#include <utility>

namespace keywright::lint {

Reads reads_of(const ir::Module& module, std::vector<ir::NodeId> roots) {
    std::set<ir::NodeId> seen;
    Reads out;
    while (!roots.empty()) {
        const ir::NodeId id = roots.back();
        roots.pop_back();
        if (!id.valid() || !seen.insert(id).second) continue;
        const ir::Node& node = module.node(id);
        if (node.op == ir::Op::kDefine) out.defines.insert(ir::DefineId{node.b});
        if (node.op == ir::Op::kField) {
            for (ir::FieldId field{node.a}; field.valid(); field = module.schema.fields[field.index()].parent)
                out.fields.insert(field);
        }
        ir::for_each_operand(module, node, [&](ir::NodeId operand) { roots.push_back(operand); });
    }
    out.nodes.assign(seen.begin(), seen.end());
    return out;
}

Reads reads_of(const ir::Module& module, const ir::Rule& rule) {
    std::vector<ir::NodeId> roots{rule.when, rule.requirement};
    for (const ir::Exemption& exemption : rule.exemptions) {
        if (exemption.waiver == ir::Exemption::kNoWaiver) roots.push_back(exemption.condition);
    }
    if (rule.expiry) {
        roots.push_back(rule.expiry->after);
        roots.push_back(rule.expiry->since);
        roots.push_back(rule.expiry->warn_before);
    }
    return reads_of(module, std::move(roots));
}

}  // namespace keywright::lint
