#include "analysis/rule_cells.h"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>
#include <variant>

namespace keywright::analysis {

using logic::Claim;
using logic::Leaf;
using logic::Ref;
using logic::Region;

namespace {

// Configurations that hang on what isn't understood are tried a few times; whoever asks has other means.
constexpr std::uint64_t kTries = 16;

// Everything that may be asked about one rule, in the order of RuleCells::root.
void add_rule(logic::Draft& draft, const ir::Module& module, ir::RuleId id, const std::vector<ir::NodeId>& parts,
              std::vector<Ref>& roots) {
    const ir::Rule& rule = module.rules[id.index()];
    Leaf when;
    when.node = rule.when;
    roots.push_back(rule.when.valid() ? draft.leaf(when) : logic::kTop);
    Leaf violated;
    violated.claim = Claim::kOutcome;
    violated.rule = id;
    violated.outcome = ir::Outcome::kViolated;
    const Ref as_is = draft.leaf(violated);
    roots.push_back(as_is);
    Leaf passes = violated;
    passes.outcome = ir::Outcome::kPass;
    roots.push_back(draft.leaf(passes));
    for (std::uint32_t i = 0; i < rule.exemptions.size(); ++i) {
        Leaf exempts = violated;
        exempts.claim = Claim::kExempt;
        exempts.exemption = i;
        roots.push_back(draft.leaf(exempts));
    }
    for (const ir::NodeId part : parts) {
        for (const bool value : {false, true})
            roots.push_back(logic::negated(draft.formulas.equal(as_is, draft.leaf_without(violated, part, value))));
    }
}

}  // namespace

std::optional<RuleCells> RuleCells::build(const ir::Module& module, const std::vector<std::vector<ir::NodeId>>& parts) {
    // The space of some rules, or nothing where it is too large.
    const auto space_of = [&](const std::vector<ir::RuleId>& rules) -> std::optional<RuleCells> {
        logic::Draft draft{{&module}};
        std::vector<Ref> roots;
        std::vector<std::uint32_t> first(module.rules.size(), logic::kNone);
        for (const ir::RuleId id : rules) {
            first[id.index()] = static_cast<std::uint32_t>(roots.size());
            add_rule(draft, module, id, parts[id.index()], roots);
        }
        roots.push_back(draft.constraint());
        auto built = logic::Space::build(std::move(draft), roots, {});
        if (std::holds_alternative<std::string>(built)) return std::nullopt;
        RuleCells out{module, std::move(std::get<logic::Space>(built))};
        out.roots_ = std::move(roots);
        out.first_ = std::move(first);
        return out;
    };
    std::vector<ir::RuleId> rules;
    for (std::size_t i = 0; i < module.rules.size(); ++i) rules.emplace_back(i);
    if (auto all = space_of(rules)) return all;
    std::erase_if(rules, [&](ir::RuleId id) { return !space_of({id}); });
    if (rules.empty() || rules.size() == module.rules.size()) return std::nullopt;
    return space_of(rules);
}

logic::Result RuleCells::ask(std::vector<Ref> formulas, std::uint64_t steps,
                             const std::function<bool(const logic::Witness&)>& confirms) {
    formulas.push_back(space_.constraint());
    const Ref root = space_.formulas().all(std::move(formulas));
    return logic::settle(
        space_, root, steps, kTries, [&](const Region& part, bool) { return some_cell(part); }, confirms);
}

Region RuleCells::reach(Ref formula) {
    Region region = space_.everything();
    logic::Evaluation evaluation{space_, space_.formulas().both(formula, space_.constraint())};
    if (evaluation.narrow(region) == eval::Truth::kFalse) std::ranges::fill(region, 0);
    return region;
}

bool RuleCells::are_apart(const Region& a, const Region& b) const {
    return std::ranges::any_of(space_.dimensions(), [&](const logic::Dimension& d) {
        for (std::uint32_t w = d.first_word; w < d.first_word + d.words; ++w) {
            if ((a[w] & b[w]) != 0) return false;
        }
        return true;
    });
}

Region RuleCells::some_cell(const Region& part) {
    Region cell(part.size(), 0);
    for (const logic::Dimension& d : space_.dimensions()) {
        std::uint32_t alive = 0;
        for (std::uint32_t w = d.first_word; w < d.first_word + d.words; ++w)
            alive += static_cast<std::uint32_t>(std::popcount(part[w]));
        auto skip = static_cast<std::uint32_t>(dice() % alive);
        for (std::uint32_t w = d.first_word;; ++w) {
            std::uint64_t bits = part[w];
            const auto here = static_cast<std::uint32_t>(std::popcount(bits));
            if (skip >= here) {
                skip -= here;
                continue;
            }
            for (; skip > 0; --skip) bits &= bits - 1;
            cell[w] = bits & (~bits + 1);
            break;
        }
    }
    return cell;
}

// Vigna, splitmix64: the same numbers on every run.
std::uint64_t RuleCells::dice() {
    std::uint64_t z = dice_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
}

}  // namespace keywright::analysis
