// What a change of the IR would read as in the source: the narrowest text that can be replaced, and what by.
#pragma once

#include "base/source.h"
#include "ir/edit.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace keywright::analysis {

struct SourceEdit {
    ir::Span span;
    std::string before, after;
};

// Reads the source, which must outlive it. Without source every edit is told in the words of the IR.
class SourceEdits {
public:
    explicit SourceEdits(const base::SourceSet* sources) : sources_(sources) {}

    // `node` of the clause is replaced; `now` gives what a node of the clause has become, in `module`. `around` gives
    // the node in the clause that a node is an operand of, or an invalid one.
    [[nodiscard]] SourceEdit replaced(const ir::Module& module, ir::NodeId root, ir::NodeId node,
                                      const std::function<ir::NodeId(ir::NodeId)>& around,
                                      const std::function<ir::NodeId(ir::NodeId)>& now) const;

    // The whole clause `word …` with its citations goes.
    [[nodiscard]] SourceEdit without_clause(const ir::Module& module, std::string_view word, ir::NodeId root,
                                            const std::vector<ir::Citation>& cites) const;
    [[nodiscard]] SourceEdit without_warning(const ir::Module& module, const ir::Expiry& expiry) const;
    [[nodiscard]] SourceEdit severity(const ir::Rule& rule, Severity severity) const;
    [[nodiscard]] SourceEdit param(const ir::Param& param, const std::string& before, const std::string& after) const;

private:
    struct Word {
        std::string_view text;
        std::uint32_t begin = 0;
        std::uint32_t parentheses = 0;  // open ones between it and what follows
    };
    [[nodiscard]] std::string_view text_of(base::FileId file) const;
    [[nodiscard]] Word word_before(base::FileId file, std::uint32_t offset) const;
    [[nodiscard]] bool is_forbidden(ir::NodeId root, const ir::Module& module) const;
    [[nodiscard]] std::string text(const ir::Module& module, ir::NodeId node) const;

    const base::SourceSet* sources_;
};

}  // namespace keywright::analysis
