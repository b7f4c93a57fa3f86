// Traceability as Markdown, for a document that people read or a comment on a change.
#include "keywright/render_trace.h"
#include "keywright/text.h"
#include "report/page.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace keywright {

namespace {

using report::counted;

// Text of a rule file as text, in a table cell too. Every sign that might be markup is escaped. `@` and `#` would still
// mention people and issues where GitHub shows it; an empty comment behind them is seen by nobody and prevents that.
[[nodiscard]] std::string escaped(std::string_view text) {
    // Signs of ordinary prose stay as they are: they make a link only together with one of these.
    static constexpr std::string_view kMarkup = "!$*+-.:=[\\]^_`{|}~()";
    std::string out;
    for (const char c : printable_line(text, report::kProseLimit)) {
        switch (c) {
            case '@':
            case '#': out.append(1, '\\').append(1, c).append("<!-- -->"); continue;
            // Not every reader of Markdown knows that a backslash makes these text.
            case '<': out += "&lt;"; continue;
            case '>': out += "&gt;"; continue;
            case '&': out += "&amp;"; continue;
            default: break;
        }
        if (kMarkup.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

// Names are letters, digits, `_` and dots, wherever they come from; whatever isn't goes in as text.
[[nodiscard]] std::string name(std::string_view text) {
    const bool plain = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_. ") ==
                           std::string_view::npos &&
                       !text.empty() && text.front() != ' ' && text.back() != ' ';
    return plain ? "`" + std::string{text} + "`" : escaped(text);
}

[[nodiscard]] std::string place(const SourceRange& range) {
    return escaped(range.file) + ":" + std::to_string(range.line);
}

[[nodiscard]] std::string_view words_of(ClauseState state) {
    switch (state) {
        case ClauseState::kNotCheckable: return "not checkable";
        case ClauseState::kMissing: return "**missing**";
        case ClauseState::kWaived:
        case ClauseState::kEnforced:
        case ClauseState::kExempted:
        case ClauseState::kUsed: return to_string(state);
    }
    return {};
}

class Markdown {
public:
    void add(const Trace& trace) {
        trace_ = &trace;
        out_ += "# Traceability of " + name(trace.identity.pack) + " " + escaped(trace.identity.version) + "\n\n";
        summary();
        see_to();
        for (const TracedDocument& document : trace.documents) write(document);
        write(trace.rules);
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void summary() {
        const TraceSummary s = trace_->summary();
        const auto row = [&](std::string_view what, std::size_t count) {
            out_ += "| " + std::string{what} + " | " + std::to_string(count) + " |\n";
        };
        out_ += "| | |\n|---|---:|\n";
        row("clauses", s.clauses);
        row("enforced", s.enforced);
        row("waived", s.waived);
        row("exempted", s.exempted);
        row("used", s.used);
        row("not checkable", s.not_checkable);
        row("missing", s.missing);
        row("rules", s.rules);
        row("uncited", s.uncited);
        row("untested", s.untested);
        row("never fire", s.never_fires);
        row("tests", s.tests);
        row("failed", s.failed);
        if (s.compared > 0) {
            row("clauses compared with the source", s.compared);
            row("changed", s.drifted);
            row("unknown whether changed", s.drift_unknown);
        }
        // The digest is ours, and holds nothing that a code span couldn't.
        out_ += "\nRules `" + trace_->identity.digest + "`";
        const bool waivers =
            std::ranges::any_of(trace_->rules, [](const TracedRule& rule) { return !rule.waivers.empty(); });
        if (waivers) out_ += ", waivers at " + to_string(trace_->now);
        out_ += ".\n";
    }

    void see_to() {
        const std::vector<TraceFinding> all = findings(*trace_);
        if (all.empty()) return;
        out_ += "\n## To see to\n\n";
        for (const TraceFinding& finding : all)
            out_ += "- " + escaped(finding.message) + " (" + place(finding.range) + ")\n";
    }

    void write(const TracedDocument& document) {
        out_ += "\n## Document " + name(document.name) + "\n\n";
        if (!document.title.empty() || !document.dated.empty()) {
            out_ += escaped(document.title);
            if (!document.dated.empty())
                out_ += (document.title.empty() ? "Dated " : ", dated ") + escaped(document.dated);
            out_ += ".\n\n";
        }
        if (document.drift != Drift::kNotCompared)
            out_ += "The source is compared: " + std::string{to_string(document.drift)} + ".\n\n";
        out_ += "| clause | kind | it says | state | rests on | tests | source |\n|---|---|---|---|---|---:|---|\n";
        for (const TracedClause& clause : document.clauses) {
            out_ += "| " + name(clause.id) + " | " + clause.kind + " | " + escaped(clause.text) + " | " +
                    std::string{words_of(clause.state)};
            if (clause.waived_until) out_ += " until " + to_string(*clause.waived_until);
            if (!clause.not_checkable.empty()) out_ += ": " + escaped(clause.not_checkable);
            out_ += " | " + rests_on(clause) + " | " + std::to_string(clause.tests.size()) + " | " + source(clause) +
                    " |\n";
        }
    }

    [[nodiscard]] std::string rests_on(const TracedClause& clause) const {
        std::string out;
        for (const TracedCitation& citation : clause.citations) {
            out += (out.empty() ? "" : "; ") + std::string{to_string(citation.by)} + " " + name(citation.name);
            if (citation.by == TracedCitation::By::kRule) continue;
            if (citation.rules.empty()) out += " (no rule)";
            for (std::size_t i = 0; i < citation.rules.size(); ++i)
                out += (i == 0 ? " in " : ", ") + name(trace_->rules[citation.rules[i]].name);
        }
        return out;
    }

    [[nodiscard]] static std::string source(const TracedClause& clause) {
        if (clause.drift == Drift::kNotCompared) return clause.excerpt.empty() ? "no excerpt" : "not compared";
        if (clause.drift_reason.empty()) return std::string{to_string(clause.drift)};
        return std::string{to_string(clause.drift)} + ": " + escaped(clause.drift_reason);
    }

    void write(const std::vector<TracedRule>& rules) {
        if (rules.empty()) return;
        out_ += "\n## Rules\n\n| rule | severity | state | cites | tests | example |\n|---|---|---|---|---|---|\n";
        for (const TracedRule& rule : rules) {
            std::string states, cites, tests;
            for (const std::string_view state : states_of(rule)) {
                const bool bad = state == "uncited" || state == "untested" || state == "never_fires";
                const std::string word = state == "never_fires" ? "never fires" : std::string{state};
                states += (states.empty() ? "" : ", ") + (bad ? "**" + word + "**" : word);
            }
            for (const TracedClauseRef& cite : rule.cites) {
                const TracedDocument& document = trace_->documents[cite.document];
                cites += (cites.empty() ? "" : ", ") + name(document.name + " " + document.clauses[cite.clause].id);
            }
            for (const TracedUse& use : rule.tests) {
                tests += (tests.empty() ? "" : "<br>") + escaped(trace_->tests[use.test].name);
                const std::vector<Role>& roles = use.expected.empty() ? use.shown : use.expected;
                std::string words;
                for (const Role role : roles) words += (words.empty() ? "" : ", ") + escaped(to_string(role));
                tests += use.expected.empty() ? " (besides: " + words + ")" : " (" + words + ")";
            }
            out_ += "| " + name(rule.name) + " | " + std::string{to_string(rule.severity)} + " | " + states + " | " +
                    cites + " | " + tests + " | " + example(rule.example) + " |\n";
        }
        notes(rules);
    }

    [[nodiscard]] static std::string example(const RuleExample& example) {
        std::string out;
        switch (example.kind) {
            case RuleExample::Kind::kSample: out = "sample " + name(example.sample); break;
            case RuleExample::Kind::kRecord: out = escaped(example.example->json); break;
            case RuleExample::Kind::kNothing: return "**nothing violates it**";
            case RuleExample::Kind::kUnknown: return "unknown: " + escaped(example.reason);
        }
        return out + ", at " + to_string(example.example->at);
    }

    // What the rules read into their source, and who answers for exceptions.
    void notes(const std::vector<TracedRule>& rules) {
        bool any = false;
        const auto note = [&](const TracedRule& rule, const std::string& text) {
            if (!std::exchange(any, true)) out_ += "\n## Readings and waivers\n\n";
            out_ += "- " + name(rule.name) + ": " + text + "\n";
        };
        for (const TracedRule& rule : rules) {
            for (const std::string& reading : rule.interpretations) note(rule, escaped(reading));
            for (const TracedWaiver& waiver : rule.waivers) {
                std::string text = "waiver " + name(waiver.name) + (waiver.in_force ? " until " : " ended ") +
                                   to_string(waiver.until) + " where " + escaped(waiver.condition) + ": " +
                                   escaped(waiver.reason);
                if (!waiver.owner.empty()) text += " (" + escaped(waiver.owner) + ")";
                if (!waiver.ticket.empty()) text += " " + escaped(waiver.ticket);
                note(rule, text);
            }
        }
    }

    const Trace* trace_ = nullptr;
    std::string out_;
};

}  // namespace

std::string to_markdown(const std::vector<Trace>& packs) {
    std::string out;
    for (const Trace& pack : packs) {
        Markdown one;
        one.add(pack);
        out += (out.empty() ? "" : "\n") + one.take();
    }
    return out;
}

}  // namespace keywright
