#include "analysis/candidates.h"

#include "analysis/record_source.h"
#include "analysis/tell_apart.h"
#include "input/reader.h"
#include "ir/given.h"
#include "value/time.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace keywright::analysis {

using ir::Kind;
using value::State;

Showing::Showing(const ir::Module& module, const Obligations& obligations, const Mutants& mutants,
                 const std::vector<Aim>& aims)
    : module_(module),
      mutants_(mutants),
      aims_(aims),
      meter_(obligations),
      program_(mutants.module),
      scratch_(program_.make_scratch()) {}

bool Showing::fits(const value::Record& record, Instant at) const {
    std::vector<RecordError> errors;
    input::check_assumptions(module_, record, at, errors);
    return errors.empty();
}

bool Showing::tells(const Mutant& mutant, const value::Record& record, Instant at) {
    value::Record looked;
    const value::Record* other = &record;
    if (mutants_.sees_otherwise(mutant, record)) {
        looked = record;
        mutants_.look(mutant, looked);
        other = &looked;
    }
    return std::ranges::any_of(mutant.rules, [&](const MutatedRule& rule) {
        const eval::RuleDecision was = program_.decide_rule(record, at, scratch_, rule.original);
        const eval::RuleDecision is = program_.decide_rule(*other, at, scratch_, rule.copy);
        return visible(mutants_.module, as_it_is(mutants_.module, rule.original), was) !=
               visible(mutants_.module, rule, is);
    });
}

bool Showing::shows(const Aim& aim, const value::Record& record, Instant at) {
    if (!fits(record, at)) return false;
    if (aim.kind == Aim::Kind::kMutant) return tells(mutants_.all[aim.index], record, at);
    return meter_.met(record, at)[aim.index];
}

std::vector<std::uint32_t> Showing::all_shown(const value::Record& record, Instant at) {
    std::vector<std::uint32_t> out;
    if (!fits(record, at)) return out;
    const std::vector<bool> met = meter_.met(record, at);
    std::vector<eval::RuleDecision> decided(mutants_.module.rules.size());
    program_.decide(record, at, scratch_, decided);
    for (std::uint32_t i = 0; i < aims_.size(); ++i) {
        const Aim& aim = aims_[i];
        bool shown = false;
        if (aim.kind == Aim::Kind::kGoal) {
            shown = met[aim.index];
        } else if (const Mutant& mutant = mutants_.all[aim.index]; mutants_.sees_otherwise(mutant, record)) {
            shown = tells(mutant, record, at);
        } else {
            shown = std::ranges::any_of(mutant.rules, [&](const MutatedRule& rule) {
                const MutatedRule original = as_it_is(mutants_.module, rule.original);
                return visible(mutants_.module, original, decided[rule.original.index()]) !=
                       visible(mutants_.module, rule, decided[rule.copy.index()]);
            });
        }
        if (shown) out.push_back(i);
    }
    return out;
}

namespace {

// Brings one record nearer to a base, as long as it goes on showing its aim.
class Approach {
public:
    Approach(const ir::Module& module, Showing& showing, const Aim& aim, const value::Record& base,
             value::Record record, Instant at)
        : module_(module), showing_(showing), aim_(aim), base_(base), record_(std::move(record)), at_(at) {}

    void run() {
        move_in_time();
        // What one member has become may free another, so there is a second round.
        for (int round = 0; round < 2; ++round) {
            for (std::size_t i = 0; i < fields().size(); ++i) {
                if (is_same(module_, record_, base_, i)) continue;
                if (!take_over(i)) take_over_elements(i);
            }
        }
    }

    [[nodiscard]] const value::Record& record() const { return record_; }
    [[nodiscard]] Instant at() const { return at_; }

private:
    [[nodiscard]] const std::vector<ir::Field>& fields() const { return module_.schema.fields; }

    bool keep(value::Record record, Instant at) {
        if (!showing_.shows(aim_, record, at)) return false;
        record_ = std::move(record);
        at_ = at;
        return true;
    }

    // The base's instants with the distances of the record's: what was thirty days before `at` is so again.
    void move_in_time() {
        value::Record moved = record_;
        for (std::size_t i = 0; i < fields().size(); ++i) {
            if (fields()[i].type.kind == Kind::kInstant && both_given(i)) copy_field(module_, base_, i, moved);
        }
        for (std::size_t i = 0; i < fields().size(); ++i) {
            if (fields()[i].type.kind != Kind::kInstant || !both_given(i)) continue;
            const value::Nanos distance = value::to_nanos(at_) - value::to_nanos(record_.instant(i));
            const value::Nanos at = value::to_nanos(base_.instant(i)) + distance;
            if (at < 0 || at > value::Nanos{253'402'300'799} * value::kNanosPerSecond) continue;
            const Instant instant = value::to_instant(at);
            if (keep(moved, instant)) return;
            // Perhaps that one alone may be moved.
            value::Record one = record_;
            copy_field(module_, base_, i, one);
            if (keep(one, instant)) return;
        }
    }

    [[nodiscard]] bool both_given(std::size_t field) const {
        return record_.state(field) == State::kGiven && base_.state(field) == State::kGiven;
    }

    // With all that is inside a nested record, as a member makes no sense without its record.
    bool take_over(std::size_t field) {
        value::Record next = record_;
        copy_field(module_, base_, field, next);
        for (std::size_t m = field + 1; m < fields().size() && ir::is_inside(module_.schema, m, ir::FieldId{field});
             ++m)
            copy_field(module_, base_, m, next);
        return keep(std::move(next), at_);
    }

    void take_over_elements(std::size_t field) {
        const ir::Type& type = fields()[field].type;
        if (type.kind != Kind::kSet || type.element != Kind::kEnum || !both_given(field)) return;
        for (std::uint32_t i = 0; i < 64; ++i) {
            const std::uint64_t bit = std::uint64_t{1} << i;
            if (((record_.enum_set(field) ^ base_.enum_set(field)) & bit) == 0) continue;
            value::Record next = record_;
            next.set_enum_set(field, record_.enum_set(field) ^ bit);
            (void)keep(std::move(next), at_);
        }
    }

    const ir::Module& module_;
    Showing& showing_;
    const Aim& aim_;
    const value::Record& base_;
    value::Record record_;
    Instant at_;
};

}  // namespace

std::optional<Candidate> nearest(const ir::Module& module, Showing& showing, const Aim& aim,
                                 const value::Record& found, Instant at, const std::vector<Base>& bases) {
    std::optional<Candidate> best;
    for (std::uint32_t i = 0; i < bases.size(); ++i) {
        Approach approach{module, showing, aim, bases[i].record, found, at};
        approach.run();
        auto changes = differences(module, bases[i].record, approach.record());
        if (!changes || (best && best->changes.size() <= changes->size())) continue;
        best = Candidate{approach.record(), approach.at(), i, std::move(*changes), {}};
    }
    return best;
}

std::vector<std::uint32_t> choose(const std::vector<Candidate>& candidates, std::size_t aims) {
    std::vector<bool> shown(aims);
    std::vector<std::uint32_t> chosen;
    const auto gain = [&](const Candidate& candidate) {
        return std::ranges::count_if(candidate.shows, [&](std::uint32_t aim) { return !shown[aim]; });
    };
    while (true) {
        std::uint32_t best = 0;
        std::ptrdiff_t most = 0;
        for (std::uint32_t i = 0; i < candidates.size(); ++i) {
            const std::ptrdiff_t here = gain(candidates[i]);
            // Of equal ones that which has least to read.
            if (here > most ||
                (here == most && here > 0 && candidates[i].changes.size() < candidates[best].changes.size())) {
                best = i;
                most = here;
            }
        }
        if (most == 0) break;
        chosen.push_back(best);
        for (const std::uint32_t aim : candidates[best].shows) shown[aim] = true;
    }
    std::vector<std::uint32_t> times(aims);
    for (const std::uint32_t i : chosen) {
        for (const std::uint32_t aim : candidates[i].shows) ++times[aim];
    }
    for (std::size_t at = chosen.size(); at-- > 0;) {
        const Candidate& candidate = candidates[chosen[at]];
        if (std::ranges::any_of(candidate.shows, [&](std::uint32_t aim) { return times[aim] < 2; })) continue;
        for (const std::uint32_t aim : candidate.shows) --times[aim];
        chosen.erase(chosen.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return chosen;
}

}  // namespace keywright::analysis
