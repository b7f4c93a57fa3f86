// Explaining outcomes: what the analysis finds, as public values.
#include "keywright/why.h"

#include "analysis/changes.h"
#include "engine/records.h"
#include "engine/state.h"
#include "eval/reference.h"

#include <algorithm>
#include <utility>

namespace keywright {

namespace {

using analysis::Explainer;
using analysis::FactWords;
using ir::FieldId;

constexpr std::size_t kAlternatives = 8, kSettlings = 8;
constexpr std::size_t kConditionLimit = 120;

class Explaining {
public:
    Explaining(const Rules::State& state, const WhyOptions& options)
        : state_(state), module_(state.module), explainer_(state.explainer()), options_(options) {}

    RuleWhy rule(const value::Record& record, ir::RuleId id, const eval::RuleDecision& d) const {
        const Instant now = options_.check.now;
        const ir::Rule& rule = module_.rules[id.index()];
        RuleWhy out;
        out.rule = rule.name;
        out.severity = rule.severity;
        out.outcome = static_cast<Outcome>(d.outcome);
        out.warns = d.outcome == ir::Outcome::kPass && d.warning == eval::Truth::kTrue;
        out.rule_range = state_.sources.range(rule.span);
        cite(rule.cites, out.cites);
        if (d.outcome == ir::Outcome::kExempt) {
            out.exempt_by = rule.exemptions[d.exempt_by].label;
            out.waiver = analysis::waiver_used(module_, rule.exemptions[d.exempt_by]);
            cite(rule.exemptions[d.exempt_by].cites, out.cites);
        }
        if (!analysis::target_of(d)) {
            // Of an expiry rule, the warning alone may be open.
            const analysis::Settlings least = analysis::settling(explainer_, record, now, id, kSettlings);
            out.needs = pointers(least.needed);
            for (const analysis::Settling& one : least.sets)
                out.settled_by.push_back({pointers(one.fields), one.violated, one.fine, one.cut});
            out.settled_cut = least.cut;
            if (d.outcome == ir::Outcome::kUndetermined) return out;
            out.outcome = Outcome::kUndetermined;
            return out;
        }
        reasons(record, id, d, out);
        if (d.outcome == ir::Outcome::kViolated) return out;
        const analysis::Alternatives others = analysis::violating(explainer_, record, now, id, kAlternatives);
        out.never_violated = others.never;
        for (const analysis::Alternative& other : others.found) {
            std::vector<Change> changes;
            for (const FieldId field : other.changed) {
                changes.push_back({pointer(field), analysis::value_words(module_, record, field),
                                   analysis::value_words(module_, other.record, field)});
            }
            out.would_violate.push_back(std::move(changes));
        }
        return out;
    }

private:
    [[nodiscard]] const std::string& pointer(FieldId field) const {
        return module_.schema.fields[field.index()].pointer;
    }

    [[nodiscard]] std::vector<std::string> pointers(const std::vector<FieldId>& fields) const {
        std::vector<std::string> out;
        for (const FieldId field : fields) out.push_back(pointer(field));
        return out;
    }

    void cite(const std::vector<ir::Citation>& citations, std::vector<CitedClause>& into) const {
        for (const ir::Citation& citation : citations) {
            const ir::Document& document = module_.documents[citation.document.index()];
            const auto clause = std::find_if(document.clauses.begin(), document.clauses.end(),
                                             [&](const ir::Clause& c) { return c.id == citation.clause; });
            CitedClause cited{document.name, citation.clause,
                              clause == document.clauses.end() ? std::string{} : clause->text};
            if (std::find(into.begin(), into.end(), cited) == into.end()) into.push_back(std::move(cited));
        }
    }

    void reasons(const value::Record& record, ir::RuleId id, const eval::RuleDecision& d, RuleWhy& out) const {
        const Instant now = options_.check.now;
        const analysis::Reasons& logic = state_.reasons;
        if (options_.all) {
            if (const auto all = logic.all(record, now, id, d, options_.most)) {
                for (const auto& facts : all->sets) {
                    ReasonSet set = reason_set(logic.words(record, now, id, facts), out);
                    if (std::find(out.reasons.begin(), out.reasons.end(), set) == out.reasons.end())
                        out.reasons.push_back(std::move(set));
                }
                out.reasons_cut = all->cut;
                return;
            }
        } else if (const auto facts = logic.minimal(record, now, id, d)) {
            out.reasons.push_back(reason_set(logic.words(record, now, id, *facts), out));
            return;
        }
        out.granularity = Granularity::kFields;
        out.coarse_because = logic.space(id) == nullptr
                                 ? "the rule compares in too many ways to list them"
                                 : "the outcome hangs on what single facts can't express, such as two texts compared "
                                   "with each other, or on bounds of what is unknown";
        std::vector<FactWords> words;
        for (const FieldId field : explainer_.decisive_fields(record, now, id, d))
            words.push_back({field, explainer_.fact(record, id, field), {}});
        out.reasons.push_back(reason_set(words, out));
    }

    [[nodiscard]] ReasonSet reason_set(const std::vector<FactWords>& words, const RuleWhy& rule) const {
        ReasonSet out;
        for (const FactWords& fact : words) {
            Reason reason{pointer(fact.field), fact.text, {}, rule.rule_range};
            if (fact.condition.valid()) {
                reason.condition = one_line(state_.sources.text(fact.condition));
                reason.range = state_.sources.range(fact.condition);
            }
            out.push_back(std::move(reason));
        }
        return out;
    }

    static std::string one_line(std::string_view text) {
        std::string out;
        for (const char c : text) {
            const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (!blank)
                out += c;
            else if (!out.empty() && out.back() != ' ')
                out += ' ';
        }
        if (out.size() > kConditionLimit) {
            std::size_t end = kConditionLimit;
            while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0U) == 0x80U) --end;
            out = out.substr(0, end) + "…";
        }
        return out;
    }

    const Rules::State& state_;
    const ir::Module& module_;
    Explainer explainer_;
    const WhyOptions& options_;
};

}  // namespace

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::kNotApplicable: return "not_applicable";
        case Outcome::kExempt: return "exempt";
        case Outcome::kPass: return "pass";
        case Outcome::kViolated: return "violated";
        case Outcome::kUndetermined: return "undetermined";
    }
    return "undetermined";
}

bool operator==(const Reason& a, const Reason& b) {
    return a.field == b.field && a.fact == b.fact && a.condition == b.condition && a.range.file == b.range.file &&
           a.range.begin == b.range.begin && a.range.end == b.range.end;
}

bool operator==(const RuleWhy& a, const RuleWhy& b) {
    return a.rule == b.rule && a.severity == b.severity && a.outcome == b.outcome && a.warns == b.warns &&
           a.exempt_by == b.exempt_by && a.waiver == b.waiver && a.cites == b.cites && a.granularity == b.granularity &&
           a.coarse_because == b.coarse_because && a.reasons == b.reasons && a.reasons_cut == b.reasons_cut &&
           a.would_violate == b.would_violate && a.never_violated == b.never_violated && a.needs == b.needs &&
           a.settled_by == b.settled_by && a.settled_cut == b.settled_cut;
}

bool operator==(const WhyReport& a, const WhyReport& b) {
    return a.subject == b.subject && a.source == b.source && a.index == b.index && a.verdict == b.verdict &&
           a.errors == b.errors && a.rules == b.rules;
}

std::vector<WhyReport> explain_outcomes(const Rules& rules, std::string_view json, const WhyOptions& options) {
    const Rules::State& state = rules.state();
    const ir::Module& module = state.module;
    const Explaining explaining{state, options};
    auto scratch = state.program.make_scratch();
    eval::Decision decision;
    decision.rules.resize(module.rules.size());
    std::vector<WhyReport> out;
    engine::each_record(state, json, options.check, [&](input::ReadRecord& read, RecordReport& report) {
        WhyReport why{report.subject, report.source, report.index, Verdict::kInvalid, std::move(report.errors), {}};
        if (!why.errors.empty()) {
            out.push_back(std::move(why));
            return;
        }
        state.program.decide(read.record, options.check.now, scratch, decision.rules);
        why.verdict = static_cast<Verdict>(eval::verdict(module, decision));
        for (std::size_t i = 0; i < module.rules.size(); ++i) {
            const ir::Rule& rule = module.rules[i];
            const eval::RuleDecision& d = decision.rules[i];
            bool wanted = rule.name == options.rule;
            if (options.rule.empty()) {
                const bool is_error = rule.severity == Severity::kError;
                switch (why.verdict) {
                    case Verdict::kViolation: wanted = d.outcome == ir::Outcome::kViolated; break;
                    case Verdict::kCompliant: wanted = is_error; break;
                    case Verdict::kUndetermined: wanted = is_error && d.outcome == ir::Outcome::kUndetermined; break;
                    case Verdict::kInvalid: break;
                }
            }
            if (wanted) why.rules.push_back(explaining.rule(read.record, ir::RuleId{i}, d));
        }
        out.push_back(std::move(why));
    });
    return out;
}

}  // namespace keywright
