// Which facts about a record force a rule's outcome: literals over the atoms of the rule's own finite abstraction.
//
// A fact is an atom of the rule (`transfer is in permissions`, `now - last_used_at >= 30 days`) and whether it holds of
// the record. A set of facts is sufficient where every configuration that shares them, inside schema and assumptions,
// has the same outcome; that is decided exactly, by looking for a cell that shares them and has another. What can't be
// settled so (comparisons that cells can't express, spaces that are too large, an evaluator that leaves open what cells
// decide) yields nothing, and whoever asked falls back to whole fields. `now` is given: no fact is about it alone.
#pragma once

#include "eval/decision.h"
#include "eval/program.h"
#include "ir/ir.h"
#include "logic/space.h"
#include "value/record.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace keywright::analysis {

// An outcome as finely as reports tell it: a rule that passes may warn.
enum class Target : std::uint8_t { kNotApplicable, kExempt, kPass, kWarns, kViolated };
constexpr std::size_t kTargets = 5;

// Nothing where the decision leaves the outcome or the warning open.
[[nodiscard]] std::optional<Target> target_of(const eval::RuleDecision& decision);

struct Literal {
    std::uint32_t atom = 0;
    bool truth = false;
    friend auto operator<=>(const Literal&, const Literal&) = default;
};

// One rule's space, and the formulas that are asked of it.
struct RuleSpace {
    logic::Space space;
    std::array<logic::Ref, kTargets> holds{};    // a configuration whose outcome is this one
    std::array<logic::Ref, kTargets> differs{};  // a configuration whose outcome is another
    struct Condition {
        ir::Span span;
        logic::Ref formula = logic::kTop;
        std::vector<std::uint32_t> atoms;  // ascending
    };
    std::vector<Condition> conditions;  // the rule's conditions that are no `and`, `or` or `not` of others
    std::vector<std::uint32_t> atoms;   // that any outcome reads, ascending
};

// One fact in words, about one field.
struct FactWords {
    ir::FieldId field;
    std::string text;    // `contains transfer`
    ir::Span condition;  // which it decides
};

class Reasons {
public:
    // Both must outlive this. Costs nothing until it is asked.
    Reasons(const ir::Module& module, const eval::Program& program);
    ~Reasons();
    Reasons(const Reasons&) = delete;
    Reasons& operator=(const Reasons&) = delete;

    // Built when it is first asked for; nothing where it is too large. Thread-safe, as is all that follows.
    [[nodiscard]] const RuleSpace* space(ir::RuleId rule) const;

    // What is surely known of the record: atoms about fields that are given or absent. Nothing where the record is in
    // no cell.
    [[nodiscard]] std::vector<Literal> known(const RuleSpace& rule, const value::Record& record, Instant now) const;

    // Whether the facts force the outcome. Nothing where that can't be settled.
    [[nodiscard]] std::optional<bool> sufficient(ir::RuleId rule, const std::vector<Literal>& facts,
                                                 Target target) const;

    // One sufficient set of facts from which none can be dropped. The same for records of the same cell, so it is
    // remembered. Nothing where facts as fine as these can't be shown to force the outcome.
    [[nodiscard]] std::optional<std::vector<Literal>> minimal(const value::Record& record, Instant now, ir::RuleId rule,
                                                              const eval::RuleDecision& decision) const;

    // All such sets, smallest first; no more than `most`, and then it says so.
    struct All {
        std::vector<std::vector<Literal>> sets;
        bool cut = false;
    };
    [[nodiscard]] std::optional<All> all(const value::Record& record, Instant now, ir::RuleId rule,
                                         const eval::RuleDecision& decision, std::size_t most) const;

    // The facts in words, by field in order of the schema; finding the conditions costs more than the words.
    [[nodiscard]] std::vector<FactWords> words(const value::Record& record, Instant now, ir::RuleId rule,
                                               const std::vector<Literal>& facts, bool conditions = true) const;

    [[nodiscard]] const ir::Module& module() const { return module_; }
    [[nodiscard]] const eval::Program& program() const { return program_; }

private:
    struct Slot;
    [[nodiscard]] std::optional<std::vector<Literal>> shrink(ir::RuleId rule, const std::vector<Literal>& facts,
                                                             Target target) const;
    const ir::Module& module_;
    const eval::Program& program_;
    std::unique_ptr<Slot[]> slots_;  // by rule
};

// A field as seen through the records around it: a member of a record that isn't there is as that record.
struct Seen {
    value::State state;
    ir::FieldId at;  // whose state it is
};
[[nodiscard]] Seen seen(const ir::Module& module, const value::Record& record, ir::FieldId field);

// The value of a field, whole: `is {spot, transfer}`, `is absent`. Nothing of a secret but that it is there.
[[nodiscard]] std::string value_words(const ir::Module& module, const value::Record& record, ir::FieldId field);

// The words for some facts of one space. `record` gives the values.
[[nodiscard]] std::vector<FactWords> fact_words(const ir::Module& module, const RuleSpace& rule,
                                                const value::Record& record, Instant now,
                                                const std::vector<Literal>& facts, bool conditions);

}  // namespace keywright::analysis
