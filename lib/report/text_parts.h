// What several of our texts for people hold, written in one way: verdicts, records, their errors, places in rule files.
#pragma once

#include "keywright/report.h"
#include "report/page.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace keywright::report {

inline constexpr std::size_t kBody = 4;    // column of what belongs to a finding
inline constexpr std::size_t kValue = 14;  // column behind the labels

struct Mark {
    std::string_view sign;
    Ink ink;
};

[[nodiscard]] Mark mark_of(Verdict verdict);

// The empty pointer is the record itself.
[[nodiscard]] std::string_view named(const std::string& pointer);

// `✗ violation  `
void write_verdict(Page& page, Verdict verdict);
// `file#index`, to the end of the line
void write_source(Page& page, const std::string& source, std::size_t index);
// Why a record can't be read.
void write_error(Page& page, const RecordError& error);
// `until 2026-06-01T00:00:00Z by OWNER: REASON (TICKET)`, as it stands in the waiver: not yet harmless
[[nodiscard]] std::string words_of(const WaiverUsed& waiver);
// `file:line`
void write_place(Page& page, const SourceRange& range);

// The line that a record begins with: its verdict, its name, where it came from.
template <class OfRecord>
void write_headline(Page& page, const OfRecord& record) {
    write_verdict(page, record.verdict);
    if (record.subject.empty()) {
        page.ink(Ink::kDim, "(no name)");
    } else {
        page.name(record.subject, Ink::kBold);
    }
    page.plain("  ");
    write_source(page, record.source, record.index);
}

}  // namespace keywright::report
