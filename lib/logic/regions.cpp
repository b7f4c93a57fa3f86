#include "logic/regions.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace keywright::logic {
namespace {

constexpr std::size_t kMostBoxes = 64;

bool intersects(const Space& space, const Region& a, const Region& b) {
    return std::ranges::all_of(space.dimensions(), [&](const Dimension& d) {
        for (std::uint32_t w = 0; w < d.words; ++w) {
            if ((a[d.first_word + w] & b[d.first_word + w]) != 0) return true;
        }
        return false;
    });
}

// `region` without `hole`, as boxes that don't overlap.
std::vector<Region> without(const Space& space, const Region& region, const Region& hole) {
    if (!intersects(space, region, hole)) return {region};
    std::vector<Region> out;
    Region rest = region;
    for (const Dimension& d : space.dimensions()) {
        Region piece = rest;
        bool any = false;
        for (std::uint32_t w = 0; w < d.words; ++w) {
            const std::uint32_t at = d.first_word + w;
            piece[at] = rest[at] & ~hole[at];
            any = any || piece[at] != 0;
            rest[at] &= hole[at];
        }
        if (any) out.push_back(std::move(piece));
    }
    return out;
}

std::vector<Region> without_all(const Space& space, const Region& region, const std::vector<Region>& holes,
                                std::size_t skip) {
    std::vector<Region> left{region};
    for (std::size_t i = 0; i < holes.size(); ++i) {
        if (i == skip) continue;
        std::vector<Region> next;
        for (const Region& r : left) {
            for (Region& piece : without(space, r, holes[i])) next.push_back(std::move(piece));
        }
        left = std::move(next);
    }
    return left;
}

class Covering {
public:
    // `outside`: the configurations of which the formula doesn't hold.
    Covering(const Space& space, Ref outside, std::uint64_t steps) : space_(space), outside_(outside), steps_(steps) {}

    // The box with every class of every dimension that it can take: classes are taken one by one, as a box holds
    // exactly where it does for each of them.
    std::optional<Region> widest(Region box) {
        const Region all = space_.everything();
        for (const Dimension& d : space_.dimensions()) {
            Region whole = box;
            for (std::uint32_t w = 0; w < d.words; ++w) whole[d.first_word + w] = all[d.first_word + w];
            const auto free = holds(whole);
            if (!free) return std::nullopt;
            if (*free) {
                box = std::move(whole);
                continue;
            }
            for (std::uint32_t c = 0; c < d.classes; ++c) {
                const std::uint32_t at = d.first_word + c / 64;
                const std::uint64_t bit = std::uint64_t{1} << (c % 64);
                if ((box[at] & bit) != 0) continue;
                Region one = box;
                for (std::uint32_t w = 0; w < d.words; ++w) one[d.first_word + w] = 0;
                one[at] = bit;
                const auto fits = holds(one);
                if (!fits) return std::nullopt;
                if (*fits) box[at] |= bit;
            }
        }
        return box;
    }

private:
    // Whether the formula holds on all of the box that are configurations.
    std::optional<bool> holds(const Region& box) {
        Search search{space_, outside_, box, steps_};
        Region part;
        const Search::Step step = search.next(part);
        steps_ = search.steps_left();
        if (step == Search::Step::kExhausted) return std::nullopt;
        return step == Search::Step::kDone;
    }

    const Space& space_;
    Ref outside_;
    std::uint64_t steps_;
};

}  // namespace

Cover cover(Space& space, Ref root, std::uint64_t steps) {
    Cover out;
    const Ref inside = space.formulas().both(root, space.constraint());
    Covering covering{space, space.formulas().both(negated(root), space.constraint()), steps};
    Search search{space, inside, space.everything(), steps};
    for (Region part;;) {
        const Search::Step step = search.next(part);
        if (step == Search::Step::kDone) break;
        if (step == Search::Step::kExhausted) {
            out.complete = false;
            break;
        }
        if (step == Search::Step::kOpaque) {
            out.understood = false;
            continue;
        }
        out.cells.add(space.count(part));
        for (const Region& rest : without_all(space, part, out.boxes, out.boxes.size())) {
            // What an earlier piece of this part led to may cover this one as well.
            if (without_all(space, rest, out.boxes, out.boxes.size()).empty()) continue;
            if (out.boxes.size() == kMostBoxes) {
                out.complete = false;
                break;
            }
            std::optional<Region> box = covering.widest(rest);
            if (!box) {
                out.complete = false;
                break;
            }
            out.boxes.push_back(std::move(*box));
        }
    }
    for (std::size_t i = out.boxes.size(); i-- > 0;) {
        if (without_all(space, out.boxes[i], out.boxes, i).empty())
            out.boxes.erase(out.boxes.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return out;
}

}  // namespace keywright::logic
