// The `keywright` command: reads the command line, runs one verb, and turns whatever happens into an exit status.
#include "arguments.h"
#include "files.h"
#include "messages.h"
#include "verbs.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <csignal>
#include <exception>

namespace keywright::command {

namespace {

// A reader that has seen enough ends the program, as it does any other in a pipeline.
void prepare_streams() {
    std::signal(SIGPIPE, SIG_DFL);
    // Without this a file opened later could become standard output. Opened for reading, /dev/null refuses what is
    // written, so that results can't be lost in silence.
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
        if (::fcntl(stream, F_GETFD) == -1) (void)::open("/dev/null", O_RDONLY);
    }
}

// Records may hold secrets in plain text; an image of the memory must not keep them.
void forbid_core_dumps() {
    const rlimit none{0, 0};
    (void)::setrlimit(RLIMIT_CORE, &none);
}

Status run(int count, const char* const* words) {
    const Parsed parsed = parse_arguments(count, words);
    if (parsed.text) {
        Output out{{}};
        out.write(*parsed.text);
        out.finish();
        return Status::kClean;
    }
    struct Entry {
        std::string_view verb;
        Status (*run)(const Arguments&);
    };
    static constexpr Entry kEntries[] = {
        {"check", run_check},       {"why", run_why},
        {"forecast", run_forecast}, {"repair", run_repair},
        {"guide", run_guide},       {"test", run_test},
        {"prove", run_prove},       {"lint", run_lint},
        {"trace", run_trace},       {"diff", run_diff},
        {"fmt", run_fmt},           {"explain", run_explain},
        {"schema", run_schema},     {"completion", run_completion},
        {"version", run_version},   {"embed", run_embed},
        {"verify", run_verify},     {"sign", run_sign},
        {"init", run_init},         {"audit", run_audit},
    };
    for (const Entry& entry : kEntries) {
        if (entry.verb == parsed.arguments.verb) return entry.run(parsed.arguments);
    }
    fail(Status::kFault, "`" + parsed.arguments.verb + "` is declared but not made");
}

}  // namespace

}  // namespace keywright::command

int main(int count, char** words) {
    using keywright::command::Failure;
    using keywright::command::Status;
    Status status = Status::kFault;
    try {
        keywright::command::prepare_streams();
        keywright::command::forbid_core_dumps();
        status = keywright::command::run(count, words);
    } catch (const Failure& failure) {
        keywright::command::show(failure);
        status = failure.status;
    } catch (const std::exception&) {
        // What the exception says is not shown: it might quote a record.
        keywright::command::write_error(
            "keywright: our own fault: an unexpected exception, such as memory running out\n");
    }
    return static_cast<int>(status);
}
