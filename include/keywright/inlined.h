// What a header made by `keywright embed --inline` builds on: records, outcomes and decisions as plain values.
//
// Such a header holds a pack as C++: a `Record`, and `decide(record, now)` with every rule inlined. It needs this file
// and inlined_logic.h, and nothing else but the C++20 standard library: no library to link, no allocation, no state.
// docs/embedding.md tells how one is made and used.
//
// A field is given, absent or unknown, and starts as unknown: what a program forgets to fill in can't make a key pass.
// Views (texts, sets) point to what the caller keeps, for as long as the record is used. Everything is `constexpr`.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace keywright::inlined {

// --- time ------------------------------------------------------------------------------------------------------------

// A point in time, UTC, without leap seconds. `nanoseconds` is below 1 000 000 000 and added to `seconds`.
struct Instant {
    std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
    std::uint32_t nanoseconds = 0;
    friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
};

// A span of time, possibly negative: -0.5 s is {-1, 500 000 000}.
struct Duration {
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;
    friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
};

// Nanoseconds since 1970, wide enough for every sum of instants and durations.
__extension__ typedef __int128 Nanos;
inline constexpr Nanos kMinusInfinity = -(Nanos{1} << 120);
inline constexpr Nanos kPlusInfinity = Nanos{1} << 120;

[[nodiscard]] constexpr Nanos to_nanos(Instant t) { return Nanos{t.seconds} * 1'000'000'000 + t.nanoseconds; }
[[nodiscard]] constexpr Nanos to_nanos(Duration d) { return Nanos{d.seconds} * 1'000'000'000 + d.nanoseconds; }
// Exact; for an instant that 64 bits of seconds hold, as every deadline of real records is.
[[nodiscard]] constexpr Instant to_instant(Nanos nanos) {
    Nanos seconds = nanos / 1'000'000'000;
    if (seconds * 1'000'000'000 > nanos) --seconds;
    return {static_cast<std::int64_t>(seconds), static_cast<std::uint32_t>(nanos - seconds * 1'000'000'000)};
}

// --- values ----------------------------------------------------------------------------------------------------------

// A set of values of one enumeration of the pack.
template <class E>
class EnumSet {
public:
    constexpr EnumSet() = default;  // empty
    constexpr EnumSet(std::initializer_list<E> values) {
        for (const E value : values) insert(value);
    }
    [[nodiscard]] static constexpr EnumSet from_bits(std::uint64_t bits) {  // bit i for the enumerator of value i
        EnumSet set;
        set.bits_ = bits;
        return set;
    }
    constexpr void insert(E value) { bits_ |= std::uint64_t{1} << (static_cast<unsigned>(value) & 63U); }
    [[nodiscard]] constexpr bool contains(E value) const {
        return (bits_ >> (static_cast<unsigned>(value) & 63U) & 1U) != 0;
    }
    [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
    friend constexpr bool operator==(const EnumSet&, const EnumSet&) = default;

private:
    std::uint64_t bits_ = 0;
};

// An IPv4 or IPv6 address or block. Host bits are cleared. A prefix length that doesn't exist counts as 0, every
// address: a mistake must not look like a narrow block.
class Network {
public:
    constexpr Network() = default;  // hidden
    [[nodiscard]] static constexpr Network ipv4(std::uint32_t address, unsigned prefix = 32) {
        if (prefix > 32) prefix = 0;
        const std::uint32_t mask = prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix);
        return Network{0, address & mask, prefix, 4};
    }
    [[nodiscard]] static constexpr Network ipv6(std::uint64_t high, std::uint64_t low, unsigned prefix = 128) {
        if (prefix > 128) prefix = 0;
        constexpr std::uint64_t kAll = ~std::uint64_t{0};
        const std::uint64_t high_mask = prefix == 0 ? 0 : prefix >= 64 ? kAll : kAll << (64 - prefix);
        const std::uint64_t low_mask = prefix <= 64 ? 0 : kAll << (128 - prefix);
        return Network{high & high_mask, low & low_mask, prefix, 6};
    }
    // An entry that exists and whose address isn't known, as an exchange shows it with asterisks.
    [[nodiscard]] static constexpr Network hidden() { return {}; }

    [[nodiscard]] constexpr bool is_hidden() const { return hidden_; }
    [[nodiscard]] constexpr std::uint64_t high() const { return high_; }  // 0 for IPv4
    [[nodiscard]] constexpr std::uint64_t low() const { return low_; }
    [[nodiscard]] constexpr unsigned prefix() const { return prefix_; }
    [[nodiscard]] constexpr unsigned family() const { return family_; }  // 4 or 6

    friend constexpr auto operator<=>(const Network&, const Network&) = default;  // hidden ones last

private:
    constexpr Network(std::uint64_t high, std::uint64_t low, unsigned prefix, unsigned family)
        : hidden_(false),
          high_(high),
          low_(low),
          prefix_(static_cast<std::uint8_t>(prefix)),
          family_(static_cast<std::uint8_t>(family)) {}

    bool hidden_ = true;
    std::uint64_t high_ = 0, low_ = 0;
    std::uint8_t prefix_ = 0, family_ = 4;
};

// A set of networks, texts or numbers: a view of elements in ascending order without doubles (hidden networks are all
// kept). Every question relies on that order, so a set can only be made in ways that see to it.
template <class T>
class Set {
public:
    constexpr Set() = default;  // empty
    // Sorts `elements` where they lie, moves doubles behind the set, and looks at what is left. O(n log n).
    [[nodiscard]] static constexpr Set of(std::span<T> elements) {
        std::sort(elements.begin(), elements.end());
        std::size_t kept = 0;
        for (std::size_t i = 0; i < elements.size(); ++i) {
            if (kept == 0 || !same(elements[kept - 1], elements[i])) elements[kept++] = elements[i];
        }
        return assume_ordered(elements.first(kept));
    }
    // A view of elements that are in order already; nothing where they aren't. O(n).
    [[nodiscard]] static constexpr std::optional<Set> ordered(std::span<const T> elements) {
        for (std::size_t i = 1; i < elements.size(); ++i) {
            if (elements[i] < elements[i - 1] || same(elements[i - 1], elements[i])) return std::nullopt;
        }
        return assume_ordered(elements);
    }
    // For generated code: nothing is looked at.
    [[nodiscard]] static constexpr Set assume_ordered(std::span<const T> elements) {
        Set set;
        set.elements_ = elements;
        return set;
    }
    [[nodiscard]] constexpr std::span<const T> elements() const { return elements_; }

private:
    [[nodiscard]] static constexpr bool same(const T& a, const T& b) {
        if constexpr (std::is_same_v<T, Network>) {
            if (a.is_hidden()) return false;
        }
        return a == b;
    }
    std::span<const T> elements_;
};

// What rules may ask of a secret, and all that is kept of it.
struct Secret {
    enum Fact : std::uint8_t {
        kHasSpace = 1,
        kHasDigit = 2,
        kHasUpper = 4,
        kHasLower = 8,
        kHasSymbol = 16,
        kHasOther = 32,
        kIsMasked = 64,
    };
    static constexpr std::uint32_t kUnbounded = 0xffffffff;

    std::uint32_t length_min = 0;           // in Unicode scalar values
    std::uint32_t length_max = kUnbounded;  // kUnbounded where not known
    std::uint8_t known = 0;                 // which facts are known, a union of Fact
    std::uint8_t facts = 0;                 // which of the known ones hold

    // The facts about a secret's text (UTF-8). Linear; see inlined_logic.h.
    [[nodiscard]] static constexpr Secret of(std::string_view text);
    // It is there, and nothing else is known of it.
    [[nodiscard]] static constexpr Secret undisclosed() { return {1, kUnbounded, 0, 0}; }
};

// --- fields ----------------------------------------------------------------------------------------------------------

enum class State : std::uint8_t { kUnknown, kAbsent, kGiven };

inline constexpr struct Unknown {
} unknown;  // `record.last_used_at = unknown`
inline constexpr struct Absent {
} absent;  // only of fields that may be absent
inline constexpr struct Empty {
} empty;  // a set without elements; `{}` is an unknown one
inline constexpr struct Present {
} present;  // of a nested record

// A text that isn't a view yet, and one that owns its bytes and is about to be gone.
template <class U>
concept Text = !std::same_as<std::remove_cvref_t<U>, std::string_view> &&
               std::is_convertible_v<const std::remove_reference_t<U>&, std::string_view>;
template <class U>
concept PassingText =
    Text<U> && !std::is_lvalue_reference_v<U> && !std::is_trivially_copyable_v<std::remove_cvref_t<U>>;

// One field of a record. Unknown until it is set.
template <class T>
class Field {
public:
    constexpr Field() = default;
    constexpr Field(Unknown) {}
    constexpr Field(T value)
        requires(!std::is_same_v<T, bool>)
        : value_(value), state_(State::kGiven) {}
    // A pointer isn't a truth.
    template <std::same_as<bool> U>
        requires std::is_same_v<T, bool>
    constexpr Field(U value) : value_(value), state_(State::kGiven) {}
    // Text that somebody else keeps; one that would be gone with this line isn't taken.
    template <Text U>
        requires std::same_as<T, std::string_view>
    constexpr Field(U&& text) : value_(text), state_(State::kGiven) {}
    template <PassingText U>
        requires std::same_as<T, std::string_view>
    Field(U&& text) = delete;
    template <class E>
        requires std::is_same_v<T, EnumSet<E>>
    constexpr Field(std::initializer_list<E> values) : value_(values), state_(State::kGiven) {}
    constexpr Field(Empty)
        requires requires(T set) { set.bits(); } || requires(T set) { set.elements(); }
        : state_(State::kGiven) {}

    [[nodiscard]] constexpr State state() const { return state_; }
    [[nodiscard]] constexpr const T& value() const { return value_; }  // of a field that is given

protected:
    constexpr explicit Field(State state) : state_(state) {}

private:
    T value_{};
    State state_ = State::kUnknown;
};

// A field that may be absent (`T?` in the schema).
template <class T>
class OptionalField : public Field<T> {
public:
    using Field<T>::Field;
    constexpr OptionalField() = default;
    constexpr OptionalField(Absent) : Field<T>(State::kAbsent) {}
};

// --- decisions -------------------------------------------------------------------------------------------------------

enum class Truth : std::uint8_t { kFalse = 1, kTrue = 2, kUnknown = 3 };
enum class Outcome : std::uint8_t { kNotApplicable, kExempt, kPass, kViolated, kUndetermined };
enum class Verdict : std::uint8_t { kCompliant, kViolation, kUndetermined };
enum class Severity : std::uint8_t { kInfo, kWarning, kError };

// Where an instant may lie, both ends included.
struct Bounds {
    Nanos earliest = kMinusInfinity;
    Nanos latest = kPlusInfinity;

    [[nodiscard]] constexpr bool is_point() const { return earliest == latest; }
    [[nodiscard]] constexpr bool has_earliest() const { return earliest > kMinusInfinity / 2; }
    [[nodiscard]] constexpr bool has_latest() const { return latest < kPlusInfinity / 2; }
    friend constexpr bool operator==(const Bounds&, const Bounds&) = default;
};

// What an `expire` rule says beside its outcome.
struct Deadline {
    Bounds at;                      // means nothing where `applies` is kFalse
    Truth applies = Truth::kFalse;  // the rule holds for this record, waivers left aside
    Truth warning = Truth::kFalse;  // the deadline has not come, and `now` is in the warning period before it
    friend constexpr bool operator==(const Deadline&, const Deadline&) = default;
};

// The earliest deadline that applies.
struct Expiration {
    bool none = true;  // no deadline applies
    Bounds at;         // a point where it is known
    friend constexpr bool operator==(const Expiration&, const Expiration&) = default;
};

// What deciding one record yields. Trivially copyable.
template <class Rule, std::size_t kRules, std::size_t kDeadlines, std::size_t kExempting>
struct Decision {
    Verdict verdict = Verdict::kCompliant;              // from the rules of severity error
    std::array<Outcome, kRules> outcomes{};             // by Rule
    std::array<std::uint16_t, kExempting> exempt_by{};  // by RuleInfo::exempting; which `unless`, of an exempt rule
    std::array<Deadline, kDeadlines> deadlines{};       // by RuleInfo::deadline
    Expiration expiration;

    [[nodiscard]] constexpr Outcome of(Rule rule) const { return outcomes[static_cast<std::size_t>(rule)]; }
    friend constexpr bool operator==(const Decision&, const Decision&) = default;
};

// A clause that a rule cites.
struct Citation {
    std::string_view document, clause, text;
};

struct RuleInfo {
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    std::string_view name;
    Severity severity = Severity::kError;
    std::span<const Citation> cites;
    std::span<const std::string_view> exemptions;  // what each `unless` is called; waivers come last
    std::size_t exempting = kNone;                 // index into Decision::exempt_by; kNone: it has no exemption
    std::size_t deadline = kNone;                  // index into Decision::deadlines; kNone: it doesn't expire
};

}  // namespace keywright::inlined

#include "keywright/inlined_logic.h"
