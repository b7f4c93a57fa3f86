// Packs as C++ headers: what is written, and what of a rule file may not get out of its place. That the headers decide
// rightly is for tests/inlined.
#include "keywright/emit.h"
#include "base/text.h"
#include "emit/literals.h"
#include "emit/names.h"
#include "engine/state.h"
#include "keywright/inlined.h"
#include "support/compiling.h"
#include "support/dice.h"
#include "value/network.h"
#include "value/secret.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

std::string header_of(const std::string& file) {
    const Compiled compiled = compile_text(project_file(file), file);
    REQUIRE(compiled.rules);
    return to_inlined_header(*compiled.rules, "packs::made");
}

}  // namespace

TEST_CASE("the header of a small pack is the one beside it") {
    const std::string path = "tests/inlined/tiny.h.expected";
    const std::string header = header_of("tests/inlined/tiny.kw");
    if (std::getenv("KEYWRIGHT_UPDATE") != nullptr) {
        std::ofstream{KEYWRIGHT_SOURCE_DIR "/" + path, std::ios::binary} << header;
    }
    CHECK(header == project_file(path));
    CHECK(header == header_of("tests/inlined/tiny.kw"));
}

TEST_CASE("names stay as they are where C++ allows it") {
    for (const char* name : {"permissions", "ip_allowlist", "x", "a1", "Usage", "BTC", "trailing_"}) {
        CHECK(emit::identifier(name) == name);
    }
    CHECK(emit::identifier("limits.daily") == "limits_daily");
    CHECK(emit::identifier("class") == "class_");
    CHECK(emit::identifier("xor") == "xor_");
    CHECK(emit::identifier("NULL") == "NULL_");
    CHECK(emit::identifier("__x") == "x");
    CHECK(emit::identifier("_Up") == "Up");
    CHECK(emit::identifier("a__b") == "a_b");
    CHECK(emit::identifier("1st") == "n1st");
    CHECK(emit::identifier("") == "x");
    CHECK(emit::identifier("\xc3\xbc; int main() {}") == "int_main_");
    CHECK(emit::type_identifier("limits.daily_max") == "LimitsDailyMax");
    CHECK(emit::type_identifier("__") == "X");
}

TEST_CASE("whatever a name is, it becomes an identifier, and no two of a scope are alike") {
    Dice dice{3};
    emit::Scope scope;
    std::set<std::string> seen;
    for (int i = 0; i < 3'000; ++i) {
        static constexpr std::string_view kPieces[] = {"_", "__", "a",  "A",  "class", "int",
                                                       ".", "\"", "\\", "\n", "1",     "*/"};
        std::string name;
        for (std::size_t n = dice.below(5); n > 0; --n) name += kPieces[dice.below(std::size(kPieces))];
        const std::string made = scope.add(emit::identifier(name));
        CAPTURE(name);
        CAPTURE(made);
        CHECK(seen.insert(made).second);
        CHECK(made.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
              std::string::npos);
        CHECK(made.find("__") == std::string::npos);
        CHECK((made[0] != '_' && (made[0] < '0' || made[0] > '9')));
    }
}

TEST_CASE("a namespace is one that C++ and Keywright leave to others") {
    for (const char* name : {"desk", "desk::rules", "a::b::c", "packs::std"}) CHECK(is_namespace_for_rules(name));
    for (const char* name : {"", "std", "std::x", "keywright", "posix::a", "class", "a::", "::a", "a:b", "a::class",
                             "a b", "1a", "a__b", "_a", "a {} int x; namespace b", "a\n"}) {
        CAPTURE(name);
        CHECK_FALSE(is_namespace_for_rules(name));
    }
    const Compiled compiled = compile_text(project_file("tests/inlined/tiny.kw"));
    REQUIRE(compiled.rules);
    CHECK(to_inlined_header(*compiled.rules, "class").empty());
}

TEST_CASE("no text of a rule file gets out of its literal or comment") {
    CHECK(emit::quoted("a\"b\\c") == R"("a\"b\\c")");
    CHECK(emit::quoted("?\?/") == R"("\077\077/")");
    CHECK(emit::quoted("\n1") == R"("\0121")");
    CHECK(emit::quoted(std::string_view{"\0é", 3}) == R"("\000\303\251")");
    CHECK(emit::in_comment("a\nint x; \\ ?\?/ \xe2\x80\xae") == "a.int x; . ../ ...");
    // Each line of the header is ASCII, and everything that rules call by an odd name is what it should be.
    const std::string header = header_of("tests/inlined/hostile.kw");
    CHECK(std::all_of(header.begin(), header.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
    for (const char* line :
         {"inlined::Field<bool> class_;", "inlined::OptionalField<bool> int_;", "inlined::Field<Operator> operator_;",
          "inlined::Field<inlined::EnumSet<Std>> std_;", "inlined::Field<std::string_view> Rule_;",
          "inlined::Field<inlined::Instant> keywright_;", "inlined::Field<inlined::Duration> Up;  // _Up",
          "inlined::Field<inlined::Set<std::int64_t>> Operator_;", "inlined::Field<bool> record_now_;  // record_now",
          "    and_eq_ = 0,\n    xor_ = 1,\n    new_ = 2,\n    delete_ = 3,\n    NULL_ = 4,\n    linux_ = 5,\n    EOF_ "
          "= 6,\n"
          "    x = 7,\n    x_ = 8,\n    x_2 = 9,\n    x_3 = 10,\n"}) {
        CAPTURE(line);
        CHECK(header.find(line) != std::string::npos);
    }
    CHECK(header.find("\n#include \"/etc/passwd\"") == std::string::npos);
    CHECK(header.find("std::abort(); (\\\"") != std::string::npos);
}

TEST_CASE("numbers are spelled exactly") {
    CHECK(emit::literal(std::int64_t{-5}) == "std::int64_t{-5}");
    CHECK(emit::literal(INT64_MIN) == "INT64_MIN");
    CHECK(emit::nanos(-1) == "inlined::Nanos{-1}");
    const value::Nanos numbers[] = {value::Nanos{INT64_MAX} + 1, -(value::Nanos{5} << 90), (value::Nanos{1} << 64) - 1};
    for (const value::Nanos n : numbers) {
        const auto high = static_cast<std::int64_t>(n >> 64);
        CHECK(inlined::logic::wide(high, static_cast<std::uint64_t>(n)) == n);
    }
}

// --- what the headers build on ---------------------------------------------------------------------------------------

TEST_CASE("a field is unknown until it is set") {
    inlined::OptionalField<std::string_view> text;
    CHECK(text.state() == inlined::State::kUnknown);
    text = "bot";
    CHECK(text.value() == "bot");
    text = inlined::absent;
    CHECK(text.state() == inlined::State::kAbsent);
    text = inlined::unknown;
    CHECK(text.state() == inlined::State::kUnknown);
    // Only what may be absent can be, a pointer is no truth, and no text is taken that ends with the line.
    using Text = inlined::Field<std::string_view>;
    static_assert(!std::is_constructible_v<Text, inlined::Absent>);
    static_assert(std::is_constructible_v<Text, std::string&> && !std::is_constructible_v<Text, std::string>);
    static_assert(!std::is_constructible_v<inlined::Field<bool>, const char*>);
    static_assert(!std::is_constructible_v<inlined::Field<bool>, int>);
    static_assert(!std::is_constructible_v<inlined::Field<std::int64_t>, inlined::Empty>);
    static_assert(std::is_constructible_v<inlined::Field<inlined::Set<std::int64_t>>, inlined::Empty>);
}

TEST_CASE("a set is in order, however its elements came") {
    using inlined::Network;
    std::array<Network, 6> list = {Network::hidden(),         Network::ipv4(0x0a000001), Network::ipv4(0x0a000000, 8),
                                   Network::ipv4(0x0a000001), Network::hidden(),         Network::ipv6(1, 2)};
    const auto set = inlined::Set<Network>::of(list);
    REQUIRE(set.elements().size() == 5);
    CHECK(set.elements()[0] == Network::ipv4(0x0a000000, 8));
    CHECK(set.elements()[3].is_hidden());
    CHECK(set.elements()[4].is_hidden());
    const std::array<std::int64_t, 3> ordered = {1, 2, 3}, twice = {1, 1, 2}, backwards = {2, 1, 3};
    CHECK(inlined::Set<std::int64_t>::ordered(ordered).has_value());
    CHECK_FALSE(inlined::Set<std::int64_t>::ordered(twice).has_value());
    CHECK_FALSE(inlined::Set<std::int64_t>::ordered(backwards).has_value());
}

TEST_CASE("a network has no host bits, and a prefix length that doesn't exist narrows nothing") {
    using inlined::Network;
    CHECK(Network::ipv4(0x0a0b0c0d, 8) == Network::ipv4(0x0a000000, 8));
    CHECK(Network::ipv6(~0ULL, ~0ULL, 65) == Network::ipv6(~0ULL, 1ULL << 63, 65));
    CHECK(Network::ipv6(~0ULL, ~0ULL, 64) == Network::ipv6(~0ULL, 0, 64));
    CHECK(Network::ipv4(0x0a0b0c0d, 33) == Network::ipv4(0, 0));
    CHECK(Network::ipv6(1, 1, 129) == Network::ipv6(0, 0, 0));
    Dice dice{5};
    for (int i = 0; i < 4'000; ++i) {
        value::Network ours;
        ours.family = dice.chance(50) ? 4 : 6;
        ours.prefix = static_cast<std::uint8_t>(dice.below(ours.family == 4 ? 33 : 129));
        static constexpr std::uint64_t kHighs[] = {0, 0xfd00000000000000, 0xfc00000000000000, 0xfe00000000000000, 1};
        const std::uint64_t high = ours.family == 4 ? 0 : kHighs[dice.below(5)];
        static constexpr std::uint32_t kLows[] = {0, 0x0a000000, 0xac100000, 0xac200000, 0xc0a80000, 0xc0a90000, 1};
        const std::uint64_t low = kLows[dice.below(7)];
        const Network theirs = ours.family == 4 ? Network::ipv4(static_cast<std::uint32_t>(low), ours.prefix)
                                                : Network::ipv6(high, low, ours.prefix);
        ours.high = theirs.high();
        ours.low = theirs.low();
        CHECK(inlined::logic::is_open(theirs) == value::is_open(ours));
        CHECK(inlined::logic::is_private(theirs) == value::is_private(ours));
    }
}

TEST_CASE("texts mean what they mean to the library, and broken UTF-8 hurts nobody") {
    Dice dice{11};
    static constexpr std::string_view kPieces[] = {
        "a",  "B",       "7", " ", "*", "***", "?", "\\", "-", "\xc3\xa9", "\xe2\x80\x80", "\xf0\x9f\x94\x91",
        "\t", "\xc2\xa0"};
    const auto text = [&] {
        std::string out;
        for (std::size_t n = dice.below(7); n > 0; --n) out += kPieces[dice.below(std::size(kPieces))];
        return out;
    };
    for (int i = 0; i < 10'000; ++i) {
        const std::string one = text(), pattern = text();
        CAPTURE(one);
        CAPTURE(pattern);
        CHECK(inlined::logic::is_blank(std::string_view{one}) == base::is_blank(one));
        CHECK(static_cast<std::size_t>(inlined::logic::count_scalars(one)) == base::count_scalars(one));
        CHECK(inlined::logic::matches_glob(one, pattern) == base::matches_glob(one, pattern));
        const value::SecretFacts expected = value::facts_of(one);
        const inlined::Secret secret = inlined::Secret::of(one);
        CHECK(secret.length_min == expected.length_min);
        CHECK(secret.length_max == expected.length_max);
        CHECK(secret.known == expected.known);
        CHECK(secret.facts == expected.facts);
        // Cut anywhere, it is still read to its end and no further.
        const std::vector<char> cut(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(dice.below(one.size() + 1)));
        const std::string_view broken{cut.data(), cut.size()};
        CHECK(inlined::logic::matches_glob(broken, "*"));
        if (broken.find('\\') == std::string_view::npos) CHECK(inlined::logic::matches_glob(broken, broken));
        CHECK(inlined::Secret::of(broken).length_min <= broken.size());
    }
}
