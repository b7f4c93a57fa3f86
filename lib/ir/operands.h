// The operands of a node, whatever its operator: what every walk over the IR needs.
#pragma once

#include "ir/ir.h"

namespace keywright::ir {

// Calls `visit(NodeId)` for each operand of `node` in order; a quantifier's set comes before its body.
template <class Visit>
void for_each_operand(const Module& module, const Node& node, Visit visit) {
    switch (node.op) {
        case Op::kConst:
        case Op::kParam:
        case Op::kField:
        case Op::kNow:
        case Op::kElement:
        case Op::kDeadline: return;
        case Op::kDefine:
        case Op::kNot:
        case Op::kIsPresent:
        case Op::kIsEmpty:
        case Op::kCount:
        case Op::kIsOpen:
        case Op::kIsPrivate:
        case Op::kPrefixLength:
        case Op::kFamily:
        case Op::kLength:
        case Op::kIsBlank:
        case Op::kHasFact: visit(NodeId{node.a}); return;
        case Op::kImplies:
        case Op::kElse:
        case Op::kEqual:
        case Op::kNotEqual:
        case Op::kLess:
        case Op::kLessEqual:
        case Op::kGreater:
        case Op::kGreaterEqual:
        case Op::kAdd:
        case Op::kSubtract:
        case Op::kIn:
        case Op::kHasAny:
        case Op::kHasAll:
        case Op::kHasNone:
        case Op::kHasOnly:
        case Op::kWithin:
        case Op::kCovers:
        case Op::kOverlaps:
        case Op::kStartsWith:
        case Op::kEndsWith:
        case Op::kLike:
        case Op::kAny:
        case Op::kEvery:
        case Op::kNo:
            visit(NodeId{node.a});
            visit(NodeId{node.b});
            return;
        case Op::kAnd:
        case Op::kOr:
        case Op::kMatch:
            for (const NodeId operand : module.list(node)) visit(operand);
            return;
    }
}

}  // namespace keywright::ir
