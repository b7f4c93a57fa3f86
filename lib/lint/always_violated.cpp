// KW7012: a rule that nothing it is about can comply with forbids its `when` in a roundabout way.
#include "lint/checks.h"
#include "lint/defect_parts.h"

#include <fmt/format.h>

namespace keywright::lint {

void always_violated(const Subject& subject, Findings& findings) {
    for_each_defect(subject, analysis::Defect::kAlwaysViolated, [&](const analysis::DefectFound& found) {
        const ir::Rule& rule = rule_of(subject, found);
        findings
            .report(diag::Code::kAlwaysViolated, {"rule", rule.name}, rule.span,
                    fmt::format("nothing that `{}` is about can comply with it", rule.name), "its demand can't be met")
            .key("rule")
            .help("correct the demand; to forbid what the rule is about, write `forbid` without `when`");
    });
}

}  // namespace keywright::lint
