#include "ir/presence.h"

#include "ir/edit.h"
#include "ir/operands.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace keywright::ir {
namespace {

using Fields = std::set<std::uint32_t>;

// Fields that are there where a condition is true, and where it is false.
struct Told {
    Fields if_true, if_false;
};

Fields unite(Fields a, const Fields& b) {
    a.insert(b.begin(), b.end());
    return a;
}

Fields intersect(const Fields& a, const Fields& b) {
    Fields out;
    std::ranges::set_intersection(a, b, std::inserter(out, out.end()));
    return out;
}

class Check {
public:
    explicit Check(const Module& module) : module_(module) {}

    bool run(const Rule& rule) {
        std::vector<NodeId> roots = roots_of(rule), texts;
        for (const Template* text : {&rule.message, &rule.help}) {
            for (const TemplatePiece& piece : *text) {
                if (piece.node.valid()) texts.push_back(piece.node);
            }
        }
        roots.insert(roots.end(), texts.begin(), texts.end());
        for (const NodeId id : nodes_below(module_, roots)) tell(id);
        for (const NodeId root : roots_of(rule)) {
            if (module_.type(root).optional) return false;
        }
        Fields known;
        if (!walk(rule.when, known)) return false;
        if (rule.when.valid()) known = unite(std::move(known), told_[rule.when.value].if_true);
        for (const Exemption& exemption : rule.exemptions) {
            if (!walk(exemption.condition, known)) return false;
            known = unite(std::move(known), told_[exemption.condition.value].if_false);
        }
        if (!walk(rule.requirement, known)) return false;
        if (rule.expiry && !(walk(rule.expiry->after, known) && walk(rule.expiry->since, known) &&
                             walk(rule.expiry->warn_before, known)))
            return false;
        // Texts are shown where the requirement fails.
        if (rule.requirement.valid()) known = unite(std::move(known), told_[rule.requirement.value].if_false);
        return std::ranges::all_of(texts, [&](NodeId id) { return walk(id, known); });
    }

private:
    [[nodiscard]] FieldId field_meant(NodeId id) const {
        while (module_.node(id).op == Op::kDefine) id = module_.operand_a(id);
        return module_.node(id).op == Op::kField ? FieldId{module_.node(id).a} : FieldId{};
    }

    void tell(NodeId id) {
        const Node& node = module_.node(id);
        Told out;
        if (node.op == Op::kIsPresent) {
            for (FieldId f = field_meant(NodeId{node.a}); f.valid(); f = module_.schema.fields[f.index()].parent)
                out.if_true.insert(f.value);
        } else if (node.op == Op::kNot) {
            out = {told_[node.a].if_false, told_[node.a].if_true};
        } else if (node.op == Op::kDefine) {
            out = told_[node.a];
        } else if (node.op == Op::kImplies) {
            const Told &a = told_[node.a], &b = told_[node.b];
            out = {intersect(a.if_false, b.if_true), unite(a.if_true, b.if_false)};
        } else if (node.op == Op::kAnd || node.op == Op::kOr) {
            bool first = true;
            for (const NodeId operand : module_.list(node)) {
                const Told& one = told_[operand.value];
                if (std::exchange(first, false))
                    out = one;
                else if (node.op == Op::kAnd)
                    out = {unite(std::move(out.if_true), one.if_true), intersect(out.if_false, one.if_false)};
                else
                    out = {intersect(out.if_true, one.if_true), unite(std::move(out.if_false), one.if_false)};
            }
        }
        told_.emplace(id.value, std::move(out));
    }

    // Recursion is bounded by the depth that the checker grants an expression.
    bool walk(NodeId id, const Fields& known) {
        if (!id.valid()) return true;
        const Node& node = module_.node(id);
        switch (node.op) {
            case Op::kField: return reads(FieldId{node.a}, module_.type(id).optional, known);
            case Op::kDefine: {
                const FieldId field = field_meant(id);
                const bool was_tested = module_.type(NodeId{node.a}).optional && !module_.type(id).optional;
                if (was_tested && (!field.valid() || !known.contains(field.value))) return false;
                const auto [at, is_new] = defines_.try_emplace(node.a, true);
                if (is_new) {
                    const bool fine = walk(NodeId{node.a}, {});
                    defines_[node.a] = fine;
                }
                return defines_[node.a];
            }
            case Op::kIsPresent:
            case Op::kElse: {
                const FieldId field = field_meant(NodeId{node.a});
                if (field.valid() && known.contains(field.value)) return false;  // it is never absent here
                break;
            }
            case Op::kAnd:
            case Op::kOr: {
                Fields here = known;
                for (const NodeId operand : module_.list(node)) {
                    if (module_.type(operand).optional || !walk(operand, here)) return false;
                    const Told& one = told_[operand.value];
                    here = unite(std::move(here), node.op == Op::kAnd ? one.if_true : one.if_false);
                }
                return true;
            }
            case Op::kImplies:
                if (module_.type(NodeId{node.a}).optional || module_.type(NodeId{node.b}).optional) return false;
                return walk(NodeId{node.a}, known) && walk(NodeId{node.b}, unite(known, told_[node.a].if_true));
            case Op::kEqual:
            case Op::kNotEqual:
            case Op::kLess:
            case Op::kLessEqual:
            case Op::kGreater:
            case Op::kGreaterEqual:
                if (is_decided(node)) return false;
                break;
            default: break;  // NOLINT: all others just use their operands
        }
        // What may be absent can only be tested, defaulted, or handed on by the arms of a `match`.
        const bool takes_optional = node.op == Op::kIsPresent || node.op == Op::kElse || node.op == Op::kMatch;
        bool fine = true;
        for_each_operand(module_, node, [&](NodeId operand) {
            fine = fine && (takes_optional || !module_.type(operand).optional) && walk(operand, known);
        });
        return fine;
    }

    [[nodiscard]] bool reads(FieldId id, bool as_optional, const Fields& known) const {
        const Field& field = module_.schema.fields[id.index()];
        for (FieldId p = field.parent; p.valid(); p = module_.schema.fields[p.index()].parent) {
            if (module_.schema.fields[p.index()].type.optional && !known.contains(p.value)) return false;
        }
        return as_optional || !field.type.optional || known.contains(id.value);
    }

    // An int comparison that ranges alone decide.
    [[nodiscard]] bool is_decided(const Node& node) const {
        const Type &a = module_.type(NodeId{node.a}), &b = module_.type(NodeId{node.b});
        if (a.kind != Kind::kInt) return false;
        const bool apart = a.max < b.min || b.max < a.min;
        const bool one = a.min == a.max && b.min == b.max && a.min == b.min;
        if (node.op == Op::kEqual || node.op == Op::kNotEqual) return apart || one;
        if (node.op == Op::kLess || node.op == Op::kGreaterEqual) return a.max < b.min || a.min >= b.max;
        return a.max <= b.min || a.min > b.max;
    }

    const Module& module_;
    std::unordered_map<std::uint32_t, Told> told_;
    std::unordered_map<std::uint32_t, bool> defines_;
};

}  // namespace

bool is_acceptable(const Module& module, const Rule& rule) { return Check{module}.run(rule); }

}  // namespace keywright::ir
