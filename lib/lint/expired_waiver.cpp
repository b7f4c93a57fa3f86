// KW7040: a waiver that is over. Whatever it covered is a violation again.
#include "lint/checks.h"
#include "lint/waived.h"

#include <fmt/format.h>

namespace keywright::lint {

void expired_waiver(const Subject& subject, Findings& findings) {
    for (const ir::Waiver& waiver : subject.waived.waivers) {
        if (!is_over(subject, waiver)) continue;
        findings
            .report(diag::Code::kExpiredWaiver, {"waiver", waiver.name}, waiver.span,
                    fmt::format("the waiver `{}` was over at {}", waiver.name, to_string(waiver.until)),
                    "covers nothing any more")
            .help("remove it; what still needs it has to be answered for anew");
    }
}

}  // namespace keywright::lint
