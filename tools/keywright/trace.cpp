// `keywright trace`: which clause is enforced by which rule and shown by which test, and whether the source has
// changed.
#include "entries.h"
#include "files.h"
#include "messages.h"
#include "numbers.h"
#include "pack.h"
#include "verbs.h"

#include "keywright/render_trace.h"
#include "keywright/text.h"

#include <algorithm>
#include <set>
#include <utility>

namespace keywright::command {

namespace {

// A source as it was named: `guide=FILE`.
struct GivenSource {
    std::string document, path, text;
};

[[nodiscard]] std::vector<GivenSource> read_sources(const Arguments& arguments, std::size_t limit) {
    std::vector<GivenSource> out;
    for (const std::string& given : arguments.source) {
        const std::size_t sign = given.find('=');
        if (sign == std::string::npos || sign == 0 || sign + 1 == given.size())
            fail(Status::kUsage, "`" + given + "` in `--source` names no text of a document",
                 "write DOCUMENT=FILE, such as `guide=guide.txt`");
        GivenSource source{given.substr(0, sign), given.substr(sign + 1), {}};
        for (const GivenSource& other : out) {
            if (other.document == source.document)
                fail(Status::kUsage, "`--source` gives two texts for `" + source.document + "`");
        }
        source.text = read_file(source.path, limit);
        out.push_back(std::move(source));
    }
    return out;
}

// Of the sources those whose document this pack has; each is looked at by every pack that has it.
[[nodiscard]] std::vector<SourceText> sources_of(const Rules& rules, const std::vector<GivenSource>& given) {
    const std::vector<std::string> names = document_names(rules);
    std::vector<SourceText> out;
    for (const GivenSource& source : given) {
        if (std::ranges::find(names, source.document) != names.end()) out.push_back({source.document, source.text});
    }
    return out;
}

void refuse_unknown_documents(const std::vector<Pack>& packs, const std::vector<GivenSource>& given) {
    std::vector<std::string> names;
    for (const Pack& pack : packs) {
        for (std::string& name : document_names(*pack.compiled.rules)) {
            if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
        }
    }
    for (const GivenSource& source : given) {
        if (std::ranges::find(names, source.document) != names.end()) continue;
        std::string help = "the rules name no document";
        if (const std::string near = closest_word(source.document, names); !near.empty()) {
            help = "did you mean `" + near + "`?";
        } else if (!names.empty()) {
            help = "there is ";
            for (const std::string& name : names) help += (&name == &names.front() ? "`" : ", `") + name + "`";
        }
        fail(Status::kUsage, "there is no document `" + source.document + "`", std::move(help));
    }
}

void refuse_problems(const std::vector<SourceProblem>& problems) {
    if (!problems.empty()) fail(Status::kFile, problems.front().message, problems.front().help);
}

// Writes the digests of the sources into the rule files; returns whether any changed.
bool update(const std::vector<Pack>& packs, const std::vector<GivenSource>& given, const Settings& settings) {
    std::set<std::string> written;  // a document that two packs import is written once
    for (const Pack& pack : packs) {
        const DigestUpdate update =
            update_digests(*pack.compiled.rules, {.now = {}, .sources = sources_of(*pack.compiled.rules, given)});
        refuse_problems(update.problems);
        bool any = false;
        for (const DigestUpdate::File& file : update.files) {
            const std::string path = pack.located(file.path);
            if (!written.insert(path).second) continue;
            if (read_file(path, Limits{}.rule_file_bytes) != file.before)
                fail(Status::kFile, "`" + path + "` was changed while its digests were taken", "try again");
            write_file(path, file.after);
            if (!settings.quiet) write_error("updated " + printable(path) + '\n');
            any = true;
        }
        if (!any || settings.quiet) continue;
        for (const std::string& name : update.changed) write_error("  " + printable(name) + '\n');
    }
    return !written.empty();
}

void relocate(const Pack& pack, Trace& trace) {
    for (TracedDocument& document : trace.documents) {
        pack.relocate(document.range);
        for (TracedClause& clause : document.clauses) {
            pack.relocate(clause.range);
            for (TracedCitation& citation : clause.citations) pack.relocate(citation.range);
        }
    }
    for (TracedRule& rule : trace.rules) {
        pack.relocate(rule.range);
        for (TracedExemption& exemption : rule.exemptions) pack.relocate(exemption.range);
        for (TracedWaiver& waiver : rule.waivers) pack.relocate(waiver.range);
    }
    for (TracedTest& test : trace.tests) pack.relocate(test.range);
}

void write(Output& out, const std::vector<Trace>& run, const Settings& settings) {
    if (settings.own_format == "markdown") return out.write(to_markdown(run));
    if (settings.own_format == "html") return out.write(to_html(run));
    if (settings.own_format == "csv") return out.write(to_csv(run));
    if (settings.format == Format::kJson || settings.format == Format::kNdjson) return out.write(to_json(run));
    for (const Trace& trace : run) {
        switch (settings.format) {
            case Format::kPretty:
                if (&trace != &run.front()) out.write("\n");
                out.write(to_pretty(trace, settings.style));
                break;
            case Format::kCompact: out.write(to_compact(trace)); break;
            case Format::kGithub: out.write(to_github(trace)); break;
            case Format::kJson:
            case Format::kNdjson: break;  // documents are written whole
        }
    }
}

[[nodiscard]] Status status_of(const std::vector<Trace>& run, const Settings& settings) {
    bool found = false, undecided = false;
    for (const Trace& trace : run) {
        for (const TraceFinding& finding : findings(trace))
            (finding.kind == TraceFinding::Kind::kUndecided ? undecided : found) = true;
    }
    if (found && settings.fail_on) return Status::kFindings;
    return undecided ? Status::kUndetermined : Status::kClean;
}

}  // namespace

Status run_trace(const Arguments& arguments) {
    const Settings settings = settle(arguments);
    if (arguments.update && arguments.source.empty())
        fail(Status::kUsage, "`--update` takes digests of sources, and none is given",
             "name one with `--source`, as in `--source guide=guide.txt`");
    const std::vector<GivenSource> given = read_sources(arguments, Limits{}.source_bytes);
    const std::vector<Suite> suites = find_packs(paths_of(arguments, settings));
    std::vector<Pack> packs = compile_all(suites, settings, "nothing was traced");
    refuse_unknown_documents(packs, given);
    // What was written is compiled and compared like any other rule file.
    if (arguments.update && update(packs, given, settings)) {
        Settings silent = settings;
        silent.quiet = true;
        packs = compile_all(suites, silent, "nothing was traced");
    }
    const Instant now = instant_of(settings);
    std::vector<Trace> run;
    for (const Pack& pack : packs) {
        TraceOptions options;
        options.now = now;
        options.sources = sources_of(*pack.compiled.rules, given);
        options.budget = budget_of(arguments);
        options.threads = 0;
        run.push_back(trace(*pack.compiled.rules, options));
        refuse_problems(run.back().problems);
        relocate(pack, run.back());
    }
    Output out{settings.output};
    write(out, run, settings);
    out.finish();
    return status_of(run, settings);
}

}  // namespace keywright::command
