// Explained outcomes for people, and one line each.
#include "keywright/text.h"
#include "keywright/why.h"
#include "report/text_parts.h"

namespace keywright {

namespace {

using report::Ink;
using report::ink_of;
using report::kBody;
using report::kValue;
using report::named;
using report::Page;

[[nodiscard]] Ink ink_of_outcome(const RuleWhy& rule) {
    switch (rule.outcome) {
        case Outcome::kViolated: return ink_of(rule.severity);
        case Outcome::kUndetermined: return Ink::kYellow;
        case Outcome::kNotApplicable:
        case Outcome::kExempt:
        case Outcome::kPass: break;
    }
    return rule.warns ? Ink::kYellow : Ink::kGreen;
}

[[nodiscard]] std::string_view words_of(const RuleWhy& rule) {
    switch (rule.outcome) {
        case Outcome::kNotApplicable: return "does not apply";
        case Outcome::kExempt: return "exempt";
        case Outcome::kPass: return rule.warns ? "passes with a warning" : "passes";
        case Outcome::kViolated: return "violated";
        case Outcome::kUndetermined: return "undetermined";
    }
    return "undetermined";
}

void write_pointers(Page& page, const std::vector<std::string>& pointers) {
    bool first = true;
    for (const std::string& pointer : pointers) {
        if (!first) page.plain(", ");
        first = false;
        page.name(named(pointer));
    }
}

// `/permissions contains transfer, /ip_allowlist is empty`
[[nodiscard]] std::string line_of(const ReasonSet& reasons) {
    std::string out;
    for (const Reason& reason : reasons) {
        if (!out.empty()) out += "; ";
        out += printable(named(reason.field)) + ' ' + printable(reason.fact);
    }
    return out.empty() ? "whatever the record holds" : out;
}

void write_reasons(Page& page, const RuleWhy& rule) {
    for (std::size_t i = 0; i < rule.reasons.size(); ++i) {
        const std::string_view label = i == 0 ? "because" : "or because";
        if (rule.reasons[i].empty()) page.label(label, kBody, kValue + 2).plain("whatever the record holds").line();
        bool first = true;
        for (const Reason& reason : rule.reasons[i]) {
            page.label(first ? label : "", kBody, kValue + 2);
            first = false;
            page.name(named(reason.field)).plain(" ").prose(reason.fact, kValue + 4).line();
            if (reason.condition.empty()) continue;
            page.spaces(kValue + 4).ink(Ink::kDim, "decides ").name(reason.condition, Ink::kCyan).plain("  ");
            page.name(reason.range.file, Ink::kDim).ink(Ink::kDim, ':' + std::to_string(reason.range.line)).line();
        }
    }
    if (rule.reasons_cut) page.label("", kBody, kValue + 2).ink(Ink::kYellow, "there may be more reasons").line();
    if (rule.granularity == Granularity::kFields) {
        page.label("coarse", kBody, kValue + 2).prose("whole fields: " + rule.coarse_because, kValue + 2).line();
    }
}

void write_knowledge(Page& page, const RuleWhy& rule) {
    page.label("needs", kBody, kValue + 2);
    write_pointers(page, rule.needs);
    page.line();
    const auto list = [&](std::string_view label, const std::vector<std::string>& values, bool cut) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            page.label(i == 0 ? label : "", kValue + 4, kValue + 16).prose(values[i], kValue + 18);
            if (cut && i + 1 == values.size()) page.ink(Ink::kDim, " …");
            page.line();
        }
    };
    bool first = true;
    for (const Knowledge& one : rule.settled_by) {
        page.label(first ? "settled by" : "or by", kBody, kValue + 2);
        write_pointers(page, one.fields);
        page.line();
        first = false;
        list("violated if", one.if_violated, one.cut);
        list("fine if", one.if_fine, one.cut);
    }
    if (rule.settled_cut) page.label("", kBody, kValue + 2).ink(Ink::kYellow, "not every way was tried").line();
}

void write_changes(Page& page, const RuleWhy& rule) {
    if (rule.never_violated) {
        page.label("violated if", kBody, kValue + 2).plain("never: no configuration violates this rule").line();
    }
    bool first_way = true;
    for (const std::vector<Change>& way : rule.would_violate) {
        bool first = true;
        for (const Change& change : way) {
            page.label(!first ? "" : first_way ? "violated if" : "or if", kBody, kValue + 2);
            first = first_way = false;
            page.name(named(change.field)).plain(" ").prose(change.to, kValue + 4);
            page.ink(Ink::kDim, "  (now ").prose(change.from, kValue + 4, Ink::kDim).ink(Ink::kDim, ")").line();
        }
    }
}

void write_rule(Page& page, const RuleWhy& rule) {
    page.line().spaces(2).ink(ink_of_outcome(rule), words_of(rule)).plain("  ").name(rule.rule, Ink::kBold);
    page.ink(Ink::kDim, "  (").ink(Ink::kDim, to_string(rule.severity)).ink(Ink::kDim, ")");
    if (!rule.rule_range.file.empty()) {
        page.plain("  ").name(rule.rule_range.file, Ink::kDim);
        page.ink(Ink::kDim, ':' + std::to_string(rule.rule_range.line));
    }
    page.line();
    if (rule.outcome == Outcome::kExempt) page.label("by", kBody, kValue + 2).name(rule.exempt_by).line();
    if (rule.waiver) page.label("waived", kBody, kValue + 2).prose(report::words_of(*rule.waiver), kValue + 4).line();
    write_reasons(page, rule);
    if (rule.outcome == Outcome::kUndetermined) write_knowledge(page, rule);
    write_changes(page, rule);
    bool first = true;
    for (const CitedClause& cited : rule.cites) {
        page.label(first ? "clause" : "", kBody, kValue + 2);
        first = false;
        page.name(cited.document).plain(" ").name(cited.clause);
        if (!cited.text.empty()) page.plain(": ").prose("“" + cited.text + "”", kValue + 4);
        page.line();
    }
}

// What keeps each rule of a compliant key from firing: one line a rule, by what became of it.
void write_summary(Page& page, const std::vector<RuleWhy>& rules) {
    struct Group {
        Outcome outcome;
        bool warns;
    };
    for (const Group group : {Group{Outcome::kPass, true}, Group{Outcome::kPass, false}, Group{Outcome::kExempt, false},
                              Group{Outcome::kNotApplicable, false}}) {
        bool first = true;
        for (const RuleWhy& rule : rules) {
            if (rule.outcome != group.outcome || rule.warns != group.warns) continue;
            if (first) page.line().spaces(2).ink(ink_of_outcome(rule), words_of(rule)).line();
            first = false;
            page.spaces(kBody).name(rule.rule, Ink::kBold).plain(": ");
            page.prose(rule.reasons.empty() ? "undetermined" : line_of(rule.reasons.front()), kBody + 2).line();
        }
    }
}

}  // namespace

std::string to_pretty(const WhyReport& report, Instant, const Style& style) {
    Page page{style};
    write_headline(page, report);
    for (const RecordError& error : report.errors) {
        page.line();
        write_error(page, error);
    }
    if (report.rules.size() > 1 && report.verdict == Verdict::kCompliant) {
        write_summary(page, report.rules);
    } else {
        for (const RuleWhy& rule : report.rules) write_rule(page, rule);
    }
    return page.take();
}

std::string to_compact(const WhyReport& report) {
    std::string head = printable_line(report.source) + '#' + std::to_string(report.index);
    if (!report.subject.empty()) head += ' ' + printable(report.subject);
    head += ": ";
    std::string out;
    for (const RecordError& error : report.errors) {
        out += head + "error[" + printable(error.code) + "]: " + printable(error.message, report::kProseLimit) + '\n';
    }
    for (const RuleWhy& rule : report.rules) {
        const std::string line = head + printable(rule.rule) + ": " + std::string{to_string(rule.outcome)} + ": ";
        for (const ReasonSet& reasons : rule.reasons) out += line + line_of(reasons) + '\n';
        if (!rule.reasons.empty()) continue;
        std::string needs;
        for (const std::string& pointer : rule.needs) needs += (needs.empty() ? "" : ", ") + printable(named(pointer));
        out += line + "needs " + needs + '\n';
    }
    return out;
}

}  // namespace keywright
