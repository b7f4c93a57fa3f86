// The compiled evaluator: what it computes once, what it skips, and that deciding allocates nothing.
#include "eval/program.h"
#include "eval/reference.h"
#include "support/allocations.h"
#include "support/ir_builder.h"
#include "support/kucoin_module.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

constexpr Instant kNow{1'769'000'000, 0};

std::vector<eval::RuleDecision> decide(const eval::Program& program, const ir::Module& module,
                                       const value::Record& record) {
    auto scratch = program.make_scratch();
    std::vector<eval::RuleDecision> out(module.rules.size());
    program.decide(record, kNow, scratch, out);
    return out;
}

std::size_t occurrences(const std::string& text, const std::string& word) {
    std::size_t n = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("deciding allocates nothing, whatever the record") {
    const ir::Module module = kucoin_module();
    const eval::Program program{module};
    auto scratch = program.make_scratch();
    std::vector<eval::RuleDecision> out(module.rules.size());
    value::Record nothing;
    nothing.reset(module.schema.fields.size());
    std::vector<value::Record> records{kucoin_record(), nothing};
    for (std::size_t i = 0; i < 12; ++i) {
        records.push_back(kucoin_record());
        records.back().set_unknown(i);
    }
    const std::size_t before = allocations();
    for (const value::Record& record : records) program.decide(record, kNow, scratch, out);
    CHECK(allocations() == before);
    ::operator delete(::operator new(1));  // called by name, so that no compiler may leave the pair out
    CHECK(allocations() > before);         // so that the count counts
}

TEST_CASE("loops over every kind of set, one inside another, allocate nothing") {
    IrBuilder b;
    const ir::FieldId networks = b.field("networks", IrBuilder::set_of(Kind::kNetwork));
    const ir::FieldId texts = b.field("texts", IrBuilder::set_of(Kind::kText));
    const ir::FieldId ints = b.field("ints", IrBuilder::set_of(Kind::kInt));
    const ir::FieldId flags = b.field("flags", b.set_of_enum({"a", "b", "c"}));
    const NodeId nested = b.quantifier(Op::kAny, b.read(networks), [&](NodeId n) {
        return b.quantifier(Op::kEvery, b.read(networks), [&](NodeId m) { return b.binary(Op::kWithin, m, n); });
    });
    const NodeId long_text = b.quantifier(Op::kAny, b.read(texts), [&](NodeId t) {
        return b.binary(Op::kGreater, b.unary(Op::kLength, t), b.value(std::int64_t{2}));
    });
    const NodeId listed =
        b.quantifier(Op::kEvery, b.read(ints), [&](NodeId n) { return b.binary(Op::kIn, n, b.read(ints)); });
    const NodeId member =
        b.quantifier(Op::kNo, b.read(flags), [&](NodeId e) { return b.negation(b.binary(Op::kIn, e, b.read(flags))); });
    for (const NodeId node : {nested, long_text, listed, member}) b.rule("r", {}, {}, node);
    const ir::Module module = b.take();
    value::Record record;
    record.reset(4);
    value::Network wide, inner;
    wide.low = 0x0a000000;
    wide.prefix = 8;
    inner.low = 0x0a010000;
    inner.prefix = 16;
    record.set_network_set(0, std::vector<value::Network>{wide, inner});
    record.set_text_set(1, std::vector<std::string_view>{"a", "abc"});
    record.set_int_set(2, std::vector<std::int64_t>{4, 7});
    record.set_enum_set(3, 5);
    const eval::Program program{module};
    auto scratch = program.make_scratch();
    std::vector<eval::RuleDecision> out(4);
    const std::size_t before = allocations();
    program.decide(record, kNow, scratch, out);
    CHECK(allocations() == before);
    for (const eval::RuleDecision& d : out) CHECK(d.outcome == ir::Outcome::kPass);
    CHECK(out == eval::decide_reference(module, record, kNow).rules);
}

TEST_CASE("the same question is asked once, however often it is written") {
    IrBuilder b;
    const ir::FieldId list = b.field("list", IrBuilder::set_of(Kind::kNetwork));
    const ir::FieldId name = b.field("name", IrBuilder::optional(IrBuilder::type(Kind::kText)));
    for (int i = 0; i < 5; ++i) {
        const NodeId empty = b.unary(Op::kIsEmpty, b.read(list));
        const NodeId blank = b.unary(Op::kIsBlank, b.read(name));
        b.rule("r", b.negation(empty), {}, b.negation(b.all({blank, empty})));
    }
    const ir::Module module = b.take();
    const eval::Program program{module};
    const std::string text = program.dump();
    CHECK(occurrences(text, "FieldIsEmpty") == 1);
    CHECK(occurrences(text, "FieldIsBlank") == 1);
    CHECK(occurrences(text, " And ") == 1);
}

TEST_CASE("parameters are folded in") {
    IrBuilder b;
    const Type duration = IrBuilder::type(Kind::kDuration);
    const NodeId limit =
        b.binary(Op::kAdd, b.param("limit", duration, Duration{86'400, 0}), b.value(Duration{3600, 0}));
    const NodeId strict = b.param("strict", IrBuilder::type(Kind::kBool), true);
    const ir::FieldId at = b.field("at", IrBuilder::type(Kind::kInstant));
    b.expire("r", strict, {}, limit, b.read(at));
    const ir::Module module = b.take();
    const eval::Program program{module};
    CHECK(occurrences(program.dump(), "Add") == 0);
    CHECK(occurrences(program.dump(), "RuleStart") == 0);  // its `when` is a constant
    value::Record record;
    record.reset(1);
    record.set_instant(0, {kNow.seconds - 90'000, 0});
    CHECK(decide(program, module, record)[0].outcome == ir::Outcome::kViolated);
}

TEST_CASE("a scratch is used again without remains of the record before") {
    const ir::Module module = kucoin_module();
    const eval::Program program{module};
    auto scratch = program.make_scratch();
    std::vector<eval::RuleDecision> out(module.rules.size());
    value::Record nothing;
    nothing.reset(module.schema.fields.size());
    const value::Record some = kucoin_record();
    for (int i = 0; i < 3; ++i) {
        program.decide(some, kNow, scratch, out);
        CHECK(out == eval::decide_reference(module, some, kNow).rules);
        program.decide(nothing, kNow, scratch, out);
        CHECK(out == eval::decide_reference(module, nothing, kNow).rules);
    }
}

TEST_CASE("a rule decided alone comes out as among all, and the second time allocates nothing") {
    const ir::Module module = kucoin_module();
    const eval::Program program{module};
    auto scratch = program.make_scratch();
    value::Record nothing;
    nothing.reset(module.schema.fields.size());
    std::vector<value::Record> records{kucoin_record(), nothing};
    for (std::size_t i = 0; i < module.schema.fields.size(); ++i) {
        records.push_back(kucoin_record());
        records.back().set_unknown(i);
    }
    std::size_t wrong = 0, allocated = 0;
    for (const value::Record& record : records) {
        const std::vector<eval::RuleDecision> all = decide(program, module, record);
        for (std::size_t r = 0; r < all.size(); ++r) {
            if (!(program.decide_rule(record, kNow, scratch, ir::RuleId{r}) == all[r])) ++wrong;
            const std::size_t before = allocations();
            if (!(program.decide_rule(record, kNow, scratch, ir::RuleId{r}) == all[r])) ++wrong;
            allocated += allocations() - before;
        }
    }
    CHECK(wrong == 0);
    CHECK(allocated == 0);
}

TEST_CASE("what two inner loops share is computed for each, for either may run no time at all") {
    IrBuilder b;
    const Type set_type = IrBuilder::set_of(Kind::kInt);
    const NodeId outer = b.read(b.field("outer", set_type)), first = b.read(b.field("first", set_type));
    const NodeId second = b.read(b.field("second", set_type));
    b.rule("r", {}, {}, b.quantifier(Op::kAny, outer, [&](NodeId x) {
        const auto over = [&](NodeId set) {
            return b.quantifier(Op::kAny, set, [&](NodeId y) {
                return b.all({b.binary(Op::kGreater, x, b.value(std::int64_t{1})),
                              b.binary(Op::kGreater, y, b.value(std::int64_t{0}))});
            });
        };
        return b.some({over(first), over(second)});
    }));
    const ir::Module module = b.take();
    const eval::Program program{module};
    value::Record record;
    const std::vector<std::int64_t> none, one{1}, two{2};
    for (const auto& o : {one, two}) {
        for (const auto& f : {none, one}) {
            for (const auto& s : {none, one}) {
                record.reset(3);
                record.set_int_set(0, o);
                record.set_int_set(1, f);
                record.set_int_set(2, s);
                const bool holds = o == two && (f == one || s == one);
                CHECK(decide(program, module, record)[0].outcome ==
                      (holds ? ir::Outcome::kPass : ir::Outcome::kViolated));
            }
        }
    }
}

TEST_CASE("an unknown field that may be absent leaves even a hopeless question open") {
    IrBuilder b;
    const Type flags = b.set_of_enum({"x", "y"});
    Type flag = IrBuilder::optional(IrBuilder::type(Kind::kEnum));
    flag.enumeration = flags.enumeration;
    const NodeId e = b.read(b.field("e", flag)), s = b.read(b.field("s", IrBuilder::optional(flags)));
    const NodeId n = b.read(b.field("n", IrBuilder::optional(IrBuilder::int_type(1, 5))));
    const NodeId none = b.value(flags, value::EnumSet{0});
    b.rule("in nothing", {}, {}, b.binary(Op::kIn, e, none));
    b.rule("any of nothing", {}, {}, b.binary(Op::kHasAny, s, none));
    b.rule("below its range", {}, {}, b.binary(Op::kLess, n, b.value(std::int64_t{0})));
    const ir::Module module = b.take();
    value::Record record;
    record.reset(3);
    const auto out = decide(eval::Program{module}, module, record);
    CHECK(out == eval::decide_reference(module, record, kNow).rules);
    for (const eval::RuleDecision& d : out) CHECK(d.outcome == ir::Outcome::kUndetermined);
}

TEST_CASE("a program can be moved, and a module without rules decides nothing") {
    const ir::Module module = kucoin_module();
    eval::Program first{module};
    const eval::Program second{std::move(first)};
    CHECK(decide(second, module, kucoin_record()) == eval::decide_reference(module, kucoin_record(), kNow).rules);
    const ir::Module empty = IrBuilder{}.take();
    value::Record record;
    record.reset(0);
    CHECK(decide(eval::Program{empty}, empty, record).empty());
}

TEST_CASE("one program serves several threads, each with a scratch of its own") {
    const ir::Module module = kucoin_module();
    const eval::Program program{module};
    const auto expected = eval::decide_reference(module, kucoin_record(), kNow).rules;
    std::vector<int> wrong(2, 0);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < wrong.size(); ++t) {
        threads.emplace_back([&, t] {
            auto scratch = program.make_scratch();
            std::vector<eval::RuleDecision> out(module.rules.size());
            const value::Record record = kucoin_record();
            for (int i = 0; i < 1000; ++i) {
                program.decide(record, kNow, scratch, out);
                if (out != expected) ++wrong[t];
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == std::vector<int>(2, 0));
}

TEST_CASE("a chain as long as a rule file allows is compiled without deep recursion") {
    IrBuilder b;
    const ir::FieldId f = b.field("f", IrBuilder::int_type(0, 1));
    const ir::FieldId o = b.field("o", IrBuilder::optional(IrBuilder::int_type(0, 1)));
    NodeId sum = b.read(f), chain = b.read(o), d = b.read(f);
    for (int i = 0; i < 50'000; ++i) {
        sum = b.binary(Op::kAdd, sum, b.read(f));
        chain = b.binary(Op::kElse, chain, b.read(o));
        d = b.define("d", d);
    }
    b.rule("r", {}, {}, b.binary(Op::kGreaterEqual, sum, b.value(std::int64_t{0})));
    b.rule("s", {}, {}, b.binary(Op::kGreaterEqual, b.binary(Op::kElse, chain, d), b.value(std::int64_t{0})));
    const ir::Module module = b.take();
    value::Record record;
    record.reset(2);
    const auto out = decide(eval::Program{module}, module, record);
    CHECK(out[0].outcome == ir::Outcome::kPass);
    CHECK(out[1].outcome == ir::Outcome::kPass);
    CHECK(out == eval::decide_reference(module, record, kNow).rules);
}
