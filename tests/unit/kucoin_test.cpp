// The KuCoin Türkiye pack as others rely on it: rule ids and severities, the canonical record, the records of KuCoin's
// API.
#include "keywright/keywright.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace keywright;

namespace {

const std::string kRoot = KEYWRIGHT_SOURCE_DIR;

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE(in);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

const Rules& pack() {
    static const Compiled kCompiled = compile_path(kRoot + "/rules/kucoin_tr");
    REQUIRE(kCompiled.rules);
    return *kCompiled.rules;
}

RecordReport check_one(const std::string& json, const std::string& adapter = {}) {
    CheckOptions options;
    options.now = *parse_instant("2026-02-15T00:00:00Z");
    options.adapter = adapter;
    const Report report = pack().check(json, options);
    REQUIRE(report.results.size() == 1);
    return report.results.front();
}

// A key that nothing is wrong with; tests change one member or more of it.
std::map<std::string, std::string> good_key() {
    return {{"name", R"("bot")"},
            {"usage", R"("api_trading")"},
            {"permissions", R"(["general","spot"])"},
            {"ip_allowlist", R"(["203.0.113.7"])"},
            {"passphrase", R"("correct horse")"},
            {"created_at", R"("2026-02-01T00:00:00Z")"},
            {"last_used_at", R"("2026-02-10T00:00:00Z")"}};
}

std::string json_of(const std::map<std::string, std::string>& members) {
    std::string out = "{";
    for (const auto& [name, value] : members) out += (out.size() > 1 ? ",\"" : "\"") + name + "\":" + value;
    return out + "}";
}

struct NativeRecord {
    const char* file;
    const char* adapter;
    std::size_t records;
};

const std::vector<NativeRecord>& native_records() {
    static const std::vector<NativeRecord> kRecords{
        {"get_api_key.response.json", "get_api_key", 1},
        {"get_api_key.no_ip.data.json", "get_api_key", 1},
        {"list_sub_account_api_keys.response.json", "sub_account_list", 1},
        {"list_sub_account_api_keys.no_ip.response.json", "sub_account_list", 1},
        {"create_sub_account_api_key.request.json", "sub_account_create", 1},
        {"create_sub_account_api_key.response.json", "sub_account_create_response", 1},
        {"create_sub_account_api_key.no_ip.response.json", "sub_account_create_response", 1},
        {"modify_sub_account_api_key.request.json", "sub_account_modify", 1},
        {"list_broker_api_keys.response.json", "broker_list", 1},
        {"create_broker_api_key.request.json", "broker_create", 1},
        {"create_broker_api_key.response.json", "broker_create_response", 1},
    };
    return kRecords;
}

void check_folder(const std::string& folder) {
    for (const NativeRecord& native : native_records()) {
        INFO(folder << "/" << native.file);
        CheckOptions options;
        options.now = *parse_instant("2026-02-15T00:00:00Z");
        options.adapter = native.adapter;
        const Report report = pack().check(read(folder + "/" + native.file), options);
        CHECK(report.results.size() == native.records);
        for (const RecordReport& record : report.results) {
            for (const RecordError& error : record.errors)
                FAIL_CHECK(error.code << " " << error.at << " " << error.message);
            CHECK(record.verdict != Verdict::kInvalid);
            // No response tells last use, kind or app: what isn't settled by what it does tell can't be compliant.
            const bool response = std::string{native.file}.find("request") == std::string::npos;
            if (response) CHECK(record.verdict != Verdict::kCompliant);
        }
    }
}

}  // namespace

TEST_CASE("the rules have the ids that others rely on") {
    std::vector<std::string> names = pack().rule_names();
    std::sort(names.begin(), names.end());
    CHECK(names == std::vector<std::string>{"app_without_link", "idle_spot_key_expires", "ip_restriction_recommended",
                                            "lost_passphrase", "name_required", "passphrase_required",
                                            "permissions_required", "secret_disclosed", "third_party_cannot_withdraw",
                                            "third_party_ip_unneeded", "third_party_needs_app", "transfer_needs_ip",
                                            "verification_incomplete", "withdrawal_discouraged"});
}

TEST_CASE("each rule is violated at its severity by the record that its clause speaks of, citing it") {
    struct Row {
        const char* rule;
        Severity severity;
        const char* clause;
        std::map<std::string, std::string> changes;
    };
    const std::string linked = R"("third_party")";
    const std::vector<Row> rows{
        {"name_required", Severity::kError, "2.trading.fields", {{"name", R"("  ")"}}},
        {"passphrase_required", Severity::kError, "2.trading.fields", {{"passphrase", "null"}}},
        {"permissions_required", Severity::kError, "2.trading.fields", {{"permissions", "[]"}}},
        {"third_party_needs_app", Severity::kError, "2.app.select", {{"usage", linked}}},
        {"app_without_link", Severity::kError, "2.app.select", {{"app", R"("grid")"}}},
        {"third_party_cannot_withdraw",
         Severity::kError,
         "2.app.withdrawal",
         {{"usage", linked}, {"app", R"("grid")"}, {"permissions", R"(["withdrawal"])"}}},
        {"third_party_ip_unneeded", Severity::kInfo, "2.app.ip", {{"usage", linked}, {"app", R"("grid")"}}},
        {"secret_disclosed", Severity::kError, "2.note.disclosure", {{"api_secret", R"("0f1e2d3c-4b5a")"}}},
        {"lost_passphrase", Severity::kError, "2.note.passphrase_lost", {{"passphrase_known", "false"}}},
        {"withdrawal_discouraged", Severity::kWarning, "2.trading.withdrawal", {{"permissions", R"(["withdrawal"])"}}},
        {"ip_restriction_recommended", Severity::kWarning, "2.trading.ip", {{"ip_allowlist", "[]"}}},
        {"idle_spot_key_expires",
         Severity::kError,
         "2.trading.expiry",
         {{"ip_allowlist", "[]"},
          {"created_at", R"("2025-12-01T00:00:00Z")"},
          {"last_used_at", R"("2026-01-16T00:00:00Z")"}}},
        {"transfer_needs_ip",
         Severity::kError,
         "2.trading.transfer",
         {{"ip_allowlist", "[]"}, {"permissions", R"(["transfer"])"}}},
        {"verification_incomplete",
         Severity::kError,
         "3.verification",
         {{"verification", R"(["trading_password","email_code"])"}}},
    };
    CHECK(rows.size() == pack().rule_names().size());
    CHECK(check_one(json_of(good_key())).verdict == Verdict::kCompliant);
    CHECK(check_one(json_of(good_key())).violations.empty());
    for (const Row& row : rows) {
        INFO(row.rule);
        auto members = good_key();
        for (const auto& [name, value] : row.changes) members[name] = value;
        const RecordReport report = check_one(json_of(members));
        const auto found = std::find_if(report.violations.begin(), report.violations.end(),
                                        [&](const Violation& v) { return v.rule == row.rule; });
        REQUIRE(found != report.violations.end());
        CHECK(found->severity == row.severity);
        CHECK(std::any_of(found->cites.begin(), found->cites.end(),
                          [&](const CitedClause& c) { return c.document == "guide" && c.clause == row.clause; }));
        CHECK_FALSE(found->help.empty());
        CHECK_FALSE(found->because.empty());
        CHECK((report.verdict == Verdict::kViolation) == (row.severity == Severity::kError));
    }
}

TEST_CASE("what a missing member of the canonical record means") {
    // Missing is absent or empty where the schema says so, and unknown elsewhere.
    for (const char* name : {"id", "name", "app", "passphrase", "passphrase_known", "api_secret", "verification",
                             "permissions", "ip_allowlist"}) {
        INFO(name);
        auto members = good_key();
        members.erase(name);
        CHECK(check_one(json_of(members)).undetermined.empty());
    }
    for (const char* name : {"usage"}) {
        auto members = good_key();
        members.erase(name);
        const RecordReport report = check_one(json_of(members));
        CHECK(report.verdict == Verdict::kUndetermined);
        for (const Undetermined& one : report.undetermined) CHECK(one.needs == std::vector<std::string>{"/usage"});
    }
    auto members = good_key();
    members["ip_allowlist"] = "[]";
    members["created_at"] = R"("2025-12-01T00:00:00Z")";
    members.erase("last_used_at");
    const RecordReport report = check_one(json_of(members));
    CHECK(report.verdict == Verdict::kUndetermined);
    REQUIRE(report.undetermined.size() == 1);
    CHECK(report.undetermined.front().needs == std::vector<std::string>{"/last_used_at"});
    CHECK(report.expires_at.kind == ExpiresAt::Kind::kBetween);
}

TEST_CASE("every record of KuCoin's API among the examples is read by its adapter") {
    check_folder(kRoot + "/examples/kucoin");
}

TEST_CASE("every record of KuCoin's API in the shared data is read by its adapter") {
    const std::string folder = kRoot + "/../shared/data/kucoin";
    if (!std::filesystem::exists(folder)) {
        MESSAGE("skipped: there is no shared data beside the project");
        return;
    }
    check_folder(folder);
    std::size_t json_files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        json_files += entry.path().extension() == ".json" ? 1U : 0U;
    CHECK(json_files == native_records().size());
}
