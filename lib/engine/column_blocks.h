// Blocks of columns that came from elsewhere: checked, and seen as the batch evaluator sees them.
#pragma once

#include "eval/batch.h"
#include "ir/ir.h"
#include "keywright/columns.h"
#include "value/columns.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keywright::engine {

// What is asked of one field, in aspects of the library's inside and of its public face.
struct FieldNeed {
    bool read = false;
    value::Aspects aspects;
    std::vector<ColumnAspect> asked;
};
[[nodiscard]] std::vector<FieldNeed> field_needs(const ir::Module& module, const eval::Batch& batch);

// Goes through the columns of one call, block by block.
class ColumnBlocks {
public:
    ColumnBlocks(const ir::Module& module, std::span<const FieldNeed> needs) : module_(module), needs_(needs) {}

    // Takes up the columns of `rows` records; what is there is all as long as it has to be.
    [[nodiscard]] std::optional<ColumnProblem> open(std::size_t rows, std::span<const Column> columns);
    // The block of rows from `first` on, at most value::kBlockRows; views live until the next call. `invalid`: rows
    // that break an assumption at `now`.
    [[nodiscard]] std::optional<ColumnProblem> block(std::size_t first, Instant now, value::Columns& columns,
                                                     eval::PlaneWords& invalid);

private:
    // What is made of a column for one block.
    struct Made {
        eval::PlaneWords given{}, unknown{}, blank{}, empty{}, open{};
        std::vector<std::uint32_t> length_min, length_max;
        std::vector<std::uint8_t> known_facts, facts;
    };
    [[nodiscard]] std::optional<ColumnProblem> lengths_of(std::uint32_t field, const Column& column) const;
    [[nodiscard]] std::optional<ColumnProblem> states(std::uint32_t field);
    [[nodiscard]] std::optional<ColumnProblem> payload(std::uint32_t field);
    [[nodiscard]] bool may_be_outside(std::uint32_t field) const;
    [[nodiscard]] std::optional<ColumnProblem> values(std::uint32_t field) const;
    [[nodiscard]] std::optional<ColumnProblem> texts(std::uint32_t field);
    [[nodiscard]] std::optional<ColumnProblem> whole(std::uint32_t field);
    void find_broken(Instant now, eval::PlaneWords& invalid) const;

    [[nodiscard]] const ir::Field& field(std::uint32_t number) const { return module_.schema.fields[number]; }
    [[nodiscard]] ColumnProblem problem(std::uint32_t number, std::string message) const;
    [[nodiscard]] ColumnProblem problem(std::uint32_t number, std::size_t row, std::string message) const;
    [[nodiscard]] bool is(const eval::PlaneWords& plane, std::size_t row) const {
        return (plane[row / 64] >> (row % 64) & 1U) != 0;
    }

    const ir::Module& module_;
    std::span<const FieldNeed> needs_;
    std::vector<const Column*> columns_;  // by field; nullptr: none
    std::vector<Made> made_;
    std::vector<value::ColumnView> views_;
    std::vector<value::Record> records_;
    std::size_t rows_ = 0;  // of all
    std::size_t first_ = 0, in_block_ = 0;
};

}  // namespace keywright::engine
