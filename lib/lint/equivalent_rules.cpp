// KW7016: two rules that are violated by exactly the same records.
#include "lint/checks.h"
#include "lint/defect_parts.h"

#include <fmt/format.h>

namespace keywright::lint {

void equivalent_rules(const Subject& subject, Findings& findings) {
    for_each_defect(subject, analysis::Defect::kEquivalent, [&](const analysis::DefectFound& found) {
        const ir::Rule& rule = rule_of(subject, found);
        const ir::Rule& other = subject.module.rules[found.other.index()];
        findings
            .report(diag::Code::kEquivalentRules, {"rule", rule.name}, rule.span,
                    fmt::format("`{}` and `{}` are violated by exactly the same records", rule.name, other.name),
                    "this rule")
            .note(other.span, "and this one")
            .key(other.name)
            .help("keep one of them, and let it cite the clauses of both");
    });
}

}  // namespace keywright::lint
