// A pack as a C++ header.
#include "emit/header.h"
#include "engine/state.h"
#include "keywright/emit.h"

namespace keywright {

bool is_namespace_for_rules(std::string_view name) { return emit::is_namespace(name); }

std::string to_inlined_header(const Rules& rules, std::string_view name_space) {
    if (!emit::is_namespace(name_space)) return {};
    return emit::header(rules.state().module, {std::string{name_space}, rules.state().digest});
}

}  // namespace keywright
