// What `decide` says of constants and fields: expressions, and in front of it the arrays and functions that they name.
#pragma once

#include "emit/names.h"
#include "eval/code.h"
#include "ir/ir.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace keywright::emit {

[[nodiscard]] std::string spelled(eval::Truth truth);
// The C++ type of a cell of this sort.
[[nodiscard]] std::string cell_type(eval::code::Sort sort);
// A cell of everything that is possible of a value of this kind.
[[nodiscard]] std::string everything(const eval::code::Cell& cell);

class Values {
public:
    Values(const ir::Module& module, const Names& names, const std::vector<eval::code::Cell>& constants);

    [[nodiscard]] const eval::code::FieldInfo& field(std::size_t field) const { return image_.fields[field]; }
    // `record.limits_daily`
    [[nodiscard]] std::string member(std::size_t field) const { return "record." + names_.members[field]; }
    // The cell of a constant, by its number among the terms' constants.
    [[nodiscard]] std::string constant(std::uint64_t number);
    // The cell of a field: a call of a function that looks at the schema's assumptions, too.
    [[nodiscard]] std::string load(std::uint32_t field);

    // Everything that stands in namespace `inside` for the expressions that were asked for so far.
    [[nodiscard]] const std::string& constants_text() const { return constants_text_; }
    [[nodiscard]] const std::string& functions_text() const { return functions_text_; }

private:
    template <class List, class Spell>
    std::string array(std::string_view element, const List& list, Spell spell);
    // Of a field in a nested record there is a function that looks at the records around it.
    [[nodiscard]] std::string state(std::size_t field) const;
    // Whether an unknown field may turn out to be absent.
    [[nodiscard]] std::string may_be_absent(std::size_t field) const;
    [[nodiscard]] std::string number(std::size_t field) const;
    [[nodiscard]] std::string bound(const eval::code::Bound& bound) const;

    const ir::Module& module_;
    const Names& names_;
    const std::vector<eval::code::Cell>& constants_;
    eval::code::Image image_;
    std::string constants_text_, functions_text_;
    std::map<std::uint64_t, std::string> sets_;  // names of constant sets, by number
    std::unordered_set<std::uint32_t> loaded_;   // fields that have a function
    std::size_t arrays_ = 0;
};

}  // namespace keywright::emit
