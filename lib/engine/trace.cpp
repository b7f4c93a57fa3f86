// Traceability, as the public header tells it.
#include "keywright/trace.h"

#include "analysis/rule_tests.h"
#include "analysis/usage.h"
#include "engine/drift.h"
#include "engine/solvers.h"
#include "engine/state.h"
#include "eval/decision.h"
#include "report/record_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace keywright {

namespace {

using Indices = std::vector<std::size_t>;

[[nodiscard]] std::vector<Role> roles(std::uint8_t comes) {
    static constexpr std::array<std::pair<std::uint8_t, Role>, 6> kAll = {{
        {analysis::kComesViolated, Role::kViolated},
        {analysis::kComesWarning, Role::kWarning},
        {analysis::kComesPass, Role::kPasses},
        {analysis::kComesExempt, Role::kExempt},
        {analysis::kComesNotApplicable, Role::kNotApplicable},
        {analysis::kComesUndetermined, Role::kUndetermined},
    }};
    std::vector<Role> out;
    for (const auto& [bit, role] : kAll) {
        if ((comes & bit) != 0) out.push_back(role);
    }
    return out;
}

void sort_out(Indices& indices) {
    std::ranges::sort(indices);
    const auto doubles = std::ranges::unique(indices);
    indices.erase(doubles.begin(), doubles.end());
}

void append(Indices& to, const Indices& from) { to.insert(to.end(), from.begin(), from.end()); }

[[nodiscard]] std::string place_of(const ir::Clause& clause) {
    if (clause.first_line > 0)
        return clause.first_line == clause.last_line ? fmt::format("lines {}", clause.first_line)
                                                     : fmt::format("lines {}..{}", clause.first_line, clause.last_line);
    if (clause.first_words.empty() && clause.last_words.empty()) return {};
    return fmt::format("from \"{}\" to \"{}\"", clause.first_words, clause.last_words);
}

class Tracer {
public:
    Tracer(const Rules& rules, const TraceOptions& options)
        : state_(rules.state()), module_(state_.module), options_(options), suite_(module_) {
        out_.identity = rules.identity();
        out_.now = options.now;
        TestOptions running;
        running.threads = options.threads;
        for (TestResult& test : rules.run_tests(running))
            out_.tests.push_back({std::move(test.name), std::move(test.range), test.passed});
    }

    [[nodiscard]] Trace take() {
        documents();
        rules();
        citations();
        for (TracedDocument& document : out_.documents) {
            for (TracedClause& clause : document.clauses) settle(clause);
        }
        engine::UsableSources usable = engine::usable_sources(module_, options_.sources, options_.limits);
        for (const engine::UsableSource& source : usable.sources) {
            const std::size_t i = source.document.index();
            engine::compare(module_.documents[i], source.text, out_.documents[i]);
        }
        out_.problems = std::move(usable.problems);
        return std::move(out_);
    }

private:
    [[nodiscard]] SourceRange range(const ir::Span& span) const { return state_.sources.range(span); }

    void documents() {
        for (std::size_t d = 0; d < module_.documents.size(); ++d) {
            const ir::Document& from = module_.documents[d];
            TracedDocument document;
            document.name = from.name;
            document.title = from.title;
            document.dated = from.dated;
            document.url = from.url;
            document.digest = from.digest;
            document.range = range(from.span);
            for (std::size_t c = 0; c < from.clauses.size(); ++c) {
                const ir::Clause& one = from.clauses[c];
                TracedClause clause;
                clause.id = one.id;
                clause.kind = word(one.kind);
                clause.text = one.text;
                clause.range = range(one.span);
                clause.not_checkable = one.not_checkable.value_or("");
                clause.excerpt = place_of(one);
                clause.digest = one.digest;
                document.clauses.push_back(std::move(clause));
                numbers_.emplace(std::pair{d, one.id}, c);
            }
            out_.documents.push_back(std::move(document));
        }
    }

    [[nodiscard]] std::vector<TracedClauseRef> refs(const std::vector<ir::Citation>& cites) const {
        std::vector<TracedClauseRef> out;
        for (const ir::Citation& cite : cites) {
            const auto found = numbers_.find({cite.document.index(), cite.clause});
            if (found != numbers_.end()) out.push_back({cite.document.index(), found->second});
        }
        return out;
    }

    void rules() {
        std::vector<analysis::TestsOfRule> tests = analysis::tests_of_rules(state_.explainer(), suite_);
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            const ir::Rule& from = module_.rules[i];
            TracedRule rule;
            rule.name = from.name;
            rule.severity = from.severity;
            rule.range = range(from.span);
            rule.cites = refs(from.cites);
            rule.interpretations = from.interpretations;
            for (const ir::Exemption& exemption : from.exemptions) {
                if (exemption.waiver != ir::Exemption::kNoWaiver) continue;
                rule.exemptions.push_back({exemption.label, refs(exemption.cites), range(exemption.span)});
            }
            for (const analysis::RuleTest& test : tests[i].tests) {
                rule.tests.push_back({test.test, roles(test.expected), roles(test.shown)});
                rule.tested = rule.tested || test.expected != 0;
                rule.fires = rule.fires || (test.shown & analysis::kComesViolated) != 0;
            }
            rule.example = example(ir::RuleId{i}, tests[i]);
            out_.rules.push_back(std::move(rule));
            exempting_.push_back(std::move(tests[i].exempting));
        }
        for (const ir::Waiver& waiver : module_.waivers) {
            if (!waiver.rule.valid()) continue;
            out_.rules[waiver.rule.index()].waivers.push_back(
                {waiver.name, waiver.owner, waiver.reason, waiver.ticket,
                 waiver.condition.valid() ? ir::to_text(module_, waiver.condition) : std::string{}, waiver.until,
                 options_.now < waiver.until, range(waiver.span)});
        }
    }

    // A sample says most to who reads the pack. Where there is none, a complete configuration says more than a test's
    // record that leaves fields unknown.
    [[nodiscard]] RuleExample example(ir::RuleId rule, const analysis::TestsOfRule& tests) const {
        RuleExample out;
        if (tests.sample) {
            const ir::Sample& sample = module_.samples[tests.sample->sample];
            const value::Record record = analysis::to_record(module_, sample.fields);
            // A sample is found by its text, in which not every secret is told apart from every other.
            if (violates(rule, record, tests.sample->at)) {
                out.kind = RuleExample::Kind::kSample;
                out.sample = sample.name;
                out.example = Example{report::to_json(module_, record), tests.sample->at};
                return out;
            }
        }
        logic::Result answer = violated_by(rule);
        if (answer.answer == logic::Answer::kYes) {
            out.kind = RuleExample::Kind::kRecord;
            out.example = Example{report::to_json(module_, answer.witness->records.front()), answer.witness->now};
        } else if (tests.record) {
            out.kind = RuleExample::Kind::kRecord;
            out.example = Example{report::to_json(module_, suite_.records[tests.record->record]), tests.record->at};
        } else if (answer.answer == logic::Answer::kNo) {
            out.kind = RuleExample::Kind::kNothing;
        } else {
            out.reason = std::move(answer.reason);
        }
        return out;
    }

    // By what violates few other rules, as that shows this one best: those that are violated besides are ruled out, all
    // together where that can be, else one by one.
    [[nodiscard]] logic::Result violated_by(ir::RuleId rule) const {
        constexpr int kMostQuestions = 16;
        logic::Question question;
        question.packs.push_back(&module_);
        const auto violated = [&](std::size_t i) {
            logic::Leaf leaf;
            leaf.claim = logic::Claim::kOutcome;
            leaf.rule = ir::RuleId{i};
            leaf.outcome = ir::Outcome::kViolated;
            return question.leaf(leaf);
        };
        std::vector<std::uint32_t> all{violated(rule.index())};
        const auto ask = [&] {
            logic::Question asked = question;
            (void)asked.conjunction(all);
            return analysis::ask(asked, solvers_.get(), engine::to_budget(options_.budget));
        };
        logic::Result best = ask();
        auto scratch = state_.program.make_scratch();
        std::vector<eval::RuleDecision> decided(module_.rules.size());
        std::vector<bool> unavoidable(module_.rules.size());
        bool together = true;
        for (int n = 1; n < kMostQuestions && best.answer == logic::Answer::kYes; ++n) {
            state_.program.decide(best.witness->records.front(), best.witness->now, scratch, decided);
            Indices others;
            for (std::size_t i = 0; i < decided.size(); ++i) {
                if (i != rule.index() && !unavoidable[i] && decided[i].outcome == ir::Outcome::kViolated)
                    others.push_back(i);
            }
            if (others.empty()) break;
            if (!together) others.resize(1);
            const std::size_t known = all.size();
            for (const std::size_t i : others) all.push_back(question.negation(violated(i)));
            logic::Result answer = ask();
            if (answer.answer == logic::Answer::kYes) {
                best = std::move(answer);
                continue;
            }
            all.resize(known);
            if (others.size() == 1) unavoidable[others.front()] = true;
            together = false;
        }
        return best;
    }

    [[nodiscard]] bool violates(ir::RuleId rule, const value::Record& record, Instant at) const {
        auto scratch = state_.program.make_scratch();
        return state_.program.decide_rule(record, at, scratch, rule).outcome == ir::Outcome::kViolated;
    }

    // Everything that cites, once for each clause that it names, by kind and in order of the pack.
    void citations() {
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            Indices tests;
            for (const TracedUse& use : out_.rules[i].tests) tests.push_back(use.test);
            cite(module_.rules[i].cites, TracedCitation::By::kRule, module_.rules[i].name, {i}, tests);
        }
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            const auto& exemptions = module_.rules[i].exemptions;
            for (std::size_t k = 0; k < exemptions.size(); ++k) {
                const Indices tests(exempting_[i][k].begin(), exempting_[i][k].end());
                cite(exemptions[k].cites, TracedCitation::By::kExemption, exemptions[k].label, {i}, tests);
            }
        }
        const analysis::Usage usage = analysis::usage_of(module_);
        for (std::size_t i = 0; i < module_.defines.size(); ++i)
            cite_used(module_.defines[i].cites, TracedCitation::By::kDefine, module_.defines[i].name,
                      usage.of_define[i]);
        for (std::size_t i = 0; i < module_.schema.fields.size(); ++i)
            cite_used(module_.schema.fields[i].cites, TracedCitation::By::kField, module_.schema.fields[i].name,
                      usage.of_field[i]);
    }

    void cite_used(const std::vector<ir::Citation>& cites, TracedCitation::By by, const std::string& name,
                   const std::vector<ir::RuleId>& users) {
        if (cites.empty()) return;
        Indices rules, tests;
        for (const ir::RuleId user : users) {
            rules.push_back(user.index());
            for (const TracedUse& use : out_.rules[user.index()].tests) tests.push_back(use.test);
        }
        sort_out(tests);
        cite(cites, by, name, rules, tests);
    }

    void cite(const std::vector<ir::Citation>& cites, TracedCitation::By by, const std::string& name,
              const Indices& rules, const Indices& tests) {
        for (const ir::Citation& one : cites) {
            const auto found = numbers_.find({one.document.index(), one.clause});
            if (found == numbers_.end()) continue;
            TracedClause& clause = out_.documents[one.document.index()].clauses[found->second];
            clause.citations.push_back({by, name, rules, tests, range(one.span)});
        }
    }

    void settle(TracedClause& clause) const {
        bool exempted = false, used = false, waived = true;
        std::size_t citing = 0;
        for (const TracedCitation& citation : clause.citations) {
            append(clause.rules, citation.rules);
            append(clause.tests, citation.tests);
            exempted = exempted || citation.by == TracedCitation::By::kExemption;
            if (citation.by != TracedCitation::By::kRule) {
                used = used || !citation.rules.empty();
                continue;
            }
            ++citing;
            const TracedRule& rule = out_.rules[citation.rules.front()];
            std::optional<Instant> until;  // waived by one waiver or another up to then
            for (const TracedWaiver& waiver : rule.waivers) {
                if (waiver.in_force && (!until || *until < waiver.until)) until = waiver.until;
            }
            waived = waived && until.has_value();
            if (until && (!clause.waived_until || *until < *clause.waived_until)) clause.waived_until = until;
        }
        sort_out(clause.rules);
        sort_out(clause.tests);
        clause.state = citing > 0 && waived            ? ClauseState::kWaived
                       : citing > 0                    ? ClauseState::kEnforced
                       : exempted                      ? ClauseState::kExempted
                       : used                          ? ClauseState::kUsed
                       : !clause.not_checkable.empty() ? ClauseState::kNotCheckable
                                                       : ClauseState::kMissing;
        if (clause.state != ClauseState::kWaived) clause.waived_until.reset();
    }

    const Rules::State& state_;
    const ir::Module& module_;
    const TraceOptions& options_;
    const analysis::Suite suite_;
    const engine::AllSolvers solvers_;
    std::map<std::pair<std::size_t, std::string>, std::size_t> numbers_;  // of clauses, by document and id
    std::vector<std::vector<std::vector<std::uint32_t>>> exempting_;      // by rule and exemption: tests
    Trace out_;
};

}  // namespace

bool TracedRule::is_waived() const { return std::ranges::any_of(waivers, &TracedWaiver::in_force); }

Trace trace(const Rules& rules, const TraceOptions& options) { return Tracer{rules, options}.take(); }

std::vector<std::string> document_names(const Rules& rules) {
    std::vector<std::string> out;
    for (const ir::Document& document : rules.state().module.documents) out.push_back(document.name);
    return out;
}

}  // namespace keywright
