// Traceability for people on a terminal: clauses, rules, what there is to see to, and how many of each.
#include "keywright/render_trace.h"
#include "report/page.h"
#include "report/text_parts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace keywright {

namespace {

using report::counted;
using report::Ink;
using report::Page;

constexpr std::size_t kLabel = 4;      // column of what belongs to a clause or rule
constexpr std::size_t kValue = 14;     // column behind the labels
constexpr std::size_t kMostNames = 3;  // tests that are named of one kind; other formats name all

struct Shown {
    std::string_view sign;
    Ink ink;
    std::string_view word;
};

[[nodiscard]] Shown shown_of(ClauseState state) {
    switch (state) {
        case ClauseState::kWaived: return {"~", Ink::kYellow, "waived"};
        case ClauseState::kEnforced: return {"✓", Ink::kGreen, "enforced"};
        case ClauseState::kExempted: return {"✓", Ink::kGreen, "exempted"};
        case ClauseState::kUsed: return {"✓", Ink::kGreen, "used"};
        case ClauseState::kNotCheckable: return {"-", Ink::kDim, "not checkable"};
        case ClauseState::kMissing: return {"✗", Ink::kRed, "missing"};
    }
    return {"✗", Ink::kRed, "missing"};
}

[[nodiscard]] Ink ink_of(Drift drift) {
    switch (drift) {
        case Drift::kNotCompared: return Ink::kDim;
        case Drift::kSame: return Ink::kGreen;
        case Drift::kUnknown: return Ink::kYellow;
        case Drift::kChanged:
        case Drift::kGone:
        case Drift::kAmbiguous: return Ink::kRed;
    }
    return Ink::kRed;
}

[[nodiscard]] std::string_view words_of(Role role) {
    switch (role) {
        case Role::kViolated: return "violated";
        case Role::kWarning: return "expiring";
        case Role::kPasses: return "passes";
        case Role::kExempt: return "exempt";
        case Role::kNotApplicable: return "not about";
        case Role::kUndetermined: return "unknown";
    }
    return {};
}

[[nodiscard]] std::string lines_of(const std::vector<SourceLines>& places) {
    std::string out;
    for (const SourceLines& lines : places) {
        out += out.empty() ? "" : ", ";
        out += std::to_string(lines.first);
        if (lines.last != lines.first) out += ".." + std::to_string(lines.last);
    }
    return out;
}

class Text {
public:
    Text(const Trace& trace, const Style& style) : trace_(trace), page_(style) {}

    [[nodiscard]] std::string take() {
        page_.ink(Ink::kBold, "trace").plain("  ").name(trace_.identity.pack);
        if (!trace_.identity.version.empty()) page_.plain(" ").name(trace_.identity.version);
        page_.line();
        for (const TracedDocument& document : trace_.documents) write(document);
        if (!trace_.rules.empty()) page_.line().ink(Ink::kBold, "rules").line();
        for (const TracedRule& rule : trace_.rules) write(rule);
        see_to();
        summary();
        return page_.take();
    }

private:
    void write(const TracedDocument& document) {
        page_.line().ink(Ink::kBold, "document ").name(document.name, Ink::kBold);
        if (!document.title.empty()) page_.plain("  “").name(document.title).plain("”");
        if (!document.dated.empty()) page_.plain(", dated ").name(document.dated);
        page_.line();
        if (document.drift != Drift::kNotCompared) {
            page_.label("source", kLabel, kValue).ink(ink_of(document.drift), to_string(document.drift)).line();
            if (!document.outside.empty())
                page_.label("outside", kLabel, kValue)
                    .prose("no clause has the words of lines " + lines_of(document.outside), kValue)
                    .line();
        }
        for (const TracedClause& clause : document.clauses) write(clause);
    }

    void write(const TracedClause& clause) {
        const Shown shown = shown_of(clause.state);
        page_.spaces(2).ink(shown.ink, shown.sign).plain(" ").name(clause.id, Ink::kBold).plain("  ");
        page_.ink(Ink::kDim, clause.kind).plain("  ").ink(shown.ink, shown.word);
        if (clause.waived_until) page_.plain(" until ").plain(to_string(*clause.waived_until));
        page_.line();
        page_.spaces(kLabel).plain("“").prose(clause.text, kLabel + 1).plain("”").line();
        if (!clause.not_checkable.empty())
            page_.label("because", kLabel, kValue).prose(clause.not_checkable, kValue).line();
        for (const TracedCitation& citation : clause.citations) write(citation);
        if (clause.drift == Drift::kNotCompared) return;
        page_.label("source", kLabel, kValue).ink(ink_of(clause.drift), to_string(clause.drift));
        if (!clause.drift_reason.empty()) {
            page_.plain(": ").prose(clause.drift_reason, kValue);
        } else if (!clause.found.empty()) {
            const bool one = clause.found.front().first == clause.found.front().last;
            page_.plain(one ? ", line " : ", lines ").plain(lines_of(clause.found));
        }
        page_.line();
    }

    void write(const TracedCitation& citation) {
        page_.label(to_string(citation.by), kLabel, kValue).name(citation.name);
        if (citation.by != TracedCitation::By::kRule) {
            page_.plain(citation.by == TracedCitation::By::kExemption ? "  of " : "  in ");
            if (citation.rules.empty()) page_.ink(Ink::kYellow, "no rule");
            const std::string names = joined(citation.rules);
            page_.prose(names, kValue);
        }
        page_.ink(Ink::kDim, ", " + counted(citation.tests.size(), "test", "tests")).line();
    }

    [[nodiscard]] std::string joined(const std::vector<std::size_t>& rules) const {
        std::string out;
        for (const std::size_t rule : rules) out += (out.empty() ? "" : ", ") + trace_.rules[rule].name;
        return out;
    }

    void write(const TracedRule& rule) {
        const bool good = rule.cited() && rule.tested && rule.fires;
        page_.spaces(2).ink(good ? Ink::kGreen : Ink::kRed, good ? "✓" : "✗").plain(" ");
        page_.name(rule.name, Ink::kBold).plain("  ").ink(report::ink_of(rule.severity), to_string(rule.severity));
        page_.plain("  ");
        const std::array<std::pair<bool, std::string_view>, 3> states = {
            {{rule.cited(), rule.cited() ? "cited" : "uncited"},
             {rule.tested, rule.tested ? "tested" : "untested"},
             {rule.fires, rule.fires ? "fires" : "never fires"}}};
        for (std::size_t i = 0; i < states.size(); ++i) {
            if (i > 0) page_.plain(", ");
            page_.ink(states[i].first ? Ink::kGreen : Ink::kRed, states[i].second);
        }
        page_.plain("  ");
        report::write_place(page_, rule.range);
        page_.line();
        cites("cites", rule.cites);
        for (const TracedExemption& exemption : rule.exemptions) {
            page_.label("unless", kLabel, kValue).prose(exemption.label, kValue);
            for (const TracedClauseRef& cite : exemption.cites) page_.plain("  ").name(named(cite), Ink::kDim);
            page_.line();
        }
        for (const std::string& note : rule.interpretations)
            page_.label("reading", kLabel, kValue).prose(note, kValue).line();
        for (const TracedWaiver& waiver : rule.waivers) write(waiver);
        write(rule.tests);
        write(rule.example);
    }

    [[nodiscard]] std::string named(const TracedClauseRef& cite) const {
        const TracedDocument& document = trace_.documents[cite.document];
        return document.name + " " + document.clauses[cite.clause].id;
    }

    void cites(std::string_view label, const std::vector<TracedClauseRef>& refs) {
        if (refs.empty()) return;
        std::string all;
        for (const TracedClauseRef& cite : refs) all += (all.empty() ? "" : ", ") + named(cite);
        page_.label(label, kLabel, kValue).prose(all, kValue).line();
    }

    void write(const TracedWaiver& waiver) {
        page_.label("waiver", kLabel, kValue).name(waiver.name);
        page_.plain(waiver.in_force ? " until " : " ended ").plain(to_string(waiver.until));
        if (!waiver.owner.empty()) page_.plain(", ").prose(waiver.owner, kValue);
        if (!waiver.reason.empty()) page_.plain(": ").prose(waiver.reason, kValue);
        page_.line();
    }

    // Tests by what they say of the rule; what only violates it comes last.
    void write(const std::vector<TracedUse>& tests) {
        for (const Role role : {Role::kViolated, Role::kWarning, Role::kPasses, Role::kExempt, Role::kNotApplicable,
                                Role::kUndetermined}) {
            write_names(words_of(role), tests,
                        [&](const TracedUse& use) { return std::ranges::count(use.expected, role) > 0; });
        }
        write_names("besides", tests, [](const TracedUse& use) { return use.expected.empty(); });
    }

    template <class Is>
    void write_names(std::string_view label, const std::vector<TracedUse>& tests, Is is) {
        std::string names;
        std::size_t count = 0;
        for (const TracedUse& use : tests) {
            if (!is(use) || ++count > kMostNames) continue;
            names += (names.empty() ? "“" : "; “") + trace_.tests[use.test].name + "”";
        }
        if (count == 0) return;
        page_.label(label, kLabel, kValue).prose(names, kValue);
        if (count > kMostNames) page_.ink(Ink::kDim, " and " + std::to_string(count - kMostNames) + " more");
        page_.line();
    }

    void write(const RuleExample& example) {
        page_.label("example", kLabel, kValue);
        switch (example.kind) {
            case RuleExample::Kind::kSample: page_.plain("sample ").name(example.sample); break;
            case RuleExample::Kind::kRecord: page_.prose(example.example->json, kValue); break;
            case RuleExample::Kind::kNothing: page_.ink(Ink::kRed, "nothing violates it"); break;
            case RuleExample::Kind::kUnknown:
                page_.ink(Ink::kYellow, "unknown").plain(": ").prose(example.reason, kValue);
                break;
        }
        if (example.example) page_.ink(Ink::kDim, ", at " + to_string(example.example->at));
        page_.line();
    }

    void see_to() {
        const std::vector<TraceFinding> all = findings(trace_);
        if (all.empty()) return;
        page_.line().ink(Ink::kBold, "to see to").line();
        for (const TraceFinding& finding : all) {
            const bool undecided = finding.kind == TraceFinding::Kind::kUndecided;
            page_.spaces(2).ink(undecided ? Ink::kYellow : Ink::kRed, undecided ? "?" : "✗").plain(" ");
            page_.prose(finding.message, kLabel).plain("  ");
            report::write_place(page_, finding.range);
            page_.line();
        }
    }

    void counts(std::size_t count, std::string_view one, std::string_view many,
                const std::vector<std::pair<std::size_t, std::string_view>>& parts) {
        page_.plain(counted(count, one, many));
        bool first = true;
        for (const auto& [number, word] : parts) {
            if (number == 0) continue;
            page_.plain(first ? ": " : ", ").plain(std::to_string(number)).plain(" ").plain(word);
            first = false;
        }
        page_.line();
    }

    void summary() {
        const TraceSummary s = trace_.summary();
        page_.line();
        counts(s.clauses, "clause", "clauses",
               {{s.enforced, "enforced"},
                {s.waived, "waived"},
                {s.exempted, "exempted"},
                {s.used, "used"},
                {s.not_checkable, "not checkable"},
                {s.missing, "missing"}});
        counts(
            s.rules, "rule", "rules",
            {{s.rules - s.uncited, "cited"}, {s.rules - s.untested, "tested"}, {s.rules - s.never_fires, "that fire"}});
        counts(s.tests, "test", "tests", {{s.tests - s.failed, "passed"}, {s.failed, "failed"}});
        if (s.compared > 0)
            counts(s.compared, "clause compared with its source", "clauses compared with their source",
                   {{s.same, "the same"}, {s.drifted, "changed"}, {s.drift_unknown, "unknown"}});
    }

    const Trace& trace_;
    Page page_;
};

}  // namespace

std::string to_pretty(const Trace& trace, const Style& style) { return Text{trace, style}.take(); }

}  // namespace keywright
