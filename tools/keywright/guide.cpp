// `keywright guide`: what may still be chosen in records that are only partly filled in.
#include "files.h"
#include "inputs.h"
#include "pack.h"
#include "verbs.h"

#include <utility>

namespace keywright::command {

Status run_guide(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    const Pack pack = load_pack(settings);
    const Rules& rules = *pack.compiled.rules;
    refuse_unknown_adapter(rules, settings.input);
    if (settings.format == Format::kGithub)
        fail(Status::kUsage, "`keywright guide` has no format `github`",
             "it may be `pretty`, `compact`, `json` or `ndjson`");
    std::vector<Input> inputs = read_inputs(arguments.words);
    CheckOptions options;
    options.now = instant_of(settings);
    options.adapter = settings.input;
    GuideRun run{rules.identity(), options.now, {}};
    for (Input& input : inputs) {
        options.source = input.name();
        options.form = holds_lines(input.name()) ? CheckOptions::Form::kLines : CheckOptions::Form::kAuto;
        guide(rules, input.text(), options, [&](GuideReport&& report) { run.results.push_back(std::move(report)); });
        input.wipe();
    }
    Output out{settings.output};
    if (settings.format == Format::kJson) out.write(to_json(run));
    bool findings = false, open = false, first = true;
    for (const GuideReport& report : run.results) {
        findings = findings || report.status == GuideStatus::kNone;
        open = open || report.status == GuideStatus::kUnknown || report.status == GuideStatus::kInvalid;
        if (settings.format == Format::kPretty) out.write((first ? "" : "\n") + to_pretty(report));
        if (settings.format == Format::kCompact) out.write(to_compact(report));
        if (settings.format == Format::kNdjson) out.write(to_json_line(report) + '\n');
        first = false;
    }
    out.finish();
    return findings ? Status::kFindings : open ? Status::kUndetermined : Status::kClean;
}

}  // namespace keywright::command
