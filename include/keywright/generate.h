// The tests that a pack lacks, written down as a rule file.
//
//     const keywright::Compiled compiled = keywright::compile_path("rules/desk/pack.kw", {.also = {…}});
//     std::cout << keywright::generate_tests(compiled, {.path = "rules/desk/tests/generated.kw"}).text;
//
// They are the fewest that were found which, together with those that the pack has, cover everything that can be
// covered (coverage.h) and notice every mutant that can be noticed (mutation.h). They say what the pack does; whether
// that is what its source demands is for their reader to judge. Each has been compiled and run, and what they reach
// measured, before anything is returned.
#pragma once

#include "keywright/coverage.h"
#include "keywright/proof.h"
#include "keywright/rules.h"

#include <cstddef>
#include <string>
#include <vector>

namespace keywright {

struct GenerateOptions {
    std::string path = "generated.kw";  // of the file to be: beside which of `Compiled::files` it lies, for its imports
    AnalysisBudget budget;              // of one question
};

struct GeneratedTests {
    std::string text;               // in canonical layout; empty where nothing is missing
    std::size_t tests = 0;          // `test` blocks
    std::vector<std::string> open;  // what may be possible and is still not shown, with the reason
    CoverageCount covered;          // by all tests, those in `text` included
    std::size_t mutants = 0;        // that aren't proved to be equivalent
    std::size_t killed = 0;         // of these, by all tests
    // Not empty: a generated test didn't compile or pass, which is our own fault; `text` is empty then.
    std::string fault;
};

// `compiled` has rules. Time: that of coverage and mutation, twice.
[[nodiscard]] GeneratedTests generate_tests(const Compiled& compiled, const GenerateOptions& options = {});

}  // namespace keywright
