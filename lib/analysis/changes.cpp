#include "analysis/changes.h"

#include "logic/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <set>

namespace keywright::analysis {

using ir::FieldId;
using ir::Kind;
using logic::Dimension;
using logic::Draft;
using value::Nanos;
using value::State;

namespace {

constexpr std::uint64_t kSteps = 100'000;
constexpr std::size_t kMostChanges = 3;   // fields that are changed at once
constexpr std::size_t kMostTrials = 400;  // combinations of fields
constexpr std::size_t kMostValues = 512;  // combinations of values
constexpr std::size_t kListed = 6;        // values that are told

// Fields that change together: a record with its members, as a member can't be there without it.
using Unit = std::vector<FieldId>;

Unit unit_of(const ir::Module& module, const value::Record& record, FieldId field) {
    const Seen at = seen(module, record, field);
    const FieldId top = at.state == State::kGiven ? field : at.at;
    Unit out;
    for (std::size_t f = 0; f < module.schema.fields.size(); ++f) {
        FieldId up{f};
        while (up.valid() && up != top) up = module.schema.fields[up.index()].parent;
        if (up.valid()) out.push_back(FieldId{f});
    }
    return out;
}

std::vector<Unit> units_of(const ir::Module& module, const value::Record& record, const std::vector<FieldId>& fields) {
    std::vector<Unit> out;
    for (const FieldId field : fields) {
        Unit unit = unit_of(module, record, field);
        if (std::find(out.begin(), out.end(), unit) == out.end()) out.push_back(std::move(unit));
    }
    return out;
}

std::uint32_t class_in(const logic::Region& region, const Dimension& d) {
    for (std::uint32_t w = 0; w < d.words; ++w) {
        if (const std::uint64_t bits = region[d.first_word + w]; bits != 0)
            return w * 64 + static_cast<std::uint32_t>(std::countr_zero(bits));
    }
    return 0;
}

bool has_class(const logic::Region& region, const Dimension& d, std::uint32_t c) {
    return (region[d.first_word + c / 64] >> (c % 64) & 1U) != 0;
}

// How far apart two classes of a dimension are: elements that come or go, comparisons that turn.
std::uint32_t distance(const Dimension& d, std::uint32_t a, std::uint32_t b) {
    std::uint32_t out = a == b ? 0 : 1;
    if (d.kind == Dimension::Kind::kElements) {
        if (d.counts[a].size() != d.counts[b].size()) return 1'000;  // one of them is absence
        for (std::size_t e = 0; e < d.counts[a].size(); ++e)
            out += std::max(d.counts[a][e], d.counts[b][e]) - std::min(d.counts[a][e], d.counts[b][e]);
    } else if (d.kind == Dimension::Kind::kNumbers) {
        const logic::NumberClass &x = d.number_classes[a], &y = d.number_classes[b];
        for (std::size_t i = 0; i < x.present.size(); ++i) out += x.present[i] != y.present[i] ? 100U : 0U;
        for (std::size_t i = 0; i < x.truth.size(); ++i) out += x.truth[i] != y.truth[i] ? 1U : 0U;
    } else if (d.values[a].has_value() != d.values[b].has_value()) {
        out += 100;
    }
    return out;
}

// The cell of `region` nearest to the one that the record is in.
logic::Region closest(const logic::Space& space, const logic::Region& region, const logic::Region& own) {
    logic::Region out(region.size(), 0);
    for (const Dimension& d : space.dimensions()) {
        const std::uint32_t from = class_in(own, d);
        std::uint32_t best = class_in(region, d), least = UINT32_MAX;
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            if (!has_class(region, d, c)) continue;
            const std::uint32_t far = has_class(own, d, c) ? 0 : distance(d, from, c);
            if (far < least) {
                least = far;
                best = c;
            }
        }
        out[d.first_word + best / 64] |= std::uint64_t{1} << (best % 64);
    }
    return out;
}

// Where a number is put that may lie between two others.
enum class End : std::uint8_t { kNearest, kLeast, kMost };

// The record nearest to another in a cell.
class Nearest {
public:
    Nearest(const ir::Module& module, const RuleSpace& rule, const value::Record& record, Instant now)
        : module_(module), space_(rule.space), draft_(rule.space.draft()), record_(record), now_(now) {}

    // `free` may change; all else stays. Nothing where the cell leaves no room for that.
    std::optional<value::Record> in(const logic::Region& cell, const std::set<FieldId>& free, End end) {
        value::Record out = record_;
        // Values that are only bounded, such as masked entries, are in several cells; where one is free it is chosen.
        const logic::Region own = space_.region_of(record_, now_);
        std::map<std::uint32_t, std::map<std::uint32_t, std::uint32_t>> wanted;  // by set, by class of elements
        std::set<std::uint32_t> present_sets, absent_sets;
        for (const Dimension& d : space_.dimensions()) {
            const std::uint32_t c = class_in(cell, d);
            if (d.kind == Dimension::Kind::kNumbers) {
                if (!numbers(d, c, free, end, out)) return std::nullopt;
                continue;
            }
            const std::uint32_t v = d.variables.front();
            const FieldId field = draft_.variables[v].fields[0];
            if (!free.contains(field)) continue;
            const bool settled = record_.state(field.index()) != State::kUnknown && only_class(own, d);
            if (d.kind == Dimension::Kind::kMember) {
                if (settled && has_class(own, d, c)) continue;
                if (!d.values[c])
                    out.set_absent(field.index());
                else if (draft_.variables[v].type.kind == Kind::kRecord)
                    out.set_present(field.index());
                else
                    out.set(field.index(), *d.values[c]);
                continue;
            }
            const bool shows_absence = draft_.variables[v].optional && d.counts.front().empty();
            if (shows_absence && c == 0) {
                absent_sets.insert(v);
                continue;
            }
            if (!draft_.variables[v].optional || shows_absence) present_sets.insert(v);
            for (std::size_t e = 0; e < d.counts[c].size(); ++e) {
                if (d.elements[e] != logic::kNone) wanted[v][d.elements[e]] = d.counts[c][e];
            }
        }
        for (const std::uint32_t v : absent_sets) out.set_absent(draft_.variables[v].fields[0].index());
        for (const std::uint32_t v : present_sets) {
            if (!absent_sets.contains(v)) set(v, wanted[v], out);
        }
        for (std::size_t f = 0; f < module_.schema.fields.size(); ++f) {
            const FieldId parent = module_.schema.fields[f].parent;
            if (parent.valid() && out.state(parent.index()) == State::kAbsent) out.set_absent(f);
        }
        return out;
    }

private:
    static bool only_class(const logic::Region& region, const Dimension& d) {
        int n = 0;
        for (std::uint32_t w = 0; w < d.words; ++w) n += std::popcount(region[d.first_word + w]);
        return n == 1;
    }

    [[nodiscard]] std::optional<Nanos> number(const value::Record& record, FieldId field) const {
        const std::size_t f = field.index();
        if (seen(module_, record, field).state != State::kGiven) return std::nullopt;
        const Kind kind = module_.schema.fields[f].type.kind;
        return kind == Kind::kInt       ? Nanos{record.integer(f)}
               : kind == Kind::kInstant ? value::to_nanos(record.instant(f))
                                        : value::to_nanos(record.duration(f));
    }

    bool numbers(const Dimension& d, std::uint32_t c, const std::set<FieldId>& free, End end,
                 value::Record& out) const {
        logic::NumberClass shape = d.number_classes[c];
        bool any = false;
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            const std::uint32_t v = d.variables[i - 1];
            if (v == Draft::kNow) continue;
            const FieldId field = draft_.variables[v].fields[0];
            any = any || free.contains(field);
            // Whether it is there matters only where somebody asks.
            if (!d.group.shows_presence[i] && !free.contains(field))
                shape.present[i] = seen(module_, record_, field).state == State::kGiven;
        }
        if (!any) return true;
        std::optional<logic::Differences> known = d.group.bounds_of(shape);
        if (!known) return false;
        const auto fix = [&](std::size_t i, Nanos n) { return known->require(i, 0, n) && known->require(0, i, -n); };
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            const std::uint32_t v = d.variables[i - 1];
            if (v == Draft::kNow) {
                if (!fix(i, value::to_nanos(now_))) return false;
                continue;
            }
            const FieldId field = draft_.variables[v].fields[0];
            const std::optional<Nanos> n = free.contains(field) ? std::nullopt : number(record_, field);
            if (shape.present[i] && n && !fix(i, *n)) return false;
        }
        constexpr Nanos kSecond = value::kNanosPerSecond;
        constexpr Nanos kTimeSteps[] = {
            Nanos{86'400} * kSecond, Nanos{3'600} * kSecond, Nanos{60} * kSecond, kSecond, kSecond / 1'000, 1};
        constexpr Nanos kOne[] = {1};
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            const std::uint32_t v = d.variables[i - 1];
            if (v == Draft::kNow) continue;
            const FieldId field = draft_.variables[v].fields[0];
            if (!free.contains(field)) continue;
            if (!shape.present[i]) {
                out.set_absent(field.index());
                continue;
            }
            const Kind kind = module_.schema.fields[field.index()].type.kind;
            const Nanos low = known->least(i, 0), high = known->most(i, 0);
            const std::optional<Nanos> old = number(record_, field);
            Nanos n = end == End::kLeast   ? low
                      : end == End::kMost  ? high
                      : old                ? std::clamp(*old, low, high)
                      : kind == Kind::kInt ? logic::pleasant(low, high, 0, 0, kOne)
                      : kind == Kind::kInstant
                          ? logic::pleasant(low, high, value::to_nanos(now_), value::to_nanos(now_), kTimeSteps)
                          : logic::pleasant(low, high, 0, 0, kTimeSteps);
            if (!fix(i, n)) return false;
            if (kind == Kind::kInt)
                out.set_int(field.index(), static_cast<std::int64_t>(n));
            else if (kind == Kind::kInstant)
                out.set_instant(field.index(), value::to_instant(n));
            else
                out.set_duration(field.index(), value::to_duration(n));
        }
        return true;
    }

    // Elements that are there stay as far as the counts of their classes allow.
    void set(std::uint32_t variable, const std::map<std::uint32_t, std::uint32_t>& wanted, value::Record& out) const {
        const FieldId field = draft_.variables[variable].fields[0];
        const std::size_t f = field.index();
        const auto& predicates = draft_.predicates[variable];
        const auto& classes = space_.element_classes(variable);
        std::map<std::uint32_t, std::uint32_t> missing = wanted;
        const auto class_of = [&](const value::Value& element) {
            std::vector<bool> truth;
            for (const logic::Predicate& p : predicates) truth.push_back(logic::holds(p, element));
            const auto at =
                std::find_if(classes.begin(), classes.end(), [&](const auto& c) { return c.truth == truth; });
            return static_cast<std::uint32_t>(at - classes.begin());
        };
        const auto stays = [&](const value::Value& element) {
            const auto at = missing.find(class_of(element));
            if (at == missing.end()) return true;  // nobody asks about its like
            if (at->second == 0) return false;
            --at->second;
            return true;
        };
        const bool given = seen(module_, record_, field).state == State::kGiven;
        std::vector<value::Value> kept;
        switch (module_.schema.fields[f].type.element) {
            case Kind::kEnum: {
                std::uint64_t bits = 0;
                for (std::uint32_t i = 0; given && i < 64; ++i) {
                    if ((record_.enum_set(f) >> i & 1U) != 0 && stays(value::EnumValue{i}))
                        bits |= std::uint64_t{1} << i;
                }
                for (const auto& [c, n] : missing) {
                    for (std::uint32_t i = 0, left = n; i < classes[c].members.size() && left > 0; ++i) {
                        const std::uint64_t bit = std::uint64_t{1}
                                                  << std::get<value::EnumValue>(classes[c].members[i]).index;
                        if ((bits & bit) != 0) continue;
                        bits |= bit;
                        --left;
                    }
                }
                out.set_enum_set(f, bits);
                return;
            }
            case Kind::kNetwork: {
                value::NetworkSet all;
                if (given) {
                    for (const value::Network& n : record_.network_set(f)) {
                        if (!n.masked && stays(n)) all.push_back(n);
                    }
                }
                add_missing(all, missing, classes);
                out.set_network_set(f, all);
                return;
            }
            case Kind::kText: {
                value::TextSet all;
                for (std::size_t i = 0; given && i < record_.count(f); ++i) {
                    std::string text{record_.text_element(f, i)};
                    if (stays(text)) all.push_back(std::move(text));
                }
                add_missing(all, missing, classes);
                out.set(f, all);
                return;
            }
            case Kind::kInt: {
                value::IntSet all;
                if (given) {
                    for (const std::int64_t n : record_.int_set(f)) {
                        if (stays(n)) all.push_back(n);
                    }
                }
                add_missing(all, missing, classes);
                out.set_int_set(f, all);
                return;
            }
            case Kind::kBool:
            case Kind::kSet:
            case Kind::kInstant:
            case Kind::kDuration:
            case Kind::kSecret:
            case Kind::kRecord: return;
        }
    }

    template <class Set>
    static void add_missing(Set& all, const std::map<std::uint32_t, std::uint32_t>& missing,
                            const std::vector<logic::ValueClass>& classes) {
        for (const auto& [c, n] : missing) {
            for (std::uint32_t i = 0, left = n; i < classes[c].members.size() && left > 0; ++i) {
                const auto& member = std::get<typename Set::value_type>(classes[c].members[i]);
                if (std::find(all.begin(), all.end(), member) != all.end()) continue;
                all.push_back(member);
                --left;
            }
        }
    }

    const ir::Module& module_;
    const logic::Space& space_;
    const Draft& draft_;
    const value::Record& record_;
    Instant now_;
};

// Calls `visit` with every choice of `size` out of `count`, in lexical order, until it says false.
template <class Visit>
void for_each_choice(std::size_t count, std::size_t size, Visit visit) {
    if (size > count) return;
    std::vector<std::size_t> chosen(size);
    for (std::size_t i = 0; i < size; ++i) chosen[i] = i;
    for (;;) {
        if (!visit(chosen)) return;
        std::size_t i = size;
        while (i > 0 && chosen[i - 1] == count - size + i - 1) --i;
        if (i == 0) return;
        ++chosen[i - 1];
        for (; i < size; ++i) chosen[i] = chosen[i - 1] + 1;
    }
}

std::set<FieldId> together(const std::vector<Unit>& units, const std::vector<std::size_t>& chosen) {
    std::set<FieldId> out;
    for (const std::size_t i : chosen) out.insert(units[i].begin(), units[i].end());
    return out;
}

value::Record without(const value::Record& record, const std::set<FieldId>& fields) {
    value::Record out = record;
    for (const FieldId field : fields) out.set_unknown(field.index());
    return out;
}

// Of a secret the words may be the same where its facts aren't.
bool is_same(const ir::Module& module, const value::Record& a, const value::Record& b, ir::FieldId field) {
    const std::size_t i = field.index();
    if (module.schema.fields[i].type.kind == ir::Kind::kSecret && a.state(i) == value::State::kGiven &&
        b.state(i) == value::State::kGiven)
        return a.secret(i) == b.secret(i);
    return value_words(module, a, field) == value_words(module, b, field);
}

}  // namespace

Alternatives violating(const Explainer& explainer, const value::Record& record, Instant now, ir::RuleId id,
                       std::size_t most) {
    Alternatives out;
    const ir::Module& module = explainer.module;
    const RuleSpace* rule = explainer.reasons == nullptr ? nullptr : explainer.reasons->space(id);
    if (rule == nullptr) return out;
    const logic::Ref goal = rule->holds[static_cast<std::size_t>(Target::kViolated)];
    {
        logic::Search search{rule->space, goal, rule->space.everything(), kSteps};
        logic::Region part;
        if (search.next(part) == logic::Search::Step::kDone) {
            out.never = true;
            return out;
        }
    }
    auto scratch = explainer.program.make_scratch();
    const auto is_violated = [&](const value::Record& r) {
        return explainer.program.decide_rule(r, now, scratch, id).outcome == ir::Outcome::kViolated;
    };
    std::vector<FieldId> fields = explainer.dependencies.fields(id);
    std::set<FieldId> unknown;
    std::erase_if(fields, [&](FieldId f) {
        if (seen(module, record, f).state != State::kUnknown) return false;
        unknown.insert(f);
        return true;
    });
    const std::vector<Unit> units = units_of(module, record, fields);
    const logic::Region own = rule->space.region_of(record, now);
    std::size_t trials = 0;
    for (std::size_t size = 1; size <= kMostChanges && out.found.empty(); ++size) {
        for_each_choice(units.size(), size, [&](const std::vector<std::size_t>& chosen) {
            if (++trials > kMostTrials || out.found.size() >= most) return false;
            std::set<FieldId> free = together(units, chosen);
            const value::Record open = without(record, free);
            // What is there had best stay there.
            const logic::Region room = rule->space.region_of(open, now);
            logic::Region like = room;
            for (const std::uint32_t atom : rule->atoms) {
                const logic::Atom& a = rule->space.draft().atoms[atom];
                if (a.kind != logic::Atom::Kind::kPresent) continue;
                const FieldId field = rule->space.draft().variables[a.variable].fields[0];
                if (seen(module, record, field).state == State::kGiven) rule->space.restrict(like, atom, true);
            }
            logic::Region part;
            if (logic::Search{rule->space, goal, like, kSteps}.next(part) != logic::Search::Step::kFound &&
                logic::Search{rule->space, goal, room, kSteps}.next(part) != logic::Search::Step::kFound)
                return true;
            const logic::Region cell = closest(rule->space, part, own);
            Nearest nearest{module, *rule, record, now};
            std::optional<value::Record> other = nearest.in(cell, free, End::kNearest);
            // What is unknown stays so where it makes no difference.
            if (!other || !is_violated(*other)) {
                free.insert(unknown.begin(), unknown.end());
                other = nearest.in(cell, free, End::kNearest);
            }
            if (!other || !is_violated(*other)) return true;
            Alternative found;
            for (const FieldId field : free) {
                // Putting it back must not be as good.
                if (is_same(module, record, *other, field)) continue;
                found.changed.push_back(field);
            }
            found.record = std::move(*other);
            out.found.push_back(std::move(found));
            return true;
        });
    }
    return out;
}

Settlings settling(const Explainer& explainer, const value::Record& record, Instant now, ir::RuleId id,
                   std::size_t most) {
    Settlings out;
    const ir::Module& module = explainer.module;
    out.needed = explainer.needed_fields(record, now, id);
    const RuleSpace* rule = explainer.reasons == nullptr ? nullptr : explainer.reasons->space(id);
    // What cells can't express, a value of each class doesn't show.
    if (rule == nullptr || out.needed.empty() || rule->space.draft().opaque > 0) {
        out.cut = true;
        return out;
    }
    const logic::Space& space = rule->space;
    const std::vector<Unit> units = units_of(module, record, out.needed);
    const logic::Region region = space.region_of(record, now);
    logic::Evaluation possible{space, space.constraint()};
    auto scratch = explainer.program.make_scratch();
    Nearest nearest{module, *rule, record, now};

    // Tries a value of every class that the fields may have; of numbers, both ends.
    const auto try_all = [&](const std::set<FieldId>& free, bool& settles, bool& cut, Settling* told) {
        settles = true;
        std::vector<const Dimension*> asked;
        for (const Dimension& d : space.dimensions()) {
            const bool reads = std::any_of(d.variables.begin(), d.variables.end(), [&](std::uint32_t v) {
                return v != Draft::kNow && free.contains(space.draft().variables[v].fields[0]);
            });
            if (reads) asked.push_back(&d);
        }
        std::vector<logic::Region> cells{region};
        for (const Dimension* d : asked) {
            std::vector<logic::Region> more;
            for (const logic::Region& cell : cells) {
                for (std::uint32_t c = 0; c < d->classes; ++c) {
                    if (!has_class(region, *d, c)) continue;
                    if (more.size() >= kMostValues) {
                        cut = true;
                        settles = false;
                        return;
                    }
                    more.push_back(cell);
                    for (std::uint32_t w = 0; w < d->words; ++w)
                        more.back()[d->first_word + w] = w == c / 64 ? std::uint64_t{1} << (c % 64) : 0;
                }
            }
            cells = std::move(more);
        }
        for (const logic::Region& cell : cells) {
            if (possible.of(cell) == eval::Truth::kFalse) continue;
            for (const End end : {End::kNearest, End::kLeast, End::kMost}) {
                const auto filled = nearest.in(cell, free, end);
                if (!filled) continue;
                const auto decision = explainer.program.decide_rule(*filled, now, scratch, id);
                const auto target = target_of(decision);
                if (!target) {
                    settles = false;
                    return;
                }
                if (told == nullptr || end != End::kNearest) continue;
                std::string words;
                for (const FieldId field : out.needed) {
                    if (!free.contains(field)) continue;
                    if (!words.empty()) words += ", ";
                    if (told->fields.size() > 1) words += module.schema.fields[field.index()].pointer + ' ';
                    words += value_words(module, *filled, field);
                }
                auto& into = *target == Target::kViolated ? told->violated : told->fine;
                if (std::find(into.begin(), into.end(), words) != into.end()) continue;
                if (into.size() >= kListed)
                    told->cut = true;
                else
                    into.push_back(std::move(words));
            }
        }
    };

    std::vector<std::vector<std::size_t>> minimal;
    std::size_t trials = 0;
    for (std::size_t size = 1; size <= units.size(); ++size) {
        for_each_choice(units.size(), size, [&](const std::vector<std::size_t>& chosen) {
            if (++trials > kMostTrials || minimal.size() >= most) {
                out.cut = true;
                return false;
            }
            const bool has_smaller = std::any_of(minimal.begin(), minimal.end(), [&](const auto& smaller) {
                return std::includes(chosen.begin(), chosen.end(), smaller.begin(), smaller.end());
            });
            if (has_smaller) return true;
            const std::set<FieldId> free = together(units, chosen);
            bool settles = false;
            try_all(free, settles, out.cut, nullptr);
            if (!settles) return true;
            minimal.push_back(chosen);
            Settling told;
            for (const FieldId field : out.needed) {
                if (free.contains(field)) told.fields.push_back(field);
            }
            try_all(free, settles, told.cut, &told);
            out.sets.push_back(std::move(told));
            return true;
        });
    }
    return out;
}

}  // namespace keywright::analysis
