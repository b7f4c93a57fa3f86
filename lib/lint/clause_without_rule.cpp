// KW7002: a clause of the source that nothing in the pack answers to: no rule or exemption, and no define or field that
// a rule reads.
#include "lint/checks.h"
#include "lint/reads.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

namespace keywright::lint {

namespace {

using Cited = std::set<std::pair<ir::DocumentId, std::string>>;

void add(Cited& cited, const std::vector<ir::Citation>& citations) {
    for (const ir::Citation& one : citations) cited.emplace(one.document, one.clause);
}

Cited cited_by_rules(const ir::Module& module) {
    Cited out;
    for (const ir::Rule& rule : module.rules) {
        add(out, rule.cites);
        for (const ir::Exemption& exemption : rule.exemptions) add(out, exemption.cites);
        const Reads reads = reads_of(module, rule);
        for (const ir::DefineId define : reads.defines) add(out, module.defines[define.index()].cites);
        for (const ir::FieldId field : reads.fields) add(out, module.schema.fields[field.index()].cites);
    }
    return out;
}

}  // namespace

void clause_without_rule(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    const Cited cited = cited_by_rules(module);
    for (std::size_t d = 0; d < module.documents.size(); ++d) {
        const ir::Document& document = module.documents[d];
        for (const ir::Clause& clause : document.clauses) {
            if (clause.not_checkable || cited.contains({ir::DocumentId{d}, clause.id})) continue;
            findings
                .report(diag::Code::kClauseWithoutRule, {"clause", document.name + " " + clause.id}, clause.span,
                        fmt::format("no rule answers to the clause `{} {}` ({})", document.name, clause.id,
                                    ir::word(clause.kind)),
                        "not enforced")
                .help(
                    "let the rule, exemption, define or field that encodes it cite it, write a rule, or say with "
                    "`not_checkable \"…\"` why no configuration shows it");
        }
    }
}

}  // namespace keywright::lint
