// The inside of a compiled program, shared by compiler and interpreter.
#pragma once

#include "eval/program.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::eval::code {

enum class Code : std::uint8_t {
#define KW_CODE(name, result, a, b) k##name,
#include "eval/codes.def"
#undef KW_CODE
};

// A truth register in the upper bits, negation in the lowest.
using Literal = std::uint32_t;
constexpr Literal kTrueLiteral = 0;  // register 0 is always true
constexpr Literal kFalseLiteral = 1;
constexpr Literal kUnknownLiteral = 2;  // register 1 is always unknown
constexpr std::uint32_t kFirstTruth = 2;

// What a cell's value is described by.
enum class Sort : std::uint8_t {
    kTruth,     // truth
    kRange,     // low, high
    kChoice,    // may: possible values of an enum
    kMembers,   // must, may: a set of enum
    kText,      // known, text
    kNetwork,   // known, networks (one, perhaps masked)
    kNetworks,  // known, networks
    kTexts,     // known, texts
    kInts,      // known, ints
    kSecret,    // secret
    kRecord,    // nothing
};

// A set of text, of a record or a constant.
struct Texts {
    const value::Record* record = nullptr;
    std::size_t field = 0;
    std::span<const std::string> constant;

    [[nodiscard]] std::size_t size() const { return record != nullptr ? record->count(field) : constant.size(); }
    [[nodiscard]] std::string_view operator[](std::size_t i) const {
        return record != nullptr ? record->text_element(field, i) : std::string_view{constant[i]};
    }
};

// Bounds of a number.
struct Range {
    Nanos low = kMinusInfinity, high = kPlusInfinity;
};

// What is at or beyond an infinity stays there.
[[nodiscard]] constexpr Nanos saturating_sum(Nanos x, Nanos y) {
    if (x <= kMinusInfinity || y <= kMinusInfinity) return kMinusInfinity;
    if (x >= kPlusInfinity || y >= kPlusInfinity) return kPlusInfinity;
    const Nanos total = x + y;
    return total < kMinusInfinity ? kMinusInfinity : total > kPlusInfinity ? kPlusInfinity : total;
}
// So far from the infinities that two of them may be added; one comparison of 64 bits.
[[nodiscard]] constexpr bool is_small(Nanos x) {
    constexpr std::int64_t kFar = std::int64_t{1} << 54;
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(x >> 64) + kFar) < static_cast<std::uint64_t>(2 * kFar);
}
[[nodiscard]] constexpr Nanos sum(Nanos x, Nanos y) {
    return is_small(x) && is_small(y) ? x + y : saturating_sum(x, y);
}
[[nodiscard]] constexpr Range add(Range a, Range b) {
    const Nanos low = sum(a.low, b.low);
    if (a.low == a.high && b.low == b.high) return {low, low};  // as it mostly is
    return {low, sum(a.high, b.high)};
}
[[nodiscard]] constexpr Range subtract(Range a, Range b) { return add(a, {-b.high, -b.low}); }

// What is possible of one value. Only the members of its sort mean anything; what they point to lives in the record or
// the module.
struct Cell {
    Nanos low = kMinusInfinity, high = kPlusInfinity;
    std::uint64_t must = 0, may = 0;
    std::span<const value::Network> networks;
    std::span<const std::int64_t> ints;
    std::string_view text;
    Texts texts;
    value::SecretFacts secret;
    Sort sort = Sort::kRecord;
    Truth truth = Truth::kUnknown;
    bool may_be_absent = false;
    bool may_be_present = true;
    bool known = false;
};

struct Instruction {
    Code code = Code::kAnd;
    Truth otherwise = Truth::kUnknown;  // of a question about a field: the answer where the field is unknown
    std::uint32_t result = 0;
    std::uint32_t a = 0, b = 0;
    std::uint64_t m = 0, v = 0;
};

// All questions about a field that depend on its state and, where it is an enum, a bool or a small set of enum, its
// value: the answers are written to `kRowWidth` truth registers at once, from a table by value.
constexpr std::uint32_t kRowWidth = 8;
using RowAnswers = std::array<Truth, kRowWidth>;

struct Row {
    std::uint32_t field = 0;
    std::uint32_t result = 0;  // the first of its truth registers
    std::uint32_t first = 0;   // in Image::answers: given, by value under `mask`; then unknown; then absent
    std::uint32_t mask = 0;
};

// A rule without exemptions and expiry.
struct PlainRule {
    std::uint32_t rule = 0;
    std::uint32_t when = 0, satisfied = 0;  // truth registers
    std::uint32_t negated = 0;              // 16: when, 32: satisfied
};

// An end of an assumption about a field: its value, if it is unknown, is at most (or at least) that of the other side.
struct Bound {
    enum class Side : std::uint8_t { kField, kNow, kConstant } side = Side::kConstant;
    bool upper = false;
    bool strict = false;
    std::uint32_t field = 0;
    Nanos constant = 0;
};

struct FieldInfo {
    std::uint32_t parent = ir::FieldId::kNone;
    bool optional = false;
    bool always_present = false;  // neither it nor a record around it is optional
    ir::Kind kind = ir::Kind::kBool;
    ir::Kind element = ir::Kind::kBool;
    Cell unknown;  // every value of its type
    std::uint32_t first_bound = 0, bounds = 0;
};

// What `RuleEnd` reads.
struct RuleInfo {
    Literal when = kTrueLiteral;
    Literal satisfied = kTrueLiteral;
    std::uint32_t first_exemption = 0, exemptions = 0;  // in Code::literals
    std::uint32_t waivers = 0;                          // so many of the exemptions, the last ones
    bool expires = false, warns = false;
    std::uint32_t since = 0, after = 0, warn_before = 0;  // cells
};

struct LoopInfo {
    std::uint32_t set = 0, element = 0;  // cells
    Literal body = kFalseLiteral;
    std::uint32_t result = 0;  // truth register
    std::uint32_t length = 0;  // instructions, from `LoopBegin` to `LoopNext`
};

struct LoopState {
    std::uint64_t position = 0;  // of the element at hand
    Truth found = Truth::kFalse;
};

// A compiled program.
struct Image {
    static constexpr std::uint32_t kNoCell = 0xffffffff;

    std::vector<Row> rows;
    std::vector<RowAnswers> answers;
    std::vector<Instruction> instructions;
    std::vector<PlainRule> plain_rules;
    std::vector<std::uint32_t> sections;  // where the instructions of each rule begin, and the last one's end
    std::vector<FieldInfo> fields;
    std::vector<Bound> bounds;
    std::vector<RuleInfo> rules;
    std::vector<LoopInfo> loops;
    std::vector<Literal> literals;
    std::vector<std::uint32_t> arms;     // cells of `match`
    std::vector<Cell> prototypes;        // of results of operators whose operand isn't surely there; 0: of numbers
    std::vector<Cell> cells;             // every cell at the start, constants filled in
    std::uint32_t truths = kFirstTruth;  // how many truth registers
    std::uint32_t now_cell = kNoCell;    // where `now` stands, if it is read
};

// Fills in the program of `module`.
void compile(const ir::Module& module, Image& image);

// What one decision works with; the arrays are as long as the image says. Jumps are relative, so the instructions may
// be the image's or some of them, as `only` gives them.
struct Workspace {
    const Instruction* instructions;
    Truth* truths;
    Cell* cells;
    LoopState* loops;
    RuleDecision* out;
};

// Decides one record.
void run(const Image& image, const value::Record& record, Instant now, const Workspace& workspace);
// What deciding one rule takes: what several rules need, and its own. Of the others, what is decided then means
// nothing.
void only(const Image& image, std::uint32_t rule, std::vector<Instruction>& out);

}  // namespace keywright::eval::code

namespace keywright::eval {

struct Program::Code : code::Image {};

struct Program::Scratch::Registers {
    std::vector<Truth> truths;
    std::vector<code::Cell> cells;
    std::vector<code::LoopState> loops;
    // For a rule that is decided alone.
    static constexpr std::uint32_t kNoRule = 0xffffffff;
    std::uint32_t rule = kNoRule;
    std::vector<code::Instruction> instructions;
    std::vector<RuleDecision> decisions;
};

}  // namespace keywright::eval

namespace keywright::eval::code {

// The description of a constant, and of every value of a type.
[[nodiscard]] Cell constant_cell(const value::Value& value);
[[nodiscard]] Cell unknown_cell(const ir::Module& module, const ir::Type& type);

}  // namespace keywright::eval::code
