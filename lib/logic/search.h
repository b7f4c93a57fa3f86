// Looking for the cells of which a formula holds.
#pragma once

#include "logic/space.h"

#include <cstdint>
#include <span>
#include <vector>

namespace keywright::logic {

// Evaluates formulas of one space on whole regions, in Kleene's logic: an answer holds for every cell of the region.
class Evaluation {
public:
    Evaluation(const Space& space, Ref root);
    [[nodiscard]] eval::Truth of(const Region& region);
    // After `of` said unknown: an atom on which it hangs, best decided first; kNone where only opaque ones are left.
    // `among`: by dimension, those whose atoms count; null: all.
    [[nodiscard]] std::uint32_t undecided_atom(const std::vector<bool>* among = nullptr);
    // The value of that atom that brings the formula closer to true.
    [[nodiscard]] bool promising() const { return promising_; }

    // Takes away cells of which the formula can't hold, as far as single conditions show that (unit propagation), and
    // says what holds of the rest; where that is unknown, `undecided_atom` chooses by the tightest condition.
    [[nodiscard]] eval::Truth narrow(Region& region);

private:
    // What a node has to be wherever the formula holds.
    enum class Need : std::uint8_t { kNothing, kTrue, kFalse };

    [[nodiscard]] std::span<const Ref> operands(const FormulaNode& n) const {
        return {operands_.data() + n.first, n.count};
    }
    [[nodiscard]] eval::Truth truth(Ref r) const { return is_negated(r) ? !truth_[node_of(r)] : truth_[node_of(r)]; }
    [[nodiscard]] eval::Truth known(Ref r) const;  // its truth, or else what it has to be
    [[nodiscard]] bool need(Ref r, bool value);    // false: it has to be the opposite, too
    [[nodiscard]] bool pass(Region& region, bool& changed);
    [[nodiscard]] bool pass_on(std::uint32_t index, Region& region, bool& changed);
    void consider(std::uint32_t index, std::uint32_t open);
    void blame(std::uint32_t index);
    const Space& space_;
    // The nodes below the root, numbered anew and in the same order: what a question costs depends on what it asks, and
    // not on all that the space was built for.
    std::vector<FormulaNode> nodes_;
    std::vector<Ref> operands_;
    Ref root_ = kTop;
    std::vector<eval::Truth> truth_;  // by node
    std::vector<std::uint32_t> seen_;
    std::uint32_t round_ = 0;
    bool promising_ = true;
    std::vector<Need> needs_;           // by node
    std::vector<std::uint32_t> blame_;  // by node: how often it was what could not be met
    std::uint32_t tightest_ = kNone;    // the node with the fewest ways left, for its blame
    std::uint32_t tightest_open_ = 0;
};

// Takes a region apart until the formula is decided on every part. The parts do not overlap. No recursion; the stack
// holds at most as many regions as there are atoms.
//
// Until a part is found, the search begins again now and then, each time after twice as many steps: it knows by then
// which conditions are hard to meet and decides these first. Without that, conditions that have nothing to do with what
// makes a formula impossible are gone through in all their combinations before it is noticed.
class Search {
public:
    Search(const Space& space, Ref root, Region start, std::uint64_t steps);

    enum class Step : std::uint8_t {
        kFound,     // the formula holds on all of the part
        kOpaque,    // it hangs on what isn't understood
        kDone,      // no more parts
        kExhausted  // the budget of steps is used up
    };
    Step next(Region& part);
    [[nodiscard]] std::uint64_t steps_left() const { return steps_; }

private:
    const Space& space_;
    Evaluation evaluation_;
    Region start_;
    std::vector<Region> pending_;
    std::uint64_t steps_;
    std::uint64_t patience_ = kPatience;  // steps until it begins again; 0: it doesn't
    std::uint64_t patience_left_ = kPatience;
    static constexpr std::uint64_t kPatience = 128;
};

// Enumeration of cells: exact for what a draft understands, without a solver.
class CellSolver final : public Solver {
public:
    [[nodiscard]] Result solve(const Question& question, const Budget& budget) const override;
};

// The cell of `region` whose classes come first while `root` still holds of it. For witnesses that are short to read.
[[nodiscard]] Region simplest(const Space& space, Ref root, const Region& region);

}  // namespace keywright::logic
