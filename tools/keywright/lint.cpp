// `keywright lint`: audits rule files.
#include "entries.h"
#include "files.h"
#include "hidden_values.h"
#include "messages.h"
#include "numbers.h"
#include "verbs.h"

#include "keywright/lint.h"
#include "keywright/render_reports.h"
#include "keywright/text.h"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace keywright::command {

namespace {

constexpr std::size_t kMostOfBaseline = std::size_t{16} << 20U;  // bytes

void relocate(const Pack& pack, LintReport& report) {
    for (LintFinding& finding : report.findings) {
        pack.relocate(finding.diagnostic);
        if (finding.allowed) pack.relocate(finding.allowed->range);
    }
}

struct Audited {
    std::vector<Pack> packs;
    std::vector<LintReport> reports;  // of each pack; places as the library names them
};

[[nodiscard]] Audited audit(const Arguments& arguments, Settings settings) {
    settings.quiet = true;  // warnings of compiling are findings here, and told once
    Audited out;
    out.packs = compile_all(find_packs(paths_of(arguments, settings)), settings, "nothing was audited");
    LintOptions options;
    options.now = instant_of(settings);
    options.budget = budget_of(arguments);
    for (const Pack& pack : out.packs) out.reports.push_back(lint_rules(pack.compiled, options));
    return out;
}

// Packs may share files, so that what several of them say of one is fixed, or shown, once.
class Fixing {
public:
    explicit Fixing(const Audited& audited) {
        for (std::size_t i = 0; i < audited.packs.size(); ++i) {
            const Pack& pack = audited.packs[i];
            FixedFiles fixed = apply_fixes(pack.compiled, audited.reports[i]);
            for (Compiled::File& file : fixed.files) {
                const std::string path = pack.located(file.path);
                for (const Compiled::File& before : pack.compiled.files) {
                    if (before.path == path) files_.try_emplace(path, before.text, std::move(file.text));
                }
            }
        }
    }

    [[nodiscard]] bool empty() const { return files_.empty(); }
    void write() const {
        for (const auto& [path, texts] : files_) write_file(path, texts.second);
    }
    void show(Output& out) const {
        for (const auto& [path, texts] : files_)
            out.write(unified_diff(path, without_values(texts.first), without_values(texts.second)));
    }
    [[nodiscard]] std::size_t size() const { return files_.size(); }

private:
    std::map<std::string, std::pair<std::string, std::string>> files_;  // by path, before and after
};

void use_baseline(const std::string& path, std::vector<LintReport>& reports, const Settings& settings) {
    const BaselineUse use = apply_baseline(reports, read_file(path, kMostOfBaseline));
    if (!use.error.empty()) {
        fail(Status::kUsage, "`" + path + "` is not a baseline: " + use.error,
             "`keywright lint --baseline FILE --update` writes one");
    }
    if (use.gone.empty() || settings.quiet) return;
    write_error("keywright: findings of `" + path + "` that are gone: " + std::to_string(use.gone.size()) +
                "; `--update` writes it anew without them\n");
}

void show(const Audited& audited, const Settings& settings, Output& out) {
    std::vector<LintReport> reports = audited.reports;
    std::vector<Compiled::File> sources;
    std::set<std::string> known;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        relocate(audited.packs[i], reports[i]);
        for (const Compiled::File& file : audited.packs[i].compiled.files) {
            if (known.insert(file.path).second) sources.push_back(file);
        }
    }
    if (settings.own_format == "sarif") return out.write(to_sarif(reports, sources));
    // Findings are shown with the lines that they stand in, to more people than those who may read the files. (SARIF
    // shows no lines, and counts characters.)
    for (Compiled::File& file : sources) file.text = without_values(std::move(file.text));
    if (settings.own_format == "junit") return out.write(to_junit(reports));
    if (settings.own_format == "markdown") return out.write(to_markdown(reports));
    if (settings.own_format == "html") return out.write(to_html(reports, sources));
    switch (settings.format) {
        case Format::kPretty:
            for (const LintReport& report : reports) out.write(to_pretty(report, sources, settings.style));
            return;
        case Format::kCompact:
            for (const LintReport& report : reports) out.write(to_compact(report));
            return;
        case Format::kJson: return out.write(to_json(reports));
        case Format::kNdjson:
            for (const LintReport& report : reports) {
                for (const LintFinding& finding : report.findings) out.write(to_json_line(finding) + '\n');
            }
            return;
        case Format::kGithub: {
            GithubAnnotations annotations;
            for (const LintReport& report : reports) annotations.add(to_github(report));
            return out.write(annotations.text());
        }
    }
}

[[nodiscard]] Status status_of(const std::vector<LintReport>& reports, const Settings& settings) {
    bool undecided = false;
    for (const LintReport& report : reports) {
        undecided = undecided || !report.undecided.empty();
        for (const LintFinding& finding : report.findings) {
            if (finding.counts() && settings.fail_on && finding.diagnostic.severity >= *settings.fail_on)
                return Status::kFindings;
        }
    }
    return undecided ? Status::kUndetermined : Status::kClean;
}

}  // namespace

Status run_lint(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    if (arguments.diff && !arguments.fix) {
        fail(Status::kUsage, "`--diff` shows what `--fix` would change, and `--fix` isn't there", "give both");
    }
    if (arguments.update && !arguments.baseline) {
        fail(Status::kUsage, "`--update` writes a baseline, and there is no `--baseline`",
             "name the file with `--baseline`");
    }
    Audited audited = audit(arguments, settings);
    if (arguments.baseline && !arguments.update) use_baseline(*arguments.baseline, audited.reports, settings);
    Output out{settings.output};
    if (arguments.fix) {
        const Fixing fixing{audited};
        if (arguments.diff) {
            fixing.show(out);
            out.finish();
            return fixing.empty() || !settings.fail_on ? Status::kClean : Status::kFindings;
        }
        fixing.write();
        if (!fixing.empty()) {
            if (!settings.quiet)
                write_error("keywright: files that were fixed: " + std::to_string(fixing.size()) + "\n");
            audited = audit(arguments, settings);
            if (arguments.baseline && !arguments.update) use_baseline(*arguments.baseline, audited.reports, settings);
        }
    }
    if (arguments.update) {
        const std::string baseline = to_baseline(audited.reports);
        write_file(*arguments.baseline, baseline);
        use_baseline(*arguments.baseline, audited.reports, settings);
    }
    show(audited, settings, out);
    out.finish();
    return status_of(audited.reports, settings);
}

}  // namespace keywright::command
