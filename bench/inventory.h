// Inventories of keys to measure with: records of the KuCoin pack (rules/kucoin_tr/schema.kw) in canonical form.
//
// The same bytes for the same shape on every machine: numbers come from SplitMix64 (tests/support/dice.h), shares are
// compared as whole numbers, and record i hangs on the seed and i alone, so any part of an inventory can be made alone
// and an inventory of n records begins one of n + 1. Nothing here knows the library: what the records should come to is
// planned by the maker and found by whoever reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace keywright::bench {

// Shares are of all records, in millionths.
struct InventoryShape {
    std::uint64_t seed = 1;
    std::uint32_t violations = 300'000;   // violate an error rule, each of the eleven equally often
    std::uint32_t unknown = 50'000;       // say of one or two members that they aren't known, or leave out what matters
    std::uint32_t long_strings = 10'000;  // have a name of 200 to 2 000 bytes
    std::uint32_t escapes = 10'000;       // have a name with escaped characters
    std::uint32_t invalid = 0;        // can't be read, for one of `kInvalidKinds` reasons; counted before the others
    bool shuffle = false;             // members in any order; else in the order of the schema
    std::int64_t at = 1'771'113'600;  // seconds since 1970: the instant at which they are to be judged
};

inline constexpr std::uint32_t kErrorRules = 11, kInvalidKinds = 12;

// What a record was made to be. Warnings come as they come.
struct Planned {
    enum class Kind : std::uint8_t { kCompliant, kViolation, kInvalid } kind = Kind::kCompliant;
    std::string_view rule;  // kViolation: the error rule that it violates; perhaps it violates others, too
    bool unknown = false;   // something of it isn't known: if it is compliant otherwise, it may be undetermined
};

// Appends record number `index`, without a line feed. About a microsecond.
Planned append_record(const InventoryShape& shape, std::uint64_t index, std::string& out);

// `2026-02-15T00:00:00Z` of seconds since 1970, years 1970 to 9999.
void append_instant(std::int64_t seconds, std::string& out);

}  // namespace keywright::bench
