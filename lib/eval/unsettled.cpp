// The unknown fields on which an unsettled value hangs.
#include "eval/evaluator.h"
#include "eval/reference.h"
#include "ir/operands.h"

namespace keywright::eval {
namespace {

class Search {
public:
    Search(const ir::Module& module, const value::Record& record, Instant now)
        : module_(module), evaluator_(module, record, now) {}

    std::set<ir::FieldId> run(ir::NodeId root) {
        evaluator_.prepare(root);
        follow({root});
        while (!closed_.empty()) {
            std::vector<ir::NodeId> pending;
            const ir::NodeId id = closed_.back();
            closed_.pop_back();
            if (!settled(id)) step(id, pending);
            follow(std::move(pending));
        }
        return std::move(found_);
    }

private:
    [[nodiscard]] bool settled(ir::NodeId id) { return reference::is_settled(evaluator_.value(id)); }

    // Follows what reads a variable while it is bound, and leaves the rest for later: each of those is looked at once,
    // as shared definitions inside quantifiers inside shared definitions would otherwise double at every step.
    void follow(std::vector<ir::NodeId> pending) {
        std::set<ir::NodeId> seen;
        while (!pending.empty()) {
            const ir::NodeId id = pending.back();
            pending.pop_back();
            if (evaluator_.is_closed(id)) {
                if (seen_closed_.insert(id).second) closed_.push_back(id);
                continue;
            }
            if (!seen.insert(id).second || settled(id)) continue;
            step(id, pending);
        }
    }

    // `id` isn't settled: which of its operands make it so?
    void step(ir::NodeId id, std::vector<ir::NodeId>& pending) {
        const ir::Node& node = module_.node(id);
        if (node.op == ir::Op::kField) {
            found_.insert(ir::FieldId{node.a});
        } else if (node.op == ir::Op::kAny || node.op == ir::Op::kEvery || node.op == ir::Op::kNo) {
            quantifier(node, pending);
        } else if (node.op == ir::Op::kMatch) {
            match(node, pending);
        } else if (node.op == ir::Op::kElse && evaluator_.value(ir::NodeId{node.a}).surely_present()) {
            pending.push_back(ir::NodeId{node.a});  // the other side isn't read
        } else {
            ir::for_each_operand(module_, node, [&](ir::NodeId operand) { pending.push_back(operand); });
        }
    }

    // Elements that settle nothing, one by one: their bodies read the variable, so each is followed while it is bound.
    void quantifier(const ir::Node& node, std::vector<ir::NodeId>& pending) {
        pending.push_back(ir::NodeId{node.a});
        const auto elements = evaluator_.elements(ir::NodeId{node.a});
        if (!elements) return unbound(ir::NodeId{node.b});
        for (const reference::Element& element : *elements) {
            evaluator_.bind(node.c, element);
            follow({ir::NodeId{node.b}});
        }
    }

    // Without elements nothing can be said of what reads the variable; once there are some, the rest of the body
    // counts.
    void unbound(ir::NodeId body) {
        std::set<ir::NodeId> seen;
        std::vector<ir::NodeId> pending{body};
        while (!pending.empty()) {
            const ir::NodeId id = pending.back();
            pending.pop_back();
            if (evaluator_.is_closed(id)) {
                if (seen_closed_.insert(id).second) closed_.push_back(id);
            } else if (seen.insert(id).second) {
                ir::for_each_operand(module_, module_.node(id),
                                     [&](ir::NodeId operand) { pending.push_back(operand); });
            }
        }
    }

    // Arms that the scrutinee rules out aren't read.
    void match(const ir::Node& node, std::vector<ir::NodeId>& pending) {
        const auto operands = module_.list(node);
        pending.push_back(operands[0]);
        const reference::Abstract scrutinee = evaluator_.value(operands[0]);
        if (!scrutinee.surely_present()) return;
        const std::uint64_t possible = std::get<reference::Choice>(*scrutinee.present).possible;
        for (std::size_t i = 1; i < operands.size(); ++i) {
            if ((possible >> (i - 1) & 1U) != 0) pending.push_back(operands[i]);
        }
    }

    const ir::Module& module_;
    reference::Evaluator evaluator_;
    std::set<ir::FieldId> found_;
    std::set<ir::NodeId> seen_closed_;
    std::vector<ir::NodeId> closed_;
};

}  // namespace

std::set<ir::FieldId> unsettled_fields(const ir::Module& module, ir::NodeId root, const value::Record& record,
                                       Instant now) {
    return Search{module, record, now}.run(root);
}

}  // namespace keywright::eval
