// `lint` as a user runs it.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kPack = R"(edition 1

pack desk {
    version "1"
}

document policy {
    title "Our keys"
    dated "2026"
    clause 1 must "keys that withdraw have addresses"
}

schema key {
    permissions: set of { withdraw } = {}
    addresses:   set of network      = {}
}

rule withdraw_needs_addresses {
    cites    policy 1
    severity error
    when     withdraw in permissions
    require  addresses is not empty
    message  "the key can withdraw from any address"
    help     "add addresses"
}
)";

const std::string kTests = R"(edition 1

import "pack.kw"

test "open" {
    given key { permissions: {withdraw} }
    at 2026-01-02T00:00:00Z expect withdraw_needs_addresses
}
)";

const std::string kAllow = "\nallow KW7001 in withdraw_needs_addresses \"the desk's own\"\n";

struct Project : Folder {
    explicit Project(const std::string& pack = kPack) {
        write("rules/desk/pack.kw", pack);
        write("rules/desk/tests.kw", kTests);
    }
    Result lint(const std::string& options = "") const {
        return (*this)("lint --at 2026-02-01T00:00:00Z --format compact " + options);
    }
};

const std::string kWarned = replaced(kPack, "severity error", "severity warning");
const std::string kHelpless = replaced(kPack, "    help     \"add addresses\"\n", "");

}  // namespace

TEST_CASE("lint: a pack in order, found by its folder, with its tests") {
    const Project project;
    for (const char* path : {"rules", "rules/desk", ""}) {
        CAPTURE(path);
        const Result result = project.lint(path);
        CHECK(result.status == 0);
        CHECK(result.out.empty());
        CHECK(result.err.empty());
    }
    // By itself the entry file has no tests.
    const Result alone = project.lint("rules/desk/pack.kw");
    CHECK(alone.status == 1);
    CHECK(holds(alone.out, "warning[KW7003]: the pack has no test"));
}

TEST_CASE("lint: exit statuses") {
    CHECK(Project{kWarned}.lint().status == 1);
    CHECK(Project{kWarned}.lint("--fail-on error").status == 0);
    CHECK(Project{kWarned}.lint("--fail-on never").status == 0);
    CHECK(Project{kHelpless}.lint().status == 0);  // an info
    CHECK(Project{kHelpless}.lint("--fail-on info").status == 1);
    CHECK(holds(Project{kHelpless}.lint().out, "info[KW7005]"));
    const Result broken = Project{replaced(kPack, "require  addresses", "require  adresses")}.lint();
    CHECK(broken.status == 3);
    CHECK(broken.out.empty());
    CHECK(Project{}.lint("--diff").status == 64);
    CHECK(Project{}.lint("--update").status == 64);
    CHECK(Project{}.lint("rules/nowhere").status == 74);
    CHECK(Project{}.lint("--baseline nowhere.json").status == 74);
}

TEST_CASE("lint: a place in the file, and warnings of compiling among the findings, once") {
    const Project project{kPack + "\ndefine unused = addresses is empty\n"};
    const Result compact = project.lint();
    CHECK(compact.status == 1);
    const std::string line = "rules/desk/pack.kw:27:8: warning[KW2007]: define `unused` is never used\n";
    CHECK(compact.out.starts_with(line));
    CHECK_FALSE(holds(compact.out.substr(line.size()), "["));
    CHECK(compact.err.empty());
    const Result pretty = project("lint --at 2026-02-01T00:00:00Z --format pretty");
    CHECK(holds(pretty.out, "27 | define unused = addresses is empty"));
    CHECK(holds(pretty.out, "^^^^^^"));
}

TEST_CASE("lint: several packs, each with its own findings") {
    const Project project{kWarned};
    project.write("rules/other/pack.kw", kHelpless);
    project.write("rules/other/tests.kw", kTests);
    const Result result = project.lint("--fail-on info rules");
    CHECK(result.status == 1);
    CHECK(holds(result.out, "rules/desk/pack.kw:18:6: warning[KW7007]"));
    CHECK(holds(result.out, "rules/other/pack.kw:18:6: info[KW7005]"));
}

TEST_CASE("lint --fix mends what is safe, --diff only shows it") {
    const Project project{kPack + kAllow};
    CHECK(project.lint().status == 1);
    const Result shown = project.lint("--fix --diff");
    CHECK(shown.status == 1);
    CHECK(holds(shown.out, "\n-allow KW7001 in withdraw_needs_addresses"));
    CHECK(project.read("rules/desk/pack.kw") == kPack + kAllow);
    const Result fixed = project.lint("--fix");
    CHECK(fixed.status == 0);
    CHECK(fixed.out.empty());
    CHECK(holds(fixed.err, "files that were fixed: 1"));
    CHECK(project.read("rules/desk/pack.kw") == kPack);
    CHECK(project.lint("--fix --diff").status == 0);
    // What has no fix is told all the same.
    const Project warned{kWarned + kAllow};
    const Result left = warned.lint("--fix");
    CHECK(left.status == 1);
    CHECK(holds(left.out, "KW7007"));
    CHECK_FALSE(holds(left.out, "KW7050"));
}

TEST_CASE("lint --baseline: what was there before doesn't count") {
    const Project project{kWarned};
    const Result written = project.lint("--baseline lint.json --update");
    CHECK(written.status == 0);
    CHECK(written.out.empty());
    const Json baseline = Json::parse(project.read("lint.json"));
    CHECK(baseline["schema"] == "keywright.baseline/1");
    REQUIRE(baseline["findings"].size() == 1);
    CHECK(baseline["findings"][0]["code"] == "KW7007");
    CHECK(baseline["findings"][0]["name"] == "withdraw_needs_addresses");
    CHECK(project.lint("--baseline lint.json").status == 0);
    CHECK(project.lint().status == 1);

    // Lines move, something new comes.
    project.write("rules/desk/pack.kw", replaced(kWarned, "rule withdraw", "// moved\n\nrule withdraw"));
    CHECK(project.lint("--baseline lint.json").status == 0);
    project.write("rules/desk/pack.kw", replaced(kWarned, "    help     \"add addresses\"\n", ""));
    const Result more = project.lint("--baseline lint.json --fail-on info");
    CHECK(more.status == 1);
    CHECK(holds(more.out, "KW7005"));
    CHECK_FALSE(holds(more.out, "KW7007"));

    // Something old is mended.
    project.write("rules/desk/pack.kw", kPack);
    const Result mended = project.lint("--baseline lint.json");
    CHECK(mended.status == 0);
    CHECK(holds(mended.err, "that are gone: 1"));
    CHECK(project.lint("--baseline lint.json --update").status == 0);
    CHECK(Json::parse(project.read("lint.json"))["findings"].empty());
}

TEST_CASE("lint: a baseline that is none is refused, and nothing passes for known") {
    const Project project{kWarned};
    for (const char* text : {"", "[]", "{\"schema\":\"keywright.baseline/9\",\"findings\":[]}", "\x1b[2J"}) {
        CAPTURE(text);
        project.write("lint.json", text);
        const Result result = project.lint("--baseline lint.json");
        CHECK(result.status == 64);
        CHECK(holds(result.err, "`lint.json` is not a baseline"));
        CHECK_FALSE(holds(result.err, "\x1b[2J"));
    }
}

TEST_CASE("lint --waivers audits the waivers that are given") {
    const Project project;
    project.write("waivers/vault.kw", R"(edition 1

waiver vault {
    waives withdraw_needs_addresses
    when   addresses is empty
    reason "it moves in June"
    until  2026-06-30T00:00:00Z
}
)");
    const Result result = project.lint("--waivers waivers/vault.kw");
    CHECK(result.status == 1);
    CHECK(holds(result.out, "waivers/vault.kw:3:8: warning[KW7042]: the waiver `vault` covers whatever violates"));
    CHECK(holds(result.out, "warning[KW7043]"));
    CHECK(holds(result.out, "info[KW7044]"));
    CHECK(project.lint().status == 0);
    // Its findings may be allowed where it stands.
    project.write("waivers/vault.kw",
                  project.read("waivers/vault.kw") +
                      "\nallow KW7042 in vault \"the rule is off until June\"\n"
                      "allow KW7043 in vault \"all of us\"\nallow KW7044 in vault \"by word of mouth\"\n");
    const Result allowed = project.lint("--waivers waivers/vault.kw");
    CHECK(allowed.status == 0);
    CHECK(allowed.out.empty());
}

TEST_CASE("a secret that stands in a sample or test is in no output of an audit") {
    const Folder folder;
    folder.write("pack.kw", R"(edition 1

pack desk { version "1.0.0" }

schema key {
    pass:  secret? = absent
    trade: bool
}

rule r { require pass is present or not trade }

sample unused = key { pass: "canary-7f3a", trade: true }
sample used = key { pass: "canary-7f3a", trade: true }
allow KW7013 "nothing of the kind"

test "t" { given used at 2026-01-01T00:00:00Z expect none }
)");
    for (const std::string options :
         {"--format pretty", "--format compact", "--format json", "--format ndjson", "--format github",
          "--format sarif", "--format junit", "--format markdown", "--format html", "--fix --diff"}) {
        CAPTURE(options);
        const Result result = folder("lint " + options + " --fail-on info pack.kw");
        CHECK(result.status == 1);
        CHECK_FALSE(result.out.empty());
        CHECK_FALSE(holds(result.out, "canary-7f3a"));
        CHECK_FALSE(holds(result.err, "canary-7f3a"));
    }
}

TEST_CASE("where there is nothing to audit, that isn't taken for an audit without findings") {
    const Folder folder;
    folder.write("empty/notes.txt", "no rules");
    folder.write("full/pack.kw", "edition 1\n\npack desk {}\n\nschema key {\n    trade: bool\n}\n");
    for (const std::string command : {"lint empty", "lint full empty", "trace empty", "trace full empty"}) {
        CAPTURE(command);
        const Result result = folder(command);
        CHECK(result.status == 64);
        CHECK(result.out.empty());
        CHECK(holds(result.err, "there are no rules in `empty`"));
    }
}
