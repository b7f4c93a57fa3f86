// `keywright why`: explains outcomes.
#include "files.h"
#include "inputs.h"
#include "pack.h"
#include "verbs.h"

#include "keywright/text.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace keywright::command {

namespace {

void refuse_unknown_rule(const Rules& rules, const std::string& name) {
    const std::vector<std::string> names = rules.rule_names();
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
    const std::string near = closest_word(name, names);
    std::string help;
    if (!near.empty()) {
        help = "did you mean `" + near + "`?";
    } else {
        for (const std::string& candidate : names) help += (help.empty() ? "there are `" : "`, `") + candidate;
        if (!help.empty()) help += '`';
    }
    fail(Status::kUsage, "the pack has no rule `" + name + "`", std::move(help));
}

// What was asked about one record: the outcome of a rule, or the verdict.
[[nodiscard]] Status status_of(const WhyReport& report, bool of_rule) {
    if (report.verdict == Verdict::kInvalid) return Status::kUndetermined;
    if (!of_rule) {
        return report.verdict == Verdict::kViolation      ? Status::kFindings
               : report.verdict == Verdict::kUndetermined ? Status::kUndetermined
                                                          : Status::kClean;
    }
    for (const RuleWhy& rule : report.rules) {
        if (rule.outcome == Outcome::kViolated) return Status::kFindings;
        if (rule.outcome == Outcome::kUndetermined) return Status::kUndetermined;
    }
    return Status::kClean;
}

}  // namespace

Status run_why(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    if (settings.format == Format::kGithub) {
        fail(Status::kUsage, "`keywright why` has no format `github`", "there are pretty, compact, json and ndjson");
    }
    const Pack pack = load_pack(settings);
    const Rules& rules = *pack.compiled.rules;
    refuse_unknown_adapter(rules, settings.input);
    WhyOptions options;
    if (arguments.words.size() > 1) options.rule = arguments.words[1];
    refuse_unknown_rule(rules, options.rule);
    options.all = arguments.all;
    std::vector<std::string> names;
    if (!arguments.words.empty()) names.push_back(arguments.words.front());
    std::vector<Input> inputs = read_inputs(std::move(names));

    options.check.now = instant_of(settings);
    options.check.adapter = settings.input;
    std::vector<WhyReport> reports;
    for (Input& input : inputs) {
        options.check.source = input.name();
        options.check.form = holds_lines(input.name()) ? CheckOptions::Form::kLines : CheckOptions::Form::kAuto;
        std::vector<WhyReport> more = explain_outcomes(rules, input.text(), options);
        std::move(more.begin(), more.end(), std::back_inserter(reports));
        input.wipe();
    }
    bool findings = false, open = false;
    for (const WhyReport& report : reports) {
        const Status status = status_of(report, !options.rule.empty());
        findings = findings || status == Status::kFindings;
        open = open || status == Status::kUndetermined;
    }

    // JSON names files as the pack does, wherever one stands.
    if (settings.format == Format::kPretty) {
        for (WhyReport& report : reports) {
            for (RuleWhy& rule : report.rules) {
                pack.relocate(rule.rule_range);
                for (ReasonSet& reasons : rule.reasons) {
                    for (Reason& reason : reasons) pack.relocate(reason.range);
                }
            }
        }
    }
    Output out{settings.output};
    if (settings.format == Format::kJson) out.write(to_json(reports, rules.identity(), options.check.now));
    bool first = true;
    for (const WhyReport& report : reports) {
        switch (settings.format) {
            case Format::kPretty:
                if (!std::exchange(first, false)) out.write("\n");
                out.write(to_pretty(report, options.check.now, settings.style));
                break;
            case Format::kCompact: out.write(to_compact(report)); break;
            case Format::kNdjson: out.write(to_json_line(report) + '\n'); break;
            case Format::kJson:
            case Format::kGithub: break;
        }
    }
    out.finish();
    return findings ? Status::kFindings : open ? Status::kUndetermined : Status::kClean;
}

}  // namespace keywright::command
