// What exact questions about rule files cost, by cells and (where it was built in) by Z3: the KuCoin pack and generated
// packs of 10, 100 and 1000 rules. A program of its own, as it measures kinds of questions and not one function:
//
//     keywright_analysis_bench [seconds for each kind of question, 4 without] [rules of the largest pack]
#include "analysis/questions.h"
#include "engine/state.h"
#include "generated_pack.h"
#include "keywright/keywright.h"
#include "logic/search.h"
#include "smt/solver.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace keywright;
using bench::generated_pack;
using logic::Claim;
using logic::Leaf;
using logic::Question;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// --- questions -------------------------------------------------------------------------------------------------------
struct Kind {
    std::string name;
    std::vector<Question> questions;
};

Leaf violated(std::size_t rule, std::uint32_t pack = 0) {
    return {pack, Claim::kOutcome, {}, ir::RuleId{rule}, ir::Outcome::kViolated, 0, {}};
}
Leaf condition(ir::NodeId node) { return {0, Claim::kHolds, node, {}, {}, 0, {}}; }
Leaf verdict(ir::Verdict verdict, std::uint32_t pack = 0) { return {pack, Claim::kVerdict, {}, {}, {}, 0, verdict}; }

// A conjunction; leaves with `true` negated.
Question both(std::vector<const ir::Module*> packs, const std::vector<std::pair<Leaf, bool>>& leaves) {
    Question q;
    q.packs = std::move(packs);
    std::vector<std::uint32_t> all;
    for (const auto& [leaf, negated] : leaves) {
        const std::uint32_t term = q.leaf(leaf);
        all.push_back(negated ? q.negation(term) : term);
    }
    (void)q.conjunction(std::move(all));
    return q;
}

// `module` with one number, period or set of a condition changed; the copies live as long as the program.
std::vector<ir::Module> changed_packs(const ir::Module& module, std::size_t most) {
    std::vector<ir::Module> out;
    std::vector<std::uint32_t> possible;
    for (const ir::Node& node : module.nodes) {
        if (node.op != ir::Op::kConst) continue;
        const value::Value& v = module.constant(node.a);
        const bool fits = std::holds_alternative<std::int64_t>(v) || std::holds_alternative<Duration>(v) ||
                          std::holds_alternative<value::EnumSet>(v);
        if (fits && std::ranges::find(possible, node.a) == possible.end()) possible.push_back(node.a);
    }
    for (const ir::Param& param : module.params) {
        if (std::holds_alternative<Duration>(module.constants[param.value.index()]))
            possible.push_back(param.value.value);
    }
    for (std::size_t i = 0; i < std::min(most, possible.size()); ++i) {
        ir::Module& copy = out.emplace_back(module);
        value::Value& v = copy.constants[possible[i * possible.size() / std::min(most, possible.size())]];
        if (auto* number = std::get_if<std::int64_t>(&v)) *number += 1;
        if (auto* period = std::get_if<Duration>(&v)) period->seconds += 86'400;
        if (auto* set = std::get_if<value::EnumSet>(&v)) set->bits ^= 1U;
    }
    return out;
}

std::vector<Kind> questions_of(const ir::Module& module, const std::vector<ir::Module>& others) {
    const std::size_t n = module.rules.size();
    Kind fires{"can a rule be violated", {}}, idle{"does an exemption ever decide", {}},
        own{"does a rule say something of its own (redundant)", {}}, met{"can two rules be met together", {}},
        implies{"is one rule violated wherever another is", {}},
        prove{"does a condition force a violation (prove)", {}}, gap{"gap", {}},
        diff{"one value changed: looser or stricter", {}};
    for (std::size_t r = 0; r < n; ++r) {
        const ir::Rule& rule = module.rules[r];
        fires.questions.push_back(both({&module}, {{violated(r), false}}));
        for (std::uint32_t e = 0; e < rule.exemptions.size(); ++e) {
            std::vector<std::pair<Leaf, bool>> leaves;
            if (rule.when.valid()) leaves.emplace_back(condition(rule.when), false);
            for (std::uint32_t k = 0; k < rule.exemptions.size(); ++k)
                leaves.emplace_back(Leaf{0, Claim::kExempt, {}, ir::RuleId{r}, {}, k, {}}, k != e);
            idle.questions.push_back(both({&module}, leaves));
        }
        std::vector<std::pair<Leaf, bool>> alone{{violated(r), false}};
        for (std::size_t k = 0; k < n; ++k) {
            if (k != r && module.rules[k].severity >= rule.severity) alone.emplace_back(violated(k), true);
        }
        own.questions.push_back(both({&module}, alone));
        for (const std::size_t step : {std::size_t{1}, std::size_t{7}}) {
            const std::size_t k = (r + step) % n;
            if (k == r) continue;
            std::vector<std::pair<Leaf, bool>> together{{violated(r), true}, {violated(k), true}};
            for (const std::size_t i : {r, k}) {
                if (module.rules[i].when.valid()) together.emplace_back(condition(module.rules[i].when), false);
            }
            met.questions.push_back(both({&module}, together));
            implies.questions.push_back(both({&module}, {{violated(r), false}, {violated(k), true}}));
        }
        if (rule.when.valid())
            prove.questions.push_back(
                both({&module}, {{condition(rule.when), false}, {verdict(ir::Verdict::kViolation), true}}));
        if (auto q = analysis::gap(module, ir::RuleId{r})) gap.questions.push_back(std::move(*q));
    }
    for (const ir::Module& other : others) {
        for (const std::uint32_t first : {0U, 1U})
            diff.questions.push_back(both({&module, &other}, {{verdict(ir::Verdict::kViolation, first), false},
                                                              {verdict(ir::Verdict::kViolation, 1 - first), true}}));
    }
    for (const ir::Proof& proof : module.proofs) {
        if (proof.other.empty()) prove.questions.push_back(analysis::counterexample(module, nullptr, proof));
    }
    return {std::move(fires),   std::move(idle),  std::move(own), std::move(met),
            std::move(implies), std::move(prove), std::move(gap), std::move(diff)};
}

// --- measuring -------------------------------------------------------------------------------------------------------
struct Measured {
    std::vector<double> milliseconds;
    std::vector<logic::Answer> answers;  // by question, as far as the time went
    std::size_t yes = 0, no = 0, unknown = 0;
    std::string reason;  // the last one for an unknown
};

Measured measure(const std::vector<Question>& questions, const std::vector<std::size_t>& order,
                 const logic::Solver& solver, double seconds) {
    Measured out;
    logic::Budget budget;
    budget.steps = 2'000'000;
    budget.milliseconds = 3'000;
    const auto begin = Clock::now();
    for (const std::size_t i : order) {
        if (milliseconds_since(begin) > seconds * 1000) break;
        const auto start = Clock::now();
        const logic::Result r = solver.solve(questions[i], budget);
        out.milliseconds.push_back(milliseconds_since(start));
        out.answers.push_back(r.answer);
        out.yes += r.answer == logic::Answer::kYes ? 1 : 0;
        out.no += r.answer == logic::Answer::kNo ? 1 : 0;
        out.unknown += r.answer == logic::Answer::kUnknown ? 1 : 0;
        if (r.answer == logic::Answer::kUnknown) out.reason = r.reason;
    }
    return out;
}

void print(const std::string& kind, std::size_t all, const char* method, Measured m, const std::string& note) {
    std::ranges::sort(m.milliseconds);
    const double median = m.milliseconds.empty() ? 0 : m.milliseconds[m.milliseconds.size() / 2];
    const double most = m.milliseconds.empty() ? 0 : m.milliseconds.back();
    std::printf("| %s | %s | %zu of %zu | %.2f | %.2f | %zu / %zu / %zu | %s |\n", kind.c_str(), method,
                m.milliseconds.size(), all, median, most, m.yes, m.no, m.unknown, note.c_str());
}

// Cells of a pack: the space that tells apart everything that can be said of its rules.
void print_space(const std::string& name, const ir::Module& module) {
    const auto begin = Clock::now();
    logic::Draft draft{{&module}};
    std::vector<logic::Ref> roots;
    for (std::size_t r = 0; r < module.rules.size(); ++r) {
        for (const ir::Outcome way : {ir::Outcome::kExempt, ir::Outcome::kViolated}) {
            Leaf leaf = violated(r);
            leaf.outcome = way;
            roots.push_back(draft.leaf(leaf));
        }
    }
    roots.push_back(draft.constraint());
    const double lowered = milliseconds_since(begin);
    const auto built = logic::Space::build(std::move(draft), roots, {});
    if (const auto* problem = std::get_if<std::string>(&built)) {
        std::printf("\n%s, %zu rules: no space, %s\n\n", name.c_str(), module.rules.size(), problem->c_str());
        return;
    }
    const auto& space = std::get<logic::Space>(built);
    const std::string cells = space.count(space.everything()).text();
    std::printf(
        "\n%s: %zu rules, %zu members, %zu atoms, %zu dimensions, %s cells (10^%zu), made in %.1f ms, of which "
        "lowering %.1f ms\n\n",
        name.c_str(), module.rules.size(), module.schema.fields.size(), space.draft().atoms.size(),
        space.dimensions().size(), cells.size() > 20 ? "about" : cells.c_str(), cells.size() - 1,
        milliseconds_since(begin), lowered);
}

void measure_pack(const std::string& name, const Compiled& compiled, double seconds) {
    if (!compiled.rules) {
        std::printf("%s: has errors\n", name.c_str());
        for (const Diagnostic& d : compiled.diagnostics) std::printf("  %s %s\n", d.code.c_str(), d.message.c_str());
        return;
    }
    const ir::Module& module = compiled.rules->state().module;
    print_space(name, module);
    const std::vector<ir::Module> others = changed_packs(module, 12);
    const logic::CellSolver cells;
    const auto smt = smt::make_solver();
    std::printf(
        "| question | method | asked | median ms | max ms | yes / no / unknown | |\n|---|---|---|---|---|---|---|\n");
    for (const Kind& kind : questions_of(module, others)) {
        if (kind.questions.empty()) continue;
        // A sample from everywhere where there are too many, the same for both.
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < kind.questions.size(); ++i) order.push_back(i);
        test::Dice dice{1};
        dice.shuffle(order);
        Measured by_cells = measure(kind.questions, order, cells, seconds);
        print(kind.name, kind.questions.size(), "cells", by_cells, by_cells.reason);
        if (!smt) continue;
        const Measured by_smt = measure(kind.questions, order, *smt, seconds);
        std::size_t same = 0, opposite = 0;
        for (std::size_t i = 0; i < std::min(by_cells.answers.size(), by_smt.answers.size()); ++i) {
            const logic::Answer a = by_cells.answers[i], b = by_smt.answers[i];
            if (a == logic::Answer::kUnknown || b == logic::Answer::kUnknown) continue;
            (a == b ? same : opposite) += 1;
        }
        print(kind.name, kind.questions.size(), "Z3", by_smt,
              std::to_string(same) + " agree, " + std::to_string(opposite) + " disagree" +
                  (by_smt.reason.empty() ? "" : "; " + by_smt.reason));
        std::fflush(stdout);
    }
    const logic::Solver* const solvers[] = {&cells};
    const auto begin = Clock::now();
    const analysis::Defects defects = analysis::find_defects(module, solvers, {});
    std::printf("\n`find_defects` by cells: %.0f ms, %zu found, %zu undecided\n", milliseconds_since(begin),
                defects.found.size(), defects.undecided.size());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::strtod(argv[1], nullptr) : 4;
    const std::size_t most = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1000;
    measure_pack("KuCoin", compile_path(KEYWRIGHT_SOURCE_DIR "/rules/kucoin_tr/proofs.kw"), seconds);
    for (const std::size_t rules : {std::size_t{10}, std::size_t{100}, std::size_t{1000}}) {
        if (rules <= most) measure_pack("generated", compile_text(generated_pack(rules)), seconds);
    }
    return 0;
}
