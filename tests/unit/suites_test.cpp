// The public test suites for JSON, addresses, dates, durations and pointers. They are not part of the project: where
// they lie is told by the environment variable KEYWRIGHT_SUITES, else they are looked for beside the project, in
// shared/suites.
#include "input/json.h"
#include "value/network.h"
#include "value/time.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string>

using namespace keywright;
namespace fs = std::filesystem;

namespace {

std::optional<fs::path> suites() {
    const char* const told = std::getenv("KEYWRIGHT_SUITES");
    const fs::path folder =
        told != nullptr ? fs::path{told} : fs::path{KEYWRIGHT_SOURCE_DIR} / ".." / "shared" / "suites";
    if (fs::is_directory(folder)) return folder;
    MESSAGE("skipped: the public test suites are not here");
    return std::nullopt;
}

std::string read_file(const fs::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

bool accepts(std::string_view text) {
    input::JsonDocument document;
    input::JsonError error;
    const bool accepted = input::parse_json(text, {}, document, error);
    CHECK(accepted == error.code.empty());
    return accepted;
}

// Runs the cases of one file of the JSON Schema suite; `stricter` lists texts that we refuse though they are valid
// there.
void run_format(const std::string& file, const std::set<std::string>& stricter,
                const std::function<bool(const std::string&)>& valid) {
    const auto folder = suites();
    if (!folder) return;
    const auto groups = nlohmann::json::parse(read_file(*folder / file));
    std::size_t cases = 0;
    std::set<std::string> used;
    for (const auto& group : groups) {
        for (const auto& test : group["tests"]) {
            if (!test["data"].is_string()) continue;
            const auto text = test["data"].get<std::string>();
            bool expected = test["valid"].get<bool>();
            if (stricter.count(text) != 0) {
                CHECK(expected);
                expected = false;
                used.insert(text);
            }
            CAPTURE(text);
            CHECK(valid(text) == expected);
            ++cases;
        }
    }
    CHECK(cases > 20);
    CHECK(used == stricter);
}

}  // namespace

TEST_CASE("json test suite, parsing") {
    const auto folder = suites();
    if (!folder) return;
    // Valid JSON that I-JSON forbids.
    const std::set<std::string> stricter{"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"};
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator{*folder / "JSONTestSuite" / "test_parsing"}) {
        const std::string name = entry.path().filename().string();
        const std::string text = read_file(entry.path());
        ++files;
        CAPTURE(name);
        if (name.starts_with("y_")) CHECK(accepts(text) == (stricter.count(name) == 0));
        if (name.starts_with("n_")) CHECK_FALSE(accepts(text));
        if (name.starts_with("i_string") || name.starts_with("i_object") || name.starts_with("i_structure")) {
            CHECK_FALSE(accepts(text));  // bad UTF-8, lone surrogates, a byte order mark, 500 levels
        }
        if (name.starts_with("i_number")) (void)accepts(text);
    }
    CHECK(files > 300);
}

TEST_CASE("json test suite, transformations") {
    const auto folder = suites();
    if (!folder) return;
    const std::set<std::string> refused{
        "object_same_key_different_values.json", "object_same_key_same_value.json",
        "object_same_key_unclear_values.json",   "string_1_escaped_invalid_codepoint.json",
        "string_1_invalid_codepoint.json",       "string_2_escaped_invalid_codepoints.json",
        "string_2_invalid_codepoints.json",      "string_3_escaped_invalid_codepoints.json",
        "string_3_invalid_codepoints.json"};
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator{*folder / "JSONTestSuite" / "test_transform"}) {
        const std::string name = entry.path().filename().string();
        CAPTURE(name);
        CHECK(accepts(read_file(entry.path())) == (refused.count(name) == 0));
        ++files;
    }
    CHECK(files > 20);
}

TEST_CASE("json schema suite, ipv4") {
    run_format("json-schema-ipv4.json", {}, [](const std::string& text) {
        const auto read = value::parse_network(text, false);
        const auto* network = std::get_if<value::Network>(&read);
        // The suite speaks of single addresses; blocks are ours.
        return network != nullptr && network->family == 4 && text.find('/') == std::string::npos;
    });
}

TEST_CASE("json schema suite, ipv6") {
    // IPv4 addresses within IPv6.
    const std::set<std::string> stricter{"::ffff:192.168.0.1", "::abef"};
    run_format("json-schema-ipv6.json", stricter, [](const std::string& text) {
        const auto read = value::parse_network(text, false);
        const auto* network = std::get_if<value::Network>(&read);
        return network != nullptr && network->family == 6 && text.find('/') == std::string::npos;
    });
}

TEST_CASE("json schema suite, date-time") {
    run_format("json-schema-date-time.json", {}, [](const std::string& text) { return value::is_rfc3339(text); });
}

TEST_CASE("json schema suite, duration") {
    run_format("json-schema-duration.json", {}, [](const std::string& text) { return value::is_iso_duration(text); });
}

TEST_CASE("json schema suite, json-pointer") {
    run_format("json-schema-json-pointer.json", {},
               [](const std::string& text) { return input::is_json_pointer(text); });
}
