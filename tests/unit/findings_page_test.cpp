// docs/findings.md lists every code of the audit, as the library has it.
#include "diag/diag.h"
#include "keywright/diagnostic.h"

#include "support/compiling.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

using namespace keywright;

namespace {

// The cells of the rows of the page's table, without blanks around them.
std::vector<std::vector<std::string>> rows() {
    std::vector<std::vector<std::string>> out;
    std::istringstream lines{test::project_file("docs/findings.md")};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| [KW")) continue;
        std::vector<std::string>& cells = out.emplace_back();
        std::istringstream text{line.substr(1)};
        for (std::string cell; std::getline(text, cell, '|');) {
            const std::size_t begin = cell.find_first_not_of(' '), end = cell.find_last_not_of(' ');
            cells.push_back(begin == std::string::npos ? "" : cell.substr(begin, end - begin + 1));
        }
    }
    return out;
}

}  // namespace

TEST_CASE("the page of findings lists every finding, in order, with its severity and title") {
    std::vector<std::string> wanted, found;
    for (const diag::CodeInfo& info : diag::all_codes()) {
        if (!info.code.starts_with("KW7")) continue;
        wanted.push_back(std::string{info.code} + " " + std::string{to_string(info.severity)} + " " +
                         std::string{info.title});
    }
    for (const auto& cells : rows()) {
        REQUIRE(cells.size() == 4);
        found.push_back(cells[0].substr(1, 6) + " " + cells[1] + " " + cells[2]);
        CHECK_MESSAGE(cells[3].size() > 10, cells[0]);  // what it costs
    }
    CHECK(wanted.size() > 20);
    CHECK(found == wanted);
}
