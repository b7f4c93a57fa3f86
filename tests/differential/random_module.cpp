#include "differential/random_module.h"

#include <algorithm>
#include <string_view>

namespace keywright::test {
namespace {

using value::Network;
using value::SecretFact;

Network block(std::uint8_t family, std::uint64_t high, std::uint64_t low, std::uint8_t prefix) {
    Network n;
    n.family = family;
    n.high = high;
    n.low = low;
    n.prefix = prefix;
    return n;
}

// Blocks that nest, touch, cover everything together, and stand apart.
const std::vector<Network>& networks() {
    static const std::vector<Network> all = [] {
        std::vector<Network> list{block(4, 0, 0, 0),
                                  block(4, 0, 0, 1),
                                  block(4, 0, 0x80000000, 1),
                                  block(4, 0, 0x0a000000, 8),
                                  block(4, 0, 0x0a000000, 9),
                                  block(4, 0, 0x0a800000, 9),
                                  block(4, 0, 0x0a000001, 32),
                                  block(4, 0, 0x0a000000, 31),
                                  block(4, 0, 0x0a000000, 32),
                                  block(4, 0, 0xcb007105, 32),
                                  block(4, 0, 0xc0a80000, 16),
                                  block(4, 0, 0xfffffffe, 31),
                                  block(6, 0, 0, 0),
                                  block(6, 0, 0, 1),
                                  block(6, 0x8000000000000000, 0, 1),
                                  block(6, 0, 0, 128),
                                  block(6, 0xfd00000000000000, 0, 8),
                                  block(6, 0xfd00000000000000, 1, 128),
                                  block(6, 0x20010db800000000, 0, 32),
                                  block(6, ~std::uint64_t{0}, ~std::uint64_t{0}, 128)};
        Network masked;
        masked.masked = true;
        list.push_back(masked);
        list.push_back(masked);
        return list;
    }();
    return all;
}

const std::vector<std::string>& texts() {
    static const std::vector<std::string> all{"", " ", "bot", "Bot", "bots", "b", "b\xc3\xb6t", "a*b", "\t\n"};
    return all;
}

const std::vector<Duration>& durations() {
    static const std::vector<Duration> all{{0, 0}, {1, 0}, {0, 1}, {2592000, 0}, {-1, 500'000'000}, {3600, 0}};
    return all;
}

// Masked entries are no constants of a rule file.
value::NetworkSet network_set(Dice& dice, bool with_masked) {
    value::NetworkSet set;
    for (std::size_t n = dice.below(5); n > 0; --n) {
        const Network& one = dice.pick(networks());
        if (one.masked && !with_masked) continue;
        set.push_back(one);
    }
    std::sort(set.begin(), set.end(),
              [](const Network& a, const Network& b) { return a.masked != b.masked ? b.masked : a < b; });
    set.erase(
        std::unique(set.begin(), set.end(), [](const Network& a, const Network& b) { return !a.masked && a == b; }),
        set.end());
    return set;
}

template <class T>
std::vector<T> sorted_unique(std::vector<T> list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return list;
}

class Generator {
public:
    Generator(Dice& dice, const Shape& shape) : dice_(dice), shape_(shape) {}

    ir::Module run() {
        usage_ = b_.one_of({"api_trading", "third_party"});
        permissions_ = shape_.small
                           ? b_.set_of_enum({"general", "spot"})
                           : b_.set_of_enum({"general", "spot", "margin", "futures", "earn", "transfer", "withdrawal"});
        permission_ = IrBuilder::type(Kind::kEnum);
        permission_.enumeration = permissions_.enumeration;
        schema();
        for (std::size_t i = 0; i < shape_.rules; ++i) rule();
        return b_.take();
    }

private:
    // --- schema
    // -----------------------------------------------------------------------------------------------------------
    Type random_type() {
        if (shape_.small) {
            switch (dice_.below(6)) {
                case 0: return IrBuilder::type(Kind::kBool);
                case 1: return IrBuilder::int_type(0, 2);
                case 2: return usage_;
                case 3: return permissions_;
                default: return IrBuilder::type(Kind::kInstant);
            }
        }
        switch (dice_.below(16)) {
            case 0: return IrBuilder::type(Kind::kBool);
            case 1: return IrBuilder::int_type(-3, 6);
            case 2: return IrBuilder::type(Kind::kInt);
            case 3: return IrBuilder::type(Kind::kText);
            case 4: return usage_;
            case 5: return permissions_;
            case 6: return permission_;
            case 7: return IrBuilder::type(Kind::kNetwork);
            case 8: return IrBuilder::set_of(Kind::kNetwork);
            case 9: return IrBuilder::set_of(Kind::kText);
            case 10: {
                Type t = IrBuilder::set_of(Kind::kInt);
                t.min = -3;
                t.max = 6;
                return t;
            }
            case 11: return IrBuilder::type(Kind::kDuration);
            case 12: return IrBuilder::type(Kind::kSecret);
            case 13: return IrBuilder::set_of(Kind::kNetwork);
            default: return IrBuilder::type(Kind::kInstant);
        }
    }

    void schema() {
        std::vector<ir::FieldId> records{{}};
        for (std::size_t i = 0; i < shape_.fields; ++i) {
            Type t = random_type();
            if (!shape_.small && dice_.chance(10)) t = IrBuilder::type(Kind::kRecord);
            t.optional = dice_.chance(40);
            const ir::FieldId parent = dice_.pick(records);
            const ir::FieldId id = b_.field("f" + std::to_string(i), t, parent);
            if (t.kind == Kind::kRecord) {
                records.push_back(id);
            } else {
                fields_.push_back(id);
            }
            all_fields_.push_back(id);
        }
        for (std::size_t n = dice_.below(4); n > 0; --n) assumption();
    }

    void assumption() {
        std::vector<ir::FieldId> ordered;
        for (const ir::FieldId f : fields_) {
            const Kind kind = type_of(f).kind;
            if (kind == Kind::kInt || kind == Kind::kInstant || kind == Kind::kDuration) ordered.push_back(f);
        }
        if (ordered.empty()) return;
        const ir::FieldId field = dice_.pick(ordered);
        const Kind kind = type_of(field).kind;
        ir::AssumeTerm other;
        if (kind == Kind::kInstant && dice_.chance(40)) {
            other = IrBuilder::term_now();
        } else if (dice_.chance(20)) {
            other = b_.term(random_value(dice_, b_.module(), type_of(field), shape_.small));
        } else {
            std::vector<ir::FieldId> same;
            for (const ir::FieldId f : ordered) {
                if (f != field && type_of(f).kind == kind) same.push_back(f);
            }
            if (same.empty()) return;
            other = IrBuilder::term(dice_.pick(same));
        }
        const ir::AssumeTerm one = IrBuilder::term(field);
        if (dice_.chance(50)) {
            b_.assume(one, other, dice_.chance(30));
        } else {
            b_.assume(other, one, dice_.chance(30));
        }
    }

    const Type& type_of(ir::FieldId id) { return b_.module().schema.fields[id.index()].type; }

    // --- values
    // -----------------------------------------------------------------------------------------------------------
    static bool fits(const Type& have, const Type& want) {
        if (have.kind != want.kind) return false;
        if (want.kind == Kind::kEnum) return have.enumeration == want.enumeration;
        if (want.kind == Kind::kSet) return have.element == want.element && have.enumeration == want.enumeration;
        return true;
    }

    // A field or a quantifier's element of that type, or a constant where there is none.
    NodeId leaf(const Type& type) {
        std::vector<NodeId> elements;
        for (const NodeId e : elements_) {
            if (fits(b_.type_of(e), type)) elements.push_back(e);
        }
        if (!elements.empty() && dice_.chance(60)) return dice_.pick(elements);
        std::vector<ir::FieldId> fields;
        for (const ir::FieldId f : fields_) {
            if (fits(type_of(f), type)) fields.push_back(f);
        }
        if (type.kind == Kind::kSecret && fields.empty()) return {};
        if (!fields.empty() && (type.kind == Kind::kSecret || dice_.chance(75))) return b_.read(dice_.pick(fields));
        return constant(type);
    }

    NodeId constant(Type type) {
        type.optional = false;
        if (type.kind == Kind::kNetwork) {
            for (;;) {
                const Network& n = dice_.pick(networks());
                if (!n.masked) return b_.value(type, n);
            }
        }
        if (type.kind == Kind::kSet && type.element == Kind::kNetwork) return b_.value(type, network_set(dice_, false));
        value::Value v = random_value(dice_, b_.module(), type, shape_.small);
        if (dice_.chance(20)) return b_.param("p" + std::to_string(b_.module().params.size()), type, std::move(v));
        return b_.value(type, std::move(v));
    }

    NodeId value_of(const Type& type, unsigned depth) {
        if (type.kind == Kind::kSecret) return leaf(type);  // perhaps there is no such field
        if (depth == 0 || dice_.chance(35)) return leaf(type);
        if (dice_.chance(20)) return b_.binary(Op::kElse, value_of(type, depth - 1), value_of(type, depth - 1));
        if (dice_.chance(15)) return match(type, depth - 1);
        if (!shape_.small && dice_.chance(8)) return define(value_of(type, depth - 1));
        switch (type.kind) {
            case Kind::kBool: return boolean(depth - 1);
            case Kind::kInt: return integer(depth - 1);
            case Kind::kInstant:
                if (dice_.chance(20)) return b_.now();
                return b_.binary(dice_.chance(50) ? Op::kAdd : Op::kSubtract, value_of(type, depth - 1),
                                 value_of(IrBuilder::type(Kind::kDuration), depth - 1));
            case Kind::kDuration: {
                const Kind from = dice_.chance(40) ? Kind::kInstant : Kind::kDuration;
                const Op op = from == Kind::kInstant || dice_.chance(50) ? Op::kSubtract : Op::kAdd;
                return b_.binary(op, value_of(IrBuilder::type(from), depth - 1),
                                 value_of(IrBuilder::type(from), depth - 1));
            }
            case Kind::kEnum:
                if (type.enumeration == ir::EnumId{0}) {
                    return b_.unary(Op::kFamily, value_of(IrBuilder::type(Kind::kNetwork), depth - 1));
                }
                return leaf(type);
            case Kind::kText:
            case Kind::kSet:
            case Kind::kNetwork:
            case Kind::kSecret:
            case Kind::kRecord: break;
        }
        return leaf(type);
    }

    NodeId integer(unsigned depth) {
        const Type number = IrBuilder::type(Kind::kInt);
        switch (dice_.below(shape_.small ? 3 : 5)) {
            case 0:
                return b_.binary(dice_.chance(50) ? Op::kAdd : Op::kSubtract, value_of(number, depth),
                                 value_of(number, depth));
            case 1: return b_.unary(Op::kCount, value_of(random_set(), depth));
            case 2: return leaf(number);
            case 3: return b_.unary(Op::kPrefixLength, value_of(IrBuilder::type(Kind::kNetwork), depth));
            default: {
                const NodeId secret = dice_.chance(50) ? leaf(IrBuilder::type(Kind::kSecret)) : NodeId{};
                return b_.unary(Op::kLength, secret.valid() ? secret : value_of(IrBuilder::type(Kind::kText), depth));
            }
        }
    }

    Type random_set() {
        if (shape_.small) return permissions_;
        switch (dice_.below(5)) {
            case 0: return IrBuilder::set_of(Kind::kText);
            case 1: return IrBuilder::set_of(Kind::kInt);
            case 2: return permissions_;
            default: return IrBuilder::set_of(Kind::kNetwork);
        }
    }

    Type element_of(const Type& set) {
        Type t = IrBuilder::type(set.element);
        t.enumeration = set.enumeration;
        return t;
    }

    NodeId match(const Type& type, unsigned depth) {
        const Type scrutinee = shape_.small || dice_.chance(50) ? usage_
                               : dice_.chance(50)               ? permission_
                                                                : IrBuilder::family_type();
        std::vector<NodeId> operands{value_of(scrutinee, depth)};
        const std::size_t arms = b_.module().enums[scrutinee.enumeration.index()].values.size();
        for (std::size_t i = 0; i < arms; ++i) operands.push_back(value_of(type, depth > 0 ? depth - 1 : 0));
        return b_.list(Op::kMatch, std::move(operands));
    }

    // Names stand for closed expressions only.
    NodeId define(NodeId root) {
        return elements_.empty() ? b_.define("d" + std::to_string(b_.module().defines.size()), root) : root;
    }

    // --- booleans
    // ---------------------------------------------------------------------------------------------------------
    NodeId boolean(unsigned depth) {
        if (depth == 0) return atom(0);
        switch (dice_.below(10)) {
            case 0: return b_.negation(truth(depth - 1));
            case 1:
            case 2: return b_.all(operands(depth - 1));
            case 3: return b_.some(operands(depth - 1));
            case 4: return b_.binary(Op::kImplies, truth(depth - 1), truth(depth - 1));
            case 5: return quantifier(depth - 1);
            case 6: {
                // Seen before: what is shared must be computed wherever it is read.
                if (elements_.empty() && !seen_.empty()) return dice_.pick(seen_);
                return atom(depth);
            }
            default: return atom(depth);
        }
    }

    std::vector<NodeId> operands(unsigned depth) {
        std::vector<NodeId> list;
        for (std::size_t n = 2 + dice_.below(3); n > 0; --n) list.push_back(truth(depth));
        return list;
    }

    NodeId truth(unsigned depth) {
        NodeId id = dice_.chance(10) ? value_of(IrBuilder::type(Kind::kBool), depth) : boolean(depth);
        if (elements_.empty()) {
            if (dice_.chance(15)) id = define(id);
            seen_.push_back(id);
        }
        return id;
    }

    NodeId quantifier(unsigned depth) {
        static const std::vector<Op> ops{Op::kAny, Op::kEvery, Op::kNo};
        return b_.quantifier(dice_.pick(ops), value_of(random_set(), depth), [&](NodeId element) {
            if (b_.type_of(element).kind == Kind::kNetwork && dice_.chance(20)) return b_.unary(Op::kIsOpen, element);
            elements_.push_back(element);
            const NodeId body = truth(depth);
            elements_.pop_back();
            return body;
        });
    }

    NodeId atom(unsigned depth) {
        static const std::vector<Op> orders{Op::kEqual,     Op::kNotEqual, Op::kLess,
                                            Op::kLessEqual, Op::kGreater,  Op::kGreaterEqual};
        static const std::vector<Op> equalities{Op::kEqual, Op::kNotEqual};
        static const std::vector<Op> relations{Op::kHasAny, Op::kHasAll, Op::kHasNone, Op::kHasOnly};
        static const std::vector<Op> coverings{Op::kWithin, Op::kCovers, Op::kOverlaps};
        const Type network = IrBuilder::type(Kind::kNetwork), text = IrBuilder::type(Kind::kText);
        switch (dice_.below(shape_.small ? 8 : 14)) {
            case 0: return b_.present(b_.read(dice_.pick(all_fields_)));
            case 1: return leaf(IrBuilder::type(Kind::kBool));
            case 2: {
                static const std::vector<Kind> kinds{Kind::kInt, Kind::kInstant, Kind::kDuration};
                const Type type = IrBuilder::type(dice_.pick(kinds));
                return b_.binary(dice_.pick(orders), value_of(type, depth), value_of(type, depth));
            }
            case 3: {
                std::vector<Type> types{IrBuilder::type(Kind::kBool), usage_, permissions_, permission_};
                if (!shape_.small) {
                    const std::vector<Type> more{text, network, IrBuilder::family_type(), random_set()};
                    types.insert(types.end(), more.begin(), more.end());
                }
                const Type type = dice_.pick(types);
                return b_.binary(dice_.pick(equalities), value_of(type, depth), value_of(type, depth));
            }
            case 4: {
                const Type set = random_set();
                return b_.binary(Op::kIn, value_of(element_of(set), depth), value_of(set, depth));
            }
            case 5: {
                const Type set = random_set();
                return b_.binary(dice_.pick(relations), value_of(set, depth), value_of(set, depth));
            }
            case 6: return b_.unary(Op::kIsEmpty, value_of(random_set(), depth));
            case 7: {
                const NodeId any = value_of(random_type(), depth);
                return any.valid() ? b_.present(any) : b_.value(false);
            }
            case 8:
            case 9: {
                const auto side = [&] { return dice_.chance(50) ? network : IrBuilder::set_of(Kind::kNetwork); };
                const NodeId left = value_of(side(), depth);
                return b_.binary(dice_.pick(coverings), left, value_of(side(), depth));
            }
            case 10: return b_.unary(dice_.chance(50) ? Op::kIsOpen : Op::kIsPrivate, value_of(network, depth));
            case 11: return b_.unary(Op::kIsBlank, value_of(text, depth));
            case 12: {
                static const std::vector<Op> ops{Op::kStartsWith, Op::kEndsWith};
                if (dice_.chance(30)) return b_.binary(Op::kLike, value_of(text, depth), b_.text("b*t"));
                return b_.binary(dice_.pick(ops), value_of(text, depth), value_of(text, depth));
            }
            default: {
                const NodeId secret = leaf(IrBuilder::type(Kind::kSecret));
                if (!secret.valid()) return b_.value(dice_.chance(50));
                return b_.has_fact(secret, static_cast<SecretFact>(1U << dice_.below(7)));
            }
        }
    }

    // --- rules
    // ------------------------------------------------------------------------------------------------------------
    void rule() {
        const NodeId when = dice_.chance(75) ? truth(shape_.depth) : NodeId{};
        std::vector<NodeId> exemptions;
        for (std::size_t n = dice_.below(3); n > 0; --n) exemptions.push_back(truth(shape_.depth));
        const std::string name = "r" + std::to_string(b_.module().rules.size());
        if (dice_.chance(30)) {
            const NodeId since = value_of(IrBuilder::type(Kind::kInstant), shape_.depth);
            const NodeId after = value_of(IrBuilder::type(Kind::kDuration), 1);
            const NodeId warn = dice_.chance(60) ? value_of(IrBuilder::type(Kind::kDuration), 1) : NodeId{};
            b_.expire(name, when, exemptions, after, since, warn);
        } else {
            b_.rule(name, when, exemptions, truth(shape_.depth));
        }
    }

    Dice& dice_;
    const Shape shape_;
    IrBuilder b_;
    Type usage_, permissions_, permission_;
    std::vector<ir::FieldId> fields_, all_fields_;
    std::vector<NodeId> elements_;  // of the quantifiers around
    std::vector<NodeId> seen_;      // closed booleans made so far
};

}  // namespace

ir::Module random_module(Dice& dice, const Shape& shape) { return Generator{dice, shape}.run(); }

const std::vector<Instant>& instants() {
    static const std::vector<Instant> all{
        {1'767'225'600, 0}, {1'767'225'600, 1}, {1'767'229'200, 0}, {1'769'817'600, 0}};
    return all;
}

value::Value random_value(Dice& dice, const ir::Module& module, const ir::Type& type, bool small) {
    const auto enum_size = [&] { return module.enums[type.enumeration.index()].values.size(); };
    switch (type.kind) {
        case Kind::kBool: return dice.chance(50);
        case Kind::kInt: {
            const std::int64_t low = std::max<std::int64_t>(type.min, -3), high = std::min<std::int64_t>(type.max, 6);
            return low + static_cast<std::int64_t>(dice.below(static_cast<std::size_t>(high - low + 1)));
        }
        case Kind::kText: return dice.pick(texts());
        case Kind::kEnum: return value::EnumValue{static_cast<std::uint32_t>(dice.below(enum_size()))};
        case Kind::kNetwork: return dice.pick(networks());
        case Kind::kInstant: return dice.pick(instants());
        case Kind::kDuration: return dice.pick(durations());
        case Kind::kSecret: {
            // Facts of some text, of which a part may not be known.
            static const std::vector<std::string> kPieces{"a", "7", "Q", "-", " ", "\xc3\xa9", "*", "***"};
            std::string text;
            for (std::size_t n = dice.below(9); n > 0; --n) text += dice.pick(kPieces);
            value::SecretFacts facts = value::facts_of(text);
            if (dice.chance(40)) facts.known &= static_cast<std::uint8_t>(dice.below(128));
            facts.facts &= facts.known;
            if (dice.chance(30)) facts.length_max += static_cast<std::uint32_t>(dice.below(3));
            return facts;
        }
        case Kind::kRecord: return false;
        case Kind::kSet: break;
    }
    if (type.element == Kind::kEnum) return value::EnumSet{dice.next() & ((std::uint64_t{1} << enum_size()) - 1)};
    if (type.element == Kind::kNetwork) return network_set(dice, !small);
    if (type.element == Kind::kText) {
        value::TextSet set;
        for (std::size_t n = dice.below(4); n > 0; --n) set.push_back(dice.pick(texts()));
        return sorted_unique(std::move(set));
    }
    value::IntSet set;
    for (std::size_t n = dice.below(4); n > 0; --n) set.push_back(static_cast<std::int64_t>(dice.below(10)) - 3);
    return sorted_unique(std::move(set));
}

void random_record(Dice& dice, const ir::Module& module, bool small, value::Record& record) {
    const auto& fields = module.schema.fields;
    record.reset(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (dice.chance(25)) continue;
        if (fields[i].type.optional && dice.chance(30)) {
            record.set_absent(i);
        } else if (fields[i].type.kind == Kind::kRecord) {
            record.set_present(i);
        } else {
            record.set(i, random_value(dice, module, fields[i].type, small));
        }
    }
}

void complete_record(Dice& dice, const ir::Module& module, bool small, value::Record& record) {
    random_record(dice, module, small, record);
    for (std::size_t f = 0; f < module.schema.fields.size(); ++f) {
        const ir::Field& field = module.schema.fields[f];
        if (field.parent.valid() && record.state(field.parent.index()) != value::State::kGiven) {
            record.set_absent(f);
            continue;
        }
        if (field.type.kind == ir::Kind::kSecret && (record.state(f) != value::State::kAbsent)) {
            // Facts that some text has.
            static const std::vector<std::string> kPieces{"a", "7", "Q", "-", " ", "\xc3\xa9", "*", "***"};
            std::string text;
            for (std::size_t n = dice.below(9); n > 0; --n) text += dice.pick(kPieces);
            record.set_secret(f, value::facts_of(text));
        }
        if (record.state(f) != value::State::kUnknown) continue;
        if (field.type.kind == ir::Kind::kRecord) {
            record.set_present(f);
        } else {
            record.set(f, random_value(dice, module, field.type, small));
        }
    }
}

std::string describe(const ir::Module& module, const value::Record& record) {
    std::string out;
    for (std::size_t i = 0; i < record.size(); ++i) {
        const ir::Field& field = module.schema.fields[i];
        out += field.name + ": ";
        switch (record.state(i)) {
            case value::State::kUnknown: out += "unknown"; break;
            case value::State::kAbsent: out += "absent"; break;
            case value::State::kGiven:
                switch (field.type.kind) {
                    case Kind::kBool: out += record.boolean(i) ? "true" : "false"; break;
                    case Kind::kInt: out += std::to_string(record.integer(i)); break;
                    case Kind::kText: out += '"' + std::string{record.text(i)} + '"'; break;
                    case Kind::kEnum: out += '#' + std::to_string(record.enumerator(i)); break;
                    case Kind::kNetwork: out += value::to_string(record.network(i)); break;
                    case Kind::kInstant: out += to_string(record.instant(i)); break;
                    case Kind::kDuration: out += to_string(record.duration(i)); break;
                    case Kind::kSecret: out += "(secret)"; break;
                    case Kind::kRecord: out += "present"; break;
                    case Kind::kSet:
                        if (field.type.element == Kind::kEnum) {
                            out += "bits " + std::to_string(record.enum_set(i));
                        } else if (field.type.element == Kind::kNetwork) {
                            for (const value::Network& n : record.network_set(i)) out += value::to_string(n) + ' ';
                        } else {
                            out += "set of " + std::to_string(record.count(i));
                        }
                        break;
                }
                break;
        }
        out += '\n';
    }
    return out;
}

}  // namespace keywright::test
