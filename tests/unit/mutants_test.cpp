// Every operator on a small rule: exactly these mutants, and what they read as.
#include "analysis/mutants.h"
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>

using namespace keywright;
using namespace keywright::test;

namespace {

struct Made {
    std::unique_ptr<Checked> checked;
    analysis::Mutants mutants;
};

Made made(std::string_view fields, std::string_view items) {
    Made out;
    out.checked = check_text(pack_text(fields, items));
    REQUIRE(codes(out.checked->diagnostics) == "fine");
    out.mutants = analysis::make_mutants(out.checked->module, &out.checked->loaded.sources);
    return out;
}

// `id: what`, one a line, of the operators that are no slips about fields; severities only where asked.
std::string of(std::string_view fields, std::string_view items, std::string_view only = "") {
    const Made m = made(fields, items);
    std::string out;
    for (const analysis::Mutant& mutant : m.mutants.all) {
        const std::string_view op = analysis::to_string(mutant.op);
        if (only.empty() ? op == "severity" || mutant.field.valid() : op != only) continue;
        out += mutant.id + ": " + mutant.what + "\n";
        // What it replaces is what stands there.
        if (mutant.after) CHECK(m.checked->loaded.sources.text(mutant.span) == mutant.before);
    }
    return out;
}

std::string rule(std::string_view clauses) {
    return "rule r { severity warning\n" + std::string{clauses} + "\nmessage \"m\" }";
}

}  // namespace

TEST_CASE("conditions: dropped, opposite, joined otherwise") {
    CHECK(of("a: bool b: bool c: bool", rule("require a and (b or not c)")) ==
          "r/connective/1: `a and (b or not c)` becomes `a or (b or not c)`\n"
          "r/drop_operand/1: `a and (b or not c)` becomes `b or not c`\n"
          "r/drop_operand/2: `a and (b or not c)` becomes `a`\n"
          "r/negate/1: `a and (b or not c)` becomes `not (a and (b or not c))`\n"
          "r/negate/2: `a` becomes `not a`\n"
          "r/connective/2: `b or not c` becomes `b and not c`\n"
          "r/drop_operand/3: `b or not c` becomes `not c`\n"
          "r/drop_operand/4: `b or not c` becomes `b`\n"
          "r/negate/3: `b or not c` becomes `not (b or not c)`\n"
          "r/negate/4: `b` becomes `not b`\n"
          "r/negate/5: `not c` becomes `c`\n");
    CHECK(of("a: bool b: bool", rule("require a implies b"), "implication") ==
          "r/implication/1: `a implies b` becomes `b implies a`\n"
          "r/implication/2: `a implies b` becomes `a and b`\n");
}

TEST_CASE("clauses that are dropped") {
    CHECK(
        of("a: bool b: bool c: bool d: bool",
           "document g { title \"t\" clause x must \"x\" }\n"
           "rule r { cites g x\nseverity error\nwhen (a)\nunless b cites g x\nrequire c\nforbid d\nmessage \"m\" }") ==
        "r/drop_when/1: without `when (a)`\n"
        "r/negate/1: `a` becomes `not a`\n"
        "r/drop_exemption/1: without `unless b cites g x`\n"
        "r/negate/2: `b` becomes `not b`\n"
        "r/drop_requirement/1: without `require c`\n"
        "r/negate/3: `c` becomes `not c`\n"
        "r/drop_requirement/2: without `forbid d`\n"
        "r/negate/4: `d` becomes `not d`\n");
}

TEST_CASE("comparisons and constants") {
    // `n <= 5` reads the same as `n < 6`, `n <= 4` the same as `n < 5`: each once.
    CHECK(of("n: int 0..100", rule("require n < 5")) ==
          "r/comparison/1: `n < 5` becomes `n <= 5`\n"
          "r/comparison/2: `n < 5` becomes `n > 5`\n"
          "r/negate/1: `n < 5` becomes `not n < 5`\n"
          "r/constant/1: `5` becomes `4`\n");
    // What the ranges decide the checker refuses, so it is no mutant.
    CHECK(of("n: int 0..100", rule("require n > 0")) ==
          "r/negate/1: `n > 0` becomes `not n > 0`\n"
          "r/constant/1: `0` becomes `1`\n");
    CHECK(of("e: one of { x, y, z }", rule("require e == y")) ==
          "r/comparison/1: `e == y` becomes `e != y`\n"
          "r/enum_value/1: `y` becomes `z`\n");
    // A link of a chain has no text of its own.
    CHECK(of("n: int 0..100 m: int 0..100", rule("require 1 < n <= m"), "comparison") ==
          "r/comparison/1: `1 < n <= m` becomes `1 <= n and n <= m`\n"
          "r/comparison/2: `1 < n <= m` becomes `1 > n and n <= m`\n"
          "r/comparison/3: `1 < n <= m` becomes `1 < n and n < m`\n"
          "r/comparison/4: `1 < n <= m` becomes `1 < n and n >= m`\n");
    CHECK(of("t: instant", rule("require t >= 2026-01-01T00:00:00Z"), "constant") ==
          "r/constant/1: `2026-01-01T00:00:00Z` becomes `2025-12-31T23:59:59Z`\n"
          "r/constant/2: `2026-01-01T00:00:00Z` becomes `2026-01-01T00:00:01Z`\n");
    CHECK(of("d: duration", rule("require d > 1500 milliseconds"), "constant") ==
          "r/constant/1: `1500 milliseconds` becomes `1499 milliseconds`\n"
          "r/constant/2: `1500 milliseconds` becomes `1501 milliseconds`\n");
}

TEST_CASE("expiry and its warning") {
    CHECK(of("used: instant? made: instant? assume made <= now",
             "rule r { severity error\nexpire 30 days after used else made else now warn 7 days before\nmessage \"m\" "
             "}") ==
          "r/constant/1: `30 days` becomes `2591999 seconds`\n"
          "r/constant/2: `30 days` becomes `2592001 seconds`\n"
          "r/drop_alternative/1: `used else made else now` becomes `now`\n"
          "r/drop_alternative/2: `used else made else now` becomes `made else now`\n"
          "r/drop_alternative/3: `used else made else now` becomes `used else now`\n"
          "r/drop_warning/1: without ` warn 7 days before`\n"
          "r/constant/3: `7 days` becomes `604799 seconds`\n"
          "r/constant/4: `7 days` becomes `604801 seconds`\n");
}

TEST_CASE("sets, networks and texts") {
    CHECK(of("s: set of { a, b, c }", rule("require s has any of {a, b}")) ==
          "r/set_relation/1: `s has any of {a, b}` becomes `s has all of {a, b}`\n"
          "r/set_relation/2: `s has any of {a, b}` becomes `s has only {a, b}`\n"
          "r/negate/1: `s has any of {a, b}` becomes `not s has any of {a, b}`\n"
          "r/drop_element/1: `{a, b}` becomes `{b}`\n"
          "r/drop_element/2: `{a, b}` becomes `{a}`\n");
    CHECK(of("s: set of network", rule("require every n in s: n within 10.0.0.0/8")) ==
          "r/quantifier/1: `every n in s: n within 10.0.0.0/8` becomes `any n in s: n within 10.0.0.0/8`\n"
          "r/quantifier/2: `every n in s: n within 10.0.0.0/8` becomes `no n in s: n within 10.0.0.0/8`\n"
          "r/negate/1: `every n in s: n within 10.0.0.0/8` becomes `not every n in s: n within 10.0.0.0/8`\n"
          "r/network_relation/1: `n within 10.0.0.0/8` becomes `n covers 10.0.0.0/8`\n"
          "r/network_relation/2: `n within 10.0.0.0/8` becomes `n overlaps 10.0.0.0/8`\n"
          "r/prefix/1: `10.0.0.0/8` becomes `10.0.0.0/7`\n"
          "r/prefix/2: `10.0.0.0/8` becomes `10.0.0.0/9`\n");
    CHECK(of("t: text", rule("require t starts with \"x\"")) ==
          "r/text_relation/1: `t starts with \"x\"` becomes `t ends with \"x\"`\n"
          "r/negate/1: `t starts with \"x\"` becomes `not t starts with \"x\"`\n");
    CHECK(of("a: instant", rule("require a + 1 day > now"), "arithmetic") ==
          "r/arithmetic/1: `a + 1 day` becomes `a - 1 day`\n");
}

TEST_CASE("what the checker would refuse is no mutant") {
    // Without the test, the rest may be absent; with `or`, it would be where it is looked at.
    CHECK(of("t: text?", rule("require t is present and t is not blank")) ==
          "r/drop_operand/1: `t is present and t is not blank` becomes `t is present`\n"
          "r/negate/1: `t is present and t is not blank` becomes `not (t is present and t is not blank)`\n"
          "r/negate/2: `t is not blank` becomes `t is blank`\n");
}

TEST_CASE("a mistake in a define or parameter is one mutant of every rule that uses it") {
    const Made m = made("n: int 0..100 b: bool",
                        "param least = 3\n"
                        "define big = n > least\n" +
                            rule("require big") + "rule q { severity info\nwhen b\nforbid big\nmessage \"m\" }");
    std::size_t shared = 0;
    for (const analysis::Mutant& mutant : m.mutants.all) {
        if (!mutant.id.starts_with("least/") && !mutant.id.starts_with("big/")) continue;
        ++shared;
        CHECK(mutant.rules.size() == 2);
    }
    CHECK(shared == 5);  // `>` for `>=` and `<`, the opposite, and two values of `least`
    CHECK(of("n: int 0..100", "param least = 3\n" + rule("require n > least"), "constant") ==
          "least/constant/1: `3` becomes `2`\n"
          "least/constant/2: `3` becomes `4`\n");
}

TEST_CASE("severities") {
    CHECK(of("a: bool", "rule r { severity warning require a message \"m\" }", "severity") ==
          "r/severity/1: `warning` becomes `error`\n"
          "r/severity/2: `warning` becomes `info`\n");
    CHECK(of("a: bool", "rule r { severity error require a message \"severity info\" }", "severity") ==
          "r/severity/1: `error` becomes `warning`\n");
    CHECK(of("a: bool", "rule r { require a message \"m\" }", "severity") ==
          "r/severity/1: `{` becomes `{ severity warning`\n");
}

TEST_CASE("absent and unknown are mistaken for each other, a field and a rule at a time") {
    CHECK(of("t: text? s: set of { a, b }", rule("require t is present or s is empty"), "absent_as_unknown") ==
          "r/absent_as_unknown/1: to `r`, an absent `t` is unknown\n");
    CHECK(of("t: text? s: set of { a, b }", rule("require t is present or s is empty"), "unknown_as_absent") ==
          "r/unknown_as_absent/1: to `r`, an unknown `t` is absent\n");
    CHECK(of("t: text? s: set of { a, b }", rule("require t is present or s is empty"), "unknown_as_empty") ==
          "r/unknown_as_empty/1: to `r`, an unknown `s` is empty\n");
}

TEST_CASE("identifiers are unique, and the same in another run") {
    const analysis::Mutants first = analysis::make_mutants(check_folder("rules/kucoin_tr")->module, nullptr);
    const analysis::Mutants second = analysis::make_mutants(check_folder("rules/kucoin_tr")->module, nullptr);
    std::set<std::string> ids;
    REQUIRE(first.all.size() == second.all.size());
    for (std::size_t i = 0; i < first.all.size(); ++i) {
        CHECK(first.all[i].id == second.all[i].id);
        CHECK(ids.insert(first.all[i].id).second);
        CHECK(!first.all[i].rules.empty());
    }
    CHECK(ids.size() > 100);
}
