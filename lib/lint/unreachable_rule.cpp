// KW7010: a rule whose `when` can't hold is about no record, whatever it demands.
#include "lint/checks.h"
#include "lint/defect_parts.h"

#include <fmt/format.h>

namespace keywright::lint {

void unreachable_rule(const Subject& subject, Findings& findings) {
    for_each_defect(subject, analysis::Defect::kUnreachable, [&](const analysis::DefectFound& found) {
        const ir::Rule& rule = rule_of(subject, found);
        findings
            .report(diag::Code::kUnreachableRule, {"rule", rule.name}, place_of(subject, found),
                    fmt::format("`{}` is about no record: its `when` can't hold", rule.name), "never true")
            .key("when")
            .help("correct the condition, or remove the rule");
    });
}

}  // namespace keywright::lint
