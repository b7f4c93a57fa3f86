// KW7011: a rule that no record can violate demands nothing.
#include "lint/checks.h"
#include "lint/defect_parts.h"

#include <fmt/format.h>

namespace keywright::lint {

void never_violated(const Subject& subject, Findings& findings) {
    for_each_defect(subject, analysis::Defect::kNeverViolated, [&](const analysis::DefectFound& found) {
        const ir::Rule& rule = rule_of(subject, found);
        findings
            .report(diag::Code::kNeverViolated, {"rule", rule.name}, rule.span,
                    fmt::format("nothing can violate `{}`", rule.name), "every record that it is about complies")
            .key("rule")
            .help("its demand holds wherever its `when` does: correct one of the two, or remove the rule");
    });
}

}  // namespace keywright::lint
