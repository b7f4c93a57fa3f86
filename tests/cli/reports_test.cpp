// Reports as documents: `check --format` sarif, junit, markdown and html, and annotations within GitHub's limits.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <string>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kPack = R"(edition 1

pack desk { version "1.2.3" }

document guide { title "The guide" clause 2.transfer must_not "no transfer without addresses" }

schema key {
    name:       text? = absent
    may:        set of { read, transfer } = {}
    addresses:  set of network = {}
    used_at:    instant?
}

rule transfer_needs_addresses {
    cites    guide 2.transfer
    severity error
    when     transfer in may
    require  addresses is not empty
    message  "moving funds needs addresses"
    help     "add to `addresses`"
}

rule idle {
    severity warning
    when     used_at is present
    expire   30 days after used_at
}
)";

struct Project : Folder {
    Project() {
        write("rules/desk/pack.kw", kPack);
        write("keys.ndjson",
              "{\"name\": \"fine\", \"used_at\": null}\n\n"
              "{\"name\": \"bad\", \"may\": [\"transfer\"], \"used_at\": \"2026-01-20T00:00:00Z\"}\n"
              "{\"name\": \"open\"}\n{\"name\": 7}\n");
        write(
            "keys.json",
            "[\n  {\"name\": \"one\", \"used_at\": null},\n\n  {\"may\": [\"transfer\"],\n   \"used_at\": null}\n]\n");
    }
    Result check(const std::string& format, const std::string& file = "keys.ndjson") const {
        return (*this)("check --at 2026-01-31T00:00:00Z --format " + format + " " + file);
    }
};

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t out = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) ++out;
    return out;
}

}  // namespace

TEST_CASE("check: documents go with the same exit status as every format, and into a file") {
    const Project project;
    for (const std::string format : {"sarif", "junit", "markdown", "html"}) {
        CAPTURE(format);
        const Result result = project.check(format);
        CHECK(result.status == 1);
        CHECK(result.err == "");
        CHECK(result.out == project.check(format).out);
        const Result filed = project.check(format + " --output report.out");
        CHECK(filed.status == 1);
        CHECK(filed.out == "");
        CHECK(project.read("report.out") == result.out);
    }
    CHECK(project("test --format html rules").status == 64);
}

TEST_CASE("check --format sarif: places are lines of the records' files and of the rules") {
    const Project project;
    const Json results = Json::parse(project.check("sarif").out).at("runs").at(0).at("results");
    REQUIRE(results.size() == 3);
    const auto line_of = [](const Json& result) {
        return result.at("locations").at(0).at("physicalLocation").at("region").at("startLine").get<int>();
    };
    CHECK(results.at(0).at("ruleId") == "transfer_needs_addresses");
    CHECK(line_of(results.at(0)) == 3);
    const Json& rule = results.at(0).at("relatedLocations").at(0).at("physicalLocation");
    CHECK(rule.at("artifactLocation").at("uri") == "rules/desk/pack.kw");
    CHECK(rule.at("region").at("startLine") == 14);
    CHECK(rule.at("region").at("startColumn") == 6);
    CHECK(results.at(1).at("ruleId") == "idle");
    CHECK(line_of(results.at(1)) == 4);
    CHECK(results.at(2).at("ruleId") == "KW6012");
    CHECK(line_of(results.at(2)) == 5);
    // In a document that is one array, too.
    const Json in_array = Json::parse(project.check("sarif", "keys.json").out).at("runs").at(0).at("results");
    REQUIRE(in_array.size() == 1);
    CHECK(line_of(in_array.at(0)) == 4);
}

TEST_CASE("check --format junit is what the readers of JUnit take") {
    const Project project;
    project.write("report.xml", project.check("junit").out);
    CHECK(holds(project.read("report.xml"), "tests=\"4\" failures=\"1\" errors=\"2\""));
    if (std::system("command -v xmllint > /dev/null 2>&1") != 0) {  // NOLINT: single-threaded
        MESSAGE("skipped: without xmllint the XML isn't held against its schema");
        return;
    }
    const std::string line = "xmllint --noout --schema '" KEYWRIGHT_SOURCE_DIR "/tests/cli/junit.xsd' '" +
                             project.path() + "/report.xml' > /dev/null 2>&1";
    CHECK(std::system(line.c_str()) == 0);  // NOLINT: single-threaded
}

TEST_CASE("check --format github stays within GitHub's limits and keeps its exit status") {
    const Project project;
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += "{\"name\": \"k" + std::to_string(i) +
                "\", \"may\": [\"transfer\"], \"used_at\": null}\n{\"name\": \"o\"}\n";
    project.write("many.ndjson", many);
    const Result result = project.check("github", "many.ndjson");
    CHECK(result.status == 1);
    CHECK(count(result.out, "::error ") == 10);
    CHECK(count(result.out, "::warning ") == 10);
    CHECK(result.out.ends_with(
        "::notice title=keywright::left out here: 30 errors, 30 warnings; GitHub shows 10 of each a "
        "step, other formats show all\n"));
}

TEST_CASE("documents are offered where they can be made, and only there") {
    for (const char* format : {"sarif", "junit", "markdown", "html"}) {
        CHECK(holds(run("check --help").out, format));
        CHECK(holds(run("completion bash").out, format));
    }
    CHECK_FALSE(holds(run("why --help").out, "sarif"));
    CHECK(Json::parse(run("schema lint").out).at("title") == "keywright.lint/1");
}
