#include "ir/waivers.h"

#include <algorithm>

namespace keywright::ir {

Module with_waivers(const Module& module, const std::vector<bool>& kept) {
    Module out = module;
    for (Rule& rule : out.rules) {
        std::erase_if(rule.exemptions, [&](const Exemption& exemption) {
            return exemption.waiver != Exemption::kNoWaiver && !kept[exemption.waiver];
        });
    }
    if (std::find(kept.begin(), kept.end(), true) == kept.end()) out.waivers.clear();
    return out;
}

}  // namespace keywright::ir
