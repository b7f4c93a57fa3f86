// Questions about rule files, and what answers them.
//
// A question asks for a complete configuration (every field given or absent, none unknown or masked) and an instant,
// inside the schema's types and assumptions, of which a formula over expressions, outcomes and verdicts holds. It is
// put to one pack, or to two that are compared. Whoever answers `kYes` shows a witness that the ordinary evaluator has
// confirmed; whoever can't settle a question within its budget answers `kUnknown`, never a guess.
#pragma once

#include "eval/decision.h"
#include "ir/ir.h"
#include "value/record.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keywright::logic {

// What a leaf of a question states about one pack's decision on the configuration.
enum class Claim : std::uint8_t {
    kHolds,    // `node`, a boolean expression, is true
    kOutcome,  // `rule` has `outcome` (never kUndetermined: nothing is unknown)
    kExempt,   // the condition of exemption `exemption` of `rule` is true (whether or not the rule's `when` is)
    kWarning,  // `rule` expires and is in its warning period: it applies, passes, and warns
    kVerdict,  // the verdict is `verdict` (kCompliant or kViolation)
};

struct Leaf {
    std::uint32_t pack = 0;  // index into Question::packs
    Claim claim = Claim::kHolds;
    ir::NodeId node;
    ir::RuleId rule;
    ir::Outcome outcome = ir::Outcome::kViolated;
    std::uint32_t exemption = 0;
    ir::Verdict verdict = ir::Verdict::kViolation;
};

// A formula in post-order: operands stand before operators, the last term is the root.
struct Term {
    enum class Op : std::uint8_t { kTrue, kLeaf, kNot, kAnd, kOr } op = Op::kTrue;
    Leaf leaf;
    std::vector<std::uint32_t> operands;  // indices of earlier terms; kNot has one; kAnd of none is true, kOr false
};

struct Question {
    // One pack or two; they outlive the question. Two packs share the fields of the same name and kind (of sets: and of
    // elements of the same kind), with the values that both know: enumeration values by name, the ints of both ranges,
    // absence where both permit it. A field that only one of them has is free for that one.
    std::vector<const ir::Module*> packs;
    std::vector<Term> terms;

    std::uint32_t leaf(Leaf leaf);
    std::uint32_t negation(std::uint32_t term);
    std::uint32_t conjunction(std::vector<std::uint32_t> operands);
    std::uint32_t disjunction(std::vector<std::uint32_t> operands);
};

struct Witness {
    std::vector<value::Record> records;  // one for each pack, fields numbered as in that pack
    Instant now;
};

enum class Answer : std::uint8_t { kNo, kYes, kUnknown };

struct Result {
    Answer answer = Answer::kUnknown;
    std::optional<Witness> witness;  // where kYes
    std::string reason;              // where kUnknown: what stood in the way, in words
};

struct Budget {
    std::uint64_t steps = 20'000'000;     // of a search, before it gives up
    std::uint32_t milliseconds = 10'000;  // of a solver that measures itself in time
    std::uint32_t megabytes = 1'024;
};

// Answers questions. Const use is thread-safe.
class Solver {
public:
    virtual ~Solver() = default;
    [[nodiscard]] virtual Result solve(const Question& question, const Budget& budget) const = 0;
};

// Whether the evaluator agrees that `witness` is inside schema and assumptions, the same for both packs in what they
// share, and that the question's formula holds of it. Every witness is put through this before it is shown.
[[nodiscard]] bool confirms(const Question& question, const Witness& witness);

}  // namespace keywright::logic
