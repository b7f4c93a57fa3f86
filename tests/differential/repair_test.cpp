// Repairs and guidance against trying every configuration there is.
#include "analysis/repair.h"
#include "analysis/guide.h"
#include "differential/random_module.h"
#include "eval/reference.h"
#include "logic/search.h"
#include "support/random_record.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace keywright {
namespace {

using analysis::Guidance;
using analysis::Plans;
using value::State;

std::size_t rounds(std::size_t otherwise) {
    const char* given = std::getenv("KEYWRIGHT_DIFFERENTIAL_PAIRS");
    return given == nullptr ? otherwise : std::max<std::size_t>(1, std::strtoul(given, nullptr, 10));
}

// Random modules read optional members without asking whether they are there, which the checker would refuse.
void without_optionals(ir::Module& module) {
    for (ir::Field& field : module.schema.fields) field.type.optional = false;
}

void annotate(test::Dice& dice, ir::Module& module) {
    for (ir::Field& field : module.schema.fields) {
        field.immutable = dice.below(5) == 0;
        field.cost = 1 + static_cast<std::uint32_t>(dice.below(4));
    }
}

// Every value of a field of a small module; none for those that nobody edits.
std::vector<value::Value> all_values(const ir::Module& module, const ir::Field& field) {
    std::vector<value::Value> out;
    switch (field.type.kind) {
        case ir::Kind::kBool: out = {false, true}; break;
        case ir::Kind::kInt:
            for (std::int64_t i = field.type.min; i <= field.type.max; ++i) out.emplace_back(i);
            break;
        case ir::Kind::kEnum:
            for (std::uint32_t i = 0; i < module.enums[field.type.enumeration.index()].values.size(); ++i)
                out.emplace_back(value::EnumValue{i});
            break;
        case ir::Kind::kSet:
            for (std::uint64_t bits = 0;
                 bits < std::uint64_t{1} << module.enums[field.type.enumeration.index()].values.size(); ++bits)
                out.emplace_back(value::EnumSet{bits});
            break;
        case ir::Kind::kText:
        case ir::Kind::kNetwork:
        case ir::Kind::kInstant:
        case ir::Kind::kDuration:
        case ir::Kind::kSecret:
        case ir::Kind::kRecord: break;
    }
    return out;
}

bool is_finite(const ir::Module& module) {
    return std::ranges::all_of(module.schema.fields, [](const ir::Field& f) {
        if (f.parent.valid()) return false;
        switch (f.type.kind) {
            case ir::Kind::kBool:
            case ir::Kind::kEnum:
            case ir::Kind::kInstant: return true;
            case ir::Kind::kInt: return f.type.max - f.type.min < 8;
            case ir::Kind::kSet: return f.type.element == ir::Kind::kEnum;
            case ir::Kind::kText:
            case ir::Kind::kNetwork:
            case ir::Kind::kDuration:
            case ir::Kind::kSecret:
            case ir::Kind::kRecord: break;
        }
        return false;
    });
}

std::uint64_t cost_of(const value::Record& before, const value::Record& after, const ir::Module& module) {
    std::uint64_t cost = 0;
    for (std::size_t f = 0; f < module.schema.fields.size(); ++f) {
        const ir::Field& field = module.schema.fields[f];
        const auto set = [&](const value::Record& r) { return r.state(f) == State::kGiven ? r.enum_set(f) : 0; };
        std::uint64_t steps = 0;
        if (field.type.kind == ir::Kind::kSet) {
            const int moved = std::popcount(set(before) ^ set(after));
            if (before.state(f) != after.state(f) || moved > 0) steps = static_cast<std::uint64_t>(std::max(1, moved));
        } else if (before.state(f) != after.state(f)) {
            steps = 1;
        } else if (before.state(f) == State::kGiven) {
            switch (field.type.kind) {
                case ir::Kind::kBool: steps = before.boolean(f) != after.boolean(f) ? 1 : 0; break;
                case ir::Kind::kInt: steps = before.integer(f) != after.integer(f) ? 1 : 0; break;
                case ir::Kind::kEnum: steps = before.enumerator(f) != after.enumerator(f) ? 1 : 0; break;
                default: break;
            }
        }
        cost += steps * field.cost;
    }
    return cost;
}

// What an edit asks for: a field, and a code for what becomes of it. Of a known set each element that comes or goes is
// an edit of its own; anything else is one as a whole.
using Edit = std::pair<std::size_t, std::uint64_t>;
constexpr std::uint64_t kAdded = 1'000, kRemoved = 2'000, kWhole = 3'000, kLeftOut = 9'999;

// Of a member that is given.
std::uint64_t code_of(const value::Record& record, std::size_t f, const ir::Module& module) {
    switch (module.schema.fields[f].type.kind) {
        case ir::Kind::kBool: return record.boolean(f) ? 1 : 0;
        case ir::Kind::kInt: return static_cast<std::uint64_t>(record.integer(f) + 100);
        case ir::Kind::kEnum: return record.enumerator(f);
        case ir::Kind::kSet: return kWhole + record.enum_set(f);
        case ir::Kind::kText:
        case ir::Kind::kNetwork:
        case ir::Kind::kInstant:
        case ir::Kind::kDuration:
        case ir::Kind::kSecret:
        case ir::Kind::kRecord: break;
    }
    return 0;
}

std::vector<Edit> edits_between(const value::Record& before, const value::Record& after, const ir::Module& module) {
    std::vector<Edit> out;
    for (std::size_t f = 0; f < module.schema.fields.size(); ++f) {
        const bool same_state = before.state(f) == after.state(f);
        if (after.state(f) == State::kUnknown || (same_state && after.state(f) == State::kAbsent)) continue;
        if (after.state(f) == State::kAbsent) {
            out.emplace_back(f, kLeftOut);
        } else if (same_state && module.schema.fields[f].type.kind == ir::Kind::kSet) {
            for (std::uint32_t e = 0; e < 64; ++e) {
                const bool was = (before.enum_set(f) >> e & 1U) != 0, is = (after.enum_set(f) >> e & 1U) != 0;
                if (was != is) out.emplace_back(f, (is ? kAdded : kRemoved) + e);
            }
        } else if (!same_state || code_of(before, f, module) != code_of(after, f, module)) {
            out.emplace_back(f, code_of(after, f, module));
        }
    }
    std::ranges::sort(out);
    return out;
}

// Whether `more` asks for all that `less` does. A list that holds more than another does, unless that is empty.
bool includes(const std::vector<Edit>& more, const std::vector<Edit>& less) {
    return std::ranges::all_of(less, [&](const Edit& edit) {
        return std::ranges::any_of(more, [&](const Edit& other) {
            if (edit == other) return true;
            if (edit.first != other.first || edit.second <= kWhole || other.second <= kWhole) return false;
            if (edit.second == kLeftOut || other.second == kLeftOut) return false;
            return ((edit.second - kWhole) & ~(other.second - kWhole)) == 0;
        });
    });
}

// The codes that would do in place of an element, or a value, that a plan puts in.
std::set<std::uint64_t> codes_of(const analysis::NewValue& v, const std::vector<std::string>& names) {
    std::set<std::uint64_t> out;
    if (const auto* e = std::get_if<value::EnumValue>(&v.value)) out.insert(e->index);
    if (const auto* b = std::get_if<bool>(&v.value)) out.insert(*b ? 1 : 0);
    for (const std::string& other : v.others) {
        if (std::holds_alternative<bool>(v.value))
            out.insert(other == "true" ? 1 : 0);
        else
            out.insert(static_cast<std::uint64_t>(std::ranges::find(names, other) - names.begin()));
    }
    return out;
}

// Whether `edits` ask for everything that `plan` does, where values that would do as well count as one. A number may be
// any: which of them do hangs on the others. `alike` says of a field whether two lists are in one class.
bool asks_for_all_of(const std::vector<Edit>& edits, const analysis::Plan& plan, const value::Record& before,
                     const ir::Module& module,
                     const std::function<bool(std::size_t, std::uint64_t, std::uint64_t)>& alike) {
    return std::ranges::all_of(plan.changes, [&](const analysis::Change& change) {
        const std::size_t f = change.field.index();
        const ir::Type& type = module.schema.fields[f].type;
        static const std::vector<std::string> kNoNames;
        const auto& names = type.enumeration.valid() ? module.enums[type.enumeration.index()].values : kNoNames;
        std::vector<std::uint64_t> mine;
        for (const Edit& e : edits) {
            if (e.first == f) mine.push_back(e.second);
        }
        const auto says = [&](std::uint64_t code) { return std::ranges::find(mine, code) != mine.end(); };
        // Each of `added` is found among `codes`, another for each.
        const std::function<bool(std::size_t, std::set<std::uint64_t>)> holds_all = [&](std::size_t i,
                                                                                        std::set<std::uint64_t> codes) {
            if (i == change.added.size()) return true;
            for (const std::uint64_t code : codes_of(change.added[i], names)) {
                if (!codes.contains(code)) continue;
                std::set<std::uint64_t> rest = codes;
                rest.erase(code);
                if (holds_all(i + 1, std::move(rest))) return true;
            }
            return false;
        };
        std::set<std::uint64_t> added;
        switch (change.kind) {
            case analysis::Change::Kind::kAbsent: return says(kLeftOut);
            case analysis::Change::Kind::kPresent: return false;  // no records here
            case analysis::Change::Kind::kValue:
                if (type.kind == ir::Kind::kInt) return mine.size() == 1 && mine.front() != kLeftOut;
                return std::ranges::any_of(codes_of(change.value, names), says);
            case analysis::Change::Kind::kElements: {
                std::uint64_t bits = before.enum_set(f);
                for (const std::uint64_t code : mine) {
                    if (code < kAdded || code >= kWhole) return false;
                    bits ^= std::uint64_t{1} << (code % kAdded);
                    if (code < kRemoved) added.insert(code - kAdded);
                }
                const bool removes_all = std::ranges::all_of(change.removed, [&](const value::Value& v) {
                    return says(kRemoved + std::get<value::EnumValue>(v).index);
                });
                if (removes_all && holds_all(0, added)) return true;
                // Which element of a class goes makes no difference.
                return !mine.empty() && alike(f, bits, plan.record.enum_set(f));
            }
            case analysis::Change::Kind::kWhole: {
                if (mine.size() != 1 || mine.front() < kWhole || mine.front() == kLeftOut) return false;
                const std::uint64_t bits = mine.front() - kWhole;
                for (std::uint32_t e = 0; e < 64; ++e) {
                    if ((bits >> e & 1U) != 0) added.insert(e);
                }
                if (added.empty() == change.added.empty() && holds_all(0, added)) return true;
                // Elements that nothing asks about may be there or not.
                return alike(f, bits, plan.record.enum_set(f));
            }
        }
        return false;
    });
}

// Calls `visit` for every record that comes of giving the fields that `may` says every value they may have.
void every_record(const ir::Module& module, const value::Record& from, const std::function<bool(std::size_t)>& may,
                  const std::function<void(const value::Record&)>& visit) {
    value::Record record = from;
    const std::function<void(std::size_t)> go = [&](std::size_t f) {
        if (f == module.schema.fields.size()) return visit(record);
        go(f + 1);
        if (!may(f)) return;
        const value::Record kept = record;
        if (module.schema.fields[f].type.optional) {
            record.set_absent(f);
            go(f + 1);
        }
        for (const value::Value& v : all_values(module, module.schema.fields[f])) {
            record.set(f, v);
            go(f + 1);
        }
        record = kept;
    };
    go(0);
}

}  // namespace

TEST_CASE(
    "repairs are the cheapest there are, none is missing between them, and where there is none trying finds none") {
    test::Dice dice{20261122};
    std::size_t found = 0, none = 0, unknown = 0, fine = 0, unsure = 0, alternatives = 0;
    const std::size_t all = rounds(2'500);
    for (std::size_t round = 0; round < all;) {
        ir::Module module = test::random_module(dice, {true, 2 + dice.below(3), 1 + dice.below(4), 2});
        if (dice.below(4) != 0) without_optionals(module);
        annotate(dice, module);
        if (!is_finite(module)) {
            ++round;
            continue;
        }
        const eval::Program program{module};
        std::vector<ir::RuleId> chosen;
        if (dice.below(3) == 0) chosen.push_back(ir::RuleId{dice.below(module.rules.size())});
        const analysis::Repairer repairer{module, program, chosen};
        for (int i = 0; i < 10; ++i, ++round) {
            const Instant now = dice.pick(test::instants());
            value::Record record;
            test::random_record(dice, module, true, record);
            if (dice.below(2) == 0) {
                for (std::size_t f = 0; f < record.size(); ++f) {
                    if (record.state(f) != State::kUnknown) continue;
                    record.set(f, test::random_value(dice, module, module.schema.fields[f].type, true));
                }
            }
            if (!test::keeps_assumptions(module, record, now)) continue;
            CAPTURE(ir::dump(module));
            CAPTURE(test::describe(module, record));
            CAPTURE(to_string(now));
            const Plans plans = repairer.plans(record, now, 3);
            CAPTURE(plans.reason);
            // By what they ask for: the cost. What stays unknown must be able to keep the assumptions.
            std::map<std::vector<Edit>, std::uint64_t> repairs;
            every_record(
                module, record, [&](std::size_t f) { return !analysis::is_fixed(module, ir::FieldId{f}); },
                [&](const value::Record& other) {
                    if (!repairer.accepts(other, now) || !test::keeps_assumptions(module, other, now)) return;
                    std::vector<Edit> edits = edits_between(record, other, module);
                    if (repairer.space() && !edits.empty()) {
                        const logic::Space& space = *repairer.space();
                        logic::Search possible{space, space.constraint(), space.region_of(other, now), 100'000};
                        logic::Region cell;
                        if (possible.next(cell) != logic::Search::Step::kFound) return;
                    }
                    repairs.emplace(std::move(edits), cost_of(record, other, module));
                });
            // Those of which no part would do.
            std::vector<std::pair<std::uint64_t, std::vector<Edit>>> by_cost, minimal;
            for (const auto& [edits, cost] : repairs) by_cost.emplace_back(cost, edits);
            std::ranges::sort(by_cost);
            for (const auto& one : by_cost) {
                const bool has_part =
                    std::ranges::any_of(minimal, [&](const auto& part) { return includes(one.second, part.second); });
                if (!has_part) minimal.push_back(one);
            }
            std::optional<std::uint64_t> cheapest;
            if (!minimal.empty()) cheapest = minimal.front().first;
            switch (plans.status) {
                case Plans::Status::kFine:
                    ++fine;
                    REQUIRE(cheapest == std::uint64_t{0});
                    break;
                case Plans::Status::kFound: {
                    ++found;
                    REQUIRE(cheapest.has_value());
                    std::uint64_t before = 0;
                    for (const analysis::Plan& plan : plans.plans) {
                        REQUIRE(repairer.accepts(plan.record, now));
                        REQUIRE(test::keeps_assumptions(module, plan.record, now));
                        REQUIRE(plan.cost == cost_of(record, plan.record, module));
                        REQUIRE(plan.cost >= before);
                        before = plan.cost;
                        for (const analysis::Change& change : plan.changes)
                            REQUIRE_FALSE(analysis::is_fixed(module, change.field));
                    }
                    REQUIRE(plans.plans.front().cost >= *cheapest);
                    for (std::size_t at = 0; at < plans.plans.size(); ++at) {
                        const auto edits = edits_between(record, plans.plans[at].record, module);
                        for (std::size_t earlier = 0; earlier < at; ++earlier) {
                            REQUIRE_FALSE(includes(edits, edits_between(record, plans.plans[earlier].record, module)));
                        }
                    }
                    if (!plans.exact) {
                        ++unsure;
                        break;
                    }
                    REQUIRE(plans.plans.front().cost == *cheapest);
                    for (const analysis::Plan& plan : plans.plans) {
                        const auto edits = edits_between(record, plan.record, module);
                        CAPTURE(test::describe(module, plan.record));
                        REQUIRE(std::ranges::find(minimal, std::pair{plan.cost, edits}) != minimal.end());
                    }
                    const auto alike = [&](std::size_t f, std::uint64_t a, std::uint64_t b) {
                        value::Record one = record, other = record;
                        one.set_enum_set(f, a);
                        other.set_enum_set(f, b);
                        return repairer.space()->region_of(one, now) == repairer.space()->region_of(other, now);
                    };
                    for (const auto& [cost, edits] : minimal) {
                        if (plans.plans.size() == 3 && cost >= plans.plans.back().cost) break;
                        ++alternatives;
                        const bool told = std::ranges::any_of(plans.plans, [&](const analysis::Plan& plan) {
                            return asks_for_all_of(edits, plan, record, module, alike);
                        });
                        std::string missing;
                        for (const Edit& e : edits)
                            missing += std::to_string(e.first) + ":" + std::to_string(e.second) + " ";
                        CAPTURE(missing);
                        REQUIRE(told);
                    }
                    break;
                }
                case Plans::Status::kNone:
                    ++none;
                    REQUIRE(plans.exact);
                    REQUIRE_FALSE(cheapest.has_value());
                    break;
                case Plans::Status::kUnknown: {
                    ++unknown;
                    // Only of what no configuration is like is nothing said.
                    REQUIRE(repairer.space().has_value());
                    const logic::Space& space = *repairer.space();
                    logic::Search possible{space, space.constraint(), space.region_of(record, now), 100'000};
                    logic::Region cell;
                    REQUIRE(possible.next(cell) == logic::Search::Step::kDone);
                    break;
                }
            }
        }
    }
    MESSAGE(fine << " in order, " << found << " repaired (" << unsure << " perhaps not cheapest, " << alternatives
                 << " alternatives told), " << none << " beyond repair, " << unknown << " not known");
    CHECK(found > 0);
    CHECK(none > 0);
    CHECK(unknown + unsure < (found + none) / 2);
    CHECK(unsure == 0);  // of modules that small
    CHECK(alternatives > 0);
}

namespace {

value::SecretFacts some_secret(test::Dice& dice) {
    static const std::vector<std::string> kPieces{"a", "7", "Q", "-", " ", "\xc3\xa9", "*", "***"};
    std::string text;
    for (std::size_t n = dice.below(9); n > 0; --n) text += dice.pick(kPieces);
    return value::facts_of(text);
}

}  // namespace

TEST_CASE("repairs of any module are accepted, and nothing immutable is touched") {
    test::Dice dice{11};
    std::size_t found = 0, none = 0, unknown = 0;
    const std::size_t all = rounds(1'500);
    for (std::size_t round = 0; round < all;) {
        ir::Module module = test::random_module(dice, {false, 2 + dice.below(6), 1 + dice.below(4), 2});
        if (dice.below(2) == 0) without_optionals(module);
        annotate(dice, module);
        const eval::Program program{module};
        const analysis::Repairer repairer{module, program, {}};
        for (int i = 0; i < 5; ++i, ++round) {
            const Instant now = dice.pick(test::instants());
            value::Record record;
            test::random_record(dice, module, false, record);
            for (std::size_t f = 0; f < record.size(); ++f) {  // as readers leave it
                const ir::FieldId parent = module.schema.fields[f].parent;
                if (!parent.valid() || record.state(parent.index()) == State::kGiven) continue;
                if (record.state(parent.index()) == State::kAbsent) record.set_absent(f);
                if (record.state(parent.index()) == State::kUnknown) record.set_unknown(f);
            }
            for (std::size_t f = 0; f < record.size(); ++f) {  // facts that some text has
                if (module.schema.fields[f].type.kind == ir::Kind::kSecret && record.state(f) == State::kGiven)
                    record.set_secret(f, some_secret(dice));
            }
            if (!test::keeps_assumptions(module, record, now)) continue;
            bool readable = true;  // readers take no negative durations
            for (std::size_t f = 0; f < record.size(); ++f) {
                if (module.schema.fields[f].type.kind == ir::Kind::kDuration && record.state(f) == State::kGiven)
                    readable = readable && value::to_nanos(record.duration(f)) >= 0;
            }
            if (!readable) continue;
            CAPTURE(ir::dump(module));
            CAPTURE(test::describe(module, record));
            const Plans plans = repairer.plans(record, now, 3, 2'000);
            found += plans.status == Plans::Status::kFound ? 1 : 0;
            none += plans.status == Plans::Status::kNone ? 1 : 0;
            unknown += plans.status == Plans::Status::kUnknown ? 1 : 0;
            for (const analysis::Plan& plan : plans.plans) {
                CAPTURE(test::describe(module, plan.record));
                REQUIRE(repairer.accepts(plan.record, now));
                REQUIRE(test::keeps_assumptions(module, plan.record, now));
                REQUIRE(plan.cost > 0);
                for (const analysis::Change& change : plan.changes) {
                    REQUIRE_FALSE(analysis::is_fixed(module, change.field));
                    REQUIRE_FALSE(change.words.empty());
                }
            }
            if (plans.status != Plans::Status::kNone) continue;
            for (int trial = 0; trial < 20; ++trial) {
                value::Record other = record;
                for (std::size_t f = 0; f < other.size(); ++f) {
                    const ir::Field& field = module.schema.fields[f];
                    if (analysis::is_fixed(module, ir::FieldId{f}) || dice.below(2) == 0) continue;
                    if (field.type.kind == ir::Kind::kRecord || field.parent.valid()) continue;
                    if (field.type.kind == ir::Kind::kSecret) {
                        other.set_secret(f, some_secret(dice));
                        continue;
                    }
                    const value::Value v = test::random_value(dice, module, field.type, false);
                    const auto* duration = std::get_if<Duration>(&v);
                    if (duration != nullptr && duration->seconds < 0) continue;  // readers take none
                    other.set(f, v);
                }
                if (!test::keeps_assumptions(module, other, now)) continue;
                // What is unknown in it must be able to keep the assumptions, too.
                const logic::Space& space = *repairer.space();
                logic::Search possible{space, space.constraint(), space.region_of(other, now), 100'000};
                logic::Region cell;
                if (possible.next(cell) != logic::Search::Step::kFound) continue;
                REQUIRE_FALSE(repairer.accepts(other, now));
            }
        }
    }
    MESSAGE(found << " repaired, " << none << " beyond repair, " << unknown << " not known");
    CHECK(found > 0);
}

TEST_CASE("guidance lists what trying finds") {
    test::Dice dice{5};
    std::size_t open = 0, none = 0, unknown = 0, members = 0;
    const std::size_t all = rounds(1'500);
    for (std::size_t round = 0; round < all;) {
        ir::Module module = test::random_module(dice, {true, 2 + dice.below(3), 1 + dice.below(4), 2});
        without_optionals(module);
        if (!is_finite(module)) {
            ++round;
            continue;
        }
        const eval::Program program{module};
        const analysis::Repairer repairer{module, program, {}};
        for (int i = 0; i < 10; ++i, ++round) {
            const Instant now = dice.pick(test::instants());
            value::Record record;
            test::random_record(dice, module, true, record);
            // All of time can't be tried.
            for (std::size_t f = 0; f < record.size(); ++f) {
                const ir::Type& type = module.schema.fields[f].type;
                if (record.state(f) == State::kUnknown && type.kind == ir::Kind::kInstant)
                    record.set(f, test::random_value(dice, module, type, true));
            }
            if (!test::keeps_assumptions(module, record, now)) continue;
            CAPTURE(ir::dump(module));
            CAPTURE(test::describe(module, record));
            CAPTURE(to_string(now));
            std::vector<std::set<std::string>> reached(record.size()), allowed(record.size());
            std::vector<std::uint64_t> with(record.size(), 0), without(record.size(), 0);
            bool some = false;
            every_record(
                module, record, [&](std::size_t f) { return record.state(f) == State::kUnknown; },
                [&](const value::Record& other) {
                    for (std::size_t f = 0; f < record.size(); ++f) {
                        if (other.state(f) == State::kUnknown) return;
                    }
                    if (!test::keeps_assumptions(module, other, now)) return;
                    const bool good = repairer.accepts(other, now);
                    some = some || good;
                    for (std::size_t f = 0; f < record.size(); ++f) {
                        auto& seen = good ? reached : allowed;
                        const ir::Type& type = module.schema.fields[f].type;
                        if (type.kind == ir::Kind::kBool) seen[f].insert(other.boolean(f) ? "true" : "false");
                        if (type.kind == ir::Kind::kEnum)
                            seen[f].insert(module.enums[type.enumeration.index()].values[other.enumerator(f)]);
                        if (type.kind == ir::Kind::kInt) seen[f].insert(std::to_string(other.integer(f)));
                        if (type.kind == ir::Kind::kSet) {
                            seen[f].insert(std::to_string(other.enum_set(f)));
                            if (!good) continue;
                            with[f] |= other.enum_set(f);
                            without[f] |= ~other.enum_set(f);
                        }
                    }
                });
            const Guidance guidance = analysis::guidance(module, repairer, record, now);
            CAPTURE(guidance.reason);
            if (guidance.status == Guidance::Status::kUnknown) {
                ++unknown;
                continue;
            }
            none += some ? 0 : 1;
            open += some ? 1 : 0;
            REQUIRE((guidance.status == Guidance::Status::kOpen) == some);
            for (const analysis::Options& options : guidance.fields) {
                const std::size_t f = options.field.index();
                const ir::Field& field = module.schema.fields[f];
                if (!options.sure) continue;
                ++members;
                CAPTURE(field.name);
                allowed[f].insert(reached[f].begin(), reached[f].end());
                REQUIRE(options.any == (reached[f] == allowed[f]));
                REQUIRE(options.may_be_given);
                if (options.any) continue;
                if (field.type.kind == ir::Kind::kBool || field.type.kind == ir::Kind::kEnum)
                    REQUIRE(std::set<std::string>(options.values.begin(), options.values.end()) == reached[f]);
                if (field.type.kind != ir::Kind::kSet) continue;
                const auto& names = module.enums[field.type.enumeration.index()].values;
                const auto says = [](const std::vector<std::string>& list, const std::string& word) {
                    return std::ranges::find(list, word) != list.end();
                };
                for (std::uint32_t e = 0; e < names.size(); ++e) {
                    const bool in = (with[f] >> e & 1U) != 0, out = (without[f] >> e & 1U) != 0;
                    if (says(options.must, names[e])) REQUIRE((in && !out));
                    if (says(options.must_not, names[e])) REQUIRE((!in && out));
                    if (says(options.may, names[e])) REQUIRE((in && out));
                }
            }
        }
    }
    MESSAGE(open << " open (" << members << " members), " << none << " hopeless, " << unknown << " not known");
    CHECK(open > 0);
    CHECK(none > 0);
}

}  // namespace keywright
