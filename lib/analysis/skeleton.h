// A decision (a `when`, an `unless`, a requirement) as its atomic conditions and the connectives above them.
//
// A condition is a boolean expression below `and`, `or`, `not`, `implies`, and `==` and `!=` of truths: a comparison, a
// question about a set, a field, a quantifier, a `match`; a question that is negated in its own words (`is not empty`)
// is one condition. Defines are looked through. One expression that is used in several places (a define) is one
// condition; two that are spelt alike are two.
#pragma once

#include "eval/decision.h"
#include "ir/ir.h"

#include <cstdint>
#include <span>
#include <vector>

namespace keywright::analysis {

class Skeleton {
public:
    Skeleton() = default;  // of nothing: no conditions
    // Linear in the connectives below `root`.
    Skeleton(const ir::Module& module, ir::NodeId root);

    struct Part {
        enum class Kind : std::uint8_t { kConstant, kCondition, kNot, kAll, kAny, kEqual } kind = Kind::kConstant;
        bool value = false;           // of kConstant
        std::uint32_t condition = 0;  // of kCondition
        std::vector<std::uint32_t> operands;
    };
    // Operands before what connects them; the last is the decision.
    [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
    // In the order in which they are written.
    [[nodiscard]] const std::vector<ir::NodeId>& conditions() const { return conditions_; }

    // Whether the decision can turn true where the condition does (`positive`), or false where it turns true.
    struct Polarity {
        bool positive = false, negative = false;
    };
    [[nodiscard]] Polarity polarity(std::size_t condition) const { return polarity_[condition]; }

    // The decision where condition i is `values[i]`.
    [[nodiscard]] eval::Truth evaluate(std::span<const eval::Truth> values) const;

    // Whether the decision is `wanted` for some truth of the conditions in `open`. False where there are more than
    // kMostOpen of them.
    [[nodiscard]] bool can_be(bool wanted, std::vector<eval::Truth> values, std::span<const std::size_t> open) const;
    static constexpr std::size_t kMostOpen = 12;

private:
    void find_polarity();

    std::vector<Part> parts_;
    std::vector<ir::NodeId> conditions_;
    std::vector<Polarity> polarity_;
};

}  // namespace keywright::analysis
