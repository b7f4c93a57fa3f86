// What the evaluators say of a record with unknown fields, against every record that it may turn out to be.
#include "differential/random_module.h"
#include "eval/reference.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

// Every value of a type of a small module; for instants the few that the tests use.
std::vector<value::Value> values_of(const ir::Module& module, const ir::Type& type) {
    std::vector<value::Value> all;
    if (type.kind == Kind::kBool) all = {true, false};
    if (type.kind == Kind::kInt) {
        for (std::int64_t n = type.min; n <= type.max; ++n) all.emplace_back(n);
    }
    if (type.kind == Kind::kInstant) {
        for (const Instant t : instants()) all.emplace_back(t);
    }
    if (type.enumeration.valid()) {
        const std::size_t n = module.enums[type.enumeration.index()].values.size();
        if (type.kind == Kind::kEnum) {
            for (std::uint32_t i = 0; i < n; ++i) all.emplace_back(value::EnumValue{i});
        } else {
            for (std::uint64_t bits = 0; bits < std::uint64_t{1} << n; ++bits) all.emplace_back(value::EnumSet{bits});
        }
    }
    return all;
}

std::optional<eval::Nanos> number(const ir::Module& module, const ir::AssumeTerm& term, const value::Record& record,
                                  Instant now) {
    if (term.is_now) return value::to_nanos(now);
    if (!term.field.valid()) {
        const value::Value& v = module.constants[term.constant.index()];
        if (std::holds_alternative<Instant>(v)) return value::to_nanos(std::get<Instant>(v));
        if (std::holds_alternative<Duration>(v)) return value::to_nanos(std::get<Duration>(v));
        return std::get<std::int64_t>(v);
    }
    const std::size_t i = term.field.index();
    if (record.state(i) != value::State::kGiven) return std::nullopt;
    const Kind kind = module.schema.fields[i].type.kind;
    if (kind == Kind::kInt) return record.integer(i);
    return kind == Kind::kInstant ? value::to_nanos(record.instant(i)) : value::to_nanos(record.duration(i));
}

bool keeps_assumptions(const ir::Module& module, const value::Record& record, Instant now) {
    for (const ir::Assumption& a : module.schema.assumptions) {
        const auto lesser = number(module, a.lesser, record, now), greater = number(module, a.greater, record, now);
        if (lesser && greater && (a.strict ? *lesser >= *greater : *lesser > *greater)) return false;
    }
    return true;
}

// Calls `visit` with each record that `record` may turn out to be.
void complete(const ir::Module& module, value::Record record, std::size_t field, Instant now,
              const std::function<void(const value::Record&)>& visit) {
    while (field < record.size() && record.state(field) != value::State::kUnknown) ++field;
    if (field == record.size()) {
        if (keeps_assumptions(module, record, now)) visit(record);
        return;
    }
    const ir::Type& type = module.schema.fields[field].type;
    for (const value::Value& v : values_of(module, type)) {
        record.set(field, v);
        complete(module, record, field + 1, now, visit);
    }
    if (type.optional) {
        record.set_absent(field);
        complete(module, record, field + 1, now, visit);
    }
}

eval::Truth violated(const eval::RuleDecision& d) {
    if (d.outcome == ir::Outcome::kViolated) return eval::Truth::kTrue;
    return d.outcome == ir::Outcome::kUndetermined ? eval::Truth::kUnknown : eval::Truth::kFalse;
}

bool admits(eval::Truth possible, eval::Truth actual) {
    return (static_cast<unsigned>(actual) & ~static_cast<unsigned>(possible)) == 0;
}

// What one decision promises of the other, which is about a record that the first one's may turn out to be.
bool keeps_promise(const eval::RuleDecision& p, const eval::RuleDecision& f) {
    bool sound = admits(violated(p), violated(f)) && admits(p.applies, f.applies);
    if (p.outcome == ir::Outcome::kPass) sound = sound && admits(p.warning, f.warning);
    if (f.applies != eval::Truth::kFalse) {
        sound = sound && p.deadline.earliest <= f.deadline.earliest && f.deadline.latest <= p.deadline.latest;
    }
    return sound;
}

// What a masked entry may stand for: any single address that a machine can have, so not the unspecified ones.
value::Network random_host(Dice& dice) {
    value::Network n;
    n.family = dice.chance(70) ? 4 : 6;
    n.prefix = n.family == 4 ? 32 : 128;
    static const std::vector<std::uint64_t> some{0x0a000000, 0x0a000001, 0xcb007105, 0xffffffff, 0xc0a80001};
    n.low = dice.pick(some);
    if (n.family == 6 && dice.chance(50)) n.high = 0xfd00000000000000;
    return n;
}

// `record` as it may turn out, one of many ways: nothing unknown is left, no entry masked.
value::Record sample(const ir::Module& module, const value::Record& record, Dice& dice) {
    const auto& fields = module.schema.fields;
    value::Record whole = record;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const ir::Type& type = fields[i].type;
        if (fields[i].parent.valid()) {
            const std::size_t parent = fields[i].parent.index();
            if (whole.state(parent) == value::State::kAbsent) {
                whole.set_absent(i);
                continue;
            }
            if (record.state(parent) == value::State::kUnknown) whole.set_unknown(i);
        }
        if (whole.state(i) == value::State::kUnknown) {
            if (type.optional && dice.chance(30)) {
                whole.set_absent(i);
            } else if (type.kind == Kind::kRecord) {
                whole.set_present(i);
                // Its members are unknown too, whatever the record said of them.
                continue;
            } else {
                whole.set(i, random_value(dice, module, type, false));
            }
        }
        if (whole.state(i) != value::State::kGiven) continue;
        if (type.kind == Kind::kNetwork && whole.network(i).masked) whole.set_network(i, random_host(dice));
        if (type.kind == Kind::kSet && type.element == Kind::kNetwork) {
            const auto set = whole.network_set(i);
            std::vector<value::Network> hosts{set.begin(), set.end()};
            for (value::Network& n : hosts) {
                if (n.masked) n = random_host(dice);
            }
            whole.set_network_set(i, hosts);
        }
        if (type.kind == Kind::kSecret) {
            value::SecretFacts facts = whole.secret(i);
            const auto open = static_cast<std::uint8_t>(~facts.known);
            facts.facts = static_cast<std::uint8_t>((facts.facts & facts.known) | (dice.next() & open & 127U));
            facts.known = 127;
            facts.length_min += static_cast<std::uint32_t>(
                dice.below(std::min<std::size_t>(facts.length_max - facts.length_min, 4) + 1));
            facts.length_max = facts.length_min;
            whole.set_secret(i, facts);
        }
    }
    return whole;
}

}  // namespace

TEST_CASE("a definite answer about a record with unknown fields holds however they turn out") {
    value::Record record;
    std::size_t completions = 0, definite = 0, needless = 0;
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
        Dice dice{seed};
        Shape shape;
        shape.small = true;
        shape.fields = 1 + dice.below(5);
        shape.rules = 3;
        shape.depth = 1 + static_cast<unsigned>(dice.below(3));
        const ir::Module module = random_module(dice, shape);
        for (int k = 0; k < 20; ++k) {
            random_record(dice, module, true, record);
            const Instant now = dice.pick(instants());
            const eval::Decision partial = eval::decide_reference(module, record, now);
            std::vector<unsigned> seen(module.rules.size(), 0);
            complete(module, record, 0, now, [&](const value::Record& whole) {
                ++completions;
                const eval::Decision full = eval::decide_reference(module, whole, now);
                for (std::size_t r = 0; r < full.rules.size(); ++r) {
                    const eval::RuleDecision &p = partial.rules[r], &f = full.rules[r];
                    seen[r] |= static_cast<unsigned>(violated(f));
                    if (!keeps_promise(p, f)) {
                        FAIL("seed " << seed << " rule " << r << "\n"
                                     << ir::dump(module) << describe(module, record) << "--- turned out as\n"
                                     << describe(module, whole));
                    }
                }
            });
            for (std::size_t r = 0; r < seen.size(); ++r) {
                if (violated(partial.rules[r]) != eval::Truth::kUnknown) {
                    ++definite;
                } else if (seen[r] == 1 || seen[r] == 2) {
                    ++needless;
                }
            }
        }
    }
    CHECK(completions > 200'000);
    CHECK(definite > 10'000);
    MESSAGE(completions << " completions; " << definite << " definite answers, " << needless
                        << " undetermined though every completion agrees (operands that are one field, seen apart)");
}

TEST_CASE(
    "a definite answer holds for samples of what masked entries, secrets and every kind of field may turn out to be") {
    value::Record record;
    std::size_t samples = 0;
    for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
        Dice dice{seed};
        Shape shape;
        shape.fields = 1 + dice.below(6);
        shape.rules = 4;
        shape.depth = 1 + static_cast<unsigned>(dice.below(3));
        const ir::Module module = random_module(dice, shape);
        for (int k = 0; k < 4; ++k) {
            random_record(dice, module, false, record);
            const Instant now = dice.pick(instants());
            const eval::Decision partial = eval::decide_reference(module, record, now);
            for (int n = 0; n < 12; ++n) {
                const value::Record whole = sample(module, record, dice);
                if (!keeps_assumptions(module, whole, now)) continue;
                ++samples;
                const eval::Decision full = eval::decide_reference(module, whole, now);
                for (std::size_t r = 0; r < full.rules.size(); ++r) {
                    if (keeps_promise(partial.rules[r], full.rules[r])) continue;
                    FAIL("seed " << seed << " rule " << r << "\n"
                                 << ir::dump(module) << describe(module, record) << "--- turned out as\n"
                                 << describe(module, whole));
                }
            }
        }
    }
    CHECK(samples > 20'000);
}
