#include "messages.h"

#include "keywright/text.h"

#include <unistd.h>
#include <cerrno>

namespace keywright::command {

namespace {

constexpr std::size_t kLimit = 2000;  // characters of a message

}  // namespace

void write_error(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void show(const Failure& failure) {
    if (failure.message.empty()) return;
    std::string text = "keywright: " + printable(failure.message, kLimit) + '\n';
    if (!failure.help.empty()) text += "    help: " + printable(failure.help, kLimit) + '\n';
    write_error(text);
}

void show(const Diagnostic& diagnostic, const std::vector<Compiled::File>& files, const Settings& settings) {
    switch (settings.format) {
        case Format::kPretty: write_error(to_pretty(diagnostic, files, settings.messages) + '\n'); return;
        case Format::kCompact: write_error(to_compact(diagnostic)); return;
        case Format::kJson:
        case Format::kNdjson: write_error(to_json_line(diagnostic) + '\n'); return;
        case Format::kGithub: write_error(to_github(diagnostic)); return;
    }
}

}  // namespace keywright::command
