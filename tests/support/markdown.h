// The parts of a Markdown page that tests look at: headings, fenced blocks and tables.
//
// A fence's first line says what is in it and how to run it: ```kw-bad file=main.kw rule_depth=4
// Only what our own pages use is understood: `#` headings, fences of three back-ticks, tables with `|` at both ends.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::test {

struct Fence {
    std::string kind;                            // the first word behind the back-ticks, may be empty
    std::map<std::string, std::string> options;  // the words `name=value` that follow it; of one without `=`, ""
    std::string text;                            // the lines inside, each with its line break
    std::size_t line = 0;                        // 1-based, of the opening back-ticks

    [[nodiscard]] std::string option(const std::string& name, const std::string& otherwise = {}) const;
};

struct Table {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;  // cells without the blanks and back-ticks around them
    std::size_t line = 0;                        // of the header
};

struct Section {
    std::size_t level = 1;  // how many `#`
    std::string title;
    std::string text;  // up to the next heading of any level
    std::size_t line = 0;
};

[[nodiscard]] std::vector<Fence> fences(std::string_view markdown);
[[nodiscard]] std::vector<Table> tables(std::string_view markdown);      // those outside fences
[[nodiscard]] std::vector<Section> sections(std::string_view markdown);  // headings outside fences
[[nodiscard]] bool is_closed(std::string_view markdown);                 // no fence is left open

}  // namespace keywright::test
