// What inventories are written with: names of members, permissions, rules, and what keys are called.
#pragma once

#include "inventory.h"

#include <cstdint>
#include <string_view>

namespace keywright::bench {

// In the order of the schema.
enum Member : std::uint8_t {
    kId,
    kName,
    kUsage,
    kApp,
    kPermissions,
    kIpAllowlist,
    kPassphrase,
    kPassphraseKnown,
    kApiSecret,
    kCreatedAt,
    kLastUsedAt,
    kVerification,
    kMembers
};
constexpr std::string_view kMemberNames[kMembers] = {"id",          "name",         "usage",        "app",
                                                     "permissions", "ip_allowlist", "passphrase",   "passphrase_known",
                                                     "api_secret",  "created_at",   "last_used_at", "verification"};

enum Permission : std::uint8_t { kGeneral, kSpot, kMargin, kFutures, kEarn, kTransfer, kWithdrawal, kPermissionCount };
constexpr std::string_view kPermissionNames[kPermissionCount] = {"general", "spot",     "margin",    "futures",
                                                                 "earn",    "transfer", "withdrawal"};
constexpr std::string_view kProofs[] = {"trading_password", "email_code", "totp", "sms_code"};

enum ErrorRule : std::uint8_t {
    kNameRequired,
    kPassphraseRequired,
    kPermissionsRequired,
    kThirdPartyNeedsApp,
    kAppWithoutLink,
    kThirdPartyCannotWithdraw,
    kSecretDisclosed,
    kLostPassphrase,
    kTransferNeedsIp,
    kVerificationIncomplete,
    kIdleSpotKeyExpires,
    kNoRule
};
constexpr std::string_view kRuleNames[kErrorRules] = {
    "name_required",     "passphrase_required",         "permissions_required", "third_party_needs_app",
    "app_without_link",  "third_party_cannot_withdraw", "secret_disclosed",     "lost_passphrase",
    "transfer_needs_ip", "verification_incomplete",     "idle_spot_key_expires"};

// What must stay known for a rule to stay violated, a bit for each member.
constexpr std::uint32_t bit(Member member) { return 1U << member; }
constexpr std::uint32_t kReads[kErrorRules] = {
    bit(kName),
    bit(kPassphrase),
    bit(kPermissions),
    bit(kUsage) | bit(kApp),
    bit(kUsage) | bit(kApp),
    bit(kUsage) | bit(kPermissions),
    bit(kApiSecret),
    bit(kPassphraseKnown),
    bit(kUsage) | bit(kPermissions) | bit(kIpAllowlist),
    bit(kVerification),
    bit(kUsage) | bit(kPermissions) | bit(kIpAllowlist) | bit(kCreatedAt) | bit(kLastUsedAt)};

constexpr std::string_view kPurposes[] = {"market maker", "savings plan", "old scalper",   "treasury",
                                          "grid bot",     "copy trader",  "tax report",    "rebalancer",
                                          "arbitrage",    "hedge desk",   "funding carry", "dca weekly",
                                          "price logger", "otc settle",   "risk monitor"};
constexpr std::string_view kApps[] = {"Grid Runner", "Copy Desk", "Tax Ledger", "Signal House", "Basket"};
// Escaped, as JSON writes them; none of these makes a name blank.
constexpr std::string_view kEscapes[] = {R"(\")", R"(\\)",           R"(\u00fc)", R"(\t)",
                                         R"(\/)", R"(\ud83d\ude80)", R"(\u0131)"};

}  // namespace keywright::bench
