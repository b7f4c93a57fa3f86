// `keywright check`: decides records.
#include "files.h"
#include "inputs.h"
#include "pack.h"
#include "progress.h"
#include "verbs.h"

#include <utility>
#include <vector>

namespace keywright::command {

namespace {

// What the exit status hangs on, gathered record by record.
class Outcome {
public:
    void add(const RecordReport& record, std::optional<Severity> fail_on) {
        ++summary_.records;
        switch (record.verdict) {
            case Verdict::kCompliant: ++summary_.compliant; break;
            case Verdict::kViolation: ++summary_.violation; break;
            case Verdict::kUndetermined: ++summary_.undetermined; break;
            case Verdict::kInvalid: ++summary_.invalid; break;
        }
        for (const Violation& violation : record.violations) {
            ++summary_.by_rule[violation.rule];
            if (fail_on && violation.severity >= *fail_on) findings_ = true;
        }
        if (is_waived(record)) ++summary_.waived;
        // A rule of any severity that can't be decided is one more thing that isn't known to be in order.
        if (record.verdict == Verdict::kInvalid || !record.undetermined.empty()) open_ = true;
    }
    [[nodiscard]] const Summary& summary() const { return summary_; }
    [[nodiscard]] Status status() const {
        if (findings_) return Status::kFindings;
        return open_ ? Status::kUndetermined : Status::kClean;
    }

private:
    Summary summary_;
    bool findings_ = false;
    bool open_ = false;
};

// Writes each record as it comes, except that a document needs all of them.
class Writer {
public:
    Writer(const Settings& settings, Report report, const std::vector<Compiled::File>& sources)
        : settings_(settings), report_(std::move(report)), sources_(sources), out_(settings.output) {}

    void add(RecordReport&& record) {
        if (!settings_.own_format.empty()) {
            report_.results.push_back(std::move(record));
            return;
        }
        switch (settings_.format) {
            case Format::kPretty: pretty(record); return;
            case Format::kCompact: out_.write(to_compact(record)); return;
            case Format::kJson: report_.results.push_back(std::move(record)); return;
            case Format::kNdjson: out_.write(to_json_line(record) + '\n'); return;
            case Format::kGithub: annotations_.add(to_github(record)); return;
        }
    }

    void add(InputEvidence&& input) { report_.evidence->inputs.push_back(std::move(input)); }

    void finish(const Summary& summary) {
        if (!settings_.own_format.empty()) {
            out_.write(document());
        } else if (settings_.format == Format::kJson) {
            out_.write(to_json(report_));
        } else if (settings_.format == Format::kGithub) {
            out_.write(annotations_.text());
        } else if (settings_.format == Format::kPretty && !settings_.quiet) {
            if (written_) out_.write("\n");
            out_.write(to_pretty(summary, report_.rules, report_.evaluated_at, settings_.style));
            out_.write(to_pretty(*report_.evidence, report_.rules, settings_.style));
        }
        out_.finish();
    }

private:
    [[nodiscard]] std::string document() const {
        if (settings_.own_format == "sarif") return to_sarif(report_, sources_);
        if (settings_.own_format == "junit") return to_junit(report_);
        if (settings_.own_format == "markdown") return to_markdown(report_);
        return to_html(report_);
    }

    void pretty(const RecordReport& record) {
        const bool has_findings =
            record.verdict != Verdict::kCompliant || !record.violations.empty() || !record.undetermined.empty();
        if (settings_.quiet && !has_findings) return;
        if (written_) out_.write("\n");
        out_.write(to_pretty(record, report_.rules, report_.evaluated_at, settings_.style));
        written_ = true;
    }

    const Settings& settings_;
    Report report_;
    const std::vector<Compiled::File>& sources_;
    GithubAnnotations annotations_;
    Output out_;
    bool written_ = false;
};

Status dump(const Rules& rules, const Settings& settings) {
    Output out{settings.output};
    out.write(rules.dump());
    out.finish();
    return Status::kClean;
}

}  // namespace

Status run_check(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    const Pack pack = load_pack(settings);
    const Rules& rules = *pack.compiled.rules;
    if (arguments.dump_ir) return dump(rules, settings);
    refuse_unknown_adapter(rules, settings.input);
    std::vector<Input> inputs = read_inputs(arguments.words);

    CheckOptions options;
    options.now = instant_of(settings);
    options.adapter = settings.input;
    options.suggest = arguments.suggest;
    Outcome outcome;
    Writer writer{settings,
                  {rules.identity(), options.now, {}, evidence_of(rules, options), rules.waivers()},
                  pack.compiled.files};
    Progress progress{settings.progress};
    for (Input& input : inputs) {
        options.source = input.name();
        options.form = holds_lines(input.name()) ? CheckOptions::Form::kLines : CheckOptions::Form::kAuto;
        writer.add(input_evidence(input.text(), options));
        rules.check(input.text(), options, [&](RecordReport&& record) {
            outcome.add(record, settings.fail_on);
            if (settings.format == Format::kPretty) pack.relocate(record);  // for documents, too
            writer.add(std::move(record));
            progress.tell(outcome.summary().records);
        });
        input.wipe();
    }
    progress.clear();
    writer.finish(outcome.summary());
    return outcome.status();
}

}  // namespace keywright::command
