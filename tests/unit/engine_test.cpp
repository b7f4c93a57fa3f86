// The public handles: what a compiled pack tells of itself, and how it is shared.
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

using namespace keywright;
using test::Files;
using test::pack_text;

namespace {

const std::string kText = pack_text("a: bool\nname: text? = absent",
                                    "param limit = 3 days\nrule r { require a message \"no {limit}\" }\n"
                                    "rule s { severity warning require name is present }\n"
                                    "adapter x { canonical }\nadapter y { canonical }\n"
                                    "prove \"p\" { for every key where a: never r }");
CheckOptions at_noon(const std::string& source = {}) {
    CheckOptions options;
    options.now = test::at("2026-01-31T12:00:00Z");
    options.source = source;
    return options;
}

}  // namespace

TEST_CASE("a compiled pack tells what it is") {
    const Compiled compiled = compile_text(kText, "mine.kw");
    REQUIRE(compiled.rules.has_value());
    const Rules& rules = *compiled.rules;
    CHECK(rules.identity().pack == "test");
    CHECK(rules.identity().version == "1");
    CHECK(rules.identity().digest.starts_with("sha256:"));
    CHECK(rules.identity().digest.size() == 7 + 64);
    CHECK(rules.rule_names() == std::vector<std::string>{"r", "s"});
    CHECK(rules.adapter_names() == std::vector<std::string>{"x", "y"});
    CHECK(rules.proof_names() == std::vector<std::string>{"p"});
    CHECK(rules.run_tests().empty());
    REQUIRE(compiled.files.size() == 1);
    CHECK(compiled.files[0].path == "mine.kw");
    CHECK(compiled.files[0].text == kText);
    CHECK(nlohmann::json::parse(rules.json_schema()).contains("properties"));
    CHECK(rules.dump().find("rule r error") != std::string::npos);
}

TEST_CASE("the digest changes with everything that decides") {
    const auto digest = [](const std::string& text, const std::string& name = "rules.kw") {
        const Compiled compiled = compile_text(text, name);
        REQUIRE(compiled.rules.has_value());
        return compiled.rules->identity().digest;
    };
    const std::string plain = digest(kText);
    CHECK(digest(kText) == plain);
    CHECK(digest(kText + " ") != plain);
    CHECK(digest(kText, "other.kw") != plain);
    CompileOptions options;
    options.params["limit"] = "4 days";
    CHECK(compile_text(kText, "rules.kw", options).rules.value().identity().digest != plain);
    options.params["limit"] = "72 hours";  // the same value in other words
    CHECK(compile_text(kText, "rules.kw", options).rules.value().identity().digest == plain);
    // Text that moves from one file to another is another pack.
    const Files one{{"p.kw", kText + "import \"q.kw\"\n"}, {"q.kw", "edition 1\nrule t { require a }\n"}};
    const Files two{{"p.kw", kText + "import \"q.kw\"\n"}, {"q.kw", "edition 1\nrule u { require a }\n"}};
    CHECK(compile(one, "p.kw").rules.value().identity().digest != compile(two, "p.kw").rules.value().identity().digest);
}

TEST_CASE("a report says where its records came from") {
    const Rules rules = compile_text(kText).rules.value();
    const Report report = rules.check(R"([{"a": false, "name": "n"}, {"a": true}, 3])", at_noon("keys.json"));
    CHECK(report.rules == rules.identity());
    CHECK(report.evaluated_at == test::at("2026-01-31T12:00:00Z"));
    REQUIRE(report.results.size() == 3);
    CHECK(report.results[0].verdict == Verdict::kViolation);
    CHECK(report.results[0].subject == "n");
    REQUIRE(report.results[0].violations.size() == 1);
    CHECK(report.results[0].violations[0].message == "no 3 days");
    CHECK(report.results[0].violations[0].rule_range.file == "rules.kw");
    CHECK(report.results[0].violations[0].rule_range.line == 8);
    CHECK(report.results[1].verdict == Verdict::kCompliant);
    CHECK(report.results[1].violations.at(0).severity == Severity::kWarning);
    CHECK(report.results[2].verdict == Verdict::kInvalid);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(report.results[i].source == "keys.json");
        CHECK(report.results[i].index == i);
    }
    // Handed over one by one, the same.
    std::vector<RecordReport> single;
    rules.check(R"([{"a": false, "name": "n"}, {"a": true}, 3])", at_noon("keys.json"),
                [&](RecordReport&& r) { single.push_back(std::move(r)); });
    CHECK(single == report.results);
}

TEST_CASE("no text is no record") {
    const Rules rules = compile_text(kText).rules.value();
    for (const std::string text : {"", " \n", "[]"}) {
        const Report report = rules.check(text, at_noon());
        const Summary summary = report.summary();
        CHECK(summary.compliant == 0);
        CHECK(summary.records == report.results.size());
    }
    CHECK(rules.check("", at_noon()).results.at(0).errors.at(0).code == "KW6033");
}

TEST_CASE("a pack outlives what it was compiled from, and copies share it") {
    std::vector<Rules> copies;
    {
        const std::string text = kText;
        const Compiled compiled = compile_text(text);
        copies.assign(3, compiled.rules.value());
    }
    copies.erase(copies.begin());
    CHECK(copies[0].check(R"({"a": false})", at_noon()).results.at(0).verdict == Verdict::kViolation);
    CHECK(copies[1].dump() == copies[0].dump());
}

TEST_CASE("several threads may ask one pack") {
    const Rules& rules = test::kucoin();
    const std::string json = test::project_file("examples/kucoin/inventory.ndjson");
    const Report expected = rules.check(json, at_noon());
    CHECK(expected.results.size() > 5);
    std::vector<std::thread> threads;
    std::vector<int> equal(4, 0);
    for (std::size_t i = 0; i < equal.size(); ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 20; ++round)
                equal[i] += rules.check(json, at_noon()).results == expected.results ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const int rounds : equal) CHECK(rounds == 20);
}

TEST_CASE("the examples are read by their adapters") {
    const std::vector<std::pair<std::string, std::string>> files{
        {"get_api_key.response.json", "get_api_key"},
        {"get_api_key.no_ip.data.json", "get_api_key"},
        {"get_api_key.facts.json", "get_api_key"},
        {"list_sub_account_api_keys.response.json", "sub_account_list"},
        {"list_sub_account_api_keys.no_ip.response.json", "sub_account_list"},
        {"create_sub_account_api_key.request.json", "sub_account_create"},
        {"create_sub_account_api_key.response.json", "sub_account_create_response"},
        {"modify_sub_account_api_key.request.json", "sub_account_modify"},
        {"list_broker_api_keys.response.json", "broker_list"},
        {"request.json", "request"},
        {"compliant_key.json", ""},
        {"spot_key.json", ""}};
    for (const auto& [file, adapter] : files) {
        CAPTURE(file);
        CheckOptions options = at_noon(file);
        options.adapter = adapter;
        options.now = test::at("2026-02-15T00:00:00Z");
        const Report report = test::kucoin().check(test::project_file("examples/kucoin/" + file), options);
        CHECK_FALSE(report.results.empty());
        for (const RecordReport& r : report.results) {
            CHECK(test::all_texts(r).find("KW6") == std::string::npos);
            CHECK(r.verdict != Verdict::kInvalid);
        }
    }
}
