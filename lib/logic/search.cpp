#include "logic/search.h"

#include <algorithm>
#include <bit>
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
    const std::size_t n = nodes_.size();
    truth_.assign(n, Truth::kTrue);
    no_.assign(n, 0);
    open_.assign(n, 0);
    seen_.assign(n, 0);
    known_.assign(n, Truth::kTrue);
    blame_.assign(n, 1);
    changed_.assign((n + 63) / 64, 0);
    needed_.assign((n + 63) / 64, 0);

    first_reader_.assign(n + 1, 0);
    for (const Ref r : operands_) ++first_reader_[node_of(r) + 1];
    for (std::size_t i = 0; i < n; ++i) first_reader_[i + 1] += first_reader_[i];
    readers_.resize(operands_.size());
    std::vector<std::uint32_t> next(first_reader_.begin(), first_reader_.end() - 1);
    for (std::uint32_t i = 0; i < n; ++i) {
        for (const Ref r : operands(nodes_[i])) readers_[next[node_of(r)]++] = (i << 1U) | (r & 1U);
    }

    std::vector<std::pair<std::uint32_t, std::uint32_t>> placed;  // dimension, node
    for (std::uint32_t i = 0; i < n; ++i) {
        if (nodes_[i].kind != FormulaNode::Kind::kAtom) continue;
        if (const std::uint32_t d = space.dimension_of(nodes_[i].number); d != kNone) placed.emplace_back(d, i);
    }
    std::ranges::sort(placed);
    for (const auto& [dimension, node] : placed) {
        if (dimensions_.empty() || dimensions_.back() != dimension) {
            dimensions_.push_back(dimension);
            first_atom_.push_back(static_cast<std::uint32_t>(atoms_.size()));
        }
        atoms_.push_back(node);
    }
    first_atom_.push_back(static_cast<std::uint32_t>(atoms_.size()));
}

Truth Evaluation::computed(std::uint32_t index, const Region& region) const {
    const FormulaNode& node = nodes_[index];
    switch (node.kind) {
        case FormulaNode::Kind::kTrue: return Truth::kTrue;
        case FormulaNode::Kind::kAtom: return space_.truth(region, node.number);
        case FormulaNode::Kind::kAll:
            return no_[index] > 0 ? Truth::kFalse : open_[index] > 0 ? Truth::kUnknown : Truth::kTrue;
        case FormulaNode::Kind::kAtLeast: {
            const std::uint32_t possible = node.count - no_[index], sure = possible - open_[index];
            return sure >= node.number ? Truth::kTrue : possible < node.number ? Truth::kFalse : Truth::kUnknown;
        }
        case FormulaNode::Kind::kSome: break;  // not in a finished space
    }
    return Truth::kUnknown;
}

void Evaluation::set(std::uint32_t index, Truth truth) {
    const Truth before = truth_[index];
    if (truth == before) return;
    truth_[index] = known_[index] = truth;
    for (std::uint32_t i = first_reader_[index]; i < first_reader_[index + 1]; ++i) {
        const std::uint32_t reader = node_of(readers_[i]);
        const Truth was = is_negated(readers_[i]) ? !before : before, is = is_negated(readers_[i]) ? !truth : truth;
        no_[reader] = no_[reader] + (is == Truth::kFalse ? 1 : 0) - (was == Truth::kFalse ? 1 : 0);
        open_[reader] = open_[reader] + (is == Truth::kUnknown ? 1 : 0) - (was == Truth::kUnknown ? 1 : 0);
        changed_[reader / 64] |= std::uint64_t{1} << (reader % 64);
    }
}

Truth Evaluation::of(const Region& region) {
    forget_needs();
    if (!knows_region_) {
        for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
            for (const Ref r : operands(nodes_[i])) {
                no_[i] += truth(r) == Truth::kFalse ? 1 : 0;
                open_[i] += truth(r) == Truth::kUnknown ? 1 : 0;
            }
            truth_[i] = known_[i] = computed(i, region);
        }
        region_ = region;
        knows_region_ = true;
        return truth(root_);
    }
    for (std::size_t i = 0; i < dimensions_.size(); ++i) {
        const Dimension& d = space_.dimensions()[dimensions_[i]];
        bool same = true;
        for (std::uint32_t w = d.first_word; w < d.first_word + d.words; ++w) {
            same = same && region_[w] == region[w];
            region_[w] = region[w];
        }
        if (same) continue;
        for (std::uint32_t a = first_atom_[i]; a < first_atom_[i + 1]; ++a)
            set(atoms_[a], space_.truth(region, nodes_[atoms_[a]].number));
    }
    // Nodes stand behind their operands, so once through is enough.
    for (std::size_t w = 0; w < changed_.size(); ++w) {
        while (changed_[w] != 0) {
            const auto index =
                static_cast<std::uint32_t>(w * 64) + static_cast<std::uint32_t>(std::countr_zero(changed_[w]));
            changed_[w] &= changed_[w] - 1;
            set(index, computed(index, region));
        }
    }
    return truth(root_);
}

void Evaluation::forget_needs() {
    for (const std::uint32_t index : with_need_) {
        known_[index] = truth_[index];
        needed_[index / 64] = 0;
    }
    with_need_.clear();
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
    tightest_value_ = known_[index] == Truth::kTrue;
}

// What a node needs of its operands, or an atom of the region.
bool Evaluation::pass_on(std::uint32_t index, Region& region, bool& changed) {
    const FormulaNode& node = nodes_[index];
    const bool value = known_[index] == Truth::kTrue;
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
    forget_needs();
    tightest_ = kNone;
    if (!need(root_, true)) return false;
    for (std::size_t w = needed_.size(); w-- > 0;) {
        while (needed_[w] != 0) {
            const auto bit = static_cast<std::uint32_t>(63 - std::countl_zero(needed_[w]));
            needed_[w] &= ~(std::uint64_t{1} << bit);
            const std::uint32_t index = static_cast<std::uint32_t>(w * 64) + bit;
            if (pass_on(index, region, changed)) continue;
            blame(index);
            return false;
        }
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
        bool value = tightest_value_;
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

Result settle(const Space& space, Ref root, std::uint64_t steps, std::uint64_t tries,
              const std::function<Region(const Region& part, bool sure)>& cell,
              const std::function<bool(const Witness&)>& confirms) {
    const Instant wish{1'767'225'600, 0};  // 2026-01-01, for no reason but that it reads well
    Search search{space, root, space.everything(), steps};
    std::string reason;
    for (Region part;;) {
        const Search::Step step = search.next(part);
        if (step == Search::Step::kDone) break;
        if (step == Search::Step::kExhausted) return {Answer::kUnknown, {}, "the budget of steps is used up"};
        const bool sure = step == Search::Step::kFound;
        auto witness = space.witness(cell(part, sure), wish);
        if (witness && confirms(*witness)) return {Answer::kYes, std::move(witness), {}};
        reason = sure ? "a configuration was found that the evaluator doesn't confirm"
                      : "it hangs on a comparison that cells can't express";
        if (sure || --tries == 0) break;
    }
    if (reason.empty()) return {Answer::kNo, {}, {}};
    return {Answer::kUnknown, {}, std::move(reason)};
}

Result CellSolver::solve(const Question& question, const Budget& budget) const {
    Draft draft{question.packs};
    std::vector<Ref> roots{draft.question(question)};
    roots.push_back(draft.constraint());
    auto built = Space::build(std::move(draft), roots, {});
    if (auto* problem = std::get_if<std::string>(&built)) return {Answer::kUnknown, {}, std::move(*problem)};
    Space& space = std::get<Space>(built);
    const Ref root = space.formulas().both(roots[0], space.constraint());
    return settle(
        space, root, budget.steps, budget.steps,
        [&](const Region& part, bool sure) { return sure ? simplest(space, root, part) : part; },
        [&](const Witness& witness) { return confirms(question, witness); });
}

}  // namespace keywright::logic
