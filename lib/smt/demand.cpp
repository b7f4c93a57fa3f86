#include "smt/demand.h"

#include "ir/operands.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace keywright::smt {

namespace {

using ir::Kind;
using ir::NodeId;
using ir::Op;

// More slots than these take too long. A network's slot costs far more than an int's.
constexpr std::uint64_t kMostNetworks = 12;
constexpr std::uint64_t kMostTexts = 12;
constexpr std::uint64_t kMostInts = 24;

constexpr std::uint64_t kUnbounded = std::numeric_limits<std::uint32_t>::max();

std::uint64_t times(std::uint64_t a, std::uint64_t b) { return std::min(a * b, kUnbounded); }

// Ways in which a boolean has to come out.
constexpr unsigned kTrueWay = 1;
constexpr unsigned kFalseWay = 2;
constexpr unsigned kBothWays = 3;

unsigned flipped(unsigned ways) { return (ways & 1U) << 1U | ways >> 1U; }

bool has_slots(const ir::Type& type) { return type.kind == Kind::kSet && type.element != Kind::kEnum; }

// What a set expression may be: how many elements its constants have, and whether a field is among them.
struct Sources {
    std::uint64_t constants = 0;
    bool field = false;
};

// A quantifier's variable: how many elements it stands for, kUnbounded where the body has to hold for all of a field's
// set; and how many of its values are none of W's by themselves.
struct Bound {
    std::uint64_t instances = 1;
    std::uint64_t values = 0;
};
using Bounds = std::map<std::uint32_t, Bound>;

class Counter {
public:
    explicit Counter(const ir::Module& module) : module_(module) {}

    void condition(NodeId root, unsigned ways) {
        if (root.valid()) visit(root, ways, {});
    }
    void value(NodeId root) {
        if (root.valid()) visit(root, kBothWays, {});
    }

    std::uint64_t networks = 0, texts = 0, ints = 0;
    std::string reason;

private:
    void need(const ir::Type& set, std::uint64_t elements, std::string_view why) {
        if (elements == 0 || !has_slots(set)) return;
        if (elements >= kUnbounded) {
            if (reason.empty()) reason = why;
            elements = 1;
        }
        std::uint64_t& of = set.element == Kind::kNetwork ? networks : set.element == Kind::kText ? texts : ints;
        of = std::min(of + elements, kUnbounded);
    }

    NodeId plain(NodeId id) const {
        while (module_.node(id).op == Op::kDefine) id = module_.operand_a(id);
        return id;
    }

    const std::set<std::uint32_t>& variables(NodeId id) {
        const auto found = free_.find(id);
        if (found != free_.end()) return found->second;
        std::set<std::uint32_t> out;
        const ir::Node& node = module_.node(id);
        if (node.op == Op::kElement) out.insert(node.a);
        ir::for_each_operand(module_, node, [&](NodeId operand) {
            const std::set<std::uint32_t> inner = variables(operand);
            out.insert(inner.begin(), inner.end());
        });
        if (node.op == Op::kAny || node.op == Op::kEvery || node.op == Op::kNo) out.erase(node.c);
        return free_.emplace(id, std::move(out)).first->second;
    }

    // How often the atom stands in the expanded formula.
    std::uint64_t instances(NodeId id, const Bounds& bounds) {
        std::uint64_t out = 1;
        for (const std::uint32_t variable : variables(id)) {
            if (const auto found = bounds.find(variable); found != bounds.end()) {
                out = times(out, found->second.instances);
            }
        }
        return out;
    }

    Sources sources(NodeId id) const {
        const ir::Node& node = module_.node(id);
        const auto merge = [](Sources a, const Sources& b) {
            return Sources{std::min(a.constants + b.constants, kUnbounded), a.field || b.field};
        };
        if (node.op == Op::kConst) return {size(module_.constant(node.a)), false};
        if (node.op == Op::kParam) return {size(module_.constants[module_.params[node.a].value.index()]), false};
        if (node.op == Op::kField) return {0, true};
        if (node.op == Op::kDefine) return sources(NodeId{node.a});
        if (node.op == Op::kElse) return merge(sources(NodeId{node.a}), sources(NodeId{node.b}));
        if (node.op != Op::kMatch) return {kUnbounded, true};  // nothing else yields a set
        Sources out;
        const auto operands = module_.list(node);
        for (std::size_t i = 1; i < operands.size(); ++i) out = merge(out, sources(operands[i]));
        return out;
    }

    static std::uint64_t size(const value::Value& value) {
        if (const auto* set = std::get_if<value::NetworkSet>(&value)) return set->size();
        if (const auto* set = std::get_if<value::TextSet>(&value)) return set->size();
        if (const auto* set = std::get_if<value::IntSet>(&value)) return set->size();
        return 1;
    }

    // How many values the expression takes that W hasn't got by itself.
    std::uint64_t values(NodeId id, const Bounds& bounds) {
        const ir::Node& node = module_.node(id);
        if (node.op == Op::kElement) {
            const auto found = bounds.find(node.a);
            return found == bounds.end() ? 1 : found->second.values;
        }
        if (node.op == Op::kDefine) return values(NodeId{node.a}, bounds);
        if (node.op == Op::kElse) {
            return std::min(values(NodeId{node.a}, bounds) + values(NodeId{node.b}, bounds), kUnbounded);
        }
        if (node.op != Op::kMatch) return instances(id, bounds);
        std::uint64_t sum = 0;
        const auto operands = module_.list(node);
        for (std::size_t i = 1; i < operands.size(); ++i) sum += values(operands[i], bounds);
        return std::min(sum, kUnbounded);
    }

    // The greatest that an int can be, where its type or its form tells.
    std::int64_t greatest(NodeId id) const {
        id = plain(id);
        const ir::Node& node = module_.node(id);
        const value::Value* constant = nullptr;
        if (node.op == Op::kConst) constant = &module_.constant(node.a);
        if (node.op == Op::kParam) constant = &module_.constants[module_.params[node.a].value.index()];
        if (constant != nullptr) {
            const auto* number = std::get_if<std::int64_t>(constant);
            return number != nullptr ? *number : std::numeric_limits<std::int64_t>::max();
        }
        if (node.op == Op::kField) return module_.schema.fields[node.a].type.max;
        if (node.op == Op::kPrefixLength) return 128;
        if (node.op == Op::kCount) {
            const ir::Type& set = module_.type(NodeId{node.a});
            if (!has_slots(set)) {
                return static_cast<std::int64_t>(module_.enums[set.enumeration.index()].values.size());
            }
        }
        return module_.type(id).max;
    }

    bool counts_slots(NodeId id) const {
        const ir::Node& node = module_.node(plain(id));
        return node.op == Op::kCount && has_slots(module_.type(NodeId{node.a}));
    }

    void comparison(NodeId id, const Bounds& bounds) {
        const ir::Node& node = module_.node(id);
        const NodeId sides[] = {NodeId{node.a}, NodeId{node.b}};
        for (std::size_t i = 0; i < 2; ++i) {
            if (!counts_slots(sides[i])) {
                visit(sides[i], kBothWays, bounds);
                continue;
            }
            const NodeId set{module_.node(plain(sides[i])).a};
            const std::int64_t most = greatest(sides[1 - i]);
            std::uint64_t elements = most < 0 ? 0 : static_cast<std::uint64_t>(most);
            elements = most < 0 ? 1 : elements >= kUnbounded ? kUnbounded : elements + 1;
            need(module_.type(set), times(elements, instances(set, bounds)),
                 "the number of elements of a set is compared with something that has no small bound");
            visit(set, kBothWays, bounds);
        }
    }

    void set_relation(NodeId id, unsigned ways, const Bounds& bounds) {
        const ir::Node& node = module_.node(id);
        const NodeId a{node.a}, b{node.b};
        const ir::Type& type = module_.type(a);
        visit(a, kBothWays, bounds);
        visit(b, kBothWays, bounds);
        if (!has_slots(type)) return;
        if (node.op == Op::kNotEqual || node.op == Op::kHasNone) ways = flipped(ways);
        const std::uint64_t often = instances(id, bounds);
        std::uint64_t elements = 0;
        const bool shares = node.op == Op::kHasAny || node.op == Op::kHasNone;
        if (shares) {
            if ((ways & kTrueWay) != 0) elements += 1;
        } else {
            if ((ways & kFalseWay) != 0) elements += 1;
            if ((ways & kTrueWay) != 0) {
                if (node.op != Op::kHasAll) elements += sources(a).constants;
                if (node.op != Op::kHasOnly) elements += sources(b).constants;
            }
        }
        need(type, times(elements, often), kDepends);
    }

    void quantifier(NodeId id, unsigned ways, const Bounds& bounds) {
        const ir::Node& node = module_.node(id);
        const NodeId set{node.a}, body{node.b};
        const ir::Type& type = module_.type(set);
        visit(set, kBothWays, bounds);
        const std::uint64_t often = instances(id, bounds);
        const auto enter = [&](bool for_every, unsigned body_ways) {
            Bound bound;
            if (!has_slots(type)) {
                bound.instances = times(often, module_.enums[type.enumeration.index()].values.size());
            } else {
                const Sources from = sources(set);
                bound.values = from.constants;
                if (!from.field) {
                    bound.instances = times(often, from.constants);
                } else if (for_every) {
                    bound.instances = kUnbounded;
                } else {
                    bound.instances = often;
                    need(type, often, kDepends);
                }
            }
            Bounds inside = bounds;
            inside[node.c] = bound;
            visit(body, body_ways, inside);
        };
        // Some element fulfils the body (for `every`: fails it), or all others do the opposite.
        const unsigned some_way = node.op == Op::kAny ? kTrueWay : kFalseWay;
        if ((ways & some_way) != 0) enter(false, node.op == Op::kEvery ? kFalseWay : kTrueWay);
        if ((ways & flipped(some_way)) != 0) enter(true, node.op == Op::kEvery ? kTrueWay : kFalseWay);
    }

    bool is_host(NodeId id) const {
        const ir::Node& node = module_.node(plain(id));
        const value::Value* constant = nullptr;
        if (node.op == Op::kConst) constant = &module_.constant(node.a);
        if (node.op == Op::kParam) constant = &module_.constants[module_.params[node.a].value.index()];
        if (constant == nullptr) return false;
        const auto one = [](const value::Network& n) { return n.prefix == (n.family == 4 ? 32 : 128); };
        if (const auto* network = std::get_if<value::Network>(constant)) return one(*network);
        const auto* set = std::get_if<value::NetworkSet>(constant);
        return set != nullptr && std::all_of(set->begin(), set->end(), one);
    }

    void covering(NodeId id, NodeId inner, NodeId outer, unsigned ways, const Bounds& bounds) {
        visit(inner, kBothWays, bounds);
        visit(outer, kBothWays, bounds);
        const ir::Type& in = module_.type(inner);
        const ir::Type& out = module_.type(outer);
        const std::uint64_t often = instances(id, bounds);
        if ((ways & kFalseWay) != 0 && has_slots(in) && sources(inner).field) need(in, often, kDepends);
        if ((ways & kTrueWay) == 0 || !has_slots(out) || !sources(outer).field) return;
        // An address is covered by one block, a block perhaps by many.
        if (is_host(inner)) {
            need(out, times(often, has_slots(in) ? sources(inner).constants : 1), kDepends);
        } else {
            need(out, kUnbounded, "a block may be covered by any number of entries of a set together");
        }
    }

    void visit(NodeId id, unsigned ways, const Bounds& bounds) {
        const ir::Node& node = module_.node(id);
        const NodeId a{node.a}, b{node.b};
        if (variables(id).empty()) {
            unsigned& done = done_[id];
            ways &= ~done;
            if (ways == 0) return;
            done |= ways;
        }
        switch (node.op) {
            case Op::kConst:
            case Op::kParam:
            case Op::kField:
            case Op::kNow:
            case Op::kElement:
            case Op::kDeadline: return;
            case Op::kDefine: return visit(a, ways, bounds);
            case Op::kNot: return visit(a, flipped(ways), bounds);
            case Op::kAnd:
            case Op::kOr:
                for (const NodeId operand : module_.list(node)) visit(operand, ways, bounds);
                return;
            case Op::kImplies:
                visit(a, flipped(ways), bounds);
                visit(b, ways, bounds);
                return;
            case Op::kIsEmpty:
                visit(a, kBothWays, bounds);
                if ((ways & kFalseWay) != 0) need(module_.type(a), instances(id, bounds), kDepends);
                return;
            case Op::kCount:
                visit(a, kBothWays, bounds);
                need(module_.type(a), kUnbounded, "the number of elements of a set is calculated with");
                return;
            case Op::kEqual:
            case Op::kNotEqual:
                if (module_.type(a).kind == Kind::kSet) return set_relation(id, ways, bounds);
                return comparison(id, bounds);
            case Op::kLess:
            case Op::kLessEqual:
            case Op::kGreater:
            case Op::kGreaterEqual: return comparison(id, bounds);
            case Op::kHasAny:
            case Op::kHasAll:
            case Op::kHasNone:
            case Op::kHasOnly: return set_relation(id, ways, bounds);
            case Op::kIn:
                visit(a, kBothWays, bounds);
                visit(b, kBothWays, bounds);
                if ((ways & kTrueWay) != 0) need(module_.type(b), values(a, bounds), kDepends);
                return;
            case Op::kWithin: return covering(id, a, b, ways, bounds);
            case Op::kCovers: return covering(id, b, a, ways, bounds);
            case Op::kOverlaps:
                for (const NodeId side : {a, b}) {
                    visit(side, kBothWays, bounds);
                    const ir::Type& type = module_.type(side);
                    if ((ways & kTrueWay) != 0 && has_slots(type) && sources(side).field) {
                        need(type, instances(id, bounds), kDepends);
                    }
                }
                return;
            case Op::kAny:
            case Op::kEvery:
            case Op::kNo: return quantifier(id, ways, bounds);
            case Op::kElse:
            case Op::kMatch:
            case Op::kAdd:
            case Op::kSubtract:
            case Op::kIsPresent:
            case Op::kIsOpen:
            case Op::kIsPrivate:
            case Op::kPrefixLength:
            case Op::kFamily:
            case Op::kLength:
            case Op::kIsBlank:
            case Op::kStartsWith:
            case Op::kEndsWith:
            case Op::kLike:
            case Op::kHasFact:
                // Truth that is handed on as a value may be asked for either way.
                ir::for_each_operand(module_, node, [&](NodeId operand) { visit(operand, kBothWays, bounds); });
                return;
        }
    }

    static constexpr std::string_view kDepends =
        "what is asked of every element of a set asks for further elements of one";

    const ir::Module& module_;
    std::map<NodeId, std::set<std::uint32_t>> free_;  // variables from outside
    std::map<NodeId, unsigned> done_;                 // ways counted, of what depends on no variable
};

// A rule's parts in the ways in which they have to come out for it to be violated.
void violated(Counter& counter, const ir::Rule& rule, unsigned ways) {
    counter.condition(rule.when, ways);
    for (const ir::Exemption& exemption : rule.exemptions) counter.condition(exemption.condition, flipped(ways));
    counter.condition(rule.requirement, flipped(ways));
    if (rule.expiry) {
        counter.value(rule.expiry->since);
        counter.value(rule.expiry->after);
    }
}

void whole(Counter& counter, const ir::Rule& rule) {
    violated(counter, rule, kBothWays);
    if (rule.expiry) counter.value(rule.expiry->warn_before);
}

void leaf(const logic::Question& question, std::vector<Counter>& counters, const logic::Leaf& leaf, unsigned ways) {
    const ir::Module& module = *question.packs[leaf.pack];
    Counter& counter = counters[leaf.pack];
    switch (leaf.claim) {
        case logic::Claim::kHolds: counter.condition(leaf.node, ways); return;
        case logic::Claim::kOutcome:
            if (leaf.outcome == ir::Outcome::kViolated) {
                violated(counter, module.rules[leaf.rule.index()], ways);
            } else {
                whole(counter, module.rules[leaf.rule.index()]);
            }
            return;
        case logic::Claim::kExempt:
            counter.condition(module.rules[leaf.rule.index()].exemptions[leaf.exemption].condition, ways);
            return;
        case logic::Claim::kWarning: whole(counter, module.rules[leaf.rule.index()]); return;
        case logic::Claim::kVerdict:
            for (const ir::Rule& rule : module.rules) {
                if (rule.severity != Severity::kError) continue;
                violated(counter, rule, leaf.verdict == ir::Verdict::kViolation ? ways : flipped(ways));
            }
            return;
    }
}

}  // namespace

Demand demand_of(const logic::Question& question) {
    std::vector<Counter> counters;
    counters.reserve(question.packs.size());
    for (const ir::Module* module : question.packs) counters.emplace_back(*module);

    std::vector<unsigned> ways(question.terms.size(), 0);
    ways.back() = kTrueWay;
    for (std::size_t i = question.terms.size(); i-- > 0;) {
        const logic::Term& term = question.terms[i];
        if (ways[i] == 0) continue;
        if (term.op == logic::Term::Op::kLeaf) leaf(question, counters, term.leaf, ways[i]);
        for (const std::uint32_t operand : term.operands) {
            ways[operand] |= term.op == logic::Term::Op::kNot ? flipped(ways[i]) : ways[i];
        }
    }

    std::uint64_t networks = 0, texts = 0, ints = 0;
    Demand out;
    for (const Counter& counter : counters) {
        networks += counter.networks;
        texts += counter.texts;
        ints += counter.ints;
        if (out.reason.empty()) out.reason = counter.reason;
    }
    if (out.reason.empty() && (networks > kMostNetworks || texts > kMostTexts || ints > kMostInts)) {
        out.reason = "sets of more elements would have to be looked at than the solver is given";
    }
    out.networks = static_cast<std::uint32_t>(std::min(networks, kMostNetworks));
    out.texts = static_cast<std::uint32_t>(std::min(texts, kMostTexts));
    out.ints = static_cast<std::uint32_t>(std::min(ints, kMostInts));
    return out;
}

}  // namespace keywright::smt
