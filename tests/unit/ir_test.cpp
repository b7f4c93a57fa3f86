// Words, types, values and expressions of the IR as text.
#include "ir/ir.h"
#include "support/ir_builder.h"
#include "support/kucoin_module.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace keywright;
using namespace keywright::test;

namespace {

value::Network block(std::uint64_t low, std::uint8_t prefix) {
    value::Network n;
    n.low = low;
    n.prefix = prefix;
    return n;
}

}  // namespace

TEST_CASE("operators, kinds and outcomes have their words") {
    CHECK(ir::word(Op::kHasAny) == "has any of");
    CHECK(ir::word(Op::kIsPresent) == "is present");
    CHECK(ir::word(Kind::kInstant) == "instant");
    CHECK(ir::word(ir::ClauseKind::kMustNot) == "must_not");
    CHECK(ir::word(ir::Verdict::kCompliant) == "compliant");
    CHECK(ir::word(ir::Outcome::kNotApplicable) == "not_applicable");
}

TEST_CASE("types in the language's words") {
    IrBuilder b;
    const auto text = [&](const Type& t) { return ir::to_string(b.module(), t); };
    CHECK(text(IrBuilder::type(Kind::kBool)) == "bool");
    CHECK(text(IrBuilder::optional(IrBuilder::type(Kind::kText))) == "text?");
    CHECK(text(IrBuilder::type(Kind::kInt)) == "int");
    CHECK(text(IrBuilder::int_type(1, 20)) == "int 1..20");
    CHECK(text(IrBuilder::int_type(0, INT64_MAX)) == "int 0..");
    CHECK(text(b.one_of({"a", "b"})) == "one of { a, b }");
    CHECK(text(IrBuilder::optional(b.set_of_enum({"a", "b"}))) == "set of { a, b }?");
    CHECK(text(IrBuilder::set_of(Kind::kNetwork)) == "set of network");
    Type ints = IrBuilder::set_of(Kind::kInt);
    ints.min = 1;
    ints.max = 3;
    CHECK(text(ints) == "set of int 1..3");
    CHECK(text(IrBuilder::family_type()) == "one of { ipv4, ipv6 }");
}

TEST_CASE("values in the language's words") {
    IrBuilder b;
    const auto text = [&](const Type& t, value::Value v) { return ir::to_string(b.module(), t, v); };
    const Type flags = b.set_of_enum({"general", "spot", "margin"});
    CHECK(text(IrBuilder::type(Kind::kBool), true) == "true");
    CHECK(text(IrBuilder::type(Kind::kInt), std::int64_t{-7}) == "-7");
    CHECK(text(IrBuilder::type(Kind::kText), std::string{"bot"}) == "\"bot\"");
    CHECK(text(IrBuilder::type(Kind::kText), std::string{"a\"b\\c\n"}) == "\"a\\\"b\\\\c\\n\"");
    CHECK(text(flags, value::EnumSet{3}) == "{general, spot}");
    CHECK(text(flags, value::EnumSet{0}) == "{}");
    CHECK(text(b.one_of({"a", "b"}), value::EnumValue{1}) == "b");
    CHECK(text(IrBuilder::type(Kind::kDuration), Duration{2'592'000, 0}) == "30 days");
    CHECK(text(IrBuilder::type(Kind::kInstant), Instant{1'767'225'600, 0}) == "2026-01-01T00:00:00Z");
    CHECK(text(IrBuilder::set_of(Kind::kNetwork), value::NetworkSet{block(0x0a000000, 8), block(0xcb007105, 32)}) ==
          "{10.0.0.0/8, 203.0.113.5}");
    CHECK(text(IrBuilder::set_of(Kind::kText), value::TextSet{"a", "b"}) == "{\"a\", \"b\"}");
    CHECK(text(IrBuilder::set_of(Kind::kInt), value::IntSet{1, 2}) == "{1, 2}");
}

TEST_CASE("a text with an escape sequence can't act on a terminal") {
    IrBuilder b;
    const std::string shown = ir::to_string(b.module(), IrBuilder::type(Kind::kText), std::string{"\x1b[31m"});
    CHECK(shown.find('\x1b') == std::string::npos);
}

TEST_CASE("nothing of a secret is shown") {
    IrBuilder b;
    CHECK(ir::to_string(b.module(), IrBuilder::type(Kind::kSecret), value::SecretFacts{12, 12, 127, 9}) == "(secret)");
}

TEST_CASE("expressions have the least parentheses") {
    IrBuilder b;
    const auto flag = [&](const char* name) { return b.read(b.field(name, IrBuilder::type(Kind::kBool))); };
    const NodeId x = flag("x"), y = flag("y"), z = flag("z");
    const NodeId n = b.read(b.field("n", IrBuilder::type(Kind::kInt)));
    const NodeId t = b.read(b.field("t", IrBuilder::optional(IrBuilder::type(Kind::kInt))));
    const NodeId s = b.read(b.field("s", IrBuilder::set_of(Kind::kNetwork)));
    const NodeId one = b.value(std::int64_t{1}), two = b.value(std::int64_t{2});
    const auto add = [&](NodeId l, NodeId r) { return b.binary(Op::kAdd, l, r); };
    const auto sub = [&](NodeId l, NodeId r) { return b.binary(Op::kSubtract, l, r); };
    const auto open = [&] { return b.quantifier(Op::kNo, s, [&](NodeId e) { return b.unary(Op::kIsOpen, e); }); };
    const auto named = b.define("named", b.some({x, y}));
    const Type usage = b.one_of({"a", "b"});
    const NodeId u = b.read(b.field("u", usage));

    const std::vector<std::pair<NodeId, std::string>> table{
        {b.all({x, b.some({y, z})}), "x and (y or z)"},
        {b.some({b.all({x, y}), z}), "x and y or z"},
        {b.negation(b.all({x, y})), "not (x and y)"},
        {b.all({b.negation(x), y}), "not x and y"},
        {b.binary(Op::kImplies, x, b.binary(Op::kImplies, y, z)), "x implies y implies z"},
        {b.binary(Op::kImplies, b.binary(Op::kImplies, x, y), z), "(x implies y) implies z"},
        {b.binary(Op::kLess, add(n, one), two), "n + 1 < 2"},
        {sub(n, add(one, two)), "n - (1 + 2)"},
        {add(sub(n, one), two), "n - 1 + 2"},
        {add(b.binary(Op::kElse, t, n), one), "t else n + 1"},
        {b.binary(Op::kElse, t, add(n, one)), "t else (n + 1)"},
        {b.binary(Op::kElse, t, b.binary(Op::kElse, t, n)), "t else t else n"},
        {b.negation(b.unary(Op::kIsEmpty, s)), "s is not empty"},
        {b.negation(b.present(t)), "t is not present"},
        {b.negation(b.negation(b.present(t))), "not t is not present"},
        {b.binary(Op::kEqual, b.unary(Op::kCount, s), one), "count(s) == 1"},
        {b.all({x, open()}), "x and no v0 in s: v0 is open"},
        {b.all({open(), x}), "(no v1 in s: v1 is open) and x"},
        {b.some({b.all({x, open()}), y}), "x and (no v2 in s: v2 is open) or y"},
        {b.all({named, x}), "named and x"},
        {b.binary(Op::kEqual, b.list(Op::kMatch, {u, one, two}), n), "match u { a: 1, b: 2 } == n"},
    };
    for (const auto& [node, text] : table) CHECK(ir::to_text(b.module(), node) == text);
    CHECK(ir::to_text(b.module(), NodeId{}) == "true");
}

TEST_CASE("a chain as long as a rule file allows is written without deep recursion") {
    IrBuilder b;
    NodeId sum = b.value(std::int64_t{1});
    for (int i = 0; i < 200'000; ++i) sum = b.binary(Op::kAdd, sum, b.value(std::int64_t{1}));
    CHECK(ir::to_text(b.module(), sum).size() == 1 + 200'000 * 4);
}

TEST_CASE("the dump names every rule, field and node") {
    const ir::Module module = kucoin_module();
    const std::string text = ir::dump(module);
    CHECK(text.find("rule idle_spot_key_expires error\n") != std::string::npos);
    CHECK(text.find("  field ip_allowlist: set of network\n") != std::string::npos);
    CHECK(text.find("  assume created_at <= last_used_at\n") != std::string::npos);
    CHECK(text.find("param inactivity_limit: duration = 30 days\n") != std::string::npos);
    CHECK(text.find("linked or ip_allowlist is not empty and no v0 in ip_allowlist: v0 is open\n") !=
          std::string::npos);
    CHECK(text.find("%" + std::to_string(module.nodes.size() - 1) + " = ") != std::string::npos);
}
