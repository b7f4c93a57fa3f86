// One record's report, and the closing lines over all records, for people.
#include "keywright/text.h"
#include "report/text_parts.h"

#include <array>

namespace keywright {

namespace {

using report::counted;
using report::Ink;
using report::ink_of;
using report::kBody;
using report::kValue;
using report::named;
using report::Page;
using report::relative;
using report::words_of;

void write_list(Page& page, const std::vector<std::string>& pointers) {
    bool first = true;
    for (const std::string& pointer : pointers) {
        if (!first) page.plain(", ");
        first = false;
        page.name(named(pointer));
    }
}

void write_violation(Page& page, const Violation& violation, Instant now) {
    page.line().spaces(2);
    page.ink(ink_of(violation.severity), to_string(violation.severity)).plain("  ").name(violation.rule, Ink::kBold);
    if (!violation.rule_range.file.empty()) {
        page.plain("  ");
        write_place(page, violation.rule_range);
    }
    page.line().spaces(kBody).prose(violation.message, kBody).line();
    bool first = true;
    for (const Fact& fact : violation.because) {
        page.label(first ? "because" : "", kBody, kValue)
            .name(fact.field)
            .plain(" ")
            .prose(fact.fact, kValue + 2)
            .line();
        first = false;
    }
    first = true;
    for (const CitedClause& cited : violation.cites) {
        page.label(first ? "clause" : "", kBody, kValue);
        page.name(cited.document).plain(" ").name(cited.clause);
        if (!cited.text.empty()) page.plain(": ").prose("“" + cited.text + "”", kValue + 2);
        page.line();
        first = false;
    }
    if (violation.deadline) {
        page.label("deadline", kBody, kValue).plain(to_string(*violation.deadline));
        page.plain(", ").ink(Ink::kBold, relative(*violation.deadline, now)).line();
    }
    if (!violation.help.empty()) page.label("help", kBody, kValue).prose(violation.help, kValue).line();
}

void write_instant(Page& page, Instant instant, Instant now) {
    page.plain(to_string(instant)).plain(", ").ink(Ink::kBold, relative(instant, now));
}

void write_expiry(Page& page, const ExpiresAt& expires, Instant now) {
    if (expires.kind == ExpiresAt::Kind::kNever) return;
    if (expires.kind == ExpiresAt::Kind::kAt && expires.earliest) {
        page.label(*expires.earliest <= now ? "expired" : "expires", 2, kValue);
        write_instant(page, *expires.earliest, now);
        page.line();
        return;
    }
    page.label("expires", 2, kValue);
    if (expires.earliest && expires.latest) {
        page.plain("between ");
        write_instant(page, *expires.earliest, now);
        page.plain(", and ");
        write_instant(page, *expires.latest, now);
    } else if (expires.earliest) {
        page.plain("not before ");
        write_instant(page, *expires.earliest, now);
        page.plain(", if ever");
    } else if (expires.latest) {
        page.plain("at the latest ");
        write_instant(page, *expires.latest, now);
    } else {
        page.plain("perhaps: it hangs on something unknown");
    }
    page.line();
}

}  // namespace

std::string to_pretty(const RecordReport& record, const RulesIdentity&, Instant now, const Style& style) {
    Page page{style};
    write_headline(page, record);
    for (const RecordError& error : record.errors) {
        page.line();
        write_error(page, error);
    }
    for (const Violation& violation : record.violations) write_violation(page, violation, now);
    for (const Undetermined& undetermined : record.undetermined) {
        page.line().spaces(2).ink(Ink::kYellow, "undetermined").plain("  ").name(undetermined.rule, Ink::kBold);
        page.ink(Ink::kDim, "  (").ink(Ink::kDim, to_string(undetermined.severity)).ink(Ink::kDim, ")").line();
        page.label("needs", kBody, kValue);
        write_list(page, undetermined.needs);
        page.line();
    }
    if (record.repair) {
        page.line().spaces(2).ink(Ink::kGreen, "repair");
        if (record.repair->edits.empty()) {
            page.plain(record.repair->exact ? "  there is none" : "  none was found").line();
        } else {
            page.plain("  cost " + std::to_string(record.repair->cost)).line();
            for (const std::string& edit : record.repair->edits) page.spaces(kBody).prose(edit, kBody + 2).line();
        }
    }
    const bool has_findings = !record.errors.empty() || !record.violations.empty() || !record.undetermined.empty();
    const bool has_rest = !record.exempt.empty() || record.expires_at.kind != ExpiresAt::Kind::kNever;
    if (has_findings && has_rest) page.line();
    for (const Exempted& exempted : record.exempt) {
        if (exempted.waiver) {
            page.label("waived", 2, kValue).name(exempted.rule).plain(" ");
            page.prose(words_of(*exempted.waiver) + ", waiver " + exempted.by, kValue + 2).line();
            continue;
        }
        page.label("exempt", 2, kValue).name(exempted.rule).plain(", by ").name(exempted.by).line();
    }
    write_expiry(page, record.expires_at, now);
    return page.take();
}

std::string to_pretty(const Summary& summary, const RulesIdentity& rules, Instant now, const Style& style) {
    Page page{style};
    struct Part {
        std::size_t count;
        std::string_view words;
        Ink ink;
    };
    const std::array<Part, 4> parts = {{
        {summary.violation, summary.violation == 1 ? "violation" : "violations", Ink::kRed},
        {summary.undetermined, "undetermined", Ink::kYellow},
        {summary.invalid, "unreadable", Ink::kMagenta},
        {summary.compliant, "compliant", Ink::kGreen},
    }};
    if (summary.records > 1 && !summary.by_rule.empty()) {
        page.ink(Ink::kDim, "violated rules").line();
        for (const auto& [rule, count] : summary.by_rule) {
            page.spaces(2).plain(std::to_string(count)).spaces(count < 10 ? 3 : count < 100 ? 2 : 1).name(rule).line();
        }
        page.line();
    }
    page.ink(Ink::kBold, counted(summary.records, "record", "records")).plain(":");
    bool first = true;
    for (const Part& part : parts) {
        if (part.count == 0) continue;
        page.plain(first ? " " : ", ").ink(part.ink, std::to_string(part.count) + ' ' + std::string{part.words});
        first = false;
    }
    if (first) page.plain(" nothing to decide");
    if (summary.waived > 0) page.plain("; ").ink(Ink::kYellow, std::to_string(summary.waived) + " under a waiver");
    page.plain("  ").name(rules.pack, Ink::kDim).plain(" ").name(rules.version, Ink::kDim);
    page.ink(Ink::kDim, ", at " + to_string(now)).line();
    return page.take();
}

}  // namespace keywright
