// A record all of which is known, as fifteen bits. Records of the same bits come to the same, so they are counted first
// and judged at the end, each combination once.
#pragma once

#include "judgement.h"

#include <cstdint>

namespace validators {

enum Bit : std::uint32_t {
    kNamed = 1,
    kPhrased = 2,
    kLinked = 4,
    kHasApp = 8,
    kDisclosed = 16,
    kLost = 32,
    kUnverified = 64,
    kListed = 128,
    kOpened = 256,
    kSpotBit = 512,
    kTransferBit = 1'024,
    kWithdrawalBit = 2'048,
    kOtherPermission = 4'096,
    kDue = 8'192,
    kWarned = 16'384,
    kKeys = 32'768
};

inline Outcomes judge_key(std::uint32_t key) {
    const auto is = [&](std::uint32_t bit) { return Truth::of((key & bit) != 0); };
    Facts f;
    f.named = is(kNamed);
    f.phrased = is(kPhrased);
    f.linked = is(kLinked);
    f.has_app = is(kHasApp);
    f.disclosed = is(kDisclosed);
    f.asked = is(kLost);
    f.still_known = !is(kLost);
    f.submitted = is(kUnverified);
    f.listed = is(kListed);
    f.opened = is(kOpened);
    std::uint32_t permissions = (key & kSpotBit) != 0 ? kSpot : 0;
    if ((key & kTransferBit) != 0) permissions |= kTransfer;
    if ((key & kWithdrawalBit) != 0) permissions |= kWithdrawal;
    if ((key & kOtherPermission) != 0) permissions |= kGeneral;
    f.permissions = {static_cast<std::uint8_t>(permissions), static_cast<std::uint8_t>(permissions)};
    return judge(f, [&] { return Idle{is(kDue), is(kWarned)}; });
}

}  // namespace validators
