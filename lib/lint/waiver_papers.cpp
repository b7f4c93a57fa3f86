// KW7043, KW7044 and KW7045: what a waiver should say of itself. Who answers for it, where that was agreed, and an end
// that somebody will live to see.
#include "lint/checks.h"
#include "lint/waived.h"

#include "base/text.h"

#include <fmt/format.h>

namespace keywright::lint {

void waiver_papers(const Subject& subject, Findings& findings) {
    constexpr std::int64_t kLongest = std::int64_t{366} * 24 * 60 * 60;  // seconds: a year, leap day included
    for (const ir::Waiver& waiver : subject.waived.waivers) {
        if (base::is_blank(waiver.owner)) {
            findings
                .report(diag::Code::kUnownedWaiver, {"waiver", waiver.name}, waiver.span,
                        fmt::format("nobody answers for the waiver `{}`", waiver.name), "has no `owner`")
                .help("add `owner \"…\"`: whom to ask when it ends");
        }
        if (base::is_blank(waiver.ticket)) {
            findings
                .report(diag::Code::kUnticketedWaiver, {"waiver", waiver.name}, waiver.span,
                        fmt::format("the waiver `{}` names no ticket", waiver.name), "has no `ticket`")
                .help("add `ticket \"…\"`: where it was asked for and agreed to");
        }
        if (!subject.now || waiver.until.seconds - subject.now->seconds <= kLongest) continue;
        findings
            .report(diag::Code::kLongWaiver, {"waiver", waiver.name}, waiver.span,
                    fmt::format("the waiver `{}` lasts until {}, more than a year from now", waiver.name,
                                to_string(waiver.until)),
                    "outlasts the memory of it")
            .help("let it end within a year, and look at it again then; what is meant to stay is an `unless`");
    }
}

}  // namespace keywright::lint
