// What may still be chosen in a record that is only partly filled in.
#pragma once

#include "analysis/repair.h"

#include <cstdint>
#include <string>
#include <vector>

namespace keywright::analysis {

// What may still become of one unknown field, where all other unknown ones may be chosen to suit it.
struct Options {
    ir::FieldId field;
    bool fixed = false;  // nobody chooses it (it is immutable, or an instant): it is found out
    bool sure = true;  // false: some of what is listed may turn out impossible, as it hangs on what cells can't express
    bool any = false;  // whatever it is, the rest can be chosen to suit it
    bool may_be_given = false, may_be_absent = false;
    std::vector<std::string> values;               // in words, those that are possible: values, classes, ranges
    std::vector<std::string> refused;              // those that aren't
    std::vector<std::string> must, may, must_not;  // of a set: its elements, each a value, `one of …`, or a class
};

struct Guidance {
    enum class Status : std::uint8_t {
        kOpen,     // it can still be compliant
        kNone,     // whatever is chosen, it isn't: only a repair helps
        kUnknown,  // that couldn't be found out
    } status = Status::kOpen;
    std::string reason;           // of kUnknown
    std::vector<Options> fields;  // the unknown ones, in order of the schema; none unless kOpen
};

// `repairer` is of `module`; `record` was read without errors. `steps` bounds each of the questions that are asked.
[[nodiscard]] Guidance guidance(const ir::Module& module, const Repairer& repairer, const value::Record& record,
                                Instant now, std::uint64_t steps = 200'000);

}  // namespace keywright::analysis
