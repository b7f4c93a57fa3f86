#include "logic/search.h"

#include <algorithm>
#include <utility>

namespace keywright::logic {

using eval::Truth;

Evaluation::Evaluation(const Space& space, Ref root)
    : space_(space), root_(root), nodes_(space.formulas().below(root)) {
    truth_.assign(node_of(root) + 1, Truth::kTrue);
    seen_.assign(truth_.size(), 0);
}

Truth Evaluation::truth(Ref r) const { return is_negated(r) ? !truth_[node_of(r)] : truth_[node_of(r)]; }

Truth Evaluation::of(const Region& region) {
    const Formulas& f = space_.formulas();
    for (const std::uint32_t index : nodes_) {
        const FormulaNode& node = f.node(index);
        Truth t = Truth::kTrue;
        switch (node.kind) {
            case FormulaNode::Kind::kTrue: break;
            case FormulaNode::Kind::kAtom: t = space_.truth(region, node.number); break;
            case FormulaNode::Kind::kAll:
                for (const Ref r : f.operands(node)) {
                    t = eval::both(t, truth(r));
                    if (t == Truth::kFalse) break;
                }
                break;
            case FormulaNode::Kind::kAtLeast: {
                std::uint32_t sure = 0, possible = 0;
                for (const Ref r : f.operands(node)) {
                    sure += truth(r) == Truth::kTrue ? 1 : 0;
                    possible += truth(r) != Truth::kFalse ? 1 : 0;
                }
                t = sure >= node.number ? Truth::kTrue : possible < node.number ? Truth::kFalse : Truth::kUnknown;
                break;
            }
            case FormulaNode::Kind::kSome: t = Truth::kUnknown; break;  // not in a finished space
        }
        truth_[index] = t;
    }
    return truth(root_);
}

std::uint32_t Evaluation::undecided_atom(const std::vector<bool>* among) {
    ++round_;
    const Formulas& f = space_.formulas();
    std::vector<Ref> pending{root_};
    while (!pending.empty()) {
        const Ref r = pending.back();
        pending.pop_back();
        const std::uint32_t index = node_of(r);
        if (truth_[index] != Truth::kUnknown || seen_[index] == round_) continue;
        seen_[index] = round_;
        const FormulaNode& node = f.node(index);
        if (node.kind == FormulaNode::Kind::kAtom) {
            const std::uint32_t dimension = space_.dimension_of(node.number);
            if (dimension == kNone || (among != nullptr && !(*among)[dimension])) continue;
            promising_ = !is_negated(r);
            return node.number;
        }
        for (const Ref operand : f.operands(node)) pending.push_back(operand ^ (r & 1U));
    }
    return kNone;
}

Search::Search(const Space& space, Ref root, Region start, std::uint64_t steps)
    : space_(space), evaluation_(space, root), steps_(steps) {
    if (!space.is_empty(start)) pending_.push_back(std::move(start));
}

Search::Step Search::next(Region& part) {
    while (!pending_.empty()) {
        if (steps_ == 0) return Step::kExhausted;
        --steps_;
        Region region = std::move(pending_.back());
        pending_.pop_back();
        const Truth t = evaluation_.of(region);
        if (t == Truth::kFalse) continue;
        if (t == Truth::kTrue) {
            part = std::move(region);
            return Step::kFound;
        }
        const std::uint32_t atom = evaluation_.undecided_atom();
        if (atom == kNone) {
            part = std::move(region);
            return Step::kOpaque;
        }
        Region other = region;
        space_.restrict(region, atom, evaluation_.promising());
        space_.restrict(other, atom, !evaluation_.promising());
        pending_.push_back(std::move(other));
        pending_.push_back(std::move(region));
    }
    return Step::kDone;
}

Region simplest(const Space& space, Ref root, const Region& region) {
    Evaluation evaluation{space, root};
    // One cell of the region to begin with.
    Region cell = region;
    const auto only = [&](Region& r, const Dimension& d, std::uint32_t c) {
        for (std::uint32_t w = 0; w < d.words; ++w)
            r[d.first_word + w] = w == c / 64 ? std::uint64_t{1} << (c % 64) : 0;
    };
    const auto first = [&](const Region& r, const Dimension& d) {
        std::uint32_t c = 0;
        while ((r[d.first_word + c / 64] >> (c % 64) & 1U) == 0) ++c;
        return c;
    };
    for (const Dimension& d : space.dimensions()) only(cell, d, first(cell, d));
    for (const Dimension& d : space.dimensions()) {
        const std::uint32_t now = first(cell, d);
        for (std::uint32_t c = 0; c < std::min(now, 16U); ++c) {
            Region trial = cell;
            only(trial, d, c);
            if (evaluation.of(trial) != Truth::kTrue) continue;
            cell = std::move(trial);
            break;
        }
    }
    return cell;
}

Result CellSolver::solve(const Question& question, const Budget& budget) const {
    Draft draft{question.packs};
    std::vector<Ref> roots{draft.question(question)};
    roots.push_back(draft.constraint());
    auto built = Space::build(std::move(draft), roots, {});
    if (auto* problem = std::get_if<std::string>(&built)) return {Answer::kUnknown, {}, std::move(*problem)};
    Space& space = std::get<Space>(built);
    const Ref root = space.formulas().both(roots[0], space.constraint());

    const Instant wish{1'767'225'600, 0};  // 2026-01-01, for no reason but that it reads well
    Search search{space, root, space.everything(), budget.steps};
    std::string reason;
    for (Region part;;) {
        const Search::Step step = search.next(part);
        if (step == Search::Step::kDone) break;
        if (step == Search::Step::kExhausted) return {Answer::kUnknown, {}, "the budget of steps is used up"};
        const bool sure = step == Search::Step::kFound;
        auto witness = space.witness(sure ? simplest(space, root, part) : part, wish);
        if (witness && confirms(question, *witness)) return {Answer::kYes, std::move(witness), {}};
        reason = sure ? "a configuration was found that the evaluator doesn't confirm"
                      : "it hangs on a comparison that cells can't express";
        if (sure) break;
    }
    if (reason.empty()) return {Answer::kNo, {}, {}};
    return {Answer::kUnknown, {}, std::move(reason)};
}

}  // namespace keywright::logic
