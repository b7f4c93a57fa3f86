#include "report/html_timeline.h"

#include "report/page.h"
#include "report/record_parts.h"

#include <algorithm>
#include <cstdint>
#include <map>

namespace keywright::report {

namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kMostSpans = 36;
constexpr std::size_t kNamesInRow = 5;

// Span number `k` reaches from after `now + k * width` up to and with `now + (k + 1) * width`: at its deadline a key
// has expired.
[[nodiscard]] std::int64_t span_of(Instant instant, Instant now, std::int64_t width) {
    std::int64_t seconds = instant.seconds - now.seconds;
    std::int64_t nanoseconds = static_cast<std::int64_t>(instant.nanoseconds) - now.nanoseconds;
    if (nanoseconds < 0) --seconds, nanoseconds += 1'000'000'000;
    std::int64_t whole = seconds / width;
    if (seconds % width < 0) --whole;
    const bool more = seconds % width != 0 || nanoseconds > 0;
    return whole + (more ? 1 : 0) - 1;
}

struct Span {
    std::vector<const RecordReport*> records;  // by instant
};

struct Timeline {
    std::int64_t width = kDay;  // seconds
    std::map<std::int64_t, Span> spans;
    std::size_t expiring = 0, unsure = 0;
};

[[nodiscard]] std::int64_t width_for(Instant first, Instant last, Instant now) {
    for (const std::int64_t days : {1, 7, 30, 91, 365}) {
        if (span_of(last, now, days * kDay) - span_of(first, now, days * kDay) < kMostSpans) return days * kDay;
    }
    const std::int64_t days = (last.seconds - first.seconds) / kDay + 1;
    return (days / (kMostSpans - 2) + 1) * kDay;
}

[[nodiscard]] Timeline timeline_of(const Report& report) {
    Timeline out;
    std::vector<const RecordReport*> records;
    for (const RecordReport& record : report.results) {
        if (record.expires_at.kind == ExpiresAt::Kind::kBetween) ++out.unsure;
        if (record.expires_at.kind == ExpiresAt::Kind::kAt && record.expires_at.earliest) records.push_back(&record);
    }
    if (records.empty()) return out;
    // Of one instant, in the order of the report, in whose vector they all lie.
    std::ranges::sort(records, {},
                      [](const RecordReport* record) { return std::pair{*record->expires_at.earliest, record}; });
    out.expiring = records.size();
    out.width =
        width_for(*records.front()->expires_at.earliest, *records.back()->expires_at.earliest, report.evaluated_at);
    for (const RecordReport* record : records)
        out.spans[span_of(*record->expires_at.earliest, report.evaluated_at, out.width)].records.push_back(record);
    return out;
}

[[nodiscard]] std::string day_of(Instant instant) {
    const std::string text = to_string(instant);
    return text.substr(0, text.find('T'));
}

[[nodiscard]] Instant edge_of(const Timeline& timeline, Instant now, std::int64_t span) {
    return {now.seconds + span * timeline.width, now.nanoseconds};
}

// Years outside of those that an instant can have have no name.
[[nodiscard]] bool has_name(Instant instant) { return instant.seconds >= 0 && instant.seconds < 253'402'300'800; }

[[nodiscard]] std::string number(std::int64_t value) { return std::to_string(value); }

void write_chart(Markup& svg, const Timeline& timeline, Instant now) {
    constexpr std::int64_t kWidth = 960, kTop = 24, kHeight = 150, kLeft = 24, kRight = 24;
    const std::int64_t first = std::min<std::int64_t>(timeline.spans.begin()->first, 0);
    const std::int64_t last = std::max<std::int64_t>(timeline.spans.rbegin()->first, 0);
    const std::int64_t count = last - first + 1;
    const std::int64_t step = std::min<std::int64_t>((kWidth - kLeft - kRight) / count, 90);
    const std::int64_t bottom = kTop + kHeight;
    std::size_t most = 1;
    for (const auto& [at, span] : timeline.spans) most = std::max(most, span.records.size());
    const auto x_of = [&](std::int64_t span) { return kLeft + (span - first) * step; };
    svg.raw("<figure class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Chart of expiries\" ");
    svg.raw("data-chart=\"expiries\">\n<svg viewBox=\"0 0 960 216\" role=\"img\" aria-labelledby=\"chart-title\">\n");
    svg.raw("<title id=\"chart-title\">Records by when they expire; the table below says the same</title>\n");
    for (const auto& [at, span] : timeline.spans) {
        const auto size = static_cast<std::int64_t>(span.records.size());
        const std::int64_t height = std::max<std::int64_t>(size * kHeight / static_cast<std::int64_t>(most), 2);
        svg.raw("<rect class=\"").raw(at < 0 ? "past" : "next").raw("\" x=\"").raw(number(x_of(at) + 1));
        svg.raw("\" y=\"")
            .raw(number(bottom - height))
            .raw("\" width=\"")
            .raw(number(std::max<std::int64_t>(step - 2, 1)));
        svg.raw("\" height=\"").raw(number(height)).raw("\"/>\n<text class=\"num\" text-anchor=\"middle\" x=\"");
        svg.raw(number(x_of(at) + step / 2)).raw("\" y=\"").raw(number(bottom - height - 5)).raw("\">");
        svg.raw(number(size)).raw("</text>\n");
    }
    svg.raw("<line class=\"axis\" x1=\"0\" x2=\"960\" y1=\"").raw(number(bottom)).raw("\" y2=\"").raw(number(bottom));
    svg.raw("\"/>\n<line class=\"now\" x1=\"").raw(number(x_of(0))).raw("\" x2=\"").raw(number(x_of(0)));
    svg.raw("\" y1=\"8\" y2=\"").raw(number(bottom + 8)).raw("\"/>\n<text class=\"num\" x=\"");
    svg.raw(number(x_of(0) + 4)).raw("\" y=\"16\">decided at ").text(day_of(now)).raw("</text>\n");
    // Days under the axis, as many as have room.
    const std::int64_t every = std::max<std::int64_t>(1, (80 + step - 1) / step);
    for (std::int64_t span = first; span <= last + 1; ++span) {
        const Instant edge = edge_of(timeline, now, span);
        if (span % every != 0 || !has_name(edge) || x_of(span) + 66 > kWidth) continue;
        svg.raw("<line class=\"axis\" x1=\"").raw(number(x_of(span))).raw("\" x2=\"").raw(number(x_of(span)));
        svg.raw("\" y1=\"").raw(number(bottom)).raw("\" y2=\"").raw(number(bottom + 6)).raw("\"/>\n<text x=\"");
        svg.raw(number(x_of(span))).raw("\" y=\"").raw(number(bottom + 20)).raw("\">").text(day_of(edge));
        svg.raw("</text>\n");
    }
    svg.raw("</svg>\n</figure>\n");
}

void write_table(HtmlPage& page, const Timeline& timeline) {
    page.begin_table("Records by when they expire", {"from", "up to", "state", "#records", "which"});
    Markup& body = page.body();
    for (const auto& [at, span] : timeline.spans) {
        const Instant first = *span.records.front()->expires_at.earliest;
        const Instant last = *span.records.back()->expires_at.earliest;
        body.raw("<tr>").element("td", to_string(first)).element("td", to_string(last));
        body.raw("<td class=\"").raw(at < 0 ? "bad" : "note").raw("\">").raw(at < 0 ? "expired" : "to come");
        body.raw("</td>").element("td class=\"n\"", span.records.size()).raw("<td>");
        for (std::size_t i = 0; i < std::min(span.records.size(), kNamesInRow); ++i) {
            body.raw(i == 0 ? "" : ", ").text(name_of(*span.records[i]), kNameLimit);
        }
        if (span.records.size() > kNamesInRow)
            body.raw(" and ").raw(std::to_string(span.records.size() - kNamesInRow)).raw(" more");
        body.raw("</td></tr>\n");
    }
    page.end_table();
}

}  // namespace

void write_timeline(HtmlPage& page, const Report& report) {
    const Timeline timeline = timeline_of(report);
    if (timeline.expiring + timeline.unsure == 0) return;
    page.begin_section("expiries", "Expiries");
    Markup& body = page.body();
    const Summary summary = report.summary();
    const std::size_t never = summary.records - summary.invalid - timeline.expiring - timeline.unsure;
    body.raw("<p>").raw(counted(timeline.expiring, "record expires", "records expire")).raw(" at a known instant, ");
    body.raw(std::to_string(never)).raw(never == 1 ? " never does" : " never do");
    if (timeline.unsure > 0) {
        body.raw(", and of <span class=\"said\">").raw(std::to_string(timeline.unsure));
        body.raw("</span> it hangs on something unknown");
    }
    body.raw(". A record expires when the first rule that sets it a deadline takes effect.</p>\n");
    if (timeline.expiring > 0) {
        body.raw("<p>One bar is ").raw(counted(static_cast<std::size_t>(timeline.width / kDay), "day", "days"));
        body.raw(" of 24 hours, counted from the instant of evaluation.</p>\n");
        write_chart(body, timeline, report.evaluated_at);
        write_table(page, timeline);
    }
    page.end_section();
}

}  // namespace keywright::report
