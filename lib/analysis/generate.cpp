#include "analysis/generate.h"

#include "analysis/candidates.h"
#include "analysis/coverage.h"
#include "analysis/judge.h"
#include "analysis/record_source.h"
#include "analysis/test_writing.h"
#include "eval/program.h"
#include "eval/reference.h"
#include "input/reader.h"
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
        Showing showing{module_, obligations_, mutants_, wanted_.aims};
        want_goals();
        want_mutants(showing);
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
        std::optional<logic::Witness> found = in_order(true);
        if (!found) found = in_order(false);
        if (!found) return;
        value::Record& record = found->records.front();
        make_plain(record, found->now);
        const auto members = differences(module_, record_of(ir::nothing_given(module_.schema)), record);
        if (!members) return;
        std::string name = "key_in_order";
        while (name == module_.schema.name) name += '_';
        out_.samples.push_back(
            fmt::format("sample {} = {} {{\n{}\n}}", name, module_.schema.name, fmt::join(*members, ",\n")));
        bases_.push_back({name, record, {}});
    }

    // A configuration that violates no rule, or else no error rule.
    [[nodiscard]] std::optional<logic::Witness> in_order(bool in_every_way) const {
        logic::Question question;
        question.packs.push_back(&module_);
        std::vector<std::uint32_t> all;
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            if (!in_every_way && module_.rules[i].severity != Severity::kError) continue;
            logic::Leaf violated;
            violated.claim = logic::Claim::kOutcome;
            violated.rule = ir::RuleId{i};
            violated.outcome = ir::Outcome::kViolated;
            all.push_back(question.negation(question.leaf(violated)));
        }
        (void)question.conjunction(std::move(all));
        return ask(question, solvers_, budget_).witness;
    }

    // Of a secret no more than that it is there, and instants where there may be some, as long as nothing comes of it.
    void make_plain(value::Record& record, Instant now) const {
        auto scratch = explainer_.program.make_scratch();
        const auto outcomes = [&](const value::Record& of) {
            std::vector<eval::RuleDecision> out(module_.rules.size());
            explainer_.program.decide(of, now, scratch, out);
            return out;
        };
        const std::vector<Severity> severities = severities_of(module_);
        const auto is_in_order = [&](const value::Record& of) {
            std::vector<RecordError> errors;
            input::check_assumptions(module_, of, now, errors);
            const std::vector<eval::RuleDecision> decided = outcomes(of);
            const CaseDecision decision{module_, errors, decided, severities, {}, {}};
            if (!errors.empty()) return false;
            for (std::size_t i = 0; i < decided.size(); ++i) {
                if (decision.is_undetermined(i) || (decision.is_violated(i) && severities[i] == Severity::kError))
                    return false;
            }
            return true;
        };
        for (std::size_t i = 0; i < module_.schema.fields.size(); ++i) {
            value::Record next = record;
            const ir::Type& type = module_.schema.fields[i].type;
            const bool reachable = !module_.schema.fields[i].parent.valid() ||
                                   record.state(module_.schema.fields[i].parent.index()) == value::State::kGiven;
            if (type.kind == ir::Kind::kSecret && record.state(i) == value::State::kGiven) {
                next.set_secret(i, value::undisclosed_secret());
            } else if (type.kind == ir::Kind::kInstant && record.state(i) == value::State::kAbsent && reachable) {
                next.set_instant(i, now);
            } else {
                continue;
            }
            if (is_in_order(next)) record = std::move(next);
        }
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

    void want_mutants(Showing& showing) {
        const std::vector<MutantResult> results = test_mutants(module_, mutants_, suite_, solvers_, budget_);
        for (std::uint32_t i = 0; i < results.size(); ++i) {
            const Mutant& mutant = mutants_.all[i];
            switch (results[i].state) {
                case MutantState::kKilled:
                case MutantState::kEquivalent: break;
                case MutantState::kSurvived: {
                    const Aim aim{Aim::Kind::kMutant, i};
                    const auto found = noticeable(showing, aim, *results[i].telling);
                    if (found) {
                        want(aim, found->record, found->at);
                    } else {
                        wanted_.open.push_back(fmt::format("{}: no record was found on which a test could notice it",
                                                           mutant_words(mutant)));
                    }
                    break;
                }
                case MutantState::kUndecided:
                    wanted_.open.push_back(fmt::format("{}: {}", mutant_words(mutant), results[i].reason));
                    break;
            }
        }
    }

    // What tells a mutant from the original may be something that no test can say. When a deadline comes it turns into
    // something that one can; and one that always lies ahead of `now` comes where the instants it counts from are
    // given.
    std::optional<Telling> noticeable(Showing& showing, const Aim& aim, const Telling& telling) const {
        std::vector<value::Record> records{telling.record};
        for (std::size_t i = 0; i < module_.schema.fields.size(); ++i) {
            if (module_.schema.fields[i].type.kind != ir::Kind::kInstant ||
                telling.record.state(i) != value::State::kAbsent)
                continue;
            records.push_back(telling.record);
            records.back().set_instant(i, telling.at);
        }
        for (const value::Record& record : records) {
            if (showing.shows(aim, record, telling.at)) return Telling{record, telling.at};
            for (const Instant at : deadlines(mutants_.all[aim.index], record, telling.at)) {
                if (showing.shows(aim, record, at)) return Telling{record, at};
            }
        }
        return std::nullopt;
    }

    // Of the original's rules and the mutant's.
    [[nodiscard]] std::set<Instant> deadlines(const Mutant& mutant, const value::Record& record, Instant now) const {
        constexpr value::Nanos kEnd = value::Nanos{253'402'300'799} * value::kNanosPerSecond;  // of the year 9999
        std::set<Instant> out;
        for (const MutatedRule& rule : mutant.rules) {
            for (const ir::RuleId id : {rule.original, rule.copy}) {
                const eval::InstantBounds at = eval::decide_reference(mutants_.module, id, record, now).deadline;
                if (at.earliest >= 0 && at.earliest <= kEnd) out.insert(value::to_instant(at.earliest));
                if (at.latest >= 0 && at.latest <= kEnd) out.insert(value::to_instant(at.latest));
            }
        }
        return out;
    }

    std::vector<Candidate> candidates_for(Showing& showing) {
        std::vector<Candidate> out;
        // What has the same words is the same record.
        std::set<std::tuple<std::uint32_t, std::vector<std::string>, Instant>> known;
        // Of many aims those that others happen to show get no record of their own: it would hardly be chosen.
        const bool are_many = wanted_.aims.size() > 2'000;
        std::vector<bool> shown(wanted_.aims.size());
        for (std::size_t i = 0; i < wanted_.aims.size(); ++i) {
            if (are_many && shown[i]) continue;
            const Wanted::Found& found = wanted_.found[i];
            auto candidate = nearest(module_, showing, wanted_.aims[i], found.record, found.at, bases_);
            if (!candidate || !known.emplace(candidate->base, candidate->changes, candidate->at).second) continue;
            candidate->shows = showing.all_shown(candidate->record, candidate->at);
            for (const std::uint32_t aim : candidate->shows) shown[aim] = true;
            out.push_back(std::move(*candidate));
        }
        return out;
    }

    [[nodiscard]] std::string mutant_words(const Mutant& mutant) const {
        const std::string& rule = module_.rules[mutant.rules.front().original.index()].name;
        // Mistakes about fields name the rule themselves.
        const std::string prefix = fmt::format("to `{}`, ", rule);
        const std::string_view what = mutant.what;
        if (what.starts_with("without ")) return fmt::format("{}: would tell if it were {}", rule, what);
        return fmt::format("{}: would tell if {}", rule, what.starts_with(prefix) ? what.substr(prefix.size()) : what);
    }

    // Whether it is worth a word beside others: what decides has been on both sides, and whatever came out was decided.
    [[nodiscard]] bool says_something(std::size_t aim) const {
        const Aim& wanted = wanted_.aims[aim];
        if (wanted.kind == Aim::Kind::kMutant) return true;
        const Goal::Kind kind = obligations_.goals[wanted.index].kind;
        return kind != Goal::Kind::kDecided && kind != Goal::Kind::kSide;
    }

    [[nodiscard]] std::string words(std::size_t aim) const {
        const Aim& wanted = wanted_.aims[aim];
        if (wanted.kind == Aim::Kind::kMutant) return mutant_words(mutants_.all[wanted.index]);
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

    void add_rules(std::size_t aim, About& about) const {
        const Aim& wanted = wanted_.aims[aim];
        if (wanted.kind == Aim::Kind::kGoal) {
            about.rules.insert(obligations_.goals[wanted.index].rule);
            return;
        }
        const Mutant& mutant = mutants_.all[wanted.index];
        for (const MutatedRule& rule : mutant.rules) {
            about.rules.insert(rule.original);
            if (mutant.op == MutantOperator::kSeverity) about.severities.insert(rule.original);
        }
    }

    // A test's cases: one record at several instants.
    struct Group {
        struct Member {
            std::uint32_t candidate;
            About about;
        };
        std::vector<std::uint32_t> aims;  // that no earlier one shows
        std::vector<Member> cases;
    };

    void write(const std::vector<Candidate>& candidates, const std::vector<std::uint32_t>& chosen) {
        std::vector<bool> shown(wanted_.aims.size());
        std::vector<std::pair<std::string, Group>> groups;
        std::map<std::string, std::size_t> group_of;
        for (const std::uint32_t c : chosen) {
            const std::string given = given_of(candidates[c]);
            const auto [at, is_new] = group_of.try_emplace(given, groups.size());
            if (is_new) groups.push_back({given, {}});
            Group& group = groups[at->second].second;
            Group::Member member{c, {}};
            for (const std::uint32_t aim : candidates[c].shows) {
                if (shown[aim]) continue;
                shown[aim] = true;
                group.aims.push_back(aim);
                add_rules(aim, member.about);
            }
            group.cases.push_back(std::move(member));
        }
        for (auto& [given, group] : groups) {
            std::ranges::sort(group.aims);
            std::ranges::sort(group.cases, {}, [&](const Group::Member& one) { return candidates[one.candidate].at; });
        }
        // In the order of what they show, that is of the rules.
        std::ranges::sort(groups, {}, [](const auto& group) { return group.second.aims.front(); });
        std::set<std::string> names;
        for (const ir::Test& test : module_.tests) names.insert(test.name);
        for (const auto& [given, group] : groups) {
            GeneratedTest test;
            test.given = given;
            test.sample_file = bases_[candidates[group.cases.front().candidate].base].file;
            for (const std::uint32_t aim : group.aims) {
                if (says_something(aim)) test.shows.push_back(words(aim));
            }
            if (test.shows.empty()) test.shows.push_back(words(group.aims.front()));
            test.name = test.shows.front();
            for (int i = 2; !names.insert(test.name).second; ++i)
                test.name = fmt::format("{} ({})", test.shows.front(), i);
            for (const auto& [c, about] : group.cases)
                test.cases.push_back(
                    {candidates[c].at, expectations_of(explainer_, candidates[c].record, candidates[c].at, about)});
            out_.tests.push_back(std::move(test));
        }
    }

    [[nodiscard]] std::string given_of(const Candidate& candidate) const {
        const Base& base = bases_[candidate.base];
        const bool is_schema = candidate.base + 1 == bases_.size();
        if (candidate.changes.empty()) return is_schema ? base.name + " {}" : base.name;
        return fmt::format("{}{} {{ {} }}", base.name, is_schema ? "" : " with", fmt::join(candidate.changes, ", "));
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
