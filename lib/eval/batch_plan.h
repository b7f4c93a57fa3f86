// The inside of the batch evaluator, shared by its compiler and its interpreter.
//
// A plan is a list of operations on slots: truths (two planes each, reused as soon as nothing reads them any more) and
// numbers (two arrays each, likewise). Every operation is about a whole block, so what interpreting costs is shared by
// 1024 records.
#pragma once

#include "eval/batch.h"
#include "eval/code.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace keywright::eval::batch {

using code::Literal;  // over truth slots: slot 0 is always true, slot 1 always unknown

inline constexpr std::size_t kRows = value::kBlockRows;
inline constexpr std::size_t kWords = value::kBlockWords;

struct alignas(64) Truths {
    PlaneWords yes, no;  // may be true, may be false
};

enum class Step : std::uint8_t {
    // truths
    kAnd,
    kIsThere,   // field a is present
    kTruth,     // bool a: its value is in mask m
    kElements,  // enum or set of enum a: the conjunction of m parts from b on; v = 1: its negation
    kBetween,   // int a: m <= value <= v
    kLength,    // text or secret a: m <= length <= v
    kFact,      // secret a: fact m
    kBlank,     // these three: one plane of field a
    kEmpty,
    kOpen,
    kLess,  // these take numbers
    kEqual,
    kPresent,
    // numbers
    kConstant,  // m = constant
    kNow,
    kLoad,  // field a
    kElse,
    kAdd,
    kSubtract,
    kCount,      // set of enum a
    kLengthOf,   // text or secret a
    kFromSlice,  // a = number that is computed row by row
    // others
    kSplit,    // enum or set of enum a: one plane for each element asked about
    kSlice,    // a = 0: what conditions of slices need; 1: the rest
    kRuleEnd,  // result = rule
};

struct Operation {
    Step step = Step::kAnd;
    Truth otherwise = Truth::kUnknown;  // of a question about a field: the answer where the field is unknown
    std::uint32_t result = 0;           // truth slot or number
    std::uint32_t buffer = 0;           // of a number: where its arrays lie
    std::uint32_t a = 0, b = 0;
    std::uint64_t m = 0, v = 0;
};

// A plane of one element of a field, perhaps negated.
struct Part {
    std::uint32_t plane = 0;
    bool negated = false;
};

// What is asked about one enum or set of enum: bit i of `asked` has plane `first` + how many bits of it are below.
struct Split {
    std::uint64_t asked = 0;
    std::uint32_t first = 0;
};

struct Field {
    bool read = false;    // its state is looked at
    bool is_int = false;  // else an instant or a duration, if it is a number
    bool is_set = false;  // of enum
    std::uint32_t parent = ir::FieldId::kNone;
    Split split;
};

struct Rule {
    Literal when = code::kTrueLiteral, satisfied = code::kTrueLiteral;
    std::uint32_t first_exemption = 0, exemptions = 0;  // in Plan::exemptions
    std::uint32_t waivers = 0;                          // so many of them, the last ones
    std::uint32_t place = 0;                            // of the exemptions' planes in BlockDecision
    bool is_error = false, expires = false, warns = false;
    std::uint32_t since = 0, after = 0, warn_before = 0;  // numbers
    std::uint32_t deadlines = 0;                          // in BlockDecision
};

// --- what is computed row by row ------------------------------------------------------------------------------------
struct SliceTruth {
    std::uint32_t from = 0;  // register
    std::uint32_t to = 0;    // truth slot
};
struct SliceNumber {
    std::uint32_t from = 0;  // cell
};
struct Section {
    Literal when = code::kTrueLiteral;  // computed only where this may be true
    std::uint32_t first_truth = 0, truths = 0, first_number = 0, numbers = 0;
};
struct Slice {
    code::Image image;
    std::vector<Section> sections;  // as in the image; the first is computed before all else
    std::vector<SliceTruth> truths;
    std::vector<SliceNumber> numbers;
};

}  // namespace keywright::eval::batch

namespace keywright::eval {

struct Batch::Plan {
    std::vector<batch::Operation> operations;
    std::vector<batch::Part> parts;
    std::vector<batch::Field> fields;
    std::vector<batch::Rule> rules;
    std::vector<batch::Literal> exemptions;
    std::vector<Nanos> constants;
    std::vector<bool> is_time;  // by number: in nanoseconds, not an int
    std::vector<value::Aspects> needs;
    std::uint32_t truths = code::kFirstTruth;  // slots
    std::uint32_t numbers = 0, buffers = 0;
    std::uint32_t planes = 0;            // of elements
    std::uint32_t exemption_planes = 0;  // of all rules together
    std::uint32_t expiring = 0;          // rules
    std::vector<std::uint32_t> reads;    // fields whose state is looked at
    bool reads_records = false;          // the slice looks at fields
    batch::Slice slice;
    code::Image image;  // fields and their bounds alone
    std::uint64_t id;   // of this plan alone, so that a decision knows for which it was made ready

    explicit Plan(const ir::Module& module);
};

namespace batch {

// The operation of an instruction that has columns.
[[nodiscard]] Step step_of(code::Code code);
// Fills in what the operations and the slice of `plan` look at: needs, states, records.
void find_needs(const ir::Module& module, Batch::Plan& plan);

}  // namespace batch

}  // namespace keywright::eval
