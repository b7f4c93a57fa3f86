// The few facts that are kept of a secret.
#include "value/secret.h"

#include <doctest/doctest.h>

using namespace keywright::value;

namespace {

bool has(const SecretFacts& facts, SecretFact fact) { return (facts.facts & static_cast<std::uint8_t>(fact)) != 0; }

}  // namespace

TEST_CASE("each fact is found by itself") {
    CHECK(facts_of("") == SecretFacts{0, 0, 127, 0});
    CHECK(facts_of("7").facts == static_cast<std::uint8_t>(SecretFact::kHasDigit));
    CHECK(facts_of("Z").facts == static_cast<std::uint8_t>(SecretFact::kHasUpper));
    CHECK(facts_of("q").facts == static_cast<std::uint8_t>(SecretFact::kHasLower));
    CHECK(facts_of("!").facts == static_cast<std::uint8_t>(SecretFact::kHasSymbol));
    CHECK(facts_of(" ").facts == static_cast<std::uint8_t>(SecretFact::kHasSpace));
    CHECK(facts_of("\u00e9").facts == static_cast<std::uint8_t>(SecretFact::kHasOther));
    const auto tab = facts_of("\t");
    CHECK(has(tab, SecretFact::kHasSpace));
    CHECK(has(tab, SecretFact::kHasOther));
}

TEST_CASE("length counts scalars") {
    CHECK(facts_of("caf\u00e9").length_min == 4);
    CHECK(facts_of("caf\u00e9").length_max == 4);
}

TEST_CASE("masked is three stars in a row, or stars alone") {
    CHECK(has(facts_of("46fd8974******896f005b2340"), SecretFact::kIsMasked));
    CHECK(has(facts_of("a***b"), SecretFact::kIsMasked));
    CHECK(has(facts_of("*"), SecretFact::kIsMasked));
    CHECK_FALSE(has(facts_of("a**b"), SecretFact::kIsMasked));
    CHECK_FALSE(has(facts_of("a*b*c*"), SecretFact::kIsMasked));
    CHECK_FALSE(has(facts_of(""), SecretFact::kIsMasked));
}

TEST_CASE("an undisclosed secret is only known to be there") {
    CHECK(undisclosed_secret().length_min == 1);
    CHECK(undisclosed_secret().length_max == SecretFacts::kUnbounded);
    CHECK(undisclosed_secret().known == 0);
}
