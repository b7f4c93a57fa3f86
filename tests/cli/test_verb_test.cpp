// `keywright test`: formats that others read, threads, snapshots, and watching.
#include "program.h"

#include <doctest/doctest.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <sys/wait.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kPack = R"(edition 1

pack desk { version "1.2.3" title "desk rules" }

import "schema.kw"

rule transfer_needs_ip {
    severity error
    when     transfer in permissions
    require  ip_allowlist is not empty
    message  "moving funds needs an IP restriction"
}

rule ip_recommended {
    severity warning
    require  ip_allowlist is not empty
    message  "the key works from any address"
}
)";

const std::string kSchema = R"(edition 1

schema key {
    name:         text? = absent
    permissions:  set of { general, spot, transfer } = {}
    ip_allowlist: set of network = {}
    passphrase:   secret? = absent
}
)";

const std::string kTests = R"(edition 1

import "pack.kw"

sample plain = key { name: "bot", permissions: {}, ip_allowlist: {203.0.113.7}, passphrase: absent }

test "a plain key is fine" {
    given plain
    at 2026-01-01T00:00:00Z expect none
}

test "transfers need an address" {
    given plain with { permissions: {transfer}, ip_allowlist: {} }
    at 2026-01-01T00:00:00Z expect transfer_needs_ip
}
)";

const std::string kMore = R"(edition 1

import "pack.kw"
import "tests.kw"

test "an address is recommended" {
    given plain with { ip_allowlist: {} }
    at 2026-01-01T00:00:00Z expect includes ip_recommended as warning
}
)";

struct Project : Folder {
    Project() {
        write("rules/desk/pack.kw", kPack);
        write("rules/desk/schema.kw", kSchema);
        write("rules/desk/tests.kw", kTests);
        write("rules/desk/more.kw", kMore);
    }
    // As editors do it: a new file takes the place of the old one.
    void replace(const std::string& name, const std::string& text) const {
        write(name + "~", text);
        std::filesystem::rename(path() + '/' + name + "~", path() + '/' + name);
    }
    void remove(const std::string& name) const { std::filesystem::remove(path() + '/' + name); }
};

// A project with snapshots: of a record beside the settings, and of two that lie elsewhere.
struct Recorded : Project {
    Recorded() {
        write("rules/desk/snapshots/snapshots.toml",
              "at = \"2026-01-01T00:00:00Z\"\n\n[[record]]\nfile = \"../../../keys.ndjson\"\nname = \"keys\"\n");
        write("rules/desk/snapshots/mover.json",
              R"({"name": "mover", "permissions": ["transfer"], "passphrase": "hunter2-hunter2"})");
        write("keys.ndjson", "{\"name\": \"one\"}\n{\"name\": \"two\", \"ip_allowlist\": [\"203.0.113.7\"]}\n");
    }
};

// Exit status of a shell command, and what it prints.
Result shell(const std::string& command) {
    Result out;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    char block[4096];
    for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, pipe)) > 0;) out.out.append(block, n);
    const int state = ::pclose(pipe);
    out.status = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
    return out;
}

bool has_program(const std::string& name) {
    const bool there = shell("command -v " + name).status == 0;
    if (!there) MESSAGE("skipped, as `" << name << "` is not installed");
    return there;
}

const std::string kHostileTest = R"(
test "a # TODO <&\"'> wish" {
    given plain
    at 2026-01-01T00:00:00Z expect transfer_needs_ip
}
)";

}  // namespace

// --- formats ---------------------------------------------------------------------------------------------------------

TEST_CASE("junit: XML that fits the schema, whatever tests are called") {
    const Project project;
    project.write("rules/desk/more.kw", kMore + kHostileTest);
    const Result result = project("test --format junit");
    CHECK(result.status == 1);
    CHECK(holds(result.out, "tests=\"4\" failures=\"1\""));
    CHECK(holds(result.out, "name=\"a # TODO &lt;&amp;&quot;'&gt; wish\" file=\"rules/desk/more.kw\" line=\"11\""));
    CHECK(holds(result.err, "3 passed, 1 failed"));
    if (!has_program("xmllint")) return;
    project.write("junit.xml", result.out);
    const std::string validate = "xmllint --noout --schema '" KEYWRIGHT_SOURCE_DIR "/tests/cli/junit.xsd' ";
    Result valid = shell(validate + project.path() + "/junit.xml");
    CHECK_MESSAGE(valid.status == 0, valid.out);
    // The schema says no where it should.
    project.write("wrong.xml", replaced(result.out, " failures=\"1\"", ""));
    CHECK(shell(validate + project.path() + "/wrong.xml").status != 0);
    // The real packs' too.
    REQUIRE(run("test --format junit --output " + project.path() + "/junit.xml rules/kucoin_tr").status == 0);
    valid = shell(validate + project.path() + "/junit.xml");
    CHECK_MESSAGE(valid.status == 0, valid.out);
}

TEST_CASE("tap: Perl's prove counts as we do, and a name excuses nothing") {
    const Project project;
    Result result = project("test --format tap");
    CHECK(result.status == 0);
    CHECK(result.out ==
          "TAP version 13\n1..3\nok 1 - an address is recommended\nok 2 - a plain key is fine\n"
          "ok 3 - transfers need an address\n");
    project.write("passing.tap", result.out);
    project.write("rules/desk/more.kw", kMore + kHostileTest);
    result = project("test --format tap");
    CHECK(result.status == 1);
    CHECK(holds(result.out, "not ok 2 - a \\# TODO <&\"'> wish\n  ---\n"));
    if (!has_program("prove")) return;
    project.write("failing.tap", result.out);
    const Result passing = shell("prove -e cat " + project.path() + "/passing.tap");
    CHECK_MESSAGE(passing.status == 0, passing.out);
    CHECK(holds(passing.out, "Tests=3"));
    const Result failing = shell("prove -e cat " + project.path() + "/failing.tap");
    CHECK(failing.status == 1);
    CHECK(holds(failing.out, "Failed 1/4 subtests"));
    CHECK(holds(failing.out, "Failed test:  2"));
}

TEST_CASE("tap is a format of test alone, and junit of verbs that have cases") {
    const Project project;
    CHECK(project("check --format tap x.json").status == 64);
    CHECK(project("prove --format junit rules").status == 64);
    const Result result = project("test --format junitt");
    CHECK(result.status == 64);
    CHECK(holds(result.err, "did you mean `junit`?"));
    CHECK(holds(project("fmt --format tap").err, "can't be `tap`"));
    Run how;
    how.environment = {{"KEYWRIGHT_FORMAT", "tap"}};
    CHECK(project("test", how).out.starts_with("TAP version 13\n"));
    CHECK(holds(project("completion bash").out, "pretty compact json ndjson github junit tap"));
    CHECK(holds(project("test --help").out, "junit or tap"));
}

TEST_CASE("with any number of jobs the output is the same, to the byte") {
    for (const char* format : {"json", "junit", "tap", "pretty"}) {
        const std::string line = std::string{"test --format "} + format + " rules/kucoin_tr --jobs ";
        const Result one = run(line + "1");
        CHECK(one.status == 0);
        CHECK_FALSE(one.out.empty());
        for (const char* jobs : {"2", "7", "1024"}) CHECK(run(line + jobs).out == one.out);
    }
    for (const char* jobs : {"0", "-1", "many", "1025"})
        CHECK(run(std::string{"test rules/kucoin_tr --jobs="} + jobs).status == 64);
}

// Sanitizers start helpers of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("threads that can't be started are done without") {
    // The bound on processes, threads among them, doesn't hold for root.
    const std::string somebody = ::geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups " : "";
    const std::string program = "'" KEYWRIGHT_COMMAND "'";
    const std::string go = "cd '" KEYWRIGHT_SOURCE_DIR "' && " + somebody;
    if (shell(go + "prlimit --nproc=1 " + program + " version").status != 0 ||
        shell(go + "test -r rules/kucoin_tr/pack.kw").status != 0) {
        MESSAGE("not tried: there is no prlimit or setpriv here, or nobody else may read these files");
        return;
    }
    const Result result = shell(go + "prlimit --nproc=1 " + program + " test --jobs 1024 rules/kucoin_tr");
    CHECK(result.status == 0);
    CHECK(result.out == run("test --jobs 1 rules/kucoin_tr").out);
}
#endif

TEST_CASE("--fail-fast stops at the first test of these files that fails, not at one they import") {
    const Project project;
    project.write("rules/desk/a.kw", replaced(kMore, "import \"tests.kw\"", "import \"tests.kw\"\nimport \"z.kw\""));
    project.write("rules/desk/more.kw", "edition 1\n");
    project.write("rules/desk/z.kw", "edition 1\nimport \"pack.kw\"\nimport \"tests.kw\"\n" + kHostileTest);
    for (const char* jobs : {"1", "4"}) {
        const Result result = project(std::string{"test --fail-fast rules --jobs "} + jobs);
        CHECK(result.status == 1);
        CHECK(holds(result.out, "3 passed, 1 failed"));
    }
    // A file that is named beside its folder is run once, with what it imports.
    CHECK(holds(project("test rules rules/desk/tests.kw").out, "3 passed, 1 failed"));
}

// --- snapshots -------------------------------------------------------------------------------------------------------

TEST_CASE("snapshots: missing, recorded, different, without a record") {
    const Recorded project;
    Result result = project("test");
    CHECK(result.status == 1);
    CHECK(holds(result.out, "3 passed, 2 failed"));
    CHECK(holds(result.out, "✗ failed  snapshot mover  rules/desk/snapshots/mover.json:1\n"));
    CHECK(holds(result.out, "`keywright test --update` makes one"));

    result = project("test --update");
    CHECK(result.status == 0);
    CHECK(result.out == "5 passed, 0 failed\n");
    CHECK(holds(result.err, "recorded rules/desk/snapshots/mover.report.json, which is new\n"));
    const std::string recording = project.read("rules/desk/snapshots/mover.report.json");
    CHECK(Json::parse(recording).at("results").at(0).at("verdict") == "violation");
    CHECK_FALSE(holds(recording, "hunter2"));
    CHECK(Json::parse(project.read("rules/desk/snapshots/keys.report.json")).at("results").size() == 2);
    CHECK(project("test").status == 0);
    // Nothing differs, so nothing is written.
    const auto written = std::filesystem::last_write_time(project.path() + "/rules/desk/snapshots/mover.report.json");
    CHECK(project("test --update").err == "");
    CHECK(std::filesystem::last_write_time(project.path() + "/rules/desk/snapshots/mover.report.json") == written);

    // The pack's version is no result, its messages are.
    project.write("rules/desk/pack.kw", replaced(kPack, "1.2.3", "1.2.4"));
    CHECK(project("test").status == 0);
    project.write("rules/desk/pack.kw", replaced(kPack, "works from any address", "opens anywhere"));
    result = project("test");
    CHECK(result.status == 1);
    CHECK(holds(result.out, "-          \"message\": \"the key works from any address\",\n"));
    CHECK(holds(result.out, "+          \"message\": \"the key opens anywhere\",\n"));
    CHECK(holds(result.out, "3 passed, 2 failed"));
    CHECK(holds(project("test --format ndjson").out, "\"difference\":\"--- rules/desk/snapshots/keys.report.json"));
    CHECK(holds(project("test --fail-fast").out, "3 passed, 1 failed"));
    // Only what the filter lets through is recorded.
    result = project("test --update --filter mover");
    CHECK(result.status == 0);
    CHECK(holds(result.err, "+          \"message\": \"the key opens anywhere\",\n"));
    CHECK(holds(project("test").out, "4 passed, 1 failed"));
    CHECK(project("test --update").status == 0);

    project.remove("rules/desk/snapshots/mover.json");
    result = project("test --update");
    CHECK(result.status == 1);
    CHECK(holds(result.out, "✗ failed  snapshot mover  rules/desk/snapshots/mover.report.json:1\n"));
    CHECK(holds(result.out, "4 passed, 1 failed"));
}

TEST_CASE("snapshots: a folder of them alone, with a pack of its own") {
    const Recorded project;
    CHECK(project("test --update").status == 0);
    Result result = project("test --snapshots rules/desk/snapshots");
    CHECK(result.status == 0);
    CHECK(result.out == "2 passed, 0 failed\n");
    CHECK(project("test rules/desk/snapshots").out == "2 passed, 0 failed\n");
    CHECK(project("test --snapshots rules/desk/snapshots rules/desk/more.kw").out == "5 passed, 0 failed\n");
    CHECK(project("test --snapshots rules/desk/snapshots/ rules").out == "5 passed, 0 failed\n");
    // `--rules` says where to look, and isn't the pack of all that is found there.
    CHECK(project("test --rules rules").out == "5 passed, 0 failed\n");
    // Another pack, by option and by settings.
    project.write("strict/pack.kw", replaced(kPack, "severity warning", "severity error"));
    project.write("strict/schema.kw", kSchema);
    CHECK(project("test --snapshots rules/desk/snapshots --rules strict").status == 1);
    const std::string settings = project.read("rules/desk/snapshots/snapshots.toml");
    project.write("rules/desk/snapshots/snapshots.toml", "rules = \"../../../strict\"\n" + settings);
    CHECK(project("test --snapshots rules/desk/snapshots").status == 1);
    // A mistake in its rules is one of a rule file.
    project.write("strict/pack.kw", "edition 1\n");
    CHECK(project("test --snapshots rules/desk/snapshots").status == 3);
}

TEST_CASE("snapshots: mistakes in the settings are told, with their line") {
    const Recorded project;
    project.write("records/key.json", "{}");
    const auto message = [&](const std::string& settings) {
        project.write("rules/desk/snapshots/snapshots.toml", settings);
        const Result result = project("test");
        CHECK(result.status == 64);
        CHECK(result.out == "");
        return result.err;
    };
    const std::string file = "rules/desk/snapshots/snapshots.toml:";
    CHECK(holds(message(""), file + "1: nothing says when `mover.json` is judged"));
    CHECK(holds(message("at = 3"), file + "1: `at` is not an instant"));
    CHECK(holds(message("\nat = \"yesterday\""), file + "2: `at` is not an instant"));
    CHECK(holds(message("att = \"2026-01-01T00:00:00Z\""), "did you mean `at`?"));
    CHECK(holds(message("at = 2026-01-01T00:00:00Z\ninput = 1"), file + "2: `input` is a text"));
    CHECK(holds(message("at = "), file + "1: this is not TOML"));
    CHECK(holds(message("record = 1"), "`record` is a list of tables"));
    CHECK(holds(message("[[record]]\nname = \"x\""), "the record has no `file`"));
    CHECK(holds(message("[[record]]\nfile = \"mover.json\"\n[[record]]\nfile = \"./mover.json\""), "stands twice"));
    CHECK(holds(message("at = 2026-01-01T00:00:00Z\n[[record]]\nfile = \"../x.json\"\nname = \"mover\""),
                "two records are called `mover`"));
    CHECK(holds(message("at = 2026-01-01T00:00:00Z\n[[record]]\nfile = \"../x.json\"\nname = \"../mover\""),
                "can't be a snapshot's name"));
    CHECK(holds(message("at = 2026-01-01T00:00:00Z\ninput = \"native\""), "the pack has no adapter `native`"));
    CHECK(holds(project("test --snapshots records").err, "there is no snapshots.toml in `records`"));
    CHECK(project("test --snapshots nowhere").status == 64);
    // A record that isn't there is a file that can't be read.
    project.write("rules/desk/snapshots/snapshots.toml",
                  "at = 2026-01-01T00:00:00Z\n[[record]]\nfile = \"../../../gone.json\"\n");
    CHECK(project("test").status == 74);
    // What is no folder of snapshots is left alone.
    project.remove("rules/desk/snapshots/snapshots.toml");
    CHECK(project("test").out == "3 passed, 0 failed\n");
    CHECK(holds(project("test --update").err, "there are no snapshots to update"));
}

// --- watching --------------------------------------------------------------------------------------------------------

namespace {

// The same with the system's notices and by looking.
void watch_and_edit(bool by_polling) {
    const Recorded project;
    REQUIRE(project("test --update").status == 0);
    Run how;
    how.folder = project.path();
    if (by_polling) how.environment = {{"KEYWRIGHT_POLL", "1"}};
    Running watching{"test --watch", how};
    const std::string done = "; watching ";
    std::string seen = watching.until(done);
    CHECK(holds(seen, "5 passed, 0 failed\n5 run, 0 unaffected; watching 6 files\n"));

    // A comment affects nothing; the snapshots of a pack with another text are looked at again.
    project.replace("rules/desk/tests.kw", kTests + "// a comment\n");
    seen = watching.until(done);
    CHECK(holds(seen, "5 passed, 0 failed\n0 run, 5 unaffected"));

    project.replace("rules/desk/pack.kw", replaced(kPack, "transfer in permissions", "spot in permissions"));
    seen = watching.until(done);
    CHECK(holds(seen, "✗ failed  transfers need an address"));
    CHECK(holds(seen, "✗ failed  snapshot mover"));
    // What names the other rule alone isn't affected.
    CHECK(holds(seen, "3 passed, 2 failed\n4 run, 1 unaffected"));
    project.replace("rules/desk/pack.kw", kPack);
    CHECK(holds(watching.until(done), "5 passed, 0 failed\n4 run, 1 unaffected"));

    // A mistake is shown, and the watch goes on; what is edited meanwhile isn't forgotten.
    project.replace("rules/desk/schema.kw", "edition 1\nschema {");
    seen = watching.until("no test was run");
    CHECK(holds(seen, "rules/desk/schema.kw:2"));
    project.replace("rules/desk/more.kw", replaced(kMore, "as warning", "as error"));
    (void)watching.until("no test was run");
    project.replace("rules/desk/schema.kw", kSchema);
    seen = watching.until(done);
    CHECK(holds(seen, "✗ failed  an address is recommended"));
    CHECK(holds(seen, "4 passed, 1 failed"));
    project.replace("rules/desk/more.kw", kMore);
    CHECK(holds(watching.until(done), "5 passed, 0 failed\n1 run, 4 unaffected"));

    // Nor is what is edited in a file that is fine while another isn't.
    project.replace("rules/desk/more.kw", "edition 1\ntest {");
    CHECK(holds(watching.until("no test was run"), "rules/desk/more.kw:2"));
    project.replace("rules/desk/tests.kw", replaced(kTests, "expect none", "expect transfer_needs_ip"));
    (void)watching.until("no test was run");
    project.replace("rules/desk/more.kw", kMore);
    seen = watching.until(done);
    CHECK(holds(seen, "✗ failed  a plain key is fine"));
    CHECK(holds(seen, "4 passed, 1 failed\n1 run, 4 unaffected"));
    project.replace("rules/desk/tests.kw", kTests);
    CHECK(holds(watching.until(done), "5 passed, 0 failed\n1 run, 4 unaffected"));

    // Files go, and come again, and new ones come.
    project.remove("rules/desk/more.kw");
    CHECK(holds(watching.until(done), "4 passed, 0 failed\n0 run, 4 unaffected"));
    project.write("rules/desk/more.kw", kMore);
    CHECK(holds(watching.until(done), "5 passed, 0 failed\n1 run, 4 unaffected"));
    project.write("rules/desk/tests/deep.kw",
                  "edition 1\nimport \"../pack.kw\"\nimport \"../tests.kw\"\n" + kHostileTest);
    CHECK(holds(watching.until(done), "5 passed, 1 failed\n1 run, 5 unaffected"));
    project.replace("rules/desk/tests/deep.kw", "edition 1\n");
    CHECK(holds(watching.until(done), "5 passed, 0 failed\n0 run, 5 unaffected"));
    project.replace("keys.ndjson", "{\"name\": \"one\"}\n");
    CHECK(holds(watching.until(done), "4 passed, 1 failed\n1 run, 4 unaffected"));
    CHECK(watching.interrupt() == 1);
}

}  // namespace

TEST_CASE("watch: a change is answered with what it affects") { watch_and_edit(false); }

TEST_CASE("watch: the same where the system doesn't tell of changes") { watch_and_edit(true); }

TEST_CASE("watch: an interrupt ends it quietly, with the last status") {
    const Project project;
    Run how;
    how.folder = project.path();
    Running watching{"test --watch --format compact", how};
    (void)watching.until("; watching ");
    CHECK(watching.interrupt(4) == 0);  // as `timeout` does, which sends two
    CHECK(watching.until("anything") == "");

    project.write("rules/desk/schema.kw", "edition 1\nschema {");
    Running broken{"test --watch", how};
    CHECK(holds(broken.until("no test was run"), "schema.kw:2"));
    CHECK(broken.interrupt() == 3);

    CHECK(project("test --watch --update").status == 64);
    CHECK(project("test --watch nowhere").status == 74);
}
