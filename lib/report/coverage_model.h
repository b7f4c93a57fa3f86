// Coverage as viewers of program coverage think of it: files with lines, lines with branches.
#pragma once

#include "keywright/coverage.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace keywright::report {

// Ways out of one place: the outcomes of a rule, or the two sides of a condition in one decision.
struct BranchGroup {
    std::vector<std::size_t> taken;  // by branch: the cases that take it
    [[nodiscard]] bool is_reached() const;
};

struct CoveredLine {
    std::size_t hits = 0;  // cases that decide the rule, or the condition, that begins here
    std::vector<BranchGroup> groups;

    [[nodiscard]] std::size_t branches() const;
    [[nodiscard]] std::size_t branches_taken() const;
};

struct CoveredRule {
    std::string name;
    std::size_t line = 0;
    std::size_t hits = 0;
};

struct CoveredFile {
    std::map<std::size_t, CoveredLine> lines;
    std::vector<CoveredRule> rules;
};

// By path. What is impossible is left out.
[[nodiscard]] std::map<std::string, CoveredFile> files_of(const Coverage& coverage);

}  // namespace keywright::report
