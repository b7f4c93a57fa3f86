// Which terms a pack's rules need, and where each is computed.
//
// What only one rule needs stands inside that rule, which is passed over where its `when` is false; what several need,
// and every `when`, stands in front of them all. What reads a quantifier's variable stands in its loop.
#pragma once

#include "eval/terms.h"
#include "ir/ir.h"

#include <cstdint>
#include <vector>

namespace keywright::emit {

class RuleTerms {
public:
    explicit RuleTerms(const ir::Module& module);

    [[nodiscard]] const eval::code::Terms& terms() const { return terms_; }
    [[nodiscard]] const eval::code::Term& term(std::uint32_t number) const { return terms_.all()[number]; }
    [[nodiscard]] const std::vector<eval::code::RuleRoots>& roots() const { return roots_; }  // by rule
    // Terms that read no variable, ascending: those of one rule, and those in front.
    [[nodiscard]] const std::vector<std::uint32_t>& of_rule(std::size_t rule) const { return by_place_[rule]; }
    [[nodiscard]] const std::vector<std::uint32_t>& in_front() const { return by_place_.back(); }
    // Every term that is needed anywhere.
    [[nodiscard]] bool is_needed(std::uint32_t number) const { return places_[number] != kNowhere; }

private:
    static constexpr std::uint32_t kNowhere = 0xffffffff, kFront = 0xfffffffe;
    void want(std::uint32_t number, std::uint32_t place);

    eval::code::Terms terms_;
    std::vector<eval::code::RuleRoots> roots_;
    std::vector<std::uint32_t> places_;
    std::vector<std::vector<std::uint32_t>> by_place_;
};

}  // namespace keywright::emit
