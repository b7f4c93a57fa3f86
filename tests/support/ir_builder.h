// Builds modules for tests directly as IR, without rule text:
//
//     IrBuilder b;
//     const auto usage = b.field("usage", b.one_of({"api_trading", "third_party"}));
//     const auto linked = b.binary(Op::kEqual, b.read(usage), b.value(usage_type, EnumValue{1}));
//     b.rule("r", linked, {}, requirement);
//     ir::Module module = b.take();
//
// Nodes are appended in post-order, as the checker does it. Nothing is checked: the test says what is well-typed.
#pragma once

#include "ir/ir.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace keywright::test {

using ir::Kind;
using ir::NodeId;
using ir::Op;
using ir::Type;

class IrBuilder {
public:
    IrBuilder() { module_.enums.push_back({{"ipv4", "ipv6"}}); }

    // --- types
    // ------------------------------------------------------------------------------------------------------------
    static Type type(Kind kind) {
        Type t;
        t.kind = kind;
        return t;
    }
    static Type int_type(std::int64_t min, std::int64_t max) {
        Type t = type(Kind::kInt);
        t.min = min;
        t.max = max;
        return t;
    }
    static Type set_of(Kind element) {
        Type t = type(Kind::kSet);
        t.element = element;
        return t;
    }
    static Type optional(Type t) {
        t.optional = true;
        return t;
    }
    Type one_of(std::vector<std::string> values) {
        Type t = type(Kind::kEnum);
        t.enumeration = enumeration(std::move(values));
        return t;
    }
    Type set_of_enum(std::vector<std::string> values) {
        Type t = set_of(Kind::kEnum);
        t.enumeration = enumeration(std::move(values));
        return t;
    }
    ir::EnumId enumeration(std::vector<std::string> values) {
        for (std::size_t i = 0; i < module_.enums.size(); ++i) {
            if (module_.enums[i].values == values) return ir::EnumId{i};
        }
        module_.enums.push_back({std::move(values)});
        return ir::EnumId{module_.enums.size() - 1};
    }
    static Type family_type() {
        Type t = type(Kind::kEnum);
        t.enumeration = ir::EnumId{0};
        return t;
    }

    // --- schema
    // -----------------------------------------------------------------------------------------------------------
    ir::FieldId field(const std::string& name, Type t, ir::FieldId parent = {}) {
        ir::Field f;
        f.member = name;
        f.name = parent.valid() ? module_.schema.fields[parent.index()].name + '.' + name : name;
        f.pointer = (parent.valid() ? module_.schema.fields[parent.index()].pointer : std::string{}) + '/' + name;
        f.type = t;
        f.parent = parent;
        module_.schema.fields.push_back(std::move(f));
        return ir::FieldId{module_.schema.fields.size() - 1};
    }
    static ir::AssumeTerm term(ir::FieldId field) { return {field, false, {}}; }
    static ir::AssumeTerm term_now() { return {{}, true, {}}; }
    ir::AssumeTerm term(value::Value constant) { return {{}, false, add_constant(std::move(constant))}; }
    void assume(ir::AssumeTerm lesser, ir::AssumeTerm greater, bool strict = false) {
        module_.schema.assumptions.push_back({lesser, greater, strict, {}});
    }

    // --- expressions
    // ------------------------------------------------------------------------------------------------------
    NodeId value(Type t, value::Value v) { return node(Op::kConst, t, add_constant(std::move(v)).value); }
    NodeId value(bool v) { return value(type(Kind::kBool), v); }
    NodeId value(std::int64_t v) { return value(type(Kind::kInt), v); }
    NodeId value(Instant v) { return value(type(Kind::kInstant), v); }
    NodeId value(Duration v) { return value(type(Kind::kDuration), v); }
    NodeId text(std::string v) { return value(type(Kind::kText), std::move(v)); }
    NodeId param(const std::string& name, Type t, value::Value v) {
        ir::Param p;
        p.name = name;
        p.type = t;
        p.value = p.declared_value = add_constant(std::move(v));
        module_.params.push_back(std::move(p));
        return node(Op::kParam, t, static_cast<std::uint32_t>(module_.params.size() - 1));
    }
    NodeId read(ir::FieldId f) { return node(Op::kField, module_.schema.fields[f.index()].type, f.value); }
    NodeId now() { return node(Op::kNow, type(Kind::kInstant)); }
    NodeId unary(Op op, NodeId a) { return node(op, result_type(op, a), a.value); }
    NodeId binary(Op op, NodeId a, NodeId b) { return node(op, result_type(op, a, b), a.value, b.value); }
    NodeId negation(NodeId a) { return unary(Op::kNot, a); }
    NodeId present(NodeId a) { return unary(Op::kIsPresent, a); }
    NodeId list(Op op, std::vector<NodeId> operands) {
        const auto first = static_cast<std::uint32_t>(module_.lists.size());
        const auto size = static_cast<std::uint32_t>(operands.size());
        Type t = type(Kind::kBool);
        if (op == Op::kMatch) {
            t = type_of(operands[1]);
            for (std::size_t i = 1; i < operands.size(); ++i) t = hull(t, type_of(operands[i]));
        }
        module_.lists.insert(module_.lists.end(), operands.begin(), operands.end());
        return node(op, t, first, size);
    }
    NodeId all(std::vector<NodeId> operands) { return list(Op::kAnd, std::move(operands)); }
    NodeId some(std::vector<NodeId> operands) { return list(Op::kOr, std::move(operands)); }
    NodeId has_fact(NodeId a, value::SecretFact fact) {
        return node(Op::kHasFact, type(Kind::kBool), a.value, static_cast<std::uint32_t>(fact));
    }
    // `body` gets the element.
    NodeId quantifier(Op op, NodeId set, const std::function<NodeId(NodeId)>& body) {
        const Type of = type_of(set);
        Type element = type(of.element);
        element.enumeration = of.enumeration;
        if (of.element == Kind::kInt) {
            element.min = of.min;
            element.max = of.max;
        }
        const auto variable = static_cast<std::uint32_t>(module_.variables.size());
        module_.variables.push_back(element);
        const NodeId inside = body(node(Op::kElement, element, variable));
        return node(op, type(Kind::kBool), set.value, inside.value, variable);
    }
    NodeId define(const std::string& name, NodeId root) {
        ir::Define d;
        d.name = name;
        d.root = root;
        module_.defines.push_back(std::move(d));
        return node(Op::kDefine, type_of(root), root.value, static_cast<std::uint32_t>(module_.defines.size() - 1));
    }

    // --- rules
    // ------------------------------------------------------------------------------------------------------------
    ir::Rule& rule(const std::string& name, NodeId when, const std::vector<NodeId>& exemptions, NodeId requirement) {
        ir::Rule r;
        r.name = name;
        r.when = when;
        for (const NodeId condition : exemptions) {
            ir::Exemption e;
            e.condition = condition;
            r.exemptions.push_back(std::move(e));
        }
        r.requirement = requirement;
        r.message.push_back({name, {}});
        module_.rules.push_back(std::move(r));
        return module_.rules.back();
    }
    ir::Rule& expire(const std::string& name, NodeId when, const std::vector<NodeId>& exemptions, NodeId after,
                     NodeId since, NodeId warn_before = {}) {
        ir::Rule& r = rule(name, when, exemptions, {});
        r.expiry = ir::Expiry{after, since, warn_before, {}};
        return r;
    }

    [[nodiscard]] const Type& type_of(NodeId id) const { return module_.type(id); }
    [[nodiscard]] const ir::Module& module() const { return module_; }
    [[nodiscard]] ir::Module take() { return std::move(module_); }

private:
    NodeId node(Op op, Type t, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0) {
        const auto found = std::find(module_.types.begin(), module_.types.end(), t);
        const ir::TypeId id{static_cast<std::size_t>(found - module_.types.begin())};
        if (found == module_.types.end()) module_.types.push_back(t);
        module_.nodes.push_back({op, id, a, b, c, {}});
        return NodeId{module_.nodes.size() - 1};
    }
    ir::ConstId add_constant(value::Value v) {
        module_.constants.push_back(std::move(v));
        return ir::ConstId{module_.constants.size() - 1};
    }

    // The type that holds the values of both.
    static Type hull(Type a, const Type& b) {
        a.optional = a.optional || b.optional;
        a.min = std::min(a.min, b.min);
        a.max = std::max(a.max, b.max);
        return a;
    }
    Type result_type(Op op, NodeId a, NodeId b = {}) const {
        Type left = type_of(a);
        if (op == Op::kElse) {
            left.optional = false;
            return hull(left, type_of(b));
        }
        if (op == Op::kAdd || op == Op::kSubtract) {
            const Kind right = type_of(b).kind;
            if (left.kind == Kind::kInstant && right == Kind::kInstant) return type(Kind::kDuration);
            return type(right == Kind::kInstant ? right : left.kind);
        }
        if (op == Op::kCount || op == Op::kPrefixLength || op == Op::kLength) return type(Kind::kInt);
        if (op == Op::kFamily) return family_type();
        return type(Kind::kBool);  // every other operator asks a question
    }

    ir::Module module_;
};

}  // namespace keywright::test
