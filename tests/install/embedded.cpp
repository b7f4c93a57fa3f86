// A user's program with a rule pack built into it by keywright_add_rules.
#include "desk_rules.h"

#include <keywright/keywright.h>

#include <cstdio>

int main() {
    const keywright::Rules& rules = keywright_rules::desk_rules();
    keywright::CheckOptions options;
    options.now = keywright::parse_instant("2026-02-15T00:00:00Z").value();
    const auto report = rules.check(R"({"permissions": ["general", "transfer"]})", options);
    const bool right = report.results.at(0).verdict == keywright::Verdict::kViolation;
    std::puts(right ? "the embedded rules decide" : "wrong verdict");
    return right ? 0 : 1;
}
