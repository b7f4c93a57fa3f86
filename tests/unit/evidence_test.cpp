// Evidence in reports, and repeating them from it.
#include "keywright/keywright.h"

#include "support/compiling.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <string>

using namespace keywright;

using Json = nlohmann::json;

namespace {

using test::Files;

Files desk() {
    Files files;
    files.texts["a/desk/pack.kw"] =
        "edition 1\npack desk { version \"1.0.0\" }\nimport \"rules.kw\"\nimport \"../base.kw\"\n";
    files.texts["a/base.kw"] =
        "edition 1\nschema key {\n    name: text = \"\"\n    orders: int\n}\nparam title = \"a \\\"b\\\"\"\n";
    files.texts["a/desk/rules.kw"] =
        "edition 1\nimport \"../base.kw\"\nparam limit = 3\nparam span = 14 days\nrule few_orders {\n    require "
        "orders <= limit\n    message \"too many\"\n}\n";
    return files;
}

Rules rules_of(const Files& files, const std::map<std::string, std::string>& params = {}) {
    CompileOptions options;
    options.params = params;
    Compiled compiled = compile(files, "a/desk/pack.kw", options);
    REQUIRE(compiled.rules.has_value());
    return *compiled.rules;
}

const std::string kRecords = R"([{"name": "one", "orders": 1}, {"name": "four", "orders": 4}])";

std::string report_of(const Rules& rules, const std::string& text = kRecords) {
    CheckOptions options;
    options.now = *parse_instant("2026-01-01T00:00:00Z");
    options.source = "keys.json";
    Report report = rules.check(text, options);
    report.evidence = evidence_of(rules, options);
    report.evidence->inputs.push_back(input_evidence(text, options));
    return to_json(report);
}

Verification verified(const std::string& report, const Rules& rules, std::optional<std::string> input = kRecords) {
    const ReadReport read = read_report(report);
    REQUIRE_MESSAGE(read.report.has_value(), read.error);
    std::vector<std::optional<std::string_view>> inputs;
    inputs.push_back(input ? std::optional<std::string_view>{*input} : std::nullopt);
    return verify(report, *read.report, rules, inputs);
}

std::string changed(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("evidence names each rule file from the entry's folder, with its digest, and each parameter") {
    const Rules rules = rules_of(desk(), {{"limit", "5"}});
    const Evidence evidence = evidence_of(rules, {});
    REQUIRE(evidence.rules.size() == 3);
    CHECK(evidence.rules[0].file == "../base.kw");
    CHECK(evidence.rules[1].file == "pack.kw");
    CHECK(evidence.rules[2].file == "rules.kw");
    CHECK(evidence.rules[1].bytes == desk().texts.at("a/desk/pack.kw").size());
    CHECK(evidence.rules[1].digest.starts_with("sha256:"));
    std::map<std::string, std::string> values;
    for (const ParameterEvidence& one : evidence.parameters) values[one.name] = one.value;
    CHECK(values ==
          std::map<std::string, std::string>{{"limit", "5"}, {"span", "14 days"}, {"title", "\"a \\\"b\\\"\""}});
    // Every value is one that can be given.
    CHECK(evidence_of(rules_of(desk(), values), {}) == evidence);
}

TEST_CASE("evidence doesn't hang on where the pack lies") {
    Files moved;
    for (const auto& [path, text] : desk().texts) moved.texts["x/" + path] = text;
    const Compiled compiled = compile(moved, "x/a/desk/pack.kw");
    REQUIRE(compiled.rules.has_value());
    CHECK(evidence_of(*compiled.rules, {}) == evidence_of(rules_of(desk()), {}));
}

TEST_CASE("a report that is repeated holds") {
    const Rules rules = rules_of(desk());
    const Verification again = verified(report_of(rules), rules);
    CHECK(again.holds == Holds::kYes);
    CHECK(again.changes.empty());
    CHECK(again.decided);
    CHECK(again.differs_at == "");
    CHECK(again.verdicts.empty());
}

TEST_CASE("a verdict that somebody changed is found, with its record") {
    const Rules rules = rules_of(desk());
    const std::string report = report_of(rules);
    const Verification again =
        verified(changed(report, "\"verdict\": \"violation\"", "\"verdict\": \"compliant\""), rules);
    CHECK(again.holds == Holds::kNo);
    CHECK(again.changes.empty());
    CHECK(again.differs_at == "/results/1/verdict");
    CHECK(again.was == "\"compliant\"");
    CHECK(again.is == "\"violation\"");
    REQUIRE(again.verdicts.size() == 1);
    CHECK(again.verdicts.front().subject == "four");
    CHECK(again.verdicts.front().index == 1);
}

TEST_CASE("whatever byte is changed, the report doesn't hold or can't be read") {
    const Rules rules = rules_of(desk());
    const std::string report = report_of(rules);
    std::size_t failed = 0;
    for (std::size_t at = 0; at < report.size(); at += 7) {
        std::string other = report;
        other[at] = other[at] == '1' ? '2' : '1';
        const ReadReport read = read_report(other);
        if (!read.report) {
            CHECK(read.error != "");
            continue;
        }
        // The instant is an input as well: these rules don't look at it, so they say the same at another one.
        if (read.report->evaluated_at != *parse_instant("2026-01-01T00:00:00Z")) continue;
        const Verification again = verify(other, *read.report, rules, {kRecords});
        // The version of the tool is told, and doesn't count.
        const bool of_tool = !again.changes.empty() && again.changes.front().part == EvidenceChange::Part::kTool;
        CAPTURE(at);
        CHECK((again.holds == Holds::kNo || of_tool));
        ++failed;
    }
    CHECK(failed > 50);
}

TEST_CASE("a layout of another kind is another text") {
    const Rules rules = rules_of(desk());
    const Verification again = verified(Json::parse(report_of(rules)).dump(), rules);
    CHECK(again.holds == Holds::kNo);
    const Verification spaced = verified(report_of(rules) + "\n", rules);
    CHECK(spaced.holds == Holds::kNo);
    CHECK(spaced.differs_at == "");
    CHECK(to_compact(spaced, "r").find("the layout") != std::string::npos);
}

TEST_CASE("what changed is told: a rule file, a parameter, an input, the version of the tool") {
    const std::string report = report_of(rules_of(desk()));
    using Part = EvidenceChange::Part;

    Files other = desk();
    other.texts["a/desk/rules.kw"] = changed(other.texts["a/desk/rules.kw"], "orders <= limit", "orders < limit");
    const Verification rules = verified(report, rules_of(other));
    CHECK(rules.holds == Holds::kNo);
    REQUIRE(rules.changes.size() == 1);
    CHECK(rules.changes.front().part == Part::kRules);
    CHECK(rules.changes.front().name == "rules.kw");
    CHECK(rules.verdicts.empty());
    CHECK(rules.differs_at == "");
    CHECK(to_compact(rules, "r").find("rules: `rules.kw` was ") != std::string::npos);

    const Verification parameter = verified(report, rules_of(desk(), {{"limit", "4"}}));
    CHECK(parameter.holds == Holds::kNo);
    REQUIRE(parameter.changes.size() == 1);
    CHECK(parameter.changes.front().part == Part::kParameter);
    CHECK(parameter.changes.front().name == "limit");
    CHECK(parameter.changes.front().was == "3");
    CHECK(parameter.changes.front().is == "4");
    REQUIRE(parameter.verdicts.size() == 1);
    CHECK(parameter.verdicts.front().is == "compliant");

    const Verification input = verified(report, rules_of(desk()), R"([{"name": "one", "orders": 9}])");
    CHECK(input.holds == Holds::kNo);
    REQUIRE(input.changes.size() == 1);
    CHECK(input.changes.front().part == Part::kInput);
    CHECK(input.changes.front().name == "keys.json");
    REQUIRE(input.verdicts.size() == 2);
    CHECK(input.verdicts[0].is == "violation");
    CHECK(input.verdicts[1].is == "");

    const Verification tool =
        verified(changed(report, "\"tool\": \"keywright ", "\"tool\": \"keywright 9."), rules_of(desk()));
    CHECK(tool.holds == Holds::kYes);
    REQUIRE(tool.changes.size() == 1);
    CHECK(tool.changes.front().part == Part::kTool);

    // Digests that don't fit the file's other digests: the report contradicts itself.
    const Verification digest =
        verified(changed(report, "\"digest\": \"sha256:", "\"digest\": \"sha256:0"), rules_of(desk()));
    CHECK(digest.holds == Holds::kNo);
}

TEST_CASE("without an input nothing is known, unless something changed anyway") {
    const std::string report = report_of(rules_of(desk()));
    const Verification missing = verified(report, rules_of(desk()), std::nullopt);
    CHECK(missing.holds == Holds::kUnknown);
    CHECK(missing.missing == std::vector<std::string>{"keys.json"});
    CHECK_FALSE(missing.decided);
    CHECK(verified(report, rules_of(desk(), {{"limit", "4"}}), std::nullopt).holds == Holds::kNo);
}

TEST_CASE("a hostile report is refused, and nothing of it is said") {
    const std::string good = report_of(rules_of(desk()));
    const auto with = [&](const char* pointer, const Json& value) {
        Json out = Json::parse(good);
        out[Json::json_pointer(pointer)] = value;
        return out.dump();
    };
    const auto without = [&](const char* parent, const char* name) {
        Json out = Json::parse(good);
        out[Json::json_pointer(parent)].erase(name);
        return out.dump();
    };
    for (const std::string& text : {std::string{},
                                    std::string{"{}"},
                                    std::string{"[]"},
                                    std::string{"3"},
                                    std::string(1'000'000, '['),
                                    good + good,
                                    good.substr(0, good.size() / 2),
                                    changed(good, "\"schema\"", "\"schema\": 1, \"schema\""),
                                    with("/schema", "keywright.report/2"),
                                    with("/evaluated_at", "yesterday"),
                                    with("/evidence", nullptr),
                                    with("/evidence", "s3cr3t"),
                                    with("/evidence/inputs", Json::object()),
                                    with("/evidence/inputs/0", "s3cr3t"),
                                    with("/evidence/inputs/0/bytes", -1),
                                    with("/evidence/inputs/0/bytes", 1.5),
                                    with("/evidence/inputs/0/form", "s3cr3t"),
                                    with("/evidence/parameters/values/limit", 3),
                                    with("/evidence/rules/0/digest", Json::array()),
                                    with("/evidence/options/suggest", "s3cr3t"),
                                    with("/rules/pack", 1),
                                    with("/results", "s3cr3t"),
                                    with("/summary", 1),
                                    without("", "evidence"),
                                    without("/evidence", "waivers"),
                                    without("/evidence/parameters", "digest"),
                                    without("/evidence/inputs/0", "source")}) {
        CAPTURE(text.substr(0, 200));
        const ReadReport read = read_report(text);
        CHECK_FALSE(read.report.has_value());
        CHECK(read.error != "");
        CHECK(read.error.find("s3cr3t") == std::string::npos);
    }
}

TEST_CASE("nothing that a report holds acts on a terminal") {
    const Rules rules = rules_of(desk());
    Json report = Json::parse(report_of(rules));
    const std::string evil = "\x1b[31m\n::error::x\xe2\x80\xae";
    report["/results/1/subject"_json_pointer] = evil;
    report["/results/1/verdict"_json_pointer] = evil;
    report["/evidence/tool"_json_pointer] = evil;
    report["/evidence/inputs/0/source"_json_pointer] = evil;
    report["/evidence/inputs/0/digest"_json_pointer] = evil;
    report["/evidence/parameters/values"_json_pointer][evil] = evil;
    report["/rules/pack"_json_pointer] = evil;
    const ReadReport read = read_report(report.dump());
    REQUIRE(read.report.has_value());
    for (const bool there : {true, false}) {
        const Verification again = verify(report.dump(), *read.report, rules,
                                          {there ? std::optional<std::string_view>{kRecords} : std::nullopt});
        for (const std::string& text :
             {to_pretty(again, *read.report, evil), to_compact(again, evil), to_json(again, *read.report, evil)}) {
            CHECK(text.find('\x1b') == std::string::npos);
            CHECK(text.find("\xe2\x80\xae") == std::string::npos);
            CHECK(("\n" + text).find("\n::error") == std::string::npos);
        }
    }
}

TEST_CASE("digests in short") {
    CHECK(short_digest("sha256:0123456789abcdef") == "0123456789ab");
    CHECK(short_digest("") == "");
    Evidence evidence;
    evidence.inputs.resize(6);
    for (InputEvidence& input : evidence.inputs) input.digest = "sha256:ffffffffffffffff";
    CHECK(to_pretty(evidence, {"p", "1", "sha256:0123456789abcdef"}) ==
          "digests: rules 0123456789ab, inputs ffffffffffff ffffffffffff ffffffffffff ffffffffffff and 2 more\n");
}
