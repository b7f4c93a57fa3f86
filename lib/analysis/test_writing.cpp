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

namespace {

// More than that many rules at once nobody reads.
constexpr std::size_t kMostRead = 8;

class Expecting {
public:
    Expecting(const Explainer& explainer, const value::Record& record, Instant at, const About& about)
        : explainer_(explainer),
          module_(explainer.module),
          record_(record),
          at_(at),
          about_(about),
          decided_(module_.rules.size()),
          severities_(severities_of(module_)),
          decision_{module_, no_errors_, decided_, severities_, {}, {}} {
        auto scratch = explainer.program.make_scratch();
        explainer.program.decide(record, at, scratch, decided_);
    }

    std::vector<std::string> run() {
        std::size_t at_once = 0;
        bool expires = false;
        for (std::size_t i = 0; i < module_.rules.size(); ++i)
            at_once += decision_.is_violated(i) || decision_.is_undetermined(i) ? 1U : 0U;
        for (const ir::RuleId id : about_.rules) expires = expires || module_.rules[id.index()].expiry;
        // That a rule passes and doesn't even warn only the whole set says.
        const bool in_full = at_once <= kMostRead || expires;
        if (in_full) {
            all_violated();
            for (std::size_t i = 0; i < module_.rules.size(); ++i) undetermined(i);
        }
        for (const ir::RuleId id : about_.rules) {
            if (!in_full && decision_.is_violated(id.index())) out_.push_back("includes " + violated(id.index(), true));
            if (!in_full) undetermined(id.index());
            outcome(id.index());
        }
        if (expires) {
            const eval::Expiration expiration = eval::expiration(module_, decided_);
            if (expiration.none) out_.emplace_back("expires never");
            if (!expiration.none && expiration.at.is_point())
                out_.push_back("expires " + to_string(value::to_instant(expiration.at.earliest)));
        }
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string violated(std::size_t rule, bool with_severity) const {
        const Severity severity = decision_.violated_at(rule);
        return module_.rules[rule].name +
               (with_severity || severity != severities_[rule] ? fmt::format(" as {}", to_string(severity)) : "");
    }

    void all_violated() {
        for (std::size_t i = 0; i < module_.rules.size(); ++i) {
            if (!decision_.is_violated(i)) continue;
            out_.push_back((out_.empty() ? "exactly " : "") + violated(i, about_.severities.contains(ir::RuleId{i})));
        }
        if (out_.empty()) out_.emplace_back("none");
    }

    void undetermined(std::size_t rule) {
        if (!decision_.is_undetermined(rule)) return;
        std::vector<std::string> needs;
        for (const ir::FieldId field : explainer_.needed_fields(record_, at_, ir::RuleId{rule}))
            needs.push_back(module_.schema.fields[field.index()].name);
        out_.push_back(fmt::format("undetermined {}{}{}", module_.rules[rule].name, needs.empty() ? "" : " needs ",
                                   fmt::join(needs, " and ")));
    }

    void outcome(std::size_t rule) {
        const std::string& name = module_.rules[rule].name;
        switch (decided_[rule].outcome) {
            case ir::Outcome::kPass:
                if (!decision_.is_violated(rule) && !decision_.is_undetermined(rule)) out_.push_back("passes " + name);
                break;
            case ir::Outcome::kNotApplicable: out_.push_back("not_applicable " + name); break;
            case ir::Outcome::kExempt:
                out_.push_back(
                    fmt::format("exempt {} by {}", name,
                                label_source(module_, module_.rules[rule].exemptions[decided_[rule].exempt_by].label)));
                break;
            case ir::Outcome::kViolated:
            case ir::Outcome::kUndetermined: break;  // said elsewhere
        }
    }

    const Explainer& explainer_;
    const ir::Module& module_;
    const value::Record& record_;
    Instant at_;
    const About& about_;
    std::vector<RecordError> no_errors_;
    std::vector<eval::RuleDecision> decided_;
    std::vector<Severity> severities_;
    CaseDecision decision_;
    std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> expectations_of(const Explainer& explainer, const value::Record& record, Instant at,
                                         const About& about) {
    return Expecting{explainer, record, at, about}.run();
}

}  // namespace keywright::analysis
