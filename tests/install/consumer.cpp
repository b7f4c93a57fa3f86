// A user's program: one rule, one key that breaks it and one that keeps it.
#include <keywright/keywright.h>

#include <cstdio>

int main() {
    const auto compiled = keywright::compile_text(R"(edition 1
pack desk { version "1.0.0" title "desk rules" }
schema key { permissions: set of { general, transfer } }
rule no_transfer { severity error forbid transfer in permissions message "transfers are for people" }
)");
    for (const auto& diagnostic : compiled.diagnostics) {
        std::fprintf(stderr, "%s: %s\n", diagnostic.code.c_str(), diagnostic.message.c_str());
    }
    if (!compiled.rules) return 1;

    keywright::CheckOptions options;
    options.now = keywright::parse_instant("2026-02-15T00:00:00Z").value();
    const auto bad = compiled.rules->check(R"({"permissions": ["general", "transfer"]})", options);
    const auto good = compiled.rules->check(R"({"permissions": ["general"]})", options);
    const bool right = bad.results.at(0).verdict == keywright::Verdict::kViolation &&
                       bad.results.at(0).violations.at(0).rule == "no_transfer" &&
                       good.results.at(0).verdict == keywright::Verdict::kCompliant;
    std::puts(right ? "both keys decided as expected" : "wrong verdict");
    return right ? 0 : 1;
}
