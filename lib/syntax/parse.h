// Rule text in, tree and diagnostics out.
//
// The parser goes on after a mistake: the rest of the clause (or item) it stands in is passed over as `Junk`, so that
// one run reports every mistake. Time is linear in the text: the grammar decides by looking at most a few tokens ahead.
#pragma once

#include "base/source.h"
#include "diag/diag.h"
#include "keywright/limits.h"
#include "syntax/tree.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace keywright::syntax {

struct ParseStatistics {
    std::size_t invocations = 0;  // grammar rules tried
};

// Parses file `id` of `sources`, whose text must outlive the tree. Mistakes go to `sink`; the tree is always complete
// and always reproduces the text. Text over a limit, not UTF-8 or with invisible characters gives a tree of one Junk
// token.
[[nodiscard]] Tree parse(const base::SourceSet& sources, base::FileId id, const Limits& limits, diag::Sink& sink,
                         ParseStatistics* statistics = nullptr);

// Problems that PEGTL's grammar analysis finds (left recursion, loops without progress); 0 unless the grammar is
// broken.
[[nodiscard]] std::size_t count_grammar_problems();

// Words that can't be names because expressions and clauses begin or go on with them.
[[nodiscard]] std::span<const std::string_view> reserved_words();

}  // namespace keywright::syntax
