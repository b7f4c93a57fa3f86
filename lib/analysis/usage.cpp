#include "analysis/usage.h"

#include "ir/operands.h"

#include <cstdint>

namespace keywright::analysis {

namespace {

// Collects what one rule after another reads; a node, and what is read, counts once a rule.
class Reader {
public:
    explicit Reader(const ir::Module& module) : module_(module), seen_(module.nodes.size(), 0) {
        out_.of_define.resize(module.defines.size());
        out_.of_field.resize(module.schema.fields.size());
    }

    void read(ir::RuleId rule) {
        rule_ = rule;
        const ir::Rule& r = module_.rules[rule.index()];
        want(r.when);
        for (const ir::Exemption& exemption : r.exemptions) want(exemption.condition);
        want(r.requirement);
        if (r.expiry) {
            want(r.expiry->after);
            want(r.expiry->since);
            want(r.expiry->warn_before);
        }
        while (!pending_.empty()) {
            const ir::Node& node = module_.node(pending_.back());
            pending_.pop_back();
            if (node.op == ir::Op::kDefine) add(out_.of_define[node.b]);
            if (node.op == ir::Op::kField) {
                for (ir::FieldId field{node.a}; field.valid(); field = module_.schema.fields[field.index()].parent)
                    add(out_.of_field[field.index()]);
            }
            ir::for_each_operand(module_, node, [&](ir::NodeId operand) { want(operand); });
        }
    }

    [[nodiscard]] Usage take() { return std::move(out_); }

private:
    void want(ir::NodeId id) {
        const auto mark = static_cast<std::uint32_t>(rule_.index() + 1);
        if (!id.valid() || seen_[id.index()] == mark) return;
        seen_[id.index()] = mark;
        pending_.push_back(id);
    }

    void add(std::vector<ir::RuleId>& rules) const {
        if (rules.empty() || rules.back() != rule_) rules.push_back(rule_);
    }

    const ir::Module& module_;
    ir::RuleId rule_;
    std::vector<std::uint32_t> seen_;  // by node: number of the last rule that reads it, plus 1
    std::vector<ir::NodeId> pending_;
    Usage out_;
};

}  // namespace

Usage usage_of(const ir::Module& module) {
    Reader reader{module};
    for (std::size_t i = 0; i < module.rules.size(); ++i) reader.read(ir::RuleId{i});
    return reader.take();
}

}  // namespace keywright::analysis
