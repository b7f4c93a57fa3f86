#include "check/check.h"

#include "base/text.h"
#include "check/context.h"
#include "check/declarations.h"
#include "check/expressions.h"
#include "syntax/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace keywright::check {

using syntax::Cursor;
using syntax::Kind;

namespace {

// All items of one kind in the files of the pack, in order.
template <class F>
void each(const Loaded& loaded, Kind kind, F&& f) {
    for (const LoadedFile& file : loaded.files) {
        if (file.waivers) continue;
        for (const Cursor item : Cursor{file.tree, 0}) {
            if (item.kind() == kind) f(item, file);
        }
    }
}

bool in_a_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

// What a diagnostic about a whole file points at: its edition.
base::Span head_of(const syntax::Tree& tree) {
    const Cursor edition = Cursor{tree, 0}.child(Kind::kEdition);
    return edition ? edition.span() : base::Span{tree.file(), 0, 0};
}

// The file that imports all others of the pack, or the last one given along with it.
const syntax::Tree* last_of_pack(const Loaded& loaded) {
    for (auto file = loaded.files.rbegin(); file != loaded.files.rend(); ++file) {
        if (!file->waivers) return &file->tree;
    }
    return nullptr;
}

// Names hidden by syntax errors are not "unknown" as well.
void collect_junk(Context& context) {
    for (const LoadedFile& file : context.loaded.files) {
        for (const syntax::Element& e : file.tree.elements()) {
            if (e.kind != Kind::kJunk) continue;
            const std::string_view text = file.tree.text();
            std::string word;
            // A word that the mistake cuts in two is no name either.
            std::size_t begin = e.begin;
            while (begin > 0 && in_a_word(text[begin - 1])) --begin;
            for (std::size_t i = begin; i <= e.end; ++i) {
                const char c = i < e.end ? text[i] : ' ';
                if (in_a_word(c)) {
                    word += c;
                } else if (!word.empty()) {
                    context.junk_words.insert(std::exchange(word, {}));
                }
            }
        }
    }
}

void check_pack(Context& context) {
    ir::Pack& pack = context.module.pack;
    bool own = false;
    each(context.loaded, Kind::kPack, [&](Cursor item, const LoadedFile& file) {
        if (file.extended) return;
        std::string name;
        for (const Cursor c : item) {
            if (c.kind() == Kind::kName) name += (name.empty() ? "" : ".") + std::string{c.text()};
        }
        const base::Span span = item.child(Kind::kName).span();
        if (own) {
            context.sink
                .report(diag::Code::kSeveralPacks, span, fmt::format("a second pack `{}`", name), "declared here")
                .note(pack.span, "the first one")
                .help("a pack that builds on another says `extend` instead of `import`");
            return;
        }
        own = true;
        pack.name = name;
        pack.span = span;
        for (const Cursor c : item) {
            if (c.kind() != Kind::kEntry) continue;
            const std::string_view word = c.token(Kind::kWord);
            std::string& target = word == "version" ? pack.version : pack.title;
            if (!target.empty())
                context.sink.report(diag::Code::kDuplicateClause, c.span(), fmt::format("`{}` stands twice", word),
                                    "again here");
            target = string_literal(c.child(Kind::kText), context.sink);
        }
    });
    const syntax::Tree* const last = last_of_pack(context.loaded);
    if (own || last == nullptr) return;
    const auto& tree = *last;
    const bool error_in_it = std::any_of(tree.elements().begin(), tree.elements().end(),
                                         [](const auto& e) { return e.kind == Kind::kError; });
    if (error_in_it || context.loaded.incomplete) return;
    context.sink.report(diag::Code::kNoPack, head_of(tree), "no pack is declared", "in this file or its imports")
        .help("add `pack NAME { version \"1.0.0\" title \"…\" }`");
}

// The loader has followed the path, or reported it.
void add_extension(Context& context, Cursor item) {
    const Cursor where = item.child(Kind::kText);
    diag::Sink reported{1};
    if (auto path = path_from(context.loaded, item.tree().file(), string_literal(where, reported)))
        context.module.extends.push_back({*std::move(path), where.span()});
}

void set_params(Context& context, const std::map<std::string, std::string>& params) {
    // Inner overlays come before outer ones, the caller's values last.
    for (const LoadedFile& file : context.loaded.files) {
        for (const Cursor item : Cursor{file.tree, 0}) {
            if (item.kind() != Kind::kExtend) continue;
            if (!file.extended) add_extension(context, item);
            std::set<std::string_view> names;
            for (const Cursor set : item) {
                if (set.kind() != Kind::kSet) continue;
                const Cursor name = set.child(Kind::kName);
                if (!names.insert(name.text()).second) {
                    context.sink.report(diag::Code::kDuplicateMember, name.span(),
                                        fmt::format("`{}` is set twice", name.text()), "again here");
                }
                set_param(context, set.child(Kind::kName), set.children().back());
            }
        }
    }
    for (const auto& [name, value] : params) {
        const base::FileId id = context.loaded.sources.add(fmt::format("--set {}", name),
                                                           fmt::format("edition 1\nparam {} = {}", name, value));
        diag::Sink probe{context.limits.diagnostics};
        context.loaded.files.push_back({syntax::parse(context.loaded.sources, id, context.limits, probe), true, false});
        const syntax::Tree& tree = context.loaded.files.back().tree;
        std::vector<Cursor> items;
        for (const Cursor item : Cursor{tree, 0}) items.push_back(item);
        constexpr std::uint32_t kBegin = 10;  // behind the edition
        const bool fine = !probe.has_errors() && items.size() == 2 && items[1].kind() == Kind::kParam &&
                          !items[1].child(Kind::kType) && items[1].token(Kind::kName) == name;
        if (!fine) {
            context.sink
                .report(diag::Code::kBadParamValue, {id, kBegin, static_cast<std::uint32_t>(tree.text().size())},
                        fmt::format("`{}` is not a parameter and a value", base::printable(name + "=" + value)))
                .help("write a value as in a rule file: `14 days`, `3`, `\"text\"`, `{a, b}`");
        } else {
            set_param(context, items[1].child(Kind::kName), items[1].children().back());
        }
    }
}

void report_unused(Context& context) {
    for (const auto& [name, value] : context.values) {
        if (value.used || value.kind == NameKind::kField) continue;
        context.sink
            .report(diag::Code::kUnused, value.span,
                    fmt::format("{} `{}` is never used", value.kind == NameKind::kParam ? "parameter" : "define", name),
                    "declared here")
            .help("remove it, or use it");
    }
    // Samples are there for other files to use, unless they stand in the file that was asked for.
    const base::FileId entry{std::size_t{0}};
    for (std::size_t i = 0; i < context.module.samples.size(); ++i) {
        const ir::Sample& sample = context.module.samples[i];
        if (context.used_samples.contains(static_cast<std::uint32_t>(i)) || sample.span.file != entry ||
            context.module.tests.empty())
            continue;
        context.sink
            .report(diag::Code::kUnused, sample.span, fmt::format("sample `{}` is never used", sample.name),
                    "declared here")
            .help("remove it, or use it");
    }
}

}  // namespace

ir::Module check(Loaded& loaded, const std::map<std::string, std::string>& params, const Limits& limits,
                 diag::Sink& sink) {
    Context context{loaded, sink, limits};
    context.module.enums.push_back({{"ipv4", "ipv6"}});
    context.enum_numbers.emplace(context.module.enums.front().values, 0U);
    collect_junk(context);
    for (const LoadedFile& file : loaded.files) refuse_strays(context, file);
    check_pack(context);
    each(loaded, Kind::kDocument, [&](Cursor item, const LoadedFile&) { declare_document(context, item); });
    bool schema_hidden = loaded.incomplete;
    each(loaded, Kind::kError, [&](Cursor, const LoadedFile&) { schema_hidden = true; });
    each(loaded, Kind::kSchema, [&](Cursor item, const LoadedFile&) { declare_schema(context, item); });
    if (!context.module.schema.span.valid()) {
        if (const syntax::Tree* last = last_of_pack(loaded); !schema_hidden && last != nullptr) {
            sink.report(diag::Code::kNoSchema, head_of(*last), "no schema is declared", "in this file or its imports")
                .help("add `schema key { … }` with the fields of a record");
        }
        return std::move(context.module);  // every other name would be unknown
    }
    each(loaded, Kind::kSchema, [&](Cursor item, const LoadedFile&) {
        if (item.child(Kind::kName).span() == context.module.schema.span) finish_schema(context, item);
    });
    each(loaded, Kind::kParam, [&](Cursor item, const LoadedFile&) { declare_param(context, item); });
    set_params(context, params);
    each(loaded, Kind::kDefine, [&](Cursor item, const LoadedFile&) { declare_define(context, item); });
    for (std::uint32_t i = 0; i < context.define_items.size(); ++i) {
        if (context.define_progress[i] == Context::Progress::kNew) lower_define(context, i);
    }
    each(loaded, Kind::kRule, [&](Cursor item, const LoadedFile&) { declare_rule(context, item); });
    each(loaded, Kind::kRule, [&](Cursor item, const LoadedFile&) { lower_rule(context, item); });
    std::vector<Cursor> samples;
    each(loaded, Kind::kSample, [&](Cursor item, const LoadedFile&) { declare_sample(context, item, samples); });
    lower_samples(context, samples);
    each(loaded, Kind::kAdapter, [&](Cursor item, const LoadedFile&) { declare_adapter(context, item); });
    each(loaded, Kind::kTest, [&](Cursor item, const LoadedFile&) { lower_test(context, item); });
    each(loaded, Kind::kProve, [&](Cursor item, const LoadedFile&) { lower_proof(context, item); });
    for (const LoadedFile& file : loaded.files) {
        if (file.waivers) lower_waivers(context, file);
    }
    for (const LoadedFile& file : loaded.files) {  // those of waivers too
        for (const Cursor item : Cursor{file.tree, 0}) {
            if (item.kind() == Kind::kAllow) lower_allowed(context, item);
        }
    }
    if (!sink.has_errors()) report_unused(context);
    return std::move(context.module);
}

}  // namespace keywright::check
