// A known secret is planted everywhere a record has room for it; no report may hold it.
#include "support/compiling.h"
#include "support/dice.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace keywright;
using test::Dice;
using test::pack_text;

namespace {

const std::string kSecret = "xK9canary7Qz";
const Instant kNow = test::at("2026-01-31T00:00:00Z");

// A pack whose rules look at its secrets in every permitted way.
const Rules& pack() {
    static const Rules rules = [] {
        const Compiled compiled = compile_text(pack_text(
            "id: text? = absent\nphrase: secret\nspare: secret? = absent\ntags: set of text = {}\nn: int 0..9 = 0\n"
            "u: one of { x, y } = x\nips: set of network = {}\nt: instant? = absent\nd: duration? = absent\nb: bool = "
            "false\n"
            "inner: { key: secret, note: text? = absent }? = absent",
            "param word = \"none\"\nrule r1 { require length(phrase) > 40 message \"{length(phrase)} {b} {u}\" }\n"
            "rule r2 { require has_space(phrase) and not has_digit(phrase) }\n"
            "rule r3 { require spare is present and spare is masked }\n"
            "rule r4 { when inner is present require has_other(inner.key) message \"{inner.note else word}\" }\n"
            "rule r5 { require phrase is masked }\n"
            "adapter native { records at \"/data\" else root expect \"/code\" == \"0\" beside \"/msg\"\n"
            "    id from \"/i\" phrase from \"/p\" missing refused spare from \"/deep/s\" none \"-\" tags from \"/t\" "
            "split \",\"\n"
            "    n from \"/n\" u from \"/u\" map { \"X\" -> x } ips from \"/ips\" split \",\" t from \"/when\" as "
            "epoch ms text\n"
            "    d from \"/d\" in days subject phrase }\n"
            "adapter partial { canonical phrase = unknown u from \"/uu\" }"));
        INFO(test::describe(compiled.diagnostics));
        REQUIRE(compiled.rules.has_value());
        return *compiled.rules;
    }();
    return rules;
}

struct Watch {
    std::size_t outputs = 0;
    std::size_t invalid = 0;
    std::size_t violations = 0;
    std::size_t hits = 0;
    std::string example;

    void check(const Rules& rules, const std::string& json, const std::string& adapter) {
        for (const auto form : {CheckOptions::Form::kAuto, CheckOptions::Form::kLines}) {
            CheckOptions options;
            options.now = kNow;
            options.adapter = adapter;
            options.form = form;
            const Report report = rules.check(json, options);
            ++outputs;
            for (const RecordReport& r : report.results) {
                if (r.verdict == Verdict::kInvalid) ++invalid;
                violations += r.violations.size();
            }
            const std::string texts = test::all_texts(report);
            // A piece of it is as bad as the whole.
            if (texts.find(kSecret.substr(2, 6)) != std::string::npos) {
                if (hits++ == 0) example = json + "\n" + texts;
            }
        }
    }
    void done() const {
        INFO(example);
        CHECK(hits == 0);
        CHECK(outputs > 100);
    }
};

// Ways to spell the secret as a JSON value.
std::vector<std::string> spellings() {
    std::string escaped;
    for (const char c : kSecret)
        escaped += "\\u00" + std::string{"0123456789abcdef"[(c >> 4) & 15]} + "0123456789abcdef"[c & 15];
    const std::string s = "\"" + kSecret + "\"";
    return {s,
            "\"" + escaped + "\"",
            "\"" + kSecret + "\\ud800\"",
            "\"" + kSecret + "\\q\"",
            "\"" + kSecret,
            "\"" + kSecret + "\n\"",
            "\"" + kSecret + "\xFF\"",
            "\"" + kSecret + std::string{"\0", 1} + "\"",
            "[" + s + "]",
            "[[" + s + "]]",
            "[" + s + "," + s + "]",
            "{\"$secret\": " + s + "}",
            "{\"$secret\": {\"length\": " + s + "}}",
            "{\"$secret\": {\"has_digit\": " + s + "}}",
            "{\"$secret\": {\"length\": 1, \"has_digit\": [" + s + "]}}",
            "{\"$secret\": {\"length\": 3}, \"value\": " + s + "}",
            "{\"value\": " + s + "}",
            "{\"a\": " + s + ", \"a\": " + s + "}",
            "{" + s + ": 1}",
            "{\"$secret\": {" + s + ": true}}",
            "{\"$secret\": {\"length\": 1, " + s + ": true}}",
            kSecret,
            s + s,
            s + " " + kSecret,
            "-" + s,
            s + ", \"phrase\": " + s};
}

}  // namespace

TEST_CASE("a secret in its own field is never told, however the record is broken") {
    Watch watch;
    for (const std::string& secret : spellings()) {
        const std::vector<std::string> records{
            R"({"id": "k", "phrase": )" + secret + "}",
            R"({"id": "k", "phrase": )" + secret + R"(, "n": 77})",
            R"({"phrase": "x", "spare": )" + secret + R"(, "zzz": 1})",
            R"({"phrase": "x", "inner": {"key": )" + secret + R"(, "note": "n"}})",
            R"({"phrase": "x", "inner": {"key": )" + secret + R"(, "nte": "n"}})",
            R"({"$unknown": ["phrase"], "phrase": )" + secret + "}",
            R"({"$unknown": ["inner"], "inner": {"key": )" + secret + "}}",
            R"([{"phrase": )" + secret + R"(}, {"phrase": )" + secret + R"(}, 7])",
            "{\"phrase\": " + secret + "}\n{\"phrase\": " + secret + "}\n",
        };
        for (const std::string& record : records) {
            watch.check(pack(), record, {});
            watch.check(pack(), record, "partial");
        }
        const std::vector<std::string> native{
            R"({"code": "0", "data": {"i": "k", "p": )" + secret + "}}",
            R"({"code": "0", "data": [{"i": "k", "p": )" + secret + R"(, "q": 1}]})",
            R"({"code": "1", "data": {"i": "k", "p": )" + secret + "}}",
            R"({"code": "0", "other": 1, "data": {"p": )" + secret + "}}",
            R"({"p": )" + secret + "}",
            R"({"p": "x", "deep": {"s": )" + secret + "}}",
            R"({"p": "x", "deep": {"s": )" + secret + R"(, "r": 1}})",
            R"({"p": "x", "$facts": {"inner": {"key": )" + secret + "}}}",
            R"({"p": "x", "$facts": {"phrase": )" + secret + "}}",
            R"({"p": "x", "$facts": {"phrase": )" + secret + R"(, "zzz": 1}})",
        };
        for (const std::string& record : native) watch.check(pack(), record, "native");
    }
    watch.done();
    CHECK(watch.invalid > 100);
    CHECK(watch.violations > 100);
}

TEST_CASE("a secret in a record that is cut off, or damaged anywhere") {
    Watch watch;
    const std::string canonical = R"({"id": "k", "phrase": ")" + kSecret + R"(", "spare": ")" + kSecret +
                                  R"(", "tags": ["a"], "n": 3, "inner": {"key": ")" + kSecret +
                                  R"(", "note": "n"}, "t": null})";
    const std::string native = R"({"code": "0", "data": {"i": "k", "p": ")" + kSecret + R"(", "deep": {"s": ")" +
                               kSecret + R"("}, "t": "a,b", "$facts": {"inner": {"key": ")" + kSecret + "\"}}}}";
    for (std::size_t size = 0; size <= canonical.size(); ++size) {
        for (const std::string tail : {"", "}", "\"", "\"}", "\xFF", "\\", "]", ": 1}"})
            watch.check(pack(), canonical.substr(0, size) + tail, {});
    }
    for (std::size_t size = 0; size <= native.size(); ++size) watch.check(pack(), native.substr(0, size), "native");
    // A changed byte outside the secrets; within them the rest of the secret is still one.
    Dice dice{7};
    for (int i = 0; i < 4'000; ++i) {
        const bool own = dice.chance(50);
        std::string text = own ? canonical : native;
        text[dice.below(text.size())] = "\"{}[],:\\ \n\t0aZ\xC3\x00"[dice.below(16)];
        watch.check(pack(), text, own ? "" : "native");
    }
    watch.done();
    CHECK(watch.invalid > 1'000);
}

TEST_CASE("values of unknown members are never told") {
    Watch watch;
    for (const std::string name :
         {"passphrase", "phrase ", "Phrase", "pharse", "secret", "inner.key", "", "\\u0070hrasf"}) {
        for (const std::string& value : spellings()) {
            const std::string member = "\"" + name + "\": " + value;
            watch.check(pack(), "{\"phrase\": \"x\", " + member + "}", {});
            watch.check(pack(), "{\"phrase\": \"x\", \"inner\": {\"key\": \"x\", " + member + "}}", {});
            watch.check(pack(), "{\"p\": \"x\", " + member + "}", "native");
            watch.check(pack(), "{\"code\": \"0\", " + member + ", \"data\": {\"p\": \"x\"}}", "native");
            watch.check(pack(), "{\"p\": \"x\", \"deep\": {" + member + "}}", "native");
            watch.check(pack(), "{\"p\": \"x\", \"$facts\": {" + member + "}}", "native");
        }
    }
    watch.done();
}

TEST_CASE("a secret in the place of a member's name is never told") {
    Watch watch;
    std::vector<std::string> names{kSecret,
                                   kSecret + "-2",
                                   "$" + kSecret,
                                   "a/" + kSecret,
                                   "~" + kSecret,
                                   "phrase." + kSecret,
                                   kSecret + kSecret + kSecret + kSecret};
    for (const char piece : {' ', '_', '/', '~'}) names.push_back("phrase" + std::string{piece} + kSecret);
    for (const std::string& name : names) {
        const std::string s = "\"" + name + "\"";
        for (const std::string value : {"1", "null", "[]", "[1, tru]", "{}", "{\"a\": x}", "{\"a\": 1, \"a\": 2}", "",
                                        "\"\\ud800\"", "1e999", "{\"key\": {\"key\": tru}}"}) {
            const std::string member = s + ": " + value;
            const std::string twice = member + ", " + member;
            for (const std::string& one : {member, twice, s + ": {" + twice + "}", s + ": [{" + twice + "}]",
                                           s + ": {" + s + ": {" + s + ": tru}}"}) {
                const std::string canonical = "{\"phrase\": \"x\", ";
                for (const std::string adapter : {"", "partial"}) {
                    watch.check(pack(), canonical + one + "}", adapter);
                    watch.check(pack(), canonical + "\"inner\": {\"key\": \"x\", " + one + "}}", adapter);
                    watch.check(pack(), canonical + "\"phrase\": {" + one + "}}", adapter);
                    watch.check(pack(), canonical + "\"inner\": {\"key\": {" + one + "}}}", adapter);
                    watch.check(pack(), canonical + "\"u\": {" + one + "}}", adapter);
                    watch.check(pack(), canonical + "\"$unknown\": [" + s + "], " + one + "}", adapter);
                    watch.check(pack(), canonical + "\"$unknown\": [" + s + ", " + s + "]}", adapter);
                    watch.check(pack(), canonical + "\"$unknown\": {" + one + "}}", adapter);
                    watch.check(pack(), "[" + canonical + one + "}, {" + one + "}]", adapter);
                    watch.check(pack(), "{" + one + "}\n{" + one + "}\n", adapter);
                }
                watch.check(pack(), "{\"p\": \"x\", " + one + "}", "native");
                watch.check(pack(), "{\"code\": \"0\", " + one + ", \"data\": {\"p\": \"x\"}}", "native");
                watch.check(pack(), "{\"code\": \"0\", \"data\": [{\"p\": \"x\", " + one + "}]}", "native");
                watch.check(pack(), "{\"p\": \"x\", \"deep\": {" + one + "}}", "native");
                watch.check(pack(), "{\"p\": \"x\", \"$facts\": {" + one + "}}", "native");
                watch.check(pack(), "{\"p\": \"x\", \"$facts\": {\"inner\": {" + one + "}}}", "native");
            }
        }
    }
    watch.done();
    CHECK(watch.invalid > 1'000);
}

TEST_CASE("the KuCoin pack tells no passphrase and no API secret") {
    Watch watch;
    const std::string s = "\"" + kSecret + "\"";
    const Rules& rules = test::kucoin();
    std::vector<std::string> adapters = rules.adapter_names();
    adapters.emplace_back();
    const std::vector<std::string> records{
        R"({"usage": "api_trading", "name": "n", "passphrase": )" + s + R"(, "api_secret": )" + s +
            R"(, "permissions": ["spot"]})",
        R"({"usage": "api_trading", "passphrase": [)" + s + R"(], "api_secret": {"x": )" + s + "}}",
        R"({"code": "200000", "data": {"apiKey": "k", "remark": "r", "passphrase": )" + s + R"(, "apiSecret": )" + s +
            R"(, "permission": "General", "createdAt": 1700000000000}})",
        R"({"code": "200000", "data": [{"apiKey": "k", "passphrase": )" + s + R"(, "secretKey": )" + s + "}]}",
        R"({"remark": "r", "passphrase": )" + s + R"(, "permission": "General"})",
        R"({"apiKey": "k", "passphrase": {"a": )" + s + R"(}, "permission": "Trade", "$facts": {"passphrase": )" + s +
            "}}",
    };
    for (const std::string& adapter : adapters) {
        for (const std::string& record : records) {
            for (std::size_t size = record.size(); size > 0; size = size > 40 ? size - 3 : size - 1) {
                watch.check(rules, record.substr(0, size), adapter);
            }
            watch.check(rules, "[" + record + "," + record + "]", adapter);
            watch.check(rules, record + "\n" + record + "\n", adapter);
        }
    }
    watch.done();
    CHECK(watch.outputs > 5'000);
}
