// What the things of a pack are called in C++.
//
// A name stays as it is wherever it can. Other characters than letters, digits and `_` become `_`, of several `_` in a
// row one is left, and one in front is dropped: C++ keeps such names to itself. What is then a keyword, a usual macro
// or a name that the header needs gets a `_` behind it, and what is taken already a number.
#pragma once

#include "ir/ir.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::emit {

// `text` as an identifier that nothing but a macro of the program around can change.
[[nodiscard]] std::string identifier(std::string_view text);
// `limits.daily` as `LimitsDaily`.
[[nodiscard]] std::string type_identifier(std::string_view text);

// Names of one scope, no two alike.
class Scope {
public:
    explicit Scope(std::set<std::string> taken = {}) : taken_(std::move(taken)) {}
    [[nodiscard]] std::string add(std::string name);

private:
    std::set<std::string> taken_;
};

// `desk` or `desk::rules`: parts that are identifiers as they stand, the first of which is neither `std`, `posix` nor
// `keywright`.
[[nodiscard]] bool is_namespace(std::string_view name);

struct Names {
    std::vector<std::string> members;                   // of the record, by field; in nested records `limits_daily`
    std::vector<std::string> enums;                     // by enumeration; empty where no field has it
    std::vector<std::vector<std::string>> enumerators;  // by enumeration and value
    std::vector<std::string> rules;
};
// `name_space` has to be one.
[[nodiscard]] Names names_of(const ir::Module& module, std::string_view name_space);

}  // namespace keywright::emit
