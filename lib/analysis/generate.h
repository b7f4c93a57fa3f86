// The tests that a suite lacks: the fewest that were found which together reach everything that can be covered and
// notice every mutant that can be noticed.
//
// Whatever is missing has a record that shows it (analysis/feasibility.h, analysis/tell_apart.h). Each of these records
// is brought as near to one of the pack's samples as it goes without losing what it shows, so that a reader sees what
// matters. Of all of them a small set is chosen that shows everything, and what the pack says of each is written down
// as what is expected. A reader has to judge whether that is what the source document says: generated tests hold the
// pack to what it does, not to what it should do.
#pragma once

#include "analysis/explain.h"
#include "analysis/questions.h"
#include "analysis/suite.h"

#include <cstdint>
#include <string>
#include <vector>

namespace keywright::analysis {

struct GeneratedCase {
    Instant at;
    std::vector<std::string> expectations;  // in the language: `exactly transfer_needs_ip as error`
};

struct GeneratedTest {
    std::string name;
    std::vector<std::string> shows;  // in words: everything that it is there for
    std::string given;               // in the language: `open_key with { usage: third_party }`
    std::vector<GeneratedCase> cases;
    base::FileId
        sample_file;  // where the sample that it starts from is declared; not valid: in `Generated::samples`, or none
};

struct Generated {
    std::vector<std::string> samples;  // declarations that the tests need, where the pack has no sample
    std::vector<GeneratedTest> tests;
    // What stays open although it may be possible: no record was found, or the language can't write it down; in words.
    std::vector<std::string> open;
};

// For the pack and tests of `explainer.module`. Time: that of coverage and mutation, and some decisions for each
// record.
[[nodiscard]] Generated generate_tests(const Explainer& explainer, const base::SourceSet& sources, Solvers solvers,
                                       const logic::Budget& budget);

}  // namespace keywright::analysis
