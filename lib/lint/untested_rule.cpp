// KW7003: a rule that no test says anything about. Where the pack has no test at all, that is said once.
#include "lint/checks.h"
#include "lint/tested_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace keywright::lint {

void untested_rule(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    if (module.tests.empty()) {
        const auto own = [&](const ir::Rule& rule) { return subject.owns(rule.span); };
        if (std::none_of(module.rules.begin(), module.rules.end(), own)) return;
        findings
            .report(diag::Code::kUntestedRule, {"pack", module.pack.name}, module.pack.span, "the pack has no test",
                    "none of its rules is tried")
            .key("pack")
            .help("`keywright test --generate` writes tests to start from; read them before you keep them");
        return;
    }
    const std::vector<bool> named = named_by_tests(module);
    const std::vector<bool> violated = violated_in_tests(subject);
    for (std::size_t i = 0; i < module.rules.size(); ++i) {
        if (named[i]) continue;
        const std::string& name = module.rules[i].name;
        findings
            .report(diag::Code::kUntestedRule, {"rule", name}, module.rules[i].span,
                    fmt::format("no test expects anything of `{}`{}", name,
                                violated[i] ? "" : ", and none has a record that violates it"),
                    "untested")
            .help("expect it of a record that violates it, and `passes` of one that keeps it");
    }
}

}  // namespace keywright::lint
