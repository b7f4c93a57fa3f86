// `ignore` and `beside` of adapters, as they are written.
#pragma once

#include "ir/ir.h"
#include "lint/subject.h"
#include "syntax/tree.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keywright::lint {

// One clause: its members with their places.
struct PassedOver {
    syntax::Cursor clause;
    bool in_record = false;  // `ignore`, else `beside`
    std::vector<std::pair<std::string, base::Span>> pointers;
    bool explained = false;  // a comment stands beside it, inside it, or on the line above
};

[[nodiscard]] std::vector<PassedOver> passed_over(const Subject& subject, const ir::Adapter& adapter);

// The last name of a JSON Pointer.
[[nodiscard]] std::string_view last_of(std::string_view pointer);

// Letters and digits of a name in lower case, without a plural's `s`: names that stand for the same in the styles of
// two programs, `ipWhitelist` and `ip_whitelists`, are equal.
[[nodiscard]] std::string without_style(std::string_view name);

}  // namespace keywright::lint
