// Checked records and audits of rule files as SARIF 2.1.0.
#include "support/reports.h"

#include "keywright/render_reports.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>

using namespace keywright;
using Json = nlohmann::json;
using test::finding;
using test::lint_report;
using test::sample_report;

namespace {

const Json& run_of(const Json& log) { return log.at("runs").at(0); }

}  // namespace

TEST_CASE("SARIF of records: a result for each violation, open rule and unreadable record") {
    const Json log = Json::parse(to_sarif(sample_report()));
    CHECK(log.at("version") == "2.1.0");
    const Json& run = run_of(log);
    CHECK(run.at("tool").at("driver").at("name") == "Keywright");
    CHECK(run.at("columnKind") == "utf16CodeUnits");
    CHECK(run.at("invocations").at(0).at("executionSuccessful") == true);
    CHECK_FALSE(run.at("tool").at("driver").contains("informationUri"));
    const Json& rules = run.at("tool").at("driver").at("rules");
    const Json& results = run.at("results");
    REQUIRE(results.size() == 4);
    std::set<std::string> fingerprints;
    for (const Json& result : results) {
        CHECK(rules.at(result.at("ruleIndex").get<std::size_t>()).at("id") == result.at("ruleId"));
        CHECK(result.at("partialFingerprints").at("primaryLocationLineHash").get<std::string>().ends_with(":1"));
        fingerprints.insert(result.at("partialFingerprints").at("keywrightRecord/v1"));
    }
    CHECK(fingerprints.size() == results.size());
    const Json& violated = results.at(0);
    CHECK(violated.at("ruleId") == "transfer_needs_ip");
    CHECK(violated.at("level") == "error");
    CHECK(violated.at("message").at("text") ==
          "'desk': moving funds needs an IP restriction. Because /permissions contains transfer. Add the addresses.");
    const Json& place = violated.at("locations").at(0).at("physicalLocation");
    CHECK(place.at("artifactLocation").at("uri") == "keys/all%20keys.ndjson");
    CHECK(place.at("artifactLocation").at("uriBaseId") == "%SRCROOT%");
    CHECK(place.at("region").at("startLine") == 3);
    CHECK(violated.at("locations").at(0).at("logicalLocations").at(0).at("name") == "desk");
    // What isn't known weighs as much as what is wrong.
    CHECK(results.at(2).at("properties").at("outcome") == "undetermined");
    CHECK(results.at(2).at("level") == "error");
    CHECK(results.at(3).at("ruleId") == "KW6016");
    const Json& rule = rules.at(violated.at("ruleIndex").get<std::size_t>());
    CHECK(rule.at("name") == "TransferNeedsIp");
    CHECK(rule.at("fullDescription").at("text") == "Guide 2.transfer: “no transfer without an IP restriction”.");
    CHECK(rule.at("defaultConfiguration").at("level") == "error");
    CHECK(rule.at("properties").at("problem.severity") == "error");
    CHECK_FALSE(rule.contains("helpUri"));
}

TEST_CASE("SARIF of records: a fingerprint stays when the record moves, and names tell records apart") {
    const auto fingerprints_of = [](const Report& report) {
        const Json log = Json::parse(to_sarif(report));
        std::vector<std::string> out;
        for (const Json& result : run_of(log).at("results"))
            out.push_back(result.at("partialFingerprints").at("keywrightRecord/v1"));
        return out;
    };
    Report report = sample_report();
    const auto before = fingerprints_of(report);
    for (RecordReport& record : report.results) record.line += 40, record.index += 7;
    const auto moved = fingerprints_of(report);
    for (std::size_t i = 0; i < 3; ++i) CHECK(moved.at(i) == before.at(i));
    CHECK(moved.at(3) != before.at(3));  // without a name, a record is known by its place
    report.results.at(0).subject = "another desk";
    CHECK(fingerprints_of(report).at(0) != before.at(0));
    // Two of one name are two results.
    report = sample_report();
    report.results.push_back(report.results.front());
    const auto twice = fingerprints_of(report);
    CHECK(std::set<std::string>(twice.begin(), twice.end()).size() == twice.size());
}

TEST_CASE("SARIF of audits: places in UTF-16 code units, fixes, suppressions") {
    // The emoji takes four bytes and two code units, the umlaut two bytes and one.
    const std::string text = "edition 1\n  /* \xf0\x9f\x94\x91 \xc3\xbc */ rule a {}\n";
    const std::size_t at = text.find("rule a");
    LintFinding fixable = finding("KW7001", "rule `a` cites no clause", "rules/a b.kw", text, at, at + 6);
    fixable.diagnostic.fix = Fix{fixable.diagnostic.labels[0].range, "rule b"};
    LintFinding allowed = finding("KW7002", "no test names `a`", "rules/a b.kw", text, at + 5, at + 6);
    allowed.allowed =
        Suppression{"it is obvious", parse_instant("2027-01-01T00:00:00Z"), allowed.diagnostic.labels[0].range};
    LintFinding known = finding("KW7002", "no test names `b`", "rules/other.kw", text, at, at + 6);
    known.known = true;
    const LintReport report = lint_report({fixable, allowed, known}, {"is `a` ever violated? the budget ran out"});
    const Json log = Json::parse(to_sarif({report}, {{"rules/a b.kw", text}}));
    const Json& results = run_of(log).at("results");
    REQUIRE(results.size() == 3);
    const Json& region = results.at(0).at("locations").at(0).at("physicalLocation").at("region");
    CHECK(region.at("startLine") == 2);
    CHECK(region.at("startColumn") == 14);
    CHECK(region.at("endColumn") == 20);
    const Json& change = results.at(0).at("fixes").at(0).at("artifactChanges").at(0);
    CHECK(change.at("artifactLocation").at("uri") == "rules/a%20b.kw");
    CHECK(change.at("replacements").at(0).at("deletedRegion").at("startColumn") == 14);
    CHECK(change.at("replacements").at(0).at("insertedContent").at("text") == "rule b");
    CHECK(results.at(0).at("suppressions").empty());
    CHECK(results.at(0).at("partialFingerprints").at("keywrightFinding/v1") == fixable.fingerprint);
    CHECK(results.at(1).at("suppressions").at(0).at("kind") == "inSource");
    CHECK(results.at(1).at("suppressions").at(0).at("justification") == "it is obvious (until 2027-01-01T00:00:00Z)");
    CHECK(results.at(2).at("suppressions").at(0).at("kind") == "external");
    // Without the text of its file a place is told by its lines.
    CHECK_FALSE(results.at(2).at("locations").at(0).at("physicalLocation").at("region").contains("startColumn"));
    const Json& notifications = run_of(log).at("invocations").at(0).at("toolExecutionNotifications");
    CHECK(notifications.at(0).at("message").at("text") == "Undecided: is `a` ever violated? the budget ran out");
}

TEST_CASE("SARIF: paths are URIs in which nothing is left to guess") {
    Report report = sample_report();
    report.results.resize(1);
    const auto uri_of = [&](const std::string& source) {
        report.results[0].source = source;
        const Json log = Json::parse(to_sarif(report));
        return run_of(log).at("results").at(0).at("locations").at(0).at("physicalLocation").at("artifactLocation");
    };
    CHECK(uri_of("./a/b.json").at("uri") == "a/b.json");
    CHECK(uri_of("c:d?#e%.json").at("uri") == "c%3Ad%3F%23e%25.json");
    CHECK(uri_of("caf\xc3\xa9.json").at("uri") == "caf%C3%A9.json");
    CHECK(uri_of("/abs/x.json").at("uri") == "file:///abs/x.json");
    CHECK_FALSE(uri_of("/abs/x.json").contains("uriBaseId"));
}
