// A forecast as an iCalendar file (RFC 5545).
#include "base/digest.h"
#include "base/text.h"
#include "keywright/forecast.h"
#include "keywright/text.h"

#include <set>
#include <string>
#include <string_view>

namespace keywright {

namespace {

constexpr std::size_t kOctets = 75;  // of a line, its break not counted

// `name:value` in lines of at most 75 octets, none of which cuts a character.
void write_line(std::string& out, std::string_view name, std::string_view value) {
    std::string line{name};
    line += ':';
    line += value;
    std::size_t left = kOctets;
    std::size_t offset = 0;
    while (offset < line.size()) {
        std::size_t next = offset;
        (void)base::next_scalar(line, next);
        if (next - offset > left) {
            out += "\r\n ";
            left = kOctets - 1;
        }
        out.append(line, offset, next - offset);
        left -= next - offset;
        offset = next;
    }
    out += "\r\n";
}

// The characters that mean something in a text value.
[[nodiscard]] std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || c == ';' || c == ',') out += '\\';
        out += c;
    }
    return out;
}

// `20260219T083000Z`
[[nodiscard]] std::string stamp(Instant instant) {
    std::string out;
    for (const char c : to_string(Instant{instant.seconds, 0})) {
        if (c != '-' && c != ':') out += c;
    }
    return out;
}

// Texts of a record as one harmless line.
[[nodiscard]] std::string subject_of(const RecordForecast& record) {
    return record.subject.empty() ? printable(record.source) + '#' + std::to_string(record.index)
                                  : printable(record.subject);
}

class Calendar {
public:
    explicit Calendar(const Forecast& forecast) : forecast_(forecast) {
        write_line(out_, "BEGIN", "VCALENDAR");
        write_line(out_, "VERSION", "2.0");
        write_line(out_, "PRODID", "-//keywright//keywright.forecast/1//EN");
        write_line(out_, "CALSCALE", "GREGORIAN");
        for (const RecordForecast& record : forecast.results) {
            for (const RuleChange& change : record.changes) event(record, change);
            for (const VerdictChange& change : record.verdicts) event(record, change);
        }
        write_line(out_, "END", "VCALENDAR");
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void event(const RecordForecast& record, const RuleChange& change) {
        std::string summary = subject_of(record) + ": " + printable(change.rule);
        std::string more;
        bool sure = true;
        switch (change.to) {
            case Standing::kNotApplicable:
            case Standing::kExempt:
            case Standing::kPass: return;  // nothing that anybody has to be reminded of
            case Standing::kWarning: summary += " warns"; break;
            case Standing::kViolated: summary += " is violated"; break;
            case Standing::kPerhapsWarning:
                summary += " perhaps warns";
                sure = false;
                break;
            case Standing::kUndetermined:
                summary += " is undetermined";
                sure = false;
                break;
        }
        std::string description = printable(change.rule) + ": " + std::string{to_string(change.from)} + " -> ";
        description += to_string(change.to);
        description += ", at " + to_string(change.at);
        if (change.until) description += "\nuntil " + to_string(*change.until);
        if (!change.needs.empty()) {
            description += "\nneeds";
            for (std::size_t i = 0; i < change.needs.size(); ++i)
                description += (i == 0 ? " " : ", ") + printable(change.needs[i]);
        }
        write(record, change.rule, change.at, summary, description, sure);
    }

    void event(const RecordForecast& record, const VerdictChange& change) {
        if (change.to != Verdict::kInvalid) return;  // all other verdicts follow from the rules
        write(record, "verdict", change.at, subject_of(record) + ": the record contradicts its schema",
              "from " + to_string(change.at) + " on the record can't be read", true);
    }

    void write(const RecordForecast& record, const std::string& rule, Instant at, const std::string& summary,
               std::string description, bool sure) {
        // What a record is called stays when it moves to another file or line; two of one name are told apart by that.
        std::string key =
            (record.subject.empty() ? record.source + '#' + std::to_string(record.index) : record.subject) + '\n' +
            rule + '\n' + to_string(at);
        while (!known_.insert(key).second) key += '\n' + record.source + '#' + std::to_string(record.index);
        description += '\n' + printable(record.source) + '#' + std::to_string(record.index);
        description += "\nrules " + printable(forecast_.rules.pack) + ' ' + printable(forecast_.rules.version);
        write_line(out_, "BEGIN", "VEVENT");
        write_line(out_, "UID", base::sha256(key).substr(std::string_view{"sha256:"}.size()) + "@keywright");
        write_line(out_, "DTSTAMP", stamp(forecast_.evaluated_at));
        write_line(out_, "DTSTART", stamp(at));
        write_line(out_, "SUMMARY", escaped(summary));
        write_line(out_, "DESCRIPTION", escaped(description));
        write_line(out_, "STATUS", sure ? "CONFIRMED" : "TENTATIVE");
        write_line(out_, "TRANSP", "TRANSPARENT");
        write_line(out_, "END", "VEVENT");
    }

    const Forecast& forecast_;
    std::string out_;
    std::set<std::string> known_;
};

}  // namespace

std::string to_icalendar(const Forecast& forecast) { return Calendar{forecast}.take(); }

}  // namespace keywright
