// `keywright repair`: the cheapest edits after which records are compliant, as sentences and as JSON Patches.
#include "files.h"
#include "inputs.h"
#include "numbers.h"
#include "pack.h"
#include "verbs.h"

#include "keywright/text.h"

#include <algorithm>
#include <utility>

namespace keywright::command {

namespace {

[[nodiscard]] RepairOptions options_of(const Arguments& arguments, const Settings& settings, const Rules& rules) {
    RepairOptions options;
    options.reading.now = instant_of(settings);
    options.reading.adapter = settings.input;
    options.apply = arguments.apply;
    options.rules = arguments.rule;
    const std::vector<std::string> names = rules.rule_names();
    for (const std::string& rule : arguments.rule) {
        if (std::find(names.begin(), names.end(), rule) != names.end()) continue;
        const std::string near = closest_word(rule, names);
        fail(Status::kUsage, "the pack has no rule `" + rule + "`", near.empty() ? "" : "did you mean `" + near + "`?");
    }
    if (!arguments.max.empty()) {
        options.most = number_of("--max", arguments.max, 999);
    }
    if (!arguments.fill.empty() && !arguments.apply)
        fail(Status::kUsage, "`--fill` goes with `--apply`", "without it, nothing is written that could be filled in");
    for (const std::string& fill : arguments.fill) {
        const std::size_t equals = fill.find('=');
        // What stands behind the sign isn't shown: someone may have typed a secret.
        if (equals == std::string::npos || fill.front() != '/')
            fail(Status::kUsage, "`--fill` takes POINTER=VALUE", "as in `--fill /ip_allowlist/-=203.0.113.7`");
        options.fill[fill.substr(0, equals)] = fill.substr(equals + 1);
    }
    return options;
}

}  // namespace

Status run_repair(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    const Pack pack = load_pack(settings);
    const Rules& rules = *pack.compiled.rules;
    refuse_unknown_adapter(rules, settings.input);
    if (settings.format == Format::kGithub)
        fail(Status::kUsage, "`keywright repair` has no format `github`",
             "it may be `pretty`, `compact`, `json` or `ndjson`");
    RepairOptions options = options_of(arguments, settings, rules);
    std::vector<Input> inputs = read_inputs(arguments.words);
    RepairRun run{rules.identity(), options.reading.now, {}};
    for (Input& input : inputs) {
        options.reading.source = input.name();
        options.reading.form = holds_lines(input.name()) ? CheckOptions::Form::kLines : CheckOptions::Form::kAuto;
        repair(rules, input.text(), options, [&](RepairReport&& report) { run.results.push_back(std::move(report)); });
        input.wipe();
    }
    bool findings = false, open = false;
    for (const RepairReport& report : run.results) {
        findings = findings || report.status == RepairStatus::kFound || report.status == RepairStatus::kNone;
        open = open || report.status == RepairStatus::kUnknown || report.status == RepairStatus::kInvalid;
    }
    Output out{settings.output};
    if (arguments.apply) {
        std::string text;
        for (const RepairReport& report : run.results) {
            const std::string name = report.source + "#" + std::to_string(report.index);
            if (!report.not_applied.empty())
                fail(Status::kUsage, name + ": " + report.not_applied, "nothing was written; `--fill POINTER=VALUE`");
            if (report.applied.empty())
                fail(report.status == RepairStatus::kNone ? Status::kFindings : Status::kUndetermined,
                     name + ": there is no repair to apply (" + std::string{to_string(report.status)} + ")",
                     "nothing was written");
            text += report.applied + '\n';
        }
        out.write(text);
        out.finish();
        return Status::kClean;
    }
    if (settings.format == Format::kJson) out.write(to_json(run));
    bool first = true;
    for (const RepairReport& report : run.results) {
        if (settings.quiet && report.status == RepairStatus::kCompliant) continue;
        switch (settings.format) {
            case Format::kPretty: out.write((first ? "" : "\n") + to_pretty(report)); break;
            case Format::kCompact: out.write(to_compact(report)); break;
            case Format::kNdjson: out.write(to_json_line(report) + '\n'); break;
            case Format::kGithub:
            case Format::kJson: break;
        }
        first = false;
    }
    out.finish();
    return findings ? Status::kFindings : open ? Status::kUndetermined : Status::kClean;
}

}  // namespace keywright::command
