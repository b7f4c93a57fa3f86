// KW7009: a rule that decides what the words of its source leave open, and doesn't say how.
//
// Whether prose is ambiguous can't be decided; whether a rule draws a line that no sentence draws can. These draw one:
// `else` says what holds where a value is absent, and `is blank`, `is open`, `is private` and `is masked` have a
// meaning of the language's own (what counts as blank, how wide a block is open). A rule that cites a clause and hangs
// on one of them takes a reading of it, unless a cited clause uses the word itself.
#include "lint/checks.h"
#include "lint/reads.h"
#include "value/value.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace keywright::lint {

namespace {

struct Line {
    std::string_view spelling;  // in the language; empty: it draws no line
    std::string_view word;      // with which a clause would say it; empty: none
    std::string_view open;      // what it decides
};

Line line_of(const ir::Node& node) {
    if (node.op == ir::Op::kElse) return {"else", "", "what holds where a value is absent"};
    if (node.op == ir::Op::kIsBlank) return {"is blank", "blank", "what counts as blank"};
    if (node.op == ir::Op::kIsOpen) return {"is open", "open", "how wide a block may be before it restricts nothing"};
    if (node.op == ir::Op::kIsPrivate) return {"is private", "private", "which addresses are private"};
    if (node.op == ir::Op::kHasFact && node.b == static_cast<std::uint32_t>(value::SecretFact::kIsMasked))
        return {"is masked", "masked", "how much of a secret may be shown before it is disclosed"};
    return {};
}

bool a_clause_says(const ir::Module& module, const ir::Rule& rule, std::string_view word) {
    if (word.empty()) return false;
    for (const ir::Citation& citation : rule.cites) {
        for (const ir::Clause& clause : module.documents[citation.document.index()].clauses) {
            if (clause.id == citation.clause && clause.text.find(word) != std::string::npos) return true;
        }
    }
    return false;
}

}  // namespace

void unstated_reading(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    for (const ir::Rule& rule : module.rules) {
        if (rule.cites.empty() || !rule.interpretations.empty()) continue;
        for (const ir::NodeId id : reads_of(module, rule).nodes) {
            const Line line = line_of(module.node(id));
            if (line.spelling.empty() || a_clause_says(module, rule, line.word)) continue;
            findings
                .report(diag::Code::kUnstatedReading, {"rule", rule.name}, rule.span,
                        fmt::format("`{}` decides {}, and no `interpretation` says so", rule.name, line.open),
                        "a reading of its clause")
                .note(module.node(id).span, fmt::format("`{}` decides it", line.spelling))
                .help("add `interpretation \"…\"` with the reading that was taken; reports and audits show it");
            break;
        }
    }
}

}  // namespace keywright::lint
