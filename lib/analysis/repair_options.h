// What may be done to a record, in the terms of the finite abstraction: for every dimension the options that there are,
// what each costs at least, and the cells that it may lead to. `plan` turns a choice of one option for each dimension
// into edits; the words for them are in repair_plans.cpp.
//
// The first option of a dimension is to leave it alone. What isn't wholly known stays so, then, and may be in several
// cells. Giving it a value is an option even where the cell stays the same: the evaluator, which has the last word, may
// not see that it makes no difference.
#pragma once

#include "analysis/repair.h"
#include "logic/space.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace keywright::analysis {

// Bits of a region, or of a choice of options.
[[nodiscard]] inline bool has(const logic::Region& bits, std::uint32_t first_word, std::uint32_t i) {
    return (bits[first_word + i / 64] >> (i % 64) & 1U) != 0;
}
inline void put(logic::Region& bits, std::uint32_t first_word, std::uint32_t i) {
    bits[first_word + i / 64] |= std::uint64_t{1} << (i % 64);
}
inline void drop(logic::Region& bits, std::uint32_t first_word, std::uint32_t i) {
    bits[first_word + i / 64] &= ~(std::uint64_t{1} << (i % 64));
}

// One thing that may be done to a dimension.
struct EditOption {
    enum class Kind : std::uint8_t {
        kKept,     // it is left alone
        kClass,    // it goes to class `index`
        kNumbers,  // `index` says which numbers of the group change, and what they have to be
        kWild,     // it changes in a way that can't be weighed
    } kind = Kind::kKept;
    std::uint64_t cost = 0;  // at least
    std::uint32_t index = 0;
    std::vector<std::uint64_t> cells;  // of the dimension: where it may end up
};

// Some numbers of a group that change together.
struct NumberEdit {
    std::vector<std::uint32_t> moved;  // positions in the dimension's variables
    std::vector<std::size_t> number;   // of each its number in `known`; 0: it is left out
    logic::Differences known{1};       // what they have to be
};

// The options of a dimension; a choice of some of them is a bit each in a Region of its own.
struct EditOptions {
    static constexpr std::uint32_t kKept = 0;
    std::uint32_t first_word = 0, words = 0;
    std::vector<EditOption> options;
    std::vector<NumberEdit> numbers;
};

class Situation {
public:
    // `reads`: by field, whether anything that is asked of the record reads it. All of them outlive this.
    Situation(const ir::Module& module, const logic::Space& space, const std::vector<bool>& reads,
              const value::Record& record, Instant now);

    [[nodiscard]] const std::vector<EditOptions>& choices() const { return choices_; }
    [[nodiscard]] logic::Region all_options() const;

    // The cells that a choice of options may lead to.
    [[nodiscard]] logic::Region cells(const logic::Region& options) const;

    // The cheapest option of dimension `i`, which is leaving it alone where that may be chosen; kNone where there is
    // none.
    [[nodiscard]] std::uint32_t cheapest(const logic::Region& options, std::size_t i) const;

    // The edits that a choice of one option for each dimension comes to; nothing where no edit is all of them at once.
    [[nodiscard]] std::optional<Plan> plan(const std::vector<std::uint32_t>& chosen) const;

    // Some of a plan's changes, a bit each.
    [[nodiscard]] Plan part(const Plan& whole, std::uint64_t changes) const;

private:
    // --- what the record says
    [[nodiscard]] const std::vector<ir::Field>& fields() const { return module_.schema.fields; }
    [[nodiscard]] ir::FieldId field(std::uint32_t variable) const { return d_.variables[variable].fields[0]; }
    [[nodiscard]] bool fixed(std::uint32_t variable) const { return is_fixed(module_, field(variable)); }
    [[nodiscard]] std::uint64_t cost_of(std::uint32_t variable) const { return fields()[field(variable).index()].cost; }
    // As the record says, where a member of a record that isn't there is as that record.
    [[nodiscard]] value::State state(std::uint32_t variable) const;
    [[nodiscard]] bool is_wholly_known(std::uint32_t variable) const;
    [[nodiscard]] bool is_read(std::uint32_t variable) const { return reads_[field(variable).index()]; }
    [[nodiscard]] std::vector<value::Value> elements(std::size_t f) const;  // of a known set, masked ones left out
    [[nodiscard]] std::size_t masked(std::size_t f) const;
    [[nodiscard]] std::uint32_t class_of(std::uint32_t variable, const value::Value& element) const;
    [[nodiscard]] std::uint32_t settled(const logic::Dimension& d) const;  // the one class that it is in, or kNone

    // --- records that go
    [[nodiscard]] bool finds_removable(std::size_t f) const;
    [[nodiscard]] bool is_below(std::size_t f, std::size_t record) const;
    [[nodiscard]] bool may_vanish(std::uint32_t variable) const;

    // --- options
    void weigh(const logic::Dimension& d, EditOptions& out) const;
    void add_class(const logic::Dimension& d, std::uint32_t c, std::uint64_t cost, EditOptions& out) const;
    [[nodiscard]] std::uint64_t steps_to(const logic::Dimension& d, std::uint32_t variable, std::uint32_t c) const;
    [[nodiscard]] static bool is_absence(const logic::Dimension& d, const logic::Variable& v, std::uint32_t c);
    [[nodiscard]] static std::uint64_t cap(const logic::Dimension& d, std::size_t e);
    [[nodiscard]] bool is_only_dimension(std::uint32_t variable) const;
    [[nodiscard]] std::optional<value::Nanos> number(std::uint32_t variable) const;
    [[nodiscard]] std::optional<logic::Differences> bounds(const logic::Dimension& d, const std::vector<bool>& present,
                                                           std::uint32_t c, std::uint64_t open) const;
    void weigh_numbers(const logic::Dimension& d, EditOptions& out) const;
    [[nodiscard]] bool move_among_unknown(const logic::Dimension& d, std::uint64_t moved, std::uint64_t unknown,
                                          const std::vector<bool>& present, std::uint64_t cost, EditOptions& out) const;

    // --- from options to edits
    struct Edits {
        std::map<std::size_t, Change> by_field;
        std::map<std::uint32_t, std::vector<std::pair<std::size_t, std::uint32_t>>> sets;  // variable: dimension, class
    };
    [[nodiscard]] NewValue new_value(std::uint32_t variable, const value::Value& v,
                                     const std::vector<bool>& truth) const;
    void edit_member(const logic::Dimension& d, std::uint32_t c, Edits& out) const;
    [[nodiscard]] bool edit_numbers(const logic::Dimension& d, const NumberEdit& edit, Edits& out) const;
    [[nodiscard]] bool edit_set(std::uint32_t variable, const std::vector<std::pair<std::size_t, std::uint32_t>>& at,
                                Edits& out) const;
    void apply(const Edits& edits, Plan& plan) const;
    void say(Change& change) const;
    [[nodiscard]] std::string text_of(std::size_t f, const value::Value& v) const;

    const ir::Module& module_;
    const logic::Space& s_;
    const logic::Draft& d_;
    const std::vector<bool>& reads_;
    const value::Record& record_;
    Instant now_;
    logic::Region region_;
    std::vector<EditOptions> choices_;
    std::vector<bool> removable_;  // by field
    std::size_t words_ = 0;
};

}  // namespace keywright::analysis
