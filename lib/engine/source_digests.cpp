// Digests of sources, taken anew and written into the rule files.
#include "base/digest.h"
#include "base/excerpt.h"
#include "check/check.h"
#include "diag/diag.h"
#include "engine/drift.h"
#include "engine/state.h"
#include "keywright/trace.h"
#include "syntax/format.h"
#include "syntax/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace keywright {

namespace {

using syntax::Cursor;
using syntax::Kind;

// The digests of one document that are to stand in the pack; a clause that isn't found keeps what it has.
struct Wanted {
    ir::DocumentId document;
    std::string whole;
    std::map<std::string, std::string> clauses;  // by id
};

// A text put in the place of another, or, where that is empty, between two.
struct Edit {
    std::size_t begin = 0, end = 0;
    std::string text;
};

[[nodiscard]] std::string apply(std::string_view text, std::vector<Edit> edits) {
    std::ranges::sort(edits, {}, &Edit::begin);
    std::string out;
    std::size_t at = 0;
    for (const Edit& edit : edits) {
        out += text.substr(at, edit.begin - at);
        out += edit.text;
        at = edit.end;
    }
    return out.append(text.substr(at));
}

// Edits of one file.
class FileEdits {
public:
    explicit FileEdits(std::string_view text) : text_(text) {}

    // The digest among `notes` becomes `digest`; where there is none, it is written behind `before`, on a line of its
    // own indented as `like` is and by `deeper`. Returns whether that changes anything.
    bool set(Cursor notes, const std::string& digest, Cursor before, Cursor like, std::size_t deeper) {
        const std::string quoted = "\"" + digest + "\"";
        for (const Cursor note : notes) {
            if (note.kind() != Kind::kEntry || note.token(Kind::kWord) != "digest") continue;
            const Cursor text = note.child(Kind::kText);
            if (text.text() == quoted) return false;
            edits.push_back({text.span().begin, text.span().end, quoted});
            return true;
        }
        inserts = true;
        const std::size_t end = before.span().end;
        const std::size_t line_end = std::min(text_.find('\n', end), text_.size());
        const std::string_view rest = text_.substr(end, line_end - end);
        const std::size_t first = rest.find_first_not_of(" \t\r");
        // A comment at the end of the line belongs to what it stands behind.
        const bool to_line_end = first == std::string_view::npos || rest.substr(first).starts_with("//");
        const std::size_t at = to_line_end ? end + (rest.ends_with('\r') ? rest.size() - 1 : rest.size()) : end;
        edits.push_back({at, at, "\n" + indentation(like) + std::string(deeper, ' ') + "digest " + quoted});
        return true;
    }

    std::vector<Edit> edits;
    bool inserts = false;

private:
    [[nodiscard]] std::string indentation(Cursor of) const {
        const std::size_t begin = of.span().begin;
        const std::size_t line = begin == 0 ? 0 : text_.rfind('\n', begin - 1) + 1;
        const std::string_view before = text_.substr(line, begin - line);
        return std::string{before.substr(0, std::min(before.find_first_not_of(" \t"), before.size()))};
    }

    std::string_view text_;
};

// Adds the edits that make `item`, a document, hold what is wanted, and names what they change.
void edit(Cursor item, const ir::Document& document, const Wanted& wanted, FileEdits& edits,
          std::vector<std::string>& changed) {
    Cursor head = item.child(Kind::kName);  // what stands before the clauses
    Cursor first;                           // of what stands between the braces
    for (const Cursor c : item) {
        if (c.kind() == Kind::kClause || c.kind() == Kind::kEntry) {
            if (!first) first = c;
            if (c.kind() == Kind::kClause) break;
            head = c;
        } else if (c.kind() == Kind::kPunctuation && head.kind() == Kind::kName) {
            head = c;  // the brace that opens
        }
    }
    if (edits.set(item, wanted.whole, head, first ? first : item, first ? 0 : 4)) changed.push_back(document.name);
    for (const Cursor c : item) {
        if (c.kind() != Kind::kClause) continue;
        const auto digest = wanted.clauses.find(std::string{c.child(Kind::kClauseId).text()});
        if (digest == wanted.clauses.end()) continue;
        if (edits.set(c, digest->second, c, c, 4)) changed.push_back(document.name + " " + digest->first);
    }
}

// The pack's files with some of them changed, without a disk.
class Files final : public FileSource {
public:
    explicit Files(const base::SourceSet& sources) {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const base::Source& source = sources.file(base::FileId{i});
            files_.emplace(source.path(), source.text());
        }
    }
    void change(const std::string& path, std::string_view text) { files_[path] = text; }
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override {
        const auto found = files_.find(path);
        if (found == files_.end()) return {std::nullopt, "no such file"};
        return {std::string{found->second.substr(0, limit + 1)}, {}};
    }

private:
    std::map<std::string, std::string_view> files_;
};

[[nodiscard]] bool same_but_for_digests(const ir::Module& before, const ir::Module& after,
                                        const std::vector<Wanted>& wanted) {
    if (ir::dump(before) != ir::dump(after) || before.documents.size() != after.documents.size()) return false;
    for (std::size_t i = 0; i < before.documents.size(); ++i) {
        const ir::Document &a = before.documents[i], &b = after.documents[i];
        const auto want = std::ranges::find(wanted, ir::DocumentId{i}, &Wanted::document);
        const bool named = want != wanted.end();
        if (a.name != b.name || a.title != b.title || a.dated != b.dated || a.url != b.url ||
            b.digest != (named ? want->whole : a.digest) || a.clauses.size() != b.clauses.size())
            return false;
        for (std::size_t k = 0; k < a.clauses.size(); ++k) {
            const ir::Clause &c = a.clauses[k], &d = b.clauses[k];
            const auto digest = named ? want->clauses.find(c.id) : std::map<std::string, std::string>::const_iterator{};
            const bool is_new = named && digest != want->clauses.end();
            if (c.id != d.id || c.kind != d.kind || c.text != d.text || c.not_checkable != d.not_checkable ||
                c.first_words != d.first_words || c.last_words != d.last_words || c.first_line != d.first_line ||
                c.last_line != d.last_line || d.digest != (is_new ? digest->second : c.digest))
                return false;
        }
    }
    return true;
}

// Why the pack with the changed files isn't what it is to be; empty where it is.
[[nodiscard]] std::string objection(const Rules::State& state, const DigestUpdate& update,
                                    const std::vector<Wanted>& wanted, const Limits& limits) {
    Files files{state.sources};
    for (const DigestUpdate::File& file : update.files) files.change(file.path, file.after);
    std::map<std::string, std::string> params;
    for (const ir::Param& param : state.module.params) {
        if (state.module.constants[param.value.index()] != state.module.constants[param.declared_value.index()])
            params[param.name] = ir::to_string(state.module, param.type, state.module.constants[param.value.index()]);
    }
    std::vector<std::string> also;
    for (std::size_t i = 1; i < state.sources.size(); ++i) {
        const std::string& path = state.sources.file(base::FileId{i}).path();
        if (!path.starts_with("--set ")) also.push_back(path);
    }
    check::Loaded loaded;
    diag::Sink sink{limits.diagnostics};
    check::load(files, state.sources.file(base::FileId{std::size_t{0}}).path(), also, {}, {}, limits, sink, loaded);
    const ir::Module module = check::check(loaded, params, limits, sink);
    if (!sink.has_errors())
        return same_but_for_digests(state.module, module, wanted) ? "" : "the rules would not say the same";
    for (const Diagnostic& d : sink.finish(loaded.sources)) {
        if (d.severity == Severity::kError) return "the rules would be refused: " + d.message;
    }
    return "the rules would be refused";
}

[[nodiscard]] Wanted digests_of(const ir::Module& module, const engine::UsableSource& source) {
    Wanted out{source.document, base::sha256(source.text), {}};
    const base::PlainText plain{source.text};
    for (const ir::Clause& clause : module.documents[source.document.index()].clauses) {
        const engine::Located located = engine::locate(clause, plain);
        if (located.found.size() == 1) out.clauses[clause.id] = base::sha256(plain.text(located.found.front()));
    }
    return out;
}

}  // namespace

DigestUpdate update_digests(const Rules& rules, const TraceOptions& options) {
    const Rules::State& state = rules.state();
    DigestUpdate out;
    engine::UsableSources usable = engine::usable_sources(state.module, options.sources, options.limits);
    out.problems = std::move(usable.problems);
    if (!out.problems.empty()) return out;
    std::vector<Wanted> wanted;
    std::set<base::FileId> files;
    for (const engine::UsableSource& source : usable.sources) {
        wanted.push_back(digests_of(state.module, source));
        files.insert(state.module.documents[source.document.index()].span.file);
    }
    for (const base::FileId file : files) {
        const base::Source& source = state.sources.file(file);
        diag::Sink sink{options.limits.diagnostics};
        const syntax::Tree tree = syntax::parse(state.sources, file, options.limits, sink);
        FileEdits edits{source.text()};
        for (const Cursor item : Cursor{tree, 0}) {
            if (item.kind() != Kind::kDocument) continue;
            const auto want = std::ranges::find_if(wanted, [&](const Wanted& one) {
                return state.module.documents[one.document.index()].span == item.child(Kind::kName).span();
            });
            if (want != wanted.end())
                edit(item, state.module.documents[want->document.index()], *want, edits, out.changed);
        }
        if (edits.edits.empty()) continue;
        std::string text = apply(source.text(), std::move(edits.edits));
        // Something new may move its neighbours into other columns: what was laid out canonically stays so.
        const auto format = [&](const std::string& what) {
            return keywright::format(what, source.path(), options.limits);
        };
        if (edits.inserts && format(std::string{source.text()}).text == source.text()) {
            if (auto formatted = format(text).text) text = std::move(*formatted);
        }
        out.files.push_back({source.path(), std::string{source.text()}, std::move(text)});
    }
    if (out.files.empty()) return out;
    const std::string why_not = objection(state, out, wanted, options.limits);
    if (why_not.empty()) return out;
    out = {};
    for (const SourceText& source : options.sources)
        out.problems.push_back({source.document, "its digests can't be written down: " + why_not, {}});
    return out;
}

}  // namespace keywright
