// What deciding a record yields: one outcome a rule, three-valued facts, and bounds on instants.
#pragma once

#include "ir/ir.h"
#include "value/record.h"
#include "value/time.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace keywright::eval {

using value::Nanos;

// Strong Kleene truth as the set of values that are still possible: bit 0 "may be false", bit 1 "may be true".
enum class Truth : std::uint8_t { kFalse = 1, kTrue = 2, kUnknown = 3 };

[[nodiscard]] constexpr Truth truth_of(bool value) { return value ? Truth::kTrue : Truth::kFalse; }
[[nodiscard]] constexpr Truth operator!(Truth t) {
    const auto bits = static_cast<std::uint8_t>(t);
    return static_cast<Truth>(((bits & 1U) << 1U) | (bits >> 1U));
}
[[nodiscard]] constexpr Truth both(Truth a, Truth b) {  // conjunction
    const auto x = static_cast<std::uint8_t>(a), y = static_cast<std::uint8_t>(b);
    return static_cast<Truth>(((x | y) & 1U) | (x & y & 2U));
}
[[nodiscard]] constexpr Truth either(Truth a, Truth b) {  // disjunction
    const auto x = static_cast<std::uint8_t>(a), y = static_cast<std::uint8_t>(b);
    return static_cast<Truth>((x & y & 1U) | ((x | y) & 2U));
}

// Bounds of what is not unbounded: far outside every instant, and safe to add to.
constexpr Nanos kMinusInfinity = -(Nanos{1} << 120);
constexpr Nanos kPlusInfinity = Nanos{1} << 120;

// Where an instant may lie, both ends included; a point where it is known.
struct InstantBounds {
    Nanos earliest = kMinusInfinity;
    Nanos latest = kPlusInfinity;

    [[nodiscard]] bool is_point() const { return earliest == latest; }
    [[nodiscard]] bool has_earliest() const { return earliest > kMinusInfinity / 2; }
    [[nodiscard]] bool has_latest() const { return latest < kPlusInfinity / 2; }
    friend bool operator==(const InstantBounds&, const InstantBounds&) = default;
};

struct RuleDecision {
    ir::Outcome outcome = ir::Outcome::kUndetermined;
    // Of an `expire … warn` rule whose deadline has not come: is it inside the warning period? kFalse for other rules.
    // kUnknown makes the rule undetermined at severity warning.
    Truth warning = Truth::kFalse;
    // `when` holds and no `unless` of the rule does: kTrue, surely; kUnknown, perhaps. Waivers are left aside: what
    // they excuse happens all the same, so a deadline stays one.
    Truth applies = Truth::kUnknown;
    std::uint16_t exempt_by = 0;  // index into Rule::exemptions, where outcome is kExempt
    InstantBounds deadline;       // of an `expire` rule, meaningful unless `applies` is kFalse

    friend bool operator==(const RuleDecision&, const RuleDecision&) = default;
};

struct Decision {
    std::vector<RuleDecision> rules;  // in the order of Module::rules
};

// `compliant`, `violation` or `undetermined`, from the error rules alone.
[[nodiscard]] ir::Verdict verdict(const ir::Module& module, const Decision& decision);
// The same where each rule has the severity given for it.
[[nodiscard]] ir::Verdict verdict(std::span<const Severity> severities, std::span<const RuleDecision> rules);

// The deadline of the earliest `expire` rule that applies. `none` where none does, a point where it is known, bounds
// where it hangs on something unknown.
struct Expiration {
    bool none = true;
    InstantBounds at;
};
[[nodiscard]] Expiration expiration(const ir::Module& module, std::span<const RuleDecision> rules);
[[nodiscard]] inline Expiration expiration(const ir::Module& module, const Decision& decision) {
    return expiration(module, decision.rules);
}

}  // namespace keywright::eval
