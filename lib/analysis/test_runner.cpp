#include "analysis/test_runner.h"

#include "analysis/judge.h"
#include "analysis/parallel.h"
#include "analysis/suite.h"
#include "eval/program.h"
#include "value/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <set>
#include <utility>

namespace keywright::analysis {

namespace {

std::string severity_word(std::optional<Severity> severity) {
    return severity ? fmt::format(" {}", to_string(*severity)) : std::string{};
}

std::string violated_text(const RecordReport& report) {
    std::vector<std::string> parts;
    for (const Violation& v : report.violations)
        parts.push_back(fmt::format("`{}` ({})", v.rule, to_string(v.severity)));
    std::string out = parts.empty() ? "nothing is violated" : fmt::format("violated: {}", fmt::join(parts, ", "));
    std::vector<std::string> open;
    for (const Undetermined& u : report.undetermined)
        open.push_back(fmt::format("`{}` (needs {})", u.rule, fmt::join(u.needs, ", ")));
    if (!open.empty()) out += fmt::format("; undetermined: {}", fmt::join(open, ", "));
    return out;
}

std::string reason_text(const RecordReport& report, const std::string& rule) {
    for (const Violation& v : report.violations) {
        if (v.rule != rule) continue;
        std::vector<std::string> facts;
        for (const Fact& f : v.because) facts.push_back(fmt::format("{} {}", f.field, f.fact));
        return facts.empty() ? std::string{} : fmt::format(", because {}", fmt::join(facts, ", "));
    }
    return {};
}

std::string expires_text(const ExpiresAt& at) {
    const auto end = [](const std::optional<Instant>& instant) {
        return instant ? to_string(*instant) : std::string{"an unknown instant"};
    };
    switch (at.kind) {
        case ExpiresAt::Kind::kNever: return "never expires";
        case ExpiresAt::Kind::kAt: return fmt::format("expires {}", end(at.earliest));
        case ExpiresAt::Kind::kBetween:
            return fmt::format("expires between {} and {}", end(at.earliest), end(at.latest));
    }
    return {};
}

// What was expected of a case and what came out, in words, where the two differ.
class Failures {
public:
    Failures(const CaseDecision& decision, const ir::TestCase& expected, const RecordReport& report,
             const base::SourceSet& sources, std::vector<TestResult::Failure>& out)
        : module_(decision.module),
          decision_(decision),
          expected_(expected),
          report_(report),
          sources_(sources),
          out_(out) {}

    void add(const ir::Expectation& expectation) {
        if (!decision_.errors.empty()) {
            fail(expectation, "a record that can be decided",
                 fmt::format("the record is invalid: {}", decision_.errors.front().message));
            return;
        }
        switch (expectation.kind) {
            case ir::ExpectKind::kViolated: violated(expectation); break;
            case ir::ExpectKind::kIncludes: includes(expectation); break;
            case ir::ExpectKind::kNone: none(expectation); break;
            case ir::ExpectKind::kVerdict: verdict(expectation); break;
            case ir::ExpectKind::kUndetermined: undetermined(expectation); break;
            case ir::ExpectKind::kExempt: outcome(expectation, ir::Outcome::kExempt); break;
            case ir::ExpectKind::kPasses: outcome(expectation, ir::Outcome::kPass); break;
            case ir::ExpectKind::kNotApplicable: outcome(expectation, ir::Outcome::kNotApplicable); break;
            case ir::ExpectKind::kExpires: expires(expectation); break;
        }
    }

private:
    void fail(const ir::Expectation& expectation, std::string expected, std::string actual) {
        out_.push_back({sources_.range(expectation.span), std::move(expected), std::move(actual)});
    }

    [[nodiscard]] const std::string& name(const ir::ExpectedRule& rule) const {
        return module_.rules[rule.rule.index()].name;
    }
    [[nodiscard]] std::string named(const ir::ExpectedRule& rule) const {
        return fmt::format("`{}` ({})", name(rule),
                           to_string(rule.severity.value_or(decision_.severities[rule.rule.index()])));
    }

    // The last rule that is violated and not named, with its reason.
    void violated(const ir::Expectation& expectation) {
        std::vector<std::string> names;
        for (const ir::ExpectedRule& rule : expectation.rules) names.push_back(named(rule));
        std::string reason;
        for (const Violation& v : report_.violations) {
            const bool is_named =
                std::ranges::any_of(expectation.rules, [&](const auto& r) { return name(r) == v.rule; });
            if (!is_named && (v.severity == Severity::kError || expectation.exactly))
                reason = reason_text(report_, v.rule);
        }
        if (const ir::RuleId open = unexpectedly_undetermined(decision_, expected_, expectation.exactly); open.valid())
            reason = fmt::format("; say `undetermined {}` if that is meant", module_.rules[open.index()].name);
        fail(expectation,
             fmt::format("violated: {}{}", fmt::join(names, ", "),
                         expectation.exactly ? " and nothing else" : " and no other error"),
             violated_text(report_) + reason);
    }

    void includes(const ir::Expectation& expectation) {
        const ir::ExpectedRule& rule = expectation.rules.front();
        fail(expectation,
             fmt::format("`{}` is violated ({})", name(rule),
                         to_string(rule.severity.value_or(decision_.severities[rule.rule.index()]))),
             violated_text(report_));
    }

    void none(const ir::Expectation& expectation) {
        std::string expected = fmt::format("no{} violation", severity_word(expectation.severity));
        for (const Violation& v : report_.violations) {
            if (expectation.severity && v.severity != *expectation.severity) continue;
            fail(expectation, std::move(expected), violated_text(report_) + reason_text(report_, v.rule));
            return;
        }
        for (const Undetermined& u : report_.undetermined) {
            const bool is_named = std::ranges::any_of(expected_.expectations, [&](const ir::Expectation& e) {
                return e.kind == ir::ExpectKind::kUndetermined && name(e.rules.front()) == u.rule;
            });
            if ((expectation.severity && u.severity != *expectation.severity) || is_named) continue;
            fail(expectation, std::move(expected),
                 fmt::format("`{}` is undetermined (needs {}); say `undetermined {}` if that is meant", u.rule,
                             fmt::join(u.needs, ", "), u.rule));
            return;
        }
    }

    void verdict(const ir::Expectation& expectation) {
        std::vector<std::string_view> words;
        for (const ir::Verdict v : expectation.verdicts) words.push_back(ir::word(v));
        fail(expectation, fmt::format("verdict {}", fmt::join(words, " or ")),
             fmt::format("verdict {}; {}", ir::word(decision_.verdict()), violated_text(report_)));
    }

    void undetermined(const ir::Expectation& expectation) {
        const ir::RuleId rule = expectation.rules.front().rule;
        if (!decision_.is_undetermined(rule.index())) {
            outcome(expectation, ir::Outcome::kUndetermined);
            return;
        }
        const auto pointers = [&](const auto& fields) {
            std::set<std::string> out;
            for (const ir::FieldId field : fields) out.insert(module_.schema.fields[field.index()].pointer);
            return fmt::format("{}", fmt::join(out, " and "));
        };
        fail(expectation,
             fmt::format("`{}` is undetermined and needs {}", name(expectation.rules.front()),
                         pointers(expectation.needs)),
             fmt::format("it needs {}", pointers(decision_.needs(rule))));
    }

    void outcome(const ir::Expectation& expectation, ir::Outcome wanted) {
        const ir::ExpectedRule& rule = expectation.rules.front();
        const eval::RuleDecision& decided = decision_.rules[rule.rule.index()];
        std::string actual = fmt::format("`{}`: {}", name(rule), ir::word(decided.outcome));
        if (decided.outcome == ir::Outcome::kExempt)
            actual += fmt::format(" by `{}`", module_.rules[rule.rule.index()].exemptions[decided.exempt_by].label);
        const std::string by = expectation.by.empty() ? std::string{} : fmt::format(" by `{}`", expectation.by);
        fail(expectation, fmt::format("`{}`: {}{}", name(rule), ir::word(wanted), by),
             actual + reason_text(report_, name(rule)));
    }

    void expires(const ir::Expectation& expectation) {
        fail(expectation,
             expectation.instant ? fmt::format("expires {}", to_string(*expectation.instant))
                                 : std::string{"never expires"},
             expires_text(report_.expires_at));
    }

    const ir::Module& module_;
    const CaseDecision& decision_;
    const ir::TestCase& expected_;
    const RecordReport& report_;
    const base::SourceSet& sources_;
    std::vector<TestResult::Failure>& out_;
};

// Decides cases one after another with the same room.
class Decider {
public:
    explicit Decider(const Explainer& explainer)
        : explainer_(explainer),
          severities_(severities_of(explainer.module)),
          scratch_(explainer.program.make_scratch()) {
        decided_.rules.resize(explainer.module.rules.size());
    }

    // Good until the next case.
    [[nodiscard]] CaseDecision decide(const Case& one, const value::Record& record) {
        const Instant at = one.expected->at;
        if (one.errors.empty()) explainer_.program.decide(record, at, scratch_, decided_.rules);
        return {explainer_.module, one.errors, decided_.rules, severities_, [this, &record, at](ir::RuleId rule) {
                    const auto fields = explainer_.needed_fields(record, at, rule);
                    return std::set<ir::FieldId>(fields.begin(), fields.end());
                }};
    }
    [[nodiscard]] const eval::Decision& decided() const { return decided_; }

private:
    const Explainer& explainer_;
    std::vector<Severity> severities_;
    eval::Program::Scratch scratch_;
    eval::Decision decided_;
};

// Which cases don't meet what is expected of them; of those behind the first test that fails, where `fail_fast`, some
// may be left out. Outcomes alone are looked at here, so that the cases can be shared out among threads.
std::vector<char> judge_all(const Explainer& explainer, const Suite& suite, const std::vector<char>& wanted,
                            const TestOptions& options) {
    constexpr std::size_t kBlock = 64;  // cases; what a thread takes at once
    std::vector<char> fails(suite.cases.size());
    std::atomic<std::uint32_t> first_failed = UINT32_MAX;
    const auto judge_block = [&](std::size_t block) {
        Decider decider{explainer};
        const std::size_t end = std::min(suite.cases.size(), (block + 1) * kBlock);
        for (std::size_t i = block * kBlock; i < end; ++i) {
            const Case& one = suite.cases[i];
            if (wanted[one.test] == 0) continue;
            if (options.fail_fast && one.test > first_failed) return;
            fails[i] = meets(decider.decide(one, suite.records[one.record]), *one.expected) ? 0 : 1;
            if (fails[i] == 0) continue;
            std::uint32_t known = first_failed;
            while (one.test < known && !first_failed.compare_exchange_weak(known, one.test)) {
            }
        }
    };
    const auto tell = [&](std::size_t blocks) {
        if (!options.progress || blocks == 0) return;
        const std::size_t cases = std::min(suite.cases.size(), blocks * kBlock);
        options.progress(suite.cases[cases - 1].test + 1);
    };
    for_each_block((suite.cases.size() + kBlock - 1) / kBlock, options.threads, judge_block, tell);
    return fails;
}

}  // namespace

std::vector<TestResult> run_tests(const Explainer& explainer, const base::SourceSet& sources,
                                  const TestOptions& options, const std::vector<bool>& kept) {
    const ir::Module& module = explainer.module;
    std::vector<TestResult> results(module.tests.size());
    std::vector<char> picked(module.tests.size());
    std::vector<char> wanted(module.tests.size());
    for (std::size_t i = 0; i < module.tests.size(); ++i) {
        const ir::Test& test = module.tests[i];
        results[i].name = test.name;
        results[i].range = sources.range(test.span);
        results[i].kept = kept[i];
        picked[i] = test.name.find(options.filter) != std::string::npos &&
                            (options.file.empty() || results[i].range.file == options.file)
                        ? 1
                        : 0;
        wanted[i] = kept[i] ? 0 : picked[i];
    }
    const Suite suite{module};
    const std::vector<char> fails = judge_all(explainer, suite, wanted, options);
    std::vector<char> failed(module.tests.size());
    for (std::size_t i = 0; i < fails.size(); ++i) {
        if (fails[i] != 0) failed[suite.cases[i].test] = 1;
    }
    std::size_t end = module.tests.size();
    if (options.fail_fast) {
        const auto first = std::ranges::find(failed, 1);
        if (first != failed.end()) end = static_cast<std::size_t>(first - failed.begin()) + 1;
    }
    Decider decider{explainer};
    for (std::size_t i = 0; i < fails.size(); ++i) {
        const Case& one = suite.cases[i];
        if (fails[i] == 0 || one.test >= end) continue;
        const value::Record& record = suite.records[one.record];
        const CaseDecision decision = decider.decide(one, record);
        RecordReport report;
        if (one.errors.empty()) explainer.fill(record, one.expected->at, decider.decided(), sources, report);
        Failures failures{decision, *one.expected, report, sources, results[one.test].failures};
        for (const ir::Expectation& expectation : one.expected->expectations) {
            if (!meets(decision, *one.expected, expectation)) failures.add(expectation);
        }
    }
    std::vector<TestResult> out;
    for (std::size_t i = 0; i < end; ++i) {
        if (picked[i] == 0) continue;
        results[i].passed = failed[i] == 0;
        out.push_back(std::move(results[i]));
    }
    return out;
}

}  // namespace keywright::analysis
