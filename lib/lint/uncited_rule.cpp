// KW7001: a rule that no clause of the source backs. Where the pack has no source at all, that is said once.
#include "lint/checks.h"

#include <fmt/format.h>

#include <algorithm>

namespace keywright::lint {

void uncited_rule(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    if (module.documents.empty()) {
        const auto own = [&](const ir::Rule& rule) { return subject.owns(rule.span); };
        if (std::none_of(module.rules.begin(), module.rules.end(), own)) return;
        findings
            .report(diag::Code::kUncitedRule, {"pack", module.pack.name}, module.pack.span,
                    "the pack has no document that its rules could cite", "where do its rules come from?")
            .key("pack")
            .help("write the source down with `document`, clause by clause, and let each rule cite what it encodes");
        return;
    }
    for (const ir::Rule& rule : module.rules) {
        if (!rule.cites.empty()) continue;
        findings
            .report(diag::Code::kUncitedRule, {"rule", rule.name}, rule.span,
                    fmt::format("`{}` cites no clause", rule.name), "who demands this?")
            .help("add `cites` with the clause that it encodes; of a rule of one's own, cite a document of one's own");
    }
}

}  // namespace keywright::lint
