// The tests of a module as a flat list of cases: one record at one instant, and what is expected there. What runs
// tests, measures what they cover and tries them on mutants all walk this list.
#pragma once

#include "ir/ir.h"
#include "keywright/report.h"
#include "value/record.h"

#include <cstdint>
#include <vector>

namespace keywright::analysis {

// The record that a sample or test describes.
[[nodiscard]] value::Record to_record(const ir::Module& module, const std::vector<ir::FieldValue>& fields);

struct Case {
    std::uint32_t test = 0;                  // index into Module::tests
    std::uint32_t record = 0;                // index into Suite::records
    const ir::TestCase* expected = nullptr;  // with the instant; part of the module
    std::vector<RecordError> errors;         // what is wrong with the record at that instant; then no rule is asked
};

struct Suite {
    // `module` must outlive the suite. Linear in its tests and the fields of their records.
    explicit Suite(const ir::Module& module);

    std::vector<value::Record> records;
    std::vector<Case> cases;  // by test, in order of declaration
};

}  // namespace keywright::analysis
