// `prove` and `diff` as a user runs them.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <string>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kPack = R"(edition 1

pack desk { version "1" }

schema key {
    permissions: set of { read, trade, withdraw } = {}
    ips:         set of network = {}
    made:        instant
    label:       text
    owner:       text
    assume made <= now
}

param days_allowed = 30 days

rule withdraw_needs_ip {
    severity error
    when     withdraw in permissions
    require  ips is not empty
    message  "withdrawing needs an address"
}

rule idle {
    severity error
    when     trade in permissions
    unless   ips is not empty
    expire   days_allowed after made
    message  "idle"
}
)";

struct Project : Folder {
    Project() { write("rules/desk/pack.kw", kPack); }
    void proof(const std::string& body) const {
        write("rules/desk/proofs.kw", "edition 1\nimport \"pack.kw\"\n" + body + "\n");
    }
};

}  // namespace

TEST_CASE("prove: 0 where all hold, 1 where one fails, 2 where one is unknown, 3 for errors, 64 for nothing") {
    const Project project;
    CHECK(project("prove rules").status == 64);
    project.proof("prove \"holds\" { for every key where ips is not empty: never withdraw_needs_ip }");
    CHECK(project("prove rules").status == 0);
    project.proof("prove \"fails\" { for every key: never withdraw_needs_ip }");
    const Result failed = project("prove rules");
    CHECK(failed.status == 1);
    CHECK(holds(failed.out, "✗ fails    fails"));
    CHECK(holds(failed.out, "\"permissions\":[\"withdraw\"]"));
    CHECK(project("prove --fail-on never rules").status == 0);
    // Two texts of a record compared with each other are beyond the cells.
    project.proof("prove \"open\" { for every key where label == owner and label == \"x\": owner == \"x\" }");
    const Result open = project("prove rules");
    CHECK((open.status == 2 || open.status == 0));  // a build with a solver settles it
    CHECK(open.status != 1);
    project.proof("prove \"broken\" { for every key: never no_such_rule }");
    CHECK(project("prove rules").status == 3);
    CHECK(project("prove nowhere").status == 74);
}

TEST_CASE("prove and diff give up where the budget is used up, and say so") {
    const Project project;
    // No single condition settles this one, so it takes more than one step.
    project.proof(
        "prove \"searched\" { for every key where (read in permissions) == (trade in permissions) and "
        "(trade in permissions) == (withdraw in permissions): (read in permissions) == (withdraw in "
        "permissions) }");
    CHECK(project("prove rules").status == 0);
    const Result given_up = project("prove --steps 1 rules");
    // A build with a solver asks it next, and that one heeds other bounds.
    const bool has_solver = project("prove --smtlib rules").status == 0;
    CHECK(given_up.status == (has_solver ? 0 : 2));
    CHECK(holds(given_up.out, has_solver ? "holds" : "unknown"));
    for (const std::string steps : {"0", "many", "1.5", "-1", "99999999999999999999"}) {
        CAPTURE(steps);
        CHECK(project("prove --steps " + steps + " rules").status == 64);
    }
    project.write("new/pack.kw", replaced(kPack, "30 days", "60 days"));
    CHECK(project("diff --fail-on never rules/desk new").status == 0);
    CHECK(project("diff --fail-on never --steps 1 rules/desk new").status == 2);
}

TEST_CASE("prove writes its questions for a solver that stands alone, or says that it can't") {
    const Project project;
    CHECK(project("prove --smtlib rules").status == 64);
    project.proof("prove \"holds\" { for every key where ips is not empty: never withdraw_needs_ip }");
    const Result script = project("prove --smtlib rules");
    if (script.status == 64) {
        CHECK(holds(script.err, "this build has no SMT solver"));
    } else {
        CHECK(script.status == 0);
        CHECK(script.out.starts_with("; holds  rules/desk/proofs.kw:3\n"));
        CHECK(holds(script.out, "(check-sat)"));
    }
    CHECK(project("prove --smtlib --gaps rules/desk").status == 64);
}

TEST_CASE("prove tells the same in every format") {
    const Project project;
    project.proof("prove \"fails\" { for every key: never withdraw_needs_ip }");
    const Json json = Json::parse(project("prove --format json rules").out);
    CHECK(json.at("schema") == "keywright.proofs/1");
    const Json& proof = json.at("packs").at(0).at("proofs").at(0);
    CHECK(proof.at("state") == "fails");
    CHECK(proof.at("at").at("file") == "rules/desk/proofs.kw");
    CHECK(Json::parse(proof.at("counterexample").at("record").get<std::string>()).at("permissions").at(0) ==
          "withdraw");
    CHECK(holds(project("prove --format compact rules").out, "rules/desk/proofs.kw:3: error: `fails` fails"));
    CHECK(project("prove --format github rules").out.starts_with("::error file=rules/desk/proofs.kw,line=3::"));
}

TEST_CASE("a counterexample can be checked as it is") {
    const Project project;
    project.proof("prove \"fails\" { for every key: never idle }");
    const Json json = Json::parse(project("prove --format json rules").out);
    const Json& example = json.at("packs").at(0).at("proofs").at(0).at("counterexample");
    project.write("example.json", example.at("record").get<std::string>());
    const Result checked = project("check --rules rules/desk --at " + example.at("at").get<std::string>() +
                                   " --format compact example.json");
    CHECK(checked.status == 1);
    CHECK(holds(checked.out, "idle"));
}

TEST_CASE("packs are compared by statements") {
    const Project project;
    project.write("rules/strict/pack.kw", replaced(kPack, "30 days", "10 days"));
    const auto with = [&](const std::string& claim) {
        project.write("rules/strict/proofs.kw",
                      "edition 1\nimport \"pack.kw\"\nprove \"p\" { for every key" + claim + " }\n");
        return project("prove rules/strict");
    };
    CHECK(with(": never looser than \"../desk/pack.kw\"").status == 0);
    CHECK(with(": never stricter than \"../desk/pack.kw\"").status == 1);
    CHECK(with(": same verdict as \"../desk/pack.kw\"").status == 1);
    CHECK(with(" where trade not in permissions: same verdict as \"../desk/pack.kw\"").status == 0);
}

TEST_CASE("a gap gives 1 until it is accepted") {
    const Project project;
    const Result open = project("prove --gaps rules/desk");
    CHECK(open.status == 1);
    CHECK(holds(open.out, "trade not in permissions and ips is empty"));
    project.write("rules/desk/pack.kw",
                  replaced(kPack, "    expire ", "    accept gap \"only trading keys are spoken of\"\n    expire "));
    const Result accepted = project("prove --gaps rules/desk");
    CHECK(accepted.status == 0);
    CHECK(holds(accepted.out, "only trading keys are spoken of"));
}

TEST_CASE("findings give 1") {
    const Project project;
    CHECK(project("prove --findings rules/desk").status == 0);
    project.write("rules/desk/pack.kw",
                  kPack +
                      "rule again { severity error  when withdraw in permissions and trade in permissions\n"
                      "require ips is not empty  message \"m\" }\n");
    const Result found = project("prove --findings rules/desk");
    CHECK(found.status == 1);
    CHECK(holds(found.out, "whatever violates `again` violates another rule as well"));
}

TEST_CASE("diff: 0 for no difference, 1 for one, and --fail-on picks the direction") {
    const Project project;
    project.write("rules/strict/pack.kw", replaced(kPack, "30 days", "10 days"));
    CHECK(project("diff rules/desk rules/desk").status == 0);
    const Result looser = project("diff rules/strict rules/desk");
    CHECK(looser.status == 1);
    CHECK(holds(project("diff --format compact rules/strict rules/desk").out,
                "now - made >= 10 days and now - made < 30 days"));
    CHECK(project("diff --fail-on looser rules/strict rules/desk").status == 1);
    CHECK(project("diff --fail-on stricter rules/strict rules/desk").status == 0);
    CHECK(project("diff --fail-on looser rules/desk rules/strict").status == 0);
    CHECK(project("diff --fail-on never rules/strict rules/desk").status == 0);
    CHECK(project("diff --fail-on maybe rules/strict rules/desk").status == 64);
    CHECK(project("diff rules/desk").status == 74);
    CHECK(project("diff").status == 64);
    CHECK(project("diff rules/desk nowhere").status == 74);
    CHECK(project("diff --set days_allowed=10days rules/desk rules/desk").status != 0);
}

TEST_CASE("diff shows the live keys that are judged otherwise") {
    const Project project;
    project.write("rules/strict/pack.kw", replaced(kPack, "30 days", "10 days"));
    project.write("keys.ndjson",
                  R"({"permissions": ["trade"], "made": "2026-01-01T00:00:00Z", "label": "a", "owner": "b"}
{"permissions": ["read"], "made": "2026-01-01T00:00:00Z", "label": "c", "owner": "d"}
)");
    const std::string line = "diff --at 2026-01-20T00:00:00Z --inventory keys.ndjson rules/desk rules/strict";
    CHECK(holds(project(line).out, "1 key of 2 is judged otherwise"));
    const Json json = Json::parse(project(line + " --format json").out);
    CHECK(json.at("direction") == "stricter");
    CHECK(json.at("inventory").at("affected").at(0).at("gained").at(0) == "idle");
    CHECK(json.at("inventory").at("affected").at(0).at("before") == "compliant");
}

TEST_CASE("schemas that differ are listed, and the rest is compared") {
    const Project project;
    project.write("rules/other/pack.kw", replaced(kPack, "    label:       text\n", "    label:       text?\n"));
    const Result result = project("diff rules/desk rules/other");
    CHECK(result.status == 1);
    CHECK(holds(result.out, "field `label` was text, is text?"));
}

TEST_CASE("diff compares with a git revision") {
    const Project project;
    const std::string git =
        "cd '" + project.path() + "' && git -c user.name=a -c user.email=a@b.c -c init.defaultBranch=main ";
    if (std::system("git --version >/dev/null 2>&1") != 0) {
        MESSAGE("skipped: there is no git here");
        return;
    }
    REQUIRE(std::system((git + "init -q && git add -A && " + git.substr(git.find("git")) + "commit -qm one").c_str()) ==
            0);
    project.write("rules/desk/pack.kw", replaced(kPack, "30 days", "10 days"));
    const Result since = project("diff --rules rules/desk HEAD");
    CHECK(since.status == 1);
    CHECK(holds(since.out, "stricter"));
    CHECK(project("diff --rules rules/desk HEAD..HEAD").status == 0);
    CHECK(project("diff --rules rules/desk no_such_revision").status == 74);
}
