#include "analysis/candidates.h"

#include "analysis/record_source.h"
#include "analysis/tell_apart.h"
#include "input/reader.h"
#include "ir/edit.h"
#include "ir/given.h"
#include "value/time.h"

#include <algorithm>
#include <array>
#include <queue>
#include <set>
#include <tuple>
#include <utility>

namespace keywright::analysis {

using ir::Kind;
using value::State;

Showing::Showing(const ir::Module& module, const Obligations& obligations, const Mutants& mutants,
                 const std::vector<Aim>& aims)
    : module_(module),
      obligations_(obligations),
      mutants_(mutants),
      aims_(aims),
      meter_(obligations),
      program_(mutants.module),
      scratch_(program_.make_scratch()),
      copy_scratch_(program_.make_scratch()) {
    std::map<ir::RuleId, std::uint32_t> counts;
    for (const Goal& goal : obligations.goals) number_in_rule_.push_back(counts[goal.rule]++);
}

bool Showing::meets_goal(std::uint32_t goal, const value::Record& record, Instant at) {
    const ir::RuleId rule = obligations_.goals[goal].rule;
    std::unique_ptr<OneRule>& one = by_rule_[rule];
    if (!one) one = std::make_unique<OneRule>(ir::excerpt(module_, std::array{rule}));
    return one->meter.met(record, at)[number_in_rule_[goal]];
}

bool Showing::fits(const value::Record& record, Instant at) const {
    std::vector<RecordError> errors;
    input::check_assumptions(module_, record, at, errors);
    return errors.empty();
}

bool Showing::is_noticed(const Mutant& mutant, const value::Record& record, Instant at) {
    value::Record looked;
    const value::Record* other = &record;
    if (mutants_.sees_otherwise(mutant, record)) {
        looked = record;
        mutants_.look(mutant, looked);
        other = &looked;
    }
    bool expiry = false;
    for (const MutatedRule& rule : mutant.rules) {
        const Visible was = visible(mutants_.module, as_it_is(mutants_.module, rule.original),
                                    program_.decide_rule(record, at, scratch_, rule.original));
        const Visible is = visible(mutants_.module, rule, program_.decide_rule(*other, at, copy_scratch_, rule.copy));
        if (was.outcome != is.outcome || was.warning != is.warning) return true;
        if (was.outcome == ir::Outcome::kExempt && was.exempt_by != is.exempt_by) return true;
        if (was.outcome == ir::Outcome::kViolated && was.severity != is.severity) return true;
        if (was.warning == eval::Truth::kTrue && was.warning_severity != is.warning_severity) return true;
        expiry = expiry || was.applies != is.applies || was.deadline != is.deadline;
    }
    return expiry && expiry_is_noticed(mutant, record, *other, at);
}

// A test tells when a key expires, or that it never does, and nothing in between; of all rules together.
bool Showing::expiry_is_noticed(const Mutant& mutant, const value::Record& record, const value::Record& looked,
                                Instant at) {
    std::vector<eval::RuleDecision> decided(mutants_.module.rules.size());
    program_.decide(record, at, scratch_, decided);
    decided.resize(module_.rules.size());
    const eval::Expiration was = eval::expiration(module_, decided);
    if (!was.none && !was.at.is_point()) return false;
    for (const MutatedRule& rule : mutant.rules)
        decided[rule.original.index()] = program_.decide_rule(looked, at, copy_scratch_, rule.copy);
    const eval::Expiration is = eval::expiration(module_, decided);
    return was.none != is.none || was.at != is.at;
}

bool Showing::shows(const Aim& aim, const value::Record& record, Instant at) {
    if (!fits(record, at)) return false;
    if (aim.kind == Aim::Kind::kMutant) return is_noticed(mutants_.all[aim.index], record, at);
    return meets_goal(aim.index, record, at);
}

std::vector<std::uint32_t> Showing::all_shown(const value::Record& record, Instant at) {
    std::vector<std::uint32_t> out;
    if (!fits(record, at)) return out;
    const std::vector<bool> met = meter_.met(record, at);
    std::vector<eval::RuleDecision> decided(mutants_.module.rules.size());
    program_.decide(record, at, scratch_, decided);
    const auto differs = [&](const MutatedRule& rule) {
        const MutatedRule original = as_it_is(mutants_.module, rule.original);
        return visible(mutants_.module, original, decided[rule.original.index()]) !=
               visible(mutants_.module, rule, decided[rule.copy.index()]);
    };
    for (std::uint32_t i = 0; i < aims_.size(); ++i) {
        if (aims_[i].kind == Aim::Kind::kGoal) {
            if (met[aims_[i].index]) out.push_back(i);
            continue;
        }
        // Most differ in nothing, which is quickly seen.
        const Mutant& mutant = mutants_.all[aims_[i].index];
        const bool may_be = mutants_.sees_otherwise(mutant, record) || std::ranges::any_of(mutant.rules, differs);
        if (may_be && is_noticed(mutant, record, at)) out.push_back(i);
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
        value::Nanos last = 0;
        for (std::size_t i = 0; i < fields().size(); ++i) {
            if (fields()[i].type.kind != Kind::kInstant) continue;
            copy_field(module_, base_, i, moved);
            if (base_.state(i) == State::kGiven) last = std::max(last, value::to_nanos(base_.instant(i)));
        }
        for (std::size_t i = 0; i < fields().size(); ++i) {
            if (fields()[i].type.kind != Kind::kInstant || base_.state(i) != State::kGiven) continue;
            for (std::size_t k = 0; k < fields().size(); ++k) {
                if (fields()[k].type.kind != Kind::kInstant || record_.state(k) != State::kGiven) continue;
                if (keep_at(moved, value::to_nanos(base_.instant(i)) + distance(k))) return;
            }
        }
        if (last > 0 && keep_at(moved, last)) return;
        // Perhaps some may be moved and others not.
        for (std::size_t i = 0; i < fields().size(); ++i) {
            if (fields()[i].type.kind != Kind::kInstant || !both_given(i)) continue;
            value::Record one = record_;
            copy_field(module_, base_, i, one);
            if (keep_at(one, value::to_nanos(base_.instant(i)) + distance(i))) return;
        }
    }

    // From the instant of a field to the one that is looked at.
    [[nodiscard]] value::Nanos distance(std::size_t field) const {
        return value::to_nanos(at_) - value::to_nanos(record_.instant(field));
    }

    bool keep_at(const value::Record& record, value::Nanos at) {
        constexpr value::Nanos kEnd = value::Nanos{253'402'300'799} * value::kNanosPerSecond;  // of the year 9999
        return at >= 0 && at <= kEnd && keep(record, value::to_instant(at));
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

std::optional<Candidate> nearest(const ir::Module& module, Showing& showing, const Aim& aim, const value::Record& found,
                                 Instant at, const std::vector<Base>& bases) {
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
    // The one that shows most comes first, of equal ones that which has least to read. What a candidate adds only gets
    // less, so it is counted anew only when it comes up.
    struct Offer {
        std::size_t gain, to_read;
        std::uint32_t candidate;
        bool operator<(const Offer& other) const {
            return std::tuple{gain, other.to_read, other.candidate} < std::tuple{other.gain, to_read, candidate};
        }
    };
    std::priority_queue<Offer> offers;
    const auto offer = [&](std::uint32_t i) {
        const auto gain = static_cast<std::size_t>(
            std::ranges::count_if(candidates[i].shows, [&](std::uint32_t aim) { return !shown[aim]; }));
        if (gain > 0) offers.push({gain, candidates[i].changes.size(), i});
        return gain;
    };
    for (std::uint32_t i = 0; i < candidates.size(); ++i) (void)offer(i);
    while (!offers.empty()) {
        const Offer best = offers.top();
        offers.pop();
        const auto gain = static_cast<std::size_t>(
            std::ranges::count_if(candidates[best.candidate].shows, [&](std::uint32_t aim) { return !shown[aim]; }));
        if (gain < best.gain) {
            (void)offer(best.candidate);
            continue;
        }
        chosen.push_back(best.candidate);
        for (const std::uint32_t aim : candidates[best.candidate].shows) shown[aim] = true;
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
