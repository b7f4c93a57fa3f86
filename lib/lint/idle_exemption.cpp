// KW7013: an exemption that never decides.
#include "lint/checks.h"
#include "lint/defect_parts.h"

#include <fmt/format.h>

namespace keywright::lint {

void idle_exemption(const Subject& subject, Findings& findings) {
    for_each_defect(subject, analysis::Defect::kIdleExemption, [&](const analysis::DefectFound& found) {
        const ir::Rule& rule = rule_of(subject, found);
        findings
            .report(diag::Code::kIdleExemption, {"rule", rule.name}, place_of(subject, found),
                    fmt::format("the exemption `{}` of `{}` never decides", base::printable(found.part), rule.name),
                    "where this holds, the rule is kept, isn't about the record, or exempts it anyway")
            .help("remove it, or correct its condition; the verdict is the same without it");
    });
}

}  // namespace keywright::lint
