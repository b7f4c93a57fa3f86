// The two methods against each other: cells (lib/logic) and Z3 (lib/smt) never give opposite answers, and every yes is
// confirmed by the evaluator.
#include "analysis/questions.h"
#include "differential/random_module.h"
#include "engine/state.h"
#include "logic/search.h"
#include "smt/asking.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string_view>

using namespace keywright;
using logic::Answer;
using logic::Claim;
using logic::Leaf;

namespace {

// KEYWRIGHT_AGREEMENT_ROUNDS: random modules of each case, for a longer run.
std::size_t rounds(std::size_t otherwise) {
    const char* given = std::getenv("KEYWRIGHT_AGREEMENT_ROUNDS");
    return given == nullptr ? otherwise : std::max<std::size_t>(1, std::strtoul(given, nullptr, 10));
}

std::string shown(const logic::Question& q, const logic::Result& cells, const logic::Result& smt) {
    std::string out;
    for (const ir::Module* module : q.packs) out += ir::dump(*module) + "\n";
    for (const logic::Result* r : {&cells, &smt}) {
        out += std::string{"answer "} + test::letter(r->answer) + " " + r->reason + "\n";
        if (!r->witness) continue;
        out += "now " + to_string(r->witness->now) + "\n";
        for (std::size_t i = 0; i < q.packs.size(); ++i)
            out += test::describe(*q.packs[i], r->witness->records[i]) + "\n";
    }
    for (const logic::Term& t : q.terms) {
        out += "term op " + std::to_string(static_cast<int>(t.op)) + " claim " +
               std::to_string(static_cast<int>(t.leaf.claim)) + " pack " + std::to_string(t.leaf.pack) + " rule " +
               std::to_string(t.leaf.rule.value) + " outcome " + std::to_string(static_cast<int>(t.leaf.outcome)) +
               " exemption " + std::to_string(t.leaf.exemption) + "\n";
    }
    return out;
}

// What both said, and how often.
class Tally {
public:
    void ask(const logic::Question& q, std::uint32_t milliseconds = 900) {
        logic::Budget budget;
        budget.steps = 200'000;
        budget.milliseconds = milliseconds;
        const logic::Result cells = cells_.solve(q, budget);
        const logic::Result smt = smt_->solve(q, budget);
        for (const logic::Result* r : {&cells, &smt}) {
            REQUIRE(r->witness.has_value() == (r->answer == Answer::kYes));
            if (r->witness) REQUIRE_MESSAGE(logic::confirms(q, *r->witness), shown(q, cells, smt));
            REQUIRE_MESSAGE(r->reason.find("confirm") == std::string::npos, shown(q, cells, smt));
        }
        const bool opposite =
            cells.answer != smt.answer && cells.answer != Answer::kUnknown && smt.answer != Answer::kUnknown;
        REQUIRE_MESSAGE(!opposite, shown(q, cells, smt));
        ++counts_[{test::letter(cells.answer), test::letter(smt.answer)}];
        if (cells.answer == Answer::kUnknown) ++reasons_["cells: " + cells.reason];
        if (smt.answer == Answer::kUnknown) ++reasons_["Z3: " + smt.reason];
    }

    [[nodiscard]] std::size_t both(char letter) const {
        const auto found = counts_.find({letter, letter});
        return found == counts_.end() ? 0 : found->second;
    }
    [[nodiscard]] std::size_t total() const {
        std::size_t n = 0;
        for (const auto& [answers, times] : counts_) n += times;
        return n;
    }
    // Rows: cells. Columns: Z3.
    [[nodiscard]] std::string text() const {
        std::string out = "cells \\ Z3     yes      no unknown";
        for (const char row : {'y', 'n', '?'}) {
            out += std::string{"\n"} + (row == 'y' ? "yes       " : row == 'n' ? "no        " : "unknown   ");
            for (const char column : {'y', 'n', '?'}) {
                const auto found = counts_.find({row, column});
                std::string n = std::to_string(found == counts_.end() ? 0 : found->second);
                out += std::string(8 - std::min<std::size_t>(n.size(), 8), ' ') + n;
            }
        }
        for (const auto& [reason, times] : reasons_) out += "\n  " + std::to_string(times) + "  " + reason;
        return out;
    }

private:
    logic::CellSolver cells_;
    std::unique_ptr<logic::Solver> smt_ = smt::make_solver();
    std::map<std::pair<char, char>, std::size_t> counts_;
    std::map<std::string, std::size_t> reasons_;
};

// --- modules that never ask for what may be absent -------------------------------------------------------------------
void without_optionals(ir::Module& module) {
    for (ir::Field& field : module.schema.fields) field.type.optional = false;
}

bool may_be_absent(const ir::Module& module, ir::FieldId id) {
    for (; id.valid(); id = module.schema.fields[id.index()].parent) {
        if (module.schema.fields[id.index()].type.optional) return true;
    }
    return false;
}

constexpr std::array<std::string_view, 64> kOperands{
#define KW_OPERATOR(name, word, operands, doc) operands,
#include "ir/operators.def"
#undef KW_OPERATOR
};

// Every read of a field that may be absent gets an `else` with a constant, but for those that ask for its presence.
// Of secrets there are no constants, so they become required.
void guard_reads(test::Dice& dice, ir::Module& module) {
    for (const ir::Field& field : module.schema.fields) {
        if (field.type.kind != ir::Kind::kSecret) continue;
        const ir::Field* at = &field;
        for (;;) {
            const_cast<ir::Field*>(at)->type.optional = false;  // NOLINT: of this module, which isn't const
            if (!at->parent.valid()) break;
            at = &module.schema.fields[at->parent.index()];
        }
    }
    std::vector<ir::Node> nodes;
    std::vector<ir::NodeId> plain, guarded;
    const auto push = [&](const ir::Node& node) {
        nodes.push_back(node);
        return ir::NodeId{nodes.size() - 1};
    };
    for (std::size_t i = 0; i < module.nodes.size(); ++i) {
        ir::Node node = module.nodes[i];
        const std::string_view operands = kOperands[static_cast<std::size_t>(node.op)];
        if (operands == "list") {
            for (std::uint32_t k = 0; k < node.b; ++k) {
                ir::NodeId& operand = module.lists[node.a + k];
                operand = guarded[operand.index()];
            }
        } else if (operands == "a" || operands == "ab") {
            const bool asks = node.op == ir::Op::kIsPresent || node.op == ir::Op::kElse;
            node.a = (asks ? plain : guarded)[node.a].value;
            if (operands == "ab") node.b = guarded[node.b].value;
        }
        plain.push_back(push(node));
        guarded.push_back(plain.back());
        if (node.op != ir::Op::kField || !may_be_absent(module, ir::FieldId{node.a})) continue;
        const ir::Type& declared = module.schema.fields[node.a].type;
        if (declared.kind == ir::Kind::kRecord) continue;
        ir::Type type = declared;
        type.optional = false;
        value::Value value = test::random_value(dice, module, type, false);
        if (const auto* network = std::get_if<value::Network>(&value); network != nullptr && network->masked)
            value = value::Network{0, 0xcb007105, 32, 4, false};
        if (auto* set = std::get_if<value::NetworkSet>(&value))
            std::erase_if(*set, [](const value::Network& n) { return n.masked; });
        module.types.push_back(type);
        module.constants.push_back(std::move(value));
        ir::Node other;
        other.op = ir::Op::kConst;
        other.type = ir::TypeId{module.types.size() - 1};
        other.a = static_cast<std::uint32_t>(module.constants.size() - 1);
        ir::Node either;
        either.op = ir::Op::kElse;
        either.type = other.type;
        either.a = plain.back().value;
        either.b = push(other).value;
        guarded.back() = push(either);
    }
    module.nodes = std::move(nodes);
    const auto map = [&](ir::NodeId& id) {
        if (id.valid()) id = guarded[id.index()];
    };
    for (ir::Define& define : module.defines) map(define.root);
    for (ir::Rule& rule : module.rules) {
        map(rule.when);
        map(rule.requirement);
        for (ir::Exemption& e : rule.exemptions) map(e.condition);
        if (rule.expiry) {
            map(rule.expiry->since);
            map(rule.expiry->after);
            map(rule.expiry->warn_before);
        }
        rule.message.clear();
        rule.help.clear();
    }
}

// --- a copy in which something is different --------------------------------------------------------------------------
void change_value(test::Dice& dice, value::Value& value) {
    if (auto* b = std::get_if<bool>(&value)) *b = !*b;
    if (auto* i = std::get_if<std::int64_t>(&value)) *i += dice.chance(50) ? 1 : -1;
    if (auto* t = std::get_if<std::string>(&value)) *t = dice.chance(50) ? *t + "x" : "bot";
    if (auto* s = std::get_if<value::EnumSet>(&value)) s->bits ^= 1;
    if (auto* e = std::get_if<value::EnumValue>(&value)) e->index ^= 1;
    if (auto* n = std::get_if<value::Network>(&value)) *n = {0, 0x0a000001, 32, 4, false};
    if (auto* s = std::get_if<value::NetworkSet>(&value); s != nullptr && !s->empty()) s->pop_back();
    if (auto* s = std::get_if<value::TextSet>(&value); s != nullptr && !s->empty()) s->pop_back();
    if (auto* s = std::get_if<value::IntSet>(&value); s != nullptr && !s->empty()) s->pop_back();
    if (auto* t = std::get_if<Instant>(&value)) t->seconds += dice.chance(50) ? 1 : 86'400;
    if (auto* d = std::get_if<Duration>(&value)) d->seconds += dice.chance(50) ? 1 : 86'400;
}

ir::Op other_operator(ir::Op op) {
    using ir::Op;
    static const std::vector<std::pair<Op, Op>> kPairs{
        {Op::kAnd, Op::kOr},           {Op::kLess, Op::kLessEqual}, {Op::kGreater, Op::kGreaterEqual},
        {Op::kEqual, Op::kNotEqual},   {Op::kAny, Op::kEvery},      {Op::kHasAny, Op::kHasNone},
        {Op::kHasAll, Op::kHasOnly},   {Op::kWithin, Op::kCovers},  {Op::kStartsWith, Op::kEndsWith},
        {Op::kIsOpen, Op::kIsPrivate}, {Op::kNo, Op::kEvery}};
    for (const auto& [a, b] : kPairs) {
        if (op == a) return b;
        if (op == b) return a;
    }
    return op;
}

ir::Module changed(test::Dice& dice, const ir::Module& module) {
    ir::Module out = module;
    const std::size_t first = dice.below(8);
    for (std::size_t kind = first; kind < first + 8; ++kind) {
        switch (kind % 8) {
            case 0: {
                std::vector<std::uint32_t> used;
                for (const ir::Node& node : out.nodes) {
                    if (node.op == ir::Op::kConst) used.push_back(node.a);
                    if (node.op == ir::Op::kParam) used.push_back(out.params[node.a].value.value);
                }
                if (used.empty()) break;
                change_value(dice, out.constants[dice.pick(used)]);
                return out;
            }
            case 1:
            case 2: {
                std::vector<std::size_t> possible;
                for (std::size_t i = 0; i < out.nodes.size(); ++i) {
                    if (other_operator(out.nodes[i].op) != out.nodes[i].op) possible.push_back(i);
                }
                if (possible.empty()) break;
                ir::Node& node = out.nodes[dice.pick(possible)];
                node.op = other_operator(node.op);
                return out;
            }
            case 3: {
                ir::Rule& rule = out.rules[dice.below(out.rules.size())];
                rule.severity = rule.severity == Severity::kError ? Severity::kWarning : Severity::kError;
                return out;
            }
            case 4: {  // the values of an enumeration in another order, or one of another name
                ir::Enumeration& e = out.enums[1 + dice.below(out.enums.size() - 1)];
                if (dice.chance(50)) {
                    std::swap(e.values[0], e.values[1]);
                } else {
                    e.values[dice.below(e.values.size())] = "another";
                }
                return out;
            }
            case 5: {  // ints of a smaller range
                std::vector<std::size_t> ints;
                for (std::size_t i = 0; i < out.schema.fields.size(); ++i) {
                    const ir::Type& t = out.schema.fields[i].type;
                    if (t.kind == ir::Kind::kInt || t.element == ir::Kind::kInt) ints.push_back(i);
                }
                if (ints.empty()) break;
                ir::Type& type = out.schema.fields[dice.pick(ints)].type;
                if (type.min < -3) type.min = 0;
                type.max = std::min<std::int64_t>(type.max, type.min + 1);
                return out;
            }
            case 6: {  // a member that may be absent in one of them
                ir::Field& field = out.schema.fields[dice.below(out.schema.fields.size())];
                if (field.type.optional == may_be_absent(out, field.parent)) field.type.optional = true;
                return out;
            }
            default: {  // the fields in another order
                if (out.schema.fields.size() < 2 || out.schema.fields[0].parent.valid() ||
                    out.schema.fields[1].parent.valid()) {
                    break;
                }
                const auto swapped = [](std::uint32_t i) { return i < 2 ? 1 - i : i; };
                std::swap(out.schema.fields[0], out.schema.fields[1]);
                for (ir::Field& f : out.schema.fields) {
                    if (f.parent.valid()) f.parent = ir::FieldId{swapped(f.parent.value)};
                }
                for (ir::Assumption& a : out.schema.assumptions) {
                    for (ir::AssumeTerm* t : {&a.lesser, &a.greater}) {
                        if (t->field.valid()) t->field = ir::FieldId{swapped(t->field.value)};
                    }
                }
                for (ir::Node& node : out.nodes) {
                    if (node.op == ir::Op::kField) node.a = swapped(node.a);
                }
                return out;
            }
        }
    }
    return out;
}

// --- questions -------------------------------------------------------------------------------------------------------
std::vector<Leaf> statements(const ir::Module& module, std::uint32_t pack = 0) {
    std::vector<Leaf> out;
    for (std::size_t r = 0; r < module.rules.size(); ++r) {
        for (const ir::Outcome way :
             {ir::Outcome::kNotApplicable, ir::Outcome::kExempt, ir::Outcome::kPass, ir::Outcome::kViolated})
            out.push_back(test::outcome(r, way, pack));
        for (std::uint32_t e = 0; e < module.rules[r].exemptions.size(); ++e) {
            Leaf leaf;
            leaf.pack = pack;
            leaf.claim = Claim::kExempt;
            leaf.rule = ir::RuleId{r};
            leaf.exemption = e;
            out.push_back(leaf);
        }
        Leaf leaf;
        leaf.pack = pack;
        leaf.claim = Claim::kWarning;
        leaf.rule = ir::RuleId{r};
        out.push_back(leaf);
        if (module.rules[r].requirement.valid()) out.push_back(test::holds(module.rules[r].requirement, pack));
    }
    out.push_back(test::verdict(ir::Verdict::kViolation, pack));
    out.push_back(test::verdict(ir::Verdict::kCompliant, pack));
    return out;
}

std::uint32_t either_way(test::Dice& dice, logic::Question& q, const Leaf& leaf) {
    const std::uint32_t term = q.leaf(leaf);
    return dice.chance(40) ? q.negation(term) : term;
}

void ask_one_pack(test::Dice& dice, const ir::Module& module, std::size_t questions, Tally& tally) {
    const std::vector<Leaf> leaves = statements(module);
    for (std::size_t i = 0; i < questions; ++i) {
        logic::Question q;
        q.packs = {&module};
        const std::uint32_t one = either_way(dice, q, dice.pick(leaves));
        if (dice.chance(50)) (void)q.conjunction({one, either_way(dice, q, dice.pick(leaves))});
        tally.ask(q);
    }
}

void ask_two_packs(test::Dice& dice, const ir::Module& module, std::size_t questions, Tally& tally) {
    // One thing different, or a few: of one alone a random rule often takes no notice.
    ir::Module other = changed(dice, module);
    for (std::size_t more = dice.below(4); more > 0; --more) other = changed(dice, other);
    const std::vector<Leaf> leaves = statements(module);
    for (std::size_t i = 0; i < questions; ++i) {
        // What is so in one and not in the other.
        const Leaf leaf = i == 0 ? test::verdict(ir::Verdict::kViolation) : dice.pick(leaves);
        for (const std::uint32_t first : {0U, 1U}) {
            logic::Question q;
            q.packs = {&module, &other};
            Leaf here = leaf, there = leaf;
            here.pack = first;
            there.pack = 1 - first;
            const std::uint32_t yes = q.leaf(here);
            (void)q.conjunction({yes, q.negation(q.leaf(there))});
            tally.ask(q);
        }
    }
}

void run(std::uint64_t seed, std::size_t modules, bool small, bool optionals) {
    test::Dice dice{seed};
    Tally one, two;
    for (std::size_t i = 0; i < modules; ++i) {
        CAPTURE(i);
        ir::Module module = test::random_module(
            dice, {small, 2 + dice.below(5), 1 + dice.below(3), 2 + static_cast<unsigned>(dice.below(2))});
        if (optionals) {
            guard_reads(dice, module);
        } else {
            without_optionals(module);
        }
        ask_one_pack(dice, module, 6, one);
        ask_two_packs(dice, module, 3, two);
    }
    MESSAGE(one.total() << " questions to one pack\n" << one.text());
    MESSAGE(two.total() << " questions to two packs\n" << two.text());
    CHECK(one.both('y') > one.total() / 4);
    CHECK(one.both('n') > one.total() / 20);
    CHECK(two.both('n') > two.total() / 4);
    CHECK(two.both('y') > two.total() / 50);
}

}  // namespace

TEST_CASE("small random modules without optional members") { run(21, rounds(60), true, false); }
TEST_CASE("small random modules with optional members") { run(22, rounds(60), true, true); }
TEST_CASE("random modules without optional members") { run(23, rounds(60), false, false); }
TEST_CASE("random modules with optional members") { run(24, rounds(60), false, true); }

TEST_CASE("proofs, gaps and outcomes of the KuCoin pack") {
    const Compiled compiled = compile_path(KEYWRIGHT_SOURCE_DIR "/rules/kucoin_tr/proofs.kw");
    REQUIRE(compiled.rules);
    const ir::Module& module = compiled.rules->state().module;
    REQUIRE(module.rules.size() > 10);
    REQUIRE(module.proofs.size() > 5);
    Tally tally;
    for (const ir::Proof& proof : module.proofs) {
        CAPTURE(proof.name);
        if (proof.other.empty()) tally.ask(analysis::counterexample(module, nullptr, proof), 10'000);
    }
    for (std::size_t r = 0; r < module.rules.size(); ++r) {
        CAPTURE(module.rules[r].name);
        for (const bool without_accepted : {true, false}) {
            if (const auto q = analysis::gap(module, ir::RuleId{r}, without_accepted)) tally.ask(*q, 10'000);
        }
    }
    for (const Leaf& leaf : statements(module)) tally.ask(test::question({&module}, leaf), 10'000);
    MESSAGE(tally.total() << " questions\n" << tally.text());
    CHECK(tally.both('y') + tally.both('n') == tally.total());
}

TEST_CASE("what find_defects asks of the KuCoin pack") {
    const auto checked = test::check_folder("rules/kucoin_tr");
    // A solver that puts each question to both.
    class Both final : public logic::Solver {
    public:
        explicit Both(Tally& tally) : tally_(tally) {}
        [[nodiscard]] logic::Result solve(const logic::Question& q, const logic::Budget&) const override {
            tally_.ask(q, 10'000);
            return logic::CellSolver{}.solve(q, {});
        }

    private:
        Tally& tally_;
    };
    Tally tally;
    const Both both{tally};
    const logic::Solver* const solvers[] = {&both};
    // Without steps for the space that all rules share, every question goes to the solver.
    logic::Budget budget;
    budget.steps = 0;
    const analysis::Defects defects = analysis::find_defects(checked->module, solvers, budget);
    CHECK(defects.undecided.empty());
    CHECK(tally.total() > 0);
    MESSAGE(tally.total() << " questions\n" << tally.text());
    CHECK(tally.both('y') + tally.both('n') == tally.total());
}
