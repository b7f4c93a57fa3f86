// Shrinking a record that fails.
#include "analysis/properties.h"
#include "analysis/record_values.h"

#include "ir/given.h"
#include "value/time.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace keywright::analysis {

namespace {

using value::Record;
using value::State;
using value::Value;

constexpr std::size_t kMostTrials = 20'000;  // decisions that looking for the fewest members may cost

value::SecretFacts simple_secret() { return {1, 1, 0x7f, static_cast<std::uint8_t>(value::SecretFact::kHasLower)}; }

// The simplest value of a type: what reads shortest.
Value simple_value(const ir::Type& type, Instant now) {
    switch (type.kind) {
        case ir::Kind::kBool: return false;
        case ir::Kind::kInt: return std::clamp<std::int64_t>(0, type.min, type.max);
        case ir::Kind::kText: return std::string{"x"};
        case ir::Kind::kEnum: return value::EnumValue{0};
        case ir::Kind::kNetwork: return value::Network{0, 0xcb007107, 32, 4, false};  // 203.0.113.7
        case ir::Kind::kInstant: return now;
        case ir::Kind::kDuration: return Duration{};
        case ir::Kind::kSecret: return simple_secret();
        case ir::Kind::kSet: break;
        case ir::Kind::kRecord: return false;  // never asked for
    }
    switch (type.element) {
        case ir::Kind::kEnum: return value::EnumSet{};
        case ir::Kind::kNetwork: return value::NetworkSet{};
        case ir::Kind::kInt: return value::IntSet{};
        case ir::Kind::kText:
        case ir::Kind::kBool:
        case ir::Kind::kSet:
        case ir::Kind::kInstant:
        case ir::Kind::kDuration:
        case ir::Kind::kSecret:
        case ir::Kind::kRecord: break;
    }
    return value::TextSet{};
}

// A member of the simplest record that is there: its default, absence where that is possible, else its simplest value.
void set_simplest(const ir::Module& module, Record& record, std::size_t i, Instant now) {
    const ir::Field& field = module.schema.fields[i];
    if (field.missing == ir::Missing::kValue)
        record.set(i, module.constants[field.missing_value.index()]);
    else if (field.type.optional)
        record.set_absent(i);
    else if (field.type.kind == ir::Kind::kRecord)
        record.set_present(i);
    else
        record.set(i, simple_value(field.type, now));
}

// What every record is compared with.
Record simple_record(const ir::Module& module, Instant now) {
    Record out;
    const auto& fields = module.schema.fields;
    out.reset(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const ir::FieldId parent = fields[i].parent;
        if (parent.valid() && out.state(parent.index()) == State::kAbsent)
            out.set_absent(i);
        else
            set_simplest(module, out, i, now);
    }
    return out;
}

class Shrinking {
public:
    Shrinking(const ir::Module& module, Record record, Instant now, const std::function<bool(const Record&)>& fails)
        : module_(module),
          fails_(fails),
          now_(now),
          original_(record),
          simple_(simple_record(module, now)),
          best_(std::move(record)) {}

    Record run() {
        while (simplify_fields()) {
        }
        fewest();
        while (simplify_values() || simplify_fields()) {
        }
        return std::move(best_);
    }

private:
    bool keep(Record trial) {
        ++trials_;
        if (!fails_(trial)) return false;
        best_ = std::move(trial);
        return true;
    }

    void put(Record& record, std::size_t i, const Record& from) const {
        const auto value = value_of(module_.schema, from, i);
        if (value) {
            record.set(i, *value);
        } else if (from.state(i) == State::kAbsent) {
            record.set_absent(i);
        } else {
            record.set_present(i);
        }
    }
    // A field, and all that is inside it, as in `from`.
    void put_whole(Record& record, std::size_t i, const Record& from) const {
        put(record, i, from);
        for (std::size_t k = i + 1; k < record.size() && ir::is_inside(module_.schema, k, ir::FieldId{i}); ++k)
            put(record, k, from);
    }

    [[nodiscard]] bool inside_absent(const Record& record, std::size_t i) const {
        const ir::FieldId parent = module_.schema.fields[i].parent;
        return parent.valid() && record.state(parent.index()) != State::kGiven;
    }

    // The fields that differ from the simplest record. `whole`: a nested record that the simplest one doesn't have
    // counts as one.
    [[nodiscard]] std::vector<std::size_t> differences(const Record& record, bool whole = false) const {
        std::vector<std::size_t> out;
        for (std::size_t i = 0; i < record.size(); ++i) {
            const bool hidden = inside_absent(record, i) || (whole && inside_absent(simple_, i));
            if (!hidden && !agree(module_.schema, record, simple_, i)) out.push_back(i);
        }
        return out;
    }

    bool simplify_fields() {
        bool changed = false;
        for (const std::size_t i : differences(best_)) {
            if (inside_absent(best_, i) || agree(module_.schema, best_, simple_, i)) continue;
            Record trial = best_;
            if (inside_absent(simple_, i)) {  // the simplest record has no such member: its simplest value
                set_simplest(module_, trial, i, now_);
                bool same = true;
                for (std::size_t k = i; k < trial.size(); ++k) same = same && agree(module_.schema, trial, best_, k);
                if (same) continue;
                if (trial.state(i) == State::kAbsent) {
                    for (std::size_t k = i + 1; k < trial.size() && ir::is_inside(module_.schema, k, ir::FieldId{i});
                         ++k)
                        trial.set_absent(k);
                }
            } else {
                put_whole(trial, i, simple_);
            }
            changed = keep(std::move(trial)) || changed;
        }
        return changed;
    }

    // Taking members back one by one may end with more than are needed: all smaller choices of those that the record
    // began with are tried, as far as there is time.
    void fewest() {
        const std::vector<std::size_t> all = differences(original_, true);
        const std::size_t now = differences(best_, true).size();
        for (std::size_t size = 0; size < now; ++size) {
            if (size > all.size()) return;
            std::vector<std::size_t> pick(size);
            std::iota(pick.begin(), pick.end(), std::size_t{0});
            while (true) {
                if (trials_ > kMostTrials) return;
                Record trial = simple_;
                for (const std::size_t p : pick) put_whole(trial, all[p], original_);
                if (keep(std::move(trial))) return;
                std::size_t at = size;
                while (at > 0 && pick[at - 1] == all.size() - size + at - 1) --at;
                if (at == 0) break;
                ++pick[at - 1];
                for (; at < size; ++at) pick[at] = pick[at - 1] + 1;
            }
        }
    }

    // Numbers towards the simplest, sets one element after the other.
    bool simplify_values() {
        bool changed = false;
        for (const std::size_t i : differences(best_)) {
            const auto value = value_of(module_.schema, best_, i);
            if (!value) continue;
            const ir::Type& type = module_.schema.fields[i].type;
            switch (type.kind) {
                case ir::Kind::kSet: changed = drop_elements(i, *value) || changed; break;
                case ir::Kind::kInt:
                case ir::Kind::kInstant:
                case ir::Kind::kDuration: changed = approach(i, type, *value) || changed; break;
                case ir::Kind::kBool:
                case ir::Kind::kText:
                case ir::Kind::kEnum:
                case ir::Kind::kNetwork:
                case ir::Kind::kSecret:
                case ir::Kind::kRecord: break;
            }
        }
        return changed;
    }

    template <class Set>
    bool drop_from(std::size_t i, Set set) {
        bool changed = false;
        for (std::size_t k = set.size(); k-- > 0;) {
            Set trial = set;
            trial.erase(trial.begin() + static_cast<std::ptrdiff_t>(k));
            if (!keep_value(i, trial)) continue;
            set = std::move(trial);
            changed = true;
        }
        return changed;
    }

    bool drop_elements(std::size_t i, const Value& value) {
        if (const auto* set = std::get_if<value::EnumSet>(&value)) {
            bool changed = false;
            std::uint64_t bits = set->bits;
            for (std::uint32_t k = 64; k-- > 0;) {
                const std::uint64_t fewer = bits & ~(std::uint64_t{1} << k);
                if (fewer == bits || !keep_value(i, value::EnumSet{fewer})) continue;
                bits = fewer;
                changed = true;
            }
            return changed;
        }
        if (const auto* set = std::get_if<value::NetworkSet>(&value)) return drop_from(i, *set);
        if (const auto* set = std::get_if<value::TextSet>(&value)) return drop_from(i, *set);
        if (const auto* set = std::get_if<value::IntSet>(&value)) return drop_from(i, *set);
        return false;
    }

    bool keep_value(std::size_t i, const Value& value) {
        Record trial = best_;
        trial.set(i, value);
        return keep(std::move(trial));
    }

    // Halves the distance to the simplest number as long as that still fails, then tries rounder ones.
    bool approach(std::size_t i, const ir::Type& type, const Value& value) {
        const auto number = [&](const Value& v) {
            if (const auto* n = std::get_if<std::int64_t>(&v)) return value::Nanos{*n};
            if (const auto* t = std::get_if<Instant>(&v)) return value::to_nanos(*t);
            return value::to_nanos(std::get<Duration>(v));
        };
        const auto back = [&](value::Nanos n) -> Value {
            if (type.kind == ir::Kind::kInt) return static_cast<std::int64_t>(n);
            if (type.kind == ir::Kind::kInstant) return value::to_instant(n);
            return value::to_duration(n);
        };
        const value::Nanos goal = number(simple_value(type, now_));
        value::Nanos fails = number(value);
        value::Nanos fine = goal;  // (as far as is known)
        bool changed = false;
        const value::Nanos second = 1'000'000'000;
        const value::Nanos unit = type.kind == ir::Kind::kInt ? 1 : second;
        while (true) {
            const value::Nanos middle = fine + (fails - fine) / 2;
            const value::Nanos distance = (middle - goal) / unit * unit;
            const value::Nanos trial = goal + distance;
            if (trial == fails || trial == fine) break;
            if (keep_value(i, back(trial))) {
                fails = trial;
                changed = true;
            } else {
                fine = trial;
            }
        }
        return changed;
    }

    const ir::Module& module_;
    const std::function<bool(const Record&)>& fails_;
    Instant now_;
    Record original_;
    Record simple_;
    Record best_;
    std::size_t trials_ = 0;
};

}  // namespace

value::Record smallest(const ir::Module& module, value::Record record, Instant now,
                       const std::function<bool(const value::Record&)>& fails) {
    return Shrinking{module, std::move(record), now, fails}.run();
}

}  // namespace keywright::analysis
