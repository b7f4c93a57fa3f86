// Records: states, values, sets in order, and use again without remains.
#include "value/record.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace keywright;
using namespace keywright::value;

TEST_CASE("a new record knows nothing") {
    Record record;
    record.reset(3);
    CHECK(record.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(record.state(i) == State::kUnknown);
    CHECK(to_string(State::kUnknown) == "unknown");
    CHECK(to_string(State::kAbsent) == "absent");
    CHECK(to_string(State::kGiven) == "given");
}

TEST_CASE("every kind of value comes back") {
    Network block;
    block.low = 0x0a000000;
    block.prefix = 8;
    Network masked;
    masked.masked = true;
    const std::vector<Value> values{true,
                                    std::int64_t{-7},
                                    std::string{"text"},
                                    EnumValue{3},
                                    EnumSet{0x8000000000000001},
                                    block,
                                    NetworkSet{masked, block, masked, block},
                                    TextSet{"b", "a", "b"},
                                    IntSet{3, 1, 3, -2},
                                    Instant{5, 6},
                                    Duration{-7, 8},
                                    SecretFacts{1, 2, 3, 4}};
    Record record;
    for (int round = 0; round < 2; ++round) {  // the second time over what the first one left
        record.reset(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) record.set(i, values[i]);
        for (std::size_t i = 0; i < values.size(); ++i) CHECK(record.state(i) == State::kGiven);
        CHECK(record.boolean(0));
        CHECK(record.integer(1) == -7);
        CHECK(record.text(2) == "text");
        CHECK(record.enumerator(3) == 3);
        CHECK(record.enum_set(4) == 0x8000000000000001);
        CHECK(record.network(5) == block);
        REQUIRE(record.network_set(6).size() == 3);  // both masked ones kept, last
        CHECK(record.network_set(6)[0] == block);
        CHECK(record.network_set(6)[1].masked);
        CHECK(record.count(6) == 3);
        REQUIRE(record.count(7) == 2);
        CHECK(record.text_element(7, 0) == "a");
        CHECK(record.text_element(7, 1) == "b");
        CHECK(std::vector(record.int_set(8).begin(), record.int_set(8).end()) == std::vector<std::int64_t>{-2, 1, 3});
        CHECK(record.instant(9) == Instant{5, 6});
        CHECK(record.duration(10) == Duration{-7, 8});
        CHECK(record.secret(11) == SecretFacts{1, 2, 3, 4});
    }
    record.set_absent(0);
    CHECK(record.state(0) == State::kAbsent);
    record.set_unknown(0);
    CHECK(record.state(0) == State::kUnknown);
    record.set_present(0);
    CHECK(record.state(0) == State::kGiven);
}

TEST_CASE("sets of several fields don't mix") {
    Record record;
    record.reset(4);
    const std::vector<std::string_view> first{"z", "m"};
    const std::vector<std::string_view> second{"a"};
    record.set_text_set(0, first);
    record.set_text(1, "between");
    record.set_text_set(2, second);
    record.set_int_set(3, {});
    CHECK(record.text_element(0, 0) == "m");
    CHECK(record.text_element(0, 1) == "z");
    CHECK(record.text(1) == "between");
    CHECK(record.text_element(2, 0) == "a");
    CHECK(record.count(3) == 0);
}
