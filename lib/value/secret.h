// What is kept of a secret: a few facts, never its text.
#pragma once

#include <cstdint>
#include <string_view>

namespace keywright::value {

enum class SecretFact : std::uint8_t {
    kHasSpace = 1,    // holds white space
    kHasDigit = 2,    // holds an ASCII digit
    kHasUpper = 4,    // holds an ASCII upper-case letter
    kHasLower = 8,    // holds an ASCII lower-case letter
    kHasSymbol = 16,  // holds printable ASCII that is neither letter nor digit nor blank
    kHasOther = 32,   // holds anything outside printable ASCII
    kIsMasked = 64,   // shown with its middle hidden: three or more consecutive `*`, or nothing but `*`
};

// The facts of a secret that is given. Unknown facts are bounded, as everything unknown is.
struct SecretFacts {
    std::uint32_t length_min = 0;  // Unicode scalar values
    std::uint32_t length_max = 0;  // kUnbounded where not known
    std::uint8_t known = 0;        // which facts are known, a union of SecretFact
    std::uint8_t facts = 0;        // which of the known facts hold

    static constexpr std::uint32_t kUnbounded = 0xffffffff;
    friend constexpr bool operator==(const SecretFacts&, const SecretFacts&) = default;
};

// Reduces a secret's text to its facts. The text is not kept.
[[nodiscard]] SecretFacts facts_of(std::string_view secret);

// "It has been entered, and that is all we know": at least one character.
[[nodiscard]] constexpr SecretFacts undisclosed_secret() { return {1, SecretFacts::kUnbounded, 0, 0}; }

}  // namespace keywright::value
