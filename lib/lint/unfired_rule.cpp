// KW7004: a rule that tests speak of, but that no record of theirs violates: that it would ever fire has not been seen.
#include "lint/checks.h"
#include "lint/defect_parts.h"
#include "lint/tested_rules.h"

#include <fmt/format.h>

namespace keywright::lint {

void unfired_rule(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    const std::vector<bool> named = named_by_tests(module);
    const std::vector<bool> violated = violated_in_tests(subject);
    std::vector<bool> possible(module.rules.size(), true);  // another finding says that nothing violates the others
    const auto rule_out = [&](const analysis::DefectFound& found) { possible[found.rule.index()] = false; };
    for_each_defect(subject, analysis::Defect::kUnreachable, rule_out);
    for_each_defect(subject, analysis::Defect::kNeverViolated, rule_out);
    for (std::size_t i = 0; i < module.rules.size(); ++i) {
        if (!named[i] || violated[i] || !possible[i]) continue;
        const std::string& name = module.rules[i].name;
        findings
            .report(diag::Code::kUnfiredRule, {"rule", name}, module.rules[i].span,
                    fmt::format("no test has a record that violates `{}`", name), "never seen to fire")
            .help(module.rules[i].expiry ? "add a test at an instant behind its deadline"
                                         : "add a test with a record that it refuses");
    }
}

}  // namespace keywright::lint
