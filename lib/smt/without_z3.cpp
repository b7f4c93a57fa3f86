// The layer in a build without Z3.
#include "smt/solver.h"

namespace keywright::smt {

bool available() { return false; }

std::unique_ptr<logic::Solver> make_solver() { return nullptr; }

std::string to_smtlib(const logic::Question& /*question*/) { return {}; }

}  // namespace keywright::smt
