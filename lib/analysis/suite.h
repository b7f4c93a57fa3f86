// The tests of a module as a flat list of cases: one record at one instant, and what is expected there. What runs
// tests, measures what they cover and tries them on mutants all walk this list.
//
// A test with one record and one `expect` is one case. Rows of tables, combinations of values that vary, and records
// that a property draws are cases like any other.
#pragma once

#include "ir/ir.h"
#include "keywright/limits.h"
#include "keywright/report.h"
#include "value/record.h"

#include <cstdint>
#include <string>
#include <vector>

namespace keywright::analysis {

// The record that a sample or test describes.
[[nodiscard]] value::Record to_record(const ir::Module& module, const std::vector<ir::FieldValue>& fields);

struct Case {
    std::uint32_t test = 0;                  // index into Module::tests
    std::uint32_t record = 0;                // index into Suite::records
    const ir::TestCase* expected = nullptr;  // with the instant; part of the module
    // What is wrong with the record at that instant; then no rule is asked. An error without a code says that the test
    // has no such record: nothing meets its condition, or its text isn't one record. Such a case fails whatever it
    // expects.
    std::vector<RecordError> errors;
    bool drawn = false;  // the record was drawn at random, for a property
    // Which of the records of its test this is: `row 2`, `usage: api_trading`, `try 7 of 100, seed 42`. Empty where
    // there is one.
    std::string where;
};

// Whether the case has no record to decide on, because of the test itself.
[[nodiscard]] inline bool is_void(const std::vector<RecordError>& errors) {
    for (const RecordError& error : errors) {
        if (error.code.empty()) return true;
    }
    return false;
}

struct Suite {
    // `module` must outlive the suite. `limits` are for records that are read from JSON. Linear in the cases and the
    // fields of their records, and for each property what drawing costs.
    explicit Suite(const ir::Module& module, const Limits& limits = {});

    std::vector<value::Record> records;
    std::vector<Case> cases;  // by test, in order of declaration
};

}  // namespace keywright::analysis
