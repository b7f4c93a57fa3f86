// Records decoded column by column: what is known of one field in up to `kBlockRows` records at once.
//
// A column holds what is asked of its field, not the field: of a name that rules only ask to be there and not blank,
// two bits. `Aspect` names what can be asked for; the batch evaluator says which aspects of which fields it needs.
// Everything here are views, so columns that came from elsewhere are read where they lie. Bit planes have one bit a
// row, row i in bit i % 64 of word i / 64; bits beyond the last row, and payloads of rows in which the field is not
// given, mean nothing.
#pragma once

#include "value/record.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace keywright::value {

inline constexpr std::size_t kBlockRows = 1024;
inline constexpr std::size_t kBlockWords = kBlockRows / 64;

// What is asked of a field beside its state (given, absent, unknown).
enum class Aspect : std::uint8_t {
    kTruth,    // of a bool
    kChoice,   // of an enum: the position of its value
    kMembers,  // of a set of enum: bit i for value i
    kNumber,   // of an int, an instant or a duration
    kBlank,    // of a text: it is empty or white space
    kEmpty,    // of a set of network, text or int: it has no elements
    kOpen,     // of a set of network: some entry that isn't masked is open (value/network.h)
    kLength,   // of a text or secret: its length in Unicode scalar values; of a secret perhaps only bounds
    kFacts,    // of a secret: the facts about it (value/secret.h)
    kWhole,    // the value itself, in `Columns::records`
};
inline constexpr std::size_t kAspects = 10;

// A set of aspects of one field.
struct Aspects {
    std::uint16_t bits = 0;

    [[nodiscard]] constexpr bool has(Aspect aspect) const { return (bits >> static_cast<unsigned>(aspect) & 1U) != 0; }
    constexpr void add(Aspect aspect) { bits = static_cast<std::uint16_t>(bits | 1U << static_cast<unsigned>(aspect)); }
    friend constexpr bool operator==(const Aspects&, const Aspects&) = default;
};

using Plane = std::span<const std::uint64_t>;

// One field. Of the payloads those are there that were asked for.
struct ColumnView {
    Plane given, unknown;  // at most one of the two in a row; neither: absent
    Plane truth;
    std::span<const std::uint8_t> choice;
    std::span<const std::uint64_t> members;
    std::span<const std::int64_t> number;       // of an int; of an instant or duration whole seconds
    std::span<const std::uint32_t> nanosecond;  // below 1 000 000 000; empty: no row has a part of a second
    Plane blank, empty, open;
    std::span<const std::uint32_t> length_min, length_max;  // of a text both the same; kUnbounded as in SecretFacts
    std::span<const std::uint8_t> known_facts, facts;       // as in SecretFacts
};

// A block of records.
struct Columns {
    std::size_t rows = 0;                // at most kBlockRows
    std::span<const ColumnView> fields;  // by number in ir::Schema::fields
    std::span<const Record> records;     // by row; holds the fields of which kWhole was asked, and is empty if none was
};

}  // namespace keywright::value
