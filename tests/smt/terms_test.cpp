// What the terms say of constants, against lib/value.
#include "smt/term.h"
#include "support/dice.h"
#include "value/secret.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

using namespace keywright;
using smt::Builder;
using smt::Terms;
using value::Network;

namespace {

bool is_true(const z3::expr& term) {
    const z3::expr simple = term.simplify();
    REQUIRE((simple.is_true() || simple.is_false()));
    return simple.is_true();
}

Network random_network(test::Dice& dice) {
    Network n;
    n.family = dice.chance(50) ? 4 : 6;
    const unsigned width = n.family == 4 ? 32 : 128;
    n.prefix = static_cast<std::uint8_t>(dice.chance(30) ? width - dice.below(2) : dice.below(width + 1));
    const std::vector<std::uint64_t> highs{0, 0, dice.next(), 0xfd00000000000000U, 0x20010db800000000U};
    const std::vector<std::uint64_t> lows{0, 1, 2, dice.next(), 0x0a000000U, 0xac100000U, 0xffff0a000000U, 0xc0a80001U};
    n.high = dice.pick(highs);
    n.low = dice.pick(lows);
    if (n.family == 4) n.high = 0, n.low &= 0xffffffffU;
    const unsigned host = width - n.prefix;
    if (host >= 64) {
        n.low = 0;
        n.high = host >= 128 ? 0 : n.high >> (host - 64) << (host - 64);
    } else {
        n.low = n.low >> host << host;
    }
    return n;
}

}  // namespace

TEST_CASE("networks as terms are what lib/value says of them") {
    z3::context context;
    Builder builder{context};
    test::Dice dice{7};
    std::size_t refused = 0;
    for (int i = 0; i < 400; ++i) {
        const Network a = random_network(dice), b = random_network(dice);
        const Terms x = builder.network(a), y = builder.network(b);
        CAPTURE(value::to_string(a));
        CAPTURE(value::to_string(b));
        CHECK(is_true(builder.is_open(x)) == value::is_open(a));
        CHECK(is_true(builder.is_private(x)) == value::is_private(a));
        CHECK(is_true(builder.covers(x, y)) == value::covers(a, b));
        CHECK(smt::to_number(builder.prefix(x).simplify()) == value::Nanos{a.prefix});
        const bool read = std::holds_alternative<Network>(value::parse_network(value::to_string(a), false));
        CHECK(is_true(builder.is_network(x)) == read);
        refused += read ? 0U : 1U;
    }
    CHECK(refused > 5);
}

TEST_CASE("secrets have the lengths and facts that some text has, and no others") {
    z3::context context;
    Builder builder{context};
    // One character of each kind: the star masks, the tab is white space outside printable ASCII.
    static const std::vector<std::string> letters{" ", "7", "A", "a", "*", "!", "\t", "\xc3\xa9"};
    constexpr std::uint32_t kLongest = 6;
    std::set<std::pair<std::uint32_t, std::uint8_t>> reached;
    std::vector<std::string> texts{""}, longer;
    for (std::uint32_t length = 0; length <= kLongest; ++length) {
        longer.clear();
        for (const std::string& text : texts) {
            const value::SecretFacts facts = value::facts_of(text);
            reached.emplace(facts.length_min, facts.facts);
            if (length == kLongest) continue;
            for (const std::string& next : letters) longer.push_back(text + next);
        }
        texts.swap(longer);
    }
    for (std::uint32_t length = 0; length <= kLongest; ++length) {
        for (unsigned facts = 0; facts < 128; ++facts) {
            Terms secret{builder.number(length)};
            for (unsigned bit = 0; bit < 7; ++bit) secret.push_back(builder.truth((facts >> bit & 1U) != 0));
            CAPTURE(length);
            CAPTURE(facts);
            CHECK(is_true(builder.is_secret(secret)) == reached.contains({length, static_cast<std::uint8_t>(facts)}));
        }
    }
}

TEST_CASE("text keeps every character on the way to Z3 and back") {
    smt::Alphabet alphabet;
    CHECK(alphabet.spell("a 1") == "a\\u{20}1");
    CHECK(alphabet.spell("\\u{41}") == "\\u{d800}u\\u{7b}41\\u{7d}");
    CHECK(alphabet.spell("\xf4\x8f\xbf\xbf\\") == "\\u{d801}\\u{d800}");
    CHECK(alphabet.read({0xd801, 0xd800, 'x', 0x2ffff}) == "\xf4\x8f\xbf\xbf\\x\xf0\xaf\xbf\xbf");
    // Codes that stand for no constant's character stand for different ones.
    const std::string other = alphabet.read({0xdfff, '\\', 0xdffe, 0xdfff});
    CHECK(other.size() == 16);
    CHECK(other.substr(0, 4) == other.substr(12));
    CHECK(other.substr(0, 4) != other.substr(4, 4));
    CHECK(other.substr(4, 4) != other.substr(8, 4));
}
