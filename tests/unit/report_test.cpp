// The result structs and their JSON: contract, order, escaping, and our schemas against it.
#include "keywright/report.h"
#include "keywright/render.h"
#include "keywright/render_analysis.h"
#include "keywright/render_coverage.h"
#include "keywright/render_mutation.h"
#include "keywright/render_verification.h"
#include "keywright/signature.h"
#include "report/json_writer.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <regex>
#include <string>
#include <vector>

using keywright::ExpiresAt;
using keywright::Instant;
using keywright::RecordReport;
using keywright::Report;
using keywright::Severity;
using keywright::Verdict;
using keywright::Violation;
using Json = nlohmann::ordered_json;

namespace {

Instant at(const char* text) { return keywright::parse_instant(text).value(); }

Violation violation(const std::string& rule, Severity severity = Severity::kError) {
    Violation out;
    out.rule = rule;
    out.severity = severity;
    out.message = "moving funds needs an IP restriction";
    out.help = "add addresses";
    out.cites = {{"guide", "2.trading.transfer", "no transfer without an IP restriction"}};
    out.fields = {"/permissions", "/ip_allowlist"};
    out.because = {{"/permissions", "contains transfer"}, {"/ip_allowlist", "is empty"}};
    out.deadline = at("2026-02-19T08:30:00Z");
    out.rule_range = {"rules.kw", 10, 20, 3, 0, 3, 10};
    return out;
}

// One record of every verdict, with every kind of entry and every form of `expires_at`.
Report full_report() {
    Report report;
    report.rules = {"kucoin_tr.create_api", "1.0.0", "sha256:00"};
    report.evaluated_at = at("2026-01-31T00:00:00Z");
    RecordReport bad;
    bad.subject = "my bot";
    bad.source = "keys.json";
    bad.verdict = Verdict::kViolation;
    bad.violations = {violation("transfer_needs_ip"), violation("ip_recommended", Severity::kWarning)};
    bad.exempt = {{"idle_spot_key_expires", "general_only"}};
    bad.expires_at = {ExpiresAt::Kind::kAt, at("2026-02-20T00:00:00Z"), at("2026-02-20T00:00:00Z")};
    RecordReport open;
    open.source = "keys.json";
    open.index = 1;
    open.verdict = Verdict::kUndetermined;
    open.undetermined = {{"idle_spot_key_expires", Severity::kError, {"/last_used_at"}}};
    open.expires_at = {ExpiresAt::Kind::kBetween, at("2026-02-20T00:00:00Z"), std::nullopt};
    RecordReport unreadable;
    unreadable.source = "keys.json";
    unreadable.index = 2;
    unreadable.errors = {{"KW6019", "/ip_allowlist/0", "`999.1.1.1` is not a network", "write an address"}};
    RecordReport good;
    good.source = "keys.json";
    good.index = 3;
    good.verdict = Verdict::kCompliant;
    good.violations = {violation("ip_recommended", Severity::kWarning)};
    report.results = {bad, open, unreadable, good};
    return report;
}

// The same with waivers, of which one was used.
Report waived_report() {
    Report report = full_report();
    report.waivers = {{"vault", "transfer_needs_ip", at("2026-06-01T00:00:00Z"), "sha256:01"}};
    report.results.back().exempt = {
        {"transfer_needs_ip", "vault", keywright::WaiverUsed{"", "it moves", "", at("2026-06-01T00:00:00Z")}}};
    return report;
}

// The part of JSON Schema that our schemas use; anything else in one is a failure.
std::string unfit(const Json& root, const Json& schema, const Json& value, const std::string& where) {
    for (const auto& [key, rule] : schema.items()) {
        if (key == "$schema" || key == "title" || key == "description" || key == "$defs" || key == "format") continue;
        if (key == "$ref") {
            const std::string found =
                unfit(root, root.at(Json::json_pointer(rule.get<std::string>().substr(1))), value, where);
            if (!found.empty()) return found;
        } else if (key == "type") {
            if (rule.is_array()) {  // any of them
                bool fits = false;
                for (const Json& one : rule) fits = fits || unfit(root, Json{{"type", one}}, value, where).empty();
                if (!fits) return where + " is none of " + rule.dump();
                continue;
            }
            const std::string type = rule.get<std::string>();
            const bool fits = type == "object"    ? value.is_object()
                              : type == "array"   ? value.is_array()
                              : type == "string"  ? value.is_string()
                              : type == "integer" ? value.is_number_integer()
                              : type == "number"  ? value.is_number()
                              : type == "boolean" ? value.is_boolean()
                                                  : type == "null" && value.is_null();
            if (!fits) return where + " is no " + type;
        } else if (key == "const") {
            if (value != rule) return where + " is not " + rule.dump();
        } else if (key == "enum") {
            if (std::find(rule.begin(), rule.end(), value) == rule.end()) return where + " is none of " + rule.dump();
        } else if (key == "anyOf") {
            bool fits = false;
            for (const Json& one : rule) fits = fits || unfit(root, one, value, where).empty();
            if (!fits) return where + " fits no alternative";
        } else if (key == "required") {
            for (const Json& name : rule) {
                if (!value.is_object()) break;  // what isn't one has no members
                if (!value.contains(name.get<std::string>())) return where + " has no " + name.get<std::string>();
            }
        } else if (key == "properties") {
            for (const auto& [name, member] : value.items()) {
                if (!rule.contains(name)) continue;
                const std::string found = unfit(root, rule.at(name), member, where + "/" + name);
                if (!found.empty()) return found;
            }
        } else if (key == "additionalProperties") {
            for (const auto& [name, member] : value.items()) {
                if (schema.contains("properties") && schema.at("properties").contains(name)) continue;
                if (rule == false) return where + " has a member " + name;
                const std::string found = unfit(root, rule, member, where + "/" + name);
                if (!found.empty()) return found;
            }
        } else if (key == "items") {
            for (const Json& element : value) {
                const std::string found = unfit(root, rule, element, where + "/-");
                if (!found.empty()) return found;
            }
        } else if (key == "pattern") {
            if (!std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())))
                return where + " doesn't match " + rule.dump();
        } else if (key == "minimum") {
            if (value.get<double>() < rule.get<double>()) return where + " is too small";
        } else if (key == "maximum") {
            if (value.get<double>() > rule.get<double>()) return where + " is too large";
        } else {
            return "the schema says `" + key + "`, which this test doesn't know";
        }
    }
    return {};
}

std::string unfit(const std::string& schema, const std::string& document) {
    const Json root = Json::parse(schema);
    return unfit(root, root, Json::parse(document), "");
}

std::vector<std::string> keys_of(const Json& object) {
    std::vector<std::string> out;
    for (const auto& [key, value] : object.items()) out.push_back(key);
    return out;
}

std::string written(std::string_view text) {
    return keywright::report::JsonWriter{keywright::report::JsonWriter::Layout::kLine}.string(text).take();
}

}  // namespace

TEST_CASE("a summary counts verdicts, and per rule the records that violate it whatever the severity") {
    const keywright::Summary summary = full_report().summary();
    CHECK(summary.records == 4);
    CHECK(summary.compliant == 1);
    CHECK(summary.violation == 1);
    CHECK(summary.undetermined == 1);
    CHECK(summary.invalid == 1);
    CHECK(summary.by_rule == std::map<std::string, std::size_t>{{"ip_recommended", 2}, {"transfer_needs_ip", 1}});
}

TEST_CASE("violations are equal when every member is") {
    CHECK(violation("a") == violation("a"));
    CHECK_FALSE(violation("a") == violation("b"));
    Violation moved = violation("a");
    moved.rule_range.line = 4;
    CHECK_FALSE(violation("a") == moved);
    Violation later = violation("a");
    later.deadline.reset();
    CHECK_FALSE(violation("a") == later);
}

TEST_CASE("the report has the members of the contract in their order") {
    const Json report = Json::parse(keywright::to_json(full_report()));
    CHECK(keys_of(report) == std::vector<std::string>{"schema", "rules", "evaluated_at", "results", "summary"});
    CHECK(report.at("schema") == "keywright.report/1");
    CHECK(keys_of(report.at("rules")) == std::vector<std::string>{"pack", "version", "digest"});
    CHECK(report.at("evaluated_at") == "2026-01-31T00:00:00Z");
    const Json& record = report.at("results").at(0);
    CHECK(keys_of(record) == std::vector<std::string>{"subject", "source", "index", "verdict", "violations",
                                                      "undetermined", "exempt", "expires_at", "errors"});
    const Json& first = record.at("violations").at(0);
    CHECK(keys_of(first) ==
          std::vector<std::string>{"rule", "severity", "message", "help", "cites", "fields", "because"});
    CHECK(keys_of(first.at("cites").at(0)) == std::vector<std::string>{"document", "clause"});
    CHECK(first.at("because").at(0) == Json::parse(R"({"field": "/permissions", "fact": "contains transfer"})"));
    CHECK(report.at("results").at(1).at("undetermined").at(0) ==
          Json::parse(R"({"rule": "idle_spot_key_expires", "severity": "error", "needs": ["/last_used_at"]})"));
    CHECK(record.at("exempt").at(0) == Json::parse(R"({"rule": "idle_spot_key_expires", "by": "general_only"})"));
    CHECK(keys_of(report.at("results").at(2).at("errors").at(0)) == std::vector<std::string>{"code", "at", "message"});
    CHECK(keys_of(report.at("summary")) ==
          std::vector<std::string>{"records", "compliant", "violation", "undetermined", "invalid", "by_rule"});
}

TEST_CASE("expires_at is an instant, null, or an interval whose open ends are null") {
    const Json results = Json::parse(keywright::to_json(full_report())).at("results");
    CHECK(results.at(0).at("expires_at") == "2026-02-20T00:00:00Z");
    CHECK(results.at(1).at("expires_at") == Json::parse(R"({"earliest": "2026-02-20T00:00:00Z", "latest": null})"));
    CHECK(results.at(2).at("expires_at").is_null());
}

TEST_CASE("the line of a record is its object in the document") {
    const Report report = full_report();
    const Json results = Json::parse(keywright::to_json(report)).at("results");
    for (std::size_t i = 0; i < report.results.size(); ++i) {
        const std::string line = keywright::to_json_line(report.results[i]);
        CHECK(line.find('\n') == std::string::npos);
        CHECK(Json::parse(line) == results.at(i));
    }
}

TEST_CASE("the document is indented by two spaces as other writers would") {
    CHECK(keywright::to_json(full_report()) == Json::parse(keywright::to_json(full_report())).dump(2) + "\n");
    CHECK(keywright::to_json(Report{}) == Json::parse(keywright::to_json(Report{})).dump(2) + "\n");
}

TEST_CASE("strings survive a strict reader, and nothing invisible is written as it is") {
    std::string all;
    for (int c = 0; c < 0x80; ++c) all += static_cast<char>(c);
    all += "\u0085\u009b\u00ad\u061c\u200b\u202e\u2028\u2066\ufeff é 漢 😀 \U000e0041";
    const std::string text = written(all);
    CHECK(Json::parse(text).get<std::string>() == all);
    for (const char* hidden : {"\x1b", "\x7f", "\u0085", "\u009b", "\u202e", "\u2028", "\ufeff", "\U000e0041"}) {
        CHECK(text.find(hidden) == std::string::npos);
    }
    CHECK(text.find("é 漢 😀") != std::string::npos);
    CHECK(text.find("\\udb40\\udc41") != std::string::npos);
}

TEST_CASE("bytes that are not UTF-8 become replacement characters") {
    CHECK(Json::parse(written("a\xff\xc3z")).get<std::string>() == "a\ufffd\ufffdz");
}

TEST_CASE("our documents fit our schemas") {
    CHECK(unfit(keywright::report_schema(), keywright::to_json(full_report())) == "");
    CHECK(unfit(keywright::report_schema(), keywright::to_json(waived_report())) == "");
    CHECK(unfit(keywright::report_schema(), keywright::to_json(Report{})) == "");
    const std::string digest = "sha256:" + std::string(64, 'a');
    keywright::Report evident = full_report();
    evident.evidence = {"keywright 1",
                        {{"a.kw", digest, 1}},
                        digest,
                        digest,
                        {{"limit", "3"}},
                        {{"w.kw", digest, 2}},
                        {{"keys.json", keywright::InputEvidence::Form::kLines, digest, 3}},
                        "request",
                        true};
    CHECK(unfit(keywright::report_schema(), keywright::to_json(evident)) == "");
    evident.evidence->schema = "sha256:";
    CHECK(unfit(keywright::report_schema(), keywright::to_json(evident)) != "");
    keywright::Verification verification;
    const keywright::ReportClaim claim;
    CHECK(unfit(keywright::verification_schema(), keywright::to_json(verification, claim, "r.json")) == "");
    verification.holds = keywright::Holds::kNo;
    verification.changes = {{keywright::EvidenceChange::Part::kInput, "a", "", "b"}, {}};
    verification.missing = {"c"};
    verification.differs_at = "/results/0/verdict";
    verification.verdicts = {{"s", "a", 1, "violation", ""}};
    CHECK(unfit(keywright::verification_schema(), keywright::to_json(verification, claim, "r.json")) == "");
    CHECK(unfit(keywright::known_versions_schema(),
                keywright::to_json(std::vector<keywright::KnownVersion>{
                    {keywright::VerifyingKey{}.line().replace(0, 2, "RW"), "desk", "1.0"}})) == "");
    CHECK(unfit(keywright::snapshot_schema(), keywright::to_snapshot(full_report())) == "");
    CHECK(unfit(keywright::snapshot_schema(), keywright::to_json(full_report())) != "");

    keywright::Diagnostic diagnostic;
    diagnostic.code = "KW2001";
    diagnostic.labels = {{{"a.kw", 0, 1, 1, 0, 1, 1}, "here"}};
    diagnostic.fix = keywright::Fix{{"a.kw", 0, 1, 1, 0, 1, 1}, "b"};
    CHECK(unfit(keywright::diagnostics_schema(), keywright::to_json({diagnostic, keywright::Diagnostic{}})) == "");

    keywright::TestResult failed;
    failed.name = "t";
    failed.failures = {{{"a.kw", 0, 1, 1, 0, 1, 1}, "none", "x"},
                       {{"a.kw", 0, 1, 1, 0, 1, 1}, "a", "b", "row 2", {"`r`"}, {"`s`"}, {"`s` warns"}, R"({"a":1})"},
                       {{}, "a recording", "another", {}, {}, {}, {}, {}, "-a\n+b\n"}};
    keywright::TestResult passed;
    passed.passed = true;
    const std::vector<keywright::TestedPack> run = {{"a.kw", {"p", "1", "sha256:0"}, {failed, passed}, {"never"}}};
    CHECK(unfit(keywright::tests_schema(), keywright::to_json(run)) == "");
    CHECK(Json::parse(keywright::to_json(run)).at("summary") ==
          Json::parse(R"({"tests": 2, "passed": 1, "failed": 1, "proofs": 1})"));
}

TEST_CASE("documents about rule files fit their schemas") {
    const keywright::Example example{R"({"a":1})", at("2026-01-01T00:00:00Z")};
    const keywright::RegionSet regions{{{"a", example}, {"b", {}}}, "2", "8", "too many"};
    keywright::ProofResult failed;
    failed.name = "p";
    failed.state = keywright::Proved::kFails;
    failed.counterexample = example;
    keywright::Finding finding;
    finding.example = example;
    const keywright::ProvedPack pack{"a.kw",
                                     {"p", "1", "sha256:0"},
                                     {failed, {}},
                                     {{"r", {}, regions, regions, {"seen"}}},
                                     {{finding, {}}, {"whether"}}};
    CHECK(unfit(keywright::proofs_schema(), keywright::to_json(std::vector<keywright::ProvedPack>{pack, {}})) == "");

    keywright::Coverage coverage;
    coverage.cases.push_back({"t", {}, at("2026-01-01T00:00:00Z")});
    coverage.obligations.resize(4);
    coverage.obligations[0].covered_by = {0};
    coverage.obligations[1].examples = {example};
    coverage.obligations[2].duty = keywright::Duty::kBoundary;
    coverage.obligations[2].state = keywright::Covered::kUnknown;
    coverage.obligations[2].side = "just below";
    coverage.obligations[3].duty = keywright::Duty::kDecides;
    coverage.obligations[3].state = keywright::Covered::kImpossible;
    CHECK(unfit(keywright::coverage_schema(), keywright::to_json(std::vector<keywright::Coverage>{coverage, {}})) ==
          "");
    keywright::MutationReport mutation;
    keywright::Mutant survivor;
    survivor.op = "negate";
    survivor.state = keywright::Mutant::State::kSurvived;
    survivor.after = "not a";
    survivor.example = example;
    survivor.outcomes = {{"r", "pass", "violated (error)"}};
    keywright::Mutant slip;
    slip.op = "unknown_as_absent";
    mutation.mutants = {survivor, slip};
    mutation.failing_tests = {"t"};
    CHECK(unfit(keywright::mutation_schema(),
                keywright::to_json(std::vector{keywright::MutatedEntry{"a.kw", mutation}})) == "");

    keywright::Diff diff;
    diff.rules.push_back({"r", true, false, {regions, {}}, {{}, regions}});
    diff.schema = {"x"};
    CHECK(unfit(keywright::diff_schema(), keywright::to_json(diff, nullptr)) == "");
    const keywright::InventoryDiff keys{{{"k", "f", 0, Verdict::kCompliant, Verdict::kViolation, {"r"}, {}}}, 1, 0, 0};
    CHECK(unfit(keywright::diff_schema(), keywright::to_json(diff, &keys)) == "");
}

TEST_CASE("the schemas refuse what the contract doesn't say") {
    const std::string report = keywright::to_json(full_report());
    const auto altered = [&](const char* pointer, const Json& value) {
        Json document = Json::parse(report);
        document[Json::json_pointer(pointer)] = value;
        return document.dump();
    };
    CHECK(unfit(keywright::report_schema(), altered("/results/0/verdict", "fine")) != "");
    CHECK(unfit(keywright::report_schema(), altered("/waivers", "none")) != "");
    CHECK(unfit(keywright::report_schema(), altered("/results/0/exempt/0/waiver", "mine")) != "");
    CHECK(unfit(keywright::report_schema(), altered("/results/0/index", -1)) != "");
    CHECK(unfit(keywright::report_schema(), altered("/results/0/violations/0/deadline", "2026")) != "");
    CHECK(unfit(keywright::report_schema(), altered("/results/1/expires_at/latest", 5)) != "");
    CHECK(unfit(keywright::report_schema(), altered("/summary/by_rule/x", "many")) != "");
    CHECK(unfit(keywright::report_schema(), altered("/schema", "keywright.report/2")) != "");
}
