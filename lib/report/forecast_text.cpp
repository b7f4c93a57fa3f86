// A forecast for people: a calendar of all records by day, then what would keep each expiry from coming.
#include "keywright/forecast.h"
#include "keywright/text.h"
#include "report/text_parts.h"

#include <algorithm>
#include <string>
#include <vector>

namespace keywright {

namespace {

using report::counted;
using report::Ink;
using report::kBody;
using report::kNameLimit;
using report::kValue;
using report::Mark;
using report::mark_of;
using report::Page;
using report::relative;

constexpr std::int64_t kSecondsPerDay = 86'400;
// A change of a rule, or of the verdict, in the order of the calendar.
struct Entry {
    Instant at;
    const RecordForecast* record = nullptr;
    const RuleChange* rule = nullptr;        // or
    const VerdictChange* verdict = nullptr;  // or
};

[[nodiscard]] std::vector<Entry> entries_of(const Forecast& forecast) {
    std::vector<Entry> out;
    for (const RecordForecast& record : forecast.results) {
        std::vector<Entry> own;
        for (const RuleChange& change : record.changes) own.push_back({change.at, &record, &change, nullptr});
        for (const VerdictChange& change : record.verdicts) own.push_back({change.at, &record, nullptr, &change});
        out.insert(out.end(), own.begin(), own.end());
    }
    // At one instant by record, a record's rules in order before its verdict.
    const auto place = [](const Entry& e) {
        return e.rule != nullptr ? e.rule - e.record->changes.data() : PTRDIFF_MAX;
    };
    std::sort(out.begin(), out.end(), [&](const Entry& a, const Entry& b) {
        if (a.at != b.at) return a.at < b.at;
        if (a.record != b.record) return a.record < b.record;
        return place(a) < place(b);
    });
    return out;
}

[[nodiscard]] Mark mark_of(const RuleChange& change) {
    switch (change.to) {
        case Standing::kNotApplicable:
        case Standing::kExempt:
        case Standing::kPass: return {"✓", Ink::kGreen};
        case Standing::kWarning: return {"✗", report::ink_of(change.severity)};
        case Standing::kPerhapsWarning:
        case Standing::kUndetermined: return {"?", Ink::kYellow};
        case Standing::kViolated: return {"✗", report::ink_of(change.severity)};
    }
    return {"?", Ink::kYellow};
}

[[nodiscard]] std::string_view words_of(Standing standing) {
    switch (standing) {
        case Standing::kNotApplicable: return "not applicable";
        case Standing::kExempt: return "exempt";
        case Standing::kPass: return "pass";
        case Standing::kWarning: return "warning";
        case Standing::kPerhapsWarning: return "perhaps warning";
        case Standing::kUndetermined: return "undetermined";
        case Standing::kViolated: return "violated";
    }
    return {};
}

[[nodiscard]] bool is_open(const RuleChange& change) {
    return change.to == Standing::kUndetermined || change.to == Standing::kPerhapsWarning;
}

void write_subject(Page& page, const RecordForecast& record) {
    if (record.subject.empty()) {
        page.name(record.source, Ink::kBold).ink(Ink::kBold, "#" + std::to_string(record.index));
    } else {
        page.name(record.subject, Ink::kBold);
    }
}

void write_list(Page& page, const std::vector<std::string>& pointers) {
    bool first = true;
    for (const std::string& pointer : pointers) {
        if (!first) page.plain(", ");
        first = false;
        page.name(pointer);
    }
}

void write_entry(Page& page, const Entry& entry) {
    const std::string text = to_string(entry.at);
    const std::string time = text.substr(text.find('T') + 1);
    page.spaces(2).plain(time.substr(0, time.size() - 1)).plain("  ");
    if (entry.rule != nullptr) {
        const RuleChange& change = *entry.rule;
        const Mark mark = mark_of(change);
        page.ink(mark.ink, mark.sign).plain(" ");
        write_subject(page, *entry.record);
        page.plain("  ").name(change.rule).plain(": ").plain(words_of(change.from)).plain(" → ");
        page.ink(mark.ink, words_of(change.to));
        if (is_open(change)) {
            page.line().spaces(kValue).ink(Ink::kDim,
                                           change.until ? "until " + to_string(*change.until) : "from then on");
            if (!change.needs.empty()) {
                page.ink(Ink::kDim, ", hangs on ");
                write_list(page, change.needs);
            }
        }
    } else {
        const VerdictChange& change = *entry.verdict;
        const Mark mark = mark_of(change.to);
        page.ink(mark.ink, mark.sign).plain(" ");
        write_subject(page, *entry.record);
        page.plain("  verdict: ").plain(to_string(change.from)).plain(" → ").ink(mark.ink, to_string(change.to));
        if (change.to == Verdict::kInvalid) {
            page.line().spaces(kValue).ink(Ink::kDim, "from then on the record contradicts its schema");
        }
    }
    page.line();
}

[[nodiscard]] std::int64_t day_of(Instant instant) { return instant.seconds / kSecondsPerDay; }

[[nodiscard]] std::string days_from(Instant now, Instant then) {
    const std::int64_t days = day_of(then) - day_of(now);
    return days == 0 ? "today" : "in " + counted(static_cast<std::size_t>(days), "day", "days");
}

void write_deadline(Page& page, const ExpiresAt& deadline, Instant now) {
    const auto instant = [&](Instant at) { page.plain(to_string(at)).plain(", ").ink(Ink::kBold, relative(at, now)); };
    if (deadline.kind == ExpiresAt::Kind::kNever) {
        page.plain("no deadline");
    } else if (deadline.earliest && deadline.latest && *deadline.earliest == *deadline.latest) {
        instant(*deadline.earliest);
    } else if (deadline.earliest && deadline.latest) {
        page.plain("between ");
        instant(*deadline.earliest);
        page.plain(", and ");
        instant(*deadline.latest);
    } else if (deadline.earliest) {
        page.plain("not before ");
        instant(*deadline.earliest);
    } else if (deadline.latest) {
        page.plain("at the latest ");
        instant(*deadline.latest);
    } else {
        page.plain("perhaps: it hangs on something unknown");
    }
}

void write_expiry(Page& page, const Expiry& expiry, Instant now) {
    page.spaces(2).name(expiry.rule, Ink::kBold).plain("  ");
    write_deadline(page, expiry.deadline, now);
    page.line();
    bool first = true;
    for (const Renewal& renewal : expiry.renewals) {
        page.label(first ? "renewed" : "", kBody, kValue).name(renewal.field).plain(", were it now: ");
        write_deadline(page, renewal.deadline, now);
        page.line();
        first = false;
    }
    first = true;
    for (const Escape& escape : expiry.escapes) {
        page.label(first ? "edited" : "", kBody, kValue).name(escape.field);
        if (!escape.value.empty()) page.plain(", such as ").name(escape.value);
        page.plain(": ").plain(words_of(escape.then)).line();
        first = false;
    }
}

void write_record(Page& page, const RecordForecast& record, Instant now) {
    if (record.expiries.empty() && record.errors.empty() && record.complete) return;
    page.line();
    write_verdict(page, record.verdict);
    if (!record.subject.empty()) page.name(record.subject, Ink::kBold).plain("  ");
    write_source(page, record.source, record.index);
    for (const RecordError& error : record.errors) write_error(page, error);
    if (!record.complete) {
        page.spaces(2)
            .ink(Ink::kYellow, "undetermined")
            .plain("  too many unknown instants are compared with one another; ");
        page.plain("nothing is forecast").line();
    }
    for (const Expiry& expiry : record.expiries) write_expiry(page, expiry, now);
}

[[nodiscard]] std::string head_of(const RecordForecast& record) {
    std::string out = printable_line(record.source, kNameLimit) + '#' + std::to_string(record.index);
    if (!record.subject.empty()) out += ' ' + printable(record.subject);
    return out + ": ";
}

}  // namespace

std::string_view to_string(Standing standing) {
    switch (standing) {
        case Standing::kNotApplicable: return "not_applicable";
        case Standing::kExempt: return "exempt";
        case Standing::kPass: return "pass";
        case Standing::kWarning: return "warning";
        case Standing::kPerhapsWarning: return "perhaps_warning";
        case Standing::kUndetermined: return "undetermined";
        case Standing::kViolated: return "violated";
    }
    return {};
}

std::string to_pretty(const Forecast& forecast, const Style& style) {
    Page page{style};
    const std::vector<Entry> entries = entries_of(forecast);
    const Entry* before = nullptr;
    for (const Entry& entry : entries) {
        if (before == nullptr || day_of(before->at) != day_of(entry.at)) {
            if (before != nullptr) page.line();
            const std::string text = to_string(entry.at);
            page.ink(Ink::kBold, text.substr(0, text.find('T'))).plain("  ");
            page.plain(days_from(forecast.evaluated_at, entry.at)).line();
        }
        write_entry(page, entry);
        before = &entry;
    }
    if (entries.empty()) {
        const bool all =
            std::all_of(forecast.results.begin(), forecast.results.end(),
                        [](const RecordForecast& record) { return record.complete && record.errors.empty(); });
        page.plain(all ? "nothing changes" : "nothing changes in the records that could be forecast").line();
    }
    for (const RecordForecast& record : forecast.results) write_record(page, record, forecast.evaluated_at);
    page.line().ink(Ink::kBold, counted(forecast.results.size(), "record", "records")).plain(": ");
    page.plain(counted(entries.size(), "change", "changes"))
        .plain("  ")
        .name(forecast.rules.pack, Ink::kDim)
        .plain(" ");
    page.name(forecast.rules.version, Ink::kDim).ink(Ink::kDim, ", at " + to_string(forecast.evaluated_at));
    if (forecast.until) page.ink(Ink::kDim, ", until " + to_string(*forecast.until));
    page.line();
    for (const WaiverGiven& waiver : forecast.waivers) {
        page.plain("waiver ").name(waiver.name).plain(" of ").name(waiver.rule);
        page.plain(forecast.evaluated_at < waiver.until ? ", until " : ", over since ");
        page.plain(to_string(waiver.until)).line();
    }
    return page.take();
}

std::string to_compact(const Forecast& forecast) {
    std::string out;
    for (const Entry& entry : entries_of(forecast)) {
        out += to_string(entry.at) + ' ' + head_of(*entry.record);
        if (entry.verdict != nullptr) {
            out += "verdict: " + std::string{to_string(entry.verdict->from)} + " -> ";
            out += to_string(entry.verdict->to);
        } else {
            const RuleChange& change = *entry.rule;
            out += printable(change.rule) + ": " + std::string{to_string(change.from)} + " -> ";
            out += to_string(change.to);
            if (is_open(change) && change.until) out += " until " + to_string(*change.until);
            for (std::size_t i = 0; i < change.needs.size(); ++i)
                out += (i == 0 ? ", needs " : ", ") + printable(change.needs[i]);
        }
        out += '\n';
    }
    for (const RecordForecast& record : forecast.results) {
        for (const RecordError& error : record.errors) {
            out += head_of(record) + "invalid: " + printable(error.code) + ": ";
            if (!error.at.empty()) out += printable(error.at) + ": ";
            out += printable(error.message, report::kProseLimit) + '\n';
        }
        if (!record.complete) out += head_of(record) + "undetermined: too many unknown instants to forecast\n";
    }
    return out;
}

}  // namespace keywright
