#include "inventory.h"

#include "support/dice.h"

#include <array>
#include <cstddef>
#include <iterator>
#include <utility>

namespace keywright::bench {

namespace {

using test::Dice;

constexpr std::int64_t kDay = 86'400;

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

// One record, before it is written.
struct Key {
    bool third_party = false;
    std::uint32_t permissions = 1U << kGeneral;
    unsigned networks = 0;
    bool open = false;  // one of the networks restricts nothing
    std::int64_t created = 0, used = 0;
    bool is_created = true, is_used = true;
};

class Maker {
public:
    Maker(const InventoryShape& shape, std::uint64_t index, std::string& out)
        : shape_(shape), dice_(mixed(shape.seed, index)), out_(out) {}

    Planned make() {
        Planned planned;
        const bool invalid = share(shape_.invalid);
        ErrorRule rule = kNoRule;
        if (share(shape_.violations)) {
            rule = static_cast<ErrorRule>(dice_.below(kErrorRules));
            planned.kind = Planned::Kind::kViolation;
            planned.rule = kRuleNames[rule];
        }
        design(rule);
        write_members(rule);
        if (share(shape_.unknown)) {
            planned.unknown = true;
            forget(rule == kNoRule ? 0 : kReads[rule]);
        }
        if (invalid) {
            planned = {Planned::Kind::kInvalid, {}, false};
            write_broken();
        } else {
            write();
        }
        return planned;
    }

private:
    static std::uint64_t mixed(std::uint64_t seed, std::uint64_t index) {
        Dice once{seed ^ 0x6b65797772696768U};
        return once.next() + index * 0xd1342543de82ef95U;
    }
    bool share(std::uint32_t millionths) { return dice_.below(1'000'000) < millionths; }
    std::int64_t seconds(std::int64_t days_from, std::int64_t days_to) {
        return days_from * kDay +
               static_cast<std::int64_t>(dice_.below(static_cast<std::size_t>(days_to - days_from) * kDay));
    }

    // --- what the key is ---------------------------------------------------------------------------------------------
    void design(ErrorRule rule) {
        key_.third_party = dice_.chance(20);
        if (rule == kThirdPartyNeedsApp || rule == kThirdPartyCannotWithdraw) key_.third_party = true;
        if (rule == kAppWithoutLink || rule == kTransferNeedsIp || rule == kIdleSpotKeyExpires)
            key_.third_party = false;
        for (const Permission p : {kSpot, kMargin, kFutures, kEarn}) {
            if (dice_.chance(p == kSpot ? 70 : 25)) key_.permissions |= 1U << p;
        }
        if (key_.third_party) {
            key_.networks = dice_.chance(10) ? 1 : 0;
        } else {
            key_.networks = static_cast<unsigned>(dice_.below(10) < 3 ? 0 : 1 + dice_.below(3));
            key_.open = key_.networks > 0 && dice_.chance(5);
        }
        if (rule == kTransferNeedsIp || rule == kIdleSpotKeyExpires) {
            key_.open = key_.networks > 0 && dice_.chance(30);
            if (!key_.open) key_.networks = 0;
        }
        const bool restricted = key_.third_party || (key_.networks > 0 && !key_.open);
        if (restricted && dice_.chance(20)) key_.permissions |= 1U << kTransfer;
        if (restricted && !key_.third_party && dice_.chance(10)) key_.permissions |= 1U << kWithdrawal;
        if (rule == kThirdPartyCannotWithdraw) key_.permissions |= 1U << kWithdrawal;
        if (rule == kTransferNeedsIp) key_.permissions |= 1U << (dice_.chance(50) ? kTransfer : kWithdrawal);
        if (rule == kIdleSpotKeyExpires) key_.permissions |= 1U << kSpot;
        if (rule == kPermissionsRequired) key_.permissions = 0;
        design_times(rule, !restricted && (key_.permissions >> kSpot & 1U) != 0);
    }

    void design_times(ErrorRule rule, bool may_expire) {
        key_.is_used = !dice_.chance(10);
        std::int64_t idle = seconds(0, 20);  // how long ago it was last used
        if (rule == kIdleSpotKeyExpires) {
            idle = seconds(30, 400);
        } else if (may_expire) {
            if (dice_.chance(15)) idle = seconds(23, 30) + 1;  // in time to be warned of
        } else if (dice_.chance(40)) {
            idle = seconds(0, 400);
        }
        const std::int64_t last = shape_.at - idle;
        key_.used = last;
        key_.created = last;
        if (key_.is_used) key_.created -= seconds(0, 1'200);
        if (rule != kIdleSpotKeyExpires && dice_.chance(2)) key_.is_created = key_.is_used = false;
    }

    // --- its members -------------------------------------------------------------------------------------------------
    void begin(Member member) {
        begins_[member] = text_.size();
        text_ += '"';
        text_ += kMemberNames[member];
        text_ += "\":";
    }
    void end(Member member) { ends_[member] = text_.size(); }
    void member(Member member, std::string_view value) {
        begin(member);
        text_ += value;
        end(member);
    }
    void quoted(std::string_view value) {
        text_ += '"';
        text_ += value;
        text_ += '"';
    }
    void letters(std::size_t count, std::string_view alphabet) {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i % 10 == 0) bits = dice_.next();
            text_ += alphabet[bits % alphabet.size()];
            bits /= alphabet.size();
        }
    }

    void write_members(ErrorRule rule) {
        begin(kId);
        text_ += '"';
        letters(24, "0123456789abcdef");
        text_ += '"';
        end(kId);
        write_name(rule);
        member(kUsage, key_.third_party ? R"("third_party")" : R"("api_trading")");
        write_app(rule);
        write_permissions(rule);
        write_networks();
        write_secrets(rule);
        begin(kCreatedAt);
        write_instant(key_.is_created, key_.created);
        end(kCreatedAt);
        begin(kLastUsedAt);
        write_instant(key_.is_used, key_.used);
        end(kLastUsedAt);
        write_verification(rule);
    }

    void write_name(ErrorRule rule) {
        if (rule == kNameRequired) {
            static constexpr std::string_view kBlank[] = {"", "null", R"("")", R"("   ")", R"("\u00a0\t")"};
            const std::string_view blank = kBlank[dice_.below(std::size(kBlank))];
            if (!blank.empty()) member(kName, blank);
            return;
        }
        begin(kName);
        text_ += '"';
        text_ += kPurposes[dice_.below(std::size(kPurposes))];
        text_ += ' ';
        text_ += std::to_string(dice_.below(100'000));
        text_ += ", desk ";
        text_ += std::to_string(dice_.below(400));
        if (share(shape_.escapes)) {
            for (std::size_t i = 0; i < 6; ++i) text_ += kEscapes[dice_.below(std::size(kEscapes))];
        }
        if (share(shape_.long_strings)) {
            text_ += ' ';
            letters(200 + dice_.below(1'800), "abcdefghijklmnopqrstuvwxyz  ");
        }
        text_ += '"';
        end(kName);
    }

    void write_app(ErrorRule rule) {
        if (rule == kThirdPartyNeedsApp) {
            static constexpr std::string_view kBlank[] = {"", "null", R"("")", R"(" ")"};
            const std::string_view blank = kBlank[dice_.below(std::size(kBlank))];
            if (!blank.empty()) member(kApp, blank);
        } else if (key_.third_party || rule == kAppWithoutLink) {
            begin(kApp);
            quoted(kApps[dice_.below(std::size(kApps))]);
            end(kApp);
        } else if (dice_.chance(5)) {
            member(kApp, "null");
        }
    }

    void write_permissions(ErrorRule rule) {
        if (rule == kPermissionsRequired && dice_.chance(50)) return;  // left out means none
        begin(kPermissions);
        text_ += '[';
        for (std::uint32_t p = 0; p < kPermissionCount; ++p) {
            if ((key_.permissions >> p & 1U) == 0) continue;
            if (text_.back() != '[') text_ += ',';
            quoted(kPermissionNames[p]);
        }
        text_ += ']';
        end(kPermissions);
    }

    void write_networks() {
        if (key_.networks == 0 && dice_.chance(30)) return;
        begin(kIpAllowlist);
        text_ += '[';
        const std::size_t open = key_.open ? dice_.below(key_.networks) : key_.networks;
        for (unsigned i = 0; i < key_.networks; ++i) {
            if (i > 0) text_ += ',';
            text_ += '"';
            if (i == open) {
                static constexpr std::string_view kOpen[] = {"0.0.0.0/0",  "0.0.0.0",   "::/0",
                                                             "64.0.0.0/4", "2000::/12", "::"};
                text_ += kOpen[dice_.below(std::size(kOpen))];
            } else {
                write_network(i);
            }
            text_ += '"';
        }
        text_ += ']';
        end(kIpAllowlist);
    }
    // Which of the list it is keeps the entries of one list apart.
    void write_network(unsigned place) {
        const auto number = [&](std::size_t below) { text_ += std::to_string(dice_.below(below)); };
        switch (dice_.below(12)) {
            case 0:  // masked, as KuCoin shows them
                text_ += std::to_string(11 + place);
                text_ += ".**.";
                number(256);
                return;
            case 1:
                text_ += "2001:db8:";
                letters(1, "123456789abcdef");
                letters(3, "0123456789abcdef");
                text_ += "::";
                text_ += std::to_string(1 + place);
                return;
            case 2:
                text_ += "2001:db8:";
                letters(1, "123456789abcdef");
                letters(2, "0123456789abcdef");
                text_ += std::to_string(place);
                text_ += "::/48";
                return;
            case 3:
            case 4:
                text_ += std::to_string(100 + place);
                text_ += '.';
                number(256);
                text_ += '.';
                number(256);
                text_ += ".0/24";
                return;
            default:
                text_ += std::to_string(110 + place);
                for (int i = 0; i < 3; ++i) {
                    text_ += '.';
                    number(256);
                }
        }
    }

    void write_secrets(ErrorRule rule) {
        if (rule == kPassphraseRequired) {
            static constexpr std::string_view kNone[] = {"", "null", R"("")", R"({"$secret":{"length":0}})"};
            const std::string_view none = kNone[dice_.below(std::size(kNone))];
            if (!none.empty()) member(kPassphrase, none);
        } else if (dice_.chance(85)) {
            member(kPassphrase, R"({"$secret":{}})");
        } else if (dice_.chance(80)) {
            begin(kPassphrase);
            text_ += R"({"$secret":{"length":)";
            text_ += std::to_string(7 + dice_.below(26));
            text_ += R"(,"has_space":false}})";
            end(kPassphrase);
        } else {
            begin(kPassphrase);
            text_ += '"';
            letters(7 + dice_.below(26), "abcdefghjkmnpqrstuvwxyz23456789-_!");
            text_ += '"';
            end(kPassphrase);
        }
        if (rule == kLostPassphrase) {
            member(kPassphraseKnown, "false");
        } else if (dice_.chance(60)) {
            member(kPassphraseKnown, dice_.chance(5) ? "null" : "true");
        }
        if (rule == kSecretDisclosed) {
            begin(kApiSecret);
            if (dice_.chance(20)) {
                text_ += R"({"$secret":{"is_masked":false}})";
            } else {
                text_ += '"';
                letters(36, "0123456789abcdef-");
                text_ += '"';
            }
            end(kApiSecret);
        } else if (dice_.chance(8)) {
            static constexpr std::string_view kHidden[] = {"null", R"("********")", R"("6c***1f")",
                                                           R"({"$secret":{"is_masked":true}})"};
            member(kApiSecret, kHidden[dice_.below(std::size(kHidden))]);
        }
    }

    void write_instant(bool given, std::int64_t at) {
        if (!given) {
            text_ += "null";
            return;
        }
        text_ += '"';
        append_instant(at, text_);
        text_ += '"';
    }

    void write_verification(ErrorRule rule) {
        std::uint32_t proofs = 0;
        if (rule == kVerificationIncomplete) {
            proofs = static_cast<std::uint32_t>(dice_.below(16));
            if ((proofs & 3U) == 3 && (proofs & 12U) != 0) proofs &= 13U;
        } else if (dice_.chance(12)) {
            static constexpr std::uint32_t kComplete[] = {7, 11, 15};
            proofs = kComplete[dice_.below(std::size(kComplete))];
        } else {
            return;
        }
        begin(kVerification);
        text_ += '[';
        for (std::size_t p = 0; p < std::size(kProofs); ++p) {
            if ((proofs >> p & 1U) == 0) continue;
            if (text_.back() != '[') text_ += ',';
            quoted(kProofs[p]);
        }
        text_ += ']';
        end(kVerification);
    }

    // --- what isn't known of it --------------------------------------------------------------------------------------
    // Forgets one or two members, none of `kept`. A secret that is set may also have facts that aren't told.
    void forget(std::uint32_t kept) {
        static constexpr Member kForgettable[] = {kName,       kUsage,           kApp,       kPermissions, kIpAllowlist,
                                                  kPassphrase, kPassphraseKnown, kApiSecret, kCreatedAt,   kLastUsedAt,
                                                  kLastUsedAt, kVerification};
        const std::size_t count = 1 + dice_.below(2);
        for (std::size_t done = 0; done < count;) {
            const Member member = kForgettable[dice_.below(std::size(kForgettable))];
            if ((kept & bit(member)) != 0) continue;
            ++done;
            if (member == kApiSecret && dice_.chance(30)) {
                this->member(kApiSecret, R"({"$secret":{}})");  // perhaps masked, perhaps not
                unknown_ &= ~bit(kApiSecret);
                continue;
            }
            begins_[member] = ends_[member] = 0;
            // Of these a missing member is as unknown as one that is listed.
            const bool silent = (member == kUsage || member == kCreatedAt || member == kLastUsedAt) && dice_.chance(50);
            if (!silent) unknown_ |= bit(member);
        }
    }

    // --- the record --------------------------------------------------------------------------------------------------
    void write() {
        std::array<std::uint8_t, kMembers + 1> order{};
        std::size_t count = 0;
        for (std::uint8_t m = 0; m < kMembers; ++m) {
            if (ends_[m] != begins_[m]) order[count++] = m;
        }
        if (unknown_ != 0) order[count++] = kMembers;
        if (shape_.shuffle) {
            for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[dice_.below(i)]);
        }
        out_ += '{';
        for (std::size_t i = 0; i < count; ++i) {
            if (i > 0) out_ += ',';
            if (order[i] == kMembers) {
                write_unknown();
            } else {
                out_.append(text_, begins_[order[i]], ends_[order[i]] - begins_[order[i]]);
            }
        }
        out_ += '}';
    }
    void write_unknown() {
        out_ += R"("$unknown":[)";
        for (std::uint32_t m = 0; m < kMembers; ++m) {
            if ((unknown_ >> m & 1U) == 0) continue;
            if (out_.back() != '[') out_ += ',';
            out_ += '"';
            out_ += kMemberNames[m];
            out_ += '"';
        }
        out_ += ']';
    }

    // The record with something wrong, by turns.
    void write_broken() {
        const auto replace = [&](Member which, std::string_view value) {
            member(which, value);
            unknown_ &= ~bit(which);
        };
        const std::size_t kind = dice_.below(kInvalidKinds);
        switch (kind) {
            case 0: replace(kPermissions, R"(["general","widthdrawal"])"); break;
            case 1: replace(kCreatedAt, R"("2025-02-29T00:00:00Z")"); break;
            case 2:
                begin(kLastUsedAt);
                write_instant(true, shape_.at + 1 + static_cast<std::int64_t>(dice_.below(100 * kDay)));
                end(kLastUsedAt);
                unknown_ &= ~bit(kLastUsedAt);
                break;
            case 3: replace(kPassphraseKnown, R"("yes")"); break;
            case 4: replace(kIpAllowlist, R"(["203.0.113.7/24"])"); break;
            case 5: replace(kUsage, "null"); break;
            case 6: replace(kPermissions, R"(["general","spot","general"])"); break;
            case 7: replace(kName, R"("half a \ud83d pair")"); break;
            default: break;
        }
        const std::size_t start = out_.size();
        write();
        switch (kind) {
            case 8: out_.resize(out_.size() - 1 - dice_.below((out_.size() - start) / 2)); break;  // half a line
            case 9: out_.insert(out_.size() - 1, R"(,"colour":"blue")"); break;
            case 10: out_.insert(out_.size() - 1, R"(,"id":"again")"); break;
            case 11: out_[out_.find(':', start)] = ';'; break;
            default: break;
        }
    }

    const InventoryShape& shape_;
    Dice dice_;
    std::string& out_;
    Key key_;
    std::string text_;  // the members, each from `begins_` to `ends_`; an empty range: left out
    std::array<std::size_t, kMembers> begins_{}, ends_{};
    std::uint32_t unknown_ = 0;  // members that `$unknown` lists
};

void append_digits(std::uint64_t number, std::size_t count, std::string& out) {
    std::array<char, 8> digits{};
    for (std::size_t i = count; i > 0; --i, number /= 10) digits[i - 1] = static_cast<char>('0' + number % 10);
    out.append(digits.data(), count);
}

}  // namespace

Planned append_record(const InventoryShape& shape, std::uint64_t index, std::string& out) {
    return Maker{shape, index, out}.make();
}

void append_instant(std::int64_t seconds, std::string& out) {
    // Days to a date, counting years from March.
    const std::uint64_t shifted = static_cast<std::uint64_t>(seconds / kDay) + 719'468;
    const std::uint64_t era = shifted / 146'097, of_era = shifted % 146'097;
    const std::uint64_t year_of_era = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
    const std::uint64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::uint64_t from_march = (5 * of_year + 2) / 153;
    const std::uint64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
    const auto second = static_cast<std::uint64_t>(seconds % kDay);
    append_digits(era * 400 + year_of_era + (month <= 2 ? 1 : 0), 4, out);
    out += '-';
    append_digits(month, 2, out);
    out += '-';
    append_digits(of_year - (153 * from_march + 2) / 5 + 1, 2, out);
    out += 'T';
    append_digits(second / 3'600, 2, out);
    out += ':';
    append_digits(second / 60 % 60, 2, out);
    out += ':';
    append_digits(second % 60, 2, out);
    out += 'Z';
}

}  // namespace keywright::bench
