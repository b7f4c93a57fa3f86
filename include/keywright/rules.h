// Rules: a compiled, immutable pack, and the questions one asks it.
//
//     auto compiled = keywright::compile_path("rules/kucoin_tr");
//     if (!compiled.rules) { for (const auto& d : compiled.diagnostics) …; return; }
//     keywright::Report report = compiled.rules->check(json_text, {.now = instant});
//
// A rule file with an error is refused whole: `rules` is then empty and the diagnostics say why. A `Rules` is cheap to
// copy (the copies share one compiled pack) and const use from several threads at once is safe. No function here throws
// for anything that an author, a key's owner or the environment did; nothing prints, exits or reads the clock.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/limits.h"
#include "keywright/report.h"
#include "keywright/time.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

class Rules;

// Where rule files come from. Paths are those of the entry file and, for imports, normalised paths below the root.
class FileSource {
public:
    virtual ~FileSource() = default;
    struct Result {
        std::optional<std::string> text;
        std::string error;  // why there is no text: `no such file`, `is a directory`, …
    };
    // The text of `path`; reads at most `limit + 1` bytes of it.
    [[nodiscard]] virtual Result read(const std::string& path, std::size_t limit) const = 0;
};

struct CompileOptions {
    std::map<std::string, std::string>
        params;        // values that replace those in the files, in the language's spelling: `14 days`
    std::string root;  // imports may not leave this folder; empty: the folder of the entry file
    Limits limits;
    // Further files of the same pack, given as the entry file is and inside the same root: its tests, which the entry
    // file doesn't import. They are compiled after it, each file once.
    std::vector<std::string> also = {};
    // Files of waivers, each with `waiver` items (and `allow`) alone. They aren't confined to the root, since they may
    // name no other file. Every answer about records takes them into account (`check`, `forecast`, `repair`, `guide`,
    // `why`, `prove`, `diff`); tests, coverage, mutants, gaps and defects are about the rules, and never do.
    std::vector<std::string> waivers = {};
};

struct CheckOptions {
    Instant now;          // the instant to decide at
    std::string adapter;  // name of the pack's adapter for native records; empty: canonical form
    std::string source;   // what to call the text in the report
    enum class Form : std::uint8_t { kAuto, kDocument, kLines } form = Form::kAuto;  // one JSON document, or NDJSON
    Limits limits;
    bool suggest = false;  // look for the cheapest repair of every record that isn't compliant
};

struct TestResult {
    std::string name;
    SourceRange range;
    bool passed = false;
    // One expectation that one record of the test doesn't meet.
    struct Failure {
        SourceRange range;             // of the expectation
        std::string expected, actual;  // in words
        // Which of the test's records it is, where it has several: `row 2`, `usage: api_trading`, `try 7 of 100, seed
        // 42`.
        std::string where = {};
        // Where a set was expected (of rules, errors or changes): what is not there, and what is there besides.
        std::vector<std::string> missing = {}, unexpected = {};
        std::vector<std::string> because = {};  // one line a rule: its outcome, and the facts that force it
        std::string record = {};      // of `for any key`: the smallest record that fails, in canonical form; else empty
        std::string difference = {};  // of longer texts: lines as `diff -u` writes them; mostly empty
    };
    std::vector<Failure> failures;
    bool kept = false;  // taken over from `TestOptions::earlier`, as nothing that has changed since can affect it
};

// How to run tests. What comes out is the same with any number of threads.
struct TestOptions {
    std::string filter = {};  // only tests with this in their name
    std::string file = {};    // only tests of this file, named as in `SourceRange::file`
    bool fail_fast = false;   // leave out what stands behind the first test that fails
    std::size_t threads = 1;  // at most so many; 0: one for each processor. One that can't be started is done without
    // An earlier run of the same entry file. Of what passed then, only what the changes since can affect is run again.
    struct Earlier {
        const Rules* rules = nullptr;
        const std::vector<TestResult>* results = nullptr;
    } earlier = {};
    std::function<void(std::size_t done)> progress = {};  // tests done so far; called by the calling thread alone
};

class Rules {
public:
    [[nodiscard]] RulesIdentity identity() const;
    [[nodiscard]] std::vector<std::string> rule_names() const;
    [[nodiscard]] std::vector<std::string> adapter_names() const;
    // The waivers that it was compiled with, in order of the files given.
    [[nodiscard]] std::vector<WaiverGiven> waivers() const;
    // The same pack as if no waiver had been given.
    [[nodiscard]] Rules without_waivers() const;

    // Checks every record of a JSON text: an object, an array of objects, or NDJSON. Never fails: what can't be read
    // becomes a result with the verdict `kInvalid`. An unknown adapter makes one invalid result.
    [[nodiscard]] Report check(std::string_view json, const CheckOptions& options) const;
    // The same, handing each result over as soon as it is decided.
    void check(std::string_view json, const CheckOptions& options,
               const std::function<void(RecordReport&&)>& sink) const;

    // Runs the `test` blocks of the pack: one result a test, in order of declaration, imported files first. Linear in
    // the records and instants of the tests.
    [[nodiscard]] std::vector<TestResult> run_tests(const TestOptions& options = {}) const;
    // The `prove` statements of the pack, by name; proof.h decides them.
    [[nodiscard]] std::vector<std::string> proof_names() const;

    // JSON Schema (2020-12) of the record in canonical form.
    [[nodiscard]] std::string json_schema() const;
    // The intermediate representation and the compiled program as text.
    [[nodiscard]] std::string dump() const;

    // What the compiled pack consists of: for the library's own parts.
    struct State;
    [[nodiscard]] const State& state() const { return *state_; }
    explicit Rules(std::shared_ptr<const State> state) : state_(std::move(state)) {}

private:
    std::shared_ptr<const State> state_;
};

struct Compiled {
    std::optional<Rules> rules;           // nothing where a file has an error or can't be read
    std::vector<Diagnostic> diagnostics;  // by file and place; warnings too, and behind them errors of packs that a
                                          // `prove` compares this one with
    std::vector<std::string> unreadable;  // `path: reason` of entry files that can't be read (not an author's mistake)
    struct File {
        std::string path, text;
        bool given = false;    // not a file: a value of `CompileOptions::params`
        bool waivers = false;  // one of `CompileOptions::waivers`
    };
    std::size_t of_entry = 0;  // how many of `files` the entry file reaches; they come first
    std::vector<File> files;   // the sources, the entry file first: for showing diagnostics, and for compiling again
};

// Compiles the pack whose entry file is `path` (or `pack.kw` in the folder `path`), read from disk.
[[nodiscard]] Compiled compile_path(const std::string& path, const CompileOptions& options = {});
// The same from another source of files.
[[nodiscard]] Compiled compile(const FileSource& files, const std::string& entry, const CompileOptions& options = {});
// Compiles one text without imports.
[[nodiscard]] Compiled compile_text(std::string_view text, const std::string& name = "rules.kw",
                                    const CompileOptions& options = {});

struct Formatted {
    std::optional<std::string> text;  // nothing where the file has a syntax error
    std::vector<Diagnostic> diagnostics;
};

// The canonical layout of one rule file; comments are kept, meaning is proved unchanged by parsing the result again.
[[nodiscard]] Formatted format(std::string_view text, const std::string& name = "rules.kw", const Limits& limits = {});

}  // namespace keywright
