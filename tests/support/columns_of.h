// Columns made of records: what a fast reader does, done the slow and obvious way.
#pragma once

#include "ir/ir.h"
#include "value/columns.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace keywright::test {

// The columns of up to value::kBlockRows records, with the aspects that `needs` names and nothing else. What means
// nothing (rows beyond the last, payloads where a field isn't given) is filled with rubbish, or with 0.
class ColumnsOf {
public:
    ColumnsOf(const ir::Module& module, std::span<const value::Aspects> needs, std::span<const value::Record> records,
              bool rubbish = true);

    [[nodiscard]] const value::Columns& columns() const { return columns_; }

private:
    struct Store {
        std::vector<std::uint64_t> given, unknown, truth, members, blank, empty, open;
        std::vector<std::uint8_t> choice, known_facts, facts;
        std::vector<std::int64_t> number;
        std::vector<std::uint32_t> nanosecond, length_min, length_max;
    };
    std::vector<Store> stores_;
    std::vector<value::ColumnView> views_;
    value::Columns columns_;
};

}  // namespace keywright::test
