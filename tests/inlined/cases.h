// The modules of which headers are made, compiled and compared: the packs that come with Keywright, two rule files of
// this folder, and random modules. The maker of the headers and the test that compares them see the same ones.
#pragma once

#include "ir/ir.h"

#include <memory>
#include <string>
#include <vector>

namespace keywright::test {

struct InlinedCase {
    std::string name;  // of the namespace: `kucoin_tr`
    bool random = false;
    bool in_parts = false;  // `decide` is taken apart, as that of a large pack is
    std::shared_ptr<const ir::Module> module;
};

// Always the same ones, in the same order. A rule file that doesn't compile leaves a case without a module.
[[nodiscard]] std::vector<InlinedCase> inlined_cases();

}  // namespace keywright::test
