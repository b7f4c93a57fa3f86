#include "analysis/guide.h"

#include "analysis/class_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace keywright::analysis {

using ir::FieldId;
using ir::Kind;
using logic::Dimension;
using logic::Draft;
using logic::kNone;
using logic::Region;
using logic::Variable;
using value::Nanos;
using value::State;

namespace {

enum class Chance : std::uint8_t { kNo, kPerhaps, kYes };

class Guide {
public:
    Guide(const ir::Module& module, const logic::Space& space, logic::Ref goal, const value::Record& record,
          Instant now, std::uint64_t steps)
        : module_(module),
          s_(space),
          d_(space.draft()),
          goal_(goal),
          record_(record),
          now_(now),
          steps_(steps),
          region_(space.region_of(record, now)) {}

    // Whether some configuration of a part of the record's region is what is wanted.
    [[nodiscard]] Chance chance(const Region& region) const {
        logic::Search search{s_, goal_, region, steps_};
        Region part;
        Chance out = Chance::kNo;
        for (;;) {
            switch (search.next(part)) {
                case logic::Search::Step::kFound: return Chance::kYes;
                case logic::Search::Step::kOpaque: out = Chance::kPerhaps; continue;
                case logic::Search::Step::kExhausted: return Chance::kPerhaps;
                case logic::Search::Step::kDone: return out;
            }
        }
    }
    [[nodiscard]] Chance overall() const { return chance(region_); }

    [[nodiscard]] State state(FieldId id) const {
        const auto& fields = module_.schema.fields;
        for (FieldId at = fields[id.index()].parent; at.valid(); at = fields[at.index()].parent) {
            if (record_.state(at.index()) != State::kGiven) return record_.state(at.index());
        }
        return record_.state(id.index());
    }

    [[nodiscard]] Options options(FieldId field) const {
        Options out;
        out.field = field;
        out.fixed = is_fixed(module_, field);
        const std::uint32_t variable = d_.by_field[0][field.index()];
        const Variable& v = d_.variables[variable];
        bool asked = false, refused = false;
        for (const Dimension& d : s_.dimensions()) {
            if (std::ranges::find(d.variables, variable) == d.variables.end() || d.classes < 2) continue;
            asked = true;
            switch (d.kind) {
                case Dimension::Kind::kMember: member(d, variable, out, refused); break;
                case Dimension::Kind::kElements: elements(d, variable, out, refused); break;
                case Dimension::Kind::kNumbers: numbers(d, variable, out, refused); break;
            }
        }
        out.any = !refused;
        if (!asked) {
            out.may_be_given = true;
            out.may_be_absent = v.optional;
        }
        return out;
    }

private:
    // Leaves of dimension `d` the classes that `test` takes; nothing where none is left.
    template <class Test>
    [[nodiscard]] Chance chance_of(const Dimension& d, Test test) const {
        Region region = region_;
        bool some = false;
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            std::uint64_t& word = region[d.first_word + c / 64];
            const std::uint64_t bit = std::uint64_t{1} << (c % 64);
            if ((word & bit) == 0) continue;
            if (test(c))
                some = true;
            else
                word &= ~bit;
        }
        return some ? chance(region) : Chance::kNo;
    }
    [[nodiscard]] bool alive(const Dimension& d, std::uint32_t c) const {
        return (region_[d.first_word + c / 64] >> (c % 64) & 1U) != 0;
    }

    void member(const Dimension& d, std::uint32_t variable, Options& out, bool& refused) const {
        const Variable& v = d_.variables[variable];
        const auto& predicates = d_.predicates[variable];
        const auto answers = [&](const value::Value& value) {
            std::vector<bool> truth;
            for (const logic::Predicate& p : predicates) truth.push_back(logic::holds(p, value));
            return truth;
        };
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            if (!alive(d, c)) continue;
            const Chance chance = chance_of(d, [&](std::uint32_t other) { return other == c; });
            out.sure = out.sure && chance != Chance::kPerhaps;
            refused = refused || chance == Chance::kNo;
            if (!d.values[c]) {
                out.may_be_absent = chance != Chance::kNo;
                continue;
            }
            out.may_be_given = out.may_be_given || chance != Chance::kNo;
            auto& list = chance == Chance::kNo ? out.refused : out.values;
            const std::vector<bool> truth = answers(*d.values[c]);
            if (v.type.kind == Kind::kEnum) {
                const auto& names = module_.enums[v.type.enumeration.index()].values;
                for (std::uint32_t i = 0; i < names.size(); ++i) {
                    if (answers(value::EnumValue{i}) == truth) list.push_back(names[i]);
                }
            } else if (v.type.kind == Kind::kBool) {
                for (const bool b : {false, true}) {
                    if (answers(b) == truth) list.emplace_back(b ? "true" : "false");
                }
            } else if (v.type.kind != Kind::kRecord) {
                std::string words = class_in_words(predicates, truth);
                list.push_back(words.empty() ? std::string{"anything"} : std::move(words));
            }
        }
    }

    void elements(const Dimension& d, std::uint32_t variable, Options& out, bool& refused) const {
        const Variable& v = d_.variables[variable];
        const bool shows_absence = v.optional && d.counts.front().empty();
        const auto weigh = [&](Chance chance) {
            out.sure = out.sure && chance != Chance::kPerhaps;
            refused = refused || chance == Chance::kNo;
            return chance != Chance::kNo;
        };
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            // Beside what is said of single elements: whether any combination is refused.
            if (alive(d, c) && !refused) (void)weigh(chance_of(d, [&](std::uint32_t other) { return other == c; }));
        }
        if (shows_absence) out.may_be_absent = chance_of(d, [](std::uint32_t c) { return c == 0; }) != Chance::kNo;
        const Chance given = chance_of(d, [&](std::uint32_t c) { return !(shows_absence && c == 0); });
        out.may_be_given = out.may_be_given || given != Chance::kNo;
        if (d.elements.empty() || d.elements.front() == kNone) return;
        const auto& classes = s_.element_classes(variable);
        if (d.elements.size() == classes.size()) {
            const Chance empty = chance_of(d, [&](std::uint32_t c) {
                return !d.counts[c].empty() && std::ranges::all_of(d.counts[c], [](std::uint32_t n) { return n == 0; });
            });
            (weigh(empty) ? out.values : out.refused).emplace_back("empty");
        }
        for (std::size_t e = 0; e < d.elements.size(); ++e) {
            const auto counted = [&](std::uint32_t c) { return e < d.counts[c].size() ? d.counts[c][e] : 0U; };
            const bool with = weigh(chance_of(d, [&](std::uint32_t c) { return counted(c) > 0; }));
            const bool without = weigh(chance_of(d, [&](std::uint32_t c) { return counted(c) == 0; }));
            std::vector<std::string> words = words_of(variable, classes[d.elements[e]]);
            if (with && without) {
                out.may.insert(out.may.end(), words.begin(), words.end());
            } else if (with) {
                out.must.push_back(words.size() == 1 ? words.front()
                                                     : fmt::format("one of {}", fmt::join(words, ", ")));
            } else {
                out.must_not.insert(out.must_not.end(), words.begin(), words.end());
            }
        }
    }

    [[nodiscard]] std::vector<std::string> words_of(std::uint32_t variable, const logic::ValueClass& element) const {
        const Variable& v = d_.variables[variable];
        if (v.type.element != Kind::kEnum) {
            std::string words = class_in_words(d_.predicates[variable], element.truth);
            const char* what = v.type.element == Kind::kNetwork ? "an address" : "an entry";
            return {words.empty() ? std::string{what} : fmt::format("{} ({})", what, words)};
        }
        std::vector<std::string> out;
        const auto& names = module_.enums[v.type.enumeration.index()].values;
        for (std::uint32_t i = 0; i < names.size(); ++i) {
            std::vector<bool> truth;
            for (const logic::Predicate& p : d_.predicates[variable])
                truth.push_back(logic::holds(p, value::EnumValue{i}));
            if (truth == element.truth) out.push_back(names[i]);
        }
        return out;
    }

    // The numbers that the member may be in class `c` of its group, given what is known of the others.
    [[nodiscard]] std::optional<std::pair<Nanos, Nanos>> range(const Dimension& d, std::uint32_t c,
                                                               std::uint32_t variable) const {
        logic::NumberClass shape = d.number_classes[c];
        std::size_t mine = 0;
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            const std::uint32_t other = d.variables[i - 1];
            if (other == variable) mine = i;
            if (other == Draft::kNow || d.group.shows_presence[i]) continue;
            const State s = state(d_.variables[other].fields[0]);
            if (s != State::kUnknown) shape.present[i] = s == State::kGiven;
        }
        if (!shape.present[mine]) return {};
        std::optional<logic::Differences> known = d.group.bounds_of(shape);
        if (!known) return {};
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            const std::uint32_t other = d.variables[i - 1];
            Nanos n = value::to_nanos(now_);
            if (other != Draft::kNow) {
                const FieldId field = d_.variables[other].fields[0];
                if (state(field) != State::kGiven || !shape.present[i]) continue;
                const Kind kind = d_.variables[other].type.kind;
                n = kind == Kind::kInt       ? Nanos{record_.integer(field.index())}
                    : kind == Kind::kInstant ? value::to_nanos(record_.instant(field.index()))
                                             : value::to_nanos(record_.duration(field.index()));
            }
            if (!known->require(i, 0, n) || !known->require(0, i, -n)) return {};
        }
        return std::pair{known->least(mine, 0), known->most(mine, 0)};
    }

    void numbers(const Dimension& d, std::uint32_t variable, Options& out, bool& refused) const {
        std::vector<std::pair<Nanos, Nanos>> possible, others;
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            if (!alive(d, c)) continue;
            const auto values = range(d, c, variable);
            const Chance chance = chance_of(d, [&](std::uint32_t other) { return other == c; });
            out.sure = out.sure && chance != Chance::kPerhaps;
            if (chance == Chance::kNo) {
                if (values)
                    others.push_back(*values);
                else
                    refused = true;
                continue;
            }
            if (!values) out.may_be_absent = true;
            if (!values) continue;
            out.may_be_given = true;
            possible.push_back(*values);
        }
        const auto merged = [](std::vector<std::pair<Nanos, Nanos>> all) {
            std::ranges::sort(all);
            std::vector<std::pair<Nanos, Nanos>> joined;
            for (const auto& [low, high] : all) {
                if (!joined.empty() && low <= joined.back().second + 1)
                    joined.back().second = std::max(joined.back().second, high);
                else
                    joined.emplace_back(low, high);
            }
            return joined;
        };
        possible = merged(std::move(possible));
        // What one class refuses another may permit.
        const auto is_possible = [&](const std::pair<Nanos, Nanos>& r) {
            return std::ranges::any_of(possible,
                                       [&](const auto& p) { return p.first <= r.first && r.second <= p.second; });
        };
        refused = refused || !std::ranges::all_of(others, is_possible);
        for (const auto& [low, high] : possible) out.values.push_back(words(variable, low, high));
    }

    [[nodiscard]] std::string words(std::uint32_t variable, Nanos low, Nanos high) const {
        const ir::Type& type = d_.variables[variable].type;
        const auto text = [&](Nanos n) {
            return type.kind == Kind::kInt       ? std::to_string(static_cast<std::int64_t>(n))
                   : type.kind == Kind::kInstant ? to_string(value::to_instant(n))
                                                 : to_string(value::to_duration(n));
        };
        const Nanos last = type.kind == Kind::kInt ? Nanos{type.max}
                           : type.kind == Kind::kInstant
                               ? Nanos{value::kLastSecond} * value::kNanosPerSecond + (value::kNanosPerSecond - 1)
                               : Nanos{INT64_MAX} * value::kNanosPerSecond;
        const Nanos first = type.kind == Kind::kInt ? Nanos{type.min} : 0;
        if (low == high) return text(low);
        if (low <= first && high >= last) return "anything";
        if (low <= first) return fmt::format("at most {}", text(high));
        if (high >= last) return fmt::format("at least {}", text(low));
        return fmt::format("{} to {}", text(low), text(high));
    }

    const ir::Module& module_;
    const logic::Space& s_;
    const Draft& d_;
    logic::Ref goal_;
    const value::Record& record_;
    Instant now_;
    std::uint64_t steps_;
    Region region_;
};

}  // namespace

Guidance guidance(const ir::Module& module, const Repairer& repairer, const value::Record& record, Instant now,
                  std::uint64_t steps) {
    Guidance out;
    if (!repairer.space()) {
        out.status = Guidance::Status::kUnknown;
        out.reason = repairer.problem();
        return out;
    }
    const Guide guide{module, *repairer.space(), repairer.goal(), record, now, steps};
    switch (guide.overall()) {
        case Chance::kNo: out.status = Guidance::Status::kNone; return out;
        case Chance::kPerhaps:
            out.status = Guidance::Status::kUnknown;
            out.reason = "it hangs on a comparison that cells can't express";
            return out;
        case Chance::kYes: break;
    }
    for (std::size_t f = 0; f < module.schema.fields.size(); ++f) {
        if (guide.state(FieldId{f}) == State::kUnknown) out.fields.push_back(guide.options(FieldId{f}));
    }
    return out;
}

}  // namespace keywright::analysis
