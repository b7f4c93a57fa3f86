// KW7017: two rules that are about a record together, and that no record can comply with both of.
#include "lint/checks.h"
#include "lint/defect_parts.h"

#include <fmt/format.h>

namespace keywright::lint {

void contradiction(const Subject& subject, Findings& findings) {
    for_each_defect(subject, analysis::Defect::kContradiction, [&](const analysis::DefectFound& found) {
        const ir::Rule& rule = rule_of(subject, found);
        const ir::Rule& other = subject.module.rules[found.other.index()];
        std::string help = "exempt one of them where the other is meant to hold";
        if (found.witness && !found.witness->records.empty()) {
            help += "; both are about " + example_of(subject, *found.witness);
        }
        findings
            .report(diag::Code::kContradiction, {"rule", rule.name}, rule.span,
                    fmt::format("no record that `{}` and `{}` are about complies with both", rule.name, other.name),
                    "this rule")
            .note(other.span, "and this one")
            .key(other.name)
            .help(std::move(help));
    });
}

}  // namespace keywright::lint
