#include "input/canonical.h"

#include "base/text.h"
#include "input/member_names.h"

#include <string>

namespace keywright::input {

using diag::Code;
using value::State;

void set_missing(Context& context, std::size_t field) {
    const ir::Field& declared = context.field(field);
    switch (declared.missing) {
        case ir::Missing::kUnknown: return context.record.set_unknown(field);
        case ir::Missing::kAbsent: return context.record.set_absent(field);
        case ir::Missing::kValue:
            return context.record.set(field, context.module.constants[declared.missing_value.index()]);
    }
}

void read_canonical_field(Context& context, std::size_t field, JsonDocument::Index node, std::string_view prefix) {
    const ir::Field& declared = context.field(field);
    const JsonKind kind = context.json.kind(node);
    const std::string path = std::string{prefix} + declared.pointer;
    if (kind == JsonKind::kNull) {
        if (declared.type.optional) return context.record.set_absent(field);
        context.problems.add(Code::kNullNotAllowed, context.json.begin(node), pointer_to(context, path),
                             "`" + declared.name + "` can't be null",
                             "give a value, or list it in `$unknown` if it isn't known");
        return;
    }
    if (declared.type.kind == ir::Kind::kRecord) {
        if (kind != JsonKind::kObject) return wrong_type(context, field, node, path, "an object");
        context.record.set_present(field);
        context.objects[field] = node;
        return;
    }
    decode_value(context, field, node, path, canonical_spelling(declared));
}

std::vector<bool> read_unknown_list(Context& context, JsonDocument::Index object) {
    const JsonDocument& json = context.json;
    const auto& fields = context.module.schema.fields;
    std::vector<bool> listed(fields.size(), false);
    const JsonDocument::Index list = json.member(object, kUnknownMemberName);
    if (list == JsonDocument::kNone) return listed;
    const std::string path = "/" + std::string{kUnknownMemberName};
    if (json.kind(list) != JsonKind::kArray) {
        context.problems.add(Code::kBadUnknownList, json.begin(list), pointer_to(context, path),
                             "`$unknown` must be an array of field names, not " + std::string{word(json.kind(list))});
        return listed;
    }
    std::size_t position = 0;
    for (auto element = json.first_child(list); element != JsonDocument::kNone; element = json.next_sibling(element)) {
        const std::string at = path + "/" + std::to_string(position++);
        if (json.kind(element) != JsonKind::kString) {
            context.problems.add(Code::kBadUnknownList, json.begin(element), pointer_to(context, at),
                                 "`$unknown` must hold field names, not " + std::string{word(json.kind(element))});
            continue;
        }
        const std::string_view name = json.string(element);
        std::size_t field = 0;
        while (field < fields.size() && fields[field].name != name) ++field;
        if (field == fields.size()) {
            std::vector<std::string> names;
            // Further problems are only counted.
            if (!context.problems.full()) {
                for (const ir::Field& known : fields) names.push_back(known.name);
            }
            context.problems.add(Code::kBadUnknownList, json.begin(element), pointer_to(context, at),
                                 shown_name(name, names) + " in `$unknown` is not a field", suggest(name, names));
        } else if (listed[field]) {
            context.problems.add(Code::kDuplicateElement, json.begin(element), pointer_to(context, at),
                                 quoted(name) + " stands twice in `$unknown`");
        } else {
            listed[field] = true;
        }
    }
    return listed;
}

void unknown_and_given(Context& context, std::size_t field, JsonDocument::Index place) {
    const ir::Field& declared = context.field(field);
    context.problems.add(Code::kUnknownAndGiven, context.json.begin(place), pointer_to(context, declared.pointer),
                         "`" + declared.name + "` is listed in `$unknown`, but the record tells of it",
                         "take it off the list, or leave the member out");
}

CanonicalReader::CanonicalReader(const ir::Module& module) {
    for (const ir::Field& field : module.schema.fields) {
        members_.add(field.pointer,
                     field.type.kind == ir::Kind::kRecord ? MemberTree::Use::kRecord : MemberTree::Use::kWhole);
    }
    members_.add("/" + std::string{kUnknownMemberName}, MemberTree::Use::kWhole);
}

void CanonicalReader::read(Context& context, JsonDocument::Index node) const {
    const std::vector<bool> listed = read_unknown_list(context, node);
    for (std::size_t field = 0; field < context.module.schema.fields.size(); ++field) {
        const ir::Field& declared = context.field(field);
        JsonDocument::Index object = node;
        if (declared.parent.valid()) {
            const std::size_t parent = declared.parent.index();
            if (context.record.state(parent) == State::kAbsent) {
                // There can't be anything unknown inside what isn't there.
                if (listed[field]) unknown_and_given(context, field, node);
                context.record.set_absent(field);
                continue;
            }
            if (context.record.state(parent) == State::kUnknown) continue;  // and so is all that is in it
            object = context.objects[parent];
            if (object == JsonDocument::kNone) continue;
        }
        const JsonDocument::Index member = context.json.member(object, declared.member);
        if (listed[field]) {
            if (member != JsonDocument::kNone) unknown_and_given(context, field, member);
        } else if (member == JsonDocument::kNone) {
            set_missing(context, field);
        } else {
            read_canonical_field(context, field, member, {});
        }
    }
    members_.check(context, node, {});
}

}  // namespace keywright::input
