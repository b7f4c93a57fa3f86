// The compiled evaluator: a module's rules as one flat list of instructions over registers, common subexpressions
// computed once. Deciding allocates nothing, does not recurse, and takes time bounded by the program and, under
// quantifiers, by the number of set elements.
#pragma once

#include "eval/decision.h"

#include <memory>
#include <span>

namespace keywright::eval {

class Program {
public:
    // Compiles every rule of `module`, which must outlive the program. Linear in the module's nodes.
    explicit Program(const ir::Module& module);
    ~Program();
    Program(Program&&) noexcept;
    Program& operator=(Program&&) noexcept;

    // Registers of one evaluation; reusable, one for each thread.
    class Scratch {
    public:
        Scratch();
        ~Scratch();
        Scratch(Scratch&&) noexcept;
        Scratch& operator=(Scratch&&) noexcept;

    private:
        friend class Program;
        struct Registers;
        std::unique_ptr<Registers> registers_;
    };
    [[nodiscard]] Scratch make_scratch() const;

    // Decides `record` at `now` into `out`, which holds one element for each rule. Const and thread-safe with one
    // scratch a thread. Same result as `decide_reference`.
    void decide(const value::Record& record, Instant now, Scratch& scratch, std::span<RuleDecision> out) const;

    // Decides one rule, as `decide` does; of the others only what they share with it, and whether they apply, is
    // computed. Allocates only where the scratch decided another rule, or none, before.
    [[nodiscard]] RuleDecision decide_rule(const value::Record& record, Instant now, Scratch& scratch,
                                           ir::RuleId rule) const;

    [[nodiscard]] std::size_t instruction_count() const;
    // One line an instruction, for tests and people.
    [[nodiscard]] std::string dump() const;

private:
    struct Code;
    std::unique_ptr<Code> code_;
};

}  // namespace keywright::eval
