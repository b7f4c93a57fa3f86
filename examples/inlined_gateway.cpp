// Decides keys in a hot path: the rules are inlined into this program when it is built, so there is no rule file to
// read, nothing to allocate, and nothing of Keywright to link.
//
//     keywright_inline_rules(inlined_gateway PACK rules/kucoin_tr)
#include "kucoin_tr.h"

#include <array>
#include <cstdio>
#include <string_view>

namespace inlined = keywright::inlined;

namespace {

std::string_view words(inlined::Outcome outcome) {
    switch (outcome) {
        case inlined::Outcome::kNotApplicable: return "not applicable";
        case inlined::Outcome::kExempt: return "exempt";
        case inlined::Outcome::kPass: return "pass";
        case inlined::Outcome::kViolated: return "violated";
        case inlined::Outcome::kUndetermined: return "undetermined";
    }
    return {};
}

}  // namespace

int main() {
    // Members that aren't mentioned mean what the schema says of them; those it says nothing of stay unknown.
    kucoin_tr::Record key = kucoin_tr::nothing_given();
    key.name = "grid-bot";
    key.usage = kucoin_tr::Usage::api_trading;
    key.permissions = {kucoin_tr::Permissions::general, kucoin_tr::Permissions::spot, kucoin_tr::Permissions::transfer};
    key.passphrase = inlined::Secret::of("correct horse");
    key.created_at = inlined::Instant{1'767'225'600, 0};                                  // 2026-01-01T00:00:00Z
    std::array<inlined::Network, 2> allowlist = {inlined::Network::ipv4(0xcb007105),      // 203.0.113.5
                                                 inlined::Network::ipv4(0x00000000, 0)};  // 0.0.0.0/0
    key.ip_allowlist = inlined::Set<inlined::Network>::of(allowlist);

    const inlined::Instant now{1'767'312'000, 0};  // 2026-01-02T00:00:00Z
    const kucoin_tr::Decision decision = kucoin_tr::decide(key, now);
    for (std::size_t rule = 0; rule < kucoin_tr::kRules.size(); ++rule) {
        const inlined::Outcome outcome = decision.outcomes[rule];
        if (outcome != inlined::Outcome::kViolated && outcome != inlined::Outcome::kUndetermined) continue;
        const inlined::RuleInfo& info = kucoin_tr::kRules[rule];
        std::printf("%s: %s\n", info.name.data(), words(outcome).data());
        for (const inlined::Citation& cited : info.cites) {
            std::printf("    %s %s: %s\n", cited.document.data(), cited.clause.data(), cited.text.data());
        }
    }
    const inlined::Bounds& expires = decision.expiration.at;
    if (!decision.expiration.none && expires.has_earliest()) {
        std::printf("the key ends %lld s after 1970 at the earliest\n",
                    static_cast<long long>(inlined::to_instant(expires.earliest).seconds));
    }
    return decision.verdict == inlined::Verdict::kCompliant ? 0 : 1;
}
