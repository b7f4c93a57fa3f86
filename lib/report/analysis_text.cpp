// Proofs, gaps, findings and differences for people.
#include "keywright/render_analysis.h"
#include "report/text_parts.h"

namespace keywright {

namespace {

using report::counted;
using report::Ink;
using report::Page;

void write(Page& page, const Example& example, std::size_t indent) {
    page.label("for example", indent, indent + 13).prose(example.json, indent + 13).line();
    page.label("at", indent, indent + 13).plain(to_string(example.at)).line();
}

void write(Page& page, const RegionSet& set, std::size_t indent) {
    for (const RegionShown& region : set.regions) {
        page.label("where", indent, indent + 13).prose(region.condition, indent + 13).line();
        if (region.example) write(page, *region.example, indent);
    }
    if (!set.incomplete.empty())
        page.spaces(indent).ink(Ink::kYellow, "not all: ").prose(set.incomplete, indent + 9).line();
}

bool is_open(const Gap& gap) { return !gap.open.regions.empty() || !gap.open.incomplete.empty(); }

}  // namespace

std::string to_pretty(const ProvedPack& pack, const Style& style) {
    Page page{style};
    std::size_t held = 0, failed = 0, unknown = 0;
    for (const ProofResult& proof : pack.proofs) {
        switch (proof.state) {
            case Proved::kHolds:
                ++held;
                page.ink(Ink::kGreen, "✓ holds").plain("    ");
                break;
            case Proved::kFails:
                ++failed;
                page.ink(Ink::kRed, "✗ fails").plain("    ");
                break;
            case Proved::kUnknown:
                ++unknown;
                page.ink(Ink::kYellow, "? unknown").plain("  ");
                break;
        }
        page.name(proof.name, Ink::kBold).plain("  ");
        write_place(page, proof.range);
        page.line();
        if (proof.counterexample) write(page, *proof.counterexample, 4);
        if (!proof.reason.empty()) page.spaces(4).prose(proof.reason, 4).line();
    }
    std::size_t open = 0;
    for (const Gap& gap : pack.gaps) {
        if (is_open(gap)) {
            ++open;
            page.ink(Ink::kYellow, "! gap").plain("      ").name(gap.rule, Ink::kBold).plain("  ");
            write_place(page, gap.range);
            page.line();
            page.spaces(4)
                .prose("neither does the rule apply nor does it exempt (" + gap.open.cells + " of " + gap.open.of +
                           " abstract configurations)",
                       4)
                .line();
            write(page, gap.open, 4);
        } else {
            page.ink(Ink::kGreen, "✓ no gap").plain("   ").name(gap.rule, Ink::kBold).plain("  ");
            write_place(page, gap.range);
            page.line();
        }
        for (const std::string& reason : gap.accepted) page.label("accepted", 4, 17).prose(reason, 17).line();
    }
    for (const Finding& finding : pack.findings.findings) {
        page.ink(Ink::kYellow, "! " + std::string{to_string(finding.kind)}).plain("  ");
        write_place(page, finding.range);
        page.line().spaces(4).prose(finding.message, 4).line();
        if (finding.example) write(page, *finding.example, 4);
    }
    for (const std::string& undecided : pack.findings.undecided)
        page.ink(Ink::kYellow, "? unknown").plain("  ").prose(undecided, 11).line();

    page.ink(held > 0 ? Ink::kGreen : Ink::kPlain, std::to_string(held) + (held == 1 ? " holds" : " hold"));
    page.plain(", ").ink(failed > 0 ? Ink::kRed : Ink::kPlain,
                         std::to_string(failed) + (failed == 1 ? " fails" : " fail"));
    if (unknown > 0) page.plain(", ").ink(Ink::kYellow, std::to_string(unknown) + " unknown");
    if (!pack.gaps.empty())
        page.plain("; ").plain(counted(open, "gap that isn't accepted", "gaps that aren't accepted"));
    if (!pack.findings.findings.empty())
        page.plain("; ").plain(counted(pack.findings.findings.size(), "finding", "findings"));
    page.line();
    return page.take();
}

namespace {

void write_change(Page& page, const char* what, const RegionSet& set, Ink ink) {
    if (set.regions.empty() && set.incomplete.empty()) return;
    page.spaces(2)
        .ink(ink, what)
        .plain("  ")
        .ink(Ink::kDim, set.cells + " of " + set.of + " abstract configurations")
        .line();
    write(page, set, 4);
}

void write_change(Page& page, const OutcomeChange& change, const char* gained, const char* lost) {
    write_change(page, gained, change.gained, Ink::kRed);
    write_change(page, lost, change.lost, Ink::kGreen);
}

}  // namespace

std::string to_pretty(const Diff& diff, const Style& style) {
    Page page{style};
    for (const std::string& text : diff.schema) page.ink(Ink::kYellow, "schema").plain("  ").prose(text, 8).line();
    for (const std::string& text : diff.declared) page.ink(Ink::kYellow, "rules").plain("   ").prose(text, 8).line();
    for (const RuleDiff& rule : diff.rules) {
        page.name(rule.rule, Ink::kBold);
        if (rule.is_new) page.plain("  (new)");
        if (rule.is_gone) page.plain("  (gone)");
        page.line();
        write_change(page, rule.violated, "now violated", "no longer violated");
        write_change(page, rule.warning, "now warned of", "no longer warned of");
    }
    if (diff.violation.any()) {
        page.ink(Ink::kBold, "verdict").line();
        write_change(page, diff.violation, "now a violation", "no longer a violation");
    }
    switch (diff.direction) {
        case Direction::kSame:
            page.ink(Ink::kGreen,
                     diff.is_empty() ? "no difference in meaning" : "nothing is violated that wasn't, or the reverse");
            break;
        case Direction::kStricter: page.ink(Ink::kRed, "stricter"); break;
        case Direction::kLooser: page.ink(Ink::kYellow, "looser"); break;
        case Direction::kBoth: page.ink(Ink::kYellow, "stricter here, looser there"); break;
        case Direction::kUnknown: page.ink(Ink::kYellow, "unknown"); break;
    }
    if (!diff.complete) page.plain("; some cases couldn't be compared");
    page.line();
    return page.take();
}

std::string to_pretty(const InventoryDiff& inventory, const Style& style) {
    Page page{style};
    for (const AffectedKey& key : inventory.affected) {
        page.name(key.subject.empty() ? key.source + "#" + std::to_string(key.index) : key.subject, Ink::kBold);
        page.plain("  ").plain(to_string(key.before)).plain(" → ").plain(to_string(key.after)).line();
        for (const std::string& rule : key.gained)
            page.spaces(4).ink(Ink::kRed, "now violates").plain("       ").name(rule).line();
        for (const std::string& rule : key.lost)
            page.spaces(4).ink(Ink::kGreen, "no longer violates").plain(" ").name(rule).line();
    }
    page.plain(counted(inventory.affected.size(), "key", "keys") + " of " + std::to_string(inventory.records) +
               (inventory.affected.size() == 1 ? " is" : " are") + " judged otherwise");
    if (inventory.invalid > 0) page.plain("; " + counted(inventory.invalid, "record", "records") + " can't be read");
    if (inventory.undetermined > 0)
        page.plain("; " + counted(inventory.undetermined, "record", "records") + " undetermined in part");
    page.line();
    return page.take();
}

}  // namespace keywright
