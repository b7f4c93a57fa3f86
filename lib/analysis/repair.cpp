#include "analysis/repair.h"

#include "base/text.h"
#include "input/reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <map>
#include <queue>
#include <set>
#include <utility>

namespace keywright::analysis {

using eval::Truth;
using ir::FieldId;
using ir::Kind;
using logic::Ask;
using logic::Dimension;
using logic::Draft;
using logic::kNone;
using logic::Predicate;
using logic::Region;
using logic::Variable;
using value::Nanos;
using value::State;

namespace {

constexpr std::uint64_t kImpossible = ~std::uint64_t{0};
constexpr std::size_t kMostTogether = 200'000;  // ways of changing numbers that are compared with one another

bool has(const Region& bits, std::uint32_t first_word, std::uint32_t i) {
    return (bits[first_word + i / 64] >> (i % 64) & 1U) != 0;
}
void put(Region& bits, std::uint32_t first_word, std::uint32_t i) {
    bits[first_word + i / 64] |= std::uint64_t{1} << (i % 64);
}
void drop(Region& bits, std::uint32_t first_word, std::uint32_t i) {
    bits[first_word + i / 64] &= ~(std::uint64_t{1} << (i % 64));
}

std::vector<bool> answers(const std::vector<Predicate>& predicates, const value::Value& v) {
    std::vector<bool> out;
    for (const Predicate& p : predicates) out.push_back(logic::holds(p, v));
    return out;
}

// Whether only one value gives these answers, as far as that is plain to see.
bool is_single(const logic::Values& values, const std::vector<Predicate>& predicates, const std::vector<bool>& truth) {
    std::int64_t least = values.min, most = values.max;
    for (std::size_t i = 0; i < predicates.size(); ++i) {
        if (predicates[i].ask == Ask::kIs && truth[i]) return true;
        if (predicates[i].ask != Ask::kAtLeast) continue;
        if (truth[i]) least = std::max(least, predicates[i].number);
        if (!truth[i]) most = std::min(most, predicates[i].number - 1);
    }
    return values.kind == Kind::kInt && least == most;
}

std::string quoted_value(const value::Value& v) {
    if (const auto* text = std::get_if<std::string>(&v)) return fmt::format("\"{}\"", base::printable(*text, 60));
    if (const auto* network = std::get_if<value::Network>(&v)) return value::to_string(*network);
    if (const auto* networks = std::get_if<value::NetworkSet>(&v)) {
        std::vector<std::string> all;
        for (const value::Network& n : *networks) all.push_back(value::to_string(n));
        return fmt::format("{{{}}}", fmt::join(all, ", "));
    }
    if (const auto* number = std::get_if<std::int64_t>(&v)) return std::to_string(*number);
    return {};
}

std::string fact_in_words(std::int64_t fact, bool truth) {
    const char* what = "characters outside ASCII";
    switch (static_cast<value::SecretFact>(fact)) {
        case value::SecretFact::kHasSpace: what = "white space"; break;
        case value::SecretFact::kHasDigit: what = "a digit"; break;
        case value::SecretFact::kHasUpper: what = "an upper-case letter"; break;
        case value::SecretFact::kHasLower: what = "a lower-case letter"; break;
        case value::SecretFact::kHasSymbol: what = "a symbol"; break;
        case value::SecretFact::kHasOther: break;
        case value::SecretFact::kIsMasked: return truth ? "masked" : "not masked";
    }
    return fmt::format("{} {}", truth ? "with" : "without", what);
}

}  // namespace

std::string class_in_words(const std::vector<Predicate>& predicates, const std::vector<bool>& truth) {
    for (std::size_t i = 0; i < predicates.size(); ++i) {
        if (predicates[i].ask == Ask::kIs && truth[i]) return quoted_value(predicates[i].value);
    }
    std::vector<std::string> words;
    std::int64_t least = INT64_MIN, below = INT64_MAX;
    for (std::size_t i = 0; i < predicates.size(); ++i) {
        const Predicate& p = predicates[i];
        const bool yes = truth[i];
        const char* no = yes ? "" : "not ";
        switch (p.ask) {
            case Ask::kIs: words.push_back(fmt::format("not {}", quoted_value(p.value))); break;
            case Ask::kAtLeast:
            case Ask::kLength:
            case Ask::kPrefix:
                if (yes) least = std::max(least, p.number);
                if (!yes) below = std::min(below, p.number);
                break;
            case Ask::kStartsWith: words.push_back(fmt::format("{}starting with {}", no, quoted_value(p.value))); break;
            case Ask::kEndsWith: words.push_back(fmt::format("{}ending with {}", no, quoted_value(p.value))); break;
            case Ask::kLike: words.push_back(fmt::format("{}like {}", no, quoted_value(p.value))); break;
            case Ask::kIsBlank: words.emplace_back(yes ? "blank" : "not blank"); break;
            case Ask::kWithin: words.push_back(fmt::format("{}inside {}", no, quoted_value(p.value))); break;
            case Ask::kCovers: words.push_back(fmt::format("{}holding all of {}", no, quoted_value(p.value))); break;
            case Ask::kOverlaps: words.push_back(fmt::format("{}overlapping {}", no, quoted_value(p.value))); break;
            case Ask::kIsOpen: words.emplace_back(yes ? "open to almost anyone" : "not open"); break;
            case Ask::kIsPrivate: words.emplace_back(yes ? "private" : "not private"); break;
            case Ask::kIsIpv6: words.emplace_back(yes ? "IPv6" : "IPv4"); break;
            case Ask::kFact: words.push_back(fact_in_words(p.number, yes)); break;
        }
    }
    if (least != INT64_MIN || below != INT64_MAX) {
        const bool length = std::ranges::any_of(predicates, [](const Predicate& p) { return p.ask == Ask::kLength; });
        const bool prefix = std::ranges::any_of(predicates, [](const Predicate& p) { return p.ask == Ask::kPrefix; });
        const std::string unit = length ? " characters" : "";
        const std::string front = prefix ? "prefix length " : "";
        if (least != INT64_MIN && below != INT64_MAX)
            words.push_back(fmt::format("{}{} to {}{}", front, least, below - 1, unit));
        else if (least != INT64_MIN)
            words.push_back(fmt::format("{}at least {}{}", front, least, unit));
        else
            words.push_back(fmt::format("{}at most {}{}", front, below - 1, unit));
    }
    return fmt::format("{}", fmt::join(words, ", "));
}

bool is_fixed(const ir::Module& module, FieldId field) {
    const auto& fields = module.schema.fields;
    if (fields[field.index()].type.kind == Kind::kInstant) return true;
    for (FieldId at = field; at.valid(); at = fields[at.index()].parent) {
        if (fields[at.index()].immutable) return true;
    }
    return false;
}

namespace {

// What a record has and what may be done to it, in the terms of one space.
class Situation {
public:
    Situation(const ir::Module& module, const logic::Space& space, const value::Record& record, Instant now)
        : module_(module),
          s_(space),
          d_(space.draft()),
          record_(record),
          now_(now),
          region_(space.region_of(record, now)) {
        removable_.assign(fields().size(), false);
        for (std::size_t f = 0; f < fields().size(); ++f) removable_[f] = finds_removable(f);
        for (const Dimension& d : s_.dimensions()) {
            Choices c;
            c.words = (d.classes + 2 + 63) / 64;
            c.first_word = static_cast<std::uint32_t>(words_);
            c.kept = d.classes;
            c.wild = d.classes + 1;
            c.cost.assign(d.classes + 2, kImpossible);
            words_ += c.words;
            weigh(d, c);
            choices_.push_back(std::move(c));
        }
    }

    struct Choices {
        std::uint32_t first_word = 0, words = 0;
        std::uint32_t kept = 0;                         // the option of leaving alone what isn't settled
        std::uint32_t wild = 0;                         // the option of changing it in a way that classes can't express
        std::vector<std::uint64_t> cost;                // by option: a class, `kept` or `wild`; a lower bound
        std::vector<std::vector<std::uint32_t>> moved;  // of numbers, by class: which of the group change
    };

    [[nodiscard]] const std::vector<Choices>& choices() const { return choices_; }
    [[nodiscard]] std::size_t words() const { return words_; }
    [[nodiscard]] const Region& region() const { return region_; }

    [[nodiscard]] Region all_options() const {
        Region out(words_, 0);
        for (const Choices& c : choices_) {
            for (std::uint32_t o = 0; o < c.cost.size(); ++o) {
                if (c.cost[o] != kImpossible) put(out, c.first_word, o);
            }
        }
        return out;
    }

    // The cells that a choice of options may lead to.
    [[nodiscard]] Region cells(const Region& options) const {
        Region out(s_.words(), 0);
        for (std::size_t i = 0; i < choices_.size(); ++i) {
            const Dimension& d = s_.dimensions()[i];
            const Choices& c = choices_[i];
            for (std::uint32_t o = 0; o < d.classes; ++o) {
                if (has(options, c.first_word, o) || has(options, c.first_word, c.wild)) put(out, d.first_word, o);
            }
            if (has(options, c.first_word, c.kept)) {
                for (std::uint32_t w = 0; w < d.words; ++w) out[d.first_word + w] |= region_[d.first_word + w];
            }
        }
        return out;
    }

    // The cheapest option of dimension `i`; kNone where there is none.
    [[nodiscard]] std::uint32_t cheapest(const Region& options, std::size_t i) const {
        const Choices& c = choices_[i];
        std::uint32_t best = kNone;
        for (std::uint32_t o = 0; o < c.cost.size(); ++o) {
            if (has(options, c.first_word, o) && (best == kNone || c.cost[o] < c.cost[best])) best = o;
        }
        // Leaving something alone is the least that can be done.
        if (has(options, c.first_word, c.kept)) best = c.kept;
        return best;
    }

    // The edits that a choice of one option for each dimension comes to; nothing where they can't be spelled out.
    [[nodiscard]] std::optional<Plan> plan(const std::vector<std::uint32_t>& chosen) const;

    [[nodiscard]] FieldId field(std::uint32_t variable) const { return d_.variables[variable].fields[0]; }
    [[nodiscard]] bool fixed(std::uint32_t variable) const { return is_fixed(module_, field(variable)); }
    [[nodiscard]] std::uint64_t cost_of(std::uint32_t variable) const { return fields()[field(variable).index()].cost; }

    // As the record says, where a member of a record that isn't there is as that record.
    [[nodiscard]] State state(std::uint32_t variable) const {
        const FieldId id = field(variable);
        for (FieldId at = fields()[id.index()].parent; at.valid(); at = fields()[at.index()].parent) {
            if (record_.state(at.index()) != State::kGiven) return record_.state(at.index());
        }
        return record_.state(id.index());
    }

    [[nodiscard]] NewValue new_value(std::uint32_t variable, const value::Value& v,
                                     const std::vector<bool>& truth) const {
        NewValue out;
        out.value = v;
        const auto& predicates = d_.predicates[variable];
        const Kind kind = d_.variables[variable].values.kind;
        out.open = (kind == Kind::kText || kind == Kind::kNetwork || kind == Kind::kSecret || kind == Kind::kInt) &&
                   !is_single(d_.variables[variable].values, predicates, truth);
        if (out.open) out.wants = class_in_words(predicates, truth);
        return out;
    }

    // The elements of a known set, masked ones left out.
    [[nodiscard]] std::vector<value::Value> elements(std::size_t f) const {
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
    [[nodiscard]] std::size_t masked(std::size_t f) const {
        if (fields()[f].type.element != Kind::kNetwork) return 0;
        const auto set = record_.network_set(f);
        return static_cast<std::size_t>(std::ranges::count_if(set, [](const value::Network& n) { return n.masked; }));
    }

    // The class of an element of a set.
    [[nodiscard]] std::uint32_t class_of(std::uint32_t variable, const value::Value& element) const {
        const auto& classes = s_.element_classes(variable);
        const std::vector<bool> truth = answers(d_.predicates[variable], element);
        const auto at = std::ranges::find_if(classes, [&](const logic::ValueClass& c) { return c.truth == truth; });
        return static_cast<std::uint32_t>(at - classes.begin());
    }

private:
    [[nodiscard]] const std::vector<ir::Field>& fields() const { return module_.schema.fields; }

    // A nested record that is, or may be, there and that an edit may leave out.
    [[nodiscard]] bool finds_removable(std::size_t f) const {
        const ir::Field& field = fields()[f];
        if (field.type.kind != Kind::kRecord || !field.type.optional || is_fixed(module_, FieldId{f})) return false;
        if (record_.state(f) == State::kAbsent) return false;
        for (std::size_t i = 0; i < fields().size(); ++i) {
            if (!is_below(i, f) || !is_fixed(module_, FieldId{i})) continue;
            if (record_.state(i) != State::kAbsent) return false;
        }
        return true;
    }
    [[nodiscard]] bool is_below(std::size_t f, std::size_t record) const {
        for (FieldId at = fields()[f].parent; at.valid(); at = fields()[at.index()].parent) {
            if (at.index() == record) return true;
        }
        return false;
    }
    // It may go because the record around it goes.
    [[nodiscard]] bool may_vanish(std::uint32_t variable) const {
        for (FieldId at = fields()[field(variable).index()].parent; at.valid(); at = fields()[at.index()].parent) {
            if (removable_[at.index()]) return true;
        }
        return false;
    }

    [[nodiscard]] std::uint32_t settled(const Dimension& d) const {  // the one class that it is in, or kNone
        std::uint32_t found = kNone;
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            if (!has(region_, d.first_word, c)) continue;
            if (found != kNone) return kNone;
            found = c;
        }
        return found;
    }

    static bool is_absence(const Dimension& d, const Variable& v, std::uint32_t c) {
        if (!v.optional || c != 0) return false;
        return d.kind == Dimension::Kind::kMember ? !d.values[0].has_value() : d.counts.front().empty();
    }

    void weigh(const Dimension& d, Choices& out) const {
        const std::uint32_t now_in = settled(d);
        if (now_in != kNone)
            out.cost[now_in] = 0;
        else
            out.cost[out.kept] = 0;
        if (d.classes < 2) return;
        if (d.kind == Dimension::Kind::kNumbers) return weigh_numbers(d, out);
        const std::uint32_t variable = d.variables.front();
        const Variable& v = d_.variables[variable];
        const bool editable = !fixed(variable);
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            if (c == now_in) continue;
            const bool absence = is_absence(d, v, c);
            if (absence && may_vanish(variable)) {
                out.cost[c] = 0;
                continue;
            }
            if (!editable) continue;
            if (d.kind == Dimension::Kind::kMember) {
                if (v.type.kind == Kind::kRecord && absence && !removable_[field(variable).index()]) continue;
                out.cost[c] = cost_of(variable);
            } else {
                out.cost[c] = cost_of(variable) * steps_to(d, variable, c);
                const bool nothing_counted = !d.elements.empty() && d.elements.front() != kNone &&
                                             std::ranges::all_of(d.counts[c], [](std::uint32_t n) { return n == 0; });
                if (may_vanish(variable) && nothing_counted) out.cost[c] = 0;
            }
        }
        if (d.kind == Dimension::Kind::kElements && editable && state(variable) == State::kGiven &&
            masked(field(variable).index()) > 0)
            out.cost[out.wild] = cost_of(variable);
    }

    // How many elements come and go, at least.
    [[nodiscard]] std::uint64_t steps_to(const Dimension& d, std::uint32_t variable, std::uint32_t c) const {
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
    // Further elements of the class make no difference.
    static std::uint64_t cap(const Dimension& d, std::size_t e) {
        std::uint32_t most = 0;
        for (const auto& row : d.counts) most = row.empty() ? most : std::max(most, row[e]);
        return most;
    }
    [[nodiscard]] bool is_only_dimension(std::uint32_t variable) const {
        return std::ranges::count_if(s_.dimensions(), [&](const Dimension& d) {
                   return d.kind == Dimension::Kind::kElements && d.variables.front() == variable;
               }) == 1;
    }

    // --- numbers that are compared with one another
    [[nodiscard]] std::optional<Nanos> number(std::uint32_t variable) const {
        if (variable == Draft::kNow) return value::to_nanos(now_);
        if (state(variable) != State::kGiven) return {};
        const std::size_t f = field(variable).index();
        const Kind kind = d_.variables[variable].type.kind;
        return kind == Kind::kInt       ? Nanos{record_.integer(f)}
               : kind == Kind::kInstant ? value::to_nanos(record_.instant(f))
                                        : value::to_nanos(record_.duration(f));
    }

    // What is known of the numbers where the group goes to class `c` and those in `moved` (a bit each) change; nothing
    // where they can't.
    [[nodiscard]] std::optional<logic::Differences> bounds(const Dimension& d, std::uint32_t c, std::uint64_t moved,
                                                           logic::NumberClass& shape) const {
        shape = d.number_classes[c];
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            const std::uint32_t v = d.variables[i - 1];
            if (v == Draft::kNow) continue;
            if ((moved >> (i - 1) & 1U) != 0) {
                if (fixed(v) && shape.present[i]) return {};  // it can only vanish
                continue;
            }
            const State s = state(v);
            if (s == State::kUnknown) return {};
            if (d.group.shows_presence[i] && shape.present[i] != (s == State::kGiven)) return {};
            shape.present[i] = s == State::kGiven;
        }
        for (std::size_t i = 0; i < shape.truth.size(); ++i) {
            const logic::Comparison& asked = d.group.comparisons[i];
            if (shape.truth[i] && !(shape.present[asked.x] && shape.present[asked.y])) return {};
        }
        std::optional<logic::Differences> known = d.group.bounds_of(shape);
        if (!known) return {};
        for (std::size_t i = 1; i <= d.variables.size(); ++i) {
            const std::uint32_t v = d.variables[i - 1];
            if ((moved >> (i - 1) & 1U) != 0 || !shape.present[i]) continue;
            const Nanos n = *number(v);
            if (!known->require(i, 0, n) || !known->require(0, i, -n)) return {};
        }
        return known;
    }

    void weigh_numbers(const Dimension& d, Choices& out) const {
        out.moved.assign(d.classes, {});
        std::vector<std::uint32_t> movable;  // positions in the group
        std::uint64_t unknown = 0, least = kImpossible;
        for (std::uint32_t i = 0; i < d.variables.size(); ++i) {
            const std::uint32_t v = d.variables[i];
            if (v == Draft::kNow) continue;
            if (state(v) == State::kUnknown) unknown |= std::uint64_t{1} << i;
            if (fixed(v) && !may_vanish(v)) continue;
            movable.push_back(i);
            least = std::min(least, fixed(v) ? 0 : cost_of(v));
        }
        if (movable.empty()) return;
        const bool too_many = movable.size() > 12 || d.variables.size() > 60 ||
                              (std::size_t{1} << movable.size()) * d.classes > kMostTogether;
        std::uint64_t all = 0;
        for (const std::uint32_t i : movable) all |= std::uint64_t{1} << i;
        // Where one number is unknown, changing another leaves the group in several classes at once.
        const bool some_stay_unknown = unknown != 0 && (movable.size() > 1 || (unknown & ~all) != 0);
        if (too_many || some_stay_unknown) out.cost[out.wild] = least;
        if (too_many) return;
        for (std::uint64_t pick = 1; pick < std::uint64_t{1} << movable.size(); ++pick) {
            std::uint64_t moved = 0;
            for (std::size_t i = 0; i < movable.size(); ++i) {
                if ((pick >> i & 1U) != 0) moved |= std::uint64_t{1} << movable[i];
            }
            if ((unknown & ~moved) != 0) continue;
            for (std::uint32_t c = 0; c < d.classes; ++c) {
                if (out.cost[c] == 0) continue;
                std::uint64_t cost = 0;
                for (const std::uint32_t i : movable) {
                    if ((moved >> i & 1U) == 0) continue;
                    const std::uint32_t v = d.variables[i];
                    if (!d.number_classes[c].present[i + 1] && may_vanish(v)) continue;
                    cost += cost_of(v);
                }
                if (cost >= out.cost[c]) continue;
                logic::NumberClass shape;
                if (!bounds(d, c, moved, shape)) continue;
                out.cost[c] = cost;
                out.moved[c].clear();
                for (std::uint32_t i = 0; i < d.variables.size(); ++i) {
                    if ((moved >> i & 1U) != 0) out.moved[c].push_back(i);
                }
            }
        }
    }

    // --- from options to edits
    struct Edits {
        std::map<std::size_t, Change> by_field;
        std::map<std::uint32_t, std::vector<std::pair<std::size_t, std::uint32_t>>> sets;  // variable: dimension, class
    };
    void edit_member(const Dimension& d, std::uint32_t c, Edits& out) const;
    [[nodiscard]] bool edit_numbers(const Dimension& d, const Choices& choices, std::uint32_t c, Edits& out) const;
    [[nodiscard]] bool edit_set(std::uint32_t variable, const std::vector<std::pair<std::size_t, std::uint32_t>>& at,
                                Edits& out) const;
    void apply(const Edits& edits, Plan& plan) const;
    void say(Change& change) const;
    [[nodiscard]] std::string text_of(std::size_t f, const value::Value& v) const;

    const ir::Module& module_;
    const logic::Space& s_;
    const Draft& d_;
    const value::Record& record_;
    Instant now_;
    Region region_;
    std::vector<Choices> choices_;
    std::vector<bool> removable_;  // by field
    std::size_t words_ = 0;
};

void Situation::edit_member(const Dimension& d, std::uint32_t c, Edits& out) const {
    const std::uint32_t variable = d.variables.front();
    const Variable& v = d_.variables[variable];
    Change change;
    change.field = field(variable);
    change.cost = cost_of(variable);
    if (!d.values[c]) {
        change.kind = Change::Kind::kAbsent;
    } else if (v.type.kind == Kind::kRecord) {
        change.kind = Change::Kind::kPresent;
    } else {
        const std::vector<bool> truth = answers(d_.predicates[variable], *d.values[c]);
        change.value = new_value(variable, *d.values[c], truth);
        if (v.type.kind == Kind::kEnum) {
            const auto& names = module_.enums[v.type.enumeration.index()].values;
            for (std::uint32_t i = 0; i < names.size(); ++i) {
                const value::Value other = value::EnumValue{i};
                if (!(other == *d.values[c]) && answers(d_.predicates[variable], other) == truth)
                    change.value.others.push_back(names[i]);
            }
        }
    }
    out.by_field[change.field.index()] = std::move(change);
}

bool Situation::edit_numbers(const Dimension& d, const Choices& choices, std::uint32_t c, Edits& out) const {
    std::uint64_t moved = 0;
    for (const std::uint32_t i : choices.moved[c]) moved |= std::uint64_t{1} << i;
    logic::NumberClass shape;
    std::optional<logic::Differences> known = bounds(d, c, moved, shape);
    if (!known) return false;
    for (const std::uint32_t i : choices.moved[c]) {
        const std::uint32_t variable = d.variables[i];
        Change change;
        change.field = field(variable);
        change.cost = cost_of(variable);
        if (!shape.present[i + 1]) {
            change.kind = Change::Kind::kAbsent;
            out.by_field[change.field.index()] = std::move(change);
            continue;
        }
        const Nanos low = known->least(i + 1, 0), high = known->most(i + 1, 0);
        const bool is_int = d_.variables[variable].type.kind == Kind::kInt;
        constexpr Nanos kSteps[] = {value::kNanosPerSecond * 86'400, value::kNanosPerSecond * 3'600,
                                    value::kNanosPerSecond, 1};
        constexpr Nanos kOne[] = {1};
        const Nanos wish = number(variable).value_or(0);
        const Nanos n =
            is_int ? logic::pleasant(low, high, wish, 0, kOne) : logic::pleasant(low, high, wish, 0, kSteps);
        if (!known->require(i + 1, 0, n) || !known->require(0, i + 1, -n)) return false;
        change.value.value = is_int ? value::Value{static_cast<std::int64_t>(n)} : value::Value{value::to_duration(n)};
        change.value.open = low < high;
        if (low < high) {
            const auto text = [&](Nanos at) {
                return is_int ? std::to_string(static_cast<std::int64_t>(at)) : to_string(value::to_duration(at));
            };
            const ir::Type& type = d_.variables[variable].type;
            const bool from = is_int ? low > Nanos{INT64_MIN} : low > 0;
            const bool to = is_int ? high < Nanos{INT64_MAX} : high < Nanos{INT64_MAX} * value::kNanosPerSecond;
            (void)type;
            change.value.wants = from && to ? fmt::format("{} to {}", text(low), text(high))
                                 : from     ? fmt::format("at least {}", text(low))
                                 : to       ? fmt::format("at most {}", text(high))
                                            : std::string{};
        }
        out.by_field[change.field.index()] = std::move(change);
    }
    return true;
}

// The set's dimensions and the class that each is to be in.
bool Situation::edit_set(std::uint32_t variable, const std::vector<std::pair<std::size_t, std::uint32_t>>& at,
                         Edits& out) const {
    const std::size_t f = field(variable).index();
    const Variable& v = d_.variables[variable];
    Change change;
    change.field = FieldId{f};
    const State s = state(variable);
    const bool whole = s != State::kGiven || masked(f) > 0;
    const std::vector<value::Value> now = s == State::kGiven ? elements(f) : std::vector<value::Value>{};
    for (const auto& [dimension, c] : at) {
        const Dimension& d = s_.dimensions()[dimension];
        if (!is_absence(d, v, c)) continue;
        change.kind = Change::Kind::kAbsent;
        const std::uint64_t gone = s == State::kGiven ? now.size() + masked(f) : 0;
        change.cost = cost_of(variable) * std::max<std::uint64_t>(1, gone);
        out.by_field[f] = std::move(change);
        return true;
    }
    change.kind = whole ? Change::Kind::kWhole : Change::Kind::kElements;
    std::map<std::uint32_t, std::vector<value::Value>> held;
    for (const value::Value& e : now) held[class_of(variable, e)].push_back(e);
    for (const auto& [dimension, c] : at) {
        const Dimension& d = s_.dimensions()[dimension];
        for (std::size_t e = 0; e < d.counts[c].size(); ++e) {
            if (d.elements[e] == kNone) continue;
            const std::uint32_t element_class = d.elements[e];
            std::vector<value::Value>& have = held[element_class];
            const std::size_t want = d.counts[c][e];
            if (want < std::min<std::size_t>(static_cast<std::size_t>(cap(d, e)), have.size())) {
                // The last ones go: lists are read from the front.
                while (have.size() > want) {
                    change.removed.push_back(have.back());
                    have.pop_back();
                }
            }
            const logic::ValueClass& of = s_.element_classes(variable)[element_class];
            std::vector<value::Value> candidates = of.members;
            if (v.type.element == Kind::kEnum) {
                candidates.clear();
                const auto& names = module_.enums[v.type.enumeration.index()].values;
                for (std::uint32_t i = 0; i < names.size(); ++i) {
                    if (class_of(variable, value::EnumValue{i}) == element_class)
                        candidates.emplace_back(value::EnumValue{i});
                }
            }
            std::size_t need = want > have.size() ? want - have.size() : 0;
            for (std::size_t i = 0; i < candidates.size() && need > 0; ++i) {
                if (std::ranges::find(have, candidates[i]) != have.end()) continue;
                NewValue added = new_value(variable, candidates[i], of.truth);
                if (v.type.element == Kind::kEnum) {
                    const auto& names = module_.enums[v.type.enumeration.index()].values;
                    for (std::size_t j = i + 1; j < candidates.size(); ++j) {
                        if (std::ranges::find(have, candidates[j]) == have.end())
                            added.others.push_back(names[std::get<value::EnumValue>(candidates[j]).index]);
                    }
                }
                change.added.push_back(std::move(added));
                --need;
            }
            if (need > 0) return false;
        }
    }
    std::vector<value::Value> in_order;
    for (const value::Value& e : now) {
        if (std::ranges::find(change.removed, e) != change.removed.end()) in_order.push_back(e);
    }
    change.removed = std::move(in_order);
    std::uint64_t steps = change.added.size() + change.removed.size();
    if (s == State::kGiven) steps += masked(f);
    change.cost = cost_of(variable) * std::max<std::uint64_t>(1, steps);
    if (whole) {
        // What is known of it stays, the rest makes room.
        for (const auto& [element_class, have] : held) {
            for (const value::Value& e : have) {
                change.added.push_back({e, false, {}, {}});
            }
        }
        change.removed.clear();
    }
    out.by_field[f] = std::move(change);
    return true;
}

std::string Situation::text_of(std::size_t f, const value::Value& v) const {
    ir::Type type = fields()[f].type;
    if (type.kind == Kind::kSet) type.kind = type.element;
    return ir::to_string(module_, type, v);
}

void Situation::say(Change& change) const {
    const std::size_t f = change.field.index();
    const ir::Field& field = fields()[f];
    const bool unknown = record_.state(f) == State::kUnknown, absent = record_.state(f) == State::kAbsent;
    const auto with = [](const NewValue& v) { return v.wants.empty() ? std::string{} : fmt::format(" ({})", v.wants); };
    const auto add_words = [&](const NewValue& v) {
        if (!v.open) {
            std::string text = fmt::format("add `{}` to `{}`", text_of(f, v.value), field.name);
            if (!v.others.empty()) text += fmt::format(" (or `{}`)", fmt::join(v.others, "`, `"));
            return text;
        }
        const char* what = field.type.element == Kind::kNetwork ? "an address" : "an entry";
        return fmt::format("add {} to `{}`{}", what, field.name, with(v));
    };
    switch (change.kind) {
        case Change::Kind::kAbsent: change.words.push_back(fmt::format("leave `{}` out", field.name)); return;
        case Change::Kind::kPresent: change.words.push_back(fmt::format("put `{}` in", field.name)); return;
        case Change::Kind::kValue: {
            const NewValue& v = change.value;
            if (v.open) {
                const char* verb = absent || unknown ? "enter" : "change";
                change.words.push_back(fmt::format("{} `{}`{}", verb, field.name, with(v)));
                return;
            }
            std::string text = fmt::format("set `{}` to `{}`", field.name, text_of(f, v.value));
            if (!v.others.empty()) text += fmt::format(" (or `{}`)", fmt::join(v.others, "`, `"));
            change.words.push_back(std::move(text));
            return;
        }
        case Change::Kind::kElements:
            for (const value::Value& v : change.removed)
                change.words.push_back(
                    fmt::format("remove `{}` from `{}`", base::printable(text_of(f, v)), field.name));
            for (const NewValue& v : change.added) change.words.push_back(add_words(v));
            return;
        case Change::Kind::kWhole: {
            if (change.added.empty()) {
                change.words.push_back(fmt::format("make `{}` an empty list", field.name));
                return;
            }
            std::vector<std::string> parts;
            for (const NewValue& v : change.added) {
                const char* what = field.type.element == Kind::kNetwork ? "an address" : "an entry";
                parts.push_back(v.open ? what + with(v) : fmt::format("`{}`", base::printable(text_of(f, v.value))));
            }
            change.words.push_back(fmt::format("make `{}` a list of {}", field.name, fmt::join(parts, ", ")));
            return;
        }
    }
}

void Situation::apply(const Edits& edits, Plan& plan) const {
    plan.record = record_;
    // Records stand before what is in them. What stands in a record that goes, goes with it and costs nothing.
    for (const auto& [f, change] : edits.by_field) {
        bool gone = false;
        for (FieldId at = fields()[f].parent; at.valid(); at = fields()[at.index()].parent) {
            const auto around = edits.by_field.find(at.index());
            gone = gone || (around != edits.by_field.end() && around->second.kind == Change::Kind::kAbsent);
        }
        if (gone) {
            plan.record.set_absent(f);
            continue;
        }
        switch (change.kind) {
            case Change::Kind::kAbsent: plan.record.set_absent(f); break;
            case Change::Kind::kPresent: plan.record.set_present(f); break;
            case Change::Kind::kValue: plan.record.set(f, change.value.value); break;
            case Change::Kind::kElements:
            case Change::Kind::kWhole: {
                std::vector<value::Value> all;
                if (change.kind == Change::Kind::kElements) {
                    for (value::Value& e : elements(f)) {
                        if (std::ranges::find(change.removed, e) == change.removed.end()) all.push_back(std::move(e));
                    }
                }
                for (const NewValue& e : change.added) all.push_back(e.value);
                switch (fields()[f].type.element) {
                    case Kind::kEnum: {
                        std::uint64_t bits = 0;
                        for (const value::Value& e : all)
                            bits |= std::uint64_t{1} << std::get<value::EnumValue>(e).index;
                        plan.record.set_enum_set(f, bits);
                        break;
                    }
                    case Kind::kNetwork: {
                        value::NetworkSet set;
                        for (const value::Value& e : all) set.push_back(std::get<value::Network>(e));
                        plan.record.set_network_set(f, set);
                        break;
                    }
                    case Kind::kText: {
                        value::TextSet set;
                        for (const value::Value& e : all) set.push_back(std::get<std::string>(e));
                        plan.record.set(f, set);
                        break;
                    }
                    case Kind::kInt: {
                        value::IntSet set;
                        for (const value::Value& e : all) set.push_back(std::get<std::int64_t>(e));
                        plan.record.set(f, set);
                        break;
                    }
                    case Kind::kBool:
                    case Kind::kSet:
                    case Kind::kInstant:
                    case Kind::kDuration:
                    case Kind::kSecret:
                    case Kind::kRecord: break;
                }
                break;
            }
        }
        Change told = change;
        say(told);
        plan.cost += told.cost;
        plan.changes.push_back(std::move(told));
    }
    // A record of which something is known is there; what stands in one that isn't there is absent.
    for (std::size_t f = fields().size(); f-- > 0;) {
        const FieldId parent = fields()[f].parent;
        if (parent.valid() && plan.record.state(f) == State::kGiven &&
            plan.record.state(parent.index()) == State::kUnknown)
            plan.record.set_present(parent.index());
    }
    for (std::size_t f = 0; f < fields().size(); ++f) {
        const FieldId parent = fields()[f].parent;
        if (parent.valid() && plan.record.state(parent.index()) == State::kAbsent) plan.record.set_absent(f);
    }
}

std::optional<Plan> Situation::plan(const std::vector<std::uint32_t>& chosen) const {
    Edits edits;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const Dimension& d = s_.dimensions()[i];
        const Choices& choices = choices_[i];
        const std::uint32_t o = chosen[i];
        if (o == kNone || o == choices.wild) return {};
        if (o == choices.kept || (settled(d) == o)) continue;
        if (d.kind == Dimension::Kind::kMember) edit_member(d, o, edits);
        if (d.kind == Dimension::Kind::kNumbers && !edit_numbers(d, choices, o, edits)) return {};
        if (d.kind == Dimension::Kind::kElements) edits.sets[d.variables.front()];
    }
    for (auto& [variable, at] : edits.sets) {
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            const Dimension& d = s_.dimensions()[i];
            if (d.kind != Dimension::Kind::kElements || d.variables.front() != variable) continue;
            // Of a set whose parts are chosen apart, either all or none is settled.
            if (chosen[i] == choices_[i].kept) return {};
            at.emplace_back(i, chosen[i]);
        }
        if (!edit_set(variable, at, edits)) return {};
    }
    Plan out;
    apply(edits, out);
    return out;
}

// Whether every edit of `less` is among those of `more`.
bool includes(const Plan& more, const Plan& less) {
    std::multiset<std::string> words;
    for (const Change& change : more.changes) words.insert(change.words.begin(), change.words.end());
    for (const Change& change : less.changes) {
        for (const std::string& word : change.words) {
            const auto at = words.find(word);
            if (at == words.end()) return false;
            words.erase(at);
        }
    }
    return true;
}

struct Node {
    std::uint64_t cost = 0;
    std::uint64_t number = 0;  // of its making: the older goes first
    std::size_t excluded = 0;  // plans found whose repetitions are cut out
    Region options;
    std::optional<Plan> plan;  // nothing left to choose
};
struct Later {
    bool operator()(const Node& a, const Node& b) const {
        return std::pair{a.cost, a.number} > std::pair{b.cost, b.number};
    }
};

}  // namespace

Repairer::Repairer(const ir::Module& module, const eval::Program& program, std::vector<ir::RuleId> rules)
    : module_(module), program_(program), rules_(std::move(rules)) {
    Draft draft{{&module_}};
    std::vector<logic::Ref> violated;
    if (rules_.empty()) {
        logic::Leaf leaf;
        leaf.claim = logic::Claim::kVerdict;
        leaf.verdict = ir::Verdict::kViolation;
        violated.push_back(draft.leaf(leaf));
    }
    for (const ir::RuleId rule : rules_) {
        logic::Leaf leaf;
        leaf.claim = logic::Claim::kOutcome;
        leaf.rule = rule;
        leaf.outcome = ir::Outcome::kViolated;
        violated.push_back(draft.leaf(leaf));
    }
    std::vector<logic::Ref> roots{draft.formulas.any(std::move(violated))};
    roots.push_back(draft.constraint());
    auto built = logic::Space::build(std::move(draft), roots, {});
    if (auto* problem = std::get_if<std::string>(&built)) {
        problem_ = std::move(*problem);
        return;
    }
    space_.emplace(std::move(std::get<logic::Space>(built)));
    goal_ = space_->formulas().both(logic::negated(roots[0]), space_->constraint());
    miss_ = space_->formulas().both(roots[0], space_->constraint());
}

bool Repairer::accepts(const value::Record& record, Instant now) const {
    eval::Program::Scratch scratch = program_.make_scratch();
    eval::Decision decision;
    decision.rules.resize(module_.rules.size());
    program_.decide(record, now, scratch, decision.rules);
    if (rules_.empty()) return eval::verdict(module_, decision) == ir::Verdict::kCompliant;
    return std::ranges::all_of(rules_, [&](ir::RuleId id) {
        const ir::Outcome outcome = decision.rules[id.index()].outcome;
        return outcome != ir::Outcome::kViolated && outcome != ir::Outcome::kUndetermined;
    });
}

Plans Repairer::plans(const value::Record& record, Instant now, std::size_t most, std::uint64_t steps) const {
    Plans out;
    if (accepts(record, now)) {
        out.status = Plans::Status::kFine;
        return out;
    }
    const auto doubt = [&](std::string reason) {
        out.exact = false;
        if (out.reason.empty()) out.reason = std::move(reason);
    };
    if (!space_) {
        doubt(problem_);
        return out;
    }
    const logic::Space& space = *space_;
    {
        // Of a record that contradicts the schema's assumptions, whatever is unknown in it, nothing is sure: every
        // repair would be fine for all of no configurations.
        logic::Search possible{space, space.constraint(), space.region_of(record, now), steps};
        Region cell;
        if (possible.next(cell) == logic::Search::Step::kDone) {
            doubt("no configuration is as the record says and keeps what the schema assumes");
            return out;
        }
    }
    const Situation situation{module_, space, record, now};
    logic::Evaluation goal{space, goal_};
    std::priority_queue<Node, std::vector<Node>, Later> queue;
    std::uint64_t made = 0;
    const auto bound = [&](const Region& options) {
        std::uint64_t cost = 0;
        for (std::size_t i = 0; i < situation.choices().size(); ++i) {
            const std::uint32_t o = situation.cheapest(options, i);
            if (o == kNone) return kImpossible;
            cost += situation.choices()[i].cost[o];
        }
        return cost;
    };
    const auto push = [&](Region options, std::size_t excluded) {
        const std::uint64_t cost = bound(options);
        if (cost == kImpossible) return;
        queue.push({cost, made++, excluded, std::move(options), {}});
    };
    // What an alternative chose, where it changed something: what repeats all of it is no alternative.
    std::vector<std::vector<std::pair<std::size_t, std::uint32_t>>> taken;
    const auto chosen_of = [&](const Region& options) {
        std::vector<std::uint32_t> chosen;
        for (std::size_t i = 0; i < situation.choices().size(); ++i) chosen.push_back(situation.cheapest(options, i));
        return chosen;
    };
    const auto only = [&](Region& options, std::size_t i, std::uint32_t o) {
        const auto& c = situation.choices()[i];
        for (std::uint32_t w = 0; w < c.words; ++w) options[c.first_word + w] = 0;
        put(options, c.first_word, o);
    };
    // Everything in `options` but the choices that take all of `same`.
    const auto split = [&](Region options, const std::vector<std::pair<std::size_t, std::uint32_t>>& same,
                           std::size_t excluded) {
        for (const auto& [i, o] : same) {
            const auto& c = situation.choices()[i];
            if (!has(options, c.first_word, o)) {
                push(std::move(options), excluded);
                return;
            }
            Region other = options;
            drop(other, c.first_word, o);
            push(std::move(other), excluded);
            only(options, i, o);
        }
    };

    push(situation.all_options(), 0);
    while (!queue.empty() && out.plans.size() < most) {
        if (steps-- == 0) {
            doubt("the budget of steps is used up");
            break;
        }
        Node node = queue.top();
        queue.pop();
        if (node.plan) {
            if (std::ranges::any_of(out.plans, [&](const Plan& p) { return includes(*node.plan, p); })) continue;
            out.plans.push_back(std::move(*node.plan));
            continue;
        }
        if (node.excluded < taken.size()) {
            split(std::move(node.options), taken[node.excluded], node.excluded + 1);
            continue;
        }
        const Region cells = situation.cells(node.options);
        const Truth truth = goal.of(cells);
        if (truth == Truth::kFalse) continue;
        if (truth == Truth::kUnknown) {
            std::vector<bool> open(situation.choices().size());
            for (std::size_t i = 0; i < open.size(); ++i) {
                const auto& c = situation.choices()[i];
                int options = 0;
                for (std::uint32_t w = 0; w < c.words; ++w) options += std::popcount(node.options[c.first_word + w]);
                open[i] = options > 1;
            }
            const std::uint32_t atom = goal.undecided_atom(&open);
            if (atom != kNone) {
                const std::uint32_t at = space.dimension_of(atom);
                const auto& c = situation.choices()[at];
                const Dimension& d = space.dimensions()[at];
                Region yes = node.options, no = node.options, rest = node.options;
                for (std::uint32_t o = 0; o < c.cost.size(); ++o) {
                    if (!has(node.options, c.first_word, o)) continue;
                    Region one(space.words(), 0);
                    for (std::uint32_t k = 0; k < d.classes; ++k) {
                        const bool in =
                            o == c.wild || (o == c.kept ? has(situation.region(), d.first_word, k) : k == o);
                        if (in) put(one, d.first_word, k);
                    }
                    const Truth t = space.truth(one, atom);
                    if (t != Truth::kTrue) drop(yes, c.first_word, o);
                    if (t != Truth::kFalse) drop(no, c.first_word, o);
                    if (t != Truth::kUnknown) drop(rest, c.first_word, o);
                }
                // What is neither surely so nor surely not is chosen by itself: leaving alone, or what can't be told.
                const bool has_kept = has(rest, c.first_word, c.kept), has_wild = has(rest, c.first_word, c.wild);
                push(std::move(yes), node.excluded);
                push(std::move(no), node.excluded);
                if (has_kept && has_wild) {
                    Region wild = rest;
                    drop(wild, c.first_word, c.kept);
                    drop(rest, c.first_word, c.wild);
                    push(std::move(wild), node.excluded);
                }
                push(std::move(rest), node.excluded);
                continue;
            }
        }
        // Nothing that can be chosen makes a difference any more.
        const std::vector<std::uint32_t> chosen = chosen_of(node.options);
        bool wild = false;
        for (std::size_t i = 0; i < chosen.size(); ++i) wild = wild || chosen[i] == situation.choices()[i].wild;
        std::vector<std::pair<std::size_t, std::uint32_t>> all, edits;
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            const auto& c = situation.choices()[i];
            all.emplace_back(i, chosen[i]);
            const Dimension& d = space.dimensions()[i];
            const bool same =
                chosen[i] == c.kept || (chosen[i] < d.classes && has(situation.region(), d.first_word, chosen[i]) &&
                                        c.cost[c.kept] == kImpossible);
            if (!same) edits.emplace_back(i, chosen[i]);
        }
        // Where something unknown that is left alone has a class with which nothing goes well, whatever else is chosen,
        // that settles it. (Members of records hang on those; they aren't tried.)
        const auto is_refuted = [&] {
            for (std::size_t i = 0; i < chosen.size(); ++i) {
                const Dimension& d = space.dimensions()[i];
                if (d.kind != Dimension::Kind::kMember || chosen[i] != situation.choices()[i].kept) continue;
                if (space.draft().variables[d.variables.front()].parent != kNone) continue;
                for (std::uint32_t k = 0; k < d.classes; ++k) {
                    if (!has(cells, d.first_word, k)) continue;
                    Region part = cells;
                    for (std::uint32_t w = 0; w < d.words; ++w) part[d.first_word + w] = 0;
                    put(part, d.first_word, k);
                    if (goal.of(part) == Truth::kFalse) return true;
                }
            }
            return false;
        };
        if (wild && is_refuted()) continue;
        if (wild) {
            doubt("a change of something that is compared with what is unknown can't be weighed");
            if (truth == Truth::kTrue) split(node.options, all, node.excluded);
            continue;
        }
        bool sure = truth == Truth::kTrue;
        if (!sure) {
            // What stays unknown must be fine whatever it is.
            Region one = node.options;
            for (std::size_t i = 0; i < chosen.size(); ++i) only(one, i, chosen[i]);
            logic::Search search{space, miss_, situation.cells(one), 20'000};
            Region part;
            const auto step = search.next(part);
            if (step == logic::Search::Step::kFound) continue;  // it isn't
            sure = step == logic::Search::Step::kDone;
        }
        std::optional<Plan> plan = situation.plan(chosen);
        std::vector<RecordError> errors;
        if (plan) input::check_assumptions(module_, plan->record, now, errors);
        if (!plan || !errors.empty() || !accepts(plan->record, now)) {
            doubt(sure ? "a change was found that the evaluator doesn't confirm"
                       : "it hangs on a comparison that cells can't express");
            if (truth == Truth::kTrue) split(node.options, all, node.excluded);
            continue;
        }
        if (plan->cost > node.cost) {
            // It costs more than was thought; others of the same lot may still be cheaper.
            if (truth == Truth::kTrue) split(node.options, all, node.excluded);
            const std::uint64_t cost = plan->cost;
            queue.push({cost, made++, node.excluded, {}, std::move(plan)});
            continue;
        }
        if (!std::ranges::any_of(out.plans, [&](const Plan& p) { return includes(*plan, p); })) {
            out.plans.push_back(std::move(*plan));
            taken.push_back(edits);
        }
        if (truth == Truth::kTrue) split(node.options, edits, taken.size());
    }
    out.status = !out.plans.empty() ? Plans::Status::kFound
                 : out.exact        ? Plans::Status::kNone
                                    : Plans::Status::kUnknown;
    return out;
}

}  // namespace keywright::analysis
