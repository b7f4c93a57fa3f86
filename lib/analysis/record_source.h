// Records as the language writes them: `open_key with { usage: third_party }`.
#pragma once

#include "ir/ir.h"
#include "value/record.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace keywright::analysis {

// Whether both are the same in a field: the same state and, where it is given, the same value. (`agree` asks whether
// both are surely the same, which a masked network never is; here one is a copy of the other.)
[[nodiscard]] bool is_same(const ir::Module& module, const value::Record& a, const value::Record& b, std::size_t field);

// `field` of `to` becomes what it is in `from`.
void copy_field(const ir::Module& module, const value::Record& from, std::size_t field, value::Record& to);

// What stands behind the colon for a field, read back as the same: a value, `absent`, `unknown` or `present`; of a
// secret a made-up text of the same facts. Nothing where the language can't say it (a secret of which only some facts
// are known), and for a nested record that is present, whose members say it.
[[nodiscard]] std::optional<std::string> member_source(const ir::Module& module, const value::Record& record,
                                                       std::size_t field);

// The members in which `record` differs from `base`, as they would stand in `{ … }`: `usage: third_party`. Nothing
// where one of them can't be said.
[[nodiscard]] std::optional<std::vector<std::string>> differences(const ir::Module& module, const value::Record& base,
                                                                  const value::Record& record);

// A text of which exactly `facts` are true, for a secret; nothing where there is none or only bounds are known.
[[nodiscard]] std::optional<std::string> secret_with(const value::SecretFacts& facts);

}  // namespace keywright::analysis
