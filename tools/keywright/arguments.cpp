// The only file that knows CLI11. The verb is picked here; what follows it is CLI11's.
#include "arguments.h"

#include "keywright/text.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace keywright::command {

namespace {

// Which options a verb takes.
enum Takes : std::uint32_t {
    kRules = 1u << 0,
    kAt = 1u << 1,
    kSet = 1u << 2,
    kInput = 1u << 3,
    kFormat = 1u << 4,
    kOutput = 1u << 5,
    kColor = 1u << 6,
    kQuiet = 1u << 7,
    kFailOn = 1u << 8,
    kProgress = 1u << 9,
    kWaivers = 1u << 10,
};

struct Verb {
    std::string_view name, about, words, words_about;
    std::array<std::string_view, 2> examples;
    std::uint32_t takes;
    bool hidden = false;
};

// Every example works from the root of the repository.
constexpr std::array<Verb, 20> kVerbs = {{
    {"check",
     "Decide key configurations: JSON objects, arrays of them, or NDJSON.",
     "FILE",
     "records to decide; `-` or none is standard input",
     {"keywright check --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z examples/kucoin/spot_key.json",
      "keywright check --rules rules/kucoin_tr --input request examples/kucoin/request.json"},
     kRules | kWaivers | kAt | kSet | kInput | kFormat | kOutput | kColor | kQuiet | kFailOn | kProgress},
    {"audit",
     "Decide inventories of any size, and count what is found: by rule, verdict, exemption, the next expiries.",
     "FILE",
     "NDJSON, an array, or any other document, also packed by gzip or zstd; `-` or none is standard input",
     {"keywright audit --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z examples/kucoin/inventory.ndjson",
      "keywright audit --rules rules/kucoin_tr --results results.csv examples/kucoin/inventory.ndjson"},
     kRules | kWaivers | kAt | kSet | kInput | kFormat | kOutput | kColor | kQuiet | kFailOn | kProgress},
    {"forecast",
     "Say when what `check` says of a record will change, and what would keep an expiry from coming.",
     "FILE",
     "records to forecast; `-` or none is standard input",
     {"keywright forecast --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z examples/kucoin/spot_key.json",
      "keywright forecast --rules rules/kucoin_tr --within 14d --format ics examples/kucoin/inventory.ndjson"},
     kRules | kWaivers | kAt | kSet | kInput | kFormat | kOutput | kColor | kFailOn | kProgress},
    {"repair",
     "Find the cheapest edits after which records are compliant.",
     "FILE",
     "records to repair; `-` or none is standard input",
     {"keywright repair --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z examples/kucoin/spot_key.json",
      "keywright repair --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z --rule transfer_needs_ip "
      "examples/kucoin/spot_key.json"},
     kRules | kWaivers | kAt | kSet | kInput | kFormat | kOutput | kColor | kQuiet},
    {"guide",
     "Tell what may still be chosen in records that are partly filled in.",
     "FILE",
     "records to fill in; `-` or none is standard input",
     {"keywright guide --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z examples/kucoin/spot_key.json",
      "keywright guide --rules rules/kucoin_tr --input request examples/kucoin/request.json"},
     kRules | kWaivers | kAt | kSet | kInput | kFormat | kOutput | kColor | kQuiet},
    {"why",
     "Explain how a rule came out on a record, or, without a rule, what the verdict rests on.",
     "FILE RULE",
     "the record (`-` is standard input), and the rule's name",
     {"keywright why --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z examples/kucoin/spot_key.json "
      "ip_restriction_recommended",
      "keywright why --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z --all examples/kucoin/spot_key.json"},
     kRules | kWaivers | kAt | kSet | kInput | kFormat | kOutput | kColor | kQuiet},
    {"test",
     "Run the `test` blocks of rule files, and snapshot tests.",
     "PATH",
     "rule files or folders; none: the rules in force",
     {"keywright test rules/kucoin_tr", "keywright test --filter transfer --format compact rules/kucoin_tr/tests"},
     kRules | kSet | kFormat | kOutput | kColor | kQuiet | kFailOn | kProgress},
    {"prove",
     "Decide `prove` statements exactly; with --gaps what no rule speaks of, with --findings rules that say nothing.",
     "PATH",
     "rule files or folders; none: the rules in force",
     {"keywright prove rules/kucoin_tr", "keywright prove --gaps rules/kucoin_tr"},
     kRules | kWaivers | kSet | kFormat | kOutput | kColor | kQuiet | kFailOn},
    {"lint",
     "Audit rule files: what no rule enforces, what no test tries, and conditions that don't mean what they say.",
     "PATH",
     "rule files or folders; none: the rules in force",
     {"keywright lint rules/kucoin_tr", "keywright lint --fix --diff rules/kucoin_tr"},
     kRules | kWaivers | kAt | kSet | kFormat | kOutput | kColor | kQuiet | kFailOn},
    {"diff",
     "Tell what changed in meaning between two packs, or since a git revision.",
     "OLD",
     "two packs, or a revision (`HEAD~1`, `v1..v2`) of the rules in force; --set applies to the new one",
     {"keywright diff --fail-on looser rules/kucoin_tr rules/kucoin_tr/proofs.kw",
      "keywright diff --inventory examples/kucoin/spot_key.json rules/kucoin_tr rules/kucoin_tr"},
     kRules | kWaivers | kAt | kSet | kInput | kFormat | kOutput | kColor | kQuiet},
    {"trace",
     "Hold clauses against rules, tests and examples, and with --source the source against the rules.",
     "PATH",
     "rule files or folders; none: the rules in force",
     {"keywright trace rules/kucoin_tr", "keywright trace --format csv --output matrix.csv rules/kucoin_tr"},
     kRules | kWaivers | kAt | kSet | kFormat | kOutput | kColor | kQuiet | kFailOn},
    {"fmt",
     "Format rule files in place.",
     "PATH",
     "rule files or folders; `-` is standard input to standard output; none: the rules in force",
     {"keywright fmt --check rules/kucoin_tr", "keywright fmt --diff rules/kucoin_tr/rules.kw"},
     kRules | kFormat | kColor | kQuiet},
    {"explain",
     "Print the page of a diagnostic; without a code, the list of all.",
     "CODE",
     "a code such as KW2001",
     {"keywright explain KW2001", "keywright explain"},
     kOutput},
    {"schema",
     "Print a JSON Schema: of the record a pack expects, or of our own documents.",
     "WHAT",
     "record (the default), or a document of ours: report, forecast, tests, …",
     {"keywright schema --rules rules/kucoin_tr", "keywright schema report"},
     kRules | kSet | kFormat | kOutput | kColor | kQuiet},
    {"verify",
     "Say whether a JSON report of `check` still holds: repeat it, and compare byte for byte.",
     "REPORT",
     "a report; `-` or none is standard input",
     {"keywright check --rules rules/kucoin_tr --format json --output spot.report.json examples/kucoin/spot_key.json",
      "keywright verify --rules rules/kucoin_tr spot.report.json"},
     kRules | kWaivers | kSet | kFormat | kOutput | kColor | kQuiet},
    {"sign",
     "Sign a pack: write keywright.manifest and its signature beside the pack; or make a key.",
     "PACK",
     "a folder with pack.kw, or a rule file; none: the rules in force",
     {"keywright sign --new-key desk --no-password", "keywright sign --key desk.key --tests rules/kucoin_tr"},
     kRules | kWaivers | kFormat | kColor | kQuiet},
    {"init",
     "Write a new pack that passes every check: a document, a schema, a rule, its tests, keywright.toml.",
     "FOLDER",
     "where to; default: the current folder",
     {"keywright init desk-rules", "keywright init --ci github exchange-rules"},
     kQuiet},
    {"completion",
     "Print a completion script.",
     "SHELL",
     "bash, zsh or fish",
     {"keywright completion bash", "keywright completion zsh"},
     kOutput},
    {"version",
     "Print the version and the edition of the language.",
     "",
     "",
     {"keywright version", "keywright --version"},
     0},
    {"embed",
     "Check a pack and write it down as C++ (the build does this; see docs/embedding.md).",
     "",
     "",
     {"keywright embed --rules rules/kucoin_tr --name kucoin_tr --output kucoin_tr.cpp --header kucoin_tr.h",
      "keywright embed --rules rules/kucoin_tr --name kucoin_tr --inline kucoin_tr_inlined.h"},
     kRules | kWaivers | kSet | kFormat | kOutput | kColor | kQuiet,
     true},
}};

const std::vector<std::string> kFormats = {"pretty", "compact", "json", "ndjson", "github"};
const std::vector<std::string> kTestFormats = {"pretty", "compact", "json", "ndjson",   "github",
                                               "junit",  "tap",     "lcov", "cobertura"};
const std::vector<std::string> kReportFormats = {"pretty", "compact", "json",     "ndjson", "github",
                                                 "sarif",  "junit",   "markdown", "html"};  // of `check` and `lint`
const std::vector<std::string> kTraceFormats = {"pretty", "compact",  "json", "ndjson",
                                                "github", "markdown", "csv",  "html"};
const std::vector<std::string> kAuditFormats = {"pretty", "json", "markdown", "html"};
const std::vector<std::string> kForecastFormats = {"pretty", "compact", "json", "ndjson", "ics"};

[[nodiscard]] const Verb* find_verb(std::string_view name) {
    const auto* found = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& verb) { return verb.name == name; });
    return found == kVerbs.end() ? nullptr : found;
}

[[nodiscard]] bool takes_one_word(const Verb& verb) {
    constexpr std::string_view kOne[] = {"CODE", "WHAT", "SHELL", "REPORT", "PACK", "FOLDER"};
    return std::find(std::begin(kOne), std::end(kOne), verb.words) != std::end(kOne);
}

// Examples come first: most people read no further.
class HelpFormatter : public CLI::Formatter {
public:
    explicit HelpFormatter(const Verb& verb) : verb_(verb) { column_width(26); }

    std::string make_description(const CLI::App*) const override {
        std::string out = "Examples:\n";
        for (const std::string_view example : verb_.examples) out += "  " + std::string{example} + '\n';
        return out + '\n' + std::string{verb_.about} + "\n\n";
    }
    std::string make_usage(const CLI::App*, std::string) const override {
        std::string out = "Usage: keywright " + std::string{verb_.name} + " [OPTION…]";
        if (verb_.words == "SHELL") {
            out += " SHELL";
        } else if (verb_.words == "FILE RULE") {
            out += " FILE [RULE]";
        } else if (!verb_.words.empty()) {
            const bool one = takes_one_word(verb_);
            out += " [" + std::string{verb_.words} + (one ? "]" : "…]");
        }
        return out + '\n';
    }

private:
    const Verb& verb_;
};

void declare(CLI::App& app, const Verb& verb, Arguments& into) {
    const auto takes = [&](Takes what) { return (verb.takes & what) != 0; };
    const auto value = [&](const char* name, std::optional<std::string>& where, const char* about, const char* kind) {
        app.add_option_function<std::string>(
               name, [&where](const std::string& text) { where = text; }, about)
            ->type_name(kind);
    };
    if (!verb.words.empty()) {
        app.add_option(std::string{verb.words}, into.words, std::string{verb.words_about})->type_name("");
    }
    if (takes(kRules)) value("--rules", into.rules, "pack: a rule file, or a folder with pack.kw", "PATH");
    if (takes(kRules) && verb.name != "fmt" && verb.name != "sign") {
        value("--require-signature", into.require_signature,
              "decide nothing unless the pack is signed by this key: a .pub file, or its line of base64", "KEY");
        value("--at-least", into.at_least, "with --require-signature: no older version of the pack than this",
              "VERSION");
        value("--known-versions", into.known_versions,
              "with --require-signature: where versions that were seen are kept, or none", "FILE");
    }
    if (takes(kAt)) value("--at", into.at, "decide at this instant; default: the system clock", "INSTANT");
    if (takes(kSet)) {
        app.add_option("--set", into.set, "replace a parameter of the pack, as in `limit=14 days`; repeatable")
            ->type_name("PARAM=VALUE")
            ->allow_extra_args(false);
    }
    if (takes(kWaivers)) {
        app.add_option("--waivers", into.waivers, "waivers to take into account: a file, or a folder; repeatable")
            ->type_name("PATH")
            ->allow_extra_args(false);
        app.add_flag("--no-waivers", into.no_waivers, "pass over those of KEYWRIGHT_WAIVERS and keywright.toml");
    }
    if (takes(kInput)) value("--input", into.input, "adapter of the pack that reads the records", "NAME");
    if (takes(kFormat)) {
        value("--format", into.format,
              verb.name == "forecast" ? "pretty, compact, json, ndjson or ics (iCalendar)"
              : verb.name == "audit"  ? "pretty, json, markdown or html; what is said of each record: --results"
              : verb.name == "trace"  ? "pretty, compact, json, ndjson, github, markdown, html or csv"
              : verb.name == "test"
                  ? "pretty, compact, json, ndjson, github, junit or tap; of coverage lcov or cobertura"
              : verb.name == "check" || verb.name == "lint"
                  ? "pretty, compact, json, ndjson, github, sarif, junit, markdown or html"
                  : "pretty, compact, json, ndjson or github",
              "FORMAT");
    }
    if (takes(kOutput)) value("--output", into.output, "write results to this file instead", "FILE");
    if (takes(kColor)) value("--color", into.color, "auto, always or never", "WHEN");
    if (takes(kFailOn))
        value("--fail-on", into.fail_on, "least severity for exit status 1: error, warning, info or never", "SEVERITY");
    if (takes(kQuiet)) app.add_flag("-q,--quiet", into.quiet, "only findings: no warnings of rule files, no summary");
    if (takes(kProgress)) app.add_flag("--no-progress", into.no_progress, "show no progress");
    if (verb.name == "check") {
        app.add_flag("--dump-ir", into.dump_ir, "print what the pack was compiled to, and decide nothing");
        app.add_flag("--suggest", into.suggest, "under each record's violations, show its cheapest repair");
    } else if (verb.name == "audit") {
        value("--results", into.results, "write what check says of each record to this file", "FILE");
        value("--results-format", into.results_format, "ndjson, csv or json; default: by the file's name", "FORMAT");
        value("--samples", into.samples, "records shown of each rule and error; default: 3", "N");
        value("--soonest", into.soonest, "expiries listed; default: 10", "N");
        value("--jobs", into.jobs, "threads that decide; default: the number of processors", "N");
        app.add_flag("--digest", into.digest, "tell the SHA-256 of the inputs, which takes longer than the audit");
        value("--checkpoint", into.checkpoint, "keep in this file how far it is, every few seconds", "FILE");
        app.add_flag("--resume", into.resume, "go on where the checkpoint was left; anew where there is none");
    } else if (verb.name == "repair") {
        app.add_option("--rule", into.rule, "see to this rule alone; repeatable")
            ->type_name("NAME")
            ->allow_extra_args(false);
        app.add_option("--max", into.max, "repairs to show of each record; default: 3")->type_name("N");
        app.add_flag("--apply", into.apply, "write the records as the first repair leaves them, in canonical form");
        app.add_option("--fill", into.fill, "with --apply: what goes into a hole; repeatable")
            ->type_name("POINTER=VALUE")
            ->allow_extra_args(false);
    } else if (verb.name == "forecast") {
        value("--within", into.within, "only changes inside this span, as in `14d`; they count for the exit status",
              "DURATION");
    } else if (verb.name == "why") {
        app.add_flag("--all", into.all, "tell every reason, not one");
    } else if (verb.name == "test") {
        app.add_option("--filter", into.filter, "run only tests whose name contains this")->type_name("TEXT");
        app.add_flag("--fail-fast", into.fail_fast, "stop at the first failed test");
        value("--jobs", into.jobs, "threads at work; default: the number of processors", "N");
        app.add_flag("--watch", into.watch, "run again what a change of the files affects, until interrupted");
        value("--snapshots", into.snapshots, "folder of snapshot tests; those in PATH are found without it", "FOLDER");
        app.add_flag("--update", into.update, "record snapshots anew where they differ, and show how");
        app.add_flag("--generate", into.generate, "write the tests that are missing; with --output to a new file");
        app.add_flag("--mutants", into.mutants, "make a small mistake at a time, and tell which no test notices");
        app.add_flag("--coverage", into.coverage,
                     "show what the tests cover, too; with --format json, lcov or cobertura that alone");
        value("--threshold", into.threshold,
              "least coverage, or with --mutants least score, in per cent for exit status 0", "N");
        value("--steps", into.steps, "what one question may cost before it is undecided; default: 2000000", "N");
    } else if (verb.name == "prove") {
        app.add_flag("--gaps", into.gaps, "show configurations of which no clause speaks, instead");
        app.add_flag("--findings", into.findings, "show rules that say nothing, or contradict each other, instead");
        app.add_flag("--smtlib", into.smtlib, "print the questions for an SMT solver instead, and decide nothing");
        value("--steps", into.steps, "what one question may cost before it is unknown; default: 2000000", "N");
    } else if (verb.name == "lint") {
        app.add_flag("--fix", into.fix, "mend what can be mended safely, and audit what is left");
        app.add_flag("--diff", into.diff, "with --fix: change nothing; print what would change");
        value("--baseline", into.baseline, "findings that stand in this file don't count", "FILE");
        app.add_flag("--update", into.update, "with --baseline: write the file from what is found now");
        value("--steps", into.steps, "what one question may cost before it is undecided; default: 2000000", "N");
    } else if (verb.name == "diff") {
        app.add_option("--inventory", into.inventory, "records that exist: show those that are judged otherwise")
            ->type_name("FILE");
        value("--fail-on", into.fail_on, "what gives exit status 1: any difference, stricter, looser or never", "WHAT");
        value("--steps", into.steps, "what one question may cost before it is unknown; default: 2000000", "N");
    } else if (verb.name == "trace") {
        app.add_option("--source", into.source, "the text of a document, to compare with its digests; repeatable")
            ->type_name("DOCUMENT=FILE")
            ->allow_extra_args(false);
        app.add_flag("--update", into.update, "write the digests of these texts into the rule files");
        value("--steps", into.steps, "what one example may cost before it is unknown; default: 2000000", "N");
    } else if (verb.name == "fmt") {
        app.add_flag("--check", into.check, "change nothing; list the files that would change");
        app.add_flag("--diff", into.diff, "change nothing; print what would change");
    } else if (verb.name == "verify") {
        app.add_option("--inputs", into.inputs, "look for the inputs that were checked below this folder")
            ->type_name("FOLDER");
    } else if (verb.name == "sign") {
        app.add_option("--key", into.key, "the secret key to sign with, as minisign or --new-key makes it")
            ->type_name("FILE");
        app.add_flag("--tests", into.tests, "sign the pack's files of tests, too");
        app.add_option("--new-key", into.new_key, "write a new key to NAME.key and NAME.pub instead")
            ->type_name("NAME");
        app.add_flag("--no-password", into.no_password, "with --new-key: whoever can read the file can sign");
    } else if (verb.name == "init") {
        value("--ci", into.ci, "write a workflow for continuous integration, too: github", "SYSTEM");
    } else if (verb.name == "embed") {
        app.add_option("--name", into.name, "name of the function, a C++ identifier; with --inline of the namespace")
            ->type_name("IDENTIFIER");
        app.add_option("--header", into.header, "the header to write")->type_name("FILE");
        app.add_option("--inline", into.inlined,
                       "instead of the rules' text write this header: their `decide` as C++, which needs no library")
            ->type_name("FILE");
        app.add_option("--root", into.root, "imports may not leave this folder; default: that of the entry file")
            ->type_name("FOLDER");
    }
}

void set_up(CLI::App& app, const Verb& verb, Arguments& into) {
    app.formatter(std::make_shared<HelpFormatter>(verb));
    app.set_help_flag("-h,--help", "print this help");
    app.allow_extras();
    declare(app, verb, into);
}

[[nodiscard]] std::string main_help() {
    std::string out =
        "Examples:\n"
        "  keywright check --rules rules/kucoin_tr --at 2026-02-15T00:00:00Z examples/kucoin/spot_key.json\n"
        "  keywright test rules/kucoin_tr\n"
        "\n"
        "Keywright checks API-key configurations against rules.\n"
        "\n"
        "Usage: keywright VERB [OPTION…] [FILE…]\n"
        "\n"
        "Verbs:\n";
    for (const Verb& verb : kVerbs) {
        if (verb.hidden) continue;
        out += "  " + std::string{verb.name} + std::string(12 - verb.name.size(), ' ') + std::string{verb.about} + '\n';
    }
    return out +
           "\n"
           "`keywright VERB --help` tells about a verb. Options may also stand in keywright.toml or the environment\n"
           "(KEYWRIGHT_RULES, KEYWRIGHT_FORMAT…).\n"
           "\n"
           "Exit status: 0 clean, 1 findings, 2 undetermined or unreadable records, 3 errors in rule files,\n"
           "64 wrong usage, 70 our own fault, 74 a file can't be read or written\n";
}

[[nodiscard]] std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
    const std::string near = closest_word(word, candidates);
    return near.empty() ? "" : "did you mean `" + near + "`?";
}

[[nodiscard]] std::vector<std::string> option_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

[[noreturn]] void fail_usage(const Verb& verb, std::string message, std::string help) {
    if (help.empty()) help = "`keywright " + std::string{verb.name} + " --help` lists what there is";
    fail(Status::kUsage, std::move(message), std::move(help));
}

void refuse_extras(const CLI::App& app, const Verb& verb) {
    std::vector<std::string> extras = app.remaining();
    // CLI11 leaves the mark itself over.
    if (const auto mark = std::find(extras.begin(), extras.end(), "--"); mark != extras.end()) extras.erase(mark);
    if (extras.empty()) return;
    const std::string& extra = extras.front();
    if (extra.size() > 1 && extra.front() == '-') {
        const std::string name = extra.substr(0, extra.find('='));
        fail_usage(verb, "`keywright " + std::string{verb.name} + "` has no option `" + name + "`",
                   did_you_mean(name, option_names(app)));
    }
    fail_usage(verb, "`" + extra + "` is one argument too many", {});
}

// CLI11's sentences, in the house's style.
[[nodiscard]] std::string in_our_words(std::string message) {
    if (message.size() > 1 && message[0] >= 'A' && message[0] <= 'Z' && message[1] >= 'a' && message[1] <= 'z') {
        message[0] = static_cast<char>(message[0] - 'A' + 'a');
    }
    while (message.ends_with('.') || message.ends_with('\n')) message.pop_back();
    return message;
}

}  // namespace

bool takes_waivers(std::string_view verb) {
    const Verb* found = find_verb(verb);
    return found != nullptr && (found->takes & kWaivers) != 0;
}

Parsed parse_arguments(int count, const char* const* words) {
    if (count < 2) fail(Status::kUsage, "no verb is given", "`keywright --help` lists them");
    Parsed parsed;
    Arguments& arguments = parsed.arguments;
    arguments.verb = words[1];
    if (arguments.verb == "--help" || arguments.verb == "-h" || arguments.verb == "help") {
        const Verb* about = arguments.verb == "help" && count > 2 ? find_verb(words[2]) : nullptr;
        if (about == nullptr) {
            parsed.text = main_help();
            return parsed;
        }
        const char* const help_words[] = {words[0], words[2], "--help"};
        return parse_arguments(3, help_words);
    }
    if (arguments.verb == "--version") arguments.verb = "version";
    const Verb* verb = find_verb(arguments.verb);
    if (verb == nullptr) {
        std::vector<std::string> names;
        for (const Verb& candidate : kVerbs) names.emplace_back(candidate.name);
        std::string help = did_you_mean(arguments.verb, names);
        fail(Status::kUsage, "there is no verb `" + arguments.verb + "`",
             help.empty() ? "`keywright --help` lists them" : std::move(help));
    }
    CLI::App app;
    set_up(app, *verb, arguments);
    try {
        app.parse(count - 1, words + 1);
    } catch (const CLI::CallForHelp&) {
        parsed.text = app.help();
        return parsed;
    } catch (const CLI::ArgumentMismatch& error) {
        const std::string_view message = error.what();  // `--input: 1 required NAME missing`
        fail_usage(*verb, "`" + std::string{message.substr(0, message.find(':'))} + "` needs a value", {});
    } catch (const CLI::ParseError& error) {
        fail_usage(*verb, in_our_words(error.what()), {});
    }
    refuse_extras(app, *verb);
    if (verb->words == "FILE RULE" && arguments.words.size() > 2) {
        fail_usage(*verb, "`" + arguments.words[2] + "` is one argument too many", {});
    }
    if (takes_one_word(*verb) && arguments.words.size() > 1) {
        fail_usage(*verb, "`" + arguments.words[1] + "` is one argument too many", {});
    }
    return parsed;
}

std::vector<VerbInfo> verbs() {
    std::vector<VerbInfo> out;
    for (const Verb& verb : kVerbs) {
        VerbInfo info;
        info.name = verb.name;
        info.about = verb.about;
        info.hidden = verb.hidden;
        info.takes_files = verb.words == "FILE" || verb.words == "FILE RULE" || verb.words == "PATH" ||
                           verb.words == "REPORT" || verb.words == "PACK" || verb.words == "FOLDER";
        if (verb.words == "SHELL") info.choices = {"bash", "zsh", "fish"};
        if (verb.words == "WHAT")
            info.choices = {"record", "report",      "audit",    "forecast", "repair",       "guide",
                            "tests",  "coverage",    "snapshot", "mutation", "proofs",       "diff",
                            "why",    "diagnostics", "lint",     "trace",    "verification", "known-versions"};
        CLI::App app;
        Arguments unused;
        set_up(app, verb, unused);
        for (const CLI::Option* option : app.get_options()) {
            if (option->get_lnames().empty()) continue;
            OptionInfo about;
            about.name = "--" + option->get_lnames().front();
            about.about = option->get_description();
            about.takes_value = option->get_expected_min() > 0 && option->get_type_size() > 0;
            const std::string kind = option->get_type_name();
            about.takes_file = kind == "FILE" || kind == "PATH" || kind == "FOLDER";
            if (about.name == "--format")
                about.choices = verb.name == "forecast"                       ? kForecastFormats
                                : verb.name == "audit"                        ? kAuditFormats
                                : verb.name == "test"                         ? kTestFormats
                                : verb.name == "trace"                        ? kTraceFormats
                                : verb.name == "check" || verb.name == "lint" ? kReportFormats
                                                                              : kFormats;
            if (about.name == "--results-format") about.choices = {"ndjson", "csv", "json"};
            if (about.name == "--ci") about.choices = {"github"};
            if (about.name == "--color") about.choices = {"auto", "always", "never"};
            if (about.name == "--fail-on") about.choices = {"error", "warning", "info", "never"};
            info.options.push_back(std::move(about));
        }
        out.push_back(std::move(info));
    }
    return out;
}

}  // namespace keywright::command
