// The contract of the command: exit statuses, streams, formats, where options come from, and what never happens.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kPack = R"(edition 1

pack desk { version "1.2.3" title "desk rules" }

schema key {
    name:         text? = absent
    permissions:  set of { general, spot, transfer } = {}
    ip_allowlist: set of network = {}
    passphrase:   secret? = absent
    owner:        text?
    used_at:      instant? = absent
}

param limit = 30 days

rule transfer_needs_ip {
    severity error
    when     transfer in permissions
    require  ip_allowlist is not empty
    message  "moving funds needs an IP restriction"
    help     "add an address"
}

rule spot_needs_owner {
    severity error
    when     spot in permissions
    require  owner is present
    message  "nobody owns the key"
}

rule ip_recommended {
    severity warning
    when     general in permissions
    require  ip_allowlist is not empty
    message  "the key works from any address"
}

rule short_passphrase {
    severity info
    when     passphrase is present
    require  length(passphrase) >= 8
    message  "the passphrase is short"
}

rule idle {
    severity error
    when     used_at is present
    expire   limit after used_at
    message  "unused for too long"
}
)";

const std::string kTests = R"(edition 1

import "pack.kw"

sample plain = key { name: "bot", permissions: {}, ip_allowlist: {}, passphrase: absent, owner: absent, used_at: absent }

test "a plain key is fine" {
    given plain
    at 2026-01-01T00:00:00Z expect none
}

test "transfers need an address" {
    given plain with { permissions: {transfer} }
    at 2026-01-01T00:00:00Z expect transfer_needs_ip
}
)";

const std::string kGood = R"({"name": "good", "permissions": [], "owner": null})";
const std::string kViolation = R"({"name": "bad", "permissions": ["transfer"], "owner": null})";
const std::string kWarning = R"({"name": "warned", "permissions": ["general"], "owner": null})";
const std::string kInfo = R"({"name": "informed", "passphrase": "short", "owner": null})";
const std::string kUndetermined = R"({"name": "open", "permissions": ["spot"]})";
const std::string kInvalid = R"({"name": "broken", "permissions": ["sport"], "owner": null})";

// A project: a pack, its tests, and a few records.
struct Project : Folder {
    Project() {
        write("rules/desk/pack.kw", kPack);
        write("rules/desk/tests.kw", kTests);
        write("good.json", kGood);
        write("violation.json", kViolation);
        write("warning.json", kWarning);
        write("info.json", kInfo);
        write("undetermined.json", kUndetermined);
        write("invalid.json", kInvalid);
        write("keys.ndjson", kGood + "\n" + kViolation + "\n" + kUndetermined + "\n" + kInvalid + "\n");
    }
};

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

bool is_harmless(const std::string& text) {
    for (const char* hidden : {"\x7f", "\u009b", "\u0085", "\u202e", "\u2066", "\u200b"}) {
        if (holds(text, hidden)) return false;
    }
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\n'; });
}

}  // namespace

// --- check -----------------------------------------------------------------------------------------------------------

TEST_CASE("check ends with 0, 1 or 2, and 1 wins over 2") {
    const Project project;
    const std::vector<std::pair<std::string, int>> cases = {
        {"good.json", 0},
        {"violation.json", 1},
        {"warning.json", 0},
        {"undetermined.json", 2},
        {"invalid.json", 2},
        {"good.json violation.json", 1},
        {"violation.json invalid.json", 1},
        {"undetermined.json good.json", 2},
        {"keys.ndjson", 1},
    };
    for (const auto& [files, status] : cases) {
        CAPTURE(files);
        const Result result = project("check --at 2026-01-01T00:00:00Z " + files);
        CHECK(result.status == status);
        CHECK(result.err == "");
    }
}

TEST_CASE("--fail-on moves the bar for 1, and never touches 2 or 3") {
    const Project project;
    const auto status = [&](const std::string& bar, const std::string& files) {
        return project("check --at 2026-01-01T00:00:00Z --fail-on " + bar + " " + files).status;
    };
    CHECK(status("error", "warning.json") == 0);
    CHECK(status("warning", "warning.json") == 1);
    CHECK(status("warning", "info.json") == 0);
    CHECK(status("info", "info.json") == 1);
    CHECK(status("info", "violation.json") == 1);
    CHECK(status("never", "violation.json") == 0);
    CHECK(status("never", "violation.json undetermined.json") == 2);
    CHECK(status("never", "invalid.json") == 2);
    project.write("rules/desk/pack.kw", "edition 1\n");
    CHECK(status("never", "good.json") == 3);
}

TEST_CASE("an undetermined warning is still not clean") {
    const Project project;
    const std::string open =
        R"({"name": "x", "permissions": ["general"], "owner": null, "$unknown": ["ip_allowlist"]})";
    project.write("open.json", open);
    const Result result = project("check --at 2026-01-01T00:00:00Z --format json open.json");
    CHECK(Json::parse(result.out).at("results").at(0).at("verdict") == "compliant");
    CHECK(result.status == 2);
}

TEST_CASE("errors in a rule file give 3, and nothing is decided") {
    const Project project;
    project.write("rules/desk/pack.kw", kPack + "rule broken { severity error forbid transfer in permisions }\n");
    for (const std::string format :
         {"pretty", "compact", "json", "ndjson", "github", "sarif", "junit", "markdown", "html"}) {
        CAPTURE(format);
        const Result result = project("check --format " + format + " good.json");
        CHECK(result.status == 3);
        CHECK(result.out == "");
        CHECK(holds(result.err, "KW2001"));
        CHECK(holds(result.err, "rules/desk/pack.kw"));
    }
    CHECK(holds(project("check good.json").err, "^^^^"));
}

TEST_CASE("wrong usage gives 64, says what was wrong, and offers the nearest word") {
    const Project project;
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "no verb"},
        {"chekc good.json", "did you mean `check`?"},
        {"check --formt json good.json", "did you mean `--format`?"},
        {"check --format jason good.json", "did you mean `json`?"},
        {"check --format sarf good.json", "did you mean `sarif`?"},
        {"why --format sarif good.json", "`sarif`"},
        {"check --fail-on eror good.json", "did you mean `error`?"},
        {"check --color alway good.json", "did you mean `always`?"},
        {"check --at tomorrow good.json", "`tomorrow`"},
        {"check --at 2026-01-31T00:00:00 good.json", "not an instant"},
        {"check --set limit good.json", "PARAM=VALUE"},
        {"check --input reqest good.json", "no adapter `reqest`"},
        {"check --at", "`--at` needs a value"},
        {"check - -", "standard input"},
        {"explain KW201", "did you mean `KW2001`?"},
        {"explain KW2001 KW2002", "one argument too many"},
        {"schema tets", "did you mean `tests`?"},
        {"completion bsh", "did you mean `bash`?"},
        {"completion", "no shell"},
        {"version now", "one argument too many"},
        {"test --filter zebra rules", "no test has `zebra` in its name"},
        {"embed --rules rules/desk --output a.cpp --header a.h --name 1a", "not a C++ identifier"},
    };
    for (const auto& [line, part] : cases) {
        CAPTURE(line);
        const Result result = project(line);
        CHECK(result.status == 64);
        CHECK(result.out == "");
        CHECK_MESSAGE(holds(result.err, part), result.err);
    }
}

TEST_CASE("what can't be read gives 74, and then nothing is decided") {
    const Project project;
    for (const std::string line : {"check good.json missing.json", "check rules", "check --rules missing good.json",
                                   "check --rules rules good.json", "test missing", "fmt missing.kw"}) {
        CAPTURE(line);
        const Result result = project(line);
        CHECK(result.status == 74);
        CHECK(result.out == "");
        CHECK(result.err != "");
    }
    CHECK(holds(project("check missing.json").err, "`missing.json` can't be read: no such file"));
}

TEST_CASE("what can't be written gives 74") {
    const Project project;
    Run full;
    full.output_to = "/dev/full";
    const Result result = project("check good.json", full);
    CHECK(result.status == 74);
    CHECK(holds(result.err, "standard output"));
    CHECK(project("check good.json --output missing/report.json").status == 74);
}

TEST_CASE("a closed pipe ends the program quietly") {
    Run closed;
    closed.output_closed = true;
    for (const std::string line :
         {"explain", "--help", "check --rules rules/kucoin_tr examples/kucoin/inventory.ndjson", "schema report",
          "completion bash"}) {
        CAPTURE(line);
        const Result result = run(line, closed);
        CHECK(result.err == "");
        CHECK((result.signal == SIGPIPE || result.status == 74));
    }
}

TEST_CASE("standard input is read for `-` and where no file is named") {
    const Project project;
    Run how;
    how.input = kViolation;
    for (const std::string line : {"check --format json -", "check --format json"}) {
        const Result result = project(line, how);
        CHECK(result.status == 1);
        const Json record = Json::parse(result.out).at("results").at(0);
        CHECK(record.at("subject") == "bad");
        CHECK(record.at("source") == "-");
    }
    how.input = kGood + "\n" + kViolation + "\n";
    CHECK(Json::parse(project("check --format json -", how).out).at("summary").at("records") == 2);
    how.input = "";
    CHECK(project("check -", how).status == 2);
}

TEST_CASE("the JSON report is the contract's, and the same input gives the same bytes") {
    const Project project;
    const std::string line = "check --at 2026-01-31T00:00:00Z --format json keys.ndjson good.json";
    const Result result = project(line);
    CHECK(result.err == "");
    const Json report = Json::parse(result.out);
    CHECK(report.at("schema") == "keywright.report/1");
    CHECK(report.at("rules").at("pack") == "desk");
    CHECK(report.at("rules").at("version") == "1.2.3");
    CHECK(report.at("rules").at("digest").get<std::string>().starts_with("sha256:"));
    CHECK(report.at("evaluated_at") == "2026-01-31T00:00:00Z");
    CHECK(report.at("summary") == Json::parse(R"({"records": 5, "compliant": 2, "violation": 1, "undetermined": 1,
        "invalid": 1, "by_rule": {"transfer_needs_ip": 1}})"));
    const Json& results = report.at("results");
    CHECK(results.size() == 5);
    CHECK(results.at(1).at("index") == 1);
    CHECK(results.at(4).at("source") == "good.json");
    CHECK(results.at(4).at("index") == 0);
    CHECK(results.at(1).at("violations").at(0).at("message") == "moving funds needs an IP restriction");
    CHECK(results.at(2).at("undetermined").at(0).at("needs") == Json::parse(R"(["/owner"])"));
    CHECK(results.at(3).at("errors").at(0).at("at") == "/permissions/0");
    CHECK(project(line).out == result.out);

    // ndjson: the objects of `results`, one a line, then nothing.
    const std::vector<std::string> lines =
        lines_of(project("check --at 2026-01-31T00:00:00Z --format ndjson keys.ndjson good.json").out);
    CHECK(lines.size() == 5);
    for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 5); ++i)
        CHECK(Json::parse(lines[i]) == results.at(i));
}

TEST_CASE("expires_at follows the instant, the record and the parameters") {
    const Project project;
    project.write("used.json", R"({"name": "used", "owner": null, "used_at": "2026-01-01T00:00:00Z"})");
    const auto check = [&](const std::string& options) { return project("check --format json used.json " + options); };
    CHECK(Json::parse(check("--at 2026-01-30T00:00:00Z").out).at("results").at(0).at("expires_at") ==
          "2026-01-31T00:00:00Z");
    CHECK(check("--at 2026-01-30T23:59:59Z").status == 0);
    CHECK(check("--at 2026-01-31T00:00:00Z").status == 1);
    const Result sooner = check("--at 2026-01-30T00:00:00Z --set limit=14days");
    CHECK(sooner.status == 3);  // the language parts numbers from units
    const Result spelled = run(std::vector<std::string>{"check", "--format", "json", "used.json", "--at",
                                                        "2026-01-30T00:00:00Z", "--set", "limit = 14 days"},
                               {.input = {}, .folder = project.path(), .environment = {}, .output_to = {}});
    CHECK(spelled.status == 1);
    CHECK(Json::parse(spelled.out).at("results").at(0).at("expires_at") == "2026-01-15T00:00:00Z");
    const Result pretty = project("check --at 2026-01-30T00:00:00Z used.json");
    CHECK(holds(pretty.out, "expires     2026-01-31T00:00:00Z, in 1 day\n"));
}

TEST_CASE("without --at the system clock decides") {
    const Project project;
    project.write("used.json", R"({"name": "used", "owner": null, "used_at": "2020-01-01T00:00:00Z"})");
    CHECK(project("check used.json").status == 1);
    CHECK(Json::parse(project("check --format json used.json").out).at("evaluated_at").get<std::string>() >
          "2026-01-01");
}

TEST_CASE("pretty is for people, compact for logs, github for annotations") {
    const Project project;
    const std::string options = "--at 2026-01-31T00:00:00Z violation.json";
    const Result pretty = project("check " + options);
    CHECK(holds(pretty.out, "✗ violation  bad  violation.json#0\n"));
    CHECK(holds(pretty.out, "error  transfer_needs_ip  rules/desk/pack.kw:16\n"));
    CHECK(holds(pretty.out, "/permissions contains transfer\n"));
    CHECK(holds(pretty.out, "1 record: 1 violation"));
    CHECK(project("check --format compact " + options).out ==
          "violation.json#0 bad: error: transfer_needs_ip: moving funds needs an IP restriction\n");
    CHECK(project("check --format github " + options).out ==
          "::error file=violation.json,title=transfer_needs_ip::violation.json#0 bad: moving funds needs an IP "
          "restriction"
          "%0Ahelp: add an address\n");
    CHECK(project("check --format compact good.json").out == "");
    CHECK(project("check --quiet good.json").out == "");
}

TEST_CASE("--output writes the results to a file at once, and standard output stays empty") {
    const Project project;
    project.write("report.json", "old");
    const Result result = project("check --at 2026-01-31T00:00:00Z --format json --output report.json violation.json");
    CHECK(result.status == 1);
    CHECK(result.out == "");
    CHECK(Json::parse(project.read("report.json")).at("summary").at("violation") == 1);
    for (const std::string& name : project.names()) CHECK_FALSE(name.starts_with(".keywright"));
    project.write("rules/desk/pack.kw", "edition 1\n");
    project.write("report.json", "old");
    CHECK(project("check --format json --output report.json good.json").status == 3);
    CHECK(project.read("report.json") == "old");
}

TEST_CASE("colour comes when it is asked for, and never into a file by itself") {
    const Project project;
    CHECK_FALSE(holds(project("check violation.json").out, "\x1b"));
    CHECK(holds(project("check --color always violation.json").out, "\x1b["));
    CHECK_FALSE(holds(project("check --color never violation.json").out, "\x1b"));
    Run how;
    how.environment = {{"KEYWRIGHT_COLOR", "always"}};
    CHECK(holds(project("check violation.json", how).out, "\x1b["));
    how.environment["NO_COLOR"] = "1";
    CHECK_FALSE(holds(project("check violation.json", how).out, "\x1b"));
}

TEST_CASE("--dump-ir prints what the pack was compiled to") {
    const Project project;
    const Result result = project("check --dump-ir");
    CHECK(result.status == 0);
    CHECK(holds(result.out, "transfer_needs_ip"));
}

TEST_CASE("a file named like a verb or an option can be checked") {
    const Project project;
    project.write("test", kGood);
    project.write("--help", kGood);
    CHECK(project("check test").status == 0);
    CHECK(project("check -- --help").status == 0);
}

// --- where options come from -----------------------------------------------------------------------------------------

TEST_CASE("an option wins over the environment, which wins over keywright.toml") {
    const Project project;
    project.write("keywright.toml", "format = \"compact\"\n");
    const auto starts = [&](const std::string& options, const Run& how) {
        return project("check violation.json " + options, how).out.substr(0, 2);
    };
    Run how;
    CHECK(starts("", how) == "vi");
    how.environment = {{"KEYWRIGHT_FORMAT", "github"}};
    CHECK(starts("", how) == "::");
    CHECK(starts("--format json", how) == "{\n");
    how.environment = {{"KEYWRIGHT_FORMAT", ""}};
    CHECK(starts("", how) == "vi");
    how.environment = {{"KEYWRIGHT_FORMAT", "nonsense"}};
    const Result result = project("check violation.json", how);
    CHECK(result.status == 64);
    CHECK(holds(result.err, "KEYWRIGHT_FORMAT"));
}

TEST_CASE("every key of keywright.toml works, its paths being its own") {
    const Project project;
    project.write("used.json", R"({"name": "used", "owner": null, "used_at": "2026-01-01T00:00:00Z"})");
    project.write("keywright.toml",
                  "rules = \"packs/desk\"\nformat = \"compact\"\nfail_on = \"warning\"\ncolor = \"never\"\n"
                  "[params]\nlimit = \"7 days\"\n");
    std::filesystem::rename(project.path() + "/rules", project.path() + "/packs");
    std::filesystem::create_directories(project.path() + "/deep/down");
    Run how;
    how.folder = project.path() + "/deep/down";
    CHECK(run("check --at 2026-01-08T00:00:00Z ../../used.json", how).out ==
          "../../used.json#0 used: error: idle: unused for too long\n");
    CHECK(run("check ../../warning.json", how).status == 1);
    CHECK(run("check --fail-on error ../../warning.json", how).status == 0);
    how.environment = {{"KEYWRIGHT_SET", "limit=8 days"}};
    CHECK(run("check --at 2026-01-08T00:00:00Z ../../used.json", how).status == 0);
    how.environment["KEYWRIGHT_AT"] = "2026-01-09T00:00:00Z";
    CHECK(run("check ../../used.json", how).status == 1);
    how.environment["KEYWRIGHT_RULES"] = "missing";
    CHECK(run("check ../../used.json", how).status == 74);
}

TEST_CASE("a mistake in keywright.toml is told, not passed over") {
    const Project project;
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"fail_no = \"warning\"\n", "did you mean `fail_on`?"},
        {"fail_on = \"warnings\"\n", "did you mean `warning`?"},
        {"format = 3\n", "`format` is a text"},
        {"params = 3\n", "`params` is a table"},
        {"rules = \n", "this is not TOML"},
    };
    for (const auto& [text, part] : cases) {
        CAPTURE(text);
        project.write("keywright.toml", text);
        const Result result = project("check good.json");
        CHECK(result.status == 64);
        CHECK_MESSAGE(holds(result.err, part), result.err);
        CHECK(holds(result.err, "keywright.toml"));
    }
}

TEST_CASE("without --rules the only pack in `rules/` is taken, and several are a question") {
    const Project project;
    CHECK(project("check good.json").status == 0);
    project.write("rules/other/pack.kw", kPack);
    const Result several = project("check good.json");
    CHECK(several.status == 64);
    CHECK(holds(several.err, "rules/desk"));
    CHECK(holds(several.err, "rules/other"));
    project.write("rules/pack.kw", kPack);
    CHECK(project("check good.json").status == 0);
    std::filesystem::remove_all(project.path() + "/rules");
    CHECK(project("check good.json").status == 64);
}

TEST_CASE("no library is loaded from the folder that one stands in") {
    const Folder folder;
    for (const char* library : {"libfmt.so.9", "libsodium.so.23", "libstdc++.so.6", "libc.so.6"})
        folder.write(library, "not a library");
    Run how;
    how.folder = folder.path();
    const Result result = run("version", how);
    CHECK(result.status == 0);
    CHECK(result.err.empty());
}

TEST_CASE("imports may reach up to the folder with keywright.toml, else up to `rules`, and no further") {
    const Folder folder;
    const std::string importing = "edition 1\nimport \"../shared/base.kw\"\n";
    folder.write("p/rules/shared/base.kw", kPack);
    folder.write("p/rules/desk/pack.kw", importing);
    folder.write("p/good.json", kGood);
    Run how;
    how.folder = folder.path() + "/p";
    CHECK(run("check --rules rules/desk good.json", how).status == 0);
    folder.write("q/desk/pack.kw", importing);
    folder.write("q/shared/base.kw", kPack);
    folder.write("q/good.json", kGood);
    how.folder = folder.path() + "/q";
    CHECK(run("check --rules desk good.json", how).status == 3);
    folder.write("q/keywright.toml", "");
    CHECK(run("check --rules desk good.json", how).status == 0);
}

// --- test ------------------------------------------------------------------------------------------------------------

TEST_CASE("tests that pass give 0, a failed one 1 with its place, none at all 64") {
    const Project project;
    Result result = project("test");
    CHECK(result.status == 0);
    CHECK(result.out == "2 passed, 0 failed\n");
    project.write("rules/desk/more.kw", R"(edition 1

import "pack.kw"
import "tests.kw"

test "a wish" {
    given plain
    at 2026-01-01T00:00:00Z expect transfer_needs_ip
}
)");
    result = project("test rules");
    CHECK(result.status == 1);
    CHECK(holds(result.out, "2 passed, 1 failed\n"));
    CHECK(holds(result.out, "✗ failed  a wish  rules/desk/more.kw:6\n"));
    CHECK(holds(result.out, "rules/desk/more.kw:8\n"));
    CHECK(project("test rules/desk/more.kw").out.find("2 passed, 1 failed") != std::string::npos);
    CHECK(project("test --fail-on never rules").status == 0);
    CHECK(project("test --filter plain rules").status == 0);
    CHECK(project("test --filter plain rules").out == "1 passed, 0 failed\n");
    CHECK(project("test --fail-fast rules").out.find("0 passed, 1 failed") != std::string::npos);
    CHECK(project("test rules/desk/pack.kw").status == 64);
    CHECK(holds(project("test good.json").err, "KW1001"));
    project.write("empty/notes.txt", "");
    CHECK(project("test empty").status == 64);
}

TEST_CASE("a rule file with an error among the tests gives 3, and none is run") {
    const Project project;
    project.write("rules/desk/broken.kw", "edition 1\nimport \"pack.kw\"\ntest \"asserts nothing\" { }\n");
    const Result result = project("test rules");
    CHECK(result.status == 3);
    CHECK(result.out == "");
    CHECK(holds(result.err, "rules/desk/broken.kw"));
}

TEST_CASE("results of tests come in every format") {
    const Project project;
    project.write("rules/desk/fails.kw",
                  "edition 1\nimport \"pack.kw\"\nimport \"tests.kw\"\n"
                  "test \"a wish\" { given plain at 2026-01-01T00:00:00Z expect transfer_needs_ip }\n"
                  "prove \"p\" { for every key: never transfer_needs_ip }\n");
    const Json run_json = Json::parse(project("test --format json rules").out);
    CHECK(run_json.at("schema") == "keywright.tests/1");
    CHECK(run_json.at("summary") == Json::parse(R"({"tests": 3, "passed": 2, "failed": 1, "proofs": 1})"));
    CHECK(lines_of(project("test --format ndjson rules").out).size() == 3);
    const Result compact = project("test --format compact rules");
    CHECK(lines_of(compact.out).size() == 1);
    CHECK(compact.out.starts_with("rules/desk/fails.kw:4:"));
    CHECK(holds(compact.err, "2 passed, 1 failed; 1 statement that `keywright prove` decides"));
    CHECK(project("test --format github rules").out.starts_with("::error file=rules/desk/fails.kw,line=4,"));
}

// --- fmt -------------------------------------------------------------------------------------------------------------

TEST_CASE("fmt rewrites files, --check and --diff only look") {
    const Project project;
    const std::string untidy =
        "edition 1\n\npack   a {version \"1\"}\nschema key { name: text? = absent }\n"
        "rule r { severity error require name is present }\n";
    project.write("a.kw", untidy);
    const Result check = project("fmt --check a.kw");
    CHECK(check.status == 1);
    CHECK(check.out == "a.kw\n");
    const Result diff = project("fmt --diff a.kw");
    CHECK(diff.status == 1);
    CHECK(diff.out.starts_with("--- a.kw\n+++ a.kw\n@@ -"));
    CHECK(holds(diff.out, "\n-pack   a {version \"1\"}\n"));
    CHECK(project.read("a.kw") == untidy);

    std::filesystem::permissions(project.path() + "/a.kw", std::filesystem::perms::owner_all);
    CHECK(project("fmt a.kw").status == 0);
    const std::string tidy = project.read("a.kw");
    CHECK(tidy != untidy);
    CHECK((std::filesystem::status(project.path() + "/a.kw").permissions() & std::filesystem::perms::owner_exec) !=
          std::filesystem::perms::none);
    CHECK(project("fmt --check a.kw").status == 0);
    CHECK(project("fmt --diff a.kw").out == "");

    Run how;
    how.input = untidy;
    CHECK(project("fmt -", how).out == tidy);
    CHECK(project("fmt --check -", how).status == 1);
    for (const std::string& name : project.names()) CHECK_FALSE(name.starts_with(".keywright"));
}

TEST_CASE("fmt leaves a file with errors alone and gives 3") {
    const Project project;
    project.write("a.kw", "edition 1\nrule {\n");
    const Result result = project("fmt a.kw");
    CHECK(result.status == 3);
    CHECK(result.out == "");
    CHECK(holds(result.err, "a.kw"));
    CHECK(project.read("a.kw") == "edition 1\nrule {\n");
    Run how;
    how.input = "edition 1\nrule {\n";
    CHECK(project("fmt -", how).status == 3);
    CHECK(project("fmt -", how).out == "");
}

TEST_CASE("a diff can be applied") {
    const Project project;
    std::string text = "edition 1\n\npack a { version \"1\" }\n\nschema key { name: text? = absent }\n";
    for (int i = 0; i < 30; ++i) {
        const std::string name = "r" + std::to_string(i);
        text += i % 7 == 0 ? "rule " + name + "  {severity error require name is present}\n"
                           : "\nrule " + name + " {\n    severity error\n    require  name is present\n}\n";
    }
    project.write("a.kw", text);
    const std::string diff = project("fmt --diff a.kw").out;
    CHECK(project("fmt a.kw").status == 0);
    const std::string formatted = project.read("a.kw");

    // Apply by hand: copy up to each hunk, then take its ` ` and `+` lines and check its ` ` and `-` lines.
    const std::vector<std::string> before = lines_of(text);
    std::string after;
    std::size_t at = 0;
    bool fits = true;
    for (const std::string& line : lines_of(diff)) {
        if (line.starts_with("---") || line.starts_with("+++")) continue;
        if (line.starts_with("@@")) {
            const std::size_t first = std::stoul(line.substr(4));
            while (at + 1 < first) after += before.at(at++) + "\n";
        } else if (line.front() == '+') {
            after += line.substr(1) + "\n";
        } else {
            fits = fits && at < before.size() && before[at] == line.substr(1);
            if (line.front() == ' ') after += line.substr(1) + "\n";
            ++at;
        }
    }
    while (at < before.size()) after += before[at++] + "\n";
    CHECK(fits);
    CHECK(after == formatted);
}

// --- why -------------------------------------------------------------------------------------------------------------

TEST_CASE("why: the exit status is that of what was asked") {
    const std::string base = "why --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z ";
    const std::string key = "examples/kucoin/spot_key.json ";
    CHECK(run(base + key).status == 1);
    CHECK(run(base + key + "transfer_needs_ip").status == 1);
    CHECK(run(base + key + "name_required").status == 0);
    CHECK(run(base + "examples/kucoin/compliant_key.json").status == 0);
    const std::string native = base + "--input get_api_key examples/kucoin/get_api_key.response.json ";
    CHECK(run(native).status == 2);
    CHECK(run(native + "third_party_needs_app").status == 2);
    CHECK(run(native + "idle_spot_key_expires").status == 0);
}

TEST_CASE("why: one fact a line, with the condition that it decides") {
    const Result result =
        run("why --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z examples/kucoin/spot_key.json transfer_needs_ip");
    for (const char* text : {"violated  transfer_needs_ip", "/permissions contains transfer\n",
                             "decides permissions has any of {transfer, withdrawal}", "/ip_allowlist is empty\n",
                             "/usage is api_trading\n", "guide 2.trading.transfer"}) {
        CHECK_MESSAGE(holds(result.out, text), text);
    }
}

TEST_CASE("why: what would settle an open rule, and the values that decide it") {
    const Result result =
        run("why --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z --input get_api_key --format json "
            "examples/kucoin/get_api_key.response.json third_party_cannot_withdraw");
    CHECK(result.status == 2);
    const Json why = Json::parse(result.out);
    CHECK(why.at("schema") == "keywright.why/1");
    const Json& rule = why.at("results").at(0).at("rules").at(0);
    CHECK(rule.at("outcome") == "undetermined");
    CHECK(rule.at("reasons").empty());
    CHECK(rule.at("needs") == Json::parse(R"(["/usage"])"));
    CHECK(rule.at("settled_by").at(0).at("fields") == Json::parse(R"(["/usage"])"));
    CHECK(rule.at("settled_by").at(0).at("if_violated") == Json::parse(R"(["is third_party"])"));
    CHECK(rule.at("settled_by").at(0).at("if_fine") == Json::parse(R"(["is api_trading"])"));
}

TEST_CASE("why: wrong usage, and records that can't be read") {
    const std::string base = "why --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z ";
    const Result misspelt = run(base + "examples/kucoin/spot_key.json transfer_need_ip");
    CHECK(misspelt.status == 64);
    CHECK(holds(misspelt.err, "did you mean `transfer_needs_ip`?"));
    CHECK(run(base + "a b c").status == 64);
    CHECK(run(base + "--format github examples/kucoin/spot_key.json").status == 64);
    Run how;
    how.input = R"({"name": 7})";
    const Result invalid = run(base + "- name_required", how);
    CHECK(invalid.status == 2);
    CHECK(holds(invalid.out, "/name"));
}

// --- explain, schema, completion, version, embed ---------------------------------------------------------------------

TEST_CASE("every code that `explain` lists has a page") {
    const Result list = run("explain");
    CHECK(list.status == 0);
    const std::vector<std::string> lines = lines_of(list.out);
    CHECK(lines.size() > 50);
    for (const std::string& line : lines) {
        const std::string code = line.substr(0, line.find(' '));
        CAPTURE(line);
        CHECK(line.size() > code.size() + 2);  // a title
        const Result page = run("explain " + code);
        CHECK(page.status == 0);
        CHECK(holds(page.out, code));
    }
    CHECK(run("explain kw2001").out == run("explain KW2001").out);
}

TEST_CASE("repair ends with 0, 1 or 2, and says what it would do in every format") {
    const std::string verb = "repair --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z ";
    CHECK(run(verb + "examples/kucoin/compliant_key.json").status == 0);
    const Result found = run(verb + "examples/kucoin/spot_key.json");
    CHECK(found.status == 1);
    CHECK(found.err == "");
    CHECK(found.out.find("remove `transfer` from `permissions`") != std::string::npos);
    const Result json = run(verb + "--format json --max 1 examples/kucoin/spot_key.json");
    CHECK(Json::parse(json.out).at("schema") == "keywright.repair/1");
    CHECK(Json::parse(json.out).at("results").at(0).at("repairs").size() == 1);
    CHECK(run(verb + "--format compact examples/kucoin/spot_key.json").out.find("cost 1") != std::string::npos);
    CHECK(run(verb + "--rule transfer_needs examples/kucoin/spot_key.json").status == 64);
    CHECK(run(verb + "--max 0 examples/kucoin/spot_key.json").status == 64);
    CHECK(run(verb + "--fill /name=x examples/kucoin/spot_key.json").status == 64);
    CHECK(run(verb + "--rule name_required examples/kucoin/spot_key.json").status == 0);
}

TEST_CASE("repair --apply writes what is then compliant, and nothing while a hole is left") {
    const std::string verb = "repair --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z --apply ";
    const Result applied = run(verb + "examples/kucoin/spot_key.json");
    if (applied.status == 0) {
        CHECK(Json::parse(applied.out).at("name") == "spot bot");
    } else {
        CHECK(applied.status == 64);
        CHECK(applied.out == "");
        const Result filled = run(verb + "--fill /ip_allowlist/-=203.0.113.7 examples/kucoin/spot_key.json");
        CHECK(filled.status == 0);
        CHECK(Json::parse(filled.out).at("ip_allowlist") == Json::array({"203.0.113.7"}));
    }
}

TEST_CASE("guide lists what is left to choose") {
    const Result result =
        run("guide --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z --format json examples/kucoin/compliant_key.json");
    CHECK(result.status == 0);
    CHECK(Json::parse(result.out).at("schema") == "keywright.guide/1");
    CHECK(run("guide --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z examples/kucoin/spot_key.json").status == 1);
}

TEST_CASE("check --suggest adds the cheapest repair, and only where it is asked for") {
    const std::string verb = "check --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z --format json ";
    const Json plain = Json::parse(run(verb + "examples/kucoin/spot_key.json").out);
    CHECK_FALSE(plain.at("results").at(0).contains("repair"));
    const Json json = Json::parse(run(verb + "--suggest examples/kucoin/spot_key.json").out);
    CHECK(json.at("results").at(0).at("repair").at("cost") == 1);
}

TEST_CASE("schemas are JSON") {
    for (const std::string line :
         {"schema --rules rules/kucoin_tr", "schema report", "schema tests", "schema snapshot", "schema diagnostics",
          "schema proofs", "schema diff", "schema forecast", "schema repair", "schema guide", "schema why",
          "schema mutation", "schema coverage"}) {
        CAPTURE(line);
        const Result result = run(line);
        CHECK(result.status == 0);
        CHECK(Json::parse(result.out).at("$schema") == "https://json-schema.org/draft/2020-12/schema");
    }
}

TEST_CASE("completion scripts name every verb") {
    for (const std::string shell : {"bash", "zsh", "fish"}) {
        const Result result = run("completion " + shell);
        CHECK(result.status == 0);
        for (const char* verb : {"check", "why", "forecast", "repair", "guide", "test", "prove", "diff", "trace", "fmt",
                                 "explain", "schema", "completion", "version", "fail-on", "within"}) {
            CHECK_MESSAGE(holds(result.out, verb), shell);
        }
        CHECK_FALSE(holds(result.out, "embed"));
    }
}

TEST_CASE("version says name, version and edition") {
    const Result result = run("version");
    CHECK(result.status == 0);
    CHECK(result.out.starts_with("keywright "));
    CHECK(holds(result.out, "edition 1"));
    CHECK(run("--version").out == result.out);
}

TEST_CASE("the help of every verb begins with two examples that work from the root of the repository") {
    const Folder copy;  // some examples write files
    for (const char* folder : {"rules", "examples"}) {
        std::filesystem::copy(std::string(KEYWRIGHT_SOURCE_DIR) + "/" + folder, copy.path() + "/" + folder,
                              std::filesystem::copy_options::recursive);
    }
    Run how;
    how.folder = copy.path();
    for (const std::string verb :
         {"check", "why", "forecast", "repair", "guide", "test", "prove", "diff", "trace", "fmt", "explain", "schema",
          "completion", "version", "embed", "lint", "verify", "sign", "init"}) {
        const Result help = run(verb + " --help");
        CHECK(help.status == 0);
        CHECK(help.err == "");
        const std::vector<std::string> lines = lines_of(help.out);
        REQUIRE(lines.size() > 4);
        CHECK(lines[0] == "Examples:");
        CHECK(lines[3] == "");
        for (const std::size_t i : {1u, 2u}) {
            CAPTURE(lines[i]);
            REQUIRE(lines[i].starts_with("  keywright "));
            const Result result = run(lines[i].substr(12), how);
            CHECK_MESSAGE((result.status >= 0 && result.status <= 2), result.err);
        }
    }
    CHECK(run("--help").status == 0);
    CHECK(run("--help").err == "");
}

TEST_CASE("embed writes the pack down, the same every time, and nothing where it has errors") {
    const Project project;
    const std::string line = "embed --rules rules/desk --name desk_rules --output desk.cpp --header desk.h";
    CHECK(project(line).status == 0);
    const std::string source = project.read("desk.cpp");
    CHECK(holds(source, "#include \"desk.h\""));
    CHECK(holds(source, "\"rule transfer_needs_ip {\\n\""));
    CHECK_FALSE(holds(source, project.path()));
    CHECK(holds(project.read("desk.h"), "const keywright::Rules& desk_rules();"));
    CHECK(project(line).status == 0);
    CHECK(project.read("desk.cpp") == source);
    project.write("rules/desk/pack.kw", "edition 1\n");
    const Result broken = project(line);
    CHECK(broken.status == 3);
    CHECK(holds(broken.err, "error[KW"));
    CHECK(project.read("desk.cpp") == source);
}

TEST_CASE("embed --inline writes a header of its own, with parameters as they are in force") {
    const Project project;
    const std::string line = "embed --rules rules/desk --name desk::rules --inline desk.h";
    const Result result = project(line);
    CHECK_MESSAGE(result.status == 0, result.err);
    CHECK(result.out == "");
    const std::string header = project.read("desk.h");
    CHECK(holds(header, "namespace desk::rules {"));
    CHECK(holds(header, "constexpr Decision decide("));
    CHECK_FALSE(holds(header, project.path()));
    CHECK(project(line).status == 0);
    CHECK(project.read("desk.h") == header);
    CHECK(holds(header, "// parameter limit = 30 days\n"));
    const Result sooner = run(std::vector<std::string>{"embed", "--rules", "rules/desk", "--name", "desk::rules",
                                                       "--inline", "desk.h", "--set", "limit=14 days"},
                              {.input = {}, .folder = project.path(), .environment = {}, .output_to = {}});
    CHECK_MESSAGE(sooner.status == 0, sooner.err);
    CHECK(holds(project.read("desk.h"), "// parameter limit = 14 days\n"));
    CHECK(project(line).status == 0);
    for (const char* wrong :
         {"--name std", "--name class", "--name 'a {'", "--name a --output b.cpp", "--name a --header b.h"}) {
        CAPTURE(wrong);
        CHECK(project("embed --rules rules/desk --inline other.h " + std::string{wrong}).status == 64);
    }
    CHECK(project("embed --rules rules/desk --name a --output a.cpp --header a.h --waivers w.kw").status == 64);
    CHECK(project.read("other.h") == "");
    project.write("rules/desk/pack.kw", "edition 1\n");
    const Result broken = project(line);
    CHECK(broken.status == 3);
    CHECK(holds(broken.err, "error[KW"));
    CHECK(project.read("desk.h") == header);
}

TEST_CASE("embed hears nothing but its command line") {
    const Project project;
    const std::string line = "embed --rules rules/desk --name desk_rules --output desk.cpp --header desk.h";
    REQUIRE(project(line).status == 0);
    const std::string source = project.read("desk.cpp");
    project.write("keywright.toml", "this is = not = TOML\n");
    Run how;
    how.environment = {{"KEYWRIGHT_FORMAT", "sarif"}, {"KEYWRIGHT_COLOR", "perhaps"}, {"KEYWRIGHT_SET", "limit"},
                       {"KEYWRIGHT_AT", "tomorrow"},  {"KEYWRIGHT_QUIET", "maybe"},   {"KEYWRIGHT_RULES", "elsewhere"}};
    const Result result = project(line, how);
    CHECK_MESSAGE(result.status == 0, result.err);
    CHECK(result.err == "");
    CHECK(project.read("desk.cpp") == source);
    // Values that are fine, but not this command's.
    project.write("keywright.toml", "format = \"json\"\n[params]\nlimit = \"1 day\"\n");
    how.environment = {{"KEYWRIGHT_FORMAT", "github"}, {"KEYWRIGHT_SET", "limit=2 days"}};
    CHECK(project(line, how).status == 0);
    CHECK(project.read("desk.cpp") == source);
    project.write("rules/desk/pack.kw", "edition 1\n");
    CHECK(holds(project(line, how).err, "error[KW"));
    CHECK_FALSE(holds(project(line, how).err, "::error"));
    CHECK(holds(project(line + " --format github", how).err, "::error"));
    // The options themselves are still looked at, and every other verb still reads the file.
    CHECK(project(line + " --format sarif").status == 64);
    project.write("keywright.toml", "this is = not = TOML\n");
    CHECK(project("check good.json").status == 64);
}

// --- what never happens ----------------------------------------------------------------------------------------------

TEST_CASE("a secret never reaches any output, however malformed its record") {
    const Project project;
    const std::string secret = "c4n4ry-S3CR3T";
    const std::string record =
        R"({"name": "bot", "passphrase": ")" + secret +
        R"(", "permissions": ["transfer"], "ip_allowlist": ["1.2.3.4"], "owner": "me", "used_at": null})";
    std::vector<std::string> records;
    for (std::size_t cut = 0; cut <= record.size(); ++cut) records.push_back(record.substr(0, cut));
    for (std::size_t at = 0; at < record.size(); ++at) {
        for (const char* noise : {"\"", "{", "\\", "\x01", "\xff", "}", "0", ":"}) {
            std::string changed = record;
            // Noise inside the secret would only split it into parts that aren't looked for.
            const std::size_t begin = record.find(secret);
            if (at > begin && at < begin + secret.size()) continue;
            records.push_back(changed.insert(at, noise));
        }
    }
    for (const char* value : {R"(["S"])", R"({"S": 1})", R"({"$secret": "S"})", R"({"$secret": {"length": "S"}})",
                              R"({"$secret": {"S": true}})", R"("S", "passphrase": "S")", R"("S", "pasphrase": "S")",
                              R"("x", "S": 1)", R"("x", "S": 1, "S": 2)", R"("x", "a": {"S": {"S": tru}})",
                              R"("S" "S")", R"("S\ud800")", R"(S)", R"("S", "$unknown": ["passphrase"])"}) {
        std::string text =
            R"({"name": "bot", "permissions": [], "owner": null, "passphrase": )" + std::string(value) + "}";
        for (std::size_t at = 0; (at = text.find("S", at)) != std::string::npos; at += secret.size())
            text.replace(at, 1, secret);
        records.push_back(text);
    }
    std::string all;
    for (const std::string& one : records) {
        if (!holds(one, "\n")) all += one + "\n";
    }
    project.write("secrets.ndjson", all);
    project.write("secrets.json", record + record);
    for (const std::string format :
         {"pretty", "compact", "json", "ndjson", "github", "sarif", "junit", "markdown", "html"}) {
        CAPTURE(format);
        for (const std::string file : {"secrets.ndjson", "secrets.json"}) {
            const Result result = project("check --at 2026-01-01T00:00:00Z --format " + format + " " + file);
            CHECK((result.status == 1 || result.status == 2));
            for (const std::string& line : lines_of(result.out + result.err)) {
                CHECK_FALSE_MESSAGE(holds(line, "S3CR3T"), line);
            }
        }
    }
}

TEST_CASE("nothing in a record, a rule file or a name reaches the terminal as a command") {
    const Project project;
    const std::string hostile = R"(::error::\u001b[31m\n::set-output name=a::b\r##[x]\u202e\u009b2J\u007f\u0085)";
    project.write("names.ndjson", R"({"name": ")" + hostile + R"(", "permissions": ["transfer"], "owner": null})" +
                                      "\n" + R"({"name": ")" + hostile + R"(", "permissions": [")" + hostile +
                                      R"("], "owner": null})" + "\n" + R"({")" + hostile + R"(": 1})" + "\n");
    const std::string odd_name = "::warning::\x1b[2J\x7f.json";
    project.write(odd_name, kViolation);
    for (const std::string format :
         {"pretty", "compact", "json", "ndjson", "github", "sarif", "junit", "markdown", "html"}) {
        CAPTURE(format);
        for (const std::string& file : {std::string("names.ndjson"), odd_name}) {
            const Result result = run(std::vector<std::string>{"check", "--format", format, file},
                                      {.input = {}, .folder = project.path(), .environment = {}, .output_to = {}});
            CHECK_MESSAGE(is_harmless(result.out), result.out);
            CHECK(is_harmless(result.err));
            if (format == "github") continue;
            for (const std::string& line : lines_of(result.out)) {
                const std::size_t first = line.find_first_not_of(' ');
                if (first != std::string::npos) CHECK_FALSE(line.substr(first).starts_with("::"));
                if (format == "pretty" || format == "compact" || format == "junit" || format == "html")
                    CHECK_FALSE(holds(line, "##"));
            }
        }
    }
    const Result missing = run(std::vector<std::string>{"check", "\x1b]0;title\x07.json"},
                               {.input = {}, .folder = project.path(), .environment = {}, .output_to = {}});
    CHECK(missing.status == 74);
    CHECK(is_harmless(missing.err));

    project.write("bad.kw", "edition 1\n// \x1b[31m\xe2\x80\xae\npack a { version \"\x9b\" }\nrule ::error:: \x07\n");
    for (const std::string format : {"pretty", "compact", "github", "json"}) {
        const Result result = project("fmt --format " + format + " bad.kw");
        CHECK(result.status == 3);
        CHECK_MESSAGE(is_harmless(result.err), result.err);
    }
}

TEST_CASE("hostile sizes are answered") {
    const Project project;
    Run how;
    how.input = std::string(3000000, '[');
    Result result = project("check -", how);
    CHECK(result.status == 2);
    CHECK(result.out.size() < 10000);
    how.input = std::string(3000000, 'x');
    CHECK(project("check -", how).status == 2);
    project.write("deep.kw",
                  "edition 1\npack a { version \"1\" }\nrule r { require " + std::string(900000, '(') + " }\n");
    result = project("check --rules deep.kw good.json");
    CHECK(result.status == 3);
    CHECK(result.err.size() < 10000);
}
