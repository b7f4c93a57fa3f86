// Repairs and guidance for the records of a JSON text, and repairs as JSON Patches.
#include "keywright/repair.h"

#include "analysis/guide.h"
#include "analysis/repair.h"
#include "base/text.h"
#include "engine/records.h"
#include "engine/waived.h"
#include "report/json_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace keywright {

namespace {

using analysis::Change;
using analysis::NewValue;
using ir::FieldId;
using ir::Kind;
using value::State;

std::string json_text(std::string_view text) {
    report::JsonWriter json{report::JsonWriter::Layout::kLine};
    json.string(text);
    return json.take();
}

value::Nanos length_of(ir::TimeUnit unit) {
    constexpr value::Nanos kSecond = value::kNanosPerSecond;
    switch (unit) {
        case ir::TimeUnit::kMilliseconds: return kSecond / 1000;
        case ir::TimeUnit::kSeconds: return kSecond;
        case ir::TimeUnit::kMinutes: return kSecond * 60;
        case ir::TimeUnit::kHours: return kSecond * 3'600;
        case ir::TimeUnit::kDays: return kSecond * 86'400;
        case ir::TimeUnit::kNone: break;
    }
    return 0;
}

// Writes values as JSON, in canonical form or as a source spells them.
class Speller {
public:
    Speller(const ir::Module& module, const ir::FieldSource* source, std::vector<std::string>* notes)
        : module_(module), source_(source), notes_(notes) {}

    // One value that is no set; nothing where the source has no word for it.
    [[nodiscard]] std::optional<std::string> one(const ir::Field& field, Kind kind, const value::Value& v) const {
        switch (kind) {
            case Kind::kBool: return std::get<bool>(v) ? "true" : "false";
            case Kind::kInt: return std::to_string(std::get<std::int64_t>(v));
            case Kind::kText: return json_text(std::get<std::string>(v));
            case Kind::kEnum: {
                const auto name = enumerator(field, std::get<value::EnumValue>(v).index);
                if (!name) return {};
                return json_text(*name);
            }
            case Kind::kNetwork: {
                const auto& network = std::get<value::Network>(v);
                return json_text(network.masked ? "*.*.*.*" : value::to_string(network));
            }
            case Kind::kInstant:
                return time(field, value::to_nanos(std::get<Instant>(v)), to_string(std::get<Instant>(v)));
            case Kind::kDuration: {
                const Duration d = std::get<Duration>(v);
                std::string text = fmt::format("PT{}", d.seconds);
                if (d.nanoseconds != 0) text += fmt::format(".{:09}", d.nanoseconds);
                return time(field, value::to_nanos(d), text + "S");
            }
            case Kind::kSecret: {
                // That it is shown with its middle hidden is told; nothing else of it is.
                const auto& secret = std::get<value::SecretFacts>(v);
                const auto bit = static_cast<std::uint8_t>(value::SecretFact::kIsMasked);
                const bool is_masked = (secret.known & secret.facts & bit) != 0;
                return std::string{is_masked ? R"({"$secret":{"is_masked":true}})" : R"({"$secret":{}})"};
            }
            case Kind::kSet:
            case Kind::kRecord: break;
        }
        return {};
    }

    [[nodiscard]] std::optional<std::string> enumerator(const ir::Field& field, std::uint32_t index) const {
        const std::string& name = module_.enums[field.type.enumeration.index()].values[index];
        if (source_ == nullptr || !source_->has_map) return name;
        std::vector<std::string> natives;
        for (const ir::ValueMapping& m : source_->map) {
            if (m.to == index) natives.push_back(m.from);
        }
        if (natives.empty()) {
            note(fmt::format("the source has no word for `{}` of `{}`", name, field.name));
            return {};
        }
        if (natives.size() > 1)
            note(fmt::format("the source has several words for `{}`: `{}` is used", name,
                             base::printable(natives.front())));
        return natives.front();
    }

private:
    void note(std::string text) const {
        if (notes_ != nullptr && std::ranges::find(*notes_, text) == notes_->end()) notes_->push_back(std::move(text));
    }
    [[nodiscard]] std::optional<std::string> time(const ir::Field& field, value::Nanos n,
                                                  const std::string& text) const {
        const ir::TimeUnit unit =
            source_ != nullptr && source_->unit != ir::TimeUnit::kNone ? source_->unit : field.unit;
        if (unit == ir::TimeUnit::kNone) return json_text(text);
        const value::Nanos length = length_of(unit);
        if (n % length != 0) {
            note(fmt::format("`{}` is no whole number of its unit", field.name));
            return {};
        }
        const std::string number = std::to_string(static_cast<std::int64_t>(n / length));
        return source_ != nullptr && source_->unit_as_text ? json_text(number) : number;
    }

    const ir::Module& module_;
    const ir::FieldSource* source_;
    std::vector<std::string>* notes_;
};

std::vector<value::Value> elements_of(const ir::Module& module, const value::Record& record, std::size_t f) {
    std::vector<value::Value> out;
    const ir::Type& type = module.schema.fields[f].type;
    if (type.element == Kind::kEnum) {
        for (std::uint32_t i = 0; i < 64; ++i) {
            if ((record.enum_set(f) >> i & 1U) != 0) out.emplace_back(value::EnumValue{i});
        }
    } else if (type.element == Kind::kNetwork) {
        for (const value::Network& n : record.network_set(f)) out.emplace_back(n);
    } else if (type.element == Kind::kText) {
        for (std::size_t i = 0; i < record.count(f); ++i) out.emplace_back(std::string{record.text_element(f, i)});
    } else {
        for (const std::int64_t n : record.int_set(f)) out.emplace_back(n);
    }
    return out;
}

value::Value value_of(const value::Record& record, const ir::Field& field, std::size_t f) {
    switch (field.type.kind) {
        case Kind::kBool: return record.boolean(f);
        case Kind::kInt: return record.integer(f);
        case Kind::kText: return std::string{record.text(f)};
        case Kind::kEnum: return value::EnumValue{record.enumerator(f)};
        case Kind::kNetwork: return record.network(f);
        case Kind::kInstant: return record.instant(f);
        case Kind::kDuration: return record.duration(f);
        case Kind::kSecret: return record.secret(f);
        case Kind::kSet:
        case Kind::kRecord: break;
    }
    return false;
}

// What stands in the place of values that a patch leaves open.
using Replaced = std::map<std::size_t, std::vector<std::string>>;  // by field: JSON texts, of a set of all elements

class Canonical {
public:
    explicit Canonical(const ir::Module& module) : module_(module) {}

    [[nodiscard]] std::string record(const value::Record& record, const Replaced& replaced = {}) const {
        std::vector<std::string> unknown;
        for (std::size_t f = 0; f < fields().size(); ++f) {
            const FieldId parent = fields()[f].parent;
            if (record.state(f) == State::kUnknown && fields()[f].missing != ir::Missing::kUnknown &&
                (!parent.valid() || record.state(parent.index()) == State::kGiven))
                unknown.push_back(json_text(fields()[f].name));
        }
        std::string out = members(record, FieldId{}, replaced);
        if (unknown.empty()) return out;
        out.pop_back();
        return fmt::format("{}{}\"$unknown\":[{}]}}", out, out.size() > 1 ? "," : "", fmt::join(unknown, ","));
    }

    // The value of a field that is given.
    [[nodiscard]] std::string value(const value::Record& record, std::size_t f, const Replaced& replaced = {}) const {
        const ir::Field& field = fields()[f];
        const auto instead = replaced.find(f);
        if (field.type.kind == Kind::kRecord) return members(record, FieldId{f}, replaced);
        if (field.type.kind != Kind::kSet) {
            if (instead != replaced.end()) return instead->second.front();
            return Speller{module_, nullptr, nullptr}
                .one(field, field.type.kind, value_of(record, field, f))
                .value_or("null");
        }
        std::vector<std::string> all;
        if (instead != replaced.end()) {
            all = instead->second;
        } else {
            for (const value::Value& v : elements_of(module_, record, f))
                all.push_back(Speller{module_, nullptr, nullptr}.one(field, field.type.element, v).value_or("null"));
        }
        return fmt::format("[{}]", fmt::join(all, ","));
    }

private:
    [[nodiscard]] const std::vector<ir::Field>& fields() const { return module_.schema.fields; }
    [[nodiscard]] std::string members(const value::Record& record, FieldId parent, const Replaced& replaced) const {
        std::vector<std::string> out;
        for (std::size_t f = 0; f < fields().size(); ++f) {
            if (fields()[f].parent != parent || record.state(f) == State::kUnknown) continue;
            const std::string text = record.state(f) == State::kAbsent ? "null" : value(record, f, replaced);
            out.push_back(json_text(fields()[f].member) + ":" + text);
        }
        return fmt::format("{{{}}}", fmt::join(out, ","));
    }
    const ir::Module& module_;
};

// One repair in the form that programs apply.
class Patching {
public:
    Patching(const ir::Module& module, const value::Record& before, const analysis::Plan& plan)
        : module_(module), before_(before), plan_(plan) {}

    [[nodiscard]] Repair run(const ir::Adapter* adapter) {
        Repair out;
        out.cost = plan_.cost;
        for (const Change& change : plan_.changes) {
            out.edits.insert(out.edits.end(), change.words.begin(), change.words.end());
            canonical(change, out);
        }
        if (adapter != nullptr) native(*adapter, out);
        return out;
    }

    // JSON of a value that may be open; the hole is noted down.
    [[nodiscard]] std::string open_value(const ir::Field& field, Kind kind, const NewValue& v, std::string pointer,
                                         std::vector<Hole>* holes) const {
        const std::string text = Speller{module_, nullptr, nullptr}.one(field, kind, v.value).value_or("null");
        if (!v.open) return text;
        Hole hole{std::move(pointer), v.wants, {}};
        if (const auto* s = std::get_if<std::string>(&v.value))
            hole.example = *s;
        else if (const auto* n = std::get_if<value::Network>(&v.value))
            hole.example = value::to_string(*n);
        else if (const auto* i = std::get_if<std::int64_t>(&v.value))
            hole.example = std::to_string(*i);
        else if (std::holds_alternative<Duration>(v.value)) {
            hole.example = text.front() == '"' ? text.substr(1, text.size() - 2) : text;
        }
        std::string out = R"({"$hole":)" + json_text(hole.pointer);
        if (kind != Kind::kSecret) out += R"(,"example":)" + text;
        if (holes != nullptr) holes->push_back(std::move(hole));
        return out + "}";
    }

    // The pointers of a change's open values, in the order of `added` (one, of a member that is no set).
    [[nodiscard]] std::vector<std::string> pointers(const Change& change) const {
        const std::string& pointer = module_.schema.fields[change.field.index()].pointer;
        if (change.kind == Change::Kind::kValue) return {pointer};
        std::vector<std::string> out;
        std::size_t open = 0;
        for (const NewValue& v : change.added) {
            if (v.open) ++open;
            out.push_back(pointer + (v.open && open > 1 ? fmt::format("/-#{}", open) : std::string{"/-"}));
        }
        return out;
    }

private:
    void canonical(const Change& change, Repair& out) const {
        const std::size_t f = change.field.index();
        const ir::Field& field = module_.schema.fields[f];
        const std::string op = before_.state(f) == State::kUnknown ? "add" : "replace";
        const auto at = pointers(change);
        switch (change.kind) {
            case Change::Kind::kAbsent: out.patch.push_back({op, field.pointer, "null"}); break;
            case Change::Kind::kPresent: out.patch.push_back({op, field.pointer, "{}"}); break;
            case Change::Kind::kValue:
                out.patch.push_back({op_inside(f, op), field.pointer,
                                     open_value(field, field.type.kind, change.value, at.front(), &out.holes)});
                break;
            case Change::Kind::kWhole: {
                std::vector<std::string> all;
                for (std::size_t i = 0; i < change.added.size(); ++i)
                    all.push_back(open_value(field, field.type.element, change.added[i], at[i], &out.holes));
                out.patch.push_back({op_inside(f, op), field.pointer, fmt::format("[{}]", fmt::join(all, ","))});
                break;
            }
            case Change::Kind::kElements: {
                // From the back, so that places in front stay where they are.
                const auto all = elements_of(module_, before_, f);
                for (std::size_t i = all.size(); i-- > 0;) {
                    if (std::ranges::find(change.removed, all[i]) == change.removed.end()) continue;
                    out.patch.push_back({"remove", fmt::format("{}/{}", field.pointer, i), {}});
                }
                for (std::size_t i = 0; i < change.added.size(); ++i)
                    out.patch.push_back({"add", field.pointer + "/-",
                                         open_value(field, field.type.element, change.added[i], at[i], &out.holes)});
                break;
            }
        }
        // What is known now is no longer listed as unknown.
        if (before_.state(f) != State::kUnknown || field.missing == ir::Missing::kUnknown) return;
        std::size_t position = 0;
        for (std::size_t i = 0; i < f; ++i) {
            const FieldId parent = module_.schema.fields[i].parent;
            const bool listed = before_.state(i) == State::kUnknown &&
                                module_.schema.fields[i].missing != ir::Missing::kUnknown &&
                                (!parent.valid() || before_.state(parent.index()) == State::kGiven);
            const bool gone = std::ranges::any_of(plan_.changes, [&](const Change& c) { return c.field.index() == i; });
            if (listed && !gone) ++position;
        }
        const FieldId parent = field.parent;
        if (!parent.valid() || before_.state(parent.index()) == State::kGiven)
            out.patch.push_back({"remove", fmt::format("/$unknown/{}", position), {}});
    }

    // Members of a record that this very patch puts in aren't there yet.
    [[nodiscard]] std::string op_inside(std::size_t f, const std::string& op) const {
        const FieldId parent = module_.schema.fields[f].parent;
        return parent.valid() && before_.state(parent.index()) != State::kGiven ? "add" : op;
    }

    void native(const ir::Adapter& adapter, Repair& out) const {
        std::vector<PatchOperation> patch;
        bool possible = true;
        for (const Change& change : plan_.changes) {
            const std::size_t f = change.field.index();
            const ir::Field& field = module_.schema.fields[f];
            const auto at = std::ranges::find_if(adapter.sources,
                                                 [&](const ir::FieldSource& s) { return s.field == change.field; });
            const bool own = at == adapter.sources.end() && adapter.canonical;
            if (!own && (at == adapter.sources.end() || at->kind != ir::SourceKind::kMember)) {
                out.notes.push_back(
                    fmt::format("the source doesn't hold `{}`, so it can't be changed there", field.name));
                possible = false;
                continue;
            }
            const ir::FieldSource* source = own ? nullptr : &*at;
            const std::string& path = own ? field.pointer : source->path;
            const Speller speller{module_, source, &out.notes};
            if (change.kind == Change::Kind::kPresent) {
                patch.push_back({"add", path, "{}"});
                continue;
            }
            if (change.kind == Change::Kind::kAbsent) {
                if (source != nullptr && !source->none.empty())
                    patch.push_back({"add", path, json_text(source->none.front())});
                else if (own)
                    patch.push_back({"add", path, "null"});
                else
                    patch.push_back({"remove", path, {}});
                continue;
            }
            const auto spelled = [&](Kind kind, const NewValue& v,
                                     const std::string& pointer) -> std::optional<std::string> {
                if (v.open) return open_value(field, kind, v, pointer, nullptr);
                return speller.one(field, kind, v.value);
            };
            const auto places = pointers(change);
            if (change.kind == Change::Kind::kValue) {
                const auto text = spelled(field.type.kind, change.value, places.front());
                if (text)
                    patch.push_back({"add", path, *text});
                else
                    possible = false;
                continue;
            }
            // Lists go as a whole: what stays, then what comes.
            std::vector<std::pair<std::string, bool>> parts;  // JSON text, and whether it is open
            if (change.kind == Change::Kind::kElements) {
                for (const value::Value& v : elements_of(module_, before_, f)) {
                    if (std::ranges::find(change.removed, v) != change.removed.end()) continue;
                    const auto* network = std::get_if<value::Network>(&v);
                    const auto text = speller.one(field, field.type.element, v);
                    if (!text || (network != nullptr && network->masked)) {
                        if (text)
                            out.notes.push_back(
                                fmt::format("`{}` holds masked entries that can't be sent again", field.name));
                        possible = false;
                        continue;
                    }
                    parts.emplace_back(*text, false);
                }
            }
            for (std::size_t i = 0; i < change.added.size(); ++i) {
                const auto text = spelled(field.type.element, change.added[i], places[i]);
                if (text)
                    parts.emplace_back(*text, change.added[i].open);
                else
                    possible = false;
            }
            if (source != nullptr && source->replaced_whole)
                out.notes.push_back(fmt::format("the source replaces `{}` as a whole", field.name));
            patch.push_back({"add", path, list(source, parts)});
        }
        if (possible) out.native = std::move(patch);
    }

    // A list as the source writes it. Joined text can't hold an object, so a hole in it stands for the whole text.
    static std::string list(const ir::FieldSource* source, const std::vector<std::pair<std::string, bool>>& parts) {
        std::vector<std::string> texts;
        bool open = false;
        for (const auto& [text, is_open] : parts) {
            texts.push_back(text);
            open = open || is_open;
        }
        if (source == nullptr || !source->split) return fmt::format("[{}]", fmt::join(texts, ","));
        if (open)
            return fmt::format(R"({{"$join":{},"of":[{}]}})", json_text(source->separator), fmt::join(texts, ","));
        std::string joined;
        for (const std::string& text : texts) {
            if (!joined.empty()) joined += source->separator;
            joined += text.front() == '"' ? text.substr(1, text.size() - 2) : text;
        }
        return "\"" + joined + "\"";
    }

    const ir::Module& module_;
    const value::Record& before_;
    const analysis::Plan& plan_;
};

// Fills the holes of a repair and reads the record anew; a reason where it can't be done.
void apply(const ir::Module& module, const RepairOptions& options, const analysis::Repairer& repairer,
           const value::Record& before, const analysis::Plan& plan, RepairReport& report) {
    const Patching patching{module, before, plan};
    Replaced replaced;
    std::vector<std::string> left;
    std::vector<std::size_t> filled;
    const auto fill = [&](const ir::Field& field, Kind kind, const NewValue& v, const std::string& pointer) {
        const std::string plain = Speller{module, nullptr, nullptr}.one(field, kind, v.value).value_or("null");
        if (!v.open) return plain;
        const auto at = options.fill.find(pointer);
        if (at == options.fill.end()) {
            left.push_back(pointer);
            return plain;
        }
        const bool number = kind == Kind::kInt || (kind == Kind::kDuration && field.unit != ir::TimeUnit::kNone);
        const bool digits = !at->second.empty() && at->second.size() < 20 &&
                            at->second.find_first_not_of("-0123456789") == std::string::npos;
        if (kind == Kind::kSecret) {
            // A secret is never taken as text: what is typed here is read by others, and what is written too.
            if (at->second == R"({"$secret": {}})" || at->second == R"({"$secret":{}})") return plain;
            report.not_applied = fmt::format(
                "`{}` is a secret: fill it with `{{\"$secret\": {{}}}}`, and enter it where it belongs", pointer);
            return plain;
        }
        return number && digits ? at->second : json_text(at->second);
    };
    for (const Change& change : plan.changes) {
        const std::size_t f = change.field.index();
        const ir::Field& field = module.schema.fields[f];
        const auto at = patching.pointers(change);
        if (change.kind == Change::Kind::kValue) {
            if (change.value.open) filled.push_back(f);
            replaced[f] = {fill(field, field.type.kind, change.value, at.front())};
        } else if (change.kind == Change::Kind::kElements || change.kind == Change::Kind::kWhole) {
            std::vector<std::string>& all = replaced[f];
            if (change.kind == Change::Kind::kElements) {
                for (const value::Value& v : elements_of(module, before, f)) {
                    if (std::ranges::find(change.removed, v) == change.removed.end())
                        all.push_back(
                            Speller{module, nullptr, nullptr}.one(field, field.type.element, v).value_or("null"));
                }
            }
            for (std::size_t i = 0; i < change.added.size(); ++i) {
                if (change.added[i].open) filled.push_back(f);
                all.push_back(fill(field, field.type.element, change.added[i], at[i]));
            }
        }
    }
    if (!report.not_applied.empty()) return;
    if (!left.empty()) {
        report.not_applied = fmt::format("values are missing: fill `{}`", fmt::join(left, "`, `"));
        return;
    }
    for (const auto& [pointer, text] : options.fill) {
        const auto& holes = report.repairs.front().holes;
        if (std::ranges::any_of(holes, [&](const Hole& h) { return h.pointer == pointer; })) continue;
        report.not_applied = fmt::format("the repair has no hole `{}`", base::printable(pointer));
        return;
    }
    const std::string text = Canonical{module}.record(plan.record, replaced);
    // What was typed has to be read, and may be something else than the example.
    input::ReadOptions reading;
    reading.now = options.reading.now;
    reading.limits = options.reading.limits;
    input::read_records(module, text, input::DocumentForm::kDocument, reading, [&](input::ReadRecord& read) {
        if (!read.errors.empty()) {
            report.not_applied = fmt::format("at `{}`: {}", read.errors.front().at, read.errors.front().message);
            return;
        }
        value::Record record = plan.record;
        for (const std::size_t f : filled) {
            const ir::Field& field = module.schema.fields[f];
            if (field.type.kind == Kind::kSecret) continue;
            if (field.type.kind != Kind::kSet) {
                record.set(f, value_of(read.record, field, f));
            } else if (field.type.element == Kind::kNetwork) {
                const auto set = read.record.network_set(f);
                record.set_network_set(f, set);
            } else if (field.type.element == Kind::kInt) {
                record.set_int_set(f, read.record.int_set(f));
            } else if (field.type.element == Kind::kText) {
                std::vector<std::string_view> all;
                for (std::size_t i = 0; i < read.record.count(f); ++i) all.push_back(read.record.text_element(f, i));
                record.set_text_set(f, all);
            }
        }
        if (repairer.accepts(record, options.reading.now))
            report.applied = text;
        else
            report.not_applied = "with these values the record isn't compliant";
    });
}

const ir::Adapter* adapter_of(const ir::Module& module, const std::string& name) {
    const auto found = std::ranges::find_if(module.adapters, [&](const ir::Adapter& a) { return a.name == name; });
    return found == module.adapters.end() ? nullptr : &*found;
}

}  // namespace

void repair(const Rules& rules, std::string_view json, const RepairOptions& options,
            const std::function<void(RepairReport&&)>& sink) {
    const Rules::State& state = rules.state();
    const ir::Module& module = state.module;
    std::vector<ir::RuleId> chosen;
    std::string unknown_rule;
    for (const std::string& name : options.rules) {
        const auto at = std::ranges::find_if(module.rules, [&](const ir::Rule& r) { return r.name == name; });
        if (at == module.rules.end())
            unknown_rule = fmt::format("the pack has no rule `{}`", base::printable(name));
        else
            chosen.emplace_back(static_cast<std::size_t>(at - module.rules.begin()));
    }
    engine::Repairers repairers{state, std::move(chosen)};
    const ir::Adapter* adapter = adapter_of(module, options.reading.adapter);
    engine::each_record(state, json, options.reading, [&](input::ReadRecord& read, RecordReport& found) {
        RepairReport report;
        report.subject = std::move(found.subject);
        report.source = std::move(found.source);
        report.index = found.index;
        report.errors = std::move(found.errors);
        if (!report.errors.empty()) return sink(std::move(report));
        report.canonical_json = Canonical{module}.record(read.record);
        if (!unknown_rule.empty()) {
            report.status = RepairStatus::kUnknown;
            report.exact = false;
            report.reason = unknown_rule;
            return sink(std::move(report));
        }
        engine::Repairers::Chosen by = repairers.for_record(read.record, options.reading.now);
        const analysis::Repairer& repairer = by.repairer;
        report.waived = std::move(by.waived);
        const analysis::Plans plans =
            repairer.plans(read.record, options.reading.now, std::max<std::size_t>(1, options.most));
        report.exact = plans.exact;
        report.reason = plans.reason;
        switch (plans.status) {
            case analysis::Plans::Status::kFine:
                report.status = RepairStatus::kCompliant;
                if (options.apply) report.applied = report.canonical_json;
                break;
            case analysis::Plans::Status::kFound: report.status = RepairStatus::kFound; break;
            case analysis::Plans::Status::kNone: report.status = RepairStatus::kNone; break;
            case analysis::Plans::Status::kUnknown: report.status = RepairStatus::kUnknown; break;
        }
        for (const analysis::Plan& plan : plans.plans)
            report.repairs.push_back(Patching{module, read.record, plan}.run(adapter));
        if (options.apply && !plans.plans.empty())
            apply(module, options, repairer, read.record, plans.plans.front(), report);
        sink(std::move(report));
    });
}

void guide(const Rules& rules, std::string_view json, const CheckOptions& options,
           const std::function<void(GuideReport&&)>& sink) {
    const Rules::State& state = rules.state();
    const ir::Module& module = state.module;
    engine::Repairers repairers{state, {}};
    engine::each_record(state, json, options, [&](input::ReadRecord& read, RecordReport& found) {
        GuideReport report;
        report.subject = std::move(found.subject);
        report.source = std::move(found.source);
        report.index = found.index;
        report.errors = std::move(found.errors);
        if (!report.errors.empty()) return sink(std::move(report));
        engine::Repairers::Chosen chosen = repairers.for_record(read.record, options.now);
        report.waived = std::move(chosen.waived);
        analysis::Guidance guidance = analysis::guidance(chosen.module, chosen.repairer, read.record, options.now);
        report.status = guidance.status == analysis::Guidance::Status::kOpen   ? GuideStatus::kOpen
                        : guidance.status == analysis::Guidance::Status::kNone ? GuideStatus::kNone
                                                                               : GuideStatus::kUnknown;
        report.reason = std::move(guidance.reason);
        for (analysis::Options& o : guidance.fields) {
            FieldGuide field;
            field.field = module.schema.fields[o.field.index()].pointer;
            field.fixed = o.fixed;
            field.sure = o.sure;
            field.any = o.any;
            field.must_be_given = o.may_be_given && !o.may_be_absent;
            field.may_be_absent = o.may_be_absent;
            field.values = std::move(o.values);
            field.refused = std::move(o.refused);
            field.must = std::move(o.must);
            field.may = std::move(o.may);
            field.must_not = std::move(o.must_not);
            report.fields.push_back(std::move(field));
        }
        sink(std::move(report));
    });
}

}  // namespace keywright
