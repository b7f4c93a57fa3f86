// The compiler's middle form: a module's expressions as terms, each computed once however often it is written.
//
// A term is an operator with terms as operands; equal terms are one term. Negation isn't a term but a mark on the
// reference to one (a `Literal`, here over term numbers), so `!=`, `has none of`, `no`, `every`, `implies` and `or`
// cost nothing of their own. Operands have lower numbers than the terms that read them.
#pragma once

#include "eval/code.h"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace keywright::eval::code {

enum class Part : std::uint8_t { kNone, kTruth, kCell, kLiteral };

// What an instruction yields and reads.
struct Shape {
    Part result, a, b;
};
[[nodiscard]] Shape shape_of(Code code);

struct Term {
    Code code = Code::kAnd;
    Truth otherwise = Truth::kUnknown;
    std::uint32_t a = 0, b = 0;  // terms, or literals of terms
    std::uint64_t m = 0, v = 0;
    std::vector<std::uint32_t> arms;  // terms
    std::vector<std::uint32_t> free;  // variables that it reads, ascending; none: it can be computed outside every loop

    friend bool operator==(const Term&, const Term&) = default;
};

struct TermHash {
    [[nodiscard]] std::size_t operator()(const Term& term) const;
};

// Calls `visit(term, is_literal)` for each operand of `term`.
template <class Visit>
void for_each_operand(const Term& term, Visit visit) {
    const Shape shape = shape_of(term.code);
    if (shape.a == Part::kCell) visit(term.a, false);
    if (shape.a == Part::kLiteral) visit(term.a >> 1U, true);
    if (shape.b == Part::kLiteral) visit(term.b >> 1U, true);
    if (shape.b == Part::kCell) visit(term.b, false);
    for (const std::uint32_t arm : term.arms) visit(arm, false);
}

// What a rule reads.
struct RuleRoots {
    Literal when = kTrueLiteral;
    std::vector<Literal> exemptions;
    Literal satisfied = kTrueLiteral;                     // of a rule that doesn't expire
    std::uint32_t since = 0, after = 0, warn_before = 0;  // of one that does; the last where it warns
};

class Terms {
public:
    explicit Terms(const ir::Module& module);

    [[nodiscard]] const std::vector<Term>& all() const { return terms_; }
    [[nodiscard]] const std::vector<Cell>& prototypes() const { return prototypes_; }
    [[nodiscard]] const std::vector<Cell>& constants() const { return constants_; }

    // The truth of a boolean node, or its value as a cell. For any node of the module.
    [[nodiscard]] Literal truth(ir::NodeId id);
    [[nodiscard]] std::uint32_t cell(ir::NodeId id);
    // Of every rule of the module, in their order.
    [[nodiscard]] std::vector<RuleRoots> roots_of_rules();

private:
    // A field that isn't inside a nested record, read directly by a question.
    [[nodiscard]] bool is_plain_field(ir::NodeId id) const;
    // The node itself, or what a name stands for.
    [[nodiscard]] ir::NodeId meant(std::uint32_t index) const;
    [[nodiscard]] const value::Value* constant_of(ir::NodeId id) const;

    [[nodiscard]] Literal build_truth(ir::NodeId id);
    [[nodiscard]] std::uint32_t build_cell(ir::NodeId id);
    [[nodiscard]] Literal compare_field(ir::Op op, ir::NodeId left, ir::NodeId right, bool& built);
    [[nodiscard]] Literal set_question(ir::Op op, ir::NodeId left, ir::NodeId right, bool& built);
    [[nodiscard]] Literal bits(ir::NodeId field, std::uint64_t mask, std::uint64_t value);
    [[nodiscard]] Literal one_of(ir::NodeId field, std::uint64_t mask);
    [[nodiscard]] Literal length_between(ir::NodeId field, Nanos low, Nanos high);
    [[nodiscard]] Literal between(ir::NodeId field, std::int64_t low, std::int64_t high);
    [[nodiscard]] Literal quantifier(const ir::Node& node, bool negated_body);

    [[nodiscard]] std::uint32_t otherwise(std::uint32_t a, std::uint32_t b, unsigned depth);
    [[nodiscard]] std::uint32_t add(Term term);
    [[nodiscard]] Literal ask(Code code, std::uint32_t a, std::uint32_t b = 0, std::uint64_t m = 0);
    [[nodiscard]] Literal ask_field(Code code, ir::NodeId field, Truth otherwise, std::uint64_t m = 0,
                                    std::uint64_t v = 0);
    [[nodiscard]] Literal conjunction(Literal a, Literal b);
    [[nodiscard]] std::uint32_t constant_term(Cell cell);
    [[nodiscard]] std::uint32_t prototype(ir::TypeId type);

    const ir::Module& module_;
    std::vector<Term> terms_;
    std::unordered_map<Term, std::uint32_t, TermHash> numbers_;
    std::vector<Cell> prototypes_, constants_;
    std::unordered_map<std::string, std::uint32_t> constant_terms_;  // by value
    std::uint32_t zero_ = 0;                                         // the term of the constant 0
    std::vector<ir::NodeId> meant_;                                  // by node; of a define what it stands for
    std::vector<Literal> truths_;                                    // by node
    std::vector<std::uint32_t> cells_;                               // by node
    std::vector<bool> assumed_;                                      // by field: some assumption is about it
    std::vector<std::uint32_t> prototype_numbers_;                   // by type
};

// Fills in the fields of `image` and what bounds them.
void describe_fields(const ir::Module& module, Image& image);
// A program that yields some terms and decides nothing: `sections` are lists of terms, each computed by instructions of
// its own from `image.sections[i]` on, which rely on those from 0 on (what several sections need). All end with `End`.
// `registers`: by term, where it then stands. Linear in the terms.
void compile_slice(const ir::Module& module, Terms& terms, std::span<const std::vector<std::uint32_t>> sections,
                   Image& image, std::vector<std::uint32_t>& registers);

}  // namespace keywright::eval::code
