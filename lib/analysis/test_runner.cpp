#include "analysis/test_runner.h"

#include "eval/program.h"
#include "input/reader.h"
#include "value/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace keywright::analysis {

namespace {

// The decision and report of one record at one instant.
struct Outcome {
    bool invalid = false;  // the record breaks an assumption of the schema
    std::string invalid_because;
    eval::Decision decision;
    RecordReport report;
};

std::string severity_word(std::optional<Severity> severity) {
    return severity ? fmt::format(" {}", to_string(*severity)) : std::string{};
}

std::string violated_text(const Outcome& outcome) {
    std::vector<std::string> parts;
    for (const Violation& v : outcome.report.violations)
        parts.push_back(fmt::format("`{}` ({})", v.rule, to_string(v.severity)));
    std::string out = parts.empty() ? "nothing is violated" : fmt::format("violated: {}", fmt::join(parts, ", "));
    std::vector<std::string> open;
    for (const Undetermined& u : outcome.report.undetermined)
        open.push_back(fmt::format("`{}` (needs {})", u.rule, fmt::join(u.needs, ", ")));
    if (!open.empty()) out += fmt::format("; undetermined: {}", fmt::join(open, ", "));
    return out;
}

std::string reason_text(const Outcome& outcome, const std::string& rule) {
    for (const Violation& v : outcome.report.violations) {
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

class Judge {
public:
    Judge(const ir::Module& module, const Outcome& outcome, const base::SourceSet& sources, TestResult& result)
        : module_(module), outcome_(outcome), sources_(sources), result_(result) {}

    void check(const ir::Expectation& expectation) {
        if (outcome_.invalid) {
            const auto& verdicts = expectation.verdicts;
            if (expectation.kind == ir::ExpectKind::kVerdict &&
                std::find(verdicts.begin(), verdicts.end(), ir::Verdict::kInvalid) != verdicts.end())
                return;
            fail(expectation, "a record that can be decided",
                 fmt::format("the record is invalid: {}", outcome_.invalid_because));
            return;
        }
        switch (expectation.kind) {
            case ir::ExpectKind::kViolated: violated(expectation); break;
            case ir::ExpectKind::kIncludes: includes(expectation); break;
            case ir::ExpectKind::kNone: none(expectation); break;
            case ir::ExpectKind::kVerdict: verdict(expectation); break;
            case ir::ExpectKind::kUndetermined: undetermined(expectation); break;
            case ir::ExpectKind::kExempt:
            case ir::ExpectKind::kPasses:
            case ir::ExpectKind::kNotApplicable: one_outcome(expectation); break;
            case ir::ExpectKind::kExpires: expires(expectation); break;
        }
    }
    // Error rules that a test case names as undetermined.
    std::set<std::string> undetermined_named;

private:
    void fail(const ir::Expectation& expectation, std::string expected, std::string actual) {
        result_.failures.push_back({sources_.range(expectation.span), std::move(expected), std::move(actual)});
    }

    [[nodiscard]] const std::string& name(const ir::ExpectedRule& rule) const {
        return module_.rules[rule.rule.index()].name;
    }
    [[nodiscard]] Severity wanted(const ir::ExpectedRule& rule) const {
        return rule.severity.value_or(module_.rules[rule.rule.index()].severity);
    }

    [[nodiscard]] bool holds(const ir::ExpectedRule& rule) const {
        return std::any_of(outcome_.report.violations.begin(), outcome_.report.violations.end(),
                           [&](const Violation& v) { return v.rule == name(rule) && v.severity == wanted(rule); });
    }

    void violated(const ir::Expectation& expectation) {
        std::vector<std::string> names;
        bool fine = true;
        for (const ir::ExpectedRule& rule : expectation.rules) {
            names.push_back(fmt::format("`{}` ({})", name(rule), to_string(wanted(rule))));
            fine = fine && holds(rule);
        }
        std::string reason;
        for (const Violation& v : outcome_.report.violations) {
            const bool named = std::any_of(expectation.rules.begin(), expectation.rules.end(),
                                           [&](const auto& rule) { return name(rule) == v.rule; });
            if (named || (v.severity != Severity::kError && !expectation.exactly)) continue;
            fine = false;
            reason = reason_text(outcome_, v.rule);
        }
        if (const auto* open = unexpected_undetermined(expectation.exactly)) {
            fine = false;
            reason = fmt::format("; say `undetermined {}` if that is meant", open->rule);
        }
        if (!fine) {
            fail(expectation,
                 fmt::format("violated: {}{}", fmt::join(names, ", "),
                             expectation.exactly ? " and nothing else" : " and no other error"),
                 violated_text(outcome_) + reason);
        }
    }

    [[nodiscard]] const Undetermined* unexpected_undetermined(bool all_severities) const {
        for (const Undetermined& u : outcome_.report.undetermined) {
            if ((u.severity == Severity::kError || all_severities) && !undetermined_named.contains(u.rule)) return &u;
        }
        return nullptr;
    }

    void includes(const ir::Expectation& expectation) {
        const ir::ExpectedRule& rule = expectation.rules.front();
        if (!holds(rule))
            fail(expectation, fmt::format("`{}` is violated ({})", name(rule), to_string(wanted(rule))),
                 violated_text(outcome_));
    }

    void none(const ir::Expectation& expectation) {
        for (const Violation& v : outcome_.report.violations) {
            if (expectation.severity && v.severity != *expectation.severity) continue;
            fail(expectation, fmt::format("no{} violation", severity_word(expectation.severity)),
                 violated_text(outcome_) + reason_text(outcome_, v.rule));
            return;
        }
        for (const Undetermined& u : outcome_.report.undetermined) {
            if ((expectation.severity && u.severity != *expectation.severity) || undetermined_named.contains(u.rule))
                continue;
            fail(expectation, fmt::format("no{} violation", severity_word(expectation.severity)),
                 fmt::format("`{}` is undetermined (needs {}); say `undetermined {}` if that is meant", u.rule,
                             fmt::join(u.needs, ", "), u.rule));
            return;
        }
    }

    void verdict(const ir::Expectation& expectation) {
        const auto actual = static_cast<ir::Verdict>(outcome_.report.verdict);
        if (std::find(expectation.verdicts.begin(), expectation.verdicts.end(), actual) != expectation.verdicts.end())
            return;
        std::vector<std::string_view> words;
        for (const ir::Verdict v : expectation.verdicts) words.push_back(ir::word(v));
        fail(expectation, fmt::format("verdict {}", fmt::join(words, " or ")),
             fmt::format("verdict {}; {}", ir::word(actual), violated_text(outcome_)));
    }

    void undetermined(const ir::Expectation& expectation) {
        const std::string& rule = name(expectation.rules.front());
        const auto found = std::find_if(outcome_.report.undetermined.begin(), outcome_.report.undetermined.end(),
                                        [&](const Undetermined& u) { return u.rule == rule; });
        if (found == outcome_.report.undetermined.end()) {
            one_outcome_failed(expectation, "undetermined");
            return;
        }
        if (!expectation.needs_given) return;
        std::set<std::string> wanted_fields;
        for (const ir::FieldId field : expectation.needs)
            wanted_fields.insert(module_.schema.fields[field.index()].pointer);
        const std::set<std::string> actual(found->needs.begin(), found->needs.end());
        if (actual != wanted_fields) {
            fail(expectation, fmt::format("`{}` is undetermined and needs {}", rule, fmt::join(wanted_fields, " and ")),
                 fmt::format("it needs {}", fmt::join(actual, " and ")));
        }
    }

    void one_outcome_failed(const ir::Expectation& expectation, std::string_view wanted_word) {
        const ir::ExpectedRule& rule = expectation.rules.front();
        const eval::RuleDecision& decision = outcome_.decision.rules[rule.rule.index()];
        std::string actual = fmt::format("`{}`: {}", name(rule), ir::word(decision.outcome));
        if (decision.outcome == ir::Outcome::kExempt)
            actual += fmt::format(" by `{}`", module_.rules[rule.rule.index()].exemptions[decision.exempt_by].label);
        const std::string by = expectation.by.empty() ? std::string{} : fmt::format(" by `{}`", expectation.by);
        fail(expectation, fmt::format("`{}`: {}{}", name(rule), wanted_word, by),
             actual + reason_text(outcome_, name(rule)));
    }

    void one_outcome(const ir::Expectation& expectation) {
        const ir::RuleId rule = expectation.rules.front().rule;
        const eval::RuleDecision& decision = outcome_.decision.rules[rule.index()];
        const ir::Outcome wanted_outcome = expectation.kind == ir::ExpectKind::kExempt   ? ir::Outcome::kExempt
                                           : expectation.kind == ir::ExpectKind::kPasses ? ir::Outcome::kPass
                                                                                         : ir::Outcome::kNotApplicable;
        const bool label = expectation.by.empty() ||
                           (decision.outcome == ir::Outcome::kExempt &&
                            module_.rules[rule.index()].exemptions[decision.exempt_by].label == expectation.by);
        if (decision.outcome != wanted_outcome || !label) one_outcome_failed(expectation, ir::word(wanted_outcome));
    }

    void expires(const ir::Expectation& expectation) {
        const ExpiresAt& actual = outcome_.report.expires_at;
        const bool fine = expectation.instant
                              ? actual.kind == ExpiresAt::Kind::kAt && actual.earliest == expectation.instant
                              : actual.kind == ExpiresAt::Kind::kNever;
        if (!fine)
            fail(expectation,
                 expectation.instant ? fmt::format("expires {}", to_string(*expectation.instant))
                                     : std::string{"never expires"},
                 expires_text(actual));
    }

    const ir::Module& module_;
    const Outcome& outcome_;
    const base::SourceSet& sources_;
    TestResult& result_;
};

}  // namespace

value::Record to_record(const ir::Module& module, const std::vector<ir::FieldValue>& fields) {
    value::Record record;
    record.reset(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        switch (fields[i].given) {
            case ir::Given::kUnknown: record.set_unknown(i); break;
            case ir::Given::kAbsent: record.set_absent(i); break;
            case ir::Given::kPresent: record.set_present(i); break;
            case ir::Given::kValue: record.set(i, module.constants[fields[i].value.index()]); break;
        }
    }
    return record;
}

std::vector<TestResult> run_tests(const Explainer& explainer, const base::SourceSet& sources) {
    const ir::Module& module = explainer.module;
    std::vector<TestResult> out;
    auto scratch = explainer.program.make_scratch();
    for (const ir::Test& test : module.tests) {
        TestResult result;
        result.name = test.name;
        result.range = sources.range(test.span);
        const value::Record record = to_record(module, test.record);
        for (const ir::TestCase& one : test.cases) {
            Outcome outcome;
            std::vector<RecordError> errors;
            input::check_assumptions(module, record, one.at, errors);
            outcome.invalid = !errors.empty();
            if (outcome.invalid) {
                outcome.invalid_because = errors.front().message;
            } else {
                outcome.decision.rules.resize(module.rules.size());
                explainer.program.decide(record, one.at, scratch, outcome.decision.rules);
                explainer.fill(record, one.at, outcome.decision, sources, outcome.report);
            }
            Judge judge{module, outcome, sources, result};
            for (const ir::Expectation& e : one.expectations) {
                if (e.kind == ir::ExpectKind::kUndetermined)
                    judge.undetermined_named.insert(module.rules[e.rules.front().rule.index()].name);
            }
            for (const ir::Expectation& e : one.expectations) judge.check(e);
        }
        result.passed = result.failures.empty();
        out.push_back(std::move(result));
    }
    return out;
}

}  // namespace keywright::analysis
