// `--waivers` as a user gives it: files and folders, by option, variable and keywright.toml.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kPack = R"(edition 1

pack desk { version "1" }

schema key {
    name:     text
    withdraw: bool
}

rule no_withdrawal { severity error  forbid withdraw  message "m" }

test "no withdrawal" {
    given key { name: "cold", withdraw: true }
    at 2026-01-15T00:00:00Z expect no_withdrawal
}

prove "nobody withdraws" { for every key where withdraw: verdict is violation }
)";

std::string waiver(const std::string& name, const std::string& subject) {
    return "edition 1\n\nwaiver " + name + " {\n    waives no_withdrawal\n    when   name == \"" + subject +
           "\"\n    owner  \"" + name + " desk\"\n    reason \"because\"\n    until  2026-06-01T00:00:00Z\n}\n";
}

struct Project : Folder {
    Project() {
        write("rules/pack.kw", kPack);
        write("waivers/cold.kw", waiver("cold", "cold"));
        write("waivers/more/warm.kw", waiver("warm", "warm"));
        write("keys.ndjson", "{\"name\":\"cold\",\"withdraw\":true}\n{\"name\":\"warm\",\"withdraw\":true}\n");
    }
    Result check(const std::string& options, Run how = {}) const {
        return (*this)("check " + options + " --rules rules --at 2026-02-01T00:00:00Z --format compact keys.ndjson",
                       how);
    }
};

const std::string kCold =
    "keys.ndjson#0 cold: waived: no_withdrawal: until 2026-06-01T00:00:00Z by cold desk: because\n";
const std::string kWarm =
    "keys.ndjson#1 warm: waived: no_withdrawal: until 2026-06-01T00:00:00Z by warm desk: because\n";

}  // namespace

TEST_CASE("waivers are given as files and folders, wherever these lie") {
    const Project project;
    CHECK(project.check("").status == 1);
    const Result one = project.check("--waivers waivers/cold.kw");
    CHECK(one.status == 1);
    CHECK(one.out == kCold + "keys.ndjson#1 warm: error: no_withdrawal: m\n");
    const Result all = project.check("--waivers waivers");
    CHECK(all.status == 0);
    CHECK(all.out == kCold + kWarm);
    CHECK(project.check("--waivers waivers/cold.kw --waivers waivers/more").out == all.out);
    CHECK(project.check("--waivers " + project.path() + "/waivers").out == all.out);
    // The rules' root doesn't confine them, and their diagnostics name them as one would type it.
    project.write("waivers/cold.kw", waiver("cold", "cold") + "rule x { forbid withdraw }\n");
    const Result mistaken = project.check("--waivers waivers/cold.kw");
    CHECK(mistaken.status == 3);
    CHECK(mistaken.err.find("waivers/cold.kw:10:1: error[KW4008]") != std::string::npos);
}

TEST_CASE("a variable and keywright.toml name waivers too; an option beats both, and one passes over them") {
    const Project project;
    Run variable;
    variable.environment["KEYWRIGHT_WAIVERS"] = "waivers/cold.kw:waivers/more";
    CHECK(project.check("", variable).out == kCold + kWarm);
    CHECK(project.check("--no-waivers", variable).out.find("waived") == std::string::npos);
    CHECK(project.check("--waivers waivers/more", variable).out.find(kCold) == std::string::npos);

    project.write("keywright.toml", "waivers = \"waivers\"\n");
    CHECK(project.check("").out == kCold + kWarm);
    project.write("keywright.toml", "waivers = [\"waivers/cold.kw\"]\n");
    CHECK(project.check("").out.starts_with(kCold));
    CHECK(project.check("--no-waivers").out.find("waived") == std::string::npos);
    project.write("inner/empty", "");
    Run inside;
    inside.folder = project.path() + "/inner";
    const Result below =
        run("check --rules ../rules --at 2026-02-01T00:00:00Z --format compact ../keys.ndjson", inside);
    CHECK(below.out.find("waived: no_withdrawal") != std::string::npos);
    project.write("keywright.toml", "waivers = [5]\n");
    CHECK(project.check("").status == 64);
    project.write("keywright.toml", "waiver = \"waivers\"\n");
    CHECK(project.check("").err.find("did you mean `waivers`?") != std::string::npos);
}

TEST_CASE("waivers that aren't there, or that are none, stop the command") {
    const Project project;
    CHECK(project.check("--waivers nowhere.kw").status == 74);
    project.write("none/readme.txt", "");
    const Result empty = project.check("--waivers none");
    CHECK(empty.status == 74);
    CHECK(empty.err.find("`none` has no file of waivers") != std::string::npos);
    CHECK(project.check("--waivers rules/pack.kw").status == 3);
    CHECK(project.check("--waivers waivers --no-waivers").status == 64);
    CHECK(project("test --waivers waivers rules").status == 64);
}

TEST_CASE("tests, coverage and mutants are about the rules, whatever is waived for the desk") {
    const Project project;
    project.write("keywright.toml", "waivers = \"waivers\"\n");
    Run plain;
    for (const std::string verb : {"test", "test --coverage", "test --mutants"}) {
        const std::string line = verb + " --format json rules";
        const Result with = project(line);
        project.write("keywright.toml", "");
        const Result without = project(line);
        project.write("keywright.toml", "waivers = \"waivers\"\n");
        CHECK(with.out == without.out);
        CHECK(with.status == without.status);
    }
    CHECK(project("fmt --check rules").status == project("fmt --check --color never rules").status);
}

TEST_CASE("verbs about records and proofs hear of waivers; diff tells what they let through") {
    const Project project;
    CHECK(project("prove rules").status == 0);
    const Result proof = project("prove --waivers waivers rules");
    CHECK(proof.status == 1);
    CHECK(proof.out.find("\"cold\"") != std::string::npos);
    const Result difference = project("diff --fail-on looser --waivers waivers rules rules");
    CHECK(difference.status == 1);
    CHECK(difference.out.find("no longer a violation") != std::string::npos);
    const std::string at = " --rules rules --at 2026-02-01T00:00:00Z ";
    CHECK(project("why --waivers waivers" + at + "keys.ndjson no_withdrawal").out.find("waived") != std::string::npos);
    CHECK(project("forecast --waivers waivers --format compact" + at + "keys.ndjson")
              .out.find("2026-06-01T00:00:00Z keys.ndjson#0 cold: no_withdrawal: exempt -> violated") !=
          std::string::npos);
    CHECK(project("repair --waivers waivers" + at + "keys.ndjson").status == 0);
    CHECK(project("repair" + at + "keys.ndjson").out.find("repair 1") != std::string::npos);
    CHECK(project("guide --waivers waivers" + at + "keys.ndjson").status == 0);
}

TEST_CASE("the report names the waivers that were given and counts the records under them") {
    const Project project;
    const std::string line = "check --rules rules --at 2026-02-01T00:00:00Z --format json keys.ndjson";
    const Json plain = Json::parse(project(line).out);
    CHECK_FALSE(plain.contains("waivers"));
    CHECK_FALSE(plain["summary"].contains("waived"));
    Json waived = Json::parse(project(line + " --waivers waivers/cold.kw").out);
    REQUIRE(waived["waivers"].size() == 1);
    CHECK(waived["waivers"][0]["name"] == "cold");
    CHECK(waived["waivers"][0]["rule"] == "no_withdrawal");
    CHECK(waived["summary"]["waived"] == 1);
    CHECK(waived["results"][0]["exempt"][0]["waiver"]["owner"] == "cold desk");
    CHECK(waived["results"][0]["exempt"][0]["waiver"]["ticket"].is_null());
    CHECK(waived["rules"] == plain["rules"]);
    CHECK(project("check --rules rules --at 2026-02-01T00:00:00Z --waivers waivers keys.ndjson")
              .out.find("2 records: 2 compliant; 2 under a waiver") != std::string::npos);
}

TEST_CASE("every format of a report shows the waiver that it used, and who answers for it") {
    const Project project;
    for (const std::string format :
         {"pretty", "compact", "json", "ndjson", "github", "junit", "markdown", "html", "sarif"}) {
        CAPTURE(format);
        const std::string check = "check --rules rules --at 2026-02-01T00:00:00Z --format " + format + " keys.ndjson";
        CHECK_FALSE(holds(project(check).out, "cold desk"));
        const Result waived = project(check + " --waivers waivers/cold.kw");
        CHECK(holds(waived.out, "cold desk"));
        CHECK(holds(waived.out, "because"));
        CHECK(waived.status == 1);  // the other key is nobody's
        const Result over = project("check --rules rules --at 2026-06-01T00:00:00Z --format " + format +
                                    " keys.ndjson --waivers waivers/cold.kw");
        CHECK_FALSE(holds(over.out, "cold desk"));
    }
}

TEST_CASE("a report that used waivers is repeated with them, and not without") {
    const Project project;
    project.write("report.json", project("check --rules rules --at 2026-02-01T00:00:00Z --format json keys.ndjson "
                                         "--waivers waivers")
                                     .out);
    CHECK(project("verify report.json --rules rules --waivers waivers").status == 0);
    const Result without = project("verify report.json --rules rules");
    CHECK(without.status == 1);
    CHECK(holds(without.out, "cold.kw"));
    project.write("waivers/cold.kw", waiver("cold", "other"));
    CHECK(project("verify report.json --rules rules --waivers waivers").status == 1);
}

TEST_CASE("where a signature is required, waivers are signed with the pack, or nothing is decided") {
    const Project project;
    REQUIRE(project("sign --new-key desk --no-password").status == 0);
    REQUIRE(project("sign rules --key desk.key").status == 0);
    const std::string check = "--require-signature desk.pub --known-versions none --at-least 1";
    CHECK(project.check(check).status == 1);
    const Result refused = project.check(check + " --waivers waivers/cold.kw");
    CHECK(refused.status == 3);
    CHECK(refused.out.empty());
    CHECK(holds(refused.err, "KW8005"));
    REQUIRE(project("sign rules --key desk.key --waivers waivers/cold.kw").status == 0);
    CHECK(holds(project.check(check + " --waivers waivers/cold.kw").out, kCold));
    CHECK(project.check(check + " --waivers waivers/more/warm.kw").status == 3);
    // A waiver of today changed after it was signed.
    project.write("waivers/cold.kw", waiver("cold", "warm"));
    CHECK(project.check(check + " --waivers waivers/cold.kw").status == 3);
}
