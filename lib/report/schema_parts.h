// What several of our JSON Schemas say in the same words: which rules, which record, where in a rule file…
//
// A schema is written as text with holes, `<NAME>`, each inside the braces of an object. A part that has several lines
// goes in with the indentation of the line that its hole stands in. The schemas are published, and compared as text by
// those who keep a copy, so where the same thing was laid out in several ways, it is a part in each of them.
#pragma once

#include <string>
#include <string_view>

namespace keywright::report {

// The text with its holes filled. A hole without a part is our mistake.
[[nodiscard]] std::string with_parts(std::string_view text);

}  // namespace keywright::report
