// Expressions: names resolved, types checked, presence proved, lowered to IR.
#pragma once

#include "check/context.h"
#include "check/literals.h"

#include <optional>
#include <vector>

namespace keywright::check {

// Lowers expressions of one rule, define or proof. Every function reports what is wrong and then gives an invalid node;
// an invalid operand makes its expression invalid without another report.
class Expressions {
public:
    explicit Expressions(Context& context) : context_(context) {}

    // What holds where the expressions lowered next stand.
    Facts facts;
    // `deadline` is a name here.
    bool deadline = false;
    // Something that could have told what is present is lost to a mistake; so what may be absent isn't reported.
    bool facts_are_lost = false;

    // Any expression. `hint` is the type expected: it tells what bare names and set literals mean.
    ir::NodeId lower(syntax::Cursor expr, const ir::Type* hint = nullptr);
    // A condition: bool and not optional.
    ir::NodeId condition(syntax::Cursor expr);
    // A value of exactly this kind, not optional.
    ir::NodeId of_kind(syntax::Cursor expr, ir::Kind kind, std::string_view what);
    // A template's pieces.
    ir::Template text_template(syntax::Cursor node);

    // May this be what a define names?
    bool may_define(ir::NodeId root);
    // Adds what is known when `node` is true (or false).
    void assume(ir::NodeId node, bool truth);

private:
    ir::NodeId reference(syntax::Cursor node, const ir::Type* hint);
    ir::NodeId field_reference(syntax::Cursor node, ir::FieldId field);
    ir::NodeId define_reference(syntax::Cursor node, std::uint32_t define);
    ir::NodeId literal(syntax::Cursor node);
    ir::NodeId set_literal(syntax::Cursor node, const ir::Type* hint);
    ir::NodeId connective(syntax::Cursor node, ir::Op op);
    ir::NodeId implication(syntax::Cursor node);
    ir::NodeId negation(syntax::Cursor node);
    ir::NodeId quantified(syntax::Cursor node);
    ir::NodeId relation(syntax::Cursor node);
    // `a` is what `left` was lowered to, if it was; then that of `right` is given back, as the next link of a chain
    // needs it.
    ir::NodeId comparison(base::Span span, bool chain, syntax::Cursor left, syntax::Cursor op, syntax::Cursor right,
                          ir::NodeId& a);
    ir::NodeId property(syntax::Cursor node, syntax::Cursor operand, bool negated, syntax::Cursor word);
    ir::NodeId set_relation(syntax::Cursor node, syntax::Cursor left, std::string_view word, syntax::Cursor right);
    ir::NodeId network_relation(syntax::Cursor node, syntax::Cursor left, std::string_view word, syntax::Cursor right);
    ir::NodeId text_relation(syntax::Cursor node, syntax::Cursor left, std::string_view word, syntax::Cursor right);
    ir::NodeId sum(syntax::Cursor node);
    ir::NodeId alternative(syntax::Cursor node, const ir::Type* hint);
    ir::NodeId call(syntax::Cursor node);
    ir::NodeId match(syntax::Cursor node, const ir::Type* hint);

    // Forgets what came to be known since `gained_` had that size; copying all facts instead would make long rules
    // quadratic.
    void forget(std::size_t mark);
    // Lowers two operands of which either may tell what the other means. A valid `a` is the left one already lowered.
    bool pair(syntax::Cursor left, syntax::Cursor right, ir::NodeId& a, ir::NodeId& b,
              bool right_is_set_of_left = false);
    // A bare name that is no value name, or a set literal of such: means nothing without a hint.
    [[nodiscard]] bool needs_hint(syntax::Cursor node) const;
    // A set literal, or a name that some enumeration has as a value.
    [[nodiscard]] bool looks_like_value(syntax::Cursor node) const;
    // Not optional, else reported.
    bool guarded(ir::NodeId node);
    bool not_secret(ir::NodeId node, std::string_view doing);
    ir::NodeId negate(ir::NodeId node, base::Span span);
    ir::NodeId mismatch(base::Span span, std::string message, std::string label = {}, std::string help = {});

    struct Variable {
        std::string_view name;
        std::uint32_t index;
        base::Span span;
        bool used;
    };
    Context& context_;
    std::vector<Variable> variables_;
    std::vector<std::uint32_t> gained_;  // facts in the order in which they came to be known
};

// Lowers the body of a define; it needs to be new.
void lower_define(Context& context, std::uint32_t define);

// The constant that a value node stands for as a value of `type`; mistakes are reported. `allow_masked` as for
// literals.
[[nodiscard]] std::optional<value::Value> constant_of(Context& context, syntax::Cursor value, const ir::Type& type,
                                                      bool allow_masked);

}  // namespace keywright::check
