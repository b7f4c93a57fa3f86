// Samples: what they say of each field, and how they hang on one another.
#include "check/declarations.h"
#include "check/expressions.h"
#include "check/testing.h"
#include "ir/given.h"

#include <fmt/format.h>

#include <map>

namespace keywright::check {

using ir::Assignment;
using ir::FieldValue;
using ir::Given;
using syntax::Cursor;
using syntax::Kind;

namespace {

using Fields = std::vector<FieldValue>;
using Changes = std::vector<Assignment>;

void bad_member(Context& context, Cursor at, std::string message, std::string help = {}) {
    auto diagnostic = context.sink.report(diag::Code::kBadMember, at.span(), std::move(message), "here");
    if (!help.empty()) diagnostic.help(std::move(help));
}

void given_twice(Context& context, Cursor again, const std::string& name, Cursor first) {
    context.sink
        .report(diag::Code::kDuplicateMember, again.span(), fmt::format("`{}` is given twice", name), "again here")
        .note(first.span(), "first here");
}

void add_record(Context& context, Cursor record, ir::FieldId inside, Changes& out);

void add_member(Context& context, Cursor member, ir::FieldId inside, Changes& out,
                std::map<std::uint32_t, Cursor>& seen) {
    const Cursor path = member.child(Kind::kPath);
    const std::string prefix = inside.valid() ? context.module.schema.fields[inside.index()].name + "." : std::string{};
    std::string relative;
    for (const Cursor token : path) relative += token.text();
    const std::string dotted = prefix + relative;
    const ir::FieldId id = context.find_field(dotted);
    if (!id.valid()) {
        std::vector<std::string> names;
        for (const ir::Field& f : context.module.schema.fields) {
            if (context.proposes() && f.name.starts_with(prefix)) names.push_back(f.name.substr(prefix.size()));
        }
        context.unknown_name(path.span(), "field", relative, names);
        return;
    }
    // Neither itself, nor the record around it, nor something inside it may have been given before.
    for (ir::FieldId around = id; around.valid() && around != inside;
         around = context.module.schema.fields[around.index()].parent) {
        if (const auto before = seen.find(around.value); before != seen.end())
            return given_twice(context, path, dotted, before->second);
    }
    const auto next = seen.upper_bound(id.value);
    if (next != seen.end() && ir::is_inside(context.module.schema, next->first, id))
        return given_twice(context, path, dotted, next->second);
    seen.emplace(id.value, path);
    add_value(context, member.children().back(), id, out);
}

void add_record(Context& context, Cursor record, ir::FieldId inside, Changes& out) {
    std::map<std::uint32_t, Cursor> seen;
    for (const Cursor member : record) {
        if (member.kind() == Kind::kMember) add_member(context, member, inside, out, seen);
    }
}

// Progress of samples that hang on one another.
struct Samples {
    Context& context;
    const std::vector<Cursor>& items;
    std::vector<Context::Progress> progress;

    bool lower(std::uint32_t index, Cursor from, std::size_t depth) {
        if (progress[index] == Context::Progress::kDone) return true;
        if (progress[index] == Context::Progress::kBusy || depth > context.limits.rule_depth) {
            const bool circle = progress[index] == Context::Progress::kBusy;
            context.sink
                .report(circle ? diag::Code::kCycle : diag::Code::kTooComplex, from.span(),
                        circle
                            ? fmt::format("sample `{}` is made from itself", context.module.samples[index].name)
                            : fmt::format("more than {} samples are made from one another", context.limits.rule_depth),
                        "here")
                .help(circle ? "start one of them from the schema"
                             : "declare a sample before those that are made from it; the limit is `rule_depth`");
            return false;
        }
        if (!has_room(context, from)) return false;
        progress[index] = Context::Progress::kBusy;
        Fields fields;
        const bool fine = configuration(items[index].child(Kind::kConfiguration), fields, depth + 1);
        context.module.samples[index].fields = fine ? std::move(fields) : ir::nothing_given(context.module.schema);
        progress[index] = Context::Progress::kDone;
        return true;
    }

    bool configuration(Cursor node, Fields& out, std::size_t depth) {
        const Cursor name = node.child(Kind::kName);
        const Cursor record = node.child(Kind::kRecord);
        const bool with = node.has_word("with");
        if (name.text() == context.module.schema.name && with) {
            bad_member(context, name, fmt::format("`{}` is the schema, not a sample", name.text()),
                       fmt::format("write `{} {{ … }}` with all members of the record", name.text()));
            return false;
        }
        if (name.text() == context.module.schema.name) {
            out = ir::nothing_given(context.module.schema);
        } else if (const auto sample = context.samples.find(name.text()); sample != context.samples.end()) {
            context.used_samples.insert(sample->second);
            if (!lower(sample->second, name, depth)) return false;
            const Fields& fields = context.module.samples[sample->second].fields;
            if (fields.size() != context.module.schema.fields.size()) return false;  // there was no room for it
            out = fields;
            if (record && !with) {
                bad_member(context, record,
                           fmt::format("`{}` is a sample; changes to it stand after `with`", name.text()),
                           fmt::format("write `{} with {{ … }}`", name.text()));
                return false;
            }
        } else {
            auto names = context.keys_of(context.samples);
            names.push_back(context.module.schema.name);
            context.unknown_name(name.span(), "sample", name.text(), names);
            return false;
        }
        if (record) {
            Changes changes;
            add_changes(context, record, changes);
            ir::assign_all(context.module.schema, out, changes);
        }
        return true;
    }
};

}  // namespace

// Each sample and test says of every field what it is, so many of them with many fields take more room than their text.
bool has_room(Context& context, Cursor at, std::size_t records) {
    const std::size_t most = context.limits.sample_fields;
    const bool had_room = context.sample_fields <= most;
    if (had_room) context.sample_fields += (context.module.schema.fields.size() + 1) * records;
    if (context.sample_fields <= most) return true;
    if (had_room) {
        context.sink
            .report(diag::Code::kTooComplex, at.span(),
                    fmt::format("the samples and tests have more than {} fields in all", most), "this one is too many")
            .help("spread the tests over several packs; the limit is `sample_fields`");
    }
    return false;
}

void add_value(Context& context, Cursor value, ir::FieldId id, Changes& out) {
    const ir::Field& field = context.module.schema.fields[id.index()];
    const auto give = [&](Given given, ir::ConstId constant = {}) { out.push_back({id, {given, constant}}); };
    if (value.kind() == Kind::kWord) {
        if (value.text() == "unknown") {
            give(Given::kUnknown);
        } else if (value.text() == "absent") {
            if (!field.type.optional) {
                bad_member(context, value, fmt::format("`{}` can't be absent", field.name),
                           "only fields declared with `?` may be absent; `unknown` is possible");
                return;
            }
            give(Given::kAbsent);
        } else if (field.type.kind == ir::Kind::kSecret) {
            give(Given::kValue, context.add_constant(value::undisclosed_secret()));
        } else if (field.type.kind == ir::Kind::kRecord) {
            give(Given::kPresent);
        } else {
            bad_member(context, value,
                       fmt::format("`present` is said of secrets and nested records, `{}` is neither", field.name),
                       "give a value");
        }
        return;
    }
    const bool empty_braces = value.kind() == Kind::kRecord && !value.child(Kind::kMember);
    if (field.type.kind == ir::Kind::kRecord) {
        if (value.kind() != Kind::kRecord) {
            bad_member(context, value, fmt::format("`{}` is a nested record", field.name),
                       "give its members in braces: `{ name: value }`");
            return;
        }
        give(Given::kPresent);
        add_record(context, value, id, out);
        return;
    }
    if (value.kind() == Kind::kRecord && !empty_braces) {
        bad_member(context, value, fmt::format("`{}` is not a nested record", field.name));
        return;
    }
    if (empty_braces) {  // `{}` reads as a record, and is an empty set here
        switch (field.type.kind == ir::Kind::kSet ? field.type.element : ir::Kind::kBool) {
            case ir::Kind::kEnum: give(Given::kValue, context.add_constant(value::EnumSet{})); return;
            case ir::Kind::kNetwork: give(Given::kValue, context.add_constant(value::NetworkSet{})); return;
            case ir::Kind::kText: give(Given::kValue, context.add_constant(value::TextSet{})); return;
            case ir::Kind::kInt: give(Given::kValue, context.add_constant(value::IntSet{})); return;
            case ir::Kind::kBool:
            case ir::Kind::kSet:
            case ir::Kind::kInstant:
            case ir::Kind::kDuration:
            case ir::Kind::kSecret:
            case ir::Kind::kRecord:
                bad_member(context, value,
                           fmt::format("`{}` is of type {}, not a set", field.name, context.show(field.type)));
                return;
        }
    }
    if (auto constant = constant_of(context, value, field.type, true))
        give(Given::kValue, context.add_constant(std::move(*constant)));
}

void add_changes(Context& context, Cursor record, Changes& out) { add_record(context, record, {}, out); }

bool configuration(Context& context, Cursor node, Fields& out) {
    const std::vector<Cursor> no_items;
    Samples samples{context, no_items,
                    std::vector<Context::Progress>(context.module.samples.size(), Context::Progress::kDone)};
    return samples.configuration(node, out, 0);
}

void declare_sample(Context& context, Cursor item, std::vector<Cursor>& items) {
    const Cursor name = item.child(Kind::kName);
    const auto index = static_cast<std::uint32_t>(context.module.samples.size());
    const auto [at, fresh] = context.samples.try_emplace(std::string{name.text()}, index);
    if (!fresh || name.text() == context.module.schema.name) {
        context.duplicate(name.span(), fresh ? context.module.schema.span : context.module.samples[at->second].span,
                          "sample", name.text());
        if (fresh) context.samples.erase(at);
        return;
    }
    ir::Sample sample;
    sample.name = name.text();
    sample.span = name.span();
    context.module.samples.push_back(std::move(sample));
    items.push_back(item);
}

void lower_samples(Context& context, const std::vector<Cursor>& items) {
    Samples samples{context, items, std::vector<Context::Progress>(items.size(), Context::Progress::kNew)};
    for (std::size_t i = 0; i < items.size(); ++i) {
        static_cast<void>(samples.lower(static_cast<std::uint32_t>(i), items[i].child(Kind::kName), 0));
    }
}

}  // namespace keywright::check
