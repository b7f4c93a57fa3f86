// Mutants killed, survived, equivalent, undecided; the public report.
#include "keywright/mutation.h"
#include "keywright/render_mutation.h"
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

using namespace keywright;
using namespace keywright::test;

namespace {

using State = Mutant::State;

MutationReport mutated(std::string_view fields, std::string_view items) {
    const Compiled compiled = compile_text(pack_text(fields, items));
    REQUIRE(compiled.rules);
    return mutate(*compiled.rules);
}

const Mutant& named(const MutationReport& report, std::string_view id) {
    const auto at = std::ranges::find(report.mutants, id, &Mutant::id);
    REQUIRE_MESSAGE(at != report.mutants.end(), id);
    return *at;
}

std::string states(const MutationReport& report) {
    std::string out;
    for (const Mutant& m : report.mutants) out += m.id + " " + std::string{to_string(m.state)} + "\n";
    return out;
}

constexpr std::string_view kRule =
    "rule few { severity error\nrequire n < 5\nmessage \"m\" }\n"
    "sample s = key { n: 0 }\n";

}  // namespace

TEST_CASE("tests at a boundary kill what tests away from it let live") {
    const MutationReport weak = mutated("n: int 0..100", std::string{kRule} +
                                                             "test \"three\" { given s with { n: 3 } at "
                                                             "2026-01-01T00:00:00Z expect none }\n"
                                                             "test \"nine\" { given s with { n: 9 } at "
                                                             "2026-01-01T00:00:00Z expect few as error }\n");
    CHECK(states(weak) ==
          "few/severity/1 killed\n"
          "few/comparison/1 survived\n"
          "few/comparison/2 killed\n"
          "few/negate/1 killed\n"
          "few/constant/1 survived\n");
    CHECK(weak.score() == doctest::Approx(60.0));
    CHECK(weak.tests == 2);
    CHECK(weak.failing_tests.empty());
    const Mutant& wider = named(weak, "few/comparison/1");
    REQUIRE(wider.example);
    CHECK(wider.example->json == R"({"n":5})");
    REQUIRE(wider.outcomes.size() == 1);
    CHECK(wider.outcomes.front() == OutcomeShown{"few", "violated (error)", "pass"});
    CHECK(named(weak, "few/negate/1").killed_by == "three");
    CHECK(named(weak, "few/severity/1").killed_by == "nine");

    const MutationReport strong = mutated("n: int 0..100", std::string{kRule} +
                                                               "test \"four\" { given s with { n: 4 } at "
                                                               "2026-01-01T00:00:00Z expect none }\n"
                                                               "test \"five\" { given s with { n: 5 } at "
                                                               "2026-01-01T00:00:00Z expect few as error }\n");
    CHECK(strong.count(State::kKilled) == strong.mutants.size());
    CHECK(strong.score() == doctest::Approx(100.0));
}

TEST_CASE("an expectation that asks for little kills little") {
    const MutationReport report = mutated("n: int 0..100", std::string{kRule} +
                                                               "test \"nine\" { given s with { n: 9 } at "
                                                               "2026-01-01T00:00:00Z expect verdict violation }\n");
    CHECK(named(report, "few/severity/1").state == State::kKilled);
    CHECK(named(report, "few/comparison/1").state == State::kSurvived);
    CHECK(named(report, "few/constant/1").state == State::kSurvived);
}

TEST_CASE("what no record can tell is proved equivalent and isn't counted") {
    // Where the rule applies the exemption can't hold.
    const MutationReport report =
        mutated("a: bool b: bool",
                "rule r { severity error\nwhen a and b\nunless not a\nrequire b\nmessage \"m\" }\n"
                "sample s = key { a: true, b: true }\n"
                "test \"both\" { given s at 2026-01-01T00:00:00Z expect passes r }\n"
                "test \"none\" { given s with { a: false } at 2026-01-01T00:00:00Z expect not_applicable r }\n");
    CHECK(named(report, "r/drop_exemption/1").state == State::kEquivalent);
    CHECK(report.count(State::kUndecided) == 0);
    for (const Mutant& m : report.mutants) CHECK((m.state == State::kSurvived) == m.example.has_value());

    const MutationReport open =
        mutated("s: set of { x, y }",
                "rule r { severity error\nwhen x in s\nunless s == {y}\nforbid y in s\nmessage \"m\" }\n"
                "sample k = key { s: {} }\n"
                "test \"t\" { given k with { s: {x} } at 2026-01-01T00:00:00Z expect passes r }\n");
    CHECK(named(open, "r/drop_exemption/1").state == State::kEquivalent);
    CHECK(named(open, "r/drop_element/1").state == State::kEquivalent);
}

TEST_CASE("a record with unknown fields tells what complete ones don't") {
    // `b or not b` holds for every complete record, and is unknown where `b` is.
    const std::string rules =
        "rule r { severity error\nrequire a or b or not b\nmessage \"m\" }\n"
        "sample s = key { a: false, b: true }\n"
        "test \"t\" { given s at 2026-01-01T00:00:00Z expect passes r }\n";
    const MutationReport report = mutated("a: bool b: bool", rules);
    const Mutant& without_a = named(report, "r/drop_operand/1");
    REQUIRE(without_a.state == State::kSurvived);
    CHECK(without_a.example->json.find("\"b\"") == std::string::npos);
    REQUIRE(without_a.outcomes.size() == 1);
    CHECK(without_a.outcomes.front() == OutcomeShown{"r", "pass", "undetermined (error)"});
}

TEST_CASE("absent and unknown") {
    const std::string rules =
        "rule r { severity error\nrequire t is present\nmessage \"m\" }\n"
        "sample s = key { t: \"x\" }\n"
        "test \"there\" { given s at 2026-01-01T00:00:00Z expect passes r }\n";
    const MutationReport weak = mutated("t: text?", rules);
    CHECK(named(weak, "r/absent_as_unknown/1").state == State::kSurvived);
    CHECK(named(weak, "r/unknown_as_absent/1").state == State::kSurvived);
    const MutationReport strong =
        mutated("t: text?",
                rules + "test \"gone\" { given s with { t: absent } at 2026-01-01T00:00:00Z expect r as error }\n" +
                    "test \"open\" { given s with { t: unknown } at 2026-01-01T00:00:00Z expect undetermined r }\n");
    CHECK(strong.score() == doctest::Approx(100.0));
    CHECK(named(strong, "r/absent_as_unknown/1").killed_by == "gone");
    CHECK(named(strong, "r/unknown_as_absent/1").killed_by == "open");
}

TEST_CASE("what a test needs kills where outcomes are the same") {
    const std::string rules =
        "rule r { severity error\nrequire a or b\nmessage \"m\" }\n"
        "sample s = key { a: unknown, b: unknown }\n";
    const std::string loose = "test \"t\" { given s at 2026-01-01T00:00:00Z expect undetermined r }\n";
    const std::string exact = "test \"t\" { given s at 2026-01-01T00:00:00Z expect undetermined r needs a and b }\n";
    CHECK(named(mutated("a: bool b: bool", rules + loose), "r/drop_operand/1").state == State::kSurvived);
    CHECK(named(mutated("a: bool b: bool", rules + exact), "r/drop_operand/1").state == State::kKilled);
}

TEST_CASE("deadlines, warnings and what exempts are told apart") {
    const std::string rules =
        "rule r { severity error\nunless b\nunless c\nexpire 10 days after made warn 2 days before\nmessage \"m\" }\n"
        "sample s = key { made: 2026-01-01T00:00:00Z, b: false, c: false }\n";
    const std::string test = "test \"t\" { given s at 2026-01-02T00:00:00Z expect ";
    const std::string exempt = "test \"e\" { given s with { b: true, c: true } at 2026-01-02T00:00:00Z expect exempt r";
    const MutationReport weak =
        mutated("made: instant b: bool c: bool", rules + test + "passes r }\n" + exempt + " }\n");
    CHECK(named(weak, "r/constant/1").state == State::kSurvived);
    CHECK(named(weak, "r/drop_warning/1").state == State::kSurvived);
    CHECK(named(weak, "r/drop_exemption/1").state == State::kSurvived);
    const MutationReport better = mutated("made: instant b: bool c: bool",
                                          rules + test + "expires 2026-01-11T00:00:00Z }\n" + exempt + " by b }\n");
    CHECK(named(better, "r/constant/1").state == State::kKilled);
    CHECK(named(better, "r/constant/2").state == State::kKilled);
    CHECK(named(better, "r/drop_exemption/1").state == State::kKilled);
    CHECK(named(better, "r/drop_warning/1").state == State::kSurvived);
}

TEST_CASE("what can't be settled is said to be undecided, and counts as not killed") {
    const MutationReport report = mutated("t: text u: text",
                                          "rule r { severity error\nrequire t == u or t == \"x\"\nmessage \"m\" }\n"
                                          "sample s = key { t: \"x\", u: \"x\" }\n"
                                          "test \"t\" { given s at 2026-01-01T00:00:00Z expect passes r }\n");
    for (const Mutant& m : report.mutants) {
        if (m.state == State::kUndecided) CHECK(!m.reason.empty());
        if (m.state == State::kEquivalent) FAIL_CHECK(m.id);
    }
    CHECK(report.score() < 100.0);
}

TEST_CASE("a test that fails without a mistake notices nothing") {
    const MutationReport report =
        mutated("n: int 0..100",
                std::string{kRule} + "test \"wrong\" { given s with { n: 4 } at 2026-01-01T00:00:00Z expect few }\n");
    REQUIRE(report.failing_tests.size() == 1);
    CHECK(report.failing_tests.front() == "wrong");
    CHECK(report.count(State::kKilled) == 0);
}

TEST_CASE("tests in several files are put to one pack's mutants together") {
    const Files files{
        {"pack.kw", pack_text("n: int 0..100", "rule few { severity error\nrequire n < 5\nmessage \"m\" }\n")},
        {"a.kw",
         "edition 1\nimport \"pack.kw\"\nsample s = key { n: 0 }\ntest \"four\" { given s with { n: 4 } "
         "at 2026-01-01T00:00:00Z expect none }\n"},
        {"b.kw",
         "edition 1\nimport \"pack.kw\"\nsample t = key { n: 0 }\ntest \"five\" { given t with { n: 5 } "
         "at 2026-01-01T00:00:00Z expect few as error }\n"}};
    const auto score = [&](std::vector<std::string> also) {
        CompileOptions options;
        options.also = std::move(also);
        const Compiled compiled = compile(files, "pack.kw", options);
        REQUIRE(compiled.rules);
        return mutate(*compiled.rules).score();
    };
    CHECK(score({"a.kw"}) < 100.0);
    CHECK(score({"b.kw"}) < 100.0);
    CHECK(score({"a.kw", "b.kw"}) == doctest::Approx(100.0));
}

TEST_CASE("the report as text") {
    const MutationReport report = mutated("n: int 0..100", std::string{kRule} +
                                                               "test \"nine\" { given s with { n: 9 } at "
                                                               "2026-01-01T00:00:00Z expect few as error }\n");
    CHECK(to_pretty(named(report, "few/comparison/1"), "-x\n+y\n", {false, 100}) ==
          "✗ survived  few/comparison/1  rules.kw:7\n"
          "    `n < 5` becomes `n <= 5`\n"
          "-x\n+y\n"
          "    killed by  {\"n\":5}\n"
          "    at         2026-01-01T00:00:00Z\n"
          "    because    few: violated (error); with the mistake: pass\n");
    CHECK(to_pretty(named(report, "few/negate/1"), "", {}).empty());
    CHECK(to_pretty(report, {false, 100}) == "5 mutants, 1 test: 3 killed, 2 survived; score 60.0 %\n");
    CHECK(
        to_compact(report).starts_with("rules.kw:7:9: mutant survived: few/comparison/1: `n < 5` becomes `n <= 5`\n"));
    CHECK(to_github(report).starts_with("::warning file=rules.kw,line=7,endLine=7::mutant survived: few/comparison/1"));
}
