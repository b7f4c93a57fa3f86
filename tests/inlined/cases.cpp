#include "inlined/cases.h"

#include "differential/random_module.h"
#include "engine/state.h"
#include "support/compiling.h"

#include <utility>

namespace keywright::test {

namespace {

// Random modules have neither waivers nor warnings: some last exemptions become waivers, and severities vary.
ir::Module varied_module(std::uint64_t seed) {
    Dice dice{seed};
    ir::Module module = random_module(dice, {.small = false, .fields = 14, .rules = 7, .depth = 4});
    for (std::size_t r = 0; r < module.rules.size(); ++r) {
        ir::Rule& rule = module.rules[r];
        if (dice.chance(40)) rule.severity = dice.chance(50) ? Severity::kWarning : Severity::kInfo;
        if (rule.exemptions.empty() || !dice.chance(50)) continue;
        ir::Waiver waiver;
        waiver.name = "w" + std::to_string(module.waivers.size());
        waiver.rule = ir::RuleId{r};
        waiver.condition = rule.exemptions.back().condition;
        rule.exemptions.back().waiver = static_cast<std::uint32_t>(module.waivers.size());
        module.waivers.push_back(std::move(waiver));
    }
    return module;
}

}  // namespace

std::vector<InlinedCase> inlined_cases() {
    std::vector<InlinedCase> cases;
    // A pack with its tests, or one file.
    const auto add = [&](std::string name, const std::string& path, std::vector<std::string> tests) {
        CompileOptions options;
        const std::string root = KEYWRIGHT_SOURCE_DIR "/";
        options.root = root;
        for (const std::string& file : tests) options.also.push_back(root + file);
        const Compiled compiled = compile_path(root + path, options);
        InlinedCase one{std::move(name), false, false, nullptr};
        if (compiled.rules) {
            const auto rules = std::make_shared<Rules>(*compiled.rules);
            one.module = std::shared_ptr<const ir::Module>{rules, &rules->state().module};
        }
        cases.push_back(std::move(one));
    };
    for (const std::string pack : {"kucoin_tr", "kucoin_global", "desk_overlay"}) {
        add(pack, "rules/" + pack, rule_files("rules/" + pack + "/tests"));
    }
    for (const std::string file : {"tiny", "hostile"}) add(file, "tests/inlined/" + file + ".kw", {});
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        cases.push_back(
            {"random" + std::to_string(seed), true, seed % 2 == 0, std::make_shared<ir::Module>(varied_module(seed))});
    }
    return cases;
}

}  // namespace keywright::test
