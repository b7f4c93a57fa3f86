// Snapshot tests.
#include "keywright/render.h"
#include "keywright/testing.h"
#include "keywright/text.h"

#include <utility>

namespace keywright {

SnapshotResult run_snapshot(const Rules& rules, const Snapshot& snapshot) {
    SnapshotResult out;
    out.text = to_snapshot(rules.without_waivers().check(snapshot.json, snapshot.check));
    out.test.name = snapshot.name;
    out.test.range.file = snapshot.file;
    out.test.passed = snapshot.recorded == out.text;
    if (out.test.passed) return out;
    TestResult::Failure failure;
    failure.range.file = snapshot.recording;
    if (snapshot.recorded) {
        failure.expected = "what the recording says";
        failure.actual = "something else; `keywright test --update` records it, if that is meant";
        failure.difference = unified_diff(snapshot.recording, *snapshot.recorded, out.text);
    } else {
        failure.expected = "a recording";
        failure.actual = "there is none; `keywright test --update` makes one";
    }
    out.test.failures.push_back(std::move(failure));
    return out;
}

TestResult orphaned_recording(std::string name, std::string recording) {
    TestResult out;
    out.name = std::move(name);
    out.range.file = recording;
    TestResult::Failure failure;
    failure.range = out.range;
    failure.expected = "a record to this recording";
    failure.actual = "no record; delete the recording if its record is gone for good";
    out.failures.push_back(std::move(failure));
    return out;
}

}  // namespace keywright
