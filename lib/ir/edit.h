// Variants of a module: nodes are appended, never changed, so that what was there keeps its meaning and its numbers.
//
// A new node refers to older ones only, so the order of nodes stays that of operands before operators.
#pragma once

#include "ir/ir.h"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace keywright::ir {

// Appends to a module, which must outlive it.
class Editor {
public:
    explicit Editor(Module& module) : module_(module) {}

    NodeId add(const Node& node);
    NodeId add_list(Op op, TypeId type, Span span, const std::vector<NodeId>& operands);
    // A constant whose type is that of `like`; of an int the range is its value alone.
    NodeId add_constant(value::Value value, const Type& like, Span span);
    TypeId intern(const Type& type);

private:
    Module& module_;
};

// Puts nodes in the place of others, wherever they stand below a root; definitions that hold one are copied. Roots that
// are given one after the other share what was copied. Linear in the nodes below a root.
class Replacement {
public:
    Replacement(Module& module, const std::vector<std::pair<NodeId, NodeId>>& nodes);

    // `root` itself where nothing below it is replaced.
    NodeId operator()(NodeId root);
    // When, exemptions, requirement and expiry; texts are left as they are.
    Rule operator()(const Rule& rule);

private:
    Module& module_;
    std::unordered_map<std::uint32_t, NodeId> now_;
};

// What a rule's outcome is computed from, in the order of its clauses.
[[nodiscard]] std::vector<NodeId> roots_of(const Rule& rule);

// Every node below `roots`, each once, operands before what reads them.
[[nodiscard]] std::vector<NodeId> nodes_below(const Module& module, const std::vector<NodeId>& roots);

// A module that decides as `rules` of `module` do, in that order, and holds only what they need: no tests, texts or
// documents. Fields keep their numbers. Linear in what is kept.
[[nodiscard]] Module excerpt(const Module& module, std::span<const RuleId> rules);

// An expression as it may be written in a rule file.
[[nodiscard]] std::string to_source(const Module& module, NodeId root);

// A value as it may be written in a rule file; nothing of a secret is.
[[nodiscard]] std::string to_literal(const Module& module, const Type& type, const value::Value& value);

// How tightly an expression binds when it is written, for comparing: a number that is greater for what binds tighter.
[[nodiscard]] int binding(const Module& module, NodeId id);
// What the operands of `and` bind at least.
[[nodiscard]] int binding_of_condition();

}  // namespace keywright::ir
