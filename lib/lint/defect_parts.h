// What the checks of meaning share: they tell, each of one kind, what the exact analysis of all rules found.
#pragma once

#include "base/text.h"
#include "lint/subject.h"

#include <string>

namespace keywright::lint {

template <class F>
void for_each_defect(const Subject& subject, analysis::Defect kind, F&& f) {
    for (const analysis::DefectFound& found : subject.defects().found) {
        if (found.defect == kind) f(found);
    }
}

[[nodiscard]] inline const ir::Rule& rule_of(const Subject& subject, const analysis::DefectFound& found) {
    return subject.module.rules[found.rule.index()];
}

// Where it stands, else the rule.
[[nodiscard]] inline base::Span place_of(const Subject& subject, const analysis::DefectFound& found) {
    return found.span.valid() ? found.span : rule_of(subject, found).span;
}

// A configuration and its instant, for a sentence.
[[nodiscard]] inline std::string example_of(const Subject& subject, const logic::Witness& witness) {
    return base::printable(subject.record_text(subject.module, witness.records.front()), 1000) + " at " +
           to_string(witness.now);
}

}  // namespace keywright::lint
