// A question as Z3 terms, exactly as the reference evaluator means it.
//
// A complete configuration leaves nothing unknown, but an expression may still ask for a value that isn't there (the
// checker refuses that; a module built otherwise may do it), and then the evaluator answers `unknown`. So truth is a
// pair of terms, "surely true" and "surely false", combined by strong Kleene logic. Of a checked module one is the
// negation of the other. What can't be encoded exactly is neither, which is always right, if not helpful.
//
// A set of networks, texts or ints has as many slots as the question demands (demand.h), each in use or not, no two in
// use equal.
#pragma once

#include "logic/question.h"
#include "smt/demand.h"
#include "smt/term.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace keywright::smt {

struct Entry {
    expr in;
    Terms element;
};

// A value of the language. Its parts by kind: bool: surely true, surely false; int, instant and duration (nanoseconds),
// enum (its index): one Int; text: one String; network, secret: see Builder; set of enum: one Bool for each value.
struct Value {
    expr known;    // whether the terms below tell the truth
    expr present;  // where known
    Terms parts;
    std::vector<Entry> entries;  // of other sets; those that are in differ from each other
};

// The configuration: one variable for each field, its presence and slots; made when first asked for. Two packs share
// the fields of the same name and kind, with the values that both know (as lib/logic/lowering.cpp has it).
class Variables {
public:
    struct Field {
        bool made = false;
        bool free = false;              // inside the record around it, it may be absent: every pack that has it says so
        std::uint32_t owner = 0;        // the pack that numbers the values of its enumeration
        std::uint64_t values = 0;       // of an enumeration: those that every pack knows
        std::int64_t min = 0, max = 0;  // of ints: those that every pack takes
        // Where a second pack numbers the values in another way: for each of its values the owner's number, if any.
        bool renumbered = false;
        std::vector<std::optional<std::uint32_t>> numbers;
        std::optional<expr> given;  // of an optional field; says nothing of the record around it
        Terms parts;
        std::vector<Entry> entries;
    };

    Variables(Builder& builder, const logic::Question& question, const Demand& demand);

    [[nodiscard]] expr now() const { return now_; }
    [[nodiscard]] expr present(std::uint32_t pack, ir::FieldId id);
    [[nodiscard]] Value value(std::uint32_t pack, ir::FieldId id);
    // What has been made of a field so far.
    [[nodiscard]] const Field& made(std::uint32_t pack, std::size_t field) const {
        return fields_[index_[pack][field]];
    }
    // Its value, in the pack's own numbering.
    [[nodiscard]] Terms parts(std::uint32_t pack, std::size_t field) const;

    // Types and assumptions, of what has been made.
    [[nodiscard]] const Terms& constraints() const { return constraints_; }
    // Short texts and secrets: what a witness for people should have, if it can.
    [[nodiscard]] const Terms& comfort() const { return comfort_; }
    // What the variables stand for where their names don't tell, one line a field: `usage: 0 api_trading, …`.
    [[nodiscard]] const std::vector<std::string>& legend() const { return legend_; }

private:
    void add_field(std::uint32_t pack, std::size_t field);
    void share(Field& shared, std::uint32_t pack, const ir::Field& field, const ir::Field& owners);
    [[nodiscard]] Terms variable(const Field& field, const ir::Type& type, ir::Kind kind, const std::string& name,
                                 const expr& present);
    void assume(std::uint32_t pack, const ir::Assumption& assumption);
    [[nodiscard]] std::optional<Value> side(std::uint32_t pack, const ir::AssumeTerm& term);

    Builder& builder_;
    const logic::Question& question_;
    Demand demand_;
    expr now_;
    std::vector<std::vector<std::size_t>> index_;  // of each pack's fields in `fields_`
    std::vector<Field> fields_;
    std::vector<std::string> names_;  // of the variables of `fields_`
    Terms constraints_, comfort_;
    std::vector<std::string> legend_;
};

struct Truth {
    expr yes, no;  // surely true, surely false
};

// The expressions of one pack.
class Expressions {
public:
    Expressions(Builder& builder, Variables& variables, const ir::Module& module, std::uint32_t pack);

    [[nodiscard]] Truth truth(ir::NodeId root);  // an invalid root is true
    [[nodiscard]] Value value(ir::NodeId root);

    // Why some expression is not encoded, or empty.
    [[nodiscard]] const std::string& reason() const { return reason_; }

private:
    void prepare(ir::NodeId root);
    [[nodiscard]] Value at(ir::NodeId id);
    [[nodiscard]] Truth truth_at(ir::NodeId id);
    [[nodiscard]] Value compute(ir::NodeId id);
    [[nodiscard]] Value constant(const ir::Type& type, const value::Value& value);
    [[nodiscard]] Value select(const std::vector<std::pair<expr, Value>>& cases);
    [[nodiscard]] Value answer(const Terms& guards, const expr& truth);
    [[nodiscard]] Value whole(const Truth& truth);
    [[nodiscard]] Value number(const Terms& guards, const expr& number);
    [[nodiscard]] Value not_encoded(std::string reason);
    [[nodiscard]] Truth any(const ir::Node& node, bool negated);
    [[nodiscard]] std::vector<Entry> elements(const ir::Type& type, const Value& value);
    [[nodiscard]] expr member(const Terms& element, const std::vector<Entry>& of);
    [[nodiscard]] expr subset(const ir::Type& type, const Value& a, const Value& b);
    [[nodiscard]] expr shares(const ir::Type& type, const Value& a, const Value& b);
    [[nodiscard]] expr covered(const Terms& inner, const std::vector<Entry>& outer, const Terms& outermost);
    [[nodiscard]] expr within(const std::vector<Entry>& inner, const std::vector<Entry>& outer);
    [[nodiscard]] Value like(const Value& text, ir::NodeId pattern);

    Builder& builder_;
    Variables& variables_;
    const ir::Module& module_;
    std::uint32_t pack_;
    std::map<ir::NodeId, Value> done_;                       // what depends on no variable
    std::map<ir::NodeId, std::vector<std::uint32_t>> free_;  // what depends on these
    std::map<std::uint32_t, Value> bound_;                   // elements of the quantifiers around
    std::string reason_;
};

struct Encoding {
    Truth formula;
    std::string reason;  // why part of the question is not encoded, or empty
};

// The formula of a question that is well-formed.
[[nodiscard]] Encoding encode(Builder& builder, Variables& variables, const logic::Question& question);

}  // namespace keywright::smt
