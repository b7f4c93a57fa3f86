// Questions about one value, and the classes of values that a list of such questions can tell apart.
#pragma once

#include "ir/ir.h"
#include "value/value.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keywright::logic {

enum class Ask : std::uint8_t {
    kIs,          // equal to `value`: a bool, enum value, text or network
    kAtLeast,     // an int is `number` or more
    kStartsWith,  // text, `value` a text
    kEndsWith,
    kLike,
    kIsBlank,
    kLength,    // `number` or more characters, of a text or secret
    kWithin,    // a network: every address is in `value`, a set of networks
    kCovers,    // it holds every address of `value`
    kOverlaps,  // it shares an address with `value`
    kIsOpen,
    kIsPrivate,
    kIsIpv6,
    kPrefix,  // prefix length `number` or more
    kFact,    // a secret has the fact `number`
};

struct Predicate {
    Ask ask = Ask::kIs;
    value::Value value = false;
    std::int64_t number = 0;
    friend bool operator==(const Predicate&, const Predicate&) = default;
};

// Whether `predicate` holds of a known value of the kind that it asks about.
[[nodiscard]] bool holds(const Predicate& predicate, const value::Value& value);

// Values of which every predicate says the same.
struct ValueClass {
    std::vector<bool> truth;            // by predicate
    std::vector<value::Value> members;  // different ones, simplest first: as many as were asked for, or all there are
};

// What values there are.
struct Values {
    ir::Kind kind = ir::Kind::kBool;
    std::uint64_t enumerators = 0;  // of an enum: which of its values may be
    std::int64_t min = INT64_MIN, max = INT64_MAX;
};

// Every class that some value of the kind is in, simplest first, with up to `members` members each; nothing where there
// are too many to list. Complete: no value gives another combination of answers.
[[nodiscard]] std::optional<std::vector<ValueClass>> classes_of(const Values& values,
                                                                std::span<const Predicate> predicates,
                                                                std::size_t members);

// --- by kind, each in a file of its own
[[nodiscard]] std::optional<std::vector<ValueClass>> text_classes(std::span<const Predicate> predicates,
                                                                  std::size_t members);
[[nodiscard]] std::vector<value::Value> network_candidates(std::span<const Predicate> predicates, std::size_t members);
[[nodiscard]] std::vector<value::Value> secret_candidates(std::span<const Predicate> predicates);

}  // namespace keywright::logic
