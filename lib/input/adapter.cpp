#include "input/adapter.h"

#include "base/text.h"

#include <string_view>

namespace keywright::input {

using diag::Code;
using ir::SourceKind;
using value::State;

namespace {

[[nodiscard]] const std::string& facts_path() {
    static const std::string path = "/" + std::string{kFactsMemberName};
    return path;
}

// What may be shown of a member of the envelope: its text, or its kind.
[[nodiscard]] std::string describe(const JsonDocument& json, JsonDocument::Index node) {
    switch (json.kind(node)) {
        case JsonKind::kString: return quoted(json.string(node));
        case JsonKind::kInteger: return "the number " + std::to_string(json.integer(node));
        case JsonKind::kNull:
        case JsonKind::kBool:
        case JsonKind::kNumber:
        case JsonKind::kArray:
        case JsonKind::kObject: break;
    }
    return std::string{word(json.kind(node))};
}

}  // namespace

NativeReader::NativeReader(const ir::Module& module, const ir::Adapter& adapter)
    : module_(module), adapter_(adapter), sources_(module.schema.fields.size(), nullptr) {
    using Use = MemberTree::Use;
    for (const ir::FieldSource& source : adapter.sources) sources_[source.field.index()] = &source;

    // With the records at the root itself there is no envelope apart from the record.
    const bool apart = !adapter.at.empty();
    MemberTree& around = apart ? envelope_ : members_;
    for (const ir::EnvelopeCheck& check : adapter.checks) around.add(check.path, Use::kWhole);
    for (const std::string& ignored : adapter.envelope_ignore) {
        if (!ignored.empty() && ignored[0] == '/') {
            around.add(ignored, Use::kWhole);
        } else if (apart) {
            around.allow_beside(adapter.at, ignored);
        } else {
            around.add("/" + base::escape_pointer(ignored), Use::kWhole);
        }
    }
    if (apart) envelope_.add(adapter.at, Use::kWhole);

    for (const std::string& ignored : adapter.ignore) members_.add(ignored, Use::kWhole);
    members_.add(facts_path(), Use::kWhole);
    if (adapter.canonical) members_.add("/" + std::string{kUnknownMemberName}, Use::kWhole);
    for (std::size_t field = 0; field < sources_.size(); ++field) {
        const ir::Field& declared = module.schema.fields[field];
        const bool record = declared.type.kind == ir::Kind::kRecord;
        facts_.add(declared.pointer, record ? Use::kRecord : Use::kWhole);
        if (is_canonical(field)) {
            members_.add(declared.pointer, record ? Use::kRecord : Use::kWhole);
        } else if (sources_[field] != nullptr && sources_[field]->kind == SourceKind::kMember) {
            members_.add(sources_[field]->path, record ? Use::kRecord : Use::kWhole);
        }
    }
    // A form that has the canonical names but says of one that it is absent may still spell that out as null.
    for (std::size_t field = 0; field < sources_.size(); ++field) {
        if (adapter.canonical && sources_[field] != nullptr && sources_[field]->kind == SourceKind::kAbsent) {
            members_.add(module.schema.fields[field].pointer, Use::kNullOnly);
        }
    }
}

bool NativeReader::takes_facts(std::size_t field) const {
    if (sources_[field] != nullptr) return sources_[field]->kind == SourceKind::kUnknown;
    const ir::FieldId parent = module_.schema.fields[field].parent;
    return !adapter_.canonical || (parent.valid() && takes_facts(parent.index()));
}

const std::string& NativeReader::pointer_of(std::size_t field) const {
    const ir::FieldSource* source = sources_[field];
    return source != nullptr && source->kind == SourceKind::kMember ? source->path
                                                                    : module_.schema.fields[field].pointer;
}

bool NativeReader::checks_hold(Context& context) const {
    const JsonDocument& json = context.json;
    bool good = true;
    for (const ir::EnvelopeCheck& check : adapter_.checks) {
        const JsonDocument::Index node = json.find(json.root(), check.path);
        if (node != JsonDocument::kNone && json.kind(node) == JsonKind::kString && json.string(node) == check.value)
            continue;
        good = false;
        const bool missing = node == JsonDocument::kNone;
        context.problems.add(Code::kEnvelopeRefused, json.begin(missing ? json.root() : node), check.path,
                             quoted(check.path) + " must be " + quoted(check.value) + ", " +
                                 (missing ? "but it is missing" : "not " + describe(json, node)),
                             "this is not an answer that holds records");
    }
    return good;
}

NativeReader::Place NativeReader::open_envelope(Context& context) const {
    const JsonDocument& json = context.json;
    const JsonDocument::Index root = json.root();
    if (adapter_.at.empty()) {
        if (json.kind(root) == JsonKind::kObject) (void)checks_hold(context);
        return {root, {}};
    }
    const JsonDocument::Index node = json.find(root, adapter_.at);
    if (node == JsonDocument::kNone && adapter_.at_optional) return {root, {}};
    // A refusal often comes without records; the refusal is then what people need to know.
    if (!checks_hold(context)) return {};
    if (node == JsonDocument::kNone || json.kind(node) == JsonKind::kNull) {
        context.problems.add(Code::kEnvelopeMissing, json.begin(root), adapter_.at,
                             "there are no records at " + quoted(adapter_.at),
                             "is this what the adapter " + quoted(adapter_.name) + " reads?");
        return {};
    }
    context.base.clear();
    envelope_.check(context, root, {});
    return {node, adapter_.at};
}

void NativeReader::source_missing(Context& context, std::size_t field, const ir::FieldSource& source,
                                  JsonDocument::Index node) const {
    using OnMissing = ir::FieldSource::OnMissing;
    switch (source.on_missing) {
        case OnMissing::kUnset: return set_missing(context, field);
        case OnMissing::kUnknown: return context.record.set_unknown(field);
        case OnMissing::kAbsent: return context.record.set_absent(field);
        case OnMissing::kValue: return context.record.set(field, module_.constants[source.missing_value.index()]);
        case OnMissing::kRequired:
            context.problems.add(Code::kMissingMember, context.json.begin(node), pointer_to(context, source.path),
                                 "the member at " + quoted(source.path) + " is missing",
                                 "it holds `" + context.field(field).name + "`");
            return;
    }
}

void NativeReader::read_source(Context& context, std::size_t field, const ir::FieldSource& source,
                               JsonDocument::Index node) const {
    switch (source.kind) {
        case SourceKind::kUnknown: return context.record.set_unknown(field);
        case SourceKind::kAbsent: return context.record.set_absent(field);
        case SourceKind::kConstant: return context.record.set(field, module_.constants[source.constant.index()]);
        case SourceKind::kMember: break;
    }
    const JsonDocument& json = context.json;
    const ir::Field& declared = context.field(field);
    const JsonDocument::Index member = json.find(node, source.path);
    if (member == JsonDocument::kNone || json.kind(member) == JsonKind::kNull) {
        return source_missing(context, field, source, node);
    }
    if (declared.type.kind == ir::Kind::kRecord) {
        if (json.kind(member) != JsonKind::kObject) return wrong_type(context, field, member, source.path, "an object");
        context.record.set_present(field);
        context.objects[field] = member;
        return;
    }
    Spelling spelling;
    spelling.unit = source.unit != ir::TimeUnit::kNone ? source.unit : declared.unit;
    spelling.unit_as_text = source.unit_as_text;
    spelling.split = source.split;
    spelling.separator = source.separator;
    spelling.map = source.has_map ? &source.map : nullptr;
    spelling.none = source.none;
    decode_value(context, field, member, source.path, spelling);
}

void NativeReader::check_facts(Context& context, JsonDocument::Index facts) const {
    const JsonDocument& json = context.json;
    // Facts about what this source itself tells could contradict it.
    for (std::size_t field = 0; field < sources_.size(); ++field) {
        if (takes_facts(field)) continue;
        const ir::Field& declared = context.field(field);
        const JsonDocument::Index given = json.find(facts, declared.pointer);
        if (given == JsonDocument::kNone) continue;
        if (declared.type.kind == ir::Kind::kRecord && json.kind(given) == JsonKind::kObject && !is_canonical(field))
            continue;
        context.problems.add(Code::kBadFacts, json.begin(given), pointer_to(context, facts_path() + declared.pointer),
                             "`" + declared.name + "` can't be supplied in `$facts`, because the source tells it",
                             "supply only what the adapter " + quoted(adapter_.name) + " can't know");
    }
    facts_.check(context, facts, facts_path());
}

void NativeReader::read(Context& context, JsonDocument::Index node) const {
    const JsonDocument& json = context.json;
    value::Record& record = context.record;
    const std::size_t count = sources_.size();
    const std::vector<bool> listed =
        adapter_.canonical ? read_unknown_list(context, node) : std::vector<bool>(count, false);
    JsonDocument::Index facts = json.member(node, kFactsMemberName);
    if (facts != JsonDocument::kNone && json.kind(facts) != JsonKind::kObject) {
        context.problems.add(Code::kBadFacts, json.begin(facts), pointer_to(context, facts_path()),
                             "`$facts` must be an object of fields, not " + std::string{word(json.kind(facts))});
        facts = JsonDocument::kNone;
    }

    for (std::size_t field = 0; field < count; ++field) {
        const ir::Field& declared = context.field(field);
        const bool nested = declared.parent.valid();
        const std::size_t parent = nested ? declared.parent.index() : 0;
        if (nested && record.state(parent) == State::kAbsent) {
            if (listed[field]) unknown_and_given(context, field, node);
            record.set_absent(field);
            continue;
        }
        if (takes_facts(field)) {
            const JsonDocument::Index given =
                facts == JsonDocument::kNone ? JsonDocument::kNone : json.find(facts, declared.pointer);
            if (given == JsonDocument::kNone) {
                record.set_unknown(field);
            } else if (listed[field]) {
                unknown_and_given(context, field, given);
            } else {
                read_canonical_field(context, field, given, facts_path());
            }
            continue;
        }
        if (sources_[field] != nullptr) {
            const ir::FieldSource& source = *sources_[field];
            if (!listed[field]) {
                read_source(context, field, source, node);
            } else if (source.kind != SourceKind::kMember || json.find(node, source.path) != JsonDocument::kNone) {
                unknown_and_given(context, field, node);
            }
            continue;
        }
        // The canonical form. A nested record's members stand in the object its record was read from.
        const JsonDocument::Index object = nested ? context.objects[parent] : node;
        if (object == JsonDocument::kNone) continue;
        const JsonDocument::Index member = json.member(object, declared.member);
        if (listed[field]) {
            if (member != JsonDocument::kNone) unknown_and_given(context, field, member);
        } else if (member == JsonDocument::kNone) {
            set_missing(context, field);
        } else {
            read_canonical_field(context, field, member, {});
        }
    }
    // A nested record of which a member is known is there.
    for (std::size_t field = count; field-- > 0;) {
        const ir::FieldId parent = context.field(field).parent;
        if (parent.valid() && record.state(field) == State::kGiven && record.state(parent.index()) == State::kUnknown) {
            record.set_present(parent.index());
        }
    }
    if (facts != JsonDocument::kNone) check_facts(context, facts);
    members_.check(context, node, {});
}

}  // namespace keywright::input
