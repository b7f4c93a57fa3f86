// Records that lie in columns already (Arrow, a database, a data frame), decided where they lie: no copies, no JSON.
//
//     keywright::ColumnDecider decider{*compiled.rules};
//     const std::vector<std::uint64_t> permissions{0b001, 0b110, 0b011};               // bit i: value i of the set
//     const std::vector<std::uint64_t> flagged{0b010}, unknown{0b100};                 // bit i: row i
//     const std::vector<keywright::Column> columns{
//         {.field = "permissions", .members = permissions},
//         {.field = "flagged", .unknown = unknown, .truth = flagged},
//     };
//     keywright::ColumnDecisions decisions;
//     if (const auto problem = decider.decide(3, columns, now, decisions)) return show(problem->message);
//     decisions.verdicts()[1];            // of row 1
//     decisions.rule(0).violated[0];      // a bitmap: of the first 64 rows
//
// Every answer is that of `Rules::check` on the same record; reasons and messages are left to it. Rows are decided 1024
// at a time. For a pack of a dozen rules that takes a few nanoseconds each, and looking whether the columns hold
// records at all takes two or three times as long; sets that rules go through element by element take longer. What is
// asked of a field is mostly less than its value: `ColumnDecider::needs` says what.
#pragma once

#include "keywright/report.h"
#include "keywright/rules.h"
#include "keywright/time.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

// One bit a row: row i is bit i % 64 of word i / 64, as in Arrow. Bits beyond the last row mean nothing.
using Bitmap = std::span<const std::uint64_t>;

// What is asked of a field beside its state, and the members of `Column` that answer it.
enum class ColumnAspect : std::uint8_t {
    kTruth,     // of a bool: `truth`
    kChoice,    // of an enum: `choice`
    kMembers,   // of a set of enum: `members`
    kNumber,    // of an int, instant or duration: `numbers`, and `nanoseconds` where there are any
    kBlank,     // of a text: `blank`, or `texts`
    kEmpty,     // of a set of network, text or int: `empty`, or `offsets`
    kOpen,      // of a set of network: `open`, or `texts`
    kLength,    // of a text or secret: `lengths` (and `longest`), or `texts`
    kFacts,     // of a secret: `known_facts` and `facts`, or `texts`
    kTexts,     // of a text, a network, or a set of them: `texts`
    kElements,  // of a set of int: `numbers` with `offsets`
};
[[nodiscard]] std::string_view to_string(ColumnAspect aspect);  // `truth`

// What the rules ask of a field. Its state is always asked for, and of some fields nothing else.
struct ColumnNeed {
    std::string field;  // `limits.daily`
    std::vector<ColumnAspect> aspects;
    std::vector<std::string> values;  // of an enum or a set of enum: by number
    bool optional = false;            // may be absent
};

// One field in all rows; views that have to live as long as `decide` runs. Payloads of rows in which the field isn't
// given mean nothing.
struct Column {
    std::string_view field = {};
    // Neither of the two in a row: absent. Without `given` the field is given wherever it isn't unknown, and without
    // `unknown` it is nowhere unknown.
    Bitmap given = {}, unknown = {};

    Bitmap truth = {};
    std::span<const std::uint8_t> choice = {};        // the number of its value
    std::span<const std::uint64_t> members = {};      // bit i for value i
    std::span<const std::int64_t> numbers = {};       // of an instant or duration the whole seconds
    std::span<const std::uint32_t> nanoseconds = {};  // added to them, below 1 000 000 000; empty: none
    Bitmap blank = {}, empty = {}, open = {};         // nothing but white space; no element; an entry open to all
    std::span<const std::uint32_t> lengths = {};      // in Unicode scalar values; of a secret at least so many
    std::span<const std::uint32_t> longest = {};      // of a secret at most; 4 294 967 295: not known. Empty: `lengths`
    std::span<const std::uint8_t> known_facts = {},
                                  facts = {};      // unions of has_space 1, has_digit 2, has_upper 4,
                                                   // has_lower 8, has_symbol 16, has_other 32, is_masked 64
    std::span<const std::string_view> texts = {};  // UTF-8; of a set all elements of all rows, see `offsets`
    std::span<const std::uint32_t> offsets = {};   // of a set: row i has the elements from offsets[i] to offsets[i + 1]
};

// Why nothing was decided. It never shows what stands in a text.
struct ColumnProblem {
    std::string field;               // may be empty
    std::optional<std::size_t> row;  // the first one with this problem
    std::string message;
};

// The outcomes of one rule, a bit a row. None of the first four: it isn't applicable.
struct RuleBitmaps {
    Bitmap violated, undetermined, exempt, pass;
    // Of a rule that warns before it expires: it passes, and the warning has begun, or perhaps has.
    Bitmap warns, perhaps_warns;
};

// What was decided. Reusable: memory is kept from call to call. One for each thread.
class ColumnDecisions {
public:
    ColumnDecisions();
    ~ColumnDecisions();
    ColumnDecisions(ColumnDecisions&&) noexcept;
    ColumnDecisions& operator=(ColumnDecisions&&) noexcept;

    // By row. `kInvalid`: the record breaks an assumption of the schema, so no rule was asked.
    [[nodiscard]] std::span<const Verdict> verdicts() const;
    // Of a rule by its place in `Rules::rule_names`.
    [[nodiscard]] RuleBitmaps rule(std::size_t number) const;

private:
    friend class ColumnDecider;
    struct State;
    std::unique_ptr<State> state_;
};

// Immutable and cheap to copy; const use from several threads is safe, with decisions of each thread's own.
class ColumnDecider {
public:
    // Prepares the rules for columns, waivers included. Linear in their size.
    explicit ColumnDecider(const Rules& rules);

    // What has to be in the columns, in order of the schema. Other fields of the schema may be there, and aren't read.
    [[nodiscard]] std::span<const ColumnNeed> needs() const;

    // Decides `rows` records at `now`. Refuses, and then decides nothing, what `Rules::check` couldn't have read or
    // what is no record: a column that is missing or too short, a field that is given and unknown at once, one that is
    // absent and isn't optional, a value outside its type, a text that isn't UTF-8 or not a network. O(rows · rules).
    [[nodiscard]] std::optional<ColumnProblem> decide(std::size_t rows, std::span<const Column> columns, Instant now,
                                                      ColumnDecisions& out) const;

private:
    struct State;
    std::shared_ptr<const State> state_;
};

}  // namespace keywright
