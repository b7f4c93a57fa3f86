// The reference evaluator against the compiled one, on random modules and records.
//
// KEYWRIGHT_DIFFERENTIAL_PAIRS: how many pairs of module and record; KEYWRIGHT_DIFFERENTIAL_SEED: the first seed.
#include "differential/random_module.h"
#include "eval/program.h"
#include "eval/reference.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
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

// Compares the evaluators on one record; says everything where they differ.
bool agree(const ir::Module& module, const eval::Program& program, eval::Program::Scratch& scratch,
           const value::Record& record, Instant now, std::vector<eval::RuleDecision>& out, std::uint64_t seed) {
    const eval::Decision expected = eval::decide_reference(module, record, now);
    program.decide(record, now, scratch, out);
    if (expected.rules == out) return true;
    std::string report = "seed " + std::to_string(seed) + "\n" + ir::dump(module) + program.dump() +
                         keywright::test::describe(module, record) + "now: " + to_string(now) + "\n";
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (expected.rules[i] == out[i]) continue;
        report += "rule " + std::to_string(i) + ": reference " + describe(expected.rules[i]) + ", program " +
                  describe(out[i]) + "\n";
    }
    FAIL_CHECK(report);
    return false;
}

}  // namespace

TEST_CASE("the compiled evaluator decides as the reference does") {
    const std::uint64_t pairs = setting("KEYWRIGHT_DIFFERENTIAL_PAIRS", 50'000);
    const std::uint64_t first = setting("KEYWRIGHT_DIFFERENTIAL_SEED", 1);
    constexpr std::uint64_t kRecords = 40;
    std::size_t outcomes[5] = {};
    value::Record record;
    std::uint64_t done = 0;
    for (std::uint64_t seed = first; done < pairs; ++seed) {
        Dice dice{seed};
        Shape shape;
        shape.fields = 2 + dice.below(9);
        shape.rules = 1 + dice.below(4);
        shape.depth = 1 + static_cast<unsigned>(dice.below(4));
        const ir::Module module = random_module(dice, shape);
        const eval::Program program{module};
        auto scratch = program.make_scratch();
        auto alone = program.make_scratch();
        std::vector<eval::RuleDecision> out(module.rules.size());
        for (std::uint64_t k = 0; k < kRecords; ++k, ++done) {
            random_record(dice, module, shape.small, record);
            const Instant now = dice.pick(instants());
            if (!agree(module, program, scratch, record, now, out, seed)) return;
            // One rule alone, with what deciding other rules and records has left in the scratch.
            for (std::size_t r = out.size(); r-- > 0;) {
                if (program.decide_rule(record, now, alone, ir::RuleId{r}) == out[r]) continue;
                FAIL("seed " << seed << " rule " << r << " alone\n"
                             << ir::dump(module) << describe(module, record) << program.dump());
            }
            for (const eval::RuleDecision& d : out) ++outcomes[static_cast<std::size_t>(d.outcome)];
        }
    }
    // The generator reaches every outcome, none of them rarely.
    for (const std::size_t count : outcomes) CHECK(count > pairs / 100);
    MESSAGE(done << " pairs: not applicable " << outcomes[0] << ", exempt " << outcomes[1] << ", pass " << outcomes[2]
                 << ", violated " << outcomes[3] << ", undetermined " << outcomes[4]);
}
