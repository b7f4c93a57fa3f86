#include "smt/solver.h"

#include <doctest/doctest.h>

using namespace keywright;

TEST_CASE("a build has a solver or says that it has none") {
    CHECK((smt::make_solver() != nullptr) == smt::available());
    CHECK(smt::to_smtlib({}).empty());
}
