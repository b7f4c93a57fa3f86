// All checks of a pack, and what its files say of their findings.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/lint.h"
#include "lint/findings.h"
#include "lint/subject.h"

#include <string>
#include <vector>

namespace keywright::lint {

struct Linted {
    std::vector<LintFinding> findings;  // by file and place, then by code; `known` is left false
    std::vector<std::string> undecided;
};

// `warnings` are those of compiling the pack: findings like the others. Linear in the text, and what the exact
// questions cost.
[[nodiscard]] Linted run(const Subject& subject, const std::vector<Diagnostic>& warnings);

}  // namespace keywright::lint
