#include "emit/terms_of_rules.h"

#include <algorithm>
#include <utility>

namespace keywright::emit {

using eval::code::kFirstTruth;

RuleTerms::RuleTerms(const ir::Module& module) : terms_(module), roots_(terms_.roots_of_rules()) {
    places_.assign(terms_.all().size(), kNowhere);
    for (std::size_t r = 0; r < roots_.size(); ++r) {
        const auto here = static_cast<std::uint32_t>(r);
        want(roots_[r].when >> 1U, kFront);
        for (const eval::code::Literal exemption : roots_[r].exemptions) want(exemption >> 1U, here);
        if (module.rules[r].expiry) {
            want(roots_[r].since, here);
            want(roots_[r].after, here);
            if (module.rules[r].expiry->warn_before.valid()) want(roots_[r].warn_before, here);
        } else {
            want(roots_[r].satisfied >> 1U, here);
        }
    }
    by_place_.resize(roots_.size() + 1);
    // Operands have lower numbers, so whoever reads a term has been placed before it is.
    for (auto number = static_cast<std::uint32_t>(terms_.all().size()); number-- > kFirstTruth;) {
        if (places_[number] == kNowhere) continue;
        const eval::code::Term& one = term(number);
        eval::code::for_each_operand(one, [&](std::uint32_t operand, bool) { want(operand, places_[number]); });
        if (!one.free.empty()) continue;
        by_place_[places_[number] == kFront ? roots_.size() : places_[number]].push_back(number);
    }
    for (std::vector<std::uint32_t>& place : by_place_) std::reverse(place.begin(), place.end());
}

void RuleTerms::want(std::uint32_t number, std::uint32_t place) {
    std::uint32_t& at = places_[number];
    at = at == kNowhere || at == place ? place : kFront;
}

}  // namespace keywright::emit
