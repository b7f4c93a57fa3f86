// How many findings an audit has, of each kind that is told apart, and in which order they are shown.
#pragma once

#include "keywright/lint.h"

#include <cstddef>
#include <span>
#include <vector>

namespace keywright::report {

struct LintNumbers {
    std::size_t errors = 0, warnings = 0, infos = 0;  // that count
    std::size_t allowed = 0, known = 0;               // what is both is allowed
    std::size_t undecided = 0;
    std::size_t fixable = 0;  // of those that count

    [[nodiscard]] std::size_t findings() const { return errors + warnings + infos; }

    void add(const LintFinding& finding) {
        if (finding.allowed) {
            ++allowed;
        } else if (finding.known) {
            ++known;
        } else {
            fixable += finding.diagnostic.fix ? 1 : 0;
            switch (finding.diagnostic.severity) {
                case Severity::kError: ++errors; break;
                case Severity::kWarning: ++warnings; break;
                case Severity::kInfo: ++infos; break;
            }
        }
    }
    void add(const LintReport& report) {
        for (const LintFinding& finding : report.findings) add(finding);
        undecided += report.undecided.size();
    }
};

// Findings that count, errors first, then the others the same way; within each in the order of the reports.
[[nodiscard]] inline std::vector<const LintFinding*> worst_first(std::span<const LintReport> reports) {
    std::vector<const LintFinding*> out;
    for (const bool counts : {true, false}) {
        for (const Severity severity : {Severity::kError, Severity::kWarning, Severity::kInfo}) {
            for (const LintReport& report : reports) {
                for (const LintFinding& finding : report.findings) {
                    if (finding.counts() == counts && finding.diagnostic.severity == severity) out.push_back(&finding);
                }
            }
        }
    }
    return out;
}

}  // namespace keywright::report
