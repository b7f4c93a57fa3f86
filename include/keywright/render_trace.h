// Traceability as text: for people, for auditors' files, and for programs. Pure functions, with the promises of
// render.h.
#pragma once

#include "keywright/render.h"
#include "keywright/trace.h"

#include <string>
#include <vector>

namespace keywright {

// Every clause with what it rests on, every rule with its tests and an example, and what there is to see to.
[[nodiscard]] std::string to_pretty(const Trace& trace, const Style& style = {});
// One line a finding: `file:line: kind: message`.
[[nodiscard]] std::string to_compact(const Trace& trace);
[[nodiscard]] std::string to_github(const Trace& trace);

[[nodiscard]] std::string to_json(const std::vector<Trace>& packs);  // the document `keywright.trace/1`
[[nodiscard]] std::string trace_schema();                            // its JSON Schema (2020-12)

// Tables for a document that people read: CommonMark with the tables of GitHub. Texts of rule files are escaped, so
// that they are neither markup nor links.
[[nodiscard]] std::string to_markdown(const std::vector<Trace>& packs);

// One self-contained page, as those of render_reports.h: clauses, a matrix of clauses and rules, rules, evidence.
[[nodiscard]] std::string to_html(const std::vector<Trace>& packs);

// The matrix for a spreadsheet: CSV (RFC 4180) with a heading, one row for each clause, rule that it rests on, and test
// of that rule; a rule that cites nothing, and a clause without rules, have a row too. Every cell is quoted. One that a
// spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) has an apostrophe before
// it.
[[nodiscard]] std::string to_csv(const std::vector<Trace>& packs);

}  // namespace keywright
