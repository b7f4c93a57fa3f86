#include "inputs.h"

#include "files.h"
#include "messages.h"
#include "status.h"

#include "keywright/text.h"

#include <unistd.h>
#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace keywright::command {

void Input::wipe() {
    ::explicit_bzero(text_.data(), text_.size());
    text_.clear();
    text_.shrink_to_fit();
}

bool holds_lines(std::string_view name) { return name.ends_with(".ndjson") || name.ends_with(".jsonl"); }

// Everything is read before anything is decided: an answer about half of what was asked is easily taken for the whole.
std::vector<Input> read_inputs(std::vector<std::string> names) {
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

}  // namespace keywright::command
