// What edits there are, and what they cost at least.
#include "analysis/repair_options.h"

#include <algorithm>
#include <bit>
#include <set>

namespace keywright::analysis {

using ir::FieldId;
using ir::Kind;
using logic::Comparison;
using logic::Differences;
using logic::Dimension;
using logic::Draft;
using logic::kNone;
using logic::Region;
using logic::Variable;
using value::Nanos;
using value::State;

namespace {

constexpr std::uint64_t kImpossible = ~std::uint64_t{0};
constexpr std::size_t kMostTogether = 200'000;  // ways of changing numbers that are compared with one another
constexpr std::size_t kMostApart = 4'096;       // ways in which changed numbers may stand to what is unknown
constexpr std::size_t kMostLimits = 512;        // limits that tell those ways apart

// Whether those that change in `fewer` change alike in `more`.
bool is_part(std::uint64_t fewer, const std::vector<bool>& there, std::uint64_t more,
             const std::vector<bool>& present) {
    if ((fewer & ~more) != 0) return false;
    for (std::size_t i = 0; i + 1 < present.size(); ++i) {
        if ((fewer >> i & 1U) != 0 && there[i + 1] != present[i + 1]) return false;
    }
    return true;
}

}  // namespace

Situation::Situation(const ir::Module& module, const logic::Space& space, const std::vector<bool>& reads,
                     const value::Record& record, Instant now)
    : module_(module),
      s_(space),
      d_(space.draft()),
      reads_(reads),
      record_(record),
      now_(now),
      region_(space.region_of(record, now)) {
    removable_.assign(fields().size(), false);
    for (std::size_t f = 0; f < fields().size(); ++f) removable_[f] = finds_removable(f);
    for (const Dimension& d : s_.dimensions()) {
        EditOptions c;
        EditOption kept;
        kept.cells.assign(region_.begin() + d.first_word, region_.begin() + d.first_word + d.words);
        c.options.push_back(std::move(kept));
        weigh(d, c);
        c.words = static_cast<std::uint32_t>((c.options.size() + 63) / 64);
        c.first_word = static_cast<std::uint32_t>(words_);
        words_ += c.words;
        choices_.push_back(std::move(c));
    }
}

Region Situation::all_options() const {
    Region out(words_, 0);
    for (const EditOptions& c : choices_) {
        for (std::uint32_t o = 0; o < c.options.size(); ++o) put(out, c.first_word, o);
    }
    return out;
}

Region Situation::cells(const Region& options) const {
    Region out(s_.words(), 0);
    for (std::size_t i = 0; i < choices_.size(); ++i) {
        const Dimension& d = s_.dimensions()[i];
        const EditOptions& c = choices_[i];
        for (std::uint32_t o = 0; o < c.options.size(); ++o) {
            if (!has(options, c.first_word, o)) continue;
            for (std::uint32_t w = 0; w < d.words; ++w) out[d.first_word + w] |= c.options[o].cells[w];
        }
    }
    return out;
}

std::uint32_t Situation::cheapest(const Region& options, std::size_t i) const {
    const EditOptions& c = choices_[i];
    std::uint32_t best = kNone;
    for (std::uint32_t o = 0; o < c.options.size(); ++o) {
        if (!has(options, c.first_word, o)) continue;
        if (o == EditOptions::kKept) return o;
        if (best == kNone || c.options[o].cost < c.options[best].cost) best = o;
    }
    return best;
}

// --- what the record says

State Situation::state(std::uint32_t variable) const {
    const FieldId id = field(variable);
    for (FieldId at = fields()[id.index()].parent; at.valid(); at = fields()[at.index()].parent) {
        if (record_.state(at.index()) != State::kGiven) return record_.state(at.index());
    }
    return record_.state(id.index());
}

bool Situation::is_wholly_known(std::uint32_t variable) const {
    const State s = state(variable);
    if (s != State::kGiven) return s == State::kAbsent;
    const std::size_t f = field(variable).index();
    switch (fields()[f].type.kind) {
        case Kind::kNetwork: return !record_.network(f).masked;
        case Kind::kSecret: {
            const value::SecretFacts facts = record_.secret(f);
            return facts.length_min == facts.length_max && facts.known == 0x7f;
        }
        case Kind::kSet: return masked(f) == 0;
        case Kind::kBool:
        case Kind::kInt:
        case Kind::kText:
        case Kind::kEnum:
        case Kind::kInstant:
        case Kind::kDuration:
        case Kind::kRecord: break;
    }
    return true;
}

std::vector<value::Value> Situation::elements(std::size_t f) const {
    std::vector<value::Value> out;
    switch (fields()[f].type.element) {
        case Kind::kEnum:
            for (std::uint32_t i = 0; i < 64; ++i) {
                if ((record_.enum_set(f) >> i & 1U) != 0) out.emplace_back(value::EnumValue{i});
            }
            break;
        case Kind::kNetwork:
            for (const value::Network& n : record_.network_set(f)) {
                if (!n.masked) out.emplace_back(n);
            }
            break;
        case Kind::kText:
            for (std::size_t i = 0; i < record_.count(f); ++i)
                out.emplace_back(std::string{record_.text_element(f, i)});
            break;
        case Kind::kInt:
            for (const std::int64_t n : record_.int_set(f)) out.emplace_back(n);
            break;
        case Kind::kBool:
        case Kind::kSet:
        case Kind::kInstant:
        case Kind::kDuration:
        case Kind::kSecret:
        case Kind::kRecord: break;
    }
    return out;
}

std::size_t Situation::masked(std::size_t f) const {
    if (fields()[f].type.element != Kind::kNetwork) return 0;
    const auto set = record_.network_set(f);
    return static_cast<std::size_t>(std::ranges::count_if(set, [](const value::Network& n) { return n.masked; }));
}

std::uint32_t Situation::class_of(std::uint32_t variable, const value::Value& element) const {
    const auto& classes = s_.element_classes(variable);
    const auto at = std::ranges::find_if(classes, [&](const logic::ValueClass& c) {
        for (std::size_t i = 0; i < c.truth.size(); ++i) {
            if (c.truth[i] != logic::holds(d_.predicates[variable][i], element)) return false;
        }
        return true;
    });
    return static_cast<std::uint32_t>(at - classes.begin());
}

std::uint32_t Situation::settled(const Dimension& d) const {
    std::uint32_t found = kNone;
    for (std::uint32_t c = 0; c < d.classes; ++c) {
        if (!has(region_, d.first_word, c)) continue;
        if (found != kNone) return kNone;
        found = c;
    }
    return found;
}

// --- records that go

// A nested record that is, or may be, there and that an edit may leave out.
bool Situation::finds_removable(std::size_t f) const {
    const ir::Field& field = fields()[f];
    if (field.type.kind != Kind::kRecord || !field.type.optional || is_fixed(module_, FieldId{f})) return false;
    if (record_.state(f) == State::kAbsent) return false;
    for (std::size_t i = 0; i < fields().size(); ++i) {
        if (!is_below(i, f) || !is_fixed(module_, FieldId{i})) continue;
        if (record_.state(i) != State::kAbsent) return false;
    }
    return true;
}

bool Situation::is_below(std::size_t f, std::size_t record) const {
    for (FieldId at = fields()[f].parent; at.valid(); at = fields()[at.index()].parent) {
        if (at.index() == record) return true;
    }
    return false;
}

// It may go because the record around it goes.
bool Situation::may_vanish(std::uint32_t variable) const {
    for (FieldId at = fields()[field(variable).index()].parent; at.valid(); at = fields()[at.index()].parent) {
        if (removable_[at.index()]) return true;
    }
    return false;
}

// --- members and sets

void Situation::add_class(const Dimension& d, std::uint32_t c, std::uint64_t cost, EditOptions& out) const {
    EditOption option;
    option.kind = EditOption::Kind::kClass;
    option.cost = cost;
    option.index = c;
    option.cells.assign(d.words, 0);
    option.cells[c / 64] = std::uint64_t{1} << (c % 64);
    out.options.push_back(std::move(option));
}

void Situation::weigh(const Dimension& d, EditOptions& out) const {
    if (d.kind == Dimension::Kind::kNumbers) return weigh_numbers(d, out);
    const std::uint32_t variable = d.variables.front();
    const Variable& v = d_.variables[variable];
    // To write down what is known changes nothing; what isn't may be written down though the cell stays the same.
    const bool known = is_wholly_known(variable);
    if (d.classes < 2 && (known || !is_read(variable))) return;
    const std::uint32_t now_in = known ? settled(d) : kNone;
    const bool editable = !fixed(variable);
    for (std::uint32_t c = 0; c < d.classes; ++c) {
        if (c == now_in) continue;
        const bool absence = is_absence(d, v, c);
        if (absence && may_vanish(variable)) {
            add_class(d, c, 0, out);
            continue;
        }
        if (!editable) continue;
        if (d.kind == Dimension::Kind::kMember) {
            if (v.type.kind == Kind::kRecord && absence && !removable_[field(variable).index()]) continue;
            add_class(d, c, cost_of(variable), out);
            continue;
        }
        const bool nothing_counted = !d.elements.empty() && d.elements.front() != kNone &&
                                     std::ranges::all_of(d.counts[c], [](std::uint32_t n) { return n == 0; });
        const bool free = may_vanish(variable) && nothing_counted;
        add_class(d, c, free ? 0 : cost_of(variable) * steps_to(d, variable, c), out);
    }
}

// How many elements come and go, at least.
std::uint64_t Situation::steps_to(const Dimension& d, std::uint32_t variable, std::uint32_t c) const {
    const std::size_t f = field(variable).index();
    const bool apart = !is_only_dimension(variable);
    std::uint64_t wanted = 0;
    for (std::size_t e = 0; e < d.counts[c].size(); ++e) wanted += d.elements[e] == kNone ? 0 : d.counts[c][e];
    if (state(variable) != State::kGiven) return apart ? wanted : std::max<std::uint64_t>(1, wanted);
    const bool absence = is_absence(d, d_.variables[variable], c);
    const std::vector<value::Value> now = elements(f);
    if (absence) return apart ? 0 : std::max<std::uint64_t>(1, now.size() + masked(f));
    std::map<std::uint32_t, std::uint64_t> count;
    for (const value::Value& e : now) ++count[class_of(variable, e)];
    std::uint64_t steps = apart ? 0 : masked(f);
    for (std::size_t e = 0; e < d.counts[c].size(); ++e) {
        if (d.elements[e] == kNone) continue;
        const std::uint64_t have = count[d.elements[e]], want = d.counts[c][e];
        if (want < std::min<std::uint64_t>(cap(d, e), have)) steps += have - want;
        if (want > have) steps += want - have;
    }
    return apart ? steps : std::max<std::uint64_t>(1, steps);
}

// The first class of a member that may be left out.
bool Situation::is_absence(const Dimension& d, const Variable& v, std::uint32_t c) {
    if (!v.optional || c != 0) return false;
    return d.kind == Dimension::Kind::kMember ? !d.values[0].has_value() : d.counts.front().empty();
}

// Further elements of the class make no difference.
std::uint64_t Situation::cap(const Dimension& d, std::size_t e) {
    std::uint32_t most = 0;
    for (const auto& row : d.counts) most = row.empty() ? most : std::max(most, row[e]);
    return most;
}

bool Situation::is_only_dimension(std::uint32_t variable) const {
    return std::ranges::count_if(s_.dimensions(), [&](const Dimension& d) {
               return d.kind == Dimension::Kind::kElements && d.variables.front() == variable;
           }) == 1;
}

// --- numbers that are compared with one another

std::optional<Nanos> Situation::number(std::uint32_t variable) const {
    if (variable == Draft::kNow) return value::to_nanos(now_);
    if (state(variable) != State::kGiven) return {};
    const std::size_t f = field(variable).index();
    const Kind kind = d_.variables[variable].type.kind;
    return kind == Kind::kInt       ? Nanos{record_.integer(f)}
           : kind == Kind::kInstant ? value::to_nanos(record_.instant(f))
                                    : value::to_nanos(record_.duration(f));
}

// What is known of the group's numbers where it goes to class `c`, those that are there are `present`, and those in
// `open` (a bit each) may be anything; nothing where they can't.
std::optional<Differences> Situation::bounds(const Dimension& d, const std::vector<bool>& present, std::uint32_t c,
                                             std::uint64_t open) const {
    logic::NumberClass shape = d.number_classes[c];
    for (std::size_t i = 1; i <= d.variables.size(); ++i) {
        if (d.group.shows_presence[i] && shape.present[i] != present[i]) return {};
    }
    shape.present = present;
    for (std::size_t i = 0; i < shape.truth.size(); ++i) {
        const Comparison& asked = d.group.comparisons[i];
        if (shape.truth[i] && !(present[asked.x] && present[asked.y])) return {};
    }
    std::optional<Differences> known = d.group.bounds_of(shape);
    if (!known) return {};
    for (std::size_t i = 1; i <= d.variables.size(); ++i) {
        if ((open >> (i - 1) & 1U) != 0 || !present[i]) continue;
        const Nanos n = *number(d.variables[i - 1]);
        if (!known->require(i, 0, n) || !known->require(0, i, -n)) return {};
    }
    return known;
}

// Where no number stays unknown, a change leads to one class. An option is a set of numbers by whose change the class
// can be had, none of which could stay.
void Situation::weigh_numbers(const Dimension& d, EditOptions& out) const {
    std::vector<std::uint32_t> movable;  // positions in the group
    std::uint64_t unknown = 0, least = kImpossible;
    const bool fits = d.variables.size() <= 60;
    for (std::uint32_t i = 0; i < d.variables.size(); ++i) {
        const std::uint32_t v = d.variables[i];
        if (v == Draft::kNow) continue;
        if (fits && state(v) == State::kUnknown) unknown |= std::uint64_t{1} << i;
        if (fixed(v) && !may_vanish(v)) continue;
        if (d.classes < 2 && !(state(v) == State::kUnknown && is_read(v))) continue;
        movable.push_back(i);
        least = std::min(least, fixed(v) ? 0 : cost_of(v));
    }
    if (movable.empty()) return;
    const auto wild = [&] {
        EditOption option;
        option.kind = EditOption::Kind::kWild;
        option.cost = least;
        option.cells.assign(d.words, 0);
        for (std::uint32_t c = 0; c < d.classes; ++c) option.cells[c / 64] |= std::uint64_t{1} << (c % 64);
        out.options.push_back(std::move(option));
    };
    if (!fits || movable.size() > 12 || (std::size_t{1} << movable.size()) * d.classes > kMostTogether) return wild();

    // Fewest first, so that what can be had by less is found before more.
    std::vector<std::uint64_t> picks;
    for (std::uint64_t pick = 1; pick < std::uint64_t{1} << movable.size(); ++pick) picks.push_back(pick);
    std::ranges::sort(picks, {}, [](std::uint64_t pick) { return std::pair{std::popcount(pick), pick}; });
    std::map<std::uint32_t, std::vector<std::pair<std::uint64_t, std::vector<bool>>>> had;  // by class: who, is there
    const std::uint32_t now_in = unknown == 0 ? settled(d) : kNone;
    bool all_weighed = true;
    std::size_t tried = 0;
    for (const std::uint64_t pick : picks) {
        std::uint64_t moved = 0;
        for (std::size_t i = 0; i < movable.size(); ++i) {
            if ((pick >> i & 1U) != 0) moved |= std::uint64_t{1} << movable[i];
        }
        // Who of those that change, and of those that stay unknown, is there.
        std::vector<std::size_t> free;
        std::vector<bool> present(d.variables.size() + 1, true);
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            const std::uint32_t v = d.variables[i - 1];
            if (v == Draft::kNow) continue;
            if ((moved >> (i - 1) & 1U) == 0) {
                present[i] = state(v) != State::kAbsent;
            } else if (fixed(v)) {
                present[i] = false;  // it can only vanish
            } else if (d.group.optional[i]) {
                free.push_back(i);
            }
        }
        for (std::uint64_t pattern = 0; pattern < std::uint64_t{1} << free.size(); ++pattern) {
            for (std::size_t i = 0; i < free.size(); ++i) present[free[i]] = (pattern >> i & 1U) != 0;
            tried += d.classes;
            if (tried > kMostTogether) {
                all_weighed = false;
                break;
            }
            std::uint64_t cost = 0;
            bool changes = true;  // what is absent can't be left out
            bool comes_or_goes = false;
            for (const std::uint32_t i : movable) {
                if ((moved >> i & 1U) == 0) continue;
                const std::uint32_t v = d.variables[i];
                if (!present[i + 1] && state(v) == State::kAbsent) changes = false;
                comes_or_goes = comes_or_goes || present[i + 1] != (state(v) == State::kGiven);
                if (!present[i + 1] && may_vanish(v)) continue;
                cost += cost_of(v);
            }
            if (!changes) continue;
            if ((unknown & ~moved) != 0) {
                all_weighed = move_among_unknown(d, moved, unknown & ~moved, present, cost, out) && all_weighed;
                continue;
            }
            for (std::uint32_t c = 0; c < d.classes; ++c) {
                if (c == now_in && !comes_or_goes) continue;
                const std::optional<Differences> known = bounds(d, present, c, moved);
                if (!known) continue;
                auto& by = had[c];
                if (std::ranges::any_of(
                        by, [&](const auto& fewer) { return is_part(fewer.first, fewer.second, moved, present); }))
                    continue;
                by.emplace_back(moved, present);
                NumberEdit edit;
                for (std::uint32_t i = 0; i < d.variables.size(); ++i) {
                    if ((moved >> i & 1U) == 0) continue;
                    edit.moved.push_back(i);
                    edit.number.push_back(present[i + 1] ? i + 1 : 0);
                }
                edit.known = *known;
                add_class(d, c, cost, out);
                out.options.back().kind = EditOption::Kind::kNumbers;
                out.options.back().index = static_cast<std::uint32_t>(out.numbers.size());
                out.numbers.push_back(std::move(edit));
            }
        }
    }
    if (!all_weighed) wild();
}

// Numbers change that are compared with some that stay unknown, so the group may be in several classes afterwards. For
// each class the numbers that change have to keep certain distances; these limits, and those at which a comparison with
// what may be anything is settled, tell apart finitely many ways to change them. False where there are too many.
bool Situation::move_among_unknown(const Dimension& d, std::uint64_t moved, std::uint64_t unknown,
                                   const std::vector<bool>& present, std::uint64_t cost, EditOptions& out) const {
    const std::size_t numbers = d.variables.size();
    std::vector<std::size_t> hidden, place(numbers + 1, 0);  // `place`: in the group of those that change
    NumberEdit edit;
    logic::NumberGroup group;
    group.optional.push_back(false);
    group.min.push_back(0);
    group.max.push_back(0);
    group.shows_presence.push_back(false);
    for (std::size_t i = 1; i <= numbers; ++i) {
        if ((unknown >> (i - 1) & 1U) != 0 && d.group.optional[i]) hidden.push_back(i);
        if ((moved >> (i - 1) & 1U) == 0) continue;
        edit.moved.push_back(static_cast<std::uint32_t>(i - 1));
        edit.number.push_back(present[i] ? group.optional.size() : 0);
        if (!present[i]) continue;
        place[i] = group.optional.size();
        group.optional.push_back(false);
        group.min.push_back(d.group.min[i]);
        group.max.push_back(d.group.max[i]);
        group.shows_presence.push_back(false);
    }
    if (hidden.size() > 6) return false;

    // By class what the numbers that change have to keep to; one entry for each way in which unknown ones are there.
    struct Reach {
        std::uint32_t to = 0;
        Differences known;
    };
    std::vector<Reach> reach;
    std::set<Comparison> limits;
    for (std::uint64_t pattern = 0; pattern < std::uint64_t{1} << hidden.size(); ++pattern) {
        std::vector<bool> there = present;
        for (std::size_t i = 0; i < hidden.size(); ++i) there[hidden[i]] = (pattern >> i & 1U) != 0;
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            const std::optional<Differences> known = bounds(d, there, c, moved | unknown);
            if (!known) continue;
            for (std::size_t i = 0; i <= numbers; ++i) {
                for (std::size_t j = 0; j <= numbers; ++j) {
                    if (i == j || (i != 0 && place[i] == 0) || (j != 0 && place[j] == 0)) continue;
                    if (known->is_bounded_below(i, j)) limits.insert({place[i], place[j], known->least(i, j)});
                }
            }
            reach.push_back({c, *known});
        }
    }
    if (reach.empty()) return true;
    for (const Comparison& asked : d.group.comparisons) {
        for (const bool above : {false, true}) {
            // `x - y >= least`, where what doesn't change is known or at an end of its range.
            const auto end = [&](std::size_t i, bool most) -> Nanos {
                if (i == 0) return 0;
                if ((unknown >> (i - 1) & 1U) != 0) return most ? d.group.max[i] : d.group.min[i];
                return number(d.variables[i - 1]).value_or(0);
            };
            const std::size_t x = place[asked.x], y = place[asked.y];
            if (x == 0 && y == 0) continue;
            Nanos least = asked.least;
            if (x == 0) least -= end(asked.x, above);
            if (y == 0) least += end(asked.y, above);
            limits.insert({x, y, least});
        }
    }
    if (limits.size() > kMostLimits) return false;
    group.comparisons.assign(limits.begin(), limits.end());
    const auto ways = group.classes(kMostApart);
    if (!ways) return false;

    // Ways that lead to the same classes, and settle the same comparisons, are one option.
    struct Way {
        std::optional<Differences> known;  // of the first of them
        bool idle = false;                 // a number that changes could as well stay
    };
    std::map<std::pair<std::vector<std::uint64_t>, std::vector<bool>>, Way> found;
    for (const logic::NumberClass& way : *ways) {
        const std::optional<Differences> known = group.bounds_of(way);
        if (!known) continue;
        Differences point = *known;
        std::vector<Nanos> values(group.optional.size(), 0);
        bool whole = true;
        for (std::size_t i = 1; i < values.size() && whole; ++i) {
            values[i] = point.least(i, 0);
            whole = point.require(i, 0, values[i]) && point.require(0, i, -values[i]);
        }
        if (!whole) continue;
        std::vector<std::uint64_t> cells(d.words, 0);
        for (const Reach& r : reach) {
            Differences here = r.known;
            bool reached = true;
            for (std::size_t i = 1; i <= numbers && reached; ++i) {
                if (place[i] == 0) continue;
                reached = here.require(i, 0, values[place[i]]) && here.require(0, i, -values[place[i]]);
            }
            if (reached) cells[r.to / 64] |= std::uint64_t{1} << (r.to % 64);
        }
        if (std::ranges::all_of(cells, [](std::uint64_t w) { return w == 0; })) continue;  // no configuration is so
        std::vector<bool> settles;
        for (const Comparison& asked : d.group.comparisons) {
            // Whether it surely holds, and whether it surely doesn't, as far as plain ranges show.
            const auto range = [&](std::size_t i, bool most) -> Nanos {
                if (i == 0) return 0;
                if (place[i] != 0) return values[place[i]];
                if ((unknown >> (i - 1) & 1U) != 0) return most ? d.group.max[i] : d.group.min[i];
                return number(d.variables[i - 1]).value_or(0);
            };
            settles.push_back(range(asked.x, false) - range(asked.y, true) >= asked.least);
            settles.push_back(range(asked.x, true) - range(asked.y, false) < asked.least);
        }
        Way& at = found[{cells, settles}];
        if (!at.known) at.known = *known;
        for (std::size_t i = 1; i <= numbers; ++i) {
            if (place[i] == 0 || state(d.variables[i - 1]) != State::kGiven) continue;
            const Nanos now = *number(d.variables[i - 1]);
            Differences stays = *known;
            if (stays.require(place[i], 0, now) && stays.require(0, place[i], -now)) at.idle = true;
        }
    }
    for (auto& [key, way] : found) {
        if (way.idle) continue;
        EditOption option;
        option.kind = EditOption::Kind::kNumbers;
        option.cost = cost;
        option.index = static_cast<std::uint32_t>(out.numbers.size());
        option.cells = key.first;
        out.options.push_back(std::move(option));
        edit.known = *way.known;
        out.numbers.push_back(edit);
    }
    return true;
}

}  // namespace keywright::analysis
