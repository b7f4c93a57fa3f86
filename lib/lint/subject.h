// What a check of rule files looks at: the pack as it was compiled, the text it was compiled from, and what several
// checks want to know, found out once.
#pragma once

#include "analysis/explain.h"
#include "analysis/questions.h"
#include "analysis/suite.h"
#include "base/source.h"
#include "eval/decision.h"
#include "eval/program.h"
#include "ir/ir.h"
#include "keywright/diff.h"
#include "keywright/time.h"
#include "syntax/tree.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::lint {

// A record in canonical form on one line, as the layer above writes it; secrets told by their facts.
using RecordText = std::string (*)(const ir::Module& module, const value::Record& record);

class Subject {
public:
    // All of it must outlive the subject. `checked` is the pack as if no waiver had been given, `with_waivers` the same
    // with those that were. `extended` tells of each file whether it belongs to a pack that this one
    // extends; files behind its end don't.
    Subject(const base::SourceSet& files, const ir::Module& checked, const eval::Program& compiled,
            const analysis::Dependencies& reads, const std::vector<bool>& extended, std::optional<Instant> instant,
            analysis::Solvers with, const logic::Budget& within, RecordText text, const ir::Module& with_waivers);

    const base::SourceSet& sources;
    const ir::Module& module;
    const eval::Program& program;
    const analysis::Dependencies& dependencies;
    const std::optional<Instant> now;  // nothing: what has an end isn't looked at
    const analysis::Solvers solvers;
    const logic::Budget& budget;
    const RecordText record_text;
    const ir::Module& waived;  // for checks of waivers, and what is allowed

    // Where this pack is looser than one that it extends, as the layer above has found out.
    std::vector<Loosening> loosenings = {};

    // Whether `file` is this pack's own business: not that of a pack it extends, nor a value that the caller gave.
    [[nodiscard]] bool owns(base::FileId file) const;
    [[nodiscard]] bool owns(base::Span span) const { return span.valid() && owns(span.file); }
    // By file, the tree of its text.
    [[nodiscard]] const std::deque<syntax::Tree>& trees() const { return trees_; }
    // The whole item (rule, field, clause…) whose name stands at `name`, comments before it left out; an invalid cursor
    // where there is none.
    [[nodiscard]] syntax::Cursor item_at(base::Span name) const;

    // Rules that say nothing, or contradict each other: exact, and asked once.
    [[nodiscard]] const analysis::Defects& defects() const;
    // The tests as cases, and what each decides, by case; of a case whose record can't be read nothing.
    [[nodiscard]] const analysis::Suite& suite() const;
    [[nodiscard]] const std::vector<std::vector<eval::RuleDecision>>& decisions() const;

private:
    std::vector<bool> extended_;
    std::deque<syntax::Tree> trees_;
    mutable std::optional<analysis::Defects> defects_;
    mutable std::optional<analysis::Suite> suite_;
    mutable std::optional<std::vector<std::vector<eval::RuleDecision>>> decisions_;
};

}  // namespace keywright::lint
