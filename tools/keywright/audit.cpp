// `keywright audit`: decides inventories of any size, and tells what there is in them.
#include "audit_files.h"
#include "audit_progress.h"
#include "crew.h"
#include "files.h"
#include "inputs.h"
#include "messages.h"
#include "numbers.h"
#include "pack.h"
#include "streams.h"
#include "verbs.h"
#include "workers.h"

#include "keywright/render_audit.h"
#include "keywright/text.h"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>
#include <vector>

namespace keywright::command {

namespace {

using Results = AuditOptions::Results;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kBetweenCheckpoints{3};
// A line of one digit becomes a result of hundreds of bytes, so blocks are smaller where results are kept.
constexpr std::size_t kBlockWithResults = std::size_t{1} << 16;

[[nodiscard]] std::size_t number_or_zero(const std::string& name, const std::optional<std::string>& text,
                                         std::size_t otherwise, std::size_t most) {
    if (!text) return otherwise;
    return *text == "0" ? 0 : static_cast<std::size_t>(number_of(name, *text, most));
}

[[nodiscard]] Results results_of(const Arguments& arguments) {
    if (!arguments.results) {
        if (arguments.results_format)
            fail(Status::kUsage, "`--results-format` is about full results, and none are written",
                 "name a file with `--results`");
        return Results::kNone;
    }
    const std::string& path = *arguments.results;
    std::string format = arguments.results_format.value_or("");
    if (format.empty()) {
        format = holds_lines(path) ? "ndjson" : path.ends_with(".csv") ? "csv" : path.ends_with(".json") ? "json" : "";
        if (format.empty())
            fail(Status::kUsage, "the name `" + path + "` doesn't tell the format of the results",
                 "say it with `--results-format`: `ndjson`, `csv` or `json`");
    }
    if (format == "ndjson") return Results::kNdjson;
    if (format == "csv") return Results::kCsv;
    if (format == "json") return Results::kJson;
    fail(Status::kUsage, "`--results-format` can't be `" + format + "`", "it may be `ndjson`, `csv` or `json`");
}

// The name without what says how it is packed.
[[nodiscard]] bool holds_packed_lines(std::string_view name) {
    for (const std::string_view ending : {".gz", ".zst", ".zstd"}) {
        if (name.ends_with(ending)) return holds_lines(name.substr(0, name.size() - ending.size()));
    }
    return holds_lines(name);
}

class Run {
public:
    Run(const Arguments& arguments, const Settings& settings, const Pack& pack, std::vector<std::string> names)
        : arguments_(arguments), settings_(settings), pack_(pack), names_(std::move(names)) {
        options_.adapter = settings.input;
        options_.samples = number_or_zero("--samples", arguments.samples, options_.samples, 1000);
        options_.soonest = number_or_zero("--soonest", arguments.soonest, options_.soonest, 1'000'000);
        options_.digest = arguments.digest;
        options_.results = results_of(arguments);
        if (options_.results != Results::kNone) options_.block_bytes = kBlockWithResults;
        for (const std::string& name : names_) {
            for (const auto& written : {arguments.results, arguments.checkpoint, settings.output}) {
                if (written && name != "-" && is_same_file(name, *written))
                    fail(Status::kUsage, "`" + *written + "` is an input, and would be overwritten",
                         "choose another name");
            }
        }
        begin();
    }

    Status go() {
        crew_.emplace(*tally_, jobs_of(arguments_));
        std::size_t next = tally_->inputs();
        if (tally_->in_input()) {
            read(next - 1, tally_->position());
        }
        for (; next < names_.size() && !stopped_; ++next) {
            tally_->begin(names_[next]);
            read(next, {});
        }
        return finish();
    }

private:
    // From the beginning, or where a checkpoint was left.
    void begin() {
        std::optional<Checkpoint> before;
        if (arguments_.resume && !arguments_.checkpoint)
            fail(Status::kUsage, "`--resume` doesn't say where to go on", "name the file with `--checkpoint`");
        if (arguments_.checkpoint) {
            for (const std::string& name : names_) checkpoint_.inputs.push_back(identify(name));
            checkpoint_.results = arguments_.results.value_or("");
            if (arguments_.resume) before = read_checkpoint(*arguments_.checkpoint);
        }
        options_.now = before && !settings_.at ? parse_instant(before->at).value_or(Instant{}) : instant_of(settings_);
        checkpoint_.at = to_string(options_.now);
        auditor_.emplace(*pack_.compiled.rules, options_);
        tally_.emplace(*auditor_);
        if (before) take_up(*before);
        if (arguments_.results) {
            results_.emplace(*arguments_.results,
                             before ? std::optional<std::uint64_t>{before->results_size} : std::nullopt);
            if (!before) results_->write(tally_->results_head());
        }
    }

    void take_up(const Checkpoint& before) {
        const std::string help = "begin anew, without --resume";
        if (before.inputs.size() != checkpoint_.inputs.size() ||
            !std::equal(before.inputs.begin(), before.inputs.end(), checkpoint_.inputs.begin(),
                        [](const FileIdentity& a, const FileIdentity& b) { return a.path == b.path; }))
            fail(Status::kUsage, "the checkpoint is of an audit of other files", help);
        for (std::size_t i = 0; i < before.inputs.size(); ++i) {
            if (!(before.inputs[i] == checkpoint_.inputs[i]))
                fail(Status::kUsage, "`" + names_[i] + "` isn't what it was when the audit stopped", help);
        }
        if (before.results != checkpoint_.results)
            fail(Status::kUsage, "the checkpoint is of an audit with its results in another file", help);
        if (!tally_->load(before.tally))
            fail(Status::kUsage,
                 "the checkpoint is of an audit by other rules, with other options or at another instant", help);
    }

    void read(std::size_t number, const AuditPosition& from) {
        const std::string& name = names_[number];
        std::optional<AuditProblem> problem;
        bool complete = false;
        try {
            Stream stream{name};
            AuditInput input{*auditor_, name, holds_packed_lines(name), from};
            if (input.to_pass() > 0 && input.may_leave_out()) {
                if (stream.skip(input.to_pass())) input.leave_out();
            }
            complete = follow(stream, input);
            if (input.problem()) {
                problem = input.problem();
            } else if (stream.problem()) {
                problem = AuditProblem{"", *stream.problem(), ""};
            }
        } catch (const Failure& failure) {
            // It can't be opened, or an interrupt came while a pipe was waited for.
            if (was_interrupted()) {
                stopped_ = true;
            } else if (failure.status == Status::kFile) {
                problem = AuditProblem{"", failure.message, failure.help};
            } else {
                throw;
            }
        }
        // Where an interrupt came, the input isn't ended for those who go on.
        if (was_interrupted()) save();
        tally_->end(complete, problem);
        problem = tally_->problem();
        // A failure to write is told when all is.
        if (problem) show({Status::kFile, place(name, *problem), problem->help});
        if (!stopped_) save();
    }

    [[nodiscard]] static std::string place(const std::string& name, const AuditProblem& problem) {
        if (problem.message.find('`' + name + '`') != std::string::npos) return problem.message;
        return '`' + (name == "-" ? std::string{"standard input"} : name) +
               "`: " + (problem.code.empty() ? "" : problem.code + ": ") + problem.message;
    }

    // Reads, cuts, lets decide and adds up until the input ends. True: it was read to its end.
    [[nodiscard]] bool follow(Stream& stream, AuditInput& input) {
        bool ended = false, broken = false;
        progress_.begin(stream, tally_->records());
        while (true) {
            while (crew_->pending() >= crew_->most()) add(*crew_->take(true), input, broken);
            while (auto block = crew_->take(false)) add(std::move(*block), input, broken);
            if (broken || stopped_) break;
            if (auto block = input.next()) {
                crew_->give(std::move(*block));
                continue;
            }
            if (ended || input.problem()) break;
            const std::span<char> room = input.room();
            const std::size_t count = stream.read(room);
            if (count > 0) {
                input.add(count);
            } else {
                ended = true;
                if (stream.interrupted()) stopped_ = true;
                input.end(!stream.interrupted() && !stream.problem());
                // What was read is decided before the end.
                if (stopped_) {
                    while (auto block = input.next()) crew_->give(std::move(*block));
                }
            }
        }
        while (auto block = crew_->take(true)) add(std::move(*block), input, broken);
        progress_.end();
        return ended && !broken && !stopped_ && !stream.problem() && !input.problem();
    }

    void add(AuditBlock&& block, AuditInput& input, bool& broken) {
        if (!broken && !write_failure_) {
            if (!tally_->add(block)) broken = true;
            write_results(tally_->take_results());
            progress_.tell(tally_->records());
            if (arguments_.checkpoint && !broken && Clock::now() >= next_save_) save();
        }
        input.reuse(std::move(block));
    }

    void write_results(const std::string& text) {
        if (!results_ || text.empty()) return;
        try {
            results_->write(text);
        } catch (const Failure& failure) {
            write_failure_ = failure;
            stopped_ = true;
        }
    }

    void save() {
        if (!arguments_.checkpoint || write_failure_) return;
        try {
            if (results_) results_->sync();
            checkpoint_.results_size = results_ ? results_->size() : 0;
            checkpoint_.tally = tally_->save();
            write_checkpoint(*arguments_.checkpoint, checkpoint_);
        } catch (const Failure& failure) {
            write_failure_ = failure;
            stopped_ = true;
        }
        next_save_ = Clock::now() + kBetweenCheckpoints;
    }

    Status finish() {
        progress_.clear();
        AuditReport report = tally_->report();
        if (stopped_ || report.inputs.size() < names_.size()) report.complete = false;
        for (AuditSample& sample : report.samples) pack_.relocate(sample.record);
        if (results_ && !write_failure_) {
            try {
                results_->write(tally_->results_tail());
                results_->close();
            } catch (const Failure& failure) {
                write_failure_ = failure;
            }
        }
        Output out{settings_.output};
        out.write(text_of(report));
        out.finish();
        if (!settings_.quiet) progress_.tell_rate(tally_->records());
        if (was_interrupted() && !report.complete) {
            std::string help;
            if (arguments_.checkpoint) help = "go on with `--resume --checkpoint " + *arguments_.checkpoint + '`';
            show({Status::kUndetermined,
                  "interrupted: what is told is of the " + std::to_string(report.records) + " records before", help});
        }
        if (write_failure_) show(*write_failure_);
        const bool failed = std::any_of(report.inputs.begin(), report.inputs.end(),
                                        [](const AuditedInput& input) { return input.problem.has_value(); });
        if (failed || write_failure_) return Status::kFile;
        if (settings_.fail_on && report.violates(*settings_.fail_on)) return Status::kFindings;
        return report.is_open() || !report.complete ? Status::kUndetermined : Status::kClean;
    }

    [[nodiscard]] std::string text_of(const AuditReport& report) const {
        if (settings_.own_format == "markdown") return to_markdown(report);
        if (settings_.own_format == "html") return to_html(report);
        if (settings_.format == Format::kJson) return to_json(report);
        if (!settings_.quiet) return to_pretty(report, settings_.style);
        std::string out;
        for (const AuditSample& sample : report.samples) {
            if (!out.empty()) out += '\n';
            out += to_pretty(sample.record, report.rules, report.evaluated_at, settings_.style);
        }
        return out;
    }

    const Arguments& arguments_;
    const Settings& settings_;
    const Pack& pack_;
    std::vector<std::string> names_;
    AuditOptions options_;
    std::optional<Auditor> auditor_;
    std::optional<AuditTally> tally_;
    std::optional<Crew> crew_;
    std::optional<ResultsFile> results_;
    Checkpoint checkpoint_;
    Clock::time_point next_save_ = Clock::now() + kBetweenCheckpoints;
    AuditProgress progress_{settings_.progress, names_};
    std::optional<Failure> write_failure_;
    bool stopped_ = false;  // nothing more is read
};

}  // namespace

Status run_audit(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    std::vector<std::string> names = arguments.words;
    if (names.empty()) {
        if (::isatty(STDIN_FILENO) != 0)
            fail(Status::kUsage, "there is nothing to audit", "name a file, or `-` for standard input");
        names.emplace_back("-");
    }
    if (std::count(names.begin(), names.end(), "-") > 1) fail(Status::kUsage, "standard input can be read only once");
    const Pack pack = load_pack(settings);
    refuse_unknown_adapter(*pack.compiled.rules, settings.input);
    // A name that is mistyped shall not be found out after hours.
    for (const std::string& name : names) {
        if (name == "-") continue;
        if (is_folder(name)) fail(Status::kFile, "`" + name + "` can't be read: it is a folder");
        if (::access(name.c_str(), R_OK) != 0) fail(Status::kFile, "`" + name + "` can't be read: " + reason_of(errno));
    }
    heed_interrupts();
    return Run{arguments, settings, pack, std::move(names)}.go();
}

}  // namespace keywright::command
