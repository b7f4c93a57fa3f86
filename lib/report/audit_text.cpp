// An audit for people.
#include "keywright/render_audit.h"
#include "report/audit_parts.h"
#include "report/text_parts.h"

#include <algorithm>
#include <array>

namespace keywright {

namespace {

using report::Ink;
using report::ink_of;
using report::Page;

// A number at the right of a column.
void number(Page& page, std::uint64_t value, std::size_t width, Ink ink) {
    const std::string text = std::to_string(value);
    page.spaces(width > text.size() ? width - text.size() : 0);
    page.ink(value == 0 ? Ink::kDim : ink, text);
}

void heading(Page& page, std::string_view text) { page.line().ink(Ink::kDim, text).line(); }

[[nodiscard]] std::size_t digits(std::uint64_t value) { return std::to_string(value).size(); }

void write_rules(Page& page, const AuditReport& report) {
    const std::vector<const AuditedRule*> rules = report::rules_found(report);
    if (rules.empty()) return;
    constexpr std::array<std::string_view, 3> kColumns = {"violated", "undetermined", "exempt"};
    page.line();
    for (const std::string_view column : kColumns) page.ink(Ink::kDim, column).spaces(2);
    page.ink(Ink::kDim, "rule").line();
    for (const AuditedRule* rule : rules) {
        number(page, rule->violated + rule->warned, kColumns[0].size(), ink_of(rule->severity));
        number(page, rule->undetermined + rule->perhaps_warned, kColumns[1].size() + 2, Ink::kYellow);
        number(page, rule->exempt, kColumns[2].size() + 2, Ink::kPlain);
        page.spaces(2).name(rule->rule, Ink::kBold).plain(", ");
        page.ink(ink_of(rule->severity), to_string(rule->severity));
        if (rule->warned > 0 && rule->warning != rule->severity) {
            page.plain(", " + std::to_string(rule->warned) + " of them ");
            page.ink(ink_of(rule->warning), std::string{to_string(rule->warning)} + "s");
        }
        page.line();
    }
}

void write_errors(Page& page, const AuditReport& report) {
    if (report.by_error.empty()) return;
    std::size_t width = 0;
    for (const auto& [code, count] : report.by_error) width = std::max(width, digits(count));
    heading(page, "unreadable records");
    for (const auto& [code, count] : report.by_error) {
        number(page, count, width + 2, Ink::kMagenta);
        page.spaces(2).name(code, Ink::kMagenta).spaces(2).plain(report::title_of_error(code)).line();
    }
}

void write_exemptions(Page& page, const AuditReport& report) {
    for (const bool waivers : {false, true}) {
        std::size_t width = 0;
        for (const AuditedExemption& one : report.by_exemption) {
            if (one.waiver == waivers && one.records > 0) width = std::max(width, digits(one.records));
        }
        if (width == 0) continue;
        heading(page, waivers ? "records under a waiver" : "exempt records");
        for (const AuditedExemption& one : report.by_exemption) {
            if (one.waiver != waivers || one.records == 0) continue;
            number(page, one.records, width + 2, waivers ? Ink::kYellow : Ink::kPlain);
            page.spaces(2).name(one.rule, Ink::kBold).plain(", by ").name(one.by).line();
        }
    }
}

void write_expiries(Page& page, const AuditReport& report) {
    if (report.expired + report.will_expire + report.may_expire == 0) return;
    heading(page, "expiries");
    page.spaces(2).plain(std::to_string(report.expired) + " expired, " + std::to_string(report.will_expire) +
                         " will expire");
    if (report.may_expire > 0)
        page.plain(", " + std::to_string(report.may_expire) + " may expire: something is unknown");
    page.line();
    for (const AuditedExpiry& one : report.soonest) {
        page.spaces(2)
            .plain(to_string(one.at))
            .plain(", ")
            .ink(Ink::kBold, report::relative(one.at, report.evaluated_at));
        page.spaces(2);
        if (one.subject.empty()) {
            page.ink(Ink::kDim, "(no name)");
        } else {
            page.name(one.subject, Ink::kBold);
        }
        page.spaces(2);
        report::write_source(page, one.source, static_cast<std::size_t>(one.index));
    }
}

void write_gaps(Page& page, const AuditReport& report) {
    const std::vector<std::string> gaps = report::gaps_of(report);
    if (gaps.empty()) return;
    page.line().ink(Ink::kRed, "incomplete").plain(": what is told here isn't of everything").line();
    for (const std::string& gap : gaps) page.spaces(2).prose(gap, 4).line();
}

}  // namespace

std::string to_pretty(const AuditReport& report, const Style& style) {
    std::string out;
    for (const AuditSample& sample : report.samples) {
        if (!out.empty()) out += '\n';
        out += to_pretty(sample.record, report.rules, report.evaluated_at, style);
        Page line{style};
        line.spaces(2).ink(Ink::kDim, "shown for ").name(report::sample_of(sample), Ink::kDim);
        if (sample.record.line > 0) line.ink(Ink::kDim, "; line " + std::to_string(sample.record.line));
        line.ink(Ink::kDim, ", byte " + std::to_string(sample.offset)).line();
        out += line.take();
    }
    Page page{style};
    write_rules(page, report);
    write_errors(page, report);
    write_exemptions(page, report);
    write_expiries(page, report);
    write_gaps(page, report);
    std::string rest = page.take();
    if (out.empty() && rest.starts_with('\n')) rest.erase(0, 1);
    out += rest;
    if (!out.empty()) out += '\n';
    return out + to_pretty(report::summary_of(report), report.rules, report.evaluated_at, style);
}

}  // namespace keywright
