// Traceability: which clause of the source is enforced by which rule, shown by which test, with which example; and,
// the other way, what each rule rests on. And drift: is the source still the text that the rules were written from?
//
//     const auto compiled = keywright::compile_path("rules/kucoin_tr", {.also = tests});
//     const keywright::Trace trace = keywright::trace(*compiled.rules, {.now = instant});
//     for (const auto& document : trace.documents)
//         for (const auto& clause : document.clauses)
//             if (clause.state == keywright::ClauseState::kMissing) …
//
// Tests of other files have to be compiled along with the pack (CompileOptions::also); the tests are run.
// The source's text isn't part of a pack, which holds digests of it. Who has the text gives it (TraceOptions::sources);
// without it nothing is said about drift. What can't be told is `kUnknown`, never taken for unchanged. docs/tracing.md
// tells what each state means. Texts come from rule files as they are: what shows them has to make them harmless
// (render_trace.h does). The text of a source reaches no result.
#pragma once

#include "keywright/diagnostic.h"
#include "keywright/limits.h"
#include "keywright/proof.h"
#include "keywright/report.h"
#include "keywright/rules.h"
#include "keywright/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright {

// --- clauses ---------------------------------------------------------------------------------------------------------

// What the pack does about a clause: the first of these that holds.
enum class ClauseState : std::uint8_t {
    kWaived,        // rules cite it, and somebody waives every one of them for some records, now
    kEnforced,      // a rule cites it
    kExempted,      // an exemption of a rule cites it
    kUsed,          // a define or a field cites it on which a rule depends
    kNotCheckable,  // the pack says why no rule can check it
    kMissing,       // none of this
};

// Whether a document, or the excerpt of a clause in it, is as it was when the pack's digest was taken.
enum class Drift : std::uint8_t {
    kNotCompared,  // no text was given for it
    kSame,
    kChanged,    // the digests differ
    kGone,       // of a clause: its excerpt isn't found in the text
    kAmbiguous,  // of a clause: its excerpt is found more than once
    kUnknown,    // the pack doesn't say enough to tell
};

// Lines of a source text, 1-based, the last one included.
struct SourceLines {
    std::size_t first = 0, last = 0;
    friend bool operator==(const SourceLines&, const SourceLines&) = default;
};

// One place in the pack that cites a clause.
struct TracedCitation {
    enum class By : std::uint8_t { kRule, kExemption, kDefine, kField } by = By::kRule;
    std::string name;  // of the rule, the exemption (as reports call it), the define or the field
    // Indices into Trace::rules, ascending: the rule, the exemption's rule, or all rules that read the define or field,
    // directly or through other defines; none: nothing rests on it.
    std::vector<std::size_t> rules;
    // Indices into Trace::tests, ascending: tests of those rules; of an exemption those in which it decides or is
    // named.
    std::vector<std::size_t> tests;
    SourceRange range;
};

struct TracedClause {
    std::string id, kind, text;  // `2.trading.transfer`, `must_not`, what it says in the pack's words
    SourceRange range;           // of its id
    ClauseState state = ClauseState::kMissing;
    std::string not_checkable;  // why no rule can check it; mostly empty. It may be cited all the same
    std::optional<Instant>
        waived_until;  // of kWaived: the first instant at which a rule of it is in force for all again
    std::vector<TracedCitation> citations;  // rules first, then exemptions, defines, fields, each in order of the pack
    std::vector<std::size_t> rules, tests;  // those of all citations together, ascending

    std::string excerpt;  // where it stands in the source: `from "…" to "…"`, `lines 3..5`, or empty
    std::string digest;   // of the excerpt, `sha256:…`, or empty
    Drift drift = Drift::kNotCompared;
    std::string drift_reason;        // in words, of every state but kNotCompared and kSame
    std::vector<SourceLines> found;  // where the excerpt stands; of kAmbiguous the first two places
};

struct TracedDocument {
    std::string name, title, dated, url;  // all but the name may be empty
    std::string digest;                   // of the source text, `sha256:…`, or empty
    SourceRange range;                    // of its name
    std::vector<TracedClause> clauses;
    Drift drift = Drift::kNotCompared;  // kSame, kChanged or kUnknown where it was compared
    std::string actual_digest;          // of the text that was given, or empty
    // Of a text that was given: the parts of it with words in them (two letters in a row) that lie in no clause's
    // excerpt. Where a clause has none, or it isn't found, its words are among them.
    std::vector<SourceLines> outside;
};

// --- rules and tests -------------------------------------------------------------------------------------------------

// How a rule comes out on a record, as a test says it or as it was when the test was run.
enum class Role : std::uint8_t { kViolated, kWarning, kPasses, kExempt, kNotApplicable, kUndetermined };

// A test that names a rule, or violates it.
struct TracedUse {
    std::size_t test = 0;        // index into Trace::tests
    std::vector<Role> expected;  // what its expectations say of the rule, in order of `Role`; none: it isn't named
    std::vector<Role> shown;     // how the rule came out on its records, in order of `Role`; none: no record was read
};

// A record that violates a rule.
struct RuleExample {
    enum class Kind : std::uint8_t {
        kSample,   // a sample of the pack as it stands, which some test tries
        kRecord,   // a configuration found by search that violates few others, or a test's record
        kNothing,  // proved: nothing violates the rule
        kUnknown,  // it wasn't settled whether anything does
    } kind = Kind::kUnknown;
    std::string sample;  // its name, of kSample
    std::optional<Example>
        example;         // of kSample and kRecord; the evaluator has confirmed it. Secrets are told by facts
    std::string reason;  // of kUnknown: what stood in the way
};

struct TracedClauseRef {
    std::size_t document = 0, clause = 0;  // indices into Trace::documents, and into its clauses
};

struct TracedExemption {
    std::string label;  // as reports call it
    std::vector<TracedClauseRef> cites;
    SourceRange range;
};

// Somebody answers for records that violate a rule, for a time.
struct TracedWaiver {
    std::string name, owner, reason, ticket;  // owner and ticket may be empty
    std::string condition;                    // which records, in the rule language
    Instant until;
    bool in_force = false;  // at TraceOptions::now
    SourceRange range;
};

struct TracedRule {
    std::string name;
    Severity severity = Severity::kError;
    SourceRange range;  // of its name
    std::vector<TracedClauseRef> cites;
    std::vector<TracedExemption> exemptions;  // without those that waivers make
    std::vector<TracedWaiver> waivers;
    std::vector<std::string> interpretations;
    std::vector<TracedUse> tests;  // in order of the tests
    RuleExample example;

    bool tested = false;  // a test names it in an expectation
    bool fires = false;   // some test's record violates it; being about to expire isn't enough
    [[nodiscard]] bool cited() const { return !cites.empty(); }  // it cites a clause itself
    [[nodiscard]] bool is_waived() const;                        // by a waiver in force
};

struct TracedTest {
    std::string name;
    SourceRange range;  // of its name
    bool passed = false;
};

// --- the whole -------------------------------------------------------------------------------------------------------

struct TraceSummary {
    std::size_t clauses = 0, enforced = 0, waived = 0, exempted = 0, used = 0, not_checkable = 0, missing = 0;
    std::size_t rules = 0, uncited = 0, untested = 0, never_fires = 0;
    std::size_t tests = 0, failed = 0;
    // Of the clauses of documents that were compared: those whose excerpt surely is as it was, those whose excerpt
    // changed, is gone or ambiguous, and those of which it can't be told.
    std::size_t compared = 0, same = 0, drifted = 0, drift_unknown = 0;
};

// A text that was given and can't be used.
struct SourceProblem {
    std::string document;  // as it was named
    std::string message;   // lower case, without a full stop
    std::string help;      // may be empty
};

struct Trace {
    RulesIdentity identity;
    Instant now;
    std::vector<TracedDocument> documents;  // in order of the pack, as all below
    std::vector<TracedRule> rules;
    std::vector<TracedTest> tests;
    std::vector<SourceProblem> problems;  // not empty: of the documents they are about nothing was compared

    [[nodiscard]] TraceSummary summary() const;  // linear
};

// What an audit has to see to; `message` tells it.
struct TraceFinding {
    enum class Kind : std::uint8_t {
        kMissing,     // a clause without anything
        kUncited,     // a rule without a clause
        kUntested,    // a rule that no test names
        kNeverFires,  // a rule that no test's record violates
        kFailedTest,
        kDocumentChanged,  // the text of a source
        kClauseChanged,    // or gone, or ambiguous
        kUndecided,        // whether a document or a clause has changed, also where its text can't be used
    } kind = Kind::kMissing;
    std::string subject;  // `guide 2.kind`, a rule, a test, a document
    std::string message;  // lower case, without a full stop
    SourceRange range;
};
// In the order of `Kind`, then of the pack. Linear.
[[nodiscard]] std::vector<TraceFinding> findings(const Trace& trace);

// The text of a source, as its file holds it. It has to outlive the call.
struct SourceText {
    std::string document;  // the name of the document in the pack
    std::string_view text;
};

struct TraceOptions {
    Instant now;                           // which waivers are in force
    std::vector<SourceText> sources = {};  // to compare with, one for each document at most
    Limits limits = {};                    // `source_bytes` of one source
    AnalysisBudget budget = {};            // of the search for one example
    std::size_t threads = 1;               // for running tests; 0: one for each processor
};

// Time: that of running the tests and of a few questions for each rule that no sample shows violated; for drift, linear
// in clauses times the source. Else linear in what comes out.
[[nodiscard]] Trace trace(const Rules& rules, const TraceOptions& options);

// Names of the documents of a pack.
[[nodiscard]] std::vector<std::string> document_names(const Rules& rules);

// --- taking digests anew ---------------------------------------------------------------------------------------------

// Rule files with the digests of a source as it is now: that of the text, and that of every excerpt that is found once.
// Nothing else in a file changes; a digest that isn't there yet is written behind what it belongs to. The result has
// been compiled, and says the same as before but for these digests.
struct DigestUpdate {
    struct File {
        std::string path;  // as in SourceRange::file
        std::string before, after;
    };
    std::vector<File> files;              // that change, in order of the pack
    std::vector<std::string> changed;     // what has another digest now: `guide`, `guide 2.kind`
    std::vector<SourceProblem> problems;  // not empty: nothing was changed
};
[[nodiscard]] DigestUpdate update_digests(const Rules& rules, const TraceOptions& options);

// --- in words --------------------------------------------------------------------------------------------------------

[[nodiscard]] std::string_view to_string(ClauseState state);        // `enforced`, `not_checkable`, `missing`
[[nodiscard]] std::string_view to_string(Drift drift);              // `not_compared`, `same`, `changed`, `gone`
[[nodiscard]] std::string_view to_string(Role role);                // `violated`, `warning`, `not_applicable`
[[nodiscard]] std::string_view to_string(TracedCitation::By by);    // `rule`, `exemption`, `define`, `field`
[[nodiscard]] std::string_view to_string(RuleExample::Kind kind);   // `sample`, `record`, `nothing`, `unknown`
[[nodiscard]] std::string_view to_string(TraceFinding::Kind kind);  // `missing`, `never_fires`
// What became of a rule, in words that may stand side by side: `cited`, `uncited`, `tested`, `untested`, `fires`,
// `never_fires`.
[[nodiscard]] std::vector<std::string_view> states_of(const TracedRule& rule);

}  // namespace keywright
