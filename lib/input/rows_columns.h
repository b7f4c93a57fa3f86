// The buffers behind the columns of one reader of rows.
#pragma once

#include "input/rows_plan.h"
#include "value/columns.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace keywright::input {

// Where the values of one field go; null what nobody asks for.
struct alignas(128) Column {
    std::uint64_t *given = nullptr, *unknown = nullptr;
    std::uint64_t *truth = nullptr, *blank = nullptr, *empty = nullptr, *open = nullptr;
    std::uint8_t* choice = nullptr;
    std::uint64_t* members = nullptr;
    std::int64_t* number = nullptr;
    std::uint32_t* nanosecond = nullptr;
    std::uint32_t *length_min = nullptr, *length_max = nullptr;
    std::uint8_t *known_facts = nullptr, *facts = nullptr;
    bool fractional = false;  // some row has a part of a second
    bool whole = false;
};

class ColumnStore {
public:
    explicit ColumnStore(const RowPlan::Plan& plan);

    // How many rows fit: kBlockRows, but fewer where so many fields would take more than a few megabytes.
    [[nodiscard]] std::size_t capacity() const { return capacity_; }

    void begin();  // forgets all rows
    // Makes room for row `row`, of which nothing is known yet. Rows come one after the other; one that was given up may
    // come again.
    void open(std::size_t row);
    // Every bit of a row that is given up is taken back.
    void give_up(std::size_t row);
    // The record of a row took much: its buffers aren't kept.
    void release_later(std::size_t row) { large_.push_back(row); }

    [[nodiscard]] Column& column(std::size_t field) { return columns_[field]; }
    [[nodiscard]] value::Record& record(std::size_t row) { return records_[row]; }
    [[nodiscard]] value::Columns view(std::size_t rows);

private:
    const RowPlan::Plan& plan_;
    std::size_t capacity_ = value::kBlockRows;
    std::vector<Column> columns_;
    std::vector<std::uint64_t> planes_;
    std::vector<std::uint64_t> words_;
    std::vector<std::int64_t> numbers_;
    std::vector<std::uint32_t> halves_;
    std::vector<std::uint8_t> bytes_;
    std::vector<value::Record> records_;
    std::vector<std::size_t> large_;
    std::vector<value::ColumnView> views_;
    std::vector<std::size_t> timed_;  // fields with parts of a second
    std::size_t cleared_words_ = 0;   // of every plane
};

}  // namespace keywright::input
