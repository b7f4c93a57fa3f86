#include "logic/differences.h"

#include <algorithm>
#include <map>
#include <utility>

namespace keywright::logic {

Differences::Differences(std::size_t numbers) : numbers_(numbers), bounds_(numbers * numbers, kUnbounded) {
    for (std::size_t i = 0; i < numbers; ++i) bounds_[i * numbers + i] = 0;
}

bool Differences::require(std::size_t x, std::size_t y, Nanos least) {
    // x - y >= least is y - x <= -least.
    const Nanos limit = -least;
    if (bound(y, x) <= limit) return true;
    if (x == y || (bound(x, y) < kUnbounded && bound(x, y) + limit < 0)) return false;
    // Every way from one number to another may now be shorter through y and x.
    for (std::size_t i = 0; i < numbers_; ++i) {
        if (bound(i, y) >= kUnbounded) continue;
        for (std::size_t j = 0; j < numbers_; ++j) {
            if (bound(x, j) >= kUnbounded) continue;
            Nanos& b = bounds_[i * numbers_ + j];
            b = std::min(b, bounds_[i * numbers_ + y] + limit + bounds_[x * numbers_ + j]);
        }
    }
    return true;
}

namespace {

// `not (x - y >= c)` is `y - x >= 1 - c`, as these are integers.
bool state(Differences& known, const Comparison& c, bool truth) {
    return truth ? known.require(c.x, c.y, c.least) : known.require(c.y, c.x, 1 - c.least);
}

}  // namespace

std::optional<Differences> NumberGroup::bounds_of(const NumberClass& c) const {
    Differences known{optional.size()};
    for (std::size_t i = 1; i < optional.size(); ++i) {
        if (c.present[i] && (!known.require(i, 0, min[i]) || !known.require(0, i, -max[i]))) return std::nullopt;
    }
    for (const Comparison& fact : facts) {
        if (c.present[fact.x] && c.present[fact.y] && !state(known, fact, true)) return std::nullopt;
    }
    for (std::size_t i = 0; i < c.truth.size(); ++i) {
        const Comparison& asked = comparisons[i];
        if (c.present[asked.x] && c.present[asked.y] && !state(known, asked, c.truth[i])) return std::nullopt;
    }
    return known;
}

std::optional<std::vector<NumberClass>> NumberGroup::classes(std::size_t most) const {
    std::vector<std::size_t> choices;
    for (std::size_t i = 1; i < optional.size(); ++i) {
        if (optional[i]) choices.push_back(i);
    }
    if (choices.size() > 16) return std::nullopt;
    std::vector<NumberClass> out;
    std::map<std::pair<std::vector<bool>, std::vector<bool>>, bool> seen;
    for (std::uint32_t pattern = 0; pattern < (std::uint32_t{1} << choices.size()); ++pattern) {
        NumberClass begin;
        begin.present.assign(optional.size(), true);
        for (std::size_t i = 0; i < choices.size(); ++i) begin.present[choices[i]] = (pattern >> i & 1U) != 0;
        std::optional<Differences> known = bounds_of(begin);
        if (!known) continue;

        struct Branch {
            NumberClass c;
            Differences known;
        };
        std::vector<Branch> pending;
        pending.push_back({std::move(begin), std::move(*known)});
        while (!pending.empty()) {
            Branch branch = std::move(pending.back());
            pending.pop_back();
            // Comparisons that are settled by what is known need no branch.
            while (branch.c.truth.size() < comparisons.size()) {
                const Comparison& asked = comparisons[branch.c.truth.size()];
                if (!branch.c.present[asked.x] || !branch.c.present[asked.y]) {
                    branch.c.truth.push_back(false);
                    continue;
                }
                Branch other = branch;
                const bool can_be_true = state(branch.known, asked, true);
                const bool can_be_false = state(other.known, asked, false);
                if (can_be_true && can_be_false) {
                    other.c.truth.push_back(false);
                    branch.c.truth.push_back(true);
                    // The ordinary case is that a deadline has not come: look at it first.
                    std::swap(branch, other);
                    pending.push_back(std::move(other));
                } else if (can_be_true) {
                    branch.c.truth.push_back(true);
                } else {
                    branch = std::move(other);
                    branch.c.truth.push_back(false);
                }
            }
            std::vector<bool> shown;
            for (std::size_t i = 1; i < optional.size(); ++i) {
                if (shows_presence[i]) shown.push_back(branch.c.present[i]);
            }
            if (!seen.try_emplace({std::move(shown), branch.c.truth}, true).second) continue;
            if (out.size() == most) return std::nullopt;
            out.push_back(std::move(branch.c));
        }
    }
    return out;
}

Nanos pleasant(Nanos low, Nanos high, Nanos wish, Nanos origin, std::span<const Nanos> steps) {
    const Nanos best = std::clamp(wish, low, high);
    for (const Nanos step : steps) {
        // The multiples next to `best` on either side.
        const Nanos away = best - origin;
        Nanos down = away / step * step;
        if (down > away) down -= step;
        const Nanos below = origin + down;
        const Nanos above = below == best ? best : below + step;
        const bool fits_below = low <= below && below <= high;
        const bool fits_above = low <= above && above <= high;
        if (fits_below && fits_above) return best - below <= above - best ? below : above;
        if (fits_below) return below;
        if (fits_above) return above;
    }
    return best;
}

}  // namespace keywright::logic
