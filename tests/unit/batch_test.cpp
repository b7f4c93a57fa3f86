// The batch evaluator seen from near; tests/differential/batch_test.cpp compares it with the others at large.
#include "eval/batch.h"

#include "engine/state.h"
#include "eval/program.h"
#include "support/allocations.h"
#include "support/columns_of.h"
#include "support/compiling.h"
#include "support/random_record.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

Rules compiled(std::string_view text) {
    const Compiled result = compile_text(text);
    REQUIRE_MESSAGE(result.rules, describe(result.diagnostics));
    return *result.rules;
}

bool has(const eval::PlaneWords& plane, std::size_t row) { return (plane[row / 64] >> (row % 64) & 1U) != 0; }

std::vector<value::Record> some_records(const ir::Module& module, Instant now, std::size_t rows, std::uint64_t seed) {
    Dice dice{seed};
    std::vector<value::Record> records(rows);
    for (value::Record& record : records) random_record(dice, module, now, {}, record);
    return records;
}

// How many rows differ from what the compiled evaluator says.
std::size_t differing(const ir::Module& module, const eval::Batch& batch, std::span<const value::Record> records,
                      Instant now) {
    auto batch_scratch = batch.make_scratch();
    eval::BlockDecision block;
    const ColumnsOf columns{module, batch.needs(), records};
    batch.decide(columns.columns(), now, batch_scratch, block);
    CHECK(block.rows() == records.size());
    const eval::Program program{module};
    auto scratch = program.make_scratch();
    std::vector<eval::RuleDecision> expected(module.rules.size()), given(module.rules.size());
    std::size_t count = 0;
    for (std::size_t row = 0; row < records.size(); ++row) {
        program.decide(records[row], now, scratch, expected);
        block.row(row, given);
        if (!(expected == given)) ++count;
    }
    return count;
}

constexpr std::string_view kExpiring = R"(
rule old { severity error expire idle after (used else made) warn notice before message "m" }
)";
constexpr std::string_view kTimes = "    made: instant\n    used: instant?\n    idle: duration\n    notice: duration";

value::Record times(Instant made, std::optional<Instant> used, Duration idle, Duration notice) {
    value::Record record;
    record.reset(4);
    record.set_instant(0, made);
    if (used) {
        record.set_instant(1, *used);
    } else {
        record.set_absent(1);
    }
    record.set_duration(2, idle);
    record.set_duration(3, notice);
    return record;
}

}  // namespace

TEST_CASE("blocks of every length") {
    const ir::Module& module = kucoin().state().module;
    Dice dice{1};
    const Instant now = random_now(dice);
    const eval::Batch batch{module};
    std::vector<std::size_t> lengths{0, 191, 192, 193, 1000, 1023, 1024};
    for (std::size_t rows = 1; rows <= 130; ++rows) lengths.push_back(rows);
    for (const std::size_t rows : lengths) {
        CHECK(differing(module, batch, some_records(module, now, rows, rows), now) == 0);
    }
}

TEST_CASE("times that fit seconds, nanoseconds, and neither") {
    const Rules rules = compiled(pack_text(kTimes, kExpiring));
    const ir::Module& module = rules.state().module;
    const eval::Batch batch{module};
    auto scratch = batch.make_scratch();
    eval::BlockDecision block;
    constexpr Instant kMade{1'700'000'000, 0}, kLast{value::kLastSecond, 999'999'999};
    struct Case {
        value::Record record;
        Instant now;
        eval::Nanos deadline;
    };
    const eval::Nanos giga = value::kNanosPerSecond;
    const std::vector<Case> cases{
        {times(kMade, {}, {86'400, 0}, {60, 0}), {1'700'086'399, 0}, giga * 1'700'086'400},
        {times(kMade, {}, {86'400, 0}, {60, 0}), {1'700'086'399, 999'999'999}, giga * 1'700'086'400},
        {times({1'700'000'000, 1}, {}, {86'400, 5}, {60, 0}), {1'700'086'400, 6}, giga * 1'700'086'400 + 6},
        {times(kMade, kLast, {86'400, 0}, {-60, 999'999'999}),
         {1'700'086'400, 6},
         giga * (value::kLastSecond + 86'400) + 999'999'999},
        {times(kMade, kLast, {INT64_MAX, 999'999'999}, {INT64_MAX, 0}),
         {0, 0},
         giga * value::kLastSecond + giga * INT64_MAX + 2 * eval::Nanos{999'999'999}},
        {times(kMade, {}, {INT64_MIN, 0}, {INT64_MIN, 0}), kLast, giga * kMade.seconds + giga * INT64_MIN},
        {times({INT64_MAX / 2, 0}, {}, {INT64_MAX / 2 + 2, 0}, {1, 0}),
         {5, 0},
         giga * (INT64_MAX / 2) + giga * (INT64_MAX / 2 + 2)},
    };
    const eval::Program program{module};
    auto alone = program.make_scratch();
    std::vector<eval::RuleDecision> expected(1), given(1);
    for (const Case& one : cases) {
        // Among records of every day, so that one far time is enough.
        std::vector<value::Record> records(70, times(kMade, Instant{1'700'000'500, 0}, {86'400, 0}, {60, 0}));
        records[67] = one.record;
        const ColumnsOf columns{module, batch.needs(), records};
        batch.decide(columns.columns(), one.now, scratch, block);
        CHECK(block.deadline(0, 67).is_point());
        CHECK((block.deadline(0, 67).earliest == one.deadline));
        CHECK((block.expiration(67).at.latest == one.deadline));
        for (const std::size_t row : {std::size_t{0}, std::size_t{67}}) {
            program.decide(records[row], one.now, alone, expected);
            block.row(row, given);
            CHECK((expected == given));
        }
    }
}

TEST_CASE("far times by chance") {
    const Rules rules = compiled(pack_text(
        "    made: instant\n    used: instant?\n    seen: instant\n    idle: duration\n    a: int\n    b: int -5..5\n"
        "    assume made < used\n    assume seen <= now\n    assume a <= b",
        "rule old { severity error expire idle after (used else made) warn 5 days before message \"m\" }\n"
        "rule older { severity error require seen + (now - made) - idle > now message \"m\" }\n"
        "rule sums { severity error require a < b or a == b message \"m\" }\n"
        "rule same { severity error require used is present and used - made == idle message \"m\" }"));
    const ir::Module& module = rules.state().module;
    const eval::Batch batch{module};
    const std::vector<Instant> instants{{0, 0},
                                        {0, 1},
                                        {1'700'000'000, 0},
                                        {4'294'967'295, 5},
                                        {8'589'934'592, 0},
                                        {value::kLastSecond, 0},
                                        {value::kLastSecond, 999'999'999}};
    const std::vector<Duration> durations{{0, 0},         {-1, 1},        {86'400, 0},       {INT64_MAX, 1},
                                          {INT64_MIN, 0}, {1LL << 61, 0}, {-(1LL << 61), 0}, {4'294'967'296, 0}};
    const std::vector<std::int64_t> ints{0, 1, -1, 5, INT64_MAX, INT64_MIN, INT64_MAX - 1, 1LL << 62, -(1LL << 62)};
    Dice dice{8};
    std::size_t wrong = 0;
    for (unsigned round = 0; round < 400; ++round) {
        // Up to a far limit of its own, so that some blocks are narrow.
        const std::size_t i = 1 + dice.below(instants.size()), d = 1 + dice.below(durations.size());
        const std::size_t n = 1 + dice.below(ints.size());
        std::vector<value::Record> records(1 + dice.below(150));
        for (value::Record& record : records) {
            record.reset(6);
            for (std::size_t f = 0; f < 3; ++f) {
                if (dice.chance(80)) record.set_instant(f, instants[dice.below(i)]);
            }
            if (dice.chance(10)) record.set_absent(1);
            if (dice.chance(80)) record.set_duration(3, durations[dice.below(d)]);
            if (dice.chance(80)) record.set_int(4, ints[dice.below(n)]);
            if (dice.chance(80)) record.set_int(5, static_cast<std::int64_t>(dice.below(11)) - 5);
        }
        wrong += differing(module, batch, records, dice.pick(instants));
    }
    CHECK(wrong == 0);
}

TEST_CASE("a decision that another batch wrote before") {
    const std::string fields = "    a: bool\n    made: instant";
    const Rules first = compiled(pack_text(
        fields, "rule r { severity error unless a expire 5 days after made warn 2 days before message \"m\" }"));
    const Rules second = compiled(pack_text(fields, "rule r { severity error require a message \"m\" }"));
    eval::BlockDecision block;
    value::Record record;
    record.reset(2);
    record.set_bool(0, true);
    record.set_instant(1, {1000, 0});
    const std::vector<value::Record> records{record};
    for (const Rules* rules : {&first, &second, &first}) {
        const ir::Module& module = rules->state().module;
        const eval::Batch batch{module};
        auto scratch = batch.make_scratch();
        const ColumnsOf columns{module, batch.needs(), records};
        batch.decide(columns.columns(), {2000, 0}, scratch, block);
        CHECK(has(block.rule(0).exempt, 0) == (rules == &first));
        CHECK(has(block.rule(0).pass, 0) == (rules == &second));
        CHECK(block.exempt_by(0).size() == (rules == &first ? 1 : 0));
    }
}

TEST_CASE("after the first blocks nothing is allocated") {
    const Rules rules = compiled(pack_text(kTimes, kExpiring));
    const ir::Module& module = rules.state().module;
    const eval::Batch batch{module};
    auto scratch = batch.make_scratch();
    eval::BlockDecision block;
    const value::Record near = times({1'700'000'000, 0}, {}, {86'400, 0}, {60, 0});
    const value::Record far = times({1'700'000'000, 0}, {}, {INT64_MAX, 0}, {60, 0});
    const std::vector<value::Record> all_near(100, near), all_far(100, far);
    const ColumnsOf columns{module, batch.needs(), all_near}, far_columns{module, batch.needs(), all_far};
    const auto decide = [&](const ColumnsOf& some) {
        const std::size_t before = allocations();
        batch.decide(some.columns(), {1'700'000'001, 5}, scratch, block);
        return allocations() - before;
    };
    CHECK(decide(columns) > 0);  // so that the count counts
    CHECK(decide(columns) == 0);
    CHECK(decide(far_columns) > 0);
    CHECK(decide(far_columns) == 0);
    CHECK(decide(columns) == 0);
}

TEST_CASE("a plan needs few slots however many rules there are, and grows with them") {
    std::string items;
    for (int i = 0; i < 2000; ++i) {
        const std::string n = std::to_string(i);
        items += "rule r" + n + " { severity error when n > " + n + " require n < 3" + n + " or made + " + n +
                 " days > now message \"m\" }\n";
    }
    const Rules rules = compiled(pack_text("    n: int 0..100000\n    made: instant", items));
    const std::string dump = eval::Batch{rules.state().module}.dump();
    CHECK(dump.starts_with("slots: 6 truths, 2 numbers, 0 elements\n"));
    CHECK(std::ranges::count(dump, '\n') < 2000 * 8);
}

TEST_CASE("a plan as text") {
    const Rules rules = compiled(pack_text(
        "    on: bool\n    may: set of { read, trade, move }\n    nets: set of network\n    made: instant?",
        "rule a { severity error when on require may has only {read, trade} message \"m\" }\n"
        "rule b { severity error when on unless move in may require no n in nets: n is private message \"m\" }\n"
        "rule c { severity error when made is present require made <= now message \"m\" }"));
    CHECK(eval::Batch{rules.state().module}.dump() ==
          "slots: 5 truths, 1 numbers, 1 elements\n"
          "split f1 into p0..\n"
          "t3 = truth f0 mask 2\n"
          "slices\n"
          "t4 = elements f1 !p0\n"
          "rule 0 when t3 holds t4\n"
          "t4 = elements f1 !p0\n"
          "rule 1 when t3 unless !t4 holds !t2\n"
          "n0 = load f3\n"
          "t4 = is there f3\n"
          "n1 = now\n"
          "t3 = less n1 n0\n"
          "rule 2 when t4 holds !t3\n"
          "row by row when t3: t2\n");
}
