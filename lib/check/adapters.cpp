// Adapters: how a native JSON shape becomes the schema's record.
#include "check/declarations.h"
#include "check/expressions.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace keywright::check {

using syntax::Cursor;
using syntax::Kind;

namespace {

std::optional<std::string> pointer_of(Context& context, Cursor node) {
    if (const Cursor name = node.child(Kind::kName)) return "/" + std::string{name.text()};
    const Cursor token = node.child(Kind::kText);
    const std::string text = string_literal(token, context.sink);
    bool fine = text.empty() || text.front() == '/';
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) fine = false;
    }
    if (!fine) {
        context.sink
            .report(diag::Code::kBadPointer, token.span(),
                    fmt::format("`{}` is not a JSON Pointer", base::printable(text)), "here")
            .help("write `/` before each part, as in `\"/data/items\"` (RFC 6901)");
        return {};
    }
    return text;
}

void pointers_of(Context& context, Cursor clause, std::vector<std::string>& out) {
    for (const Cursor c : clause) {
        if (c.kind() != Kind::kPointer) continue;
        if (auto pointer = pointer_of(context, c)) out.push_back(std::move(*pointer));
    }
}

void bad_source(Context& context, Cursor at, std::string message, std::string help = {}) {
    auto diagnostic = context.sink.report(diag::Code::kBadSource, at.span(), std::move(message), "here");
    if (!help.empty()) diagnostic.help(std::move(help));
}

ir::TimeUnit unit_of(Cursor node) {
    const std::string_view word = node.has_word("ms")  ? "ms"
                                  : node.has_word("s") ? "s"
                                                       : node.child(Kind::kWord, 1).text();
    if (word == "ms" || word.starts_with("millisecond")) return ir::TimeUnit::kMilliseconds;
    if (word == "s" || word.starts_with("second")) return ir::TimeUnit::kSeconds;
    if (word.starts_with("minute")) return ir::TimeUnit::kMinutes;
    if (word.starts_with("hour")) return ir::TimeUnit::kHours;
    return ir::TimeUnit::kDays;
}

void add_map(Context& context, Cursor node, const ir::Field& field, ir::FieldSource& source) {
    const bool enums = field.type.kind == ir::Kind::kEnum ||
                       (field.type.kind == ir::Kind::kSet && field.type.element == ir::Kind::kEnum);
    if (!enums) {
        bad_source(context, node,
                   fmt::format("`map` needs an enum or a set of one; `{}` is of type {}", field.name,
                               context.show(field.type)));
        return;
    }
    source.has_map = true;
    std::set<std::string> seen;
    const ir::Type element{.kind = ir::Kind::kEnum, .enumeration = field.type.enumeration};
    for (const Cursor one : node) {
        if (one.kind() != Kind::kMapping) continue;
        const Cursor from = one.child(Kind::kText);
        const Cursor to = one.child(Kind::kName);
        const std::string text = string_literal(from, context.sink);
        if (!seen.insert(text).second) {
            context.sink.report(diag::Code::kDuplicateValue, from.span(),
                                fmt::format("`{}` is mapped twice", base::printable(text)), "again here");
            continue;
        }
        const auto& values = context.module.enums[element.enumeration.index()].values;
        const auto found = std::find(values.begin(), values.end(), to.text());
        if (found == values.end()) {
            auto diagnostic =
                context.sink.report(diag::Code::kUnknownEnumValue, to.span(),
                                    fmt::format("`{}` is not a value of `{}`", to.text(), field.name), "no such value");
            if (const std::string near = base::closest(to.text(), values); !near.empty())
                diagnostic.help(fmt::format("did you mean `{}`?", near)).fix(to.span(), near);
            continue;
        }
        source.map.push_back({text, static_cast<std::uint32_t>(found - values.begin())});
    }
}

void add_missing(Context& context, Cursor node, const ir::Field& field, ir::FieldSource& source) {
    const Cursor value = node.children().back();
    using OnMissing = ir::FieldSource::OnMissing;
    if (value.kind() != Kind::kWord) {
        source.on_missing = OnMissing::kValue;
        if (auto constant = constant_of(context, value, field.type, false))
            source.missing_value = context.add_constant(std::move(*constant));
    } else if (value.text() == "refused") {
        source.on_missing = OnMissing::kRequired;
    } else if (value.text() == "unknown") {
        source.on_missing = OnMissing::kUnknown;
    } else if (field.type.optional) {
        source.on_missing = OnMissing::kAbsent;
    } else {
        bad_source(context, value, fmt::format("`{}` can't be absent", field.name),
                   "only fields declared with `?` may be absent");
    }
}

void add_source(Context& context, Cursor node, ir::Adapter& adapter) {
    const Cursor path = node.child(Kind::kPath);
    ir::FieldSource source;
    source.field = context.field_of(path);
    source.span = path.span();
    if (!source.field.valid()) return;
    const ir::Field field = context.module.schema.fields[source.field.index()];
    for (const ir::FieldSource& other : adapter.sources) {
        if (other.field == source.field) {
            context.sink
                .report(diag::Code::kDuplicateMember, path.span(), fmt::format("`{}` has two sources", field.name),
                        "again here")
                .note(other.span, "first here");
            return;
        }
    }
    if (field.type.kind == ir::Kind::kRecord) {
        bad_source(context, path, fmt::format("`{}` is a nested record", field.name),
                   "give each of its members a source");
        return;
    }
    if (!node.has_word("from")) {
        const Cursor value = node.children().back();
        if (value.kind() == Kind::kWord) {
            source.kind = value.text() == "absent" ? ir::SourceKind::kAbsent : ir::SourceKind::kUnknown;
            if (source.kind == ir::SourceKind::kAbsent && !field.type.optional) {
                bad_source(context, value, fmt::format("`{}` can't be absent", field.name),
                           "only fields declared with `?` may be absent; a source that can't tell says `unknown`");
                return;
            }
        } else {
            source.kind = ir::SourceKind::kConstant;
            auto constant = constant_of(context, value, field.type, false);
            if (!constant) return;
            source.constant = context.add_constant(std::move(*constant));
        }
        adapter.sources.push_back(std::move(source));
        return;
    }
    source.kind = ir::SourceKind::kMember;
    auto pointer = pointer_of(context, node.child(Kind::kPointer));
    if (!pointer) return;
    source.path = std::move(*pointer);
    Cursor seen[6];
    for (const Cursor c : node) {
        const int which = c.kind() == Kind::kSplit      ? 0
                          : c.kind() == Kind::kUnit     ? 1
                          : c.kind() == Kind::kMap      ? 2
                          : c.kind() == Kind::kNone     ? 3
                          : c.kind() == Kind::kMissing  ? 4
                          : c.kind() == Kind::kReplaced ? 5
                                                        : -1;
        if (which < 0) continue;
        if (seen[which]) {
            context.sink
                .report(diag::Code::kDuplicateClause, c.span(), fmt::format("`{}` stands twice", c.token(Kind::kWord)),
                        "again here")
                .note(seen[which].span(), "first here");
            continue;
        }
        seen[which] = c;
        if (which == 0) {
            source.split = true;
            source.separator = string_literal(c.child(Kind::kText), context.sink);
            if (field.type.kind != ir::Kind::kSet)
                bad_source(
                    context, c,
                    fmt::format("`split` makes a set; `{}` is of type {}", field.name, context.show(field.type)));
            if (source.separator.empty()) bad_source(context, c, "an empty separator splits nothing");
        } else if (which == 1) {
            source.unit = unit_of(c);
            source.unit_as_text = c.has_word("text");
            const bool epoch = c.has_word("epoch");
            if (epoch ? field.type.kind != ir::Kind::kInstant : field.type.kind != ir::Kind::kDuration) {
                bad_source(context, c,
                           fmt::format("`{}` is read as {}; `{}` is of type {}", c.text(),
                                       epoch ? "an instant" : "a duration", field.name, context.show(field.type)));
            }
        } else if (which == 2) {
            add_map(context, c, field, source);
        } else if (which == 3) {
            if (!field.type.optional && field.type.kind != ir::Kind::kSet)
                bad_source(
                    context, c,
                    fmt::format("`{}` is neither optional nor a set, so nothing can stand for none", field.name));
            for (const Cursor text : c) {
                if (text.kind() == Kind::kText) source.none.push_back(string_literal(text, context.sink));
            }
        } else if (which == 4) {
            add_missing(context, c, field, source);
        } else {
            source.replaced_whole = true;
            if (field.type.kind != ir::Kind::kSet) {
                bad_source(context, c,
                           fmt::format("`replaced whole` is about lists; `{}` is of type {}", field.name,
                                       context.show(field.type)),
                           "a value that is no list is always replaced as a whole: leave it out");
            }
        }
    }
    adapter.sources.push_back(std::move(source));
}

}  // namespace

void declare_adapter(Context& context, Cursor item) {
    const Cursor name = item.child(Kind::kName);
    const auto [at, fresh] = context.adapters.try_emplace(std::string{name.text()},
                                                          static_cast<std::uint32_t>(context.module.adapters.size()));
    if (!fresh) {
        context.duplicate(name.span(), context.module.adapters[at->second].span, "adapter", name.text());
        return;
    }
    ir::Adapter adapter;
    adapter.name = name.text();
    adapter.doc = item.doc();
    adapter.span = name.span();
    Cursor records;
    std::map<Kind, Cursor> seen;
    for (const Cursor c : item) {
        if (c.kind() == Kind::kEntry || c.kind() == Kind::kCanonical || c.kind() == Kind::kSubject) {
            if (const auto [first, once] = seen.try_emplace(c.kind(), c); !once) {
                context.sink
                    .report(diag::Code::kDuplicateClause, c.span(),
                            fmt::format("`{}` stands twice", c.token(Kind::kWord)), "again here")
                    .note(first->second.span(), "first here");
            }
        }
        if (c.kind() == Kind::kEntry) adapter.title = string_literal(c.child(Kind::kText), context.sink);
        if (c.kind() == Kind::kCanonical) adapter.canonical = true;
        if (c.kind() == Kind::kRecords) {
            if (records) {
                context.sink.report(diag::Code::kDuplicateClause, c.span(), "`records` stands twice", "again here")
                    .note(records.span(), "first here");
                continue;
            }
            records = c;
            if (auto pointer = pointer_of(context, c.child(Kind::kPointer))) adapter.at = std::move(*pointer);
            adapter.at_optional = c.has_word("root");
        }
        if (c.kind() == Kind::kCheck) {
            if (auto pointer = pointer_of(context, c.child(Kind::kPointer))) {
                adapter.checks.push_back(
                    {std::move(*pointer), string_literal(c.child(Kind::kText), context.sink), c.span()});
            }
        }
        if (c.kind() == Kind::kBeside) pointers_of(context, c, adapter.envelope_ignore);
        if (c.kind() == Kind::kIgnore) pointers_of(context, c, adapter.ignore);
        if (c.kind() == Kind::kSubject) adapter.subject = context.field_of(c.child(Kind::kPath));
        if (c.kind() == Kind::kSource) add_source(context, c, adapter);
    }
    context.module.adapters.push_back(std::move(adapter));
}

}  // namespace keywright::check
