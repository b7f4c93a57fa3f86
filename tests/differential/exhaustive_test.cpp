// Every small expression over three unknowable atoms and a set of two, on every record: both evaluators, and, where no
// field is read twice, exactly what the completions of the record say.
#include "eval/program.h"
#include "eval/reference.h"
#include "support/ir_builder.h"
#include "value/record.h"

#include <doctest/doctest.h>

#include <bit>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

constexpr std::size_t kFields = 4;  // a, b, c: bool; s: set of { x, y }

struct Expression {
    NodeId node;
    unsigned reads = 0;  // bit i: field i
    bool once = true;    // no field is read twice
};

// All expressions of a grammar, two levels of connectives over the atoms.
struct Grammar {
    IrBuilder b;
    std::vector<Expression> all;

    Grammar() {
        const Type flags = b.set_of_enum({"x", "y"});
        Type flag = IrBuilder::type(Kind::kEnum);
        flag.enumeration = flags.enumeration;
        std::vector<ir::FieldId> fields;
        for (const char* name : {"a", "b", "c"}) fields.push_back(b.field(name, IrBuilder::type(Kind::kBool)));
        const ir::FieldId set = b.field("s", flags);

        std::vector<Expression> atoms;
        for (unsigned i = 0; i < 3; ++i) atoms.push_back({b.read(fields[i]), 1U << i, true});
        const auto of_set = [&](NodeId node) { atoms.push_back({node, 8, true}); };
        of_set(b.binary(Op::kIn, b.value(flag, value::EnumValue{0}), b.read(set)));
        of_set(b.unary(Op::kIsEmpty, b.read(set)));
        for (std::uint64_t bits = 0; bits < 4; ++bits) {
            for (const Op op : {Op::kHasAny, Op::kHasAll, Op::kHasNone, Op::kHasOnly, Op::kEqual, Op::kNotEqual}) {
                of_set(b.binary(op, b.read(set), b.value(flags, value::EnumSet{bits})));
            }
        }
        for (const Op op : {Op::kAny, Op::kEvery, Op::kNo}) {
            of_set(b.quantifier(op, b.read(set),
                                [&](NodeId e) { return b.binary(Op::kEqual, e, b.value(flag, value::EnumValue{1})); }));
        }
        std::vector<Expression> first = atoms;
        for (const Expression& e : atoms) first.push_back({b.negation(e.node), e.reads, e.once});
        const std::vector<Expression> few{first[0], first[1], first[3], first[4], atoms.back()};
        combine(first, few, first);
        all = first;
        combine(std::vector<Expression>{first.begin(), first.end()}, {first[0], first[2], first[3]}, all);
    }

    void combine(const std::vector<Expression>& left, const std::vector<Expression>& right,
                 std::vector<Expression>& into) {
        const std::vector<Expression> lefts = left;
        for (const Expression& l : lefts) {
            for (const Expression& r : right) {
                const bool once = l.once && r.once && (l.reads & r.reads) == 0;
                into.push_back({b.all({l.node, r.node}), l.reads | r.reads, once});
                into.push_back({b.some({l.node, r.node}), l.reads | r.reads, once});
                into.push_back({b.binary(Op::kImplies, r.node, l.node), l.reads | r.reads, once});
            }
        }
    }
};

// Record number `n`: each bool false, true or unknown; the set one of four, or unknown.
void set_record(std::size_t n, value::Record& record, std::vector<std::size_t>& completions) {
    record.reset(kFields);
    std::vector<std::size_t> indices{0};
    const auto extend = [&](std::size_t base, std::vector<std::size_t> digits) {
        std::vector<std::size_t> next;
        for (const std::size_t i : indices) {
            for (const std::size_t d : digits) next.push_back(i * base + d);
        }
        indices = next;
    };
    for (std::size_t f = 0; f < 3; ++f, n /= 3) {
        if (n % 3 < 2) record.set_bool(f, n % 3 == 1);
        extend(2, n % 3 < 2 ? std::vector<std::size_t>{n % 3} : std::vector<std::size_t>{0, 1});
    }
    if (n < 4) record.set_enum_set(3, n);
    extend(4, n < 4 ? std::vector<std::size_t>{n} : std::vector<std::size_t>{0, 1, 2, 3});
    completions = indices;
}

constexpr std::size_t kRecords = 3 * 3 * 3 * 5;

}  // namespace

TEST_CASE("every small expression on every record") {
    Grammar grammar;
    for (const Expression& e : grammar.all) grammar.b.rule("r", {}, {}, e.node);
    const ir::Module module = grammar.b.take();
    const eval::Program program{module};
    auto scratch = program.make_scratch();
    std::vector<eval::RuleDecision> out(module.rules.size());

    std::vector<eval::Decision> decisions;
    std::vector<std::vector<std::size_t>> completions(kRecords);
    value::Record record;
    const Instant now{};
    std::size_t different = 0;
    for (std::size_t n = 0; n < kRecords; ++n) {
        set_record(n, record, completions[n]);
        decisions.push_back(eval::decide_reference(module, record, now));
        program.decide(record, now, scratch, out);
        if (!(decisions.back().rules == out)) ++different;
    }
    CHECK(different == 0);

    const auto bits = [](const eval::RuleDecision& d) {
        return d.outcome == ir::Outcome::kViolated ? 1U : d.outcome == ir::Outcome::kPass ? 2U : 3U;
    };
    std::vector<std::size_t> whole(32, kRecords);
    for (std::size_t n = 0; n < kRecords; ++n) {
        if (completions[n].size() == 1) whole[completions[n][0]] = n;
    }
    std::size_t unsound = 0, inexact = 0, exact = 0;
    for (std::size_t e = 0; e < grammar.all.size(); ++e) {
        for (std::size_t n = 0; n < kRecords; ++n) {
            unsigned possible = 0;
            for (const std::size_t c : completions[n]) possible |= bits(decisions[whole[c]].rules[e]);
            const unsigned said = bits(decisions[n].rules[e]);
            if ((possible & ~said) != 0) ++unsound;
            if (grammar.all[e].once) ++(said == possible ? exact : inexact);
        }
    }
    CHECK(unsound == 0);
    CHECK(inexact == 0);
    CHECK(exact > 100'000);
    MESSAGE(grammar.all.size() << " expressions on " << kRecords << " records; " << exact << " exact answers");
}

namespace {

// Blocks that nest, touch and stand apart, hosts among them; the last two are masked.
std::vector<value::Network> few_networks() {
    std::vector<value::Network> all;
    const auto add = [&](std::uint8_t family, std::uint64_t high, std::uint64_t low, std::uint8_t prefix) {
        value::Network n;
        n.family = family;
        n.high = high;
        n.low = low;
        n.prefix = prefix;
        all.push_back(n);
    };
    add(4, 0, 0, 0);
    add(6, 0, 0, 0);
    add(4, 0, 0x0a000000, 30);
    add(4, 0, 0x0a000000, 31);
    add(4, 0, 0x0a000002, 31);
    add(4, 0, 0x0a000001, 32);
    add(6, 0xfd00000000000000, 1, 128);
    value::Network masked;
    masked.masked = true;
    all.push_back(masked);
    all.push_back(masked);
    return all;
}

}  // namespace

TEST_CASE("every relation of networks on all small lists of a few blocks") {
    IrBuilder b;
    const Type set_type = IrBuilder::set_of(Kind::kNetwork);
    const NodeId left = b.read(b.field("left", set_type)), right = b.read(b.field("right", set_type));
    const NodeId one = b.read(b.field("one", IrBuilder::type(Kind::kNetwork)));
    for (const Op op :
         {Op::kEqual, Op::kHasAny, Op::kHasAll, Op::kHasOnly, Op::kHasNone, Op::kWithin, Op::kCovers, Op::kOverlaps}) {
        b.rule("sets", {}, {}, b.binary(op, left, right));
    }
    for (const Op op : {Op::kIn, Op::kWithin, Op::kCovers, Op::kOverlaps})
        b.rule("one", {}, {}, b.binary(op, one, right));
    b.rule("joined", {}, {},
           b.binary(Op::kEqual, b.binary(Op::kAdd, b.unary(Op::kCount, left), b.unary(Op::kCount, right)),
                    b.value(std::int64_t{3})));
    const ir::Module module = b.take();
    const eval::Program program{module};
    auto scratch = program.make_scratch();
    std::vector<eval::RuleDecision> out(module.rules.size());

    const std::vector<value::Network> all = few_networks();
    std::vector<std::vector<value::Network>> lists;
    for (std::size_t bits = 0; bits < std::size_t{1} << all.size(); ++bits) {
        if (std::popcount(bits) > 3) continue;
        lists.emplace_back();
        for (std::size_t i = 0; i < all.size(); ++i) {
            if ((bits >> i & 1U) != 0) lists.back().push_back(all[i]);
        }
    }
    value::Record record;
    std::size_t different = 0, decisions = 0;
    for (std::size_t l = 0; l <= lists.size(); ++l) {
        for (std::size_t r = 0; r <= lists.size(); ++r) {
            record.reset(3);  // one past the last: unknown
            if (l < lists.size()) record.set_network_set(0, lists[l]);
            if (r < lists.size()) record.set_network_set(1, lists[r]);
            if ((l + r) % (all.size() + 1) < all.size()) record.set_network(2, all[(l + r) % (all.size() + 1)]);
            program.decide(record, {}, scratch, out);
            const eval::Decision expected = eval::decide_reference(module, record, {});
            for (std::size_t i = 0; i < out.size(); ++i, ++decisions) {
                if (!(out[i] == expected.rules[i])) ++different;
            }
        }
    }
    CHECK(different == 0);
    CHECK(decisions > 100'000);
}
