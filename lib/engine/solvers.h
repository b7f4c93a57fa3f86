// The solvers that questions are put to.
#pragma once

#include "analysis/questions.h"
#include "keywright/proof.h"
#include "logic/search.h"
#include "smt/solver.h"

#include <memory>
#include <vector>

namespace keywright::engine {

[[nodiscard]] inline logic::Budget to_budget(const AnalysisBudget& budget) {
    return {budget.steps, budget.milliseconds, budget.megabytes};
}

// Cells first: they are quicker, and always there.
class AllSolvers {
public:
    AllSolvers() : solver_(smt::make_solver()) {
        solvers_.push_back(&cells_);
        if (solver_) solvers_.push_back(solver_.get());
    }
    AllSolvers(const AllSolvers&) = delete;
    AllSolvers& operator=(const AllSolvers&) = delete;
    ~AllSolvers() = default;
    [[nodiscard]] analysis::Solvers get() const { return solvers_; }

private:
    logic::CellSolver cells_;
    std::unique_ptr<logic::Solver> solver_;
    std::vector<const logic::Solver*> solvers_;
};

}  // namespace keywright::engine
