// Cheapest edits after which a record is compliant.
//
// It works on the finite abstraction of the rules concerned (logic::Space): an edit gives a member another class of its
// dimension, so all edits that make a difference can be weighed without listing configurations. The evaluator has the
// last word: no repair is handed out that it doesn't accept.
#pragma once

#include "eval/program.h"
#include "ir/ir.h"
#include "logic/search.h"
#include "value/record.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keywright::analysis {

// A value that an edit puts in. Where it is open, any value that meets `wants` would do and this one is an example.
struct NewValue {
    value::Value value = false;
    bool open = false;
    std::string wants;                // in words: `not blank, starting with "bot"`; may be empty
    std::vector<std::string> others;  // of an enumeration: further values that would do as well
};

// One member changed.
struct Change {
    enum class Kind : std::uint8_t {
        kValue,     // it gets `value`
        kAbsent,    // it is left out
        kPresent,   // a nested record is put in; its members are changes of their own
        kElements,  // of a set that is known: `removed` go, `added` come
        kWhole,     // a set that was unknown or absent becomes `added`, or one that isn't wholly known
    } kind = Kind::kValue;
    ir::FieldId field;
    NewValue value;
    std::vector<NewValue> added;
    std::vector<value::Value> removed;
    std::uint64_t cost = 0;
    std::vector<std::string> words;  // one sentence an edit: `remove `withdrawal` from `permissions``
};

struct Plan {
    std::vector<Change> changes;  // in order of the schema
    std::uint64_t cost = 0;
    value::Record record;  // as edited, open values at their examples
};

struct Plans {
    enum class Status : std::uint8_t {
        kFine,     // nothing to do
        kFound,    // `plans` has at least one
        kNone,     // no edit of what may be edited helps
        kUnknown,  // neither a repair was found nor is it sure that there is none
    } status = Status::kUnknown;
    std::vector<Plan> plans;  // cheapest first; no part of one is a repair; none asks for all that an earlier one does
    bool exact = true;   // surely none is cheaper than the first, and none between them is missing (docs/repair.md)
    std::string reason;  // where not: what stood in the way
};

// For one pack and what is asked of its records. Const use is thread-safe.
class Repairer {
public:
    // `rules`: these must not be violated; none: no error rule may be. `module` and `program` outlive this.
    Repairer(const ir::Module& module, const eval::Program& program, std::vector<ir::RuleId> rules);

    // Up to `most` repairs of a record that was read without errors. `steps` bounds the regions that are looked at.
    [[nodiscard]] Plans plans(const value::Record& record, Instant now, std::size_t most,
                              std::uint64_t steps = 200'000) const;

    // The evaluator's word: compliant, or of the chosen rules none violated and none undetermined.
    [[nodiscard]] bool accepts(const value::Record& record, Instant now) const;

    // Nothing where the rules ask about too much to build it.
    [[nodiscard]] const std::optional<logic::Space>& space() const { return plain_.space; }
    [[nodiscard]] logic::Ref goal() const { return plain_.goal; }
    [[nodiscard]] const std::string& problem() const { return plain_.problem; }  // why there is no space

private:
    // What is asked of a record, over cells.
    struct Cells {
        std::optional<logic::Space> space;
        logic::Ref goal = logic::kTop;  // what is asked, and what every configuration keeps to
        logic::Ref miss = logic::kTop;  // the contrary, of a configuration
        // The evaluator says the same of all records that come of one choice of options.
        bool faithful = false;
        std::string problem;
    };
    struct Found {
        Plans plans;
        bool unfaithful = false;  // it isn't exact, and would perhaps be if more values were told apart
    };
    [[nodiscard]] Cells build(bool apart) const;
    [[nodiscard]] std::vector<bool> fields_read() const;
    [[nodiscard]] Found search(const Cells& cells, const value::Record& record, Instant now, std::size_t most,
                               std::uint64_t steps) const;

    const ir::Module& module_;
    const eval::Program& program_;
    std::vector<ir::RuleId> rules_;
    std::vector<bool> reads_;  // by field: whether one of the rules concerned does
    Cells plain_;
    Cells apart_;  // where cells don't say all that the evaluator may go by: with more values told apart
};

// Whether no repair may change the field: it, or a record around it, is immutable, or it is an instant (what happened,
// happened).
[[nodiscard]] bool is_fixed(const ir::Module& module, ir::FieldId field);

}  // namespace keywright::analysis
