// A key's members as they are read, one by one, by whatever reads JSON. Every function is false where the record can't
// be read: a member twice, a word that isn't known, a date that doesn't exist.
#pragma once

#include "values.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

namespace validators {

class Key {
public:
    Facts facts;
    When created, used;

    void clear() {
        constexpr Truth kNo = Truth::of(false);
        facts = {kNo, kNo, Truth::unknown(), kNo, kNo, kNo, kNo, kNo, kNo, kNo, {}, {}};
        created = used = {};
        seen_ = unknown_ = 0;
        networks_.clear();
    }

    // To be called first for each member, before what tells its value.
    [[nodiscard]] bool begin(Member member) {
        if (member == kMembers || (seen_ >> member & 1U) != 0) return false;
        seen_ |= 1U << member;
        return true;
    }
    [[nodiscard]] bool null(Member member) {
        if (member == kUsage || member == kPermissions || member == kIpAllowlist || member == kUnknownList)
            return false;
        if (member == kCreatedAt) created.state = When::kAbsent;
        if (member == kLastUsedAt) used.state = When::kAbsent;
        return true;
    }
    [[nodiscard]] bool boolean(Member member, bool value) {
        if (member != kPassphraseKnown) return false;
        facts.asked = Truth::of(true);
        facts.still_known = Truth::of(value);
        return true;
    }
    [[nodiscard]] bool text(Member member, std::string_view value) {
        switch (member) {
            case kId: return true;
            case kName: facts.named = Truth::of(!is_blank(value)); return true;
            case kUsage:
                facts.linked = Truth::of(value == "third_party");
                return value == "third_party" || value == "api_trading";
            case kApp: facts.has_app = Truth::of(!is_blank(value)); return true;
            case kPassphrase: facts.phrased = Truth::of(!value.empty()); return true;
            case kApiSecret: facts.disclosed = Truth::of(!is_masked(value)); return true;
            case kCreatedAt: return instant(created, value);
            case kLastUsedAt: return instant(used, value);
            case kPermissions:
            case kIpAllowlist:
            case kPassphraseKnown:
            case kVerification:
            case kUnknownList:
            case kMembers: break;
        }
        return false;
    }

    [[nodiscard]] bool list(Member member) {
        if (member == kVerification) facts.submitted = Truth::of(true);
        return member == kPermissions || member == kIpAllowlist || member == kVerification || member == kUnknownList;
    }
    [[nodiscard]] bool element(Member member, std::string_view value) {
        if (member == kPermissions) return add(facts.permissions, permission_of(value));
        if (member == kVerification) return add(facts.proofs, proof_of(value));
        if (member == kIpAllowlist) {
            const auto network = read_network(value);
            if (!network) return false;
            networks_.push_back(*network);
            facts.listed = Truth::of(true);
            if (is_open(*network)) facts.opened = Truth::of(true);
            return true;
        }
        const Member named = member_of(value);
        if (named == kMembers || named == kUnknownList || (unknown_ >> named & 1U) != 0) return false;
        unknown_ |= 1U << named;
        return true;
    }

    // What `{"$secret": {…}}` tells: its length, -1 where it doesn't; whether it is masked, -1 where it doesn't; how
    // many facts that take a character of their own hold, and whether any fact does.
    struct Secret {
        std::int64_t length = -1;
        int masked = -1;
        int room = 0;
        bool tells = false;
    };
    // Notes a fact that is a boolean.
    [[nodiscard]] static bool tell(Secret& secret, std::string_view name, bool holds) {
        secret.tells = secret.tells || holds;
        if (name == "is_masked") {
            secret.masked = holds ? 1 : 0;
            return true;
        }
        if (holds) ++secret.room;
        return name == "has_space" || name == "has_digit" || name == "has_upper" || name == "has_lower" ||
               name == "has_symbol";
    }
    [[nodiscard]] bool secret(Member member, const Secret& told) {
        if (told.length >= 0 && told.tells && told.length < std::max(told.room, 1)) return false;
        if (member == kPassphrase) {
            facts.phrased = Truth::of(told.length != 0);
        } else if (member == kApiSecret) {
            facts.disclosed = told.masked < 0 ? Truth::unknown() : Truth::of(told.masked == 0);
        } else {
            return false;
        }
        return true;
    }

    // To be called when all members are read.
    [[nodiscard]] bool finish(Instant now) {
        if ((seen_ & unknown_) != 0 || !networks_differ()) return false;
        if (created.state == When::kGiven && used.state == When::kGiven && created.at > used.at) return false;
        if ((used.state == When::kGiven && used.at > now) || (created.state == When::kGiven && created.at > now))
            return false;
        if (unknown_ != 0) forget();
        return true;
    }

private:
    static bool add(Members& set, std::uint8_t bit) {
        if (bit == 0 || (set.must & bit) != 0) return false;
        set.must = set.may = set.must | bit;
        return true;
    }
    static bool instant(When& when, std::string_view text) {
        const auto read = read_instant(text);
        if (!read) return false;
        when = {When::kGiven, *read};
        return true;
    }
    // Two masked entries may be two hosts.
    [[nodiscard]] bool networks_differ() {
        const auto order = [](const Network& a, const Network& b) {
            if (a.family != b.family) return a.family < b.family;
            if (a.prefix != b.prefix) return a.prefix < b.prefix;
            return a.address < b.address;
        };
        if (networks_.size() > 1) std::sort(networks_.begin(), networks_.end(), order);
        for (std::size_t i = 1; i < networks_.size(); ++i) {
            if (networks_[i].family != 0 && networks_[i] == networks_[i - 1]) return false;
        }
        return true;
    }
    void forget() {
        const auto listed = [&](Member member) { return (unknown_ >> member & 1U) != 0; };
        constexpr Truth kOpen = Truth::unknown();
        if (listed(kName)) facts.named = kOpen;
        if (listed(kApp)) facts.has_app = kOpen;
        if (listed(kPermissions)) facts.permissions = {0, 127};
        if (listed(kIpAllowlist)) facts.listed = facts.opened = kOpen;
        if (listed(kPassphrase)) facts.phrased = kOpen;
        if (listed(kPassphraseKnown)) facts.asked = facts.still_known = kOpen;
        if (listed(kApiSecret)) facts.disclosed = kOpen;
        if (listed(kVerification)) {
            facts.submitted = kOpen;
            facts.proofs = {0, 15};
        }
    }

    std::uint32_t seen_ = 0, unknown_ = 0;
    std::vector<Network> networks_;
};

inline void count(Key& key, bool readable, Instant now, Tally& tally) {
    if (!readable || !key.finish(now)) return tally.add_invalid();
    tally.add(judge(key.facts, [&] { return idle_since(last_activity(key.created, key.used, now), now); }));
}

}  // namespace validators
