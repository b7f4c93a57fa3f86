// Exact questions through the SMT solver Z3, where the library was built with it (KEYWRIGHT_WITH_Z3).
//
// Every `kYes` has been confirmed by the reference evaluator. `kNo` rests on the encoding (encode.h) and on Z3. What
// can't be encoded exactly, or takes more than the budget, is `kUnknown` with a reason.
#pragma once

#include "logic/question.h"

#include <memory>
#include <string>

namespace keywright::smt {

// Whether this build has a solver.
[[nodiscard]] bool available();

// The solver, or null where there is none. Of a budget it heeds `milliseconds` and `megabytes`.
[[nodiscard]] std::unique_ptr<logic::Solver> make_solver();

// The question in SMT-LIB 2.6, for a solver that stands alone: `sat` means yes, with the witness in the model, and
// `unsat` no; comments at the head tell where `unsat` doesn't mean no. Variables are named after the fields. Empty
// where there is no solver, or the question is malformed.
[[nodiscard]] std::string to_smtlib(const logic::Question& question);

}  // namespace keywright::smt
