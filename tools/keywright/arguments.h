// The command line: which verbs and options there are, and what was asked for.
#pragma once

#include "status.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::command {

// Options as they were typed; what wasn't is empty, so that the environment and keywright.toml may have their say.
struct Arguments {
    std::string verb;
    std::vector<std::string> words;  // what stands without an option: files, a code, a shell

    // common
    std::optional<std::string> rules, at, input, format, output, color, fail_on;
    std::vector<std::string> set;
    std::vector<std::string> waivers;
    bool no_waivers = false;
    bool quiet = false;
    bool no_progress = false;

    // of one verb each
    bool dump_ir = false;                 // check
    bool suggest = false;                 // check
    bool all = false;                     // why
    std::optional<std::string> within;    // forecast
    std::vector<std::string> rule;        // repair
    std::vector<std::string> fill;        // repair
    std::string max;                      // repair
    bool apply = false;                   // repair
    std::string filter;                   // test
    bool fail_fast = false;               // test
    bool gaps = false;                    // prove
    bool findings = false;                // prove
    bool smtlib = false;                  // prove
    std::optional<std::string> steps;     // prove, diff, test
    std::string inventory;                // diff
    std::vector<std::string> source;      // trace
    bool check = false, diff = false;     // fmt; `diff` of lint, too
    bool fix = false;                     // lint
    std::optional<std::string> baseline;  // lint
    std::string name, header, root;       // embed
    std::string inlined;                  // embed

    // audit
    std::optional<std::string> results, results_format, checkpoint, samples, soonest;
    bool digest = false, resume = false;

    // of every verb that loads rules
    std::optional<std::string> require_signature, at_least, known_versions;

    std::string inputs;             // verify
    std::string key, new_key;       // sign
    bool no_password = false;       // sign
    bool tests = false;             // sign
    std::optional<std::string> ci;  // init

    std::optional<std::string> jobs;  // test, audit

    // of `test`
    std::optional<std::string> snapshots;
    bool update = false;
    bool watch = false;
    bool coverage = false;
    bool mutants = false;
    bool generate = false;
    std::optional<std::string> threshold;
};

// Either what was asked for, or a text to print and leave (`--help`). Wrong usage is a `Failure`.
struct Parsed {
    Arguments arguments;
    std::optional<std::string> text;
};
[[nodiscard]] Parsed parse_arguments(int count, const char* const* words);

// Whether what a verb tells may hang on waivers. Tests and what measures them are about the rules alone.
[[nodiscard]] bool takes_waivers(std::string_view verb);

// For completion scripts.
struct OptionInfo {
    std::string name;  // `--format`
    std::string about;
    bool takes_value = false;
    bool takes_file = false;
    std::vector<std::string> choices;  // of the value
};
struct VerbInfo {
    std::string name, about;
    bool hidden = false;
    bool takes_files = false;
    std::vector<std::string> choices;  // of the words
    std::vector<OptionInfo> options;
};
[[nodiscard]] std::vector<VerbInfo> verbs();

}  // namespace keywright::command
