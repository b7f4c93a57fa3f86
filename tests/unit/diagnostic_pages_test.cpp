// docs/diagnostics.md against the library: every code has a page, and each example does what its page says.
//
// A page has one example with the problem (```kw-bad, ```json-bad), what is said about it (```says) and the example
// mended
// (```kw-good, ```json-good). Several blocks with `file=NAME` are the files of one pack, the first its entry;
// `set=NAME=VALUE` sets a parameter; `adapter=NAME` reads through an adapter; the name of a limit lowers it.
// `key=LINE` requires a signature by that key, `at_least=VERSION` a version that is new enough.
// `waivers=yes` says that one is given as a file of waivers; `set=NAME=VALUE` sets a parameter; `adapter=NAME` reads
// through an adapter; the name of a limit lowers it.
//
// KEYWRIGHT_UPDATE=1 writes the `says` blocks anew, as after a message has changed. Look at the difference before you
// keep it.
#include "diag/diag.h"
#include "keywright/keywright.h"

#include "support/compiling.h"
#include "support/markdown.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace keywright;
using test::Fence;

namespace {

constexpr const char* kPath = "docs/diagnostics.md";
constexpr Instant kNow{1'769'904'000, 0};  // 2026-02-01T00:00:00Z

// Codes whose examples can't stand in a page of text: bytes that are not UTF-8, or characters that nobody sees.
struct Bytes {
    std::string bad, good;
};
const std::map<std::string, Bytes>& byte_examples() {
    static const std::string frame = "edition 1\n\npack example {}\n\nschema key {\n    trade: bool\n}\n";
    static const std::string record = R"({ "name": "bot", "created_at": "2026-01-01T00:00:00Z" })";
    static const std::map<std::string, Bytes> out{
        {"KW1004", {frame + "// caf\xe9\n", frame + "// caf\xc3\xa9\n"}},
        {"KW1005", {frame + "// \xe2\x80\xae turned round\n", frame + "// turned round\n"}},
        {"KW6004", {"\xef\xbb\xbf" + record, record}},
        {"KW6005", {record + std::string(1, '\0'), record}},
        {"KW6006",
         {R"({ "name": "caf)"
          "\xe9"
          R"(", "created_at": "2026-01-01T00:00:00Z" })",
          record}},
    };
    return out;
}

// Codes that are about no place that could be underlined.
bool has_no_place(const std::string& code) {
    return code == "KW1006" ||       // nothing of the file is read
           code == "KW1014" ||       // about the whole run
           code.starts_with("KW8");  // about a pack and the files beside it
}

bool is_about_records(std::string_view code) { return code.starts_with("KW6"); }
// Found by an audit of a pack that compiles. An example has the finding of its page; what else could be said of so
// small a pack (that a rule has no test, and the like) would only be in the way there.
bool is_finding(std::string_view code) { return code.starts_with("KW7"); }

bool lower(Limits& limits, const std::string& name, const std::string& text) {
    const std::map<std::string, std::size_t Limits::*> members{
        {"rule_file_bytes", &Limits::rule_file_bytes}, {"rule_files", &Limits::rule_files},
        {"rule_depth", &Limits::rule_depth},           {"expression_depth", &Limits::expression_depth},
        {"sample_fields", &Limits::sample_fields},     {"test_cases", &Limits::test_cases},
        {"diagnostics", &Limits::diagnostics},         {"record_bytes", &Limits::record_bytes},
        {"document_bytes", &Limits::document_bytes},   {"json_depth", &Limits::json_depth},
        {"set_elements", &Limits::set_elements},       {"errors_per_record", &Limits::errors_per_record},
    };
    const auto found = members.find(name);
    if (found == members.end()) return false;
    limits.*found->second = static_cast<std::size_t>(std::stoul(text));
    return true;
}

using test::Files;

std::vector<Fence> of_kind(const std::vector<Fence>& all, std::string_view kind) {
    std::vector<Fence> out;
    std::copy_if(all.begin(), all.end(), std::back_inserter(out), [&](const Fence& f) { return f.kind == kind; });
    return out;
}

Compiled compile_example(const std::vector<Fence>& parts) {
    Files files;
    CompileOptions options;
    std::optional<SignatureOptions> signature;
    std::string at_least;
    for (const Fence& part : parts) {
        files.texts.emplace(part.option("file", "rules.kw"), part.text);
        for (const auto& [name, value] : part.options) {
            if (name == "file") continue;
            if (name == "at_least") {
                at_least = value;
                continue;
            }
            if (name == "key") {
                const auto key = read_verifying_key(value);
                REQUIRE(key.key.has_value());
                signature.emplace();
                signature->key = *key.key;
                continue;
            }
            if (name == "waivers") {
                options.waivers.push_back(part.option("file"));
                continue;
            }
            if (name == "set") {
                const std::size_t equal = value.find('=');
                options.params.emplace(value.substr(0, equal), value.substr(equal + 1));
                continue;
            }
            CAPTURE(name);
            CHECK_MESSAGE(lower(options.limits, name, value), "no such option of an example");
        }
    }
    Compiled out = compile(files, parts.front().option("file", "rules.kw"), options);
    if (signature) {
        signature->at_least = at_least;
        for (const Diagnostic& d : check_signature(files, out, *signature).diagnostics) {
            out.diagnostics.push_back(d);
            out.rules.reset();
        }
    }
    return out;
}

const Rules& record_rules() {
    static const Rules out = [] {
        const auto all = of_kind(test::fences(test::project_file(kPath)), "kw-schema");
        REQUIRE(all.size() == 1);
        const Compiled compiled = compile_text(all.front().text);
        for (const Diagnostic& d : compiled.diagnostics) FAIL_CHECK(std::string{d.code + " " + d.message});
        REQUIRE(compiled.rules.has_value());
        return *compiled.rules;
    }();
    return out;
}

std::vector<RecordError> errors_of(const Fence& example) {
    CheckOptions options;
    options.now = kNow;
    for (const auto& [name, value] : example.options) {
        if (name == "adapter") {
            options.adapter = value;
            continue;
        }
        CAPTURE(name);
        CHECK_MESSAGE(lower(options.limits, name, value), "no such option of an example");
    }
    std::vector<RecordError> out;
    for (const RecordReport& one : record_rules().check(example.text, options).results) {
        out.insert(out.end(), one.errors.begin(), one.errors.end());
        CHECK((one.verdict == Verdict::kInvalid) == !one.errors.empty());
    }
    return out;
}

std::string said(const std::string& code, std::string_view severity, const std::string& at, const std::string& message,
                 const std::string& help) {
    std::string out{severity};
    out += "[" + code + "]" + (at.empty() ? "" : " at " + at) + ": " + message + "\n";
    if (!help.empty()) out += "help: " + help + "\n";
    return out;
}

// What is said about an example: by the compiler, or by the audit.
std::vector<Diagnostic> diagnostics_of(const std::string& code, const Compiled& compiled) {
    if (!is_finding(code) || !compiled.rules) return compiled.diagnostics;
    std::vector<Diagnostic> out;
    for (LintFinding& finding : lint_rules(compiled, {.now = kNow}).findings) {
        CHECK(finding.fingerprint.size() == 32);
        if (finding.counts() && is_finding(finding.diagnostic.code)) out.push_back(std::move(finding.diagnostic));
    }
    return out;
}

// What the first diagnostic or problem with this code says; empty where there is none.
std::string said_about(const std::string& code, const std::vector<Fence>& bad) {
    if (bad.empty()) return {};
    if (is_about_records(code)) {
        for (const RecordError& e : errors_of(bad.front())) {
            if (e.code == code) return said(code, "error", e.at, e.message, e.help);
        }
        return {};
    }
    for (const Diagnostic& d : diagnostics_of(code, compile_example(bad))) {
        if (d.code == code) return said(code, to_string(d.severity), {}, d.message, d.help);
    }
    return {};
}

std::vector<Fence> bad_parts(const std::string& code, const std::vector<Fence>& all) {
    return of_kind(all, is_about_records(code) ? "json-bad" : "kw-bad");
}
std::vector<Fence> good_parts(const std::string& code, const std::vector<Fence>& all) {
    return of_kind(all, is_about_records(code) ? "json-good" : "kw-good");
}

void check_labels(const std::string& code, const std::vector<Diagnostic>& diagnostics) {
    for (const Diagnostic& d : diagnostics) {
        if (d.code != code || has_no_place(code)) continue;
        REQUIRE_FALSE(d.labels.empty());
        CHECK(d.labels.front().range.begin < d.labels.front().range.end);
        CHECK_FALSE(d.labels.front().range.file.empty());
    }
}

// What the bytes of a rule file or of a record bring about, by code.
std::set<std::string> codes_of_bytes(const std::string& code, const std::string& bytes) {
    std::set<std::string> out;
    if (is_about_records(code)) {
        CheckOptions options;
        options.now = kNow;
        for (const RecordReport& one : record_rules().check(bytes, options).results) {
            for (const RecordError& e : one.errors) out.insert(e.code);
        }
        return out;
    }
    const Compiled compiled = compile_text(bytes);
    check_labels(code, compiled.diagnostics);
    for (const Diagnostic& d : compiled.diagnostics) out.insert(d.code);
    return out;
}

}  // namespace

TEST_CASE("the page of the diagnostics has a section for each code, in order, and no other") {
    const std::string page = test::project_file(kPath);
    REQUIRE(test::is_closed(page));
    std::vector<std::string> found;
    std::size_t others = 0;
    for (const test::Section& section : test::sections(page)) {
        if (section.title.starts_with("KW")) {
            CHECK(section.level == 2);
            found.push_back(section.title);
        } else {
            CAPTURE(section.title);
            CHECK((section.title == "Diagnostics" || section.title == "Records"));
            ++others;
        }
    }
    std::vector<std::string> wanted;
    for (const diag::CodeInfo& info : diag::all_codes()) {
        wanted.push_back(std::string{info.code} + " " + std::string{info.title});
    }
    CHECK(found == wanted);
    CHECK(std::is_sorted(wanted.begin(), wanted.end()));
    CHECK(wanted.size() > 90);
    CHECK(others == 2);
}

TEST_CASE("each page is found by its code, and says something in words") {
    for (const std::string& code : diagnostic_codes()) {
        CAPTURE(code);
        const auto page = explain(code);
        REQUIRE(page.has_value());
        CHECK(page->starts_with("# " + code + " "));
        CHECK(page->find("\n## ") == std::string::npos);
        const std::string words = page->substr(0, page->find("```"));
        CHECK(std::count(words.begin(), words.end(), ' ') > 15);
    }
    CHECK_FALSE(explain("KW9999").has_value());
    CHECK_FALSE(explain("KW200").has_value());
    CHECK_FALSE(explain("Records").has_value());
    CHECK_FALSE(explain("").has_value());
}

TEST_CASE("each bad example has the problem of its page, and the page quotes what is said about it") {
    for (const std::string& code : diagnostic_codes()) {
        CAPTURE(code);
        const auto all = test::fences(explain(code).value_or(""));
        const auto bad = bad_parts(code, all);
        CHECK(bad.empty() == byte_examples().contains(code));  // an example is here or there, in one place
        if (bad.empty()) continue;
        const auto says = of_kind(all, "says");
        REQUIRE(says.size() == 1);
        const std::string actual = said_about(code, bad);
        CHECK_FALSE(actual.empty());
        CHECK(says.front().text == actual);
    }
}

TEST_CASE("each bad example has only the problem of its page, and points at it") {
    // The limit that is reached needs other diagnostics to reach it.
    const std::set<std::string> about_others{"KW1014", "KW6034"};
    for (const std::string& code : diagnostic_codes()) {
        CAPTURE(code);
        const auto bad = bad_parts(code, test::fences(explain(code).value_or("")));
        if (bad.empty()) continue;
        std::set<std::string> codes;
        if (is_about_records(code)) {
            for (const RecordError& e : errors_of(bad.front())) codes.insert(e.code);
        } else {
            const Compiled compiled = compile_example(bad);
            CHECK(compiled.unreadable.empty());
            check_labels(code, compiled.diagnostics);
            for (const Diagnostic& d : compiled.diagnostics) {
                codes.insert(d.code);
                if (d.severity == Severity::kError) CHECK_FALSE(compiled.rules.has_value());
            }
            if (is_finding(code)) {
                CHECK(codes.empty());
                const std::vector<Diagnostic> findings = diagnostics_of(code, compiled);
                check_labels(code, findings);
                for (const Diagnostic& d : findings) codes.insert(d.code);
                CHECK(codes.contains(code));
                continue;
            }
        }
        CHECK(codes.contains(code));
        if (!about_others.contains(code)) CHECK(codes.size() == 1);
    }
}

TEST_CASE("each good example is free of problems") {
    for (const std::string& code : diagnostic_codes()) {
        CAPTURE(code);
        const auto all = test::fences(explain(code).value_or(""));
        const auto good = good_parts(code, all);
        CHECK(good.empty() == byte_examples().contains(code));
        if (good.empty()) continue;
        if (is_about_records(code)) {
            for (const RecordError& e : errors_of(good.front())) FAIL_CHECK(std::string{e.code + " " + e.message});
            continue;
        }
        const Compiled compiled = compile_example(good);
        for (const Diagnostic& d : compiled.diagnostics) FAIL_CHECK(std::string{d.code + " " + d.message});
        REQUIRE(compiled.rules.has_value());
        if (is_finding(code)) {
            for (const Diagnostic& d : diagnostics_of(code, compiled)) CHECK_MESSAGE(d.code != code, d.message);
        }
        for (const TestResult& result : compiled.rules->run_tests()) {
            CAPTURE(result.name);
            CHECK(result.passed);
        }
    }
}

TEST_CASE("the examples that can't stand in a page have the problem of their page, and only that") {
    for (const auto& [code, example] : byte_examples()) {
        CAPTURE(code);
        CHECK(explain(code).has_value());
        CHECK(codes_of_bytes(code, example.bad) == std::set<std::string>{code});
        CHECK(codes_of_bytes(code, example.good).empty());
    }
}

TEST_CASE("an example with a problem is refused as a whole, one with a warning is not") {
    for (const std::string& code : diagnostic_codes()) {
        const auto bad = of_kind(test::fences(explain(code).value_or("")), "kw-bad");
        if (bad.empty()) continue;
        CAPTURE(code);
        const auto all = diag::all_codes();
        const auto info = std::find_if(all.begin(), all.end(), [&](const diag::CodeInfo& i) { return i.code == code; });
        REQUIRE(info != all.end());
        CHECK(compile_example(bad).rules.has_value() == (is_finding(code) || info->severity != Severity::kError));
    }
}

TEST_CASE("what the page quotes is what is said, at the place where it belongs") {
    const std::string page = test::project_file(kPath);
    REQUIRE(test::is_closed(page));
    std::string out;
    std::string section;        // the lines since the last heading, without `says`
    std::size_t after_bad = 0;  // where in `section` the last block with a problem ends
    bool in_bad = false, in_says = false;
    const auto flush = [&] {
        const std::string code = section.starts_with("## KW") ? section.substr(3, 6) : std::string{};
        const std::string text = said_about(code, bad_parts(code, test::fences(section)));
        if (!text.empty()) section.insert(after_bad, "\n```says\n" + text + "```\n");
        out += std::exchange(section, {});
        after_bad = 0;
    };
    bool inside = false;
    bool skip_blank = false;
    for (std::size_t at = 0; at < page.size();) {
        const std::size_t end = page.find('\n', at);
        const std::string line = page.substr(at, end - at) + "\n";
        at = end == std::string::npos ? page.size() : end + 1;
        if (!inside && line.starts_with("## ")) flush();
        if (line.starts_with("```")) {
            inside = !inside;
            if (inside) {
                in_says = line == "```says\n";
                in_bad = line.starts_with("```kw-bad") || line.starts_with("```json-bad");
                if (in_says) continue;
            } else if (in_says) {
                in_says = false;
                skip_blank = true;
                continue;
            } else if (in_bad) {
                section += line;
                after_bad = section.size();
                continue;
            }
        }
        if (in_says) continue;
        if (std::exchange(skip_blank, false) && line == "\n") continue;
        section += line;
    }
    flush();
    if (std::getenv("KEYWRIGHT_UPDATE") != nullptr) {
        std::ofstream{std::string{KEYWRIGHT_SOURCE_DIR} + "/" + kPath, std::ios::binary} << out;
    } else {
        CHECK(out == page);
    }
}
