// The order of the layers, and a reader of sources that holds them to it.
//
//     base -> diag, value -> syntax, ir -> check, eval, input -> analysis -> report -> engine -> tools
//
// `check_sources` takes the texts of all source files and returns what breaks the order, one sentence each. It looks at
// includes and at words, outside of comments and strings; it isn't a compiler, and needn't be: what it can't see (a
// macro that hides an include) nobody here writes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::layering {

// Path from the root of the repository, with `/`, to text.
using Sources = std::map<std::string, std::string>;

// What is wrong, as `path:line: sentence`, by path and line. Empty where all is well.
[[nodiscard]] std::vector<std::string> check_sources(const Sources& sources);

// `text` with every comment and the inside of every string and character literal turned into spaces; line breaks stay.
// The paths of includes stay too.
[[nodiscard]] std::string code_only(std::string_view text);

// Every .h, .cpp and .def file below include/, lib/ and tools/ of the repository at `root`.
[[nodiscard]] Sources read_sources(const std::string& root);

}  // namespace keywright::layering
