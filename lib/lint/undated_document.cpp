// KW7008: a document of which nobody can say whether it is still the one that holds.
#include "lint/checks.h"

#include <fmt/format.h>

namespace keywright::lint {

void undated_document(const Subject& subject, Findings& findings) {
    for (const ir::Document& document : subject.module.documents) {
        if (!document.dated.empty()) continue;
        findings
            .report(diag::Code::kUndatedDocument, {"document", document.name}, document.span,
                    fmt::format("the document `{}` has no date", document.name), "of which day, or version?")
            .help(
                "add `dated \"…\"` as the source writes it; of a source without a date, the day on which it was read");
    }
}

}  // namespace keywright::lint
