// KW7041 and KW7042: a waiver that covers no violation of its rule, and one that covers them all.
#include "lint/checks.h"
#include "lint/waived.h"

#include <fmt/format.h>

namespace keywright::lint {

void waiver_cover(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.waived;
    for (std::uint32_t i = 0; i < module.waivers.size(); ++i) {
        const ir::Waiver& waiver = module.waivers[i];
        if (!subject.owns(waiver.span) || is_over(subject, waiver)) continue;
        const std::string& rule = module.rules[waiver.rule.index()].name;
        const Waived waived = ask_about(subject, i);
        if (waived.some.answer == logic::Answer::kUnknown) {
            findings.undecided(
                fmt::format("whether the waiver `{}` covers anything: {}", waiver.name, waived.some.reason));
        } else if (waived.some.answer == logic::Answer::kNo) {
            findings
                .report(diag::Code::kIdleWaiver, {"waiver", waiver.name}, waiver.span,
                        fmt::format("the waiver `{}` covers nothing that violates `{}`", waiver.name, rule),
                        "waives nothing")
                .help("remove it, or correct its condition: every record is judged the same without it");
        } else if (waived.left.answer == logic::Answer::kUnknown) {
            findings.undecided(fmt::format("whether the waiver `{}` covers every violation of `{}`: {}", waiver.name,
                                           rule, waived.left.reason));
        } else if (waived.left.answer == logic::Answer::kNo) {
            findings
                .report(diag::Code::kWideWaiver, {"waiver", waiver.name}, waiver.span,
                        fmt::format("the waiver `{}` covers whatever violates `{}`", waiver.name, rule),
                        "as long as it lasts, the rule is off")
                .help("let its condition name the keys that it is about, such as by `id` or `name`");
        }
    }
}

}  // namespace keywright::lint
