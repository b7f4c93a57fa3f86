// What one evaluation of a block works with.
#pragma once

#include "eval/batch_plan.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace keywright::eval {

// What a decision consists of, for those who fill it in.
struct BlockDecision::Store {
    explicit Store(BlockDecision& decision)
        : rules(decision.rules_.data()),
          exempt_by(decision.exempt_by_.data()),
          deadlines(decision.deadlines_.data()),
          violation(decision.violation_),
          undetermined(decision.undetermined_),
          open(decision.open_),
          may_expire(decision.may_expire_) {}

    // Makes `decision` as large as `plan` needs it.
    static void prepare(BlockDecision& decision, const Batch::Plan& plan, std::size_t rows);

    RuleOutcomes* rules;
    PlaneWords* exempt_by;
    Deadlines* deadlines;
    PlaneWords &violation, &undetermined, &open, &may_expire;
};

namespace batch {

// How numbers are kept in a block: 64 bits where all fit, else 128. What is not bounded stands at the ends.
template <class N>
struct Ends;
template <>
struct Ends<std::int64_t> {
    static constexpr std::int64_t kLow = -std::numeric_limits<std::int64_t>::max();
    static constexpr std::int64_t kHigh = std::numeric_limits<std::int64_t>::max();
    static constexpr std::uint64_t kLargest = static_cast<std::uint64_t>(kHigh) - 1;  // magnitude of what is bounded
};
template <>
struct Ends<Nanos> {
    static constexpr Nanos kLow = kMinusInfinity, kHigh = kPlusInfinity;
};

enum class Form : std::uint8_t {
    kUniform,  // the same point in every row: `value`
    kPoint,    // one number a row
    kRange,    // two
};

template <class N>
struct Number {
    Form form = Form::kUniform;
    bool there = true;       // surely present in every row; else the planes say where
    std::uint64_t size = 0;  // of 64 bits: no bounded number is larger, in any row
    N value = 0;
    const N* low = nullptr;   // by row; of an array of this block, or the column itself
    const N* high = nullptr;  // the same as `low` but of kRange
    PlaneWords may_be_absent{}, may_be_present{};
};

template <class N>
struct Numbers {
    std::vector<Number<N>> all;
    std::vector<N> arrays;  // by buffer, two of kRows each; one buffer more than operations have
};

struct FieldState {
    const std::uint64_t* given = nullptr;  // kWords words
    const std::uint64_t* unknown = nullptr;
    bool everywhere = false;                  // given in every row there is
    PlaneWords given_copy{}, unknown_copy{};  // where the column has less
};

// Numbers that a slice yields.
struct SliceRow {
    std::vector<Nanos> low, high;
    PlaneWords may_be_absent{}, may_be_present{};
};

// One block being decided.
struct Block {
    const Batch::Plan& plan;
    const value::Columns& columns;
    Nanos now;
    Instant instant;
    std::size_t rows, words;
    PlaneWords valid;  // the rows there are
};

// The state of a field in a row, as the records around it have it.
[[nodiscard]] value::State state_of(const Block& block, const std::vector<FieldState>& fields, std::uint32_t field,
                                    std::size_t row);
// What an unknown number may be, by its type and the assumptions of the schema.
[[nodiscard]] code::Range unknown_number(const Block& block, const std::vector<FieldState>& fields, std::uint32_t field,
                                         std::size_t row);

}  // namespace batch

struct Batch::Scratch::Buffers {
    std::size_t level = 0;
    std::vector<batch::Truths> truths;
    std::vector<PlaneWords> planes;
    std::vector<batch::FieldState> fields;
    batch::Numbers<std::int64_t> narrow;
    batch::Numbers<Nanos> wide;  // empty until a block needs it
    // Of slices.
    value::Record nothing;  // for a slice that looks at no field
    std::vector<Truth> registers;
    std::vector<code::Cell> cells;
    std::vector<code::LoopState> loops;
    std::vector<Truth> answers;  // by truth of the slice, 64 rows each
    std::vector<std::uint64_t> guards;
    std::vector<batch::SliceRow> numbers;
    bool sliced[2] = {false, false};
};

namespace batch {

// Computes a part of the slice for every row that needs it: `which` as in Step::kSlice.
void run_slice(const Block& block, std::uint32_t which, Batch::Scratch::Buffers& buffers);

// Decides a block in numbers of one kind; false where they don't fit. `unit`: nanoseconds of one unit of time.
struct Kernels {
    bool (*narrow)(const Block& block, std::int64_t unit, Batch::Scratch::Buffers& buffers, BlockDecision::Store& out);
    bool (*wide)(const Block& block, std::int64_t unit, Batch::Scratch::Buffers& buffers, BlockDecision::Store& out);
};
// Those that this processor runs, the fastest one last.
[[nodiscard]] std::span<const Kernels* const> kernels();

}  // namespace batch
}  // namespace keywright::eval
