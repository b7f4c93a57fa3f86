#include "analysis/suite.h"

#include "input/reader.h"

#include <utility>

namespace keywright::analysis {

value::Record to_record(const ir::Module& module, const std::vector<ir::FieldValue>& fields) {
    value::Record record;
    record.reset(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        switch (fields[i].given) {
            case ir::Given::kUnknown: record.set_unknown(i); break;
            case ir::Given::kAbsent: record.set_absent(i); break;
            case ir::Given::kPresent: record.set_present(i); break;
            case ir::Given::kValue: record.set(i, module.constants[fields[i].value.index()]); break;
        }
    }
    return record;
}

Suite::Suite(const ir::Module& module) {
    for (std::size_t i = 0; i < module.tests.size(); ++i) {
        const ir::Test& test = module.tests[i];
        records.push_back(to_record(module, test.record));
        for (const ir::TestCase& expected : test.cases) {
            Case one;
            one.test = static_cast<std::uint32_t>(i);
            one.record = static_cast<std::uint32_t>(records.size() - 1);
            one.expected = &expected;
            input::check_assumptions(module, records.back(), expected.at, one.errors);
            cases.push_back(std::move(one));
        }
    }
}

}  // namespace keywright::analysis
