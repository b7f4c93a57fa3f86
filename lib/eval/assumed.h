// What a record says of a field, and what the schema's assumptions say of one that is unknown. Used by the reference
// evaluator alone.
#pragma once

#include "eval/abstract.h"

#include <vector>

namespace keywright::eval::reference {

class Fields {
public:
    Fields(const ir::Module& module, const value::Record& record, Instant now);

    // What the field may be: a point where it is given, else all that its type and the assumptions leave.
    [[nodiscard]] Abstract value(ir::FieldId field) const;

    // Given, absent or unknown, where a field of a nested record that isn't given is as that record.
    [[nodiscard]] value::State state(ir::FieldId field) const;

private:
    [[nodiscard]] const ir::Field& field(ir::FieldId id) const { return module_.schema.fields[id.index()]; }
    [[nodiscard]] bool may_be_absent(ir::FieldId id) const;
    [[nodiscard]] bool is_always_present(ir::FieldId id) const;
    [[nodiscard]] Present given(ir::FieldId id) const;
    [[nodiscard]] Range assumed_range(ir::FieldId id) const;
    [[nodiscard]] std::optional<Range> range_of(const ir::AssumeTerm& term) const;

    const ir::Module& module_;
    const value::Record& record_;
    Instant now_;
    std::vector<ir::Assumption> assumptions_;  // the schema's, and what follows from them
};

}  // namespace keywright::eval::reference
