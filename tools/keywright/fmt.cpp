// `keywright fmt`: formats rule files.
#include "files.h"
#include "messages.h"
#include "settings.h"
#include "verbs.h"

#include "keywright/text.h"

namespace keywright::command {

namespace {

[[nodiscard]] std::vector<std::string> files_of(const std::vector<std::string>& paths) {
    std::vector<std::string> out;
    for (const std::string& path : paths) {
        if (path == "-" || !is_folder(path)) {
            out.push_back(path);
            continue;
        }
        const std::vector<std::string> found = rule_files(path);
        if (found.empty()) fail(Status::kUsage, "there is no rule file in `" + path + "`", "rule files end in .kw");
        out.insert(out.end(), found.begin(), found.end());
    }
    return out;
}

}  // namespace

Status run_fmt(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    std::vector<std::string> paths = arguments.words;
    if (paths.empty()) paths.push_back(rules_folder(settings));
    const bool only_look = arguments.check || arguments.diff;
    bool has_errors = false;
    bool differs = false;
    Output out{{}};
    for (const std::string& path : files_of(paths)) {
        const std::string before = read_file(path, Limits{}.rule_file_bytes);
        const Formatted formatted = format(before, path);
        for (const Diagnostic& diagnostic : formatted.diagnostics) {
            if (settings.quiet && diagnostic.severity != Severity::kError) continue;
            show(diagnostic, {{path, before}}, settings);
        }
        if (!formatted.text) {
            has_errors = true;
            continue;
        }
        const bool changes = *formatted.text != before;
        differs = differs || changes;
        if (path == "-" && !only_look) {
            out.write(*formatted.text);
        } else if (arguments.diff) {
            out.write(unified_diff(path, before, *formatted.text));
        } else if (arguments.check) {
            if (changes) out.write(printable_line(path) + '\n');
        } else if (changes) {
            write_file(path, *formatted.text);
        }
    }
    out.finish();
    if (has_errors) return Status::kRuleErrors;
    return only_look && differs ? Status::kFindings : Status::kClean;
}

}  // namespace keywright::command
