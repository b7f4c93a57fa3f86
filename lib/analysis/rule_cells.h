// One finite abstraction for everything that is asked about the rules of a pack.
//
// Building a space costs more than most questions that are put to it. So what rules say, and what they would say with
// a part of a condition replaced, is lowered once into one space; a question is then a search for a formula over that,
// which costs what the rules in it cost. Answers are as exact as those of a space of the question's own.
//
// Given up: a space for all is larger than one for a few, and may be too large where those are not. Rules that are too
// much by themselves are left out; where the others are too much together there is no space at all.
#pragma once

#include "logic/search.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace keywright::analysis {

class RuleCells {
public:
    // `parts`: by rule, boolean expressions in its conditions of which it is asked whether they matter. `module`
    // outlives what is built.
    [[nodiscard]] static std::optional<RuleCells> build(const ir::Module& module,
                                                        const std::vector<std::vector<ir::NodeId>>& parts);

    // Whether anything can be asked about the rule; what follows is for rules of which that is so.
    [[nodiscard]] bool covers(ir::RuleId rule) const { return first_[rule.index()] != logic::kNone; }

    [[nodiscard]] logic::Ref applies(ir::RuleId rule) const { return root(rule, 0); }  // `when` holds
    [[nodiscard]] logic::Ref violated(ir::RuleId rule) const { return root(rule, 1); }
    [[nodiscard]] logic::Ref passes(ir::RuleId rule) const { return root(rule, 2); }
    [[nodiscard]] logic::Ref exempts(ir::RuleId rule, std::size_t exemption) const { return root(rule, 3 + exemption); }
    // The rule, with part number `part` of it replaced by `value`, is violated where it isn't as it stands, or the
    // other way round.
    [[nodiscard]] logic::Ref differs(ir::RuleId rule, std::size_t part, bool value) const {
        return root(rule, 3 + module_->rules[rule.index()].exemptions.size() + 2 * part + (value ? 1 : 0));
    }

    // Whether some configuration is as all of `formulas` say. The one that is shown is a random one of those that are
    // alike to the formulas, so that what many questions turn up is varied.
    [[nodiscard]] logic::Result ask(std::vector<logic::Ref> formulas, std::uint64_t steps,
                                    const std::function<bool(const logic::Witness&)>& confirms);

    // Cells outside which no configuration is as `formula` says; all of them may be outside.
    [[nodiscard]] logic::Region reach(logic::Ref formula);
    // Whether no cell is in both.
    [[nodiscard]] bool are_apart(const logic::Region& a, const logic::Region& b) const;

private:
    RuleCells(const ir::Module& module, logic::Space space) : module_(&module), space_(std::move(space)) {}

    [[nodiscard]] logic::Ref root(ir::RuleId rule, std::size_t which) const {
        return roots_[first_[rule.index()] + which];
    }
    [[nodiscard]] logic::Region some_cell(const logic::Region& part);
    [[nodiscard]] std::uint64_t dice();

    const ir::Module* module_;
    logic::Space space_;
    std::vector<logic::Ref> roots_;
    std::vector<std::uint32_t> first_;  // by rule: its first root, or kNone
    std::uint64_t dice_ = 0;
};

}  // namespace keywright::analysis
