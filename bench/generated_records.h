// Records of the packs that generated_pack.h makes, of any number, the same for the same seed.
#pragma once

#include "generated_pack.h"
#include "inventory.h"
#include "support/dice.h"

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace keywright::bench {

// Appends record number `index`, without a line feed, to be judged at `at` (seconds since 1970).
inline void append_generated_record(std::uint64_t seed, std::uint64_t index, std::int64_t at, std::string& out) {
    test::Dice dice{seed * 0x9e3779b97f4a7c15U + index * 0xd1342543de82ef95U};
    const auto text = [&](std::string_view name, std::string_view value) {
        if (out.back() != '{') out += ',';
        out += '"';
        out += name;
        out += "\":\"";
        out += value;
        out += '"';
    };
    const auto bare = [&](const std::string& name, std::string_view value) {
        out += ",\"";
        out += name;
        out += "\":";
        out += value;
    };
    const auto instant = [&](std::string_view name, std::int64_t seconds) {
        text(name, {});
        out.pop_back();
        append_instant(seconds, out);
        out += '"';
    };
    const auto one = [&](auto& names) { return std::string_view{names[dice.below(std::size(names))]}; };
    static constexpr std::string_view kUsages[] = {"trading", "third_party", "internal"};
    static constexpr std::string_view kRegions[] = {"eu", "us", "apac", "latam", "mena"};
    static constexpr std::string_view kTiers[] = {"basic", "plus", "pro", "institution"};
    out += '{';
    text("usage", one(kUsages));
    text("region", one(kRegions));
    text("tier", one(kTiers));
    out += ",\"permissions\":[";
    for (const std::string_view permission : kPermissions) {
        if (!dice.chance(35)) continue;
        if (out.back() != '[') out += ',';
        out += '"';
        out += permission;
        out += '"';
    }
    out += ']';
    if (dice.chance(80)) text("owner", "desk " + std::to_string(dice.below(100)));
    if (dice.chance(30)) text("app", "app");
    for (const std::string_view list : {std::string_view{"addresses"}, std::string_view{"blocked"}}) {
        bare(std::string{list}, "[");
        for (std::size_t i = dice.below(3); i > 0; --i) {
            if (out.back() != '[') out += ',';
            out += '"' + std::to_string(10 + i) + ".0." + std::to_string(dice.below(256)) + ".0/24\"";
        }
        out += ']';
    }
    constexpr std::int64_t kDay = 86'400;
    const auto ago = [&](std::size_t days) { return at - static_cast<std::int64_t>(dice.below(days * kDay)); };
    const std::int64_t used = ago(100);
    instant("created", used - static_cast<std::int64_t>(dice.below(500 * kDay)));
    instant("used", used);
    for (const std::string_view name : {std::string_view{"rotated"}, std::string_view{"reviewed"}}) {
        if (dice.chance(70))
            instant(name, ago(400));
        else
            bare(std::string{name}, "null");
    }
    if (dice.chance(50))
        instant("expires", at + static_cast<std::int64_t>(dice.below(400 * kDay)));
    else
        bare("expires", "null");
    for (int i = 0; i < 15; ++i) bare("flag" + std::to_string(i), dice.chance(50) ? "true" : "false");
    for (int i = 0; i < 12; ++i) bare("limit" + std::to_string(i), std::to_string(dice.below(60'000)));
    out += '}';
}

}  // namespace keywright::bench
