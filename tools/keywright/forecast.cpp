// `keywright forecast`: when what `check` says will change.
#include "files.h"
#include "inputs.h"
#include "pack.h"
#include "progress.h"
#include "verbs.h"

#include "keywright/forecast.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace keywright::command {

namespace {

// What the exit status hangs on: the worst that `check` would say of any record from now to the end of `--within`, or
// now alone where no span is given.
class Outcome {
public:
    Outcome(std::optional<Severity> fail_on, bool ahead) : fail_on_(fail_on), ahead_(ahead) {}

    void add(const RecordForecast& record) {
        if (record.verdict == Verdict::kInvalid || !record.complete) open_ = true;
        for (const RuleStanding& rule : record.now) add(rule.standing, rule.severity);
        if (!ahead_) return;
        for (const RuleChange& change : record.changes) add(change.to, change.severity);
        for (const VerdictChange& change : record.verdicts) open_ = open_ || change.to == Verdict::kInvalid;
    }

    [[nodiscard]] Status status() const {
        if (findings_) return Status::kFindings;
        return open_ ? Status::kUndetermined : Status::kClean;
    }

private:
    void add(Standing standing, Severity severity) {
        switch (standing) {
            case Standing::kNotApplicable:
            case Standing::kExempt:
            case Standing::kPass: return;
            case Standing::kWarning:
            case Standing::kViolated: findings_ = findings_ || (fail_on_ && severity >= *fail_on_); return;
            case Standing::kPerhapsWarning:
            case Standing::kUndetermined: open_ = true; return;
        }
    }

    std::optional<Severity> fail_on_;
    bool ahead_;
    bool findings_ = false;
    bool open_ = false;
};

[[nodiscard]] std::optional<Duration> within_of(const Arguments& arguments) {
    if (!arguments.within) return std::nullopt;
    const std::optional<Duration> within = parse_duration(*arguments.within);
    if (!within) {
        fail(Status::kUsage, "`" + *arguments.within + "` in `--within` is not a duration",
             "write it as in `14d`, `36 hours` or `P14D`");
    }
    return within;
}

}  // namespace

Status run_forecast(const Arguments& arguments) {
    // A calendar is a format of this verb alone.
    const bool calendar = arguments.format == "ics";
    Arguments rest = arguments;
    if (calendar) rest.format = "json";
    const Settings settings = settle(rest);
    if (settings.format == Format::kGithub) {
        fail(Status::kUsage, "a forecast has no format `github`",
             "it may be `pretty`, `compact`, `json`, `ndjson` or `ics`");
    }
    ForecastOptions options;
    options.within = within_of(arguments);
    const Pack pack = load_pack(settings);
    const Rules& rules = *pack.compiled.rules;
    refuse_unknown_adapter(rules, settings.input);
    std::vector<Input> inputs = read_inputs(arguments.words);

    options.now = instant_of(settings);
    options.adapter = settings.input;
    Outcome outcome{settings.fail_on, options.within.has_value()};
    Forecast all;
    std::vector<RecordForecast> results;
    Output out{settings.output};
    Progress progress{settings.progress};
    std::size_t count = 0;
    for (Input& input : inputs) {
        options.source = input.name();
        options.form = holds_lines(input.name()) ? CheckOptions::Form::kLines : CheckOptions::Form::kAuto;
        all = forecast(rules, input.text(), options, [&](RecordForecast&& record) {
            outcome.add(record);
            if (settings.format == Format::kNdjson) {
                out.write(to_json_line(record) + '\n');
            } else {
                results.push_back(std::move(record));
            }
            progress.tell(++count);
        });
        input.wipe();
    }
    progress.clear();
    all.results = std::move(results);
    switch (settings.format) {
        case Format::kPretty: out.write(to_pretty(all, settings.style)); break;
        case Format::kCompact: out.write(to_compact(all)); break;
        case Format::kJson: out.write(calendar ? to_icalendar(all) : to_json(all)); break;
        case Format::kNdjson:
        case Format::kGithub: break;
    }
    out.finish();
    return outcome.status();
}

}  // namespace keywright::command
