// Classes of values in words: what is asked of a member, and how it answers.
#pragma once

#include "logic/predicate.h"

#include <string>
#include <vector>

namespace keywright::analysis {

// `not blank, starting with "bot"`; empty where nothing is asked. `truth` answers `predicates`, one by one.
[[nodiscard]] std::string class_in_words(const std::vector<logic::Predicate>& predicates,
                                         const std::vector<bool>& truth);

}  // namespace keywright::analysis
