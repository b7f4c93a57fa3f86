// Proofs, gaps, findings and differences, one line each.
#include "keywright/render_analysis.h"
#include "report/page.h"

#include "base/text.h"

namespace keywright {

namespace {

std::string line(const SourceRange& range, const std::string& level, const std::string& text) {
    return base::printable(range.file) + ":" + std::to_string(range.line) + ": " + level + ": " +
           base::printable(text, 4'000) + "\n";
}

template <class Say>
void each(const ProvedPack& pack, Say say) {
    for (const ProofResult& proof : pack.proofs) {
        if (proof.state == Proved::kFails)
            say(proof.range, "error",
                "`" + proof.name + "` fails: " + (proof.counterexample ? proof.counterexample->json : ""));
        if (proof.state == Proved::kUnknown)
            say(proof.range, "warning", "`" + proof.name + "` is unknown: " + proof.reason);
    }
    for (const Gap& gap : pack.gaps) {
        for (const RegionShown& region : gap.open.regions)
            say(gap.range, "warning", "gap of " + gap.rule + ": " + region.condition);
        if (!gap.open.incomplete.empty()) say(gap.range, "warning", "gap of " + gap.rule + ": " + gap.open.incomplete);
    }
    for (const Finding& finding : pack.findings.findings)
        say(finding.range, "warning", std::string{to_string(finding.kind)} + ": " + finding.message);
    for (const std::string& undecided : pack.findings.undecided) say(SourceRange{}, "warning", "unknown " + undecided);
}

void change(std::string& out, const std::string& rule, const char* what, const RegionSet& set) {
    for (const RegionShown& region : set.regions)
        out += base::printable(rule) + ": " + what + ": " + base::printable(region.condition, 4'000) + "\n";
    if (!set.incomplete.empty())
        out += base::printable(rule) + ": " + what + ": not all: " + base::printable(set.incomplete) + "\n";
}

}  // namespace

std::string to_compact(const ProvedPack& pack) {
    std::string out;
    each(pack, [&](const SourceRange& range, const char* level, const std::string& text) {
        out += line(range, level, text);
    });
    return out;
}

std::string to_github(const ProvedPack& pack) {
    std::string out;
    each(pack, [&](const SourceRange& range, const char* level, const std::string& text) {
        out += std::string{"::"} + level + " file=" + report::github_property(range.file) +
               ",line=" + std::to_string(range.line) + "::" + report::github_data(text) + "\n";
    });
    return out;
}

std::string to_compact(const Diff& diff) {
    std::string out;
    for (const std::string& text : diff.schema) out += "schema: " + base::printable(text) + "\n";
    for (const std::string& text : diff.declared) out += "rules: " + base::printable(text) + "\n";
    for (const RuleDiff& rule : diff.rules) {
        change(out, rule.rule, "now violated", rule.violated.gained);
        change(out, rule.rule, "no longer violated", rule.violated.lost);
        change(out, rule.rule, "now warned of", rule.warning.gained);
        change(out, rule.rule, "no longer warned of", rule.warning.lost);
    }
    change(out, "verdict", "now a violation", diff.violation.gained);
    change(out, "verdict", "no longer a violation", diff.violation.lost);
    return out;
}

std::string to_compact(const InventoryDiff& inventory) {
    std::string out;
    for (const AffectedKey& key : inventory.affected) {
        out += base::printable(key.source) + "#" + std::to_string(key.index) + " " + base::printable(key.subject) +
               ": " + std::string{to_string(key.before)} + " -> " + std::string{to_string(key.after)} + "\n";
    }
    return out;
}

}  // namespace keywright
