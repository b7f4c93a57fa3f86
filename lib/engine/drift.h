// Is the source still the text that the pack's digests were taken of?
#pragma once

#include "base/excerpt.h"
#include "ir/ir.h"
#include "keywright/trace.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::engine {

// A source that may be compared: well-formed, no larger than the limit, of a document that there is.
struct UsableSource {
    ir::DocumentId document;
    std::string_view text;
};
struct UsableSources {
    std::vector<UsableSource> sources;
    std::vector<SourceProblem> problems;
};
[[nodiscard]] UsableSources usable_sources(const ir::Module& module, const std::vector<SourceText>& sources,
                                           const Limits& limits);

// Where the excerpt of a clause stands in a text.
struct Located {
    bool has_place = false;  // the clause says where to look
    std::vector<base::TextRange> found;
    std::string reason;  // where it wasn't found once: why, in words
};
[[nodiscard]] Located locate(const ir::Clause& clause, const base::PlainText& text);

// `sha256:` and 64 hexadecimal digits in lower case. Whatever else stands there can't be compared with anything.
[[nodiscard]] bool is_digest(std::string_view text);

// Fills in what a comparison with `text` yields.
void compare(const ir::Document& document, std::string_view text, TracedDocument& out);

}  // namespace keywright::engine
