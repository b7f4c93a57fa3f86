#include "analysis/expected_repair.h"

#include "analysis/record_values.h"
#include "input/reader.h"
#include "ir/given.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <vector>

namespace keywright::analysis {

namespace {

using value::State;

template <class Set>
std::uint64_t steps_between(const Set& a, const Set& b) {
    const auto only_in = [](const Set& in, const Set& out) {
        return static_cast<std::uint64_t>(
            std::ranges::count_if(in, [&](const auto& e) { return std::ranges::find(out, e) == out.end(); }));
    };
    return only_in(a, b) + only_in(b, a);
}

// Changes of one field: of a set that stays known each element that comes or goes, of all else one.
std::uint64_t steps(const ir::Schema& schema, const value::Record& from, const value::Record& to, std::size_t field) {
    const auto a = value_of(schema, from, field);
    const auto b = value_of(schema, to, field);
    if (!a || schema.fields[field].type.kind != ir::Kind::kSet) return 1;
    const auto count = [&](const auto& set) -> std::uint64_t {
        using Set = std::decay_t<decltype(set)>;
        const Set* other = b ? std::get_if<Set>(&*b) : nullptr;
        return steps_between(set, other == nullptr ? Set{} : *other);
    };
    std::uint64_t out = 1;
    if (const auto* set = std::get_if<value::EnumSet>(&*a)) {
        const std::uint64_t other = b ? std::get<value::EnumSet>(*b).bits : 0;
        out = static_cast<std::uint64_t>(std::popcount(set->bits ^ other));
    }
    if (const auto* set = std::get_if<value::NetworkSet>(&*a)) out = count(*set);
    if (const auto* set = std::get_if<value::TextSet>(&*a)) out = count(*set);
    if (const auto* set = std::get_if<value::IntSet>(&*a)) out = count(*set);
    return std::max<std::uint64_t>(1, out);
}

// What the repairer would ask for these edits: what goes with its record, or is there because of it, costs nothing.
std::uint64_t cost_of(const ir::Schema& schema, const value::Record& from, const value::Record& to) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < schema.fields.size(); ++i) {
        const ir::FieldId parent = schema.fields[i].parent;
        if (parent.valid() && to.state(parent.index()) != State::kGiven) continue;
        // A member that its record brings along unmentioned is no edit.
        if (to.state(i) == State::kUnknown || agree(schema, from, to, i)) continue;
        out += schema.fields[i].cost * steps(schema, from, to, i);
    }
    return out;
}

std::string words_of(const Plan& plan) {
    std::vector<std::string> words;
    for (const Change& change : plan.changes) words.insert(words.end(), change.words.begin(), change.words.end());
    return fmt::format("{}", fmt::join(words, "; "));
}

}  // namespace

std::string objection(const ir::Module& module, const Repairer& repairer, const value::Record& record, Instant now,
                      std::span<const ir::Assignment> repair) {
    const ir::Schema& schema = module.schema;
    if (repairer.accepts(record, now)) return "the record is compliant";
    for (const ir::Assignment& change : repair) {
        if (is_fixed(module, change.field))
            return fmt::format("no repair may change `{}`", schema.fields[change.field.index()].name);
    }
    value::Record changed = record;
    assign_all(module, changed, repair);
    std::vector<RecordError> errors;
    input::check_assumptions(module, changed, now, errors);
    if (!errors.empty()) return fmt::format("the changed record is invalid: {}", errors.front().message);
    if (!repairer.accepts(changed, now)) return "with these changes the record isn't compliant either";
    for (std::size_t i = 0; i < repair.size(); ++i) {
        // That a record is there is said by its members, too.
        const bool implied = repair[i].value.given == ir::Given::kPresent && i + 1 < repair.size() &&
                             ir::is_inside(schema, repair[i + 1].field.index(), repair[i].field);
        if (implied) continue;
        std::vector<ir::Assignment> fewer(repair.begin(), repair.end());
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        value::Record trial = record;
        assign_all(module, trial, fewer);
        if (repairer.accepts(trial, now))
            return fmt::format("`{}` can be left out", ir::to_text(module, repair.subspan(i, 1)));
    }
    const Plans plans = repairer.plans(record, now, 1);
    if (plans.status != Plans::Status::kFound)
        return fmt::format("it isn't settled whether there is a cheaper repair: {}",
                           plans.reason.empty() ? "no repair was found" : plans.reason);
    const std::uint64_t cost = cost_of(schema, record, changed);
    const Plan& best = plans.plans.front();
    if (best.cost < cost)
        return fmt::format("a repair that costs {} instead of {}: {}", best.cost, cost, words_of(best));
    if (!plans.exact) return fmt::format("it isn't settled whether there is a cheaper repair: {}", plans.reason);
    return {};
}

}  // namespace keywright::analysis
