// A model of Z3 as a witness.
#pragma once

#include "logic/question.h"
#include "smt/encode.h"

#include <optional>

namespace keywright::smt {

// The configuration that `model` describes. What the question doesn't touch is absent, empty or the least of its type.
// Nothing where a value can't be read, such as a text of millions of characters.
[[nodiscard]] std::optional<logic::Witness> decode(Builder& builder, const Variables& variables,
                                                   const logic::Question& question, const z3::model& model);

}  // namespace keywright::smt
