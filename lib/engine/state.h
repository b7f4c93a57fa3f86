// What is behind a `Rules`: the compiled pack.
#pragma once

#include "analysis/explain.h"
#include "base/source.h"
#include "engine/quick_records.h"
#include "eval/program.h"
#include "ir/ir.h"
#include "keywright/rules.h"
#include "report/record_json.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace keywright {

// Everything a compiled pack consists of; immutable once built, so it is shared freely.
struct Rules::State {
    State(base::SourceSet files, ir::Module checked)
        : sources(std::move(files)),
          module(std::move(checked)),
          quick(module),
          program(module),
          dependencies(module),
          reasons(module, program) {}

    base::SourceSet sources;
    ir::Module module;
    engine::QuickRecords quick;
    eval::Program program;
    analysis::Dependencies dependencies;
    analysis::Reasons reasons;
    std::string digest;
    std::size_t of_entry = 0;    // how many of `sources` have a part in deciding; they come first
    std::size_t pack_files = 0;  // so many of the sources, the first ones, are the pack's; then come those of waivers
    std::size_t waiver_files = 0;
    std::vector<bool> extended;               // of each file, whether it belongs to a pack that this one extends
    std::vector<Diagnostic> warnings;         // of compiling
    std::vector<Compiled::File> other_files;  // of the packs below
    // The packs that proofs compare this one with, by `ir::Proof::other`; parameters as their own files set them.
    std::map<std::string, std::shared_ptr<const ir::Module>> others;
    // The pack without its waivers; empty where it was given none.
    std::shared_ptr<const State> plain;

    // What questions about the rules themselves are put to: their tests, coverage, mutants, gaps and defects.
    [[nodiscard]] const State& of_rules() const { return plain ? *plain : *this; }

    [[nodiscard]] analysis::Explainer explainer() const {
        return {module, program, dependencies, &reasons, &report::to_json};
    }
};

}  // namespace keywright
