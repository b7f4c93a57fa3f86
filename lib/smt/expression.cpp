// Expressions as terms: what lib/eval/reference.cpp and operations.cpp say of values that are there.
#include "base/text.h"
#include "ir/operands.h"
#include "smt/encode.h"

#include <algorithm>
#include <bit>
#include <set>

namespace keywright::smt {

namespace {

using ir::Kind;
using ir::NodeId;
using ir::Op;

}  // namespace

Expressions::Expressions(Builder& builder, Variables& variables, const ir::Module& module, std::uint32_t pack)
    : builder_(builder), variables_(variables), module_(module), pack_(pack) {}

void Expressions::prepare(NodeId root) {
    if (done_.contains(root) || free_.contains(root)) return;
    // Operands have lower numbers, so in ascending order each finds its own done.
    std::set<NodeId> reached;
    std::vector<NodeId> pending{root};
    while (!pending.empty()) {
        const NodeId id = pending.back();
        pending.pop_back();
        if (done_.contains(id) || free_.contains(id) || !reached.insert(id).second) continue;
        ir::for_each_operand(module_, module_.node(id), [&](NodeId operand) { pending.push_back(operand); });
    }
    for (const NodeId id : reached) {
        const ir::Node& node = module_.node(id);
        std::set<std::uint32_t> reads;
        if (node.op == Op::kElement) reads.insert(node.a);
        const bool binds = node.op == Op::kAny || node.op == Op::kEvery || node.op == Op::kNo;
        ir::for_each_operand(module_, node, [&](NodeId operand) {
            const auto found = free_.find(operand);
            if (found == free_.end()) return;
            for (const std::uint32_t variable : found->second) {
                if (!binds || operand.value != node.b || variable != node.c) reads.insert(variable);
            }
        });
        if (reads.empty()) {
            done_.emplace(id, compute(id));
        } else {
            free_.emplace(id, std::vector<std::uint32_t>{reads.begin(), reads.end()});
        }
    }
}

Truth Expressions::truth(NodeId root) {
    if (!root.valid()) return {builder_.truth(true), builder_.truth(false)};
    prepare(root);
    return truth_at(root);
}

Value Expressions::value(NodeId root) {
    prepare(root);
    return at(root);
}

Value Expressions::at(NodeId id) {
    const auto found = done_.find(id);
    return found != done_.end() ? found->second : compute(id);
}

Truth Expressions::truth_at(NodeId id) {
    const Value v = at(id);
    const expr there = builder_.both(v.known, v.present);
    return {builder_.both(there, v.parts[0]), builder_.both(there, v.parts[1])};
}

Value Expressions::whole(const Truth& truth) {
    return {builder_.truth(true), builder_.truth(true), {truth.yes, truth.no}, {}};
}

Value Expressions::answer(const Terms& guards, const expr& truth) {
    const expr guard = builder_.all(guards);
    return whole({builder_.both(guard, truth), builder_.both(guard, builder_.negation(truth))});
}

Value Expressions::number(const Terms& guards, const expr& number) {
    return {builder_.all(guards), builder_.truth(true), {number}, {}};
}

// Neither true nor false: the query answers with `reason` unless the formula holds or fails without it.
Value Expressions::not_encoded(std::string reason) {
    if (reason_.empty()) reason_ = std::move(reason);
    return whole({builder_.truth(false), builder_.truth(false)});
}

Value Expressions::constant(const ir::Type& type, const value::Value& value) {
    Value out{builder_.truth(true), builder_.truth(true), {}, {}};
    struct Describe {
        Builder& builder;
        const ir::Module& module;
        const ir::Type& type;
        Value& out;

        void number(value::Nanos n) const { out.parts.push_back(builder.number(n)); }
        void operator()(bool v) const { out.parts = {builder.truth(v), builder.truth(!v)}; }
        void operator()(std::int64_t v) const { number(v); }
        void operator()(const std::string& v) const { out.parts.push_back(builder.text(v)); }
        void operator()(value::EnumValue v) const { number(v.index); }
        void operator()(value::EnumSet v) const {
            const std::size_t size = module.enums[type.enumeration.index()].values.size();
            for (std::size_t i = 0; i < size; ++i) out.parts.push_back(builder.truth((v.bits >> i & 1U) != 0));
        }
        void operator()(const value::Network& v) const { out.parts = builder.network(v); }
        void operator()(const value::NetworkSet& v) const {
            for (const value::Network& n : v) out.entries.push_back({builder.truth(true), builder.network(n)});
        }
        void operator()(const value::TextSet& v) const {
            for (const std::string& s : v) out.entries.push_back({builder.truth(true), {builder.text(s)}});
        }
        void operator()(const value::IntSet& v) const {
            for (const std::int64_t n : v) out.entries.push_back({builder.truth(true), {builder.number(n)}});
        }
        void operator()(Instant v) const { number(value::to_nanos(v)); }
        void operator()(Duration v) const { number(value::to_nanos(v)); }
        void operator()(const value::SecretFacts& /*v*/) const { out.known = builder.truth(false); }
    };
    std::visit(Describe{builder_, module_, type, out}, value);
    return out;
}

// The value of the case that holds; exactly one does.
Value Expressions::select(const std::vector<std::pair<expr, Value>>& cases) {
    Value out = cases.back().second;
    out.entries.clear();
    for (std::size_t i = cases.size() - 1; i-- > 0;) {
        const auto& [condition, value] = cases[i];
        out.known = builder_.choose(condition, value.known, out.known);
        out.present = builder_.choose(condition, value.present, out.present);
        for (std::size_t k = 0; k < out.parts.size(); ++k) {
            out.parts[k] = builder_.choose(condition, value.parts[k], out.parts[k]);
        }
    }
    for (const auto& [condition, value] : cases) {
        for (const Entry& entry : value.entries) {
            out.entries.push_back({builder_.both(condition, entry.in), entry.element});
        }
    }
    return out;
}

// The elements of a set, or of a single value seen as a set of one.
std::vector<Entry> Expressions::elements(const ir::Type& type, const Value& value) {
    if (type.kind != Kind::kSet) return {{builder_.truth(true), value.parts}};
    if (type.element != Kind::kEnum) return value.entries;
    std::vector<Entry> out;
    for (std::size_t i = 0; i < value.parts.size(); ++i) {
        out.push_back({value.parts[i], {builder_.number(static_cast<value::Nanos>(i))}});
    }
    return out;
}

expr Expressions::member(const Terms& element, const std::vector<Entry>& of) {
    Terms found;
    for (const Entry& entry : of) found.push_back(builder_.both(entry.in, builder_.equal(entry.element, element)));
    return builder_.some(found);
}

expr Expressions::subset(const ir::Type& type, const Value& a, const Value& b) {
    Terms all;
    if (type.element == Kind::kEnum) {
        for (std::size_t i = 0; i < a.parts.size(); ++i) all.push_back(builder_.implies(a.parts[i], b.parts[i]));
    } else {
        for (const Entry& entry : a.entries)
            all.push_back(builder_.implies(entry.in, member(entry.element, b.entries)));
    }
    return builder_.all(all);
}

expr Expressions::shares(const ir::Type& type, const Value& a, const Value& b) {
    Terms some;
    if (type.element == Kind::kEnum) {
        for (std::size_t i = 0; i < a.parts.size(); ++i) some.push_back(builder_.both(a.parts[i], b.parts[i]));
    } else {
        for (const Entry& entry : a.entries) some.push_back(builder_.both(entry.in, member(entry.element, b.entries)));
    }
    return builder_.some(some);
}

// Every address of `inner` is in some block of `outer`. Of two blocks one lies in the other or they are apart. So
// either one block covers `inner`, or those inside it that lie in no other one fill it: their sizes add up to its own.
// `outermost` tells of each block whether it is in the set and lies in no other one.
expr Expressions::covered(const Terms& inner, const std::vector<Entry>& outer, const Terms& outermost) {
    z3::context& z3 = builder_.context();
    const auto size = [&](const Terms& network) {
        return z3::zext(builder_.host_mask(network), 1) + z3.bv_val(1, 129);
    };
    Terms ways;
    for (const Entry& entry : outer) ways.push_back(builder_.both(entry.in, builder_.covers(entry.element, inner)));
    if (outer.size() > 1) {
        expr filled = z3.bv_val(0, 129);
        for (std::size_t i = 0; i < outer.size(); ++i) {
            const expr counts = builder_.both(outermost[i], builder_.covers(inner, outer[i].element));
            if (!counts.is_false())
                filled = filled + builder_.choose(counts, size(outer[i].element), z3.bv_val(0, 129));
        }
        ways.push_back(filled == size(inner));
    }
    return builder_.some(ways);
}

expr Expressions::within(const std::vector<Entry>& inner, const std::vector<Entry>& outer) {
    Terms outermost;
    for (const Entry& entry : outer) {
        Terms apart{entry.in};
        for (const Entry& other : outer) {
            if (&other == &entry) continue;
            apart.push_back(builder_.negation(builder_.both(other.in, builder_.covers(other.element, entry.element))));
        }
        outermost.push_back(builder_.all(apart));
    }
    Terms all;
    for (const Entry& entry : inner) {
        all.push_back(builder_.implies(entry.in, covered(entry.element, outer, outermost)));
    }
    return builder_.all(all);
}

// The body, or its negation, holds for some element.
Truth Expressions::any(const ir::Node& node, bool negated) {
    const NodeId set_node{node.a}, body{node.b};
    const Value set = at(set_node);
    const expr there = builder_.both(set.known, set.present);
    Terms yes, no;
    for (const Entry& entry : elements(module_.type(set_node), set)) {
        Value element{builder_.truth(true), builder_.truth(true), entry.element, {}};
        bound_.insert_or_assign(node.c, element);
        Truth holds = truth_at(body);
        if (negated) std::swap(holds.yes, holds.no);
        yes.push_back(builder_.both(entry.in, holds.yes));
        no.push_back(builder_.either(builder_.negation(entry.in), holds.no));
    }
    return {builder_.both(there, builder_.some(yes)), builder_.both(there, builder_.all(no))};
}

Value Expressions::like(const Value& text, NodeId pattern_node) {
    while (module_.node(pattern_node).op == Op::kDefine) pattern_node = module_.operand_a(pattern_node);
    const ir::Node& node = module_.node(pattern_node);
    const value::Value* constant = nullptr;
    if (node.op == Op::kConst) constant = &module_.constant(node.a);
    if (node.op == Op::kParam) constant = &module_.constants[module_.params[node.a].value.index()];
    if (constant == nullptr) return not_encoded("a pattern is not a constant");
    const std::string& pattern = std::get<std::string>(*constant);

    z3::context& z3 = builder_.context();
    const expr any_character = z3::range(z3.string_val("\\u{0}"), z3.string_val("\\u{2ffff}"));
    const expr any_run = z3::re_full(any_character.get_sort());
    expr all = z3::to_re(z3.string_val(""));
    std::string literal;
    const auto append = [&](const expr& piece) {
        if (!literal.empty()) all = z3::concat(all, z3::to_re(builder_.text(literal)));
        literal.clear();
        all = z3::concat(all, piece);
    };
    for (std::size_t at = 0; at < pattern.size();) {
        if (pattern[at] == '*') {
            append(any_run);
            ++at;
        } else if (pattern[at] == '?') {
            append(any_character);
            ++at;
        } else {
            if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
            const std::size_t begin = at;
            (void)base::next_scalar(pattern, at);
            literal += pattern.substr(begin, at - begin);
        }
    }
    append(z3::to_re(z3.string_val("")));
    return answer({text.known, text.present}, z3::in_re(text.parts[0], all));
}

Value Expressions::compute(NodeId id) {
    const ir::Node& node = module_.node(id);
    const NodeId a{node.a}, b{node.b};
    z3::context& z3 = builder_.context();

    // An operator on operands that must be there.
    const auto ask = [&](auto operation) {
        const Value x = at(a), y = at(b);
        return answer({x.known, x.present, y.known, y.present}, operation(x, y));
    };
    const auto ask_one = [&](auto operation) {
        const Value x = at(a);
        return answer({x.known, x.present}, operation(x));
    };
    const auto calculate = [&](auto operation) {
        const Value x = at(a), y = at(b);
        return number({x.known, x.present, y.known, y.present}, operation(x.parts[0], y.parts[0]));
    };
    const auto measure = [&](auto operation) {
        const Value x = at(a);
        return number({x.known, x.present}, operation(x));
    };
    const auto blocks = [&](NodeId side, const Value& value) { return elements(module_.type(side), value); };
    const auto equality = [&](bool negated) {
        const ir::Type& type = module_.type(a);
        const Value x = at(a), y = at(b);
        if (type.kind == Kind::kBool) {
            const Truth s = truth_at(a), t = truth_at(b);
            Truth same{builder_.either(builder_.both(s.yes, t.yes), builder_.both(s.no, t.no)),
                       builder_.either(builder_.both(s.yes, t.no), builder_.both(s.no, t.yes))};
            if (negated) std::swap(same.yes, same.no);
            return whole(same);
        }
        const expr same = type.kind == Kind::kSet ? builder_.both(subset(type, x, y), subset(type, y, x))
                                                  : builder_.equal(x.parts, y.parts);
        return answer({x.known, x.present, y.known, y.present}, negated ? builder_.negation(same) : same);
    };

    switch (node.op) {
        case Op::kConst: return constant(module_.type(id), module_.constant(node.a));
        case Op::kParam:
            return constant(module_.params[node.a].type, module_.constants[module_.params[node.a].value.index()]);
        case Op::kField: return variables_.value(pack_, ir::FieldId{node.a});
        case Op::kNow: return number({}, variables_.now());
        case Op::kElement: return bound_.at(node.a);
        case Op::kDeadline: {
            (void)not_encoded("a deadline stands in a condition");
            return number({builder_.truth(false)}, builder_.number(0));
        }
        case Op::kDefine: return at(a);

        case Op::kNot: {
            const Truth t = truth_at(a);
            return whole({t.no, t.yes});
        }
        case Op::kAnd:
        case Op::kOr: {
            Terms yes, no;
            for (const NodeId operand : module_.list(node)) {
                const Truth t = truth_at(operand);
                yes.push_back(t.yes);
                no.push_back(t.no);
            }
            if (node.op == Op::kAnd) return whole({builder_.all(yes), builder_.some(no)});
            return whole({builder_.some(yes), builder_.all(no)});
        }
        case Op::kImplies: {
            const Truth s = truth_at(a), t = truth_at(b);
            return whole({builder_.either(s.no, t.yes), builder_.both(s.yes, t.no)});
        }

        case Op::kIsPresent: {
            const Value x = at(a);
            return answer({x.known}, x.present);
        }
        case Op::kElse: {
            const Value x = at(a), y = at(b);
            Value out = select({{x.present, x}, {builder_.negation(x.present), y}});
            out.known = builder_.both(x.known, out.known);
            return out;
        }

        case Op::kEqual: return equality(false);
        case Op::kNotEqual: return equality(true);
        case Op::kLess: return ask([](const Value& x, const Value& y) { return x.parts[0] < y.parts[0]; });
        case Op::kLessEqual: return ask([](const Value& x, const Value& y) { return x.parts[0] <= y.parts[0]; });
        case Op::kGreater: return ask([](const Value& x, const Value& y) { return x.parts[0] > y.parts[0]; });
        case Op::kGreaterEqual: return ask([](const Value& x, const Value& y) { return x.parts[0] >= y.parts[0]; });
        case Op::kAdd: return calculate([](const expr& x, const expr& y) { return x + y; });
        case Op::kSubtract: return calculate([](const expr& x, const expr& y) { return x - y; });

        case Op::kIn: return ask([&](const Value& x, const Value& y) { return member(x.parts, blocks(b, y)); });
        case Op::kHasAny: return ask([&](const Value& x, const Value& y) { return shares(module_.type(a), x, y); });
        case Op::kHasNone:
            return ask(
                [&](const Value& x, const Value& y) { return builder_.negation(shares(module_.type(a), x, y)); });
        case Op::kHasAll: return ask([&](const Value& x, const Value& y) { return subset(module_.type(a), y, x); });
        case Op::kHasOnly: return ask([&](const Value& x, const Value& y) { return subset(module_.type(a), x, y); });
        case Op::kIsEmpty:
            return ask_one([&](const Value& x) {
                Terms in;
                for (const Entry& entry : blocks(a, x)) in.push_back(entry.in);
                return builder_.negation(builder_.some(in));
            });
        case Op::kCount:
            return measure([&](const Value& x) {
                Terms in;
                for (const Entry& entry : blocks(a, x)) in.push_back(entry.in);
                return builder_.count(in);
            });

        case Op::kWithin:
            return ask([&](const Value& x, const Value& y) { return within(blocks(a, x), blocks(b, y)); });
        case Op::kCovers:
            return ask([&](const Value& x, const Value& y) { return within(blocks(b, y), blocks(a, x)); });
        case Op::kOverlaps:
            return ask([&](const Value& x, const Value& y) {
                Terms some;
                for (const Entry& m : blocks(a, x)) {
                    for (const Entry& n : blocks(b, y)) {
                        some.push_back(builder_.all({m.in, n.in,
                                                     builder_.either(builder_.covers(m.element, n.element),
                                                                     builder_.covers(n.element, m.element))}));
                    }
                }
                return builder_.some(some);
            });
        case Op::kIsOpen: return ask_one([&](const Value& x) { return builder_.is_open(x.parts); });
        case Op::kIsPrivate: return ask_one([&](const Value& x) { return builder_.is_private(x.parts); });
        case Op::kPrefixLength: return measure([&](const Value& x) { return builder_.prefix(x.parts); });
        case Op::kFamily:
            return measure(
                [&](const Value& x) { return builder_.choose(x.parts[0], builder_.number(1), builder_.number(0)); });

        case Op::kLength:
            return measure(
                [&](const Value& x) { return module_.type(a).kind == Kind::kText ? x.parts[0].length() : x.parts[0]; });
        case Op::kIsBlank:
            return ask_one([&](const Value& x) {
                const auto range = [&](const char* first, const char* last) {
                    return z3::range(z3.string_val(first), z3.string_val(last));
                };
                // base::is_white_space.
                expr blank = range("\\u{9}", "\\u{d}");
                for (const char* one : {"\\u{20}", "\\u{85}", "\\u{a0}", "\\u{1680}", "\\u{2028}", "\\u{2029}",
                                        "\\u{202f}", "\\u{205f}", "\\u{3000}"}) {
                    blank = blank + range(one, one);
                }
                blank = blank + range("\\u{2000}", "\\u{200a}");
                return z3::in_re(x.parts[0], z3::star(blank));
            });
        case Op::kStartsWith:
            return ask([](const Value& x, const Value& y) { return z3::prefixof(y.parts[0], x.parts[0]); });
        case Op::kEndsWith:
            return ask([](const Value& x, const Value& y) { return z3::suffixof(y.parts[0], x.parts[0]); });
        case Op::kLike: return like(at(a), b);
        case Op::kHasFact: {
            const auto fact = static_cast<std::size_t>(std::countr_zero(node.b));
            return ask_one([&](const Value& x) { return x.parts[1 + fact]; });
        }

        case Op::kMatch: {
            const auto operands = module_.list(node);
            const Value scrutinee = at(operands[0]);
            std::vector<std::pair<expr, Value>> cases;
            for (std::size_t i = 1; i < operands.size(); ++i) {
                cases.emplace_back(scrutinee.parts[0] == builder_.number(static_cast<value::Nanos>(i - 1)),
                                   at(operands[i]));
            }
            Value out = select(cases);
            out.known = builder_.all({scrutinee.known, scrutinee.present, out.known});
            return out;
        }
        case Op::kAny: return whole(any(node, false));
        case Op::kEvery: {
            const Truth t = any(node, true);
            return whole({t.no, t.yes});
        }
        case Op::kNo: {
            const Truth t = any(node, false);
            return whole({t.no, t.yes});
        }
    }
    return not_encoded("an expression of a kind that is not encoded");
}

}  // namespace keywright::smt
