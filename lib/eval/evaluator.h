// One evaluation by the reference evaluator: what each expression may be for one record at one instant.
#pragma once

#include "eval/abstract.h"
#include "eval/assumed.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace keywright::eval::reference {

// One possible element of a set, and whether it surely is one.
struct Element {
    Present value;
    Truth is_in = Truth::kTrue;
};

class Evaluator {
public:
    Evaluator(const ir::Module& module, const value::Record& record, Instant now, const InstantBounds& deadline = {});

    // Makes ready to ask for `root` and all below it: expressions that read no quantifier's variable are evaluated
    // once, operands first, so that neither shared definitions nor long chains cost more than their length.
    void prepare(ir::NodeId root);

    [[nodiscard]] Abstract value(ir::NodeId id);
    [[nodiscard]] Truth truth(ir::NodeId id);  // unknown where the value may be absent

    // The possible elements of a set, or nothing where they can't be listed.
    [[nodiscard]] std::optional<std::vector<Element>> elements(ir::NodeId set);
    void bind(std::uint32_t variable, const Element& element) { variables_[variable] = surely(element.value); }

    // Reads no variable, so its value is the same for every element. `id` stands below a root made ready.
    [[nodiscard]] bool is_closed(ir::NodeId id) const { return done_.contains(id); }

    [[nodiscard]] const Fields& fields() const { return fields_; }

private:
    [[nodiscard]] Abstract compute(ir::NodeId id);
    [[nodiscard]] Abstract match(ir::NodeId id);
    [[nodiscard]] Truth any(const ir::Node& quantifier, bool negated_body);

    const ir::Module& module_;
    Fields fields_;
    Instant now_;
    InstantBounds deadline_;
    std::vector<Abstract> variables_;
    std::set<ir::NodeId> reached_;
    std::map<ir::NodeId, std::set<std::uint32_t>> free_;  // variables that a reached node reads, where it reads any
    std::map<ir::NodeId, Abstract> done_;                 // of nodes that read none
};

}  // namespace keywright::eval::reference
