// KW7005: a rule that says what is wrong, and not what to do.
#include "lint/checks.h"

#include <fmt/format.h>

namespace keywright::lint {

void rule_without_help(const Subject& subject, Findings& findings) {
    for (const ir::Rule& rule : subject.module.rules) {
        if (!rule.help.empty()) continue;
        findings
            .report(diag::Code::kRuleWithoutHelp, {"rule", rule.name}, rule.span,
                    fmt::format("`{}` has no `help`", rule.name), "what should the owner of the key do?")
            .help("add `help \"…\"` with the change that mends it");
    }
}

}  // namespace keywright::lint
