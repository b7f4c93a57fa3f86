// The mistakes that may be made at one node of an expression.
#pragma once

#include "analysis/mutants.h"
#include "ir/edit.h"

#include <utility>
#include <vector>

namespace keywright::analysis {

struct Variant {
    MutantOperator op;
    ir::NodeId node;  // appended to the module; stands for the old one
};

// `negatable`: the node stands where its opposite would not be had from the node around it.
[[nodiscard]] std::vector<Variant> variants_of(ir::Module& module, ir::NodeId id, bool negatable);

// The same of a constant or parameter.
[[nodiscard]] std::vector<std::pair<MutantOperator, value::Value>> variants_of(const ir::Module& module,
                                                                               const ir::Type& type,
                                                                               const value::Value& value);

}  // namespace keywright::analysis
