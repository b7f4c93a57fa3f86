// Reports made by hand, for tests of how they are shown.
#pragma once

#include "keywright/audit.h"
#include "keywright/lint.h"
#include "keywright/report.h"
#include "keywright/trace.h"

#include <string>
#include <string_view>
#include <vector>

namespace keywright::test {

// Four records: one violates an error and a warning rule, one has an open rule, one can't be read, one is fine.
[[nodiscard]] Report sample_report();

// The same as an audit would tell it, with an input that broke off.
[[nodiscard]] AuditReport audit_of(const Report& report);

// A finding about the bytes from `begin` up to `end` of a file.
[[nodiscard]] LintFinding finding(const std::string& code, const std::string& message, const std::string& file,
                                  std::string_view text, std::size_t begin, std::size_t end,
                                  Severity severity = Severity::kWarning);
[[nodiscard]] LintReport lint_report(std::vector<LintFinding> findings, std::vector<std::string> undecided = {});

// Two clauses, one of which nothing rests on, a rule with an exemption, and a test.
[[nodiscard]] Trace sample_trace();

// A text that tries what it can: markup, scripts, ends of them, terminal sequences, commands of CI systems, marks of
// direction, Markdown, what XML can't hold.
[[nodiscard]] const std::string& hostile();
// Every text in them is hostile.
[[nodiscard]] Report hostile_report();
[[nodiscard]] AuditReport hostile_inventory();
[[nodiscard]] std::vector<LintReport> hostile_audit();
[[nodiscard]] Trace hostile_trace();

}  // namespace keywright::test
