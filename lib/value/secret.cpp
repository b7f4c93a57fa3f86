#include "value/secret.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace keywright::value {

namespace {

constexpr std::uint8_t kAllFacts = 127;

[[nodiscard]] bool is_masked(std::string_view secret) {
    return !secret.empty() &&
           (secret.find("***") != std::string_view::npos || secret.find_first_not_of('*') == std::string_view::npos);
}

// What one character tells.
[[nodiscard]] unsigned facts_of_scalar(char32_t scalar) {
    unsigned facts = 0;
    if (base::is_white_space(scalar)) facts |= static_cast<unsigned>(SecretFact::kHasSpace);
    if (scalar < 0x20 || scalar > 0x7e) {
        facts |= static_cast<unsigned>(SecretFact::kHasOther);
    } else if (scalar >= '0' && scalar <= '9') {
        facts |= static_cast<unsigned>(SecretFact::kHasDigit);
    } else if (scalar >= 'A' && scalar <= 'Z') {
        facts |= static_cast<unsigned>(SecretFact::kHasUpper);
    } else if (scalar >= 'a' && scalar <= 'z') {
        facts |= static_cast<unsigned>(SecretFact::kHasLower);
    } else if (scalar != ' ') {
        facts |= static_cast<unsigned>(SecretFact::kHasSymbol);
    }
    return facts;
}

}  // namespace

SecretFacts facts_of(std::string_view secret) {
    static const std::array<std::uint8_t, 128> kOfAscii = [] {
        std::array<std::uint8_t, 128> out{};
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<std::uint8_t>(facts_of_scalar(static_cast<char32_t>(i)));
        return out;
    }();
    unsigned facts = 0;
    std::size_t length = 0;
    std::size_t offset = 0;
    while (offset < secret.size()) {
        ++length;
        const auto byte = static_cast<unsigned char>(secret[offset]);
        if (byte < kOfAscii.size()) {
            facts |= kOfAscii[byte];
            ++offset;
        } else {
            facts |= facts_of_scalar(base::next_scalar(secret, offset));
        }
    }
    if (is_masked(secret)) facts |= static_cast<unsigned>(SecretFact::kIsMasked);
    const auto bounded = static_cast<std::uint32_t>(std::min<std::size_t>(length, SecretFacts::kUnbounded));
    return {bounded, bounded, kAllFacts, static_cast<std::uint8_t>(facts)};
}

}  // namespace keywright::value
