#include "analysis/generate.h"

#include "analysis/candidates.h"
#include "analysis/coverage.h"
#include "analysis/judge.h"
#include "analysis/record_source.h"
#include "ir/given.h"
#include "keywright/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace keywright::analysis {

namespace {

// What is still to be shown, with a record for each.
struct Wanted {
    std::vector<Aim> aims;
    struct Found {
        value::Record record;
        Instant at;
    };
    std::vector<Found> found;  // by aim
    std::vector<std::string> open;
};

std::string_view side_word(Side side) {
    switch (side) {
        case Side::kNone: return "";
        case Side::kTrue: return "true";
        case Side::kFalse: return "false";
        case Side::kBelow: return "just below";
        case Side::kAt: return "at the boundary";
        case Side::kAbove: return "just above";
    }
    return "";
}

// `transfer_needs_ip: violated`, `idle: permissions contains spot, just above`; of a goal of a pair with its side.
std::string words_of(const Obligations& obligations, const Obligation& obligation, const Goal& goal) {
    const std::string& rule = obligations.module.rules[obligation.rule.index()].name;
    const std::string place = place_of(obligations, obligation);
    std::string out =
        fmt::format("{}: {}{}", rule, place.empty() ? "" : place + ", ", subject_of(obligations, obligation));
    if (obligation.duty == Duty::kDecides) {
        out += goal.value ? " decides by holding" : " decides by not holding";
    } else if (obligation.side != Side::kNone) {
        out += fmt::format("{} {}", obligation.duty == Duty::kCondition ? " is" : ",", side_word(obligation.side));
    }
    return out;
}

class Generator {
public:
    Generator(const Explainer& explainer, const base::SourceSet& sources, Solvers solvers, const logic::Budget& budget)
        : explainer_(explainer),
          module_(explainer.module),
          solvers_(solvers),
          budget_(budget),
          suite_(module_),
          obligations_(module_),
          mutants_(make_mutants(module_, &sources)) {}

    Generated run() {
        find_bases();
        want_goals();
        want_mutants();
        Showing showing{module_, obligations_, mutants_, wanted_.aims};
        std::vector<Candidate> candidates = candidates_for(showing);
        const std::vector<std::uint32_t> chosen = choose(candidates, wanted_.aims.size());
        write(candidates, chosen);
        for (std::size_t i = 0; i < wanted_.aims.size(); ++i) {
            const bool shown = std::ranges::any_of(chosen, [&](std::uint32_t c) {
                return std::ranges::binary_search(candidates[c].shows, static_cast<std::uint32_t>(i));
            });
            if (!shown) out_.open.push_back(fmt::format("{}: no record that shows it can be written down", words(i)));
        }
        out_.open.insert(out_.open.end(), wanted_.open.begin(), wanted_.open.end());
        return std::move(out_);
    }

private:
    [[nodiscard]] value::Record record_of(const std::vector<ir::FieldValue>& fields) const {
        return to_record(module_, fields);
    }

    void find_bases() {
        for (const ir::Sample& sample : module_.samples)
            bases_.push_back({sample.name, record_of(sample.fields), sample.span.file});
        if (bases_.empty()) make_sample();
        bases_.push_back({module_.schema.name, record_of(ir::nothing_given(module_.schema)), {}});
    }

    // A pack without samples gets one: a key that is in order.
    void make_sample() {
        logic::Question compliant;
        compliant.packs.push_back(&module_);
        logic::Leaf leaf;
        leaf.claim = logic::Claim::kVerdict;
        leaf.verdict = ir::Verdict::kCompliant;
        (void)compliant.leaf(leaf);
        const logic::Result found = ask(compliant, solvers_, budget_);
        if (!found.witness) return;
        const value::Record simplest = record_of(ir::nothing_given(module_.schema));
        const auto members = differences(module_, simplest, found.witness->records.front());
        if (!members) return;
        std::string name = "key_in_order";
        while (name == module_.schema.name) name += '_';
        out_.samples.push_back(
            fmt::format("sample {} = {} {{\n{}\n}}", name, module_.schema.name, fmt::join(*members, ",\n")));
        bases_.push_back({name, found.witness->records.front(), {}});
    }

    void want(const Aim& aim, value::Record record, Instant at) {
        wanted_.aims.push_back(aim);
        wanted_.found.push_back({std::move(record), at});
    }

    void want_goals() {
        const Sightings seen = sightings(obligations_, suite_, [](const Case&) { return true; });
        Feasibility feasibility{obligations_, solvers_, budget_};
        std::set<std::uint32_t> goals;
        std::vector<bool> met;
        for (const auto& cases : seen) met.push_back(!cases.empty());
        for (const Obligation& obligation : obligations_.all) {
            const bool covered = std::ranges::any_of(obligation.ways, [&](const auto& way) {
                return std::ranges::all_of(way, [&](std::uint32_t goal) { return met[goal]; });
            });
            if (covered) continue;
            // Goals that are going to be met help the obligations after it.
            const Feasibility::Prospect prospect = feasibility.prospect(obligation, met);
            if (prospect.possible == logic::Answer::kUnknown) {
                wanted_.open.push_back(fmt::format(
                    "{}: {}", words_of(obligations_, obligation, obligations_.goals[obligation.ways.front().front()]),
                    prospect.reason));
            }
            if (prospect.possible != logic::Answer::kYes) continue;
            for (const std::uint32_t goal : prospect.missing) {
                const Feasible& found = feasibility.find(goal);
                if (!found.witness || !goals.insert(goal).second) continue;
                want({Aim::Kind::kGoal, goal}, found.witness->records.front(), found.witness->now);
                met[goal] = true;
            }
        }
    }

    void want_mutants() {
        const std::vector<MutantResult> results = test_mutants(module_, mutants_, suite_, solvers_, budget_);
        for (std::uint32_t i = 0; i < results.size(); ++i) {
            const Mutant& mutant = mutants_.all[i];
            switch (results[i].state) {
                case MutantState::kKilled:
                case MutantState::kEquivalent: break;
                case MutantState::kSurvived:
                    want({Aim::Kind::kMutant, i}, results[i].telling->record, results[i].telling->at);
                    break;
                case MutantState::kUndecided:
                    wanted_.open.push_back(fmt::format("{}: {}", mutant.what, results[i].reason));
                    break;
            }
        }
    }

    std::vector<Candidate> candidates_for(Showing& showing) {
        std::vector<Candidate> out;
        // What has the same words is the same record.
        std::set<std::tuple<std::uint32_t, std::vector<std::string>, Instant>> known;
        for (std::size_t i = 0; i < wanted_.aims.size(); ++i) {
            const Wanted::Found& found = wanted_.found[i];
            auto candidate = nearest(module_, showing, wanted_.aims[i], found.record, found.at, bases_);
            if (!candidate || !known.emplace(candidate->base, candidate->changes, candidate->at).second) continue;
            candidate->shows = showing.all_shown(candidate->record, candidate->at);
            out.push_back(std::move(*candidate));
        }
        return out;
    }

    [[nodiscard]] std::string words(std::size_t aim) const {
        const Aim& wanted = wanted_.aims[aim];
        if (wanted.kind == Aim::Kind::kMutant) {
            const Mutant& mutant = mutants_.all[wanted.index];
            return fmt::format("{}: noticed if {}", module_.rules[mutant.rules.front().original.index()].name,
                               mutant.what);
        }
        const Goal& goal = obligations_.goals[wanted.index];
        // Outcomes read best, and that a rule is decided at all says least.
        const Obligation* best = nullptr;
        for (const Obligation& obligation : obligations_.all) {
            const bool meets_it = std::ranges::any_of(
                obligation.ways, [&](const auto& way) { return std::ranges::find(way, wanted.index) != way.end(); });
            if (meets_it && (best == nullptr || best->duty == Duty::kRule)) best = &obligation;
        }
        return words_of(obligations_, *best, goal);
    }

    // Rules that a aim is about.
    void add_rules(std::size_t aim, std::set<ir::RuleId>& rules) const {
        const Aim& wanted = wanted_.aims[aim];
        if (wanted.kind == Aim::Kind::kGoal) {
            rules.insert(obligations_.goals[wanted.index].rule);
        } else {
            for (const MutatedRule& rule : mutants_.all[wanted.index].rules) rules.insert(rule.original);
        }
    }

    void write(const std::vector<Candidate>& candidates, const std::vector<std::uint32_t>& chosen) {
        std::vector<bool> shown(wanted_.aims.size());
        // Cases of one record are one test.
        struct Group {
            std::vector<std::uint32_t> aims;  // that no earlier one shows
            std::vector<std::pair<std::uint32_t, std::set<ir::RuleId>>> cases;
            bool severities = false;
        };
        std::vector<std::pair<std::string, Group>> groups;
        std::map<std::string, std::size_t> group_of;
        for (const std::uint32_t c : chosen) {
            const Candidate& candidate = candidates[c];
            const std::string given = given_of(candidate);
            const auto [at, is_new] = group_of.try_emplace(given, groups.size());
            if (is_new) groups.push_back({given, {}});
            Group& group = groups[at->second].second;
            std::set<ir::RuleId> rules;
            for (const std::uint32_t aim : candidate.shows) {
                if (shown[aim]) continue;
                shown[aim] = true;
                group.aims.push_back(aim);
                add_rules(aim, rules);
                group.severities =
                    group.severities || (wanted_.aims[aim].kind == Aim::Kind::kMutant &&
                                         mutants_.all[wanted_.aims[aim].index].op == MutantOperator::kSeverity);
            }
            group.cases.emplace_back(c, std::move(rules));
        }
        std::set<std::string> names;
        for (const ir::Test& test : module_.tests) names.insert(test.name);
        for (auto& [given, group] : groups) {
            std::ranges::sort(group.aims);
            std::ranges::sort(group.cases, {}, [&](const auto& one) { return candidates[one.first].at; });
            GeneratedTest test;
            test.given = given;
            const Base& base = bases_[candidates[group.cases.front().first].base];
            test.sample_file = base.file;
            for (const std::uint32_t aim : group.aims) test.shows.push_back(words(aim));
            test.name = test.shows.front();
            for (int i = 2; !names.insert(test.name).second; ++i)
                test.name = fmt::format("{} ({})", test.shows.front(), i);
            for (const auto& [c, rules] : group.cases) {
                test.cases.push_back({candidates[c].at, expectations(candidates[c], rules, group.severities)});
            }
            out_.tests.push_back(std::move(test));
        }
        // In the order of what they show, that is of the rules.
        std::vector<std::size_t> order(groups.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::ranges::stable_sort(order, {}, [&](std::size_t i) { return groups[i].second.aims.front(); });
        std::vector<GeneratedTest> sorted;
        for (const std::size_t i : order) sorted.push_back(std::move(out_.tests[i]));
        out_.tests = std::move(sorted);
    }

    [[nodiscard]] std::string given_of(const Candidate& candidate) const {
        const Base& base = bases_[candidate.base];
        const bool is_schema = candidate.base + 1 == bases_.size();
        if (candidate.changes.empty()) return is_schema ? base.name + " {}" : base.name;
        return fmt::format("{}{} {{ {} }}", base.name, is_schema ? "" : " with", fmt::join(candidate.changes, ", "));
    }

    // Everything that is violated and undetermined, and how the rules came out that the case is about.
    [[nodiscard]] std::vector<std::string> expectations(const Candidate& candidate, const std::set<ir::RuleId>& about,
                                                        bool with_severities) const {
        auto scratch = explainer_.program.make_scratch();
        eval::Decision decided;
        decided.rules.resize(module_.rules.size());
        explainer_.program.decide(candidate.record, candidate.at, scratch, decided.rules);
        const std::vector<Severity> severities = severities_of(module_);
        const std::vector<RecordError> no_errors;
        const CaseDecision decision{module_, no_errors, decided.rules, severities, {}};
        std::vector<std::string> out;
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            if (!decision.is_violated(i)) continue;
            const bool said = with_severities || decision.violated_at(i) != severities[i];
            out.push_back(fmt::format("{}{}{}", out.empty() ? "exactly " : "", module_.rules[i].name,
                                      said ? fmt::format(" as {}", to_string(decision.violated_at(i))) : ""));
        }
        if (out.empty()) out.emplace_back("none");
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            if (!decision.is_undetermined(i)) continue;
            std::vector<std::string> needs;
            for (const ir::FieldId field : explainer_.needed_fields(candidate.record, candidate.at, ir::RuleId{i}))
                needs.push_back(module_.schema.fields[field.index()].name);
            out.push_back(fmt::format("undetermined {}{}{}", module_.rules[i].name, needs.empty() ? "" : " needs ",
                                      fmt::join(needs, " and ")));
        }
        bool expires = false;
        for (const ir::RuleId id : about) {
            const ir::Rule& rule = module_.rules[id.index()];
            expires = expires || rule.expiry.has_value();
            const eval::RuleDecision& one = decided.rules[id.index()];
            if (one.outcome == ir::Outcome::kPass && !decision.is_violated(id.index()) &&
                !decision.is_undetermined(id.index()))
                out.push_back("passes " + rule.name);
            if (one.outcome == ir::Outcome::kNotApplicable) out.push_back("not_applicable " + rule.name);
            if (one.outcome == ir::Outcome::kExempt) {
                const std::string& label = rule.exemptions[one.exempt_by].label;
                const bool is_name =
                    label.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
                    std::string::npos;
                out.push_back(fmt::format("exempt {} by {}", rule.name, is_name ? label : text_source(label)));
            }
        }
        if (expires) {
            const eval::Expiration at = eval::expiration(module_, decided.rules);
            if (at.none) out.emplace_back("expires never");
            if (!at.none && at.at.is_point()) out.push_back("expires " + to_string(value::to_instant(at.at.earliest)));
        }
        if (with_severities) out.push_back(fmt::format("verdict {}", ir::word(decision.verdict())));
        return out;
    }

    [[nodiscard]] std::string text_source(const std::string& text) const {
        return ir::to_string(module_, ir::Type{ir::Kind::kText, false, ir::Kind::kBool, {}, INT64_MIN, INT64_MAX},
                             value::Value{text});
    }

    const Explainer& explainer_;
    const ir::Module& module_;
    Solvers solvers_;
    logic::Budget budget_;
    Suite suite_;
    Obligations obligations_;
    Mutants mutants_;
    Wanted wanted_;
    std::vector<Base> bases_;
    Generated out_;
};

}  // namespace

Generated generate_tests(const Explainer& explainer, const base::SourceSet& sources, Solvers solvers,
                         const logic::Budget& budget) {
    return Generator{explainer, sources, solvers, budget}.run();
}

}  // namespace keywright::analysis
