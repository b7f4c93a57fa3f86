#include "emit/values.h"

#include "emit/literals.h"

#include <fmt/format.h>

namespace keywright::emit {

using eval::Truth;
using eval::code::Cell;
using eval::code::Sort;

std::string spelled(Truth truth) {
    switch (truth) {
        case Truth::kFalse: return "logic::kFalse";
        case Truth::kTrue: return "logic::kTrue";
        case Truth::kUnknown: break;
    }
    return "logic::kUnknown";
}

std::string cell_type(Sort sort) {
    switch (sort) {
        case Sort::kTruth: return "logic::TruthCell";
        case Sort::kRange: return "logic::RangeCell";
        case Sort::kChoice: return "logic::ChoiceCell";
        case Sort::kMembers: return "logic::MembersCell";
        case Sort::kText: return "logic::TextCell";
        case Sort::kNetwork: return "logic::NetworkCell";
        case Sort::kNetworks: return "logic::SetCell<inlined::Network>";
        case Sort::kTexts: return "logic::SetCell<std::string_view>";
        case Sort::kInts: return "logic::SetCell<std::int64_t>";
        case Sort::kSecret: return "logic::SecretCell";
        case Sort::kRecord: break;
    }
    return "logic::RecordCell";
}

std::string everything(const Cell& cell) {
    switch (cell.sort) {
        case Sort::kRange:
            if (cell.low == eval::kMinusInfinity && cell.high == eval::kPlusInfinity) break;
            return fmt::format("logic::range({}, {})", nanos(cell.low), nanos(cell.high));
        case Sort::kChoice: return fmt::format("logic::choice({})", literal(cell.may));
        case Sort::kMembers: return fmt::format("logic::members({}, {})", literal(cell.must), literal(cell.may));
        case Sort::kTruth:
        case Sort::kText:
        case Sort::kNetwork:
        case Sort::kNetworks:
        case Sort::kTexts:
        case Sort::kInts:
        case Sort::kSecret:
        case Sort::kRecord: break;
    }
    return cell_type(cell.sort) + "{}";
}

Values::Values(const ir::Module& module, const Names& names, const std::vector<Cell>& constants)
    : module_(module), names_(names), constants_(constants) {
    // For what the schema assumes of fields, as the evaluator has it.
    eval::code::compile(module, image_);
    for (std::size_t f = 0; f < module_.schema.fields.size(); ++f) {
        const ir::Field& field = module_.schema.fields[f];
        if (!field.parent.valid()) continue;
        functions_text_ += fmt::format(
            "[[nodiscard]] constexpr inlined::State state{}(const Record& record) {{\n"
            "    return logic::inside({}, {}.state());\n"
            "}}\n",
            f, state(field.parent.index()), member(f));
    }
}

// --- constants ---------------------------------------------------------------------------------------------------

template <class List, class Spell>
std::string Values::array(std::string_view element, const List& list, Spell spell) {
    if (list.size() == 0) return "{}";
    const std::string name = fmt::format("kElements{}", arrays_++);
    constants_text_ += fmt::format("inline constexpr {} {}[] = {{", element, name);
    for (std::size_t i = 0; i < list.size(); ++i) constants_text_ += (i == 0 ? "" : ", ") + spell(list[i]);
    constants_text_ += "};\n";
    return name;
}

std::string Values::constant(std::uint64_t number) {
    const Cell& value = constants_[number];
    switch (value.sort) {
        case Sort::kTruth: return fmt::format("logic::cell_of({})", spelled(value.truth));
        case Sort::kRange:
            return value.low == value.high ? fmt::format("logic::cell_of({})", nanos(value.low))
                                           : fmt::format("logic::range({}, {})", nanos(value.low), nanos(value.high));
        case Sort::kChoice: return fmt::format("logic::choice({})", literal(value.may));
        case Sort::kMembers: return fmt::format("logic::members({}, {})", literal(value.must), literal(value.may));
        case Sort::kText: return fmt::format("logic::cell_of({})", view(value.text));
        case Sort::kNetwork: return fmt::format("logic::cell_of({})", network(value.networks[0]));
        case Sort::kSecret:
            return fmt::format("logic::cell_of(inlined::Secret{{{}U, {}U, {}, {}}})", value.secret.length_min,
                               value.secret.length_max, value.secret.known, value.secret.facts);
        case Sort::kRecord: return "logic::RecordCell{}";
        case Sort::kNetworks:
        case Sort::kTexts:
        case Sort::kInts: break;
    }
    const auto [found, is_new] = sets_.emplace(number, fmt::format("inside::kSet{}", number));
    if (!is_new) return found->second;
    std::string elements;
    if (value.sort == Sort::kNetworks) elements = array("inlined::Network", value.networks, network);
    if (value.sort == Sort::kTexts) {
        elements = array("std::string_view", value.texts, [](std::string_view one) { return view(one); });
    }
    if (value.sort == Sort::kInts) {
        elements = array("std::int64_t", value.ints, [](std::int64_t one) { return literal(one); });
    }
    constants_text_ +=
        fmt::format("inline constexpr {} kSet{}{{{{}}, true, {}}};\n", cell_type(value.sort), number, elements);
    return found->second;
}

// --- fields ------------------------------------------------------------------------------------------------------

std::string Values::state(std::size_t field) const {
    if (!module_.schema.fields[field].parent.valid()) return member(field) + ".state()";
    return fmt::format("state{}(record)", field);
}

std::string Values::may_be_absent(std::size_t field) const {
    const ir::Field& info = module_.schema.fields[field];
    if (info.type.optional) return "true";
    if (!info.parent.valid()) return "false";
    const std::string outer = may_be_absent(info.parent.index());
    if (outer == "false") return outer;
    const std::string unknown = state(info.parent.index()) + " == inlined::State::kUnknown";
    return outer == "true" ? unknown : unknown + " && " + outer;
}

std::string Values::number(std::size_t field) const {
    if (image_.fields[field].kind == ir::Kind::kInt) return "inlined::Nanos{" + member(field) + ".value()}";
    return "inlined::to_nanos(" + member(field) + ".value())";
}

std::string Values::bound(const eval::code::Bound& bound) const {
    using Side = eval::code::Bound::Side;
    const std::string call = bound.upper ? "limits.at_most(" : "limits.at_least(";
    const std::string strictly = !bound.strict ? "" : bound.upper ? " - 1" : " + 1";
    switch (bound.side) {
        case Side::kNow: return "        " + call + "now" + strictly + ");\n";
        case Side::kConstant: return "        " + call + nanos(bound.constant) + strictly + ");\n";
        case Side::kField: break;
    }
    const eval::code::FieldInfo& other = image_.fields[bound.field];
    std::string out = fmt::format("        if ({} == inlined::State::kGiven) {}{}{});\n", state(bound.field), call,
                                  number(bound.field), strictly);
    const eval::Nanos all = bound.upper ? other.unknown.high : other.unknown.low;
    if (other.always_present && all > eval::kMinusInfinity && all < eval::kPlusInfinity) {
        out += fmt::format("        if ({} == inlined::State::kUnknown) {}{}{});\n", state(bound.field), call,
                           nanos(all), strictly);
    }
    return out;
}

std::string Values::load(std::uint32_t field) {
    if (loaded_.insert(field).second) {
        const eval::code::FieldInfo& info = image_.fields[field];
        const std::string plain = fmt::format("logic::load({}, {}, {}, {})", member(field), state(field),
                                              everything(info.unknown), may_be_absent(field));
        functions_text_ += fmt::format(
            "[[nodiscard]] constexpr {} load{}(const Record& record, [[maybe_unused]] inlined::Nanos now) {{\n",
            cell_type(info.unknown.sort), field);
        if (info.bounds == 0 || info.unknown.sort != Sort::kRange) {
            functions_text_ += "    return " + plain + ";\n}\n";
        } else {
            functions_text_ += fmt::format(
                "    {} cell = {};\n    if ({} == inlined::State::kUnknown) {{\n"
                "        logic::Limits limits{{cell}};\n",
                cell_type(info.unknown.sort), plain, state(field));
            for (std::uint32_t i = 0; i < info.bounds; ++i)
                functions_text_ += bound(image_.bounds[info.first_bound + i]);
            functions_text_ += "        limits.narrow(cell);\n    }\n    return cell;\n}\n";
        }
    }
    return fmt::format("inside::load{}(record, at)", field);
}

}  // namespace keywright::emit
