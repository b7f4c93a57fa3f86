// The checks, declared once in checks.def. Each looks at the whole pack and reports what it finds; none depends on
// another.
#pragma once

#include "lint/findings.h"
#include "lint/subject.h"

#include <span>

namespace keywright::lint {

#define KW_CHECK(name) void name(const Subject& subject, Findings& findings);
#include "lint/checks.def"
#undef KW_CHECK

using Check = void (*)(const Subject& subject, Findings& findings);
[[nodiscard]] std::span<const Check> all_checks();

}  // namespace keywright::lint
