// The batch evaluator against the scalar one (which evaluators_test.cpp holds to the reference), and on a part against
// the reference itself: random modules, blocks of random records of every length.
//
// KEYWRIGHT_DIFFERENTIAL_PAIRS: how many pairs of module and record; KEYWRIGHT_DIFFERENTIAL_SEED: the first seed.
#include "eval/batch.h"
#include "differential/random_module.h"
#include "engine/state.h"
#include "eval/program.h"
#include "eval/reference.h"
#include "support/columns_of.h"
#include "support/compiling.h"
#include "value/network.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string describe(const eval::RuleDecision& d) {
    const auto number = [](eval::Nanos n) { return std::to_string(static_cast<double>(n)); };
    return std::string{ir::word(d.outcome)} + " warning " + std::to_string(static_cast<int>(d.warning)) + " applies " +
           std::to_string(static_cast<int>(d.applies)) + " by " + std::to_string(d.exempt_by) + " deadline " +
           number(d.deadline.earliest) + ".." + number(d.deadline.latest);
}

bool has(const eval::PlaneWords& plane, std::size_t row) { return (plane[row / 64] >> (row % 64) & 1U) != 0; }

// What a block's decision says of all its rules together, against what the rows say.
bool sums_agree(const ir::Module& module, const eval::BlockDecision& block, std::size_t row,
                std::span<const eval::RuleDecision> rules) {
    bool violation = false, undetermined = false, open = false;
    for (std::size_t r = 0; r < rules.size(); ++r) {
        const bool error = module.rules[r].severity == Severity::kError;
        violation = violation || (error && rules[r].outcome == ir::Outcome::kViolated);
        undetermined = undetermined || (error && rules[r].outcome == ir::Outcome::kUndetermined);
        open = open || rules[r].outcome == ir::Outcome::kUndetermined || rules[r].warning == eval::Truth::kUnknown;
    }
    const eval::Expiration expected = eval::expiration(module, rules), given = block.expiration(row);
    return violation == has(block.violation(), row) && undetermined == has(block.undetermined(), row) &&
           open == has(block.open(), row) && expected.none == given.none && expected.at == given.at &&
           expected.none == !has(block.may_expire(), row);
}

bool nothing_beyond(const eval::BlockDecision& block, std::size_t rules) {
    const auto clear = [&](const eval::PlaneWords& plane) {
        for (std::size_t row = block.rows(); row < value::kBlockRows; ++row) {
            if (has(plane, row)) return false;
        }
        return true;
    };
    for (std::size_t r = 0; r < rules; ++r) {
        const eval::RuleOutcomes& o = block.rule(r);
        for (const auto* plane : {&o.violated, &o.undetermined, &o.exempt, &o.pass, &o.may_apply, &o.may_not_apply,
                                  &o.warns, &o.perhaps_warns}) {
            if (!clear(*plane)) return false;
        }
    }
    return clear(block.violation()) && clear(block.undetermined()) && clear(block.open()) && clear(block.may_expire());
}

struct Evaluators {
    explicit Evaluators(const ir::Module& of, std::size_t level = eval::Batch::levels() - 1)
        : module(of),
          program(of),
          scratch(program.make_scratch()),
          batch(of),
          batch_scratch(batch.make_scratch(level)) {}

    const ir::Module& module;
    eval::Program program;
    eval::Program::Scratch scratch;
    eval::Batch batch;
    eval::Batch::Scratch batch_scratch;
    eval::BlockDecision block;
};

// Compares every row of one block; says everything where one differs.
bool agree(Evaluators& e, std::span<const value::Record> records, Instant now, bool with_reference,
           std::uint64_t seed) {
    const ColumnsOf columns{e.module, e.batch.needs(), records};
    e.batch.decide(columns.columns(), now, e.batch_scratch, e.block);
    std::vector<eval::RuleDecision> expected(e.module.rules.size()), given(e.module.rules.size());
    for (std::size_t row = 0; row < records.size(); ++row) {
        e.program.decide(records[row], now, e.scratch, expected);
        if (with_reference) expected = eval::decide_reference(e.module, records[row], now).rules;
        e.block.row(row, given);
        if (expected == given && sums_agree(e.module, e.block, row, given)) continue;
        std::string report = "seed " + std::to_string(seed) + " row " + std::to_string(row) + " of " +
                             std::to_string(records.size()) + '\n' + ir::dump(e.module) + e.batch.dump() +
                             keywright::test::describe(e.module, records[row]) + "now: " + to_string(now) + '\n';
        for (std::size_t i = 0; i < given.size(); ++i) {
            if (expected[i] == given[i]) continue;
            report += "rule " + std::to_string(i) + ": expected " + describe(expected[i]) + ", batch " +
                      describe(given[i]) + '\n';
        }
        FAIL_CHECK(report);
        return false;
    }
    if (nothing_beyond(e.block, e.module.rules.size())) return true;
    FAIL_CHECK("bits beyond the last row, seed " << seed);
    return false;
}

std::size_t random_length(Dice& dice) {
    static const std::vector<std::size_t> all{1, 2, 3, 63, 64, 65, 100, 127, 128, 200, 257};
    return dice.pick(all);
}

// Far times and long durations, so that sums leave 64 bits.
void stretch(Dice& dice, const ir::Module& module, value::Record& record) {
    static const std::vector<Instant> instants{
        {253'402'300'799, 999'999'999}, {0, 0}, {9'223'372'036, 854'775'807}, {4'294'967'296, 0}, {253'402'300'799, 0}};
    static const std::vector<Duration> durations{{INT64_MAX, 999'999'999}, {INT64_MIN, 0},     {9'223'372'036, 0},
                                                 {-9'223'372'037, 1},      {INT64_MAX / 4, 0}, {1'000'000'000'000, 7}};
    for (std::size_t f = 0; f < record.size(); ++f) {
        if (record.state(f) != value::State::kGiven || !dice.chance(40)) continue;
        if (module.schema.fields[f].type.kind == ir::Kind::kInstant) record.set_instant(f, dice.pick(instants));
        if (module.schema.fields[f].type.kind == ir::Kind::kDuration) record.set_duration(f, dice.pick(durations));
    }
}

void whole_seconds(value::Record& record, const ir::Module& module) {
    for (std::size_t f = 0; f < record.size(); ++f) {
        if (record.state(f) != value::State::kGiven) continue;
        if (module.schema.fields[f].type.kind == ir::Kind::kInstant) {
            record.set_instant(f, {record.instant(f).seconds, 0});
        } else if (module.schema.fields[f].type.kind == ir::Kind::kDuration) {
            record.set_duration(f, {record.duration(f).seconds, 0});
        }
    }
}

}  // namespace

TEST_CASE("the batch evaluator decides every row as the compiled one does") {
    const std::uint64_t pairs = setting("KEYWRIGHT_DIFFERENTIAL_PAIRS", 1'200'000);
    const std::uint64_t first = setting("KEYWRIGHT_DIFFERENTIAL_SEED", 1);
    std::size_t outcomes[5] = {};
    std::uint64_t done = 0;
    for (std::uint64_t seed = first; done < pairs; ++seed) {
        Dice dice{seed};
        Shape shape;
        shape.small = dice.chance(15);
        shape.fields = 2 + dice.below(9);
        shape.rules = 1 + dice.below(5);
        shape.depth = 1 + static_cast<unsigned>(dice.below(4));
        const ir::Module module = random_module(dice, shape);
        Evaluators evaluators{module, seed % eval::Batch::levels()};
        for (unsigned block = 0; block < 4; ++block) {
            std::vector<value::Record> records(random_length(dice));
            const bool far = dice.chance(15), whole = dice.chance(50);
            for (value::Record& record : records) {
                random_record(dice, module, shape.small, record);
                if (far) stretch(dice, module, record);
                if (whole) whole_seconds(record, module);
            }
            const Instant now = dice.pick(instants());
            if (!agree(evaluators, records, now, seed % 16 == 0, seed)) return;
            done += records.size();
            for (std::size_t r = 0; r < module.rules.size(); ++r) {
                for (std::size_t row = 0; row < records.size(); ++row) {
                    const eval::RuleOutcomes& o = evaluators.block.rule(r);
                    ++outcomes[has(o.violated, row)       ? 3
                               : has(o.undetermined, row) ? 4
                               : has(o.exempt, row)       ? 1
                               : has(o.pass, row)         ? 2
                                                          : 0];
                }
            }
        }
    }
    // The generator reaches every outcome, none of them rarely.
    for (const std::size_t count : outcomes) CHECK(count > pairs / 100);
    MESSAGE(done << " pairs: not applicable " << outcomes[0] << ", exempt " << outcomes[1] << ", pass " << outcomes[2]
                 << ", violated " << outcomes[3] << ", undetermined " << outcomes[4]);
}

TEST_CASE("the KuCoin pack on all combinations of what its rules can tell apart") {
    const ir::Module& module = kucoin().state().module;
    const auto number = [&](std::string_view name) {
        const auto found = std::ranges::find(module.schema.fields, name, &ir::Field::name);
        REQUIRE(found != module.schema.fields.end());
        return static_cast<std::size_t>(found - module.schema.fields.begin());
    };
    const Instant now{1'769'817'600, 0};
    constexpr std::int64_t kDay = 86'400;
    using Set = std::function<void(value::Record&)>;
    const auto unknown = [](value::Record&) {};
    const auto field = [&](std::string_view name, bool optional, std::vector<value::Value> values) {
        const std::size_t f = number(name);
        std::vector<Set> choices{unknown};
        if (optional) choices.emplace_back([f](value::Record& r) { r.set_absent(f); });
        for (const value::Value& v : values) choices.emplace_back([f, v](value::Record& r) { r.set(f, v); });
        return choices;
    };
    const auto masks = [](std::uint64_t count) {
        std::vector<value::Value> all;
        for (std::uint64_t bits = 0; bits < count; ++bits) all.emplace_back(value::EnumSet{bits});
        return all;
    };
    const auto blocks = [](std::vector<std::string_view> texts) {
        value::NetworkSet set;
        for (const auto text : texts) set.push_back(std::get<value::Network>(value::parse_network(text, true)));
        return value::Value{set};
    };
    const auto days_ago = [&](std::int64_t days, std::uint32_t part = 0) {
        return value::Value{Instant{now.seconds - days * kDay, part}};
    };
    const auto usage = field("usage", false, {value::EnumValue{0}, value::EnumValue{1}});
    const auto permissions = field("permissions", false, masks(128));
    const auto few_permissions = field("permissions", false, {value::EnumSet{0}, value::EnumSet{1}, value::EnumSet{3}});
    const auto allowlist = field("ip_allowlist", false,
                                 {blocks({}), blocks({"203.0.113.7"}), blocks({"0.0.0.0/0"}), blocks({"203.**.154"})});
    const auto app = field("app", true, {std::string{}, std::string{"app"}});
    const auto name = field("name", true, {std::string{" "}, std::string{"bot"}});
    const auto created = field("created_at", true, {days_ago(1), days_ago(23), days_ago(30, 1), days_ago(40)});
    const auto used = field("last_used_at", true, {days_ago(0), days_ago(22, 1), days_ago(29), days_ago(31)});
    const auto passphrase =
        field("passphrase", true, {value::facts_of(""), value::facts_of("abc"), value::undisclosed_secret()});
    const auto known = field("passphrase_known", true, {true, false});
    const auto secret =
        field("api_secret", true, {value::facts_of("abc"), value::facts_of("a***"), value::undisclosed_secret()});
    const auto verification = field("verification", true, masks(16));

    std::vector<value::Record> records;
    const auto combine = [&](const std::vector<std::vector<Set>>& axes) {
        std::vector<std::size_t> at(axes.size(), 0);
        for (bool more = true; more;) {
            value::Record& record = records.emplace_back();
            record.reset(module.schema.fields.size());
            for (std::size_t k = 0; k < axes.size(); ++k) axes[k][at[k]](record);
            more = false;
            for (std::size_t k = 0; k < axes.size() && !more; ++k) {
                more = ++at[k] < axes[k].size();
                if (!more) at[k] = 0;
            }
        }
    };
    combine({permissions, usage, app, allowlist});
    combine({few_permissions, allowlist, created, used});
    combine({passphrase, known, secret, verification, name});
    CHECK(records.size() > 15'000);
    Evaluators evaluators{module};
    for (std::size_t first = 0; first < records.size(); first += value::kBlockRows) {
        const std::size_t rows = std::min(value::kBlockRows, records.size() - first);
        if (!agree(evaluators, std::span{records}.subspan(first, rows), now, true, 0)) return;
    }
}
