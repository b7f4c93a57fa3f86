#include "analysis/obligations.h"

#include "ir/operands.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace keywright::analysis {

using ir::Kind;
using ir::NodeId;
using ir::Op;

namespace {

bool is_quantifier(Op op) { return op == Op::kAny || op == Op::kEvery || op == Op::kNo; }

bool is_order(Op op) {
    return op == Op::kLess || op == Op::kLessEqual || op == Op::kGreater || op == Op::kGreaterEqual;
}

std::set<NodeId> nodes_below(const ir::Module& module, const std::vector<NodeId>& roots) {
    std::set<NodeId> seen;
    std::vector<NodeId> pending;
    for (const NodeId root : roots) {
        if (root.valid()) pending.push_back(root);
    }
    while (!pending.empty()) {
        const NodeId id = pending.back();
        pending.pop_back();
        if (!seen.insert(id).second) continue;
        ir::for_each_operand(module, module.node(id), [&](NodeId operand) { pending.push_back(operand); });
    }
    return seen;
}

// Appends nodes to a module, as the checker would.
class Writer {
public:
    explicit Writer(ir::Module& module) : module_(module) {}

    NodeId node(Op op, Kind kind, NodeId a, NodeId b = {}, std::uint32_t c = 0) {
        return add(op, kind, a.value, b.valid() ? b.value : 0, c);
    }
    NodeId now() { return add(Op::kNow, Kind::kInstant, 0, 0, 0); }
    NodeId constant(Kind kind, value::Value v) {
        module_.constants.push_back(std::move(v));
        return add(Op::kConst, kind, static_cast<std::uint32_t>(module_.constants.size() - 1), 0, 0);
    }
    NodeId all(const std::vector<NodeId>& operands) {
        if (operands.size() == 1) return operands.front();
        const auto first = static_cast<std::uint32_t>(module_.lists.size());
        module_.lists.insert(module_.lists.end(), operands.begin(), operands.end());
        return add(Op::kAnd, Kind::kBool, first, static_cast<std::uint32_t>(operands.size()), 0);
    }
    NodeId present(NodeId id) {
        const auto [at, is_new] = present_.try_emplace(id);
        if (is_new) at->second = node(Op::kIsPresent, Kind::kBool, id);
        return at->second;
    }
    // The smallest step there is between two numbers of the kind, as far as tests are concerned.
    NodeId step(Kind kind) {
        NodeId& known = kind == Kind::kInt ? one_ : second_;
        if (!known.valid()) {
            known =
                kind == Kind::kInt ? constant(Kind::kInt, std::int64_t{1}) : constant(Kind::kDuration, Duration{1, 0});
        }
        return known;
    }

private:
    NodeId add(Op op, Kind kind, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        const auto [type, is_new] = types_.try_emplace(kind);
        if (is_new) {
            ir::Type t;
            t.kind = kind;
            module_.types.push_back(t);
            type->second = ir::TypeId{module_.types.size() - 1};
        }
        module_.nodes.push_back({op, type->second, a, b, c, {}});
        return NodeId{module_.nodes.size() - 1};
    }

    ir::Module& module_;
    std::map<Kind, ir::TypeId> types_;
    std::map<NodeId, NodeId> present_;
    NodeId one_, second_;
};

// What has to be there for a condition to have a value.
class Presences {
public:
    Presences(const ir::Module& module, Writer& writer) : module_(module), writer_(writer) {}

    Presence of(NodeId condition) {
        for (const NodeId id : nodes_below(module_, {condition})) find(id);
        Presence out = strictly(condition);
        std::sort(out.given.begin(), out.given.end());
        out.given.erase(std::unique(out.given.begin(), out.given.end()), out.given.end());
        return out;
    }

private:
    // What has to be there for an operand that is needed: itself, and what it needs.
    [[nodiscard]] Presence strictly(NodeId id) {
        Presence out;
        if (const auto known = needs_.find(id); known != needs_.end()) out = known->second;
        if (may_be_absent_.contains(id)) out.given.push_back(writer_.present(id));
        return out;
    }

    // Operands are looked at first.
    void find(NodeId id) {
        if (!found_.insert(id).second) return;
        const ir::Node node = module_.node(id);
        Presence out;
        const auto take = [&](NodeId operand) {
            Presence p = strictly(operand);
            out.exact = out.exact && p.exact;
            out.given.insert(out.given.end(), p.given.begin(), p.given.end());
        };
        switch (node.op) {
            case Op::kField: {
                ir::FieldId field{node.a};
                for (; field.valid(); field = module_.schema.fields[field.index()].parent) {
                    if (module_.schema.fields[field.index()].type.optional) may_be_absent_.insert(id);
                }
                return;
            }
            case Op::kIsPresent: return;  // asks, and needs nothing
            case Op::kDefine: {
                // Absent where what it stands for is.
                const NodeId a{node.a};
                if (may_be_absent_.contains(a)) may_be_absent_.insert(id);
                if (const auto known = needs_.find(a); known != needs_.end()) out = known->second;
                break;
            }
            case Op::kElse: {
                const NodeId a{node.a}, b{node.b};
                if (may_be_absent_.contains(a) && may_be_absent_.contains(b)) may_be_absent_.insert(id);
                for (const NodeId operand : {a, b}) {
                    const auto known = needs_.find(operand);
                    if (known == needs_.end()) continue;
                    out.given.insert(out.given.end(), known->second.given.begin(), known->second.given.end());
                    out.exact = false;  // only one of the two is asked
                }
                break;
            }
            default: {  // NOLINT: all others need their operands, though some not always
                ir::for_each_operand(module_, node, take);
                const bool partly = node.op == Op::kMatch || node.op == Op::kAnd || node.op == Op::kOr ||
                                    node.op == Op::kImplies || is_quantifier(node.op);
                if (partly && !out.given.empty()) out.exact = false;
                if (node.op == Op::kMatch) {
                    for (const NodeId arm : module_.list(node).subspan(1)) {
                        if (may_be_absent_.contains(arm)) may_be_absent_.insert(id);
                    }
                }
                break;
            }
        }
        if (!out.given.empty()) needs_.emplace(id, std::move(out));
    }

    const ir::Module& module_;
    Writer& writer_;
    std::set<NodeId> found_, may_be_absent_;
    std::map<NodeId, Presence> needs_;  // of nodes that need anything
};

// A comparison, and the quantifiers around it, outermost first.
struct Comparison {
    NodeId node;
    std::vector<NodeId> around;
};

std::vector<Comparison> comparisons_below(const ir::Module& module, NodeId root) {
    struct Path {
        NodeId quantifier;
        std::size_t before;
    };
    constexpr std::size_t kNone = 0;
    std::vector<Path> paths(1);
    std::vector<std::pair<NodeId, std::size_t>> pending{{root, kNone}};
    std::set<NodeId> seen;
    std::vector<Comparison> out;
    while (!pending.empty()) {
        const auto [id, path] = pending.back();
        pending.pop_back();
        if (!seen.insert(id).second) continue;
        const ir::Node& node = module.node(id);
        if (is_order(node.op)) {
            Comparison found{id, {}};
            for (std::size_t at = path; at != kNone; at = paths[at].before)
                found.around.insert(found.around.begin(), paths[at].quantifier);
            out.push_back(std::move(found));
        }
        std::size_t inner = path;
        if (is_quantifier(node.op)) {
            paths.push_back({id, path});
            inner = paths.size() - 1;
        }
        std::vector<std::pair<NodeId, std::size_t>> operands;
        ir::for_each_operand(module, node, [&](NodeId operand) {
            const bool is_body = is_quantifier(node.op) && operand.value == node.b;
            operands.emplace_back(operand, is_body ? inner : path);
        });
        pending.insert(pending.end(), operands.rbegin(), operands.rend());
    }
    return out;
}

class Builder {
public:
    explicit Builder(Obligations& out) : out_(out), module_(out.module), writer_(out.module) {}

    void rule(ir::RuleId id) {
        const ir::Rule& rule = module_.rules[id.index()];
        whole(id, rule);
        if (rule.when.valid()) decision({DecisionPoint::Part::kWhen, id, 0, rule.when, {}});
        for (std::uint32_t i = 0; i < rule.exemptions.size(); ++i)
            decision({DecisionPoint::Part::kUnless, id, i, rule.exemptions[i].condition, {}});
        if (rule.requirement.valid()) decision({DecisionPoint::Part::kRequire, id, 0, rule.requirement, {}});
        if (rule.expiry) expiry(id, *rule.expiry);
    }

private:
    static constexpr Side kSides[] = {Side::kBelow, Side::kAt, Side::kAbove};

    std::uint32_t goal(const Goal& goal) {
        out_.goals.push_back(goal);
        return static_cast<std::uint32_t>(out_.goals.size() - 1);
    }
    void add(Obligation obligation, const Goal& only) {
        obligation.ways = {{goal(only)}};
        out_.all.push_back(std::move(obligation));
    }

    void whole(ir::RuleId id, const ir::Rule& rule) {
        Obligation o;
        o.rule = id;
        o.span = rule.span;
        Goal g;
        g.rule = id;
        add(o, g);
        o.duty = Duty::kOutcome;
        const auto outcome = [&](ir::Outcome wanted) {
            g.kind = Goal::Kind::kOutcome;
            o.outcome = g.outcome = wanted;
            add(o, g);
        };
        outcome(ir::Outcome::kPass);
        outcome(ir::Outcome::kViolated);
        if (rule.expiry && rule.expiry->warn_before.valid()) {
            Obligation warning = o;
            warning.outcome = ir::Outcome::kPass;
            warning.warning = true;
            warning.span = rule.expiry->span;
            Goal warns = g;
            warns.kind = Goal::Kind::kWarning;
            add(std::move(warning), warns);
        }
        for (std::uint32_t i = 0; i < rule.exemptions.size(); ++i) {
            o.exemption = g.exemption = i;
            o.span = rule.exemptions[i].span;
            outcome(ir::Outcome::kExempt);
        }
        o.span = rule.span;
        o.exemption = g.exemption = 0;
        if (rule.when.valid()) outcome(ir::Outcome::kNotApplicable);
        outcome(ir::Outcome::kUndetermined);
    }

    void decision(DecisionPoint point) {
        point.skeleton = Skeleton{module_, point.root};
        const auto number = static_cast<std::uint32_t>(out_.points.size());
        const std::vector<NodeId> conditions = point.skeleton.conditions();
        std::vector<Presence> presence;
        for (const NodeId condition : conditions) presence.push_back(presence_of(condition));
        Obligation o;
        o.rule = point.rule;
        o.point = number;
        Goal g;
        g.rule = point.rule;
        g.point = number;
        for (std::uint32_t c = 0; c < conditions.size(); ++c) {
            o.duty = Duty::kCondition;
            o.subject = conditions[c];
            o.span = module_.node(conditions[c]).span;
            g.kind = Goal::Kind::kSide;
            g.condition = c;
            for (const bool value : {true, false}) {
                o.side = value ? Side::kTrue : Side::kFalse;
                g.value = value;
                add(o, g);
            }
            decides(o, g, point.skeleton.polarity(c));
        }
        for (const Comparison& comparison : comparisons_below(module_, point.root)) {
            o.duty = Duty::kBoundary;
            o.subject = comparison.node;
            o.span = module_.node(comparison.node).span;
            boundary(o, g, comparison);
        }
        out_.points.push_back(std::move(point));
        out_.presence.push_back(std::move(presence));
    }

    void decides(Obligation o, Goal g, Skeleton::Polarity polarity) {
        o.duty = Duty::kDecides;
        o.side = Side::kNone;
        g.kind = Goal::Kind::kDecides;
        for (const bool positive : {true, false}) {
            if (positive ? !polarity.positive : !polarity.negative) continue;
            g.positive = positive;
            std::vector<std::uint32_t> pair;
            for (const bool value : {true, false}) {
                g.value = value;
                pair.push_back(goal(g));
            }
            o.ways.push_back(std::move(pair));
        }
        out_.all.push_back(std::move(o));
    }

    void boundary(Obligation o, Goal g, const Comparison& comparison) {
        const ir::Node node = module_.node(comparison.node);
        const Presence presence = presence_of(comparison.node);
        for (const Side side : kSides) {
            std::vector<NodeId> all = presence.given;
            all.push_back(near(NodeId{node.a}, NodeId{node.b}, side));
            NodeId root = writer_.all(all);
            for (std::size_t i = comparison.around.size(); i-- > 0;) {
                const ir::Node around = module_.node(comparison.around[i]);
                root = writer_.node(Op::kAny, Kind::kBool, NodeId{around.a}, root, around.c);
            }
            hold(o, g, root, side);
        }
    }

    void expiry(ir::RuleId id, const ir::Expiry& expiry) {
        const NodeId now = writer_.now();
        const NodeId deadline = writer_.node(Op::kAdd, Kind::kInstant, expiry.since, expiry.after);
        instant(DecisionPoint::Part::kDeadline, id, expiry, now, deadline);
        if (!expiry.warn_before.valid()) return;
        instant(DecisionPoint::Part::kWarning, id, expiry, now,
                writer_.node(Op::kSubtract, Kind::kInstant, deadline, expiry.warn_before));
    }

    void instant(DecisionPoint::Part part, ir::RuleId id, const ir::Expiry& expiry, NodeId now, NodeId at) {
        Obligation o;
        o.duty = Duty::kBoundary;
        o.rule = id;
        o.point = static_cast<std::uint32_t>(out_.points.size());
        o.span = expiry.span;
        Goal g;
        g.rule = id;
        g.point = o.point;
        for (const Side side : kSides) hold(o, g, near(now, at, side), side);
        DecisionPoint point;
        point.part = part;
        point.rule = id;
        out_.points.push_back(std::move(point));
        out_.presence.emplace_back();
    }

    void hold(Obligation& o, Goal& g, NodeId node, Side side) {
        g.kind = Goal::Kind::kHolds;
        g.node = node;
        o.side = side;
        add(o, g);
    }

    // a is just below b, equal to it, or just above it.
    NodeId near(NodeId a, NodeId b, Side side) {
        if (side == Side::kAt) return writer_.node(Op::kEqual, Kind::kBool, a, b);
        const NodeId lesser = side == Side::kBelow ? a : b, greater = side == Side::kBelow ? b : a;
        const Kind kind = module_.type(lesser).kind;
        const NodeId next = writer_.node(Op::kAdd, kind, lesser, writer_.step(kind));
        if (kind == Kind::kInt) return writer_.node(Op::kEqual, Kind::kBool, next, greater);
        return writer_.all({writer_.node(Op::kLess, Kind::kBool, lesser, greater),
                            writer_.node(Op::kGreaterEqual, Kind::kBool, next, greater)});
    }

    const Presence& presence_of(NodeId condition) {
        const auto [at, is_new] = presence_.try_emplace(condition);
        if (is_new) at->second = presences_.of(condition);
        return at->second;
    }

    Obligations& out_;
    ir::Module& module_;
    Writer writer_;
    Presences presences_{module_, writer_};
    std::map<NodeId, Presence> presence_;
};

}  // namespace

std::vector<NodeId> roots_of(const ir::Rule& rule) {
    std::vector<NodeId> out{rule.when, rule.requirement};
    for (const ir::Exemption& e : rule.exemptions) out.push_back(e.condition);
    if (rule.expiry) out.insert(out.end(), {rule.expiry->since, rule.expiry->after, rule.expiry->warn_before});
    std::erase_if(out, [](NodeId id) { return !id.valid(); });
    return out;
}

std::vector<ir::FieldId> fields_below(const ir::Module& module, const std::vector<NodeId>& roots) {
    std::set<ir::FieldId> out;
    for (const NodeId id : nodes_below(module, roots)) {
        if (module.node(id).op != Op::kField) continue;
        for (ir::FieldId field{module.node(id).a}; field.valid(); field = module.schema.fields[field.index()].parent)
            out.insert(field);
    }
    return {out.begin(), out.end()};
}

Obligations::Obligations(const ir::Module& of) : module(of) {
    Builder builder{*this};
    for (std::size_t i = 0; i < module.rules.size(); ++i) builder.rule(ir::RuleId{i});
}

}  // namespace keywright::analysis
