// The reference evaluator: the meaning of the language, written to be obviously right. Slow: it walks the tree
// recursively and copies values. Every other evaluator is compared with it.
//
// Values are described by what is still possible (an abstract value): a field that is given has one possible value, an
// unknown one has every value its type, its range and the schema's assumptions leave.
#pragma once

#include "eval/decision.h"

#include <map>
#include <set>
#include <string>

namespace keywright::eval {

// Evaluates every rule of `module` on `record` at `now`.
[[nodiscard]] Decision decide_reference(const ir::Module& module, const value::Record& record, Instant now);

// Evaluates one rule.
[[nodiscard]] RuleDecision decide_reference(const ir::Module& module, ir::RuleId rule, const value::Record& record,
                                            Instant now);

// The truth of one boolean expression.
[[nodiscard]] Truth evaluate_reference(const ir::Module& module, ir::NodeId root, const value::Record& record,
                                       Instant now);

// The text of a non-boolean expression's value for a message: the value in words, `absent`, or `unknown`. `deadline` is
// what `Op::kDeadline` stands for.
[[nodiscard]] std::string describe_reference(const ir::Module& module, ir::NodeId root, const value::Record& record,
                                             Instant now, const InstantBounds& deadline);

// The unknown fields on which an undetermined expression hangs: those read below it along operands whose value is not
// settled.
[[nodiscard]] std::set<ir::FieldId> unsettled_fields(const ir::Module& module, ir::NodeId root,
                                                     const value::Record& record, Instant now);

}  // namespace keywright::eval
