#include "lint/checks.h"

namespace keywright::lint {

std::span<const Check> all_checks() {
    static constexpr Check kChecks[] = {
#define KW_CHECK(name) &name,
#include "lint/checks.def"
#undef KW_CHECK
    };
    return kChecks;
}

}  // namespace keywright::lint
