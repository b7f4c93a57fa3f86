#include "report/coverage_model.h"

#include <algorithm>
#include <tuple>

namespace keywright::report {

bool BranchGroup::is_reached() const {
    return std::ranges::any_of(taken, [](std::size_t count) { return count > 0; });
}

std::size_t CoveredLine::branches() const {
    std::size_t out = 0;
    for (const BranchGroup& group : groups) out += group.taken.size();
    return out;
}

std::size_t CoveredLine::branches_taken() const {
    std::size_t out = 0;
    for (const BranchGroup& group : groups)
        out += static_cast<std::size_t>(std::ranges::count_if(group.taken, [](std::size_t n) { return n > 0; }));
    return out;
}

std::map<std::string, CoveredFile> files_of(const Coverage& coverage) {
    // A group is told by the rule, the decision and the place; groups of a line stand in order of the obligations.
    using Place = std::tuple<std::string, std::string, std::string, std::size_t>;
    std::map<std::string, CoveredFile> out;
    std::map<Place, std::pair<std::size_t, std::size_t>> groups;  // the line, and the group's number there
    SourceRange rule;
    for (const CoverageObligation& o : coverage.obligations) {
        if (o.duty == Duty::kRule) rule = o.range;  // stands before the others of its rule
        if (o.state == Covered::kImpossible) continue;
        // Exemptions and the warning have places of their own, but they are ways out of the rule.
        const SourceRange& range = o.duty == Duty::kOutcome ? rule : o.range;
        const std::size_t hits = o.covered_by.size();
        if (o.duty == Duty::kRule) {
            CoveredFile& file = out[range.file];
            file.lines[range.line].hits += hits;
            file.rules.push_back({o.rule, range.line, hits});
            continue;
        }
        if (o.duty != Duty::kOutcome && o.duty != Duty::kCondition) continue;
        CoveredLine& line = out[range.file].lines[range.line];
        const auto [at, is_new] =
            groups.try_emplace({o.rule, o.decision, range.file, range.begin}, range.line, line.groups.size());
        if (is_new) line.groups.emplace_back();
        line.groups[at->second.second].taken.push_back(hits);
        if (o.duty == Duty::kCondition) line.hits += hits;
    }
    return out;
}

}  // namespace keywright::report
