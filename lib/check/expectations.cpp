// What a test expects.
#include "check/literals.h"
#include "check/testing.h"

#include "base/text.h"
#include "value/time.h"

#include <fmt/format.h>

#include <algorithm>

namespace keywright::check {

using syntax::Cursor;
using syntax::Kind;

namespace {

std::optional<Severity> severity_named(std::string_view word) {
    if (word == "error") return Severity::kError;
    if (word == "warning") return Severity::kWarning;
    if (word == "info") return Severity::kInfo;
    return {};
}

// The label of an exemption in the tokens' own layout does not matter.
std::string squeeze(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != ' ') out += c;
    }
    return out;
}

// A rule may be called `invalid`: alone, the word is then its name.
bool means_rule(const Context& context, const std::vector<Cursor>& all) {
    return all.size() == 1 && context.rules.contains(all.front().text());
}

// `invalid`, `invalid CODE` or `invalid CODE at "/pointer"`; several of them are one expectation about the set of
// errors.
void add_invalid(Context& context, Cursor node, std::vector<ir::Expectation>& out) {
    ir::Expectation expectation;
    expectation.kind = ir::ExpectKind::kInvalid;
    expectation.span = node.span();
    if (const Cursor code = node.child(Kind::kName)) {
        const auto known = diagnostic_codes();
        if (!code.text().starts_with("KW6") || std::ranges::find(known, code.text()) == known.end()) {
            std::vector<std::string> candidates;
            std::ranges::copy_if(known, std::back_inserter(candidates),
                                 [](const std::string& c) { return c.starts_with("KW6"); });
            context.unknown_name(code.span(), "code of a record error", code.text(), candidates);
            return;
        }
        ir::ExpectedError error{std::string{code.text()}, {}};
        if (const Cursor place = node.child(Kind::kText)) error.at = string_literal(place, context.sink);
        expectation.errors.push_back(std::move(error));
    }
    const auto earlier =
        std::ranges::find_if(out, [](const ir::Expectation& e) { return e.kind == ir::ExpectKind::kInvalid; });
    if (earlier == out.end()) {
        out.push_back(std::move(expectation));
        return;
    }
    earlier->span = base::join(earlier->span, node.span());
    earlier->errors.insert(earlier->errors.end(), expectation.errors.begin(), expectation.errors.end());
}

}  // namespace

std::optional<std::uint32_t> rule_named(Context& context, Cursor name) {
    const auto found = context.rules.find(name.text());
    if (found != context.rules.end()) return found->second;
    context.unknown_name(name.span(), "rule", name.text(), context.keys_of(context.rules));
    return {};
}

ir::Verdict verdict_named(std::string_view word) {
    return word == "compliant"      ? ir::Verdict::kCompliant
           : word == "violation"    ? ir::Verdict::kViolation
           : word == "undetermined" ? ir::Verdict::kUndetermined
                                    : ir::Verdict::kInvalid;
}

std::optional<Instant> instant_of(Context& context, Cursor token) {
    const auto read = value::read_instant(token.text());
    if (const auto* instant = std::get_if<Instant>(&read)) return *instant;
    context.sink
        .report(diag::Code::kBadInstant, token.span(), fmt::format("`{}` is not an instant", token.text()), "here")
        .help("write it like `2026-01-31T00:00:00Z`, with a day that exists and an offset");
    return {};
}

void add_expectation(Context& context, Cursor node, std::vector<ir::Expectation>& out) {
    const auto all = node.children();
    const std::string_view word = all.front().kind() == Kind::kWord ? all.front().text() : std::string_view{};
    ir::Expectation expectation;
    expectation.span = node.span();
    if (word == "none") {
        expectation.kind = ir::ExpectKind::kNone;
        if (all.size() > 1) expectation.severity = severity_named(all[1].text());
        out.push_back(std::move(expectation));
        return;
    }
    if (word == "verdict") {
        expectation.kind = ir::ExpectKind::kVerdict;
        for (std::size_t i = 1; i < all.size(); i += 2) expectation.verdicts.push_back(verdict_named(all[i].text()));
        out.push_back(std::move(expectation));
        return;
    }
    if (word == "expires") {
        expectation.kind = ir::ExpectKind::kExpires;
        if (all[1].kind() == Kind::kInstant) {
            expectation.instant = instant_of(context, all[1]);
            if (!expectation.instant) return;
        }
        out.push_back(std::move(expectation));
        return;
    }
    if (word == "invalid" && !means_rule(context, all)) return add_invalid(context, node, out);
    if (word == "repaired") {
        expectation.kind = ir::ExpectKind::kRepaired;
        const Cursor record = node.child(Kind::kRecord);
        const std::size_t errors = context.sink.error_count();
        add_changes(context, record, expectation.repair);
        if (expectation.repair.empty() && context.sink.error_count() == errors) {
            context.sink
                .report(diag::Code::kAssertsNothing, record.span(), "a repair changes at least one member", "no member")
                .help("write the members that change, or expect `verdict compliant`");
        }
        if (!expectation.repair.empty()) out.push_back(std::move(expectation));
        return;
    }
    const Cursor name = node.child(Kind::kName) ? node.child(Kind::kName) : all.front();
    const auto rule = rule_named(context, name);
    if (!rule) return;
    ir::ExpectedRule expected{ir::RuleId{*rule}, {}, name.span()};
    if (node.has_word("as")) expected.severity = severity_named(all.back().text());
    expectation.rules.push_back(expected);
    if (word == "includes") expectation.kind = ir::ExpectKind::kIncludes;
    if (word == "passes") expectation.kind = ir::ExpectKind::kPasses;
    if (word == "not_applicable") expectation.kind = ir::ExpectKind::kNotApplicable;
    if (word == "undetermined") {
        expectation.kind = ir::ExpectKind::kUndetermined;
        expectation.needs_given = node.has_word("needs");
        for (const Cursor c : node) {
            if (c.kind() != Kind::kPath) continue;
            if (const ir::FieldId field = context.field_of(c); field.valid()) expectation.needs.push_back(field);
        }
    }
    if (word == "exempt") {
        expectation.kind = ir::ExpectKind::kExempt;
        if (node.has_word("by")) {
            const Cursor label = all.back();
            const std::string wanted =
                label.kind() == Kind::kText ? string_literal(label, context.sink) : std::string{label.text()};
            const auto& exemptions = context.module.rules[*rule].exemptions;
            const auto found = std::find_if(exemptions.begin(), exemptions.end(), [&](const ir::Exemption& e) {
                return squeeze(e.label) == squeeze(wanted);
            });
            if (found == exemptions.end()) {
                if (context.broken_rules.contains(*rule)) return;  // it may be what the mistake hides
                std::vector<std::string> labels;
                for (const ir::Exemption& e : exemptions) labels.push_back(e.label);
                auto diagnostic = context.sink.report(
                    diag::Code::kUnknownLabel, label.span(),
                    fmt::format("rule `{}` has no exemption `{}`", name.text(), base::printable(wanted)), "here");
                diagnostic.note(context.module.rules[*rule].span, "the rule");
                if (!labels.empty()) diagnostic.help(fmt::format("its exemptions are `{}`", fmt::join(labels, "`, `")));
                return;
            }
            expectation.by = found->label;
        }
    }
    if (expectation.kind == ir::ExpectKind::kViolated) {
        expectation.exactly = word == "exactly";
        // `expect a, b` is one expectation about the set of violated rules.
        for (ir::Expectation& earlier : out) {
            if (earlier.kind != ir::ExpectKind::kViolated) continue;
            earlier.exactly = earlier.exactly || expectation.exactly;
            earlier.rules.push_back(expected);
            earlier.span = base::join(earlier.span, node.span());
            return;
        }
    }
    out.push_back(std::move(expectation));
}

}  // namespace keywright::check
