// Exact questions about waivers: which violations of its rule does one cover?
#pragma once

#include "lint/subject.h"

#include <cstdint>

namespace keywright::lint {

struct Waived {
    // Whether it covers some record that would violate its rule were nothing waived, at an instant before its end.
    logic::Result some;
    // Whether such a record is left over at such an instant, which it doesn't cover.
    logic::Result left;
};

// `left` is asked where `some` is yes.
[[nodiscard]] Waived ask_about(const Subject& subject, std::uint32_t waiver);

// Whether it is over at the instant of the audit; false where there is no such instant.
[[nodiscard]] inline bool is_over(const Subject& subject, const ir::Waiver& waiver) {
    return subject.now && waiver.until <= *subject.now;
}

}  // namespace keywright::lint
