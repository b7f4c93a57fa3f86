// KW7007: a rule that takes its source more lightly, or more gravely, than the source takes itself.
#include "lint/checks.h"

#include <fmt/format.h>

#include <string_view>

namespace keywright::lint {

namespace {

// How much a clause demands. Facts, exemptions and notes demand nothing themselves.
enum class Force { kNone, kMay, kShould, kMust };

Force force_of(ir::ClauseKind kind) {
    switch (kind) {
        case ir::ClauseKind::kMust:
        case ir::ClauseKind::kMustNot: return Force::kMust;
        case ir::ClauseKind::kShould:
        case ir::ClauseKind::kShouldNot: return Force::kShould;
        case ir::ClauseKind::kMay: return Force::kMay;
        case ir::ClauseKind::kFact:
        case ir::ClauseKind::kExemption:
        case ir::ClauseKind::kNote: break;
    }
    return Force::kNone;
}

// What is wrong with enforcing that as `severity`, or nothing.
std::string_view fault_of(Force force, Severity severity) {
    switch (force) {
        case Force::kMust: return severity == Severity::kError ? "" : "is an `error` where it isn't kept";
        case Force::kShould: return severity == Severity::kError ? "is advice: `warning`, or `info`" : "";
        case Force::kMay: return severity == Severity::kInfo ? "" : "is leave, not a demand: `info`";
        case Force::kNone: break;
    }
    return "";
}

}  // namespace

void severity_unlike_clause(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    for (const ir::Rule& rule : module.rules) {
        const ir::Clause* strongest = nullptr;
        std::string name;
        for (const ir::Citation& citation : rule.cites) {
            const ir::Document& document = module.documents[citation.document.index()];
            for (const ir::Clause& clause : document.clauses) {
                if (clause.id != citation.clause) continue;
                if (strongest != nullptr && force_of(clause.kind) <= force_of(strongest->kind)) continue;
                strongest = &clause;
                name = document.name + " " + clause.id;
            }
        }
        if (strongest == nullptr) continue;
        const std::string_view fault = fault_of(force_of(strongest->kind), rule.severity);
        if (fault.empty()) continue;
        findings
            .report(diag::Code::kSeverityUnlikeClause, {"rule", rule.name}, rule.span,
                    fmt::format("`{}` is of severity `{}`, but what it cites says `{}`", rule.name,
                                to_string(rule.severity), ir::word(strongest->kind)),
                    "unlike its source")
            .note(strongest->span, "the strongest clause that it cites")
            .help(fmt::format("what `{}` says (`{}`) {}", name, ir::word(strongest->kind), fault));
    }
}

}  // namespace keywright::lint
