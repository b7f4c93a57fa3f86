#include "input/rows_plan.h"

#include "input/canonical.h"
#include "input/members.h"
#include "value/time.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace keywright::input {

using ir::Kind;
using ir::SourceKind;

bool NameTable::add(std::string_view name) {
    const bool plain = std::none_of(
        name.begin(), name.end(), [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
    texts_.emplace_back(name);
    plain_.push_back(plain);
    return plain;
}

void NameTable::build() {
    const std::size_t slots = std::bit_ceil(4 * texts_.size() + 2);  // most of them stay free
    slots_.assign(slots, Slot{});
    mask_ = slots - 1;
    for (std::uint32_t number = 0; number < texts_.size(); ++number) {
        if (!plain_[number]) continue;
        const std::string& text = texts_[number];
        Slot slot;
        slot.head = head_of(text.data(), text.size(), false);
        slot.tail = tail_of(text.data(), text.size(), slot.head);
        slot.size = text.size();
        slot.number = number;
        std::size_t at = hash(slot.head, slot.tail, slot.size);
        while (slots_[at & mask_].number != kNone) ++at;
        slots_[at & mask_] = slot;
    }
}

namespace {

// A term of an assumption whose sides have an order; nothing where there is none, and the assumption says nothing.
[[nodiscard]] std::optional<AssumedTerm> assumed(const ir::Module& module, const ir::AssumeTerm& term) {
    AssumedTerm out;
    if (term.is_now) {
        out.kind = AssumedTerm::Kind::kNow;
        return out;
    }
    if (term.constant.valid()) {
        const value::Value& constant = module.constants[term.constant.index()];
        if (const auto* number = std::get_if<std::int64_t>(&constant)) {
            out.number = *number;
        } else if (const auto* instant = std::get_if<Instant>(&constant)) {
            out.number = instant->seconds;
            out.nanosecond = instant->nanoseconds;
        } else if (const auto* duration = std::get_if<Duration>(&constant)) {
            out.number = duration->seconds;
            out.nanosecond = duration->nanoseconds;
        } else {
            return std::nullopt;
        }
        return out;
    }
    if (!term.field.valid()) return std::nullopt;
    const Kind kind = module.schema.fields[term.field.index()].type.kind;
    if (kind != Kind::kInt && kind != Kind::kInstant && kind != Kind::kDuration) return std::nullopt;
    out.kind = AssumedTerm::Kind::kField;
    out.field = term.field.value;
    return out;
}

[[nodiscard]] MemberForm form_of(const ir::Type& type, ir::TimeUnit unit) {
    const bool number = unit != ir::TimeUnit::kNone;
    switch (type.kind) {
        case Kind::kBool: return MemberForm::kBool;
        case Kind::kInt: return MemberForm::kInt;
        case Kind::kText: return MemberForm::kText;
        case Kind::kEnum: return MemberForm::kEnum;
        case Kind::kNetwork: return MemberForm::kNetwork;
        case Kind::kInstant: return number ? MemberForm::kInstantNumber : MemberForm::kInstant;
        case Kind::kDuration: return number ? MemberForm::kDurationNumber : MemberForm::kDuration;
        case Kind::kSecret: return MemberForm::kSecret;
        case Kind::kRecord: return MemberForm::kRecord;
        case Kind::kSet: break;
    }
    switch (type.element) {
        case Kind::kEnum: return MemberForm::kEnumSet;
        case Kind::kNetwork: return MemberForm::kNetworkSet;
        case Kind::kInt: return MemberForm::kIntSet;
        case Kind::kText:
        case Kind::kBool:
        case Kind::kSet:
        case Kind::kInstant:
        case Kind::kDuration:
        case Kind::kSecret:
        case Kind::kRecord: break;
    }
    return MemberForm::kTextSet;
}

[[nodiscard]] std::int64_t nanos_of(ir::TimeUnit unit) {
    switch (unit) {
        case ir::TimeUnit::kNone: return 0;
        case ir::TimeUnit::kMilliseconds: return value::kNanosPerSecond / 1'000;
        case ir::TimeUnit::kSeconds: return value::kNanosPerSecond;
        case ir::TimeUnit::kMinutes: return 60 * value::kNanosPerSecond;
        case ir::TimeUnit::kHours: return 3'600 * value::kNanosPerSecond;
        case ir::TimeUnit::kDays: return 86'400 * value::kNanosPerSecond;
    }
    return 0;
}

class Planner {
public:
    Planner(const ir::Module& module, RowPlan::Plan& out) : module_(module), out_(out) {}

    void run(std::span<const value::Aspects> needs, const ir::Adapter* adapter) {
        fields(needs);
        for (const ir::Assumption& assumption : module_.schema.assumptions) assume(assumption);
        out_.objects.resize(1);
        out_.members.resize(out_.fields.size());
        if (adapter == nullptr) {
            canonical();
        } else {
            native(*adapter);
        }
        for (ObjectPlan& object : out_.objects) object.names.build();
        if (out_.members.empty()) out_.members.emplace_back();  // there is always something to guess
        out_.field_names.build();
        out_.plainly_absent.resize((out_.members.size() + 63) / 64);
        for (std::size_t i = 0; i < out_.fields.size(); ++i) {
            const FieldPlan& field = out_.fields[i];
            const bool plainly = field.missing.meaning == Default::Meaning::kAbsent && field.parent == UINT32_MAX &&
                                 !field.needs.has(value::Aspect::kWhole);
            if (plainly) out_.plainly_absent[i / 64] |= std::uint64_t{1} << (i % 64);
        }
    }

private:
    void fields(std::span<const value::Aspects> needs) {
        for (std::size_t i = 0; i < module_.schema.fields.size(); ++i) {
            const ir::Field& field = module_.schema.fields[i];
            FieldPlan plan;
            plan.needs = needs[i];
            plan.optional = field.type.optional;
            plan.missing = schema_default(field);
            if (field.parent.valid()) plan.parent = field.parent.value;
            plan.min = field.type.min;
            plan.max = field.type.max;
            plan.kind = field.type.kind;
            plan.element = field.type.element;
            plan.unit = field.unit;
            plan.unit_nanos = nanos_of(field.unit);
            out_.whole = out_.whole || plan.needs.has(value::Aspect::kWhole);
            out_.fields.push_back(std::move(plan));
            out_.field_names.add(field.name);
        }
    }

    [[nodiscard]] Default schema_default(const ir::Field& field) const {
        switch (field.missing) {
            case ir::Missing::kUnknown: return {Default::Meaning::kUnknown, nullptr};
            case ir::Missing::kAbsent: return {Default::Meaning::kAbsent, nullptr};
            case ir::Missing::kValue: return constant(field.missing_value);
        }
        return {};
    }

    [[nodiscard]] Default constant(ir::ConstId id) const {
        return {Default::Meaning::kValue, &module_.constants[id.index()]};
    }

    void assume(const ir::Assumption& assumption) {
        const auto lesser = assumed(module_, assumption.lesser);
        const auto greater = assumed(module_, assumption.greater);
        if (!lesser || !greater) return;
        for (const AssumedTerm& term : {*lesser, *greater}) {
            if (term.kind == AssumedTerm::Kind::kField) out_.fields[term.field].needs.add(value::Aspect::kNumber);
        }
        out_.assumptions.push_back({*lesser, *greater, assumption.strict});
    }

    void add_member(std::size_t object, std::string_view name, std::uint32_t member) {
        ObjectPlan& in = out_.objects[object];
        if (!in.names.add(name)) out_.usable = false;
        in.members.push_back(member);
        MemberPlan& plan = out_.members[member];
        plan.spelled = "\"" + std::string{name} + "\":";
        const std::size_t size = plan.spelled.size();
        plan.size = static_cast<std::uint32_t>(size);
        plan.head = head_of(plan.spelled.data(), size, false);
        plan.mask = size >= 8 ? ~std::uint64_t{0} : ~std::uint64_t{0} >> (64 - 8 * size);
        plan.tail = tail_of(plan.spelled.data(), size, plan.head);
    }

    // A member that is no field's.
    void add_other(std::string_view name, MemberForm form) {
        MemberPlan plan;
        plan.form = form;
        out_.members.push_back(plan);
        add_member(0, name, static_cast<std::uint32_t>(out_.members.size() - 1));
    }

    // The spellings of a field's values; `map` null: the canonical names.
    void set_words(std::size_t field, const std::vector<ir::ValueMapping>* map) {
        const ir::Type& type = module_.schema.fields[field].type;
        if (type.kind != Kind::kEnum && !(type.kind == Kind::kSet && type.element == Kind::kEnum)) return;
        WordsPlan words;
        if (map == nullptr) {
            const auto& values = module_.enums[type.enumeration.index()].values;
            for (std::size_t i = 0; i < values.size(); ++i) {
                words.names.add(values[i]);
                words.bits.push_back(std::uint64_t{1} << i);
            }
        } else {
            for (std::size_t i = 0; i < map->size(); ++i) {
                const std::string& from = (*map)[i].from;
                const auto same = [&](const ir::ValueMapping& other) { return other.from == from; };
                if (std::any_of(map->begin(), map->begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
                std::uint64_t bits = 0;
                for (const ir::ValueMapping& mapping : *map) {
                    if (same(mapping)) bits |= std::uint64_t{1} << mapping.to;
                }
                words.names.add(from);
                words.bits.push_back(bits);
            }
        }
        // Doubles are found by one bit a spelling.
        constexpr std::size_t kMostWords = 64;
        if (words.names.size() > kMostWords) out_.usable = false;
        words.names.build();
        out_.fields[field].words = out_.members[field].words = static_cast<std::uint32_t>(out_.words.size());
        out_.words.push_back(std::move(words));
    }

    void add_canonical(std::size_t field, std::vector<std::uint32_t>& object_of) {
        const ir::Field& declared = module_.schema.fields[field];
        MemberPlan& member = out_.members[field];
        member.form = form_of(declared.type, declared.unit);
        if (member.form == MemberForm::kRecord) {
            member.object = static_cast<std::uint32_t>(out_.objects.size());
            object_of[field] = member.object;
            out_.objects.emplace_back();
        }
        const std::size_t object = declared.parent.valid() ? object_of[declared.parent.index()] : 0;
        add_member(object, declared.member, static_cast<std::uint32_t>(field));
        set_words(field, nullptr);
    }

    void canonical() {
        std::vector<std::uint32_t> object_of(out_.fields.size(), 0);
        for (std::size_t field = 0; field < out_.fields.size(); ++field) add_canonical(field, object_of);
        add_other(kUnknownMemberName, MemberForm::kUnknownList);
    }

    void native(const ir::Adapter& adapter) {
        const auto top_level = [](std::string_view pointer) -> std::optional<std::string> {
            std::vector<std::string> names = pointer_names(pointer);
            if (names.size() != 1) return std::nullopt;
            return std::move(names[0]);
        };
        // Round the records stands nothing, or what need not be there; then a record is a document.
        const bool plain_root = adapter.at.empty() ? adapter.checks.empty() : adapter.at_optional;
        if (!plain_root) out_.usable = false;

        const std::size_t count = out_.fields.size();
        std::vector<const ir::FieldSource*> sources(count, nullptr);
        for (const ir::FieldSource& source : adapter.sources) sources[source.field.index()] = &source;
        std::vector<std::uint32_t> object_of(count, 0);
        std::vector<std::string> taken;
        for (std::size_t field = 0; field < count; ++field) {
            const ir::Field& declared = module_.schema.fields[field];
            FieldPlan& plan = out_.fields[field];
            const bool nested = declared.parent.valid() || declared.type.kind == Kind::kRecord;
            const ir::FieldSource* source = sources[field];
            if (source == nullptr && adapter.canonical) {
                add_canonical(field, object_of);
                if (!declared.parent.valid()) taken.push_back(declared.member);
                continue;
            }
            // What is known of a nested record from elsewhere has a bearing on all of it.
            if (nested && source != nullptr) out_.usable = false;
            if (source == nullptr || source->kind == SourceKind::kUnknown) {
                plan.missing = {Default::Meaning::kUnknown, nullptr};
                continue;
            }
            if (source->kind != SourceKind::kMember) {
                plan.may_be_listed = false;
                plan.missing = source->kind == SourceKind::kAbsent ? Default{Default::Meaning::kAbsent, nullptr}
                                                                   : constant(source->constant);
                continue;
            }
            const auto name = top_level(source->path);
            if (!name || std::find(taken.begin(), taken.end(), *name) != taken.end()) {
                out_.usable = false;
                continue;
            }
            taken.push_back(*name);
            add_source(field, *source, *name);
        }
        for (const std::string& ignored : adapter.ignore)
            add_if_free(top_level(ignored), MemberForm::kPassedOver, taken);
        if (adapter.at.empty()) {
            for (const std::string& ignored : adapter.envelope_ignore) {
                const bool pointer = !ignored.empty() && ignored[0] == '/';
                add_if_free(pointer ? top_level(ignored) : std::optional{ignored}, MemberForm::kPassedOver, taken);
            }
        }
        if (adapter.canonical) {
            add_if_free(std::string{kUnknownMemberName}, MemberForm::kUnknownList, taken);
            for (std::size_t field = 0; field < count; ++field) {
                if (sources[field] == nullptr || sources[field]->kind != SourceKind::kAbsent) continue;
                add_if_free(top_level(module_.schema.fields[field].pointer), MemberForm::kNullOnly, taken);
            }
        }
        // A record with a member on the way to where records are is an envelope.
        if (!adapter.at.empty()) {
            const std::vector<std::string> way = pointer_names(adapter.at);
            const bool index =
                !way.empty() && !way[0].empty() && way[0].find_first_not_of("0123456789") == std::string::npos;
            if (way.empty() || index || std::find(taken.begin(), taken.end(), way[0]) != taken.end()) {
                out_.usable = false;
            }
        }
        // `$facts` and what isn't named here are read by the strict reader alone.
        if (std::find(taken.begin(), taken.end(), kFactsMemberName) != taken.end()) out_.usable = false;
    }

    void add_if_free(const std::optional<std::string>& name, MemberForm form, std::vector<std::string>& taken) {
        if (!name) return;  // further inside: the strict reader reads what has it
        if (std::find(taken.begin(), taken.end(), *name) != taken.end()) {
            // The same as ignoring what a field is read from; anything else isn't worth telling apart.
            if (form != MemberForm::kPassedOver) out_.usable = false;
            return;
        }
        taken.push_back(*name);
        add_other(*name, form);
    }

    void add_source(std::size_t field, const ir::FieldSource& source, const std::string& name) {
        FieldPlan& plan = out_.fields[field];
        const ir::Field& declared = module_.schema.fields[field];
        using OnMissing = ir::FieldSource::OnMissing;
        switch (source.on_missing) {
            case OnMissing::kUnset: break;  // as the schema says
            case OnMissing::kUnknown: plan.missing = {Default::Meaning::kUnknown, nullptr}; break;
            case OnMissing::kAbsent: plan.missing = {Default::Meaning::kAbsent, nullptr}; break;
            case OnMissing::kValue: plan.missing = constant(source.missing_value); break;
            case OnMissing::kRequired: plan.missing = {Default::Meaning::kRefused, nullptr}; break;
        }
        plan.null_is_missing = true;
        if (source.unit != ir::TimeUnit::kNone) plan.unit = source.unit;
        plan.unit_nanos = nanos_of(plan.unit);
        plan.unit_as_text = source.unit_as_text;
        plan.none = source.none;
        out_.members[field].has_none = !source.none.empty();
        plan.split = source.split;
        plan.separator = source.separator;
        out_.members[field].form = form_of(declared.type, plan.unit);
        add_member(0, name, static_cast<std::uint32_t>(field));
        set_words(field, source.has_map ? &source.map : nullptr);
    }

    const ir::Module& module_;
    RowPlan::Plan& out_;
};

}  // namespace

RowPlan::RowPlan(const ir::Module& module, std::span<const value::Aspects> needs, const ir::Adapter* adapter,
                 const Limits& limits) {
    auto plan = std::make_unique<Plan>();
    plan->record_bytes = std::min(limits.record_bytes, limits.document_bytes);
    plan->set_elements = limits.set_elements;
    plan->depth = limits.json_depth;
    Planner{module, *plan}.run(needs, adapter);
    plan_ = std::move(plan);
}

RowPlan::~RowPlan() = default;
RowPlan::RowPlan(RowPlan&&) noexcept = default;
RowPlan& RowPlan::operator=(RowPlan&&) noexcept = default;

bool RowPlan::usable() const { return plan_->usable; }

}  // namespace keywright::input
