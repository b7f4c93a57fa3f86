// Mutants: what a module would be if its author had made one small mistake.
//
// All mutants of a module live in one module beside the original's rules, as copies of the rules that the mistake
// reaches, so that they are compiled and decided together and share what they have in common. A mistake in a define or
// parameter reaches every rule that uses it and is one mutant. What the checker would refuse, what compiles to the
// same, and what compiles to the same as a mutant before it is no mutant.
#pragma once

#include "base/source.h"
#include "ir/ir.h"
#include "value/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::analysis {

enum class MutantOperator : std::uint8_t {
    kDropWhen,         // a rule without its `when`
    kDropExemption,    // … one of its `unless`
    kDropRequirement,  // … one of several `require` and `forbid`
    kDropWarning,      // … the `warn` of its expiry
    kSeverity,         // another severity
    kDropOperand,      // one of the operands of `and`, `or`
    kDropAlternative,  // one side of `else`
    kNegate,           // the opposite of a condition
    kConnective,       // `and` for `or`, or the reverse
    kImplication,      // `implies` turned round, or `and` for it
    kComparison,       // `<` for `<=`, `<` for `>`, `==` for `!=`
    kArithmetic,       // `+` for `-`
    kConstant,         // a number, duration or instant one step up or down; `true` for `false`
    kEnumValue,        // another value of the enumeration
    kDropElement,      // a set without one of its elements
    kPrefix,           // a network one bit wider or narrower
    kSetRelation,      // `has any of`, `has all of`, `has only`
    kQuantifier,       // `any`, `every`, `no`
    kNetworkRelation,  // `within`, `covers`, `overlaps`
    kTextRelation,     // `starts with`, `ends with`
    kAbsentAsUnknown,  // a rule for which an absent field is unknown
    kUnknownAsAbsent,  // a rule for which an unknown field is absent
    kUnknownAsEmpty,   // a rule for which an unknown set is empty
};
[[nodiscard]] std::string_view to_string(MutantOperator op);  // `drop_operand`

// A rule that a mutant decides in another way.
struct MutatedRule {
    ir::RuleId original, copy;              // rules of `Mutants::module`
    std::vector<std::uint16_t> exemptions;  // of each exemption of the copy: which of the original it was
};

struct Mutant {
    std::string id;  // `transfer_needs_ip/negate/1`: stable while the rule, define or parameter named is left alone
    MutantOperator op = MutantOperator::kNegate;
    std::vector<MutatedRule> rules;    // in order; not empty
    ir::FieldId field;                 // of the last three operators
    ir::Span span;                     // what the mistake is about; not valid in a module without source
    std::string before;                // the text there, or in words what it is
    std::optional<std::string> after;  // what would stand there; nothing where no edit of the text says it
    std::string what;                  // in words: `ip_restricted` becomes `not ip_restricted`
};

struct Mutants {
    ir::Module module;          // the original's rules, then copies; no tests, no texts
    std::size_t originals = 0;  // rules of the original
    std::vector<Mutant> all;    // by place in the source

    // The record as the mutant's rules see it; another one only of the operators about fields.
    [[nodiscard]] bool sees_otherwise(const Mutant& mutant, const value::Record& record) const;
    void look(const Mutant& mutant, value::Record& record) const;
};

// Every mutant of `module`. `sources` is where it was read from, or null where there is no text; then texts are written
// from the IR. Linear in the mutants, times the size of the rules that each reaches.
[[nodiscard]] Mutants make_mutants(const ir::Module& module, const base::SourceSet* sources);

}  // namespace keywright::analysis
