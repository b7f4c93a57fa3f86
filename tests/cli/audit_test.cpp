// `keywright audit` as it is used: every way in which an inventory comes, what is written of it, and what can go wrong
// on the way.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kRules =
    std::string{"--rules "} + KEYWRIGHT_SOURCE_DIR + "/rules/kucoin_tr --at 2026-02-15T00:00:00Z ";
const std::string kSecret = "xK9canary7Qz";

// A record by its number: about a third violate something, and one in fifty can't be read.
std::string record(std::size_t i) {
    const std::string number = std::to_string(i);
    if (i % 50 == 49)
        return "{\"id\":\"key-" + number + "\",\"passphrase\":\"" + kSecret + "\",\"nope\":[1,{\"" + kSecret + "\":2}";
    std::string out = "{\"id\":\"key-" + number + "\",\"name\":\"bot " + number +
                      "\",\"usage\":\"api_trading\",\"permissions\":[\"general\"";
    if (i % 3 == 0) out += ",\"withdrawal\"";
    out += "],\"ip_allowlist\":[";
    if (i % 2 == 0) out += "\"203.0.113." + std::to_string(i % 250) + "\"";
    out += "],\"passphrase\":\"" + kSecret + "\",\"created_at\":\"2025-06-01T00:00:00Z\",\"last_used_at\":\"2026-0" +
           std::to_string(1 + i % 2) + "-0" + std::to_string(1 + i % 9) + "T00:00:00Z\"}";
    return out;
}

std::string inventory(std::size_t records) {
    std::string out;
    for (std::size_t i = 0; i < records; ++i) out += record(i) + '\n';
    return out;
}

std::string gzipped(const std::string& text) {
    z_stream stream{};
    REQUIRE(::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(::deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(out.size() - stream.avail_out);
    ::deflateEnd(&stream);
    return out;
}

std::string zstd_of(const std::string& text) {
    std::string out(::ZSTD_compressBound(text.size()), '\0');
    const std::size_t size = ::ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
    REQUIRE(::ZSTD_isError(size) == 0);
    out.resize(size);
    return out;
}

Run with_input(const std::string& input) {
    Run out;
    out.input = input;
    return out;
}
Run in(const Folder& folder) {
    Run out;
    out.folder = folder.path();
    return out;
}

// Of a summary in JSON what doesn't hang on the name of the file.
Json numbers(const Result& result) {
    Json out = Json::parse(result.out);
    out.erase("inputs");
    for (Json& sample : out["samples"]) sample["result"].erase("source");
    for (Json& one : out["expiries"]["soonest"]) one.erase("source");
    return out;
}

}  // namespace

TEST_CASE("an inventory is the same however it comes") {
    const Folder folder;
    const std::string text = inventory(400);
    folder.write("keys.ndjson", text);
    folder.write("keys.txt", text);
    folder.write("keys.ndjson.gz", gzipped(text));
    folder.write("any.name", gzipped(text));
    folder.write("keys.jsonl.zst", zstd_of(text));
    const std::size_t half = text.find('\n', text.size() / 2) + 7;
    folder.write("members.gz",
                 gzipped(text.substr(0, half)) + gzipped("") + gzipped(text.substr(half)) + std::string(512, '\0'));
    folder.write("frames.zst", zstd_of(text.substr(0, half)) + std::string("\x50\x2a\x4d\x18\x03\0\0\0abc", 11) +
                                   zstd_of(text.substr(half)));
    const Result plain = folder("audit " + kRules + "--format json keys.ndjson");
    CHECK(plain.status == 1);
    CHECK(plain.err.empty());
    const Json expected = numbers(plain);
    CHECK(expected["summary"]["records"] == 400);
    CHECK(expected["summary"]["invalid"] == 8);
    CHECK(expected["by_error"] == Json{{"KW6001", 8}});
    for (const char* name : {"keys.txt", "keys.ndjson.gz", "any.name", "keys.jsonl.zst", "members.gz", "frames.zst"}) {
        INFO(name);
        const Result result = folder("audit " + kRules + "--format json " + name);
        CHECK(result.status == 1);
        CHECK(numbers(result) == expected);
    }
    for (const std::string& input : {text, gzipped(text), zstd_of(text)}) {
        const Result result = folder("audit " + kRules + "--format json -", with_input(input));
        CHECK(numbers(result) == expected);
    }
    // The same records as an array, but for those that would make it none.
    std::string array, lines;
    for (std::size_t i = 0; i < 400; ++i) {
        if (i % 50 == 49) continue;
        array += (array.empty() ? "[" : ",") + record(i);
        lines += record(i) + '\n';
    }
    folder.write("array.json", array + "]");
    folder.write("lines.ndjson", lines);
    Json of_array = numbers(folder("audit " + kRules + "--format json array.json"));
    Json of_lines = numbers(folder("audit " + kRules + "--format json lines.ndjson"));
    for (Json* one : {&of_array, &of_lines}) {
        for (Json& sample : (*one)["samples"]) sample.erase("line"), sample.erase("offset");
        for (Json& expiry : (*one)["expiries"]["soonest"]) expiry.erase("line");
    }
    CHECK(of_array == of_lines);
}

TEST_CASE("the outcome doesn't hang on the number of jobs") {
    const Folder folder;
    folder.write("keys.ndjson", inventory(3000));
    folder.write("more.ndjson", inventory(700));
    std::string summary, results, rows;
    for (const char* jobs : {"1", "2", "7"}) {
        const std::string options = kRules + "--no-progress --quiet --jobs " + jobs + " keys.ndjson more.ndjson ";
        const Result result = folder("audit --format json --results all.ndjson " + options);
        CHECK(result.status == 1);
        const Result csv = folder("audit --results all.csv " + options);
        if (summary.empty()) {
            summary = result.out;
            results = folder.read("all.ndjson");
            rows = folder.read("all.csv");
        }
        CHECK(result.out == summary);
        CHECK(folder.read("all.ndjson") == results);
        CHECK(folder.read("all.csv") == rows);
    }
    CHECK(results == folder("check --format ndjson " + kRules + "keys.ndjson more.ndjson").out);
    CHECK(folder("audit --quiet --results all.json " + kRules + "keys.ndjson more.ndjson").status == 1);
    CHECK(folder.read("all.json") == folder("check --format json " + kRules + "keys.ndjson more.ndjson").out);
}

TEST_CASE("no output holds a secret") {
    const Folder folder;
    folder.write("keys.ndjson",
                 inventory(200) + "\"" + kSecret + "\n{\"passphrase\":{\"$secret\":\"" + kSecret + "\"}}\n");
    folder.write("array.json", "[" + record(0) + "," + record(49) + "]");
    std::vector<std::string> outputs;
    for (const char* file : {"keys.ndjson", "array.json"}) {
        for (const char* format : {"pretty", "json", "markdown", "html"}) {
            const Result result =
                folder("audit --format " + std::string{format} + " --digest --checkpoint at " + kRules + file);
            outputs.insert(outputs.end(), {result.out, result.err, folder.read("at")});
        }
        for (const char* results : {"r.ndjson", "r.csv", "r.json"}) {
            const Result result =
                folder("audit --checkpoint at --results " + std::string{results} + " " + kRules + file);
            outputs.insert(outputs.end(), {result.out, result.err, folder.read(results), folder.read("at")});
        }
    }
    for (const std::string& output : outputs) CHECK_FALSE(holds(output, kSecret));
}

TEST_CASE("packed files that break off are told of, and what was read is counted") {
    const Folder folder;
    const std::string text = inventory(30);
    for (const bool zstd : {false, true}) {
        const std::string whole = zstd ? zstd_of(text) : gzipped(text);
        for (std::size_t size = 5; size < whole.size(); size += 1 + size / 12) {
            folder.write("keys.gz", whole.substr(0, size));
            const Result result = folder("audit --quiet --format json " + kRules + "keys.gz");
            INFO(size << " of " << whole.size());
            CHECK(result.status == 74);
            CHECK(holds(result.err, "`keys.gz` breaks off in the middle of its"));
            CHECK(holds(result.err, "at byte " + std::to_string(size)));
            const Json report = Json::parse(result.out);
            CHECK(report["complete"] == false);
            CHECK(report["inputs"][0]["complete"] == false);
        }
        std::string damaged = whole;
        damaged[damaged.size() / 2] ^= 0x55;
        folder.write("keys.gz", damaged);
        CHECK(folder("audit --quiet " + kRules + "keys.gz").status == 74);
    }
    // Other inputs are read all the same.
    folder.write("keys.gz", gzipped(text).substr(0, 100));
    folder.write("good.ndjson", record(2) + "\n");
    const Result both = folder("audit --format json " + kRules + "keys.gz good.ndjson");
    CHECK(both.status == 74);
    CHECK(Json::parse(both.out)["inputs"][1]["records"] == 1);
}

TEST_CASE("an array that breaks ends there, and status and message say so") {
    const Folder folder;
    folder.write("keys.json", "[" + record(0) + ",\n" + record(1) + ",\n" + record(2) + " oops,\n" + record(3) + "]");
    const Result result = folder("audit " + kRules + "keys.json");
    CHECK(result.status == 74);
    CHECK(holds(result.err, "keywright: `keys.json`: KW6008: the array can't be read from its element 2 on, at byte "));
    CHECK(holds(result.out, "incomplete"));
    CHECK(holds(result.out, "2 records:"));
}

TEST_CASE("lines in other encodings are unreadable one by one") {
    const Folder folder;
    const std::string good = record(2) + "\n";
    const std::string latin = "{\"name\":\"caf\xe9\"}\n";
    folder.write("latin.ndjson", good + latin + good);
    const Json report = Json::parse(folder("audit --format json " + kRules + "latin.ndjson").out);
    CHECK(report["summary"]["records"] == 3);
    CHECK(report["by_error"] == Json{{"KW6006", 1}});
    CHECK(report["samples"][0]["line"] == 2);
    CHECK(report["samples"][0]["offset"] == good.size());
    folder.write("mark.ndjson", "\xef\xbb\xbf" + good + good);
    CHECK(Json::parse(folder("audit --format json " + kRules + "mark.ndjson").out)["by_error"] == Json{{"KW6004", 1}});
    std::string wide = "\xff\xfe";
    for (const char c : good) wide += std::string{c, '\0'};
    folder.write("wide.json", wide);
    CHECK(folder("audit " + kRules + "wide.json").status == 2);
}

TEST_CASE("the exit status is that of check") {
    const Folder folder;
    folder.write("fine.ndjson", record(2) + "\n" + record(4) + "\n");
    folder.write("warned.ndjson", record(1) + "\n");
    folder.write("unreadable.ndjson", record(2) + "\nnope\n");
    for (const char* file : {"fine.ndjson", "warned.ndjson", "unreadable.ndjson"}) {
        for (const char* bar : {"error", "warning", "info", "never"}) {
            const std::string options = kRules + "--fail-on " + bar + " " + file;
            CHECK(folder("audit " + options).status == folder("check " + options).status);
        }
    }
    CHECK(folder("audit " + kRules + "fine.ndjson").status == 0);
    CHECK(folder("audit --quiet " + kRules + "fine.ndjson").out.empty());
}

TEST_CASE("an audit that is interrupted tells what was decided, and goes on where it was") {
    const Folder folder;
    const std::string text = inventory(6000);
    folder.write("keys.ndjson", text);
    const std::string options =
        "audit --format json --jobs 2 --results all.ndjson --checkpoint at " + kRules + "keys.ndjson";
    const Result whole = folder(options);
    const std::string results = folder.read("all.ndjson");
    CHECK(whole.status == 1);
    CHECK(folder(options + " --resume").out == whole.out);  // there is nothing left to do
    CHECK(folder.read("all.ndjson") == results);
    std::size_t stops = 0;
    std::filesystem::remove(folder.path() + "/at");
    for (int round = 0; round < 200; ++round) {
        Running running{options + " --resume", in(folder)};
        std::this_thread::sleep_for(std::chrono::milliseconds{60});
        const int status = running.interrupt();
        const std::string said = running.until("never to be found");
        if (!holds(said, "interrupted")) {
            if (status != -1) break;  // it was done before, or the signal came before it could be heeded
            continue;
        }
        ++stops;
        CHECK(status >= 1);
        CHECK(status <= 2);
        CHECK(holds(said, "\"complete\": false"));
    }
    CHECK(stops > 0);
    const Result last = folder(options + " --resume");
    CHECK(last.out == whole.out);
    CHECK(last.status == 1);
    CHECK(folder.read("all.ndjson") == results);
}

TEST_CASE("a checkpoint is of the same audit, or refused") {
    const Folder folder;
    folder.write("keys.ndjson", inventory(100));
    folder.write("other.ndjson", inventory(99));
    const std::string options = "audit --quiet --checkpoint at --resume --results r.csv " + kRules;
    CHECK(folder(options + "keys.ndjson").status == 1);
    CHECK(folder(options + "keys.ndjson").status == 1);
    const auto refused = [&](const std::string& line, const std::string& why) {
        const Result result = folder(line);
        INFO(line);
        CHECK((result.status == 64 || result.status == 74));
        CHECK(holds(result.err, why));
    };
    refused(options + "other.ndjson", "of other files");
    refused(options + "keys.ndjson other.ndjson", "of other files");
    refused(options + "keys.ndjson --samples 7", "other options");
    refused("audit --checkpoint at --resume --results other.csv " + kRules + "keys.ndjson", "in another file");
    refused(replaced(options, "2026-02-15", "2026-02-16") + "keys.ndjson", "another instant");
    Run stricter;
    stricter.environment["KEYWRIGHT_SET"] = "inactivity_limit=9 days";
    const Result by_others = folder(options + "keys.ndjson", stricter);
    CHECK(by_others.status == 64);
    CHECK(holds(by_others.err, "other rules"));
    folder.write("r.csv", "");
    refused(options + "keys.ndjson", "shorter than the results");
    folder.write("keys.ndjson", inventory(101));
    refused(options + "keys.ndjson", "isn't what it was");
    folder.write("at", folder.read("at") + "x");
    refused(options + "keys.ndjson", "damaged");
    refused("audit --checkpoint at " + kRules + "-", "can be read again");
    refused("audit --resume " + kRules + "keys.ndjson", "--checkpoint");
}

TEST_CASE("an interrupt while waiting for a pipe ends with what came through it") {
    const Folder folder;
    const std::string pipe = folder.path() + "/pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    Running running{"audit --samples 0 " + kRules + "pipe", in(folder)};
    const int end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(end >= 0);
    const std::string text = record(2) + "\n" + record(3) + "\n" + record(4).substr(0, 30);
    REQUIRE(::write(end, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    int left = 1;
    for (int i = 0; i < 500 && left > 0; ++i) {
        ::ioctl(end, FIONREAD, &left);
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    CHECK(running.interrupt(4) == 1);  // as `timeout` does, which sends two
    const std::string said = running.until("never to be found");
    CHECK(holds(said, "2 records: 1 violation, 1 compliant"));
    CHECK(holds(said, "interrupted: what is told is of the 2 records before"));
    ::close(end);
}

TEST_CASE("a file that becomes shorter while it is read is told of") {
    const Folder folder;
    folder.write("keys.ndjson", inventory(20000));
    Running running{"audit --samples 0 --jobs 1 --results r.ndjson " + kRules + "keys.ndjson", in(folder)};
    for (int i = 0; i < 1000 && (!std::filesystem::exists(folder.path() + "/r.ndjson") ||
                                 std::filesystem::file_size(folder.path() + "/r.ndjson") < 1000);
         ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    std::filesystem::resize_file(folder.path() + "/keys.ndjson", 100000);
    const std::string said = running.until("has become shorter while it was read");
    CHECK(holds(said, "`keys.ndjson` has become shorter while it was read"));
}

TEST_CASE("a full disk is told of, and the summary comes all the same") {
    const Folder folder;
    folder.write("keys.ndjson", inventory(300));
    const Result result = folder("audit --results /dev/full --results-format ndjson " + kRules + "keys.ndjson");
    CHECK(result.status == 74);
    CHECK(holds(result.err, "`/dev/full` can't be written at byte 0: No space left on device"));
    CHECK(holds(result.out, "incomplete"));
    Run full;
    full.output_to = "/dev/full";
    CHECK(folder("audit " + kRules + "keys.ndjson", full).status == 74);
    Run closed;
    closed.output_closed = true;
    const Result quiet = folder("audit " + kRules + "keys.ndjson", closed);
    CHECK(quiet.err.empty());
}

TEST_CASE("what can't be done is said before anything is") {
    const Folder folder;
    folder.write("keys.ndjson", inventory(3));
    const auto refused = [&](const std::string& line, int status, const std::string& why) {
        INFO(line);
        const Result result = folder("audit " + kRules + line);
        CHECK(result.status == status);
        CHECK(result.out.empty());
        CHECK(holds(result.err, why));
    };
    refused("missing.ndjson", 74, "`missing.ndjson` can't be read: no such file");
    refused("keys.ndjson missing.ndjson", 74, "no such file");
    refused(".", 74, "it is a folder");
    refused("- -", 64, "standard input can be read only once");
    refused("--format ndjson keys.ndjson", 64, "--results FILE");
    refused("--format sarif keys.ndjson", 64, "pretty");
    refused("--format prety keys.ndjson", 64, "did you mean `pretty`");
    refused("--results out keys.ndjson", 64, "--results-format");
    refused("--results keys.ndjson keys.ndjson", 64, "is an input");
    refused("--results-format csv keys.ndjson", 64, "--results");
    refused("--samples many keys.ndjson", 64, "--samples");
    refused("--jobs 0 keys.ndjson", 64, "--jobs");
    refused("--input nothing keys.ndjson", 64, "no adapter");
    CHECK(folder.read("keys.ndjson") == inventory(3));
}

TEST_CASE("cells are no formulas") {
    const Folder folder;
    folder.write("keys.ndjson",
                 "{\"name\":\"=cmd|' /C "
                 "calc'!A0\",\"usage\":\"api_trading\"}\n{\"name\":\"a\\\"b,\\nc\",\"usage\":\"api_trading\"}\n");
    CHECK(folder("audit --quiet --results r.csv " + kRules + "keys.ndjson").status == 1);
    const std::string rows = folder.read("r.csv");
    CHECK(holds(rows, "\"keys.ndjson\",0,1,\"'=cmd|' /C calc'!A0\",\"violation\","));
    CHECK(holds(rows, "\"keys.ndjson\",1,2,\"a\"\"b,\\u{a}c\",\"violation\","));
}

TEST_CASE("answers of an exchange are read through adapters, as a whole or one a line") {
    const std::string folder = std::string{KEYWRIGHT_SOURCE_DIR} + "/examples/kucoin/";
    for (const char* name : {"request.json", "get_api_key.response.json", "list_sub_account_api_keys.response.json",
                             "list_broker_api_keys.response.json"}) {
        for (const char* adapter : {"request", "get_api_key", "sub_account_list", "broker_list"}) {
            const std::string options = kRules + "--input " + adapter + " " + folder + name;
            const Result check = run("check --format json " + options);
            REQUIRE(check.status < 3);
            const Result audit = run("audit --format json " + options);
            CHECK(audit.status == check.status);
            const Json of_check = Json::parse(check.out)["summary"];
            const Json of_audit = Json::parse(audit.out)["summary"];
            for (const char* member : {"records", "compliant", "violation", "undetermined", "invalid"})
                CHECK(of_audit[member] == of_check[member]);
        }
    }
}
