#include "support/reports.h"

#include "base/digest.h"

#include <algorithm>

namespace keywright::test {

Report sample_report() {
    Report report;
    report.rules = {"desk", "1.2.0", "sha256:00ff"};
    report.evaluated_at = {1769817600, 0};  // 2026-01-31T00:00:00Z
    RecordReport bad;
    bad.subject = "desk";
    bad.source = "keys/all keys.ndjson";
    bad.line = 3;
    bad.verdict = Verdict::kViolation;
    Violation transfer;
    transfer.rule = "transfer_needs_ip";
    transfer.message = "moving funds needs an IP restriction";
    transfer.help = "add the addresses";
    transfer.cites = {{"guide", "2.transfer", "no transfer without an IP restriction"}};
    transfer.because = {{"/permissions", "contains transfer"}};
    Violation idle;
    idle.rule = "idle";
    idle.severity = Severity::kWarning;
    idle.message = "the key will expire";
    idle.deadline = Instant{report.evaluated_at.seconds + 86'400, 0};
    bad.violations = {transfer, idle};
    bad.expires_at = {ExpiresAt::Kind::kAt, idle.deadline, idle.deadline};
    RecordReport open;
    open.subject = "open";
    open.source = bad.source;
    open.index = 1;
    open.line = 4;
    open.verdict = Verdict::kUndetermined;
    open.undetermined = {{"transfer_needs_ip", Severity::kError, {"/ip_allowlist", ""}}};
    open.expires_at = {ExpiresAt::Kind::kBetween, report.evaluated_at, std::nullopt};
    RecordReport unreadable;
    unreadable.source = bad.source;
    unreadable.index = 2;
    unreadable.line = 5;
    unreadable.errors = {{"KW6016", "/permissions/0", "`x` is not a value of `permissions`", "did you mean `y`?"}};
    RecordReport fine;
    fine.subject = "fine";
    fine.source = "other.json";
    fine.line = 1;
    fine.verdict = Verdict::kCompliant;
    fine.exempt = {{"idle", "ip_restricted"}};
    report.results = {bad, open, unreadable, fine};
    return report;
}

AuditReport audit_of(const Report& report) {
    AuditReport out;
    out.rules = report.rules;
    out.waivers = report.waivers;
    out.evaluated_at = report.evaluated_at;
    out.inputs = {{"keys.ndjson", AuditedInput::Form::kLines, report.results.size(), 1000, 4, false,
                   AuditProblem{"", "`keys.ndjson` breaks off in the middle of its gzip data, at byte 1000", ""}}};
    out.complete = false;
    for (const RecordReport& record : report.results) {
        AuditSample sample{record, 0, {}, {}, {}};
        ++out.records;
        switch (record.verdict) {
            case Verdict::kCompliant: ++out.compliant; break;
            case Verdict::kViolation: ++out.violation; break;
            case Verdict::kUndetermined: ++out.undetermined; break;
            case Verdict::kInvalid: ++out.invalid; break;
        }
        for (const Violation& violation : record.violations) {
            out.by_rule.push_back({violation.rule, violation.severity, Severity::kWarning, 1, 0, 0, 0, 0});
            sample.violates.push_back(violation.rule);
        }
        for (const Undetermined& open : record.undetermined) {
            out.by_rule.push_back({open.rule, open.severity, Severity::kWarning, 0, 0, 1, 0, 0});
            sample.undetermined.push_back(open.rule);
        }
        for (const RecordError& error : record.errors) {
            ++out.by_error[error.code];
            sample.errors.push_back(error.code);
        }
        if (record.expires_at.earliest) {
            ++out.will_expire;
            out.soonest.push_back(
                {*record.expires_at.earliest, record.subject, record.source, record.index, record.line});
        }
        if (!sample.violates.empty() || !sample.undetermined.empty() || !sample.errors.empty())
            out.samples.push_back(std::move(sample));
    }
    return out;
}

LintFinding finding(const std::string& code, const std::string& message, const std::string& file, std::string_view text,
                    std::size_t begin, std::size_t end, Severity severity) {
    const auto line_of = [&](std::size_t at) {
        return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n'));
    };
    const auto column_of = [&](std::size_t at) {
        const std::size_t line = text.substr(0, at).rfind('\n');
        return line == std::string_view::npos ? at : at - line - 1;
    };
    LintFinding out;
    out.diagnostic.code = code;
    out.diagnostic.severity = severity;
    out.diagnostic.message = message;
    out.diagnostic.help = "look at it";
    out.diagnostic.labels = {
        {{file, begin, end, line_of(begin), column_of(begin), line_of(end), column_of(end)}, "here"}};
    out.kind = "rule";
    out.name = "a";
    out.fingerprint = base::sha256(code + message).substr(7, 32);
    return out;
}

LintReport lint_report(std::vector<LintFinding> findings, std::vector<std::string> undecided) {
    return {{"desk", "1.2.0", "sha256:00ff"}, std::move(findings), std::move(undecided)};
}

Trace sample_trace() {
    Trace trace;
    trace.identity = {"desk", "1.2.0", "sha256:00ff"};
    trace.now = {1769817600, 0};
    SourceRange place;
    place.file = "rules/desk/rules.kw";
    place.line = 7;
    TracedClause enforced;
    enforced.id = "2.transfer";
    enforced.kind = "must_not";
    enforced.text = "no transfer without an IP restriction";
    enforced.range = place;
    enforced.state = ClauseState::kEnforced;
    enforced.citations = {{TracedCitation::By::kRule, "transfer_needs_ip", {0}, {0}, place},
                          {TracedCitation::By::kDefine, "ip_restricted", {0}, {}, place}};
    enforced.rules = enforced.tests = {0};
    enforced.drift = Drift::kChanged;
    enforced.drift_reason = "the excerpt reads otherwise";
    enforced.found = {{3, 4}};
    TracedClause missing;
    missing.id = "2.kind";
    missing.kind = "must";
    missing.text = "the kind is stated";
    missing.range = place;
    TracedDocument guide;
    guide.name = "guide";
    guide.title = "Create API";
    guide.drift = Drift::kChanged;
    guide.clauses = {enforced, missing};
    trace.documents = {guide};
    TracedRule rule;
    rule.name = "transfer_needs_ip";
    rule.range = place;
    rule.cites = {{0, 0}};
    rule.tests = {{0, {Role::kViolated}, {Role::kViolated}}};
    rule.example = {RuleExample::Kind::kRecord, {}, Example{"{\"permissions\":[\"transfer\"]}", trace.now}, {}};
    rule.tested = rule.fires = true;
    trace.rules = {rule};
    trace.tests = {{"moving funds", place, false}};
    return trace;
}

Trace hostile_trace() {
    Trace trace = sample_trace();
    const std::string& text = hostile();
    trace.identity = {text, text, text};
    TracedDocument& document = trace.documents[0];
    document.name = document.title = document.dated = document.url = document.digest = document.actual_digest = text;
    for (TracedClause& clause : document.clauses) {
        clause.id = clause.kind = clause.text = clause.not_checkable = clause.excerpt = clause.drift_reason = text;
        clause.range.file = text;
        for (TracedCitation& citation : clause.citations) citation.name = text;
    }
    trace.rules[0].name = trace.tests[0].name = text;
    trace.rules[0].example.example->json = text;
    trace.rules.push_back(trace.rules[0]);
    trace.rules[1].example = {RuleExample::Kind::kUnknown, {}, std::nullopt, text};
    trace.problems = {{text, text, text}};
    return trace;
}

const std::string& hostile() {
    static const std::string text =
        "<script>window.hacked=1</script></script><img src=x onerror=window.hacked=1>\"'><svg/onload=window.hacked=1>"
        "</style></title></textarea></pre>--><!--]]>&lt;b&gt;&#60;i&#62;\x1b[31m\x1b]0;t\x07\n::error::x\r##[error]x"
        "\xe2\x80\xae\xe2\x80\x8b\xef\xbf\xbe\xff|`**b**_i_[l](javascript:window.hacked=1)![i](https://x.test/y)"
        "@octocat #1 :+1: www.x.test https://x.test =cmd|' /C calc'!A0 \\u003cb\\u003e {{x}} ${x}";
    return text;
}

Report hostile_report() {
    Report report = sample_report();
    const std::string& text = hostile();
    report.rules = {text, text, text};
    for (RecordReport& record : report.results) {
        record.subject = record.source = text;
        for (Violation& violation : record.violations) {
            violation.rule = violation.message = violation.help = text;
            violation.cites = {{text, text, text}};
            violation.because = {{text, text}};
            violation.rule_range.file = text;
        }
        for (Undetermined& open : record.undetermined) open.rule = text, open.needs = {text};
        for (Exempted& exempted : record.exempt) exempted = {text, text};
        for (RecordError& error : record.errors) error = {text, text, text, text};
        record.repair = SuggestedRepair{{text}, 1, true};
    }
    return report;
}

AuditReport hostile_inventory() {
    AuditReport out = audit_of(hostile_report());
    const std::string& text = hostile();
    out.evidence.tool = out.evidence.schema = out.evidence.adapter = text;
    out.evidence.parameters = {{text, text}};
    out.evidence.inputs = {{text, InputEvidence::Form::kAuto, text, 1}};
    for (AuditedInput& input : out.inputs) input.problem = AuditProblem{text, text, text};
    for (AuditedRule& rule : out.by_rule) rule.rule = text;
    out.by_exemption = {{text, text, false, 1}, {text, text, true, 1}};
    out.by_error = {{text, 2}};
    for (AuditSample& sample : out.samples) sample.violates = sample.undetermined = sample.errors = {text};
    return out;
}

std::vector<LintReport> hostile_audit() {
    const std::string& text = hostile();
    std::vector<LintFinding> findings;
    for (int i = 0; i < 3; ++i) {
        LintFinding one = finding(text, text, text, text, 0, 9, static_cast<Severity>(i));
        one.diagnostic.help = one.kind = one.name = one.fingerprint = text;
        one.diagnostic.labels.push_back({one.diagnostic.labels[0].range, text});
        one.diagnostic.fix = Fix{one.diagnostic.labels[0].range, text};
        if (i == 1) one.allowed = Suppression{text, std::nullopt, one.diagnostic.labels[0].range};
        one.known = i == 2;
        findings.push_back(one);
    }
    LintReport report = lint_report(findings, {text});
    report.rules = {text, text, text};
    return {report};
}

}  // namespace keywright::test
