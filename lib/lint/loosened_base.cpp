// KW7019: a pack that extends another, and lets pass what the other refuses. Rules can't be taken back, so a `set`, or
// a value that the caller gives, has moved a limit the wrong way. The two packs are compared over all records, not by
// the values that are set.
#include "base/text.h"
#include "lint/checks.h"

#include <fmt/format.h>

#include <cstdint>
#include <set>

namespace keywright::lint {

namespace {

base::Span span_of(const Subject& subject, const SourceRange& range) {
    for (std::size_t i = 0; i < subject.sources.size(); ++i) {
        if (subject.sources.file(base::FileId{i}).path() != range.file) continue;
        return {base::FileId{i}, static_cast<std::uint32_t>(range.begin), static_cast<std::uint32_t>(range.end)};
    }
    return {};
}

}  // namespace

void loosened_base(const Subject& subject, Findings& findings) {
    std::set<std::string> by_rules;  // packs of which a rule is loosened: that the verdict is too goes without saying
    for (const Loosening& one : subject.loosenings) {
        if (!one.lost.incomplete.empty()) {
            findings.undecided(fmt::format("whether this pack is looser than `{}`{}: {}", base::printable(one.base),
                                           one.rule.empty() ? "" : " in `" + one.rule + "`", one.lost.incomplete));
        }
        if (one.lost.regions.empty()) continue;
        if (!one.rule.empty()) by_rules.insert(one.base);
        if (one.rule.empty() && by_rules.contains(one.base)) continue;
        const RegionShown& first = one.lost.regions.front();
        std::string help =
            "it may only tighten what it extends; these pass now: " + base::printable(first.condition, 1000);
        if (first.example) {
            help += fmt::format("; one of them is {} at {}", base::printable(first.example->json, 1000),
                                to_string(first.example->at));
        }
        const std::string what = one.rule.empty() ? "its verdict" : "`" + one.rule + "`";
        findings
            .report(diag::Code::kLoosenedBase, {"pack", one.base}, span_of(subject, one.range),
                    fmt::format("this pack loosens {} of `{}`, which it extends", what, base::printable(one.base)),
                    "looser than this")
            .key(one.rule)
            .help(std::move(help));
    }
}

}  // namespace keywright::lint
