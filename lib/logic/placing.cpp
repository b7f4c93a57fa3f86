// Which cells a concrete record may be in.
#include "logic/space.h"

#include <algorithm>
#include <map>
#include <set>

namespace keywright::logic {

using ir::Kind;
using value::State;

namespace {

bool is_host(const value::Network& n) { return n.prefix == (n.family == 4 ? 32 : 128); }

std::vector<bool> answers(const std::vector<Predicate>& predicates, const value::Value& v) {
    std::vector<bool> out;
    for (const Predicate& p : predicates) out.push_back(holds(p, v));
    return out;
}

// A record of one pack, in the numbering of the space's variables.
class Placing {
public:
    Placing(const Space& space, const value::Record& record, Instant now, std::uint32_t pack)
        : s_(space), d_(space.draft()), record_(record), now_(now), pack_(pack) {}

    Region run() {
        Region region(s_.words(), 0);
        for (const Dimension& d : s_.dimensions()) {
            for (std::uint32_t c = 0; c < d.classes; ++c) region[d.first_word + c / 64] |= std::uint64_t{1} << (c % 64);
        }
        for (const Dimension& d : s_.dimensions()) {
            // Where nothing is told apart, everything fits; but numbers may break what is assumed of them.
            if (d.classes == 1 && d.kind != Dimension::Kind::kNumbers) continue;
            const std::vector<bool> fits = d.kind == Dimension::Kind::kMember     ? member(d)
                                           : d.kind == Dimension::Kind::kElements ? elements(d)
                                                                                  : numbers(d);
            for (std::uint32_t c = 0; c < d.classes; ++c) {
                if (!fits[c]) region[d.first_word + c / 64] &= ~(std::uint64_t{1} << (c % 64));
            }
        }
        return region;
    }

private:
    [[nodiscard]] ir::FieldId field(std::uint32_t variable) const { return d_.variables[variable].fields[pack_]; }

    // As the record says, where a member of a record that isn't there is as that record.
    [[nodiscard]] State state(std::uint32_t variable) const {
        const ir::FieldId id = field(variable);
        if (!id.valid()) return State::kUnknown;
        const auto& fields = d_.packs[pack_]->schema.fields;
        for (ir::FieldId at = fields[id.index()].parent; at.valid(); at = fields[at.index()].parent) {
            if (record_.state(at.index()) != State::kGiven) return record_.state(at.index());
        }
        return record_.state(id.index());
    }

    // An enum's value in the numbering of the variable's owner; 64 where that has none of its name.
    [[nodiscard]] std::uint32_t number(const Variable& v, std::uint32_t value) const {
        if (v.owner == pack_) return value;
        const ir::Module& module = *d_.packs[pack_];
        const auto& names = d_.packs[v.owner]->enums[v.type.enumeration.index()].values;
        const auto& name =
            module.enums[module.schema.fields[v.fields[pack_].index()].type.enumeration.index()].values[value];
        const auto at = std::ranges::find(names, name);
        return at == names.end() ? 64U : static_cast<std::uint32_t>(at - names.begin());
    }

    [[nodiscard]] std::vector<bool> member(const Dimension& d) const {
        const std::uint32_t variable = d.variables.front();
        const Variable& v = d_.variables[variable];
        std::vector<bool> fits(d.classes, true);
        const State s = state(variable);
        if (s == State::kUnknown) return fits;
        if (s == State::kAbsent || v.type.kind == Kind::kRecord) {
            for (std::uint32_t c = 0; c < d.classes; ++c) fits[c] = d.values[c].has_value() == (s == State::kGiven);
            // Where nobody asks, absence stands for presence too.
            if (std::ranges::find(fits, true) == fits.end()) fits.assign(d.classes, true);
            return fits;
        }
        const auto& predicates = d_.predicates[variable];
        std::vector<std::vector<bool>> possible;
        for (const value::Value& candidate : given(variable)) possible.push_back(answers(predicates, candidate));
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            fits[c] = d.values[c] ? std::ranges::find(possible, answers(predicates, *d.values[c])) != possible.end()
                                  : d.classes == 1;
        }
        return fits;
    }

    // What the member may be: one value, or for what is only partly known one of each class that it may be in.
    [[nodiscard]] std::vector<value::Value> given(std::uint32_t variable) const {
        const Variable& v = d_.variables[variable];
        const std::size_t f = field(variable).index();
        switch (v.type.kind) {
            case Kind::kBool: return {record_.boolean(f)};
            case Kind::kText: return {std::string{record_.text(f)}};
            case Kind::kEnum: return {value::EnumValue{number(v, record_.enumerator(f))}};
            case Kind::kNetwork: {
                const value::Network& n = record_.network(f);
                if (!n.masked) return {n};
                return hosts(variable);
            }
            case Kind::kSecret: return secrets(variable, record_.secret(f));
            case Kind::kInt:
            case Kind::kSet:
            case Kind::kInstant:
            case Kind::kDuration:
            case Kind::kRecord: break;
        }
        return {};
    }

    // A masked entry is one host, and not an unspecified address.
    [[nodiscard]] std::vector<value::Value> hosts(std::uint32_t variable) const {
        std::vector<Predicate> predicates = d_.predicates[variable];
        predicates.push_back({Ask::kPrefix, false, 32});
        predicates.push_back({Ask::kPrefix, false, 128});
        predicates.push_back({Ask::kIsOpen, false, 0});
        std::vector<value::Value> out;
        for (value::Value& v : network_candidates(predicates, 1)) {
            const auto& n = std::get<value::Network>(v);
            if (is_host(n) && !value::is_open(n)) out.push_back(std::move(v));
        }
        return out;
    }

    [[nodiscard]] std::vector<value::Value> secrets(std::uint32_t variable, const value::SecretFacts& known) const {
        if (known.length_min == known.length_max && known.known == 0x7f) return {known};
        std::vector<Predicate> predicates = d_.predicates[variable];
        predicates.push_back({Ask::kLength, false, known.length_min});
        if (known.length_max != value::SecretFacts::kUnbounded)
            predicates.push_back({Ask::kLength, false, std::int64_t{known.length_max} + 1});
        std::vector<value::Value> out;
        for (value::Value& v : secret_candidates(predicates)) {
            const auto& facts = std::get<value::SecretFacts>(v);
            if (facts.length_min >= known.length_min && facts.length_min <= known.length_max &&
                ((facts.facts ^ known.facts) & known.known) == 0)
                out.push_back(std::move(v));
        }
        return out;
    }

    [[nodiscard]] std::vector<bool> elements(const Dimension& d) const {
        const std::uint32_t variable = d.variables.front();
        const Variable& v = d_.variables[variable];
        std::vector<bool> fits(d.classes, true);
        const State s = state(variable);
        if (s == State::kUnknown) return fits;
        const bool shows_absence = v.optional && d.counts.front().empty();
        if (shows_absence) {
            for (std::uint32_t c = 0; c < d.classes; ++c) fits[c] = (c == 0) == (s == State::kAbsent);
            if (d.classes == 1) fits[0] = true;
        }
        if (s == State::kAbsent) {
            for (std::uint32_t c = 0; c < d.classes && !shows_absence; ++c) fits[c] = d.counts[c].front() == 0;
            return fits;
        }
        const auto& classes = s_.element_classes(variable);
        const auto& predicates = d_.predicates[variable];
        const auto class_of = [&](const value::Value& element) {
            const std::vector<bool> truth = answers(predicates, element);
            const auto at = std::ranges::find_if(classes, [&](const ValueClass& c) { return c.truth == truth; });
            return static_cast<std::uint32_t>(at - classes.begin());
        };
        std::map<std::uint32_t, std::uint32_t> count;
        std::uint32_t masked = 0;
        const std::size_t f = field(variable).index();
        switch (v.type.element) {
            case Kind::kEnum:
                for (std::uint32_t i = 0; i < 64; ++i) {
                    if ((record_.enum_set(f) >> i & 1U) != 0) ++count[class_of(value::EnumValue{number(v, i)})];
                }
                break;
            case Kind::kNetwork:
                for (const value::Network& n : record_.network_set(f)) {
                    if (n.masked)
                        ++masked;
                    else
                        ++count[class_of(n)];
                }
                break;
            case Kind::kText:
                for (std::size_t i = 0; i < record_.count(f); ++i)
                    ++count[class_of(std::string{record_.text_element(f, i)})];
                break;
            case Kind::kInt:
                for (const std::int64_t n : record_.int_set(f)) ++count[class_of(n)];
                break;
            case Kind::kBool:
            case Kind::kSet:
            case Kind::kInstant:
            case Kind::kDuration:
            case Kind::kSecret:
            case Kind::kRecord: break;
        }
        std::set<std::uint32_t> hideouts;  // classes that a masked entry may be in
        if (masked > 0) {
            for (const value::Value& host : hosts(variable)) hideouts.insert(class_of(host));
        }
        // Of each class of elements how many are known to be there, as far as it is counted.
        std::vector<std::uint32_t> known(d.elements.size());
        std::vector<bool> hides(d.elements.size());
        for (std::size_t e = 0; e < d.elements.size(); ++e) {
            if (d.elements[e] == kNone) continue;
            std::uint32_t most = 0;
            for (const auto& row : d.counts) most = row.empty() ? most : std::max(most, row[e]);
            known[e] = std::min(most, count[d.elements[e]]);
            hides[e] = hideouts.contains(d.elements[e]);
        }
        bool counts_all_hideouts = true;
        for (const std::uint32_t h : hideouts) {
            if (std::ranges::find(d.elements, h) == d.elements.end()) counts_all_hideouts = false;
        }
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            if (!fits[c] || d.counts[c].empty()) continue;
            std::uint32_t extra = 0;
            bool somewhere = masked == 0;
            for (std::size_t e = 0; e < d.elements.size() && fits[c]; ++e) {
                if (d.elements[e] == kNone) continue;
                const std::uint32_t here = d.counts[c][e];
                if (here < known[e] || (here > known[e] && !hides[e])) fits[c] = false;
                if (here >= known[e]) extra += here - known[e];
                somewhere = somewhere || (hides[e] && here > 0);
            }
            if (extra > masked || (!somewhere && counts_all_hideouts)) fits[c] = false;
        }
        return fits;
    }

    [[nodiscard]] std::vector<bool> numbers(const Dimension& d) const {
        std::vector<bool> fits(d.classes, true);
        for (std::uint32_t c = 0; c < d.classes; ++c) {
            NumberClass shape = d.number_classes[c];
            // A member that nobody asks about may be there although the class was found without it.
            for (std::size_t i = 1; i <= d.variables.size() && fits[c]; ++i) {
                if (d.variables[i - 1] == Draft::kNow) continue;
                const State s = state(d.variables[i - 1]);
                if (s == State::kUnknown) continue;
                if (d.group.shows_presence[i] && shape.present[i] != (s == State::kGiven)) fits[c] = false;
                if (!d.group.shows_presence[i]) shape.present[i] = s == State::kGiven;
            }
            // What is absent is not greater than anything.
            for (std::size_t i = 0; i < shape.truth.size(); ++i) {
                const Comparison& asked = d.group.comparisons[i];
                if (shape.truth[i] && !(shape.present[asked.x] && shape.present[asked.y])) fits[c] = false;
            }
            if (!fits[c]) continue;
            std::optional<Differences> known = d.group.bounds_of(shape);
            fits[c] = known.has_value();
            for (std::size_t i = 1; i <= d.variables.size() && fits[c]; ++i) {
                const std::uint32_t variable = d.variables[i - 1];
                if (!shape.present[i]) continue;
                std::optional<Nanos> number;
                if (variable == Draft::kNow) {
                    number = value::to_nanos(now_);
                } else if (state(variable) == State::kGiven) {
                    const std::size_t f = field(variable).index();
                    const Kind kind = d_.variables[variable].type.kind;
                    number = kind == Kind::kInt       ? Nanos{record_.integer(f)}
                             : kind == Kind::kInstant ? value::to_nanos(record_.instant(f))
                                                      : value::to_nanos(record_.duration(f));
                }
                if (number) fits[c] = known->require(i, 0, *number) && known->require(0, i, -*number);
            }
        }
        return fits;
    }

    const Space& s_;
    const Draft& d_;
    const value::Record& record_;
    Instant now_;
    std::uint32_t pack_;
};

}  // namespace

Region Space::region_of(const value::Record& record, Instant now, std::uint32_t pack) const {
    return Placing{*this, record, now, pack}.run();
}

}  // namespace keywright::logic
