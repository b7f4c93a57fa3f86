// KW7018: records that lie neither where a rule applies nor where it exempts, and of which its author says nothing.
#include "lint/checks.h"
#include "lint/defect_parts.h"

#include <fmt/format.h>

namespace keywright::lint {

void open_gap(const Subject& subject, Findings& findings) {
    for (std::size_t i = 0; i < subject.module.rules.size(); ++i) {
        const ir::Rule& rule = subject.module.rules[i];
        if (!subject.owns(rule.span)) continue;
        const auto question = analysis::gap(subject.module, ir::RuleId{i});
        if (!question) continue;
        const analysis::Described gap = analysis::describe(*question, subject.budget);
        if (!gap.incomplete.empty()) {
            findings.undecided(fmt::format("what lies in the gap of `{}`: {}", rule.name, gap.incomplete));
        }
        for (const analysis::Described::Part& part : gap.parts) {
            std::string help =
                fmt::format("accept it, with the reason: `accept gap where {} \"…\"`, or let the rule speak of it",
                            base::printable(part.condition, 1000));
            if (part.witness) help += "; one of them is " + example_of(subject, *part.witness);
            findings
                .report(diag::Code::kOpenGap, {"rule", rule.name}, rule.span,
                        fmt::format("`{}` is neither about these records nor exempts them: {}", rule.name,
                                    base::printable(part.condition, 1000)),
                        "the rule leaves a gap")
                .key(part.condition)
                .help(std::move(help));
        }
    }
}

}  // namespace keywright::lint
