// KW7015: a rule whose violations are all violations of others of its severity or above.
#include "lint/checks.h"
#include "lint/defect_parts.h"

#include <fmt/format.h>

namespace keywright::lint {

void redundant_rule(const Subject& subject, Findings& findings) {
    for_each_defect(subject, analysis::Defect::kRedundant, [&](const analysis::DefectFound& found) {
        const ir::Rule& rule = rule_of(subject, found);
        findings
            .report(diag::Code::kRedundantRule, {"rule", rule.name}, rule.span,
                    fmt::format("whatever violates `{}` violates another rule as well", rule.name),
                    "no verdict hangs on this rule")
            .key("rule")
            .help("remove it, or let it demand what the others don't");
    });
}

}  // namespace keywright::lint
