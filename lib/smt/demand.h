// How many elements of its sets a question needs: the bound that makes a finite encoding complete.
//
// Take a configuration that answers the question with yes, and a collection W of values. Replace every set of networks,
// texts or ints in it by its part in W. If W holds enough, the answer is still yes:
//
//   * `a in S` that has to hold: the value of `a`.
//   * Sets that have to share an element, or to differ, or one not to be a part of the other: one value that shows it.
//   * A constant that has to be a part of a set or equal to it: its elements.
//   * A set that has to have an element: one. `count(S)` compared with what is at most n: n + 1 of its elements.
//   * A quantifier: one witness where it has to hold for some element. What it says of every element holds of fewer.
//   * Networks that have to overlap: one of each set. A set that has to lie outside: one of its blocks. What has to be
//     covered by single blocks needs nothing, but what several blocks cover together may need any number of them.
//
// Which way an atom has to come out is its polarity; shrinking does no harm to the other way. So a question needs no
// more elements of each kind than the sum of all this, an atom inside a quantifier over a constant counted once for
// each element. Where a body that has to hold for every element of a field's set asks for further elements, depending
// on the one at hand, each of these may ask for more, and nothing bounds the sum.
#pragma once

#include "logic/question.h"

#include <cstdint>
#include <string>

namespace keywright::smt {

struct Demand {
    std::uint32_t networks = 0, texts = 0, ints = 0;  // slots that each set of the kind gets
    // Empty where these suffice; else why a question without an answer within them may still have one.
    std::string reason;
};

[[nodiscard]] Demand demand_of(const logic::Question& question);

}  // namespace keywright::smt
