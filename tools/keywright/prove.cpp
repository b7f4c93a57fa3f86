// `keywright prove`: decides what rule files claim, and what they leave unsaid.
#include "entries.h"
#include "files.h"
#include "messages.h"
#include "numbers.h"
#include "verbs.h"

#include "keywright/render_analysis.h"
#include "keywright/text.h"

#include <set>
#include <utility>

namespace keywright::command {

namespace {

[[nodiscard]] ProvedPack prove_one(const Entry& entry, const Pack& pack, const AnalysisBudget& budget) {
    const Rules& rules = *pack.compiled.rules;
    ProvedPack proved;
    proved.entry = entry.path;
    proved.rules = rules.identity();
    const std::string own = pack.compiled.files.empty() ? std::string{} : pack.compiled.files.front().path;
    for (ProofResult& proof : prove(rules, budget)) {
        pack.relocate(proof.range);
        if (!entry.own_only || proof.range.file == own) proved.proofs.push_back(std::move(proof));
    }
    return proved;
}

// Gaps and findings of each pack that was named, once.
[[nodiscard]] ProvedPack question_one(const std::string& path, const Settings& settings, const Arguments& arguments,
                                      const AnalysisBudget& budget) {
    const Pack pack = compile_pack(path, settings);
    DiagnosticsShown{settings}.show(pack);
    if (!pack.compiled.rules) fail(Status::kRuleErrors, "rule files have errors, so nothing was decided");
    ProvedPack out;
    out.entry = path;
    out.rules = pack.compiled.rules->identity();
    if (arguments.gaps) {
        out.gaps = gaps(*pack.compiled.rules, budget);
        for (Gap& gap : out.gaps) pack.relocate(gap.range);
    }
    if (arguments.findings) {
        out.findings = find_defects(*pack.compiled.rules, budget);
        for (Finding& finding : out.findings.findings) pack.relocate(finding.range);
    }
    return out;
}

// The proofs of all packs as scripts for an SMT solver, each under a comment that names it.
[[nodiscard]] Status write_questions(const Arguments& arguments, const Settings& settings) {
    if (arguments.gaps || arguments.findings)
        fail(Status::kUsage, "`--smtlib` is about `prove` statements, so it goes without `--gaps` and `--findings`");
    const std::vector<Entry> entries = find_entries(paths_of(arguments, settings));
    const std::vector<Pack> packs = compile_all(entries, settings, "nothing was written");
    std::string text;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Rules& rules = *packs[i].compiled.rules;
        const std::string own = packs[i].compiled.files.empty() ? std::string{} : packs[i].compiled.files.front().path;
        for (ProofScript& script : proof_scripts(rules)) {
            packs[i].relocate(script.range);
            if (entries[i].own_only && script.range.file != own) continue;
            if (script.smtlib.empty())
                fail(Status::kUsage, "this build has no SMT solver, which writes the questions down",
                     "build it with `-DKEYWRIGHT_WITH_Z3=ON`");
            text += (text.empty() ? "" : "\n") + std::string{"; "} + printable(script.name) + "  " +
                    printable(script.range.file) + ":" + std::to_string(script.range.line) + "\n" + script.smtlib;
        }
    }
    if (text.empty()) fail(Status::kUsage, "there is no `prove` statement here");
    Output out{settings.output};
    out.write(text);
    out.finish();
    return Status::kClean;
}

[[nodiscard]] Status status_of(const std::vector<ProvedPack>& run, const Settings& settings) {
    bool failed = false, unknown = false;
    for (const ProvedPack& pack : run) {
        for (const ProofResult& proof : pack.proofs) {
            failed = failed || proof.state == Proved::kFails;
            unknown = unknown || proof.state == Proved::kUnknown;
        }
        for (const Gap& gap : pack.gaps) {
            failed = failed || !gap.open.regions.empty();
            unknown = unknown || !gap.open.incomplete.empty();
        }
        failed = failed || !pack.findings.findings.empty();
        unknown = unknown || !pack.findings.undecided.empty();
    }
    if (failed && settings.fail_on) return Status::kFindings;
    return unknown ? Status::kUndetermined : Status::kClean;
}

}  // namespace

Status run_prove(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    const AnalysisBudget budget = budget_of(arguments);
    std::vector<ProvedPack> run;
    if (arguments.smtlib) return write_questions(arguments, settings);
    if (arguments.gaps || arguments.findings) {
        std::vector<std::string> paths = arguments.words;
        if (paths.empty()) paths.push_back(rules_path(settings));
        for (const std::string& path : paths) run.push_back(question_one(path, settings, arguments, budget));
    } else {
        const std::vector<Entry> entries = find_entries(paths_of(arguments, settings));
        const std::vector<Pack> packs = compile_all(entries, settings, "nothing was decided");
        std::size_t proofs = 0;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            ProvedPack proved = prove_one(entries[i], packs[i], budget);
            proofs += proved.proofs.size();
            if (!proved.proofs.empty()) run.push_back(std::move(proved));
        }
        // Proving nothing must not look like success.
        if (proofs == 0)
            fail(
                Status::kUsage, "there is no `prove` statement here",
                "a statement begins with the word `prove` at the start of a line; `--gaps` and `--findings` need none");
    }
    Output out{settings.output};
    if (settings.format == Format::kJson || settings.format == Format::kNdjson) out.write(to_json(run));
    for (const ProvedPack& pack : run) {
        if (settings.format == Format::kPretty) out.write(to_pretty(pack, settings.style));
        if (settings.format == Format::kCompact) out.write(to_compact(pack));
        if (settings.format == Format::kGithub) out.write(to_github(pack));
    }
    out.finish();
    return status_of(run, settings);
}

}  // namespace keywright::command
