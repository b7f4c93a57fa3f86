#include "logic/space.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <utility>

namespace keywright::logic {

using ir::Kind;

namespace {

bool is_number(const Variable& v) {
    return v.type.kind == Kind::kInt || v.type.kind == Kind::kInstant || v.type.kind == Kind::kDuration;
}

constexpr Nanos kSecond = value::kNanosPerSecond;
constexpr Nanos kLast = Nanos{value::kLastSecond} * kSecond + (kSecond - 1);

void set_bit(std::vector<std::uint64_t>& bits, std::uint32_t i) { bits[i / 64] |= std::uint64_t{1} << (i % 64); }

}  // namespace

class SpaceBuilder {
public:
    SpaceBuilder(Draft draft, const Space::Bounds& bounds) : s_(std::move(draft)), d_(s_.draft_), bounds_(bounds) {}

    std::optional<std::string> build(std::vector<Ref>& roots) {
        for (const Atom& a : d_.atoms) {
            if (a.kind == Atom::Kind::kPresent) asked_present_.insert(a.variable);
        }
        s_.element_classes_.resize(d_.variables.size());
        for (std::uint32_t v = 0; v < d_.variables.size(); ++v) {
            if (d_.variables[v].type.kind == Kind::kSet && !classify_elements(v)) return too_many(v);
        }
        for (Ref& root : roots) root = expand(root);
        std::vector<Ref> more;
        for (std::uint32_t v = 0; v < d_.variables.size(); ++v) {
            const Variable& member = d_.variables[v];
            if (is_number(member)) continue;
            const bool fits = member.type.kind == Kind::kSet ? add_set(v, more) : add_member(v);
            if (!fits) return too_many(v);
        }
        if (auto problem = add_numbers()) return problem;
        s_.constraint_ = roots.empty() ? kTop : roots.back();
        more.push_back(s_.constraint_);
        s_.constraint_ = d_.formulas.all(std::move(more));
        if (!roots.empty()) roots.back() = s_.constraint_;
        place_atoms();
        return std::nullopt;
    }

    Space take() { return std::move(s_); }

private:
    [[nodiscard]] std::string too_many(std::uint32_t v) const {
        return "`" + d_.variables[v].name + "` is asked about in too many ways to list them";
    }

    // --- sets
    // The classes of elements, with as many members as counts ask for.
    bool classify_elements(std::uint32_t v) {
        const std::uint64_t most = std::max<std::uint64_t>(1, d_.most_counted[v]);
        if (most > 64) return false;
        auto classes = classes_of(d_.variables[v].values, d_.predicates[v], static_cast<std::size_t>(most));
        if (!classes || classes->size() > 4'096) return false;
        s_.element_classes_[v] = std::move(*classes);
        return true;
    }

    Ref counter(std::uint32_t v, std::uint32_t element_class, std::uint64_t at_least) {
        return d_.atom({Atom::Kind::kCounter, v, element_class, at_least});
    }

    // Quantifiers and counts become counters of element classes.
    Ref expand(Ref root) {
        Formulas& f = d_.formulas;
        for (const std::uint32_t index : f.below(root)) {
            if (expanded_.contains(index)) continue;
            const FormulaNode node = f.node(index);
            const std::vector<Ref> operands(f.operands(node).begin(), f.operands(node).end());
            Ref r = index << 1U;
            switch (node.kind) {
                case FormulaNode::Kind::kTrue: break;
                case FormulaNode::Kind::kAtom: {
                    const Atom a = d_.atoms[node.number];
                    if (a.kind == Atom::Kind::kCount) r = count_of(a);
                    break;
                }
                case FormulaNode::Kind::kAll: r = f.all(expanded(operands)); break;
                case FormulaNode::Kind::kAtLeast: r = f.at_least(node.number, expanded(operands)); break;
                case FormulaNode::Kind::kSome: {
                    const std::uint32_t set = d_.quantified[node.number];
                    std::vector<Ref> ways;
                    for (std::uint32_t c = 0; c < s_.element_classes_[set].size(); ++c) {
                        const Ref body =
                            at_element(expanded_ref(operands.front()), node.number, s_.element_classes_[set][c]);
                        if (body != kBottom) ways.push_back(f.both(counter(set, c, 1), body));
                    }
                    r = f.any(std::move(ways));
                    break;
                }
            }
            expanded_.emplace(index, r);
        }
        return expanded_ref(root);
    }

    [[nodiscard]] Ref expanded_ref(Ref r) const { return expanded_.at(node_of(r)) ^ (r & 1U); }
    [[nodiscard]] std::vector<Ref> expanded(std::vector<Ref> operands) const {
        for (Ref& r : operands) r = expanded_ref(r);
        return operands;
    }

    Ref count_of(const Atom& a) {
        std::vector<Ref> units;
        const auto& classes = s_.element_classes_[a.variable];
        for (std::uint32_t c = 0; c < classes.size(); ++c) {
            for (std::uint64_t n = 1; n <= classes[c].members.size(); ++n) units.push_back(counter(a.variable, c, n));
        }
        return d_.formulas.at_least(static_cast<std::uint32_t>(a.number), std::move(units));
    }

    // `body` where quantifier `number` is at an element of that class.
    Ref at_element(Ref body, std::uint32_t number, const ValueClass& element) {
        Formulas& f = d_.formulas;
        std::map<std::uint32_t, Ref> done;
        for (const std::uint32_t index : f.below(body)) {
            const FormulaNode node = f.node(index);
            std::vector<Ref> operands(f.operands(node).begin(), f.operands(node).end());
            for (Ref& r : operands) r = done.at(node_of(r)) ^ (r & 1U);
            Ref r = index << 1U;
            switch (node.kind) {
                case FormulaNode::Kind::kTrue: break;
                case FormulaNode::Kind::kAtom: {
                    const Atom& a = d_.atoms[node.number];
                    if (a.kind == Atom::Kind::kElement && a.variable == number)
                        r = element.truth[a.index] ? kTop : kBottom;
                    break;
                }
                case FormulaNode::Kind::kAll: r = f.all(std::move(operands)); break;
                case FormulaNode::Kind::kAtLeast: r = f.at_least(node.number, std::move(operands)); break;
                case FormulaNode::Kind::kSome: r = f.some(node.number, operands.front()); break;
            }
            done.emplace(index, r);
        }
        return done.at(node_of(body)) ^ (body & 1U);
    }

    bool add_set(std::uint32_t v, std::vector<Ref>& more) {
        const auto& classes = s_.element_classes_[v];
        const bool optional = d_.variables[v].optional;
        // A class that nothing asks about need not be counted.
        std::vector<std::uint32_t> counted;
        std::size_t together = 1;
        for (std::uint32_t c = 0; c < classes.size(); ++c) {
            if (!d_.knows({Atom::Kind::kCounter, v, c, 1})) continue;
            counted.push_back(c);
            together = std::min<std::size_t>(together * (cap(v, c) + 1), bounds_.joint_elements + 1);
        }
        if (together <= bounds_.joint_elements) {
            Dimension dimension;
            dimension.kind = Dimension::Kind::kElements;
            dimension.variables = {v};
            dimension.elements = counted;
            if (optional) dimension.counts.emplace_back();
            std::vector<std::vector<std::uint32_t>> rows{{}};
            if (!counted.empty()) rows = combinations(v, counted);
            for (auto& row : rows) {
                if (row.empty() && optional && !asked_present_.contains(v)) continue;  // as good as absent
                dimension.counts.push_back(std::move(row));
            }
            dimension.classes = static_cast<std::uint32_t>(dimension.counts.size());
            add(std::move(dimension));
            return true;
        }
        // Too many together: each class of elements is a dimension of its own.
        Ref there = kTop;
        if (optional) {
            there = d_.atom({Atom::Kind::kPresent, v, 0, 0});
            Dimension presence;
            presence.kind = Dimension::Kind::kElements;
            presence.variables = {v};
            presence.counts = {{}, {0}};
            presence.elements = {kNone};
            presence.classes = 2;
            add(std::move(presence));
        }
        for (const std::uint32_t c : counted) {
            Dimension dimension;
            dimension.kind = Dimension::Kind::kElements;
            dimension.variables = {v};
            dimension.elements = {c};
            for (std::uint32_t n = 0; n <= cap(v, c); ++n) dimension.counts.push_back({n});
            dimension.classes = static_cast<std::uint32_t>(dimension.counts.size());
            add(std::move(dimension));
            more.push_back(d_.formulas.implies(counter(v, c, 1), there));
        }
        return true;
    }

    // Beyond this many elements of a class, none is asked about.
    [[nodiscard]] std::uint32_t cap(std::uint32_t v, std::uint32_t c) const {
        std::uint32_t n = 1;
        while (n < s_.element_classes_[v][c].members.size() && d_.knows({Atom::Kind::kCounter, v, c, n + 1})) ++n;
        return n;
    }

    // Fewest elements first.
    [[nodiscard]] std::vector<std::vector<std::uint32_t>> combinations(
        std::uint32_t v, const std::vector<std::uint32_t>& counted) const {
        std::vector<std::vector<std::uint32_t>> rows{{}};
        for (const std::uint32_t c : counted) {
            std::vector<std::vector<std::uint32_t>> longer;
            for (const auto& row : rows) {
                for (std::uint32_t n = 0; n <= cap(v, c); ++n) {
                    longer.push_back(row);
                    longer.back().push_back(n);
                }
            }
            rows = std::move(longer);
        }
        std::vector<std::pair<std::uint32_t, std::size_t>> order;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            std::uint32_t sum = 0;
            for (const std::uint32_t n : rows[i]) sum += n;
            order.emplace_back(sum, i);
        }
        std::sort(order.begin(), order.end());
        std::vector<std::vector<std::uint32_t>> out;
        for (const auto& [sum, i] : order) out.push_back(std::move(rows[i]));
        return out;
    }

    // --- members
    bool add_member(std::uint32_t v) {
        const Variable& member = d_.variables[v];
        Dimension dimension;
        dimension.kind = Dimension::Kind::kMember;
        dimension.variables = {v};
        if (member.optional) dimension.values.emplace_back();
        if (member.type.kind == Kind::kRecord) {
            dimension.values.emplace_back(value::Value{true});
        } else {
            const auto classes = classes_of(member.values, d_.predicates[v], 1);
            if (!classes || classes->size() > bounds_.classes) return false;
            for (const ValueClass& c : *classes) dimension.values.emplace_back(c.members.front());
        }
        // Being there makes no difference where nobody asks.
        if (member.optional && !asked_present_.contains(v) && d_.predicates[v].empty()) dimension.values.resize(1);
        dimension.classes = static_cast<std::uint32_t>(dimension.values.size());
        add(std::move(dimension));
        return true;
    }

    void add(Dimension dimension) {
        dimension.first_word = static_cast<std::uint32_t>(s_.words_);
        dimension.words = (dimension.classes + 63) / 64;
        s_.words_ += dimension.words;
        s_.dimensions_.push_back(std::move(dimension));
    }

    // --- numbers
    // Numbers that are compared with one another belong together. `now` would tie all instants together; but where only
    // distances from it matter, each tie holds on its own, and `now` may be anything.
    std::optional<std::string> add_numbers() {
        const auto nodes = static_cast<std::uint32_t>(d_.variables.size() + 1);  // the last is `now`
        const std::uint32_t now = nodes - 1;
        const auto node_of_variable = [&](std::uint32_t v) { return v == Draft::kNow ? now : v; };
        std::vector<std::uint32_t> leader(nodes);
        for (std::uint32_t i = 0; i < nodes; ++i) leader[i] = i;
        const auto find = [&](std::uint32_t i) {
            while (leader[i] != i) i = leader[i] = leader[leader[i]];
            return i;
        };
        std::vector<Draft::NumberComparison> all = d_.comparisons;
        all.insert(all.end(), d_.facts.begin(), d_.facts.end());
        std::set<std::uint32_t> fixed;  // compared with a constant instant
        Nanos reach = 0;
        for (const auto& c : all) {
            if (c.x == kNone || c.y == kNone) {
                fixed.insert(node_of_variable(c.x == kNone ? c.y : c.x));
                continue;
            }
            reach += c.least < 0 ? -c.least : c.least;
            const std::uint32_t x = node_of_variable(c.x), y = node_of_variable(c.y);
            if (x != now && y != now) leader[find(x)] = find(y);
        }
        fixed.erase(kNone);
        std::map<std::uint32_t, std::set<std::uint32_t>> groups;
        for (std::uint32_t v = 0; v < d_.variables.size(); ++v) {
            if (is_number(d_.variables[v])) groups[find(v)].insert(v);
        }
        std::set<std::uint32_t> tied;  // leaders of groups that are compared with `now`
        for (const auto& c : all) {
            if (c.x == Draft::kNow && c.y != kNone) tied.insert(find(node_of_variable(c.y)));
            if (c.y == Draft::kNow && c.x != kNone) tied.insert(find(node_of_variable(c.x)));
        }
        const auto is_fixed = [&](const std::set<std::uint32_t>& group) {
            return std::ranges::any_of(group, [&](std::uint32_t v) { return fixed.contains(v); });
        };
        // Half of all time on either side leaves room for every distance.
        bool relative = !fixed.contains(now) && reach < kLast / 4;
        for (const std::uint32_t g : tied) relative = relative && !is_fixed(groups[g]);

        std::set<std::uint32_t> together{now};
        for (auto& [g, group] : groups) {
            if (tied.contains(g) && !relative) {
                together.insert(group.begin(), group.end());
                continue;
            }
            if (tied.contains(g)) group.insert(now);
            if (auto problem = add_group(group, now, tied.contains(g))) return problem;
        }
        if (!relative || fixed.contains(now)) return add_group(together, now, false);
        return std::nullopt;
    }

    std::optional<std::string> add_group(const std::set<std::uint32_t>& members, std::uint32_t now, bool relative) {
        Dimension dimension;
        dimension.kind = Dimension::Kind::kNumbers;
        dimension.relative = relative;
        std::map<std::uint32_t, std::size_t> number{{kNone, 0}};
        NumberGroup& group = dimension.group;
        group.optional.push_back(false);
        group.min.push_back(0);
        group.max.push_back(0);
        group.shows_presence.push_back(false);
        for (const std::uint32_t v : members) {
            const std::uint32_t variable = v == now ? Draft::kNow : v;
            number.emplace(variable, group.optional.size());
            dimension.variables.push_back(variable);
            const bool is_now = v == now;
            group.optional.push_back(!is_now && d_.variables[v].optional);
            group.shows_presence.push_back(!is_now && asked_present_.contains(v));
            const bool is_int = !is_now && d_.variables[v].type.kind == Kind::kInt;
            const bool is_duration = !is_now && d_.variables[v].type.kind == Kind::kDuration;
            group.min.push_back(is_int ? Nanos{d_.variables[v].values.min} : 0);
            // Readers take no negative durations (docs/language.md), and instants of the years 1970 to 9999.
            group.max.push_back(is_int        ? Nanos{d_.variables[v].values.max}
                                : is_duration ? Nanos{INT64_MAX} * kSecond
                                              : kLast);
        }
        const auto inside = [&](const Draft::NumberComparison& c) {
            return number.contains(c.x) && number.contains(c.y) && !(c.x == kNone && c.y == kNone);
        };
        for (std::uint32_t i = 0; i < d_.comparisons.size(); ++i) {
            const auto& c = d_.comparisons[i];
            if (!inside(c)) continue;
            compared_[i] = {static_cast<std::uint32_t>(s_.dimensions_.size()),
                            static_cast<std::uint32_t>(group.comparisons.size())};
            group.comparisons.push_back({number[c.x], number[c.y], c.least});
        }
        for (const auto& c : d_.facts) {
            if (inside(c)) group.facts.push_back({number[c.x], number[c.y], c.least});
        }
        auto classes = group.classes(bounds_.classes);
        if (!classes) return "the numbers and instants are compared in too many ways to list them";
        dimension.number_classes = std::move(*classes);
        dimension.classes = static_cast<std::uint32_t>(dimension.number_classes.size());
        add(std::move(dimension));
        return std::nullopt;
    }

    // --- atoms
    void place_atoms() {
        s_.places_.resize(d_.atoms.size());
        std::map<std::uint32_t, std::vector<std::uint32_t>> by_variable;
        for (std::uint32_t i = 0; i < s_.dimensions_.size(); ++i) {
            for (const std::uint32_t v : s_.dimensions_[i].variables) by_variable[v].push_back(i);
        }
        for (std::uint32_t i = 0; i < d_.atoms.size(); ++i) {
            const Atom& a = d_.atoms[i];
            Space::Place& place = s_.places_[i];
            switch (a.kind) {
                case Atom::Kind::kElement:
                case Atom::Kind::kCount:  // expanded
                case Atom::Kind::kOpaque: continue;
                case Atom::Kind::kDifference: {
                    const auto& [dimension, index] = compared_.at(a.index);
                    const std::uint32_t asked = index;
                    place.dimension = dimension;
                    fill(place, [&](const Dimension& d, std::uint32_t c) { return d.number_classes[c].truth[asked]; });
                    continue;
                }
                case Atom::Kind::kPredicate:
                    place.dimension = by_variable.at(a.variable).front();
                    fill(place, [&](const Dimension& d, std::uint32_t c) {
                        return d.values[c] && holds(d_.predicates[a.variable][a.index], *d.values[c]);
                    });
                    continue;
                case Atom::Kind::kPresent: {
                    if (!d_.variables[a.variable].optional) continue;
                    place.dimension = by_variable.at(a.variable).front();
                    fill(place, [&](const Dimension& d, std::uint32_t c) { return is_present(d, c, a.variable); });
                    continue;
                }
                case Atom::Kind::kCounter: {
                    const auto& dimensions = by_variable.at(a.variable);
                    for (const std::uint32_t at : dimensions) {
                        const auto& elements = s_.dimensions_[at].elements;
                        const auto e = std::ranges::find(elements, a.index);
                        if (e == elements.end()) continue;
                        const auto index = static_cast<std::size_t>(e - elements.begin());
                        place.dimension = at;
                        fill(place, [&](const Dimension& d, std::uint32_t c) {
                            return index < d.counts[c].size() && d.counts[c][index] >= a.number;
                        });
                    }
                    continue;
                }
            }
        }
    }

    static bool is_present(const Dimension& d, std::uint32_t c, std::uint32_t variable) {
        switch (d.kind) {
            case Dimension::Kind::kMember: return d.values[c].has_value();
            case Dimension::Kind::kElements: return c > 0;  // the first class of an optional set is its absence
            case Dimension::Kind::kNumbers: break;
        }
        const auto at = std::ranges::find(d.variables, variable) - d.variables.begin();
        return d.number_classes[c].present[static_cast<std::size_t>(at) + 1];
    }

    template <class Test>
    void fill(Space::Place& place, Test test) {
        const Dimension& d = s_.dimensions_[place.dimension];
        place.holds.assign(d.words, 0);
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            if (test(d, c)) set_bit(place.holds, c);
        }
    }

    Space s_;
    Draft& d_;
    Space::Bounds bounds_;
    std::set<std::uint32_t> asked_present_;
    std::map<std::uint32_t, Ref> expanded_;
    std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> compared_;  // comparison: dimension, index there
};

std::variant<Space, std::string> Space::build(Draft draft, std::vector<Ref>& roots, const Bounds& bounds) {
    SpaceBuilder builder{std::move(draft), bounds};
    if (auto problem = builder.build(roots)) return *problem;
    return builder.take();
}

Region Space::everything() const {
    Region region(words_, 0);
    for (const Dimension& d : dimensions_) {
        for (std::uint32_t c = 0; c < d.classes; ++c) region[d.first_word + c / 64] |= std::uint64_t{1} << (c % 64);
    }
    return region;
}

bool Space::is_empty(const Region& region) const {
    return std::ranges::any_of(dimensions_, [&](const Dimension& d) {
        for (std::uint32_t w = 0; w < d.words; ++w) {
            if (region[d.first_word + w] != 0) return false;
        }
        return true;
    });
}

Decimal Space::count(const Region& region) const {
    Decimal n{1};
    for (const Dimension& d : dimensions_) {
        std::uint32_t classes = 0;
        for (std::uint32_t w = 0; w < d.words; ++w)
            classes += static_cast<std::uint32_t>(std::popcount(region[d.first_word + w]));
        n.multiply(classes);
    }
    return n;
}

eval::Truth Space::truth(const Region& region, std::uint32_t atom) const {
    const Place& place = places_[atom];
    if (place.dimension == kNone) return eval::Truth::kUnknown;
    const Dimension& d = dimensions_[place.dimension];
    bool some = false, others = false;
    for (std::uint32_t w = 0; w < d.words; ++w) {
        const std::uint64_t alive = region[d.first_word + w];
        some = some || (alive & place.holds[w]) != 0;
        others = others || (alive & ~place.holds[w]) != 0;
    }
    return some ? others ? eval::Truth::kUnknown : eval::Truth::kTrue : eval::Truth::kFalse;
}

void Space::restrict(Region& region, std::uint32_t atom, bool truth) const {
    const Place& place = places_[atom];
    if (place.dimension == kNone) return;
    const Dimension& d = dimensions_[place.dimension];
    for (std::uint32_t w = 0; w < d.words; ++w) region[d.first_word + w] &= truth ? place.holds[w] : ~place.holds[w];
}

namespace {

std::uint32_t first_class(const Region& region, const Dimension& d) {
    for (std::uint32_t w = 0; w < d.words; ++w) {
        if (region[d.first_word + w] != 0)
            return w * 64 + static_cast<std::uint32_t>(std::countr_zero(region[d.first_word + w]));
    }
    return 0;
}

const Nanos kTimeSteps[] = {
    Nanos{86'400} * kSecond, Nanos{3'600} * kSecond, Nanos{60} * kSecond, kSecond, kSecond / 1000, 1};

}  // namespace

std::optional<Witness> Space::witness(const Region& region, Instant wish) const {
    std::vector<std::optional<Nanos>> numbers(draft_.variables.size());
    std::vector<std::uint32_t> chosen;
    for (const Dimension& d : dimensions_) chosen.push_back(first_class(region, d));

    // The instant first: from the group that compares it with constants, else what is wished for if all distances fit,
    // else the middle of all time.
    Nanos now = value::to_nanos(wish);
    const auto solve = [&](const Dimension& d, std::uint32_t c, std::optional<Nanos> at) {
        std::optional<Differences> known = d.group.bounds_of(d.number_classes[c]);
        if (!known) return false;
        const auto number_of_now = std::ranges::find(d.variables, Draft::kNow) - d.variables.begin() + 1;
        const bool has_now = static_cast<std::size_t>(number_of_now) <= d.variables.size();
        const auto fix = [&](std::size_t i, Nanos v) { return known->require(i, 0, v) && known->require(0, i, -v); };
        if (has_now) {
            const auto i = static_cast<std::size_t>(number_of_now);
            if (!at) now = pleasant(known->least(i, 0), known->most(i, 0), now, 0, kTimeSteps);
            if (now < known->least(i, 0) || now > known->most(i, 0) || !fix(i, now)) return false;
        }
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            const std::uint32_t v = d.variables[i - 1];
            if (v == Draft::kNow) continue;
            if (!d.number_classes[c].present[i]) continue;
            const Nanos low = known->least(i, 0), high = known->most(i, 0);
            const Kind kind = draft_.variables[v].type.kind;
            constexpr Nanos kOne[] = {1};
            const Nanos number = kind == Kind::kInt       ? pleasant(low, high, 0, 0, kOne)
                                 : kind == Kind::kInstant ? pleasant(low, high, now, now, kTimeSteps)
                                                          : pleasant(low, high, 0, 0, kTimeSteps);
            if (!fix(i, number)) return false;
            numbers[v] = number;
        }
        return true;
    };
    const auto attempt = [&] {
        for (std::size_t i = 0; i < dimensions_.size(); ++i) {
            const Dimension& d = dimensions_[i];
            if (d.kind == Dimension::Kind::kNumbers && !d.relative && !solve(d, chosen[i], std::nullopt)) return false;
        }
        for (std::size_t i = 0; i < dimensions_.size(); ++i) {
            const Dimension& d = dimensions_[i];
            if (d.kind == Dimension::Kind::kNumbers && d.relative && !solve(d, chosen[i], now)) return false;
        }
        return true;
    };
    if (!attempt()) {
        std::fill(numbers.begin(), numbers.end(), std::nullopt);
        now = kLast / 2 / kSecond * kSecond;
        if (!attempt()) return std::nullopt;
    }

    Witness out;
    out.now = value::to_instant(now);
    for (std::uint32_t pack = 0; pack < draft_.packs.size(); ++pack) {
        const ir::Module& module = *draft_.packs[pack];
        value::Record record;
        record.reset(module.schema.fields.size());
        for (std::size_t f = 0; f < module.schema.fields.size(); ++f) record.set_absent(f);
        out.records.push_back(std::move(record));
    }
    // The same value, in the numbering of each pack.
    const auto translated = [&](std::uint32_t pack, const Variable& v, std::uint32_t index) {
        if (v.owner == pack) return index;
        const auto& ours = draft_.packs[v.owner]->enums[v.type.enumeration.index()].values;
        const ir::Module& other = *draft_.packs[pack];
        const auto& theirs = other.enums[other.schema.fields[v.fields[pack].index()].type.enumeration.index()].values;
        return static_cast<std::uint32_t>(std::ranges::find(theirs, ours[index]) - theirs.begin());
    };
    const auto give = [&](std::uint32_t variable, const value::Value& value) {
        const Variable& v = draft_.variables[variable];
        for (std::uint32_t pack = 0; pack < out.records.size(); ++pack) {
            if (!v.fields[pack].valid()) continue;
            const std::size_t field = v.fields[pack].index();
            if (const auto* e = std::get_if<value::EnumValue>(&value)) {
                out.records[pack].set_enum(field, translated(pack, v, e->index));
            } else if (const auto* s = std::get_if<value::EnumSet>(&value)) {
                std::uint64_t bits = 0;
                for (std::uint32_t i = 0; i < 64; ++i) {
                    if ((s->bits >> i & 1U) != 0) bits |= std::uint64_t{1} << translated(pack, v, i);
                }
                out.records[pack].set_enum_set(field, bits);
            } else {
                out.records[pack].set(field, value);
            }
        }
    };
    std::map<std::uint32_t, std::vector<value::Value>> elements;
    std::set<std::uint32_t> present_sets;
    for (std::size_t i = 0; i < dimensions_.size(); ++i) {
        const Dimension& d = dimensions_[i];
        const std::uint32_t c = chosen[i];
        if (d.kind == Dimension::Kind::kMember) {
            const std::uint32_t v = d.variables.front();
            if (!d.values[c]) continue;
            if (draft_.variables[v].type.kind == Kind::kRecord) {
                for (std::uint32_t pack = 0; pack < out.records.size(); ++pack) {
                    if (draft_.variables[v].fields[pack].valid())
                        out.records[pack].set_present(draft_.variables[v].fields[pack].index());
                }
            } else {
                give(v, *d.values[c]);
            }
        } else if (d.kind == Dimension::Kind::kElements) {
            const std::uint32_t v = d.variables.front();
            // Where a set may be absent, its first dimension says so by a first class that counts nothing.
            if (!draft_.variables[v].optional || (c > 0 && d.counts.front().empty())) present_sets.insert(v);
            for (std::size_t e = 0; e < d.counts[c].size(); ++e) {
                if (d.elements[e] == kNone) continue;
                const auto& members = element_classes_[v][d.elements[e]].members;
                for (std::uint32_t n = 0; n < d.counts[c][e]; ++n) elements[v].push_back(members[n]);
            }
        }
    }
    for (std::uint32_t v = 0; v < draft_.variables.size(); ++v) {
        const Variable& member = draft_.variables[v];
        if (numbers[v]) {
            if (member.type.kind == Kind::kInt) give(v, static_cast<std::int64_t>(*numbers[v]));
            if (member.type.kind == Kind::kInstant) give(v, value::to_instant(*numbers[v]));
            if (member.type.kind == Kind::kDuration) give(v, value::to_duration(*numbers[v]));
        }
        if (member.type.kind != Kind::kSet || !present_sets.contains(v)) continue;
        const auto& found = elements[v];
        switch (member.type.element) {
            case Kind::kEnum: {
                value::EnumSet set;
                for (const value::Value& e : found) set.bits |= std::uint64_t{1} << std::get<value::EnumValue>(e).index;
                give(v, set);
                break;
            }
            case Kind::kNetwork: {
                value::NetworkSet set;
                for (const value::Value& e : found) set.push_back(std::get<value::Network>(e));
                give(v, set);
                break;
            }
            case Kind::kText: {
                value::TextSet set;
                for (const value::Value& e : found) set.push_back(std::get<std::string>(e));
                give(v, set);
                break;
            }
            case Kind::kInt: {
                value::IntSet set;
                for (const value::Value& e : found) set.push_back(std::get<std::int64_t>(e));
                give(v, set);
                break;
            }
            case Kind::kBool:
            case Kind::kSet:
            case Kind::kInstant:
            case Kind::kDuration:
            case Kind::kSecret:
            case Kind::kRecord: break;
        }
    }
    // What stands in a record that is absent is absent.
    for (std::uint32_t pack = 0; pack < out.records.size(); ++pack) {
        const auto& fields = draft_.packs[pack]->schema.fields;
        for (std::size_t f = 0; f < fields.size(); ++f) {
            if (fields[f].parent.valid() && out.records[pack].state(fields[f].parent.index()) == value::State::kAbsent)
                out.records[pack].set_absent(f);
        }
    }
    return out;
}

}  // namespace keywright::logic
