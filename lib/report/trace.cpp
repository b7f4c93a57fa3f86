// What a trace comes to: counts, findings, and its states in words.
#include "keywright/trace.h"

#include <algorithm>
#include <array>
#include <utility>

namespace keywright {

namespace {

// `2.kind` of `guide` as one cites it.
[[nodiscard]] std::string cited_as(const TracedDocument& document, const TracedClause& clause) {
    return document.name + " " + clause.id;
}

}  // namespace

TraceSummary Trace::summary() const {
    TraceSummary out;
    for (const TracedDocument& document : documents) {
        for (const TracedClause& clause : document.clauses) {
            ++out.clauses;
            switch (clause.state) {
                case ClauseState::kWaived: ++out.waived; break;
                case ClauseState::kEnforced: ++out.enforced; break;
                case ClauseState::kExempted: ++out.exempted; break;
                case ClauseState::kUsed: ++out.used; break;
                case ClauseState::kNotCheckable: ++out.not_checkable; break;
                case ClauseState::kMissing: ++out.missing; break;
            }
            out.compared += clause.drift == Drift::kNotCompared ? 0 : 1;
            switch (clause.drift) {
                case Drift::kNotCompared: break;
                case Drift::kSame: ++out.same; break;
                case Drift::kChanged:
                case Drift::kGone:
                case Drift::kAmbiguous: ++out.drifted; break;
                case Drift::kUnknown: ++out.drift_unknown; break;
            }
        }
    }
    out.rules = rules.size();
    for (const TracedRule& rule : rules) {
        out.uncited += rule.cited() ? 0 : 1;
        out.untested += rule.tested ? 0 : 1;
        out.never_fires += rule.fires ? 0 : 1;
    }
    out.tests = tests.size();
    for (const TracedTest& test : tests) out.failed += test.passed ? 0 : 1;
    return out;
}

std::vector<TraceFinding> findings(const Trace& trace) {
    using Kind = TraceFinding::Kind;
    std::vector<TraceFinding> out;
    const auto each_clause = [&](auto visit) {
        for (const TracedDocument& document : trace.documents) {
            for (const TracedClause& clause : document.clauses) visit(document, clause, cited_as(document, clause));
        }
    };
    each_clause([&](const TracedDocument&, const TracedClause& clause, const std::string& name) {
        if (clause.state != ClauseState::kMissing) return;
        const bool idle = !clause.citations.empty();
        out.push_back({Kind::kMissing, name,
                       idle ? "clause `" + name + "` is cited, but no rule depends on what cites it"
                            : "no rule cites clause `" + name + "`, and nothing says why it can't be checked",
                       clause.range});
    });
    for (const TracedRule& rule : trace.rules) {
        if (!rule.cited())
            out.push_back({Kind::kUncited, rule.name, "rule `" + rule.name + "` cites no clause", rule.range});
    }
    for (const TracedRule& rule : trace.rules) {
        if (!rule.tested)
            out.push_back(
                {Kind::kUntested, rule.name, "no test names rule `" + rule.name + "` in what it expects", rule.range});
    }
    for (const TracedRule& rule : trace.rules) {
        if (rule.fires) continue;
        const bool cannot = rule.example.kind == RuleExample::Kind::kNothing;
        out.push_back({Kind::kNeverFires, rule.name,
                       cannot ? "nothing can violate rule `" + rule.name + "`"
                              : "no test's record violates rule `" + rule.name + "`",
                       rule.range});
    }
    for (const TracedTest& test : trace.tests) {
        if (!test.passed) out.push_back({Kind::kFailedTest, test.name, "test `" + test.name + "` fails", test.range});
    }
    for (const TracedDocument& document : trace.documents) {
        if (document.drift == Drift::kChanged)
            out.push_back({Kind::kDocumentChanged, document.name,
                           "the text of `" + document.name + "` isn't the one its digest was taken of",
                           document.range});
    }
    each_clause([&](const TracedDocument&, const TracedClause& clause, const std::string& name) {
        if (clause.drift == Drift::kChanged || clause.drift == Drift::kGone || clause.drift == Drift::kAmbiguous)
            out.push_back({Kind::kClauseChanged, name, "clause `" + name + "`: " + clause.drift_reason, clause.range});
    });
    for (const SourceProblem& problem : trace.problems) {
        const auto document = std::ranges::find(trace.documents, problem.document, &TracedDocument::name);
        out.push_back({Kind::kUndecided, problem.document, problem.message,
                       document == trace.documents.end() ? SourceRange{} : document->range});
    }
    for (const TracedDocument& document : trace.documents) {
        if (document.drift == Drift::kUnknown)
            out.push_back({Kind::kUndecided, document.name,
                           "whether the text of `" + document.name + "` has changed can't be told: " +
                               (document.digest.empty() ? "the pack holds no digest of it"
                                                        : "its digest in the pack is no SHA-256"),
                           document.range});
    }
    each_clause([&](const TracedDocument&, const TracedClause& clause, const std::string& name) {
        if (clause.drift == Drift::kUnknown)
            out.push_back({Kind::kUndecided, name,
                           "whether clause `" + name + "` has changed can't be told: " + clause.drift_reason,
                           clause.range});
    });
    return out;
}

std::string_view to_string(ClauseState state) {
    switch (state) {
        case ClauseState::kWaived: return "waived";
        case ClauseState::kEnforced: return "enforced";
        case ClauseState::kExempted: return "exempted";
        case ClauseState::kUsed: return "used";
        case ClauseState::kNotCheckable: return "not_checkable";
        case ClauseState::kMissing: return "missing";
    }
    return {};
}

std::string_view to_string(Drift drift) {
    switch (drift) {
        case Drift::kNotCompared: return "not_compared";
        case Drift::kSame: return "same";
        case Drift::kChanged: return "changed";
        case Drift::kGone: return "gone";
        case Drift::kAmbiguous: return "ambiguous";
        case Drift::kUnknown: return "unknown";
    }
    return {};
}

std::string_view to_string(Role role) {
    switch (role) {
        case Role::kViolated: return "violated";
        case Role::kWarning: return "warning";
        case Role::kPasses: return "passes";
        case Role::kExempt: return "exempt";
        case Role::kNotApplicable: return "not_applicable";
        case Role::kUndetermined: return "undetermined";
    }
    return {};
}

std::string_view to_string(TracedCitation::By by) {
    switch (by) {
        case TracedCitation::By::kRule: return "rule";
        case TracedCitation::By::kExemption: return "exemption";
        case TracedCitation::By::kDefine: return "define";
        case TracedCitation::By::kField: return "field";
    }
    return {};
}

std::string_view to_string(RuleExample::Kind kind) {
    switch (kind) {
        case RuleExample::Kind::kSample: return "sample";
        case RuleExample::Kind::kRecord: return "record";
        case RuleExample::Kind::kNothing: return "nothing";
        case RuleExample::Kind::kUnknown: return "unknown";
    }
    return {};
}

std::string_view to_string(TraceFinding::Kind kind) {
    switch (kind) {
        case TraceFinding::Kind::kMissing: return "missing";
        case TraceFinding::Kind::kUncited: return "uncited";
        case TraceFinding::Kind::kUntested: return "untested";
        case TraceFinding::Kind::kNeverFires: return "never_fires";
        case TraceFinding::Kind::kFailedTest: return "failed_test";
        case TraceFinding::Kind::kDocumentChanged: return "document_changed";
        case TraceFinding::Kind::kClauseChanged: return "clause_changed";
        case TraceFinding::Kind::kUndecided: return "undecided";
    }
    return {};
}

std::vector<std::string_view> states_of(const TracedRule& rule) {
    return {rule.cited() ? "cited" : "uncited", rule.tested ? "tested" : "untested",
            rule.fires ? "fires" : "never_fires"};
}

}  // namespace keywright
