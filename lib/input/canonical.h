// Records in canonical form: members are the schema's fields. Also the parts of it that native records share: what a
// missing member means, and the reserved member `$unknown`.
#pragma once

#include "input/members.h"

#include <cstddef>
#include <vector>

namespace keywright::input {

// The names that the language keeps for itself in a record.
inline constexpr std::string_view kUnknownMemberName = "$unknown";
inline constexpr std::string_view kFactsMemberName = "$facts";

// Gives a missing field the meaning that the schema spells out; unknown where it doesn't.
void set_missing(Context& context, std::size_t field);

// Reads the value of one field in canonical form; null is absence. `prefix` stands before the field's own pointer.
void read_canonical_field(Context& context, std::size_t field, JsonDocument::Index node, std::string_view prefix);

// The fields that `$unknown` lists, by number. Problems where the list is wrong.
[[nodiscard]] std::vector<bool> read_unknown_list(Context& context, JsonDocument::Index object);

// Reports that a field is listed in `$unknown` although the record says something of it.
void unknown_and_given(Context& context, std::size_t field, JsonDocument::Index place);

class CanonicalReader {
public:
    explicit CanonicalReader(const ir::Module& module);
    // Reads the object `node` into the context's record, which has been reset.
    void read(Context& context, JsonDocument::Index node) const;

private:
    MemberTree members_;
};

}  // namespace keywright::input
