#include "support/random_record.h"

#include "input/assume.h"
#include "input/reader.h"
#include "value/network.h"
#include "value/time.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::test {

namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kMiddle = 1'769'817'600;  // 2026-01-31T00:00:00Z

value::Network network(std::string_view text) { return std::get<value::Network>(value::parse_network(text, true)); }

value::Network random_network(Dice& dice, bool masked) {
    static const std::vector<std::string_view> pool{"203.0.113.7", "10.0.0.0/8",  "10.1.0.0/16",
                                                    "0.0.0.0/0",   "128.0.0.0/1", "2001:db8::/32",
                                                    "fd00::1",     "::/0",        "192.168.1.1"};
    if (masked && dice.chance(20)) return network("203.**.154");
    return network(dice.pick(pool));
}

std::string_view random_text(Dice& dice) {
    static const std::vector<std::string_view> pool{"", " ", "a", "abc", "bot", "x1", "\xC3\xA9"};
    return dice.pick(pool);
}

std::int64_t random_int(Dice& dice, const ir::Type& type) {
    const std::vector<std::int64_t> pool{-1, 0, 1, 2, 3, 5, 10, 443, type.min, type.max};
    return std::clamp(dice.pick(pool), type.min, type.max);
}

}  // namespace

Instant random_now(Dice& dice) { return {kMiddle + static_cast<std::int64_t>(dice.below(9)) * kDay, 0}; }

void randomise(Dice& dice, const ir::Module& module, std::size_t field, const RecordShape& shape,
               value::Record& record) {
    const ir::Type& type = module.schema.fields[field].type;
    if (type.optional && dice.chance(shape.absent)) return record.set_absent(field);
    switch (type.kind) {
        case ir::Kind::kBool: return record.set_bool(field, dice.chance(50));
        case ir::Kind::kInt: return record.set_int(field, random_int(dice, type));
        case ir::Kind::kText: return record.set_text(field, random_text(dice));
        case ir::Kind::kEnum:
            return record.set_enum(
                field, static_cast<std::uint32_t>(dice.below(module.enums[type.enumeration.index()].values.size())));
        case ir::Kind::kNetwork: return record.set_network(field, random_network(dice, shape.partly_known));
        case ir::Kind::kInstant:
            return record.set_instant(field, {kMiddle - static_cast<std::int64_t>(dice.below(45)) * kDay +
                                                  static_cast<std::int64_t>(dice.below(10)) * kDay,
                                              0});
        case ir::Kind::kDuration:
            return record.set_duration(field, {static_cast<std::int64_t>(dice.below(40)) * kDay, 0});
        case ir::Kind::kSecret: {
            static const std::vector<std::string_view> pool{"", "abc", "Abc 123", "a***z", "****"};
            const bool open = shape.partly_known && dice.chance(40);
            return record.set_secret(field, open ? value::undisclosed_secret() : value::facts_of(dice.pick(pool)));
        }
        case ir::Kind::kRecord: return record.set_present(field);
        case ir::Kind::kSet: break;
    }
    const std::size_t size = dice.below(4);
    if (type.element == ir::Kind::kEnum) {
        const std::size_t values = module.enums[type.enumeration.index()].values.size();
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < size; ++i) bits |= std::uint64_t{1} << dice.below(values);
        record.set_enum_set(field, bits);
    } else if (type.element == ir::Kind::kNetwork) {
        std::vector<value::Network> values;
        for (std::size_t i = 0; i < size; ++i) values.push_back(random_network(dice, shape.partly_known));
        record.set_network_set(field, values);
    } else if (type.element == ir::Kind::kText) {
        std::vector<std::string_view> values;
        for (std::size_t i = 0; i < size; ++i) values.push_back(random_text(dice));
        record.set_text_set(field, values);
    } else {
        std::vector<std::int64_t> values;
        for (std::size_t i = 0; i < size; ++i) values.push_back(random_int(dice, type));
        record.set_int_set(field, values);
    }
}

bool keeps_assumptions(const ir::Module& module, const value::Record& record, Instant now) {
    std::vector<RecordError> errors;
    input::check_assumptions(module, record, now, errors);
    return errors.empty();
}

void random_record(Dice& dice, const ir::Module& module, Instant now, const RecordShape& shape, value::Record& record) {
    const auto& fields = module.schema.fields;
    do {
        record.reset(fields.size());
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (fields[i].parent.valid()) {
                const value::State around = record.state(fields[i].parent.index());
                if (around == value::State::kAbsent) record.set_absent(i);
                if (around != value::State::kGiven) continue;
            }
            if (!dice.chance(shape.unknown)) randomise(dice, module, i, shape, record);
        }
    } while (!keeps_assumptions(module, record, now));
}

bool complete(Dice& dice, const ir::Module& module, Instant now, value::Record& record) {
    const auto& fields = module.schema.fields;
    // What stands inside a record tells that the record is there.
    for (std::size_t i = fields.size(); i-- > 0;) {
        if (record.state(i) == value::State::kGiven && fields[i].parent.valid())
            record.set_present(fields[i].parent.index());
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (record.state(i) != value::State::kUnknown) continue;
        if (fields[i].parent.valid() && record.state(fields[i].parent.index()) == value::State::kAbsent) {
            record.set_absent(i);
        } else {
            randomise(dice, module, i, {.unknown = 0, .absent = 30, .partly_known = false}, record);
        }
    }
    return keeps_assumptions(module, record, now);
}

}  // namespace keywright::test
