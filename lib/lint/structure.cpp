#include "lint/structure.h"

#include "ir/operands.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace keywright::lint {

std::vector<std::uint32_t> structure_of(const ir::Module& module) {
    std::vector<std::uint32_t> out(module.nodes.size());
    // A kind of constant and its text; an operator and its numbers.
    std::map<std::pair<ir::Kind, std::string>, std::uint32_t> constants;
    std::map<std::vector<std::uint32_t>, std::uint32_t> shapes;
    std::uint32_t next = 0;
    std::vector<std::uint32_t> shape;
    for (std::size_t i = 0; i < module.nodes.size(); ++i) {
        const ir::Node& node = module.nodes[i];
        if (node.op == ir::Op::kDefine) {
            out[i] = out[node.a];
            continue;
        }
        if (node.op == ir::Op::kConst) {
            const ir::Type& type = module.types[node.type.index()];
            const auto [at, fresh] =
                constants.try_emplace({type.kind, ir::to_string(module, type, module.constants[node.a])}, next);
            if (fresh) ++next;
            out[i] = at->second;
            continue;
        }
        shape.assign(1, static_cast<std::uint32_t>(node.op));
        // What is no operand: the number of a field, parameter, variable, fact.
        bool leaf = true;
        ir::for_each_operand(module, node, [&](ir::NodeId operand) {
            leaf = false;
            shape.push_back(out[operand.index()]);
        });
        if (leaf) shape.push_back(node.a);
        if (node.op == ir::Op::kHasFact) shape.push_back(node.b);
        shape.push_back(node.c);
        const auto [at, fresh] = shapes.try_emplace(shape, next);
        if (fresh) ++next;
        out[i] = at->second;
    }
    return out;
}

}  // namespace keywright::lint
