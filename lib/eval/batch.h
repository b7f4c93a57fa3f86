// The batch evaluator: a module's rules decided for up to value::kBlockRows records at once, column by column.
//
// Truths are two bit planes, "may be true" and "may be false", so that a conjunction takes a few machine operations for
// 64 records; numbers and times are intervals in arrays. What doesn't fit columns (loops over sets, text, network
// arithmetic) is computed row by row from `Columns::records` by the scalar evaluator's instructions, and its answers go
// into planes like all others. Outcomes are those of the reference evaluator, unknowns included.
#pragma once

#include "eval/decision.h"
#include "value/columns.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace keywright::eval {

using PlaneWords = std::array<std::uint64_t, value::kBlockWords>;

// What was decided of one rule; bits beyond the last row are 0.
struct RuleOutcomes {
    PlaneWords violated{}, undetermined{}, exempt{}, pass{};  // none of them: not applicable
    // Strictly as RuleDecision::applies: may be true, may be false.
    PlaneWords may_apply{}, may_not_apply{};
    // Of a rule that warns: as RuleDecision::warning. Both planes are 0 where the answer is kFalse.
    PlaneWords warns{}, perhaps_warns{};
};

// The outcomes of a block. Reusable: buffers keep their size from block to block.
class BlockDecision {
public:
    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] const RuleOutcomes& rule(std::size_t number) const { return rules_[number]; }
    // Of a rule with exemptions: in which rows each of them is the one that exempts (RuleDecision::exempt_by).
    [[nodiscard]] std::span<const PlaneWords> exempt_by(std::size_t rule) const {
        return {exempt_by_.data() + first_exemption_[rule], first_exemption_[rule + 1] - first_exemption_[rule]};
    }
    // Of a rule that expires, by row: bounds of its deadline, meaningful where the rule may apply.
    [[nodiscard]] InstantBounds deadline(std::size_t rule, std::size_t row) const;

    // An error rule is violated; one is undetermined (whether or not another is violated).
    [[nodiscard]] const PlaneWords& violation() const { return violation_; }
    [[nodiscard]] const PlaneWords& undetermined() const { return undetermined_; }
    // Some rule of any severity is undetermined, the warning of an `expire … warn` included.
    [[nodiscard]] const PlaneWords& open() const { return open_; }
    // Some rule that expires may apply: where the bit is 0 the expiration is `none`.
    [[nodiscard]] const PlaneWords& may_expire() const { return may_expire_; }

    // One row as the scalar evaluator gives it. Linear in the rules.
    void row(std::size_t row, std::span<RuleDecision> out) const;
    [[nodiscard]] Expiration expiration(std::size_t row) const;

    // Where the batch evaluator writes.
    struct Store;

private:
    friend struct Store;
    // The deadlines of one rule in the numbers of the block: 64 bits in units of `unit` nanoseconds, or 128 bits.
    struct Deadlines {
        std::uint32_t rule = 0;
        bool wide = false;
        bool point = false;     // both bounds are the lower ones
        std::int64_t unit = 1;  // what is at an end of 64 bits is unbounded
        std::vector<std::int64_t> low, high;
        std::vector<Nanos> wide_low, wide_high;
    };
    static constexpr std::uint32_t kNone = 0xffffffff;

    std::size_t rows_ = 0;
    std::uint64_t plan_ = 0;  // for which it has its size, and zeros where the plan writes nothing
    std::vector<RuleOutcomes> rules_;
    PlaneWords violation_{}, undetermined_{}, open_{}, may_expire_{};
    std::vector<PlaneWords> exempt_by_;
    std::vector<std::uint32_t> first_exemption_;  // by rule, in exempt_by_; one more than rules
    std::vector<std::uint32_t> deadline_of_;      // by rule, its place in deadlines_; kNone of others
    std::vector<Deadlines> deadlines_;
};

class Batch {
public:
    // Compiles every rule of `module`, which must outlive it. Linear in the module's nodes.
    explicit Batch(const ir::Module& module);
    ~Batch();
    Batch(Batch&&) noexcept;
    Batch& operator=(Batch&&) noexcept;

    // What has to be in the columns, by field.
    [[nodiscard]] std::span<const value::Aspects> needs() const;
    // Whether the field is looked at at all. Some are asked for nothing but their state.
    [[nodiscard]] bool reads(std::size_t field) const;

    // Buffers of one evaluation; reusable, one for each thread.
    class Scratch {
    public:
        Scratch();
        ~Scratch();
        Scratch(Scratch&&) noexcept;
        Scratch& operator=(Scratch&&) noexcept;

        struct Buffers;

    private:
        friend class Batch;
        std::unique_ptr<Buffers> buffers_;
    };
    // `level`: how much of its vector instructions the processor is to use, below `levels()`.
    [[nodiscard]] Scratch make_scratch(std::size_t level = levels() - 1) const;
    [[nodiscard]] static std::size_t levels();

    // Decides the rows of `columns` at `now`. Const and thread-safe with one scratch and one `out` a thread. After the
    // first blocks nothing is allocated.
    void decide(const value::Columns& columns, Instant now, Scratch& scratch, BlockDecision& out) const;

    // One line an operation, for tests and people.
    [[nodiscard]] std::string dump() const;

    struct Plan;

private:
    std::unique_ptr<const Plan> plan_;
};

}  // namespace keywright::eval
