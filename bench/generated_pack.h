// A pack of any size, as people write them, the same for the same size.
#pragma once

#include "support/dice.h"

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>

namespace keywright::bench {

inline constexpr std::string_view kPermissions[] = {"read",     "trade",    "margin", "futures",
                                                    "transfer", "withdraw", "admin"};

// Rules as people write them, over 40 members: what a key may do, flags, limits, ages, addresses.
inline std::string generated_pack(std::size_t rules) {
    test::Dice dice{rules};
    std::string out =
        "edition 1\n"
        "pack generated { version \"1\" title \"generated\" }\n"
        "schema key {\n"
        "    usage: one of { trading, third_party, internal }\n"
        "    region: one of { eu, us, apac, latam, mena }\n"
        "    tier: one of { basic, plus, pro, institution }\n"
        "    permissions: set of { read, trade, margin, futures, transfer, withdraw, admin }\n"
        "    owner: text?\n"
        "    app: text?\n"
        "    addresses: set of network\n"
        "    blocked: set of network\n"
        "    created: instant\n"
        "    used: instant?\n"
        "    rotated: instant?\n"
        "    reviewed: instant?\n"
        "    expires: instant?\n";
    for (int i = 0; i < 15; ++i) out += "    flag" + std::to_string(i) + ": bool\n";
    for (int i = 0; i < 12; ++i) out += "    limit" + std::to_string(i) + ": int 0..1000000\n";
    out +=
        "    assume created <= used <= now\n"
        "}\n"
        "define linked = usage == third_party\n"
        "define moves_funds = permissions has any of {transfer, withdraw}\n"
        "define restricted = addresses is not empty and no n in addresses: n is open\n";
    const auto flag = [&] { return "flag" + std::to_string(dice.below(15)); };
    const auto limit = [&] { return "limit" + std::to_string(dice.below(12)); };
    const auto permission = [&] { return std::string{kPermissions[dice.below(std::size(kPermissions))]}; };
    const auto pick = [&](std::initializer_list<const char*> list) {
        return std::string{list.begin()[dice.below(list.size())]};
    };
    const auto thousands = [&](std::size_t most) { return std::to_string((1 + dice.below(most)) * 1000); };
    const auto days = [&] {
        return pick({"1 day", "7 days", "30 days", "60 days", "90 days", "180 days", "365 days"});
    };
    const auto site = [&] {
        return pick({"10.0.0.0/8", "192.168.0.0/16", "172.16.0.0/12", "203.0.113.0/24", "198.51.100.0/24",
                     "2001:db8::/32", "100.64.0.0/10", "192.0.2.0/24"});
    };
    const auto condition = [&]() -> std::string {
        switch (dice.below(8)) {
            case 0: return permission() + " in permissions";
            case 1: return "usage == " + pick({"trading", "third_party", "internal"});
            case 2: return "region == " + pick({"eu", "us", "apac", "latam", "mena"});
            case 3: return flag();
            case 4: return "moves_funds";
            case 5: return "not " + flag() + " and tier == " + pick({"basic", "plus", "pro", "institution"});
            case 6: return limit() + " > " + thousands(40);
            default: return "not linked";
        }
    };
    const auto requirement = [&]() -> std::string {
        switch (dice.below(9)) {
            case 0: return "restricted";
            case 1: return limit() + " <= " + thousands(60);
            case 2: return "(rotated else created) + " + days() + " > now";
            case 3: return "reviewed is present and reviewed + " + days() + " > now";
            case 4: return "no n in addresses: n overlaps " + site();
            case 5: return "every n in addresses: n within " + site() + " or prefix_length(n) >= 24";
            case 6: return flag() + " or " + flag();
            case 7: return "permissions has none of {" + permission() + "} or owner is present and owner is not blank";
            default:
                return "not (" + permission() + " in permissions) or expires is present and expires <= now + " + days();
        }
    };
    for (std::size_t i = 0; i < rules; ++i) {
        out += "rule rule_" + std::to_string(i) + " {\n    severity " + (dice.chance(60) ? "error" : "warning") +
               "\n    when " + condition() + " and (" + condition() + ")\n";
        if (dice.chance(50)) out += "    unless " + condition() + "\n";
        if (dice.chance(20)) out += "    unless linked and " + flag() + "\n";
        out += "    require " + requirement() + "\n    message \"rule " + std::to_string(i) + "\"\n}\n";
    }
    return out;
}

}  // namespace keywright::bench
