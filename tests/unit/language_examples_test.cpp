// docs/language.md against the library: its examples compile, its tests pass, and its tables are what the evaluator
// says.
//
//     ```kw                      a complete file; with `pack=NAME file=PATH` one of the files of a pack, the first its
//     entry
//     ```kw-part                 items that stand in the file of ```kw-frame
//     ```kw-expr                 a condition on each line, behind `require` in a rule of that file
//     … refused=KW3002           does not compile, for this reason and no other
//     ```json of=NAME            records for the pack in ```kw name=NAME; `adapter=`, and `verdict=` of each
//
// Tables with the header `expression | value` and those that begin with `a` are evaluated line by line.
#include "keywright/keywright.h"
#include "syntax/parse.h"

#include "support/compiling.h"
#include "support/markdown.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace keywright;
using test::Fence;

namespace {

constexpr Instant kNow{1'769'904'000, 0};  // 2026-02-01T00:00:00Z

const std::string& page() {
    static const std::string out = test::project_file("docs/language.md");
    return out;
}

std::vector<Fence> of_kind(std::string_view kind) {
    std::vector<Fence> out;
    for (Fence& fence : test::fences(page())) {
        if (fence.kind == kind) out.push_back(std::move(fence));
    }
    return out;
}

const std::string& frame() {
    static const std::string out = [] {
        const auto all = of_kind("kw-frame");
        REQUIRE(all.size() == 1);
        return all.front().text;
    }();
    return out;
}

std::vector<std::string> conditions(const Fence& fence) {
    std::vector<std::string> out;
    std::istringstream lines{fence.text};
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && !line.starts_with("//")) out.push_back(line);
    }
    return out;
}

std::string rule_of(const std::string& condition, std::size_t number) {
    return "\nrule condition_" + std::to_string(number) + " {\n    require " + condition + "\n}\n";
}

// No diagnostics at all (an unused parameter in an example would be one), and every test passes.
void check_compiled(const Compiled& compiled) {
    for (const Diagnostic& d : compiled.diagnostics) {
        const std::size_t line = d.labels.empty() ? 0 : d.labels.front().range.line;
        FAIL_CHECK(std::string{d.code + " in line " + std::to_string(line) + " of the example: " + d.message});
    }
    REQUIRE(compiled.rules.has_value());
    for (const TestResult& result : compiled.rules->run_tests()) {
        CAPTURE(result.name);
        CHECK(result.passed);
        for (const auto& failure : result.failures) {
            FAIL_CHECK(std::string{"expected " + failure.expected + ", but " + failure.actual});
        }
    }
}

void check_refused(const std::string& text, const std::string& code) {
    const Compiled compiled = compile_text(text);
    std::set<std::string> codes;
    for (const Diagnostic& d : compiled.diagnostics) codes.insert(d.code);
    CHECK(codes == std::set<std::string>{code});
    CHECK_FALSE(compiled.rules.has_value());
}

// What each rule of a pack says of a record: true where it is not violated, `unknown` where it is undetermined.
std::map<std::string, std::string> truths(const Rules& rules, const std::string& record) {
    CheckOptions options;
    options.now = kNow;
    const Report report = rules.check(record, options);
    REQUIRE(report.results.size() == 1);
    for (const RecordError& e : report.results[0].errors) FAIL_CHECK(std::string{e.code + " " + e.message});
    std::map<std::string, std::string> out;
    for (const std::string& name : rules.rule_names()) out[name] = "true";
    for (const Violation& v : report.results[0].violations) out[v.rule] = "false";
    for (const Undetermined& u : report.results[0].undetermined) out[u.rule] = "unknown";
    return out;
}

// `"a": true` for a known value; an unknown one goes to the list of those.
void put(const std::string& field, const std::string& truth, std::string& members, std::string& unknown) {
    CHECK((truth == "true" || truth == "false" || truth == "unknown"));
    if (truth == "unknown") {
        unknown += (unknown.empty() ? "\"" : ", \"") + field + "\"";
    } else {
        members += "\"" + field + "\": " + truth + ", ";
    }
}

std::string record_of(const std::string& members, const std::string& unknown) {
    return "{ " + members + "\"$unknown\": [" + unknown + "] }";
}

const std::set<std::string>& truth_values() {
    static const std::set<std::string> out{"true", "unknown", "false"};
    return out;
}

}  // namespace

TEST_CASE("the page of the language has examples, of kinds that are run") {
    REQUIRE(test::is_closed(page()));
    const std::set<std::string> known{"kw", "kw-frame", "kw-part", "kw-expr", "reserved", "json"};
    const auto all = test::fences(page());
    CHECK(all.size() > 40);
    for (const Fence& fence : all) {
        CAPTURE(fence.line);
        CAPTURE(fence.kind);
        CHECK(known.contains(fence.kind));
        CHECK_FALSE(fence.text.empty());
    }
}

TEST_CASE("every form of expectation, and every form of test, stands in an example that is run") {
    std::string examples;
    for (const char* kind : {"kw", "kw-part"}) {
        for (const Fence& fence : of_kind(kind)) examples += fence.text;
    }
    const auto stands = [&](const std::string& pattern) { return std::regex_search(examples, std::regex{pattern}); };
    // A cell such as "`verdict V`, `verdict V or W`": words in capitals and single letters stand for something.
    const std::vector<std::pair<std::regex, std::string>> stand_for{{std::regex{R"([{}])"}, R"(\$&)"},
                                                                    {std::regex{" f: value, … "}, ".*"},
                                                                    {std::regex{R"(\b(R|Q|V|W|f|g)\b)"}, R"(\w+)"},
                                                                    {std::regex{"LABEL"}, R"((\w+|"[^"]*"))"},
                                                                    {std::regex{"INSTANT"}, R"(\d{4}-\S*)"},
                                                                    {std::regex{"CODE"}, R"(KW\d+)"},
                                                                    {std::regex{"/pointer"}, R"(/[^"]*)"}};
    std::size_t forms = 0;
    for (const test::Table& table : test::tables(page())) {
        if (table.header.empty() || table.header.front() != "expectation") continue;
        for (const std::vector<std::string>& row : table.rows) {
            static const std::regex quoted{"`([^`]+)`"};
            const std::string cell = "`" + row.front() + "`";
            for (auto at = std::sregex_iterator{cell.begin(), cell.end(), quoted}; at != std::sregex_iterator{}; ++at) {
                std::string pattern = at->str(1);
                for (const auto& [what, by] : stand_for) pattern = std::regex_replace(pattern, what, by);
                CAPTURE(at->str(1));
                CAPTURE(pattern);
                CHECK(stands("(expect|->|,)\\s+" + pattern));
                ++forms;
            }
        }
    }
    CHECK(forms >= 20);
    for (const std::string form :
         {"given \\w+ with \\{", "given key \\{", "sample \\w+ = \\w+ with", "\\n    table \\{", "for each \\w+ where",
          "for each \\w+ in ", "for each \\w+\n", "for any key where [^\n]* tries \\d+ seed \\d+", "given json ",
          "through \\w+", "\\| at +(\\||->)"}) {
        CAPTURE(form);
        CHECK(stands(form));
    }
}

TEST_CASE("every complete example compiles, and its tests pass") {
    std::size_t tests = 0;
    for (const Fence& fence : of_kind("kw")) {
        if (fence.options.contains("pack")) continue;
        CAPTURE(fence.line);
        const Compiled compiled = compile_text(fence.text);
        check_compiled(compiled);
        tests += compiled.rules->run_tests().size();
    }
    CHECK(tests > 20);
}

TEST_CASE("examples of several files compile together") {
    std::map<std::string, std::vector<Fence>> packs;
    for (const Fence& fence : of_kind("kw")) {
        if (fence.options.contains("pack")) packs[fence.option("pack")].push_back(fence);
    }
    CHECK(packs.contains("overlay"));
    for (const auto& [name, files] : packs) {
        CAPTURE(name);
        class Several final : public FileSource {
        public:
            std::map<std::string, std::string> texts;
            [[nodiscard]] Result read(const std::string& path, std::size_t) const override {
                const auto found = texts.find(path);
                return found == texts.end() ? Result{std::nullopt, "no such file"} : Result{found->second, {}};
            }
        } source;
        for (const Fence& fence : files) source.texts.emplace(fence.option("file"), fence.text);
        check_compiled(compile(source, files.front().option("file")));
    }
}

TEST_CASE("the overlay of the example sets the parameter, and its caller sets it after that") {
    const auto in_force = [](std::map<std::string, std::string> params, const std::string& rest) {
        std::map<std::string, std::string> texts;
        for (const Fence& fence : of_kind("kw")) {
            if (fence.option("pack") == "overlay") texts.emplace(fence.option("file"), fence.text);
        }
        const test::Files files{{"desk.kw", texts["desk.kw"]}, {"exchange.kw", texts["exchange.kw"]}};
        CompileOptions options;
        options.params = std::move(params);
        const Compiled compiled = compile(files, "desk.kw", options);
        REQUIRE(compiled.rules.has_value());
        CHECK(compiled.rules->identity().pack == "our_desk");
        return truths(*compiled.rules, "{ \"withdraw\": false, \"rest\": \"" + rest + "\" }")["in_use"];
    };
    CHECK(in_force({}, "P14D") == "true");
    CHECK(in_force({}, "P15D") == "false");
    CHECK(in_force({{"longest_rest", "7 days"}}, "P8D") == "false");
}

TEST_CASE("every fragment compiles in the file that it stands in") {
    std::size_t refused = 0;
    for (const Fence& fence : of_kind("kw-part")) {
        CAPTURE(fence.line);
        const std::string text = frame() + "\n" + fence.text;
        if (fence.options.contains("refused")) {
            check_refused(text, fence.option("refused"));
            ++refused;
        } else {
            check_compiled(compile_text(text));
        }
    }
    for (const Fence& fence : of_kind("kw-expr")) {
        CAPTURE(fence.line);
        const auto lines = conditions(fence);
        CHECK_FALSE(lines.empty());
        std::string all = frame();
        for (std::size_t i = 0; i < lines.size(); ++i) {
            CAPTURE(lines[i]);
            if (fence.options.contains("refused")) {
                check_refused(frame() + rule_of(lines[i], i), fence.option("refused"));
                ++refused;
            }
            all += rule_of(lines[i], i);
        }
        if (!fence.options.contains("refused")) check_compiled(compile_text(all));
    }
    CHECK(refused > 10);
}

TEST_CASE("the records of the page get the verdicts that it says") {
    std::map<std::string, Rules> packs;
    for (const Fence& fence : of_kind("kw")) {
        if (!fence.options.contains("name")) continue;
        const Compiled compiled = compile_text(fence.text);
        REQUIRE(compiled.rules.has_value());
        packs.emplace(fence.option("name"), *compiled.rules);
    }
    std::set<std::string> seen;
    for (const Fence& fence : of_kind("json")) {
        CAPTURE(fence.line);
        REQUIRE(packs.contains(fence.option("of")));
        CheckOptions options;
        options.now = kNow;
        options.adapter = fence.option("adapter");
        const Report report = packs.at(fence.option("of")).check(fence.text, options);
        REQUIRE_FALSE(report.results.empty());
        for (const RecordReport& one : report.results) {
            CAPTURE(one.index);
            std::string errors;
            for (const RecordError& e : one.errors) errors += e.code + " " + e.at + " " + e.message + "\n";
            CAPTURE(errors);
            CHECK(to_string(one.verdict) == fence.option("verdict"));
        }
        seen.insert(fence.option("verdict"));
    }
    CHECK(seen.size() == 4);
}

TEST_CASE("the tables of expressions hold") {
    std::size_t rows = 0;
    for (const test::Table& table : test::tables(page())) {
        if (table.header != std::vector<std::string>{"expression", "value"}) continue;
        std::string text = frame();
        for (std::size_t i = 0; i < table.rows.size(); ++i) text += rule_of(table.rows[i].at(0), i);
        const Compiled compiled = compile_text(text);
        CAPTURE(table.line);
        check_compiled(compiled);
        auto actual = truths(*compiled.rules, "{}");
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            CAPTURE(table.rows[i].at(0));
            CHECK(table.rows[i].at(1) == actual["condition_" + std::to_string(i)]);
            ++rows;
        }
    }
    CHECK(rows > 35);
}

TEST_CASE("the truth tables are Kleene's, as the evaluator has them, and complete") {
    std::size_t seen = 0;
    for (const test::Table& table : test::tables(page())) {
        if (table.header.front() != "a") continue;
        const std::size_t inputs = table.header.size() > 1 && table.header[1] == "b" ? 2 : 1;
        std::string text = "edition 1\npack truth {}\nschema key { a: bool b: bool }\n";
        for (std::size_t c = inputs; c < table.header.size(); ++c) text += rule_of(table.header[c], c);
        const Compiled compiled = compile_text(text);
        check_compiled(compiled);
        std::set<std::vector<std::string>> combinations;
        for (const auto& row : table.rows) {
            REQUIRE(row.size() == table.header.size());
            std::string members, unknown;
            put("a", row[0], members, unknown);
            put("b", inputs == 2 ? row[1] : "true", members, unknown);
            auto actual = truths(*compiled.rules, record_of(members, unknown));
            for (std::size_t c = inputs; c < row.size(); ++c) {
                CAPTURE(table.header[c]);
                CAPTURE(row[0]);
                CAPTURE(row[1]);
                CHECK(row[c] == actual["condition_" + std::to_string(c)]);
                ++seen;
            }
            combinations.insert({row.begin(), row.begin() + static_cast<std::ptrdiff_t>(inputs)});
        }
        CHECK(combinations.size() == (inputs == 2 ? 9 : 3));
    }
    CHECK(seen == 3 + 27);
}

TEST_CASE("the table of quantifiers is what the evaluator says, for sets of up to two elements") {
    const Compiled compiled =
        compile_text("edition 1\npack truth {}\nschema key { a: bool b: bool s: set of { first, second } }\n" +
                     rule_of("any e in s: match e { first: a, second: b }", 1) +
                     rule_of("every e in s: match e { first: a, second: b }", 2) +
                     rule_of("no e in s: match e { first: a, second: b }", 3));
    check_compiled(compiled);
    std::set<std::string> seen;
    for (const test::Table& table : test::tables(page())) {
        if (table.header.size() != 4 || table.header[1] != "any") continue;
        CHECK(table.header == std::vector<std::string>{"`C` for the elements of `S`", "any", "every", "no"});
        for (const auto& row : table.rows) {
            CAPTURE(row[0]);
            const std::size_t comma = row[0].find(", ");
            const bool none = row[0] == "no element";
            const std::string first = none ? "true" : row[0].substr(0, comma);
            const std::string second = comma == std::string::npos ? "true" : row[0].substr(comma + 2);
            std::string members, unknown;
            put("a", first, members, unknown);
            put("b", second, members, unknown);
            members += none                         ? "\"s\": [], "
                       : comma == std::string::npos ? "\"s\": [\"first\"], "
                                                    : "\"s\": [\"first\", \"second\"], ";
            auto actual = truths(*compiled.rules, record_of(members, unknown));
            for (std::size_t c = 1; c < 4; ++c) {
                CAPTURE(table.header[c]);
                CHECK(row[c] == actual["condition_" + std::to_string(c)]);
            }
            seen.insert(row[0]);
        }
    }
    CHECK(seen.size() == 1 + 3 + 6);  // order doesn't matter, so three values make six pairs

    // An unknown set: what the page says below its table.
    for (const std::string& truth : truth_values()) {
        CAPTURE(truth);
        std::string members, unknown = "\"s\"";
        put("a", truth, members, unknown);
        put("b", truth, members, unknown);
        auto actual = truths(*compiled.rules, record_of(members, unknown));
        CHECK(actual["condition_1"] == (truth == "false" ? "false" : "unknown"));
        CHECK(actual["condition_2"] == (truth == "true" ? "true" : "unknown"));
        CHECK(actual["condition_3"] == (truth == "false" ? "true" : "unknown"));
    }
}

TEST_CASE("unknown values are independent of one another, as the page says") {
    const Compiled compiled =
        compile_text("edition 1\npack truth {}\nschema key { a: bool b: bool }\n" + rule_of("a or not a", 1) +
                     rule_of("a == a", 2) + rule_of("a == b", 3) + rule_of("a != b", 4));
    check_compiled(compiled);
    const auto actual = truths(*compiled.rules, R"({ "b": true, "$unknown": ["a"] })");
    for (const auto& [rule, truth] : actual) {
        CAPTURE(rule);
        CHECK(truth == "unknown");
    }
}

TEST_CASE("the page lists the reserved words, and a word that isn't one can be a name") {
    const auto all = of_kind("reserved");
    REQUIRE(all.size() == 1);
    std::set<std::string> listed;
    std::istringstream words{all.front().text};
    for (std::string word; words >> word;) CHECK(listed.insert(word).second);
    std::set<std::string> reserved;
    for (const std::string_view word : syntax::reserved_words()) reserved.emplace(word);
    CHECK(listed == reserved);
    for (const std::string& word : reserved) {
        CAPTURE(word);
        CHECK_FALSE(compile_text("edition 1\npack names {}\nschema key { " + word + ": bool }\n").rules.has_value());
    }
    CHECK(compile_text("edition 1\npack names {}\nschema key { title: bool, text: text, assume: bool }\n")
              .rules.has_value());
}

TEST_CASE("the page lists every limit with its default") {
    const Limits limits;
    const std::map<std::string, std::size_t> actual{
        {"rule_file_bytes", limits.rule_file_bytes}, {"rule_files", limits.rule_files},
        {"rule_depth", limits.rule_depth},           {"expression_depth", limits.expression_depth},
        {"sample_fields", limits.sample_fields},     {"test_cases", limits.test_cases},
        {"diagnostics", limits.diagnostics},         {"record_bytes", limits.record_bytes},
        {"document_bytes", limits.document_bytes},   {"json_depth", limits.json_depth},
        {"set_elements", limits.set_elements},       {"errors_per_record", limits.errors_per_record},
        {"source_bytes", limits.source_bytes},
    };
    // The header names each member once, so none can be forgotten here.
    const std::string header = test::project_file("include/keywright/limits.h");
    std::set<std::string> declared;
    constexpr std::string_view kMember = "\n    std::size_t ";
    for (std::size_t at = header.find(kMember); at != std::string::npos; at = header.find(kMember, at + 1)) {
        const std::size_t begin = at + kMember.size();
        const std::size_t end = header.find(" =", begin);
        if (header.find('\n', begin) > end) declared.insert(header.substr(begin, end - begin));
    }
    std::map<std::string, std::size_t> listed;
    for (const test::Table& table : test::tables(page())) {
        if (table.header.front() != "limit") continue;
        for (const auto& row : table.rows) {
            std::string digits = row.at(1);
            std::erase(digits, '_');
            listed.emplace(row.at(0), std::stoul(digits));
        }
    }
    CHECK(listed == actual);
    std::set<std::string> names;
    for (const auto& [name, value] : actual) names.insert(name);
    CHECK(declared == names);
}

TEST_CASE("the page lists the verdicts") {
    std::set<std::string> listed;
    for (const test::Table& table : test::tables(page())) {
        if (table.header.front() != "verdict") continue;
        for (const auto& row : table.rows) listed.insert(row.at(0));
    }
    std::set<std::string> actual;
    for (const Verdict v : {Verdict::kCompliant, Verdict::kViolation, Verdict::kUndetermined, Verdict::kInvalid}) {
        actual.emplace(to_string(v));
    }
    CHECK(listed == actual);
}

TEST_CASE("what a missing member means is what the page's table says") {
    std::size_t rows = 0;
    for (const test::Table& table : test::tables(page())) {
        if (table.header.front() != "declared as") continue;
        for (const auto& row : table.rows) {
            CAPTURE(row[0]);
            const bool optional = row[0].find('?') != std::string::npos;
            // `present` and `is none` tell the five outcomes apart.
            const std::string condition = optional ? "f is present and f == \"none\"" : "f == \"none\"";
            const std::string absence = optional ? "f is absent" : "f != f";
            const Compiled compiled = compile_text("edition 1\npack missing {}\nschema key { f: " + row[0] + " }\n" +
                                                   rule_of(condition, 1) + rule_of(absence, 2));
            check_compiled(compiled);
            auto actual = truths(*compiled.rules, "{}");
            if (row[1] == "unknown") {
                CHECK(actual["condition_1"] == "unknown");
            } else if (row[1] == "absent") {
                CHECK(actual["condition_2"] == "true");
            } else {
                CHECK(row[1] == "\"none\"");
                CHECK(actual["condition_1"] == "true");
            }
            CheckOptions options;
            options.now = kNow;
            const auto null = compiled.rules->check("{ \"f\": null }", options).results.at(0);
            CHECK((null.verdict == Verdict::kInvalid) == (row[2] == "refused"));
            ++rows;
        }
    }
    CHECK(rows == 5);
}
