// A checked pack as a C++ header: a struct for the record, and `decide` with everything inlined.
//
// What is written calls include/keywright/inlined.h for all that takes more than a line. It goes through the terms of
// the compiled evaluator, so common subexpressions are computed once, and decides what that one decides; tests compile
// such headers and hold them to the reference evaluator.
#pragma once

#include "emit/names.h"
#include "ir/ir.h"

#include <string>
#include <string_view>

namespace keywright::emit {

struct HeaderOptions {
    std::string name_space;  // `is_namespace` holds for it
    std::string digest;      // of the rules
    // Terms and rules that one function computes; a pack with more is taken apart, for the compiler's sake.
    std::size_t longest_function = 400;
};

// The header's text, the same for the same module and options. Linear in the module's terms.
[[nodiscard]] std::string header(const ir::Module& module, const HeaderOptions& options);

// Its parts.
[[nodiscard]] std::string record_text(const ir::Module& module, const Names& names);  // enumerations, `Record`
// Constants, `decide`.
[[nodiscard]] std::string decide_text(const ir::Module& module, const Names& names, std::size_t longest_function);

// Which rules have exemptions, and which expire, in their order.
struct Slots {
    explicit Slots(const ir::Module& module);
    std::vector<std::size_t> exempting, deadline;  // by rule; kNone
    std::size_t exempting_rules = 0, deadlines = 0;
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
};

}  // namespace keywright::emit
