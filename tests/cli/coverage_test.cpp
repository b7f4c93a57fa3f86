// `test --coverage` as a user runs it.
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
    assume made <= now
}

define pinned = ips is not empty

rule withdraw_needs_ip {
    severity error
    when     withdraw in permissions
    require  pinned
    message  "withdrawing needs an address"
}
)";

const std::string kOpen = R"(edition 1
import "pack.kw"

test "open" {
    given key { permissions: {withdraw}, made: 2026-01-01T00:00:00Z }
    at 2026-01-02T00:00:00Z expect withdraw_needs_ip
}
)";

const std::string kPinned = R"(edition 1
import "pack.kw"

test "pinned" {
    given key { permissions: {withdraw}, ips: {203.0.113.7}, made: 2026-01-01T00:00:00Z }
    at 2026-01-02T00:00:00Z expect passes withdraw_needs_ip
}

test "reading" {
    given key { permissions: {read}, made: 2026-01-01T00:00:00Z }
    at 2026-01-02T00:00:00Z expect not_applicable withdraw_needs_ip
}
)";

struct Project : Folder {
    Project() {
        write("rules/desk/pack.kw", kPack);
        write("rules/desk/open.kw", kOpen);
    }
};

}  // namespace

TEST_CASE("coverage: a summary, the lines on which something is missing, and records that would show it") {
    const Project project;
    const Result result = project("test --coverage rules");
    CHECK(result.status == 0);
    CHECK(result.out == R"(1 passed, 0 failed

coverage  desk 1, by 1 case
  rules       100.0 %  1 of 1
  outcomes     25.0 %  1 of 4
  conditions   50.0 %  2 of 4
  MC/DC         0.0 %  0 of 2
  boundaries  100.0 %  0 of 0
  all          36.3 %  4 of 11

withdraw_needs_ip: 7 missing
  --> rules/desk/pack.kw:12:17
   |
12 | define pinned = ips is not empty
   |                 ^^^^^^^^^^^^^^^^ never true in `require`
   |                 ^^^^^^^^^^^^^^^^ never decides alone in `require`
... |
14 | rule withdraw_needs_ip {
   |      ^^^^^^^^^^^^^^^^^ never passing
   |      ^^^^^^^^^^^^^^^^^ never not applicable
   |      ^^^^^^^^^^^^^^^^^ never undetermined
... |
16 |     when     withdraw in permissions
   |              ^^^^^^^^^^^^^^^^^^^^^^^ never false in `when`
   |              ^^^^^^^^^^^^^^^^^^^^^^^ never decides alone in `when`
   = shown by {"permissions":["withdraw"],"ips":["203.0.113.7"],"made":"2026-01-01T00:00:00Z"}
     at       2026-01-01T00:00:00Z
     is       `ips is not empty` true; `ips is not empty` deciding; passing
   = shown by {"permissions":[],"ips":[],"made":"2026-01-01T00:00:00Z"}
     at       2026-01-01T00:00:00Z
     is       not applicable; `withdraw in permissions` false; `withdraw in permissions` deciding
   = shown by {"permissions":["withdraw"],"made":"2026-01-01T00:00:00Z","$unknown":["ips"]}
     at       2026-01-01T00:00:00Z
     is       undetermined
)");
    CHECK(result.err == "");
}

TEST_CASE("coverage: the tests of all files of a pack count together") {
    const Project project;
    project.write("rules/desk/pinned.kw", kPinned);
    const Result both = project("test --coverage --format json rules");
    REQUIRE(both.status == 0);
    const Json document = Json::parse(both.out);
    REQUIRE(document["packs"].size() == 1);
    const Json& pack = document["packs"][0];
    CHECK(pack["cases"].size() == 3);
    CHECK(pack["summary"]["decides"] == Json::parse(R"({"covered": 2, "possible": 2, "impossible": 0, "unknown": 0})"));
    CHECK(pack["summary"]["all"]["covered"] == 10);
    CHECK(pack["summary"]["all"]["possible"] == 11);
    // A pair of cases from two files.
    for (const Json& o : pack["obligations"]) {
        if (o["kind"] != "decides" || o["decision"] != "require") continue;
        REQUIRE(o["covered_by"].size() == 2);
        CHECK(pack["cases"][o["covered_by"][0].get<std::size_t>()]["test"] == "pinned");
        CHECK(pack["cases"][o["covered_by"][1].get<std::size_t>()]["test"] == "open");
        CHECK(pack["cases"][o["covered_by"][1].get<std::size_t>()]["file"] == "rules/desk/open.kw");
        CHECK(o["at"]["file"] == "rules/desk/pack.kw");
        CHECK(o["at"]["line"] == 12);
    }
    // A file that is named counts with all it imports, and a filter counts for coverage too.
    CHECK(Json::parse(project("test --coverage --format json rules/desk/open.kw").out)["packs"][0]["cases"].size() ==
          1);
    CHECK(Json::parse(project("test --coverage --format json --filter pin rules").out)["packs"][0]["cases"].size() ==
          1);
}

TEST_CASE("coverage: below the threshold the exit status is 1, and so it is for failed tests") {
    const Project project;
    CHECK(project("test --threshold 36 rules").status == 0);
    const Result below = project("test --threshold 37 rules");
    CHECK(below.status == 1);
    CHECK(below.err == "coverage is 36.3 %, below the threshold of 37 %\n");
    CHECK(project("test --threshold 37 --fail-on never rules").status == 0);
    for (const char* wrong : {"0", "101", "x", "50%", "-1"}) {
        CAPTURE(wrong);
        CHECK(project(std::string{"test --threshold="} + wrong + " rules").status == 64);
    }
    project.write("rules/desk/wrong.kw",
                  "edition 1\nimport \"pack.kw\"\ntest \"wrong\" {\n    given key { permissions: {withdraw} }\n"
                  "    at 2026-01-02T00:00:00Z expect none\n}\n");
    const Result failed = project("test --coverage --format json rules");
    CHECK(failed.status == 1);
    CHECK(Json::parse(failed.out)["packs"].size() == 1);
    CHECK(holds(failed.err, "wrong"));
    CHECK(project("test --coverage --format ndjson rules").status == 64);
}

TEST_CASE("coverage: an example, checked, comes out as it is said to") {
    const Project project;
    const Json pack = Json::parse(project("test --coverage --format json rules").out)["packs"][0];
    std::size_t checked = 0;
    for (const Json& o : pack["obligations"]) {
        if (o["kind"] != "outcome" || o["state"] != "missing") continue;
        REQUIRE(o["examples"].size() == 1);
        const Json& example = o["examples"][0];
        project.write("record.json", example["record"].get<std::string>());
        const Result result =
            project("check --format json --rules rules/desk --at " + example["at"].get<std::string>() + " record.json");
        const Json record = Json::parse(result.out)["results"][0];
        CHECK(record["verdict"] == (o["subject"] == "undetermined" ? "undetermined" : "compliant"));
        ++checked;
    }
    CHECK(checked == 3);
}

TEST_CASE("coverage: LCOV and Cobertura") {
    const Project project;
    CHECK(project("test --format lcov rules").out == R"(TN:
SF:rules/desk/pack.kw
FN:14,withdraw_needs_ip
FNDA:1,withdraw_needs_ip
FNF:1
FNH:1
BRDA:12,0,0,0
BRDA:12,0,1,1
BRDA:14,0,0,0
BRDA:14,0,1,1
BRDA:14,0,2,0
BRDA:14,0,3,0
BRDA:16,0,0,1
BRDA:16,0,1,0
BRF:8
BRH:3
DA:12,1
DA:14,1
DA:16,1
LF:3
LH:3
end_of_record
)");
    const Result xml = project("test --format cobertura rules");
    CHECK(xml.status == 0);
    CHECK(holds(xml.out, "lines-covered=\"3\" lines-valid=\"3\" branches-covered=\"3\" branches-valid=\"8\""));
    CHECK(holds(xml.out, "<line number=\"14\" hits=\"1\" branch=\"true\" condition-coverage=\"25% (1/4)\">"));
    if (std::system("command -v xmllint > /dev/null 2>&1") != 0) {  // NOLINT: single-threaded
        MESSAGE("skipped: without xmllint the XML isn't held against its DTD");
        return;
    }
    project.write("cobertura.xml", xml.out);
    const std::string line = "xmllint --nonet --noout --dtdvalid '" KEYWRIGHT_SOURCE_DIR
                             "/tests/cases/coverage/cobertura.dtd' '" +
                             project.path() + "/cobertura.xml' > '" + project.path() + "/lint' 2>&1";
    CHECK(std::system(line.c_str()) == 0);  // NOLINT
    CHECK(project.read("lint") == "");
}

TEST_CASE("coverage: one line for what is missing, on request as annotations") {
    const Project project;
    const Result lines = project("test --coverage --format compact rules");
    CHECK(holds(lines.out,
                "rules/desk/pack.kw:16: missing: withdraw_needs_ip: when: `withdraw in permissions` is never "
                "false\n"));
    CHECK(holds(lines.err, "coverage is 36.3 %"));
    CHECK(holds(project("test --coverage --format github rules").out,
                "::warning file=rules/desk/pack.kw,line=12::withdraw_needs_ip: require: `"));
}
