// From options to edits: the values that are put in, the record that comes of them, and the words for each.
#include "analysis/repair_options.h"

#include "analysis/class_words.h"
#include "base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace keywright::analysis {

using ir::FieldId;
using ir::Kind;
using logic::Ask;
using logic::Dimension;
using logic::kNone;
using logic::Predicate;
using logic::Variable;
using value::Nanos;
using value::State;

namespace {

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

}  // namespace

NewValue Situation::new_value(std::uint32_t variable, const value::Value& v, const std::vector<bool>& truth) const {
    NewValue out;
    out.value = v;
    const auto& predicates = d_.predicates[variable];
    const Kind kind = d_.variables[variable].values.kind;
    out.open = (kind == Kind::kText || kind == Kind::kNetwork || kind == Kind::kSecret || kind == Kind::kInt) &&
               !is_single(d_.variables[variable].values, predicates, truth);
    if (out.open) out.wants = class_in_words(predicates, truth);
    return out;
}

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
        if (const bool* now = std::get_if<bool>(&*d.values[c]); now != nullptr) {
            if (answers(d_.predicates[variable], !*now) == truth)
                change.value.others.emplace_back(*now ? "false" : "true");
        }
    }
    out.by_field[change.field.index()] = std::move(change);
}

bool Situation::edit_numbers(const Dimension& d, const NumberEdit& edit, Edits& out) const {
    logic::Differences known = edit.known;
    for (std::size_t at = 0; at < edit.moved.size(); ++at) {
        const std::uint32_t variable = d.variables[edit.moved[at]];
        const std::size_t i = edit.number[at];
        Change change;
        change.field = field(variable);
        change.cost = cost_of(variable);
        if (i == 0) {
            change.kind = Change::Kind::kAbsent;
            out.by_field[change.field.index()] = std::move(change);
            continue;
        }
        const Nanos low = known.least(i, 0), high = known.most(i, 0);
        const bool is_int = d_.variables[variable].type.kind == Kind::kInt;
        constexpr Nanos kSteps[] = {value::kNanosPerSecond * 86'400, value::kNanosPerSecond * 3'600,
                                    value::kNanosPerSecond, 1};
        constexpr Nanos kOne[] = {1};
        const Nanos wish = number(variable).value_or(0);
        const Nanos n =
            is_int ? logic::pleasant(low, high, wish, 0, kOne) : logic::pleasant(low, high, wish, 0, kSteps);
        if (!known.require(i, 0, n) || !known.require(0, i, -n)) return false;
        change.value.value = is_int ? value::Value{static_cast<std::int64_t>(n)} : value::Value{value::to_duration(n)};
        change.value.open = low < high;
        if (low < high) {
            const auto text = [&](Nanos limit) {
                return is_int ? std::to_string(static_cast<std::int64_t>(limit)) : to_string(value::to_duration(limit));
            };
            const bool from = is_int ? low > Nanos{INT64_MIN} : low > 0;
            const bool to = is_int ? high < Nanos{INT64_MAX} : high < Nanos{INT64_MAX} * value::kNanosPerSecond;
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
        const EditOption& option = choices_[i].options[chosen[i]];
        switch (option.kind) {
            case EditOption::Kind::kKept: break;
            case EditOption::Kind::kWild: return {};
            case EditOption::Kind::kNumbers:
                if (!edit_numbers(d, choices_[i].numbers[option.index], edits)) return {};
                break;
            case EditOption::Kind::kClass:
                if (d.kind == Dimension::Kind::kMember)
                    edit_member(d, option.index, edits);
                else
                    edits.sets[d.variables.front()];
                break;
        }
    }
    for (auto& [variable, at] : edits.sets) {
        const bool known = is_wholly_known(variable);
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            const Dimension& d = s_.dimensions()[i];
            if (d.kind != Dimension::Kind::kElements || d.variables.front() != variable) continue;
            const EditOption& option = choices_[i].options[chosen[i]];
            // Of a set whose parts are chosen apart, either all or none is settled.
            const bool kept = option.kind == EditOption::Kind::kKept;
            if (kept && !known && d.classes > 1) return {};
            at.emplace_back(i, kept ? settled(d) : option.index);
        }
        if (!edit_set(variable, at, edits)) return {};
    }
    Plan out;
    apply(edits, out);
    return out;
}

Plan Situation::part(const Plan& whole, std::uint64_t changes) const {
    Edits edits;
    for (std::size_t i = 0; i < whole.changes.size(); ++i) {
        if ((changes >> i & 1U) == 0) continue;
        Change change = whole.changes[i];
        change.words.clear();  // they are said anew
        edits.by_field[change.field.index()] = std::move(change);
    }
    Plan out;
    apply(edits, out);
    return out;
}

}  // namespace keywright::analysis
