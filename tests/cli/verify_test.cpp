// Evidence in reports, and `keywright verify`: what holds, what doesn't, and what can't be told.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <filesystem>
#include <string>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kPack = R"(edition 1

pack desk { version "1.0.0" }

import "rules.kw"
)";

const std::string kRules = R"(edition 1

schema key {
    name:   text = ""
    orders: int
}

param limit = 3

rule few_orders {
    require orders <= limit
    message "too many"
}
)";

// A pack, an inventory, and a report about it.
struct Desk {
    Folder folder;
    explicit Desk(const std::string& options = {}) {
        folder.write("rules/pack.kw", kPack);
        folder.write("rules/rules.kw", kRules);
        folder.write("keys/all.ndjson", "{\"name\": \"one\", \"orders\": 1}\n{\"name\": \"four\", \"orders\": 4}\n");
        folder.write("one.json", "{\"name\": \"one\", \"orders\": 1}");
        const Result made = folder("check --format json --output report.json --at 2026-01-01T00:00:00Z " + options +
                                   " keys/all.ndjson one.json");
        REQUIRE_MESSAGE(made.status == 1, made.err);
    }
    [[nodiscard]] Result verify(const std::string& line = "report.json") const { return folder("verify " + line); }
    [[nodiscard]] Json report() const { return Json::parse(folder.read("report.json")); }
};

}  // namespace

TEST_CASE("a report carries what it takes to repeat it") {
    const Desk desk{"--set limit=2"};
    const Json evidence = desk.report().at("evidence");
    CHECK(evidence.at("rules").size() == 2);
    CHECK(evidence.at("rules").at(0).at("file") == "pack.kw");
    CHECK(evidence.at("rules").at(0).at("bytes") == kPack.size());
    CHECK(evidence.at("parameters").at("values") == Json{{"limit", "2"}});
    CHECK(evidence.at("waivers") == Json::array());
    CHECK(evidence.at("inputs").at(0).at("source") == "keys/all.ndjson");
    CHECK(evidence.at("inputs").at(0).at("form") == "lines");
    CHECK(evidence.at("inputs").at(1).at("form") == "auto");
    CHECK(evidence.at("inputs").at(1).at("bytes") == 28);
    CHECK(evidence.at("adapter") == "");
    CHECK(evidence.at("options") == Json{{"suggest", false}});
}

TEST_CASE("a report holds as long as nothing changes, whatever else there is") {
    const Desk desk;
    const Result holds = desk.verify();
    CHECK_MESSAGE(holds.status == 0, holds.out);
    CHECK(holds.out.find("✓ holds  report.json") == 0);
    CHECK(desk.verify("--format compact report.json").out == "report.json: holds\n");
    Run piped;
    piped.input = desk.folder.read("report.json");
    CHECK(desk.folder("verify -", piped).status == 0);
    // With parameters that were given then, and an option that changes the results.
    const Desk other{"--suggest --set limit=0"};
    CHECK(other.verify().status == 0);
}

TEST_CASE("what is said of parameters here is held against the report") {
    const Desk desk{"--set limit=2"};
    CHECK(desk.verify("--set limit=2 report.json").status == 0);
    const Result other = desk.verify("--set limit=4 report.json");
    CHECK(other.status == 1);
    CHECK(holds(other.out, "parameter   `limit` was 2 and is 4"));
    CHECK(holds(other.out, "violation is compliant now"));
    desk.folder.write("keywright.toml", "[params]\nlimit = 4\n");
    CHECK(desk.verify("--rules rules report.json").status == 1);
}

TEST_CASE("a rule file that changed is named, and what it does") {
    const Desk desk;
    desk.folder.write("rules/rules.kw", replaced(kRules, "orders <= limit", "orders < 1"));
    const Result changed = desk.verify();
    CHECK(changed.status == 1);
    CHECK(holds(changed.out, "rules       `rules.kw` was "));
    CHECK(holds(changed.out, "keys/all.ndjson#0  compliant is violation now"));
    const Json json = Json::parse(desk.verify("--format json report.json").out);
    CHECK(json.at("holds") == "fails");
    CHECK(json.at("changes").at(0).at("name") == "rules.kw");
    CHECK(json.at("verdicts").size() == 2);
    desk.folder.write("rules/rules.kw", kRules + "rule broken\n");
    CHECK(desk.verify().status == 3);
}

TEST_CASE("an input that changed is named; one that is missing leaves it open") {
    const Desk desk;
    desk.folder.write("one.json", "{\"name\": \"one\", \"orders\": 9}");
    const Result changed = desk.verify();
    CHECK(changed.status == 1);
    CHECK(holds(changed.out, "input       `one.json` was "));
    std::filesystem::remove(desk.folder.path() + "/one.json");
    const Result missing = desk.verify();
    CHECK(missing.status == 2);
    CHECK(holds(missing.out, "? can't be told"));
    CHECK(holds(missing.out, "missing     one.json"));
    // A thing of that name that isn't a file is no input, and is not waited for.
    REQUIRE(::mkfifo((desk.folder.path() + "/one.json").c_str(), 0600) == 0);
    CHECK(desk.verify().status == 2);
}

TEST_CASE("inputs are found below another folder, by their bytes") {
    const Desk desk;
    desk.folder.write("archive/2026/all.ndjson", "nothing of the kind");
    std::filesystem::rename(desk.folder.path() + "/keys", desk.folder.path() + "/archive/keys");
    std::filesystem::rename(desk.folder.path() + "/one.json", desk.folder.path() + "/archive/one.json");
    CHECK(desk.verify().status == 2);
    CHECK(desk.verify("--inputs archive report.json").status == 0);
    CHECK(desk.verify("--inputs nowhere report.json").status == 74);
    // A name can't lead out of the folder.
    Json report = desk.report();
    report["evidence"]["inputs"][1]["source"] = "../../one.json";
    desk.folder.write("led.json", report.dump());
    const Result led = desk.verify("--inputs archive/keys led.json");
    CHECK(led.status == 2);
    CHECK(holds(led.out, "missing"));
}

TEST_CASE("an input that a report lists many times is read once") {
    const Desk desk;
    const Result made =
        desk.folder("check --format json --output twice.json --at 2026-01-01T00:00:00Z one.json ./one.json one.json");
    REQUIRE_MESSAGE(made.status == 0, made.err);
    CHECK(desk.verify("twice.json").status == 0);
}

TEST_CASE("standard input can't be looked at again") {
    const Desk desk;
    Run how;
    how.input = "{\"orders\": 1}";
    CHECK(desk.folder("check --format json --output piped.json --at 2026-01-01T00:00:00Z -", how).status == 0);
    CHECK(desk.verify("piped.json").status == 2);
}

TEST_CASE("a verdict that was changed by hand is found") {
    const Desk desk;
    desk.folder.write("report.json", replaced(desk.folder.read("report.json"), "\"verdict\": \"violation\"",
                                              "\"verdict\": \"compliant\""));
    const Result found = desk.verify();
    CHECK(found.status == 1);
    CHECK(holds(found.out, "`/results/1/verdict` was \"compliant\" and is \"violation\""));
}

TEST_CASE("what is no report is refused, without a word of it") {
    const Desk desk;
    desk.folder.write("bad.json", "{\"schema\": \"s3cr3t\"}");
    const Result bad = desk.verify("bad.json");
    CHECK(bad.status == 2);
    CHECK(bad.out == "");
    CHECK_FALSE(holds(bad.err, "s3cr3t"));
    desk.folder.write("deep.json", std::string(100000, '['));
    CHECK(desk.verify("deep.json").status == 2);
    CHECK(desk.verify("nowhere.json").status == 74);
    CHECK(desk.verify("--format github report.json").status == 64);
    CHECK(desk.verify("report.json report.json").status == 64);
}
