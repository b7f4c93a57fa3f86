// Audits of rule files for people, for logs, and as annotations of GitHub.
#include "keywright/render_reports.h"
#include "keywright/text.h"
#include "report/lint_numbers.h"
#include "report/page.h"

#include <array>

namespace keywright {

namespace {

using report::counted;
using report::Ink;
using report::LintNumbers;
using report::Page;

void write_numbers(Page& page, const LintNumbers& numbers, const RulesIdentity& rules) {
    struct Part {
        std::size_t count;
        std::string_view one, many;
        Ink ink;
    };
    const std::array<Part, 6> parts = {{
        {numbers.errors, "error", "errors", Ink::kRed},
        {numbers.warnings, "warning", "warnings", Ink::kYellow},
        {numbers.infos, "info", "infos", Ink::kBlue},
        {numbers.undecided, "undecided question", "undecided questions", Ink::kYellow},
        {numbers.allowed, "allowed", "allowed", Ink::kDim},
        {numbers.known, "in the baseline", "in the baseline", Ink::kDim},
    }};
    bool first = true;
    if (numbers.findings() == 0) {
        page.ink(Ink::kGreen, "no findings");
        first = false;
    }
    for (const Part& part : parts) {
        if (part.count == 0) continue;
        if (!first) page.plain(", ");
        first = false;
        page.ink(part.ink, counted(part.count, part.one, part.many));
    }
    if (numbers.fixable > 0) {
        page.plain("; ").ink(Ink::kBold, std::to_string(numbers.fixable)).plain(" can be fixed with `--fix`");
    }
    page.plain("  ").name(rules.pack, Ink::kDim).plain(" ").name(rules.version, Ink::kDim).line();
}

}  // namespace

std::string to_pretty(const LintReport& report, const std::vector<Compiled::File>& sources, const Style& style) {
    LintNumbers numbers;
    numbers.add(report);
    Page page{style};
    for (const LintFinding& finding : report.findings) {
        if (finding.counts()) page.plain(to_pretty(finding.diagnostic, sources, style)).line();
    }
    for (const std::string& question : report.undecided) {
        page.ink(Ink::kYellow, "undecided").plain("  ").prose(question, 11).line();
    }
    if (!report.undecided.empty()) page.line();
    write_numbers(page, numbers, report.rules);
    return page.take();
}

std::string to_compact(const LintReport& report) {
    std::string out;
    for (const LintFinding& finding : report.findings) {
        if (finding.counts()) out += to_compact(finding.diagnostic);
    }
    for (const std::string& question : report.undecided) {
        out += "undecided: " + printable(question, report::kProseLimit) + '\n';
    }
    return out;
}

std::string to_github(const LintReport& report) {
    std::string out;
    for (const LintFinding& finding : report.findings) {
        if (finding.counts()) out += to_github(finding.diagnostic);
    }
    for (const std::string& question : report.undecided) {
        out += "::warning title=undecided::" + report::github_data(question) + '\n';
    }
    return out;
}

}  // namespace keywright
