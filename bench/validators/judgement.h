// The fourteen rules of rules/kucoin_tr, written by hand: what is known of a key, which rules that violates or leaves
// undetermined, and the counts over all keys. All C++ validators share it, so they differ in how they read alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>

namespace validators {

// Strong Kleene truth.
struct Truth {
    std::uint32_t can_be_true = 1, can_be_false = 1;  // 0 or 1 each, not both 0

    static constexpr Truth of(bool value) { return {value ? 1U : 0U, value ? 0U : 1U}; }
    static constexpr Truth unknown() { return {1, 1}; }
    friend constexpr Truth operator!(Truth a) { return {a.can_be_false, a.can_be_true}; }
    friend constexpr Truth operator&(Truth a, Truth b) {
        return {a.can_be_true & b.can_be_true, a.can_be_false | b.can_be_false};
    }
    friend constexpr Truth operator|(Truth a, Truth b) {
        return {a.can_be_true | b.can_be_true, a.can_be_false & b.can_be_false};
    }
};

enum Permission : std::uint8_t {
    kGeneral = 1,
    kSpot = 2,
    kMargin = 4,
    kFutures = 8,
    kEarn = 16,
    kTransfer = 32,
    kWithdrawal = 64
};
enum Proof : std::uint8_t { kTradingPassword = 1, kEmailCode = 2, kTotp = 4, kSmsCode = 8 };

// A set of which some elements may not be known: what it surely and what it perhaps holds.
struct Members {
    std::uint8_t must = 0, may = 0;

    [[nodiscard]] constexpr Truth any(std::uint8_t of) const {
        return {(may & of) != 0 ? 1U : 0U, (must & of) == 0 ? 1U : 0U};
    }
    [[nodiscard]] constexpr Truth all(std::uint8_t of) const {
        return {(may & of) == of ? 1U : 0U, (must & of) != of ? 1U : 0U};
    }
    [[nodiscard]] constexpr bool known() const { return must == may; }
};

// What the rules ask of a key.
struct Facts {
    Truth named, phrased, linked, has_app, disclosed, asked, still_known, submitted;  // as the rules below name them
    Truth listed, opened;  // it has addresses; one of them is open
    Members permissions, proofs;
};

// Of the time since the key was used: thirty days are over; twenty-three are.
struct Idle {
    Truth due, warned;
};

enum Rule : std::uint8_t {
    kNameRequired,
    kPassphraseRequired,
    kPermissionsRequired,
    kThirdPartyNeedsApp,
    kAppWithoutLink,
    kThirdPartyCannotWithdraw,
    kThirdPartyIpUnneeded,
    kSecretDisclosed,
    kLostPassphrase,
    kWithdrawalDiscouraged,
    kIpRestrictionRecommended,
    kTransferNeedsIp,
    kVerificationIncomplete,
    kIdleSpotKeyExpires,
    kIdleSpotKeyWarned,  // the same rule as a warning
    kRules
};
inline constexpr const char* kRuleNames[kRules] = {
    "name_required",           "passphrase_required",        "permissions_required",
    "third_party_needs_app",   "app_without_link",           "third_party_cannot_withdraw",
    "third_party_ip_unneeded", "secret_disclosed",           "lost_passphrase",
    "withdrawal_discouraged",  "ip_restriction_recommended", "transfer_needs_ip",
    "verification_incomplete", "idle_spot_key_expires",      "idle_spot_key_expires as warning"};
inline constexpr std::uint32_t kErrors =
    ((1U << kRules) - 1) & ~(1U << kThirdPartyIpUnneeded | 1U << kWithdrawalDiscouraged |
                             1U << kIpRestrictionRecommended | 1U << kIdleSpotKeyWarned);

// Bit r for rule r.
struct Outcomes {
    std::uint32_t can = 0, must = 0;  // be violated
    bool exempt = false;
    [[nodiscard]] std::uint32_t undetermined() const { return can & ~must; }
};

// `idle` is called where it matters alone, and says how long the key has rested.
template <class IdleTime>
[[gnu::always_inline]] inline Outcomes judge(const Facts& f, IdleTime&& idle) {
    Outcomes out;
    const auto violated_if = [&](Rule rule, Truth condition) {
        out.can |= condition.can_be_true << rule;
        out.must |= (condition.can_be_false ^ 1U) << rule;
    };
    const Truth trading = !f.linked;
    const Truth withdraws = f.permissions.any(kWithdrawal);
    const Truth restricted = f.linked | (f.listed & !f.opened);
    violated_if(kNameRequired, !f.named);
    violated_if(kPassphraseRequired, !f.phrased);
    violated_if(kPermissionsRequired, !f.permissions.any(127));
    violated_if(kThirdPartyNeedsApp, f.linked & !f.has_app);
    violated_if(kAppWithoutLink, f.has_app & trading);
    violated_if(kThirdPartyCannotWithdraw, f.linked & withdraws);
    violated_if(kThirdPartyIpUnneeded, f.linked & f.listed);
    violated_if(kSecretDisclosed, f.disclosed);
    violated_if(kLostPassphrase, f.asked & !f.still_known);
    violated_if(kWithdrawalDiscouraged, trading & withdraws);
    violated_if(kIpRestrictionRecommended, trading & !restricted);
    violated_if(kTransferNeedsIp, f.permissions.any(kTransfer | kWithdrawal) & !restricted);
    violated_if(kVerificationIncomplete,
                f.submitted & !(f.proofs.all(kTradingPassword | kEmailCode) & f.proofs.any(kTotp | kSmsCode)));
    const Truth spot = f.permissions.any(kSpot);
    // General-only keys have no `spot`, so of the two exemptions one alone can decide.
    const Truth applies = spot & !restricted;
    out.exempt = spot.can_be_true != 0 && restricted.can_be_false == 0;
    if (applies.can_be_true != 0) {
        const Idle time = idle();
        violated_if(kIdleSpotKeyExpires, applies & time.due);
        if ((out.can >> kIdleSpotKeyExpires & 1U) == 0) violated_if(kIdleSpotKeyWarned, applies & time.warned);
    }
    return out;
}

// Counts over all records. What a record comes to is counted by its bits, and rules are added up at the end.
class Tally {
public:
    [[gnu::always_inline]] void add(const Outcomes& o, std::uint32_t records = 1) {
        violated_[o.must] += records;
        if (o.exempt) exempt_ += records;
        if (const std::uint32_t open = o.undetermined(); open != 0) {
            undetermined_[open] += records;
            if ((o.must & kErrors) == 0 && (open & kErrors) != 0) undecided_ += records;
        }
    }
    void add_invalid() { ++invalid_; }

    // One line of JSON, the same for the same counts.
    void print() const {
        std::uint64_t decided = 0, violation = 0;
        std::array<std::uint64_t, kRules> by_rule{}, open_by_rule{};
        for (std::uint32_t bits = 0; bits < kSize; ++bits) {
            decided += violated_[bits];
            if ((bits & kErrors) != 0) violation += violated_[bits];
            for (std::size_t r = 0; r < kRules; ++r) {
                if ((bits >> r & 1U) == 0) continue;
                by_rule[r] += violated_[bits];
                open_by_rule[r] += undetermined_[bits];
            }
        }
        std::printf(
            R"({"records": %llu, "compliant": %llu, "violation": %llu, "undetermined": %llu, "invalid": %llu, )",
            number(decided + invalid_), number(decided - violation - undecided_), number(violation), number(undecided_),
            number(invalid_));
        print_rules("violated", by_rule);
        std::printf(", ");
        print_rules("open", open_by_rule);
        std::printf(R"(, "exempt": %llu})"
                    "\n",
                    number(exempt_));
    }

private:
    static constexpr std::size_t kSize = std::size_t{1} << kRules;
    static unsigned long long number(std::uint64_t n) { return n; }
    static void print_rules(const char* title, const std::array<std::uint64_t, kRules>& counts) {
        std::printf("\"%s\": {", title);
        for (std::size_t r = 0; r < kRules; ++r)
            std::printf("%s\"%s\": %llu", r == 0 ? "" : ", ", kRuleNames[r], number(counts[r]));
        std::printf("}");
    }
    std::unique_ptr<std::uint32_t[]> violated_ = std::make_unique<std::uint32_t[]>(kSize);
    std::unique_ptr<std::uint32_t[]> undetermined_ = std::make_unique<std::uint32_t[]>(kSize);
    std::uint64_t exempt_ = 0, undecided_ = 0, invalid_ = 0;
};

}  // namespace validators
