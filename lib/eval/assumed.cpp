#include "eval/assumed.h"

#include <algorithm>

namespace keywright::eval::reference {
namespace {

bool same_term(const ir::AssumeTerm& a, const ir::AssumeTerm& b) {
    return a.field == b.field && a.is_now == b.is_now && a.constant == b.constant;
}

}  // namespace

Fields::Fields(const ir::Module& module, const value::Record& record, Instant now)
    : module_(module), record_(record), now_(now), assumptions_(module.schema.assumptions) {
    // From `f <= g` and `g <= h` follows `f <= h` where g is surely there; strict if one of them is. Repeated until
    // nothing new follows.
    for (bool grown = true; grown;) {
        grown = false;
        const std::vector<ir::Assumption> so_far = assumptions_;
        for (const ir::Assumption& first : so_far) {
            for (const ir::Assumption& second : so_far) {
                const ir::FieldId middle = first.greater.field;
                if (!middle.valid() || second.lesser.field != middle || !is_always_present(middle)) continue;
                const ir::Assumption follows{first.lesser, second.greater, first.strict || second.strict, {}};
                const bool known = std::any_of(assumptions_.begin(), assumptions_.end(), [&](const ir::Assumption& a) {
                    return same_term(a.lesser, follows.lesser) && same_term(a.greater, follows.greater) &&
                           (a.strict || !follows.strict);
                });
                if (known) continue;
                assumptions_.push_back(follows);
                grown = true;
            }
        }
    }
}

value::State Fields::state(ir::FieldId id) const {
    if (const ir::FieldId parent = field(id).parent; parent.valid()) {
        const value::State of_parent = state(parent);
        if (of_parent != value::State::kGiven) return of_parent;
    }
    return record_.state(id.index());
}

// An unknown field may be absent if it is optional, or if the record it belongs to is unknown and may be absent.
bool Fields::may_be_absent(ir::FieldId id) const {
    const ir::Field& f = field(id);
    if (f.type.optional) return true;
    return f.parent.valid() && state(f.parent) == value::State::kUnknown && may_be_absent(f.parent);
}

bool Fields::is_always_present(ir::FieldId id) const {
    const ir::Field& f = field(id);
    return !f.type.optional && (!f.parent.valid() || is_always_present(f.parent));
}

Present Fields::given(ir::FieldId id) const {
    const std::size_t i = id.index();
    const ir::Type& type = field(id).type;
    switch (type.kind) {
        case ir::Kind::kBool: return exactly(record_.boolean(i));
        case ir::Kind::kInt: return exactly(record_.integer(i));
        case ir::Kind::kText: return exactly(std::string{record_.text(i)});
        case ir::Kind::kEnum: return exactly(value::EnumValue{record_.enumerator(i)});
        case ir::Kind::kNetwork: return exactly(record_.network(i));
        case ir::Kind::kInstant: return exactly(record_.instant(i));
        case ir::Kind::kDuration: return exactly(record_.duration(i));
        case ir::Kind::kSecret: return exactly(record_.secret(i));
        case ir::Kind::kRecord: return Anything{type.kind};
        case ir::Kind::kSet: break;
    }
    if (type.element == ir::Kind::kEnum) return exactly(value::EnumSet{record_.enum_set(i)});
    if (type.element == ir::Kind::kNetwork) {
        const auto set = record_.network_set(i);
        return exactly(value::NetworkSet{set.begin(), set.end()});
    }
    if (type.element == ir::Kind::kInt) {
        const auto set = record_.int_set(i);
        return exactly(value::IntSet{set.begin(), set.end()});
    }
    value::TextSet texts;
    for (std::size_t k = 0; k < record_.count(i); ++k) texts.emplace_back(record_.text_element(i, k));
    return exactly(texts);
}

// What one side of an assumption may be, or nothing where it says nothing: a field that is absent or may be.
std::optional<Range> Fields::range_of(const ir::AssumeTerm& term) const {
    if (term.is_now) return std::get<Range>(exactly(now_));
    if (!term.field.valid()) return std::get<Range>(exactly(module_.constants[term.constant.index()]));
    switch (state(term.field)) {
        case value::State::kGiven: return std::get<Range>(given(term.field));
        case value::State::kAbsent: return std::nullopt;
        case value::State::kUnknown: break;
    }
    if (!is_always_present(term.field)) return std::nullopt;
    return std::get<Range>(everything(module_, field(term.field).type));
}

Range Fields::assumed_range(ir::FieldId id) const {
    const Range all = std::get<Range>(everything(module_, field(id).type));
    Range range = all;
    for (const ir::Assumption& a : assumptions_) {
        const Nanos step = a.strict ? 1 : 0;
        if (a.lesser.field == id) {
            if (const auto greater = range_of(a.greater)) {
                range.high = std::min(range.high, saturating_add(greater->high, -step));
            }
        }
        if (a.greater.field == id) {
            if (const auto lesser = range_of(a.lesser))
                range.low = std::max(range.low, saturating_add(lesser->low, step));
        }
    }
    // The record breaks an assumption, so the assumptions can't be relied on.
    return range.low > range.high ? all : range;
}

Abstract Fields::value(ir::FieldId id) const {
    switch (state(id)) {
        case value::State::kAbsent: return absent();
        case value::State::kGiven: return surely(given(id));
        case value::State::kUnknown: break;
    }
    Present present = everything(module_, field(id).type);
    if (std::holds_alternative<Range>(present)) present = assumed_range(id);
    return {may_be_absent(id), std::move(present)};
}

}  // namespace keywright::eval::reference
