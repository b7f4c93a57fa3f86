// Repairs and guidance by the KuCoin Türkiye pack: sentences, costs, patches that apply, native forms, holes.
#include "keywright/keywright.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace keywright;
using Json = nlohmann::json;

namespace {

const std::string kRoot = KEYWRIGHT_SOURCE_DIR;

const Rules& pack() {
    static const Compiled kCompiled = compile_path(kRoot + "/rules/kucoin_tr");
    REQUIRE(kCompiled.rules);
    return *kCompiled.rules;
}

std::string example(const std::string& name) {
    std::ifstream in(kRoot + "/examples/kucoin/" + name, std::ios::binary);
    REQUIRE(in);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

RepairReport repair_one(const std::string& json, RepairOptions options = {}) {
    options.reading.now = *parse_instant("2026-02-15T00:00:00Z");
    std::vector<RepairReport> all;
    repair(pack(), json, options, [&](RepairReport&& r) { all.push_back(std::move(r)); });
    REQUIRE(all.size() == 1);
    return all.front();
}

GuideReport guide_one(const std::string& json) {
    CheckOptions options;
    options.now = *parse_instant("2026-02-15T00:00:00Z");
    std::vector<GuideReport> all;
    guide(pack(), json, options, [&](GuideReport&& r) { all.push_back(std::move(r)); });
    REQUIRE(all.size() == 1);
    return all.front();
}

// The patch as any other program would apply it, every hole at its example.
std::string patched(const RepairReport& report, const Repair& repair) {
    Json patch = Json::array();
    for (const PatchOperation& operation : repair.patch) {
        Json one{{"op", operation.op}, {"path", operation.path}};
        if (!operation.value.empty()) {
            const auto fill = [](Json v) {
                if (!v.is_object() || !v.contains("$hole")) return v;
                return v.contains("example") ? v["example"] : Json{{"$secret", Json::object()}};
            };
            Json value = Json::parse(operation.value);
            if (value.is_array()) {
                for (Json& element : value) element = fill(element);
            }
            one["value"] = fill(value);
        }
        patch.push_back(std::move(one));
    }
    return Json::parse(report.canonical_json).patch(patch).dump();
}

Verdict verdict_of(const std::string& json) {
    CheckOptions options;
    options.now = *parse_instant("2026-02-15T00:00:00Z");
    return pack().check(json, options).results.front().verdict;
}

std::vector<std::string> edits(const RepairReport& report) {
    std::vector<std::string> out;
    for (const Repair& r : report.repairs) {
        std::string all;
        for (const std::string& edit : r.edits) all += (all.empty() ? "" : "; ") + edit;
        out.push_back(all);
    }
    return out;
}

constexpr const char* kKey = R"("name":"bot","usage":"api_trading","created_at":"2026-02-01T00:00:00Z",)"
                             R"("last_used_at":"2026-02-10T00:00:00Z")";

}  // namespace

TEST_CASE("a key that moves funds from anywhere: drop the permission, or restrict the addresses") {
    const RepairReport report = repair_one(example("spot_key.json"));
    REQUIRE(report.status == RepairStatus::kFound);
    CHECK(report.exact);
    REQUIRE(report.repairs.size() == 3);
    CHECK(report.repairs[0].cost == 1);
    CHECK(report.repairs[1].cost == 1);
    CHECK(report.repairs[2].cost > 1);
    const auto all = edits(report);
    CHECK(std::ranges::find(all, "remove `transfer` from `permissions`") != all.end());
    CHECK(std::ranges::any_of(all,
                              [](const std::string& e) { return e.starts_with("add an address to `ip_allowlist`"); }));
    for (const Repair& r : report.repairs) CHECK(verdict_of(patched(report, r)) == Verdict::kCompliant);
}

TEST_CASE("every repair of every sample applies and makes it compliant") {
    std::istringstream lines{example("inventory.ndjson")};
    for (std::string line; std::getline(lines, line);) {
        const RepairReport report = repair_one(line);
        CAPTURE(line);
        CAPTURE(report.reason);
        CHECK(report.status != RepairStatus::kUnknown);
        for (const Repair& r : report.repairs) {
            CAPTURE(patched(report, r));
            CHECK(verdict_of(patched(report, r)) == Verdict::kCompliant);
        }
    }
}

TEST_CASE("what is immutable is beyond repair, and that is said only where it is sure") {
    const std::string lost =
        std::string{"{"} + kKey + R"(,"permissions":["general"],"passphrase":{"$secret":{}},"passphrase_known":false})";
    const RepairReport report = repair_one(lost);
    CHECK(report.status == RepairStatus::kNone);
    CHECK(report.exact);
    CHECK(report.repairs.empty());

    RepairOptions other;
    other.rules = {"passphrase_required"};
    CHECK(repair_one(lost, other).status == RepairStatus::kCompliant);
    other.rules = {"no_such_rule"};
    CHECK(repair_one(lost, other).status == RepairStatus::kUnknown);
}

TEST_CASE("holes are listed, filled, and checked again") {
    const std::string nameless = R"({"usage":"api_trading","permissions":["general"],"passphrase":{"$secret":{}},)"
                                 R"("created_at":null,"last_used_at":null})";
    RepairOptions options;
    options.apply = true;
    RepairReport report = repair_one(nameless, options);
    REQUIRE(report.repairs.size() == 1);
    REQUIRE(report.repairs[0].holes.size() == 1);
    CHECK(report.repairs[0].holes[0].pointer == "/name");
    CHECK(report.repairs[0].holes[0].wants == "not blank");
    CHECK(report.applied.empty());
    CHECK(report.not_applied.find("`/name`") != std::string::npos);
    options.fill = {{"/name", "my bot"}};
    report = repair_one(nameless, options);
    CHECK(report.not_applied == "");
    CHECK(Json::parse(report.applied)["name"] == "my bot");
    CHECK(verdict_of(report.applied) == Verdict::kCompliant);
    options.fill = {{"/name", " "}};
    CHECK_FALSE(repair_one(nameless, options).not_applied.empty());
    options.fill = {{"/name", "x"}, {"/app", "y"}};
    CHECK_FALSE(repair_one(nameless, options).not_applied.empty());
}

TEST_CASE("a secret is never taken as text, nor shown") {
    const std::string key = std::string{"{"} + kKey + R"(,"permissions":["general"],"api_secret":"hunter2hunter2"})";
    RepairOptions options;
    options.apply = true;
    options.fill = {{"/passphrase", "hunter3"}};
    const RepairReport refused = repair_one(key, options);
    CHECK(refused.applied.empty());
    CHECK(refused.not_applied.find("hunter") == std::string::npos);
    // Leaving the secret out and writing it masked cost the same.
    options.fill = {{"/passphrase", R"({"$secret": {}})"}, {"/api_secret", R"({"$secret": {}})"}};
    const RepairReport report = repair_one(key, options);
    CHECK(report.not_applied == "");
    CHECK(report.applied.find("hunter") == std::string::npos);
    CHECK(to_json_line(report).find("hunter") == std::string::npos);
    CHECK(report.canonical_json.find("hunter") == std::string::npos);
}

TEST_CASE("patches go back into the words of the source, lists as a whole") {
    const std::string body =
        R"({"remark":"","permission":"General,InnerTransfer","ipWhitelist":"","passphrase":"abcdefg"})";
    RepairOptions options;
    options.reading.adapter = "sub_account_create";
    options.rules = {"name_required", "transfer_needs_ip"};
    const RepairReport report = repair_one(body, options);
    CAPTURE(report.reason);
    REQUIRE(report.status == RepairStatus::kFound);
    bool seen = false;
    for (const Repair& r : report.repairs) {
        if (!r.native) continue;
        for (const PatchOperation& operation : *r.native) {
            CHECK((operation.path == "/remark" || operation.path == "/permission" || operation.path == "/ipWhitelist"));
            if (operation.path == "/permission") {
                seen = true;
                CHECK(operation.value == "\"General\"");
            }
        }
    }
    CHECK(seen);
}

TEST_CASE("reports fit their schemas' names, and come in every format") {
    RepairRun run{pack().identity(), *parse_instant("2026-02-15T00:00:00Z"), {repair_one(example("spot_key.json"))}};
    const Json json = Json::parse(to_json(run));
    CHECK(json["schema"] == "keywright.repair/1");
    CHECK(json["results"][0]["status"] == "found");
    CHECK(Json::parse(repair_schema())["title"] == "keywright.repair/1");
    CHECK(Json::parse(guide_schema())["title"] == "keywright.guide/1");
    CHECK(to_pretty(run.results[0]).find("remove `transfer` from `permissions`") != std::string::npos);
    CHECK(to_compact(run.results[0]).find("cost 1") != std::string::npos);
}

TEST_CASE("guidance says what may still be chosen") {
    const GuideReport report = guide_one(
        R"({"usage":"api_trading","permissions":["general","transfer"],"passphrase":{"$secret":{}},"created_at":null,)"
        R"("last_used_at":null,"$unknown":["name","ip_allowlist"]})");
    REQUIRE(report.status == GuideStatus::kOpen);
    REQUIRE(report.fields.size() == 2);
    CHECK(report.fields[0].field == "/name");
    CHECK(report.fields[0].must_be_given);
    CHECK(report.fields[0].values == std::vector<std::string>{"not blank"});
    CHECK(report.fields[1].field == "/ip_allowlist");
    CHECK_FALSE(report.fields[1].any);
    CHECK(report.fields[1].refused == std::vector<std::string>{"empty"});

    const GuideReport hopeless = guide_one(std::string{"{"} + kKey +
                                           R"(,"permissions":["general","transfer"],)"
                                           R"("passphrase":{"$secret":{}},"$unknown":["app"]})");
    CHECK(hopeless.status == GuideStatus::kNone);
}
