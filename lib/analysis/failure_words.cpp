#include "analysis/failure_words.h"

#include "ir/given.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace keywright::analysis {

namespace {

using Failure = TestResult::Failure;

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

std::string error_text(const std::string& code, const std::optional<std::string>& at) {
    return at ? fmt::format("{} at \"{}\"", code, *at) : code;
}

class Failures {
public:
    explicit Failures(const CaseInWords& one)
        : one_(one), module_(one.decision.module), decision_(one.decision), expected_(one.expected) {
        if (!decision_.errors.empty()) return;
        eval::Decision decided;
        decided.rules.assign(decision_.rules.begin(), decision_.rules.end());
        one_.explainer.fill(one_.record, expected_.at, decided, one_.sources, report_);
    }

    std::vector<Failure> run() {
        for (const ir::Expectation& expectation : expected_.expectations) {
            if (!meets(decision_, expected_, expectation)) add(expectation);
            if (is_void(decision_.errors)) break;
        }
        return std::move(out_);
    }

private:
    void add(const ir::Expectation& expectation) {
        if (is_void(decision_.errors)) {
            fail(expectation, "a record to decide", decision_.errors.front().message);
            return;
        }
        if (expectation.kind == ir::ExpectKind::kInvalid) return invalid(expectation);
        if (!decision_.errors.empty()) {
            Failure& failure = fail(expectation, "a record that can be decided",
                                    fmt::format("the record is invalid: {}", decision_.errors.front().message));
            for (const RecordError& error : decision_.errors)
                failure.because.push_back(fmt::format("{}: {}", error_text(error.code, error.at), error.message));
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
            case ir::ExpectKind::kInvalid: break;  // answered above
            case ir::ExpectKind::kRepaired: repaired(expectation); break;
        }
    }

    Failure& fail(const ir::Expectation& expectation, std::string expected, std::string actual) {
        Failure failure;
        failure.range = one_.sources.range(expectation.span);
        failure.expected = std::move(expected);
        failure.actual = std::move(actual);
        out_.push_back(std::move(failure));
        return out_.back();
    }

    [[nodiscard]] const std::string& name(std::size_t rule) const { return module_.rules[rule].name; }
    [[nodiscard]] const std::string& name(const ir::ExpectedRule& rule) const { return name(rule.rule.index()); }
    [[nodiscard]] Severity severity_of(const ir::ExpectedRule& rule) const {
        return rule.severity.value_or(decision_.severities[rule.rule.index()]);
    }
    [[nodiscard]] std::string named(const ir::ExpectedRule& rule) const {
        return fmt::format("`{}` ({})", name(rule), to_string(severity_of(rule)));
    }
    [[nodiscard]] std::string violation(std::size_t rule) const {
        return fmt::format("`{}` ({})", name(rule), to_string(decision_.violated_at(rule)));
    }
    [[nodiscard]] bool is_as_named(const ir::ExpectedRule& rule) const {
        return decision_.is_violated(rule.rule.index()) &&
               decision_.violated_at(rule.rule.index()) == severity_of(rule);
    }
    [[nodiscard]] bool is_said_to_be_open(std::size_t rule) const {
        return std::ranges::any_of(expected_.expectations, [&](const ir::Expectation& e) {
            return e.kind == ir::ExpectKind::kUndetermined && e.rules.front().rule.index() == rule;
        });
    }
    [[nodiscard]] std::string pointers(const auto& fields) const {
        std::set<std::string> out;
        for (const ir::FieldId field : fields) out.insert(module_.schema.fields[field.index()].pointer);
        return fmt::format("{}", fmt::join(out, " and "));
    }

    // How a rule came out, and the facts that force that.
    void because(Failure& failure, std::size_t rule) const {
        const eval::RuleDecision& decided = decision_.rules[rule];
        std::string line = fmt::format("`{}` ", name(rule));
        switch (decided.outcome) {
            case ir::Outcome::kViolated: line += "is violated"; break;
            case ir::Outcome::kPass: line += decided.warning == eval::Truth::kTrue ? "warns" : "passes"; break;
            case ir::Outcome::kExempt:
                line += fmt::format("is exempt by `{}`", module_.rules[rule].exemptions[decided.exempt_by].label);
                break;
            case ir::Outcome::kNotApplicable: line += "is not applicable"; break;
            case ir::Outcome::kUndetermined: break;
        }
        if (decision_.is_undetermined(rule)) {
            line += decided.outcome == ir::Outcome::kUndetermined ? "is" : ", and whether it warns is";
            const auto needed = decision_.needs(ir::RuleId{rule});
            failure.because.push_back(line + fmt::format(" undetermined: needs {}", pointers(needed)));
            return;
        }
        std::vector<std::string> facts;
        for (const FactWords& f : one_.explainer.because(one_.record, expected_.at, ir::RuleId{rule}, decided)) {
            facts.push_back(fmt::format("{} {}", module_.schema.fields[f.field.index()].pointer, f.text));
        }
        // A rule without conditions is so whatever the record says.
        if (!facts.empty()) line += fmt::format(": {}", fmt::join(facts, ", "));
        failure.because.push_back(std::move(line));
    }

    void violated(const ir::Expectation& expectation) {
        std::vector<std::string> names;
        for (const ir::ExpectedRule& rule : expectation.rules) names.push_back(named(rule));
        std::string actual = violated_text(report_);
        if (const ir::RuleId open = unexpectedly_undetermined(decision_, expected_, expectation.exactly); open.valid())
            actual += fmt::format("; say `undetermined {}` if that is meant", name(open.index()));
        Failure& failure = fail(expectation,
                                fmt::format("violated: {}{}", fmt::join(names, ", "),
                                            expectation.exactly ? " and nothing else" : " and no other error"),
                                std::move(actual));
        for (const ir::ExpectedRule& rule : expectation.rules) {
            if (is_as_named(rule)) continue;
            failure.missing.push_back(named(rule));
            because(failure, rule.rule.index());
        }
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            const auto same =
                std::ranges::find_if(expectation.rules, [&](const auto& r) { return r.rule.index() == i; });
            const bool counts =
                decision_.is_violated(i) && (expectation.exactly || decision_.violated_at(i) == Severity::kError);
            if (same != expectation.rules.end()) {  // with another severity than expected
                if (decision_.is_violated(i) && !is_as_named(*same)) failure.unexpected.push_back(violation(i));
                continue;
            }
            const bool open = decision_.is_undetermined(i) && !is_said_to_be_open(i) &&
                              (expectation.exactly || decision_.undetermined_at(i) == Severity::kError);
            if (counts) failure.unexpected.push_back(violation(i));
            if (!counts && open) failure.unexpected.push_back(fmt::format("`{}` (undetermined)", name(i)));
            if (counts || open) because(failure, i);
        }
    }

    void includes(const ir::Expectation& expectation) {
        const ir::ExpectedRule& rule = expectation.rules.front();
        Failure& failure =
            fail(expectation, fmt::format("`{}` is violated ({})", name(rule), to_string(severity_of(rule))),
                 violated_text(report_));
        failure.missing.push_back(named(rule));
        because(failure, rule.rule.index());
    }

    void none(const ir::Expectation& expectation) {
        std::vector<std::size_t> violated;
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            const auto counts = [&](Severity s) { return expectation.severity.value_or(s) == s; };
            if (decision_.is_violated(i) && counts(decision_.violated_at(i)))
                violated.push_back(i);
            else if (decision_.is_undetermined(i) && !is_said_to_be_open(i) && counts(decision_.undetermined_at(i)))
                open.push_back(i);
        }
        std::string actual;
        if (!violated.empty()) {
            actual = violated_text(report_);
        } else {
            const std::string& rule = name(open.front());
            const auto found = std::ranges::find(report_.undetermined, rule, &Undetermined::rule);
            actual = fmt::format("`{}` is undetermined (needs {}); say `undetermined {}` if that is meant", rule,
                                 fmt::join(found->needs, ", "), rule);
        }
        Failure& failure =
            fail(expectation, fmt::format("no{} violation", severity_word(expectation.severity)), std::move(actual));
        for (const std::size_t i : violated) {
            failure.unexpected.push_back(violation(i));
            because(failure, i);
        }
        for (const std::size_t i : open) failure.unexpected.push_back(fmt::format("`{}` (undetermined)", name(i)));
    }

    void verdict(const ir::Expectation& expectation) {
        std::vector<std::string_view> words;
        for (const ir::Verdict v : expectation.verdicts) words.push_back(ir::word(v));
        Failure& failure = fail(expectation, fmt::format("verdict {}", fmt::join(words, " or ")),
                                fmt::format("verdict {}; {}", ir::word(decision_.verdict()), violated_text(report_)));
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            const bool decides = decision_.verdict() == ir::Verdict::kViolation
                                     ? decision_.is_violated(i) && decision_.violated_at(i) == Severity::kError
                                     : decision_.is_undetermined(i) && decision_.undetermined_at(i) == Severity::kError;
            if (decides) because(failure, i);
        }
    }

    void undetermined(const ir::Expectation& expectation) {
        const ir::RuleId rule = expectation.rules.front().rule;
        if (!decision_.is_undetermined(rule.index())) {
            outcome(expectation, ir::Outcome::kUndetermined);
            return;
        }
        const std::set<ir::FieldId> actual = decision_.needs(rule);
        const std::set<ir::FieldId> wanted(expectation.needs.begin(), expectation.needs.end());
        Failure& failure =
            fail(expectation, fmt::format("`{}` is undetermined and needs {}", name(rule.index()), pointers(wanted)),
                 fmt::format("it needs {}", pointers(actual)));
        const auto pointer = [&](ir::FieldId f) { return module_.schema.fields[f.index()].pointer; };
        for (const ir::FieldId f : wanted) {
            if (!actual.contains(f)) failure.missing.push_back(pointer(f));
        }
        for (const ir::FieldId f : actual) {
            if (!wanted.contains(f)) failure.unexpected.push_back(pointer(f));
        }
    }

    void outcome(const ir::Expectation& expectation, ir::Outcome wanted) {
        const ir::ExpectedRule& rule = expectation.rules.front();
        const eval::RuleDecision& decided = decision_.rules[rule.rule.index()];
        std::string actual = fmt::format("`{}`: {}", name(rule), ir::word(decided.outcome));
        if (decided.outcome == ir::Outcome::kExempt)
            actual += fmt::format(" by `{}`", module_.rules[rule.rule.index()].exemptions[decided.exempt_by].label);
        const std::string by = expectation.by.empty() ? std::string{} : fmt::format(" by `{}`", expectation.by);
        Failure& failure =
            fail(expectation, fmt::format("`{}`: {}{}", name(rule), ir::word(wanted), by), std::move(actual));
        because(failure, rule.rule.index());
    }

    void expires(const ir::Expectation& expectation) {
        Failure& failure = fail(expectation,
                                expectation.instant ? fmt::format("expires {}", to_string(*expectation.instant))
                                                    : std::string{"never expires"},
                                expires_text(report_.expires_at));
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            if (module_.rules[i].expiry) because(failure, i);
        }
    }

    void invalid(const ir::Expectation& expectation) {
        std::vector<std::string> names;
        for (const ir::ExpectedError& e : expectation.errors) names.push_back(error_text(e.code, e.at));
        std::vector<std::string> found;
        for (const RecordError& e : decision_.errors) found.push_back(error_text(e.code, e.at));
        const bool any = expectation.errors.empty();
        Failure& failure =
            fail(expectation,
                 any ? std::string{"the record is invalid"}
                     : fmt::format("the record is invalid: {} and no other error", fmt::join(names, ", ")),
                 decision_.errors.empty() ? fmt::format("the record can be decided; {}", violated_text(report_))
                                          : fmt::format("the record is invalid: {}", fmt::join(found, ", ")));
        const auto fits = [](const ir::ExpectedError& e, const RecordError& error) {
            return e.code == error.code && e.at.value_or(error.at) == error.at;
        };
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (std::ranges::none_of(decision_.errors, [&](const auto& e) { return fits(expectation.errors[i], e); }))
                failure.missing.push_back(names[i]);
        }
        for (std::size_t i = 0; i < found.size(); ++i) {
            const RecordError& error = decision_.errors[i];
            if (std::ranges::any_of(expectation.errors, [&](const auto& e) { return fits(e, error); })) continue;
            failure.unexpected.push_back(found[i]);
            failure.because.push_back(fmt::format("{}: {}", found[i], error.message));
        }
    }

    void repaired(const ir::Expectation& expectation) {
        fail(expectation, fmt::format("repaired by {{ {} }}", ir::to_text(module_, expectation.repair)),
             decision_.objection(expectation));
    }

    const CaseInWords& one_;
    const ir::Module& module_;
    const CaseDecision& decision_;
    const ir::TestCase& expected_;
    RecordReport report_;
    std::vector<Failure> out_;
};

}  // namespace

std::vector<Failure> failures_of(const CaseInWords& one) { return Failures{one}.run(); }

}  // namespace keywright::analysis
