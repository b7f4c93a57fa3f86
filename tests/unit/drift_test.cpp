// Drift: a source that has changed, the clauses that this affects, and digests that are taken anew.
#include "base/digest.h"
#include "keywright/render_trace.h"
#include "keywright/trace.h"
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace keywright;

namespace {

using Lines = std::vector<std::string>;

const char* const kSource =
    "How to create a key\n"
    "\n"
    "1. Choose a name. A name is\n"
    "   never blank.\n"
    "2. A key that moves funds\n"
    "   needs an address. An open address is no address.\n"
    "3. Press the button.\n";

// What a pack says of that source, with `%` where digests go.
std::string pack(const std::string& whole, const std::string& name, const std::string& funds, const std::string& open) {
    const auto digest = [](const std::string& of) { return of.empty() ? "" : " digest \"" + of + "\""; };
    return "edition 1\npack test {}\ndocument guide {\n" + (whole.empty() ? "" : "digest \"" + whole + "\"\n") +
           "clause 1 must \"named\" from \"Choose a name.\" to \"never blank.\"" + digest(name) +
           "\nclause 2 must \"addresses\" from \"A key that\" to \"needs an address.\"" + digest(funds) +
           "\nclause 2.open fact \"open\" lines 6" + digest(open) + "\nclause 3 note \"press\"\n}\n" +
           "schema key { a: bool }\nrule r { cites guide 1, guide 2, guide 2.open, guide 3 require a }\n";
}

const std::string kWhole = base::sha256(kSource);
const std::string kName = base::sha256("Choose a name. A name is never blank.");
const std::string kFunds = base::sha256("A key that moves funds needs an address.");
const std::string kOpen = base::sha256("needs an address. An open address is no address.");

Rules compiled(const std::string& text) {
    Compiled c = compile_text(text);
    CAPTURE(test::describe(c.diagnostics));
    REQUIRE(c.rules.has_value());
    return *c.rules;
}

std::string source() { return kSource; }

std::string changed(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

Trace compared(const Rules& rules, const std::string& text) {
    TraceOptions options;
    options.sources = {{"guide", text}};
    return trace(rules, options);
}

// `changed: 1 same, 2 gone, …`
std::string states(const Trace& trace) {
    std::string out{to_string(trace.documents[0].drift)};
    for (const TracedClause& clause : trace.documents[0].clauses)
        out +=
            (out.find(':') == std::string::npos ? ": " : ", ") + clause.id + " " + std::string{to_string(clause.drift)};
    return out;
}

std::string reason(const Trace& trace, std::size_t clause) { return trace.documents[0].clauses[clause].drift_reason; }

}  // namespace

TEST_CASE("drift: the text that the digests were taken of is the same, in every clause") {
    const Trace trace = compared(compiled(pack(kWhole, kName, kFunds, kOpen)), source());
    CHECK(trace.problems.empty());
    // The one without an excerpt too: not a byte of the source differs.
    CHECK(states(trace) == "same: 1 same, 2 same, 2.open same, 3 same");
    CHECK(trace.documents[0].clauses[0].found == std::vector<SourceLines>{{3, 4}});
    CHECK(trace.documents[0].clauses[2].found == std::vector<SourceLines>{{6, 6}});
    CHECK(trace.documents[0].clauses[0].excerpt == "from \"Choose a name.\" to \"never blank.\"");
    CHECK(trace.documents[0].clauses[2].excerpt == "lines 6");
    // The heading, and what no clause is about; the numbers of the list are no words.
    CHECK(trace.documents[0].outside == std::vector<SourceLines>{{1, 1}, {7, 7}});
    const TraceSummary s = trace.summary();
    CHECK(s.compared == 4);
    CHECK(s.same == 4);
    CHECK(s.drifted == 0);
}

TEST_CASE("drift: a changed copy names exactly the clauses that it affects") {
    const Rules rules = compiled(pack(kWhole, kName, kFunds, kOpen));
    SUBCASE("words inside one excerpt") {
        const Trace t = compared(rules, changed(source(), "moves funds", "moves or holds funds"));
        CHECK(states(t) == "changed: 1 same, 2 changed, 2.open same, 3 unknown");
        CHECK(reason(t, 1) == "its excerpt in lines 5 to 6 has changed");
        CHECK(reason(t, 3) == "the pack doesn't say where it stands in the source");
    }
    SUBCASE("words that two excerpts share") {
        CHECK(states(compared(rules, changed(source(), "An open address is no", "An open address is an"))) ==
              "changed: 1 same, 2 same, 2.open changed, 3 unknown");
    }
    SUBCASE("a letter's case, and punctuation, count") {
        CHECK(states(compared(rules, changed(source(), "A name is", "a name is"))) ==
              "changed: 1 changed, 2 same, 2.open same, 3 unknown");
        CHECK(states(compared(rules, changed(source(), "name. A", "name, A"))) ==
              "changed: 1 gone, 2 same, 2.open same, 3 unknown");
    }
    SUBCASE("folded anew, only the document has changed") {
        CHECK(states(compared(rules, changed(source(), "A name is\n   never", "A name  is never\r\n"))) ==
              "changed: 1 same, 2 same, 2.open same, 3 unknown");
    }
    SUBCASE("a line more moves what is told by lines, and not what is told by words") {
        CHECK(states(compared(rules, "Updated.\n" + source())) == "changed: 1 same, 2 same, 2.open changed, 3 unknown");
    }
    SUBCASE("the first words, or the last ones, are gone") {
        const Trace first = compared(rules, changed(source(), "Choose a name.", "Choose any name."));
        CHECK(states(first) == "changed: 1 gone, 2 same, 2.open same, 3 unknown");
        CHECK(reason(first, 0) == "its first words don't stand in the source any more");
        const Trace last = compared(rules, changed(source(), "never blank", "not blank"));
        CHECK(states(last) == "changed: 1 gone, 2 same, 2.open same, 3 unknown");
        CHECK(reason(last, 0) == "its last words don't stand behind the first ones any more");
    }
    SUBCASE("the excerpt is there twice") {
        const Trace t = compared(rules, source() + "Choose a name. A name is never blank.\n");
        CHECK(states(t) == "changed: 1 ambiguous, 2 same, 2.open same, 3 unknown");
        CHECK(reason(t, 0) == "its excerpt is found more than once, from line 3 and from line 8");
        CHECK(t.documents[0].clauses[0].found.size() == 2);
    }
    SUBCASE("the text ends too early, or is empty") {
        const std::string two = source().substr(0, source().find("3. Press"));
        CHECK(states(compared(rules, two)) == "changed: 1 same, 2 same, 2.open same, 3 unknown");
        const Trace one = compared(rules, source().substr(0, source().find("2. A key")));
        CHECK(states(one) == "changed: 1 same, 2 gone, 2.open gone, 3 unknown");
        CHECK(reason(one, 2) == "the source ends with line 4");
        CHECK(states(compared(rules, "")) == "changed: 1 gone, 2 gone, 2.open gone, 3 unknown");
        const Trace blank =
            compared(rules, changed(source(), "   needs an address. An open address is no address.", ""));
        CHECK(reason(blank, 2) == "nothing stands in these lines");
    }
}

TEST_CASE("drift: what the pack holds no digest of can't be told, and is never taken for unchanged") {
    const std::string other = changed(source(), "Press", "Push");
    CHECK(states(compared(compiled(pack("", kName, kFunds, kOpen)), source())) ==
          "unknown: 1 same, 2 same, 2.open same, 3 unknown");
    CHECK(states(compared(compiled(pack(kWhole, "", kFunds, kOpen)), other)) ==
          "changed: 1 unknown, 2 same, 2.open same, 3 unknown");
    CHECK(states(compared(compiled(pack("", "", "", "")), source())) ==
          "unknown: 1 unknown, 2 unknown, 2.open unknown, 3 unknown");
    // Not a byte differs from what the document's digest was taken of, so no excerpt does.
    CHECK(states(compared(compiled(pack(kWhole, "", "", "")), source())) ==
          "same: 1 same, 2 same, 2.open same, 3 same");
    // Something else than a digest of ours tells nothing.
    const Trace odd = compared(compiled(pack("md5:1", "sha256:00", kFunds, kOpen)), source());
    CHECK(states(odd) == "unknown: 1 unknown, 2 same, 2.open same, 3 unknown");
    CHECK(reason(odd, 0) == "the digest of its excerpt is no SHA-256");
    const std::vector<TraceFinding> all = findings(odd);
    CHECK(std::ranges::count(all, TraceFinding::Kind::kUndecided, &TraceFinding::kind) == 3);
    // A digest that was written in by hand and is none of the text's.
    CHECK(states(compared(compiled(pack(kWhole, kFunds, kFunds, kOpen)), source())) ==
          "same: 1 changed, 2 same, 2.open same, 3 same");
    // Nothing is said of a document that no text was given for.
    CHECK(states(trace(compiled(pack(kWhole, kName, kFunds, kOpen)), {.now = {}})) ==
          "not_compared: 1 not_compared, 2 not_compared, 2.open not_compared, 3 not_compared");
}

TEST_CASE("drift: words that are blank tell nothing") {
    const Rules rules =
        compiled("edition 1\npack test {}\ndocument guide { clause 1 must \"c\" from \" \" to \"name\" digest \"" +
                 kName + "\" }\nschema key { a: bool }\n");
    const Trace t = compared(rules, source());
    CHECK(states(t) == "unknown: 1 unknown");
    CHECK(reason(t, 0) == "the words that tell where it stands are blank");
}

TEST_CASE("drift: a text that can't be compared is refused, and no word of it is shown") {
    const Rules rules = compiled(pack(kWhole, kName, kFunds, kOpen));
    const auto problem = [&](const std::vector<SourceText>& sources, const Limits& limits = {}) {
        TraceOptions options;
        options.sources = sources;
        options.limits = limits;
        const Trace t = trace(rules, options);
        REQUIRE(t.problems.size() == 1);
        CHECK(update_digests(rules, options).problems.size() == 1);
        CHECK(update_digests(rules, options).files.empty());
        CHECK(std::ranges::count(findings(t), TraceFinding::Kind::kUndecided, &TraceFinding::kind) == 1);
        return t.problems[0].message + " | " + t.problems[0].help;
    };
    CHECK(problem({{"guidd", kSource}}) == "there is no document `guidd` | did you mean `guide`?");
    CHECK(problem({{"\x1b[31m", kSource}}) == "there is no document `\\u{1b}[31m` | there is `guide`");
    CHECK(problem({{"guide", kSource}, {"guide", kSource}}) == "two texts are given for `guide` | ");
    CHECK(problem({{"guide", "abc\xff"}}) ==
          "the text of `guide` is not UTF-8, from byte 3 on | save it as plain text in UTF-8");
    Limits limits;
    limits.source_bytes = 10;
    CHECK(problem({{"guide", kSource}}, limits) ==
          "the text of `guide` is larger than 10 bytes | the limit is `source_bytes`");
    const Trace t = compared(rules, "abc\xff");
    CHECK(t.documents[0].drift == Drift::kNotCompared);
    // What is shown of a source are places in it.
    const Trace shown = compared(rules, changed(source(), "Press the button", "zeppelin"));
    for (const std::string& text : {to_pretty(shown), to_json({shown}), to_csv({shown}), to_markdown({shown})})
        CHECK(text.find("zeppelin") == std::string::npos);
}

// --- digests that are taken anew -------------------------------------------------------------------------------------

namespace {

DigestUpdate updated(const Rules& rules, const std::string& text) {
    TraceOptions options;
    options.sources = {{"guide", text}};
    return update_digests(rules, options);
}

// The pack, written again with its digests, compiled.
Rules again(const DigestUpdate& update) {
    REQUIRE(update.problems.empty());
    REQUIRE(update.files.size() == 1);
    return compiled(update.files[0].after);
}

}  // namespace

TEST_CASE("digests: those that are there are replaced, and not a byte besides") {
    const std::string zero = "sha256:" + std::string(64, '0');
    const std::string before = pack(zero, zero, kFunds, zero);
    const DigestUpdate update = updated(compiled(before), source());
    REQUIRE(update.files.size() == 1);
    CHECK(update.files[0].path == "rules.kw");
    CHECK(update.files[0].before == before);
    CHECK(update.files[0].after == pack(kWhole, kName, kFunds, kOpen));
    CHECK(update.changed == Lines{"guide", "guide 1", "guide 2.open"});
    CHECK(states(compared(again(update), source())) == "same: 1 same, 2 same, 2.open same, 3 same");
    // Once they are right, nothing changes.
    CHECK(updated(again(update), source()).files.empty());
    CHECK(updated(again(update), source()).changed.empty());
}

TEST_CASE("digests: those that are not there are written behind what they belong to") {
    const std::string before =
        "edition 1\n\npack test {}\n\n// The page.\ndocument guide {  // in two parts\n"
        "    title \"How to\"  // as it stands\n\n"
        "    clause 1      must \"named\"  // shown twice\n"
        "        from \"Choose a name.\" to \"never blank.\"  // the second one\n"
        "    clause 2      must \"addresses\"\n        lines 5..6\n"
        "    clause 3.gone note \"gone\"\n        from \"nowhere\" to \"nowhere\"\n"
        "}\n\nschema key {\n    a: bool\n}\n\nrule r {\n    cites   guide 1, guide 2, guide 3.gone\n    require a\n}\n";
    REQUIRE(format(before).text == before);
    const DigestUpdate update = updated(compiled(before), source());
    const Rules rules = again(update);
    const std::string& after = update.files[0].after;
    // In canonical layout before, in canonical layout now: a longer word moves the title.
    CHECK(format(after).text == after);
    CHECK(after.find("    title  \"How to\"  // as it stands\n    digest \"" + kWhole + "\"\n") != std::string::npos);
    CHECK(after.find("to \"never blank.\"  // the second one\n        digest \"" + kName + "\"\n") !=
          std::string::npos);
    CHECK(after.find("        lines 5..6\n        digest \"sha256:") != std::string::npos);
    CHECK(update.changed == Lines{"guide", "guide 1", "guide 2"});
    CHECK(states(compared(rules, source())) == "same: 1 same, 2 same, 3.gone gone");
    for (const char* comment : {"// The page.", "// in two parts", "// as it stands", "// shown twice"})
        CHECK(after.find(comment) != std::string::npos);
}

TEST_CASE("digests: a file in another layout keeps it") {
    const std::string items = "rule r { cites guide 1 require a }\nschema key { a: bool }\n";
    for (const std::string document :
         {"document guide { clause 1 must \"c\" from \"Choose\" to \"name.\" clause 2 note \"d\" }\n",
          "document guide {\r\n\ttitle \"t\"\r\n\tclause 1 must \"c\" from \"Choose\" to \"name.\"\r\n}\r\n",
          "document guide\n{\nclause 1 must \"c\" from \"Choose\"\nto \"name.\"}\n", "document guide { title \"t\" }\n",
          "document guide {}\n"}) {
        CAPTURE(document);
        const std::string before =
            "edition 1\npack test {}\n" + document +
            (document.find("clause 1") == std::string::npos ? "rule r { require a }\nschema key { a: bool }\n" : items);
        const DigestUpdate update = updated(compiled(before), source());
        const Rules rules = again(update);
        // The file with the new lines taken out is the file as it was.
        std::string rest;
        for (std::size_t at = 0; at < update.files[0].after.size();) {
            const std::size_t end = std::min(update.files[0].after.find('\n', at), update.files[0].after.size() - 1);
            rest += update.files[0].after.substr(at, end + 1 - at);
            at = end + 1;
        }
        for (const std::string name : {"guide", "guide 1"}) {
            if (std::ranges::find(update.changed, name) == update.changed.end()) continue;
            const std::size_t digest = rest.find("digest \"sha256:");
            REQUIRE(digest != std::string::npos);
            const std::size_t begin = rest.rfind('\n', digest);
            rest.erase(begin, digest + std::string{"digest \"sha256:\""}.size() + 64 - begin);
        }
        CHECK(rest == before);
        CHECK(compared(rules, source()).documents[0].drift == Drift::kSame);
    }
}

TEST_CASE("digests: files that are imported are edited where the document stands, with its parameters as they are") {
    const test::Files files{
        {"pack.kw",
         "edition 1\npack test {}\nimport \"document.kw\"\nparam least = 3\nschema key { n: int 0..9 }\n"
         "rule r { cites guide 1 require n >= least }\n"},
        {"document.kw", "edition 1\ndocument guide { clause 1 must \"c\" from \"Choose\" to \"name.\" }\n"},
        {"test.kw",
         "edition 1\nimport \"pack.kw\"\ntest \"t\" { given key { n: 4 } at 2026-01-01T00:00:00Z expect r }\n"}};
    CompileOptions with;
    with.also = {"test.kw"};
    with.params["least"] = "5";
    const Compiled c = compile(files, "pack.kw", with);
    REQUIRE(c.rules.has_value());
    CHECK(trace(*c.rules, {.now = {}}).summary().failed == 0);
    const DigestUpdate update = updated(*c.rules, source());
    CHECK(update.problems.empty());
    REQUIRE(update.files.size() == 1);
    CHECK(update.files[0].path == "document.kw");
    CHECK(update.changed == Lines{"guide", "guide 1"});
}
