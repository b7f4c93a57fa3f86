#include "analysis/test_writing.h"

#include "analysis/coverage.h"
#include "analysis/judge.h"
#include "eval/program.h"
#include "value/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace keywright::analysis {

namespace {

std::string_view side_word(Side side) {
    switch (side) {
        case Side::kNone: return "";
        case Side::kTrue: return "true";
        case Side::kFalse: return "false";
        case Side::kBelow: return "just below";
        case Side::kAt: return "at";
        case Side::kAbove: return "just above";
    }
    return "";
}

std::string_view outcome_words(const Obligation& obligation) {
    switch (obligation.outcome) {
        case ir::Outcome::kNotApplicable: return "not applicable";
        case ir::Outcome::kExempt: return "exempt";
        case ir::Outcome::kPass: return obligation.warning ? "about to expire" : "passes";
        case ir::Outcome::kViolated: return "violated";
        case ir::Outcome::kUndetermined: return "undetermined";
    }
    return "";
}

// `transfer_needs_ip: violated`, `idle, when: `spot in permissions` decides by holding`.
}  // namespace

std::string words_of(const Obligations& obligations, const Obligation& obligation, const Goal& goal) {
    const std::string& rule = obligations.module.rules[obligation.rule.index()].name;
    const std::string subject = subject_of(obligations, obligation);
    const std::string place = fmt::format("{}, {}", rule, place_of(obligations, obligation));
    switch (obligation.duty) {
        case Duty::kRule: return rule + ": decided";
        case Duty::kOutcome:
            return fmt::format("{}: {}", rule,
                               obligation.outcome == ir::Outcome::kExempt ? subject : outcome_words(obligation));
        case Duty::kCondition: return fmt::format("{}: `{}` is {}", place, subject, side_word(obligation.side));
        case Duty::kDecides:
            return fmt::format("{}: `{}` decides by {}", place, subject, goal.value ? "holding" : "not holding");
        case Duty::kBoundary:
            return obligation.subject.valid()
                       ? fmt::format("{}: {} the boundary of `{}`", place, side_word(obligation.side), subject)
                       : fmt::format("{}: {} the {}", rule, side_word(obligation.side), subject);
    }
    return rule;
}

namespace {

// The label of an exemption as a test names it.
std::string label_source(const ir::Module& module, const std::string& label) {
    const bool is_name = std::ranges::all_of(label, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (is_name) return label;
    ir::Type text;
    text.kind = ir::Kind::kText;
    return ir::to_string(module, text, value::Value{label});
}

}  // namespace

std::vector<std::string> expectations_of(const Explainer& explainer, const value::Record& record, Instant at,
                                         const About& about) {
    const ir::Module& module = explainer.module;
    auto scratch = explainer.program.make_scratch();
    std::vector<eval::RuleDecision> decided(module.rules.size());
    explainer.program.decide(record, at, scratch, decided);
    const std::vector<Severity> severities = severities_of(module);
    const std::vector<RecordError> no_errors;
    const CaseDecision decision{module, no_errors, decided, severities, {}, {}};
    std::vector<std::string> out;
    for (std::size_t i = 0; i < module.rules.size(); ++i) {
        if (!decision.is_violated(i)) continue;
        const Severity severity = decision.violated_at(i);
        const bool is_said = about.severities.contains(ir::RuleId{i}) || severity != severities[i];
        out.push_back(fmt::format("{}{}{}", out.empty() ? "exactly " : "", module.rules[i].name,
                                  is_said ? fmt::format(" as {}", to_string(severity)) : ""));
    }
    if (out.empty()) out.emplace_back("none");
    for (std::size_t i = 0; i < module.rules.size(); ++i) {
        if (!decision.is_undetermined(i)) continue;
        std::vector<std::string> needs;
        for (const ir::FieldId field : explainer.needed_fields(record, at, ir::RuleId{i}))
            needs.push_back(module.schema.fields[field.index()].name);
        out.push_back(fmt::format("undetermined {}{}{}", module.rules[i].name, needs.empty() ? "" : " needs ",
                                  fmt::join(needs, " and ")));
    }
    bool expires = false;
    for (const ir::RuleId id : about.rules) {
        const std::size_t i = id.index();
        const ir::Rule& rule = module.rules[i];
        expires = expires || rule.expiry.has_value();
        switch (decided[i].outcome) {
            case ir::Outcome::kPass:
                if (!decision.is_violated(i) && !decision.is_undetermined(i)) out.push_back("passes " + rule.name);
                break;
            case ir::Outcome::kNotApplicable: out.push_back("not_applicable " + rule.name); break;
            case ir::Outcome::kExempt:
                out.push_back(fmt::format("exempt {} by {}", rule.name,
                                          label_source(module, rule.exemptions[decided[i].exempt_by].label)));
                break;
            case ir::Outcome::kViolated:
            case ir::Outcome::kUndetermined: break;  // said above
        }
    }
    if (expires) {
        const eval::Expiration expiration = eval::expiration(module, decided);
        if (expiration.none) out.emplace_back("expires never");
        if (!expiration.none && expiration.at.is_point())
            out.push_back("expires " + to_string(value::to_instant(expiration.at.earliest)));
    }
    return out;
}

}  // namespace keywright::analysis
