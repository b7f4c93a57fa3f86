// One key configuration, decoded: for each field of the schema whether it is given, absent or unknown, and its value.
//
// Dense and reusable: `reset` keeps every buffer's capacity, so that after the first few records reading and deciding
// allocate nothing. Field numbers are those of `ir::Schema::fields`. A record owns its text; views into it live until
// the next `reset`.
#pragma once

#include "value/value.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::value {

enum class State : std::uint8_t { kUnknown, kAbsent, kGiven };

[[nodiscard]] std::string_view to_string(State state);

class Record {
public:
    // Every field unknown.
    void reset(std::size_t fields);
    [[nodiscard]] std::size_t size() const { return slots_.size(); }

    [[nodiscard]] State state(std::size_t field) const { return slots_[field].state; }
    void set_unknown(std::size_t field) { slots_[field].state = State::kUnknown; }
    void set_absent(std::size_t field) { slots_[field].state = State::kAbsent; }
    // Given, without a value of its own (a nested record that is present).
    void set_present(std::size_t field) { slots_[field].state = State::kGiven; }

    // Setters make the field given. Sets are sorted and freed of doubles here (masked networks are all kept, last).
    void set_bool(std::size_t field, bool value);
    void set_int(std::size_t field, std::int64_t value);
    void set_text(std::size_t field, std::string_view value);
    void set_enum(std::size_t field, std::uint32_t index);
    void set_enum_set(std::size_t field, std::uint64_t bits);
    void set_network(std::size_t field, const Network& value);
    void set_network_set(std::size_t field, std::span<const Network> values);
    void set_text_set(std::size_t field, std::span<const std::string_view> values);
    void set_int_set(std::size_t field, std::span<const std::int64_t> values);
    void set_instant(std::size_t field, Instant value);
    void set_duration(std::size_t field, Duration value);
    void set_secret(std::size_t field, const SecretFacts& value);
    void set(std::size_t field, const Value& value);

    // Getters ask for the field to be given and of that kind.
    [[nodiscard]] bool boolean(std::size_t field) const { return slots_[field].number != 0; }
    [[nodiscard]] std::int64_t integer(std::size_t field) const { return slots_[field].number; }
    [[nodiscard]] std::string_view text(std::size_t field) const {
        return {text_.data() + slots_[field].begin, slots_[field].count};
    }
    [[nodiscard]] std::uint32_t enumerator(std::size_t field) const {
        return static_cast<std::uint32_t>(slots_[field].number);
    }
    [[nodiscard]] std::uint64_t enum_set(std::size_t field) const {
        return static_cast<std::uint64_t>(slots_[field].number);
    }
    [[nodiscard]] const Network& network(std::size_t field) const { return networks_[slots_[field].begin]; }
    [[nodiscard]] std::span<const Network> network_set(std::size_t field) const {
        return {networks_.data() + slots_[field].begin, slots_[field].count};
    }
    [[nodiscard]] std::span<const std::int64_t> int_set(std::size_t field) const {
        return {integers_.data() + slots_[field].begin, slots_[field].count};
    }
    // Element `i` of a set of text; `count` elements.
    [[nodiscard]] std::string_view text_element(std::size_t field, std::size_t i) const;
    [[nodiscard]] std::size_t count(std::size_t field) const {
        return slots_[field].count;
    }  // text, int and network sets
    [[nodiscard]] Instant instant(std::size_t field) const { return {slots_[field].number, slots_[field].begin}; }
    [[nodiscard]] Duration duration(std::size_t field) const { return {slots_[field].number, slots_[field].begin}; }
    [[nodiscard]] const SecretFacts& secret(std::size_t field) const { return secrets_[slots_[field].begin]; }

private:
    struct Slot {
        std::int64_t number = 0;  // bool, int, enum index, enum set, seconds
        std::uint32_t begin = 0;  // first element in a pool, or nanoseconds
        std::uint32_t count = 0;  // elements, or bytes of text
        State state = State::kUnknown;
    };
    struct Piece {
        std::uint32_t begin, size;  // bytes in `text_`
    };
    std::vector<Slot> slots_;
    std::string text_;
    std::vector<Piece> pieces_;
    std::vector<Network> networks_;
    std::vector<std::int64_t> integers_;
    std::vector<SecretFacts> secrets_;

    Slot& give(std::size_t field);
};

}  // namespace keywright::value
