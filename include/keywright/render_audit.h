// Audits as text: for people, for programs, for a comment on a change, and as a page for an auditor. Pure functions,
// with the promises of render.h: nothing hangs on how long the audit took, or by how many threads it was done.
#pragma once

#include "keywright/audit.h"
#include "keywright/render.h"

#include <string>

namespace keywright {

// The samples as `check` shows them; then rules, errors, exemptions, expiries, inputs that weren't read to their end;
// the numbers of verdicts last.
[[nodiscard]] std::string to_pretty(const AuditReport& report, const Style& style = {});

[[nodiscard]] std::string to_json(const AuditReport& report);  // the document `keywright.audit/1`
[[nodiscard]] std::string audit_schema();                      // its JSON Schema (2020-12)

// GitHub-flavoured Markdown, below `kMarkdownLimit` (render_reports.h).
[[nodiscard]] std::string to_markdown(const AuditReport& report);

// One self-contained page, as those of render_reports.h.
[[nodiscard]] std::string to_html(const AuditReport& report);

}  // namespace keywright
