// Networks: one reading of each text, and questions compared with a model that looks at every address.
#include "value/network.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace keywright::value;

namespace {

Network network(std::string_view text) {
    auto read = parse_network(text, false);
    CAPTURE(std::string{text});
    REQUIRE(std::holds_alternative<Network>(read));
    return std::get<Network>(read);
}

NetworkFailure failure(std::string_view text, bool allow_masked = true) {
    auto read = parse_network(text, allow_masked);
    CAPTURE(std::string{text});
    REQUIRE(std::holds_alternative<NetworkFailure>(read));
    return std::get<NetworkFailure>(read);
}

}  // namespace

TEST_CASE("networks are written canonically") {
    CHECK(to_string(network("10.0.0.0/8")) == "10.0.0.0/8");
    CHECK(to_string(network("1.2.3.4/32")) == "1.2.3.4");
    CHECK(to_string(network("255.255.255.255")) == "255.255.255.255");
    CHECK(to_string(network("0.0.0.0/0")) == "0.0.0.0/0");
    CHECK(to_string(network("::")) == "::");
    CHECK(to_string(network("::1")) == "::1");
    CHECK(to_string(network("::/0")) == "::/0");
    CHECK(to_string(network("2001:DB8:0:0:1:0:0:1")) == "2001:db8::1:0:0:1");
    CHECK(to_string(network("2001:db8:0:1:1:1:1:1")) == "2001:db8:0:1:1:1:1:1");  // one zero group is not shortened
    CHECK(to_string(network("2001:0db8::/32")) == "2001:db8::/32");
    CHECK(to_string(network("fe80::")) == "fe80::");
    CHECK(to_string(network("64:ff9b::192.0.2.33")) == "64:ff9b::c000:221");
}

TEST_CASE("texts with several meanings are refused with the reason") {
    CHECK(failure("").error == NetworkError::kSyntax);
    CHECK(failure("1.2.3").error == NetworkError::kSyntax);
    CHECK(failure("256.1.1.1").error == NetworkError::kSyntax);
    CHECK(failure("0x7f.0.0.1").error == NetworkError::kSyntax);
    CHECK(failure("example.com").error == NetworkError::kSyntax);
    CHECK(failure(std::string_view{"1.2.3.4\0", 8}).error == NetworkError::kSyntax);
    CHECK(failure(std::string(100000, '1')).error == NetworkError::kSyntax);
    CHECK(failure("1.2.3.4/").error == NetworkError::kSyntax);
    CHECK(failure("1.2.3.4/+8").error == NetworkError::kSyntax);
    CHECK(failure("010.0.0.1").error == NetworkError::kLeadingZero);
    CHECK(failure("10.0.0.01").error == NetworkError::kLeadingZero);
    CHECK(failure("10.0.0.0/08").error == NetworkError::kLeadingZero);
    CHECK(failure("10.0.0.0/08").suggestion == "10.0.0.0/8");
    CHECK(failure("0.0.0.0/00").suggestion == "0.0.0.0/0");
    CHECK(failure("fe80::1%eth0").error == NetworkError::kZone);
    CHECK(failure("fe80::1%eth0").suggestion == "fe80::1");
    CHECK(failure("::0713%1").suggestion.empty());  // it would be no better without its zone
    CHECK(failure("::ffff:1.2.3.4").error == NetworkError::kMapped);
    CHECK(failure("::ffff:1.2.3.4").suggestion == "1.2.3.4");
    CHECK(failure("::ffff:0102:0304").error == NetworkError::kMapped);
    CHECK(failure("::1.2.3.4").error == NetworkError::kMapped);
    CHECK(failure("::2").error == NetworkError::kMapped);
    CHECK(failure("::ffff:0:0/96").error == NetworkError::kMapped);
    CHECK(failure(" 1.2.3.4").error == NetworkError::kWhiteSpace);
    CHECK(failure(" 1.2.3.4\n").suggestion == "1.2.3.4");
    CHECK(failure("1.2. 3.4").suggestion.empty());
    CHECK(failure("1.2.3.4/33").error == NetworkError::kPrefix);
    CHECK(failure("::/129").error == NetworkError::kPrefix);
    CHECK(failure("1.2.3.4/99999").error == NetworkError::kPrefix);
    CHECK(failure("10.0.0.1/8").error == NetworkError::kHostBits);
    CHECK(failure("10.0.0.1/8").suggestion == "10.0.0.0/8");
    CHECK(failure("2001:db8::1/64").suggestion == "2001:db8::/64");
    CHECK(failure("1.2.3.4/0").suggestion == "0.0.0.0/0");
}

TEST_CASE("masked addresses are entries of unknown value") {
    const auto read = parse_network("203.**.154", true);
    REQUIRE(std::holds_alternative<Network>(read));
    CHECK(std::get<Network>(read).masked);
    CHECK(to_string(std::get<Network>(read)) == "(masked)");
    CHECK_FALSE(is_open(std::get<Network>(read)));
    CHECK_FALSE(is_private(std::get<Network>(read)));
    CHECK(failure("203.**.154", false).error == NetworkError::kSyntax);
    // What means "every address" elsewhere must not pass for one hidden host.
    for (const std::string_view text : {"*", "**", "*.*.*.*", "10.*.*.*", "10.*.1", "10.***.1", "256.**.1", "10.**.01",
                                        "10.**.", ".**.1", "10.**.**.1", "10.**.1/8"}) {
        CAPTURE(std::string{text});
        CHECK(std::holds_alternative<NetworkFailure>(parse_network(text, true)));
    }
}

TEST_CASE("covers, overlaps and covered_by agree with every single address") {
    // Blocks of at least /28 in 10.0.0.0/28: sixteen addresses, a bit each.
    std::mt19937 engine{5};
    const auto random = [&engine] { return static_cast<unsigned>(engine()); };
    const auto random_block = [&](bool v6) {
        Network out;
        const unsigned bits = random() % 5;  // host bits
        const unsigned first = (random() % 16) >> bits << bits;
        out.family = v6 ? 6 : 4;
        out.prefix = static_cast<std::uint8_t>((v6 ? 128 : 32) - bits);
        out.high = v6 ? 0x20010db8'00000000 : 0;
        out.low = (v6 ? 0xffffffff'fffffff0 : 0xfffffff0) + first;
        return out;
    };
    const auto model = [](const Network& block) {
        const unsigned bits = (block.family == 6 ? 128u : 32u) - block.prefix;
        return ((1u << (1u << bits)) - 1) << (block.low & 0xf);
    };
    for (int round = 0; round < 30000; ++round) {
        const bool v6 = random() % 2 == 0;
        const Network inner = random_block(v6);
        std::vector<Network> outer;
        unsigned all = 0;
        const unsigned count = random() % 7;
        for (unsigned i = 0; i < count; ++i) {
            Network block = random_block(random() % 8 == 0 ? !v6 : v6);
            block.masked = random() % 8 == 0;
            outer.push_back(block);
            if (block.masked) continue;
            const bool same = block.family == inner.family;
            const unsigned mine = model(inner);
            const unsigned other = same ? model(block) : 0;
            REQUIRE(covers(block, inner) == (same && (mine & ~other) == 0));
            REQUIRE(overlaps(block, inner) == ((mine & other) != 0));
            REQUIRE(overlaps(inner, block) == overlaps(block, inner));
            all |= other;
        }
        REQUIRE(covered_by(inner, outer) == ((model(inner) & ~all) == 0));
    }
}

TEST_CASE("halves cover the whole, up to the last address of all") {
    CHECK(covered_by(network("10.0.0.0/8"), std::vector{network("10.128.0.0/9"), network("10.0.0.0/9")}));
    CHECK_FALSE(covered_by(network("10.0.0.0/8"), std::vector{network("10.128.0.0/9")}));
    CHECK(covered_by(network("::/0"), std::vector{network("8000::/1"), network("::/1")}));
    CHECK(covered_by(network("0.0.0.0/0"), std::vector{network("0.0.0.0/1"), network("128.0.0.0/1")}));
    CHECK_FALSE(covered_by(network("0.0.0.0/0"), std::vector{network("::/0")}));
    CHECK_FALSE(covered_by(network("1.2.3.4"), std::vector<Network>{}));
}

TEST_CASE("open means that it restricts nothing") {
    CHECK(is_open(network("0.0.0.0/0")));
    CHECK(is_open(network("10.0.0.0/7")));
    CHECK_FALSE(is_open(network("10.0.0.0/8")));
    CHECK(is_open(network("0.0.0.0")));
    CHECK(is_open(network("::")));
    CHECK(is_open(network("::/0")));
    CHECK(is_open(network("2000::/15")));
    CHECK_FALSE(is_open(network("2001::/16")));
    CHECK_FALSE(is_open(network("::1")));
}

TEST_CASE("private means wholly inside private-use space") {
    CHECK(is_private(network("10.1.2.3")));
    CHECK(is_private(network("172.16.0.0/12")));
    CHECK_FALSE(is_private(network("172.0.0.0/8")));
    CHECK_FALSE(is_private(network("172.32.0.0")));
    CHECK(is_private(network("192.168.7.0/24")));
    CHECK(is_private(network("fd00::1")));
    CHECK_FALSE(is_private(network("fe80::1")));
    CHECK_FALSE(is_private(network("127.0.0.1")));
}
