// What the language means, case by case: the reference evaluator is the definition, so these are written out by hand.
#include "eval/reference.h"
#include "support/ir_builder.h"
#include "support/kucoin_module.h"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>
#include <vector>

using namespace keywright;
using namespace keywright::test;
using eval::Truth;
using ir::Outcome;

namespace {

constexpr Instant kMade{1'767'225'600, 0};  // 2026-01-01T00:00:00Z
constexpr Truth T = Truth::kTrue, F = Truth::kFalse, U = Truth::kUnknown;

Instant days_later(std::int64_t days, std::int64_t seconds = 0) { return {kMade.seconds + days * 86'400 + seconds, 0}; }

value::Network net(const char* text) {
    const auto parsed = value::parse_network(text, true);
    REQUIRE(std::holds_alternative<value::Network>(parsed));
    return std::get<value::Network>(parsed);
}

value::NetworkSet nets(const std::vector<const char*>& texts) {
    value::NetworkSet set;
    for (const char* text : texts) set.push_back(net(text));
    return set;
}

eval::RuleDecision idle(const value::Record& record, Instant now) {
    return eval::decide_reference(kucoin_module(), record, now).rules[kIdleRule];
}

}  // namespace

TEST_CASE("an idle key expires at the thirtieth day, not a second before") {
    value::Record record = kucoin_record();
    record.set_instant(kLastUsedAt, kMade);
    CHECK(idle(record, days_later(30, -1)).outcome == Outcome::kPass);
    CHECK(idle(record, days_later(30)).outcome == Outcome::kViolated);
    const eval::Nanos deadline = value::to_nanos(days_later(30));
    CHECK(idle(record, kMade).deadline == eval::InstantBounds{deadline, deadline});
}

TEST_CASE("the warning begins seven days before, and ends when the key is gone") {
    value::Record record = kucoin_record();
    record.set_instant(kLastUsedAt, kMade);
    CHECK(idle(record, days_later(23, -1)).warning == F);
    CHECK(idle(record, days_later(23)).warning == T);
    CHECK(idle(record, days_later(30, -1)).warning == T);
    CHECK(idle(record, days_later(30)).warning == F);
}

TEST_CASE("an unknown last use lies between creation and now") {
    value::Record record = kucoin_record();
    record.set_unknown(kLastUsedAt);
    const eval::RuleDecision young = idle(record, days_later(10));
    CHECK(young.outcome == Outcome::kPass);
    CHECK(young.deadline == eval::InstantBounds{value::to_nanos(days_later(30)), value::to_nanos(days_later(40))});
    CHECK(young.warning == F);
    CHECK(idle(record, days_later(25)).warning == U);
    CHECK(idle(record, days_later(40)).outcome == Outcome::kUndetermined);
}

TEST_CASE("a record that breaks an assumption isn't helped by it") {
    value::Record record = kucoin_record();
    record.set_unknown(kLastUsedAt);
    record.set_instant(kCreatedAt, days_later(100));
    const eval::RuleDecision decision = idle(record, kMade);
    CHECK(decision.outcome == Outcome::kUndetermined);
    CHECK_FALSE(decision.deadline.has_earliest());
}

TEST_CASE("what is unknown neither exempts nor excuses") {
    value::Record record = kucoin_record();
    record.set_instant(kLastUsedAt, kMade);
    record.set_unknown(kIpAllowlist);
    CHECK(idle(record, days_later(40)).outcome == Outcome::kUndetermined);
    record.set_network_set(kIpAllowlist, nets({"203.0.113.5"}));
    const eval::RuleDecision restricted = idle(record, days_later(40));
    CHECK(restricted.outcome == Outcome::kExempt);
    CHECK(restricted.exempt_by == 0);
    record.set_network_set(kIpAllowlist, nets({"203.0.113.5", "0.0.0.0/0"}));
    CHECK(idle(record, days_later(40)).outcome == Outcome::kViolated);
    record.set_network_set(kIpAllowlist, nets({"203.**.154"}));
    CHECK(idle(record, days_later(40)).outcome == Outcome::kExempt);
}

TEST_CASE("the first reason in order names the outcome") {
    IrBuilder b;
    const auto flag = [&](const char* name) { return b.read(b.field(name, IrBuilder::type(Kind::kBool))); };
    const NodeId when = flag("when"), first = flag("first"), second = flag("second"), holds = flag("holds");
    b.rule("r", when, {first, second}, holds);
    const ir::Module module = b.take();
    struct Row {
        Truth when, first, second, holds;
        Outcome outcome;
        std::uint16_t by;
        Truth applies;
    };
    const std::array rows{
        Row{F, T, U, F, Outcome::kNotApplicable, 0, F}, Row{T, F, F, F, Outcome::kViolated, 0, T},
        Row{T, F, T, F, Outcome::kExempt, 1, F},        Row{T, T, T, F, Outcome::kExempt, 0, F},
        Row{U, F, T, F, Outcome::kExempt, 1, F},        Row{T, U, T, U, Outcome::kExempt, 1, F},
        Row{T, F, F, T, Outcome::kPass, 0, T},          Row{U, U, F, T, Outcome::kPass, 0, U},
        Row{T, U, F, F, Outcome::kUndetermined, 0, U},  Row{U, F, F, F, Outcome::kUndetermined, 0, U},
        Row{T, F, F, U, Outcome::kUndetermined, 0, T},  Row{F, F, F, U, Outcome::kNotApplicable, 0, F},
    };
    for (const Row& row : rows) {
        value::Record record;
        record.reset(4);
        const std::array<Truth, 4> values{row.when, row.first, row.second, row.holds};
        for (std::size_t i = 0; i < 4; ++i) {
            if (values[i] != U) record.set_bool(i, values[i] == T);
        }
        const eval::RuleDecision decision = eval::decide_reference(module, record, kMade).rules[0];
        CHECK(decision.outcome == row.outcome);
        CHECK(decision.exempt_by == row.by);
        CHECK(decision.applies == row.applies);
    }
}

TEST_CASE("relations of networks, masked entries and unknown ones") {
    IrBuilder b;
    const Type set_type = IrBuilder::set_of(Kind::kNetwork);
    const ir::FieldId a = b.field("a", set_type), c = b.field("b", set_type);
    const ir::FieldId one = b.field("one", IrBuilder::type(Kind::kNetwork));
    const NodeId within = b.binary(Op::kWithin, b.read(a), b.read(c));
    const NodeId overlaps = b.binary(Op::kOverlaps, b.read(a), b.read(c));
    const NodeId shares = b.binary(Op::kHasAny, b.read(a), b.read(c));
    const NodeId only = b.binary(Op::kHasOnly, b.read(a), b.read(c));
    const NodeId same = b.binary(Op::kEqual, b.read(a), b.read(c));
    const NodeId one_within = b.binary(Op::kWithin, b.read(one), b.read(c));
    const NodeId in_one = b.binary(Op::kWithin, b.read(a), b.read(one));
    const ir::Module module = b.take();
    value::Record record;
    const auto truths = [&](const std::vector<const char*>& left, const std::vector<const char*>& right) {
        record.reset(3);
        record.set_network_set(0, nets(left));
        record.set_network_set(1, nets(right));
        std::string out;
        for (const NodeId node : {within, overlaps, shares, only, same}) {
            const Truth t = eval::evaluate_reference(module, node, record, kMade);
            out += t == T ? 'T' : t == F ? 'F' : 'U';
        }
        return out;
    };
    CHECK(truths({}, {}) == "TFFTT");
    CHECK(truths({}, {"10.0.0.0/8"}) == "TFFTF");
    CHECK(truths({"10.0.0.0/8"}, {}) == "FFFFF");
    CHECK(truths({"10.0.0.0/8"}, {"10.0.0.0/8"}) == "TTTTT");
    CHECK(truths({"10.0.0.0/8"}, {"10.0.0.0/9", "10.128.0.0/9"}) == "TTFFF");
    CHECK(truths({"10.0.0.0/8"}, {"10.0.0.0/9"}) == "FTFFF");
    CHECK(truths({"10.0.0.1"}, {"10.0.0.0/8"}) == "TTFFF");
    // A masked entry is one host: it may be inside a block, but never equal to one.
    CHECK(truths({"203.**.154"}, {"10.0.0.0/8"}) == "UUFFF");
    CHECK(truths({"203.**.154"}, {"10.0.0.1"}) == "UUUUU");
    CHECK(truths({"10.0.0.0/31"}, {"203.**.154"}) == "FUFFF");
    CHECK(truths({"10.0.0.0/31"}, {"203.**.154", "203.**.155"}) == "UUFFF");
    CHECK(truths({"10.0.0.0/31"}, {"10.0.0.0", "203.**.155"}) == "UTFFF");
    CHECK(truths({"203.**.154"}, {}) == "FFFFF");
    CHECK(truths({"203.**.154"}, {"0.0.0.0/0", "::/0"}) == "TTFFF");
    CHECK(truths({"203.**.154"}, {"0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"}) == "TTFFF");
    CHECK(truths({"203.**.154", "10.0.0.1"}, {"10.0.0.1"}) == "UTTUU");

    record.reset(3);
    record.set_network_set(1, {});
    CHECK(eval::evaluate_reference(module, within, record, kMade) == U);      // an unknown set may be empty
    CHECK(eval::evaluate_reference(module, one_within, record, kMade) == F);  // a network never is
    CHECK(eval::evaluate_reference(module, overlaps, record, kMade) == F);
    record.set_network_set(0, nets({"10.0.0.1", "::1"}));
    CHECK(eval::evaluate_reference(module, in_one, record, kMade) == F);  // one block is of one family
    record.set_network_set(0, nets({"10.0.0.1", "203.**.1"}));
    CHECK(eval::evaluate_reference(module, in_one, record, kMade) == U);
}

TEST_CASE("counts are bounded where entries are masked or unknown") {
    IrBuilder b;
    const ir::FieldId list = b.field("list", IrBuilder::set_of(Kind::kNetwork));
    std::vector<NodeId> at_least;
    for (std::int64_t n = 0; n < 4; ++n) {
        at_least.push_back(b.binary(Op::kGreaterEqual, b.unary(Op::kCount, b.read(list)), b.value(n)));
    }
    const ir::Module module = b.take();
    value::Record record;
    record.reset(1);
    const auto count = [&] {
        std::string out;
        for (const NodeId node : at_least) {
            const Truth t = eval::evaluate_reference(module, node, record, kMade);
            out += t == T ? 'T' : t == F ? 'F' : 'U';
        }
        return out;
    };
    CHECK(count() == "TUUU");
    record.set_network_set(0, nets({"203.**.154"}));
    CHECK(count() == "TTFF");
    record.set_network_set(0, nets({"203.**.154", "203.**.155"}));
    CHECK(count() == "TTUF");
    record.set_network_set(0, nets({"10.0.0.1", "203.**.154"}));
    CHECK(count() == "TTUF");
    record.set_network_set(0, nets({"10.0.0.1", "::1"}));
    CHECK(count() == "TTTF");
}

TEST_CASE("an unknown optional value may be absent, so its default counts too") {
    IrBuilder b;
    const ir::FieldId f = b.field("f", IrBuilder::optional(IrBuilder::int_type(1, 3)));
    const NodeId defaulted = b.binary(Op::kElse, b.read(f), b.value(std::int64_t{9}));
    const NodeId high = b.binary(Op::kLess, defaulted, b.value(std::int64_t{10}));
    const NodeId positive = b.binary(Op::kGreater, defaulted, b.value(std::int64_t{0}));
    const NodeId low = b.binary(Op::kLess, defaulted, b.value(std::int64_t{4}));
    const NodeId guarded = b.all({b.present(b.read(f)), b.binary(Op::kLess, b.read(f), b.value(std::int64_t{4}))});
    const ir::Module module = b.take();
    value::Record record;
    record.reset(1);
    CHECK(eval::evaluate_reference(module, high, record, kMade) == T);
    CHECK(eval::evaluate_reference(module, positive, record, kMade) == T);
    CHECK(eval::evaluate_reference(module, low, record, kMade) == U);
    CHECK(eval::evaluate_reference(module, guarded, record, kMade) == U);
    record.set_absent(0);
    CHECK(eval::evaluate_reference(module, low, record, kMade) == F);
    CHECK(eval::evaluate_reference(module, guarded, record, kMade) == F);
    record.set_int(0, 2);
    CHECK(eval::evaluate_reference(module, guarded, record, kMade) == T);
}

TEST_CASE("assumptions reach through unknown fields that are surely there, and only through those") {
    for (const bool optional : {false, true}) {
        IrBuilder b;
        const Type instant = IrBuilder::type(Kind::kInstant);
        const ir::FieldId f = b.field("f", instant);
        const ir::FieldId middle = b.field("middle", optional ? IrBuilder::optional(instant) : instant);
        b.assume(IrBuilder::term(f), IrBuilder::term(middle), true);
        b.assume(IrBuilder::term(middle), IrBuilder::term_now());
        const NodeId before = b.binary(Op::kLess, b.read(f), b.now());
        const ir::Module module = b.take();
        value::Record record;
        record.reset(2);
        CHECK(eval::evaluate_reference(module, before, record, kMade) == (optional ? U : T));
    }
}

TEST_CASE("the range of an unknown int bounds what is assumed to be below it, unless it may be absent") {
    for (const bool optional : {false, true}) {
        IrBuilder b;
        const Type small = IrBuilder::int_type(0, 5);
        const ir::FieldId f = b.field("f", IrBuilder::type(Kind::kInt));
        const ir::FieldId g = b.field("g", optional ? IrBuilder::optional(small) : small);
        b.assume(IrBuilder::term(f), IrBuilder::term(g), true);
        const NodeId below = b.binary(Op::kLess, b.read(f), b.value(std::int64_t{5}));
        const ir::Module module = b.take();
        value::Record record;
        record.reset(2);
        CHECK(eval::evaluate_reference(module, below, record, kMade) == (optional ? U : T));
        record.set_int(1, 5);
        CHECK(eval::evaluate_reference(module, below, record, kMade) == T);
    }
}

TEST_CASE("members of a record that isn't there are as it is") {
    IrBuilder b;
    const ir::FieldId limits = b.field("limits", IrBuilder::optional(IrBuilder::type(Kind::kRecord)));
    const ir::FieldId daily = b.field("daily", IrBuilder::int_type(1, 5), limits);
    const NodeId there = b.present(b.read(daily));
    const ir::Module module = b.take();
    value::Record record;
    record.reset(2);
    record.set_int(1, 3);
    CHECK(eval::evaluate_reference(module, there, record, kMade) == U);
    record.set_absent(0);
    CHECK(eval::evaluate_reference(module, there, record, kMade) == F);
    record.set_present(0);
    CHECK(eval::evaluate_reference(module, there, record, kMade) == T);
    record.set_unknown(1);
    CHECK(eval::evaluate_reference(module, there, record, kMade) == T);
}

TEST_CASE("interpolations show a value in words") {
    const ir::Module module = kucoin_module();
    IrBuilder b;
    const Type flags = b.set_of_enum({"general", "spot"});
    const ir::FieldId name = b.field("name", IrBuilder::optional(IrBuilder::type(Kind::kText)));
    const ir::FieldId permissions = b.field("permissions", flags);
    const ir::FieldId list = b.field("list", IrBuilder::set_of(Kind::kNetwork));
    const ir::FieldId at = b.field("at", IrBuilder::type(Kind::kInstant));
    const ir::FieldId key = b.field("key", IrBuilder::type(Kind::kSecret));
    const std::vector<NodeId> nodes{b.read(name), b.read(permissions), b.read(list), b.read(at), b.read(key)};
    const NodeId age = b.binary(Op::kSubtract, b.now(), b.read(at));
    const ir::Module shown = b.take();
    value::Record record;
    record.reset(5);
    const auto text = [&](NodeId node) { return eval::describe_reference(shown, node, record, days_later(3), {}); };
    CHECK(text(nodes[0]) == "unknown");
    CHECK(text(nodes[3]) == "unknown");
    CHECK(text(age) == "unknown");
    record.set_absent(0);
    record.set_enum_set(1, 3);
    record.set_network_set(2, nets({"10.0.0.0/8", "203.**.154"}));
    record.set_instant(3, kMade);
    record.set_secret(4, value::facts_of("Tr0ub4dor&3"));
    CHECK(text(nodes[0]) == "absent");
    CHECK(text(nodes[1]) == "general, spot");
    CHECK(text(nodes[2]) == "10.0.0.0/8, (masked)");
    CHECK(text(nodes[3]) == "2026-01-01T00:00:00Z");
    CHECK(text(age) == "3 days");
    CHECK(text(nodes[4]) == "(secret)");
    record.set_text(0, "b\x1bot");
    CHECK(text(nodes[0]).find('\x1b') == std::string::npos);
    record.set_enum_set(1, 0);
    CHECK(text(nodes[1]) == "{}");
}

TEST_CASE("an undetermined rule needs the fields that keep it so, and no others") {
    const ir::Module module = kucoin_module();
    using Fields = std::set<ir::FieldId>;
    const auto field = [](std::size_t i) { return ir::FieldId{i}; };
    value::Record record = kucoin_record();
    const ir::Rule& transfer = module.rules[kTransferRule];
    const auto needs = [&](NodeId root) { return eval::unsettled_fields(module, root, record, days_later(3)); };
    CHECK(needs(transfer.requirement).empty());
    record.set_unknown(kIpAllowlist);
    CHECK(needs(transfer.requirement) == Fields{field(kIpAllowlist)});
    record.set_unknown(kUsage);
    CHECK(needs(transfer.requirement) == Fields{field(kUsage), field(kIpAllowlist)});
    record.set_enum(kUsage, 1);
    CHECK(needs(transfer.requirement).empty());  // a linked key counts as restricted, whatever its list
    record.set_unknown(kLastUsedAt);
    CHECK(needs(module.rules[kIdleRule].expiry->since) == Fields{field(kLastUsedAt)});
}

TEST_CASE("a masked entry is something that could be known") {
    IrBuilder b;
    const ir::FieldId list = b.field("list", IrBuilder::set_of(Kind::kNetwork));
    const NodeId privately =
        b.quantifier(Op::kEvery, b.read(list), [&](NodeId n) { return b.unary(Op::kIsPrivate, n); });
    const ir::Module module = b.take();
    value::Record record;
    record.reset(1);
    record.set_network_set(0, nets({"10.0.0.1", "203.**.154"}));
    CHECK(eval::evaluate_reference(module, privately, record, kMade) == U);
    CHECK(eval::unsettled_fields(module, privately, record, kMade) == std::set<ir::FieldId>{list});
    record.set_network_set(0, nets({"8.8.8.8", "203.**.154"}));
    CHECK(eval::evaluate_reference(module, privately, record, kMade) == F);
}

TEST_CASE("named expressions that name each other are evaluated once each") {
    IrBuilder b;
    const ir::FieldId f = b.field("f", IrBuilder::type(Kind::kBool));
    NodeId d = b.read(f);
    for (int i = 0; i < 20'000; ++i) d = b.define("d" + std::to_string(i), b.all({d, d}));
    b.rule("r", {}, {}, d);
    const ir::Module module = b.take();
    value::Record record;
    record.reset(1);
    CHECK(eval::decide_reference(module, record, kMade).rules[0].outcome == Outcome::kUndetermined);
    CHECK(eval::unsettled_fields(module, d, record, kMade) == std::set<ir::FieldId>{f});
}

TEST_CASE("the verdict looks at error rules alone") {
    const ir::Module module = kucoin_module();
    value::Record record = kucoin_record();
    eval::Decision decision = eval::decide_reference(module, record, days_later(1));
    CHECK(eval::verdict(module, decision) == ir::Verdict::kCompliant);  // a warning is violated
    record.set_unknown(kUsage);
    decision = eval::decide_reference(module, record, days_later(1));
    CHECK(eval::verdict(module, decision) == ir::Verdict::kUndetermined);
    record.set_absent(kName);
    decision = eval::decide_reference(module, record, days_later(1));
    CHECK(eval::verdict(module, decision) == ir::Verdict::kViolation);
}

TEST_CASE("a key expires with the earliest rule that applies") {
    const ir::Module module = kucoin_module();
    value::Record record = kucoin_record();
    record.set_instant(kLastUsedAt, kMade);
    const auto at = [&] { return eval::expiration(module, eval::decide_reference(module, record, days_later(1))); };
    const eval::Nanos deadline = value::to_nanos(days_later(30));
    CHECK_FALSE(at().none);
    CHECK(at().at == eval::InstantBounds{deadline, deadline});
    record.set_unknown(kIpAllowlist);  // perhaps exempt, so perhaps never
    CHECK_FALSE(at().none);
    CHECK(at().at.earliest == deadline);
    CHECK_FALSE(at().at.has_latest());
    record.set_enum_set(kPermissions, kGeneral);
    CHECK(at().none);
}
