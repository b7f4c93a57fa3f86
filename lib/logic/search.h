// Looking for the cells of which a formula holds.
#pragma once

#include "logic/space.h"

#include <cstdint>
#include <functional>
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
    [[nodiscard]] std::span<const Ref> operands(const FormulaNode& n) const {
        return {operands_.data() + n.first, n.count};
    }
    [[nodiscard]] eval::Truth truth(Ref r) const { return is_negated(r) ? !truth_[node_of(r)] : truth_[node_of(r)]; }
    // Its truth, or else what it has to be wherever the formula holds.
    [[nodiscard]] eval::Truth known(Ref r) const { return is_negated(r) ? !known_[node_of(r)] : known_[node_of(r)]; }
    // False: it has to be the opposite, too.
    [[nodiscard]] bool need(Ref r, bool value) {
        const eval::Truth t = known(r);
        if (t != eval::Truth::kUnknown) return (t == eval::Truth::kTrue) == value;
        const std::uint32_t index = node_of(r);
        known_[index] = eval::truth_of(value != is_negated(r));
        with_need_.push_back(index);
        needed_[index / 64] |= std::uint64_t{1} << (index % 64);
        return true;
    }
    void forget_needs();
    [[nodiscard]] bool pass(Region& region, bool& changed);
    [[nodiscard]] bool pass_on(std::uint32_t index, Region& region, bool& changed);
    void consider(std::uint32_t index, std::uint32_t open);
    void blame(std::uint32_t index);

    [[nodiscard]] eval::Truth computed(std::uint32_t index, const Region& region) const;
    void set(std::uint32_t index, eval::Truth truth);

    const Space& space_;
    // The nodes below the root, numbered anew and in the same order: what a question costs depends on what it asks, and
    // not on all that the space was built for.
    std::vector<FormulaNode> nodes_;
    std::vector<Ref> operands_;
    Ref root_ = kTop;
    // What is true of `region_`. Another region is mostly not much different, so only that is computed anew whose
    // dimensions are: a node counts its operands, and what changes is passed on to those that read it.
    Region region_;
    bool knows_region_ = false;
    std::vector<eval::Truth> truth_;               // by node
    std::vector<eval::Truth> known_;               // by node: `truth_`, and what the pass found out
    std::vector<std::uint32_t> no_, open_;         // by node: operands that are false, and unknown
    std::vector<std::uint32_t> first_reader_;      // by node, and one more: in `readers_`
    std::vector<Ref> readers_;                     // nodes that read it, negated where they read its opposite
    std::vector<std::uint32_t> dimensions_;        // that atoms below the root ask about
    std::vector<std::uint32_t> first_atom_;        // by those, and one more: in `atoms_`
    std::vector<std::uint32_t> atoms_;             // nodes
    std::vector<std::uint64_t> changed_, needed_;  // by node, a bit each: to be computed anew, to be passed on
    std::vector<std::uint32_t> with_need_;         // nodes that need something, in this pass

    std::vector<std::uint32_t> seen_;
    std::uint32_t round_ = 0;
    bool promising_ = true;
    std::vector<std::uint32_t> blame_;  // by node: how often it was what could not be met
    std::uint32_t tightest_ = kNone;    // the node with the fewest ways left, for its blame
    std::uint32_t tightest_open_ = 0;
    bool tightest_value_ = false;  // what it has to be
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

// Whether some configuration of `space` is as `root` says, which asks for the space's constraint too. `cell` chooses,
// of a part of which the formula holds (or may hold, for all that cells express), the cell that is shown; `confirms`
// asks the evaluator about a configuration of it. Gives up after `tries` parts that hang on what isn't understood.
[[nodiscard]] Result settle(const Space& space, Ref root, std::uint64_t steps, std::uint64_t tries,
                            const std::function<Region(const Region& part, bool sure)>& cell,
                            const std::function<bool(const Witness&)>& confirms);

// Enumeration of cells: exact for what a draft understands, without a solver.
class CellSolver final : public Solver {
public:
    [[nodiscard]] Result solve(const Question& question, const Budget& budget) const override;
};

// The cell of `region` whose classes come first while `root` still holds of it. For witnesses that are short to read.
[[nodiscard]] Region simplest(const Space& space, Ref root, const Region& region);

}  // namespace keywright::logic
