#include "smt/decode.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string_view>

namespace keywright::smt {

namespace {

using ir::Kind;

constexpr std::uint64_t kLongestText = 1U << 20;

class Decoder {
public:
    Decoder(Builder& builder, const z3::model& model) : builder_(builder), model_(model) {}

    // Whether every value could be read.
    [[nodiscard]] bool good() const { return good_; }

    [[nodiscard]] bool truth(const expr& term) { return model_.eval(term, true).is_true(); }

    [[nodiscard]] value::Nanos number(const expr& term) {
        const auto read = to_number(model_.eval(term, true));
        if (!read) good_ = false;
        return read.value_or(0);
    }

    [[nodiscard]] std::int64_t integer(const expr& term) {
        constexpr value::Nanos kLeast = std::numeric_limits<std::int64_t>::min();
        constexpr value::Nanos kMost = std::numeric_limits<std::int64_t>::max();
        return static_cast<std::int64_t>(std::clamp(number(term), kLeast, kMost));
    }

    [[nodiscard]] value::Network network(const Terms& parts) {
        value::Network out;
        const bool six = truth(parts[0]);
        out.family = six ? 6 : 4;
        out.high = word(parts[1].extract(127, 64));
        out.low = word(parts[1].extract(63, 0));
        const std::uint64_t fixed = word(parts[2]);
        out.prefix = static_cast<std::uint8_t>(six ? fixed : fixed - 96);
        return out;
    }

    [[nodiscard]] value::SecretFacts secret(const Terms& parts) {
        value::SecretFacts out;
        out.length_min = out.length_max = static_cast<std::uint32_t>(integer(parts[0]));
        for (std::size_t i = 1; i < parts.size(); ++i) {
            out.known = static_cast<std::uint8_t>(out.known | 1U << (i - 1));
            if (truth(parts[i])) out.facts = static_cast<std::uint8_t>(out.facts | 1U << (i - 1));
        }
        return out;
    }

    [[nodiscard]] std::string text(const expr& term) {
        const expr value = model_.eval(term, true);
        const auto length = to_number(value.length().simplify());
        if (!value.is_string_value() || !length || *length > value::Nanos{kLongestText}) {
            good_ = false;
            return {};
        }
        std::vector<std::uint32_t> codes;
        std::string_view escaped = Z3_get_string(builder_.context(), value);
        // A backslash of the text and one of an escape look alike, so a text that has any is taken character by
        // character.
        if (escaped.find('\\') == std::string_view::npos) {
            for (const char c : escaped) codes.push_back(static_cast<unsigned char>(c));
            return builder_.alphabet().read(codes);
        }
        for (int i = 0; i < static_cast<int>(*length); ++i) {
            const expr one = value.at(builder_.context().int_val(i)).simplify();
            if (!one.is_string_value()) {
                good_ = false;
                return {};
            }
            codes.push_back(code_of(Z3_get_string(builder_.context(), one)));
        }
        return builder_.alphabet().read(codes);
    }

private:
    [[nodiscard]] std::uint64_t word(const expr& term) {
        std::uint64_t out = 0;
        if (!model_.eval(term, true).is_numeral_u64(out)) good_ = false;
        return out;
    }

    // Of one character: itself, or `\u{2028}`.
    [[nodiscard]] std::uint32_t code_of(std::string_view shown) {
        if (shown.size() == 1) return static_cast<unsigned char>(shown[0]);
        std::uint32_t code = 0;
        if (!shown.starts_with("\\u{") || !shown.ends_with('}') || shown.size() > 9) {
            good_ = false;
            return 0;
        }
        for (const char c : shown.substr(3, shown.size() - 4)) {
            const bool digit = c >= '0' && c <= '9';
            if (!digit && (c < 'a' || c > 'f')) good_ = false;
            code = code * 16 + static_cast<std::uint32_t>(digit ? c - '0' : c - 'a' + 10);
        }
        return code;
    }

    Builder& builder_;
    const z3::model& model_;
    bool good_ = true;
};

// A field that the model says nothing about: a value that every pack knows, the same for each.
void give_any(const ir::Field& field, const Variables::Field& made, bool is_owner, value::Record& record,
              std::size_t i) {
    const ir::Type& type = field.type;
    switch (type.kind) {
        case Kind::kBool: return record.set_bool(i, false);
        case Kind::kInt: return record.set_int(i, std::clamp<std::int64_t>(0, made.min, made.max));
        case Kind::kText: return record.set_text(i, {});
        case Kind::kEnum: {
            auto number = static_cast<std::uint32_t>(std::countr_zero(made.values));
            if (!is_owner) {
                const auto own = std::find(made.numbers.begin(), made.numbers.end(), std::optional{number});
                number = static_cast<std::uint32_t>(own - made.numbers.begin());
            }
            return record.set_enum(i, number);
        }
        case Kind::kNetwork: {
            constexpr std::uint64_t kDocumentation = 0xcb007101;  // 203.0.113.1
            return record.set_network(i, {0, kDocumentation, 32, 4, false});
        }
        case Kind::kInstant: return record.set_instant(i, {});
        case Kind::kDuration: return record.set_duration(i, {});
        case Kind::kSecret: return record.set_secret(i, value::facts_of({}));
        case Kind::kRecord: return record.set_present(i);
        case Kind::kSet: break;
    }
    switch (type.element) {
        case Kind::kEnum: return record.set_enum_set(i, 0);
        case Kind::kNetwork: return record.set_network_set(i, {});
        case Kind::kText: return record.set_text_set(i, {});
        case Kind::kInt:
        case Kind::kBool:
        case Kind::kSet:
        case Kind::kInstant:
        case Kind::kDuration:
        case Kind::kSecret:
        case Kind::kRecord: break;
    }
    record.set_int_set(i, {});
}

void give_set(Decoder& decoder, const ir::Type& type, const Terms& parts, const Variables::Field& made,
              value::Record& record, std::size_t i) {
    if (type.element == Kind::kEnum) {
        std::uint64_t bits = 0;
        for (std::size_t k = 0; k < parts.size(); ++k) {
            if (decoder.truth(parts[k])) bits |= std::uint64_t{1} << k;
        }
        return record.set_enum_set(i, bits);
    }
    value::NetworkSet networks;
    value::TextSet texts;
    value::IntSet ints;
    for (const Entry& entry : made.entries) {
        if (!decoder.truth(entry.in)) continue;
        if (type.element == Kind::kNetwork) {
            networks.push_back(decoder.network(entry.element));
        } else if (type.element == Kind::kText) {
            texts.push_back(decoder.text(entry.element[0]));
        } else {
            ints.push_back(decoder.integer(entry.element[0]));
        }
    }
    if (type.element == Kind::kNetwork) return record.set_network_set(i, networks);
    if (type.element == Kind::kInt) return record.set_int_set(i, ints);
    record.set(i, texts);
}

void give(Decoder& decoder, const ir::Type& type, const Terms& parts, const Variables::Field& made,
          value::Record& record, std::size_t i) {
    switch (type.kind) {
        case Kind::kBool: return record.set_bool(i, decoder.truth(parts[0]));
        case Kind::kInt: return record.set_int(i, decoder.integer(parts[0]));
        case Kind::kText: return record.set_text(i, decoder.text(parts[0]));
        case Kind::kEnum: return record.set_enum(i, static_cast<std::uint32_t>(decoder.integer(parts[0])));
        case Kind::kNetwork: return record.set_network(i, decoder.network(parts));
        case Kind::kInstant: return record.set_instant(i, value::to_instant(decoder.number(parts[0])));
        case Kind::kDuration: return record.set_duration(i, value::to_duration(decoder.number(parts[0])));
        case Kind::kSecret: return record.set_secret(i, decoder.secret(parts));
        case Kind::kRecord: return record.set_present(i);
        case Kind::kSet: return give_set(decoder, type, parts, made, record, i);
    }
}

}  // namespace

std::optional<logic::Witness> decode(Builder& builder, const Variables& variables, const logic::Question& question,
                                     const z3::model& model) {
    Decoder decoder{builder, model};
    logic::Witness witness;
    for (std::uint32_t pack = 0; pack < question.packs.size(); ++pack) {
        const auto& fields = question.packs[pack]->schema.fields;
        value::Record& record = witness.records.emplace_back();
        record.reset(fields.size());
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const Variables::Field& made = variables.made(pack, i);
            const ir::FieldId parent = fields[i].parent;
            const bool inside = !parent.valid() || record.state(parent.index()) == value::State::kGiven;
            const bool given = !made.free || (made.given && decoder.truth(*made.given));
            if (!inside || !given) {
                record.set_absent(i);
            } else if (made.made) {
                give(decoder, fields[i].type, variables.parts(pack, i), made, record, i);
            } else {
                give_any(fields[i], made, pack == made.owner, record, i);
            }
        }
    }
    witness.now = value::to_instant(decoder.number(variables.now()));
    if (!decoder.good()) return std::nullopt;
    return witness;
}

}  // namespace keywright::smt
