// The KuCoin pack's proofs, and what can't decide.
#include "analysis/questions.h"
#include "logic/search.h"
#include "smt/asking.h"

#include <z3++.h>

#include <chrono>

using namespace keywright;
using logic::Answer;

namespace {

double milliseconds_of(const logic::Question& q, logic::Result& result) {
    const auto begin = std::chrono::steady_clock::now();
    result = test::solve(q);
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

std::size_t rule_named(const ir::Module& module, std::string_view name) {
    for (std::size_t i = 0; i < module.rules.size(); ++i) {
        if (module.rules[i].name == name) return i;
    }
    FAIL("no such rule");
    return 0;
}

}  // namespace

TEST_CASE("no configuration contradicts the KuCoin pack's proofs") {
    std::size_t proofs = 0;
    const auto checked = test::check_text([] {
        std::string text = "edition 1\n";
        for (const char* part : {"pack", "document", "schema", "rules", "expiry", "proofs"}) {
            std::string file = test::project_file(std::string{"rules/kucoin_tr/"} + part + ".kw");
            for (std::size_t at = 0; at < file.size();) {
                const std::size_t end = std::min(file.find('\n', at), file.size());
                const std::string line = file.substr(at, end - at);
                if (!line.starts_with("edition") && !line.starts_with("import")) text += line + "\n";
                at = end + 1;
            }
        }
        return text;
    }());
    REQUIRE_MESSAGE(!checked->refused, test::describe(checked->diagnostics));
    for (const ir::Proof& proof : checked->module.proofs) {
        CAPTURE(proof.name);
        logic::Result result;
        const double milliseconds = milliseconds_of(analysis::counterexample(checked->module, nullptr, proof), result);
        CHECK_MESSAGE(result.answer == Answer::kNo, result.reason);
        MESSAGE(milliseconds << " ms: " << proof.name);
        ++proofs;
    }
    CHECK(proofs == 10);
}

TEST_CASE("every rule of the KuCoin pack can come out every way, but for a few") {
    const auto checked = test::check_folder("rules/kucoin_tr");
    const ir::Module& module = checked->module;
    REQUIRE(!module.rules.empty());
    std::string odd;
    double slowest = 0;
    for (std::size_t i = 0; i < module.rules.size(); ++i) {
        const ir::Rule& rule = module.rules[i];
        for (const ir::Outcome way :
             {ir::Outcome::kViolated, ir::Outcome::kPass, ir::Outcome::kNotApplicable, ir::Outcome::kExempt}) {
            if (way == ir::Outcome::kNotApplicable && !rule.when.valid()) continue;
            if (way == ir::Outcome::kExempt && rule.exemptions.empty()) continue;
            logic::Result result;
            slowest = std::max(slowest, milliseconds_of(test::question({&module}, test::outcome(i, way)), result));
            if (result.answer != Answer::kYes) odd += rule.name + " " + test::letter(result.answer) + "\n";
        }
    }
    CHECK(odd.empty());
    INFO(odd);
    MESSAGE("slowest: " << slowest << " ms");
}

TEST_CASE("the exemption `general_only` of the KuCoin pack never decides") {
    const auto checked = test::check_folder("rules/kucoin_tr");
    const ir::Module& module = checked->module;
    const std::size_t rule = rule_named(module, "idle_spot_key_expires");
    REQUIRE(module.rules[rule].exemptions.size() == 2);
    REQUIRE(module.rules[rule].exemptions[1].label == "general_only");

    logic::Leaf exempt;
    exempt.claim = logic::Claim::kExempt;
    exempt.rule = ir::RuleId{rule};
    for (const std::uint32_t exemption : {0U, 1U}) {
        exempt.exemption = exemption;
        logic::Question q;
        q.packs = {&module};
        const std::uint32_t applies = q.leaf(test::holds(module.rules[rule].when));
        q.conjunction({applies, q.leaf(exempt)});
        CHECK(test::solve(q).answer == (exemption == 0 ? Answer::kYes : Answer::kNo));
    }

    logic::Leaf warning;
    warning.claim = logic::Claim::kWarning;
    warning.rule = ir::RuleId{rule};
    const logic::Result warned = test::solve(test::question({&module}, warning));
    CHECK(warned.answer == Answer::kYes);
    warning.rule = ir::RuleId{rule_named(module, "name_required")};
    CHECK(test::solve(test::question({&module}, warning)).answer == Answer::kNo);
}

TEST_CASE("two packs share the fields of the same name and kind") {
    const char* fields = "a: int 1..9\nb: one of { x, y }\nc: bool?\nonly: set of network";
    const auto before = test::check_text(test::pack_text(fields, "rule r { when b == x require a > 3 message \"m\" }"));
    const auto after =
        test::check_text(test::pack_text("b: one of { x, y }\na: int 1..9\nc: int 1..9?\nonly: set of network",
                                         "rule r { when b == x require a > 4 message \"m\" }"));
    REQUIRE_MESSAGE(!before->refused, test::describe(before->diagnostics));
    REQUIRE_MESSAGE(!after->refused, test::describe(after->diagnostics));
    const auto differ = [&](std::uint32_t violated) {
        logic::Question q;
        q.packs = {&before->module, &after->module};
        const std::uint32_t here = q.leaf(test::outcome(0, ir::Outcome::kViolated, violated));
        q.conjunction({here, q.leaf(test::outcome(0, ir::Outcome::kPass, 1 - violated))});
        return test::solve(q);
    };
    CHECK(differ(0).answer == Answer::kNo);
    const logic::Result stricter = differ(1);
    REQUIRE(stricter.answer == Answer::kYes);
    CHECK(stricter.witness->records[0].integer(0) == 4);
    CHECK(stricter.witness->records[1].integer(1) == 4);
    // `c` is a different thing in each.
    const auto c_here = test::check_text(test::pack_text(fields, "define q = c is present"));
    const auto c_there = test::check_text(test::pack_text("c: int 1..9?", "define q = c is absent"));
    logic::Question q;
    q.packs = {&c_here->module, &c_there->module};
    const std::uint32_t here = q.leaf(test::holds(c_here->module.defines[0].root, 0));
    q.conjunction({here, q.leaf(test::holds(c_there->module.defines[0].root, 1))});
    CHECK(test::solve(q).answer == Answer::kYes);
}

TEST_CASE("two packs know of a shared field what both know") {
    const auto ask = [](const char* mine, const std::string& condition, const char* theirs, const std::string& other) {
        const auto a = test::check_text(test::pack_text(mine, "define q = " + condition));
        const auto b = test::check_text(test::pack_text(theirs, "define q = " + other));
        REQUIRE_MESSAGE(!a->refused, test::describe(a->diagnostics));
        REQUIRE_MESSAGE(!b->refused, test::describe(b->diagnostics));
        logic::Question q;
        q.packs = {&a->module, &b->module};
        const std::uint32_t here = q.leaf(test::holds(a->module.defines[0].root, 0));
        q.conjunction({here, q.leaf(test::holds(b->module.defines[0].root, 1))});
        const logic::Result smt = test::solve(q);
        CHECK(smt.answer == logic::CellSolver{}.solve(q, {}).answer);
        return smt.answer;
    };
    CHECK(ask("a: int 1..9", "a < 5", "a: int 4..20", "a < 6") == Answer::kYes);
    CHECK(ask("a: int 1..9", "a < 4", "a: int 4..20", "a > 5") == Answer::kNo);
    CHECK(ask("a: int 1..9", "a < 4", "a: int 4..20", "a > 4 or a < 20") == Answer::kNo);
    CHECK(ask("u: one of { x, y }", "u == x", "u: one of { y, z, x }", "u == x") == Answer::kYes);
    CHECK(ask("u: one of { x, y }", "u == x", "u: one of { y, z, x }", "u != x") == Answer::kNo);
    CHECK(ask("u: one of { x, y }", "u != x", "u: one of { y, z, x }", "u == z") == Answer::kNo);
    CHECK(ask("s: set of { x, y }", "x in s", "s: set of { y, z, x }", "s == {x}") == Answer::kYes);
    CHECK(ask("s: set of { x, y }", "x in s", "s: set of { y, z, x }", "z in s") == Answer::kNo);
    CHECK(ask("a: bool?", "a is absent", "a: bool", "a or not a") == Answer::kNo);
    CHECK(ask("a: bool?", "a is absent", "a: bool?", "a is absent") == Answer::kYes);
}

TEST_CASE("a question can be written down for another solver") {
    const auto checked = test::check_text(test::pack_text(
        "name: text?\nuse: one of { x, y }\nnets: set of network",
        "define q = use == y and name is present and name == \"a\\\\u{41}\\\"\" and nets is not empty"));
    REQUIRE_MESSAGE(!checked->refused, test::describe(checked->diagnostics));
    const ir::NodeId root = checked->module.defines[0].root;
    const std::string text = smt::to_smtlib(test::question({&checked->module}, test::holds(root)));
    INFO(text);
    for (const char* part : {"(set-logic ALL)", "(check-sat)", "(get-model)", "declare-fun name ", "name?",
                             "use: 0 x, 1 y", "nets[0].address"}) {
        CAPTURE(part);
        CHECK(text.find(part) != std::string::npos);
    }
    CHECK(smt::to_smtlib({}).empty());
    // What is written down is what is asked.
    for (const bool negated : {false, true}) {
        logic::Question q = test::question({&checked->module}, test::holds(root), negated);
        const std::uint32_t asked = static_cast<std::uint32_t>(q.terms.size() - 1);
        for (const bool contradicted : {false, true}) {
            if (contradicted) q.conjunction({asked, q.negation(asked)});
            const std::string exported = smt::to_smtlib(q);
            z3::context context;
            z3::solver solver{context};
            solver.from_string(exported.substr(0, exported.find("(check-sat)")).c_str());
            CHECK(solver.check() == (contradicted ? z3::unsat : z3::sat));
        }
    }
}

TEST_CASE("a question that makes no sense gets a reason, and a small budget an answer or one") {
    const auto solver = smt::make_solver();
    CHECK(solver->solve({}, {}).answer == Answer::kUnknown);
    const auto checked = test::check_text(
        test::pack_text("a: text\nb: text\nc: text",
                        "define q = a starts with b and b starts with c and c like \"*x*y*z*\" and a is blank"));
    REQUIRE_MESSAGE(!checked->refused, test::describe(checked->diagnostics));
    logic::Budget tiny;
    tiny.milliseconds = 3;
    const logic::Result result =
        test::solve(test::question({&checked->module}, test::holds(checked->module.defines[0].root)), tiny);
    CHECK(result.answer != Answer::kYes);
    logic::Budget small;
    small.megabytes = 1;
    CHECK(test::solve(test::question({&checked->module}, test::holds(checked->module.defines[0].root)), small).answer !=
          Answer::kYes);
    logic::Question wrong = test::question({&checked->module}, test::outcome(7, ir::Outcome::kPass));
    CHECK(solver->solve(wrong, {}).answer == Answer::kUnknown);
}
