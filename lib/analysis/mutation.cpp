#include "analysis/mutation.h"

#include "analysis/explain.h"
#include "analysis/judge.h"
#include "eval/program.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace keywright::analysis {

using ir::RuleId;

namespace {

// One run of the suite against all mutants.
class Run {
public:
    Run(const ir::Module& module, const Mutants& mutants, const Suite& suite)
        : module_(module),
          mutants_(mutants),
          suite_(suite),
          program_(mutants.module),
          scratch_(program_.make_scratch()),
          dependencies_(mutants.module),
          decided_(mutants.module.rules.size()),
          plain_(module.rules.size()),
          severities_(severities_of(module)),
          kills_(mutants.all.size()) {
        for (std::size_t i = 0; i < module.rules.size(); ++i)
            as_they_are_.push_back(as_it_is(mutants.module, RuleId{i}));
        for (std::uint32_t i = 0; i < mutants.all.size(); ++i) alive_.push_back(i);
    }

    Kills run() {
        const Case* last = nullptr;
        for (std::uint32_t i = 0; i < suite_.cases.size() && !alive_.empty(); ++i) {
            const Case& one = suite_.cases[i];
            if (!one.errors.empty()) continue;  // no rule is asked
            const bool same = last != nullptr && last->record == one.record && last->expected->at == one.expected->at;
            if (!same) decide(one);
            last = &one;
            test(i, one);
        }
        return std::move(kills_);
    }

private:
    void decide(const Case& one) {
        program_.decide(suite_.records[one.record], one.expected->at, scratch_, decided_);
        std::copy_n(decided_.begin(), plain_.size(), plain_.begin());
        slipped_.clear();
    }

    // What a mutant's rule comes to. Of those that see the record otherwise each is decided once a record.
    [[nodiscard]] eval::RuleDecision decision_of(const Mutant& mutant, const MutatedRule& rule, const Case& one) {
        const value::Record& record = suite_.records[one.record];
        if (!mutants_.sees_otherwise(mutant, record)) return decided_[rule.copy.index()];
        const auto [at, is_new] = slipped_.try_emplace({mutant.op, mutant.field});
        if (is_new) {
            value::Record looked = record;
            mutants_.look(mutant, looked);
            if (!plain_program_) {
                plain_program_.emplace(module_);
                plain_scratch_ = plain_program_->make_scratch();
            }
            at->second.resize(module_.rules.size());
            plain_program_->decide(looked, one.expected->at, plain_scratch_, at->second);
        }
        return at->second[rule.original.index()];
    }

    // Fields that a test names as needed may differ where outcomes don't.
    [[nodiscard]] static bool names_needs(const ir::TestCase& expected, const Mutant& mutant) {
        return std::ranges::any_of(expected.expectations, [&](const ir::Expectation& e) {
            return e.needs_given && std::ranges::any_of(mutant.rules, [&](const MutatedRule& rule) {
                       return rule.original == e.rules.front().rule;
                   });
        });
    }

    void test(std::uint32_t number, const Case& one) {
        if (!judge(one, nullptr)) return;  // it fails without any mistake
        std::vector<std::uint32_t> alive;
        for (const std::uint32_t i : alive_) {
            const Mutant& mutant = mutants_.all[i];
            std::vector<std::pair<const MutatedRule*, eval::RuleDecision>> changed;
            for (const MutatedRule& rule : mutant.rules) {
                const eval::RuleDecision decision = decision_of(mutant, rule, one);
                const std::size_t original = rule.original.index();
                if (visible(mutants_.module, rule, decision) !=
                    visible(mutants_.module, as_they_are_[original], decided_[original]))
                    changed.emplace_back(&rule, decision);
            }
            if (changed.empty() && !names_needs(*one.expected, mutant)) {
                alive.push_back(i);
                continue;
            }
            for (const auto& [rule, decision] : changed) {
                eval::RuleDecision& place = plain_[rule->original.index()];
                place = decision;
                if (place.outcome == ir::Outcome::kExempt) place.exempt_by = rule->exemptions[decision.exempt_by];
                severities_[rule->original.index()] = mutants_.module.rules[rule->copy.index()].severity;
            }
            if (judge(one, &mutant))
                alive.push_back(i);
            else
                kills_[i] = number;
            for (const auto& [rule, decision] : changed) {
                const std::size_t original = rule->original.index();
                plain_[original] = decided_[original];
                severities_[original] = module_.rules[original].severity;
            }
        }
        alive_ = std::move(alive);
    }

    [[nodiscard]] bool judge(const Case& one, const Mutant* mutant) {
        const CaseDecision decision{module_, one.errors, plain_, severities_,
                                    [&](RuleId rule) { return needs(one, mutant, rule); }};
        return meets(decision, *one.expected);
    }

    [[nodiscard]] std::set<ir::FieldId> needs(const Case& one, const Mutant* mutant, RuleId rule) const {
        value::Record record = suite_.records[one.record];
        if (mutant != nullptr) {
            for (const MutatedRule& mutated : mutant->rules) {
                if (mutated.original != rule) continue;
                mutants_.look(*mutant, record);
                rule = mutated.copy;
                break;
            }
        }
        const Explainer explainer{mutants_.module, program_, dependencies_};
        const auto fields = explainer.needed_fields(record, one.expected->at, rule);
        return {fields.begin(), fields.end()};
    }

    const ir::Module& module_;
    const Mutants& mutants_;
    const Suite& suite_;
    eval::Program program_;
    eval::Program::Scratch scratch_;
    std::optional<eval::Program> plain_program_;  // of the original alone: mutants that differ in what they see
    eval::Program::Scratch plain_scratch_;
    Dependencies dependencies_;
    std::vector<eval::RuleDecision> decided_;  // of the record at hand: the original's rules, then copies
    std::vector<eval::RuleDecision> plain_;    // what is judged
    std::map<std::pair<MutantOperator, ir::FieldId>, std::vector<eval::RuleDecision>> slipped_;
    std::vector<Severity> severities_;
    std::vector<MutatedRule> as_they_are_;
    std::vector<std::uint32_t> alive_;
    Kills kills_;
};

}  // namespace

Kills kills_of(const ir::Module& module, const Mutants& mutants, const Suite& suite) {
    return Run{module, mutants, suite}.run();
}

MutantResult survivor(const Mutants& mutants, const Mutant& mutant, Solvers solvers, const logic::Budget& budget) {
    MutantResult out;
    Comparison compared = tell_apart(mutants, mutant, solvers, budget);
    switch (compared.told) {
        case Told::kApart: out.state = MutantState::kSurvived; break;
        case Told::kAlike: out.state = MutantState::kEquivalent; break;
        case Told::kUnknown: out.state = MutantState::kUndecided; break;
    }
    out.telling = std::move(compared.telling);
    out.reason = std::move(compared.reason);
    return out;
}

std::vector<MutantResult> test_mutants(const ir::Module& module, const Mutants& mutants, const Suite& suite,
                                       Solvers solvers, const logic::Budget& budget) {
    const Kills kills = kills_of(module, mutants, suite);
    std::vector<MutantResult> out;
    for (std::size_t i = 0; i < mutants.all.size(); ++i) {
        MutantResult result;
        if (kills[i]) {
            result.state = MutantState::kKilled;
            result.killed_by = kills[i];
        } else {
            result = survivor(mutants, mutants.all[i], solvers, budget);
        }
        out.push_back(std::move(result));
    }
    return out;
}

}  // namespace keywright::analysis
