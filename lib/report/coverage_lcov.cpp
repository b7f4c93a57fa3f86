// Coverage as a tracefile of LCOV (geninfo(1)).
#include "base/text.h"
#include "keywright/render_coverage.h"
#include "report/coverage_model.h"

#include <algorithm>

namespace keywright {

namespace {

using report::BranchGroup;
using report::CoveredFile;

constexpr std::size_t kPathLimit = 4'000;

void write(std::string& out, const std::string& path, const CoveredFile& file) {
    const auto number = [](std::size_t n) { return std::to_string(n); };
    // A line break in a path would begin a record of its own, so paths are made harmless as everywhere.
    out += "SF:" + base::printable(path, kPathLimit) + "\n";
    for (const auto& rule : file.rules) out += "FN:" + number(rule.line) + "," + base::printable(rule.name) + "\n";
    for (const auto& rule : file.rules) out += "FNDA:" + number(rule.hits) + "," + base::printable(rule.name) + "\n";
    out += "FNF:" + number(file.rules.size()) + "\n";
    out += "FNH:" +
           number(static_cast<std::size_t>(
               std::ranges::count_if(file.rules, [](const auto& rule) { return rule.hits > 0; }))) +
           "\n";
    std::size_t found = 0, taken = 0, lines_hit = 0;
    for (const auto& [line, covered] : file.lines) {
        for (std::size_t g = 0; g < covered.groups.size(); ++g) {
            const BranchGroup& group = covered.groups[g];
            for (std::size_t b = 0; b < group.taken.size(); ++b) {
                out += "BRDA:" + number(line) + "," + number(g) + "," + number(b) + "," +
                       (group.is_reached() ? number(group.taken[b]) : "-") + "\n";
            }
        }
        found += covered.branches();
        taken += covered.branches_taken();
    }
    out += "BRF:" + number(found) + "\nBRH:" + number(taken) + "\n";
    for (const auto& [line, covered] : file.lines) {
        out += "DA:" + number(line) + "," + number(covered.hits) + "\n";
        lines_hit += covered.hits > 0 ? 1 : 0;
    }
    out += "LF:" + number(file.lines.size()) + "\nLH:" + number(lines_hit) + "\nend_of_record\n";
}

}  // namespace

std::string to_lcov(const std::vector<Coverage>& packs) {
    std::string out;
    for (const Coverage& pack : packs) {
        for (const auto& [path, file] : report::files_of(pack)) {
            out += "TN:\n";
            write(out, path, file);
        }
    }
    return out;
}

}  // namespace keywright
