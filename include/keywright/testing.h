// Snapshot tests: what a pack says of a record, held against what it said when that was recorded.
//
//     keywright::Snapshot snapshot{.name = "spot key", .json = json, .check = {.now = instant, .source = "spot.json"}};
//     snapshot.recorded = text_of("spot.report.json");                        // nothing: there is no recording yet
//     keywright::SnapshotResult result = keywright::run_snapshot(rules, snapshot);
//     if (!result.test.passed) …                                              // result.text is what to record now
//
// They catch what nobody thought of asking for in a `test` block, and show a change of rules on real records. What is
// compared are the results, never the identity of the pack: a new version or digest that says the same passes.
// Running `test` blocks is `Rules::run_tests` (rules.h); results as text are in render.h.
#pragma once

#include "keywright/rules.h"

#include <optional>
#include <string>
#include <string_view>

namespace keywright {

struct Snapshot {
    std::string name;            // of the test
    std::string_view json;       // the records; has to outlive the call
    std::string file = {};       // where they stand, for the place of a failure
    CheckOptions check = {};     // the instant, the adapter; `source` is what the recording calls the records' file
    std::string recording = {};  // where the recording stands or would stand
    std::optional<std::string> recorded = {};  // its text; nothing: there is none
};

struct SnapshotResult {
    TestResult test;   // fails where there is no recording, or one that says something else, with the difference
    std::string text;  // what a recording made now says: the document `keywright.snapshot/1` (`to_snapshot`)
};

// As `Rules::check`, and linear in the two texts unless they differ.
[[nodiscard]] SnapshotResult run_snapshot(const Rules& rules, const Snapshot& snapshot);

// The failed test of a recording that belongs to no record.
[[nodiscard]] TestResult orphaned_recording(std::string name, std::string recording);

}  // namespace keywright
