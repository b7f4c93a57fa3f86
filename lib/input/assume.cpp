#include "input/assume.h"

#include "diag/diag.h"
#include "input/reader.h"
#include "value/time.h"

#include <optional>
#include <variant>

namespace keywright::input {

namespace {

using ir::Kind;

// Both sides are of one kind, so a number of 128 bits stands for any of them.
struct Side {
    Kind kind = Kind::kInt;
    value::Nanos number = 0;
};

[[nodiscard]] std::optional<Side> side_of(const value::Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return Side{Kind::kInt, *number};
    if (const auto* instant = std::get_if<Instant>(&value)) return Side{Kind::kInstant, value::to_nanos(*instant)};
    if (const auto* duration = std::get_if<Duration>(&value)) return Side{Kind::kDuration, value::to_nanos(*duration)};
    return std::nullopt;
}

// Nothing where the term isn't known, or is of a kind without an order.
[[nodiscard]] std::optional<Side> side_of(const ir::Module& module, const value::Record& record, Instant now,
                                          const ir::AssumeTerm& term) {
    if (term.is_now) return Side{Kind::kInstant, value::to_nanos(now)};
    if (term.constant.valid()) return side_of(module.constants[term.constant.index()]);
    if (!term.field.valid()) return std::nullopt;
    const std::size_t field = term.field.index();
    if (record.state(field) != value::State::kGiven) return std::nullopt;
    switch (module.schema.fields[field].type.kind) {
        case Kind::kInt: return Side{Kind::kInt, record.integer(field)};
        case Kind::kInstant: return Side{Kind::kInstant, value::to_nanos(record.instant(field))};
        case Kind::kDuration: return Side{Kind::kDuration, value::to_nanos(record.duration(field))};
        case Kind::kBool:
        case Kind::kText:
        case Kind::kEnum:
        case Kind::kSet:
        case Kind::kNetwork:
        case Kind::kSecret:
        case Kind::kRecord: break;
    }
    return std::nullopt;
}

[[nodiscard]] std::string text_of(const Side& side) {
    switch (side.kind) {
        case Kind::kInstant: return to_string(value::to_instant(side.number));
        case Kind::kDuration: return to_string(value::to_duration(side.number));
        case Kind::kInt:
        case Kind::kBool:
        case Kind::kText:
        case Kind::kEnum:
        case Kind::kSet:
        case Kind::kNetwork:
        case Kind::kSecret:
        case Kind::kRecord: break;
    }
    return std::to_string(static_cast<std::int64_t>(side.number));
}

[[nodiscard]] std::string name_of(const ir::Module& module, const ir::AssumeTerm& term, const Side& side) {
    if (term.is_now) return "now";
    return "`" + (term.field.valid() ? module.schema.fields[term.field.index()].name : text_of(side)) + "`";
}

// The relation that was found, from the lesser side's view: it is not less.
[[nodiscard]] std::string describe(const ir::Module& module, const ir::Assumption& assumption, const Side& lesser,
                                   const Side& greater) {
    const bool equal = lesser.number == greater.number;
    const bool instants = lesser.kind == Kind::kInstant;
    if (assumption.greater.is_now && !equal) return name_of(module, assumption.lesser, lesser) + " lies in the future";
    if (assumption.lesser.is_now && !equal) return name_of(module, assumption.greater, greater) + " lies in the past";
    // A field is the subject of the sentence wherever there is one.
    const bool turned = !assumption.lesser.field.valid() && assumption.greater.field.valid();
    const ir::AssumeTerm& subject = turned ? assumption.greater : assumption.lesser;
    const ir::AssumeTerm& object = turned ? assumption.lesser : assumption.greater;
    std::string relation;
    if (equal) {
        relation = turned ? (instants ? " is not after " : " is not greater than ")
                          : (instants ? " is not before " : " is not less than ");
    } else {
        relation =
            turned ? (instants ? " is before " : " is less than ") : (instants ? " is after " : " is greater than ");
    }
    return name_of(module, subject, turned ? greater : lesser) + relation +
           name_of(module, object, turned ? lesser : greater);
}

}  // namespace

void find_broken_assumptions(const ir::Module& module, const value::Record& record, Instant now,
                             const std::function<void(ir::FieldId field, std::string message)>& sink) {
    for (const ir::Assumption& assumption : module.schema.assumptions) {
        const auto lesser = side_of(module, record, now, assumption.lesser);
        const auto greater = side_of(module, record, now, assumption.greater);
        if (!lesser || !greater) continue;
        const bool holds = assumption.strict ? lesser->number < greater->number : lesser->number <= greater->number;
        if (holds) continue;
        const ir::FieldId field = assumption.lesser.field.valid() ? assumption.lesser.field : assumption.greater.field;
        sink(field, describe(module, assumption, *lesser, *greater));
    }
}

void check_assumptions(const ir::Module& module, const value::Record& record, Instant now,
                       std::vector<RecordError>& errors) {
    find_broken_assumptions(module, record, now, [&](ir::FieldId field, std::string message) {
        errors.push_back({diag::text(diag::Code::kAssumptionBroken),
                          field.valid() ? module.schema.fields[field.index()].pointer : std::string{},
                          std::move(message),
                          {}});
    });
}

}  // namespace keywright::input
