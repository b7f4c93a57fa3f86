// `keywright check`: decides records.
#include "files.h"
#include "messages.h"
#include "pack.h"
#include "progress.h"
#include "verbs.h"

#include "keywright/text.h"

#include <unistd.h>
#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace keywright::command {

namespace {

// The text of one input. It may hold secrets, so it is overwritten when it is done with.
class Input {
public:
    Input(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}
    Input(Input&&) noexcept = default;
    Input& operator=(Input&&) noexcept = default;
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    ~Input() { wipe(); }

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string_view text() const { return text_; }
    void wipe() {
        ::explicit_bzero(text_.data(), text_.size());
        text_.clear();
        text_.shrink_to_fit();
    }

private:
    std::string name_, text_;
};

[[nodiscard]] bool holds_lines(std::string_view name) { return name.ends_with(".ndjson") || name.ends_with(".jsonl"); }

// Everything is read before anything is decided: an answer about half of what was asked is easily taken for the whole.
[[nodiscard]] std::vector<Input> read_inputs(std::vector<std::string> names) {
    if (names.empty()) {
        if (::isatty(STDIN_FILENO) != 0) {
            fail(Status::kUsage, "there is nothing to check", "name a file, or `-` for standard input");
        }
        names.emplace_back("-");
    }
    if (std::count(names.begin(), names.end(), "-") > 1) fail(Status::kUsage, "standard input can be read only once");
    const std::size_t limit = Limits{}.document_bytes;
    std::vector<Input> inputs;
    for (const std::string& name : names) {
        const bool lines = holds_lines(name);
        std::string text = read_file(name, lines ? std::numeric_limits<std::size_t>::max() - 1 : limit);
        if (!lines && text.size() > limit) {
            fail(Status::kFile,
                 "`" + name + "` is larger than " + std::to_string(limit) + " bytes, the limit `document_bytes`",
                 "give the records one a line in a file named .ndjson or .jsonl");
        }
        inputs.emplace_back(name, std::move(text));
    }
    return inputs;
}

void refuse_unknown_adapter(const Rules& rules, const std::string& name) {
    const std::vector<std::string> names = rules.adapter_names();
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
    std::string help;
    if (const std::string near = closest_word(name, names); !near.empty()) {
        help = "did you mean `" + near + "`?";
    } else {
        for (const std::string& candidate : names) help += (help.empty() ? "there are `" : ", `") + candidate + '`';
    }
    fail(Status::kUsage, "the pack has no adapter `" + name + "`", std::move(help));
}

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

// Writes each record as it comes, except that a JSON document needs all of them.
class Writer {
public:
    Writer(const Settings& settings, Report report)
        : settings_(settings), report_(std::move(report)), out_(settings.output) {}

    void add(RecordReport&& record) {
        switch (settings_.format) {
            case Format::kPretty: pretty(record); return;
            case Format::kCompact: out_.write(to_compact(record)); return;
            case Format::kJson: report_.results.push_back(std::move(record)); return;
            case Format::kNdjson: out_.write(to_json_line(record) + '\n'); return;
            case Format::kGithub: out_.write(to_github(record)); return;
        }
    }

    void finish(const Summary& summary) {
        if (settings_.format == Format::kJson) out_.write(to_json(report_));
        if (settings_.format == Format::kPretty && !settings_.quiet) {
            if (written_) out_.write("\n");
            out_.write(to_pretty(summary, report_.rules, report_.evaluated_at, settings_.style));
        }
        out_.finish();
    }

private:
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
    Outcome outcome;
    Writer writer{settings, {rules.identity(), options.now, {}}};
    Progress progress{settings.progress};
    for (Input& input : inputs) {
        options.source = input.name();
        options.form = holds_lines(input.name()) ? CheckOptions::Form::kLines : CheckOptions::Form::kAuto;
        rules.check(input.text(), options, [&](RecordReport&& record) {
            outcome.add(record, settings.fail_on);
            if (settings.format == Format::kPretty) pack.relocate(record);  // no other format tells where rules stand
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
