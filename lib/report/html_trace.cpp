// Traceability as a page: what each clause rests on, a matrix of clauses and rules, and what each rule rests on.
#include "keywright/render_trace.h"
#include "report/html_page.h"
#include "report/page.h"

#include <algorithm>
#include <array>
#include <map>

namespace keywright {

namespace {

using report::counted;
using report::HtmlPage;
using report::Markup;
using report::Tone;

[[nodiscard]] Tone tone_of(ClauseState state) {
    switch (state) {
        case ClauseState::kEnforced: return {"good", "✓", "enforced"};
        case ClauseState::kWaived: return {"warn", "▲", "waived"};
        case ClauseState::kExempted: return {"note", "•", "exempted"};
        case ClauseState::kUsed: return {"note", "•", "used"};
        case ClauseState::kNotCheckable: return {"dim", "–", "not-checkable"};
        case ClauseState::kMissing: return {"bad", "✗", "missing"};
    }
    return {};
}

[[nodiscard]] Tone tone_of(Drift drift) {
    switch (drift) {
        case Drift::kNotCompared: return {"dim", "–", "not compared"};
        case Drift::kSame: return {"good", "✓", "unchanged"};
        case Drift::kChanged: return {"bad", "✗", "changed"};
        case Drift::kGone: return {"bad", "✗", "gone"};
        case Drift::kAmbiguous: return {"bad", "✗", "ambiguous"};
        case Drift::kUnknown: return {"warn", "?", "unknown"};
    }
    return {};
}

[[nodiscard]] std::string place_of(const SourceRange& range) { return range.file + ':' + std::to_string(range.line); }

[[nodiscard]] std::string lines_of(const std::vector<SourceLines>& found) {
    std::string out;
    for (const SourceLines& lines : found) {
        out += (out.empty() ? "" : ", ") + std::to_string(lines.first);
        if (lines.last > lines.first) out += "–" + std::to_string(lines.last);
    }
    return out;
}

// What there is to see to, over all packs: a finding, or something that couldn't be told.
struct Numbers {
    std::size_t findings = 0, undecided = 0;
    TraceSummary sum;

    void add(const Trace& trace) {
        for (const TraceFinding& finding : keywright::findings(trace))
            ++(finding.kind == TraceFinding::Kind::kUndecided ? undecided : findings);
        undecided += trace.problems.size();
        const TraceSummary one = trace.summary();
        constexpr std::array kMembers = {
            &TraceSummary::clauses,  &TraceSummary::enforced,     &TraceSummary::waived,
            &TraceSummary::exempted, &TraceSummary::used,         &TraceSummary::not_checkable,
            &TraceSummary::missing,  &TraceSummary::rules,        &TraceSummary::uncited,
            &TraceSummary::untested, &TraceSummary::never_fires,  &TraceSummary::tests,
            &TraceSummary::failed,   &TraceSummary::compared,     &TraceSummary::same,
            &TraceSummary::drifted,  &TraceSummary::drift_unknown};
        for (const auto member : kMembers) sum.*member += one.*member;
    }
};

class TracePage {
public:
    TracePage(HtmlPage& page, const Trace& trace, std::size_t number, bool alone)
        : page_(page),
          body_(page.body()),
          trace_(trace),
          suffix_(alone ? "" : "-" + std::to_string(number + 1)),
          of_(alone ? "" : " of " + trace.identity.pack) {}

    void write() {
        see_to();
        for (std::size_t i = 0; i < trace_.documents.size(); ++i) write(trace_.documents[i], i);
        matrix();
        rules();
        evidence();
    }

private:
    [[nodiscard]] std::string id(std::string_view name) const { return std::string{name} + suffix_; }

    void see_to() {
        const std::vector<TraceFinding> found = findings(trace_);
        if (found.empty() && trace_.problems.empty()) return;
        page_.begin_section(id("see-to"), "To see to" + of_);
        body_.raw("<ul>\n");
        for (const SourceProblem& problem : trace_.problems) {
            body_.raw("<li><span class=\"said\">not compared</span> ").prose(problem.message);
            if (!problem.help.empty()) body_.raw(": ").prose(problem.help);
            body_.raw("</li>\n");
        }
        for (const TraceFinding& finding : found) {
            body_.raw("<li>").prose(finding.message).raw(" <span class=\"where\">").text(place_of(finding.range));
            body_.raw("</span></li>\n");
        }
        body_.raw("</ul>\n");
        page_.end_section();
    }

    void write_rules(const std::vector<std::size_t>& numbers) {
        if (numbers.empty()) body_.raw("none");
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            body_.raw(i == 0 ? "" : ", ").raw("<span class=\"name\">");
            body_.text(trace_.rules.at(numbers[i]).name, report::kNameLimit).raw("</span>");
        }
    }

    // A list that opens; a short one is open already.
    void write_tests(const std::vector<std::size_t>& numbers) {
        constexpr std::size_t kShort = 6;
        if (numbers.empty()) {
            body_.raw("none");
            return;
        }
        std::size_t failed = 0;
        for (const std::size_t number : numbers) failed += trace_.tests.at(number).passed ? 0 : 1;
        body_.raw(numbers.size() <= kShort ? "<details open>" : "<details>").raw("<summary>");
        body_.raw(counted(numbers.size(), "test", "tests"));
        if (failed > 0) body_.raw(", <span class=\"bad\">✗ ").raw(std::to_string(failed)).raw(" failed</span>");
        body_.raw("</summary>\n<ul>\n");
        for (const std::size_t number : numbers) {
            const TracedTest& test = trace_.tests.at(number);
            body_.raw("<li>").text(test.name, report::kNameLimit);
            if (!test.passed) body_.raw(" <span class=\"bad\">✗ failed</span>");
            body_.raw("</li>\n");
        }
        body_.raw("</ul></details>");
    }

    void write(const TracedDocument& document, std::size_t number) {
        const std::string list = id("clauses-" + std::to_string(number + 1));
        page_.begin_section(id("document-" + std::to_string(number + 1)), "Clauses of " + document.name + of_);
        std::vector<std::pair<std::string_view, std::string>> about;
        if (!document.title.empty()) about.emplace_back("title", document.title);
        if (!document.dated.empty()) about.emplace_back("dated", document.dated);
        if (!document.url.empty()) about.emplace_back("address", document.url);
        if (!document.digest.empty()) about.emplace_back("digest", document.digest);
        about.emplace_back("source", std::string{tone_of(document.drift).word});
        if (!document.actual_digest.empty()) about.emplace_back("now", document.actual_digest);
        if (!document.outside.empty()) about.emplace_back("in no clause", "lines " + lines_of(document.outside));
        page_.facts(about);
        std::map<std::string_view, std::size_t> states;
        for (const TracedClause& clause : document.clauses) ++states[tone_of(clause.state).word];
        report::FilterGroup group{"State", "state", {}};
        for (const auto& [word, count] : states) group.choices.push_back({word, count});
        page_.filter(list, "clauses of " + document.name, {group});
        body_.raw("<ol class=\"items\" id=\"").raw(list).raw("\">\n");
        for (const TracedClause& clause : document.clauses) write(clause);
        body_.raw("</ol>\n");
        page_.end_section();
    }

    void write(const TracedClause& clause) {
        const Tone tone = tone_of(clause.state);
        body_.raw("<li class=\"").raw(tone.name).raw("\" data-state=\"").raw(tone.word).raw("\">\n<h3>");
        page_.mark(tone).raw(" <span class=\"name\">").text(clause.id, report::kNameLimit).raw("</span> ");
        body_.text(clause.kind, report::kNameLimit).raw("</h3>\n<p>“").text(clause.text).raw("”</p>\n<dl>\n");
        if (!clause.not_checkable.empty())
            body_.raw("<dt>not checkable</dt><dd>").prose(clause.not_checkable).raw("</dd>\n");
        if (clause.waived_until) body_.raw("<dt>waived until</dt>").element("dd", to_string(*clause.waived_until));
        for (const TracedCitation& citation : clause.citations) {
            body_.raw("<dt>").raw(to_string(citation.by)).raw("</dt><dd><span class=\"name\">");
            body_.text(citation.name, report::kNameLimit).raw("</span>");
            if (citation.by != TracedCitation::By::kRule) {
                body_.raw(", for ");
                write_rules(citation.rules);
            }
            body_.raw("</dd>\n");
        }
        if (!clause.citations.empty()) {
            body_.raw("<dt>tests</dt><dd>");
            write_tests(clause.tests);
            body_.raw("</dd>\n");
        }
        if (!clause.excerpt.empty()) body_.raw("<dt>excerpt</dt>").element("dd", clause.excerpt).raw("\n");
        if (clause.drift != Drift::kNotCompared) {
            body_.raw("<dt>source</dt><dd>");
            page_.mark(tone_of(clause.drift));
            if (!clause.drift_reason.empty()) body_.raw(": ").prose(clause.drift_reason);
            if (!clause.found.empty()) body_.raw(", lines ").raw(lines_of(clause.found));
            body_.raw("</dd>\n");
        }
        body_.raw("<dt>stands at</dt>").element("dd class=\"name\"", place_of(clause.range)).raw("</dl>\n</li>\n");
    }

    // Clauses against rules: by what a rule rests on a clause.
    void matrix() {
        std::vector<std::size_t> columns;
        for (std::size_t i = 0; i < trace_.rules.size(); ++i) columns.push_back(i);
        if (columns.empty() || trace_.documents.empty()) return;
        page_.begin_section(id("matrix"), "Matrix" + of_);
        body_.raw(
            "<p>R: the rule cites the clause. E: one of its exemptions does. D: a define that it reads does. F: a "
            "field that it reads does.</p>\n");
        body_.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\"")
            .attribute("aria-label", "Matrix of clauses and rules" + of_);
        body_.raw(">\n<table class=\"matrix\">\n<caption>What each rule rests on</caption>\n<thead><tr>");
        body_.raw("<th scope=\"col\">clause</th>");
        for (const std::size_t rule : columns)
            body_.raw("<th scope=\"col\" class=\"turned\">")
                .text(trace_.rules[rule].name, report::kNameLimit)
                .raw("</th>");
        body_.raw("</tr></thead>\n<tbody>\n");
        for (const TracedDocument& document : trace_.documents) {
            for (const TracedClause& clause : document.clauses) {
                std::map<std::size_t, std::string> cells;
                for (const TracedCitation& citation : clause.citations) {
                    for (const std::size_t rule : citation.rules) {
                        std::string& cell = cells[rule];
                        const char letter = letter_of(citation.by);
                        if (cell.find(letter) == std::string::npos) cell += letter;
                    }
                }
                body_.raw("<tr><th scope=\"row\" class=\"name\">").text(document.name + ' ' + clause.id).raw("</th>");
                for (const std::size_t rule : columns) body_.raw("<td>").raw(cells[rule]).raw("</td>");
                body_.raw("</tr>\n");
            }
        }
        page_.end_table();
        page_.end_section();
    }

    [[nodiscard]] static char letter_of(TracedCitation::By by) {
        switch (by) {
            case TracedCitation::By::kRule: return 'R';
            case TracedCitation::By::kExemption: return 'E';
            case TracedCitation::By::kDefine: return 'D';
            case TracedCitation::By::kField: return 'F';
        }
        return '?';
    }

    void rules() {
        if (trace_.rules.empty()) return;
        page_.begin_section(id("rules"), "Rules" + of_);
        page_.begin_table("What each rule rests on, and what shows it" + of_,
                          {"rule", "severity", "cites", "state", "#tests", "example"});
        for (const TracedRule& rule : trace_.rules) {
            body_.raw("<tr><th scope=\"row\" class=\"name\">").text(rule.name, report::kNameLimit).raw("</th><td>");
            page_.mark(report::tone_of(rule.severity)).raw("</td><td class=\"name\">");
            bool first = true;
            for (const TracedClauseRef& cited : rule.cites) {
                const TracedDocument& document = trace_.documents.at(cited.document);
                body_.raw(first ? "" : ", ").text(document.name + ' ' + document.clauses.at(cited.clause).id);
                first = false;
            }
            body_.raw(first ? "nothing" : "").raw("</td><td>");
            first = true;
            for (const std::string_view state : states_of(rule)) {
                const bool bad = state == "uncited" || state == "untested" || state == "never_fires";
                body_.raw(first ? "" : ", ").raw(bad ? "<span class=\"bad\">✗ " : "<span>");
                body_.raw(state == "never_fires" ? "never fires" : state).raw("</span>");
                first = false;
            }
            if (rule.is_waived()) body_.raw(", <span class=\"warn\">▲ waived</span>");
            body_.raw("</td>").element("td class=\"n\"", rule.tests.size());
            write(rule.example);
            body_.raw("</tr>\n");
        }
        page_.end_table();
        page_.end_section();
    }

    void write(const RuleExample& example) {
        body_.raw("<td>");
        switch (example.kind) {
            case RuleExample::Kind::kSample:
                body_.raw("sample <span class=\"name\">").text(example.sample).raw("</span>");
                break;
            case RuleExample::Kind::kRecord:
                if (example.example) body_.raw("<code>").text(example.example->json).raw("</code> at ");
                if (example.example) body_.text(to_string(example.example->at));
                break;
            case RuleExample::Kind::kNothing: body_.raw("<span class=\"bad\">✗ nothing violates it</span>"); break;
            case RuleExample::Kind::kUnknown:
                body_.raw("<span class=\"warn\">? unknown</span>: ").prose(example.reason);
                break;
        }
        body_.raw("</td>");
    }

    void evidence() {
        page_.begin_section(id("evidence"), "Evidence" + of_);
        page_.facts({{"pack", trace_.identity.pack},
                     {"version", trace_.identity.version},
                     {"rules", trace_.identity.digest},
                     {"waivers at", to_string(trace_.now)},
                     {"tests", counted(trace_.tests.size(), "test was run", "tests were run")}});
        page_.end_section();
    }

    HtmlPage& page_;
    Markup& body_;
    const Trace& trace_;
    std::string suffix_, of_;
};

[[nodiscard]] std::string headline_of(const Numbers& numbers) {
    std::string out;
    if (numbers.findings > 0) {
        out = counted(numbers.findings, "thing", "things") + " to see to";
    } else {
        out = numbers.sum.clauses == 0 ? "No clause to account for" : "Every clause is accounted for";
    }
    if (numbers.undecided > 0) out += ", " + std::to_string(numbers.undecided) + " that can't be told";
    return out;
}

[[nodiscard]] Tone tone_of(const Numbers& numbers) {
    if (numbers.findings > 0) return {"bad", "✗", "findings"};
    if (numbers.undecided > 0 || numbers.sum.clauses == 0) return {"warn", "?", "undecided"};
    return {"good", "✓", "clean"};
}

}  // namespace

std::string to_html(const std::vector<Trace>& packs) {
    Numbers numbers;
    std::string names;
    for (const Trace& trace : packs) {
        numbers.add(trace);
        names += (names.empty() ? "" : ", ") + trace.identity.pack + ' ' + trace.identity.version;
    }
    HtmlPage page{"Traceability", names, tone_of(numbers), headline_of(numbers)};
    page.begin_section("summary", "Summary");
    const TraceSummary& sum = numbers.sum;
    page.body().raw("<h3>").raw(counted(sum.clauses, "clause", "clauses")).raw("</h3>\n");
    page.cards({{tone_of(ClauseState::kEnforced), sum.enforced},
                {tone_of(ClauseState::kExempted), sum.exempted},
                {tone_of(ClauseState::kUsed), sum.used},
                {{"dim", "–", "not checkable"}, sum.not_checkable},
                {tone_of(ClauseState::kWaived), sum.waived},
                {tone_of(ClauseState::kMissing), sum.missing}});
    page.body().raw("<h3>").raw(counted(sum.rules, "rule", "rules")).raw(", ");
    page.body().raw(counted(sum.tests, "test", "tests")).raw("</h3>\n");
    page.cards({{{"bad", "✗", "uncited"}, sum.uncited},
                {{"bad", "✗", "untested"}, sum.untested},
                {{"bad", "✗", "never fire"}, sum.never_fires},
                {{"bad", "✗", "failed tests"}, sum.failed}});
    if (sum.compared > 0) {
        page.body().raw("<h3>").raw(counted(sum.compared, "clause", "clauses")).raw(" compared with the source</h3>\n");
        page.cards({{tone_of(Drift::kSame), sum.same},
                    {tone_of(Drift::kChanged), sum.drifted},
                    {tone_of(Drift::kUnknown), sum.drift_unknown}});
    }
    page.end_section();
    for (std::size_t i = 0; i < packs.size(); ++i) TracePage{page, packs[i], i, packs.size() == 1}.write();
    return page.finish();
}

}  // namespace keywright
