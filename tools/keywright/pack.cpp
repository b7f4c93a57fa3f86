#include "pack.h"

#include "files.h"
#include "messages.h"
#include "signing.h"
#include "status.h"

#include <algorithm>

namespace keywright::command {

std::string Pack::located(const std::string& file) const {
    // A value given with `--set` is compiled as a file whose name says so.
    return file.empty() || file.starts_with("--set ") ? file : seen_from_here(root, file);
}

void Pack::relocate(Diagnostic& diagnostic) const {
    for (Label& label : diagnostic.labels) relocate(label.range);
    if (diagnostic.fix) relocate(diagnostic.fix->range);
}

void Pack::relocate(SourceRange& range) const { range.file = located(range.file); }

void Pack::relocate(RecordReport& record) const {
    for (Violation& violation : record.violations) relocate(violation.rule_range);
}

std::vector<std::string> waiver_files(const std::vector<std::string>& paths) {
    std::vector<std::string> out;
    for (const std::string& path : paths) {
        if (!is_folder(path)) {
            out.push_back(path);
            continue;
        }
        const std::vector<std::string> files = rule_files(path);
        // A folder that was emptied by mistake must not look like one whose waivers don't apply.
        if (files.empty()) fail(Status::kFile, "`" + path + "` has no file of waivers", "their names end in `.kw`");
        out.insert(out.end(), files.begin(), files.end());
    }
    return out;
}

Pack compile_pack(const std::string& path, const Settings& settings, const std::vector<std::string>& also,
                  Scope scope) {
    Pack pack;
    pack.root = find_root(path);
    CompileOptions options;
    options.params = settings.params;
    options.root = pack.root;
    options.also = also;
    options.waivers = waiver_files(settings.waivers);
    pack.compiled = compile_path(path, options);
    Compiled& compiled = pack.compiled;
    if (!compiled.unreadable.empty()) {
        std::string reasons;
        for (const std::string& reason : compiled.unreadable) reasons += (reasons.empty() ? "" : "; ") + reason;
        fail(Status::kFile, "the rules can't be read: " + reasons);
    }
    require_signature(compiled, pack.root, settings, scope);
    for (Diagnostic& diagnostic : compiled.diagnostics) pack.relocate(diagnostic);
    if (!compiled.files.empty()) pack.entry = compiled.files.front().path;
    for (Compiled::File& file : compiled.files) file.path = pack.located(file.path);
    return pack;
}

void DiagnosticsShown::show(const Pack& pack) {
    for (const Diagnostic& diagnostic : pack.compiled.diagnostics) {
        if (settings_.quiet && diagnostic.severity != Severity::kError) continue;
        if (!shown_.insert(to_json_line(diagnostic)).second) continue;
        command::show(diagnostic, pack.compiled.files, settings_);
    }
}

Pack load_pack(const Settings& settings) {
    Pack pack = compile_pack(rules_path(settings), settings, {}, Scope::kPack);
    DiagnosticsShown{settings}.show(pack);
    if (!pack.compiled.rules) {
        const bool unsigned_rules =
            settings.require_signature &&
            std::any_of(pack.compiled.diagnostics.begin(), pack.compiled.diagnostics.end(),
                        [](const Diagnostic& diagnostic) { return diagnostic.code.starts_with("KW8"); });
        fail(Status::kRuleErrors, unsigned_rules ? "the rules can't be trusted, so nothing is decided"
                                                 : "the rules have errors, so nothing is decided");
    }
    return pack;
}

}  // namespace keywright::command
