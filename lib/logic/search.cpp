#include "logic/search.h"

#include <algorithm>
#include <utility>

namespace keywright::logic {

using eval::Truth;

Evaluation::Evaluation(const Space& space, Ref root) : space_(space) {
    const Formulas& f = space.formulas();
    const std::vector<std::uint32_t> below = f.below(root);
    const auto renumbered = [&](Ref r) {
        const auto at = std::ranges::lower_bound(below, node_of(r)) - below.begin();
        return (static_cast<Ref>(at) << 1U) | (r & 1U);
    };
    nodes_.reserve(below.size());
    for (const std::uint32_t index : below) {
        FormulaNode node = f.node(index);
        const auto first = static_cast<std::uint32_t>(operands_.size());
        for (const Ref r : f.operands(node)) operands_.push_back(renumbered(r));
        node.first = first;
        nodes_.push_back(node);
    }
    root_ = renumbered(root);
    truth_.assign(nodes_.size(), Truth::kTrue);
    seen_.assign(nodes_.size(), 0);
    needs_.assign(nodes_.size(), Need::kNothing);
    blame_.assign(nodes_.size(), 1);
}

Truth Evaluation::of(const Region& region) {
    for (std::size_t index = 0; index < nodes_.size(); ++index) {
        const FormulaNode& node = nodes_[index];
        Truth t = Truth::kTrue;
        switch (node.kind) {
            case FormulaNode::Kind::kTrue: break;
            case FormulaNode::Kind::kAtom: t = space_.truth(region, node.number); break;
            case FormulaNode::Kind::kAll:
                for (const Ref r : operands(node)) {
                    t = eval::both(t, truth(r));
                    if (t == Truth::kFalse) break;
                }
                break;
            case FormulaNode::Kind::kAtLeast: {
                std::uint32_t sure = 0, possible = 0;
                for (const Ref r : operands(node)) {
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

Truth Evaluation::known(Ref r) const {
    const Truth t = truth(r);
    if (t != Truth::kUnknown) return t;
    switch (needs_[node_of(r)]) {
        case Need::kNothing: return Truth::kUnknown;
        case Need::kTrue: return is_negated(r) ? Truth::kFalse : Truth::kTrue;
        case Need::kFalse: break;
    }
    return is_negated(r) ? Truth::kTrue : Truth::kFalse;
}

bool Evaluation::need(Ref r, bool value) {
    const Truth t = known(r);
    if (t != Truth::kUnknown) return (t == Truth::kTrue) == value;
    needs_[node_of(r)] = value != is_negated(r) ? Need::kTrue : Need::kFalse;
    return true;
}

// Conditions that failed before are decided first: among them is what makes a formula impossible.
void Evaluation::blame(std::uint32_t index) {
    if (++blame_[index] < (1U << 20U)) return;
    for (std::uint32_t& b : blame_) b = b / 2 + 1;
}

void Evaluation::consider(std::uint32_t index, std::uint32_t open) {
    const bool better =
        tightest_ == kNone || std::uint64_t{open} * blame_[tightest_] < std::uint64_t{tightest_open_} * blame_[index];
    if (!better) return;
    tightest_ = index;
    tightest_open_ = open;
}

// What a node needs of its operands, or an atom of the region.
bool Evaluation::pass_on(std::uint32_t index, Region& region, bool& changed) {
    const FormulaNode& node = nodes_[index];
    const bool value = needs_[index] == Need::kTrue;
    switch (node.kind) {
        case FormulaNode::Kind::kTrue:
        case FormulaNode::Kind::kSome: return true;
        case FormulaNode::Kind::kAtom:
            if (space_.dimension_of(node.number) == kNone) return true;
            switch (space_.truth(region, node.number)) {  // of what is left by now
                case Truth::kTrue: return value;
                case Truth::kFalse: return !value;
                case Truth::kUnknown: break;
            }
            space_.restrict(region, node.number, value);
            changed = true;
            return true;
        case FormulaNode::Kind::kAll: {
            if (value) return std::ranges::all_of(operands(node), [&](Ref r) { return need(r, true); });
            std::uint32_t open = 0;
            Ref last = kTop;
            for (const Ref r : operands(node)) {
                const Truth t = known(r);
                if (t == Truth::kFalse) return true;
                if (t == Truth::kTrue) continue;
                ++open;
                last = r;
            }
            if (open == 0) return false;
            if (open == 1) return need(last, false);
            consider(index, open);
            return true;
        }
        case FormulaNode::Kind::kAtLeast: {
            std::uint32_t sure = 0, open = 0;
            for (const Ref r : operands(node)) {
                const Truth t = known(r);
                sure += t == Truth::kTrue ? 1 : 0;
                open += t == Truth::kUnknown ? 1 : 0;
            }
            if (value ? sure >= node.number : sure + open < node.number) return true;
            if (value ? sure + open < node.number : sure >= node.number) return false;
            const bool forced = value ? sure + open == node.number : sure + 1 == node.number;
            if (!forced) return true;
            return std::ranges::all_of(operands(node),
                                       [&](Ref r) { return known(r) != Truth::kUnknown || need(r, value); });
        }
    }
    return true;
}

// One pass from the formula down to its atoms; false where some condition can't be met.
bool Evaluation::pass(Region& region, bool& changed) {
    std::ranges::fill(needs_, Need::kNothing);
    tightest_ = kNone;
    if (!need(root_, true)) return false;
    for (auto index = static_cast<std::uint32_t>(nodes_.size()); index-- > 0;) {
        if (needs_[index] == Need::kNothing || pass_on(index, region, changed)) continue;
        blame(index);
        return false;
    }
    return true;
}

Truth Evaluation::narrow(Region& region) {
    for (;;) {
        const Truth t = of(region);
        if (t == Truth::kFalse) {
            for (const Ref r : operands(nodes_[node_of(root_)])) {
                if (truth(r) == Truth::kFalse && !is_negated(root_)) blame(node_of(r));
            }
        }
        if (t != Truth::kUnknown) return t;
        bool changed = false;
        if (!pass(region, changed)) return Truth::kFalse;
        if (!changed) return Truth::kUnknown;
    }
}

std::uint32_t Evaluation::undecided_atom(const std::vector<bool>* among) {
    // Down from the tightest condition, to an atom that would meet it.
    if (tightest_ != kNone && among == nullptr) {
        Ref at = tightest_ << 1U;
        bool value = needs_[tightest_] == Need::kTrue;
        for (;;) {
            if (is_negated(at)) value = !value;
            const FormulaNode& node = nodes_[node_of(at)];
            if (node.kind == FormulaNode::Kind::kAtom) {
                if (space_.dimension_of(node.number) == kNone) break;  // opaque
                promising_ = value;
                return node.number;
            }
            const auto below = operands(node);
            const auto open = std::ranges::find_if(below, [&](Ref r) { return truth(r) == Truth::kUnknown; });
            if (open == below.end()) break;
            at = *open;
        }
    }
    ++round_;
    std::vector<Ref> pending{root_};
    while (!pending.empty()) {
        const Ref r = pending.back();
        pending.pop_back();
        const std::uint32_t index = node_of(r);
        if (truth_[index] != Truth::kUnknown || seen_[index] == round_) continue;
        seen_[index] = round_;
        const FormulaNode& node = nodes_[index];
        if (node.kind == FormulaNode::Kind::kAtom) {
            const std::uint32_t dimension = space_.dimension_of(node.number);
            if (dimension == kNone || (among != nullptr && !(*among)[dimension])) continue;
            promising_ = !is_negated(r);
            return node.number;
        }
        for (const Ref operand : operands(node)) pending.push_back(operand ^ (r & 1U));
    }
    return kNone;
}

Search::Search(const Space& space, Ref root, Region start, std::uint64_t steps)
    : space_(space), evaluation_(space, root), start_(std::move(start)), steps_(steps) {
    if (!space.is_empty(start_)) pending_.push_back(start_);
}

Search::Step Search::next(Region& part) {
    while (!pending_.empty()) {
        if (steps_ == 0) return Step::kExhausted;
        --steps_;
        if (patience_ != 0 && patience_left_-- == 0) {
            patience_ *= 2;
            patience_left_ = patience_;
            pending_.assign(1, start_);
        }
        Region region = std::move(pending_.back());
        pending_.pop_back();
        const Truth t = evaluation_.narrow(region);
        if (t == Truth::kFalse) continue;
        if (t == Truth::kTrue) {
            patience_ = 0;  // what was handed out must not come up again
            part = std::move(region);
            return Step::kFound;
        }
        const std::uint32_t atom = evaluation_.undecided_atom();
        if (atom == kNone) {
            patience_ = 0;
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
