// Mutants for people, and one line each.
#include "base/text.h"
#include "keywright/render_mutation.h"
#include "report/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace keywright {

namespace {

using report::counted;
using report::Ink;
using report::Page;

bool is_open(const Mutant& mutant) {
    return mutant.state == Mutant::State::kSurvived || mutant.state == Mutant::State::kUndecided;
}

// Cut off, not rounded: 99.97 per cent are not all.
std::string percent(double score) { return fmt::format("{:.1f} %", std::floor(score * 10.0) / 10.0); }

std::string line(const Mutant& mutant) {
    std::string out = fmt::format("mutant {}: {}: {}", to_string(mutant.state), mutant.id, mutant.what);
    if (!mutant.reason.empty()) out += fmt::format(" ({})", mutant.reason);
    return out;
}

}  // namespace

std::string to_pretty(const Mutant& mutant, const std::string& diff, const Style& style) {
    if (!is_open(mutant)) return {};
    const bool survived = mutant.state == Mutant::State::kSurvived;
    Page page{style};
    page.ink(survived ? Ink::kRed : Ink::kYellow, survived ? "✗ survived" : "? undecided").plain("  ");
    page.name(mutant.id, Ink::kBold).plain("  ");
    page.name(mutant.range.file, Ink::kDim).ink(Ink::kDim, ":" + std::to_string(mutant.range.line)).line();
    page.spaces(4).prose(mutant.what, 4).line();
    std::string out = page.take() + diff;
    Page rest{style};
    if (mutant.example) {
        rest.label("killed by", 4, 15).prose(mutant.example->json, 15).line();
        rest.label("at", 4, 15).plain(to_string(mutant.example->at)).line();
    }
    for (const OutcomeShown& one : mutant.outcomes) {
        rest.label("because", 4, 15)
            .prose(fmt::format("{}: {}; with the mistake: {}", one.rule, one.original, one.mutant), 15)
            .line();
    }
    if (!mutant.reason.empty()) rest.label("reason", 4, 15).prose(mutant.reason, 15).line();
    return out + rest.take();
}

std::string to_pretty(const MutationReport& mutation, const Style& style) {
    Page page{style};
    for (const std::string& test : mutation.failing_tests)
        page.ink(Ink::kRed, "✗ fails without a mistake").plain("  ").name(test, Ink::kBold).line();
    const std::size_t survived = mutation.count(Mutant::State::kSurvived);
    const std::size_t undecided = mutation.count(Mutant::State::kUndecided);
    const std::size_t equivalent = mutation.count(Mutant::State::kEquivalent);
    page.plain(counted(mutation.mutants.size(), "mutant", "mutants")).plain(", ");
    page.plain(counted(mutation.tests, "test", "tests")).plain(": ");
    page.ink(Ink::kGreen, std::to_string(mutation.count(Mutant::State::kKilled)) + " killed").plain(", ");
    page.ink(survived > 0 ? Ink::kRed : Ink::kPlain, std::to_string(survived) + " survived");
    if (undecided > 0) page.plain(", ").ink(Ink::kYellow, std::to_string(undecided) + " undecided");
    if (equivalent > 0) page.plain(", ").plain(std::to_string(equivalent) + " equivalent");
    page.plain("; score ").ink(Ink::kBold, percent(mutation.score())).line();
    return page.take();
}

std::string to_compact(const MutationReport& mutation) {
    std::string out;
    for (const Mutant& mutant : mutation.mutants) {
        if (!is_open(mutant)) continue;
        out += fmt::format("{}:{}:{}: {}\n", base::printable(mutant.range.file), mutant.range.line,
                           mutant.range.column + 1, base::printable(line(mutant), report::kProseLimit));
    }
    return out;
}

std::string to_github(const MutationReport& mutation) {
    std::string out;
    for (const Mutant& mutant : mutation.mutants) {
        if (!is_open(mutant)) continue;
        out += fmt::format("::warning file={},line={},endLine={}::{}\n", report::github_property(mutant.range.file),
                           mutant.range.line, mutant.range.end_line, report::github_data(line(mutant)));
    }
    return out;
}

}  // namespace keywright
