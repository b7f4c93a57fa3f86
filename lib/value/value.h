// A value of the language, owned: constants of rules, parameters, fields of samples. Records use a denser form.
#pragma once

#include "keywright/time.h"
#include "value/network.h"
#include "value/secret.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace keywright::value {

// One value of a closed enumeration, by its position in the declaration.
struct EnumValue {
    std::uint32_t index = 0;
    friend constexpr auto operator<=>(EnumValue, EnumValue) = default;
};

// A set of values of one enumeration (at most 64 values), bit i for value i.
struct EnumSet {
    std::uint64_t bits = 0;
    friend constexpr auto operator<=>(EnumSet, EnumSet) = default;
};

using NetworkSet = std::vector<Network>;   // sorted, no two equal (masked entries excepted), masked last
using TextSet = std::vector<std::string>;  // sorted, no two equal
using IntSet = std::vector<std::int64_t>;  // sorted, no two equal

using Value = std::variant<bool, std::int64_t, std::string, EnumValue, EnumSet, Network, NetworkSet, TextSet, IntSet,
                           Instant, Duration, SecretFacts>;

}  // namespace keywright::value
