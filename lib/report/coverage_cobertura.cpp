// Coverage as Cobertura writes it: packages are packs, classes are files, methods are rules.
#include "keywright/render_coverage.h"
#include "keywright/text.h"
#include "report/coverage_model.h"
#include "report/markup.h"

#include <string_view>

namespace keywright {

namespace {

using report::CoveredFile;
using report::CoveredLine;
using report::CoveredRule;

// Text as the value of an attribute, in which nothing ends it or begins anything.
[[nodiscard]] std::string escaped(std::string_view text) {
    std::string out = report::markup_escaped(printable(text, report::kProseLimit));
    // Either quote is escaped, so that the value may be put in either.
    for (std::size_t at = 0; (at = out.find('\'', at)) != std::string::npos;) out.replace(at, 1, "&apos;");
    return out;
}

// Lines and branches of something.
struct Sum {
    std::size_t lines = 0, lines_hit = 0, branches = 0, branches_taken = 0;

    void add(const CoveredLine& line) {
        ++lines;
        lines_hit += line.hits > 0 ? 1 : 0;
        branches += line.branches();
        branches_taken += line.branches_taken();
    }
    void add(const CoveredFile& file) {
        for (const auto& [number, line] : file.lines) add(line);
    }

    // Four digits, rounded down; of nothing, all is covered.
    [[nodiscard]] static std::string rate(std::size_t part, std::size_t of) {
        if (part >= of) return "1";
        const std::string digits = std::to_string(part * 10'000 / of);
        return "0." + std::string(4 - digits.size(), '0') + digits;
    }
    [[nodiscard]] std::string rates() const {
        return "line-rate=\"" + rate(lines_hit, lines) + "\" branch-rate=\"" + rate(branches_taken, branches) +
               "\" complexity=\"0\"";
    }
};

void write(std::string& out, std::size_t number, const CoveredLine& line, const std::string& indent) {
    const std::size_t branches = line.branches(), taken = line.branches_taken();
    out += indent + "<line number=\"" + std::to_string(number) + "\" hits=\"" + std::to_string(line.hits) + "\"";
    if (branches == 0) {
        out += " branch=\"false\"/>\n";
        return;
    }
    out += " branch=\"true\" condition-coverage=\"" + std::to_string(taken * 100 / branches) + "% (" +
           std::to_string(taken) + "/" + std::to_string(branches) + ")\">\n" + indent + "  <conditions>\n";
    for (std::size_t g = 0; g < line.groups.size(); ++g) {
        CoveredLine group;
        group.groups.push_back(line.groups[g]);
        out += indent + "    <condition number=\"" + std::to_string(g) + "\" type=\"jump\" coverage=\"" +
               std::to_string(group.branches_taken() * 100 / group.branches()) + "%\"/>\n";
    }
    out += indent + "  </conditions>\n" + indent + "</line>\n";
}

void write(std::string& out, const std::string& path, const CoveredFile& file) {
    Sum sum;
    sum.add(file);
    out += "        <class name=\"" + escaped(path) + "\" filename=\"" + escaped(path) + "\" " + sum.rates() + ">\n";
    out += "          <methods>\n";
    for (const CoveredRule& rule : file.rules) {
        // A rule's own line is its method's.
        const CoveredLine& line = file.lines.at(rule.line);
        Sum own;
        own.add(line);
        out += "            <method name=\"" + escaped(rule.name) + "\" signature=\"\" " + own.rates() + ">\n";
        out += "              <lines>\n";
        write(out, rule.line, line, "                ");
        out += "              </lines>\n            </method>\n";
    }
    out += "          </methods>\n          <lines>\n";
    for (const auto& [number, line] : file.lines) write(out, number, line, "            ");
    out += "          </lines>\n        </class>\n";
}

}  // namespace

std::string to_cobertura(const std::vector<Coverage>& packs) {
    Sum all;
    std::string body;
    for (const Coverage& pack : packs) {
        const auto files = report::files_of(pack);
        Sum sum;
        for (const auto& [path, file] : files) {
            sum.add(file);
            all.add(file);
        }
        body += "    <package name=\"" + escaped(pack.rules.pack) + "\" " + sum.rates() + ">\n      <classes>\n";
        for (const auto& [path, file] : files) write(body, path, file);
        body += "      </classes>\n    </package>\n";
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<coverage " +
           all.rates() + " lines-covered=\"" + std::to_string(all.lines_hit) + "\" lines-valid=\"" +
           std::to_string(all.lines) + "\" branches-covered=\"" + std::to_string(all.branches_taken) +
           "\" branches-valid=\"" + std::to_string(all.branches) +
           "\" version=\"keywright\" timestamp=\"0\">\n  <sources>\n    <source>.</source>\n  </sources>\n"
           "  <packages>\n" +
           body + "  </packages>\n</coverage>\n";
}

}  // namespace keywright
