// Inputs made to hurt: huge, deep, malformed. Each is answered, with the limit's name where one was hit, and the next
// call works.
#include "analysis/explain.h"
#include "eval/program.h"
#include "eval/reference.h"
#include "support/compiling.h"
#include "value/record.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace keywright;
using test::codes;
using test::pack_text;

namespace {

const Instant kNow = test::at("2026-01-31T00:00:00Z");
const char* const kGood =
    R"({"usage": "third_party", "app": "x", "name": "n", "passphrase": "p", "permissions": ["general"],
                             "created_at": null, "last_used_at": null})";

std::string repeat(std::string_view text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

// The codes of all errors; checks that the pack still answers as before.
std::string errors_of(std::string_view json, const Limits& limits = {},
                      CheckOptions::Form form = CheckOptions::Form::kAuto, const std::string& adapter = {}) {
    CheckOptions options;
    options.now = kNow;
    options.limits = limits;
    options.form = form;
    options.adapter = adapter;
    const Report report = test::kucoin().check(json, options);
    std::string out;
    for (const RecordReport& r : report.results) {
        CHECK((r.verdict == Verdict::kInvalid) == !r.errors.empty());
        CHECK(r.errors.size() <= std::max<std::size_t>(limits.errors_per_record, 1) + 1);
        for (const RecordError& e : r.errors) {
            if (out.size() < 60) out += (out.empty() ? "" : " ") + e.code;
            CHECK(e.message.size() < 1000);
            CHECK(e.at.size() < 3000);
        }
    }
    const Report next = test::kucoin().check(kGood, {kNow, {}, {}, CheckOptions::Form::kAuto, {}});
    CHECK(next.results.size() == 1);
    CHECK(next.results.at(0).errors.empty());
    return report.results.empty() ? "nothing" : out.empty() ? "fine" : out;
}

std::string with_member(const std::string& member) { return R"({"usage": "third_party", )" + member + "}"; }

}  // namespace

TEST_CASE("deep and broken JSON") {
    CHECK(errors_of(repeat("[", 100'000)) == "KW6003");
    CHECK(errors_of(repeat("[", 100'000) + repeat("]", 100'000)) == "KW6003");
    CHECK(errors_of(repeat("{\"a\":", 100'000)) == "KW6003");
    CHECK(errors_of(with_member("\"app\": " + repeat("[", 100'000))) == "KW6003");
    CHECK(errors_of(repeat("[", 63)) == "KW6001");
    CHECK(errors_of(repeat("]", 100'000)) == "KW6001");
    CHECK(errors_of(repeat("{", 100'000)) == "KW6001");
    CHECK(errors_of(repeat(",", 100'000)) == "KW6001");
    CHECK(errors_of("\"" + repeat("a", 1'000'000)) == "KW6001");
    CHECK(errors_of(repeat("\\", 1'000'000)) == "KW6001");
    CHECK(errors_of(repeat("1", 1'000'000)) == "KW6014");
    CHECK(errors_of("{\"usage\": " + repeat("9", 100'000) + "}") == "KW6014");
    CHECK(errors_of("{\"usage\": -" + repeat("9", 100'000) + "e" + repeat("9", 1'000) + "}") != "fine");
    for (const std::string text : {"", " ", "\n\n", "{", "}", "{}x", "nul", "tru", "'", "[1,]", "{\"a\":1,}", "{\"a\"}",
                                   "// c\n{}", "NaN", "{a:1}"}) {
        CAPTURE(text);
        CHECK(errors_of(text) != "fine");
    }
}

TEST_CASE("bytes that no JSON text may hold") {
    const std::string good = kGood;
    CHECK(errors_of(std::string{"\0", 1} + good) == "KW6005");
    CHECK(errors_of(good + std::string{"\0", 1}) == "KW6005");
    CHECK(errors_of("\xEF\xBB\xBF" + good) == "KW6004");
    CHECK(errors_of("\xFF\xFE" + good) == "KW6006");
    CHECK(errors_of(with_member("\"app\": \"\xC0\xAF\"")) == "KW6006");
    CHECK(errors_of(with_member("\"app\": \"\xED\xA0\x80\"")) == "KW6006");
    CHECK(errors_of(with_member("\"app\": \"\xF4\x90\x80\x80\"")) == "KW6006");
    CHECK(errors_of(with_member(R"("app": "\ud800")")) == "KW6007");
    CHECK(errors_of(with_member(R"("app": "\udc00\ud800")")) == "KW6007");
    CHECK(errors_of(with_member(R"("\ud800": 1)")) == "KW6007");
    CHECK(errors_of(with_member(R"("app": "\u0000")")) == "fine");
    CHECK(errors_of(good + " x") == "KW6008");
    CHECK(errors_of(good + good) == "KW6008");
    CHECK(errors_of(R"({"usage": "third_party", "usage": "third_party"})") == "KW6002");
    CHECK(errors_of(R"({"usage": "third_party", "us\u0061ge": "third_party"})") == "KW6002");
}

TEST_CASE("large texts against small limits") {
    Limits limits;
    limits.record_bytes = 10'000;
    const std::string large = with_member("\"app\": \"" + repeat("a", 10'000'000) + "\"");
    CHECK(errors_of(large, limits) == "KW6009");
    CHECK(errors_of(large, limits, CheckOptions::Form::kLines) == "KW6009");
    CHECK(errors_of("[" + large + "]", limits) == "KW6009");
    limits.document_bytes = 1'000;
    CHECK(errors_of(large, limits) == "KW6009");
    CHECK(errors_of(large, limits, CheckOptions::Form::kLines) == "KW6009");
    CHECK(errors_of(with_member("\"app\": \"" + repeat("a", 1'000'000) + "\"")) == "fine");
    CHECK(errors_of(with_member("\"name\": \"" + repeat("\\u001b", 100'000) + "\"")) == "fine");
}

TEST_CASE("many members, elements and records") {
    std::string members, elements, names;
    for (int i = 0; i < 10'000; ++i) members += ", \"m" + std::to_string(i) + "\": 1";
    for (int i = 0; i < 1'000'000; ++i) elements += (i == 0 ? "" : ",") + std::string{"\"1.1.1.1\""};
    for (int i = 0; i < 100'000; ++i) names += (i == 0 ? "" : ",") + std::string{"\"p"} + std::to_string(i) + "\"";
    CHECK(errors_of("{\"usage\": \"third_party\"" + members + "}").starts_with("KW6011 KW6011"));
    Limits limits;
    limits.errors_per_record = 5;
    CHECK(errors_of("{\"usage\": \"third_party\"" + members + "}", limits) ==
          "KW6011 KW6011 KW6011 KW6011 KW6011 KW6034");
    limits.errors_per_record = 0;  // never makes a bad record look good
    CHECK(errors_of("{\"usage\": \"third_party\"" + members + "}", limits) == "KW6011 KW6034");
    Limits wide;
    wide.record_bytes = std::size_t{1} << 26;
    CHECK(errors_of(with_member("\"ip_allowlist\": [" + elements + "]"), wide) == "KW6018");
    CHECK(errors_of(with_member("\"ip_allowlist\": [" + elements + "]")) == "KW6009");
    CHECK(errors_of(with_member("\"permissions\": [" + names + "]"), wide) == "KW6018");
    wide.set_elements = 10'000'000;
    elements.resize(elements.size() / 100 * 10 - 1);  // a tenth of them
    CHECK(errors_of(with_member("\"permissions\": [" + names + "]"), wide).starts_with("KW6016 KW6016"));
    CHECK(errors_of(with_member("\"ip_allowlist\": [" + elements + "]"), wide).starts_with("KW6017 KW6017"));
    CHECK(errors_of(with_member("\"$unknown\": [" + names + "]"), wide).starts_with("KW6025 KW6025"));
    // Native text that is split.
    const std::string commas = R"({"code": "200000", "data": {"apiKey": "k", "remark": "r", "permission": "General)" +
                               repeat(",x", 100'000) + "\"}}";
    CHECK(errors_of(commas, wide, CheckOptions::Form::kAuto, "get_api_key").starts_with("KW6016"));
    CHECK(errors_of(commas, {}, CheckOptions::Form::kAuto, "get_api_key").starts_with("KW6018"));
    // Many records: each is answered for itself.
    std::size_t records = 0;
    test::kucoin().check("[" + repeat("{},", 50'000) + "7]", {kNow, {}, {}, CheckOptions::Form::kAuto, {}},
                         [&](RecordReport&& r) {
                             CHECK(r.index == records);
                             ++records;
                             if (records == 50'001) CHECK(r.verdict == Verdict::kInvalid);
                         });
    CHECK(records == 50'001);
    records = 0;
    test::kucoin().check(repeat("{}\n7\n\n", 20'000), {kNow, {}, {}, CheckOptions::Form::kLines, {}},
                         [&](RecordReport&&) { ++records; });
    CHECK(records == 40'000);
}

TEST_CASE("an adapter that the pack doesn't have") {
    for (const std::string name : {"no", "request ", "\x1B[31m", "\xFF", "get_api_ky"}) {
        CheckOptions options;
        options.now = kNow;
        options.adapter = name;
        const Report report = test::kucoin().check(kGood, options);
        REQUIRE(report.results.size() == 1);
        CHECK(report.results[0].verdict == Verdict::kInvalid);
        CHECK(report.results[0].errors.at(0).code == "KW6030");
        CHECK(report.results[0].errors.at(0).message.find_first_of("\x1B\xFF") == std::string::npos);
    }
}

// --- rule files ------------------------------------------------------------------------------------------------------

namespace {

// d0 = a, d1 = d0 and d0, …: a tree of 2^n leaves, a graph of 3 n nodes.
std::string doubling(std::size_t count, const std::string& first, const std::string& step) {
    std::string out = "define d0 = " + first + "\n";
    for (std::size_t i = 1; i < count; ++i) {
        std::string body = step;
        const std::string name = "d" + std::to_string(i - 1);
        for (std::size_t at = body.find('@'); at != std::string::npos; at = body.find('@', at + name.size()))
            body.replace(at, 1, name);
        out += "define d" + std::to_string(i) + " = " + body + "\n";
    }
    return out;
}

CompileOptions deep_options() {
    CompileOptions options;
    options.limits.expression_depth = 10'000;
    return options;
}

}  // namespace

TEST_CASE("samples and tests have no more fields in all than the limit says") {
    const std::string text = test::pack_text("a: bool = false\nb: bool = false\nc: bool = false",
                                             "rule r { require a }\nsample s = key {}\n"
                                             "test \"t\" { given s at 2026-01-01T00:00:00Z expect r }\n"
                                             "test \"u\" { given s at 2026-01-01T00:00:00Z expect r }\n"
                                             "test \"v\" { given s at 2026-01-01T00:00:00Z expect r }\n");
    // Each sample and test counts for its fields and itself.
    constexpr std::size_t kNeeded = 4 * (3 + 1);
    CompileOptions options;
    options.limits.sample_fields = kNeeded;
    CHECK(compile_text(text, "pack.kw", options).rules.has_value());
    for (const std::size_t limit : {kNeeded - 1, std::size_t{5}, std::size_t{1}, std::size_t{0}}) {
        CAPTURE(limit);
        options.limits.sample_fields = limit;
        const Compiled compiled = compile_text(text, "pack.kw", options);
        CHECK_FALSE(compiled.rules.has_value());
        REQUIRE(compiled.diagnostics.size() == 1);  // what hangs on it isn't reported as well
        CHECK(compiled.diagnostics[0].code == "KW3016");
        CHECK(compiled.diagnostics[0].message ==
              "the samples and tests have more than " + std::to_string(limit) + " fields in all");
        CHECK(compiled.diagnostics[0].help.find("`sample_fields`") != std::string::npos);
    }
}

TEST_CASE("defines that double cost what they are written, not what they mean") {
    struct Case {
        const char *first, *step, *rule;
    };
    for (const Case& c : {Case{"a", "@ and @", "require d999"}, Case{"a", "@ or not @", "require d999"},
                          Case{"a", "@ implies @", "when d999 require b"}, Case{"a", "@ == @", "unless d999 require b"},
                          Case{"u", "match @ { p: @, q: @ }", "require d999 == p message \"{d999}\""},
                          Case{"a", "@ and any s in tags: @ and s == \"x\"", "require d999"},
                          Case{"a", "any s in tags: (s == \"x\" or @) and @", "require d999"}}) {
        CAPTURE(c.step);
        const std::string text = pack_text("a: bool\nb: bool\nu: one of { p, q }\nt: instant?\ntags: set of text",
                                           doubling(1000, c.first, c.step) + "rule r { " + c.rule + " }");
        const Compiled compiled = compile_text(text, "rules.kw", deep_options());
        INFO(test::describe(compiled.diagnostics));
        REQUIRE(compiled.rules.has_value());
        CHECK(compiled.rules->dump().size() < 2'000'000);
        for (const std::string json :
             {R"({"a": true, "b": false, "u": "p", "t": null, "tags": ["x", "y"]})",
              R"({"a": false, "b": false, "u": "q", "t": null, "tags": []})", R"({"tags": ["x"]})", R"({})"}) {
            const Report report = compiled.rules->check(json, {kNow, {}, {}, CheckOptions::Form::kAuto, {}});
            REQUIRE(report.results.size() == 1);
            CHECK(report.results[0].errors.empty());
        }
        // The slow evaluator, too, comes to an end, and to the same.
        const auto checked = test::check_text(text, deep_options().limits);
        const eval::Program program{checked->module};
        value::Record record;
        record.reset(checked->module.schema.fields.size());
        for (int i = 0; i < 8; ++i) {
            i % 2 == 0 ? record.set_unknown(0) : record.set_bool(0, i % 4 == 1);
            record.set_bool(1, i > 4);
            i > 5 ? record.set_unknown(2) : record.set_enum(2, static_cast<std::uint32_t>(i % 2));
            record.set_absent(3);
            const std::vector<std::string_view> tags{"x", "y"};
            record.set_text_set(4, tags);
            auto scratch = program.make_scratch();
            std::vector<eval::RuleDecision> fast(1);
            program.decide(record, kNow, scratch, fast);
            CHECK(fast == eval::decide_reference(checked->module, record, kNow).rules);
        }
    }
}

TEST_CASE("a limit above its ceiling counts as the ceiling") {
    CompileOptions options;
    options.limits.expression_depth = 1'000'000;
    options.limits.rule_depth = 1'000'000;
    const auto nested = [](std::size_t n) {
        return pack_text("a: bool", doubling(n, "a", "not @") + "rule r { require d" + std::to_string(n - 1) + " }");
    };
    const Compiled fits = compile_text(nested(2'000), "rules.kw", options);
    REQUIRE(fits.rules.has_value());
    CHECK(fits.rules->check(R"({"a": true})", {kNow, {}, {}, CheckOptions::Form::kAuto, {}}).results.size() == 1);
    CHECK(fits.rules->dump().size() > 2'000);
    const Compiled deep = compile_text(nested(5'000), "rules.kw", options);
    REQUIRE(codes(deep.diagnostics) == "KW3016");
    CHECK(deep.diagnostics[0].message.find("4096") != std::string::npos);
}

TEST_CASE("defines nested deeper than the limit are one clean diagnostic each rule that shows it") {
    const std::string fields = "a: bool";
    const Compiled deep = compile_text(pack_text(fields, doubling(2'000, "a", "not @") + "rule r { require d1999 }"));
    REQUIRE(codes(deep.diagnostics) == "KW3016");
    CHECK(deep.diagnostics[0].help.find("expression_depth") != std::string::npos);
    CHECK_FALSE(deep.rules.has_value());
    CHECK(codes(compile_text(pack_text(fields, doubling(250, "a", "not @") + "rule r { require d249 }")).diagnostics) ==
          "fine");
    // Declared from the last to the first, each waits for the next.
    std::string backwards;
    for (int i = 5'000; i > 0; --i)
        backwards += "define d" + std::to_string(i) + " = not d" + std::to_string(i - 1) + "\n";
    backwards += "define d0 = a\nrule r { require d5000 }";
    CHECK(codes(compile_text(pack_text(fields, backwards)).diagnostics).find("KW3016") != std::string::npos);
    std::string samples = "sample s0 = key {}\n";
    for (int i = 1; i < 3'000; ++i) samples += "sample s" + std::to_string(i) + " = s" + std::to_string(i - 1) + "\n";
    CHECK(codes(compile_text(pack_text(fields, samples)).diagnostics) == "fine");
    std::string later;
    for (int i = 3'000; i > 0; --i) later += "sample s" + std::to_string(i) + " = s" + std::to_string(i - 1) + "\n";
    later += "sample s0 = key {}";
    CHECK(codes(compile_text(pack_text(fields, later)).diagnostics).find("KW3016") != std::string::npos);
    CHECK(
        codes(compile_text(pack_text(fields, "rule r { require a" + repeat(" implies a", 2'000) + " }")).diagnostics) ==
        "KW3016");
    CHECK(codes(compile_text(pack_text("n: int 0..9", "rule r { require n" + repeat(" + n - n", 1'000) + " > 3 }"))
                    .diagnostics) == "KW3016");
}

TEST_CASE("chains of comparisons inside chains don't double") {
    const auto chain = [](std::size_t depth, const std::string& inner) {
        std::string out = inner;
        for (std::size_t i = 0; i < depth; ++i) out = "a == (" + out + ") == b";
        return "rule r { require " + out + " }";
    };
    CHECK(codes(compile_text(pack_text("a: bool\nb: bool", chain(60, "a"))).diagnostics) == "KW3001");
    CHECK(codes(compile_text(pack_text("a: bool\nb: bool", chain(60, "zzz"))).diagnostics) == "KW2001");
}

TEST_CASE("large rule files are compiled or refused") {
    const auto many = [](std::size_t n, const std::function<std::string(std::string)>& one) {
        std::string out;
        for (std::size_t i = 0; i < n; ++i) out += one(std::to_string(i));
        return out;
    };
    const std::string fields = "a: bool\nips: set of network\ntags: set of text\nn: int";
    const auto compiled = [&](const std::string& schema, const std::string& items) {
        return codes(compile_text(pack_text(schema, items)).diagnostics);
    };
    // Long lists of one thing.
    CHECK(compiled(fields, "rule r { require tags has any of {\"0\"" +
                               many(50'000, [](auto i) { return ",\"x" + i + "\""; }) + "} }") == "fine");
    CHECK(compiled(fields, "rule r { require n in {-1" + many(50'000, [](auto i) { return "," + i; }) + "} }") ==
          "fine");
    CHECK(compiled(fields, "rule r { require ips overlaps {::1" + many(50'000, [](auto i) {
                               return ",10." + std::to_string(std::stoi(i) / 256 % 256) + "." +
                                      std::to_string(std::stoi(i) % 256) + "." + std::to_string(std::stoi(i) / 65536);
                           }) + "} }") == "fine");
    CHECK(compiled("a: one of { x" + many(100'000, [](auto i) { return ",x" + i; }) + " }",
                   "rule r { require a == x }") == "KW3012");
    CHECK(compiled("a: bool\n" + many(10'000, [](auto i) { return "f" + i + ":one of{x" + i + "}\n"; }),
                   "rule r { require a }") == "fine");
    CHECK(compiled(fields, many(5'000, [](auto i) { return "param p" + i + "=" + i + "\n"; }) + "rule r { require a }")
              .ends_with("KW1014"));
    CHECK(compiled("a: bool\n" + many(10'000, [](auto i) { return "f" + i + ":bool?\n"; }),
                   "rule r { require a" + many(10'000, [](auto i) { return " and f" + i + " is present"; }) + " }") ==
          "fine");
    CHECK(compiled("a: bool\n" + many(10'000, [](auto i) { return "f" + i + ":bool?\n"; }),
                   "rule r { require a" + many(10'000, [](auto i) { return " or f" + i + " is absent"; }) + " }") ==
          "fine");
    // Many small things of which each means something to each of many others.
    const std::string wide = "a: bool\n" + many(5'000, [](auto i) { return "f" + i + ":bool?=absent\n"; });
    CHECK(compiled(wide, "define d = a" + many(5'000, [](auto i) { return " or f" + i + " is present"; }) + "\n" +
                             many(10'000, [](auto i) { return "rule r" + i + "{require d}\n"; })) == "fine");
    CHECK(compiled(wide, many(10'000, [](auto i) { return "sample s" + i + "=key{}\n"; }) + "rule r { require a }") ==
          "KW3016");
    CHECK(compiled(wide, "rule r { when a" + many(5'000, [](auto i) { return " and f" + i + " is present"; }) +
                             " require a" + many(20'000, [](auto) { return " or (a and a)"; }) + " }") == "fine");
    // Many mistakes.
    CHECK(compiled("a: bool\n" + many(5'000, [](auto i) { return "f" + i + ":bool\n"; }),
                   many(10'000, [](auto i) { return "rule r" + i + "{require g" + i + "}\n"; }))
              .ends_with("KW1014"));
    CHECK(compiled(fields, many(20'000, [](auto) { return "rule r{require a}\n"; })).ends_with("KW1014"));
    CHECK(compiled(fields, "rule r { require a" + many(50'000, [](auto) { return " and n"; }) + " }")
              .ends_with("KW1014"));
    CHECK(compiled(fields, "adapter x {" + many(20'000, [](auto i) { return " ignore \"/" + i + "\""; }) +
                               "}\nrule r { require a }") == "fine");
    CHECK(compiled("u: one of { x }", "adapter x { u from \"/u\" map { \"\" -> x" + many(30'000, [](auto i) {
                                          return ",\"" + i + "\"->x";
                                      }) + "} }\nrule r { require u == x }") == "fine");
}

TEST_CASE("a rule file of exactly the limit is read, one byte more isn't") {
    std::string text = pack_text("a: bool", "rule r { require a }");
    CompileOptions options;
    options.limits.rule_file_bytes = text.size();
    CHECK(compile_text(text, "rules.kw", options).rules.has_value());
    text += " ";
    CHECK(codes(compile_text(text, "rules.kw", options).diagnostics) == "KW1006");
    options.limits.diagnostics = 0;
    CHECK_FALSE(compile_text(text, "rules.kw", options).rules.has_value());
}
