// KW7014: a part of a condition that might as well be `true` or `false`.
#include "lint/checks.h"
#include "lint/defect_parts.h"

#include <fmt/format.h>

namespace keywright::lint {

void dead_expression(const Subject& subject, Findings& findings) {
    for_each_defect(subject, analysis::Defect::kDeadExpression, [&](const analysis::DefectFound& found) {
        const ir::Rule& rule = rule_of(subject, found);
        const char* constant = found.always ? "true" : "false";
        findings
            .report(diag::Code::kDeadExpression, {"rule", rule.name}, place_of(subject, found),
                    fmt::format("`{}` makes no difference to `{}`", base::printable(found.part), rule.name),
                    fmt::format("might as well be `{}`", constant))
            .key(fmt::format("{} {}", constant, found.part))
            .help("remove it, or correct it: the condition doesn't say what it seems to say");
    });
}

}  // namespace keywright::lint
