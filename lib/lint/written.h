// Expressions where their authors wrote them: of a rule or a define what stands in its own text, and not what the
// defines that it names stand for.
#pragma once

#include "ir/ir.h"
#include "ir/operands.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::lint {

struct Owner {
    std::string_view kind;  // `rule` or `define`
    const std::string* name = nullptr;
    base::Span span;  // of its name
};

struct Written {
    const Owner& owner;
    ir::NodeId node;
    ir::NodeId parent;     // not valid: a whole condition or term
    bool of_term = false;  // stands in `expire` or its `warn`
};

// Conditions and terms of all rules, then those of all defines; of each its nodes, an operator before its operands. Not
// what waivers add to rules, nor what stands in messages. Linear in the nodes.
void for_each_written(const ir::Module& module, const std::function<void(const Written&)>& visit);

// By node, whether the rules decide by it, or show it in their texts (`with_texts`). Defines are looked through. Linear
// in the nodes.
[[nodiscard]] std::vector<bool> reached_by_rules(const ir::Module& module, bool with_texts);

// The same for everything that asks: rules, waivers, proofs, and the `where` of tests.
[[nodiscard]] std::vector<bool> reached_by_all(const ir::Module& module);

}  // namespace keywright::lint
