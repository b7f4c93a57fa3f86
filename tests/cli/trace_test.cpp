// `keywright trace` as one uses it: what it shows, what its exit status says, and what it writes.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace keywright::cli;
using Json = nlohmann::json;

namespace {

const char* const kPage =
    "How to create a key\n"
    "1. A key has a name.\n"
    "2. A key that moves funds needs an address.\n"
    "3. Press the button.\n";

const char* const kPack = R"(edition 1

pack desk {
    version "3"
}

document guide {
    title "How to create a key"

    clause 1 must "named"
        from "A key has" to "a name."
    clause 2 must "addresses for those that move funds"
        from "A key that moves" to "an address."
    clause 3 note "press the button"
        not_checkable "a step on the web page"
}

schema key {
    name: text?          = absent
    move: bool
    ips:  set of network = {}
}

rule named {
    cites   guide 1
    require name is present
    message "no name"
}

rule pinned {
    cites   guide 2
    when    move
    require ips is not empty
    message "no address"
}
)";

const char* const kTests = R"(edition 1

import "pack.kw"

test "no name" {
    given key { move: false }
    at 2026-01-01T00:00:00Z expect named
}

test "no address" {
    given key { name: "m", move: true }
    at 2026-01-01T00:00:00Z expect pinned
}
)";

struct Project : Folder {
    Project() {
        write("rules/desk/pack.kw", kPack);
        write("rules/desk/tests.kw", kTests);
        write("page.txt", kPage);
    }
};

}  // namespace

TEST_CASE("trace: a pack in which everything is accounted for") {
    const Project project;
    const Result result = project("trace rules");
    CHECK(result.status == 0);
    CHECK(result.err == "");
    CHECK(result.out == R"(trace  desk 3

document guide  “How to create a key”
  ✓ 1  must  enforced
    “named”
    rule      named, 1 test
  ✓ 2  must  enforced
    “addresses for those that move funds”
    rule      pinned, 1 test
  - 3  note  not checkable
    “press the button”
    because   a step on the web page

rules
  ✓ named  error  cited, tested, fires  rules/desk/pack.kw:24
    cites     guide 1
    violated  “no name”
    example   {"move":false,"ips":[]}, at 2026-01-01T00:00:00Z
  ✓ pinned  error  cited, tested, fires  rules/desk/pack.kw:30
    cites     guide 2
    violated  “no address”
    example   {"name":"","move":true,"ips":[]}, at 2026-01-01T00:00:00Z

3 clauses: 2 enforced, 1 not checkable
2 rules: 2 cited, 2 tested, 2 that fire
2 tests: 2 passed
)");
}

TEST_CASE("trace: what is missing gives exit status 1, and one line each on request") {
    const Project project;
    // Without the file of tests nothing is tested.
    const Result alone = project("trace --format compact rules/desk/pack.kw");
    CHECK(alone.status == 1);
    CHECK(alone.out ==
          "rules/desk/pack.kw:24: untested: no test names rule `named` in what it expects\n"
          "rules/desk/pack.kw:30: untested: no test names rule `pinned` in what it expects\n"
          "rules/desk/pack.kw:24: never_fires: no test's record violates rule `named`\n"
          "rules/desk/pack.kw:30: never_fires: no test's record violates rule `pinned`\n");
    CHECK(project("trace --fail-on never rules/desk/pack.kw").status == 0);
    project.write("rules/desk/pack.kw", replaced(kPack, "    cites   guide 2\n", ""));
    const Result missing = project("trace --format github rules");
    CHECK(missing.status == 1);
    CHECK(holds(missing.out, "::error file=rules/desk/pack.kw,line=12::no rule cites clause `guide 2`"));
    CHECK(holds(missing.out, "::error file=rules/desk/pack.kw,line=30::rule `pinned` cites no clause\n"));
}

TEST_CASE("trace: a source is compared with its digests, which --update writes") {
    const Project project;
    const std::string line = "trace --format compact --source guide=page.txt rules";
    // Without digests it can't be told, and that is no success.
    const Result unknown = project(line);
    CHECK(unknown.status == 2);
    CHECK(holds(unknown.out, "undecided: whether the text of `guide` has changed can't be told: the pack holds no "));
    CHECK(holds(unknown.out, "undecided: whether clause `guide 3` has changed can't be told: the pack doesn't say "));
    const Result updated = project(line + " --update");
    CHECK(updated.status == 0);
    CHECK(updated.out == "");
    CHECK(updated.err == "updated rules/desk/pack.kw\n  guide\n  guide 1\n  guide 2\n");
    const std::string written = project.read("rules/desk/pack.kw");
    CHECK(holds(written, "    title  \"How to create a key\"\n    digest \"sha256:"));
    CHECK(holds(written, "        from \"A key has\" to \"a name.\"\n        digest \"sha256:"));
    CHECK(project("fmt --check rules").status == 0);
    CHECK(project(line).status == 0);
    CHECK(project(line + " --update").err == "");
    CHECK(project.read("rules/desk/pack.kw") == written);

    project.write("page.txt", replaced(kPage, "an address", "two addresses, an address"));
    const Result drifted = project(line);
    CHECK(drifted.status == 1);
    CHECK(drifted.out ==
          "rules/desk/pack.kw:7: document_changed: the text of `guide` isn't the one its digest was taken of\n"
          "rules/desk/pack.kw:14: clause_changed: clause `guide 2`: its excerpt in line 3 has changed\n"
          "rules/desk/pack.kw:17: undecided: whether clause `guide 3` has changed can't be told: the pack doesn't say "
          "where it stands in the source\n");
    CHECK(project(line + " --fail-on never").status == 2);
    const Result shown = project("trace --source guide=page.txt rules");
    CHECK(holds(shown.out, "    source    changed\n    outside   no clause has the words of lines 1, 4\n"));
    CHECK(holds(shown.out, "    source    same, line 2\n"));
    CHECK(holds(shown.out, "    source    changed: its excerpt in line 3 has changed\n"));
    CHECK(holds(shown.out, "3 clauses compared with their source: 1 the same, 1 changed, 1 unknown\n"));
    // Nothing was written but by --update.
    CHECK(project.read("rules/desk/pack.kw") == written);
}

TEST_CASE("trace: what can't be a source is told, and nothing is shown or written") {
    const Project project;
    const auto refused = [&](const std::string& options, int status, const char* message) {
        CAPTURE(options);
        const Result result = project("trace " + options + " rules");
        CHECK(result.status == status);
        CHECK(result.out == "");
        CHECK_MESSAGE(holds(result.err, message), result.err);
        CHECK(project.read("rules/desk/pack.kw") == kPack);
    };
    refused("--source guide=gone.txt", 74, "`gone.txt` can't be read: no such file");
    refused("--source guide=rules", 74, "`rules` can't be read: it is a folder");
    refused("--source guidd=page.txt", 64, "there is no document `guidd`\n    help: did you mean `guide`?");
    refused("--source page.txt", 64, "`page.txt` in `--source` names no text of a document");
    refused("--source =page.txt", 64, "names no text of a document");
    refused("--source guide=", 64, "names no text of a document");
    refused("--source guide=page.txt --source guide=page.txt", 64, "`--source` gives two texts for `guide`");
    refused("--update", 64, "`--update` takes digests of sources, and none is given");
    project.write("odd.txt", "caf\xe9");
    refused("--source guide=odd.txt", 74, "the text of `guide` is not UTF-8, from byte 3 on");
    refused("--source guide=odd.txt --update", 74, "the text of `guide` is not UTF-8, from byte 3 on");
    project.write("large.txt", std::string((std::size_t{1} << 24) + 1, 'a'));
    refused("--source guide=large.txt", 74, "the text of `guide` is larger than 16777216 bytes");
    CHECK(project("trace --format csv --steps 0 rules").status == 64);
    CHECK(project("trace gone").status == 74);
    project.write("rules/desk/pack.kw", "edition 1\npack p {}\nrule r { cites guide 9 require true }\n");
    const Result broken = project("trace rules");
    CHECK(broken.status == 3);
    CHECK(holds(broken.err, "nothing was traced"));
}

TEST_CASE("trace: Markdown, CSV and JSON") {
    const Project project;
    const Result markdown = project("trace --format markdown rules");
    CHECK(markdown.status == 0);
    CHECK(holds(markdown.out, "# Traceability of `desk` 3\n"));
    CHECK(holds(markdown.out,
                "| `2` | must | addresses for those that move funds | enforced | rule `pinned` | 1 | not "
                "compared |\n"));
    CHECK(holds(markdown.out, "| `pinned` | error | cited, tested, fires | `guide 2` | no address (violated) | "));
    const Result csv = project("trace --format csv --output matrix.csv rules");
    CHECK(csv.status == 0);
    CHECK(csv.out == "");
    CHECK(holds(project.read("matrix.csv"),
                "\r\n\"desk\",\"3\",\"guide\",\"1\",\"must\",\"named\",\"enforced\",\"\","
                "\"not_compared\",\"rule\",\"named\",\"named\",\"error\","
                "\"cited, tested, fires\",\"no name\",\"violated\",\"violated\","
                "\"passed\",\"{\"\"move\"\":false,\"\"ips\"\":[]}\",\"2026-01-01T00:00:00Z\"\r\n"));
    const Json json = Json::parse(project("trace --format json rules").out);
    CHECK(json["schema"] == "keywright.trace/1");
    REQUIRE(json["packs"].size() == 1);
    CHECK(json["packs"][0]["documents"][0]["at"]["file"] == "rules/desk/pack.kw");
    CHECK(json["packs"][0]["tests"][1]["at"]["file"] == "rules/desk/tests.kw");
    CHECK(json["packs"][0]["rules"][0]["at"]["file"] == "rules/desk/pack.kw");
    CHECK(json["packs"][0]["documents"][0]["clauses"][0]["citations"][0]["at"]["file"] == "rules/desk/pack.kw");
    CHECK(Json::parse(project("schema trace").out)["title"] == "keywright.trace/1");
    CHECK(project("trace --format junit rules").status == 64);
}

TEST_CASE("trace: every clause of the KuCoin pack is accounted for, and says where it stands") {
    const Result result = run("trace --format json rules/kucoin_tr");
    CHECK(result.status == 0);
    const Json pack = Json::parse(result.out)["packs"][0];
    CHECK(pack["findings"].empty());
    CHECK(pack["summary"]["clauses"] == 20);
    CHECK(pack["summary"]["missing"] == 0);
    CHECK(pack["summary"]["not_checkable"] == 2);
    CHECK(pack["summary"]["failed"] == 0);
    for (const Json& clause : pack["documents"][0]["clauses"]) {
        CAPTURE(clause["id"].get<std::string>());
        CHECK(clause["excerpt"].is_string());
        CHECK(clause["digest"].is_string());
    }
    for (const Json& rule : pack["rules"]) {
        CAPTURE(rule["name"].get<std::string>());
        CHECK(rule["cited"] == true);
        CHECK(rule["tested"] == true);
        CHECK(rule["fires"] == true);
        CHECK_FALSE(rule["example"]["example"].is_null());
    }
}
