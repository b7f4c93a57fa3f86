// What tests cover, for people.
#include "base/text.h"
#include "keywright/render_coverage.h"
#include "report/page.h"
#include "report/snippets.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace keywright {

namespace {

using report::counted;
using report::Ink;
using report::Page;
using report::Snippets;

constexpr std::size_t kLineLimit = 4'000;

[[nodiscard]] bool is_open(const CoverageObligation& o) {
    return o.state == Covered::kMissing || o.state == Covered::kUnknown;
}

// A few words beside the place; which decision is meant is said, as a define may be part of several.
[[nodiscard]] std::string label_of(const CoverageObligation& o) {
    std::string out;
    switch (o.duty) {
        case Duty::kRule: out = "never decided"; break;
        case Duty::kOutcome: out = "never " + outcome_words(o); break;
        case Duty::kCondition: out = "never " + o.side; break;
        case Duty::kDecides: out = "never decides alone"; break;
        case Duty::kBoundary:
            // A comparison is what is underlined; the deadline and the warning are in words.
            out = (o.decision == "expire" ? o.subject + " " : "") + std::string{"never tried "} +
                  (o.side == "at" ? "at the boundary" : o.side);
            break;
    }
    if (!o.decision.empty()) out += " in `" + o.decision + "`";
    if (o.state == Covered::kUnknown) out += ", and it is unknown whether it can be";
    return out;
}

void write(Page& page, const char* label, const CoverageCount& count) {
    page.label(label, 2, 14);
    const std::string share = percent(count);
    page.spaces(share.size() < 5 ? 5 - share.size() : 0);
    page.ink(count.covered == count.possible ? Ink::kGreen : Ink::kYellow, share + " %").plain("  ");
    page.plain(std::to_string(count.covered) + " of " + std::to_string(count.possible));
    if (count.impossible > 0) page.ink(Ink::kDim, "; " + std::to_string(count.impossible) + " impossible");
    if (count.unknown > 0) page.plain("; ").ink(Ink::kYellow, std::to_string(count.unknown) + " unknown");
    page.line();
}

// What one record would show, in a few words.
[[nodiscard]] std::string shown_of(const CoverageObligation& o) {
    switch (o.duty) {
        case Duty::kRule: return "decided";
        case Duty::kOutcome: return outcome_words(o);
        case Duty::kCondition: return "`" + o.subject + "` " + o.side;
        case Duty::kDecides: return "`" + o.subject + "` deciding" + (o.examples.size() == 2 ? ", one side" : "");
        case Duty::kBoundary: return "`" + o.subject + "` " + (o.side == "at" ? "at the boundary" : o.side);
    }
    return {};
}

// One record often shows several things that are missing, so each is shown once, with all of them.
void write_examples(Page& page, std::size_t gutter, const std::vector<const CoverageObligation*>& open) {
    std::vector<std::pair<Example, std::vector<std::string>>> examples;
    for (const CoverageObligation* o : open) {
        for (const Example& example : o->examples) {
            auto at = std::ranges::find(examples, example, [](const auto& known) { return known.first; });
            if (at == examples.end()) at = examples.insert(at, {example, {}});
            if (std::ranges::find(at->second, shown_of(*o)) == at->second.end()) at->second.push_back(shown_of(*o));
        }
    }
    for (const auto& [example, shows] : examples) {
        std::string all;
        for (const std::string& one : shows) all += (all.empty() ? "" : "; ") + one;
        const std::size_t label = gutter + 3, text = label + 9;
        page.spaces(gutter).ink(Ink::kBlue, " = ").label("shown by", label, text).prose(example.json, text).line();
        page.label("at", label, text).plain(to_string(example.at)).line();
        page.label("is", label, text).prose(all, text).line();
    }
    for (const CoverageObligation* o : open) {
        if (o->reason.empty()) continue;
        page.spaces(gutter).ink(Ink::kBlue, " = ").prose(to_words(*o) + ": " + o->reason, gutter + 3).line();
    }
}

}  // namespace

std::string percent(const CoverageCount& count) {
    if (count.covered >= count.possible) return "100.0";
    const std::size_t tenths = count.covered * 1'000 / count.possible;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string to_pretty(const Coverage& coverage, const std::vector<Compiled::File>& files, const Style& style) {
    Page page{style};
    page.ink(Ink::kBold, "coverage").plain("  ").name(coverage.rules.pack);
    if (!coverage.rules.version.empty()) page.plain(" ").name(coverage.rules.version);
    page.plain(", by ").plain(counted(coverage.cases.size(), "case", "cases")).line();
    write(page, "rules", coverage.count(Duty::kRule));
    write(page, "outcomes", coverage.count(Duty::kOutcome));
    write(page, "conditions", coverage.count(Duty::kCondition));
    write(page, "MC/DC", coverage.count(Duty::kDecides));
    write(page, "boundaries", coverage.count(Duty::kBoundary));
    write(page, "all", coverage.count());
    // By rule, in the order of the source.
    for (std::size_t begin = 0; begin < coverage.obligations.size();) {
        std::size_t end = begin;
        while (end < coverage.obligations.size() && (end == begin || coverage.obligations[end].duty != Duty::kRule))
            ++end;
        std::vector<const CoverageObligation*> open;
        for (std::size_t i = begin; i < end; ++i) {
            if (is_open(coverage.obligations[i])) open.push_back(&coverage.obligations[i]);
        }
        const std::string& rule = coverage.obligations[begin].rule;
        begin = end;
        if (open.empty()) continue;
        // All stand in one vector, so where they lie tells which was first.
        std::ranges::sort(open, [](const auto* a, const auto* b) {
            return std::tie(a->range.file, a->range.begin, a) < std::tie(b->range.file, b->range.begin, b);
        });
        std::size_t last = 0;
        for (const CoverageObligation* o : open) last = std::max(last, o->range.end_line);
        const std::size_t gutter = std::to_string(last).size();
        page.line().name(rule, Ink::kBold).plain(": ").plain(std::to_string(open.size()) + " missing").line();
        std::vector<Label> labels;
        for (const CoverageObligation* o : open) labels.push_back({o->range, label_of(*o)});
        Snippets snippets{page, files, gutter};
        for (const Label& label : labels) snippets.show(label, true, Ink::kYellow);
        write_examples(page, gutter, open);
    }
    return page.take();
}

namespace {

template <class Write>
std::string each_open(const Coverage& coverage, Write write) {
    std::string out;
    for (const CoverageObligation& o : coverage.obligations) {
        if (is_open(o)) out += write(o, o.rule + ": " + to_words(o));
    }
    return out;
}

}  // namespace

std::string to_compact(const Coverage& coverage) {
    return each_open(coverage, [](const CoverageObligation& o, const std::string& text) {
        return base::printable(o.range.file) + ":" + std::to_string(o.range.line) + ": " +
               std::string{to_string(o.state)} + ": " + base::printable(text, kLineLimit) + "\n";
    });
}

std::string to_github(const Coverage& coverage) {
    return each_open(coverage, [](const CoverageObligation& o, const std::string& text) {
        return "::warning file=" + report::github_property(o.range.file) + ",line=" + std::to_string(o.range.line) +
               "::" + report::github_data(text) + "\n";
    });
}

}  // namespace keywright
