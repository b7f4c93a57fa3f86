// `keywright test`: runs the tests of rule files, and snapshot tests.
#include "files.h"
#include "messages.h"
#include "test_coverage.h"
#include "test_generate.h"
#include "test_mutation.h"
#include "test_session.h"
#include "verbs.h"
#include "watcher.h"

#include "keywright/text.h"

#include <unistd.h>
#include <string_view>
#include <utility>

namespace keywright::command {

namespace {

using Round = TestSession::Round;

void write_each(Output& out, const std::vector<TestedPack>& run, const Settings& settings) {
    for (const TestedPack& tested : run) {
        for (const TestResult& test : tested.tests) {
            switch (settings.format) {
                case Format::kPretty:
                    if (!test.passed) out.write(to_pretty(test, settings.style) + '\n');
                    break;
                case Format::kCompact: out.write(to_compact(test)); break;
                case Format::kJson: break;
                case Format::kNdjson: out.write(to_json_line(test) + '\n'); break;
                case Format::kGithub: out.write(to_github(test)); break;
            }
        }
    }
}

// What was recorded is for whoever looks at the terminal; it is no result.
void tell_recorded(const Round& round) {
    for (const TestSession::Recorded& recorded : round.recorded) {
        write_error("recorded " + printable(recorded.path) + (recorded.difference.empty() ? ", which is new\n" : "\n"));
        write_error(recorded.difference);
    }
}

void write(Output& out, const Round& round, const Settings& settings) {
    if (settings.own_format == "junit") {
        out.write(to_junit(round.run));
    } else if (settings.own_format == "tap") {
        out.write(to_tap(round.run));
    } else {
        if (settings.format == Format::kJson) out.write(to_json(round.run));
        write_each(out, round.run, settings);
        if (settings.format == Format::kPretty && !settings.quiet) out.write(to_pretty(round.run, settings.style));
    }
    const bool has_summary =
        settings.own_format.empty() && settings.format != Format::kCompact && settings.format != Format::kGithub;
    if (!settings.quiet && !has_summary) write_error(to_pretty(round.run, settings.messages));
    if (!settings.quiet) tell_recorded(round);
}

void show_diagnostics(const Round& round, const Settings& settings) {
    DiagnosticsShown shown{settings};
    for (const Pack* pack : round.compiled) shown.show(*pack);
}

// Shows what a round yields. Nothing is run where a file has errors: a run without that file's tests would say less
// than it seems to.
void show(Output& out, const Round& round, const Settings& settings) {
    show_diagnostics(round, settings);
    if (round.has_errors) fail(Status::kRuleErrors, "rule files have errors, so no test was run");
    write(out, round, settings);
}

[[nodiscard]] Status finish(const Round& round, const Settings& settings) {
    Output out{settings.output};
    show(out, round, settings);
    out.finish();
    return round.has_failed() && settings.fail_on ? Status::kFindings : Status::kClean;
}

// The same, and then what the tests cover; as a document of its own where that is asked for.
[[nodiscard]] Status finish_with_coverage(const Round& round, const Arguments& arguments, const Settings& settings) {
    Output out{settings.output};
    if (is_coverage_alone(settings) && !round.has_errors) {
        show_diagnostics(round, settings);
        for (const TestedPack& tested : round.run) {
            for (const TestResult& test : tested.tests) write_error(to_compact(test));
        }
    } else {
        show(out, round, settings);
    }
    const bool covered = write_coverage(out, paths_of(arguments, settings), arguments, settings);
    out.finish();
    return (round.has_failed() || !covered) && settings.fail_on ? Status::kFindings : Status::kClean;
}

// A screen that shows the last run alone; what is piped somewhere shows them all.
void clear_screen(const Settings& settings) {
    if (settings.output || ::isatty(STDOUT_FILENO) == 0) return;
    Output out{{}};
    out.write("\x1b[H\x1b[2J\x1b[3J");
    out.finish();
}

void tell_watching(const Round& round, const TestSession& session, const Settings& settings) {
    if (settings.quiet) return;
    const std::size_t kept = round.kept();
    write_error(std::to_string(round.tests() - kept) + " run, " + std::to_string(kept) + " unaffected; watching " +
                std::to_string(session.files().size()) + " files\n");
}

[[nodiscard]] Status watch(TestSession& session, const Settings& settings) {
    Watcher watcher{settings.by_polling};
    Status last = Status::kClean;
    std::string said;  // the message of a round that came to nothing
    for (bool is_first = true;; is_first = false) {
        try {
            const Round round = session.run();
            if (is_first || round.changed || (!said.empty() && !round.has_errors)) {
                if (!is_first) clear_screen(settings);
                said.clear();
                last = finish(round, settings);
                tell_watching(round, session, settings);
            }
        } catch (const Failure& failure) {
            // Mistakes of files are mended while we wait, those of the command line aren't.
            if (is_first && failure.status != Status::kRuleErrors) throw;
            if (said != failure.message || failure.status == Status::kRuleErrors) show(failure);
            said = failure.message;
            last = failure.status;
        }
        watcher.watch(session.files(), session.folders());
        if (!watcher.wait()) return last;
    }
}

}  // namespace

Status run_test(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    if (arguments.generate) return run_generate(arguments, settings);
    if (arguments.mutants) return run_mutants(arguments, settings);
    const bool with_coverage = wants_coverage(arguments, settings);
    if (arguments.watch && arguments.update)
        fail(Status::kUsage, "`--watch` and `--update` don't go together",
             "record once, and look at what is recorded, with `--update` alone");
    TestSession session{arguments, settings};
    if (arguments.watch) return watch(session, settings);
    if (!with_coverage) return finish(session.run(), settings);
    return finish_with_coverage(session.run(), arguments, settings);
}

}  // namespace keywright::command
